/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/draw.h"

#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/msg.h"

/* A rate as units / 10^DRAW_RATE_DIGITS. */
#define SCALE UINT64_C(1000000000000000000)

static bool read_rate(const char *text, uint64_t *units)
{
	uint64_t unit = SCALE;
	const char *p = text;

	if (*p != '0' && *p != '1')
		return false;
	*units = *p++ == '1' ? SCALE : 0;
	if (!*p)
		return true;
	if (*p++ != '.' || !*p)
		return false;
	for (; *p; p++) {
		if (*p < '0' || *p > '9' || unit == 1)
			return false;
		unit /= 10;
		*units += unit * (uint64_t)(*p - '0');
	}
	return *units <= SCALE;
}

bool draw_rate_valid(const char *rate)
{
	uint64_t units;

	return rate && read_rate(rate, &units);
}

int draw_rate_compare(const char *a, const char *b)
{
	uint64_t x = 0, y = 0;

	read_rate(a, &x);
	read_rate(b, &y);
	return (x > y) - (x < y);
}

int draw(const void *key, size_t key_len, const char *id, const char *rate, struct err *err)
{
	unsigned char mac[HASH_SIZE];
	uint64_t units, first = 0;

	if (!rate || !read_rate(rate, &units))
		return err_set(err, ERR_INVALID, N_("“%s” is no sampling rate from 0 to 1"),
		               rate ? rate : "");
	hash_hmac(key, key_len, id, strlen(id), mac);
	for (int i = 0; i < 8; i++)
		first = first << 8 | mac[i];
	/* first / 2^64 < units / SCALE, without a division: both sides fit in 128 bits. */
	return (unsigned __int128)first * SCALE < (unsigned __int128)units << 64;
}
