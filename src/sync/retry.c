/* SPDX-License-Identifier: Apache-2.0 */
#include "sync/retry.h"

/* A uniform draw of 0 … bound. */
static int64_t draw(int64_t bound, uint32_t random)
{
	return (int64_t)(((uint64_t)random * (uint64_t)(bound + 1)) >> 32);
}

int64_t retry_delay_ms(int failures, int64_t server_ms, uint32_t random)
{
	int64_t bound = RETRY_FIRST_MS, delay;

	for (int i = 1; i < failures && bound < RETRY_MOST_MS; i++)
		bound *= 2;
	if (bound > RETRY_MOST_MS)
		bound = RETRY_MOST_MS;
	delay = draw(bound, random);
	if (server_ms >= 0 && delay < server_ms)
		delay = server_ms + draw(RETRY_FIRST_MS, random);
	return delay > 0 ? delay : 1;
}
