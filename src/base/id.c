/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

int id_init(void)
{
	return sodium_init() < 0 ? ERR_INTERNAL : 0;
}

void id_random(void *out, size_t size)
{
	randombytes_buf(out, size);
}

const char *id_make(int64_t at_ms, const unsigned char random[10], char out[ID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char b[16];
	char *p = out;

	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(at_ms >> (40 - 8 * i));
	memcpy(b + 6, random, 10);
	b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[b[i] >> 4];
		*p++ = hex[b[i] & 15];
	}
	*p = '\0';
	return out;
}

const char *id_new(char out[ID_SIZE])
{
	unsigned char random[10];

	id_random(random, sizeof random);
	return id_make(clock_now_ms(), random, out);
}

bool id_valid(const char *text)
{
	if (strlen(text) != ID_SIZE - 1)
		return false;
	for (int i = 0; i < ID_SIZE - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !strchr("0123456789abcdef", text[i]))
			return false;
	}
	return text[14] == '7' && strchr("89ab", text[19]);
}
