/* SPDX-License-Identifier: Apache-2.0
 *
 * Equal elements of an array: hashes are sorted, and only neighbours with the
 * same hash are compared, so that a long list costs n log n.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/schema_node.h"

struct slot {
	uint64_t hash;
	size_t index;
};

/* FNV-1a, 64 bits. */
static uint64_t mix(uint64_t h, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	return h;
}

/* Equal values have equal hashes: numbers by value, members in any order. */
static uint64_t hash_of(const struct value *v)
{
	uint64_t h = UINT64_C(14695981039346656037), sum = 0;
	unsigned char type = (unsigned char)(v->type == VALUE_INT ? VALUE_REAL : v->type);
	double number;

	h = mix(h, &type, 1);
	switch (v->type) {
	case VALUE_NULL:
		return h;
	case VALUE_BOOL:
		return mix(h, v->b ? "t" : "f", 1);
	case VALUE_INT:
	case VALUE_REAL:
		number = value_number(v) + 0.0;   /* -0 and 0 are one number */
		return mix(h, &number, sizeof number);
	case VALUE_STRING:
		return mix(h, v->s, v->len);
	case VALUE_ARRAY:
		for (size_t i = 0; i < v->count; i++) {
			sum = hash_of(v->items[i]);
			h = mix(h, &sum, sizeof sum);
		}
		return h;
	case VALUE_OBJECT:
		for (size_t i = 0; i < v->count; i++)
			sum += mix(hash_of(v->members[i].value), v->members[i].key,
			           strlen(v->members[i].key));
		return mix(h, &sum, sizeof sum);
	}
	return h;
}

static int by_hash(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

bool schema_find_twin(const struct value *array, size_t *first, size_t *second)
{
	struct slot *slots = mem_resize(NULL, array->count + 1, sizeof *slots);
	bool found = false;

	for (size_t i = 0; i < array->count; i++)
		slots[i] = (struct slot){ hash_of(array->items[i]), i };
	qsort(slots, array->count, sizeof *slots, by_hash);
	for (size_t i = 0; i + 1 < array->count && !found; i++) {
		for (size_t j = i + 1; j < array->count && slots[i].hash == slots[j].hash; j++) {
			if (!value_equal(array->items[slots[i].index], array->items[slots[j].index]))
				continue;
			*first = slots[i].index;
			*second = slots[j].index;
			found = true;
			break;
		}
	}
	free(slots);
	return found;
}
