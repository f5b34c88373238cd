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

#define ID_A "0190d000-0000-7000-8000-00000000000a"
#define ID_B "0190d000-0000-7000-8000-00000000000b"
#define ID_C "0190d000-0000-7000-8000-00000000000c"

static int set_up(void **state)
{
	(void)state;
	fixture_begin();
	s = fixture_open();
	fixture_queues(s);
	for (int i = 1; i <= 4; i++) {
		struct review_header h = fixture_header(i == 4 ? "agent" : "receipts", i);
		size_t taken;

		ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
		fixture_lease(s, i == 4 ? "agent" : "receipts", i, 500000);
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

static void decide(int n, const char *id, bool hold)
{
	struct store_decide d = fixture_decide(n == 4 ? "agent" : "receipts", n, id, hold);

	ok(store_decide(s, &d, &fixture_err));
}

static int decide_rc(const struct store_decide *d)
{
	struct err err = ERR_INIT;

	return store_decide(s, d, &err);
}

static struct store_entry entry(const char *id)
{
	static struct store_entries *e;

	store_entries_free(e);
	ok(store_entry_find(s, id, &e, &fixture_err));
	if (!e)
		fail_msg("%s is not known", id);
	return e->items[0];
}

static size_t waiting(void)
{
	struct store_entries *e;
	size_t count;

	ok(store_outbox(s, 100, 0, &e, &fixture_err));
	count = e->count;
	store_entries_free(e);
	return count;
}

static int mine(int n)
{
	struct store_window *w;
	int m;

	ok(store_header_find(s, fixture_review(n), &w, &fixture_err));
	m = (int)w->rows[0].mine;
	store_window_free(w);
	return m;
}

static char *draft(int n)
{
	char *text;

	ok(store_draft_find(s, fixture_review(n), &text, &fixture_err));
	return text;
}

static void test_decide_is_one_thing(void **state)
{
	struct store_entry e;
	uint64_t log = store_generation(s, STORE_TOPIC_LOG);

	(void)state;
	ok(store_draft_put(s, fixture_review(1), "{\"note\":\"older\"}", &fixture_err));
	decide(1, ID_A, true);
	e = entry(ID_A);
	assert_int_equal(e.state, STORE_HELD);
	assert_int_equal(e.act, STORE_ACT_DECISION);
	assert_string_equal(e.review, fixture_review(1));
	assert_string_equal(e.envelope, "{\"outcome\":\"approve\"}");
	assert_string_equal(e.content, "{\"value\":null}");
	assert_string_equal(e.draft, "{\"note\":\"typed\"}");
	assert_string_equal(e.summary, "approved");
	assert_string_equal(e.device, "");
	assert_int_equal(e.seq, 0);
	assert_int_equal(e.leaf, -1);
	assert_int_equal(e.lease_ends_boot_ms, 500000);
	assert_false(e.producer_waits);
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_DECIDED);
	assert_int_equal(mine(1), STORE_MINE_DECIDED);
	assert_null(draft(1));
	assert_int_equal(waiting(), 0);
	assert_int_equal(fixture_number("SELECT count(*) FROM log WHERE event = 'decision.recorded' "
	                                "AND subject = '" ID_A "'"), 1);
	assert_true(store_generation(s, STORE_TOPIC_LOG) > log);
	decide(4, ID_B, true);
	assert_true(entry(ID_B).producer_waits);
}

/* What was decided or left is not on the screen: a desk that dies now does not
 * die over it. */
static void test_an_act_ends_the_showing(void **state)
{
	struct store_dispose left = { .id = ID_B, .review = fixture_review(2),
		.disposition = DISPOSITION_SKIP, .decided_ms = 1, .hold = true };

	(void)state;
	fixture_sql("UPDATE lease SET showings = 1");
	ok(store_showing_begin(s, fixture_review(1), &fixture_err));
	decide(1, ID_A, true);
	assert_int_equal(fixture_number("SELECT count(*) FROM showing"), 0);
	assert_int_equal(fixture_number("SELECT showings FROM lease WHERE n = 1"), 0);
	ok(store_showing_begin(s, fixture_review(3), &fixture_err));
	ok(store_dispose(s, &left, &fixture_err));
	assert_int_equal(fixture_number("SELECT count(*) FROM showing"), 1);
	assert_int_equal(fixture_number("SELECT showings FROM lease WHERE n = 3"), 1);
	ok(store_showing_begin(s, fixture_review(4), &fixture_err));
	decide(4, ID_C, true);
	assert_int_equal(fixture_number("SELECT count(*) FROM showing"), 0);
}

static void test_without_a_hold_it_is_sendable(void **state)
{
	struct store_entry e;

	(void)state;
	decide(1, ID_A, false);
	decide(2, ID_B, false);
	e = entry(ID_A);
	assert_int_equal(e.state, STORE_WAITING);
	assert_string_equal(e.device, store_device(s));
	assert_int_equal(e.seq, 1);
	assert_int_equal(entry(ID_B).seq, 2);
	assert_int_equal(waiting(), 2);
}

static void test_refuses_what_is_not_what_was_shown(void **state)
{
	struct store_decide d = fixture_decide("receipts", 1, ID_A, true);
	struct store_decide wrong = d;

	(void)state;
	wrong.token = "1";
	assert_int_equal(decide_rc(&wrong), ERR_CONFLICT);
	wrong = d;
	wrong.revision = 2;
	assert_int_equal(decide_rc(&wrong), ERR_CONFLICT);
	wrong = d;
	wrong.digest = fixture_digest(99);
	assert_int_equal(decide_rc(&wrong), ERR_CONFLICT);
	wrong = d;
	wrong.review = fixture_review(77);
	assert_int_equal(decide_rc(&wrong), ERR_CONFLICT);
	assert_int_equal(fixture_number("SELECT count(*) FROM act"), 0);
	assert_int_equal(fixture_number("SELECT count(*) FROM outbox"), 0);
	ok(store_decide(s, &d, &fixture_err));
	d.id = ID_B;
	assert_int_equal(decide_rc(&d), ERR_CONFLICT);
	ok(store_lease_recall(s, fixture_review(2), "gone", &fixture_err));
	d = fixture_decide("receipts", 2, ID_B, true);
	assert_int_equal(decide_rc(&d), ERR_CONFLICT);
	d = fixture_decide("receipts", 3, ID_A, true);
	assert_int_equal(decide_rc(&d), ERR_EXISTS);
	assert_int_equal(fixture_lease_state(s, 3), STORE_LEASE_READY);
	assert_int_equal(fixture_number("SELECT count(*) FROM act"), 1);
	assert_int_equal(fixture_number("SELECT count(*) FROM outbox"), 1);
}

static void test_undo_brings_everything_back(void **state)
{
	struct err err = ERR_INIT;
	char *text;

	(void)state;
	decide(1, ID_A, true);
	ok(store_undo(s, ID_A, clock_now_ms(), &fixture_err));
	assert_int_equal(fixture_state(s, ID_A), -1);
	assert_int_equal(fixture_number("SELECT count(*) FROM outbox"), 0);
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_OPENED);
	assert_int_equal(mine(1), STORE_MINE_LEASED);
	text = draft(1);
	assert_string_equal(text, "{\"note\":\"typed\"}");
	free(text);
	assert_int_equal(fixture_number("SELECT count(*) FROM log WHERE event = 'decision.undone'"), 1);
	assert_int_equal(store_undo(s, ID_A, clock_now_ms(), &err), ERR_NOT_FOUND);
	decide(1, ID_B, true);
	assert_int_equal(fixture_state(s, ID_B), STORE_HELD);
}

