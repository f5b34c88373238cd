/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"

/* --- errors ------------------------------------------------------------------ */

/* What the operating system said last about the write-ahead log: all writing
 * goes there, and sqlite3_system_errno() asks the database file only. */
static int log_errno(struct store *s)
{
	sqlite3_file *log = NULL;
	int os = 0;

	if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK
	    && log && log->pMethods)
		log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &os);
	return os;
}

/* The library maps a full disk to SQLITE_FULL itself, but not a quota nor the
 * limit of a file's size. */
static bool no_space(struct store *s, int rc)
{
	int os = rc == SQLITE_IOERR ? log_errno(s) : 0;

	return rc == SQLITE_FULL || os == ENOSPC || os == EDQUOT || os == EFBIG;
}

static bool sync_failed(int extended)
{
	return extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC;
}

int sql_error(struct store *s, int rc, struct err *err)
{
	int extended = sqlite3_extended_errcode(s->db);

	rc &= 0xff;
	if (sync_failed(extended)) {
		/* The kernel may have dropped the pages and will call the next
		 * sync a success: nothing may be promised on this connection. */
		s->broken = true;
		return err_set(err, ERR_IO, N_("the disk failed while saving; close Countersign and "
		                               "look at the disk before you go on (%s)"),
		               strerror(log_errno(s)));
	}
	if (no_space(s, rc))
		return err_set(err, ERR_FULL, N_("no space left for the store %s; nothing was "
		                                 "recorded: free some and do it again"), s->dir);
	switch (rc) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_BUSY, N_("the store %s is busy"), s->dir);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err, ERR_CORRUPT, N_("the store %s is damaged: %s"), s->dir,
		               sqlite3_errmsg(s->db));
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return err_set(err, ERR_DENIED, N_("the store %s may not be written: %s"), s->dir,
		               sqlite3_errmsg(s->db));
	case SQLITE_CONSTRAINT:
		return err_set(err, ERR_EXISTS, N_("the store %s has this already: %s"), s->dir,
		               sqlite3_errmsg(s->db));
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return err_set(err, ERR_IO, N_("the store %s cannot be used: %s"), s->dir,
		               sqlite3_errmsg(s->db));
	default:
		return err_set(err, ERR_INTERNAL, N_("the store %s: %s"), s->dir,
		               sqlite3_errmsg(s->db));
	}
}

/* --- statements ------------------------------------------------------------------ */

int sql_get(struct store *s, const char *text, sqlite3_stmt **out, struct err *err)
{
	size_t at = ((uintptr_t)text >> 3) * 2654435761u % SQL_STATEMENTS;
	int rc;

	*out = NULL;
	while (s->statements[at].text && s->statements[at].text != text)
		at = (at + 1) % SQL_STATEMENTS;
	if (!s->statements[at].text) {
		if (s->statement_count + 1 >= SQL_STATEMENTS)
			return err_set(err, ERR_INTERNAL, N_("too many statements"));
		rc = sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT,
		                        &s->statements[at].stmt, NULL);
		if (rc != SQLITE_OK)
			return sql_error(s, rc, err);
		s->statements[at].text = text;
		s->statement_count++;
	}
	*out = s->statements[at].stmt;
	return 0;
}

void sql_reset(sqlite3_stmt *st)
{
	if (!st)
		return;
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
}

int sql_step(struct store *s, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		rc = sql_error(s, rc, err);
	else
		rc = 0;
	sql_reset(st);
	return rc;
}

int sql_run(struct store *s, sqlite3_stmt *st, struct err *err)
{
	int rc;

	while ((rc = sql_step(s, st, err)) > 0)
		;
	return rc;
}

int sql_changes(struct store *s)
{
	return sqlite3_changes(s->db);
}

int sql_exec(struct store *s, const char *text, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, text, &st, err);

	return rc ? rc : sql_run(s, st, err);
}

/* The 16 bytes of an id in its usual form; false for another text. */
static bool pack(const char *id, unsigned char out[16])
{
	char hex[33];
	size_t n = 0;

	if (!id_valid(id))
		return false;
	for (; *id; id++)
		if (*id != '-')
			hex[n++] = *id;
	hex[n] = '\0';
	return hash_unhex(hex, out, 16);
}

