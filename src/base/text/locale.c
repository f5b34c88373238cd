/* SPDX-License-Identifier: Apache-2.0
 *
 * Terminals without UTF-8: plain ASCII.
 */
#include "base/text.h"

#include <langinfo.h>
#include <string.h>

#include "base/text/class.h"
#include "base/utf8.h"

unsigned text_locale_flags(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? 0 : TEXT_ASCII;
}

struct range {
	uint16_t first, last;
	char ascii;
};

/* One ASCII character for one cell; sorted. Frames: U+2500 to U+257F. */
static const struct range ranges[] = {
	{ 0x00a0, 0x00a0, ' ' }, { 0x00ab, 0x00ab, '"' }, { 0x00b1, 0x00b1, '~' },
	{ 0x00b7, 0x00b7, '.' }, { 0x00bb, 0x00bb, '"' }, { 0x00d7, 0x00d7, 'x' },
	{ 0x2010, 0x2015, '-' }, { 0x2018, 0x201b, '\'' }, { 0x201c, 0x201f, '"' },
	{ 0x2020, 0x2021, '+' }, { 0x2022, 0x2023, '*' }, { 0x2026, 0x2026, '~' },
	{ 0x202f, 0x202f, ' ' }, { 0x2039, 0x203a, '\'' }, { 0x2190, 0x2190, '<' },
	{ 0x2191, 0x2191, '^' }, { 0x2192, 0x2192, '>' }, { 0x2193, 0x2193, 'v' },
	{ 0x21b5, 0x21b5, '<' }, { 0x2212, 0x2212, '-' }, { 0x2248, 0x2248, '~' },
	{ 0x2260, 0x2260, '#' }, { 0x2264, 0x2264, '<' }, { 0x2265, 0x2265, '>' },
	{ 0x2500, 0x2501, '-' }, { 0x2502, 0x2503, '|' }, { 0x2504, 0x2505, '-' },
	{ 0x2506, 0x2507, '|' }, { 0x2508, 0x2509, '-' }, { 0x250a, 0x250b, '|' },
	{ 0x250c, 0x254b, '+' }, { 0x254c, 0x254d, '-' }, { 0x254e, 0x254f, '|' },
	{ 0x2550, 0x2550, '=' }, { 0x2551, 0x2551, '|' }, { 0x2552, 0x2570, '+' },
	{ 0x2571, 0x2571, '/' }, { 0x2572, 0x2572, '\\' }, { 0x2573, 0x2573, 'x' },
	{ 0x2574, 0x257f, '-' }, { 0x2580, 0x259f, '#' }, { 0x25a0, 0x25a0, '#' },
	{ 0x25a1, 0x25a1, '.' }, { 0x25b2, 0x25b2, '^' }, { 0x25b6, 0x25b8, '>' },
	{ 0x25bc, 0x25be, 'v' }, { 0x25c0, 0x25c2, '<' }, { 0x25c6, 0x25c6, '*' },
	{ 0x25cb, 0x25cb, 'o' }, { 0x25cf, 0x25cf, '*' }, { 0x2605, 0x2605, '*' },
	{ 0x2606, 0x2606, '*' }, { 0x2713, 0x2714, '+' }, { 0x2717, 0x2718, 'x' },
	{ 0x27e6, 0x27e6, '[' }, { 0x27e7, 0x27e7, ']' }
};

static char ascii_of(uint32_t cp)
{
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return ranges[i].ascii;
	return '\0';
}

void text_to_locale(const char *s, size_t len, unsigned flags, struct buf *out)
{
	uint32_t cp;
	size_t size;

	if (!(flags & TEXT_ASCII)) {
		buf_add(out, s, len);
		return;
	}
	for (size_t at = 0; at < len; at += size) {
		size = utf8_decode(s + at, len - at, &cp);
		if (!size) {
			buf_addf(out, "[x%02X]", (unsigned)(unsigned char)s[at]);
			size = 1;
		} else if (cp < 0x20 && cp != '\n' && cp != '\t') {
			buf_addf(out, "[x%02X]", (unsigned)cp);
		} else if (cp < 0x7f) {
			buf_addc(out, s[at]);
		} else if (ascii_of(cp)) {
			buf_addc(out, ascii_of(cp));
		} else {
			buf_addf(out, "[U+%04X]", (unsigned)cp);
		}
	}
}