static void test_undo_ends_with_the_hold(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	decide(1, ID_A, true);
	ok(store_release(s, INT64_MAX, NULL, &fixture_err));
	assert_int_equal(store_undo(s, ID_A, clock_now_ms(), &err), ERR_CONFLICT);
	assert_int_equal(fixture_state(s, ID_A), STORE_WAITING);
	assert_int_equal(waiting(), 1);
}

static void test_undo_of_what_was_recalled_meanwhile(void **state)
{
	(void)state;
	decide(1, ID_A, true);
	ok(store_lease_recall(s, fixture_review(1), "revised", &fixture_err));
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_DECIDED);
	ok(store_undo(s, ID_A, clock_now_ms(), &fixture_err));
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_RECALLED);
	assert_int_equal(mine(1), STORE_MINE_NO);
}

static void test_seq_is_given_when_the_hold_ends(void **state)
{
	const char *second[] = { ID_B };
	size_t released;

	(void)state;
	decide(1, ID_A, true);
	decide(2, ID_B, true);
	decide(3, ID_C, true);
	ok(store_release_ids(s, second, 1, &fixture_err));
	assert_int_equal(entry(ID_B).seq, 1);
	assert_int_equal(entry(ID_A).state, STORE_HELD);
	assert_int_equal(entry(ID_A).seq, 0);
	/* An undone one leaves no gap in the numbers. */
	ok(store_undo(s, ID_A, clock_now_ms(), &fixture_err));
	ok(store_release(s, INT64_MAX, &released, &fixture_err));
	assert_int_equal(released, 1);
	assert_int_equal(entry(ID_C).seq, 2);
	ok(store_release(s, INT64_MAX, &released, &fixture_err));
	assert_int_equal(released, 0);
	ok(store_release_ids(s, second, 1, &fixture_err));
	assert_int_equal(entry(ID_B).seq, 1);
	decide(1, ID_A, false);
	assert_int_equal(entry(ID_A).seq, 3);
}

