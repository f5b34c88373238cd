/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/num.h"

static double from_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof d);
	return d;
}

/* As String(n) says in an ECMAScript engine (V8). */
static void numbers_in_every_form(void **state)
{
	static const struct {
		double d;
		const char *text;
	} cases[] = {
		{ 0.0, "0" }, { -0.0, "0" }, { 1.0, "1" }, { -1.0, "-1" }, { 0.1, "0.1" },
		{ 100.0, "100" }, { 4.35, "4.35" }, { 0.30000000000000004, "0.30000000000000004" },
		{ 1e20, "100000000000000000000" }, { 1e21, "1e+21" }, { 1.5e21, "1.5e+21" },
		{ 123456789012345680000.0, "123456789012345680000" },
		{ 999999999999999868928.0, "999999999999999900000" },
		{ 1e-6, "0.000001" }, { 1e-7, "1e-7" }, { 1.5e-7, "1.5e-7" },
		{ 0.000001234, "0.000001234" }, { -12.5e-10, "-1.25e-9" },
		{ 5e-324, "5e-324" }, { -DBL_MAX, "-1.7976931348623157e+308" },
		{ 2.225073858507201e-308, "2.225073858507201e-308" },
		{ 9007199254740991.0, "9007199254740991" },
		{ 9007199254740994.0, "9007199254740994" },
		{ 333333333.33333329, "333333333.3333333" },
		/* Powers of two whose nearest decimal of that length is another double. */
		{ 0x1p-44, "5.684341886080802e-14" }, { 0x1p-24, "5.960464477539063e-8" },
		{ 0x1p89, "6.189700196426902e+26" }, { 0x1p976, "6.386688990511104e+293" },
		{ 0x1p-1017, "7.120236347223045e-307" }
	};
	char out[NUM_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(num_es6(cases[i].d, out), cases[i].text);
}

/* The digests are of the same numbers written by V8, one a line. */
static void check_digest(struct hash_stream *s, const char *want)
{
	unsigned char hash[HASH_SIZE];
	char hex[2 * HASH_SIZE + 1];

	hash_stream_end(s, hash);
	assert_string_equal(hash_hex(hash, HASH_SIZE, hex), want);
}

static void add_line(struct hash_stream *s, double d)
{
	char out[NUM_TEXT_SIZE];

	num_es6(d, out);
	assert_true(strtod(out, NULL) == d);
	hash_stream_add(s, out, strlen(out));
	hash_stream_add(s, "\n", 1);
}

static void every_power_of_two(void **state)
{
	struct hash_stream *s = hash_stream_new();

	(void)state;
	for (int e = -1074; e < 1024; e++)
		add_line(s, from_bits(e >= -1022 ? (uint64_t)(e + 1023) << 52
		                                 : (uint64_t)1 << (e + 1074)));
	check_digest(s, "92ecff3f524a601ffd6dd9bc74da3f01acd5cdeaf86518c32e6bea5a84a7b7bc");
}

static void the_smallest_denormals(void **state)
{
	struct hash_stream *s = hash_stream_new();

	(void)state;
	for (uint64_t bits = 1; bits <= 2000; bits++)
		add_line(s, from_bits(bits));
	check_digest(s, "af795cb8600e145325740e3d48ad39924da1a04988d6e8d2208cdc53ed0edb2d");
}

static void two_hundred_thousand_others(void **state)
{
	struct hash_stream *s = hash_stream_new();
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		if ((x >> 52 & 0x7ff) != 0x7ff)
			add_line(s, from_bits(x));
	}
	check_digest(s, "bfbca9a32f2a7bc43f374eedd241ca50af51014b5b56b32853edec927d499b1f");
}

static void json_numbers_only(void **state)
{
	static const char *const good[] = {
		"0", "-0", "10", "0.5", "-0.05", "1e5", "1E+5", "1.25e-07"
	};
	static const char *const bad[] = {
		"", "-", "+1", "01", "-01", ".5", "5.", "1e", "1e+", "0x1", "1,5", " 1", "1 ",
		"NaN", "Infinity", "1.5.1", "--1", "1e5.5"
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(num_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(num_valid(bad[i]));
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void decimals_compare_exactly(void **state)
{
	/* Ascending; those of one row are equal. */
	static const char *const rows[][5] = {
		{ "-1e9999", "-10e9998" }, { "-100", "-1e2", "-1.00E+2" }, { "-99.99" }, { "-0.5" },
		{ "-1e-9999" }, { "0", "-0", "0.000", "0e9999", "-0.0E-5" }, { "1e-9999" },
		{ "0.0000001", "1e-7", "0.1e-6", "1000e-10" }, { "0.1" },
		{ "0.1000000000000000055511151231257827" }, { "0.1000000000000000055511151231257828" },
		{ "0.5", "5e-1", "0.50" }, { "1", "1.0", "0.1e1", "10e-1", "1e0" }, { "1.5" }, { "9.99" },
		{ "10", "1e1", "1.0e1" }, { "9007199254740992" }, { "9007199254740993" },
		{ "123456789012345678901234567890" }, { "123456789012345678901234567891" },
		{ "1e9999", "0.1e10000" }
	};
	enum { ROWS = sizeof rows / sizeof *rows };

	(void)state;
	for (int i = 0; i < ROWS; i++)
		for (int j = 0; j < ROWS; j++)
			for (int k = 0; k < 5 && rows[i][k]; k++)
				for (int l = 0; l < 5 && rows[j][l]; l++)
					assert_int_equal(sign(num_compare(rows[i][k], rows[j][l])),
					                 sign(i - j));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_every_form),
		cmocka_unit_test(every_power_of_two),
		cmocka_unit_test(the_smallest_denormals),
		cmocka_unit_test(two_hundred_thousand_others),
		cmocka_unit_test(json_numbers_only),
		cmocka_unit_test(decimals_compare_exactly),
	};

	return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
