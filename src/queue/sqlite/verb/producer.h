/* SPDX-License-Identifier: Apache-2.0
 *
 * What the calls about one's own proposal have in common.
 */
#ifndef QUEUE_SQLITE_VERB_PRODUCER_H
#define QUEUE_SQLITE_VERB_PRODUCER_H

#include "queue/sqlite/verb/verb.h"

/* The proposal of the call, expired where its time is over. 0, DB_ANSWERED (not
 * the caller's, or no role), negative; clear p in every case. */
int producer_own(struct db *db, const struct who *who, const struct queue_call *call,
                 enum role_verb verb, struct row_proposal *p, struct queue_answer *answer,
                 struct err *err);
/* Calls with an id of their own: records it, or says that it is known. 0,
 * DB_ANSWERED (no id, or used for something else), negative. */
int producer_event(struct db *db, const struct queue_call *call, const char *verb,
                   const char *proposal, bool *known, struct queue_answer *answer,
                   struct err *err);

#endif
