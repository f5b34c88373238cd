/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "unit/store/fixture.h"

static struct store *s;
static char ids[10][ID_SIZE];

/* Ten acts: 0-5 decisions of receipts, 6-7 of agent, 8-9 dispositions. */
static int set_up(void **state)
{
	(void)state;
	fixture_begin();
	s = fixture_open();
	fixture_queues(s);
	for (int i = 0; i < 10; i++) {
		const char *queue = i == 6 || i == 7 ? "agent" : "receipts";

		snprintf(ids[i], ID_SIZE, "0190d000-0000-7000-8000-%012d", i);
		fixture_lease(s, queue, i, 5000);
		if (i < 8) {
			struct store_decide d = fixture_decide(queue, i, ids[i], true);

			d.review = fixture_review(i);
			ok(store_decide(s, &d, &fixture_err));
		} else {
			struct store_dispose d = { .id = ids[i], .review = fixture_review(i),
				.decided_ms = clock_now_ms(), .hold = true };

			ok(store_dispose(s, &d, &fixture_err));
		}
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(s);
	fixture_end();
	return 0;
}

static void answer(int i, enum verdict verdict, int64_t leaf)
{
	struct store_result r = { .id = ids[i], .verdict = verdict, .leaf = leaf, .now_ms = 1 };

	ok(store_result(s, &r, &fixture_err));
}

/* Checks that a list holds just these acts, in this order; "" is none. */
static void assert_list(const struct store_filter *f, const char *wanted)
{
	struct store_entries *e;
	char got[64] = "";

	ok(store_entries(s, f, &e, &fixture_err));
	for (size_t i = 0; i < e->count; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%c", e->items[i].id[35]);
	store_entries_free(e);
	assert_string_equal(got, wanted);
}

/* 0 in the log, 1 received, 2 refused, 3 waiting, 4-7 held, 8 done, 9 held. */
static void settle(void)
{
	const char *sendable[] = { ids[0], ids[1], ids[2], ids[3], ids[8] };

	ok(store_release_ids(s, sendable, 5, &fixture_err));
	answer(0, VERDICT_ACCEPTED, 4);
	answer(1, VERDICT_ACCEPTED, 5);
	answer(2, VERDICT_STALE, 6);
	ok(store_in_log(s, 5, &fixture_err));
	ok(store_disposition_done(s, ids[8], 1, &fixture_err));
}

static void test_filters(void **state)
{
	struct store_filter f = { 0 };
	struct store_entries *e;

	(void)state;
	settle();
	assert_list(&f, "9876543210");
	f.states = 1u << STORE_HELD;
	assert_list(&f, "97654");
	f.states = 1u << STORE_WAITING;
	assert_list(&f, "3");
	f.states = 1u << STORE_HELD | 1u << STORE_WAITING;
	assert_list(&f, "976543");
	f.states = 1u << STORE_RECEIVED;
	assert_list(&f, "81");
	f.states = 1u << STORE_IN_LOG;
	assert_list(&f, "0");
	f.states = 1u << STORE_REFUSED;
	assert_list(&f, "2");
	f.states = 1u << STORE_REFUSED | 1u << STORE_HELD;
	f.queue = "receipts";
	assert_list(&f, "9542");
	f.states = 0;
	f.queue = "agent";
	assert_list(&f, "76");
	f.queue = NULL;
	f.review = fixture_review(5);
	assert_list(&f, "5");
	f.review = NULL;
	f.limit = 3;
	assert_list(&f, "987");
	ok(store_entry_find(s, ids[7], &e, &fixture_err));
	f.before = e->items[0].n;
	store_entries_free(e);
	assert_list(&f, "654");
	f.states = 1u << STORE_HELD;
	assert_list(&f, "654");
}

static void test_bodies_only_where_asked(void **state)
{
	struct store_filter f = { .limit = 1, .states = 1u << STORE_HELD };
	struct store_entries *e;

	(void)state;
	f.review = fixture_review(3);
	ok(store_entries(s, &f, &e, &fixture_err));
	assert_null(e->items[0].envelope);
	store_entries_free(e);
	f.flags = STORE_WITH_BODY;
	ok(store_entries(s, &f, &e, &fixture_err));
	assert_string_equal(e->items[0].envelope, "{\"outcome\":\"approve\"}");
	store_entries_free(e);
}

static void test_newer(void **state)
{
	struct store_entries *e;

	(void)state;
	ok(store_held(s, &e, &fixture_err));
	assert_int_equal(e->count, 10);
	for (size_t i = 0; i < 10; i++) {
		assert_string_equal(e->items[i].id, ids[i]);
		assert_int_equal(e->items[i].newer, i > 6 ? 9 - i : 3);
	}
	store_entries_free(e);
	/* What was undone is not newer. */
	ok(store_undo(s, ids[9], 1, &fixture_err));
	ok(store_held(s, &e, &fixture_err));
	assert_int_equal(e->items[8].newer, 0);
	store_entries_free(e);
}

static void test_outbox_is_bounded(void **state)
{
	struct store_entries *e;

	(void)state;
	ok(store_release(s, INT64_MAX, NULL, &fixture_err));
	ok(store_outbox(s, 3, 0, &e, &fixture_err));
	assert_int_equal(e->count, 3);
	assert_string_equal(e->items[0].id, ids[0]);
	assert_int_equal(e->items[2].seq, 3);
	store_entries_free(e);
	/* At least one, whatever its size. */
	ok(store_outbox(s, 100, 1, &e, &fixture_err));
	assert_int_equal(e->count, 1);
	store_entries_free(e);
	ok(store_outbox(s, 100, 80, &e, &fixture_err));
	assert_int_equal(e->count, 2);
	store_entries_free(e);
	ok(store_outbox(s, 100, 0, &e, &fixture_err));
	assert_int_equal(e->count, 8);
	store_entries_free(e);
	ok(store_releases(s, 1, &e, &fixture_err));
	assert_int_equal(e->count, 1);
	assert_string_equal(e->items[0].id, ids[8]);
	store_entries_free(e);
}

static void test_counts(void **state)
{
	struct store_counts c;

	(void)state;
	settle();
	ok(store_draft_put(s, fixture_review(50), "{}", &fixture_err));
	fixture_lease(s, "receipts", 50, 5000);
	fixture_lease(s, "receipts", 51, 5000);
	ok(store_lease_aside(s, fixture_review(51), "x", &fixture_err));
	ok(store_counts(s, &c, &fixture_err));
	assert_int_equal(c.acts[STORE_HELD], 5);
	assert_int_equal(c.acts[STORE_WAITING], 1);
	assert_int_equal(c.acts[STORE_RECEIVED], 1);
	assert_int_equal(c.acts[STORE_IN_LOG], 1);
	assert_int_equal(c.acts[STORE_REFUSED], 1);
	assert_int_equal(c.today, 8);
	assert_int_equal(c.leases, 1);
	/* The refused one's form came back as a draft, too. */
	assert_int_equal(c.drafts, 2);
	assert_int_equal(c.aside, 1);
	ok(store_undo(s, ids[7], 1, &fixture_err));
	ok(store_counts(s, &c, &fixture_err));
	assert_int_equal(c.today, 7);
	assert_int_equal(c.acts[STORE_HELD], 4);
}

static void test_today_begins_at_midnight(void **state)
{
	struct store_counts c;

	(void)state;
	store_close(s);
	fixture_sql("UPDATE act SET decided_ms = decided_ms - 86400000 WHERE n <= 3");
	s = fixture_open();
	ok(store_counts(s, &c, &fixture_err));
	assert_int_equal(c.today, 5);
	ok(store_counts(s, &c, &fixture_err));
	assert_int_equal(c.today, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_filters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bodies_only_where_asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_newer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_outbox_is_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_today_begins_at_midnight, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
