/* SPDX-License-Identifier: Apache-2.0
 *
 * What a review screen remembers and what it blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "view/sample.h"

static struct item *open_item(const char *definition, const char *proposal, const char *asks)
{
	struct facts facts = sample_facts();

	return item_new(sample_review(definition, proposal, asks), NULL, "the next one", &facts);
}

static struct item *receipt(void)
{
	return open_item(sample_receipts, sample_receipt, "['date','total']");
}

static size_t field(const struct item *item, const char *name)
{
	return (size_t)(form_find(item->form, name) - item->form->fields);
}

static void test_the_first_asked_field_is_selected_with_its_candidates(void **state)
{
	struct item *item = receipt();

	(void)state;
	assert_int_equal(item->field, field(item, "date"));
	assert_int_equal(item->candidates.count, 1);
	assert_string_equal(item->candidates.items[0].text, "23/03/2018");
	item_free(item);
}

static void test_a_required_empty_field_cannot_be_approved(void **state)
{
	struct item *item = receipt();

	(void)state;
	assert_string_equal(item_why_not(item, OUTCOME_APPROVE), "Date is required and empty");
	assert_null(item_why_not(item, OUTCOME_REJECT));
	assert_null(item_why_not(item, OUTCOME_CORRECT));
	assert_int_equal(form_set_text(item->form, field(item, "date"), "23/03/2018", NULL), 0);
	assert_non_null(strstr(item_why_not(item, OUTCOME_APPROVE), "y sends it"));
	item_free(item);
}

static void test_what_the_server_forbids_is_off(void **state)
{
	struct item *item = receipt();
	struct review_allowed allowed[] = {
		{ OUTCOME_ESCALATE, "you escalated this yourself" },
		{ OUTCOME_REJECT, NULL } };

	(void)state;
	item->review->allowed = allowed;
	item->review->allowed_count = 2;
	assert_string_equal(item_why_not(item, OUTCOME_ESCALATE), "you escalated this yourself");
	assert_null(item_why_not(item, OUTCOME_REJECT));
	item->review->allowed = NULL;
	item->review->allowed_count = 0;
	item_free(item);
}

static void test_hidden_text_blocks_until_it_was_shown_to_its_end(void **state)
{
	struct value *proposal = sample_json(sample_intent);
	struct facts facts = sample_facts();
	struct item *item;
	struct decision *d = decision_new();
	char *text;

	(void)state;
	value_set_string(value_find_pointer(proposal, "/sources/0"), "text",
	                 "pay \xe2\x80\xae" "evil\xe2\x80\xac me \xf3\xa0\x81\x81\xf3\xa0\x81\x82");
	item = item_new(sample_review_of(sample_json(sample_intents), proposal, NULL), NULL,
	                NULL, &facts);
	assert_true(item->found & TEXT_BIDI);
	assert_non_null(strstr(item_why_not(item, OUTCOME_APPROVE), "hidden text"));
	assert_non_null(strstr(item_why_not(item, OUTCOME_CORRECT), "direction overrides"));
	assert_null(item_why_not(item, OUTCOME_REJECT));
	text = sample_layout(item, 80, 21);
	sample_shows(text, "! hidden text: direction overrides, tag characters");
	sample_shows(text, "⟦RLO⟧evil");
	free(text);
	item_open_pane(item, ITEM_HIDDEN);
	text = sample_layout(item, 80, 21);
	sample_shows(text, "Tag characters spell");
	sample_shows(text, "AB");
	free(text);
	assert_true(item->revealed);
	item_open_pane(item, ITEM_PANES);
	assert_null(item_why_not(item, OUTCOME_APPROVE));
	item_complete(item, d, facts.now_ms);
	assert_int_equal(d->flag_count, 2);
	assert_string_equal(d->flags_shown[0], "bidi");
	assert_string_equal(d->flags_shown[1], "tag");
	decision_free(d);
	item_free(item);
}

static void test_a_long_hidden_text_is_scrolled_before_it_counts(void **state)
{
	struct value *proposal = sample_json(sample_intent);
	struct facts facts = sample_facts();
	struct buf long_text = BUF_INIT;
	struct item *item;

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_adds(&long_text, "line \xe2\x80\x8b with a zero-width space\n");
	value_set_string(value_find_pointer(proposal, "/sources/0"), "text", buf_str(&long_text));
	item = item_new(sample_review_of(sample_json(sample_intents), proposal, NULL), NULL,
	                NULL, &facts);
	item_open_pane(item, ITEM_HIDDEN);
	free(sample_layout(item, 80, 21));
	assert_false(item->revealed);
	/* the end alone is not the whole */
	item_scroll_to(item, true);
	free(sample_layout(item, 80, 21));
	assert_false(item->revealed);
	item_scroll_to(item, false);
	for (int pages = 0; pages < 10 && !item->revealed; pages++) {
		free(sample_layout(item, 80, 21));
		item_scroll(item, (long)item->room[ITEM_HIDDEN]);
	}
	assert_true(item->revealed);
	item_free(item);
	buf_clear(&long_text);
}

