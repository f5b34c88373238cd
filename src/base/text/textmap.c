/* SPDX-License-Identifier: Apache-2.0 */
#include "base/textmap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

enum {
	WIDTH_MIN = 16,
	HANG_MAX = 1024   /* spaces that hang behind one line, so lines stay bounded */
};

/* A place in the source: between two code points. */
struct place {
	size_t byte, cp;
};

struct textmap {
	char *bytes;
	size_t len, cps;
	unsigned width, flags;
	unsigned found;
	bool scanned;              /* found is known */
	size_t *anchors;           /* byte offset of code point n * TEXTMAP_ANCHOR */
	struct place *lines;       /* where each line laid out so far begins */
	size_t line_count, line_cap;
	struct place next;         /* where the next line begins */
	bool complete;             /* next is behind the last line */
	/* The line laid out last. */
	struct buf text;
	struct textmap_piece *pieces;
	size_t piece_count, piece_cap;
	unsigned column, hanging;
};

static size_t step(const struct textmap *map, size_t at)
{
	uint32_t cp;
	size_t size = utf8_decode(map->bytes + at, map->len - at, &cp);

	return size ? size : 1;
}

static void set_anchors(struct textmap *map)
{
	map->anchors = mem_resize(NULL, map->len / TEXTMAP_ANCHOR + 1, sizeof *map->anchors);
	for (size_t at = 0; at < map->len; at += step(map, at), map->cps++)
		if (map->cps % TEXTMAP_ANCHOR == 0)
			map->anchors[map->cps / TEXTMAP_ANCHOR] = at;
	if (map->cps % TEXTMAP_ANCHOR == 0)
		map->anchors[map->cps / TEXTMAP_ANCHOR] = map->len;
}

struct textmap *textmap_new(const char *bytes, size_t len, unsigned width, unsigned flags)
{
	struct textmap *map = mem_zalloc(sizeof *map);

	map->bytes = mem_strndup(bytes, len);
	map->len = len;
	map->width = width < WIDTH_MIN ? WIDTH_MIN : width;
	map->flags = TEXT_LINES | (flags & TEXT_ASCII);
	set_anchors(map);
	return map;
}

void textmap_free(struct textmap *map)
{
	if (!map)
		return;
	free(map->bytes);
	free(map->anchors);
	free(map->lines);
	free(map->pieces);
	buf_clear(&map->text);
	free(map);
}

unsigned textmap_width(const struct textmap *map)
{
	return map->width;
}

size_t textmap_length(const struct textmap *map)
{
	return map->cps;
}

unsigned textmap_found(struct textmap *map)
{
	if (!map->scanned)
		map->found = text_found(map->bytes, map->len);
	map->scanned = true;
	return map->found;
}

/* --- one line ---------------------------------------------------------------- */

static void line_begin(struct textmap *map)
{
	buf_reset(&map->text);
	map->piece_count = 0;
	map->column = map->hanging = 0;
}

static void add_piece(struct textmap *map, const struct text_piece *p, struct place at,
                      unsigned cells)
{
	struct textmap_piece *piece;

	MEM_GROW(map->pieces, map->piece_count, map->piece_cap);
	piece = &map->pieces[map->piece_count++];
	piece->text = (unsigned)map->text.len;
	piece->len = 0;
	piece->column = map->column;
	piece->cells = cells;
	piece->start = at.cp;
	piece->end = at.cp + p->source_cps;
	piece->token = p->token;
	map->column += cells;
}

/* A space or tab: drawn as far as there is room, hanging beyond. False where
 * too many hang already. */
static bool add_space(struct textmap *map, const struct text_piece *p, struct place at)
{
	unsigned room = map->width - map->column;
	unsigned cells = p->layout == '\t' ? TEXT_TAB_CELLS - map->column % TEXT_TAB_CELLS : 1;

	if (!room && map->hanging++ >= HANG_MAX)
		return false;
	if (cells > room)
		cells = room;
	add_piece(map, p, at, cells);
	for (unsigned i = 0; i < cells; i++)
		buf_addc(&map->text, ' ');
	map->pieces[map->piece_count - 1].len = cells;
	return true;
}

/* Puts the piece at the end of the line. False where it does not fit. */
static bool add(struct textmap *map, const struct text_piece *p, struct place at)
{
	if (p->layout == '\n')
		return true;
	if (p->layout == '\t' || (p->cp == ' ' && !p->kinds))
		return add_space(map, p, at);
	if (map->piece_count && (p->mark || !p->len)) {
		map->pieces[map->piece_count - 1].end += p->source_cps;
		if (map->hanging)
			return true;
	} else {
		if (map->column + p->cells > map->width)
			return false;
		add_piece(map, p, at, p->cells);
	}
	map->pieces[map->piece_count - 1].len += p->len;
	buf_add(&map->text, p->text, p->len);
	return true;
}

