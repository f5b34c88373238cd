/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/retry.h"

static void doubles_up_to_a_bound(void **state)
{
	static const int64_t bounds[] = { 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000,
	                                  256000, 300000, 300000 };

	(void)state;
	for (int i = 0; i < 11; i++) {
		assert_int_equal(retry_delay_ms(i + 1, -1, UINT32_MAX), bounds[i]);
		assert_int_equal(retry_delay_ms(i + 1, -1, 0), 1);
		assert_in_range(retry_delay_ms(i + 1, -1, 0x80000000u), bounds[i] / 2, bounds[i] / 2 + 1);
	}
	assert_int_equal(retry_delay_ms(1000000, -1, UINT32_MAX), 300000);
}

static void never_before_the_server_said(void **state)
{
	(void)state;
	assert_int_equal(retry_delay_ms(1, 60000, 0), 60000);
	assert_int_equal(retry_delay_ms(1, 60000, UINT32_MAX), 61000);
	assert_int_equal(retry_delay_ms(20, 60000, UINT32_MAX), 300000);
	assert_int_equal(retry_delay_ms(1, 0, UINT32_MAX), 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_up_to_a_bound),
		cmocka_unit_test(never_before_the_server_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
