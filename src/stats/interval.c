/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/interval.h"

#include <math.h>

void interval_wilson(int64_t k, int64_t n, double z, double *low, double *high)
{
	double p, count, middle, half, scale;

	*low = 0;
	*high = 1;
	if (n <= 0 || k < 0 || k > n)
		return;
	count = (double)n;
	p = (double)k / count;
	scale = 1 + z * z / count;
	middle = (p + z * z / (2 * count)) / scale;
	half = z * sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / scale;
	/* At the ends the bound is exact; rounding must not move it. */
	if (k > 0 && middle - half > 0)
		*low = middle - half;
	if (k < n && middle + half < 1)
		*high = middle + half;
}
