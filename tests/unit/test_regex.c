/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/regex.h"

static int match(const char *pattern, const char *text)
{
	struct err err = ERR_INIT;
	struct regex *re = regex_new(pattern, &err);
	int found;

	if (!re)
		return -100;
	found = regex_match(re, text, strlen(text), &err);
	regex_free(re);
	return found;
}

static void patterns_are_ecma_262(void **state)
{
	static const struct {
		const char *pattern, *yes, *no;
	} cases[] = {
		{ "es", "test", "ts" },                     /* found anywhere */
		{ "^abc$", "abc", "abc\n" },                /* $ is the very end */
		{ "^\\d+$", "42", "\xe0\xa7\xaa" },         /* ASCII digits */
		{ "^\\w+$", "a_9", "\xc3\xa9" },
		{ "^\\W$", "\xc3\xa9", "a" },
		{ "^\\s$", "\xef\xbb\xbf", "\x01" },        /* BOM is white space there */
		{ "^\\s$", "\xc2\xa0", "\xe2\x80\x93" },
		{ "^[x\\s]$", "\xe3\x80\x80", "y" },
		{ "^\\S$", "\xe2\x80\x93", "\xe2\x80\xa9" },
		{ "^[\\S]$", "\xf0\x9f\x90\xb2", " " },
		{ "^.$", "\xf0\x9f\x90\xb2", "\n" },        /* code points, not units */
		{ "^\xf0\x9f\x90\xb2*$", "\xf0\x9f\x90\xb2\xf0\x9f\x90\xb2", "\xf0\x9f\x90\x89" },
		{ "^\\u00e9$", "\xc3\xa9", "e" },
		{ "^\\u{1F432}$", "\xf0\x9f\x90\xb2", "u" },
		{ "^\\ud83d\\udc32$", "\xf0\x9f\x90\xb2", "u" },
		{ "^\\x41$", "A", "x41" },
		{ "^\\cC$", "\x03", "\\cC" },
		{ "^\\t$", "\t", "\\t" },
		{ "^\\v$", "\v", "\n" },
		{ "^\\p{Letter}cole$", "\xc3\xa9" "cole", "1cole" },
		{ "^\\p{digit}$", "\xe0\xa7\xaa", "x" },
		{ "^\\P{Lu}$", "a", "A" },
		{ "^\\p{Script=Greek}$", "\xce\xb1", "a" },
		{ "^\\p{gc=Decimal_Number}$", "4", "a" },
		{ "^[^]$", "\n", "" },
		{ "x|[]", "x", "y" },
		{ "^[[a]$", "[", "b" },
		{ "^(?<year>\\d{4})-\\k<year>$", "2026-2026", "2026-2027" },
		{ "(?<=a)b(?!c)", "abd", "abc" },
		{ "^(a|(b))\\2c$", "ac", "b" }              /* unset group matches empty */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (match(cases[i].pattern, cases[i].yes) != 1 || match(cases[i].pattern, cases[i].no) != 0)
			fail_msg("%s: %d %d", cases[i].pattern,
			         match(cases[i].pattern, cases[i].yes),
			         match(cases[i].pattern, cases[i].no));
	}
}

static void what_is_not_ecma_262_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *pattern, *where;
	} cases[] = {
		{ "ab(", "pattern:3" }, { "a[b", "pattern:3" }, { "\\s*a**", NULL }, { "x\\", NULL },
		{ "a\\Z", "pattern:1" }, { "\\Aa", "pattern:0" }, { "\\a", "pattern:0" },
		{ "a\\C", "pattern:1" }, { "\\Kx", NULL }, { "\\Qx\\E", NULL },
		{ "(?i)abc", "pattern:0" }, { "ab(?P<n>x)", "pattern:2" }, { "(?#c)", NULL },
		{ "(?R)", NULL }, { "(*LIMIT_MATCH=9)x", "pattern:0" }, { "(*UTF)x", NULL },
		{ "\\p{Nonsense}", NULL }, { "(?<n>a)(?<n>b)", NULL }, { "[z-a]", NULL }
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = ERR_INIT;
		struct regex *re = regex_new(cases[i].pattern, &err);

		if (re)
			fail_msg("%s was taken", cases[i].pattern);
		assert_int_equal(err.code, ERR_INVALID);
		assert_memory_equal(err.where, "pattern:", 8);
		if (cases[i].where)
			assert_string_equal(err.where, cases[i].where);
	}
}

static void offsets_are_those_of_the_pattern(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_null(regex_new("^\\s\\s\\s)", &err));   /* the translation is longer */
	assert_string_equal(err.where, "pattern:7");
}

static void long_patterns_are_refused(void **state)
{
	struct err err = ERR_INIT;
	char *pattern = mem_alloc(REGEX_PATTERN_MAX + 2);

	(void)state;
	memset(pattern, 'a', REGEX_PATTERN_MAX + 1);
	pattern[REGEX_PATTERN_MAX + 1] = '\0';
	assert_null(regex_new(pattern, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	pattern[REGEX_PATTERN_MAX] = '\0';
	err_clear(&err);
	regex_free(regex_new(pattern, &err));
	assert_int_equal(err.code, ERR_NONE);
	memset(pattern, '(', 200);
	memset(pattern + 200, ')', 200);
	pattern[400] = '\0';
	assert_null(regex_new(pattern, &err));
	assert_int_equal(err.code, ERR_INVALID);
	free(pattern);
}

static void no_pattern_holds_the_process_up(void **state)
{
	static const char *const slow[] = { "^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(?:a?){40}a{40}$", "(a*)*[bc]$" };
	enum { LEN = 100000 };
	char *text = mem_alloc(LEN + 1);

	(void)state;
	memset(text, 'a', LEN);
	text[LEN - 1] = '!';
	text[LEN] = '\0';
	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
		struct err err = ERR_INIT;
		struct regex *re = regex_new(slow[i], &err);

		assert_non_null(re);
		if (regex_match(re, text, LEN, &err) != ERR_LIMIT)
			fail_msg("%s was not stopped", slow[i]);
		assert_int_equal(err.code, ERR_LIMIT);
		regex_free(re);
	}
	assert_int_equal(match("a!$", "aaa!"), 1);
	free(text);
}

static void text_that_is_not_utf8_is_neither(void **state)
{
	struct err err = ERR_INIT;
	struct regex *re = regex_new("x", &err);

	(void)state;
	assert_int_equal(regex_match(re, "\xff x", 3, &err), ERR_INVALID);
	assert_int_equal(regex_match(re, "a\0x", 3, NULL), 1);
	regex_free(re);
	regex_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_are_ecma_262),
		cmocka_unit_test(what_is_not_ecma_262_is_refused_with_its_place),
		cmocka_unit_test(offsets_are_those_of_the_pattern),
		cmocka_unit_test(long_patterns_are_refused),
		cmocka_unit_test(no_pattern_holds_the_process_up),
		cmocka_unit_test(text_that_is_not_utf8_is_neither),
	};

	return cmocka_run_group_tests_name("regex", tests, NULL, NULL);
}
