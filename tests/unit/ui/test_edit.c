/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "ui/widget/edit.h"

/* Types a script of key names separated by spaces, and plain words in between
 * quoted by '. Returns the last result. */
static enum edit_result type(struct edit *e, const char *script)
{
	enum edit_result result = EDIT_MORE;

	while (*script) {
		char name[64];
		size_t len;

		if (*script == '\'') {
			for (script++; *script && *script != '\'';) {
				struct key key = { 0 };

				script += utf8_decode(script, strlen(script), &key.code);
				result = edit_key(e, &key);
			}
			script += *script != '\0';
		} else {
			struct key key = { 0 };

			len = strcspn(script, " ");
			memcpy(name, script, len);
			name[len] = '\0';
			key.code = key_parse(name);
			assert_int_not_equal(key.code, 0);
			result = edit_key(e, &key);
			script += len;
		}
		while (*script == ' ')
			script++;
	}
	return result;
}

static const struct { const char *before, *script, *after; size_t caret; } cases[] = {
	{ "", "'abc'", "abc", 3 },
	{ "abc", "Left 'x'", "abxc", 3 },
	{ "abc", "Ctrl-A 'x'", "xabc", 1 },
	{ "abc", "Home Delete", "bc", 0 },
	{ "abc", "Backspace Backspace Backspace Backspace", "", 0 },
	{ "한글", "Left Backspace", "글", 0 },
	{ "한글", "Left 'x'", "한x글", 4 },
	{ "e\xcc\x81x", "Left Left Delete", "x", 0 },           /* a base goes with its mark */
	{ "e\xcc\x81", "Backspace", "", 0 },
	{ "one two three", "Ctrl-W", "one two ", 8 },
	{ "one two three", "Alt-b Alt-b Ctrl-K", "one ", 4 },
	{ "one two three", "Alt-b Ctrl-U", "three", 0 },
	{ "one two", "Ctrl-W Ctrl-A Ctrl-Y", "twoone ", 3 },
	{ "one two", "Ctrl-A Alt-f Alt-d", "one", 3 },
	{ "one two", "Ctrl-A Ctrl-D Ctrl-F Ctrl-D", "n two", 1 },
	{ "abc", "Ctrl-B Ctrl-B End 'd' Right 'e'", "abcde", 5 },
	{ "x", "Alt-Backspace 'y'", "y", 1 },
};

static void test_the_keys_of_readline(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct edit e = { .caret = 0 };

		edit_start(&e, cases[i].before, false);
		assert_int_equal(type(&e, cases[i].script), EDIT_MORE);
		assert_string_equal(edit_text(&e), cases[i].after);
		assert_int_equal(e.caret, cases[i].caret);
		edit_clear(&e);
	}
}

static void test_typing_replaces_and_moving_does_not(void **state)
{
	struct edit e = { .caret = 0 };

	(void)state;
	edit_start(&e, "old text", true);
	type(&e, "'new'");
	assert_string_equal(edit_text(&e), "new");
	edit_start(&e, "old text", true);
	type(&e, "Left '!'");
	assert_string_equal(edit_text(&e), "old tex!t");
	edit_start(&e, "old text", true);
	type(&e, "Backspace");
	assert_string_equal(edit_text(&e), "old tex");
	edit_start(&e, "old text", true);
	assert_int_equal(type(&e, "Enter"), EDIT_DONE);
	assert_string_equal(edit_text(&e), "old text");
	assert_int_equal(type(&e, "Esc"), EDIT_LEFT);
	assert_int_equal(type(&e, "F5"), EDIT_IGNORED);
	edit_clear(&e);
}

static void test_a_pasted_line_end_is_a_blank(void **state)
{
	struct edit e = { .caret = 0 };
	struct key enter = { .code = KEYS_ENTER, .pasted = true };

	(void)state;
	edit_start(&e, "", false);
	type(&e, "'two'");
	assert_int_equal(edit_key(&e, &enter), EDIT_MORE);
	type(&e, "'lines'");
	assert_string_equal(edit_text(&e), "two lines");
	edit_clear(&e);
}

static void test_a_text_has_a_limit(void **state)
{
	struct edit e = { .caret = 0 };
	struct key x = { .code = 'x' };

	(void)state;
	edit_start(&e, "", false);
	for (int i = 0; i < EDIT_LIMIT + 10; i++)
		edit_key(&e, &x);
	assert_int_equal(e.text.len, EDIT_LIMIT);
	assert_int_equal(e.caret, EDIT_LIMIT);
	edit_clear(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_keys_of_readline),
		cmocka_unit_test(test_typing_replaces_and_moving_does_not),
		cmocka_unit_test(test_a_pasted_line_end_is_a_blank),
		cmocka_unit_test(test_a_text_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
