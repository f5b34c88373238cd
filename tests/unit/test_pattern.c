/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "policy/pattern.h"

static bool matches(const char *text, const char *s)
{
	struct err err = ERR_INIT;
	struct pattern *p;
	char words[300];
	bool found;

	if (pattern_compile(text, &p, &err) < 0)
		fail_msg("%s: %s", text, err_words(&err, words, sizeof words));
	found = pattern_match(p, s, strlen(s));
	pattern_free(p);
	return found;
}

static void test_matches(void **state)
{
	static const struct { const char *pattern, *yes[5], *no[5]; } cases[] = {
		{ "", { "", "a" }, { 0 } },
		{ "abc", { "abc", "xxabcxx", "ababc" }, { "ab", "abd", "" } },
		{ "^abc", { "abc", "abcd" }, { "xabc" } },
		{ "abc$", { "abc", "xabc" }, { "abcx" } },
		{ "^$", { "" }, { "a" } },
		{ "^a|b$", { "a", "b" }, { "ax", "xb", "ab" } },
		{ "a\\$", { "a$" }, { "a" } },
		{ "a\\\\$", { "a\\" }, { "a\\b", "a" } },
		{ "^[a-c0-9]$", { "a", "c", "5" }, { "d", "A", "", "ab" } },
		{ "^[^a-c]$", { "d", "한", "\n" }, { "b", "" } },
		{ "^[-a]$", { "-", "a" }, { "b" } },
		{ "^[a-]$", { "-", "a" }, { "b" } },
		{ "^[\\]\\\\]$", { "]", "\\" }, { "[" } },
		{ "^[\\d_]{3}$", { "1_2", "___" }, { "12", "1234", "1a2" } },
		{ "^\\d\\D$", { "1a", "1٣" }, { "11", "٣a" } },
		{ "^\\w\\W$", { "_ ", "Zé" }, { "ab" } },
		{ "^\\s\\S$", { "\tx", " x" }, { "  ", "xx" } },
		{ "^.$", { "x", "é", "한", "\n" }, { "", "xy" } },
		{ "^colou?r$", { "color", "colour" }, { "colouur" } },
		{ "^a{2,4}$", { "aa", "aaa", "aaaa" }, { "a", "aaaaa" } },
		{ "^a{0,2}b$", { "b", "ab", "aab" }, { "aaab" } },
		{ "^(ab|c){2}$", { "abab", "abc", "cab", "cc" }, { "ab", "c", "abcab" } },
		{ "^(ab|cd|)x$", { "abx", "cdx", "x" }, { "abcdx", "bx" } },
		{ "^(a|b|cc|d)$", { "a", "b", "cc", "d" }, { "c", "ab", "" } },
		{ "^(a(b|c)d|e)f$", { "abdf", "acdf", "ef" }, { "adf", "aef" } },
		{ "^x(a|bb){0,2}y$", { "xy", "xay", "xbby", "xabby", "xaay" }, { "xby", "xaaay" } },
		{ "^[0-9]{1,3}(\\.[0-9]{2})$", { "9.00", "123.45" }, { "1234.00", "9.0" } },
		{ "^[가-힣]{2}$", { "고객" }, { "고", "ab" } },
		{ "\\*\\+\\?", { "*+?" }, { "*" } },
		{ "\\t\\n", { "\t\n" }, { "tn" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (int k = 0; k < 5 && cases[i].yes[k]; k++)
			if (!matches(cases[i].pattern, cases[i].yes[k]))
				fail_msg("“%s” misses “%s”", cases[i].pattern, cases[i].yes[k]);
		for (int k = 0; k < 5 && cases[i].no[k]; k++)
			if (matches(cases[i].pattern, cases[i].no[k]))
				fail_msg("“%s” takes “%s”", cases[i].pattern, cases[i].no[k]);
	}
}

static void test_refused(void **state)
{
	static const struct { const char *pattern, *where; } cases[] = {
		{ "a*", "offset 1" }, { "a+", "offset 1" }, { "(a{1,2}){2}", "offset 8" },
		{ "((a?)b){2}", "offset 7" }, { "a{2}{3}", "offset 4" }, { "a??", "offset 2" },
		{ "?", "offset 0" }, { "{2}", "offset 0" }, { "a{2", "offset 3" },
		{ "a{3,2}", "offset 5" }, { "a{256}", "offset 5" }, { "a{,2}", "offset 2" },
		{ "a{0}", "offset 3" }, { "(a", "offset 2" }, { "a)", "offset 1" },
		{ "[a", "offset 2" }, { "[]", "offset 1" }, { "[b-a]", "offset 4" },
		{ "\\q", "offset 0" }, { "a^", "offset 1" }, { "a$b", "offset 1" },
		{ "a\\", "offset 1" }, { "\xff", "offset 0" },
	};
	struct pattern *p = (void *)1;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = ERR_INIT;

		if (pattern_compile(cases[i].pattern, &p, &err) != ERR_INVALID)
			fail_msg("“%s” is taken", cases[i].pattern);
		assert_null(p);
		assert_string_equal(err.where, cases[i].where);
	}
}

static void test_too_big(void **state)
{
	struct buf text = BUF_INIT;
	struct pattern *p;

	(void)state;
	assert_int_equal(pattern_compile("(abcde){255}", &p, NULL), ERR_LIMIT);
	assert_int_equal(pattern_compile("a{255}b{255}c{255}d{234}", &p, NULL), 0);
	pattern_free(p);
	assert_int_equal(pattern_compile("a{255}b{255}c{255}d{235}", &p, NULL), ERR_LIMIT);
	for (int i = 0; i < 40; i++)
		buf_addc(&text, '(');
	assert_int_equal(pattern_compile(buf_str(&text), &p, NULL), ERR_LIMIT);
	for (int i = 0; i < PATTERN_BYTES_MAX; i++)
		buf_addc(&text, 'a');
	assert_int_equal(pattern_compile(buf_str(&text), &p, NULL), ERR_LIMIT);
	buf_clear(&text);
}

/* The pattern that takes a backtracking matcher 2^40 steps. */
static void test_no_backtracking(void **state)
{
	struct buf text = BUF_INIT, s = BUF_INIT;

	(void)state;
	buf_addc(&text, '^');
	for (int i = 0; i < 40; i++)
		buf_adds(&text, "a?");
	for (int i = 0; i < 40; i++) {
		buf_addc(&text, 'a');
		buf_addc(&s, 'a');
	}
	buf_addc(&text, '$');
	assert_true(matches(buf_str(&text), buf_str(&s)));
	buf_addc(&s, 'b');
	assert_false(matches(buf_str(&text), buf_str(&s)));
	buf_reset(&s);
	for (int i = 0; i < 100000; i++)
		buf_addc(&s, 'a');
	assert_false(matches("(a|aa){20}b", buf_str(&s)));
	buf_clear(&text);
	buf_clear(&s);
}

/* Text that is no UTF-8 ends the search. */
static void test_broken_text(void **state)
{
	(void)state;
	assert_false(matches("^.{3}$", "a\xff" "b"));
	assert_false(matches("b", "a\xff" "b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_no_backtracking),
		cmocka_unit_test(test_broken_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
