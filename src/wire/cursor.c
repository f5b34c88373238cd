/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/cursor.h"

#include <stdio.h>

#include "wire/read/decimal.h"

static const int64_t epoch_max = INT32_MAX;
static const int64_t index_max = ((int64_t)1 << 53) - 1;

const char *cursor_text(int64_t epoch, int64_t index, char out[CURSOR_TEXT_SIZE])
{
	snprintf(out, CURSOR_TEXT_SIZE, "%lld:%lld", (long long)epoch, (long long)index);
	return out;
}

bool cursor_parse(const char *text, int64_t *epoch, int64_t *index)
{
	return decimal_take(&text, epoch_max, epoch) && *epoch >= 1 && *text++ == ':'
		&& decimal_take(&text, index_max, index) && !*text;
}
