/* SPDX-License-Identifier: Apache-2.0
 *
 * The verbs of this engine, one function each, run inside a transaction that
 * the caller commits where 0 is returned with a status below 400, and rolls
 * back where DB_ANSWERED (a problem) or a negative code is.
 */
#ifndef QUEUE_SQLITE_VERB_VERB_H
#define QUEUE_SQLITE_VERB_VERB_H

#include "queue/answer.h"
#include "queue/sqlite/db.h"
#include "queue/sqlite/rows.h"
#include "queue/sqlite/who.h"

typedef int verb_fn(struct db *db, const struct queue_call *call,
                    struct queue_answer *answer, struct err *err);

/* Runs fn in a transaction of its own, or in a savepoint of a group's. */
int verb_run(struct db *db, verb_fn *fn, const struct queue_call *call,
             struct queue_answer *answer);

verb_fn verb_submit, verb_submit_batch, verb_get_proposal, verb_withdraw, verb_consume,
	verb_revise, verb_results, verb_get_blob, verb_queues, verb_definition, verb_reviews,
	verb_leases, verb_reveal, verb_release_lease, verb_decisions, verb_changes,
	verb_feedback, verb_log_checkpoint, verb_log_entries, verb_log_proof,
	verb_log_contents, verb_log_rows, verb_health, verb_load, verb_token_add,
	verb_token_revoke, verb_token_list;

struct queue_blob *verb_blob_begin(struct queue *q, const struct queue_call *call,
                                   struct queue_answer *answer);
int verb_blob_commit(struct queue *q, const struct queue_call *call,
                     struct queue_blob *blob, struct queue_answer *answer);
int verb_tick(struct queue *q, int64_t *next_ms, struct err *err);

#endif
