/* SPDX-License-Identifier: Apache-2.0
 *
 * A long text laid out in lines of a given width, and the way between its code
 * points (evidence is [start, end) in code points) and the cells of the screen.
 * Texts of 1 MiB and single lines of 141,000 characters are ordinary. Lines are
 * laid out as far as somebody asked and never twice; the same reader as
 * text_safe() makes every character safe. Lines break after spaces and where
 * UAX #14 allows it, inside a word only where it is wider than a line. Tabs go
 * to multiples of 8; a form feed shows its token and ends the line; CR LF is a
 * line end; a lone CR is a token. Spaces that do not fit hang behind the end of
 * the line and are not drawn.
 */
#ifndef BASE_TEXTMAP_H
#define BASE_TEXTMAP_H

#include <stdbool.h>
#include <stddef.h>

struct textmap;

enum { TEXTMAP_ANCHOR = 256 };   /* code points between two anchors */

/* One character of a line as people see it: a base with its marks, a token, a
 * tab, or a space. */
struct textmap_piece {
	unsigned text;      /* offset in textmap_line.text */
	unsigned len;       /* bytes; 0 for what is not drawn */
	unsigned column;    /* first cell, from 0 */
	unsigned cells;     /* width */
	size_t start, end;  /* code points of the source, [start, end) */
	bool token;         /* draw it reversed */
};

struct textmap_line {
	const char *text;   /* safe text, NUL-terminated, no line end */
	size_t len;         /* bytes */
	unsigned cells;     /* width, at most that of the map */
	size_t start, end;  /* code points, [start, end), line end included */
	bool wrapped;       /* goes on in the next line (no line end in the source) */
	const struct textmap_piece *pieces;
	size_t piece_count;
};

/* Copies the text. width: cells, taken as at least 16 (the widest token has 10).
 * flags: 0 or TEXT_ASCII. Free with textmap_free(). */
struct textmap *textmap_new(const char *bytes, size_t len, unsigned width,
                            unsigned flags);
void textmap_free(struct textmap *map);   /* NULL is allowed */

unsigned textmap_width(const struct textmap *map);
/* Code points of the source (an invalid byte counts as one). */
size_t textmap_length(const struct textmap *map);
/* Kinds of hidden text (enum text_kind) in the whole text. */
unsigned textmap_found(struct textmap *map);
/* Number of lines, at least 1; lays out the rest of the text when first asked. */
size_t textmap_line_count(struct textmap *map);
/* Is there a line n? Lays out no further than that line. */
bool textmap_has_line(struct textmap *map, size_t n);
/* Line n, from 0. False where there is none. What line points to belongs to the
 * map and holds until the next textmap_line(), _find() or _at(). */
bool textmap_line(struct textmap *map, size_t n, struct textmap_line *line);
/* Line and column of a code point; what is behind the end gives the end of the
 * text, what is not drawn the cell behind it. */
void textmap_find(struct textmap *map, size_t code_point, size_t *line,
                  unsigned *column);
/* Code point at that cell; behind the end of a line that of its last character,
 * behind the last line the length. */
size_t textmap_at(struct textmap *map, size_t line, unsigned column);
/* The source bytes of code points [start, end), cut to the text; borrowed. */
const char *textmap_bytes(const struct textmap *map, size_t start, size_t end,
                          size_t *len);

#endif
