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

static struct store_lease_in lease(int n)
{
	static char external[32];
	struct store_lease_in l = {
		.review = fixture_review(n), .proposal = fixture_review(n + 10000),
		.external_id = external, .queue = "receipts", .kind = KIND_CLASSIFICATION,
		.safety_class = CLASS_HIGH_IMPACT, .stage = STAGE_SECOND, .view = VIEW_BLIND,
		.revision = 3, .token = fixture_token(n), .digest = fixture_digest(n),
		.definition = "sha256:receipts", .expires_ms = 5000, .ends_boot_ms = 6000,
		.due_ms = 7000, .doc = "{\"a\":1}", .bytes = "{\"reduced\":1}", .bytes_len = 13
	};

	snprintf(external, sizeof external, "ext-%d", n);
	return l;
}

static struct store_lease *find(int n)
{
	static struct store_leases *l;

	store_leases_free(l);
	ok(store_lease_find(s, fixture_review(n), &l, &fixture_err));
	return l ? l->items : NULL;
}

static void test_everything_is_kept(void **state)
{
	struct store_lease_in in = lease(1);
	struct store_lease *l;
	struct store_bytes *bytes;

	(void)state;
	ok(store_lease_put(s, &in, &fixture_err));
	l = find(1);
	assert_non_null(l);
	assert_string_equal(l->review, in.review);
	assert_string_equal(l->proposal, in.proposal);
	assert_string_equal(l->external_id, "ext-1");
	assert_string_equal(l->queue, "receipts");
	assert_int_equal(l->kind, KIND_CLASSIFICATION);
	assert_int_equal(l->safety_class, CLASS_HIGH_IMPACT);
	assert_int_equal(l->stage, STAGE_SECOND);
	assert_int_equal(l->view, VIEW_BLIND);
	assert_int_equal(l->revision, 3);
	assert_string_equal(l->token, in.token);
	assert_string_equal(l->digest, in.digest);
	assert_string_equal(l->definition, "sha256:receipts");
	assert_int_equal(l->expires_ms, 5000);
	assert_int_equal(l->ends_boot_ms, 6000);
	assert_int_equal(l->due_ms, 7000);
	assert_int_equal(l->state, STORE_LEASE_READY);
	assert_string_equal(l->doc, "{\"a\":1}");
	ok(store_proposal_get(s, in.review, &bytes, &fixture_err));
	assert_int_equal(bytes->len, 13);
	assert_string_equal(bytes->data, "{\"reduced\":1}");
	store_bytes_free(bytes);
}

static void test_reveal_replaces_the_reduced_document(void **state)
{
	struct store_lease_in in = lease(1);
	struct store_bytes *bytes;
	struct err err = ERR_INIT;

	(void)state;
	ok(store_lease_put(s, &in, &fixture_err));
	ok(store_lease_touch(s, in.review, 100, &fixture_err));
	ok(store_lease_own(s, in.review, "sha256:own", "{\"salt\":\"x\"}", &fixture_err));
	assert_int_equal(store_lease_own(s, in.review, "sha256:other", "{}", &err), ERR_CONFLICT);
	ok(store_lease_own(s, in.review, "sha256:own", NULL, &fixture_err));
	in.view = VIEW_FULL;
	in.bytes = "{\"full\":1}";
	in.bytes_len = 10;
	ok(store_lease_put(s, &in, &fixture_err));
	assert_int_equal(find(1)->view, VIEW_FULL);
	assert_int_equal(find(1)->state, STORE_LEASE_OPENED);
	assert_string_equal(find(1)->own, "sha256:own");
	assert_string_equal(find(1)->own_content, "{\"salt\":\"x\"}");
	ok(store_proposal_get(s, in.review, &bytes, &fixture_err));
	assert_string_equal(bytes->data, "{\"full\":1}");
	store_bytes_free(bytes);
}

