/* SPDX-License-Identifier: Apache-2.0 */
#include "store/block.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct block {
	struct block *next;      /* further pieces, only in the first */
	size_t used, cap;
	max_align_t data[];
};

enum { BLOCK_PIECE = 4096 };

static struct block *piece(size_t cap)
{
	struct block *b = mem_alloc(sizeof *b + cap);

	b->next = NULL;
	b->used = 0;
	b->cap = cap;
	return b;
}

static size_t aligned(size_t size)
{
	size_t a = sizeof(max_align_t);

	return (size + a - 1) / a * a;
}

struct block *block_new(size_t size, size_t reserve)
{
	struct block *b = piece(aligned(size) + aligned(reserve));

	b->used = aligned(size);
	memset(b->data, 0, size);
	return b;
}

void *block_head(struct block *b)
{
	return b->data;
}

/* The piece with room for size bytes: the newest, or a new one. */
static struct block *roomy(struct block *b, size_t size)
{
	struct block *last = b->next ? b->next : b;

	if (last->cap - last->used >= size)
		return last;
	last = piece(size > BLOCK_PIECE ? size : BLOCK_PIECE);
	last->next = b->next;
	b->next = last;
	return last;
}

void *block_alloc(struct block *b, size_t size)
{
	struct block *at;
	char *p;

	/* Texts leave the end of a piece unaligned. */
	b = roomy(b, size + sizeof(max_align_t));
	at = b;
	at->used = aligned(at->used);
	p = (char *)at->data + at->used;
	at->used += size;
	memset(p, 0, size);
	return p;
}

char *block_text(struct block *b, const void *bytes, size_t len)
{
	struct block *at = roomy(b, len + 1);
	char *p = (char *)at->data + at->used;

	at->used += len + 1;
	if (len)
		memcpy(p, bytes, len);
	p[len] = '\0';
	return p;
}

void block_free(void *head)
{
	struct block *b, *next;

	if (!head)
		return;
	b = (struct block *)((char *)head - offsetof(struct block, data));
	for (; b; b = next) {
		next = b->next;
		free(b);
	}
}
