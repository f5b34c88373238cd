/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "unit/store/fixture.h"

static struct store *s;

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

static void put(const struct review_header *h)
{
	size_t taken;

	ok(store_headers_put(s, h, 1, NULL, NULL, &taken, &fixture_err));
}

/* The kept counts are those one gets by counting. */
static void assert_counts(void)
{
	assert_int_equal(fixture_number(
		"SELECT count(*) FROM queue q WHERE opened <> (SELECT count(*) FROM header h WHERE "
		"h.queue = q.id) OR held <> (SELECT count(*) FROM header h WHERE h.queue = q.id AND "
		"h.held) OR leased <> (SELECT count(*) FROM header h WHERE h.queue = q.id AND mine = 1) "
		"OR decided <> (SELECT count(*) FROM header h WHERE h.queue = q.id AND mine = 2) "
		"OR escalations <> (SELECT count(*) FROM header h WHERE h.queue = q.id AND stage = 2) "
		"OR samples <> (SELECT count(*) FROM header h WHERE h.queue = q.id AND stage = 3)"), 0);
}

static struct store_queue queue(const char *name)
{
	struct store_queues *q;
	struct store_queue copy;

	ok(store_queue_get(s, name, &q, &fixture_err));
	copy = q->items[0];
	store_queues_free(q);
	return copy;
}

static enum store_mine mine(int n)
{
	struct store_window *w;
	enum store_mine m;

	ok(store_header_find(s, fixture_review(n), &w, &fixture_err));
	assert_non_null(w);
	m = w->rows[0].mine;
	store_window_free(w);
	return m;
}

static void test_counts_follow_every_change(void **state)
{
	struct review_header h;

	(void)state;
	for (int i = 0; i < 30; i++) {
		h = fixture_header(i % 3 ? "receipts" : "agent", i);
		h.stage = (enum stage)(i % 4);
		h.held = i % 2;
		put(&h);
	}
	assert_counts();
	assert_int_equal(queue("receipts").open, 20);
	assert_int_equal(queue("agent").open, 10);
	/* changed in place, moved within the queue, moved to another queue, gone */
	h = fixture_header("receipts", 1);
	h.stage = STAGE_ESCALATION;
	h.held = true;
	put(&h);
	h = fixture_header("receipts", 2);
	h.order = 999;
	put(&h);
	h = fixture_header("agent", 4);
	put(&h);
	ok(store_header_gone(s, fixture_review(5), &fixture_err));
	ok(store_header_gone(s, fixture_review(5), &fixture_err));
	assert_counts();
	assert_int_equal(queue("receipts").open, 18);
	assert_int_equal(queue("agent").open, 11);
}

static void test_next_due(void **state)
{
	struct review_header h = fixture_header("receipts", 1);

	(void)state;
	assert_int_equal(queue("receipts").next_due_ms, 0);
	h.due_ms = 0;
	put(&h);
	assert_int_equal(queue("receipts").next_due_ms, 0);
	h = fixture_header("receipts", 2);
	h.due_ms = 5000;
	put(&h);
	h = fixture_header("receipts", 3);
	h.due_ms = 4000;
	put(&h);
	assert_int_equal(queue("receipts").next_due_ms, 4000);
}

static void test_marks_survive(void **state)
{
	struct review_header h = fixture_header("receipts", 1);
	struct store_decide d = fixture_decide("receipts", 1, "0190d000-0000-7000-8000-000000000001",
	                                       true);

	(void)state;
	/* The lease comes before the header. */
	fixture_lease(s, "receipts", 1, INT64_MAX);
	put(&h);
	assert_int_equal(mine(1), STORE_MINE_LEASED);
	assert_int_equal(queue("receipts").leased, 1);
	ok(store_decide(s, &d, &fixture_err));
	assert_int_equal(mine(1), STORE_MINE_DECIDED);
	h.order = 70;
	put(&h);
	assert_int_equal(mine(1), STORE_MINE_DECIDED);
	ok(store_header_gone(s, h.review, &fixture_err));
	put(&h);
	assert_int_equal(mine(1), STORE_MINE_DECIDED);
	assert_counts();
}

static void test_slices_and_the_cursor(void **state)
{
	enum { MANY = 3000 };
	static struct review_header h[MANY];
	static char external[MANY][16];
	size_t done = 0, taken;
	char *cursor = NULL;
	int slices = 0;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		h[i] = fixture_header("receipts", i);
		snprintf(external[i], sizeof external[i], "x-%d", i);
		h[i].external_id = external[i];
	}
	while (done < MANY) {
		ok(store_headers_put(s, h + done, MANY - done, "reviews/receipts", "c7", &taken,
		                     &fixture_err));
		assert_true(taken > 0);
		done += taken;
		slices++;
		ok(store_cursor(s, "reviews/receipts", &cursor, &fixture_err));
		/* The cursor moves with the last of its rows, never before. */
		if (done < MANY)
			assert_null(cursor);
		else
			assert_string_equal(cursor, "c7");
		free(cursor);
	}
	assert_true(slices > 1);
	assert_int_equal(queue("receipts").open, MANY);
	assert_counts();
}

static void test_rows_of_unknown_queues_are_left_out(void **state)
{
	struct review_header h = fixture_header("nowhere", 1);
	size_t taken;

	(void)state;
	ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
	assert_int_equal(taken, 1);
	assert_int_equal(fixture_number("SELECT count(*) FROM header"), 0);
	ok(store_headers_put(s, &h, 0, "feed", "c1", &taken, &fixture_err));
}

static void test_a_complete_reread(void **state)
{
	struct review_header h;
	bool more = true;
	int steps = 0;

	(void)state;
	for (int i = 0; i < 700; i++) {
		h = fixture_header("receipts", i);
		put(&h);
	}
	h = fixture_header("agent", 1000);
	put(&h);
	ok(store_mirror_begin(s, "receipts", &fixture_err));
	for (int i = 0; i < 700; i += 2) {
		h = fixture_header("receipts", i);
		put(&h);
	}
	while (more) {
		ok(store_mirror_sweep(s, "receipts", &more, &fixture_err));
		assert_true(++steps < 100);
	}
	assert_int_equal(queue("receipts").open, 350);
	assert_int_equal(queue("agent").open, 1);
	assert_int_equal(fixture_number("SELECT count(*) FROM header WHERE queue = 1 AND ord % 2"), 0);
	assert_counts();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_counts_follow_every_change, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_next_due, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_marks_survive, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_slices_and_the_cursor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rows_of_unknown_queues_are_left_out, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(test_a_complete_reread, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
