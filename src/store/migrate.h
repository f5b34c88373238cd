/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the room: brings the tables of a database to the newest version.
 * user_version counts the scripts that have run; each script and its count
 * commit together, so a killed upgrade goes on where it stopped.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <sqlite3.h>

#include "base/err.h"

/* "csst": tells a store from any other SQLite database. */
enum { MIGRATE_APPLICATION_ID = 0x63737374 };

struct migrate_step {
	const char *name, *sql;
};

/* The scripts built into this program, in order; the list ends with NULL. */
const struct migrate_step *migrate_steps(void);
int migrate_count(const struct migrate_step *steps);
/* Version of this database, or negative. ERR_CORRUPT: not a store. */
int migrate_version(sqlite3 *db, const char *name, struct err *err);
/* Runs the steps that are missing. Before the first change to a store that
 * holds data a copy is written to backup (replaced where there is one);
 * backup NULL: none. ERR_NEWER, ERR_CORRUPT, ERR_FULL, ERR_IO. */
int migrate_run(sqlite3 *db, const char *name, const struct migrate_step *steps,
                const char *backup, struct err *err);

#endif
