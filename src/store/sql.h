/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the room: the connection, prepared statements, transactions and the
 * bookkeeping that belongs to a transaction (topics, kept counts).
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <sqlite3.h>

#include "store/block.h"
#include "store/command.h"

enum { SQL_STATEMENTS = 256 };   /* a power of two, above the number of texts */

/* Pending changes of one queue's kept counts. */
struct sql_tally {
	int64_t queue;
	int64_t opened, held, leased, decided, escalations, samples;
};

struct sql_queue {           /* names of the table queue, in memory */
	int64_t id, pass;
	char *name;
};

struct store {
	sqlite3 *db;
	char *dir;
	int lock_fd;             /* -1: a reader */
	bool reader;
	bool broken;             /* a sync failed: what is on the disk is unknown */
	char device[ID_SIZE];

	struct {
		const char *text;
		sqlite3_stmt *stmt;
	} statements[SQL_STATEMENTS];
	size_t statement_count;

	int depth;               /* nested transactions */
	bool light;              /* synchronous is NORMAL at the moment */
	struct err failure;      /* the first failure inside store_begin() */
	unsigned dirty;          /* topics touched by this transaction */
	uint64_t generation[STORE_TOPICS];
	struct sql_tally *tallies;
	size_t tally_count, tally_cap;
	struct sql_queue *queues;
	size_t queue_count, queue_cap;
	bool queues_known;

	int wal_pages;           /* in the write-ahead log, not moved yet */
	int64_t written_boot_ms; /* last commit */
	int64_t pruned_boot_ms;  /* when idle last removed old things */
	struct store_key sweep;  /* where store_mirror_sweep() goes on */
	struct {                 /* counts that are too dear to ask for each time */
		bool in_log_known;
		int64_t in_log;
		int64_t midnight_ms, today, upto;   /* decisions of today with n <= upto */
	} kept;
};

/* --- statements ------------------------------------------------------------ */

/* The prepared form of a static text. */
int sql_get(struct store *s, const char *text, sqlite3_stmt **out, struct err *err);
/* 1: a row stands; 0: none (and the statement is reset); negative: error. */
int sql_step(struct store *s, sqlite3_stmt *st, struct err *err);
/* Runs to the end and resets. Returns 0 or negative. */
int sql_run(struct store *s, sqlite3_stmt *st, struct err *err);
void sql_reset(sqlite3_stmt *st);
/* Rows changed by the last sql_run(). */
int sql_changes(struct store *s);
/* Texts without parameters or rows. */
int sql_exec(struct store *s, const char *text, struct err *err);
/* Turns the connection's standing error into an err. */
int sql_error(struct store *s, int rc, struct err *err);

/* Binds in order: s text (NULL: null), i int64, d int, b (bytes, size_t), r id of
 * the table header. The texts must live until the statement is reset. */
void sql_bind(sqlite3_stmt *st, const char *types, ...);
/* sql_get, bind, run. */
int sql_do(struct store *s, struct err *err, const char *text, const char *types, ...);

const char *sql_text(sqlite3_stmt *st, int column);      /* "" for null; until reset */
const char *sql_copy(sqlite3_stmt *st, int column, struct block *b);  /* or NULL */
void sql_fixed(sqlite3_stmt *st, int column, char *out, size_t size);
void sql_id(sqlite3_stmt *st, int column, char out[ID_SIZE]);  /* of table header */
int64_t sql_int(sqlite3_stmt *st, int column);
/* One number, or def where there is no row. */
int sql_number(struct store *s, int64_t def, int64_t *out, struct err *err,
               const char *text, const char *types, ...);

/* --- transactions ----------------------------------------------------------- */

enum sql_sync { SQL_FULL, SQL_LIGHT };

int sql_begin(struct store *s, enum sql_sync sync, struct err *err);
/* rc: how the work went. Commits where it is 0, undoes otherwise. crash: name
 * before and after a commit ("store.decide"), or NULL. */
int sql_end(struct store *s, int rc, const char *before, const char *after,
            struct err *err);
void sql_dirty(struct store *s, enum store_topic topic);

/* The rows counted in kept changed other than by a new act. */
void sql_recount(struct store *s);

/* Settled dispositions have this in act.state: no index needs to hold them. */
enum { SQL_STATE_DONE = STORE_STATES };

/* --- kept counts, marks ------------------------------------------------------ */

/* Adds sign (+1, -1) times a header with these properties. */
void sql_tally(struct store *s, int64_t queue, int sign, int stage, bool held, int mine);
/* Row of the table queue; 0 where there is none. */
int sql_queue(struct store *s, const char *name, int64_t *id, int64_t *pass,
              struct err *err);
void sql_forget_queues(struct store *s);
/* Marks the header of a review, if the mirror has it. */
int sql_mark(struct store *s, const char *review, enum store_mine mine, struct err *err);
/* Bytes under a key of the table document. */
int sql_document(struct store *s, const char *key, const char *bytes, size_t len,
                 struct err *err);
int sql_log(struct store *s, int64_t at_ms, const char *event, const char *review,
            const char *subject, const char *external_id, const char *text,
            struct err *err);

#endif
