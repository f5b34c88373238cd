/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void grows_and_stays_terminated(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	for (int i = 0; i < 1000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	assert_int_equal(b.len, 1000);
	assert_int_equal(strlen(buf_str(&b)), 1000);
	assert_int_equal(b.data[27], 'b');
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	buf_addf(&b, "%d %s", 42, "items");
	buf_add(&b, "\0x", 2);
	assert_int_equal(b.len, 10);
	assert_memory_equal(b.data, "42 items\0x", 11);
	buf_clear(&b);
	assert_null(b.data);
}

static void keeps_its_limit(void **state)
{
	struct buf b = { .limit = 8 };

	(void)state;
	buf_adds(&b, "12345678");
	assert_false(b.failed);
	buf_addc(&b, '9');
	assert_true(b.failed);
	assert_string_equal(buf_str(&b), "12345678");
	buf_reset(&b);
	assert_false(b.failed);
	buf_addf(&b, "%s", "123456789");
	assert_true(b.failed);
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

static void hands_its_text_over(void **state)
{
	struct buf b = BUF_INIT;
	char *text = buf_take(&b);

	(void)state;
	assert_string_equal(text, "");
	free(text);
	buf_adds(&b, "mine");
	text = buf_take(&b);
	assert_string_equal(text, "mine");
	assert_int_equal(b.len, 0);
	buf_adds(&b, "next");
	assert_string_equal(text, "mine");
	free(text);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_stays_terminated),
		cmocka_unit_test(keeps_its_limit),
		cmocka_unit_test(hands_its_text_over),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
