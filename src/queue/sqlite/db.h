/* SPDX-License-Identifier: Apache-2.0
 *
 * The database of a data directory: one connection, statements prepared once,
 * transactions with what is kept in memory beside them.
 *
 * Codes: 0 or a negative enum err_code; where a row is asked for, 1 and 0 say
 * whether there is one. Verbs and what they call also return DB_ANSWERED: the
 * answer holds a problem, nothing more is to be done.
 */
#ifndef QUEUE_SQLITE_DB_H
#define QUEUE_SQLITE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "model/merkle.h"
#include "queue/queue.h"
#include "queue/routing.h"
#include "wire/checkpoint.h"

enum { DB_ANSWERED = 1, DB_VERSION = 1 };

/* What lives in memory and must go back with a rollback. */
struct db_state {
	struct merkle_range tree;    /* right edge of the log */
	int64_t grants;              /* counter of the last lease token */
};

struct db_slot {
	const char *sql;             /* static: the key */
	sqlite3_stmt *stmt;
};

struct db {
	struct queue base;           /* first: callers hold a pointer to it */
	sqlite3 *sql;
	char *dir;
	int lock;
	unsigned char public_key[SIGN_PUBLIC_SIZE], secret_key[SIGN_SECRET_SIZE];
	char origin[CHECKPOINT_NAME_SIZE], vkey[CHECKPOINT_VKEY_SIZE];
	int64_t epoch;
	struct db_state state, before;   /* now; when the transaction began */
	uint64_t noted;              /* size of the newest stored checkpoint */
	int64_t now_ms;              /* time of the running verb */
	char now[CLOCK_TEXT_SIZE];
	bool group;                  /* a group's transaction is open */
	int changes;                 /* of the connection, at the last commit */
	uint64_t generation;
	struct rules **rules;        /* queues in force, read when needed */
	size_t rules_count, rules_cap;
	struct db_slot *slots;       /* hash table by address, size a power of 2 */
	size_t slot_count, slot_size;
};

/* --- statements. types, one letter an argument: s const char * (NULL: null),
 * t const char * and size_t, i int64_t, n int or bool, b const void * and
 * size_t. sql is a string literal. --- */

/* Runs to the end. */
int db_do(struct db *db, struct err *err, const char *sql, const char *types, ...);
/* First row: 1 (read the columns, then db_row() or db_done()), 0, negative. */
int db_first(struct db *db, struct err *err, sqlite3_stmt **s, const char *sql,
             const char *types, ...);
/* The next row. */
int db_row(struct db *db, sqlite3_stmt *s, struct err *err);
/* Ends reading; NULL allowed. */
void db_done(sqlite3_stmt *s);
/* One number: 1 and *out, 0, negative. */
int db_int(struct db *db, struct err *err, int64_t *out, const char *sql,
           const char *types, ...);

/* Columns; text is borrowed until the next row and NULL for null. */
const char *db_text(sqlite3_stmt *s, int column);
char *db_dup(sqlite3_stmt *s, int column);   /* the caller's */
int64_t db_i64(sqlite3_stmt *s, int column);

/* Sets err from the connection's last error: FULL, BUSY (also NOMEM), IO,
 * CORRUPT, else INTERNAL. Returns its code. */
int db_error(struct db *db, struct err *err);

/* --- transactions --- */

/* Sets the time and begins. */
int db_begin(struct db *db, struct err *err);
int db_commit(struct db *db, struct err *err);   /* rolled back where it fails */
void db_rollback(struct db *db);
/* A savepoint inside a verb. */
struct db_mark { struct db_state state; };
int db_mark(struct db *db, struct db_mark *mark, struct err *err);
int db_keep(struct db *db, struct err *err);
void db_back(struct db *db, const struct db_mark *mark);
/* Reads db->state from the database. */
int db_load(struct db *db, struct err *err);

int db_group_begin(struct queue *q, struct err *err);
int db_group_end(struct queue *q, struct err *err);

/* Releases statements and the connection. */
void db_shut(struct db *db);

#endif
