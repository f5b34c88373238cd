/* SPDX-License-Identifier: Apache-2.0
 *
 * Home, list and outbox over a real store.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/store/fixture.h"
#include "view/sample.h"
#include "view/home.h"
#include "view/listing.h"
#include "view/outbox_view.h"

enum { HEADERS = 2500, PAGE = 18 };

static struct store *store;

static int begin(void **state)
{
	(void)state;
	fixture_begin();
	store = fixture_open();
	fixture_queues(store);
	return 0;
}

static int end(void **state)
{
	(void)state;
	store_close(store);
	fixture_end();
	return 0;
}

/* The fixture lends the strings of eight headers at a time. */
static void put_headers(int first, int count)
{
	while (count > 0) {
		struct review_header list[8];
		size_t part = count < 8 ? (size_t)count : 8, taken, done = 0;

		for (size_t i = 0; i < part; i++)
			list[i] = fixture_header("receipts", first + (int)i);
		for (; done < part; done += taken)
			ok(store_headers_put(store, list + done, part - done, NULL, NULL, &taken,
			                     &fixture_err));
		first += (int)part;
		count -= (int)part;
	}
}

static char *list_text(struct listing *l, unsigned width, unsigned height)
{
	struct facts facts = sample_facts();
	struct rows rows;
	char *text;

	rows_init(&rows, width, 0);
	listing_layout(l, &facts, width, height, &rows);
	text = sample_rows(&rows, height);
	rows_clear(&rows);
	return text;
}

static struct listing *open_list(enum store_order order)
{
	struct listing *l = NULL;

	ok(listing_new(store, "receipts", order, &l, &fixture_err));
	free(list_text(l, 80, PAGE + 3));
	return l;
}

static int64_t place(const struct listing *l)
{
	return listing_selected(l)->header.order;
}

static void test_every_row_is_reached_in_order(void **state)
{
	struct listing *l;

	(void)state;
	put_headers(1, HEADERS);
	l = open_list(STORE_ORDER_SERVER);
	for (int i = 1; i <= HEADERS; i++) {
		assert_int_equal(place(l), i);
		free(list_text(l, 80, PAGE + 3));
		ok(listing_move(l, 1, &fixture_err));
	}
	assert_int_equal(place(l), HEADERS);   /* the end holds */
	for (int i = HEADERS; i >= 1; i--) {
		size_t on_screen = l->cursor - l->top;

		assert_int_equal(place(l), i);
		ok(listing_move(l, -1, &fixture_err));
		free(list_text(l, 80, PAGE + 3));
		/* the rows stand still until the cursor is at the top */
		assert_int_equal(l->cursor - l->top, on_screen ? on_screen - 1 : 0);
	}
	assert_int_equal(place(l), 1);
	listing_free(l);
}

static void test_pages_and_ends(void **state)
{
	struct listing *l;
	int64_t expected = 1;

	(void)state;
	put_headers(1, HEADERS);
	l = open_list(STORE_ORDER_SERVER);
	for (int i = 0; i < 100; i++) {
		ok(listing_move(l, PAGE - 1, &fixture_err));
		expected += PAGE - 1;
		assert_int_equal(place(l), expected);
	}
	for (int i = 0; i < 100; i++) {
		ok(listing_move(l, 1 - PAGE, &fixture_err));
		expected -= PAGE - 1;
		assert_int_equal(place(l), expected);
	}
	ok(listing_move(l, 300, &fixture_err));
	for (int i = 0; i < PAGE - 1; i++) {
		size_t on_screen = l->cursor - l->top;

		ok(listing_move(l, -1, &fixture_err));
		assert_int_equal(l->cursor - l->top, on_screen - 1);
	}
	ok(listing_go(l, true, &fixture_err));
	assert_int_equal(place(l), HEADERS);
	ok(listing_move(l, -1, &fixture_err));
	assert_int_equal(place(l), HEADERS - 1);
	ok(listing_go(l, false, &fixture_err));
	assert_int_equal(place(l), 1);
	ok(listing_set_order(l, STORE_ORDER_DUE, &fixture_err));
	ok(listing_move(l, 1, &fixture_err));
	/* the due time is 1000 - n: what comes later in one order is sooner here */
	assert_true(place(l) > 1);
	listing_free(l);
}

static void test_the_list_stays_where_it_is_when_others_decide(void **state)
{
	struct listing *l;

	(void)state;
	put_headers(1, HEADERS);
	l = open_list(STORE_ORDER_SERVER);
	ok(listing_move(l, 700, &fixture_err));
	assert_int_equal(place(l), 701);
	ok(store_header_gone(store, fixture_review(3), &fixture_err));
	put_headers(HEADERS + 1, 10);
	ok(listing_refresh(l, &fixture_err));
	assert_int_equal(place(l), 701);
	ok(listing_go(l, true, &fixture_err));
	assert_int_equal(place(l), HEADERS + 10);
	listing_free(l);
}

static void test_an_empty_list_says_so(void **state)
{
	struct listing *l = open_list(STORE_ORDER_SERVER);
	struct listing *none = NULL;
	char *text = list_text(l, 80, 21);

	(void)state;
	sample_shows(text, "nothing is open in this queue");
	assert_null(listing_selected(l));
	ok(listing_move(l, 1, &fixture_err));
	ok(listing_move(l, -1, &fixture_err));
	ok(listing_go(l, true, &fixture_err));
	assert_int_equal(listing_new(store, "no-such", STORE_ORDER_SERVER, &none, NULL),
	                 ERR_NOT_FOUND);
	free(text);
	listing_free(l);
}

