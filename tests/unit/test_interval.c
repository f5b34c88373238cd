/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors: R. G. Newcombe, Two-sided confidence intervals for the single
 * proportion, Statistics in Medicine 17 (1998), Table I, method 3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "stats/interval.h"

static void test_published(void **state)
{
	static const struct { int64_t k, n; const char *want; } cases[] = {
		{ 81, 263, "0.2553 0.3662" },
		{ 15, 148, "0.0624 0.1605" },
		{ 0, 20, "0.0000 0.1611" },
		{ 1, 29, "0.0061 0.1718" },
		{ 20, 20, "0.8389 1.0000" },
	};
	char got[32];
	double low, high;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		interval_wilson(cases[i].k, cases[i].n, INTERVAL_Z95, &low, &high);
		snprintf(got, sizeof got, "%.4f %.4f", low, high);
		assert_string_equal(got, cases[i].want);
	}
}

static void test_nothing_known(void **state)
{
	double low = 5, high = 5;

	(void)state;
	interval_wilson(0, 0, INTERVAL_Z95, &low, &high);
	assert_true(low <= 0 && low >= 0 && high >= 1 && high <= 1);
	interval_wilson(3, 2, INTERVAL_Z95, &low, &high);
	assert_true(low <= 0 && high >= 1);
	interval_wilson(-1, 2, INTERVAL_Z95, &low, &high);
	assert_true(low <= 0 && high >= 1);
}

/* The interval holds the share, mirrors, and narrows with the number. */
static void test_properties(void **state)
{
	double low, high, mirror_low, mirror_high, wide = 1;

	(void)state;
	for (int64_t n = 1; n <= 60; n++) {
		for (int64_t k = 0; k <= n; k++) {
			double p = (double)k / (double)n;

			interval_wilson(k, n, INTERVAL_Z95, &low, &high);
			interval_wilson(n - k, n, INTERVAL_Z95, &mirror_low, &mirror_high);
			assert_true(low >= 0 && low <= p && p <= high && high <= 1);
			assert_true(low - (1 - mirror_high) < 1e-12 &&
			            (1 - mirror_high) - low < 1e-12);
		}
	}
	for (int64_t n = 10; n <= 10000; n *= 10) {
		interval_wilson(n / 2, n, INTERVAL_Z95, &low, &high);
		assert_true(high - low < wide);
		wide = high - low;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_properties),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
