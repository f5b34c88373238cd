/* SPDX-License-Identifier: Apache-2.0
 *
 * Alone in its object file: test programs link one of their own instead.
 */
#include <time.h>

#include "base/clock.h"

int64_t clock_source_ms(int clock_id)
{
	struct timespec ts;

	clock_gettime((clockid_t)clock_id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
