/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "unit/store/fixture.h"

enum { ROWS = 137 };

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

static void put(int n, int64_t order, int64_t due_ms)
{
	struct review_header h = fixture_header("receipts", n);
	size_t taken;

	h.order = order;
	h.due_ms = due_ms;
	ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
	assert_int_equal(taken, 1);
}

static struct store_window *page(enum store_order order, enum store_from from,
                                 const struct store_key *key, size_t want)
{
	struct store_page p = { .queue = "receipts", .order = order, .from = from, .want = want };
	struct store_window *w;

	if (key)
		p.key = *key;
	ok(store_window(s, &p, &w, &fixture_err));
	return w;
}

/* Rows in an order that differs from that of their ids; the oracle is a plain
 * sort of what was put in. */
struct row {
	int n;
	int64_t order, due;
};

static int by_order(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->n - y->n;
}

static int by_due(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int64_t dx = x->due ? x->due : INT64_MAX, dy = y->due ? y->due : INT64_MAX;

	if (dx != dy)
		return dx < dy ? -1 : 1;
	return by_order(a, b);
}

static void fill(struct row rows[ROWS])
{
	for (int i = 0; i < ROWS; i++) {
		/* Many rows share an order and a due time; some have none. */
		rows[i] = (struct row){ i, (i * 37) % 20 - 5, i % 7 ? (i * 53) % 30 + 1 : 0 };
		put(i, rows[i].order, rows[i].due);
	}
}

static void assert_rows(const struct store_window *w, const struct row *rows, size_t from,
                        size_t count)
{
	assert_int_equal(w->count, count);
	assert_int_equal(w->total, ROWS);
	assert_int_equal(w->position, from);
	assert_true(w->exact);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(w->rows[i].header.review, fixture_review(rows[from + i].n));
		assert_int_equal(w->rows[i].header.order, rows[from + i].order);
		assert_int_equal(w->rows[i].header.due_ms, rows[from + i].due);
	}
}

static void walk(enum store_order order, const struct row *rows, size_t want)
{
	struct store_window *w = page(order, STORE_FROM_START, NULL, want);
	struct store_key key;
	size_t at = 0;

	while (w->count) {
		size_t left = ROWS - at < want ? ROWS - at : want;

		assert_rows(w, rows, at, left);
		at += w->count;
		key = store_window_key(w, w->count - 1);
		store_window_free(w);
		w = page(order, STORE_FROM_AFTER, &key, want);
	}
	assert_int_equal(at, ROWS);
	store_window_free(w);

	w = page(order, STORE_FROM_END, NULL, want);
	while (w->count) {
		at -= w->count;
		assert_rows(w, rows, at, w->count);
		key = store_window_key(w, 0);
		store_window_free(w);
		w = page(order, STORE_FROM_BEFORE, &key, want);
	}
	assert_int_equal(at, 0);
	store_window_free(w);
}

static void test_both_orders_both_ways(void **state)
{
	struct row rows[ROWS];

	(void)state;
	fill(rows);
	qsort(rows, ROWS, sizeof *rows, by_order);
	for (size_t want = 1; want <= 64; want *= 4)
		walk(STORE_ORDER_SERVER, rows, want);
	qsort(rows, ROWS, sizeof *rows, by_due);
	for (size_t want = 1; want <= 64; want *= 4)
		walk(STORE_ORDER_DUE, rows, want);
}

static void test_positions_after_the_list_moved(void **state)
{
	struct row rows[ROWS];
	struct store_window *w;
	struct store_key key;

	(void)state;
	fill(rows);
	qsort(rows, ROWS, sizeof *rows, by_order);
	w = page(STORE_ORDER_SERVER, STORE_FROM_START, NULL, 50);
	key = store_window_key(w, 40);
	store_window_free(w);
	/* Five rows come before it, and the row of the key itself goes. */
	for (int i = 0; i < 5; i++)
		put(500 + i, -100, 0);
	w = page(STORE_ORDER_SERVER, STORE_FROM_AFTER, &key, 3);
	assert_int_equal(w->position, 46);
	assert_string_equal(w->rows[0].header.review, fixture_review(rows[41].n));
	store_window_free(w);
	ok(store_header_gone(s, fixture_review(rows[40].n), &fixture_err));
	w = page(STORE_ORDER_SERVER, STORE_FROM_AFTER, &key, 3);
	assert_int_equal(w->position, 45);
	assert_string_equal(w->rows[0].header.review, fixture_review(rows[41].n));
	store_window_free(w);
	w = page(STORE_ORDER_SERVER, STORE_FROM_AT, &key, 3);
	assert_int_equal(w->position, 45);
	assert_string_equal(w->rows[0].header.review, fixture_review(rows[41].n));
	store_window_free(w);
	w = page(STORE_ORDER_SERVER, STORE_FROM_BEFORE, &key, 3);
	assert_int_equal(w->position, 42);
	assert_string_equal(w->rows[2].header.review, fixture_review(rows[39].n));
	assert_true(w->exact);
	store_window_free(w);
}

