/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static void every_code_point_goes_round(void **state)
{
	char out[4];
	uint32_t back;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		size_t size = utf8_encode(cp, out);
		size_t want = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

		if (cp >= 0xd800 && cp <= 0xdfff) {
			assert_int_equal(size, 0);
			continue;
		}
		assert_int_equal(size, want);
		assert_int_equal(utf8_decode(out, size, &back), size);
		assert_int_equal(back, cp);
		for (size_t cut = 0; cut < size; cut++)
			assert_int_equal(utf8_decode(out, cut, &back), 0);
	}
	assert_int_equal(utf8_encode(0x110000, out), 0);
}

static void malformed_bytes_are_refused(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc0\x9b", "\xc1\xbf", "\xe0\x80\x80",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe",
		"\xff", "\xc3(", "\xe2\x82(", "\xe2(\xa1", "\xf0\x9f\x92("
	};
	uint32_t cp;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &cp), 0);
		assert_int_equal(utf8_check(bad[i], strlen(bad[i])), 0);
	}
	assert_int_equal(utf8_check("ab\xc3\xa9\xff z", 7), 4);
	assert_int_equal(utf8_check("ab\xc3\xa9", 4), 4);
}

static void code_points_are_counted_and_found(void **state)
{
	static const char text[] = "a\xc3\xa9\xed\x95\x9c\xf0\x9f\x91\x8dz";
	const size_t len = sizeof text - 1;

	(void)state;
	assert_int_equal(utf8_count(text, len), 5);
	assert_int_equal(utf8_offset(text, len, 0), 0);
	assert_int_equal(utf8_offset(text, len, 2), 3);
	assert_int_equal(utf8_offset(text, len, 4), 10);
	assert_int_equal(utf8_offset(text, len, 5), len);
	assert_int_equal(utf8_offset(text, len, 99), len);
}

static void copies_are_cut_at_a_character(void **state)
{
	char buf[8];

	(void)state;
	utf8_copy(buf, sizeof buf, "abc");
	assert_string_equal(buf, "abc");
	utf8_copy(buf, 6, "abc\xed\x95\x9c");
	assert_string_equal(buf, "abc");
	utf8_copy(buf, 7, "abc\xed\x95\x9c");
	assert_string_equal(buf, "abc\xed\x95\x9c");
	utf8_copy(buf, 1, "abc");
	assert_string_equal(buf, "");
	memcpy(buf, "a\xf0\x9f\x91", 5);
	utf8_trim(buf);
	assert_string_equal(buf, "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_goes_round),
		cmocka_unit_test(malformed_bytes_are_refused),
		cmocka_unit_test(code_points_are_counted_and_found),
		cmocka_unit_test(copies_are_cut_at_a_character),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