static void test_release_up_to_one(void **state)
{
	(void)state;
	decide(1, ID_A, true);
	decide(2, ID_B, true);
	ok(store_release(s, entry(ID_A).n, NULL, &fixture_err));
	assert_int_equal(entry(ID_A).state, STORE_WAITING);
	assert_int_equal(entry(ID_B).state, STORE_HELD);
}

static void test_a_restart_ends_the_hold(void **state)
{
	(void)state;
	decide(1, ID_A, true);
	store_close(s);
	s = fixture_open();
	assert_int_equal(entry(ID_A).state, STORE_WAITING);
	assert_int_equal(entry(ID_A).seq, 1);
	store_close(s);
	s = fixture_open();
	assert_int_equal(entry(ID_A).seq, 1);
	assert_int_equal(waiting(), 1);
}

static void test_dispositions(void **state)
{
	struct store_dispose d = {
		.id = ID_A, .review = fixture_review(1), .disposition = DISPOSITION_DEFER,
		.reason = "later", .decided_ms = clock_now_ms(), .decided_boot_ms = 5, .hold = true
	};
	struct err err = ERR_INIT;
	struct store_entries *e;

	(void)state;
	ok(store_draft_put(s, fixture_review(1), "{}", &fixture_err));
	ok(store_dispose(s, &d, &fixture_err));
	assert_int_equal(entry(ID_A).act, STORE_ACT_DISPOSITION);
	assert_int_equal(entry(ID_A).disposition, DISPOSITION_DEFER);
	assert_string_equal(entry(ID_A).reason, "later");
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_DISPOSED);
	assert_int_equal(mine(1), STORE_MINE_NO);
	free(draft(1));
	assert_int_equal(fixture_number("SELECT count(*) FROM draft"), 1);
	d.id = ID_B;
	assert_int_equal(store_dispose(s, &d, &err), ERR_CONFLICT);
	ok(store_undo(s, ID_A, clock_now_ms(), &fixture_err));
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_OPENED);
	assert_int_equal(mine(1), STORE_MINE_LEASED);
	d.id = ID_C;
	ok(store_dispose(s, &d, &fixture_err));
	ok(store_release(s, INT64_MAX, NULL, &fixture_err));
	/* It takes no number: only decisions are numbered. */
	assert_int_equal(entry(ID_C).seq, 0);
	ok(store_releases(s, 10, &e, &fixture_err));
	assert_int_equal(e->count, 1);
	assert_string_equal(e->items[0].token, fixture_token(1));
	store_entries_free(e);
	assert_int_equal(waiting(), 0);
	ok(store_disposition_done(s, ID_C, clock_now_ms(), &fixture_err));
	ok(store_disposition_done(s, ID_C, clock_now_ms(), &fixture_err));
	assert_int_equal(entry(ID_C).state, STORE_RECEIVED);
	assert_int_equal(fixture_number("SELECT count(*) FROM outbox"), 0);
	assert_int_equal(fixture_number("SELECT count(*) FROM lease WHERE n = 1"), 0);
	assert_int_equal(store_undo(s, ID_C, clock_now_ms(), &err), ERR_CONFLICT);
}

static void test_amendments(void **state)
{
	struct store_decide d = fixture_decide("receipts", 1, ID_B, true);
	struct err err = ERR_INIT;

	(void)state;
	d.amends = ID_A;
	assert_int_equal(store_decide(s, &d, &err), ERR_NOT_FOUND);
	decide(1, ID_A, true);
	err_clear(&err);
	assert_int_equal(store_decide(s, &d, &err), ERR_CONFLICT);
	ok(store_release(s, INT64_MAX, NULL, &fixture_err));
	ok(store_decide(s, &d, &fixture_err));
	assert_string_equal(entry(ID_B).amends, ID_A);
	/* No lease is needed, so none bounds its hold. */
	assert_int_equal(entry(ID_B).lease_ends_boot_ms, 0);
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_DECIDED);
	ok(store_undo(s, ID_B, clock_now_ms(), &fixture_err));
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_DECIDED);
	assert_int_equal(entry(ID_A).state, STORE_WAITING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_decide_is_one_thing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_act_ends_the_showing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_without_a_hold_it_is_sendable, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refuses_what_is_not_what_was_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_brings_everything_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_ends_with_the_hold, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_of_what_was_recalled_meanwhile, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(test_seq_is_given_when_the_hold_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_release_up_to_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_restart_ends_the_hold, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dispositions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_amendments, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("act", tests, NULL, NULL);
}
