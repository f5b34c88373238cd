/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/prescan/key.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

unsigned prescan_hex4(const unsigned char *p)
{
	unsigned n = 0;

	for (int i = 0; i < 4; i++) {
		unsigned c = p[i];

		n = n << 4 | (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	return n;
}

size_t prescan_unescape(const unsigned char **p, char out[4])
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *simple;
	uint32_t cp;

	if (**p != '\\') {
		out[0] = (char)*(*p)++;
		return 1;
	}
	if ((*p)[1] != 'u') {
		simple = strchr(from, (*p)[1]);
		out[0] = simple ? to[simple - from] : (char)(*p)[1];
		*p += 2;
		return 1;
	}
	cp = prescan_hex4(*p + 2);
	*p += 6;
	if (cp >= 0xd800 && cp <= 0xdbff) {
		cp = 0x10000 + ((cp - 0xd800) << 10) + (prescan_hex4(*p + 2) - 0xdc00);
		*p += 6;
	}
	return utf8_encode(cp, out);
}

uint32_t prescan_key_hash(const unsigned char *at, size_t len)
{
	const unsigned char *p = at, *end = at + len;
	uint32_t h = 2166136261u;
	char piece[4];

	while (p < end) {
		size_t n = prescan_unescape(&p, piece);

		for (size_t i = 0; i < n; i++)
			h = (h ^ (unsigned char)piece[i]) * 16777619u;
	}
	return h;
}

int prescan_key_compare(const struct prescan_key *a, const struct prescan_key *b)
{
	const unsigned char *p = a->at, *q = b->at;
	const unsigned char *p_end = p + a->len, *q_end = q + b->len;
	char x[4], y[4];
	size_t xn = 0, yn = 0, xi = 0, yi = 0;

	for (;;) {
		if (xi == xn) {
			xi = 0;
			xn = p < p_end ? prescan_unescape(&p, x) : 0;
		}
		if (yi == yn) {
			yi = 0;
			yn = q < q_end ? prescan_unescape(&q, y) : 0;
		}
		if (!xn || !yn)
			return (xn > 0) - (yn > 0);
		if (x[xi] != y[yi])
			return x[xi] < y[yi] ? -1 : 1;
		xi++;
		yi++;
	}
}

static int by_hash(const void *x, const void *y)
{
	const struct prescan_key *a = x, *b = y;
	int order;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	order = prescan_key_compare(a, b);
	return order ? order : (a->at > b->at) - (a->at < b->at);
}

const struct prescan_key *prescan_key_duplicate(struct prescan_key *keys, size_t count)
{
	const struct prescan_key *first = NULL;

	qsort(keys, count, sizeof *keys, by_hash);
	for (size_t i = 1; i < count; i++)
		if (keys[i].hash == keys[i - 1].hash
		    && prescan_key_compare(&keys[i], &keys[i - 1]) == 0
		    && (!first || keys[i].at < first->at))
			first = &keys[i];
	return first;
}
