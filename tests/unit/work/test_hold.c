/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "work/hold.h"

enum { FAR = 10000000 };

/* Rule 10, row by row; written by hand. */
static const struct {
	int newer;
	int waits;
	int64_t lease_left_ms;   /* at the start of the hold */
	int64_t held_ms;
} rows[] = {
	{ 0, 0, FAR, 60000 }, { 1, 0, FAR, 60000 }, { 2, 0, FAR, 60000 },
	{ 3, 0, FAR, 10000 }, { 9, 0, FAR, 10000 },
	{ 0, 1, FAR, 5000 }, { 3, 1, FAR, 5000 },
	/* never beyond the lease's end less 15 s */
	{ 0, 0, 75001, 60000 }, { 0, 0, 75000, 60000 }, { 0, 0, 74999, 59999 },
	{ 0, 0, 40000, 25000 }, { 3, 0, 40000, 10000 }, { 3, 0, 20000, 5000 },
	{ 0, 1, 20000, 5000 }, { 0, 1, 18000, 3000 },
	{ 0, 0, 15000, 0 }, { 0, 0, 1000, 0 }, { 3, 0, -5000, 0 }, { 0, 1, 0, 0 }
};

static void test_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hold h = { .since_ms = 500000, .newer = rows[i].newer,
			.lease_ends_ms = 500000 + rows[i].lease_left_ms,
			.producer_waits = rows[i].waits };

		if (hold_ends_ms(&h) - h.since_ms != rows[i].held_ms)
			fail_msg("row %zu: %lld ms", i, (long long)(hold_ends_ms(&h) - h.since_ms));
	}
}

static void test_without_a_lease(void **state)
{
	struct hold h = { .since_ms = 500000 };

	(void)state;
	assert_int_equal(hold_ends_ms(&h), 560000);
}

static void test_over_and_left(void **state)
{
	struct hold h = { .since_ms = 1000, .newer = 3 };

	(void)state;
	assert_false(hold_over(&h, 1000));
	assert_false(hold_over(&h, 10999));
	assert_true(hold_over(&h, 11000));
	assert_int_equal(hold_left_s(&h, 1000), 10);
	assert_int_equal(hold_left_s(&h, 1001), 10);
	assert_int_equal(hold_left_s(&h, 10999), 1);
	assert_int_equal(hold_left_s(&h, 11000), 0);
	assert_int_equal(hold_left_s(&h, 99999), 0);
}

/* Another decision may bring the end nearer, never put it off. */
static void test_newer_never_puts_it_off(void **state)
{
	(void)state;
	for (int waits = 0; waits < 2; waits++)
		for (int64_t left = 0; left < 90000; left += 1000)
			for (int newer = 0; newer < 5; newer++) {
				struct hold h = { .since_ms = 7, .lease_ends_ms = 7 + left, .newer = newer,
					.producer_waits = waits };
				struct hold more = h;

				more.newer++;
				assert_true(hold_ends_ms(&more) <= hold_ends_ms(&h));
				assert_true(hold_ends_ms(&h) <= 7 + HOLD_MOST_MS);
				assert_true(hold_ends_ms(&h) >= 7);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table),
		cmocka_unit_test(test_without_a_lease),
		cmocka_unit_test(test_over_and_left),
		cmocka_unit_test(test_newer_never_puts_it_off)
	};

	return cmocka_run_group_tests_name("hold", tests, NULL, NULL);
}
