/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk's store dies at every crash point of a working day: decide, leave,
 * undo, end of the hold, verdict, checkpoint. Opened again and the rest of the
 * day done, the end is that of a day without a death: every effect once.
 * One more day changes nothing.
 *
 *   store             the test
 *   store DAY DIR     one day on the store in DIR (what dies)
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "unit/store/fixture.h"

#define ID(n) "0190d000-0000-7000-8000-00000000000" #n

static const char *self;
static struct err err = ERR_INIT;

/* --- one day ------------------------------------------------------------------------ */

static void must(int rc, const char *what)
{
	char words[512];

	if (rc == 0)
		return;
	fprintf(stderr, "%s: %s\n", what, err_words(&err, words, sizeof words));
	exit(3);
}
#define MUST(call) must((call), #call)

/* State of an act, or -1. */
static int state_of(struct store *s, const char *id)
{
	struct store_entries *e;
	int state;

	MUST(store_entry_find(s, id, &e, &err));
	state = e ? (int)e->items[0].state : -1;
	store_entries_free(e);
	return state;
}

static bool has_lease(struct store *s, int n)
{
	struct store_leases *l;
	bool there;

	MUST(store_lease_find(s, fixture_review(n), &l, &err));
	there = l != NULL;
	store_leases_free(l);
	return there;
}

static void pull(struct store *s)
{
	const struct store_queue_in queue = { .name = "receipts", .title = "Receipts",
		.definition = "d", .roles = "reviewer", .lease_s = 900 };
	char external[32];
	char *cursor;

	MUST(store_cursor(s, "changes", &cursor, &err));
	free(cursor);
	if (cursor)
		return;
	MUST(store_queues_put(s, &queue, 1, &err));
	for (int n = 1; n <= 6; n++) {
		struct review_header h = fixture_header("receipts", n);
		struct store_lease_in l = {
			.review = h.review, .proposal = h.proposal, .external_id = external,
			.queue = "receipts", .revision = 1, .token = fixture_token(n),
			.digest = fixture_digest(n), .ends_boot_ms = INT64_MAX, .doc = "{}", .bytes = "{}",
			.bytes_len = 2
		};
		size_t taken;

		snprintf(external, sizeof external, "ext-%d", n);
		MUST(store_headers_put(s, &h, 1, NULL, NULL, &taken, &err));
		if (!has_lease(s, n))
			MUST(store_lease_put(s, &l, &err));
	}
	MUST(store_cursor_set(s, "changes", "1:1", &err));
}

static void decide(struct store *s, int n, const char *id, bool hold, const char *amends)
{
	struct store_decide d = fixture_decide("receipts", n, id, hold);

	if (state_of(s, id) >= 0)
		return;
	d.amends = amends;
	MUST(store_decide(s, &d, &err));
}

static void leave(struct store *s, int n, const char *id)
{
	struct store_dispose d = { .id = id, .review = fixture_review(n), .decided_ms = 1,
		.disposition = DISPOSITION_SKIP, .hold = true };

	if (state_of(s, id) < 0)
		MUST(store_dispose(s, &d, &err));
}

static void answer(struct store *s, const char *id, enum verdict verdict, int64_t leaf)
{
	struct store_result r = { .id = id, .verdict = verdict, .leaf = leaf, .now_ms = 1 };

	MUST(store_result(s, &r, &err));
}

/* What the person undid before the death is not done again: they know. */
static bool undone(const char *marks, const char *id)
{
	char path[400];

	snprintf(path, sizeof path, "%s.%s", marks, id);
	return access(path, F_OK) == 0;
}

static void mark(const char *marks, const char *id)
{
	char path[400];
	FILE *f;

	snprintf(path, sizeof path, "%s.%s", marks, id);
	f = fopen(path, "w");
	if (!f || fclose(f) != 0)
		exit(3);
}

/* A restart ends the hold, so an undo that came too late is amended away by
 * the same person: the day ends with decision 9 standing either way. */