static void test_lists_fit_every_size(void **state)
{
	struct listing *l;

	(void)state;
	put_headers(1, 40);
	l = open_list(STORE_ORDER_SERVER);
	for (unsigned width = 60; width <= 200; width += 5)
		free(list_text(l, width, 13 + width % 40));
	listing_free(l);
}

/* --- home ---------------------------------------------------------------------- */

static char *home_text(struct home *h, const struct facts *facts, unsigned width,
                       unsigned height)
{
	struct rows rows;
	char *text;

	rows_init(&rows, width, 0);
	home_layout(h, facts, width, height, &rows);
	text = sample_rows(&rows, height);
	rows_clear(&rows);
	return text;
}

static void test_home_counts_and_moves(void **state)
{
	struct facts facts = sample_facts();
	struct home *h = NULL;
	char *text;

	(void)state;
	put_headers(1, 12);
	ok(home_new(store, 0, true, &h, &fixture_err));
	text = home_text(h, &facts, 80, 21);
	sample_shows(text, "▸ everything for me, by due time");
	sample_shows(text, "12 open");
	sample_shows(text, "● online");
	sample_shows(text, "Recorded with each decision");
	sample_shows(text, "outbox: 0 held");
	free(text);
	assert_null(home_selected(h));
	home_move(h, 1);
	assert_non_null(home_selected(h));
	home_move(h, 1000);
	assert_string_equal(home_selected(h)->name,
	                    h->queues->items[h->queues->count - 1].name);
	home_move(h, -1000);
	assert_null(home_selected(h));
	put_headers(13, 1);
	ok(home_refresh(h, &fixture_err));
	text = home_text(h, &facts, 80, 21);
	sample_shows(text, "13 open");
	free(text);
	for (unsigned width = 60; width <= 200; width += 7)
		free(home_text(h, &facts, width, 13 + width % 45));
	home_free(h);
}

static void test_home_says_why_it_is_offline_and_what_was_refused(void **state)
{
	struct facts facts = sample_facts();
	struct home *h = NULL;
	char *text;

	(void)state;
	facts.link = FACTS_OFFLINE;
	strcpy(facts.link_words, "desk.example cannot be reached");
	ok(store_log_add(store, &(struct store_event){ .at_ms = 1, .event = "decision.refused",
		.external_id = "r-7", .text = "the item had changed" }, &fixture_err));
	ok(home_new(store, 0, false, &h, &fixture_err));
	text = home_text(h, &facts, 100, 27);
	sample_shows(text, "○ offline");
	sample_shows(text, "desk.example cannot be reached");
	sample_shows(text, "it is sent later by itself");
	sample_shows(text, "a decision was refused · r-7 · the item had changed");
	sample_hides(text, "Recorded with each decision");
	free(text);
	h->seen = home_newest(h);
	text = home_text(h, &facts, 100, 27);
	sample_shows(text, "nothing that concerns you changed");
	free(text);
	home_free(h);
}

/* --- outbox ---------------------------------------------------------------------- */

static void test_the_outbox_says_how_far_each_act_got(void **state)
{
	static const char held[] = "0193c0de-0000-7000-8000-00000000a001";
	static const char refused[] = "0193c0de-0000-7000-8000-00000000a002";
	struct facts facts = sample_facts();
	struct outbox_view *o = NULL;
	struct store_decide d;
	struct rows rows;
	char *text;

	(void)state;
	put_headers(1, 5);
	fixture_lease(store, "receipts", 1, 1000000000000);
	fixture_lease(store, "receipts", 2, 1000000000000);
	d = fixture_decide("receipts", 1, held, true);
	ok(store_decide(store, &d, &fixture_err));
	d = fixture_decide("receipts", 2, refused, false);
	ok(store_decide(store, &d, &fixture_err));
	ok(store_result(store, &(struct store_result){ .id = refused, .verdict = VERDICT_STALE,
		.leaf = -1, .text = "revision 2 is current", .now_ms = 1 }, &fixture_err));
	ok(outbox_view_new(store, &o, &fixture_err));
	rows_init(&rows, 100, 0);
	outbox_view_layout(o, &facts, 100, 21, &rows);
	text = sample_rows(&rows, 21);
	sample_shows(text, "Outbox · 1 held · 1 refused");
	sample_shows(text, "refused: the item had changed revision 2 is current");
	sample_shows(text, "held");
	free(text);
	outbox_view_move(o, 100);
	assert_int_equal(o->cursor, 1);
	outbox_view_move(o, -100);
	assert_int_equal(o->cursor, 0);
	ok(store_undo(store, held, 2, &fixture_err));
	ok(outbox_view_refresh(o, &fixture_err));
	assert_int_equal(o->entries->count, 1);
	rows_clear(&rows);
	outbox_view_free(o);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_every_row_is_reached_in_order),
		TEST(test_pages_and_ends),
		TEST(test_the_list_stays_where_it_is_when_others_decide),
		TEST(test_an_empty_list_says_so),
		TEST(test_lists_fit_every_size),
		TEST(test_home_counts_and_moves),
		TEST(test_home_says_why_it_is_offline_and_what_was_refused),
		TEST(test_the_outbox_says_how_far_each_act_got),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
