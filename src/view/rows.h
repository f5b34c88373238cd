/* SPDX-License-Identifier: Apache-2.0
 *
 * What a screen shows, cell by cell but without a terminal: rows of styled
 * spans. Every layout of this room ends here; room ui only copies rows to the
 * terminal, and tests read them back. All widths and columns are terminal
 * cells from 0.
 *
 * rows_add() and its kin make every text safe (base/text.h) on one line, so
 * that nothing from outside can reach a terminal by another way. Text that a
 * text map has already made safe goes through rows_add_safe().
 */
#ifndef VIEW_ROWS_H
#define VIEW_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Meaning, not looks: ui/style.c gives each its attributes; none is told apart
 * by colour alone. */
enum style {
	STYLE_PLAIN,
	STYLE_DIM,        /* not asked, next item, hints */
	STYLE_STRONG,     /* what is decided about */
	STYLE_TITLE,      /* names of panes and screens */
	STYLE_HEADER,     /* the first row */
	STYLE_TEST,       /* the mark of a test or practice deployment */
	STYLE_RULE,       /* frames and rules */
	STYLE_ASKED,      /* a person is asked about this */
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_WARN,
	STYLE_MARK,       /* evidence, marked in its text */
	STYLE_CANDIDATE,  /* a numbered candidate in a text */
	STYLE_TOKEN,      /* a character made visible */
	STYLE_KEY,        /* a key in the key line */
	STYLE_OFF,        /* a key that does nothing now */
	STYLE_CARET,      /* the character under the caret of an editor */
	STYLE_SELECTED,   /* the line that keys act on */
	STYLE_COUNT
};

struct span {
	uint32_t at, len;     /* bytes in rows.text */
	uint16_t column;      /* first cell */
	uint16_t cells;
	uint8_t style;        /* enum style */
};

struct row {
	uint32_t first, count;   /* spans */
	uint16_t cells;          /* width so far */
	bool selected;           /* drawn in STYLE_SELECTED to its whole width */
};

struct rows {
	unsigned width;          /* cells a row may take */
	unsigned flags;          /* enum text_flags of the terminal: 0 or TEXT_ASCII */
	struct buf text;
	struct span *spans;
	size_t span_count, span_cap;
	struct row *rows;
	size_t count, cap;
	struct buf scratch;      /* of the calls below */
	bool has_cursor;         /* the terminal's cursor stands in these rows */
	size_t cursor_row;
	unsigned cursor_column;
};

/* flags: text_locale_flags(). */
void rows_init(struct rows *r, unsigned width, unsigned flags);
void rows_clear(struct rows *r);    /* frees */
void rows_reset(struct rows *r, unsigned width);  /* empties, keeps memory */

/* Begins a row; everything below adds to the last one. Returns its index. */
size_t rows_new(struct rows *r);
void rows_select(struct rows *r);
/* Adds text (made safe, one line), cut with "…" at the width of the rows. */
void rows_add(struct rows *r, enum style style, const char *text);
void rows_add_n(struct rows *r, enum style style, const char *text, size_t len);
void rows_addf(struct rows *r, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* At most cells wide, cut with "…". */
void rows_add_cut(struct rows *r, enum style style, const char *text, unsigned cells);
/* Text that base/text.h or base/textmap.h made safe. */
void rows_add_safe(struct rows *r, enum style style, const char *text, size_t len);
/* Spaces up to this column; nothing where the row is there already. */
void rows_to(struct rows *r, unsigned column);
/* Adds text so that it ends at the width; one space is kept before it, and the
 * row is not touched (false) where it does not fit. */
bool rows_right(struct rows *r, enum style style, const char *text);
/* Puts the terminal's cursor at the end of the last row so far (an editor's
 * caret: input methods and screen readers follow it). */
void rows_cursor(struct rows *r);
/* A rule across the width with a title in it, "── title ─────"; NULL: plain. */
void rows_rule(struct rows *r, const char *title);
/* Room left in the last row. */
unsigned rows_left(const struct rows *r);
/* Wraps text at words into rows of their own, each begun at column indent and
 * at most cells wide (0: to the width); at most most rows (0: all), the last
 * one cut with "…". The first part goes on in the row that stands if it is
 * there (count > 0 and joined). Returns the rows used. */
size_t rows_wrap(struct rows *r, enum style style, const char *text, unsigned indent,
                 unsigned cells, size_t most, bool joined);
/* How many rows rows_wrap() would use. */
size_t rows_wrap_count(const struct rows *r, const char *text, unsigned cells);

/* Appends a copy of row n of from at the end of the last row of r, at column
 * and at most cells wide. */
void rows_copy(struct rows *r, const struct rows *from, size_t n, unsigned column,
               unsigned cells);
/* Appends rows [first, first + count) of from, with empty rows behind the end. */
void rows_append(struct rows *r, const struct rows *from, size_t first, size_t count);
/* Cuts or fills with empty rows to exactly count. */
void rows_fill(struct rows *r, size_t count);
/* Same cells, same styles? */
bool rows_same(const struct rows *a, size_t i, const struct rows *b, size_t j);
/* The row as text without styles and without spaces at its end; the caller's. */
char *rows_text(const struct rows *r, size_t n);

#endif