static void bind_id(sqlite3_stmt *st, int at, const char *id)
{
	unsigned char bytes[16];

	if (pack(id, bytes))
		sqlite3_bind_blob(st, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
	else
		sqlite3_bind_text(st, at, id, -1, SQLITE_TRANSIENT);
}

static void bind_all(sqlite3_stmt *st, const char *types, va_list ap)
{
	int at = 1;

	for (; *types; types++, at++) {
		const void *p;
		size_t len;

		switch (*types) {
		case 's':
			p = va_arg(ap, const char *);
			if (p)
				sqlite3_bind_text(st, at, p, -1, SQLITE_STATIC);
			break;
		case 'i':
			sqlite3_bind_int64(st, at, va_arg(ap, int64_t));
			break;
		case 'd':
			sqlite3_bind_int(st, at, va_arg(ap, int));
			break;
		case 'b':
			p = va_arg(ap, const void *);
			len = va_arg(ap, size_t);
			sqlite3_bind_blob64(st, at, len ? p : "", len, SQLITE_STATIC);
			break;
		case 'r':
			bind_id(st, at, va_arg(ap, const char *));
			break;
		}
	}
}

void sql_bind(sqlite3_stmt *st, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bind_all(st, types, ap);
	va_end(ap);
}

int sql_do(struct store *s, struct err *err, const char *text, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;
	int rc = sql_get(s, text, &st, err);

	if (rc)
		return rc;
	va_start(ap, types);
	bind_all(st, types, ap);
	va_end(ap);
	return sql_run(s, st, err);
}

int sql_number(struct store *s, int64_t def, int64_t *out, struct err *err,
               const char *text, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;
	int rc = sql_get(s, text, &st, err);

	*out = def;
	if (rc)
		return rc;
	va_start(ap, types);
	bind_all(st, types, ap);
	va_end(ap);
	rc = sql_step(s, st, err);
	if (rc > 0) {
		if (sqlite3_column_type(st, 0) != SQLITE_NULL)
			*out = sqlite3_column_int64(st, 0);
		sql_reset(st);
	}
	return rc < 0 ? rc : 0;
}

/* --- columns -------------------------------------------------------------------- */

const char *sql_text(sqlite3_stmt *st, int column)
{
	const char *text = (const char *)sqlite3_column_text(st, column);

	return text ? text : "";
}

const char *sql_copy(sqlite3_stmt *st, int column, struct block *b)
{
	const void *text = sqlite3_column_text(st, column);

	return text ? block_text(b, text, (size_t)sqlite3_column_bytes(st, column)) : NULL;
}

void sql_fixed(sqlite3_stmt *st, int column, char *out, size_t size)
{
	utf8_copy(out, size, sql_text(st, column));
}

void sql_id(sqlite3_stmt *st, int column, char out[ID_SIZE])
{
	const unsigned char *b = sqlite3_column_blob(st, column);
	char hex[33];
	size_t n = 0;

	if (sqlite3_column_type(st, column) != SQLITE_BLOB
	    || sqlite3_column_bytes(st, column) != 16) {
		utf8_copy(out, ID_SIZE, sql_text(st, column));
		return;
	}
	hash_hex(b, 16, hex);
	for (size_t i = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			out[n++] = '-';
		out[n++] = hex[i];
	}
	out[n] = '\0';
}

int64_t sql_int(sqlite3_stmt *st, int column)
{
	return sqlite3_column_int64(st, column);
}

/* --- transactions ----------------------------------------------------------------- */

static int set_sync(struct store *s, bool light, struct err *err)
{
	int rc;

	if (s->light == light)
		return 0;
	rc = light ? sql_exec(s, "PRAGMA synchronous = NORMAL", err)
	           : sql_exec(s, "PRAGMA synchronous = FULL", err);
	if (!rc)
		s->light = light;
	return rc;
}

static int refuse(struct store *s, struct err *err)
{
	if (s->reader)
		return err_set(err, ERR_DENIED, N_("the store %s was opened for reading only"), s->dir);
	if (s->broken)
		return err_set(err, ERR_IO, N_("the disk failed while saving; nothing more is "
		                               "recorded until Countersign is started again"));
	return 0;
}

int sql_begin(struct store *s, enum sql_sync sync, struct err *err)
{
	int rc = refuse(s, err);

	if (rc)
		return rc;
	if (s->depth > 0) {
		if (s->failure.code != ERR_NONE) {
			if (err)
				*err = s->failure;
			return s->failure.code;
		}
		s->depth++;
		return 0;
	}
	rc = set_sync(s, sync == SQL_LIGHT, err);
	if (!rc)
		rc = sql_exec(s, "BEGIN IMMEDIATE", err);
	if (rc)
		return rc;
	s->depth = 1;
	s->dirty = 0;
	s->tally_count = 0;
	err_clear(&s->failure);
	return 0;
}

static int write_tallies(struct store *s, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < s->tally_count; i++) {
		const struct sql_tally *t = &s->tallies[i];

		if (!t->opened && !t->held && !t->leased && !t->decided && !t->escalations
		    && !t->samples)
			continue;
		rc = sql_do(s, err, "UPDATE queue SET opened = opened + ?2, held = held + ?3, "
		            "leased = leased + ?4, decided = decided + ?5, "
		            "escalations = escalations + ?6, samples = samples + ?7 WHERE id = ?1",
		            "iiiiiii", t->queue, t->opened, t->held, t->leased, t->decided,
		            t->escalations, t->samples);
	}
	s->tally_count = 0;
	return rc;
}

