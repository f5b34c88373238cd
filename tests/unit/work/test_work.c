/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "unit/work/fixture.h"

static int set_up(void **state)
{
	(void)state;
	desk_begin(true);
	return 0;
}

static int set_up_without_hold(void **state)
{
	(void)state;
	desk_begin(false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_end();
	return 0;
}

/* Reserves and approves review n; returns the decision's id. */
static const char *approve(const char *queue, int n)
{
	static char ids[16][ID_SIZE];
	static int at;
	struct decision *d = decision_new();
	struct review *r;

	desk_item(queue, n, NULL, NULL);
	r = desk_open(n);
	ok(work_decide(desk_work, r, d, &desk_seen, &fixture_err));
	at = (at + 1) % 16;
	memcpy(ids[at], d->id, ID_SIZE);
	review_free(r);
	decision_free(d);
	return ids[at];
}

static int state_after_tick(const char *id)
{
	ok(work_tick(desk_work, desk_boot_ms, &fixture_err));
	return fixture_state(desk_store, id);
}

static void test_hold_of_one_minute(void **state)
{
	const char *id = approve("intents", 1);

	(void)state;
	assert_int_equal(work_next_ms(desk_work, desk_boot_ms), 60000);
	desk_later(59999);
	assert_int_equal(state_after_tick(id), STORE_HELD);
	assert_int_equal(work_next_ms(desk_work, desk_boot_ms), 1);
	desk_later(1);
	assert_int_equal(state_after_tick(id), STORE_WAITING);
	assert_int_equal(work_next_ms(desk_work, desk_boot_ms), -1);
}

static void test_three_newer_ones(void **state)
{
	const char *first = approve("intents", 1), *second;

	(void)state;
	desk_later(2000);
	second = approve("intents", 2);
	approve("intents", 3);
	desk_later(8000);
	/* Ten seconds, but two newer ones only. */
	assert_int_equal(state_after_tick(first), STORE_HELD);
	approve("intents", 4);
	assert_int_equal(state_after_tick(first), STORE_WAITING);
	assert_int_equal(state_after_tick(second), STORE_HELD);
	desk_later(60000);
	assert_int_equal(state_after_tick(second), STORE_WAITING);
}

static void test_a_waiting_producer(void **state)
{
	const char *id = approve("agent", 1);

	(void)state;
	desk_later(4999);
	assert_int_equal(state_after_tick(id), STORE_HELD);
	desk_later(1);
	assert_int_equal(state_after_tick(id), STORE_WAITING);
}

static void test_the_end_of_the_lease(void **state)
{
	const char *id;

	(void)state;
	id = approve("intents", 1);
	desk_later(1000);
	assert_int_equal(state_after_tick(id), STORE_HELD);
	/* The server shortened it: the hold follows. */
	ok(store_lease_renew(desk_store, fixture_review(1), fixture_token(1), 1,
	                     desk_boot_ms + 20000, &fixture_err));
	assert_int_equal(work_next_ms(desk_work, desk_boot_ms), 5000);
	desk_later(5000);
	assert_int_equal(state_after_tick(id), STORE_WAITING);
}

static void test_leaving_and_restart_end_it(void **state)
{
	const char *one = approve("intents", 1), *two;

	(void)state;
	ok(work_release_all(desk_work, &fixture_err));
	assert_int_equal(fixture_state(desk_store, one), STORE_WAITING);
	ok(work_release_all(desk_work, &fixture_err));
	two = approve("intents", 2);
	desk_restart();
	assert_int_equal(fixture_state(desk_store, two), STORE_WAITING);
}

static void test_subcommands_do_not_hold(void **state)
{
	(void)state;
	assert_int_equal(fixture_state(desk_store, approve("intents", 1)), STORE_WAITING);
	assert_int_equal(work_next_ms(desk_work, desk_boot_ms), -1);
}

static void test_undo(void **state)
{
	struct decision *draft;
	struct work_undo u;
	struct review *r;
	const char *one = approve("receipts", 1), *two = approve("intents", 2);

	(void)state;
	ok(work_undo(desk_work, &u, &fixture_err));
	assert_int_equal(u.what, WORK_UNDONE);
	assert_true(u.is_decision);
	assert_string_equal(u.id, two);
	assert_string_equal(u.review, fixture_review(2));
	assert_string_equal(u.external_id, "ext-2");
	assert_int_equal(fixture_state(desk_store, two), -1);
	r = desk_open(2);
	review_free(r);
	ok(work_draft_load(desk_work, fixture_review(2), &draft, &fixture_err));
	assert_int_equal(draft->outcome, OUTCOME_APPROVE);
	decision_free(draft);
	/* Again: the one before. */
	ok(work_undo(desk_work, &u, &fixture_err));
	assert_string_equal(u.id, one);
	assert_int_equal(work_undo(desk_work, &u, NULL), ERR_NOT_FOUND);
}

static void test_undo_too_late(void **state)
{
	struct work_undo u;
	const char *id = approve("intents", 1);

	(void)state;
	desk_later(60000);
	ok(work_tick(desk_work, desk_boot_ms, &fixture_err));
	ok(work_undo(desk_work, &u, &fixture_err));
	assert_int_equal(u.what, WORK_SENT);
	assert_string_equal(u.id, id);
	assert_int_equal(fixture_state(desk_store, id), STORE_WAITING);
}

static void test_leaving_an_item(void **state)
{
	struct err err = ERR_INIT;
	struct work_undo u;
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	assert_int_equal(work_dispose(desk_work, r, DISPOSITION_NOT_FOR_ME, "", &err), ERR_INVALID);
	ok(work_dispose(desk_work, r, DISPOSITION_SKIP, NULL, &fixture_err));
	assert_int_equal(fixture_lease_state(desk_store, 1), STORE_LEASE_DISPOSED);
	err_clear(&err);
	assert_int_equal(work_dispose(desk_work, r, DISPOSITION_SKIP, NULL, &err), ERR_CONFLICT);
	ok(work_undo(desk_work, &u, &fixture_err));
	assert_false(u.is_decision);
	assert_int_equal(u.disposition, DISPOSITION_SKIP);
	ok(work_dispose(desk_work, r, DISPOSITION_NOT_FOR_ME, "conflict", &fixture_err));
	assert_int_equal(work_next_ms(desk_work, desk_boot_ms), 60000);
	ok(store_release(desk_store, INT64_MAX, NULL, &fixture_err));
	ok(work_undo(desk_work, &u, &fixture_err));
	assert_int_equal(u.what, WORK_SENT);
	review_free(r);
}

static void test_status(void **state)
{
	struct work_status st;

	(void)state;
	ok(work_status(desk_work, desk_boot_ms, &st, &fixture_err));
	assert_false(st.has_last);
	assert_int_equal(st.held, 0);
	approve("intents", 1);
	desk_later(2000);
	approve("agent", 2);
	desk_item("intents", 3, NULL, NULL);
	ok(work_status(desk_work, desk_boot_ms, &st, &fixture_err));
	assert_int_equal(st.held, 2);
	assert_int_equal(st.today, 2);
	assert_int_equal(st.leases, 1);
	assert_true(st.has_last && st.last_held && st.last_is_decision);
	assert_string_equal(st.last_external_id, "ext-2");
	assert_string_equal(st.last_review, fixture_review(2));
	assert_int_equal(st.undo_left_s, 5);
	desk_later(4001);
	ok(work_status(desk_work, desk_boot_ms, &st, &fixture_err));
	assert_int_equal(st.undo_left_s, 1);
	desk_later(999);
	ok(work_tick(desk_work, desk_boot_ms, &fixture_err));
	ok(work_status(desk_work, desk_boot_ms, &st, &fixture_err));
	assert_int_equal(st.held, 1);
	assert_int_equal(st.waiting, 1);
	assert_false(st.last_held);
	assert_int_equal(st.undo_left_s, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_hold_of_one_minute, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_three_newer_ones, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_waiting_producer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_end_of_the_lease, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_leaving_and_restart_end_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_subcommands_do_not_hold, set_up_without_hold,
		                                tear_down),
		cmocka_unit_test_setup_teardown(test_undo, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_undo_too_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_leaving_an_item, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_status, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
