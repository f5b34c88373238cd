/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps that a first document and a new revision have in common.
 */
#ifndef QUEUE_SQLITE_VERB_INTAKE_H
#define QUEUE_SQLITE_VERB_INTAKE_H

#include "queue/routing.h"
#include "queue/sqlite/verb/verb.h"
#include "wire/leaf.h"

/* A document that has been read. */
struct intake {
	const char *bytes;               /* as sent; borrowed */
	size_t len;
	struct proposal *proposal;       /* owned */
	const struct rules *rules;       /* borrowed */
	char body_digest[HASH_TEXT_SIZE];/* unsalted: tells duplicates */
	char salt[SALT_TEXT_SIZE], digest[HASH_TEXT_SIZE];
};

/* Reads and checks it, finds its queue and salts it. 0, DB_ANSWERED, negative;
 * clear in every case. */
int intake_read(struct db *db, const char *bytes, size_t len, struct intake *in,
                struct queue_answer *answer, struct err *err);
void intake_clear(struct intake *in);
int intake_route(struct db *db, const struct intake *in, struct routing *out, struct err *err);
int intake_store_revision(struct db *db, const struct row_proposal *p, const struct intake *in,
                          const struct routing *r, const char *event, struct err *err);
int intake_leaf(struct db *db, struct who *who, enum leaf_type type,
                const struct row_proposal *p, const struct intake *in,
                const struct routing *r, const char *event, const char *state,
                struct err *err);
/* Opens the review that the route asks for (kept for named_to, or NULL), or
 * answers at once. */
int intake_follow(struct db *db, struct row_proposal *p, const struct intake *in,
                  const struct routing *r, const char *named_to, struct err *err);
/* What the producer is told; *out is the caller's. */
int intake_answer(struct db *db, const char *id, bool duplicate, struct value **out,
                  struct err *err);

#endif
