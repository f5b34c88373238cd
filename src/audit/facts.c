/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void facts_key(enum fact_kind kind, const char *name, unsigned char out[FACTS_KEY])
{
	unsigned char hash[HASH_SIZE], prefix = (unsigned char)kind;

	hash_sha256_two(&prefix, 1, name, strlen(name), hash);
	memcpy(out, hash, FACTS_KEY);
}

static size_t first_slot(const struct facts *f, const unsigned char key[FACTS_KEY])
{
	size_t at;

	memcpy(&at, key, sizeof at);
	return at & (f->slot_count - 1);
}

/* The slot that holds the key, or the free one where it would be put. */
static size_t find_slot(const struct facts *f, const unsigned char key[FACTS_KEY])
{
	size_t at = first_slot(f, key);

	while (f->slots[at] && memcmp(f->items[f->slots[at] - 1].key, key, FACTS_KEY) != 0)
		at = (at + 1) & (f->slot_count - 1);
	return at;
}

static void grow(struct facts *f)
{
	free(f->slots);
	f->slot_count = f->slot_count ? f->slot_count * 2 : 1024;
	f->slots = mem_zalloc(f->slot_count * sizeof *f->slots);
	for (size_t i = 0; i < f->count; i++)
		f->slots[find_slot(f, f->items[i].key)] = (uint32_t)i + 1;
}

struct fact *facts_find(struct facts *f, enum fact_kind kind, const char *name)
{
	unsigned char key[FACTS_KEY];
	uint32_t at;

	if (!f->slot_count)
		return NULL;
	facts_key(kind, name, key);
	at = f->slots[find_slot(f, key)];
	return at ? &f->items[at - 1] : NULL;
}

/* By a half, not by doubling: these arrays are the memory of an audit. */
static void make_room(void **items, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return;
	*cap = *cap ? *cap + *cap / 2 : 256;
	*items = mem_resize(*items, *cap, size);
}

static uint32_t add_more(struct facts *f, enum fact_kind kind)
{
	if (kind == FACT_DECISION) {
		make_room((void **)&f->decisions, f->decision_count, &f->decision_cap,
		          sizeof *f->decisions);
		memset(&f->decisions[f->decision_count], 0, sizeof *f->decisions);
		return (uint32_t)f->decision_count++;
	}
	if (kind == FACT_PROPOSAL) {
		make_room((void **)&f->proposals, f->proposal_count, &f->proposal_cap,
		          sizeof *f->proposals);
		memset(&f->proposals[f->proposal_count], 0, sizeof *f->proposals);
		f->proposals[f->proposal_count].intake = -1;
		return (uint32_t)f->proposal_count++;
	}
	return 0;
}

struct fact *facts_get(struct facts *f, enum fact_kind kind, const char *name)
{
	struct fact *known = facts_find(f, kind, name);

	if (known)
		return known;
	if (f->count * 10 >= f->slot_count * 7)
		grow(f);
	make_room((void **)&f->items, f->count, &f->cap, sizeof *f->items);
	known = &f->items[f->count];
	memset(known, 0, sizeof *known);
	known->kind = (uint8_t)kind;
	known->leaf = -1;
	known->more = add_more(f, kind);
	facts_key(kind, name, known->key);
	f->slots[find_slot(f, known->key)] = (uint32_t)++f->count;
	return known;
}

struct facts_decision *facts_decision_of(struct facts *f, const struct fact *fact)
{
	return &f->decisions[fact->more];
}

struct facts_proposal *facts_proposal_of(struct facts *f, const struct fact *fact)
{
	return &f->proposals[fact->more];
}

unsigned char *facts_columns(struct facts *f, struct fact *fact)
{
	return fact->kind == FACT_DECISION ? f->decisions[fact->more].columns : fact->digest;
}

void facts_clear(struct facts *f)
{
	free(f->items);
	free(f->proposals);
	free(f->decisions);
	free(f->slots);
	memset(f, 0, sizeof *f);
}
