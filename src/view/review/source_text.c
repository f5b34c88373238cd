/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/source_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/textmap.h"
#include "base/utf8.h"

enum { TAG_CELLS = 3, MARGIN = 9, MARGIN_TURNS = 14 };

struct source_text {
	const struct source *source;
	struct textmap *map;
	unsigned width, margin, flags;
	/* Source line number of each line laid out so far, from 1. */
	size_t *numbers;
	size_t known, cap;
	bool open_line;        /* the last known line goes on in the next */
	size_t total;          /* lines of the source */
};

struct source_text *source_text_new(const struct source *source)
{
	struct source_text *t = mem_zalloc(sizeof *t);

	t->source = source;
	t->margin = source->turn_count ? MARGIN_TURNS : MARGIN;
	for (const char *at = source->text, *end = at + source->text_len; at < end; t->total++) {
		const char *next = memchr(at, '\n', (size_t)(end - at));

		at = next ? next + 1 : end;
	}
	return t;
}

void source_text_free(struct source_text *t)
{
	if (!t)
		return;
	textmap_free(t->map);
	free(t->numbers);
	free(t);
}

const struct source *source_text_source(const struct source_text *t)
{
	return t->source;
}

void source_text_fit(struct source_text *t, unsigned width, unsigned flags)
{
	if (t->map && t->width == width && t->flags == flags)
		return;
	textmap_free(t->map);
	t->width = width;
	t->flags = flags;
	t->known = 0;
	t->open_line = false;
	t->map = textmap_new(t->source->text, t->source->text_len,
	                     width > t->margin ? width - t->margin : 1, flags);
}

size_t source_text_count(struct source_text *t)
{
	return textmap_line_count(t->map);
}

size_t source_text_total(const struct source_text *t)
{
	return t->total;
}

bool source_text_has(struct source_text *t, size_t line)
{
	return textmap_has_line(t->map, line);
}

size_t source_text_line(struct source_text *t, size_t code_point)
{
	size_t line;
	unsigned column;

	textmap_find(t->map, code_point, &line, &column);
	return line;
}

size_t source_text_number(struct source_text *t, size_t line)
{
	struct textmap_line at;

	while (t->known <= line && textmap_line(t->map, t->known, &at)) {
		size_t number = t->known ? t->numbers[t->known - 1] + !t->open_line : 1;

		MEM_GROW(t->numbers, t->known, t->cap);
		t->numbers[t->known++] = number;
		t->open_line = at.wrapped;
	}
	if (!t->known)
		return 1;
	return t->numbers[line < t->known ? line : t->known - 1];
}

static enum style style_at(const struct text_mark *marks, size_t count, size_t start,
                           size_t end)
{
	enum style style = STYLE_PLAIN;

	for (size_t i = 0; i < count; i++)
		if (marks[i].start < end && start < marks[i].end)
			style = marks[i].style;
	return style;
}

static char tag_of(const struct text_mark *marks, size_t count,
                   const struct textmap_line *line)
{
	char tag = 0;

	for (size_t i = 0; i < count; i++)
		if (marks[i].start < line->end && line->start < marks[i].end && marks[i].tag)
			tag = marks[i].tag;
	return tag;
}

static const struct turn *turn_starting(const struct source *s,
                                        const struct textmap_line *line, size_t *index)
{
	for (size_t i = 0; i < s->turn_count; i++) {
		size_t start = (size_t)s->turns[i].start;

		if (start >= line->start && start < line->end) {
			*index = i;
			return &s->turns[i];
		}
	}
	return NULL;
}

static void add_margin(struct source_text *t, size_t n, const struct textmap_line *line,
                       char tag, struct rows *out)
{
	size_t index = 0;
	bool first = n == 0 || source_text_number(t, n) != source_text_number(t, n - 1);

	if (tag == '>')
		rows_add(out, STYLE_STRONG, " ▸");
	else if (tag)
		rows_addf(out, STYLE_STRONG, "[%c]", tag);
	rows_to(out, TAG_CELLS);
	if (t->source->turn_count) {
		const struct turn *turn = turn_starting(t->source, line, &index);

		if (turn) {
			bool deciding = (int64_t)index == t->source->deciding;

			rows_addf(out, deciding ? STYLE_STRONG : STYLE_DIM, "[%zu] ", index + 1);
			rows_add_cut(out, deciding ? STYLE_STRONG : STYLE_DIM, turn->role, 5);
		}
	} else if (first) {
		rows_addf(out, STYLE_DIM, "%4zu", source_text_number(t, n));
	}
	rows_to(out, t->margin);
}

/* Runs of pieces that look the same become one span. */
static void add_pieces(const struct textmap_line *line, const struct text_mark *marks,
                       size_t count, unsigned base, struct rows *out)
{
	for (size_t i = 0; i < line->piece_count;) {
		const struct textmap_piece *p = &line->pieces[i];
		enum style style = p->token ? STYLE_TOKEN
			: style_at(marks, count, p->start, p->end);
		size_t from = p->text, to = p->text + p->len;

		rows_to(out, base + p->column);
		for (i++; i < line->piece_count; i++) {
			const struct textmap_piece *next = &line->pieces[i];
			enum style other = next->token ? STYLE_TOKEN
				: style_at(marks, count, next->start, next->end);

			if (other != style || next->text != to)
				break;
			to += next->len;
		}
		rows_add_safe(out, style, line->text + from, to - from);
	}
}

void source_text_rows(struct source_text *t, const struct text_mark *marks, size_t count,
                      size_t top, size_t room, struct rows *out)
{
	struct textmap_line line;

	for (size_t n = top; n < top + room; n++) {
		source_text_number(t, n);
		if (!textmap_line(t->map, n, &line))
			break;
		rows_new(out);
		add_margin(t, n, &line, tag_of(marks, count, &line), out);
		add_pieces(&line, marks, count, t->margin, out);
	}
}

void source_text_edit(const char *text, size_t caret, unsigned indent, unsigned cells,
                      struct rows *out)
{
	/* One blank behind the text: where the caret stands at its end. */
	char *shown = mem_printf("%s ", text);
	size_t at = utf8_count(text, caret), caret_line;
	unsigned column;
	struct text_mark mark = { .start = at, .end = at + 1, .style = STYLE_CARET };
	struct textmap *map = textmap_new(shown, strlen(shown), cells, out->flags);
	struct textmap_line line;

	textmap_find(map, at, &caret_line, &column);
	for (size_t n = 0; textmap_line(map, n, &line); n++) {
		if (n)
			rows_new(out);
		rows_to(out, indent);
		add_pieces(&line, &mark, 1, indent, out);
		if (n != caret_line)
			continue;
		if (column + 1 > line.cells) {
			rows_to(out, indent + column);
			rows_add(out, STYLE_CARET, " ");
		}
		out->has_cursor = true;
		out->cursor_row = out->count - 1;
		out->cursor_column = indent + column;
	}
	textmap_free(map);
	free(shown);
}
