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
#include "wire/content.h"
#include "wire/json.h"

static void test_vectors(void **state)
{
	struct value *v = vector_load("erasure");
	const struct value *list = value_find(v, "contents");
	int erased = 0;

	(void)state;
	assert_true(value_count(list) > 8);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *row = value_at(list, i);
		const struct value *entry = value_find(row, "entry");
		struct value *again;
		struct content c;
		struct err err = ERR_INIT;

		assert_int_equal(content_read(entry, &c, NULL), 0);
		erased += c.erased;
		assert_int_equal(content_check(&c, &err) == 0, value_bool_or(row, "fits", false));
		assert_true(value_bool_or(row, "fits", false) || err.code == ERR_INVALID
		            || err.code == ERR_CORRUPT);
		again = content_value(&c);
		assert_true(value_equal(again, entry));
		value_free(again);
	}
	assert_int_equal(erased, 1);
	value_free(v);
}

static void test_refused(void **state)
{
	struct value *v = vector_load("erasure");
	const struct value *list = value_find(v, "refused");

	(void)state;
	assert_true(value_count(list) > 5);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *row = value_at(list, i);
		struct content c;
		struct err err = ERR_INIT;

		assert_int_equal(content_read(value_find(row, "entry"), &c, &err), ERR_INVALID);
		assert_string_equal(err.where, vector_text(row, "pointer"));
	}
	value_free(v);
}

/* What is written for an erased content has neither text nor salt, even where
 * the caller still holds them. */
static void test_erased(void **state)
{
	struct content c = {
		.kind = CONTENT_DECISION, .subject = "x", .digest = "d", .salt = "s",
		.document = "{}", .erased = true,
	};
	struct value *v = content_value(&c);

	(void)state;
	assert_true(value_is(value_find(v, "salt"), VALUE_NULL));
	assert_true(value_is(value_find(v, "document"), VALUE_NULL));
	value_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_erased),
	};

	json_init();
	return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
