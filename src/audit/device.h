/* SPDX-License-Identifier: Apache-2.0
 *
 * Which numbers of a device came in: completeness. A device numbers what it
 * sends from 1 without gaps, so what is missing was sent and is not in the log.
 */
#ifndef AUDIT_DEVICE_H
#define AUDIT_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device_run {
	int64_t first, last;
};

struct device {
	char *id;
	struct device_run *runs;     /* sorted, apart from each other */
	size_t run_count, run_cap;
	int64_t doubled;             /* numbers that came twice */
};

struct devices {
	struct device *items;
	size_t count, cap;
};

/* Number n > 0 of a device came; false where it had come already. */
bool device_add(struct devices *d, const char *id, int64_t n);
/* Numbers from 1 to the largest that did not come. */
int64_t device_missing(const struct device *d);
int64_t device_largest(const struct device *d);
void device_clear(struct devices *d);

#endif
