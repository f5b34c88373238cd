/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/target.h"

static void paths(void **state)
{
	struct err err = ERR_INIT;
	char *path;

	(void)state;
	assert_int_equal(target_path("/v1/leases%3Arelease?x=%20", &path, &err), 0);
	assert_string_equal(path, "/v1/leases:release");
	free(path);
	assert_int_equal(target_path("/a+b", &path, &err), 0);
	assert_string_equal(path, "/a+b");
	free(path);
	assert_int_equal(target_path("/%ff", &path, &err), ERR_INVALID);
}

static void queries(void **state)
{
	struct err err = ERR_INIT;
	struct value *q;

	(void)state;
	assert_int_equal(target_query("/x?queue=r%C3%A9sum%c3%a9+a&limit=20&empty=&flag&&p=a=b",
	                              &q, &err), 0);
	assert_int_equal(value_count(q), 5);
	assert_string_equal(value_text(q, "queue"), "r\xc3\xa9sum\xc3\xa9 a");
	assert_string_equal(value_text(q, "limit"), "20");
	assert_string_equal(value_text(q, "empty"), "");
	assert_string_equal(value_text(q, "flag"), "");
	assert_string_equal(value_text(q, "p"), "a=b");
	value_free(q);
	assert_int_equal(target_query("/x", &q, &err), 0);
	assert_int_equal(value_count(q), 0);
	value_free(q);
}

static void bad_queries(void **state)
{
	static const char *const bad[] = { "/?a=1&a=2", "/?=1", "/?a=%ff", "/?%c0%af=1" };
	struct value *q = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err = ERR_INIT;

		assert_int_equal(target_query(bad[i], &q, &err), ERR_INVALID);
		assert_null(q);
	}
}

static void a_repeated_parameter_is_named(void **state)
{
	struct err err = ERR_INIT;
	struct value *q;

	(void)state;
	assert_int_equal(target_query("/?limit=1&x=2&limit=1", &q, &err), ERR_INVALID);
	assert_string_equal(err.where, "?limit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(queries),
		cmocka_unit_test(bad_queries),
		cmocka_unit_test(a_repeated_parameter_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
