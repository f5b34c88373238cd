/* SPDX-License-Identifier: Apache-2.0
 *
 * A person decides on the practice queue, offline: what they see at each step,
 * and what is recorded in the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "screen/practice.h"

/* --- the screens ----------------------------------------------------------------- */

static void test_home_and_list(void **state)
{
	struct journey j;

	(void)state;
	practice_begin(&j, NULL);
	journey_golden(&j, "home");
	journey_see(&j, "?", "Keys of this screen");
	journey_golden(&j, "home-help");
	journey_lose(&j, "q", "Keys of this screen");
	journey_see(&j, "jj", "? all");
	journey_see(&j, "l", "practice-inv-01");
	journey_golden(&j, "list");
	journey_see(&j, "o", "by due time");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

static void test_help_panes_and_command_line(void **state)
{
	struct journey j;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-02");
	journey_see(&j, "?", "Keys of this screen");
	journey_golden(&j, "review-help");
	journey_lose(&j, "q", "Keys of this screen");
	journey_see(&j, "i", "Asked because");
	journey_see(&j, "", "Invoice number unsure");
	/* digests wrap where their digits let them: no golden screen */
	journey_see(&j, "G", "routing rules");
	journey_absent(&j, "rows below");
	/* the guide opens at the paragraph of the field, its beginning is above */
	journey_see(&j, "p", "Invoice number ◂ what the cursor is on");
	journey_see(&j, "g", "What is right here");
	journey_golden(&j, "pane-guide");
	journey_see(&j, "h", "Same case");
	journey_golden(&j, "pane-history");
	journey_see(&j, "R", "practice-inv-02");
	journey_see(&j, "R", "ASKED");
	journey_see(&j, ":", "Enter runs the command");
	journey_golden(&j, "command-line");
	journey_see(&j, "me\r", "What this desk holds about you");
	journey_golden(&j, "me");
	journey_see(&j, "q", "ASKED");
	journey_see(&j, ":nonsense\r", "there is no command “nonsense”");
	journey_see(&j, ":order\r", "order is not possible here");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

/* --- extraction ------------------------------------------------------------------ */

static void test_an_invoice_is_approved(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-01");
	journey_golden(&j, "invoice-80x24");
	/* its case has another item that is open: asked once more */
	journey_see(&j, "a", "once more approves");
	/* the same key at once would not count: the item is new */
	journey_decide(&j, "ga");
	journey_see(&j, "!", "held");
	journey_golden(&j, "outbox");
	journey_leave(&j);
	r = journey_record(&j, "practice-inv-01");
	assert_string_equal(journey_text(r, "outcome"), "approve");
	assert_string_equal(journey_text(r, "state"), "waiting");
	assert_string_equal(journey_text(r, "envelope/outcome"), "approve");
	assert_string_equal(journey_field(r, "total"), "confirmed");
	assert_string_equal(journey_field(r, "supplier"), "not_asked");
	value_free(r);
	journey_clear(&j);
}

static void test_a_field_is_corrected_by_typing(void **state)
{
	static const char typed[] = "Muster Papier GmbH — 株式会社 Ñandú";
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-03");
	journey_see(&j, "c", "[ y send ]");
	journey_golden(&j, "form");
	journey_see(&j, "\r", "Enter done");
	journey_golden(&j, "form-editing");
	journey_see(&j, "198", "198");
	journey_see(&j, "\177\177" "97,5\005" "4\001\004" "1\r", "197,54");
	journey_see(&j, "", "was 100,00");
	journey_keys(&j, "g");
	for (int i = 0; i < 4; i++)
		journey_keys(&j, "k");
	journey_see(&j, "\r", "Enter done");
	journey_see(&j, typed, "Ñandú");
	journey_see(&j, "\r", "was Muster Papier");
	journey_golden(&j, "form-corrected");
	journey_see(&j, "w", "your answer");
	journey_golden(&j, "compare");
	journey_see(&j, "w", "[ y send ]");
	journey_decide(&j, "y");
	journey_leave(&j);
	r = journey_record(&j, "practice-inv-03");
	assert_string_equal(journey_text(r, "outcome"), "correct");
	assert_string_equal(journey_text(r, "content/value/supplier"), typed);
	assert_string_equal(journey_text(r, "content/value/total"), "197,54");
	assert_string_equal(journey_text(r, "content/value/date"), "04.11.2026");
	assert_string_equal(journey_field(r, "total"), "corrected");
	assert_string_equal(journey_field(r, "supplier"), "corrected");
	assert_string_equal(journey_field(r, "date"), "not_asked");
	value_free(r);
	journey_clear(&j);
}

static void test_candidates_are_taken_by_digit(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-03");
	/* 1 166,00 · Summe netto  2 197,54 · Gesamtbetrag …: what is paid first */
	journey_see(&j, "n", "1 166,00 · Summe netto");
	journey_see(&j, "2", "was 100,00");
	journey_golden(&j, "candidate-taken");
	journey_see(&j, "9", "candidates");
	journey_decide(&j, "y");
	journey_leave(&j);
	r = journey_record(&j, "practice-inv-03");
	assert_string_equal(journey_text(r, "content/value/total"), "197,54");
	assert_string_equal(journey_field(r, "total"), "corrected");
	value_free(r);
	journey_clear(&j);
}

static void test_a_field_that_cannot_be_told(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-04");
	journey_see(&j, "a", "a is off: Date as printed is required and empty");
	journey_see(&j, "-", "can't tell: why");
	journey_golden(&j, "cannot-tell");
	journey_see(&j, "1", "can't tell: unreadable");
	journey_golden(&j, "cannot-tell-chosen");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	r = journey_draft(&j, "practice-inv-04");
	assert_non_null(r);
	assert_string_equal(journey_text(r, "fields/date/state"), "cannot_tell");
	value_free(r);
	journey_clear(&j);
}

/* --- classification ------------------------------------------------------------- */

static void test_labels_by_digit_none_and_search(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-02");
	journey_golden(&j, "message-80x24");
	journey_decide(&j, "1");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-04");
	journey_see(&j, "/", "type words");
	journey_see(&j, "addr", "Address, quantity");
	journey_golden(&j, "label-search");
	journey_see(&j, "\r", "y sends: ");
	journey_golden(&j, "label-chosen");
	journey_decide(&j, "y");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-05");
	journey_see(&j, "0", "[x] none fits");
	journey_see(&j, "A question about unicorns", "A question about unicorns");
	journey_golden(&j, "none-fits");
	journey_see(&j, "\r", "[ y send ]");
	journey_decide(&j, "y");
	journey_leave(&j);
	r = journey_record(&j, "practice-msg-02");
	assert_string_equal(journey_text(r, "content/value/label"), "refund");
	value_free(r);
	r = journey_record(&j, "practice-msg-04");
	assert_string_equal(journey_text(r, "content/value/label"), "change_order");
	assert_string_equal(journey_text(r, "outcome"), "correct");
	value_free(r);
	r = journey_record(&j, "practice-msg-05");
	assert_string_equal(journey_text(r, "outcome"), "reject");
	assert_string_equal(journey_text(r, "content/message"), "A question about unicorns");
	value_free(r);
	journey_clear(&j);
}

/* --- approval -------------------------------------------------------------------- */

static void test_an_action_is_approved(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_ACTIONS, "practice-act-02");
	journey_golden(&j, "action-80x24");
	journey_see(&j, "G", "END");
	journey_see(&j, "a", "once more approves");
	/* the same key at once would not count: the item is new */
	journey_decide(&j, "ga");
	journey_leave(&j);
	r = journey_record(&j, "practice-act-02");
	assert_string_equal(journey_text(r, "outcome"), "approve");
	assert_string_equal(journey_text(r, "state"), "waiting");
	value_free(r);
	journey_clear(&j);
}

static void test_arguments_are_corrected_in_an_editor(void **state)
{
	static const char *const more[] = {
		"EDITOR=sed -i 's/85.00/58.00/'", NULL };
	struct harness_spec spec = { .env = more };
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, &spec);
	journey_open(&j, PRACTICE_ACTIONS, "practice-act-02");
	journey_see(&j, "G", "END");
	journey_see(&j, "E", "w shows both");
	journey_golden(&j, "arguments-changed");
	journey_see(&j, "w", "your answer");
	journey_see(&j, "w", "will run exactly this");
	journey_see(&j, "G", "END");
	journey_decide(&j, "y");
	journey_leave(&j);
	r = journey_record(&j, "practice-act-02");
	assert_string_equal(journey_text(r, "outcome"), "correct");
	assert_string_equal(journey_text(r, "content/value/arguments/amount"), "58.00");
	value_free(r);
	journey_clear(&j);
}

