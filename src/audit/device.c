/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/device.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct device *get(struct devices *d, const char *id)
{
	/* The one that spoke last speaks most often. */
	for (size_t i = d->count; i-- > 0;)
		if (strcmp(d->items[i].id, id) == 0)
			return &d->items[i];
	MEM_GROW(d->items, d->count, d->cap);
	d->items[d->count] = (struct device){ .id = mem_strdup(id) };
	return &d->items[d->count++];
}

static void insert(struct device *d, size_t at, int64_t n)
{
	MEM_GROW(d->runs, d->run_count, d->run_cap);
	memmove(d->runs + at + 1, d->runs + at, (d->run_count - at) * sizeof *d->runs);
	d->runs[at] = (struct device_run){ n, n };
	d->run_count++;
}

static void join(struct device *d, size_t at)
{
	if (at + 1 >= d->run_count || d->runs[at].last + 1 != d->runs[at + 1].first)
		return;
	d->runs[at].last = d->runs[at + 1].last;
	memmove(d->runs + at + 1, d->runs + at + 2,
	        (d->run_count - at - 2) * sizeof *d->runs);
	d->run_count--;
}

bool device_add(struct devices *devices, const char *id, int64_t n)
{
	struct device *d = get(devices, id);
	size_t at = d->run_count;

	/* Numbers mostly come in order: look from the end. */
	while (at > 0 && d->runs[at - 1].first > n)
		at--;
	if (at > 0 && d->runs[at - 1].last >= n) {
		d->doubled++;
		return false;
	}
	if (at > 0 && d->runs[at - 1].last == n - 1) {
		d->runs[at - 1].last = n;
		join(d, at - 1);
	} else {
		insert(d, at, n);
		join(d, at);
	}
	return true;
}

int64_t device_largest(const struct device *d)
{
	return d->run_count ? d->runs[d->run_count - 1].last : 0;
}

int64_t device_missing(const struct device *d)
{
	int64_t came = 0;

	for (size_t i = 0; i < d->run_count; i++)
		came += d->runs[i].last - d->runs[i].first + 1;
	return device_largest(d) - came;
}

void device_clear(struct devices *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->items[i].id);
		free(d->items[i].runs);
	}
	free(d->items);
	memset(d, 0, sizeof *d);
}
