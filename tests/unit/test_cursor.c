/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vector.h"
#include "wire/cursor.h"
#include "wire/read/decimal.h"

static void test_vectors(void **state)
{
	struct value *v = vector_load("cursors");
	const struct value *accepted = value_find(v, "accepted");
	const struct value *refused = value_find(v, "refused");
	int64_t epoch, index;

	(void)state;
	assert_true(value_count(accepted) > 3);
	for (size_t i = 0; i < value_count(accepted); i++) {
		const struct value *c = value_at(accepted, i);
		char text[CURSOR_TEXT_SIZE];

		assert_true(cursor_parse(vector_text(c, "text"), &epoch, &index));
		assert_int_equal(epoch, value_int_or(c, "epoch", -1));
		assert_int_equal(index, value_int_or(c, "index", -1));
		assert_string_equal(cursor_text(epoch, index, text), vector_text(c, "text"));
	}
	assert_true(value_count(refused) > 10);
	for (size_t i = 0; i < value_count(refused); i++)
		if (cursor_parse(value_str(value_at(refused, i)), &epoch, &index))
			fail_msg("\"%s\" accepted", value_str(value_at(refused, i)));
	value_free(v);
}

static bool takes(const char *text, int64_t max, int64_t want, const char *rest)
{
	int64_t n;

	return decimal_take(&text, max, &n) && n == want && strcmp(text, rest) == 0;
}

static void test_decimal(void **state)
{
	const char *none[] = { "", "x", "-1", "01", "00", "+1" };
	int64_t n;

	(void)state;
	assert_true(takes("0", 0, 0, ""));
	assert_true(takes("120:5", 120, 120, ":5"));
	assert_true(takes("9223372036854775807", INT64_MAX, INT64_MAX, ""));
	for (size_t i = 0; i < 6; i++)
		assert_false(decimal_take(&none[i], INT64_MAX, &n));
	assert_false(takes("121", 120, 121, ""));
	assert_false(takes("9223372036854775808", INT64_MAX, 0, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_decimal),
	};

	return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
