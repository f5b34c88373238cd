/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers that rule the waiting line: order, ends of leases, how many.
 */
#ifndef QUEUE_ORDER_H
#define QUEUE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/decision.h"
#include "model/proposal.h"

enum {
	ORDER_AGEING_S = 900,        /* one priority is worth this much waiting */
	ORDER_PREFETCH_MAX = 20,     /* leases of one device, at the desk */
	ORDER_OFFLINE_MAX = 50,      /* … taken away */
	ORDER_OFFLINE_S = 12 * 3600, /* at most so far ahead */
	ORDER_SKIP_S = 3600,         /* a skipped item is offered again after this */
	ORDER_NAMED_S = 24 * 3600    /* kept for the person named this long */
};

/* 0 and up: a producer waits 4, an escalation 2, high_impact 1. */
int order_priority(enum safety_class c, bool waits, enum stage stage);

/* (received − priority × ageing), in microseconds: the last three digits keep
 * those apart that came in the same millisecond. n: number of the proposal.
 * Every item overtakes every later one of a higher priority within
 * 7 × ORDER_AGEING_S, so nothing starves. */
int64_t order_key(int64_t received_ms, int priority, int64_t n);

/* When a lease granted or renewed now ends, ms. offline_until_ms 0: at the
 * desk. Never beyond the proposal's expiry (expires_ms, 0: none). */
int64_t order_lease_end(int64_t now_ms, int64_t lease_s, int64_t offline_until_ms,
                        int64_t expires_ms);

#endif
