/* SPDX-License-Identifier: Apache-2.0 */
#include "view/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/textmap.h"

enum { BYTES_A_CELL = 64 };

static const char token_open[] = "\xe2\x9f\xa6", token_close[] = "\xe2\x9f\xa7";

void rows_init(struct rows *r, unsigned width, unsigned flags)
{
	memset(r, 0, sizeof *r);
	r->width = width;
	r->flags = flags;
}

void rows_clear(struct rows *r)
{
	buf_clear(&r->text);
	buf_clear(&r->scratch);
	free(r->spans);
	free(r->rows);
	rows_init(r, r->width, r->flags);
}

void rows_reset(struct rows *r, unsigned width)
{
	buf_reset(&r->text);
	r->span_count = r->count = 0;
	r->width = width;
	r->has_cursor = false;
}

size_t rows_new(struct rows *r)
{
	MEM_GROW(r->rows, r->count, r->cap);
	r->rows[r->count] = (struct row){ .first = (uint32_t)r->span_count };
	return r->count++;
}

static struct row *last(struct rows *r)
{
	if (!r->count)
		rows_new(r);
	return &r->rows[r->count - 1];
}

void rows_select(struct rows *r)
{
	last(r)->selected = true;
}

unsigned rows_left(const struct rows *r)
{
	unsigned used = r->count ? r->rows[r->count - 1].cells : 0;

	return used < r->width ? r->width - used : 0;
}

static void add_span(struct rows *r, enum style style, const char *text, size_t len,
                     unsigned cells)
{
	struct row *row = last(r);
	struct span *span;

	if (!len)
		return;
	MEM_GROW(r->spans, r->span_count, r->span_cap);
	span = &r->spans[r->span_count++];
	*span = (struct span){ .at = (uint32_t)r->text.len, .len = (uint32_t)len,
		.column = row->cells, .cells = (uint16_t)cells, .style = (uint8_t)style };
	buf_add(&r->text, text, len);
	row->count++;
	row->cells = (uint16_t)(row->cells + cells);
}

static bool plain_ascii(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] > 0x7e)
			return false;
	return true;
}

/* Tokens stand in a style of their own, so that no text can look like one. */
static void add_parts(struct rows *r, enum style style, const char *s, size_t len)
{
	while (len) {
		const char *open = memmem(s, len, token_open, 3), *close = NULL;
		size_t part = open ? (size_t)(open - s) : len;

		if (part)
			add_span(r, style, s, part, (unsigned)text_width(s, part));
		s += part;
		len -= part;
		if (!open)
			break;
		close = memmem(s, len, token_close, 3);
		part = close ? (size_t)(close - s) + 3 : len;
		add_span(r, STYLE_TOKEN, s, part, (unsigned)text_width(s, part));
		s += part;
		len -= part;
	}
}

void rows_add_safe(struct rows *r, enum style style, const char *text, size_t len)
{
	unsigned left = rows_left(r);
	struct buf fitted = BUF_INIT, local = BUF_INIT;

	if (!len || !left)
		return;
	if (plain_ascii(text, len) && len <= left) {
		add_span(r, style, text, len, (unsigned)len);
		return;
	}
	if (r->flags & TEXT_ASCII) {
		text_to_locale(text, len, r->flags, &local);
		text = buf_str(&local);
		len = local.len;
	}
	text_fit(text, len, left, r->flags, &fitted);
	add_parts(r, style, buf_str(&fitted), fitted.len);
	buf_clear(&fitted);
	buf_clear(&local);
}

/* Makes text safe and fit for the terminal; borrowed until the next call. */
static const char *make_safe(struct rows *r, const char *text, size_t len, size_t *safe_len)
{
	if (plain_ascii(text, len)) {
		*safe_len = len;
		return text;
	}
	buf_reset(&r->scratch);
	text_safe(text, len, TEXT_SPACES, &r->scratch, NULL);
	if (r->flags & TEXT_ASCII) {
		char *safe = buf_take(&r->scratch);

		text_to_locale(safe, strlen(safe), r->flags, &r->scratch);
		free(safe);
	}
	*safe_len = r->scratch.len;
	return buf_str(&r->scratch);
}

