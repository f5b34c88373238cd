/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <cmocka.h>

#include "base/clock.h"
#include "unit/store/fixture.h"

#define DAY_MS INT64_C(86400000)
#define ID_A "0190d000-0000-7000-8000-00000000000a"
#define ID_B "0190d000-0000-7000-8000-00000000000b"

static struct store *s;
static int64_t wall_ms, boot_ms;

/* Replaces the one of the archive. */
int64_t clock_source_ms(int clock_id)
{
	return clock_id == CLOCK_REALTIME ? wall_ms : boot_ms;
}

static int set_up(void **state)
{
	(void)state;
	wall_ms = 1700000000000;
	boot_ms = 5000000;
	fixture_begin();
	s = fixture_open();
	fixture_queues(s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(s);
	fixture_end();
	return 0;
}

static void restart(void)
{
	store_close(s);
	s = fixture_open();
}

static void test_an_item_that_kills_the_desk(void **state)
{
	char review[ID_SIZE];
	int times;

	(void)state;
	fixture_lease(s, "receipts", 1, boot_ms + 60000);
	fixture_lease(s, "receipts", 2, boot_ms + 60000);
	ok(store_showing_begin(s, fixture_review(1), &fixture_err));
	restart();
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_READY);
	ok(store_showing(s, review, &times, &fixture_err));
	assert_string_equal(review, "");
	ok(store_showing_begin(s, fixture_review(1), &fixture_err));
	ok(store_showing(s, review, &times, &fixture_err));
	assert_string_equal(review, fixture_review(1));
	assert_int_equal(times, 1);
	restart();
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_ASIDE);
	assert_int_equal(fixture_lease_state(s, 2), STORE_LEASE_READY);
	assert_int_equal(fixture_number("SELECT count(*) FROM log WHERE event = 'item.aside'"), 1);
	restart();
	assert_int_equal(fixture_number("SELECT showings FROM lease WHERE n = 1"), 2);
}

static void test_an_item_that_was_not_to_blame(void **state)
{
	(void)state;
	fixture_lease(s, "receipts", 1, boot_ms + 60000);
	for (int i = 0; i < 4; i++) {
		ok(store_showing_begin(s, fixture_review(1), &fixture_err));
		restart();
		ok(store_showing_begin(s, fixture_review(1), &fixture_err));
		ok(store_showing_end(s, &fixture_err));
	}
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_READY);
}

static struct store_lease find(int n)
{
	static struct store_leases *l;

	store_leases_free(l);
	ok(store_lease_find(s, fixture_review(n), &l, &fixture_err));
	assert_non_null(l);
	return l->items[0];
}

static void test_after_a_restart_of_the_machine(void **state)
{
	(void)state;
	fixture_lease(s, "receipts", 1, boot_ms + 900000);
	ok(store_fact_set(s, "skew_ms", "4000", &fixture_err));
	restart();
	assert_int_equal(find(1).ends_boot_ms, boot_ms + 900000);
	/* Ten minutes later the boot-time clock begins anew; the server's clock is
	 * four seconds before ours. */
	store_close(s);
	fixture_sql("UPDATE self SET value = 'another' WHERE key = 'boot'");
	wall_ms += 600000;
	boot_ms = 20000;
	s = fixture_open();
	assert_int_equal(find(1).ends_boot_ms, 20000 + 300000 - 4000);
	restart();
	assert_int_equal(find(1).ends_boot_ms, 20000 + 300000 - 4000);
}

static void idle_later(int64_t days)
{
	store_idle(s);
	wall_ms += days * DAY_MS;
	boot_ms += days * DAY_MS;
	store_idle(s);
}

static void decide(int n, const char *id, enum verdict verdict)
{
	struct store_decide d = fixture_decide("receipts", n, id, false);
	struct store_result r = { .id = id, .verdict = verdict, .leaf = n, .now_ms = wall_ms };

	fixture_lease(s, "receipts", n, boot_ms + 60000);
	d.review = fixture_review(n);
	d.token = fixture_token(n);
	ok(store_decide(s, &d, &fixture_err));
	if (verdict != VERDICT_NONE)
		ok(store_result(s, &r, &fixture_err));
}

static void test_what_goes_and_what_stays(void **state)
{
	(void)state;
	ok(store_document_put(s, "sha256:receipts", "{}", 2, &fixture_err));
	ok(store_document_put(s, "sha256:old", "{}", 2, &fixture_err));
	decide(1, ID_A, VERDICT_ACCEPTED);
	decide(2, ID_B, VERDICT_NONE);
	ok(store_in_log(s, 100, &fixture_err));
	ok(store_draft_put(s, fixture_review(9), "{}", &fixture_err));
	idle_later(1);
	assert_int_equal(fixture_number("SELECT count(*) FROM lease"), 2);
	assert_int_equal(fixture_number("SELECT count(*) FROM document WHERE digest = 'sha256:old'"), 0);
	/* The definition of a queue of mine stays. */
	assert_int_equal(fixture_number("SELECT count(*) FROM document"), 3);
	idle_later(7);
	/* The item of the answered review goes; that of the unanswered stays. */
	assert_int_equal(fixture_lease_state(s, 2), STORE_LEASE_DECIDED);
	assert_int_equal(fixture_number("SELECT count(*) FROM lease"), 1);
	idle_later(1);
	assert_int_equal(fixture_number("SELECT count(*) FROM document"), 2);
	assert_int_equal(fixture_number("SELECT count(*) FROM draft"), 1);
	idle_later(81);
	/* Own decisions stay 90 days at least: a restored server may want them. */
	assert_int_equal(fixture_state(s, ID_A), STORE_IN_LOG);
	assert_int_equal(fixture_number("SELECT count(*) FROM draft"), 0);
	idle_later(20);
	assert_int_equal(fixture_state(s, ID_A), -1);
	assert_int_equal(fixture_state(s, ID_B), STORE_WAITING);
}

static long wal_frames(void)
{
	char path[340];
	struct stat st;

	snprintf(path, sizeof path, "%s/store.db-wal", fixture_dir());
	return stat(path, &st) == 0 ? (long)(st.st_size / 4096) : 0;
}

static void write_much(int from)
{
	static char big[400000];
	char key[32];

	memset(big, 'x', sizeof big);
	for (int i = from; i < from + 4; i++) {
		snprintf(key, sizeof key, "sha256:%d", i);
		ok(store_document_put(s, key, big, sizeof big, &fixture_err));
	}
}

/* The log grows while there is work; a moment of quiet lets it start over. */
static void test_idle_moves_the_log(void **state)
{
	long grown;

	(void)state;
	write_much(0);
	store_idle(s);
	write_much(10);
	grown = wal_frames();
	assert_true(grown > 700);
	boot_ms += 200;
	store_idle(s);
	write_much(20);
	assert_int_equal(wal_frames(), grown);
	/* A long pull leaves no moment of quiet, but there is a limit. */
	for (int i = 0; i < 40; i++) {
		write_much(100 + 10 * i);
		store_idle(s);
	}
	assert_true(wal_frames() < 5000);
	assert_int_equal(fixture_number("SELECT count(*) FROM document"), 172);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_an_item_that_kills_the_desk, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_item_that_was_not_to_blame, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_after_a_restart_of_the_machine, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_goes_and_what_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_idle_moves_the_log, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("wake", tests, NULL, NULL);
}