static void test_arguments_must_have_been_on_the_screen_to_their_end(void **state)
{
	struct value *proposal = sample_json(sample_call);
	struct value *arguments = value_find_pointer(proposal, "/proposed/arguments");
	struct facts facts = sample_facts();
	struct item *item;
	char *text;
	int pages = 0;

	(void)state;
	for (int i = 0; i < 60; i++) {
		char *name = mem_printf("passenger_%d", i);

		value_set_string(arguments, name, "somebody");
		free(name);
	}
	item = item_new(sample_review_of(sample_json(sample_agent), proposal, NULL), NULL,
	                NULL, &facts);
	text = sample_layout(item, 80, 21);
	sample_shows(text, "rows below: PgDn");
	sample_shows(text, "a is off: not all arguments");
	free(text);
	assert_non_null(item_why_not(item, OUTCOME_APPROVE));
	/* the end alone is not the whole */
	item_scroll_to(item, true);
	text = sample_layout(item, 80, 21);
	sample_shows(text, "END");
	free(text);
	assert_non_null(item_why_not(item, OUTCOME_APPROVE));
	item_scroll_to(item, false);
	do {
		free(sample_layout(item, 80, 21));
		item_scroll(item, (long)item->room[ITEM_ARGUMENTS]);
	} while (!item->arguments_seen && ++pages < 100);
	text = sample_layout(item, 80, 21);
	assert_null(item_why_not(item, OUTCOME_APPROVE));
	sample_shows(text, "If you approve: released once");
	free(text);
	item_free(item);
}

static void test_a_sibling_that_is_open_is_named(void **state)
{
	struct item *item = open_item(sample_agent, sample_call, NULL);
	struct value *siblings = sample_json("[{'external_id':'a-0','state':'approved'},"
		"{'external_id':'a-2','title':'Cancel the hotel','state':'rejected'}]");
	char *words, *text;

	(void)state;
	assert_null(item_sibling_warning(item));
	item->review->siblings = siblings;
	words = item_sibling_warning(item);
	assert_string_equal(words, "same case: Cancel the hotel is rejected");
	text = sample_layout(item, 120, 39);
	sample_shows(text, "! same case: Cancel the hotel is rejected");
	free(text);
	free(words);
	item->review->siblings = NULL;
	value_free(siblings);
	item_free(item);
}

static void test_evidence_follows_the_field(void **state)
{
	struct value *proposal = sample_json(sample_receipt);
	struct facts facts = sample_facts();
	struct buf text = BUF_INIT;
	struct item *item;
	char *screen;
	int64_t at;
	struct value *evidence = value_find_pointer(proposal, "/proposed/fields/total/evidence/0");

	(void)state;
	for (int i = 1; i <= 200; i++)
		buf_addf(&text, "한글 line %d\n", i);
	at = (int64_t)utf8_count(text.data, text.len);
	buf_adds(&text, "the total is 101.75 here\n");
	for (int i = 0; i < 50; i++)
		buf_adds(&text, "after\n");
	value_set_string(value_find_pointer(proposal, "/sources/0"), "text", buf_str(&text));
	value_set_int(evidence, "start", at + 13);
	value_set_int(evidence, "end", at + 19);
	item = item_new(sample_review_of(sample_json(sample_receipts), proposal,
	                                  "['total']"), NULL, NULL, &facts);
	screen = sample_layout(item, 80, 21);
	sample_shows(screen, " ▸  201  the total is 101.75 here");
	free(screen);
	/* scrolled away by hand it stays away; the field brings it back */
	item_scroll_to(item, false);
	screen = sample_layout(item, 80, 21);
	sample_hides(screen, "the total is");
	free(screen);
	item_select(item, item->field);
	screen = sample_layout(item, 132, 40);
	sample_shows(screen, "the total is 101.75 here");
	free(screen);
	item_free(item);
	buf_clear(&text);
}

