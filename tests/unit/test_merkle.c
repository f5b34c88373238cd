/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>

#include "model/merkle.h"
#include "vector.h"
#include "wire/json.h"

enum { LEVELS = 6, MOST = 32 };

/* Stored nodes, as a log would keep them. */
struct store {
	unsigned char node[LEVELS][MOST][HASH_SIZE];
	bool there[LEVELS][MOST];
	int left;      /* additions until one fails; negative: none does */
};

static int keep(void *ctx, unsigned level, uint64_t index, const unsigned char hash[HASH_SIZE],
                struct err *err)
{
	struct store *s = ctx;

	(void)err;
	if (s->left >= 0 && s->left-- == 0)
		return ERR_FULL;
	assert_true(level < LEVELS && index < MOST);
	memcpy(s->node[level][index], hash, HASH_SIZE);
	s->there[level][index] = true;
	return 0;
}

static int fetch(void *ctx, unsigned level, uint64_t index, unsigned char out[HASH_SIZE],
                 struct err *err)
{
	struct store *s = ctx;

	(void)err;
	if (level >= LEVELS || index >= MOST || !s->there[level][index])
		return ERR_NOT_FOUND;
	memcpy(out, s->node[level][index], HASH_SIZE);
	return 0;
}

static void grow(const struct value *v, struct store *s, struct merkle_range *r, uint64_t size)
{
	const struct value *leaves = value_find(v, "leaves"), *hashes = value_find(v, "hashes");

	memset(s, 0, sizeof *s);
	memset(r, 0, sizeof *r);
	s->left = -1;
	for (uint64_t i = 0; i < size; i++) {
		unsigned char data[64], hash[HASH_SIZE], want[HASH_SIZE];
		size_t len = vector_hex(value_str(value_at(leaves, i)), data, sizeof data);

		merkle_leaf_hash(data, len, hash);
		vector_hash(value_str(value_at(hashes, i)), want);
		assert_memory_equal(hash, want, HASH_SIZE);
		assert_int_equal(merkle_range_add(r, hash, keep, s, NULL), 0);
	}
}

static void expect_root(const struct value *v, const struct merkle_range *r)
{
	unsigned char root[HASH_SIZE], want[HASH_SIZE];

	vector_hash(value_str(value_at(value_find(v, "roots"), r->size)), want);
	merkle_range_root(r, root);
	assert_memory_equal(root, want, HASH_SIZE);
}

/* Trees of 0 to 20 leaves: grown, and loaded again from the stored nodes. */
static void test_roots(void **state)
{
	struct value *v = vector_load("merkle");
	static struct store s;
	struct merkle_range r, loaded;

	(void)state;
	for (uint64_t size = 0; size <= 20; size++) {
		grow(v, &s, &r, size);
		expect_root(v, &r);
		assert_int_equal(merkle_range_load(&loaded, size, fetch, &s, NULL), 0);
		expect_root(v, &loaded);
	}
	value_free(v);
}

static size_t load_proof(const struct value *list, unsigned char (*out)[HASH_SIZE])
{
	for (size_t i = 0; i < value_count(list); i++)
		vector_hash(value_str(value_at(list, i)), out[i]);
	return value_count(list);
}

static void expect_proof(const struct merkle_proof *got, const struct value *list)
{
	unsigned char want[64][HASH_SIZE];

	assert_int_equal(got->count, load_proof(list, want));
	assert_memory_equal(got->hash, want, got->count * HASH_SIZE);
}

static void root_of(const struct value *v, uint64_t size, unsigned char out[HASH_SIZE])
{
	vector_hash(value_str(value_at(value_find(v, "roots"), size)), out);
}

static void test_inclusion(void **state)
{
	struct value *v = vector_load("merkle");
	const struct value *list = value_find(v, "inclusion");
	static struct store s;
	struct merkle_range r;

	(void)state;
	grow(v, &s, &r, 20);
	assert_true(value_count(list) > 90);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		uint64_t index = (uint64_t)value_int_or(c, "index", -1);
		uint64_t size = (uint64_t)value_int_or(c, "size", -1);
		unsigned char root[HASH_SIZE];
		struct merkle_proof p;

		assert_int_equal(merkle_prove_inclusion(index, size, fetch, &s, &p, NULL), 0);
		expect_proof(&p, value_find(c, "proof"));
		root_of(v, size, root);
		assert_true(merkle_verify_inclusion(index, size, s.node[0][index], p.hash, p.count, root));
		assert_false(merkle_verify_inclusion(index, size + 1, s.node[0][index], p.hash,
		                                     p.count, root) && size > 1 && index + 1 == size);
		root[0] ^= 1;
		assert_false(merkle_verify_inclusion(index, size, s.node[0][index], p.hash, p.count, root));
	}
	value_free(v);
}

static void test_consistency(void **state)
{
	struct value *v = vector_load("merkle");
	const struct value *list = value_find(v, "consistency");
	static struct store s;
	struct merkle_range r;

	(void)state;
	grow(v, &s, &r, 20);
	assert_true(value_count(list) > 90);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		uint64_t from = (uint64_t)value_int_or(c, "from", -1);
		uint64_t to = (uint64_t)value_int_or(c, "to", -1);
		unsigned char a[HASH_SIZE], b[HASH_SIZE];
		struct merkle_proof p;

		assert_int_equal(merkle_prove_consistency(from, to, fetch, &s, &p, NULL), 0);
		expect_proof(&p, value_find(c, "proof"));
		root_of(v, from, a);
		root_of(v, to, b);
		assert_int_equal(merkle_verify_consistency(from, to, a, b, p.hash, p.count), from > 0);
		b[31] ^= 1;
		assert_false(merkle_verify_consistency(from, to, a, b, p.hash, p.count));
		b[31] ^= 1;
		a[0] ^= 1;
		assert_false(merkle_verify_consistency(from, to, a, b, p.hash, p.count));
	}
	value_free(v);
}

