/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/db.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "queue/sqlite/tlog.h"

int db_error(struct db *db, struct err *err)
{
	switch (sqlite3_errcode(db->sql) & 0xff) {
	case SQLITE_FULL:
		return err_set(err, ERR_FULL, N_("no space is left for the server's data"));
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_NOMEM:
		return err_set(err, ERR_BUSY, N_("the server's database is busy: %s"),
		               sqlite3_errmsg(db->sql));
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
		return err_set(err, ERR_IO, N_("the server's database cannot be used: %s"),
		               sqlite3_errmsg(db->sql));
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err, ERR_CORRUPT, N_("the server's database is damaged: %s"),
		               sqlite3_errmsg(db->sql));
	default:
		return err_set(err, ERR_INTERNAL, N_("the server's database refused: %s"),
		               sqlite3_errmsg(db->sql));
	}
}

static struct db_slot *slot_of(struct db_slot *slots, size_t size, const char *sql)
{
	size_t at = ((uintptr_t)sql >> 3) * 0x9e3779b1u & (size - 1);

	while (slots[at].sql && slots[at].sql != sql)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static void grow(struct db *db)
{
	size_t size = db->slot_size ? db->slot_size * 2 : 256;
	struct db_slot *slots = mem_zalloc(size * sizeof *slots);

	for (size_t i = 0; i < db->slot_size; i++)
		if (db->slots[i].sql)
			*slot_of(slots, size, db->slots[i].sql) = db->slots[i];
	free(db->slots);
	db->slots = slots;
	db->slot_size = size;
}

static int statement(struct db *db, const char *sql, sqlite3_stmt **s, struct err *err)
{
	struct db_slot *slot;

	if (db->slot_count * 2 >= db->slot_size)
		grow(db);
	slot = slot_of(db->slots, db->slot_size, sql);
	if (!slot->sql) {
		if (sqlite3_prepare_v3(db->sql, sql, -1, SQLITE_PREPARE_PERSISTENT,
		                       &slot->stmt, NULL) != SQLITE_OK)
			return db_error(db, err);
		slot->sql = sql;
		db->slot_count++;
	}
	assert(!sqlite3_stmt_busy(slot->stmt));
	*s = slot->stmt;
	return 0;
}

static void bind(sqlite3_stmt *s, const char *types, va_list ap)
{
	assert((int)strlen(types) == sqlite3_bind_parameter_count(s));
	for (int n = 1; *types; types++, n++) {
		const void *p;

		switch (*types) {
		case 's':
			sqlite3_bind_text(s, n, va_arg(ap, const char *), -1, SQLITE_STATIC);
			break;
		case 't':
			p = va_arg(ap, const void *);
			sqlite3_bind_text64(s, n, p, va_arg(ap, size_t), SQLITE_STATIC,
			                    SQLITE_UTF8);
			break;
		case 'i':
			sqlite3_bind_int64(s, n, va_arg(ap, int64_t));
			break;
		case 'n':
			sqlite3_bind_int64(s, n, va_arg(ap, int));
			break;
		case 'b':
			p = va_arg(ap, const void *);
			sqlite3_bind_blob64(s, n, p, va_arg(ap, size_t), SQLITE_STATIC);
			break;
		default:
			assert(!"unknown type of a bound value");
		}
	}
}

int db_row(struct db *db, sqlite3_stmt *s, struct err *err)
{
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		return 1;
	rc = rc == SQLITE_DONE ? 0 : db_error(db, err);
	db_done(s);
	return rc;
}

void db_done(sqlite3_stmt *s)
{
	if (s) {
		sqlite3_reset(s);
		sqlite3_clear_bindings(s);
	}
}

int db_do(struct db *db, struct err *err, const char *sql, const char *types, ...)
{
	sqlite3_stmt *s;
	va_list ap;
	int rc = statement(db, sql, &s, err);

	if (rc)
		return rc;
	va_start(ap, types);
	bind(s, types, ap);
	va_end(ap);
	do
		rc = db_row(db, s, err);
	while (rc > 0);
	return rc;
}

int db_first(struct db *db, struct err *err, sqlite3_stmt **s, const char *sql,
             const char *types, ...)
{
	va_list ap;
	int rc = statement(db, sql, s, err);

	if (rc)
		return rc;
	va_start(ap, types);
	bind(*s, types, ap);
	va_end(ap);
	return db_row(db, *s, err);
}

int db_int(struct db *db, struct err *err, int64_t *out, const char *sql,
           const char *types, ...)
{
	sqlite3_stmt *s;
	va_list ap;
	int rc = statement(db, sql, &s, err);

	if (rc)
		return rc;
	va_start(ap, types);
	bind(s, types, ap);
	va_end(ap);
	rc = db_row(db, s, err);
	if (rc > 0) {
		*out = sqlite3_column_int64(s, 0);
		db_done(s);
	}
	return rc;
}

const char *db_text(sqlite3_stmt *s, int column)
{
	return (const char *)sqlite3_column_text(s, column);
}

char *db_dup(sqlite3_stmt *s, int column)
{
	return mem_strdup(db_text(s, column));
}

int64_t db_i64(sqlite3_stmt *s, int column)
{
	return sqlite3_column_int64(s, column);
}

/* ------------------------------------------------------------- transactions */

int db_begin(struct db *db, struct err *err)
{
	db->now_ms = clock_now_ms();
	clock_text(db->now_ms, db->now);
	db->before = db->state;
	return db_do(db, err, "BEGIN IMMEDIATE", "");
}

/* The counter of grants is written once a transaction, not once a grant. */
static int write_state(struct db *db, struct err *err)
{
	int rc = db_do(db, err, "UPDATE meta SET value=?1 WHERE key='grants' AND value<>?1",
	               "i", db->state.grants);

	return rc ? rc : tlog_seal(db, err);
}

int db_commit(struct db *db, struct err *err)
{
	int rc = write_state(db, err), total;

	if (!rc) {
		crash_point("queue.commit.before");
		rc = db_do(db, err, "COMMIT", "");
	}
	if (rc) {
		db_rollback(db);
		return rc;
	}
	crash_point("queue.commit.after");
	total = sqlite3_total_changes(db->sql);
	if (total != db->changes)
		db->generation++;
	db->changes = total;
	db->noted = db->state.tree.size;
	return 0;
}

void db_rollback(struct db *db)
{
	/* After some errors SQLite has left the transaction by itself. */
	if (!sqlite3_get_autocommit(db->sql))
		db_do(db, NULL, "ROLLBACK", "");
	db->changes = sqlite3_total_changes(db->sql);
	db->state = db->before;
}

int db_mark(struct db *db, struct db_mark *mark, struct err *err)
{
	mark->state = db->state;
	return db_do(db, err, "SAVEPOINT mark", "");
}

int db_keep(struct db *db, struct err *err)
{
	return db_do(db, err, "RELEASE mark", "");
}

void db_back(struct db *db, const struct db_mark *mark)
{
	if (!sqlite3_get_autocommit(db->sql)) {
		db_do(db, NULL, "ROLLBACK TO mark", "");
		db_do(db, NULL, "RELEASE mark", "");
	}
	db->state = mark->state;
}

int db_load(struct db *db, struct err *err)
{
	int64_t grants = 0;
	int rc = db_int(db, err, &grants, "SELECT value FROM meta WHERE key='grants'", "");

	if (rc < 0)
		return rc;
	db->state.grants = grants;
	rc = tlog_load(db, err);
	db->noted = db->state.tree.size;
	return rc;
}

int db_group_begin(struct queue *q, struct err *err)
{
	struct db *db = (struct db *)q;
	int rc = db_begin(db, err);

	db->group = rc == 0;
	return rc;
}

int db_group_end(struct queue *q, struct err *err)
{
	struct db *db = (struct db *)q;

	db->group = false;
	if (sqlite3_get_autocommit(db->sql)) {
		db_rollback(db);
		return err_set(err, ERR_BUSY, N_("the server's database gave up; nothing was changed"));
	}
	return db_commit(db, err);
}

void db_shut(struct db *db)
{
	for (size_t i = 0; i < db->slot_size; i++)
		sqlite3_finalize(db->slots[i].stmt);
	free(db->slots);
	sqlite3_close(db->sql);
}
