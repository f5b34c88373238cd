/* SPDX-License-Identifier: Apache-2.0
 *
 * The audit log inside the database: leaves, tree nodes, signed checkpoints.
 */
#ifndef QUEUE_SQLITE_TLOG_H
#define QUEUE_SQLITE_TLOG_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "queue/sqlite/db.h"
#include "wire/leaf.h"

/* Appends a leaf with the verb's time as server time; *index (NULL allowed) is
 * its place in the tree. */
int tlog_append(struct db *db, struct leaf *leaf, int64_t *index, struct err *err);
/* The signed checkpoint of the log as it stands in this transaction. */
void tlog_note(const struct db *db, struct buf *out);
/* Stores that checkpoint unless it is stored already. */
int tlog_seal(struct db *db, struct err *err);
/* Reads the right edge of the tree. */
int tlog_load(struct db *db, struct err *err);
/* merkle_read_fn; ctx is the struct db. */
int tlog_node(void *ctx, unsigned level, uint64_t index, unsigned char out[HASH_SIZE],
              struct err *err);

#endif
