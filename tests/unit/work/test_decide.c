/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "unit/work/fixture.h"
#include "wire/decision.h"
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

static struct decision *answer(enum outcome outcome, const char *value)
{
	struct decision *d = decision_new();

	d->outcome = outcome;
	d->value = value ? desk_tree(value) : NULL;
	decision_add_pane(d, "evidence");
	decision_add_checked(d, "p1");
	decision_add_flag(d, "bidi");
	d->active_ms = 6400;
	return d;
}

static struct store_entry entry(const char *id)
{
	static struct store_entries *e;

	store_entries_free(e);
	ok(store_entry_find(desk_store, id, &e, &fixture_err));
	if (!e)
		fail_msg("%s is not known", id);
	return e->items[0];
}

/* What is recorded is what the wire wants, and its digests are right. */
static void test_the_record(void **state)
{
	struct review *r;
	struct decision *d = answer(OUTCOME_CORRECT, "{'company':'Acme','date':'23/03/2018',"
	                            "'address':null,'total':'8.49'}");
	struct store_entry e;
	struct value *envelope, *content;
	struct decision *back;

	(void)state;
	desk_item("receipts", 1, NULL, "{'asked':['total']}");
	r = desk_open(1);
	desk_later(5000);
	d->note = mem_strdup("as printed");
	ok(work_decide(desk_work, r, d, &desk_seen, &fixture_err));
	e = entry(d->id);
	assert_int_equal(e.state, STORE_HELD);
	assert_string_equal(e.external_id, "ext-1");
	assert_string_equal(e.queue, "receipts");
	assert_string_equal(e.summary, "Total: 101.75 → 8.49");
	envelope = desk_tree(e.envelope);
	assert_null(value_find(envelope, "device"));
	assert_null(value_find(envelope, "seq"));
	assert_null(value_find(envelope, "signature"));
	assert_string_equal(value_text(envelope, "shown"), r->shown);
	assert_string_equal(value_text(envelope, "policy"), fixture_digest(7));
	assert_string_equal(value_text(envelope, "guide"), r->definition->guide_digest);
	assert_string_equal(value_text(envelope, "token"), fixture_token(1));
	assert_int_equal(value_int_or(envelope, "renderer", 0), TEXT_RENDERER);
	assert_int_equal(value_int_or(envelope, "active_ms", 0), 6400);
	assert_string_equal(value_text(envelope, "opened_at"), "2027-01-15T08:00:00.000Z");
	assert_string_equal(value_text(envelope, "decided_at"), "2027-01-15T08:00:05.000Z");
	assert_string_equal(desk_text(value_find(envelope, "fields")),
		"{\"company\":{\"state\":\"not_asked\"},\"date\":{\"state\":\"not_asked\"},"
		"\"address\":{\"state\":\"not_asked\"},\"total\":{\"state\":\"corrected\"}}");
	assert_string_equal(desk_text(value_find(envelope, "panes")), "[\"evidence\"]");
	assert_string_equal(desk_text(value_find(envelope, "checked_against")), "[\"p1\"]");
	assert_string_equal(desk_text(value_find(envelope, "flags_shown")), "[\"bidi\"]");
	content = desk_tree(e.content);
	assert_string_equal(value_text(content, "note"), "as printed");
	/* As sync sends it, the wire reads it. */
	value_set_string(envelope, "device", store_device(desk_store));
	value_set_int(envelope, "seq", 1);
	value_set(envelope, "content", content);
	ok(decision_read(envelope, &back, &fixture_err));
	assert_string_equal(back->content_digest, d->content_digest);
	assert_string_equal(value_text(back->value, "total"), "8.49");
	decision_free(back);
	value_free(envelope);
	decision_free(d);
	review_free(r);
}

static void test_a_salt_of_its_own_each_time(void **state)
{
	struct decision *a = answer(OUTCOME_APPROVE, NULL), *b = answer(OUTCOME_APPROVE, NULL);
	struct review *r;

	(void)state;
	for (int i = 1; i <= 2; i++) {
		desk_item("intents", i, NULL, NULL);
		r = desk_open(i);
		ok(work_decide(desk_work, r, i == 1 ? a : b, &desk_seen, &fixture_err));
		review_free(r);
	}
	assert_string_not_equal(a->salt, b->salt);
	assert_string_not_equal(a->content_digest, b->content_digest);
	assert_string_not_equal(a->id, b->id);
	assert_string_equal(entry(a->id).summary, "lost_card");
	decision_free(a);
	decision_free(b);
}

static void test_acts_on_what_was_drawn(void **state)
{
	struct decision *d = answer(OUTCOME_APPROVE, NULL);
	struct err err = ERR_INIT;
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	desk_item("intents", 1, "{'confidence':0.1}", "{'revision':2}");
	assert_int_equal(work_decide(desk_work, r, d, &desk_seen, &err), ERR_CONFLICT);
	err_clear(&err);
	ok(store_lease_recall(desk_store, r->id, "x", &fixture_err));
	assert_int_equal(work_decide(desk_work, r, d, &desk_seen, &err), ERR_CONFLICT);
	assert_int_equal(fixture_number("SELECT count(*) FROM act"), 0);
	review_free(r);
	decision_free(d);
}

