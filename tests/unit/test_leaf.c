/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/merkle.h"
#include "vector.h"
#include "wire/json.h"
#include "wire/leaf.h"

/* Every type: read, written again byte for byte, hashed. */
static void test_vectors(void **state)
{
	struct value *v = vector_load("leaves");
	const struct value *list = value_find(v, "leaves");
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		const char *text = vector_text(c, "text");
		unsigned char hash[HASH_SIZE], want[HASH_SIZE];
		struct value *doc = NULL, *tree;
		struct leaf leaf;
		struct err err = ERR_INIT;
		struct buf out = BUF_INIT;
		char words[300];

		if (leaf_read(text, strlen(text), &doc, &leaf, &err))
			fail_msg("%s: %s", text, err_words(&err, words, sizeof words));
		assert_string_equal(leaf_type_name(leaf.type), vector_text(c, "type"));
		seen |= 1u << leaf.type;
		assert_int_equal(leaf_write(&leaf, &out, NULL), 0);
		assert_string_equal(buf_str(&out), text);
		merkle_leaf_hash(out.data, out.len, hash);
		vector_hash(vector_text(c, "hash"), want);
		assert_memory_equal(hash, want, HASH_SIZE);
		tree = leaf_value(&leaf);
		assert_true(value_equal(tree, value_find(c, "members")));
		value_free(tree);
		buf_clear(&out);
		value_free(doc);
	}
	assert_int_equal(seen, (1u << LEAF_TYPE_COUNT) - 1);
	value_free(v);
}

static void test_refused(void **state)
{
	struct value *v = vector_load("leaves");
	const struct value *list = value_find(v, "refused");

	(void)state;
	assert_true(value_count(list) > 12);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		const char *text = vector_text(c, "text");
		struct value *doc = NULL;
		struct leaf leaf;
		struct err err = ERR_INIT;

		if (leaf_read(text, strlen(text), &doc, &leaf, &err) != ERR_CORRUPT)
			fail_msg("%s: accepted", vector_text(c, "name"));
		assert_int_equal(err.code, ERR_CORRUPT);
		assert_null(doc);
	}
	value_free(v);
}

static void test_write_refused(void **state)
{
	struct leaf leaf = { .type = LEAF_CONTROL, .at = "2026-11-02T13:27:26.000Z" };
	struct value *data = vector_parse("{\"a\":[{\"rate\":0.5}]}");
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(leaf_write(&leaf, &out, NULL), ERR_INTERNAL);
	leaf.actor = "server";
	assert_int_equal(leaf_write(&leaf, &out, NULL), 0);
	buf_reset(&out);
	leaf.data = data;
	assert_int_equal(leaf_write(&leaf, &out, NULL), ERR_INTERNAL);
	assert_int_equal(out.len, 0);
	buf_clear(&out);
	value_free(data);
}

static void test_types(void **state)
{
	enum leaf_type type;

	(void)state;
	for (int i = 0; i < LEAF_TYPE_COUNT; i++) {
		assert_true(leaf_type_find(leaf_type_name((enum leaf_type)i), &type));
		assert_int_equal(type, i);
	}
	assert_false(leaf_type_find("Open", &type));
	assert_false(leaf_type_find(NULL, &type));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_write_refused),
		cmocka_unit_test(test_types),
	};

	json_init();
	return cmocka_run_group_tests_name("leaf", tests, NULL, NULL);
}