/* The same proposal under two reviews: what one may see the other must not. */
static void test_blind_and_full_beside_each_other(void **state)
{
	struct store_lease_in blind = lease(1), full = lease(2);
	struct store_bytes *bytes;

	(void)state;
	full.digest = blind.digest;
	full.view = VIEW_FULL;
	full.bytes = "{\"full\":1}";
	full.bytes_len = 10;
	ok(store_lease_put(s, &blind, &fixture_err));
	ok(store_lease_put(s, &full, &fixture_err));
	ok(store_proposal_get(s, blind.review, &bytes, &fixture_err));
	assert_string_equal(bytes->data, "{\"reduced\":1}");
	store_bytes_free(bytes);
	ok(store_proposal_get(s, full.review, &bytes, &fixture_err));
	assert_string_equal(bytes->data, "{\"full\":1}");
	store_bytes_free(bytes);
}

static void test_another_token_starts_anew(void **state)
{
	struct store_lease_in in = lease(1);

	(void)state;
	ok(store_lease_put(s, &in, &fixture_err));
	ok(store_lease_touch(s, in.review, 100, &fixture_err));
	ok(store_lease_own(s, in.review, "sha256:own", "{}", &fixture_err));
	in.token = "99";
	ok(store_lease_put(s, &in, &fixture_err));
	assert_int_equal(find(1)->state, STORE_LEASE_READY);
	assert_int_equal(find(1)->opened_ms, 0);
	assert_null(find(1)->own);
	assert_int_equal(fixture_number("SELECT count(*) FROM lease"), 1);
}

static void test_renewal(void **state)
{
	struct err err = ERR_INIT;
	struct store_decide d = fixture_decide("receipts", 1, ID_A, true);
	struct store_entries *e;

	(void)state;
	fixture_lease(s, "receipts", 1, 6000);
	assert_int_equal(store_lease_renew(s, fixture_review(1), "1", 1, 2, &err), ERR_NOT_FOUND);
	ok(store_decide(s, &d, &fixture_err));
	ok(store_lease_renew(s, fixture_review(1), fixture_token(1), 8000, 9000, &fixture_err));
	assert_int_equal(find(1)->expires_ms, 8000);
	assert_int_equal(find(1)->ends_boot_ms, 9000);
	/* The hold of its decision follows. */
	ok(store_held(s, &e, &fixture_err));
	assert_int_equal(e->items[0].lease_ends_boot_ms, 9000);
	store_entries_free(e);
}

static void test_drop_and_recall(void **state)
{
	struct store_decide d = fixture_decide("receipts", 3, ID_A, true);
	struct store_leases *all;

	(void)state;
	for (int i = 1; i <= 3; i++)
		fixture_lease(s, "receipts", i, 6000);
	d.review = fixture_review(3);
	d.token = fixture_token(3);
	ok(store_lease_recall(s, fixture_review(1), NULL, &fixture_err));
	assert_int_equal(find(1)->state, STORE_LEASE_RECALLED);
	assert_non_null(find(1)->text);
	ok(store_lease_drop(s, fixture_review(1), &fixture_err));
	assert_null(find(1));
	ok(store_lease_drop(s, fixture_review(1), &fixture_err));
	ok(store_decide(s, &d, &fixture_err));
	ok(store_lease_drop(s, fixture_review(3), &fixture_err));
	assert_int_equal(find(3)->state, STORE_LEASE_DECIDED);
	ok(store_leases(s, "receipts", &all, &fixture_err));
	assert_int_equal(all->count, 2);
	store_leases_free(all);
	ok(store_leases(s, "agent", &all, &fixture_err));
	assert_int_equal(all->count, 0);
	store_leases_free(all);
}

/* A list of leases may be older than the verdict. */
static void test_given_again_after_an_answer(void **state)
{
	struct store_decide d = fixture_decide("receipts", 1, ID_A, false);
	struct store_result r = { .id = ID_A, .verdict = VERDICT_ACCEPTED, .leaf = 3, .now_ms = 1 };

	(void)state;
	fixture_lease(s, "receipts", 1, 6000);
	ok(store_decide(s, &d, &fixture_err));
	ok(store_result(s, &r, &fixture_err));
	assert_int_equal(find(1)->state, STORE_LEASE_OVER);
	fixture_lease(s, "receipts", 1, 6000);
	assert_int_equal(find(1)->state, STORE_LEASE_OVER);
	/* Refused: the person may answer again. */
	fixture_sql("UPDATE act SET state = 4");
	fixture_lease(s, "receipts", 1, 6000);
	assert_int_equal(find(1)->state, STORE_LEASE_OPENED);
	ok(store_lease_recall(s, fixture_review(1), "x", &fixture_err));
	fixture_lease(s, "receipts", 1, 6000);
	assert_int_equal(find(1)->state, STORE_LEASE_OPENED);
	assert_null(find(1)->text);
}

