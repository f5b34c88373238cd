/* SPDX-License-Identifier: Apache-2.0
 *
 * The expected draws were made with an independent script (HMAC-SHA-256 of the
 * Python library, exact fractions).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stats/draw.h"

static const char key[] = "week-2026-45";

static int drawn(const char *id, const char *rate)
{
	return draw(key, strlen(key), id, rate, NULL);
}

/* The fraction of an id lies between two neighbouring rates of 18 digits. */
static void test_vectors(void **state)
{
	static const struct { const char *id, *not_below, *below; } cases[] = {
		{ "0193a0e0-0000-7000-8000-000000000001", "0.920753448715995618",
		  "0.920753448715995619" },
		{ "a", "0.536652955294297401", "0.536652955294297402" },
		{ "", "0.687536890439777285", "0.687536890439777286" },
		{ "prop-0002", "0.587575625968935942", "0.587575625968935943" },
		{ "prop-0117", "0.537065939801867839", "0.537065939801867840" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(drawn(cases[i].id, cases[i].not_below), 0);
		assert_int_equal(drawn(cases[i].id, cases[i].below), 1);
	}
}

static void test_counts(void **state)
{
	int five = 0, one = 0, both = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		char id[16];

		snprintf(id, sizeof id, "prop-%04d", i);
		five += drawn(id, "0.05");
		one += drawn(id, "0.01");
		/* who is drawn at a low rate is drawn at every higher one */
		both += drawn(id, "0.01") && drawn(id, "0.05");
	}
	assert_int_equal(five, 512);
	assert_int_equal(one, 99);
	assert_int_equal(both, one);
}

static void test_ends(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		char id[16];

		snprintf(id, sizeof id, "%d", i);
		assert_int_equal(drawn(id, "0"), 0);
		assert_int_equal(drawn(id, "0.000"), 0);
		assert_int_equal(drawn(id, "1"), 1);
		assert_int_equal(drawn(id, "1.0"), 1);
	}
	/* another key draws another sample */
	assert_int_equal(draw("a", 1, "prop-0002", "0.587575625968935943", NULL) +
	                 draw("b", 1, "prop-0002", "0.587575625968935943", NULL) +
	                 draw("c", 1, "prop-0002", "0.587575625968935943", NULL) < 3, 1);
}

static void test_rates(void **state)
{
	static const char *const good[] = { "0", "1", "0.05", "1.000", "0.000000000000000001" };
	static const char *const bad[] = { "", ".5", "0.", "1.01", "2", "-0.1", "0,05", " 0.1",
		"0.1 ", "5e-2", "0.0000000000000000001", "01", "0.5x", "1.000000000000000001" };
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(draw_rate_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(draw_rate_valid(bad[i]));
		assert_int_equal(drawn("x", bad[i]), ERR_INVALID);
	}
	assert_false(draw_rate_valid(NULL));
	assert_int_equal(draw(key, 1, "x", NULL, &err), ERR_INVALID);
	assert_int_equal(err.code, ERR_INVALID);
	assert_true(draw_rate_compare("0.05", "0.1") < 0);
	assert_true(draw_rate_compare("1", "0.999999999999999999") > 0);
	assert_int_equal(draw_rate_compare("0.5", "0.500"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