static void undo(struct store *s)
{
	/* A full disk makes the library end the transaction by itself. */
	if (!sqlite3_get_autocommit(s->db))
		sql_exec(s, "ROLLBACK", NULL);
	sql_forget_queues(s);
	sql_recount(s);
	s->depth = 0;
	s->dirty = 0;
}

static int commit(struct store *s, const char *before, const char *after, struct err *err)
{
	int rc = write_tallies(s, err);

	if (!rc && before)
		crash_point(before);
	if (!rc)
		rc = sql_exec(s, "COMMIT", err);
	if (rc) {
		undo(s);
		return rc;
	}
	if (after)
		crash_point(after);
	s->depth = 0;
	for (int t = 0; t < STORE_TOPICS; t++)
		if (s->dirty & (1u << t))
			s->generation[t]++;
	s->dirty = 0;
	return 0;
}

int sql_end(struct store *s, int rc, const char *before, const char *after,
            struct err *err)
{
	if (s->depth > 1) {
		s->depth--;
		/* These changed nothing, and the caller may know what to do. */
		if (rc == ERR_NOT_FOUND || rc == ERR_CONFLICT || rc == ERR_EXISTS)
			return rc;
		if (rc && s->failure.code == ERR_NONE) {
			if (err && err->code != ERR_NONE)
				s->failure = *err;
			else
				err_set(&s->failure, rc, N_("a part of the change failed"));
		}
		return rc;
	}
	if (rc) {
		undo(s);
		return rc;
	}
	return commit(s, before, after, err);
}

void sql_recount(struct store *s)
{
	s->kept.in_log_known = false;
	s->kept.midnight_ms = 0;
}

void sql_dirty(struct store *s, enum store_topic topic)
{
	s->dirty |= 1u << topic;
}

int store_begin(struct store *s, struct err *err)
{
	return sql_begin(s, SQL_FULL, err);
}

int store_end(struct store *s, bool keep, struct err *err)
{
	if (s->depth > 1) {
		if (!keep && s->failure.code == ERR_NONE)
			err_set(&s->failure, ERR_CONFLICT, N_("a part of the change was given up"));
		s->depth--;
		return 0;
	}
	if (s->depth == 0)
		return err_set(err, ERR_INTERNAL, N_("no transaction is open"));
	if (s->failure.code != ERR_NONE) {
		undo(s);
		if (err && err->code == ERR_NONE)
			*err = s->failure;
		return s->failure.code;
	}
	if (!keep) {
		undo(s);
		return 0;
	}
	return commit(s, "store.batch.before", "store.batch.after", err);
}

