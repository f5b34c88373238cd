/* SPDX-License-Identifier: Apache-2.0
 *
 * A source's text in a pane: numbered lines, evidence and candidates marked,
 * the turns of a conversation named. Laid out as far as somebody looked.
 */
#ifndef VIEW_REVIEW_SOURCE_TEXT_H
#define VIEW_REVIEW_SOURCE_TEXT_H

#include <stddef.h>

#include "model/proposal.h"
#include "view/rows.h"

/* Code points [start, end) drawn in style; tag stands in the margin of the
 * lines it touches (0: none). Later marks win. */
struct text_mark {
	size_t start, end;
	enum style style;
	char tag;
};

struct source_text;

/* source is borrowed and has a text. */
struct source_text *source_text_new(const struct source *source);
void source_text_free(struct source_text *t);   /* NULL allowed */
const struct source *source_text_source(const struct source_text *t);
/* Lays the text out for a pane of this width, margin included. Call first. */
void source_text_fit(struct source_text *t, unsigned width, unsigned flags);
/* Lines of the pane. */
size_t source_text_count(struct source_text *t);
bool source_text_has(struct source_text *t, size_t line);
/* Lines of the source itself, however they are wrapped. */
size_t source_text_total(const struct source_text *t);
/* The line a code point is on. */
size_t source_text_line(struct source_text *t, size_t code_point);
/* The number, from 1, of the source's line that this line shows. */
size_t source_text_number(struct source_text *t, size_t line);
/* Adds rows [top, top + room) to out; fewer at the end of the text. */
void source_text_rows(struct source_text *t, const struct text_mark *marks, size_t count,
                      size_t top, size_t room, struct rows *out);

/* An editor's text with the caret at byte caret, wrapped at column indent of
 * the last row and those below it. */
void source_text_edit(const char *text, size_t caret, unsigned indent, unsigned cells,
                      struct rows *out);

#endif
