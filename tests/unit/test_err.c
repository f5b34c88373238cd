/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/msg.h"
#include "base/utf8.h"

static void the_first_error_wins(void **state)
{
	struct err err = ERR_INIT;
	char words[200];

	(void)state;
	assert_string_equal(err_words(&err, words, sizeof words), "");
	assert_int_equal(err_set(&err, ERR_LIMIT, N_("%s of %s"), "one", "two"), ERR_LIMIT);
	assert_int_equal(err_set(&err, ERR_IO, N_("later %s"), "three"), ERR_IO);
	assert_int_equal(err.code, ERR_LIMIT);
	err_where(&err, "line %d", 7);
	err_where(&err, "line %d", 8);
	assert_string_equal(err_words(&err, words, sizeof words), "one of two (line 7)");
	err_clear(&err);
	assert_int_equal(err.code, ERR_NONE);
	assert_string_equal(err_words(&err, words, sizeof words), "");
}

static void nobody_has_to_listen(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, ERR_DENIED, N_("no")), ERR_DENIED);
	err_where(NULL, "nowhere");
	err_clear(NULL);
}

static void system_errors_get_their_code(void **state)
{
	static const struct {
		int number;
		enum err_code code;
	} cases[] = {
		{ ENOSPC, ERR_FULL }, { EDQUOT, ERR_FULL }, { ENOENT, ERR_NOT_FOUND },
		{ EACCES, ERR_DENIED }, { EPERM, ERR_DENIED }, { EIO, ERR_IO }
	};
	char words[200], want[200] = "cannot open x: ";

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = ERR_INIT;

		errno = cases[i].number;
		assert_int_equal(err_errno(&err, N_("cannot open %s: %s"), "x"), cases[i].code);
		utf8_copy(want + 15, sizeof want - 15, strerror(cases[i].number));
		assert_string_equal(err_words(&err, words, sizeof words), want);
	}
}

static void long_arguments_are_cut_at_a_character(void **state)
{
	struct err err = ERR_INIT;
	char text[400], words[64];

	(void)state;
	for (size_t i = 0; i + 3 < sizeof text; i += 3)
		memcpy(text + i, "\xed\x95\x9c", 4);
	err_set(&err, ERR_INVALID, N_("about %s here"), text);
	assert_true(strlen(err.arg[0]) < ERR_ARG_SIZE);
	assert_int_equal(utf8_check(err.arg[0], strlen(err.arg[0])), strlen(err.arg[0]));
	for (size_t size = 1; size <= sizeof words; size++) {
		err_words(&err, words, size);
		assert_true(strlen(words) < size);
		assert_int_equal(utf8_check(words, strlen(words)), strlen(words));
	}
}

static void an_argument_is_never_a_format(void **state)
{
	struct err err = ERR_INIT;
	char words[100];

	(void)state;
	err_set(&err, ERR_INVALID, N_("%s, then %s"), "%s%n%s", "end");
	assert_string_equal(err_words(&err, words, sizeof words), "%s%n%s, then end");
}

static void numbers_are_text(void **state)
{
	struct err_numbuf num;

	(void)state;
	assert_string_equal(err_num(&num, -9223372036854775807LL - 1), "-9223372036854775808");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_error_wins),
		cmocka_unit_test(nobody_has_to_listen),
		cmocka_unit_test(system_errors_get_their_code),
		cmocka_unit_test(long_arguments_are_cut_at_a_character),
		cmocka_unit_test(an_argument_is_never_a_format),
		cmocka_unit_test(numbers_are_text),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