static void change_mind(struct store *s, const char *dir)
{
	if (!undone(dir, ID(8)) && state_of(s, ID(9)) < 0) {
		decide(s, 5, ID(8), true, NULL);
		mark(dir, ID(8));
	}
	if (state_of(s, ID(8)) == STORE_HELD)
		MUST(store_undo(s, ID(8), 1, &err));
	if (state_of(s, ID(8)) >= 0)
		decide(s, 5, ID(9), true, ID(8));
	else
		decide(s, 5, ID(9), true, NULL);
}

static int day(const char *dir)
{
	struct store *s;

	if (id_init() != 0)
		return 3;
	MUST(store_open(dir, &s, &err));
	pull(s);
	MUST(store_draft_put(s, fixture_review(1), "{}", &err));
	if (state_of(s, ID(1)) >= 0)
		MUST(store_draft_put(s, fixture_review(1), NULL, &err));
	decide(s, 1, ID(1), true, NULL);
	decide(s, 2, ID(2), false, NULL);
	if (has_lease(s, 3))
		leave(s, 3, ID(3));
	decide(s, 4, ID(4), true, NULL);
	change_mind(s, dir);
	MUST(store_release(s, INT64_MAX, NULL, &err));
	answer(s, ID(1), VERDICT_ACCEPTED, 5);
	answer(s, ID(2), VERDICT_STALE, 6);
	answer(s, ID(4), VERDICT_ACCEPTED, 7);
	MUST(store_disposition_done(s, ID(3), 1, &err));
	MUST(store_checkpoint_set(s, "origin", 7, "note", &err));
	MUST(store_in_log(s, 7, &err));
	store_close(s);
	return 0;
}

/* --- the test ------------------------------------------------------------------------ */

static void add_rows(sqlite3 *db, const char *sql, struct buf *out)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(st) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			const char *text = (const char *)sqlite3_column_text(st, i);

			buf_addf(out, "%s|", text ? text : "-");
		}
		buf_addc(out, '\n');
	}
	sqlite3_finalize(st);
}

/* Everything but times, the device's id and what the changed mind may differ
 * in (whether 8 was undone or amended). */
static char *picture(const char *dir)
{
	static const char *const tables[] = {
		"SELECT 'act', id, act, review, outcome, state, seq IS NOT NULL, verdict, leaf, "
		"device IS (SELECT value FROM self WHERE key = 'device') FROM act WHERE id <> '" ID(8) "' "
		"AND act = 0 ORDER BY id",
		"SELECT 'left', id, state FROM act WHERE act = 1",
		"SELECT 'outbox', a.id, o.ready FROM outbox o JOIN act a ON a.n = o.n "
		"WHERE a.id <> '" ID(8) "' ORDER BY a.id",
		"SELECT 'lease', review, state, token FROM lease ORDER BY review",
		"SELECT 'header', hex(review), mine FROM header ORDER BY review",
		"SELECT 'queue', opened, held, leased, decided FROM queue",
		"SELECT 'draft', review FROM draft ORDER BY review",
		"SELECT 'log', event, subject, count(*) FROM log WHERE subject <> '" ID(8) "' "
		"AND NOT (subject = '" ID(9) "' AND event LIKE 'decision.%ed') "
		"GROUP BY event, subject ORDER BY subject, event",
		"SELECT 'checkpoint', origin, size FROM checkpoint",
		"SELECT 'showing', count(*) FROM showing"
	};
	char path[400];
	struct buf out = BUF_INIT;
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/store.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		add_rows(db, tables[i], &out);
	sqlite3_close(db);
	return buf_take(&out);
}

