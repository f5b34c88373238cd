/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store/block.h"

static void test_grows_beyond_its_reserve(void **state)
{
	struct block *b = block_new(24, 16);
	char *texts[200];
	char word[16];

	(void)state;
	for (int i = 0; i < 200; i++) {
		int len = snprintf(word, sizeof word, "text %d", i);

		texts[i] = block_text(b, word, (size_t)len);
	}
	for (int i = 0; i < 200; i++) {
		snprintf(word, sizeof word, "text %d", i);
		assert_string_equal(texts[i], word);
	}
	block_free(block_head(b));
}

static void test_head_and_arrays_are_zero_and_aligned(void **state)
{
	struct block *b = block_new(3, 0);
	unsigned char *head = block_head(b), *array;

	(void)state;
	assert_int_equal(head[0] | head[1] | head[2], 0);
	block_text(b, "odd", 3);
	array = block_alloc(b, 10000);
	assert_int_equal((uintptr_t)array % sizeof(max_align_t), 0);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(array[i], 0);
	memset(array, 1, 10000);
	assert_string_equal(block_text(b, "after", 5), "after");
	assert_int_equal(head[0], 0);
	block_free(head);
	block_free(NULL);
}

static void test_text_of_any_size(void **state)
{
	static char big[50000];
	struct block *b = block_new(8, 100);
	char *copy;

	(void)state;
	memset(big, 'x', sizeof big - 1);
	copy = block_text(b, big, sizeof big - 1);
	assert_string_equal(copy, big);
	assert_string_equal(block_text(b, "", 0), "");
	block_free(block_head(b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows_beyond_its_reserve),
		cmocka_unit_test(test_head_and_arrays_are_zero_and_aligned),
		cmocka_unit_test(test_text_of_any_size)
	};

	return cmocka_run_group_tests_name("block", tests, NULL, NULL);
}
