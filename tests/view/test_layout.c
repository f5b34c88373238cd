/* SPDX-License-Identifier: Apache-2.0
 *
 * Layouts at every size: nothing beyond its box, and the facts that must be
 * there at 80 × 24 are there. The desk keeps three rows for keys and messages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "view/sample.h"
#include "view/review/choice.h"
#include "wire/json.h"

enum { KEY_ROWS = 3 };

static const struct { unsigned width, height; } sizes[] = {
	{ 60, 16 }, { 61, 17 }, { 72, 20 }, { 80, 24 }, { 81, 25 }, { 99, 28 }, { 100, 30 },
	{ 109, 33 }, { 110, 34 }, { 120, 40 }, { 132, 43 }, { 160, 50 }, { 200, 60 },
};

static struct item *item_of(struct review *r)
{
	struct facts facts = sample_facts();

	return item_new(r, NULL, "what comes next", &facts);
}

/* Every pane and state of an item, at one size. */
static void all_panes(struct item *item, unsigned width, unsigned height)
{
	for (int pane = 0; pane <= ITEM_PANES; pane++) {
		if (pane == ITEM_FIELDS || pane == ITEM_ARGUMENTS)
			continue;
		item_open_pane(item, (enum item_pane)pane);
		free(sample_layout(item, width, height));
		item_scroll_to(item, true);
		free(sample_layout(item, width, height));
		item_scroll_to(item, false);
	}
	for (size_t i = 0; i <= item->form->count; i++) {
		item->filling = i % 2;
		item_select(item, i);
		item->edit_text = i % 2 && i < item->form->count ? "한글 typed text" : NULL;
		item->edit_caret = 6;
		free(sample_layout(item, width, height));
		item->edit_text = NULL;
	}
	item->filling = false;
	item_select(item, 0);
}

static void test_nothing_leaves_its_box_at_any_size(void **state)
{
	static const char *const kinds[][2] = { { sample_receipts, sample_receipt },
		{ sample_intents, sample_intent }, { sample_agent, sample_call } };

	(void)state;
	for (size_t k = 0; k < 3; k++)
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct item *item = item_of(sample_review(kinds[k][0], kinds[k][1], NULL));

			all_panes(item, sizes[s].width, sizes[s].height - KEY_ROWS);
			item_free(item);
		}
}

/* The same item in a window that changes all the time. */
static void test_a_window_may_change_at_any_moment(void **state)
{
	struct item *item = item_of(sample_review(sample_receipts, sample_receipt, NULL));

	(void)state;
	for (unsigned n = 0; n < 200; n++)
		free(sample_layout(item, 60 + n * 37 % 141, 13 + n * 29 % 45));
	item_free(item);
}

static void test_a_receipt_says_everything_at_80_by_24(void **state)
{
	static const char *const words[] = { "Receipts · first check", "r-1 · reader 2.1",
		"TEXT ONLY, no page image", "reserved to", "TEST", "● online", "reviewer-1",
		"Company", "NORDWIND LTD", "— nothing found —", "101.75", "1 Harbour Row",
		"1 candidate for Date", "[1]", "Date: 23/03/2018", "✗ sum",
		"guide · Unreadable year: do not guess.", "a is off: Date is required and empty",
		"next   what comes next", "not asked", "ASKED" };
	struct item *item = item_of(sample_review(sample_receipts, sample_receipt,
	                                           "['date','total']"));
	char *text = sample_layout(item, 80, 21);

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		sample_shows(text, words[i]);
	free(text);
	item_free(item);
}

static void test_a_message_says_everything_at_80_by_24(void **state)
{
	static const char *const words[] = { "Customer intents · first check", "m-1 · sorter 1",
		"My card is frozen.", "a ▸ Lost card", "▱▱▱··", "medium", "1   New card",
		"The card is gone.", "3   PIN blocked", "search all 5", "0  none fits",
		"If you approve: the label stays", "next   what comes next", "asked because" };
	struct item *item = item_of(sample_review(sample_intents, sample_intent, NULL));
	char *text = sample_layout(item, 80, 21);

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		sample_shows(text, words[i]);
	free(text);
	item_free(item);
}

static void test_an_action_says_everything_at_80_by_24(void **state)
{
	static const char *const words[] = { "Travel agent · first check", "a-1 · helper",
		"partly reversible", "bounded", "Rebook M05 to 2024-05-24", "2024-05-23", "≠",
		"not supplied", "! rule: the place stays", "refund 2544.00 USD to card 1",
		"✗ same place", "[3] user", "Friday, yes please.", "? cheapest not run",
		"will run exactly this", "booking", "M05", "[{\"name\": \"A. Example\"}", "END" };
	struct item *item = item_of(sample_review(sample_agent, sample_call, NULL));
	char *text = sample_layout(item, 80, 21), *wide = sample_layout(item, 120, 37);

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		sample_shows(text, words[i]);
	sample_shows(wide, "✓ customer agreed passed");
	sample_shows(wide, "? cheapest not run");
	sample_shows(wide, "No confidence was given");
	sample_shows(wide, "← [3]");
	sample_shows(wide, "Moves the trip to Friday");
	sample_shows(wide, "If you approve: released once");
	free(text);
	free(wide);
	item_free(item);
}

