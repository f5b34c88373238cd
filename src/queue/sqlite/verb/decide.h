/* SPDX-License-Identifier: Apache-2.0
 *
 * One decision on its way from the facts to the effects.
 */
#ifndef QUEUE_SQLITE_VERB_DECIDE_H
#define QUEUE_SQLITE_VERB_DECIDE_H

#include "queue/sqlite/results.h"
#include "queue/sqlite/verb/verb.h"

struct judging {
	struct who *who;
	const struct value *doc;         /* as it came, content included */
	const char *id;
	const char *device;              /* of the document, where it is an id; or NULL */
	int64_t seq;                     /* of the document, or 0 */
	struct decision *decision;       /* NULL: malformed */
	char envelope_digest[HASH_TEXT_SIZE], identity[HASH_TEXT_SIZE];
	struct schema_faults faults;     /* form, schema, blind */

	bool found;                      /* the review exists; else the next are empty */
	struct row_review review;
	struct row_proposal proposal;
	struct row_revision revision;    /* of the review */
	const struct rules *rules;
	struct proposal *parsed;         /* NULL: erased */
	struct value *answer;            /* what would leave, or NULL */
	struct value *departures;
	char own[HASH_TEXT_SIZE];        /* the author's own answer; empty: none */
	int64_t amended_n;               /* row of the amended decision, or 0 */

	enum verdict verdict;
	bool late;
	int64_t leaf;
};

/* What follows from an accepted decision. */
struct effects {
	struct states_effect next;
	bool has_result;
	struct result_new result;
	int64_t previous;                /* number of an earlier delivered result, or 0 */
	struct value *rows;              /* feedback */
	char feedback[HASH_TEXT_SIZE];   /* digest of the rows; empty: none */
};

/* Works out what follows, before the leaf is written; clear e in every case.
 * ERR_CONFLICT: the state table knows no such move. */
int effects_plan(struct db *db, struct judging *j, struct effects *e, struct err *err);
/* Makes it so, after the leaf. */
int effects_apply(struct db *db, struct judging *j, struct effects *e, struct err *err);
void effects_clear(struct effects *e);

/* Appends the leaf (j->leaf is its index) and stores the row with it. */
int record_decision(struct db *db, struct judging *j, const struct effects *e,
                    struct err *err);
/* The change that tells its author. */
int record_tell(struct db *db, const struct judging *j, const struct effects *e,
                struct err *err);

#endif
