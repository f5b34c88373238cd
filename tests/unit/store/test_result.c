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
	const char *const ids[] = { ID_A, ID_B, ID_C };

	(void)state;
	fixture_begin();
	s = fixture_open();
	fixture_queues(s);
	for (int i = 1; i <= 3; i++) {
		struct review_header h = fixture_header("receipts", i);
		struct store_decide d = fixture_decide("receipts", i, ids[i - 1], false);
		size_t taken;

		ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
		fixture_lease(s, "receipts", i, 500000);
		d.review = fixture_review(i);
		ok(store_decide(s, &d, &fixture_err));
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

static int result(const char *id, enum verdict verdict, int64_t leaf)
{
	struct store_result r = { .id = id, .verdict = verdict, .leaf = leaf, .late = true,
	                          .text = "words", .pointers = "[]", .now_ms = 77 };
	struct err err = ERR_INIT;

	return store_result(s, &r, &err);
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

static void test_accepted(void **state)
{
	struct store_entry e;
	uint64_t before;

	(void)state;
	assert_int_equal(result(ID_A, VERDICT_ACCEPTED, 12), 0);
	e = entry(ID_A);
	assert_int_equal(e.state, STORE_RECEIVED);
	assert_int_equal(e.verdict, VERDICT_ACCEPTED);
	assert_true(e.late);
	assert_int_equal(e.leaf, 12);
	assert_string_equal(e.text, "words");
	assert_string_equal(e.pointers, "[]");
	assert_int_equal(e.answered_ms, 77);
	assert_null(e.draft);
	assert_non_null(e.content);
	assert_int_equal(fixture_lease_state(s, 1), STORE_LEASE_OVER);
	assert_int_equal(waiting(), 2);
	/* The same answer again changes nothing. */
	before = store_generation(s, STORE_TOPIC_LOG);
	assert_int_equal(result(ID_A, VERDICT_ACCEPTED, 12), 0);
	assert_int_equal(store_generation(s, STORE_TOPIC_LOG), before);
	assert_int_equal(result(ID_A, VERDICT_STALE, 12), ERR_CONFLICT);
	assert_int_equal(entry(ID_A).state, STORE_RECEIVED);
}

static void test_refused_keeps_what_was_typed(void **state)
{
	static const enum verdict no[] = { VERDICT_REFUSED_AUTHZ, VERDICT_INVALID, VERDICT_STALE,
		VERDICT_TOO_LATE, VERDICT_REFUSED_POLICY, VERDICT_ID_REUSED };
	char *draft;

	(void)state;
	assert_int_equal(result(ID_A, VERDICT_STALE, 12), 0);
	assert_int_equal(entry(ID_A).state, STORE_REFUSED);
	ok(store_draft_find(s, fixture_review(1), &draft, &fixture_err));
	assert_string_equal(draft, "{\"note\":\"typed\"}");
	free(draft);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		fixture_sql("UPDATE act SET state = 1, verdict = 0; DELETE FROM outbox; "
		            "INSERT INTO outbox VALUES (2, 1, 0, 0, 0, 0, 0, 0)");
		assert_int_equal(result(ID_B, no[i], -1), 0);
		assert_int_equal(entry(ID_B).state, STORE_REFUSED);
	}
	assert_int_equal(result(ID_C, VERDICT_LATE_OPINION, 5), ERR_CONFLICT);
}

static void test_late_opinion_is_received(void **state)
{
	(void)state;
	assert_int_equal(result(ID_C, VERDICT_LATE_OPINION, 5), 0);
	assert_int_equal(entry(ID_C).state, STORE_RECEIVED);
}

static void test_no_verdict_for_what_is_not_known_or_not_sent(void **state)
{
	struct store_decide d = fixture_decide("receipts", 4, "0190d000-0000-7000-8000-00000000000d",
	                                       true);

	(void)state;
	assert_int_equal(result("0190d000-0000-7000-8000-0000000000ff", VERDICT_ACCEPTED, 1),
	                 ERR_NOT_FOUND);
	assert_int_equal(result(ID_A, VERDICT_DEVICE_FORKED, 1), ERR_INTERNAL);
	fixture_lease(s, "receipts", 4, 500000);
	d.review = fixture_review(4);
	d.token = fixture_token(4);
	ok(store_decide(s, &d, &fixture_err));
	assert_int_equal(result(d.id, VERDICT_ACCEPTED, 1), ERR_CONFLICT);
	assert_int_equal(fixture_state(s, d.id), STORE_HELD);
}

static void test_a_leaf_that_comes_later(void **state)
{
	(void)state;
	assert_int_equal(result(ID_A, VERDICT_ACCEPTED, -1), 0);
	ok(store_in_log(s, 1000, &fixture_err));
	assert_int_equal(entry(ID_A).state, STORE_RECEIVED);
	assert_int_equal(result(ID_A, VERDICT_ACCEPTED, 30), 0);
	assert_int_equal(entry(ID_A).leaf, 30);
}

static void test_in_the_log(void **state)
{
	uint64_t before;

	(void)state;
	result(ID_A, VERDICT_ACCEPTED, 12);
	result(ID_B, VERDICT_ACCEPTED, 13);
	result(ID_C, VERDICT_INVALID, 11);
	ok(store_in_log(s, 13, &fixture_err));
	assert_int_equal(entry(ID_A).state, STORE_IN_LOG);
	assert_int_equal(entry(ID_B).state, STORE_RECEIVED);
	assert_int_equal(entry(ID_C).state, STORE_REFUSED);
	before = store_generation_all(s);
	ok(store_in_log(s, 13, &fixture_err));
	assert_int_equal(store_generation_all(s), before);
}

static void test_tries(void **state)
{
	const char *ids[] = { ID_A, ID_C };

	(void)state;
	ok(store_tried(s, ids, 2, &fixture_err));
	ok(store_tried(s, ids, 1, &fixture_err));
	assert_int_equal(entry(ID_A).tries, 2);
	assert_int_equal(entry(ID_B).tries, 0);
	assert_int_equal(entry(ID_C).tries, 1);
}

static void test_server_from_a_backup(void **state)
{
	struct store_entries *e;
	size_t offered;
	char *cursor;

	(void)state;
	result(ID_A, VERDICT_ACCEPTED, 12);
	ok(store_in_log(s, 13, &fixture_err));
	result(ID_B, VERDICT_STALE, 13);
	ok(store_cursor_set(s, "changes", "1:9", &fixture_err));
	fixture_lease(s, "receipts", 8, 500000);
	fixture_lease(s, "receipts", 9, 500000);
	ok(store_lease_touch(s, fixture_review(9), 5, &fixture_err));
	fixture_sql("UPDATE act SET decided_ms = 1000 WHERE n = 3");
	ok(store_reoffer(s, 2000, &offered, &fixture_err));
	/* C is unanswered anyway; A and B are offered under their old numbers. */
	assert_int_equal(offered, 2);
	ok(store_outbox(s, 100, 0, &e, &fixture_err));
	assert_int_equal(e->count, 3);
	assert_string_equal(e->items[0].id, ID_A);
	assert_int_equal(e->items[0].seq, 1);
	assert_string_equal(e->items[0].device, store_device(s));
	assert_non_null(e->items[0].envelope);
	store_entries_free(e);
	assert_int_equal(entry(ID_A).leaf, -1);
	ok(store_cursor(s, "changes", &cursor, &fixture_err));
	assert_null(cursor);
	assert_int_equal(fixture_number("SELECT count(*) FROM lease WHERE state = 0"), 0);
	assert_int_equal(fixture_lease_state(s, 9), STORE_LEASE_OPENED);
	/* Another verdict may come now, once. */
	assert_int_equal(result(ID_A, VERDICT_LATE_OPINION, 3), 0);
	assert_int_equal(entry(ID_A).verdict, VERDICT_LATE_OPINION);
	assert_int_equal(result(ID_A, VERDICT_ACCEPTED, 3), ERR_CONFLICT);
	ok(store_reoffer(s, clock_now_ms() + 1000, &offered, &fixture_err));
	assert_int_equal(offered, 0);
}

static void test_device_forked(void **state)
{
	char old[ID_SIZE];
	struct store_decide d = fixture_decide("receipts", 5, "0190d000-0000-7000-8000-00000000000e",
	                                       false);

	(void)state;
	strcpy(old, store_device(s));
	result(ID_A, VERDICT_ACCEPTED, 12);
	ok(store_device_renew(s, &fixture_err));
	assert_string_not_equal(store_device(s), old);
	assert_string_equal(entry(ID_A).device, old);
	assert_int_equal(entry(ID_A).seq, 1);
	assert_string_equal(entry(ID_B).device, store_device(s));
	assert_int_equal(entry(ID_B).seq, 1);
	assert_int_equal(entry(ID_C).seq, 2);
	fixture_lease(s, "receipts", 5, 500000);
	d.review = fixture_review(5);
	d.token = fixture_token(5);
	ok(store_decide(s, &d, &fixture_err));
	assert_int_equal(entry(d.id).seq, 3);
	strcpy(old, store_device(s));
	store_close(s);
	s = fixture_open();
	assert_string_equal(store_device(s), old);
}

static void test_erasure(void **state)
{
	struct store_bytes *bytes;
	struct err err = ERR_INIT;

	(void)state;
	ok(store_draft_put(s, fixture_review(1), "{}", &fixture_err));
	ok(store_erase(s, fixture_review(10001), &fixture_err));
	assert_null(entry(ID_A).content);
	assert_null(entry(ID_A).draft);
	assert_non_null(entry(ID_A).envelope);
	assert_non_null(entry(ID_B).content);
	assert_int_equal(store_proposal_get(s, fixture_review(1), &bytes, &err), ERR_NOT_FOUND);
	assert_int_equal(fixture_number("SELECT count(*) FROM draft"), 0);
	assert_int_equal(fixture_number("SELECT count(*) FROM document"), 2);
	/* It is still sent: the envelope carries the digest. */
	assert_int_equal(waiting(), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_accepted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refused_keeps_what_was_typed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_late_opinion_is_received, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_verdict_for_what_is_not_known_or_not_sent, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(test_a_leaf_that_comes_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_in_the_log, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_tries, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_server_from_a_backup, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_device_forked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_erasure, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