static void test_time_with_a_person_is_counted_without_the_breaks(void **state)
{
	struct item *item = receipt();
	struct decision *d = decision_new();
	int64_t boot = sample_facts().boot_ms;

	(void)state;
	item_touch(item, boot + 2000);
	item_touch(item, boot + 5000);
	item_touch(item, boot + 905000);   /* a coffee counts 30 s */
	item_complete(item, d, sample_facts().now_ms + 905000);
	assert_int_equal(d->active_ms, 35000);
	assert_string_equal(d->opened_at, "2026-11-08T12:00:00.000Z");
	assert_string_equal(d->checked_against[0], "text");
	decision_free(d);
	item_free(item);
}

static void test_panes_that_were_opened_are_recorded(void **state)
{
	struct item *item = receipt();
	struct decision *d = decision_new();
	bool why = false, raw = false;

	(void)state;
	free(sample_layout(item, 80, 21));
	item_open_pane(item, ITEM_WHY);
	free(sample_layout(item, 80, 21));
	item_complete(item, d, 0);
	for (size_t i = 0; i < d->pane_count; i++) {
		why |= strcmp(d->panes[i], "why") == 0;
		raw |= strcmp(d->panes[i], "raw") == 0;
	}
	assert_true(why && !raw);
	decision_free(d);
	item_free(item);
}

static void test_a_decision_that_asks_again_says_what_was_seen_once(void **state)
{
	struct item *item = receipt();
	struct decision *d = decision_new();
	size_t panes;

	(void)state;
	free(sample_layout(item, 80, 21));
	item_complete(item, d, 0);
	panes = d->pane_count;
	item_complete(item, d, 1000);
	assert_int_equal(d->checked_count, 1);
	assert_int_equal(d->pane_count, panes);
	assert_string_equal(d->decided_at, "1970-01-01T00:00:01.000Z");
	decision_free(d);
	item_free(item);
}

static void test_a_blind_review_shows_no_answer(void **state)
{
	struct value *proposal = sample_json(sample_intent);
	struct review *r;
	struct facts facts = sample_facts();
	struct item *item;
	char *text;

	(void)state;
	r = sample_review_of(sample_json(sample_intents), proposal, NULL);
	r->view = VIEW_BLIND;
	r->proposal->label = NULL;
	r->proposal->label_confidence = NULL;
	r->proposal->alternative_count = 0;
	item = item_new(r, NULL, NULL, &facts);
	text = sample_layout(item, 100, 30);
	sample_shows(text, "BLIND");
	sample_hides(text, "▸ Lost card");
	sample_hides(text, "medium");
	free(text);
	item_free(item);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_asked_field_is_selected_with_its_candidates),
		cmocka_unit_test(test_a_required_empty_field_cannot_be_approved),
		cmocka_unit_test(test_what_the_server_forbids_is_off),
		cmocka_unit_test(test_hidden_text_blocks_until_it_was_shown_to_its_end),
		cmocka_unit_test(test_a_long_hidden_text_is_scrolled_before_it_counts),
		cmocka_unit_test(test_arguments_must_have_been_on_the_screen_to_their_end),
		cmocka_unit_test(test_a_sibling_that_is_open_is_named),
		cmocka_unit_test(test_evidence_follows_the_field),
		cmocka_unit_test(test_time_with_a_person_is_counted_without_the_breaks),
		cmocka_unit_test(test_panes_that_were_opened_are_recorded),
		cmocka_unit_test(test_a_decision_that_asks_again_says_what_was_seen_once),
		cmocka_unit_test(test_a_blind_review_shows_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
