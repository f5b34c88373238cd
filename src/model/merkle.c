/* SPDX-License-Identifier: Apache-2.0 */
#include "model/merkle.h"

#include <string.h>

#include "base/msg.h"

void merkle_leaf_hash(const void *data, size_t len, unsigned char out[HASH_SIZE])
{
	hash_sha256_two("\x00", 1, data, len, out);
}

void merkle_node_hash(const unsigned char left[HASH_SIZE],
                      const unsigned char right[HASH_SIZE], unsigned char out[HASH_SIZE])
{
	unsigned char pair[2 * HASH_SIZE];

	memcpy(pair, left, HASH_SIZE);
	memcpy(pair + HASH_SIZE, right, HASH_SIZE);
	hash_sha256_two("\x01", 1, pair, sizeof pair, out);
}

/* --- growing ---------------------------------------------------------------- */

int merkle_range_add(struct merkle_range *r, const unsigned char leaf_hash[HASH_SIZE],
                     merkle_store_fn *store, void *ctx, struct err *err)
{
	unsigned char hash[HASH_SIZE];
	unsigned level = 0;

	memcpy(hash, leaf_hash, HASH_SIZE);
	for (;; level++) {
		int code = store ? store(ctx, level, r->size >> level, hash, err) : 0;

		if (code)
			return code;
		if (!(r->size >> level & 1))
			break;
		merkle_node_hash(r->hash[level], hash, hash);
	}
	/* Levels below are stale, but their bits are clear from now on. */
	memcpy(r->hash[level], hash, HASH_SIZE);
	r->size++;
	return 0;
}

void merkle_range_root(const struct merkle_range *r, unsigned char out[HASH_SIZE])
{
	bool any = false;

	hash_sha256("", 0, out);
	for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
		if (!(r->size >> level & 1))
			continue;
		if (any)
			merkle_node_hash(r->hash[level], out, out);
		else
			memcpy(out, r->hash[level], HASH_SIZE);
		any = true;
	}
}

int merkle_range_load(struct merkle_range *r, uint64_t size, merkle_read_fn *read,
                      void *ctx, struct err *err)
{
	uint64_t start = 0;

	memset(r, 0, sizeof *r);
	for (unsigned level = MERKLE_LEVELS; level-- > 0; ) {
		int code;

		if (!(size >> level & 1))
			continue;
		code = read(ctx, level, start >> level, r->hash[level], err);
		if (code)
			return code;
		start += (uint64_t)1 << level;
	}
	r->size = size;
	return 0;
}

/* --- proving ---------------------------------------------------------------- */

struct prover {
	merkle_read_fn *read;
	void *ctx;
	struct merkle_proof *out;
	struct err *err;
};

/* Root of the leaves [start, start + count), where start is a multiple of
 * every power of two up to count. */
static int subtree(const struct prover *p, uint64_t start, uint64_t count,
                   unsigned char out[HASH_SIZE])
{
	unsigned char node[HASH_SIZE];
	uint64_t end = start + count;
	bool any = false;

	/* From the right edge up: the smallest perfect subtree first. */
	for (unsigned level = 0; level < MERKLE_LEVELS && end > start; level++) {
		int code;

		if (!(count >> level & 1))
			continue;
		end -= (uint64_t)1 << level;
		code = p->read(p->ctx, level, end >> level, any ? node : out, p->err);
		if (code)
			return code;
		if (any)
			merkle_node_hash(node, out, out);
		any = true;
	}
	return 0;
}

static int prove_subtree(const struct prover *p, uint64_t start, uint64_t count)
{
	return subtree(p, start, count, p->out->hash[p->out->count++]);
}

/* Largest power of two smaller than n, for n > 1. */
static uint64_t split(uint64_t n)
{
	return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

static void reverse(struct merkle_proof *proof)
{
	unsigned char keep[HASH_SIZE];

	for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
		j--;
		memcpy(keep, proof->hash[i], HASH_SIZE);
		memcpy(proof->hash[i], proof->hash[j], HASH_SIZE);
		memcpy(proof->hash[j], keep, HASH_SIZE);
	}
}

