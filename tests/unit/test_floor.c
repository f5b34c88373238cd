/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of safety classes, written out by hand from the design.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/floor.h"

static void test_table(void **state)
{
	static const struct { enum safety_class c; enum floor_accept accept; int people;
	                      const char *sampling; bool close, suspend, bulk; int days; } want[] = {
		{ CLASS_INFORMATIONAL, FLOOR_ACCEPT, 0, "0", true, false, true, 0 },
		{ CLASS_ASSISTIVE, FLOOR_ACCEPT, 0, "0.01", true, true, true, 30 },
		{ CLASS_BOUNDED, FLOOR_WITHIN_LIMITS, 1, "0.05", true, true, true, 183 },
		{ CLASS_HIGH_IMPACT, FLOOR_NEVER, 2, "1", false, true, false, 183 },
		/* what is not a class is the strictest */
		{ (enum safety_class)9, FLOOR_NEVER, 2, "1", false, true, false, 183 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		const struct floor *f = floor_of(want[i].c);

		assert_int_equal(f->auto_accept, want[i].accept);
		assert_int_equal(f->people, want[i].people);
		assert_string_equal(f->sampling, want[i].sampling);
		assert_int_equal(f->may_close, want[i].close);
		assert_int_equal(f->may_suspend, want[i].suspend);
		assert_int_equal(f->bulk, want[i].bulk);
		assert_int_equal(f->retention_days, want[i].days);
	}
}

static void test_expiry(void **state)
{
	static const struct { enum safety_class c; const char *proposal, *queue, *want; } cases[] = {
		{ CLASS_INFORMATIONAL, NULL, NULL, "close" },
		{ CLASS_INFORMATIONAL, "suspend", "suspend", "close" },
		{ CLASS_ASSISTIVE, NULL, NULL, "close" },
		{ CLASS_ASSISTIVE, "suspend", NULL, "suspend" },
		{ CLASS_ASSISTIVE, "close", "suspend", "suspend" },
		{ CLASS_BOUNDED, "suspend", "close", "suspend" },
		{ CLASS_BOUNDED, "close", "close", "close" },
		{ CLASS_HIGH_IMPACT, NULL, NULL, "suspend" },
		{ CLASS_HIGH_IMPACT, "close", "close", "suspend" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(floor_on_expiry(cases[i].c, cases[i].proposal, cases[i].queue),
		                    cases[i].want);
}

static void test_stricter(void **state)
{
	(void)state;
	assert_int_equal(floor_stricter(CLASS_BOUNDED, CLASS_ASSISTIVE), CLASS_BOUNDED);
	assert_int_equal(floor_stricter(CLASS_ASSISTIVE, CLASS_HIGH_IMPACT), CLASS_HIGH_IMPACT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_stricter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
