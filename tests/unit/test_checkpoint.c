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
#include "wire/checkpoint.h"
#include "wire/json.h"

struct key {
	unsigned char public_key[SIGN_PUBLIC_SIZE], secret[SIGN_SECRET_SIZE];
};

static void load_key(const struct value *v, struct key *k)
{
	unsigned char seed[32], given[32];

	vector_hash(vector_text(v, "seed"), seed);
	vector_hash(vector_text(v, "public"), given);
	hash_sign_from_seed(seed, k->public_key, k->secret);
	assert_memory_equal(k->public_key, given, 32);
}

static void test_names(void **state)
{
	struct value *v = vector_load("checkpoints");
	const struct value *refused = value_find(v, "origin_refused");
	char origin[CHECKPOINT_NAME_SIZE], vkey[CHECKPOINT_VKEY_SIZE], name[CHECKPOINT_NAME_SIZE];
	unsigned char parsed[SIGN_PUBLIC_SIZE];
	struct key k;

	(void)state;
	load_key(v, &k);
	checkpoint_origin(k.public_key, value_int_or(v, "epoch", 0), origin);
	assert_string_equal(origin, vector_text(v, "origin"));
	assert_int_equal(checkpoint_epoch(origin), 1);
	for (size_t i = 0; i < value_count(refused); i++)
		if (checkpoint_epoch(value_str(value_at(refused, i))) != -1)
			fail_msg("%s has an epoch", value_str(value_at(refused, i)));
	checkpoint_vkey(origin, k.public_key, vkey);
	assert_string_equal(vkey, vector_text(v, "vkey"));
	assert_int_equal(checkpoint_vkey_parse(vkey, name, parsed, NULL), 0);
	assert_string_equal(name, origin);
	assert_memory_equal(parsed, k.public_key, SIGN_PUBLIC_SIZE);
	refused = value_find(v, "vkey_refused");
	assert_true(value_count(refused) > 5);
	for (size_t i = 0; i < value_count(refused); i++)
		if (checkpoint_vkey_parse(value_str(value_at(refused, i)), name, parsed, NULL)
		    != ERR_INVALID)
			fail_msg("%s accepted", value_str(value_at(refused, i)));
	value_free(v);
}

static void test_checkpoints(void **state)
{
	struct value *v = vector_load("checkpoints");
	const struct value *list = value_find(v, "checkpoints");
	struct key k;

	(void)state;
	load_key(v, &k);
	assert_true(value_count(list) > 3);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		const char *note = vector_text(c, "note");
		struct checkpoint in = { .size = (uint64_t)value_int_or(c, "size", -1) }, out;
		struct buf text = BUF_INIT;

		strcpy(in.origin, vector_text(v, "origin"));
		vector_hash(vector_text(c, "root"), in.root);
		checkpoint_sign(&in, k.secret, &text);
		assert_string_equal(buf_str(&text), note);
		assert_int_equal(checkpoint_open(note, strlen(note), vector_text(v, "vkey"), &out, NULL), 0);
		assert_string_equal(out.origin, in.origin);
		assert_true(out.size == in.size);
		assert_memory_equal(out.root, in.root, HASH_SIZE);
		/* Any byte of the signed text, and it is not signed. */
		for (size_t at = 0; at + 1 < text.len && note[at] != '\n'; at++) {
			text.data[at] ^= 1;
			assert_int_not_equal(checkpoint_open(text.data, text.len,
			                                     vector_text(v, "vkey"), &out, NULL), 0);
			text.data[at] ^= 1;
		}
		buf_clear(&text);
	}
	value_free(v);
}

