/* SPDX-License-Identifier: Apache-2.0
 *
 * Widths of safe text, and the cutting and padding of it.
 */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unigbrk.h>

#include "base/mem.h"
#include "base/text/class.h"
#include "base/utf8.h"

enum { CLUSTER_MAX = 32 };   /* bytes */

int text_cp_cells(uint32_t cp)
{
	int width;

	if (cp > 0x10ffff || text_class(cp, &width) > TEXT_CLASS_BRACKET)
		return -1;
	return width;
}

/* One code point, or one byte where it is none; *cells gets its width. */
static size_t step(const char *s, size_t len, size_t *cells)
{
	uint32_t cp;
	size_t size = utf8_decode(s, len, &cp);
	int width = size ? text_cp_cells(cp) : -1;

	*cells = width < 0 ? 1 : (size_t)width;
	return size ? size : 1;
}

size_t text_width(const char *s, size_t len)
{
	size_t width = 0, cells;

	for (size_t at = 0; at < len; width += cells) {
		cells = 1;
		at += (unsigned char)s[at] < 0x80 ? 1 : step(s + at, len - at, &cells);
	}
	return width;
}

/* Moves cut back to where a character as people see it begins. Text that is
 * not valid is left as it is: the library asks for valid UTF-8. So is a cluster
 * without end: nobody may make a line vanish by starting it with one. */
static size_t grapheme_start(const char *s, size_t len, size_t cut)
{
	size_t end = cut, unused, start = cut;
	char *breaks;

	for (int i = 0; i < 2 && end < len; i++)
		end += step(s + end, len - end, &unused);
	if (cut == 0 || cut >= len || utf8_check(s, end) != end)
		return cut;
	breaks = mem_alloc(end);
	u8_grapheme_breaks((const uint8_t *)s, end, breaks);
	while (start && !breaks[start])
		start--;
	free(breaks);
	return cut - start <= CLUSTER_MAX ? start : cut;
}

size_t text_clip(const char *s, size_t len, size_t cells, size_t *used)
{
	size_t at = 0, width = 0, more, size;
	bool plain = true;

	while (at < len) {
		size = step(s + at, len - at, &more);
		if (width + more > cells)
			break;
		plain = plain && (unsigned char)s[at] < 0x80;
		width += more;
		at += size;
	}
	if (at < len && !(plain && (unsigned char)s[at] < 0x80)) {
		at = grapheme_start(s, len, at);
		width = text_width(s, at);
	}
	if (used)
		*used = width;
	return at;
}

size_t text_fit(const char *s, size_t len, size_t cells, unsigned flags, struct buf *out)
{
	size_t used, fits = text_clip(s, len, cells, &used);

	if (fits == len) {
		buf_add(out, s, len);
		return used;
	}
	if (!cells)
		return 0;
	fits = text_clip(s, len, cells - 1, &used);
	buf_add(out, s, fits);
	buf_adds(out, flags & TEXT_ASCII ? "~" : "…");
	return used + 1;
}

static void spaces(struct buf *out, size_t count)
{
	while (count--)
		buf_addc(out, ' ');
}

void text_pad(const char *s, size_t len, size_t cells, bool right, unsigned flags,
              struct buf *out)
{
	struct buf fitted = BUF_INIT;
	size_t used = text_fit(s, len, cells, flags, &fitted);

	if (right)
		spaces(out, cells - used);
	buf_add(out, fitted.data, fitted.len);
	if (!right)
		spaces(out, cells - used);
	buf_clear(&fitted);
}