static void test_what_is_absent_is_said(void **state)
{
	struct review *r = sample_review(sample_agent,
		"{'external_id':'a-2','queue':'agent','kind':'approval','model':{'name':'h',"
		"'version':'1'},'safety_class':'high_impact','sources':[],"
		"'proposed':{'action':'rebook','arguments':{}}}", NULL);
	struct item *item = item_of(r);
	char *text = sample_layout(item, 100, 30);

	(void)state;
	sample_shows(text, "current state not supplied");
	sample_shows(text, "effect unknown: this action moves money");
	sample_shows(text, "no checks supplied");
	sample_shows(text, "NO SOURCE SUPPLIED");
	sample_shows(text, "No confidence was given");
	sample_shows(text, "reversibility not supplied");
	sample_shows(text, "no arguments");
	sample_shows(text, "high impact");
	sample_shows(text, "Rebook (no booking) to (no day)");
	free(text);
	item_free(item);
}

static void test_text_only_is_said_before_the_class(void **state)
{
	struct value *proposal = sample_json(sample_receipt);
	struct item *item;
	char *text;

	(void)state;
	value_set_string(proposal, "external_id", "practice-invoice-2026-02");
	item = item_of(sample_review_of(sample_json(sample_receipts), proposal, NULL));
	text = sample_layout(item, 80, 21);
	sample_shows(text, "TEXT ONLY");
	sample_hides(text, "one person decides");
	free(text);
	text = sample_layout(item, 60, 13);
	sample_shows(text, "TEXT ONLY");
	free(text);
	item_free(item);
}

static void test_short_arguments_stand_in_full_at_80_by_24(void **state)
{
	for (int more = 0; more < 5; more++) {
		struct value *proposal = sample_json(sample_call);
		struct value *arguments = value_find_pointer(proposal, "/proposed/arguments");
		struct item *item;
		char *text;

		for (int i = 0; i < more; i++) {
			char name[] = { 'n', 'o', 't', 'e', (char)('1' + i), '\0' };

			value_set_string(arguments, name, "a sentence of the customer, word for "
			                 "word, that takes most of a row");
		}
		item = item_of(sample_review_of(sample_json(sample_agent), proposal, NULL));
		text = sample_layout(item, 80, 21);
		sample_shows(text, "will run exactly this · all of it");
		sample_shows(text, "END");
		sample_shows(text, "text from line");
		sample_shows(text, "Friday, yes please.");
		sample_shows(text, "If you approve: released once");
		assert_true(item->arguments_seen);
		free(text);
		item_free(item);
	}
	(void)state;
}

static void test_the_second_answer_is_called_that(void **state)
{
	struct item *item = item_of(sample_review(sample_agent, sample_call, NULL));
	char *text;

	(void)state;
	item->review->proposal->safety_class = CLASS_HIGH_IMPACT;
	text = sample_layout(item, 120, 37);
	sample_shows(text, "counts once a second person says the same");
	free(text);
	item->review->stage = STAGE_SECOND;
	text = sample_layout(item, 120, 37);
	sample_hides(text, "counts once a second person");
	sample_shows(text, "this is the second answer");
	free(text);
	item_free(item);
}

static void test_a_chosen_label_goes_by_its_title(void **state)
{
	struct item *item = item_of(sample_review(sample_intents, sample_intent, NULL));
	char *text;

	(void)state;
	form_set_label(item->form, "card_new");
	text = sample_layout(item, 80, 21);
	sample_shows(text, "y sends: New card");
	free(text);
	item_open_pane(item, ITEM_COMPARE);
	text = sample_layout(item, 80, 21);
	sample_shows(text, "Lost card");
	sample_hides(text, "card_new");
	free(text);
	item_free(item);
}

static void test_the_search_stays_in_its_box(void **state)
{
	struct facts facts = sample_facts();
	struct item *item = item_of(sample_review(sample_intents, sample_intent, NULL));
	struct rows rows;

	(void)state;
	rows_init(&rows, 80, 0);
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		choice_search_layout(item, &facts, "card", 4, 1, sizes[s].width,
		                     sizes[s].height - KEY_ROWS, &rows);
		free(sample_rows(&rows, sizes[s].height - KEY_ROWS));
		assert_true(rows.has_cursor);
	}
	rows_clear(&rows);
	item_free(item);
}