/* Far from both ends a position is not counted, and says so. */
static void test_positions_in_a_long_list(void **state)
{
	enum { MANY = 6000 };
	struct review_header *h = mem_zalloc(MANY * sizeof *h);
	struct store_window *w;
	struct store_key key;
	size_t done = 0, taken;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		h[i] = fixture_header("receipts", i);
		h[i].external_id = (char *)"x";
	}
	while (done < MANY) {
		ok(store_headers_put(s, h + done, MANY - done, NULL, NULL, &taken, &fixture_err));
		done += taken;
	}
	ok(store_header_key(s, fixture_review(3000), STORE_ORDER_SERVER, &key, &fixture_err));
	key.position = 3001;
	w = page(STORE_ORDER_SERVER, STORE_FROM_AT, &key, 5);
	assert_false(w->exact);
	assert_int_equal(w->position, 3001);
	/* Handed on it does not become exact. */
	key = store_window_key(w, 4);
	store_window_free(w);
	w = page(STORE_ORDER_SERVER, STORE_FROM_AFTER, &key, 5);
	assert_false(w->exact);
	store_window_free(w);
	ok(store_header_key(s, fixture_review(5990), STORE_ORDER_SERVER, &key, &fixture_err));
	w = page(STORE_ORDER_SERVER, STORE_FROM_AT, &key, 5);
	assert_true(w->exact);
	assert_int_equal(w->position, 5990);
	store_window_free(w);
	free(h);
}

static void test_a_row_has_everything(void **state)
{
	struct review_header h = fixture_header("receipts", 1);
	struct store_window *w;
	size_t taken;

	(void)state;
	h.case_id = (char *)"order-77";
	h.kind = KIND_CLASSIFICATION;
	h.safety_class = CLASS_HIGH_IMPACT;
	h.stage = STAGE_ESCALATION;
	h.confidence_pm = -1;
	h.held = true;
	ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
	ok(store_header_find(s, h.review, &w, &fixture_err));
	assert_non_null(w);
	assert_string_equal(w->rows[0].header.proposal, h.proposal);
	assert_string_equal(w->rows[0].header.external_id, "ext-1");
	assert_string_equal(w->rows[0].header.queue, "receipts");
	assert_string_equal(w->rows[0].header.case_id, "order-77");
	assert_string_equal(w->rows[0].header.state, "waiting");
	assert_int_equal(w->rows[0].header.kind, KIND_CLASSIFICATION);
	assert_int_equal(w->rows[0].header.safety_class, CLASS_HIGH_IMPACT);
	assert_int_equal(w->rows[0].header.stage, STAGE_ESCALATION);
	assert_int_equal(w->rows[0].header.confidence_pm, -1);
	assert_int_equal(w->rows[0].header.received_ms, 1000);
	assert_true(w->rows[0].header.held);
	assert_int_equal(w->rows[0].mine, STORE_MINE_NO);
	store_window_free(w);
	ok(store_header_find(s, fixture_review(2), &w, &fixture_err));
	assert_null(w);
}

static void test_unknown_and_empty_queues(void **state)
{
	struct store_page p = { .queue = "nowhere", .want = 10 };
	struct err err = ERR_INIT;
	struct store_window *w;

	(void)state;
	assert_int_equal(store_window(s, &p, &w, &err), ERR_NOT_FOUND);
	assert_null(w);
	w = page(STORE_ORDER_DUE, STORE_FROM_END, NULL, 10);
	assert_int_equal(w->count, 0);
	assert_int_equal(w->total, 0);
	store_window_free(w);
}

static void test_ids_of_another_form(void **state)
{
	struct review_header h = fixture_header("receipts", 1);
	struct store_window *w;
	size_t taken;

	(void)state;
	strcpy(h.review, "review-7");
	ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
	put(2, 1, 0);
	w = page(STORE_ORDER_SERVER, STORE_FROM_START, NULL, 10);
	assert_int_equal(w->count, 2);
	store_window_free(w);
	ok(store_header_find(s, "review-7", &w, &fixture_err));
	assert_string_equal(w->rows[0].header.review, "review-7");
	store_window_free(w);
}

static void test_names(void **state)
{
	char review[ID_SIZE];
	struct err err = ERR_INIT;
	struct review_header h = fixture_header("agent", 9);
	struct store_decide d;
	size_t taken;

	(void)state;
	put(1, 1, 0);
	put(2, 2, 0);
	ok(store_resolve(s, NULL, fixture_review(1), review, &fixture_err));
	assert_string_equal(review, fixture_review(1));
	ok(store_resolve(s, "receipts", "ext-2", review, &fixture_err));
	assert_string_equal(review, fixture_review(2));
	assert_int_equal(store_resolve(s, "agent", "ext-2", review, &err), ERR_NOT_FOUND);
	err_clear(&err);
	assert_int_equal(store_resolve(s, NULL, "ext-77", review, &err), ERR_NOT_FOUND);
	/* The same external id in another queue. */
	h.external_id = (char *)"ext-2";
	ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
	err_clear(&err);
	assert_int_equal(store_resolve(s, NULL, "ext-2", review, &err), ERR_CONFLICT);
	ok(store_resolve(s, "agent", "ext-2", review, &fixture_err));
	assert_string_equal(review, fixture_review(9));
	/* What is reserved here comes first; what was decided here last. */
	fixture_lease(s, "receipts", 2, INT64_MAX);
	ok(store_resolve(s, NULL, "ext-2", review, &fixture_err));
	assert_string_equal(review, fixture_review(2));
	fixture_lease(s, "receipts", 40, INT64_MAX);
	d = fixture_decide("receipts", 40, "0190d000-0000-7000-8000-000000000040", false);
	d.external_id = "ext-40";
	ok(store_decide(s, &d, &fixture_err));
	fixture_sql("DELETE FROM lease");
	ok(store_resolve(s, NULL, "ext-40", review, &fixture_err));
	assert_string_equal(review, fixture_review(40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_orders_both_ways, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_positions_after_the_list_moved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_positions_in_a_long_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_row_has_everything, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_and_empty_queues, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ids_of_another_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_names, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
