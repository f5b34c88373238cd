/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk's local database: one directory, one owning process, one
 * connection. Reads are in store/query.h, writes in store/command.h; what a
 * table means and which state follows which is in src/store/README.
 *
 * Rules of the house for both headers:
 *  - Every call is one transaction, unless it stands inside store_begin() …
 *    store_end(). Calls that record what a person did (decide, undo, release,
 *    dispose) are on the disk when they return (synchronous=FULL); the mirror
 *    of the server, drafts and marks are safe against the death of the
 *    process, and a loss of power may take the last of them.
 *  - Instants ending in _ms are wall clock, ms UTC, 0: none; _boot_ms are of
 *    clock_boot_ms().
 *  - Lists and rows come as one block that one call frees; their strings and
 *    arrays live in the block.
 *  - Errors worth branching on: ERR_FULL (no space left: nothing was changed,
 *    the same call works once there is room), ERR_CONFLICT, ERR_NOT_FOUND.
 *  - A store belongs to one thread.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;

/* Opens (and makes, 0700) the directory, becomes its only owner until
 * store_close(), brings the tables up to this version, and ends every undo
 * hold of an earlier process (it becomes sendable).
 * ERR_BUSY: another process owns it (its process id is argument 1);
 * ERR_NEWER: written by a newer version; ERR_DENIED: not this user's, or
 * others can write it; ERR_CORRUPT: not a store, or damaged. */
int store_open(const char *dir, struct store **out, struct err *err);
/* Opens for reading only, beside an owner (`countersign status` next to an
 * open desk): no lock, no migration, every command fails with ERR_DENIED.
 * ERR_NOT_FOUND: there is no store; ERR_NEWER; ERR_UNSUPPORTED: older than
 * this version, its owner must migrate it first. */
int store_open_reader(const char *dir, struct store **out, struct err *err);
void store_close(struct store *s);   /* NULL allowed; checkpoints the owner's */
const char *store_dir(const struct store *s);

/* What changed: the counter of a topic moves with every commit that touched
 * it, so a view is rebuilt only when the counters of its topics moved. */
enum store_topic {
	STORE_TOPIC_HEADERS,      /* the mirrored list and its counts */
	STORE_TOPIC_QUEUES,       /* queues, definitions */
	STORE_TOPIC_LEASES,       /* what this desk holds, drafts */
	STORE_TOPIC_OUTBOX,       /* decisions, dispositions, their states */
	STORE_TOPIC_LOG,          /* the local log */
	STORE_TOPIC_SYNC,         /* cursors, checkpoint, facts about the server */
	STORE_TOPIC_PREFERENCES
};
enum { STORE_TOPICS = STORE_TOPIC_PREFERENCES + 1 };

uint64_t store_generation(const struct store *s, enum store_topic topic);
/* Sum of all: moves with every commit. */
uint64_t store_generation_all(const struct store *s);

/* Call when nothing else waits (no key, no slice of sync): moves the
 * write-ahead log into the database once it is worth it, and removes a
 * little of what is no longer kept. At most one pass over the log. */
void store_idle(struct store *s);

/* The device id this store sends with. Changes only with
 * store_device_renew(). */
const char *store_device(const struct store *s);

#endif
