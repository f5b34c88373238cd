/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the keys (design: the desk, "Rules"): what never decides, what
 * is flushed, what must have been seen before approving.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "screen/journey.h"

#define ACTIONS "Rules: actions"
#define FIELDS "Rules: fields"
#define MESSAGES "Rules: messages"

enum { MESSAGE_COUNT = 7 };

static struct world world;

static int open_world(void **state)
{
	static const char *const queues[] = { "rules-actions", "rules-fields", "rules-messages",
		NULL };

	(void)state;
	world_offline(&world, TEST_SRCDIR "/screen/rules-queues.json",
	              TEST_SRCDIR "/screen/rules.jsonl", queues);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static void begin(struct journey *j, const char *term)
{
	struct harness_spec spec = { .term = term };

	journey_begin(j, &world, "reviewer-1", &spec);
	journey_see(j, "", "offline");
}

static void leave_without_a_record(struct journey *j)
{
	journey_leave(j);
	assert_int_equal(journey_records(j), 0);
	journey_clear(j);
}

/* --- what never decides ------------------------------------------------------------ */

/* Enter, Space, Backspace twice, Delete, Tab, arrows, and every Ctrl chord that
 * is not the terminal's own (C, Z, \ are signals; S, Q, V, O the line's). */
static const char *const harmless[] = {
	"\r", "\n", " ", "\177", "\b", "\033[3~", "\033[2~", "\t", "\033OA", "\033OB", "\033OC",
	"\033OD", "\001", "\002", "\004", "\005", "\006", "\007", "\013", "\014", "\016", "\020",
	"\022", "\024", "\025", "\027", "\030", "\031", "\035", "\036", "\037",
};

/* Leaves what a harmless key may have opened. */
static void leave_editor(struct journey *j)
{
	if (harness_shows(j->h, "Enter done"))
		journey_escape(j, "Enter done");
}

static void press_all_harmless(struct journey *j, const char *external_id)
{
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
		journey_keys(j, harmless[i]);
		journey_settle(j);
		leave_editor(j);
		journey_expect_item(j, external_id);
		journey_absent(j, "u undo ·");
	}
}

static void test_harmless_keys_decide_nothing(void **state)
{
	static const char *const items[][2] = { { FIELDS, "rules-ext-plain" },
		{ MESSAGES, "rules-msg-1" }, { ACTIONS, "rules-act-short" } };
	struct journey j;

	(void)state;
	begin(&j, NULL);
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		journey_open(&j, items[i][0], items[i][1]);
		press_all_harmless(&j, items[i][1]);
		journey_back_home(&j);
	}
	leave_without_a_record(&j);
}

static void test_harmless_keys_send_no_form_and_no_dialog(void **state)
{
	struct journey j;

	(void)state;
	begin(&j, NULL);
	journey_open(&j, FIELDS, "rules-ext-plain");
	journey_see(&j, "c=", "[ y send ]");
	press_all_harmless(&j, "rules-ext-plain");
	journey_see(&j, "x", "not this kind");
	journey_see(&j, "1", "[x] not this kind");
	press_all_harmless(&j, "rules-ext-plain");
	journey_escape(&j, "not this kind");
	leave_without_a_record(&j);
}

static void test_pasted_text_never_decides(void **state)
{
	static const char *const pasted[] = { "a", "aaaa", "y", "1", "a\ry\r", "xssN" };
	struct journey j;

	(void)state;
	begin(&j, NULL);
	journey_open(&j, MESSAGES, "rules-msg-1");
	for (size_t i = 0; i < sizeof pasted / sizeof *pasted; i++) {
		assert_true(harness_paste(j.h, pasted[i]));
		journey_see(&j, "", "pasted text ignored");
		journey_expect_item(&j, "rules-msg-1");
	}
	journey_see(&j, "x1", "[x] none fits");
	assert_true(harness_paste(j.h, "y"));
	journey_see(&j, "", "pasted text ignored");
	journey_expect_item(&j, "rules-msg-1");
	journey_escape(&j, "[x] none fits");
	leave_without_a_record(&j);
}

/* A terminal that does not bracket: many keys in one read are a paste. */
static void test_a_burst_of_keys_never_decides(void **state)
{
	struct journey j;

	(void)state;
	begin(&j, "vt100");
	journey_open(&j, MESSAGES, "rules-msg-1");
	assert_false(harness_paste(j.h, "a long text with a and y and 1 in it"));
	journey_see(&j, "", "pasted text ignored");
	journey_expect_item(&j, "rules-msg-1");
	/* what is typed at once still belongs to the paste */
	harness_signal(j.h, SIGTERM);
	journey_ended(&j, 0);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

static void test_pasted_text_is_text_in_an_editor(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	begin(&j, NULL);
	journey_open(&j, FIELDS, "rules-ext-plain");
	journey_see(&j, "c\r", "Enter done");
	assert_true(harness_paste(j.h, "12.\r50\tEUR y"));
	journey_see(&j, "", "12. 50");
	journey_see(&j, "\r", "was Example Ltd");
	journey_decide(&j, "y");
	journey_leave(&j);
	r = journey_record(&j, "rules-ext-plain");
	assert_string_equal(journey_text(r, "content/value/name"), "12. 50 EUR y");
	value_free(r);
	journey_clear(&j);
}

/* --- a new item ---------------------------------------------------------------------- */

static void test_keys_typed_for_the_item_before_are_flushed(void **state)
{
	struct journey j;

	(void)state;
	begin(&j, NULL);
	journey_work(&j, MESSAGES);
	journey_see(&j, "aaaaaa", "a ignored: new item");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 1);
	journey_clear(&j);
}