void rows_add_n(struct rows *r, enum style style, const char *text, size_t len)
{
	size_t safe_len;
	const char *safe = make_safe(r, text, len, &safe_len);

	rows_add_safe(r, style, safe, safe_len);
}

void rows_add(struct rows *r, enum style style, const char *text)
{
	if (text)
		rows_add_n(r, style, text, strlen(text));
}

void rows_addf(struct rows *r, enum style style, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) >= 0)
		rows_add(r, style, text);
	va_end(ap);
	free(text);
}

void rows_add_cut(struct rows *r, enum style style, const char *text, unsigned cells)
{
	unsigned width = r->width, used = r->width - rows_left(r);

	if (used + cells < width)
		r->width = used + cells;
	rows_add(r, style, text);
	r->width = width;
}

void rows_to(struct rows *r, unsigned column)
{
	static const char blanks[] = "                                ";
	unsigned used = last(r)->cells;

	if (column > r->width)
		column = r->width;
	while (used < column) {
		unsigned part = column - used;

		if (part > sizeof blanks - 1)
			part = sizeof blanks - 1;
		add_span(r, STYLE_PLAIN, blanks, part, part);
		used += part;
	}
}

bool rows_right(struct rows *r, enum style style, const char *text)
{
	size_t len;
	char *safe = mem_strdup(make_safe(r, text, strlen(text), &len));
	size_t cells = text_width(safe, len);
	bool fits = cells + 1 <= rows_left(r);

	if (fits) {
		rows_to(r, r->width - (unsigned)cells);
		rows_add_safe(r, style, safe, len);
	}
	free(safe);
	return fits;
}

void rows_cursor(struct rows *r)
{
	r->cursor_column = last(r)->cells;
	r->cursor_row = r->count - 1;
	r->has_cursor = true;
}

static void add_rule(struct rows *r, unsigned cells)
{
	static const char line[] = "────────────────────────────────";
	const unsigned most = (unsigned)(sizeof line / strlen("─"));

	while (cells) {
		unsigned part = cells < most ? cells : most;

		rows_add_n(r, STYLE_RULE, line, part * strlen("─"));
		cells -= part;
	}
}

void rows_rule(struct rows *r, const char *title)
{
	rows_new(r);
	if (title && *title) {
		add_rule(r, 2);
		rows_add(r, STYLE_RULE, " ");
		rows_add_cut(r, STYLE_TITLE, title, rows_left(r) > 4 ? rows_left(r) - 2 : 0);
		rows_add(r, STYLE_RULE, " ");
	}
	add_rule(r, rows_left(r));
}

/* A line that is not the last of its text: ends in "…" inside its cells. */
static void add_open_end(struct rows *r, enum style style,
                         const struct textmap_line *line, unsigned cells)
{
	unsigned width = r->width, used = r->width - rows_left(r);
	struct buf open = BUF_INIT;

	buf_add(&open, line->text, line->len);
	if (line->cells < cells) {
		text_to_locale("…", strlen("…"), r->flags, &open);
	} else {
		buf_addc(&open, ' ');   /* too long by one: text_fit() cuts and says it */
		r->width = used + cells;
	}
	rows_add_safe(r, style, buf_str(&open), open.len);
	r->width = width;
	buf_clear(&open);
}

/* As much of a text as most rows can show: a cell holds a base and four marks,
 * and an emoji's joiners and selectors leave no trace. */
static size_t enough(const char *text, size_t cells, size_t most)
{
	size_t len = strlen(text), limit = (most + 1) * cells * BYTES_A_CELL;

	if (!most || len <= limit)
		return len;
	while (limit && ((unsigned char)text[limit] & 0xc0) == 0x80)
		limit--;
	return limit;
}

/* Without UTF-8 our own punctuation has an ASCII form; a text map alone would
 * make tokens of it. */
