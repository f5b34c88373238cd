/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/id.h"

/* RFC 9562 A.6: 2022-02-22 19:22:22 UTC, rand_a CC3, rand_b 18C4DC0C0C07398F. */
static void the_vector_of_the_rfc(void **state)
{
	static const unsigned char random[10] = {
		0xac, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f
	};
	char id[ID_SIZE];

	(void)state;
	assert_string_equal(id_make(1645557742000, random, id),
	                    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
	assert_true(id_valid(id));
}

static void ids_differ_and_carry_the_time(void **state)
{
	char ids[200][ID_SIZE], bound[ID_SIZE];
	static const unsigned char zero[10];
	int64_t before = clock_now_ms();

	(void)state;
	for (int i = 0; i < 200; i++)
		assert_true(id_valid(id_new(ids[i])));
	for (int i = 0; i < 200; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
	id_make(before, zero, bound);
	assert_true(strcmp(ids[0], bound) >= 0);
	id_make(clock_now_ms() + 1, zero, bound);
	assert_true(strcmp(ids[199], bound) < 0);
}

static void other_text_is_no_id(void **state)
{
	static const char *const bad[] = {
		"", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
		"017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
		"017f22e2-79b0-7cc3-c8c4-dc0c0c07398f", "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "../../../../../../../../../../../x.x"
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(id_valid(bad[i]));
}

static int start(void **state)
{
	(void)state;
	return id_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vector_of_the_rfc),
		cmocka_unit_test(ids_differ_and_carry_the_time),
		cmocka_unit_test(other_text_is_no_id),
	};

	return cmocka_run_group_tests_name("id", tests, start, NULL);
}