/* The key that decided, pressed again as soon as the next item is seen, is
 * dropped. A machine that stands still for 150 ms lets it through: then the
 * next item is tried. */
static void test_the_same_key_at_once_does_not_count(void **state)
{
	struct journey j;
	bool said = false;

	(void)state;
	begin(&j, NULL);
	journey_work(&j, MESSAGES);
	for (int i = 0; i + 1 < MESSAGE_COUNT && !said; i++) {
		journey_decide(&j, "a");
		journey_keys(&j, "a");
		journey_settle(&j);
		said = harness_shows(j.h, "a ignored: new item");
	}
	assert_true(said);
	/* another key in between shows that the person is at the new item */
	journey_decide(&j, "ga");
	journey_leave(&j);
	journey_clear(&j);
}

static void test_foreign_layouts_and_caps_lock(void **state)
{
	struct journey j;

	(void)state;
	begin(&j, NULL);
	journey_work(&j, MESSAGES);
	journey_see(&j, "AA", "caps lock");
	/* the key of a on a Cyrillic layout */
	journey_decide(&j, "ф");
	journey_see(&j, "漢", "keys of this layout are not known");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 1);
	journey_clear(&j);
}

/* --- what must have been seen ---------------------------------------------------------- */

static void test_arguments_must_be_shown_to_their_end(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	begin(&j, NULL);
	journey_open(&j, ACTIONS, "rules-act-long");
	journey_golden(&j, "arguments-beginning");
	journey_see(&j, "a", "a is off: not all arguments have been on the screen");
	/* jumping to the end leaves out the middle */
	journey_see(&j, "G", "END");
	journey_see(&j, "a", "a is off: not all arguments have been on the screen");
	journey_keys(&j, "g");
	for (int i = 0; i < 40; i++) {
		journey_keys(&j, "\033[6~");
		journey_settle(&j);
	}
	journey_see(&j, "", "END");
	journey_golden(&j, "arguments-end");
	journey_decide(&j, "a");
	journey_leave(&j);
	r = journey_record(&j, "rules-act-long");
	assert_string_equal(journey_text(r, "outcome"), "approve");
	value_free(r);
	journey_clear(&j);
}

static void test_hidden_text_blocks_until_it_was_revealed(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	begin(&j, NULL);
	journey_open(&j, FIELDS, "rules-ext-hidden");
	journey_golden(&j, "hidden-text");
	journey_see(&j, "a", "a is off: hidden text");
	journey_see(&j, "H", "approve this");
	journey_golden(&j, "hidden-text-revealed");
	journey_see(&j, "H", "ASKED");
	journey_decide(&j, "a");
	journey_leave(&j);
	r = journey_record(&j, "rules-ext-hidden");
	assert_string_equal(journey_text(r, "outcome"), "approve");
	value_free(r);
	journey_clear(&j);
}

static void test_high_impact_is_confirmed_by_typing(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	begin(&j, NULL);
	journey_open(&j, ACTIONS, "rules-act-pay");
	journey_see(&j, "a", "1 of 2: nothing happens yet");
	journey_golden(&j, "confirm");
	journey_see(&j, "yes\r", "that is not what stands there");
	assert_true(harness_paste(j.h, "4210.50"));
	journey_see(&j, "", "pasted text does not confirm");
	journey_escape(&j, "1 of 2");
	journey_see(&j, "ga", "1 of 2: nothing happens yet");
	journey_keys(&j, "4210.50");
	journey_settle(&j);
	journey_see(&j, "\r", "[ y send ]");
	journey_golden(&j, "confirm-typed");
	journey_expect_item(&j, "rules-act-pay");
	journey_decide(&j, "y");
	journey_leave(&j);
	r = journey_record(&j, "rules-act-pay");
	assert_string_equal(journey_text(r, "outcome"), "approve");
	value_free(r);
	journey_clear(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_harmless_keys_decide_nothing),
		cmocka_unit_test(test_harmless_keys_send_no_form_and_no_dialog),
		cmocka_unit_test(test_pasted_text_never_decides),
		cmocka_unit_test(test_a_burst_of_keys_never_decides),
		cmocka_unit_test(test_pasted_text_is_text_in_an_editor),
		cmocka_unit_test(test_keys_typed_for_the_item_before_are_flushed),
		cmocka_unit_test(test_the_same_key_at_once_does_not_count),
		cmocka_unit_test(test_foreign_layouts_and_caps_lock),
		cmocka_unit_test(test_arguments_must_be_shown_to_their_end),
		cmocka_unit_test(test_hidden_text_blocks_until_it_was_revealed),
		cmocka_unit_test(test_high_impact_is_confirmed_by_typing),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