static struct textmap *wrap_map(const struct rows *r, const char *text, size_t len,
                                unsigned cells)
{
	struct buf safe = BUF_INIT, local = BUF_INIT;
	struct textmap *map;

	if (!(r->flags & TEXT_ASCII))
		return textmap_new(text, len, cells, 0);
	text_safe(text, len, TEXT_LINES, &safe, NULL);
	text_to_locale(buf_str(&safe), safe.len, r->flags, &local);
	map = textmap_new(buf_str(&local), local.len, cells, r->flags);
	buf_clear(&safe);
	buf_clear(&local);
	return map;
}

size_t rows_wrap(struct rows *r, enum style style, const char *text, unsigned indent,
                 unsigned cells, size_t most, bool joined)
{
	unsigned room = r->width > indent ? r->width - indent : 1;
	struct textmap *map;
	struct textmap_line line;
	size_t used = 0;

	if (!cells || cells > room)
		cells = room;
	map = wrap_map(r, text, enough(text, cells, most), cells);
	for (; (!most || used < most) && textmap_line(map, used, &line); used++) {
		bool cut = most && used + 1 == most && textmap_has_line(map, used + 1);

		if (used || !joined || !r->count)
			rows_new(r);
		rows_to(r, indent);
		if (cut) {
			textmap_line(map, used, &line);
			add_open_end(r, style, &line, cells);
		} else {
			rows_add_safe(r, style, line.text, line.len);
		}
	}
	textmap_free(map);
	return used;
}

size_t rows_wrap_count(const struct rows *r, const char *text, unsigned cells)
{
	struct textmap *map = wrap_map(r, text, strlen(text), cells ? cells : 1);
	size_t count = textmap_line_count(map);

	textmap_free(map);
	return count;
}

void rows_copy(struct rows *r, const struct rows *from, size_t n, unsigned column,
               unsigned cells)
{
	unsigned width = r->width;

	rows_to(r, column);
	if (n >= from->count)
		return;
	if (column + cells < width)
		r->width = column + cells;
	for (uint32_t i = 0; i < from->rows[n].count; i++) {
		const struct span *span = &from->spans[from->rows[n].first + i];
		const char *text = buf_str(&from->text) + span->at;

		if (span->cells <= rows_left(r))
			add_span(r, span->style, text, span->len, span->cells);
		else
			rows_add_safe(r, span->style, text, span->len);
	}
	if (from->rows[n].selected)
		last(r)->selected = true;
	if (from->has_cursor && from->cursor_row == n) {
		r->has_cursor = true;
		r->cursor_row = r->count - 1;
		r->cursor_column = column + from->cursor_column;
		if (cells && r->cursor_column >= column + cells)
			r->cursor_column = column + cells - 1;
	}
	r->width = width;
}

void rows_append(struct rows *r, const struct rows *from, size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		rows_new(r);
		if (first + i < from->count)
			rows_copy(r, from, first + i, 0, r->width);
	}
}

void rows_fill(struct rows *r, size_t count)
{
	while (r->count < count)
		rows_new(r);
	if (r->count > count) {
		r->count = count;
		r->span_count = count ? r->rows[count - 1].first + r->rows[count - 1].count : 0;
	}
}

bool rows_same(const struct rows *a, size_t i, const struct rows *b, size_t j)
{
	const struct row *x = &a->rows[i], *y = &b->rows[j];

	if (x->count != y->count || x->cells != y->cells || x->selected != y->selected)
		return false;
	for (uint32_t k = 0; k < x->count; k++) {
		const struct span *s = &a->spans[x->first + k], *t = &b->spans[y->first + k];

		if (s->len != t->len || s->column != t->column || s->style != t->style
		    || memcmp(a->text.data + s->at, b->text.data + t->at, s->len) != 0)
			return false;
	}
	return true;
}

char *rows_text(const struct rows *r, size_t n)
{
	struct buf out = BUF_INIT;

	for (uint32_t i = 0; i < r->rows[n].count; i++) {
		const struct span *span = &r->spans[r->rows[n].first + i];

		buf_add(&out, r->text.data + span->at, span->len);
	}
	while (out.len && out.data[out.len - 1] == ' ')
		out.data[--out.len] = '\0';
	return buf_take(&out);
}
