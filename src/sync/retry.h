/* SPDX-License-Identifier: Apache-2.0
 *
 * How long to wait before a failed exchange is tried again: full jitter (a
 * uniform draw between 0 and a bound that doubles), so that many desks do not
 * come back at the same moment.
 */
#ifndef SYNC_RETRY_H
#define SYNC_RETRY_H

#include <stdint.h>

enum {
	RETRY_SHORT_MS = 1000,           /* of one lane alone */
	RETRY_FIRST_MS = 1000,           /* bound after the first failure */
	RETRY_MOST_MS = 5 * 60 * 1000    /* bound after many */
};

/* failures: in a row, from 1. server_ms: what the server asked for
 * (Retry-After), or -1; it is a lower limit, and up to a second is added to
 * it. random: 32 uniform bits. Milliseconds, at least 1. */
int64_t retry_delay_ms(int failures, int64_t server_ms, uint32_t random);

#endif