/* --- kept counts, marks -------------------------------------------------------- */

static struct sql_tally *tally_of(struct store *s, int64_t queue)
{
	for (size_t i = s->tally_count; i-- > 0;)
		if (s->tallies[i].queue == queue)
			return &s->tallies[i];
	MEM_GROW(s->tallies, s->tally_count, s->tally_cap);
	s->tallies[s->tally_count] = (struct sql_tally){ .queue = queue };
	return &s->tallies[s->tally_count++];
}

void sql_tally(struct store *s, int64_t queue, int sign, int stage, bool held, int mine)
{
	struct sql_tally *t = tally_of(s, queue);

	t->opened += sign;
	t->held += held ? sign : 0;
	t->leased += mine == STORE_MINE_LEASED ? sign : 0;
	t->decided += mine == STORE_MINE_DECIDED ? sign : 0;
	t->escalations += stage == STAGE_ESCALATION ? sign : 0;
	t->samples += stage == STAGE_SAMPLE ? sign : 0;
}

void sql_forget_queues(struct store *s)
{
	for (size_t i = 0; i < s->queue_count; i++)
		free(s->queues[i].name);
	s->queue_count = 0;
	s->queues_known = false;
}

static int read_queues(struct store *s, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT id, name, pass FROM queue", &st, err);

	if (rc)
		return rc;
	sql_forget_queues(s);
	while ((rc = sql_step(s, st, err)) > 0) {
		MEM_GROW(s->queues, s->queue_count, s->queue_cap);
		s->queues[s->queue_count++] = (struct sql_queue){
			.id = sql_int(st, 0), .name = mem_strdup(sql_text(st, 1)),
			.pass = sql_int(st, 2)
		};
	}
	s->queues_known = rc == 0;
	return rc;
}

int sql_queue(struct store *s, const char *name, int64_t *id, int64_t *pass,
              struct err *err)
{
	int rc;

	*id = 0;
	/* A reader does not see when the owner changes the table. */
	if ((!s->queues_known || s->reader) && (rc = read_queues(s, err)))
		return rc;
	for (size_t i = 0; name && i < s->queue_count; i++) {
		if (strcmp(s->queues[i].name, name) == 0) {
			*id = s->queues[i].id;
			if (pass)
				*pass = s->queues[i].pass;
			break;
		}
	}
	return 0;
}

int sql_mark(struct store *s, const char *review, enum store_mine mine, struct err *err)
{
	sqlite3_stmt *st;
	int64_t queue, ord;
	int stage, old;
	bool held;
	int rc = sql_get(s, "SELECT queue, ord, stage, held, mine FROM header "
	                 "INDEXED BY header_review WHERE review = ?1", &st, err);

	if (rc)
		return rc;
	sql_bind(st, "r", review);
	rc = sql_step(s, st, err);
	if (rc <= 0)
		return rc;
	queue = sql_int(st, 0);
	ord = sql_int(st, 1);
	stage = (int)sql_int(st, 2);
	held = sql_int(st, 3);
	old = (int)sql_int(st, 4);
	sql_reset(st);
	if (old == (int)mine)
		return 0;
	rc = sql_do(s, err, "UPDATE header SET mine = ?4 WHERE queue = ?1 AND ord = ?2 "
	            "AND review = ?3", "iird", queue, ord, review, (int)mine);
	if (rc)
		return rc;
	sql_tally(s, queue, -1, stage, held, old);
	sql_tally(s, queue, 1, stage, held, (int)mine);
	sql_dirty(s, STORE_TOPIC_HEADERS);
	return 0;
}

int sql_log(struct store *s, int64_t at_ms, const char *event, const char *review,
            const char *subject, const char *external_id, const char *text,
            struct err *err)
{
	sql_dirty(s, STORE_TOPIC_LOG);
	return sql_do(s, err, "INSERT INTO log (at_ms, event, review, subject, external_id, text) "
	              "VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "isssss", at_ms, event, review, subject,
	              external_id, text);
}