static void test_twice_is_once(void **state)
{
	struct decision *d = answer(OUTCOME_APPROVE, NULL), *again = answer(OUTCOME_APPROVE, NULL);
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	ok(work_decide(desk_work, r, d, &desk_seen, &fixture_err));
	assert_int_equal(work_decide(desk_work, r, again, &desk_seen, NULL), ERR_CONFLICT);
	assert_int_equal(fixture_number("SELECT count(*) FROM act"), 1);
	review_free(r);
	decision_free(d);
	decision_free(again);
}

static void test_a_refused_answer_leaves_nothing(void **state)
{
	struct decision *d = answer(OUTCOME_REJECT, NULL);
	struct err err = ERR_INIT;
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	assert_int_equal(work_check(desk_work, r, d, &desk_seen, &err), ERR_INVALID);
	err_clear(&err);
	assert_int_equal(work_decide(desk_work, r, d, NULL, &err), ERR_INVALID);
	decision_add_reason(d, "none_fits");
	err_clear(&err);
	assert_int_equal(work_check(desk_work, r, d, &desk_seen, &err), 0);
	assert_int_equal(fixture_number("SELECT count(*) FROM act"), 0);
	ok(work_decide(desk_work, r, d, &desk_seen, &fixture_err));
	assert_string_equal(entry(d->id).summary, "none_fits");
	review_free(r);
	decision_free(d);
}

static void test_late_is_recorded_all_the_same(void **state)
{
	struct decision *d = answer(OUTCOME_APPROVE, NULL);
	struct review *r;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	desk_later(7200000);
	ok(work_decide(desk_work, r, d, &desk_seen, &fixture_err));
	/* No hold beyond the lease: it is to be sent at once. */
	assert_int_equal(work_next_ms(desk_work, desk_boot_ms), 0);
	review_free(r);
	decision_free(d);
}

static void test_blind_carries_the_own_answer(void **state)
{
	struct value *own = desk_tree("{'label':'new_card'}"), *content;
	struct decision *d = answer(OUTCOME_CORRECT, "{'label':'new_card'}");
	char digest[HASH_TEXT_SIZE];
	struct value *envelope;
	struct review *r;

	(void)state;
	desk_item("intents", 1, "{'proposed':{}}", "{'view':'blind'}");
	r = desk_open(1);
	ok(work_commit_own(desk_work, r, own, digest, &content, &fixture_err));
	review_free(r);
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	ok(work_decide(desk_work, r, d, &desk_seen, &fixture_err));
	envelope = desk_tree(entry(d->id).envelope);
	assert_string_equal(value_text(envelope, "blind"), digest);
	value_free(envelope);
	value_free(content);
	value_free(own);
	review_free(r);
	decision_free(d);
}

static void test_amend(void **state)
{
	struct decision *d = answer(OUTCOME_APPROVE, NULL), *was;
	struct decision *change = answer(OUTCOME_CORRECT, "{'label':'pin_blocked'}");
	struct work_seen seen = desk_seen;
	struct value *envelope;
	struct review *r, *again;

	(void)state;
	desk_item("intents", 1, NULL, NULL);
	r = desk_open(1);
	ok(work_decide(desk_work, r, d, &desk_seen, &fixture_err));
	review_free(r);
	assert_int_equal(work_open_decided(desk_work, d->id, &again, &was, NULL), ERR_CONFLICT);
	ok(work_release_all(desk_work, &fixture_err));
	ok(work_open_decided(desk_work, d->id, &again, &was, &fixture_err));
	assert_int_equal(was->outcome, OUTCOME_APPROVE);
	assert_string_equal(was->id, d->id);
	assert_string_equal(again->proposal->label, "lost_card");
	decision_free(was);
	seen.amends = d->id;
	ok(work_decide(desk_work, again, change, &seen, &fixture_err));
	envelope = desk_tree(entry(change->id).envelope);
	assert_string_equal(value_text(envelope, "amends"), d->id);
	assert_string_equal(value_text(envelope, "token"), fixture_token(1));
	assert_string_equal(entry(change->id).summary, "PIN blocked ← lost_card");
	value_free(envelope);
	review_free(again);
	/* The same review reserved anew is another item. */
	desk_item("intents", 1, NULL, "{'token':'4294967999'}");
	assert_int_equal(work_open_decided(desk_work, d->id, &again, &was, NULL), ERR_NOT_FOUND);
	assert_null(again);
	assert_int_equal(work_open_decided(desk_work, "x", &again, &was, NULL), ERR_NOT_FOUND);
	decision_free(d);
	decision_free(change);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_salt_of_its_own_each_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_acts_on_what_was_drawn, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_twice_is_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_refused_answer_leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_late_is_recorded_all_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_blind_carries_the_own_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_amend, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
