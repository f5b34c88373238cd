/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/schema_node.h"

size_t schema_pointer_push(struct buf *pointer, const char *token)
{
	size_t before = pointer->len;

	buf_addc(pointer, '/');
	for (; *token; token++) {
		if (*token == '~')
			buf_adds(pointer, "~0");
		else if (*token == '/')
			buf_adds(pointer, "~1");
		else
			buf_addc(pointer, *token);
	}
	return before;
}

void schema_pointer_pop(struct buf *pointer, size_t len)
{
	pointer->len = len;
	if (pointer->data)
		pointer->data[len] = '\0';
}

void schema_faults_add(struct schema_faults *faults, const char *pointer,
                       const char *keyword, const struct err *e)
{
	struct schema_fault *f;

	if (!faults)
		return;
	if (faults->count == SCHEMA_FAULTS_MAX) {
		faults->more++;
		return;
	}
	MEM_GROW(faults->items, faults->count, faults->cap);
	f = &faults->items[faults->count++];
	f->pointer = mem_strdup(pointer);
	f->keyword = keyword;
	f->err = *e;
	f->err.where[0] = '\0';
}

void schema_faults_clear(struct schema_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		free(faults->items[i].pointer);
	free(faults->items);
	*faults = (struct schema_faults)SCHEMA_FAULTS_INIT;
}

char *schema_fault_field(const struct schema_fault *fault)
{
	const char *p = fault->pointer;
	char *name, *out;

	if (*p != '/')
		return NULL;
	name = out = mem_strdup(p + 1);
	for (p++; *p && *p != '/'; p++) {
		if (*p == '~' && p[1])
			*out++ = *++p == '1' ? '/' : '~';
		else
			*out++ = *p;
	}
	*out = '\0';
	return name;
}