/* --- the other ways out ---------------------------------------------------------- */

static void test_reject_return_escalate_with_words(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-05");
	journey_see(&j, "x", "not this kind of document");
	journey_see(&j, "y", "choose a reason");
	journey_golden(&j, "reject");
	journey_see(&j, "1", "[x] not this kind");
	journey_decide(&j, "y");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-04");
	journey_see(&j, "r", "message");
	journey_see(&j, "Please scan it again.", "Please scan it again.");
	journey_golden(&j, "return");
	journey_see(&j, "\r", "[ y send ]");
	journey_see(&j, "1", "[x] a part is missing");
	journey_decide(&j, "y");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-05");
	journey_see(&j, "e", "suspicious");
	journey_see(&j, "1", "[x] unsure");
	journey_see(&j, "m", "note");
	journey_see(&j, "Joke or a new kind?", "Joke or a new kind?");
	journey_golden(&j, "escalate");
	journey_see(&j, "\r", "[ y send ]");
	journey_decide(&j, "y");
	journey_leave(&j);
	r = journey_record(&j, "practice-inv-05");
	assert_string_equal(journey_text(r, "outcome"), "reject");
	assert_string_equal(value_str(value_at(value_find(value_find(r, "envelope"), "reasons"), 0)),
	                    "not_this_kind");
	value_free(r);
	r = journey_record(&j, "practice-inv-04");
	assert_string_equal(journey_text(r, "outcome"), "return");
	assert_string_equal(journey_text(r, "content/message"), "Please scan it again.");
	value_free(r);
	r = journey_record(&j, "practice-msg-05");
	assert_string_equal(journey_text(r, "outcome"), "escalate");
	assert_string_equal(journey_text(r, "content/note"), "Joke or a new kind?");
	assert_string_equal(journey_text(r, "content/message"), "(none)");
	value_free(r);
	journey_clear(&j);
}

