/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/order.h"

int order_priority(enum safety_class c, bool waits, enum stage stage)
{
	return (waits ? 4 : 0) + (stage == STAGE_ESCALATION ? 2 : 0)
	       + (c == CLASS_HIGH_IMPACT ? 1 : 0);
}

int64_t order_key(int64_t received_ms, int priority, int64_t n)
{
	return (received_ms - (int64_t)priority * ORDER_AGEING_S * 1000) * 1000 + n % 1000;
}

int64_t order_lease_end(int64_t now_ms, int64_t lease_s, int64_t offline_until_ms,
                        int64_t expires_ms)
{
	int64_t end = now_ms + lease_s * 1000;
	int64_t most = now_ms + (int64_t)ORDER_OFFLINE_S * 1000;

	if (offline_until_ms > most)
		offline_until_ms = most;
	if (offline_until_ms > end)
		end = offline_until_ms;
	return expires_ms > 0 && expires_ms < end ? expires_ms : end;
}
