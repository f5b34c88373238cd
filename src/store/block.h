/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory of one answer: the head and everything it points to go with one call.
 */
#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include <stddef.h>

struct block;

/* A block whose head is size zeroed bytes; reserve: room for more, in bytes. */
struct block *block_new(size_t size, size_t reserve);
void *block_head(struct block *b);
/* Zeroed bytes that live as long as the head. */
void *block_alloc(struct block *b, size_t size);
/* A copy with a NUL behind it. */
char *block_text(struct block *b, const void *bytes, size_t len);
/* Frees the block with this head; NULL allowed. */
void block_free(void *head);

#endif