/* How many pieces stay on the line, given that the piece next does not fit: all,
 * or those before the last place where a line may break. */
static size_t find_break(struct textmap *map, const struct text_piece *next)
{
	size_t len = map->text.len, piece = map->piece_count;
	char *breaks;

	if (map->hanging || !piece)
		return piece;
	buf_add(&map->text, next->text, next->len);
	breaks = mem_alloc(map->text.len);
	u8_possible_linebreaks((const uint8_t *)map->text.data, map->text.len, "UTF-8", breaks);
	if (breaks[len] != UC_BREAK_POSSIBLE)
		do
			piece--;
		while (piece && breaks[map->pieces[piece].text] != UC_BREAK_POSSIBLE);
	free(breaks);
	return piece ? piece : map->piece_count;
}

static struct place advance(const struct textmap *map, struct place at, size_t to_cp)
{
	while (at.cp < to_cp) {
		at.byte += step(map, at.byte);
		at.cp++;
	}
	return at;
}

/* Lays out the line that begins at start into pieces and text; ends where the
 * text or the line does, or at code point stop. Returns where the next begins. */
static struct place lay(struct textmap *map, struct place start, size_t stop)
{
	struct text_reader r;
	struct text_piece p;
	struct place at = start;

	line_begin(map);
	text_reader_init(&r, map->bytes, map->len, map->flags);
	r.at = start.byte;
	while (at.cp < stop && text_reader_next(&r, &p)) {
		if (!add(map, &p, at)) {
			size_t stay = find_break(map, &p);

			return stay == map->piece_count
			       ? at : advance(map, start, map->pieces[stay].start);
		}
		at.byte = r.at;
		at.cp += p.source_cps;
		if (p.layout == '\n' || p.layout == '\f')
			break;
	}
	return at;
}

/* --- all lines ---------------------------------------------------------------- */

static void extend(struct textmap *map)
{
	MEM_GROW(map->lines, map->line_count, map->line_cap);
	map->lines[map->line_count++] = map->next;
	map->next = lay(map, map->next, SIZE_MAX);
	map->complete = map->next.byte >= map->len;
}

size_t textmap_line_count(struct textmap *map)
{
	while (!map->complete)
		extend(map);
	return map->line_count;
}

bool textmap_has_line(struct textmap *map, size_t n)
{
	while (!map->complete && map->line_count <= n)
		extend(map);
	return n < map->line_count;
}

bool textmap_line(struct textmap *map, size_t n, struct textmap_line *line)
{
	struct place end;

	if (!textmap_has_line(map, n))
		return false;
	end = n + 1 < map->line_count ? map->lines[n + 1] : map->next;
	lay(map, map->lines[n], end.cp);
	line->text = buf_str(&map->text);
	line->len = map->text.len;
	line->cells = map->column;
	line->start = map->lines[n].cp;
	line->end = end.cp;
	line->wrapped = end.byte < map->len && map->bytes[end.byte - 1] != '\n'
	                && map->bytes[end.byte - 1] != '\f';
	line->pieces = map->pieces;
	line->piece_count = map->piece_count;
	return true;
}

/* The line that holds the code point; lays out no further than that. */
static size_t line_of(struct textmap *map, size_t code_point)
{
	size_t low = 0, high;

	while (!map->complete && map->next.cp <= code_point)
		extend(map);
	high = map->line_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (map->lines[middle].cp <= code_point)
			low = middle;
		else
			high = middle;
	}
	return low;
}

void textmap_find(struct textmap *map, size_t code_point, size_t *line, unsigned *column)
{
	struct textmap_line found;

	*line = line_of(map, code_point);
	textmap_line(map, *line, &found);
	*column = found.cells;
	for (size_t i = 0; i < found.piece_count; i++)
		if (found.pieces[i].end > code_point) {
			*column = found.pieces[i].column;
			break;
		}
}

size_t textmap_at(struct textmap *map, size_t n, unsigned column)
{
	struct textmap_line line;
	size_t i = 0;

	if (!textmap_line(map, n, &line))
		return map->cps;
	if (!line.piece_count)
		return line.start;
	while (i + 1 < line.piece_count && line.pieces[i].column + line.pieces[i].cells <= column)
		i++;
	return line.pieces[i].start;
}

static size_t byte_of(const struct textmap *map, size_t code_point)
{
	struct place at;

	if (code_point >= map->cps)
		return map->len;
	at.cp = code_point / TEXTMAP_ANCHOR * TEXTMAP_ANCHOR;
	at.byte = map->anchors[code_point / TEXTMAP_ANCHOR];
	return advance(map, at, code_point).byte;
}

const char *textmap_bytes(const struct textmap *map, size_t start, size_t end, size_t *len)
{
	size_t from = byte_of(map, start), to = byte_of(map, end);

	*len = to > from ? to - from : 0;
	return map->bytes + from;
}
