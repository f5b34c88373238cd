/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening and closing reviews, and telling the desks.
 */
#ifndef QUEUE_SQLITE_REVIEWS_H
#define QUEUE_SQLITE_REVIEWS_H

#include "model/review.h"
#include "queue/routing.h"
#include "queue/sqlite/db.h"
#include "queue/sqlite/rows.h"

/* What the new review is about besides its proposal. */
struct reviews_new {
	enum stage stage;
	int confidence_pm;
	const char *probability; /* of a sample; NULL: "1" */
	const char *about;       /* decision, or NULL */
	const char *named_to;    /* person, or NULL */
	const char *route;       /* of an escalation, or NULL */
};

/* SQL: may person ?1 work on review R? Not what they produced; not a second
 * opinion on a revision they decided, except a review kept for them by name. */
#define REVIEWS_FOUR_EYES \
	"R.producer<>?1 AND (R.named_to=?1 OR NOT EXISTS(SELECT 1 FROM decision d" \
	" WHERE d.proposal=R.proposal AND d.principal=?1 AND d.revision=R.revision" \
	" AND d.review<>R.id AND d.verdict='accepted'))"

/* The view in which a stage of a proposal is shown. */
enum view_kind reviews_view(const struct rules *rules, enum stage stage, int people);

int reviews_open(struct db *db, const struct row_proposal *p, const struct reviews_new *want,
                 struct err *err);
/* Closes every open review of the proposal (about not NULL: only those that
 * this decision opened; but: except this review, or NULL). Their leases end. */
int reviews_close(struct db *db, const char *proposal, const char *about, const char *but,
                  struct err *err);
/* Marks one as decided by this decision; its lease ends. */
int reviews_decided(struct db *db, const struct row_review *r, const char *decision,
                    struct err *err);

/* A line of the list; state: of its proposal. Borrows from r: do not clear. */
void reviews_header(const struct db *db, const struct row_review *r, const char *state,
                    struct review_header *out);

/* One change row. principal NULL: for everyone who may see the stage (NULL: the
 * queue). body: JSON object text of more members, or NULL. */
int reviews_tell(struct db *db, const char *type, const char *queue, const char *stage,
                 const char *principal, const char *subject, const char *body,
                 struct err *err);

#endif