int merkle_prove_inclusion(uint64_t index, uint64_t size, merkle_read_fn *read,
                           void *ctx, struct merkle_proof *out, struct err *err)
{
	struct prover p = { read, ctx, out, err };
	uint64_t start = 0, count = size;
	int code = 0;

	out->count = 0;
	if (index >= size)
		return err_set(err, ERR_INVALID, N_("the log has no such entry"));
	/* PATH of RFC 6962, walked from the root down, then turned round. */
	while (count > 1 && !code) {
		uint64_t k = split(count);

		if (index - start < k) {
			code = prove_subtree(&p, start + k, count - k);
			count = k;
		} else {
			code = prove_subtree(&p, start, k);
			start += k;
			count -= k;
		}
	}
	reverse(out);
	return code;
}

int merkle_prove_consistency(uint64_t from, uint64_t to, merkle_read_fn *read,
                             void *ctx, struct merkle_proof *out, struct err *err)
{
	struct prover p = { read, ctx, out, err };
	uint64_t start = 0, count = to, m = from;
	int code = 0;

	out->count = 0;
	if (from > to)
		return err_set(err, ERR_INVALID, N_("the log is shorter than that"));
	if (from == 0 || from == to)
		return 0;
	/* SUBPROOF of RFC 6962, walked from the root down, then turned round. */
	while (m != count && !code) {
		uint64_t k = split(count);

		if (m <= k) {
			code = prove_subtree(&p, start + k, count - k);
			count = k;
		} else {
			code = prove_subtree(&p, start, k);
			start += k;
			m -= k;
			count -= k;
		}
	}
	if (!code && start)
		code = prove_subtree(&p, start, count);
	reverse(out);
	return code;
}

/* --- verifying (RFC 9162 2.1.3.2 and 2.1.4.2) ------------------------------- */

bool merkle_verify_inclusion(uint64_t index, uint64_t size,
                             const unsigned char leaf_hash[HASH_SIZE],
                             unsigned char (*proof)[HASH_SIZE], size_t count,
                             const unsigned char root[HASH_SIZE])
{
	unsigned char hash[HASH_SIZE];
	uint64_t fn = index, sn = size - 1;

	if (index >= size)
		return false;
	memcpy(hash, leaf_hash, HASH_SIZE);
	for (size_t i = 0; i < count; i++) {
		if (!sn)
			return false;
		if (fn & 1 || fn == sn) {
			merkle_node_hash(proof[i], hash, hash);
			while (!(fn & 1) && fn) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node_hash(hash, proof[i], hash);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return !sn && memcmp(hash, root, HASH_SIZE) == 0;
}

bool merkle_verify_consistency(uint64_t from, uint64_t to,
                               const unsigned char root_from[HASH_SIZE],
                               const unsigned char root_to[HASH_SIZE],
                               unsigned char (*proof)[HASH_SIZE], size_t count)
{
	unsigned char a[HASH_SIZE], b[HASH_SIZE];
	uint64_t fn = from - 1, sn = to - 1;
	size_t i = 0;

	if (!from || from > to)
		return false;
	if (from == to)
		return !count && memcmp(root_from, root_to, HASH_SIZE) == 0;
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	/* Where from is a power of two, its root starts the way up. */
	if (fn && !count)
		return false;
	memcpy(a, fn ? proof[i++] : root_from, HASH_SIZE);
	memcpy(b, a, HASH_SIZE);
	for (; i < count; i++) {
		if (!sn)
			return false;
		if (fn & 1 || fn == sn) {
			merkle_node_hash(proof[i], a, a);
			merkle_node_hash(proof[i], b, b);
			while (!(fn & 1) && fn) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node_hash(b, proof[i], b);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return !sn && memcmp(a, root_from, HASH_SIZE) == 0
		&& memcmp(b, root_to, HASH_SIZE) == 0;
}
