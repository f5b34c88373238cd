/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bare_commit.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"

enum { COLUMNS = 40, COMMITS = 4096, DECIDED = 3, DECIDED_HERE = 2 };

/* A row that the desk wrote, and the statement that inserts one like it. */
struct pattern {
	sqlite3_value *values[COLUMNS];
	int count;
	sqlite3_stmt *insert;
};

struct target {
	char review[ID_SIZE];
	unsigned char packed[16];
	int64_t queue, order;
};

struct bare_commit {
	sqlite3 *db;
	struct pattern act, outbox, log;
	sqlite3_stmt *begin, *lease, *header, *tally, *draft, *commit;
	struct target *targets;
	size_t count, done;
	int64_t us[COMMITS];
};

static bool said(struct bare_commit *b)
{
	fprintf(stderr, "bare_commit: %s\n", sqlite3_errmsg(b->db));
	return false;
}

static bool prepare(struct bare_commit *b, const char *text, sqlite3_stmt **out)
{
	return sqlite3_prepare_v3(b->db, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK
		|| said(b);
}

static bool run(struct bare_commit *b, sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	return (sqlite3_reset(st) == SQLITE_OK && rc == SQLITE_DONE) || said(b);
}

static bool read_pattern(struct bare_commit *b, const char *select, const char *table,
                         struct pattern *p)
{
	char text[512];
	sqlite3_stmt *st;
	size_t len;

	if (!prepare(b, select, &st))
		return false;
	if (sqlite3_step(st) != SQLITE_ROW || sqlite3_column_count(st) > COLUMNS) {
		sqlite3_finalize(st);
		fprintf(stderr, "bare_commit: no decision to take as the pattern\n");
		return false;
	}
	p->count = sqlite3_column_count(st);
	len = (size_t)snprintf(text, sizeof text, "INSERT INTO %s VALUES (NULL", table);
	for (int i = 0; i < p->count; i++) {
		p->values[i] = sqlite3_value_dup(sqlite3_column_value(st, i));
		len += i ? (size_t)snprintf(text + len, sizeof text - len, ", ?%d", i + 1) : 0;
	}
	snprintf(text + len, sizeof text - len, ")");
	sqlite3_finalize(st);
	return prepare(b, text, &p->insert);
}

static void unpack(const char *id, unsigned char out[16])
{
	char hex[33];
	size_t n = 0;

	for (; *id && n < 32; id++)
		if (*id != '-')
			hex[n++] = *id;
	hex[n] = '\0';
	hash_unhex(hex, out, 16);
}

static bool place(sqlite3_stmt *st, struct target *t)
{
	bool there;

	unpack(t->review, t->packed);
	sqlite3_bind_blob(st, 1, t->packed, sizeof t->packed, SQLITE_STATIC);
	there = sqlite3_step(st) == SQLITE_ROW;
	t->queue = sqlite3_column_int64(st, 0);
	t->order = sqlite3_column_int64(st, 1);
	sqlite3_reset(st);
	if (!there)
		fprintf(stderr, "bare_commit: %s is not in the mirror\n", t->review);
	return there;
}

static bool read_targets(struct bare_commit *b, const char *queue)
{
	sqlite3_stmt *st = NULL, *header = NULL;
	bool well = prepare(b, "SELECT review FROM lease WHERE state < 2 AND queue = ?1 ORDER BY n", &st)
		&& prepare(b, "SELECT queue, ord FROM header INDEXED BY header_review "
		           "WHERE review = ?1", &header);

	b->targets = calloc(COMMITS, sizeof *b->targets);
	well = well && b->targets && sqlite3_bind_text(st, 1, queue, -1, SQLITE_STATIC) == SQLITE_OK;
	while (well && b->count < COMMITS && sqlite3_step(st) == SQLITE_ROW) {
		struct target *t = &b->targets[b->count++];

		snprintf(t->review, sizeof t->review, "%s", (const char *)sqlite3_column_text(st, 0));
		well = place(header, t);
	}
	sqlite3_finalize(st);
	sqlite3_finalize(header);
	return well;
}

/* As it was before its hold ended: no device, no number. */
static const char select_act[] =
	"SELECT n, act, id, review, proposal, external_id, queue, kind, stage, revision, token, "
	"outcome, reason, 0, decided_ms, amends, NULL, NULL, verdict, late, leaf, answered_ms, "
	"summary, text, pointers, content, draft, envelope FROM act ORDER BY n DESC LIMIT 1";

static bool ready(struct bare_commit *b, const char *queue)
{
	return sqlite3_exec(b->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
	                    "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192; "
	                    "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY", NULL, NULL,
	                    NULL) == SQLITE_OK
		&& read_pattern(b, select_act, "act", &b->act)
		&& read_pattern(b, "SELECT n, 0, act, boot_ms, lease_ends_boot_ms, waits, 0, 0 "
		                "FROM outbox ORDER BY n DESC LIMIT 1", "outbox", &b->outbox)
		&& read_pattern(b, "SELECT * FROM log WHERE event = 'decision.recorded' "
		                "ORDER BY n DESC LIMIT 1", "log", &b->log)
		&& prepare(b, "BEGIN IMMEDIATE", &b->begin)
		&& prepare(b, "UPDATE lease SET state = ?2, changed_ms = ?3, act = ?4, text = NULL "
		           "WHERE review = ?1", &b->lease)
		&& prepare(b, "UPDATE header SET mine = ?4 WHERE queue = ?1 AND ord = ?2 AND "
		           "review = ?3", &b->header)
		&& prepare(b, "UPDATE queue SET leased = leased - 1, decided = decided + 1 "
		           "WHERE id = ?1", &b->tally)
		&& prepare(b, "DELETE FROM draft WHERE review = ?1", &b->draft)
		&& prepare(b, "COMMIT", &b->commit)
		&& read_targets(b, queue);
}

struct bare_commit *bare_commit_open(const char *database, const char *queue)
{
	struct bare_commit *b = calloc(1, sizeof *b);

	if (!b || id_init() != 0)
		abort();
	if (sqlite3_open_v2(database, &b->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK
	    ? !said(b) : !ready(b, queue)) {
		bare_commit_close(b, NULL);
		return NULL;
	}
	return b;
}

/* A row like the pattern; the first column is the table's own number. */
static void bind_like(struct pattern *p)
{
	for (int i = 1; i < p->count; i++)
		sqlite3_bind_value(p->insert, i + 1, p->values[i]);
}

static bool write_rows(struct bare_commit *b, const struct target *t, const char *id)
{
	bind_like(&b->act);
	sqlite3_bind_text(b->act.insert, 3, id, -1, SQLITE_STATIC);
	sqlite3_bind_text(b->act.insert, 4, t->review, -1, SQLITE_STATIC);
	bind_like(&b->outbox);
	bind_like(&b->log);
	sqlite3_bind_text(b->log.insert, 4, t->review, -1, SQLITE_STATIC);
	sqlite3_bind_text(b->log.insert, 5, id, -1, SQLITE_STATIC);
	sqlite3_bind_text(b->lease, 1, t->review, -1, SQLITE_STATIC);
	sqlite3_bind_int(b->lease, 2, DECIDED);
	sqlite3_bind_int64(b->lease, 3, clock_now_ms());
	sqlite3_bind_text(b->lease, 4, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(b->header, 1, t->queue);
	sqlite3_bind_int64(b->header, 2, t->order);
	sqlite3_bind_blob(b->header, 3, t->packed, sizeof t->packed, SQLITE_STATIC);
	sqlite3_bind_int(b->header, 4, DECIDED_HERE);
	sqlite3_bind_int64(b->tally, 1, t->queue);
	sqlite3_bind_text(b->draft, 1, t->review, -1, SQLITE_STATIC);
	return run(b, b->begin) && run(b, b->act.insert) && run(b, b->outbox.insert)
		&& run(b, b->log.insert) && run(b, b->draft) && run(b, b->lease)
		&& run(b, b->header) && run(b, b->tally) && run(b, b->commit);
}

bool bare_commit_one(struct bare_commit *b)
{
	int64_t began = clock_mono_us();
	char id[ID_SIZE];

	if (b->done == b->count)
		return false;
	id_new(id);
	if (!write_rows(b, &b->targets[b->done], id))
		return false;
	b->us[b->done++] = clock_mono_us() - began;
	return true;
}

static bool print_report(const struct bare_commit *b, const char *report)
{
	FILE *f = fopen(report, "w");

	if (!f || !b->done)
		return false;
	for (size_t i = 0; i < b->done; i++)
		fprintf(f, "%s%lld", i ? "," : "[", (long long)b->us[i]);
	fprintf(f, "]\n");
	return fclose(f) == 0;
}

static void clear_pattern(struct pattern *p)
{
	for (int i = 0; i < p->count; i++)
		sqlite3_value_free(p->values[i]);
	sqlite3_finalize(p->insert);
}

bool bare_commit_close(struct bare_commit *b, const char *report)
{
	bool printed = report && print_report(b, report);

	clear_pattern(&b->act);
	clear_pattern(&b->outbox);
	clear_pattern(&b->log);
	sqlite3_finalize(b->begin);
	sqlite3_finalize(b->lease);
	sqlite3_finalize(b->header);
	sqlite3_finalize(b->tally);
	sqlite3_finalize(b->draft);
	sqlite3_finalize(b->commit);
	sqlite3_close(b->db);
	free(b->targets);
	free(b);
	return printed;
}
