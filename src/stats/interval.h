/* SPDX-License-Identifier: Apache-2.0
 *
 * Intervals for a share of right answers: "usually right (27 of 30)".
 */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

/* Two-sided 95 %: the 0.975 quantile of the normal distribution. */
#define INTERVAL_Z95 1.959963984540054

/* Wilson score interval (E. B. Wilson 1927; R. G. Newcombe 1998, method 3) for
 * k of n, 0 <= k <= n. With n = 0 nothing is known: [0, 1]. */
void interval_wilson(int64_t k, int64_t n, double z, double *low, double *high);

#endif
