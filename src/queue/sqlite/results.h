/* SPDX-License-Identifier: Apache-2.0
 *
 * Results: what a producer gets, numbered from 1 a proposal.
 */
#ifndef QUEUE_SQLITE_RESULTS_H
#define QUEUE_SQLITE_RESULTS_H

#include "model/value.h"
#include "queue/sqlite/db.h"
#include "queue/sqlite/rows.h"

/* A result on its way into the database: its digest is in the leaf that stands
 * before it. */
struct result_new {
	int64_t number;
	char state[STATES_WORD_SIZE];
	bool changed;
	const char *decision;            /* borrowed, or NULL: made by the server */
	char digest[HASH_TEXT_SIZE], salt[SALT_TEXT_SIZE];
	char *document;                  /* owned */
	char *edited;                    /* owned: names, JSON array */
};

/* Gives it the next number, a salt and its digest. value (NULL: none) and edited
 * (array of names, or NULL) are borrowed. */
int results_prepare(struct db *db, const char *proposal, const char *state,
                    const struct value *value, const char *message,
                    const struct value *edited, const char *decision,
                    struct result_new *out, struct err *err);
void results_clear(struct result_new *r);
/* {"number","digest","state","changed"}: what its leaf says of it; the caller's. */
struct value *results_leaf_data(const struct result_new *r);
int results_store(struct db *db, const struct row_proposal *p, const struct result_new *r,
                  int64_t leaf, struct err *err);

/* A result the server makes itself, with its leaf of type result: auto_accepted
 * (value: the proposed answer), rejected by a rule, expired (NULL). data: more
 * members for the leaf, stolen, or NULL. Sets p->state and result_number, in
 * the database too. */
int results_server(struct db *db, struct row_proposal *p, const struct row_revision *rev,
                   const char *state, const struct value *value, const char *message,
                   struct value *data, struct err *err);

/* Number of the result in force, or 0. */
int64_t results_current(const struct row_proposal *p);
/* Writes p->state and p->result_number. */
int results_state(struct db *db, struct row_proposal *p, const char *state,
                  int64_t result_number, struct err *err);

/* What a producer sees of a proposal: {id,external_id,queue,revision,state,
 * digest,expires_at,consumed,result}; number 0: without a result. *out is the
 * caller's. */
int results_view(struct db *db, const struct row_proposal *p, int64_t number,
                 struct value **out, struct err *err);
/* The result was handed to the producer (once is enough). */
int results_delivered(struct db *db, const char *proposal, int64_t number, struct err *err);

#endif
