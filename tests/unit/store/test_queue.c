/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
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

static void test_everything_is_kept(void **state)
{
	struct store_queue_in in = {
		.name = "receipts", .title = "Alle", .kind = KIND_CLASSIFICATION,
		.definition = "sha256:d", .policy = "sha256:p", .guide = "sha256:g",
		.roles = "lead,reviewer", .producer_waits = true, .lease_s = 60, .waiting = 7
	};
	struct store_queues *q;
	struct err err = ERR_INIT;

	(void)state;
	ok(store_queues_put(s, &in, 1, &fixture_err));
	ok(store_queues(s, &q, &fixture_err));
	assert_int_equal(q->count, 1);
	assert_string_equal(q->items[0].name, "receipts");
	assert_string_equal(q->items[0].title, "Alle");
	assert_int_equal(q->items[0].kind, KIND_CLASSIFICATION);
	assert_string_equal(q->items[0].definition, "sha256:d");
	assert_string_equal(q->items[0].policy, "sha256:p");
	assert_string_equal(q->items[0].guide, "sha256:g");
	assert_string_equal(q->items[0].roles, "lead,reviewer");
	assert_true(q->items[0].producer_waits);
	assert_int_equal(q->items[0].lease_s, 60);
	assert_int_equal(q->items[0].waiting, 7);
	store_queues_free(q);
	assert_int_equal(store_queue_get(s, "agent", &q, &err), ERR_NOT_FOUND);
	assert_null(q);
}

static void test_order_is_by_title(void **state)
{
	struct store_queues *q;

	(void)state;
	ok(store_queues(s, &q, &fixture_err));
	assert_int_equal(q->count, 2);
	assert_string_equal(q->items[0].name, "agent");
	assert_string_equal(q->items[1].name, "receipts");
	store_queues_free(q);
}

/* Putting the same again keeps what belongs to a queue. */
static void test_put_again(void **state)
{
	struct review_header h = fixture_header("receipts", 1);
	struct store_queues *q;
	size_t taken;

	(void)state;
	ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
	fixture_queues(s);
	ok(store_queue_get(s, "receipts", &q, &fixture_err));
	assert_int_equal(q->items[0].open, 1);
	store_queues_free(q);
}

static void test_a_queue_that_is_no_longer_mine(void **state)
{
	struct store_queue_in in = { .name = "agent", .title = "Agent", .kind = KIND_APPROVAL };
	struct store_decide d = fixture_decide("receipts", 2, ID_A, false);
	struct store_leases *l;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		struct review_header h = fixture_header(i == 3 ? "agent" : "receipts", i);
		size_t taken;

		ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
		fixture_lease(s, i == 3 ? "agent" : "receipts", i, 5000);
	}
	d.review = fixture_review(2);
	ok(store_decide(s, &d, &fixture_err));
	ok(store_queues_put(s, &in, 1, &fixture_err));
	assert_int_equal(fixture_number("SELECT count(*) FROM header"), 1);
	ok(store_leases(s, NULL, &l, &fixture_err));
	/* What was decided goes its way to the server. */
	assert_int_equal(l->count, 2);
	store_leases_free(l);
	assert_int_equal(fixture_state(s, ID_A), STORE_WAITING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_everything_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_order_is_by_title, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_put_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_queue_that_is_no_longer_mine, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