/* A store that fails leaves the range as it was, to be tried again. */
static void test_store_fails(void **state)
{
	struct value *v = vector_load("merkle");
	static struct store s;
	struct merkle_range r, before;
	struct merkle_proof p;

	(void)state;
	grow(v, &s, &r, 7);
	before = r;
	for (int left = 0; left < 4; left++) {
		s.left = left;
		assert_int_equal(merkle_range_add(&r, s.node[0][3], keep, &s, NULL), ERR_FULL);
		assert_memory_equal(&r, &before, sizeof r);
	}
	assert_int_equal(merkle_prove_inclusion(7, 7, fetch, &s, &p, NULL), ERR_INVALID);
	assert_int_equal(merkle_prove_consistency(8, 7, fetch, &s, &p, NULL), ERR_INVALID);
	assert_int_equal(merkle_prove_inclusion(0, 20, fetch, &s, &p, NULL), ERR_NOT_FOUND);
	assert_int_equal(merkle_range_load(&r, 20, fetch, &s, NULL), ERR_NOT_FOUND);
	value_free(v);
}

/* --- the probes of transparency-dev/merkle ----------------------------------- */

/* A member of a probe. Numbers go up to 2^64-1 there, beyond what a document
 * of the wire may hold, so the whole is never parsed. */
static bool member(const struct buf *probe, const char *pointer, const char **at, size_t *len)
{
	return prescan_span(probe->data, probe->len, pointer, at, len);
}

static uint64_t number(const struct buf *probe, const char *pointer)
{
	const char *at;
	size_t len;

	assert_true(member(probe, pointer, &at, &len));
	return strtoull(at, NULL, 10);
}

/* A hash; false where it is too long or empty. A short one, as a few probes have, is
 * filled up: it still equals only itself. */
static bool probe_hash(const char *text, size_t len, unsigned char out[HASH_SIZE])
{
	memset(out, 0, HASH_SIZE);
	return hash_unbase64(text, len, out, HASH_SIZE) > 0;
}

static bool probe_root(const struct buf *probe, const char *pointer, unsigned char out[HASH_SIZE])
{
	const char *at;
	size_t len;

	assert_true(member(probe, pointer, &at, &len));
	return *at == '"' && probe_hash(at + 1, len - 2, out);
}

/* Hashes of the proof, or -1 where one is none. */
static int probe_proof(const struct buf *probe, unsigned char (*out)[HASH_SIZE])
{
	struct value *list = NULL;
	const char *at;
	size_t len;
	int count;

	assert_true(member(probe, "/proof", &at, &len));
	assert_int_equal(json_parse(at, len, NULL, &list, NULL), 0);
	count = (int)value_count(list);
	assert_true(count <= 64);
	for (int i = 0; i < count; i++) {
		const char *s = value_str(value_at(list, (size_t)i));

		if (hash_unbase64(s, strlen(s), out[i], HASH_SIZE) != HASH_SIZE)
			count = -1;
	}
	value_free(list);
	return count;
}

static bool probe_accepts(const struct buf *probe)
{
	unsigned char a[HASH_SIZE], b[HASH_SIZE], proof[64][HASH_SIZE];
	int count = probe_proof(probe, proof);
	const char *at;
	size_t len;

	if (count < 0)
		return false;
	if (member(probe, "/leafHash", &at, &len))
		return probe_root(probe, "/leafHash", a) && probe_root(probe, "/root", b)
			&& merkle_verify_inclusion(number(probe, "/leafIdx"),
			                           number(probe, "/treeSize"), a, proof,
			                           (size_t)count, b);
	return probe_root(probe, "/root1", a) && probe_root(probe, "/root2", b)
		&& merkle_verify_consistency(number(probe, "/size1"), number(probe, "/size2"),
		                             a, b, proof, (size_t)count);
}

static int probe_dir(const char *path, int *accepted)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char sub[2048];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(sub, sizeof sub, "%s/%s", path, entry->d_name);
		if (strstr(entry->d_name, ".json")) {
			struct buf probe = BUF_INIT;
			const char *at;
			size_t len;
			bool want;

			assert_true(vector_bytes(sub, &probe));
			assert_true(member(&probe, "/wantErr", &at, &len));
			want = *at == 'f';
			if (probe_accepts(&probe) != want)
				fail_msg("%s: %s", sub, want ? "refused" : "accepted");
			*accepted += want;
			count++;
			buf_clear(&probe);
		} else {
			count += probe_dir(sub, accepted);
		}
	}
	closedir(dir);
	return count;
}

static void probe_kind(const char *kind)
{
	char path[1100];
	const char *shared;
	int accepted = 0;

	snprintf(path, sizeof path, "data/compat/merkle/%s", kind);
	shared = vector_shared(path);
	if (!shared) {
		print_message("the public Merkle probes are not here\n");
		skip();
	}
	snprintf(path, sizeof path, "%s", shared);
	assert_int_equal(probe_dir(path, &accepted), 98);
	assert_true(accepted > 3);
}

static void test_probes_inclusion(void **state)
{
	(void)state;
	probe_kind("inclusion");
}

static void test_probes_consistency(void **state)
{
	(void)state;
	probe_kind("consistency");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_inclusion),
		cmocka_unit_test(test_consistency),
		cmocka_unit_test(test_store_fails),
		cmocka_unit_test(test_probes_inclusion),
		cmocka_unit_test(test_probes_consistency),
	};

	json_init();
	return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
