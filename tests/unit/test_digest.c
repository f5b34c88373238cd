/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/states.h"
#include "vector.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/json.h"

static void test_answers(void **state)
{
	struct value *v = vector_load("content");
	const struct value *answers = value_find(v, "answers"), *own = value_find(v, "own");
	const struct value *refused = value_find(v, "salt_refused");
	char digest[HASH_TEXT_SIZE];

	(void)state;
	assert_true(value_count(answers) > 3);
	for (size_t i = 0; i < value_count(answers); i++) {
		const struct value *c = value_at(answers, i);
		const struct value *value = value_find(c, "value");
		struct value *content = digest_answer(value_is(value, VALUE_NULL) ? NULL : value,
			value_text(c, "message"), value_text(c, "note"));

		assert_true(digest_content(vector_text(c, "salt"), content, digest));
		assert_string_equal(digest, vector_text(c, "digest"));
		/* Another salt, another digest: nothing can be guessed from it. */
		assert_true(digest_content("00000000000000000000000000000000", content, digest));
		assert_string_not_equal(digest, vector_text(c, "digest"));
		value_free(content);
	}
	for (size_t i = 0; i < value_count(own); i++) {
		const struct value *c = value_at(own, i);

		assert_true(digest_own(vector_text(c, "salt"), value_find(c, "value"), digest));
		assert_string_equal(digest, vector_text(c, "digest"));
	}
	for (size_t i = 0; i < value_count(refused); i++) {
		assert_false(digest_content(value_str(value_at(refused, i)), v, digest));
		assert_string_equal(digest, "");
	}
	assert_false(digest_content(NULL, v, digest));
	value_free(v);
}

static void test_shown(void **state)
{
	struct value *v = vector_load("content");
	const struct value *shown = value_find(v, "shown");

	(void)state;
	assert_int_equal(value_count(shown), 3);
	for (size_t i = 0; i < value_count(shown); i++) {
		const struct value *c = value_at(shown, i);
		char digest[HASH_TEXT_SIZE];
		enum view_kind view;

		assert_true(view_kind_find(vector_text(c, "view"), &view));
		digest_shown(vector_text(c, "definition"), vector_text(c, "proposal"), view, digest);
		assert_string_equal(digest, vector_text(c, "digest"));
	}
	value_free(v);
}

static void test_bytes(void **state)
{
	struct value *v = vector_load("proposals");
	const struct value *c = value_at(value_find(v, "accepted"), 0);
	const char *text = vector_text(c, "text");
	char digest[HASH_TEXT_SIZE];

	(void)state;
	assert_int_equal(digest_content_bytes(vector_text(c, "salt"), text, strlen(text), digest, NULL), 0);
	assert_string_equal(digest, vector_text(c, "digest"));
	assert_int_equal(digest_content_bytes("no salt", text, strlen(text), digest, NULL), ERR_INVALID);
	assert_int_equal(digest_content_bytes(vector_text(c, "salt"), "{", 1, digest, NULL), ERR_INVALID);
	value_free(v);
}

/* Of every case: what a device signs, and the two digests of the envelope. */
static void check_envelope(const struct value *c)
{
	struct value *e = vector_parse(vector_text(c, "envelope"));
	char digest[HASH_TEXT_SIZE];
	struct buf bytes = BUF_INIT;

	assert_string_equal(digest_envelope(e, digest), vector_text(c, "envelope_digest"));
	assert_string_equal(digest_identity(e, digest), vector_text(c, "identity_digest"));
	digest_signed_bytes(e, &bytes);
	assert_string_equal(buf_str(&bytes), vector_text(c, "signed"));
	/* The content beside it changes nothing. */
	value_set(e, "content", vector_parse(vector_text(c, "content")));
	assert_string_equal(digest_envelope(e, digest), vector_text(c, "envelope_digest"));
	buf_clear(&bytes);
	value_free(e);
}

static void check_signature(const struct value *c)
{
	struct value *e = vector_parse(vector_text(c, "envelope"));
	unsigned char seed[32], given[32], public_key[SIGN_PUBLIC_SIZE], secret[SIGN_SECRET_SIZE];
	char *signature;

	vector_hash(vector_text(c, "seed"), seed);
	vector_hash(vector_text(c, "public"), given);
	hash_sign_from_seed(seed, public_key, secret);
	assert_memory_equal(public_key, given, 32);
	signature = digest_sign(e, secret);
	assert_string_equal(signature, value_text(e, "signature"));
	assert_true(digest_signature_valid(e, public_key));
	value_set_int(e, "active_ms", 6401);
	assert_false(digest_signature_valid(e, public_key));
	value_set_int(e, "active_ms", 6400);
	assert_true(digest_signature_valid(e, public_key));
	value_set_null(e, "signature");
	assert_false(digest_signature_valid(e, public_key));
	free(signature);
	value_free(e);
}

static void test_envelopes(void **state)
{
	struct value *v = vector_load("decisions");
	const struct value *cases = value_find(v, "cases");
	int signatures = 0;

	(void)state;
	for (size_t i = 0; i < value_count(cases); i++) {
		check_envelope(value_at(cases, i));
		if (value_find(value_at(cases, i), "seed")) {
			check_signature(value_at(cases, i));
			signatures++;
		}
	}
	assert_int_equal(signatures, 1);
	value_free(v);
}

static void compare_identity(const struct value *pair, bool same)
{
	struct value *a = vector_parse(value_str(value_at(pair, 0)));
	struct value *b = vector_parse(value_str(value_at(pair, 1)));
	char x[HASH_TEXT_SIZE], y[HASH_TEXT_SIZE];

	digest_identity(a, x);
	digest_identity(b, y);
	assert_int_equal(strcmp(x, y) == 0, same);
	value_free(a);
	value_free(b);
}

static void test_identity(void **state)
{
	struct value *v = vector_load("decisions");

	(void)state;
	compare_identity(value_find(v, "same_identity"), true);
	compare_identity(value_find(v, "other_identity"), false);
	value_free(v);
}

/* The rules of states are a frozen file like any other format. */
static void test_states_file(void **state)
{
	struct value *v = vector_load("states");
	const struct value *list = value_find(v, "states");
	unsigned char hash[HASH_SIZE];
	char path[1024], text[HASH_TEXT_SIZE];
	struct buf file = BUF_INIT;
	size_t i;

	(void)state;
	snprintf(path, sizeof path, "%s/%s", TEST_DATADIR, vector_text(v, "file"));
	assert_true(vector_bytes(path, &file));
	assert_int_equal(file.len, value_int_or(v, "size", 0));
	hash_sha256(file.data, file.len, hash);
	assert_string_equal(hash_text(hash, text), vector_text(v, "digest"));
	for (i = 0; states_name(i); i++) {
		const struct value *c = value_at(list, i);

		assert_string_equal(states_name(i), vector_text(c, "name"));
		assert_int_equal(states_is_result(states_name(i)), value_bool_or(c, "result", false));
	}
	assert_int_equal(i, value_count(list));
	buf_clear(&file);
	value_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_envelopes),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_states_file),
	};

	json_init();
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
