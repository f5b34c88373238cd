/* SPDX-License-Identifier: Apache-2.0
 *
 * The undo hold (design: desk, rule 10), as pure functions: a decision or
 * disposition is kept back until 10 s have passed and three newer ones exist,
 * at most 60 s, and never beyond the end of its lease less a margin; 5 s in
 * all in queues whose producer waits. All instants are of clock_boot_ms(),
 * which counts a suspended machine.
 */
#ifndef WORK_HOLD_H
#define WORK_HOLD_H

#include <stdbool.h>
#include <stdint.h>

enum {
	HOLD_LEAST_MS = 10000,
	HOLD_MOST_MS = 60000,
	HOLD_WAITED_FOR_MS = 5000,     /* a producer waits */
	HOLD_NEWER = 3,
	HOLD_LEASE_MARGIN_MS = 15000   /* left for sending before the lease ends */
};

struct hold {
	int64_t since_ms;        /* when it was recorded */
	int64_t lease_ends_ms;   /* 0: unknown, or needs none (amendment) */
	int newer;               /* acts made after it */
	bool producer_waits;
};

/* When the hold ends as far as is known now; at or before since_ms: it never
 * began. With a third newer act it may come earlier, never later. */
int64_t hold_ends_ms(const struct hold *h);
bool hold_over(const struct hold *h, int64_t now_ms);
/* Seconds left, rounded up; 0 once it is over. */
int64_t hold_left_s(const struct hold *h, int64_t now_ms);

#endif
