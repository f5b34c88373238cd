/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/key.h"

static void test_names_and_keys_go_both_ways(void **state)
{
	static const char *const names[] = { "a", "A", "0", "?", "é", "한", "Enter", "Esc", "Tab",
		"BackTab", "Backspace", "Delete", "Up", "PageDown", "Home", "Space", "Ctrl-A", "Ctrl-Z",
		"Alt-x", "Alt-Enter", "F1", "F12" };
	char text[KEY_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_not_equal(key_parse(names[i]), 0);
		assert_string_equal(key_text(key_parse(names[i]), text), names[i]);
	}
}

static void test_what_is_no_key_is_none(void **state)
{
	static const char *const names[] = { "", "ab", "Ctrl-", "Ctrl-1", "Ctrl-a", "F0", "F13",
		"F1x", "Hyper-x", "\x01", "\xff" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(key_parse(names[i]), 0);
}

static void test_other_layouts_are_read_by_position(void **state)
{
	static const struct { const char *key; char latin; } cases[] = {
		{ "ф", 'a' }, { "Ф", 'A' }, { "ч", 'x' }, { "н", 'y' }, { "ㅁ", 'a' }, { "ㅌ", 'x' },
		{ "α", 'a' }, { "ش", 'a' }, { "a", 'a' }, { "é", 0 }, { "漢", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t code = key_parse(cases[i].key);

		assert_int_equal(key_by_position(code),
		                 cases[i].latin ? (uint32_t)cases[i].latin : code);
	}
	assert_true(key_foreign(key_parse("あ")));
	assert_false(key_foreign(key_parse("ф")));
	assert_false(key_foreign(key_parse("é")));
}

static void test_keys_can_be_bound_anew(void **state)
{
	struct keymap map;
	char label[KEY_NAME_SIZE];
	struct err err = ERR_INIT;
	int digit;

	(void)state;
	keymap_init(&map);
	assert_int_equal(keymap_bind(&map, ACTION_APPROVE, "F5 t", &err), 0);
	assert_int_equal(keymap_find(&map, key_parse("t"), WHERE_APPROVAL, &digit), ACTION_APPROVE);
	assert_int_equal(keymap_find(&map, key_parse("a"), WHERE_APPROVAL, &digit), ACTION_NONE);
	assert_string_equal(keymap_label(&map, ACTION_APPROVE, label), "F5");
	assert_int_equal(keymap_bind(&map, ACTION_APPROVE, "x", &err), ERR_CONFLICT);
	err_clear(&err);
	assert_int_equal(keymap_bind(&map, ACTION_APPROVE, "Nothing", &err), ERR_INVALID);
	/* what failed changed nothing */
	assert_int_equal(keymap_find(&map, key_parse("t"), WHERE_APPROVAL, &digit), ACTION_APPROVE);
	/* where they never meet, two actions may share a key */
	err_clear(&err);
	assert_int_equal(keymap_bind(&map, ACTION_ORDER, "t", &err), 0);
}

static void test_digits_tell_which(void **state)
{
	struct keymap map;
	char label[KEY_NAME_SIZE];
	int digit;

	(void)state;
	keymap_init(&map);
	assert_int_equal(keymap_find(&map, '7', WHERE_CLASSIFICATION, &digit), ACTION_LABEL);
	assert_int_equal(digit, 7);
	assert_int_equal(keymap_find(&map, 'a', WHERE_CLASSIFICATION, &digit), ACTION_APPROVE);
	assert_int_equal(digit, 0);
	assert_string_equal(keymap_label(&map, ACTION_LABEL, label), "1-9");
}

/* Single keys can be switched off: letters need Alt then (WCAG 2.1.4). */
static void test_single_keys_can_be_switched_off(void **state)
{
	struct keymap map;
	char label[KEY_NAME_SIZE];
	int digit;

	(void)state;
	keymap_init(&map);
	map.single_keys = false;
	assert_int_equal(keymap_find(&map, 'a', WHERE_APPROVAL, &digit), ACTION_NONE);
	assert_int_equal(keymap_find(&map, 'a' | KEYS_ALT, WHERE_APPROVAL, &digit), ACTION_APPROVE);
	assert_int_equal(keymap_find(&map, KEYS_PAGE_DOWN, WHERE_APPROVAL, &digit),
	                 ACTION_PAGE_DOWN);
	assert_string_equal(keymap_label(&map, ACTION_APPROVE, label), "Alt-a");
	assert_string_equal(keymap_label(&map, ACTION_LABEL, label), "Alt-1-9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_keys_go_both_ways),
		cmocka_unit_test(test_what_is_no_key_is_none),
		cmocka_unit_test(test_other_layouts_are_read_by_position),
		cmocka_unit_test(test_keys_can_be_bound_anew),
		cmocka_unit_test(test_digits_tell_which),
		cmocka_unit_test(test_single_keys_can_be_switched_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
