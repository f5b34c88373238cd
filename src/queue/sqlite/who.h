/* SPDX-License-Identifier: Apache-2.0
 *
 * Who calls: read from the token inside the transaction that acts.
 */
#ifndef QUEUE_SQLITE_WHO_H
#define QUEUE_SQLITE_WHO_H

#include <stdbool.h>

#include "model/role.h"
#include "queue/queue.h"
#include "queue/sqlite/db.h"
#include "wire/leaf.h"

struct who_grant {
	char *queue;             /* "": every queue */
	unsigned set;            /* of roles */
};

struct who {
	bool local;              /* the owner of the data directory */
	bool revoked;
	char *name;              /* principal */
	struct who_grant *grants;
	size_t count, cap;
	unsigned all;            /* roles on any queue at all */
	char authority[ROLE_SET_TEXT_SIZE];   /* scratch of who_sign() */
};

/* 0, DB_ANSWERED (401: no token, unknown, or revoked unless revoked_ok), or
 * negative. Clear in every case. */
int who_load(struct db *db, const struct queue_call *call, bool revoked_ok,
             struct who *who, struct queue_answer *answer, struct err *err);
void who_clear(struct who *who);

/* Roles on this queue; of a revoked token those it had. */
unsigned who_set(const struct who *who, const char *queue);
bool who_may(const struct who *who, const char *queue, enum role_verb v, int stage);
/* On some queue. */
bool who_may_somewhere(const struct who *who, enum role_verb v);
/* 0, or DB_ANSWERED with 403. queue NULL: on some queue. */
int who_demand(const struct who *who, const char *queue, enum role_verb v, int stage,
               struct queue_answer *answer);

/* Fills actor, role and authority of a leaf, and its queue. */
void who_sign(struct who *who, const char *queue, enum role_verb v, int stage,
              struct leaf *leaf);
/* Stages on which this person may do v in the queue, as SQL list of names for
 * json_each: ["first","second"]. Returns out. */
enum { WHO_STAGES_SIZE = 64 };
const char *who_stages(const struct who *who, const char *queue, enum role_verb v,
                       char out[WHO_STAGES_SIZE]);

#endif
