/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/store/fixture.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/clock.h"

struct err fixture_err = ERR_INIT;
static char place[256], store_path[300];

static int drop(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

const char *fixture_begin(void)
{
	const char *tmp = getenv("TMPDIR");

	assert_int_equal(id_init(), 0);
	snprintf(place, sizeof place, "%s/store-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(place));
	snprintf(store_path, sizeof store_path, "%s/store", place);
	return place;
}

void fixture_end(void)
{
	if (place[0])
		nftw(place, drop, 16, FTW_DEPTH | FTW_PHYS);
	place[0] = '\0';
}

const char *fixture_dir(void)
{
	return store_path;
}

void fixture_ok(int rc, struct err *err, const char *call, const char *file, int line)
{
	char words[1024];

	if (rc != 0) {
		print_error("%s: %d: %s\n", call, rc, err_words(err, words, sizeof words));
		_fail(file, line);
	}
	err_clear(err);
}

struct store *fixture_open(void)
{
	struct store *s = NULL;

	ok(store_open(store_path, &s, &fixture_err));
	return s;
}

static sqlite3 *connect(void)
{
	char path[320];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/store.db", store_path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 2000);
	return db;
}

void fixture_sql(const char *sql)
{
	sqlite3 *db = connect();
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

int64_t fixture_number(const char *sql)
{
	sqlite3 *db = connect();
	sqlite3_stmt *st;
	int64_t n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

void fixture_queues(struct store *s)
{
	const struct store_queue_in queues[] = {
		{ .name = "receipts", .title = "Receipts", .kind = KIND_EXTRACTION,
		  .definition = "sha256:receipts", .roles = "reviewer", .lease_s = 900 },
		{ .name = "agent", .title = "Agent", .kind = KIND_APPROVAL,
		  .definition = "sha256:agent", .roles = "reviewer", .producer_waits = true,
		  .lease_s = 900 }
	};

	ok(store_queues_put(s, queues, 2, &fixture_err));
}

const char *fixture_review(int n)
{
	static char ids[8][ID_SIZE];
	static int at;
	unsigned char random[10] = { 0 };

	at = (at + 1) % 8;
	random[8] = (unsigned char)(n >> 8);
	random[9] = (unsigned char)n;
	return id_make(1700000000000 + n, random, ids[at]);
}

struct review_header fixture_header(const char *queue, int n)
{
	static char external[8][32];
	static int at;
	struct review_header h = {
		.external_id = external[at = (at + 1) % 8], .queue = (char *)queue,
		.kind = KIND_EXTRACTION, .safety_class = CLASS_BOUNDED, .stage = STAGE_FIRST,
		.state = (char *)"waiting", .confidence_pm = 410, .received_ms = 1000,
		.due_ms = 1000000 - n, .order = n
	};

	snprintf(external[at], sizeof external[at], "ext-%d", n);
	snprintf(h.review, sizeof h.review, "%s", fixture_review(n));
	snprintf(h.proposal, sizeof h.proposal, "%s", fixture_review(n + 10000));
	return h;
}

const char *fixture_token(int n)
{
	static char text[8][32];
	static int at;

	at = (at + 1) % 8;
	snprintf(text[at], sizeof text[at], "%lld", 4294967296ll + n);
	return text[at];
}

const char *fixture_digest(int n)
{
	static char text[8][HASH_TEXT_SIZE];
	static int at;

	at = (at + 1) % 8;
	snprintf(text[at], sizeof text[at], "sha256:%064d", n);
	return text[at];
}

void fixture_lease(struct store *s, const char *queue, int n, int64_t ends_boot_ms)
{
	char external[32], bytes[64];
	struct store_lease_in l = {
		.review = fixture_review(n), .proposal = fixture_review(n + 10000),
		.external_id = external, .queue = queue, .kind = KIND_EXTRACTION,
		.safety_class = CLASS_BOUNDED, .stage = STAGE_FIRST, .view = VIEW_FULL, .revision = 1,
		.token = fixture_token(n), .digest = fixture_digest(n), .definition = "sha256:receipts",
		.expires_ms = clock_now_ms() + 900000, .ends_boot_ms = ends_boot_ms,
		.doc = "{}", .bytes = bytes
	};

	snprintf(external, sizeof external, "ext-%d", n);
	l.bytes_len = (size_t)snprintf(bytes, sizeof bytes, "{\"external_id\":\"ext-%d\"}", n);
	ok(store_lease_put(s, &l, &fixture_err));
}

struct store_decide fixture_decide(const char *queue, int n, const char *id, bool hold)
{
	struct store_decide d = {
		.id = id, .review = fixture_review(n), .external_id = "ext", .queue = queue,
		.kind = KIND_EXTRACTION, .stage = STAGE_FIRST, .revision = 1,
		.token = fixture_token(n), .digest = fixture_digest(n), .outcome = OUTCOME_APPROVE,
		.envelope = "{\"outcome\":\"approve\"}", .content = "{\"value\":null}",
		.draft = "{\"note\":\"typed\"}", .summary = "approved", .decided_ms = clock_now_ms(),
		.decided_boot_ms = clock_boot_ms(), .hold = hold
	};

	return d;
}

enum store_lease_state fixture_lease_state(struct store *s, int n)
{
	struct store_leases *l;
	enum store_lease_state state;

	ok(store_lease_find(s, fixture_review(n), &l, &fixture_err));
	if (!l)
		fail_msg("no lease on review %d", n);
	state = l->items[0].state;
	store_leases_free(l);
	return state;
}

int fixture_state(struct store *s, const char *id)
{
	struct store_entries *e;
	int state;

	ok(store_entry_find(s, id, &e, &fixture_err));
	state = e ? (int)e->items[0].state : -1;
	store_entries_free(e);
	return state;
}