static void test_skip_defer_not_for_me(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-01");
	journey_decide(&j, "s");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-02");
	journey_see(&j, "2", "was EOC-1042");
	journey_decide(&j, "z");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-03");
	journey_see(&j, "N", "not for me: why");
	journey_golden(&j, "not-for-me");
	journey_see(&j, "3", "[x] language");
	journey_decide(&j, "y");
	journey_see(&j, "!", "skipped");
	journey_golden(&j, "outbox-dispositions");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 3);
	r = journey_record(&j, "practice-msg-01");
	assert_string_equal(journey_text(r, "disposition"), "skip");
	value_free(r);
	r = journey_record(&j, "practice-inv-02");
	assert_string_equal(journey_text(r, "disposition"), "defer");
	value_free(r);
	r = journey_record(&j, "practice-msg-03");
	assert_string_equal(journey_text(r, "disposition"), "not_for_me");
	assert_string_equal(journey_text(r, "reason"), "language");
	value_free(r);
	r = journey_draft(&j, "practice-inv-02");
	assert_string_equal(journey_text(r, "fields/invoice_number/state"), "corrected");
	value_free(r);
	journey_clear(&j);
}

static void test_undo_brings_the_item_back(void **state)
{
	struct journey j;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-01");
	journey_decide(&j, "a");
	journey_see(&j, "u", "taken back: nothing of it was sent");
	journey_expect_item(&j, "practice-msg-01");
	journey_see(&j, "u", "nothing");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

/* A queue is worked item by item: what was decided last and what comes next
 * stands on the screen, and the id that is shown is the id that is recorded. */
static void test_a_queue_is_worked_to_its_end(void **state)
{
	struct journey j;
	char *ids[5];

	(void)state;
	practice_begin(&j, NULL);
	journey_work(&j, PRACTICE_MESSAGES);
	for (int i = 0; i < 5; i++) {
		journey_settle(&j);
		ids[i] = journey_external_id(&j);
		if (i == 1)
			journey_golden(&j, "last-and-next");
		journey_keys(&j, "ga");
	}
	journey_see(&j, "", "my queues");
	journey_golden(&j, "nothing-left");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 5);
	for (int i = 0; i < 5; i++) {
		struct value *r = journey_record(&j, ids[i]);

		assert_string_equal(journey_text(r, "outcome"), "approve");
		value_free(r);
		free(ids[i]);
	}
	journey_clear(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_home_and_list),
		cmocka_unit_test(test_help_panes_and_command_line),
		cmocka_unit_test(test_an_invoice_is_approved),
		cmocka_unit_test(test_a_field_is_corrected_by_typing),
		cmocka_unit_test(test_candidates_are_taken_by_digit),
		cmocka_unit_test(test_a_field_that_cannot_be_told),
		cmocka_unit_test(test_labels_by_digit_none_and_search),
		cmocka_unit_test(test_an_action_is_approved),
		cmocka_unit_test(test_arguments_are_corrected_in_an_editor),
		cmocka_unit_test(test_reject_return_escalate_with_words),
		cmocka_unit_test(test_skip_defer_not_for_me),
		cmocka_unit_test(test_undo_brings_the_item_back),
		cmocka_unit_test(test_a_queue_is_worked_to_its_end),
	};

	return cmocka_run_group_tests(tests, practice_open, practice_close);
}
