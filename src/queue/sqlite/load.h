/* SPDX-License-Identifier: Apache-2.0
 *
 * Queues in force, compiled once and kept until one is loaded anew.
 */
#ifndef QUEUE_SQLITE_LOAD_H
#define QUEUE_SQLITE_LOAD_H

#include "queue/routing.h"
#include "queue/sqlite/db.h"

/* 1 and *out (borrowed until a queue is loaded), 0: no such queue, negative. */
int load_find(struct db *db, const char *queue, const struct rules **out, struct err *err);
/* Drops what is kept. */
void load_forget(struct db *db);

#endif