/* --- real items --------------------------------------------------------------------- */

static struct value *real_definition(const char *shared, const char *queue)
{
	char *path = mem_printf("%s/data/real/queues.json", shared);
	struct buf bytes = BUF_INIT;
	struct value *doc = NULL, *found = NULL;

	if (file_read(path, 1 << 20, &bytes, NULL) == 0
	    && json_parse(bytes.data, bytes.len, NULL, &doc, NULL) == 0)
		for (size_t i = 0; i < value_count(value_find(doc, "queues")); i++) {
			struct value *one = value_at(value_find(doc, "queues"), i);

			if (strcmp(value_text_or(one, "queue", ""), queue) == 0)
				found = value_copy(one);
		}
	value_free(doc);
	buf_clear(&bytes);
	free(path);
	return found;
}

static size_t lay_out_queue(const char *shared, const char *queue, size_t step)
{
	char *path = mem_printf("%s/data/real/%s.jsonl", shared, queue);
	struct buf bytes = BUF_INIT;
	size_t done = 0, n = 0;
	char *line, *end;

	if (file_read(path, 64 << 20, &bytes, NULL) != 0)
		bytes.len = 0;
	for (line = bytes.data; line && line < bytes.data + bytes.len; line = end + 1, n++) {
		struct value *doc = NULL;
		struct item *item;

		end = strchrnul(line, '\n');
		if (n % step || json_parse(line, (size_t)(end - line), NULL, &doc, NULL) < 0)
			continue;
		item = item_of(sample_review_of(real_definition(shared, queue), doc, NULL));
		all_panes(item, sizes[n % 13].width, sizes[n % 13].height - KEY_ROWS);
		free(sample_layout(item, 80, 21));
		item_free(item);
		done++;
	}
	buf_clear(&bytes);
	free(path);
	return done;
}

static void test_real_items_stay_in_their_box(void **state)
{
	static const struct { const char *queue; size_t step, least; } queues[] = {
		{ "receipts", 7, 20 }, { "invoices", 1, 9 }, { "support-intents", 97, 15 },
		{ "support-ko", 37, 8 }, { "airline-agent", 7, 15 } };
	const char *shared = getenv("COUNTERSIGN_SHARED");

	(void)state;
	if (!shared || access(shared, R_OK) != 0) {
		print_message("# the real queues are not here\n");
		skip();
	}
	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
		assert_true(lay_out_queue(shared, queues[i].queue, queues[i].step)
		            >= queues[i].least);
}

/* A line of a million characters, digits without an end, hidden text, wide
 * characters and marks: each is laid out many times, as keys do. */
static void test_hostile_sources_stay_in_their_box(void **state)
{
	struct facts facts = sample_facts();

	(void)state;
	for (int shape = 0; shape < 6; shape++) {
		static const char *const pieces[] = { "x", "1.50 ", "한", "\xe2\x80\xae",
			"\xcc\x81", "12/03/2018 Total " };
		struct value *proposal = sample_json(sample_receipt);
		struct buf text = BUF_INIT;
		struct item *item;

		while (text.len < (shape == 0 || shape == 2 ? 1000000 : 140000))
			buf_adds(&text, pieces[shape]);
		value_set_string(value_find_pointer(proposal, "/sources/0"), "text",
		                 buf_str(&text));
		value_set_string(value_find_pointer(proposal, "/proposed/fields/company"), "value",
		                 buf_str(&text));
		item = item_new(sample_review_of(sample_json(sample_receipts), proposal, NULL),
		                NULL, NULL, &facts);
		for (size_t key = 0; key < 40; key++) {
			item_select(item, key % item->form->count);
			free(sample_layout(item, key < 20 ? 80 : 150, key < 20 ? 21 : 40));
		}
		item_free(item);
		buf_clear(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_leaves_its_box_at_any_size),
		cmocka_unit_test(test_a_window_may_change_at_any_moment),
		cmocka_unit_test(test_a_receipt_says_everything_at_80_by_24),
		cmocka_unit_test(test_a_message_says_everything_at_80_by_24),
		cmocka_unit_test(test_an_action_says_everything_at_80_by_24),
		cmocka_unit_test(test_what_is_absent_is_said),
		cmocka_unit_test(test_text_only_is_said_before_the_class),
		cmocka_unit_test(test_short_arguments_stand_in_full_at_80_by_24),
		cmocka_unit_test(test_the_second_answer_is_called_that),
		cmocka_unit_test(test_a_chosen_label_goes_by_its_title),
		cmocka_unit_test(test_the_search_stays_in_its_box),
		cmocka_unit_test(test_real_items_stay_in_their_box),
		cmocka_unit_test(test_hostile_sources_stay_in_their_box),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