static const char *next(const char *queue, int after, bool backwards, int64_t boot_ms)
{
	static char review[ID_SIZE];
	struct store_leases *l;

	ok(store_lease_next(s, queue, after ? fixture_review(after) : NULL, backwards, boot_ms, &l,
	                    &fixture_err));
	if (!l)
		return "none";
	assert_non_null(l->items[0].doc);
	strcpy(review, l->items[0].review);
	store_leases_free(l);
	return review;
}

static void test_the_next_one(void **state)
{
	struct review_header h;
	size_t taken, count;

	(void)state;
	assert_string_equal(next("receipts", 0, false, 0), "none");
	/* They arrive in another order than the server's; 9 has no header. */
	fixture_lease(s, "receipts", 9, 6000);
	for (int i = 3; i >= 1; i--) {
		fixture_lease(s, "receipts", i, 6000);
		h = fixture_header("receipts", i);
		ok(store_headers_put(s, &h, 1, NULL, NULL, &taken, &fixture_err));
	}
	assert_string_equal(next("receipts", 0, false, 0), fixture_review(1));
	assert_string_equal(next("receipts", 1, false, 0), fixture_review(2));
	assert_string_equal(next("receipts", 3, false, 0), fixture_review(9));
	assert_string_equal(next("receipts", 9, false, 0), fixture_review(1));
	assert_string_equal(next("receipts", 1, true, 0), fixture_review(9));
	assert_string_equal(next("receipts", 3, true, 0), fixture_review(2));
	assert_string_equal(next("receipts", 77, false, 0), fixture_review(1));
	/* An ended, set aside or recalled one is not offered. */
	ok(store_lease_aside(s, fixture_review(2), "broken", &fixture_err));
	assert_string_equal(next("receipts", 1, false, 0), fixture_review(3));
	ok(store_lease_renew(s, fixture_review(3), fixture_token(3), 1, 100, &fixture_err));
	assert_string_equal(next("receipts", 1, false, 100), fixture_review(9));
	ok(store_lease_count(s, "receipts", 100, &count, &fixture_err));
	assert_int_equal(count, 2);
	ok(store_lease_count(s, NULL, 99, &count, &fixture_err));
	assert_int_equal(count, 3);
	assert_string_equal(next("agent", 0, false, 0), "none");
}

static void test_all_queues_by_due_time(void **state)
{
	struct store_lease_in in;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		in = lease(i);
		in.queue = i == 2 ? "agent" : "receipts";
		in.due_ms = i == 1 ? 0 : 1000 - i;
		ok(store_lease_put(s, &in, &fixture_err));
	}
	assert_string_equal(next(NULL, 0, false, 0), fixture_review(3));
	assert_string_equal(next(NULL, 3, false, 0), fixture_review(2));
	assert_string_equal(next(NULL, 2, false, 0), fixture_review(1));
}

static void test_touch(void **state)
{
	(void)state;
	fixture_lease(s, "receipts", 1, 6000);
	ok(store_lease_touch(s, fixture_review(1), 100, &fixture_err));
	assert_int_equal(find(1)->state, STORE_LEASE_OPENED);
	assert_true(find(1)->opened_ms > 0);
	fixture_sql("UPDATE lease SET opened_ms = 5");
	ok(store_lease_touch(s, fixture_review(1), 200, &fixture_err));
	assert_int_equal(find(1)->opened_ms, 5);
	assert_int_equal(find(1)->touched_boot_ms, 200);
	ok(store_lease_aside(s, fixture_review(1), "broken", &fixture_err));
	ok(store_lease_touch(s, fixture_review(1), 300, &fixture_err));
	assert_int_equal(find(1)->state, STORE_LEASE_ASIDE);
	assert_string_equal(find(1)->text, "broken");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_everything_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reveal_replaces_the_reduced_document, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(test_blind_and_full_beside_each_other, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(test_another_token_starts_anew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_renewal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_drop_and_recall, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_given_again_after_an_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_next_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_all_queues_by_due_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_touch, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
