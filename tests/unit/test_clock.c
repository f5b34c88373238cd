/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

/* The right-hand sides were computed with Python's datetime. */
static const struct {
	const char *text, *same;
	int64_t at_ms;
} instants[] = {
	{ "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z", 0 },
	{ "2026-11-02T13:27:26.000Z", "2026-11-02T14:27:26+01:00", 1793626046000 },
	{ "2026-11-02T13:27:26.123Z", "2026-11-02t08:57:26.123999999-04:30", 1793626046123 },
	{ "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999z", -1 },
	{ "2000-02-29T12:00:00.500Z", "2000-02-29T12:00:00.5Z", 951825600500 },
	{ "0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00.0Z", -62135596800000 },
	{ "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z", 253402300799999 },
	{ "2038-01-19T03:14:08.000Z", "2038-01-19T03:14:08Z", 2147483648000 }
};

static void instants_go_round(void **state)
{
	char out[CLOCK_TEXT_SIZE];
	int64_t at_ms;

	(void)state;
	for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
		assert_string_equal(clock_text(instants[i].at_ms, out), instants[i].text);
		assert_true(clock_parse(instants[i].text, &at_ms));
		assert_true(at_ms == instants[i].at_ms);
		assert_true(clock_parse(instants[i].same, &at_ms));
		assert_true(at_ms == instants[i].at_ms);
	}
}

static void days_that_do_not_exist_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "2026-11-02", "2026-11-02 13:27:26Z", "2026-11-02T13:27:26",
		"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-11-31T00:00:00Z", "2026-11-02T24:00:00Z", "2026-11-02T13:60:00Z",
		"2026-11-02T13:27:60Z", "2026-11-02T13:27:26.Z", "2026-11-02T13:27:26.1234567890Z",
		"2026-11-02T13:27:26+24:00", "2026-11-02T13:27:26+0100", "2026-11-02T13:27:26Zx",
		"+026-11-02T13:27:26Z", "26-11-02T13:27:26Z", "2026-11-02T13:27:26,5Z"
	};
	int64_t at_ms = 77;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(clock_parse(bad[i], &at_ms));
	assert_true(at_ms == 77);
}

static void time_goes_on(void **state)
{
	int64_t boot = clock_boot_ms(), mono = clock_mono_us(), now = clock_now_ms();

	(void)state;
	assert_true(now > 1700000000000);
	assert_true(clock_boot_ms() >= boot);
	while (clock_mono_us() == mono)
		;
	assert_true(clock_mono_us() > mono);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_go_round),
		cmocka_unit_test(days_that_do_not_exist_are_refused),
		cmocka_unit_test(time_goes_on),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
