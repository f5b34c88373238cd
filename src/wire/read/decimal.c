/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/read/decimal.h"

bool decimal_take(const char **text, int64_t max, int64_t *out)
{
	const char *p = *text;
	int64_t n = 0;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		int digit = *p - '0';

		if (n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*text = p;
	*out = n;
	return true;
}
