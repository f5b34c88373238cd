/* SPDX-License-Identifier: Apache-2.0
 *
 * No space left: clear words, nothing lost, goes on by itself. The limit of a
 * file's size stands in for the full disk; the library sees the same short
 * write.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "unit/store/fixture.h"

static struct store *s;

static int set_up(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
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

static void limit(rlim_t bytes)
{
	struct rlimit r;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
	r.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static long wal_size(void)
{
	char path[340];
	struct stat st;

	snprintf(path, sizeof path, "%s/store.db-wal", fixture_dir());
	assert_int_equal(stat(path, &st), 0);
	return (long)st.st_size;
}

static const char *id_of(int n)
{
	static char id[ID_SIZE];

	snprintf(id, sizeof id, "0190d000-0000-7000-8000-%012d", n);
	return id;
}

static int decide(int n, struct err *err)
{
	struct store_decide d = fixture_decide("receipts", n, id_of(n), true);

	return store_decide(s, &d, err);
}

/* At every fill level in steps of a page: either the decision is there with
 * all that belongs to it, or nothing of it is, and the same call works once
 * there is room. */
static void test_every_fill_level(void **state)
{
	enum { LEVELS = 24 };
	int refused = 0, recorded = 0;

	(void)state;
	for (int n = 1; n <= LEVELS; n++)
		fixture_lease(s, "receipts", n, 500000);
	for (int n = 1; n <= LEVELS; n++) {
		struct err err = ERR_INIT;
		uint64_t before = store_generation_all(s);
		int rc;

		limit((rlim_t)(wal_size() + n * 2048));
		rc = decide(n, &err);
		limit(RLIM_INFINITY);
		if (rc) {
			char words[400];

			assert_int_equal(rc, ERR_FULL);
			assert_non_null(strstr(err_words(&err, words, sizeof words), "space"));
			assert_int_equal(store_generation_all(s), before);
			assert_int_equal(fixture_state(s, id_of(n)), -1);
			assert_int_equal(fixture_lease_state(s, n), STORE_LEASE_READY);
			refused++;
			err_clear(&err);
			assert_int_equal(decide(n, &err), 0);
		} else {
			recorded++;
		}
		assert_int_equal(fixture_state(s, id_of(n)), STORE_HELD);
		assert_int_equal(fixture_lease_state(s, n), STORE_LEASE_DECIDED);
	}
	assert_true(refused > 0);
	assert_true(recorded > 0);
	store_close(s);
	s = fixture_open();
	assert_int_equal(fixture_number("SELECT count(*) FROM act"), LEVELS);
	assert_int_equal(fixture_number("SELECT count(*) FROM outbox"), LEVELS);
	assert_int_equal(fixture_number("SELECT count(*) FROM log WHERE event = 'decision.recorded'"),
	                 LEVELS);
	assert_int_equal(fixture_number("SELECT count(*) FROM pragma_integrity_check "
	                                "WHERE integrity_check <> 'ok'"), 0);
}

/* A batch that does not fit leaves nothing behind, counts included. */
static void test_a_batch_that_does_not_fit(void **state)
{
	struct err err = ERR_INIT;
	struct store_queues *q;
	size_t taken;

	(void)state;
	limit((rlim_t)wal_size() + 4096);
	ok(store_begin(s, &fixture_err));
	for (int n = 0; n < 200; n++) {
		struct review_header h = fixture_header("receipts", n);

		assert_int_equal(store_headers_put(s, &h, 1, "feed", "c", &taken, &err), 0);
	}
	assert_int_equal(store_end(s, true, &err), ERR_FULL);
	limit(RLIM_INFINITY);
	assert_int_equal(fixture_number("SELECT count(*) FROM header"), 0);
	assert_int_equal(fixture_number("SELECT count(*) FROM cursor"), 0);
	ok(store_queue_get(s, "receipts", &q, &fixture_err));
	assert_int_equal(q->items[0].open, 0);
	store_queues_free(q);
	fixture_lease(s, "receipts", 1, 500000);
	ok(decide(1, &fixture_err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_fill_level, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_batch_that_does_not_fit, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("store_full", tests, NULL, NULL);
}