/* What must hold at any moment, also between the death and the next start. */
static void assert_consistent(const char *dir)
{
	static const char *const wrong[] = {
		"SELECT count(*) FROM act WHERE (state IN (0, 1)) <> (n IN (SELECT n FROM outbox))",
		"SELECT count(*) FROM outbox WHERE n NOT IN (SELECT n FROM act)",
		"SELECT count(*) FROM act a JOIN outbox o ON o.n = a.n WHERE a.state <> o.ready",
		"SELECT count(*) FROM act WHERE act = 0 AND (state > 0) <> (seq IS NOT NULL)",
		"SELECT count(*) FROM act WHERE act = 0 AND id NOT IN (SELECT subject FROM log "
		"WHERE event IN ('decision.recorded', 'decision.amended'))",
		"SELECT count(seq) - count(DISTINCT seq) FROM act",
		"SELECT coalesce(max(seq), 0) + 1 - (SELECT value FROM self WHERE key = 'next_seq') "
		"FROM act",
		"SELECT count(*) FROM (SELECT 1 FROM log WHERE subject IS NOT NULL "
		"GROUP BY event, subject HAVING count(*) > 1)",
		"SELECT count(*) FROM lease WHERE (state IN (3, 4)) AND act NOT IN (SELECT id FROM act)",
		"SELECT count(*) FROM queue q WHERE opened <> (SELECT count(*) FROM header) OR "
		"decided <> (SELECT count(*) FROM header WHERE mine = 2) OR "
		"leased <> (SELECT count(*) FROM header WHERE mine = 1)",
		"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
	};
	char path[400];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/store.db", dir);
	if (access(path, F_OK) != 0)
		return;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		sqlite3_stmt *st;

		/* Before the first commit there are no tables. */
		if (sqlite3_prepare_v2(db, wrong[i], -1, &st, NULL) != SQLITE_OK)
			continue;
		if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int(st, 0) != 0
		    && sqlite3_column_type(st, 0) != SQLITE_NULL)
			fail_msg("%s: %d", wrong[i], sqlite3_column_int(st, 0));
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
}

/* Runs a day in a process of its own; crash: "#N" or NULL. */
static int run(const char *dir, const char *crash, const char *log)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (crash)
			setenv("COUNTERSIGN_CRASH", crash, 1);
		if (log)
			setenv("COUNTERSIGN_CRASH_LOG", log, 1);
		execl(self, self, "day", dir, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int count_lines(const char *path)
{
	FILE *f = fopen(path, "r");
	int c, n = 0;

	assert_non_null(f);
	while ((c = fgetc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static void test_every_point(void **state)
{
	const char *place = fixture_begin();
	char dir[300], log[300], crash[16];
	char *wanted, *got;
	int points;

	(void)state;
	snprintf(dir, sizeof dir, "%s/whole", place);
	snprintf(log, sizeof log, "%s/points", place);
	assert_int_equal(run(dir, NULL, log), 0);
	assert_consistent(dir);
	wanted = picture(dir);
	points = count_lines(log);
	print_message("%d crash points\n", points);
	assert_true(points > 60);
	for (int n = 1; n <= points; n++) {
		int status;

		snprintf(dir, sizeof dir, "%s/%d", place, n);
		snprintf(crash, sizeof crash, "#%d", n);
		status = run(dir, crash, NULL);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
			fail_msg("point %d: the process did not die there (%x)", n, status);
		assert_consistent(dir);
		if (run(dir, NULL, NULL) != 0)
			fail_msg("point %d: it did not go on", n);
		assert_consistent(dir);
		got = picture(dir);
		if (strcmp(got, wanted) != 0)
			fail_msg("point %d ends otherwise:\n%s\nwanted:\n%s", n, got, wanted);
		free(got);
		/* One more run changes nothing. */
		assert_int_equal(run(dir, NULL, NULL), 0);
		got = picture(dir);
		assert_string_equal(got, wanted);
		free(got);
	}
	free(wanted);
	fixture_end();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_point) };

	if (argc == 3)
		return day(argv[2]);
	self = argv[0];
	return cmocka_run_group_tests_name("crash_store", tests, NULL, NULL);
}
