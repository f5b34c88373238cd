/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of proposal, revision and review as structs. Every char * is owned.
 */
#ifndef QUEUE_SQLITE_ROWS_H
#define QUEUE_SQLITE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "model/decision.h"
#include "model/proposal.h"
#include "model/review.h"
#include "model/states.h"
#include "queue/sqlite/db.h"

struct row_proposal {
	int64_t n;
	char id[ID_SIZE];
	char *producer, *queue, *external_id;
	char *case_id, *title;           /* or NULL */
	enum kind kind;
	enum safety_class safety_class;
	int64_t revision;
	char state[STATES_WORD_SIZE];
	char *route;
	int people;
	int64_t received_ms, due_ms, expires_ms;
	bool suspend;
	int64_t result_number;
	char *released_by;               /* or NULL */
};

struct row_revision {
	int64_t number;
	char digest[HASH_TEXT_SIZE];
	char *salt, *document;           /* NULL: erased */
	size_t len;
	char definition[HASH_TEXT_SIZE], policy[HASH_TEXT_SIZE], guide[HASH_TEXT_SIZE];
	char *route, *rule, *reasons, *asked;   /* the last two JSON */
	int confidence_pm;
};

struct row_review {
	int64_t n;
	char id[ID_SIZE], proposal[ID_SIZE];
	int64_t revision;
	char *queue;
	enum stage stage;
	char *state;                     /* open, decided, closed */
	int64_t order_key;
	char *external_id, *case_id, *producer;   /* case_id or NULL */
	enum kind kind;
	enum safety_class safety_class;
	int confidence_pm;
	int64_t received_ms, due_ms;
	enum view_kind view;
	char *probability;
	char *about, *named_to, *route, *decision, *holder, *device, *own;   /* or NULL */
	int64_t named_ms, token, expires_ms;
	bool offline;
};

/* Each: 1 and *out (to be cleared), 0 where there is none, or negative. */
int row_proposal_get(struct db *db, const char *id, struct row_proposal *out, struct err *err);
int row_revision_get(struct db *db, const char *proposal, int64_t number,
                     struct row_revision *out, struct err *err);
int row_review_get(struct db *db, const char *id, struct row_review *out, struct err *err);
void row_proposal_clear(struct row_proposal *r);
void row_revision_clear(struct row_revision *r);
void row_review_clear(struct row_review *r);

/* The columns of a review, in the order row_review_read() expects, as R.…; a
 * SELECT names the table R. */
#define ROW_REVIEW_COLUMNS \
	"R.n,R.id,R.proposal,R.revision,R.queue,R.stage,R.state,R.order_key,R.external_id," \
	"R.case_id,R.producer,R.kind,R.class,R.confidence,R.received_ms,R.due_ms,R.view," \
	"R.probability,R.about,R.named_to,R.named_ms,R.route,R.decision,R.holder,R.device," \
	"R.token,R.expires_ms,R.offline,R.own"
enum { ROW_REVIEW_COUNT = 29 };
void row_review_read(sqlite3_stmt *s, struct row_review *out);

/* The proposal document of a revision, parsed. ERR_NOT_FOUND: erased. */
int row_revision_parse(const struct row_revision *r, struct proposal **out, struct err *err);

/* A JSON document kept as text. ERR_CORRUPT. */
int row_json(const char *text, struct value **out, struct err *err);

#endif