static void test_refused(void **state)
{
	struct value *v = vector_load("checkpoints");
	const struct value *list = value_find(v, "refused");
	const char *cosigned = vector_text(v, "cosigned");
	struct checkpoint out;

	(void)state;
	assert_true(value_count(list) > 10);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		char note[1024];
		size_t len = vector_hex(vector_text(c, "hex"), note, sizeof note);
		struct err err = ERR_INIT;
		int code = checkpoint_open(note, len, vector_text(v, "vkey"), &out, &err);

		if (code != ERR_INVALID && code != ERR_DENIED)
			fail_msg("%s: %d", vector_text(c, "name"), code);
		assert_int_equal(err.code, code);
	}
	/* Signatures of others beside ours are no harm. */
	assert_int_equal(checkpoint_open(cosigned, strlen(cosigned), vector_text(v, "vkey"),
	                                 &out, NULL), 0);
	assert_int_equal(out.size, 5);
	value_free(v);
}

/* The vector of the C2SP signed-note specification. */
static void test_published(void **state)
{
	struct value *v = vector_load("checkpoints");
	const struct value *c = value_find(v, "published");
	const char *text = vector_text(c, "text");
	unsigned char public_key[SIGN_PUBLIC_SIZE];
	char name[CHECKPOINT_NAME_SIZE], vkey[CHECKPOINT_VKEY_SIZE];
	struct buf note = BUF_INIT;
	size_t text_len = 0;

	(void)state;
	assert_int_equal(checkpoint_vkey_parse(vector_text(c, "vkey"), name, public_key, NULL), 0);
	assert_string_equal(checkpoint_vkey(name, public_key, vkey), vector_text(c, "vkey"));
	buf_addf(&note, "%s\n\xe2\x80\x94 %s %s\n", text, name, vector_text(c, "signature"));
	assert_int_equal(checkpoint_note_verify(note.data, note.len, vkey, &text_len, NULL), 0);
	assert_int_equal(text_len, strlen(text));
	note.data[0] ^= 1;
	assert_int_equal(checkpoint_note_verify(note.data, note.len, vkey, &text_len, NULL), ERR_DENIED);
	buf_clear(&note);
	value_free(v);
}

static void check_proof(const struct value *c)
{
	const struct value *hashes = value_find(c, "hashes");
	const char *text = vector_text(c, "text"), *extra = value_text(c, "extra");
	unsigned char raw[CHECKPOINT_PROOF_MAX][HASH_SIZE], more[64];
	size_t more_len = extra ? vector_hex(extra, more, sizeof more) : 0;
	struct checkpoint_proof p;
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < value_count(hashes); i++)
		vector_hash(value_str(value_at(hashes, i)), raw[i]);
	checkpoint_proof_write((uint64_t)value_int_or(c, "index", -1), raw, value_count(hashes),
	                       extra ? more : NULL, more_len, vector_text(c, "note"), &out);
	assert_string_equal(buf_str(&out), text);
	assert_int_equal(checkpoint_proof_read(text, strlen(text), &p, NULL), 0);
	assert_int_equal(p.index, value_int_or(c, "index", -1));
	assert_int_equal(p.count, value_count(hashes));
	assert_memory_equal(p.hashes, raw, p.count * HASH_SIZE);
	assert_int_equal(p.extra.len, more_len);
	assert_memory_equal(buf_str(&p.extra), more, more_len);
	assert_int_equal(p.note_len, strlen(vector_text(c, "note")));
	assert_memory_equal(p.note, vector_text(c, "note"), p.note_len);
	checkpoint_proof_clear(&p);
	buf_clear(&out);
}

static void test_proofs(void **state)
{
	struct value *v = vector_load("checkpoints");
	const struct value *list = value_find(v, "proofs"), *refused = value_find(v, "proofs_refused");

	(void)state;
	assert_true(value_count(list) > 5);
	for (size_t i = 0; i < value_count(list); i++)
		check_proof(value_at(list, i));
	for (size_t i = 0; i < value_count(refused); i++) {
		const char *text = vector_text(value_at(refused, i), "text");
		struct checkpoint_proof p;

		if (checkpoint_proof_read(text, strlen(text), &p, NULL) != ERR_INVALID)
			fail_msg("%s: accepted", vector_text(value_at(refused, i), "name"));
	}
	value_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_checkpoints),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_proofs),
	};

	if (id_init())
		return 1;
	json_init();
	return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
