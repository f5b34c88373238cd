/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/device.h"

/* Against a plain table of what came. */
static void counts_what_is_missing(void **state)
{
	unsigned seed = 12345;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct devices d = { .items = NULL };
		bool came[64] = { false };
		int64_t missing = 0, largest = 0, doubled = 0;

		for (int i = 0; i < 40; i++) {
			int64_t n;

			seed = seed * 1103515245u + 12345u;
			n = 1 + (int64_t)(seed >> 16) % 63;
			assert_int_equal(device_add(&d, "desk", n), !came[n]);
			doubled += came[n];
			came[n] = true;
			largest = n > largest ? n : largest;
		}
		for (int64_t n = 1; n <= largest; n++)
			missing += !came[n];
		assert_int_equal(d.count, 1);
		assert_int_equal(device_largest(&d.items[0]), largest);
		assert_int_equal(device_missing(&d.items[0]), missing);
		assert_int_equal(d.items[0].doubled, doubled);
		for (size_t i = 1; i < d.items[0].run_count; i++)
			assert_true(d.items[0].runs[i].first > d.items[0].runs[i - 1].last + 1);
		device_clear(&d);
	}
}

static void keeps_devices_apart(void **state)
{
	struct devices d = { .items = NULL };

	(void)state;
	assert_true(device_add(&d, "a", 1));
	assert_true(device_add(&d, "b", 1));
	assert_true(device_add(&d, "a", 3));
	assert_false(device_add(&d, "b", 1));
	assert_int_equal(d.count, 2);
	assert_int_equal(device_missing(&d.items[0]), 1);
	assert_int_equal(device_missing(&d.items[1]), 0);
	device_clear(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_is_missing),
		cmocka_unit_test(keeps_devices_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
