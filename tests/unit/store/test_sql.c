/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "unit/store/fixture.h"

static struct store *s;

#define ID_A "0190d000-0000-7000-8000-00000000000a"

static int set_up(void **state)
{
	(void)state;
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

static void set(const char *key)
{
	ok(store_fact_set(s, key, "1", &fixture_err));
}

static void test_all_or_nothing(void **state)
{
	struct review_header h = fixture_header("receipts", 1);
	struct store_queues *q;
	size_t taken;
	uint64_t before;

	(void)state;
	before = store_generation_all(s);
	ok(store_begin(s, &fixture_err));
	set("a");
	ok(store_headers_put(s, &h, 1, "feed", "c", &taken, &fixture_err));
	/* Nobody sees anything before the end. */
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 0);
	ok(store_end(s, false, &fixture_err));
	assert_int_equal(store_generation_all(s), before);
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 0);
	assert_int_equal(fixture_number("SELECT opened FROM queue WHERE id = 1"), 0);
	ok(store_begin(s, &fixture_err));
	set("a");
	ok(store_headers_put(s, &h, 1, "feed", "c", &taken, &fixture_err));
	ok(store_end(s, true, &fixture_err));
	assert_true(store_generation_all(s) > before);
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 1);
	assert_int_equal(fixture_number("SELECT count(*) FROM cursor"), 1);
	ok(store_queue_get(s, "receipts", &q, &fixture_err));
	assert_int_equal(q->items[0].open, 1);
	store_queues_free(q);
}

static void test_nested(void **state)
{
	(void)state;
	ok(store_begin(s, &fixture_err));
	ok(store_begin(s, &fixture_err));
	set("a");
	ok(store_end(s, true, &fixture_err));
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 0);
	set("b");
	ok(store_end(s, true, &fixture_err));
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 2);
	/* A part that is given up takes the whole with it. */
	ok(store_begin(s, &fixture_err));
	set("c");
	ok(store_begin(s, &fixture_err));
	set("d");
	ok(store_end(s, false, &fixture_err));
	assert_int_equal(store_end(s, true, NULL), ERR_CONFLICT);
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 2);
	assert_int_equal(store_end(s, true, NULL), ERR_INTERNAL);
	set("e");
}

static void test_harmless_failures_inside(void **state)
{
	struct store_result r = { .id = ID_A, .verdict = VERDICT_ACCEPTED, .leaf = 1 };
	struct store_decide d = fixture_decide("receipts", 1, ID_A, false);
	struct err err = ERR_INIT;

	(void)state;
	ok(store_begin(s, &fixture_err));
	set("a");
	assert_int_equal(store_result(s, &r, &err), ERR_NOT_FOUND);
	err_clear(&err);
	assert_int_equal(store_decide(s, &d, &err), ERR_CONFLICT);
	set("b");
	ok(store_end(s, true, &fixture_err));
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 2);
	assert_int_equal(fixture_number("SELECT count(*) FROM act"), 0);
	assert_int_equal(fixture_number("SELECT count(*) FROM log"), 0);
}

static void test_a_real_failure_inside(void **state)
{
	struct store_lease_in l = { .review = fixture_review(1), .queue = "receipts",
		.token = "1", .digest = "sha256:this is far too long to be a digest of any kind, is it not, "
		"and it goes on and on", .doc = "{}", .bytes = "", .revision = 1 };
	struct err err = ERR_INIT;

	(void)state;
	ok(store_begin(s, &fixture_err));
	set("a");
	assert_int_equal(store_lease_put(s, &l, &err), ERR_INVALID);
	/* Nothing more is taken, and the end tells why. */
	assert_int_equal(store_fact_set(s, "b", "1", NULL), ERR_INVALID);
	err_clear(&err);
	assert_int_equal(store_end(s, true, &err), ERR_INVALID);
	assert_int_equal(err.code, ERR_INVALID);
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 0);
	set("c");
	assert_int_equal(fixture_number("SELECT count(*) FROM fact"), 1);
}

static void test_nothing_is_shared_between_calls(void **state)
{
	char *one, *two;

	(void)state;
	ok(store_fact_set(s, "a", "1", &fixture_err));
	ok(store_fact(s, "a", &one, &fixture_err));
	ok(store_fact_set(s, "a", "2", &fixture_err));
	ok(store_fact(s, "a", &two, &fixture_err));
	assert_string_equal(one, "1");
	assert_string_equal(two, "2");
	free(one);
	free(two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_or_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nested, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_harmless_failures_inside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_real_failure_inside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_is_shared_between_calls, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
