/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "vector.h"
#include "wire/json.h"
#include "wire/token.h"

static void test_lease_vectors(void **state)
{
	struct value *v = vector_load("tokens");
	const struct value *list = value_find(v, "lease");
	const struct value *refused = value_find(v, "lease_refused");
	const char *before = NULL;

	(void)state;
	assert_true(value_count(list) > 4);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		const char *text = vector_text(c, "text");
		int64_t epoch, counter;
		char out[TOKEN_TEXT_SIZE];

		assert_true(token_parse(text, &epoch, &counter));
		assert_int_equal(epoch, value_int_or(c, "epoch", -1));
		assert_int_equal(counter, value_int_or(c, "counter", -1));
		assert_string_equal(token_text(epoch, counter, out), text);
		/* The file goes up: a later grant, also of a later epoch, is greater. */
		if (before) {
			assert_true(token_compare(before, text) < 0);
			assert_true(token_compare(text, before) > 0);
		}
		assert_int_equal(token_compare(text, text), 0);
		before = text;
	}
	for (size_t i = 0; i < value_count(refused); i++)
		assert_true(token_number(value_str(value_at(refused, i))) == -1);
	assert_true(token_number(NULL) == -1);
	value_free(v);
}

static void test_bearer_vectors(void **state)
{
	struct value *v = vector_load("tokens");
	const struct value *list = value_find(v, "bearer");
	const struct value *refused = value_find(v, "bearer_refused");

	(void)state;
	assert_true(value_count(list) > 1);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		unsigned char random[32];
		char text[TOKEN_BEARER_SIZE], digest[HASH_TEXT_SIZE];

		vector_hash(vector_text(c, "random"), random);
		assert_string_equal(token_bearer_make(random, text), vector_text(c, "text"));
		assert_true(token_bearer_valid(text));
		assert_string_equal(token_bearer_digest(text, digest), vector_text(c, "digest"));
	}
	for (size_t i = 0; i < value_count(refused); i++)
		assert_false(token_bearer_valid(value_str(value_at(refused, i))));
	value_free(v);
}

static void test_bearer_new(void **state)
{
	char a[TOKEN_BEARER_SIZE], b[TOKEN_BEARER_SIZE];

	(void)state;
	assert_true(token_bearer_valid(token_bearer_new(a)));
	assert_true(token_bearer_valid(token_bearer_new(b)));
	assert_string_not_equal(a, b);
}

/* Ids belong to base, which knows no JSON: their vectors are checked here. */
static void test_id_vectors(void **state)
{
	struct value *v = vector_load("ids");
	const struct value *made = value_find(v, "made"), *refused = value_find(v, "refused");

	(void)state;
	assert_true(value_count(made) > 2);
	for (size_t i = 0; i < value_count(made); i++) {
		const struct value *c = value_at(made, i);
		unsigned char random[10];
		char id[ID_SIZE];

		assert_int_equal(vector_hex(vector_text(c, "random"), random, 10), 10);
		id_make(value_int_or(c, "ms", -1), random, id);
		assert_string_equal(id, vector_text(c, "id"));
		assert_true(id_valid(id));
	}
	for (size_t i = 0; i < value_count(refused); i++)
		assert_false(id_valid(value_str(value_at(refused, i))));
	value_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lease_vectors),
		cmocka_unit_test(test_bearer_vectors),
		cmocka_unit_test(test_bearer_new),
		cmocka_unit_test(test_id_vectors),
	};

	if (id_init())
		return 1;
	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
