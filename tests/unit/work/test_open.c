/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "unit/work/fixture.h"
#include "wire/digest.h"

static int set_up(void **state)
{
	(void)state;
	desk_begin(true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_end();
	return 0;
}

static int open_rc(int n)
{
	struct review *r;
	int rc = work_open(desk_work, fixture_review(n), &r, NULL);

	if (rc)
		assert_null(r);
	review_free(r);
	return rc;
}

static void test_opens_what_is_reserved(void **state)
{
	struct review *r;

	(void)state;
	desk_item("receipts", 1, NULL, "{'asked':['total'],'stage':'second'}");
	r = desk_open(1);
	assert_string_equal(r->id, fixture_review(1));
	assert_string_equal(r->token, fixture_token(1));
	assert_int_equal(r->stage, STAGE_SECOND);
	assert_int_equal(r->lease_boot_ms, desk_boot_ms + 900000);
	assert_string_equal(r->proposal->external_id, "ext-1");
	assert_string_equal(r->definition->queue, "receipts");
	assert_true(review_asks(r, "total"));
	assert_false(review_asks(r, "date"));
	assert_int_equal(fixture_lease_state(desk_store, 1), STORE_LEASE_OPENED);
	/* A renewal moves the end that was read, too. */
	ok(store_lease_renew(desk_store, r->id, r->token, 77, 88888888, &fixture_err));
	review_free(r);
	r = desk_open(1);
	assert_int_equal(r->expires_ms, 77);
	assert_int_equal(r->lease_boot_ms, 88888888);
	review_free(r);
	assert_int_equal(open_rc(2), ERR_NOT_FOUND);
}

static void test_peek_leaves_it_unopened(void **state)
{
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	ok(work_peek(desk_work, fixture_review(1), &r, &fixture_err));
	review_free(r);
	assert_int_equal(fixture_lease_state(desk_store, 1), STORE_LEASE_READY);
}

/* Bytes, digest, shown and token must fit; what does not is set aside. */
static void test_what_does_not_fit_is_set_aside(void **state)
{
	static const char *const wrong[] = {
		"{'digest':'sha256:1111111111111111111111111111111111111111111111111111111111111111'}",
		"{'shown':'sha256:1111111111111111111111111111111111111111111111111111111111111111'}",
		"{'salt':'11112233445566778899aabbccddeeff'}",
		"{'stage':'nonsense','view':'full'}",
		"{'expires_at':'yesterday'}"
	};
	struct store_leases *l;

	(void)state;
	for (int i = 0; i < 5; i++) {
		if (i == 3) {
			desk_item("receipts", i, NULL, NULL);
			fixture_sql("UPDATE lease_doc SET doc = '{\"broken\"' WHERE lease = 4");
		} else {
			desk_item("receipts", i, NULL, wrong[i]);
		}
		assert_true(open_rc(i) < 0);
		ok(store_lease_find(desk_store, fixture_review(i), &l, &fixture_err));
		assert_int_equal(l->items[0].state, STORE_LEASE_ASIDE);
		assert_true(strlen(l->items[0].text) > 10);
		store_leases_free(l);
		assert_int_equal(open_rc(i), ERR_CONFLICT);
	}
	desk_item("receipts", 9, NULL, NULL);
	fixture_sql("UPDATE document SET bytes = replace(bytes, '101.75', '901.75')");
	assert_int_equal(open_rc(9), ERR_CORRUPT);
	desk_item("receipts", 10, NULL, NULL);
	fixture_sql("UPDATE lease SET revision = 2 WHERE review = (SELECT max(review) FROM lease)");
	assert_int_equal(open_rc(10), ERR_CORRUPT);
}

static void test_circumstances_set_nothing_aside(void **state)
{
	(void)state;
	desk_item("receipts", 1, NULL, NULL);
	fixture_sql("DELETE FROM document WHERE digest NOT IN (SELECT document FROM lease)");
	assert_int_equal(open_rc(1), ERR_NOT_FOUND);
	assert_int_equal(fixture_lease_state(desk_store, 1), STORE_LEASE_READY);
	desk_later(900000);
	assert_int_equal(open_rc(1), ERR_CONFLICT);
	assert_int_equal(fixture_lease_state(desk_store, 1), STORE_LEASE_READY);
	ok(store_lease_recall(desk_store, fixture_review(1), "x", &fixture_err));
	assert_int_equal(open_rc(1), ERR_CONFLICT);
}

/* What was begun before the lease ended may be finished; it is not offered. */
static void test_begun_and_ended(void **state)
{
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	review_free(desk_open(1));
	desk_later(900000);
	r = desk_open(1);
	review_free(r);
	assert_int_equal(work_next(desk_work, "intents", NULL, false, &r, NULL, NULL), ERR_NOT_FOUND);
}

static const char *next(const char *after, size_t wanted_aside)
{
	static char id[ID_SIZE];
	struct review *r;
	size_t aside;
	int rc = work_next(desk_work, "receipts", after, false, &r, &aside, NULL);

	assert_int_equal(aside, wanted_aside);
	if (rc) {
		assert_int_equal(rc, ERR_NOT_FOUND);
		return "none";
	}
	strcpy(id, r->id);
	review_free(r);
	return id;
}

static void test_next_passes_over_broken_ones(void **state)
{
	(void)state;
	assert_string_equal(next(NULL, 0), "none");
	desk_item("receipts", 1, NULL, "{'salt':'11112233445566778899aabbccddeeff'}");
	desk_item("receipts", 2, NULL, NULL);
	desk_item("receipts", 3, NULL, "{'salt':'11112233445566778899aabbccddeeff'}");
	desk_item("receipts", 4, NULL, NULL);
	assert_string_equal(next(NULL, 1), fixture_review(2));
	assert_string_equal(next(fixture_review(2), 1), fixture_review(4));
	assert_string_equal(next(fixture_review(4), 0), fixture_review(2));
	/* With its definition missing an item waits; the next one is offered. */
	fixture_sql("UPDATE lease SET definition = 'sha256:x' WHERE n = 2");
	assert_string_equal(next(NULL, 0), fixture_review(4));
	fixture_sql("UPDATE lease SET definition = 'sha256:x'");
	assert_string_equal(next(NULL, 0), "none");
}

/* Read ahead it is the same item, unless anything changed meanwhile. */
static void test_read_ahead(void **state)
{
	struct review *r;

	(void)state;
	desk_item("receipts", 1, NULL, NULL);
	desk_item("receipts", 2, NULL, NULL);
	work_prepare(desk_work, "receipts", fixture_review(1));
	/* The line does not go round. */
	assert_null(work_following(desk_work, fixture_review(2)));
	/* Proven by taking the bytes away: it needs them no more. */
	fixture_sql("CREATE TABLE kept AS SELECT * FROM document; DELETE FROM document "
	            "WHERE digest IN (SELECT document FROM lease)");
	r = desk_open(2);
	assert_string_equal(r->proposal->external_id, "ext-2");
	assert_int_equal(r->lease_boot_ms, desk_boot_ms + 900000);
	review_free(r);
	assert_int_equal(open_rc(2), ERR_NOT_FOUND);
	fixture_sql("INSERT INTO document SELECT * FROM kept WHERE digest NOT IN "
	            "(SELECT digest FROM document)");
	work_prepare(desk_work, "receipts", fixture_review(1));
	desk_item("receipts", 2, "{'confidence':0.2}", "{'revision':2}");
	r = desk_open(2);
	assert_int_equal(r->revision, 2);
	review_free(r);
	work_prepare(desk_work, "receipts", fixture_review(1));
	work_prepare(desk_work, "agent", NULL);
}

/* Two items ahead: what follows the next one is known before it is opened. */
static void test_the_line_ahead(void **state)
{
	struct review *r;

	(void)state;
	for (int i = 1; i <= 3; i++)
		desk_item("receipts", i, NULL, NULL);
	assert_null(work_following(desk_work, fixture_review(1)));
	work_prepare(desk_work, "receipts", fixture_review(1));
	assert_string_equal(work_following(desk_work, fixture_review(1))->id, fixture_review(2));
	fixture_sql("CREATE TABLE kept AS SELECT * FROM document; DELETE FROM document "
	            "WHERE digest IN (SELECT document FROM lease)");
	r = desk_open(2);
	review_free(r);
	assert_string_equal(work_following(desk_work, fixture_review(2))->id, fixture_review(3));
	assert_null(work_following(desk_work, fixture_review(1)));
	assert_null(work_following(desk_work, fixture_review(3)));
	/* Looking again keeps what was read and stops where the line began. */
	work_prepare(desk_work, "receipts", fixture_review(2));
	r = desk_open(3);
	assert_string_equal(r->proposal->external_id, "ext-3");
	review_free(r);
	assert_null(work_following(desk_work, fixture_review(3)));
	fixture_sql("INSERT INTO document SELECT * FROM kept WHERE digest NOT IN "
	            "(SELECT digest FROM document)");
	work_prepare(desk_work, "receipts", fixture_review(2));
	assert_string_equal(work_following(desk_work, fixture_review(3))->id, fixture_review(1));
	assert_null(work_following(desk_work, fixture_review(1)));
}

static void move_lease(int from, int to)
{
	char text[160];

	snprintf(text, sizeof text, "UPDATE lease SET n = %d WHERE n = %d; "
	         "UPDATE lease_doc SET lease = %d WHERE lease = %d", to, from, to, from);
	fixture_sql(text);
}

static void decide(int n)
{
	struct decision *answer = decision_new();
	struct review *r = desk_open(n);

	work_prepare(desk_work, "receipts", r->id);
	answer->outcome = OUTCOME_REJECT;
	decision_add_reason(answer, "unreadable");
	ok(work_decide(desk_work, r, answer, &desk_seen, &fixture_err));
	decision_free(answer);
	review_free(r);
}

/* Deciding leaves the line as it was; anything else makes it be looked at anew. */
static void test_the_line_after_an_act(void **state)
{
	struct review *r;

	(void)state;
	for (int i = 1; i <= 6; i++)
		desk_item("receipts", i, NULL, NULL);
	decide(1);
	/* Proven by an order that is not the one that was seen. */
	move_lease(2, 99);
	assert_string_equal(next(fixture_review(1), 0), fixture_review(2));
	move_lease(99, 2);
	r = desk_open(2);
	work_prepare(desk_work, "receipts", r->id);
	ok(work_dispose(desk_work, r, DISPOSITION_SKIP, NULL, &fixture_err));
	review_free(r);
	move_lease(3, 99);
	assert_string_equal(next(fixture_review(2), 0), fixture_review(3));
	assert_string_equal(next(NULL, 0), fixture_review(4));
	move_lease(99, 3);
	decide(3);
	ok(store_lease_recall(desk_store, fixture_review(4), NULL, &fixture_err));
	assert_string_equal(next(fixture_review(3), 0), fixture_review(5));
	/* It counts as opened once it was on the screen. */
	assert_int_equal(fixture_lease_state(desk_store, 5), STORE_LEASE_READY);
	ok(work_touch(desk_work, fixture_review(5), &fixture_err));
	assert_int_equal(fixture_lease_state(desk_store, 5), STORE_LEASE_OPENED);
}

static void test_current(void **state)
{
	struct review *r;

	(void)state;
	desk_item("receipts", 1, NULL, NULL);
	r = desk_open(1);
	ok(work_current(desk_work, r, &fixture_err));
	desk_item("receipts", 1, "{'confidence':0.2}", "{'revision':2}");
	assert_int_equal(work_current(desk_work, r, NULL), ERR_CONFLICT);
	ok(store_lease_drop(desk_store, r->id, &fixture_err));
	assert_int_equal(work_current(desk_work, r, NULL), ERR_CONFLICT);
	review_free(r);
}

static void test_touch_is_written_now_and_then(void **state)
{
	uint64_t before;

	(void)state;
	desk_item("receipts", 1, NULL, NULL);
	ok(work_touch(desk_work, fixture_review(1), &fixture_err));
	before = store_generation_all(desk_store);
	desk_later(9000);
	ok(work_touch(desk_work, fixture_review(1), &fixture_err));
	assert_int_equal(store_generation_all(desk_store), before);
	desk_later(1000);
	ok(work_touch(desk_work, fixture_review(1), &fixture_err));
	assert_true(store_generation_all(desk_store) > before);
}

static void test_a_newer_guide_is_seen(void **state)
{
	struct review *r;
	struct value *v;
	const char *text;

	(void)state;
	desk_item("receipts", 1, NULL, NULL);
	r = desk_open(1);
	v = value_copy(r->definition->doc);
	review_free(r);
	value_set(v, "guide", desk_tree("{'version':'2','text':'Newer.'}"));
	text = desk_text(v);
	ok(store_document_put(desk_store, desk_definition("receipts"), text, strlen(text),
	                      &fixture_err));
	value_free(v);
	r = desk_open(1);
	assert_string_equal(value_text(r->definition->guide, "text"), "Newer.");
	review_free(r);
}

static void test_own_answer_of_a_blind_review(void **state)
{
	struct value *own = desk_tree("{'label':'new_card'}"), *wrong = desk_tree("{'label':'x'}");
	struct value *content, *again;
	char digest[HASH_TEXT_SIZE], second[HASH_TEXT_SIZE], made[HASH_TEXT_SIZE];
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	assert_int_equal(work_commit_own(desk_work, r, own, digest, &content, NULL), ERR_DENIED);
	review_free(r);
	desk_item("intents", 2, "{'proposed':{}}", "{'view':'blind'}");
	r = desk_open(2);
	assert_int_equal(work_commit_own(desk_work, r, wrong, digest, &content, NULL), ERR_INVALID);
	ok(work_commit_own(desk_work, r, own, digest, &content, &fixture_err));
	digest_own(value_text(content, "salt"), own, made);
	assert_string_equal(digest, made);
	/* A committed answer does not change. */
	ok(work_commit_own(desk_work, r, wrong, second, &again, &fixture_err));
	assert_string_equal(second, digest);
	assert_true(value_equal(content, again));
	review_free(r);
	value_free(content);
	value_free(again);
	value_free(own);
	value_free(wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_opens_what_is_reserved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_peek_leaves_it_unopened, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_does_not_fit_is_set_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_circumstances_set_nothing_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_begun_and_ended, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_next_passes_over_broken_ones, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_read_ahead, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_line_ahead, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_line_after_an_act, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_current, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_touch_is_written_now_and_then, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_newer_guide_is_seen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_own_answer_of_a_blind_review, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
