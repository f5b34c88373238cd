/* SPDX-License-Identifier: Apache-2.0
 *
 * Merkle tree of RFC 6962 2.1 over SHA-256: leaf hash H(0x00 || data), node
 * hash H(0x01 || left || right), empty tree H(""). Pure: nodes are read
 * through a callback. A stored node (level, index) is the root of the perfect
 * subtree of 2^level leaves that starts at leaf index * 2^level; level 0 are
 * the leaf hashes.
 */
#ifndef MODEL_MERKLE_H
#define MODEL_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

enum { MERKLE_LEVELS = 64 };

void merkle_leaf_hash(const void *data, size_t len, unsigned char out[HASH_SIZE]);
void merkle_node_hash(const unsigned char left[HASH_SIZE],
                      const unsigned char right[HASH_SIZE], unsigned char out[HASH_SIZE]);

/* The right edge of a tree: one perfect subtree for every bit set in size.
 * Zeroed, it is the empty tree. */
struct merkle_range {
	uint64_t size;
	unsigned char hash[MERKLE_LEVELS][HASH_SIZE];  /* by level; valid where
	                                                  that bit of size is set */
};

/* Told of every perfect subtree that an added leaf completes, the leaf itself
 * (level 0) included. Returns 0 or a negative code that ends the addition. */
typedef int merkle_store_fn(void *ctx, unsigned level, uint64_t index,
                            const unsigned char hash[HASH_SIZE], struct err *err);

/* Adds a leaf hash. store may be NULL. Where store fails, the range is as it
 * was and its code is returned. */
int merkle_range_add(struct merkle_range *r, const unsigned char leaf_hash[HASH_SIZE],
                     merkle_store_fn *store, void *ctx, struct err *err);
void merkle_range_root(const struct merkle_range *r, unsigned char out[HASH_SIZE]);

/* Reads one stored node. Returns 0 or a negative code. */
typedef int merkle_read_fn(void *ctx, unsigned level, uint64_t index,
                           unsigned char out[HASH_SIZE], struct err *err);

/* The range of the first size leaves, from stored nodes. */
int merkle_range_load(struct merkle_range *r, uint64_t size, merkle_read_fn *read,
                      void *ctx, struct err *err);

struct merkle_proof {
	unsigned char hash[MERKLE_LEVELS * 2][HASH_SIZE];
	size_t count;
};

/* Proof that leaf index is in the tree of size leaves (RFC 6962 2.1.1). */
int merkle_prove_inclusion(uint64_t index, uint64_t size, merkle_read_fn *read,
                           void *ctx, struct merkle_proof *out, struct err *err);
/* Proof that the tree of `from` leaves is a prefix of that of `to` leaves
 * (RFC 6962 2.1.2); 0 <= from <= to, empty for from == 0 or from == to. */
int merkle_prove_consistency(uint64_t from, uint64_t to, merkle_read_fn *read,
                             void *ctx, struct merkle_proof *out, struct err *err);

bool merkle_verify_inclusion(uint64_t index, uint64_t size,
                             const unsigned char leaf_hash[HASH_SIZE],
                             unsigned char (*proof)[HASH_SIZE], size_t count,
                             const unsigned char root[HASH_SIZE]);
/* from == 0 is refused: that a tree grew out of nothing says nothing. */
bool merkle_verify_consistency(uint64_t from, uint64_t to,
                               const unsigned char root_from[HASH_SIZE],
                               const unsigned char root_to[HASH_SIZE],
                               unsigned char (*proof)[HASH_SIZE], size_t count);

#endif
