/* SPDX-License-Identifier: Apache-2.0 */
#include "work/hold.h"

int64_t hold_ends_ms(const struct hold *h)
{
	int64_t ends = h->since_ms;

	if (h->producer_waits)
		ends += HOLD_WAITED_FOR_MS;
	else
		ends += h->newer >= HOLD_NEWER ? HOLD_LEAST_MS : HOLD_MOST_MS;
	if (h->lease_ends_ms && ends > h->lease_ends_ms - HOLD_LEASE_MARGIN_MS)
		ends = h->lease_ends_ms - HOLD_LEASE_MARGIN_MS;
	return ends > h->since_ms ? ends : h->since_ms;
}

bool hold_over(const struct hold *h, int64_t now_ms)
{
	return now_ms >= hold_ends_ms(h);
}

int64_t hold_left_s(const struct hold *h, int64_t now_ms)
{
	int64_t left = hold_ends_ms(h) - now_ms;

	return left > 0 ? (left + 999) / 1000 : 0;
}
