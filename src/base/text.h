/* SPDX-License-Identifier: Apache-2.0
 *
 * Text from outside, made safe. Every byte that came over the wire, from a
 * file, an argument or a peer passes through text_safe() (or textmap.h, which
 * uses the same reader) before any sink: terminal, stderr, log, pager, editor,
 * export. What comes out is valid UTF-8 made only of printable characters whose
 * width is known, and of tokens in the brackets U+27E6 and U+27E7:
 *
 *   ⟦ESC⟧ ⟦CSI⟧ …          C0, DEL and C1 controls, by their names
 *   ⟦RLO⟧ ⟦LRM⟧ …          Bidi_Control
 *   ⟦ZWSP⟧ ⟦SHY⟧ ⟦VS16⟧ …  other Default_Ignorable_Code_Points
 *   ⟦U+E0041⟧              tags, private use, unassigned, noncharacters,
 *                          format characters without width, and the two
 *                          brackets themselves, so no text can forge a token
 *   ⟦U+0301⟧               a combining character without a base, or beyond the
 *                          fourth on its base (a terminal cell takes 1 + 4)
 *   ⟦xC0⟧                  a byte that is not UTF-8 (RFC 3629)
 *
 * Nothing is dropped and nothing is passed, with two exceptions that keep
 * ordinary emoji readable: U+FE0E and U+FE0F directly after an emoji, and
 * U+200D between two emoji, leave no trace (the parts stand side by side,
 * because terminals disagree about the width of the whole). A skin tone stands
 * behind its emoji in brackets, and the subdivision flags of Unicode (England,
 * Scotland, Wales and their like) as flag and token ⟦gbeng⟧.
 *
 * Properties come from libunistring, widths from wcwidth() of a UTF-8 locale,
 * which is what ncurses places; neither depends on the locale of the process.
 * All functions take time linear in the length of the text and may be called
 * from any thread.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Version of the rules of this file; recorded with every decision. */
enum { TEXT_RENDERER = 1 };

enum { TEXT_TAB_CELLS = 8 };

/* How a sink wants its text. Without flags: one line; line ends, tabs and form
 * feeds become tokens too. */
enum text_flags {
	TEXT_LINES = 1 << 0,    /* keep U+000A; CR LF becomes U+000A; and keep tabs */
	TEXT_SPACES = 1 << 1,   /* each line end or tab becomes one space (list rows) */
	TEXT_ASCII = 1 << 2     /* terminal without UTF-8: everything above U+007E
	                           becomes a token, in square brackets */
};

/* What a text hides, as bits. Line ends, tabs and form feeds are not flagged,
 * nor are joiners where an orthography needs them (RFC 5892 A.1, A.2). */
enum text_kind {
	TEXT_CONTROL = 1 << 0,      /* C0, DEL, C1 */
	TEXT_BIDI = 1 << 1,         /* Bidi_Control */
	TEXT_ZERO_WIDTH = 1 << 2,   /* zero-width spaces, joiners, BOM, soft hyphen */
	TEXT_TAG = 1 << 3,          /* U+E0000 to U+E007F */
	TEXT_VARIATION = 1 << 4,    /* variation selectors */
	TEXT_IGNORABLE = 1 << 5,    /* other default ignorables, format characters */
	TEXT_SEPARATOR = 1 << 6,    /* U+2028, U+2029 */
	TEXT_PRIVATE = 1 << 7,      /* private use */
	TEXT_UNASSIGNED = 1 << 8,   /* unassigned, noncharacters, no known width */
	TEXT_INVALID = 1 << 9,      /* not UTF-8 */
	TEXT_MARKS = 1 << 10,       /* combining characters without base or beyond 4 */
	TEXT_MIXED_SCRIPT = 1 << 11 /* a word that mixes alphabets, as in p-Cyrillic a-ypal */
};
enum { TEXT_KINDS = 12 };

/* Name of a single kind as used on the wire and in logs: control, bidi,
 * zero_width, tag, variation, ignorable, separator, private_use, unassigned,
 * invalid_utf8, marks, mixed_script. Static; "" for anything else. */
const char *text_kind_name(unsigned kind);
/* The kind of that name, or 0. */
unsigned text_kind_find(const char *name);
/* Appends the names of all kinds found, separated by sep; nothing for 0. */
void text_found_names(unsigned found, const char *sep, struct buf *out);
/* Must approving wait until the reviewer has seen the tokens? True for
 * control, bidi, zero_width, tag, variation and ignorable. */
bool text_found_blocks(unsigned found);

/* Appends bytes (any bytes, NUL too) to out as safe text. flags: enum
 * text_flags. found may be NULL; kinds are added to *found, which the caller
 * sets to 0 before the first text. At most TEXT_GROWTH bytes come out for one
 * that goes in; a limit of out cuts at a character and sets failed. */
enum { TEXT_GROWTH = 9 };
void text_safe(const char *bytes, size_t len, unsigned flags, struct buf *out,
               unsigned *found);
/* The same for a NUL-terminated string into a fixed buffer, on one line; what
 * does not fit is cut at a character and ends in "…". Returns buf. */
const char *text_safe_line(const char *s, char *buf, size_t size);
/* Kinds found in the text, without writing it. */
unsigned text_found(const char *bytes, size_t len);
/* How often each kind occurs: count[i] is that of kind 1 << i; mixed_script
 * counts words. For the banner. */
void text_count(const char *bytes, size_t len, size_t count[TEXT_KINDS]);
/* Appends the ASCII text that the tag characters spell (printable ones only),
 * one space between runs: what a model reads where a person sees nothing. */
void text_tag_message(const char *bytes, size_t len, struct buf *out);

/* --- code point by code point ----------------------------------------------
 * The reader under all of the above. What becomes of a code point depends only
 * on it and on a few neighbours, so reading may start at any code point. */
struct text_reader {
	const char *bytes;   /* borrowed; must outlive the reader */
	size_t len;
	size_t at;           /* byte offset of the next code point */
	unsigned flags;
};

enum { TEXT_PIECE_SIZE = 16 };

struct text_piece {
	char text[TEXT_PIECE_SIZE];  /* safe text, NUL-terminated; may be empty */
	unsigned char len;           /* of text, in bytes */
	unsigned char cells;         /* width of text; 0 for mark and layout */
	bool token;                  /* text is a token (draw it reversed) */
	bool mark;                   /* text combines with the piece before */
	char layout;                 /* '\n', '\t' or '\f' where the source has a
	                                line end, tab or form feed, else 0; text is
	                                then "\n", "\t" or a token, by flags */
	unsigned kinds;              /* enum text_kind, without mixed_script */
	uint32_t cp;                 /* the code point, or the byte where invalid */
	size_t source_len;           /* bytes of the source; 2 for CR LF */
	unsigned char source_cps;    /* code points of the source; 2 for CR LF */
};

void text_reader_init(struct text_reader *r, const char *bytes, size_t len,
                      unsigned flags);
/* False at the end. A byte that is not UTF-8 counts as one code point. */
bool text_reader_next(struct text_reader *r, struct text_piece *piece);

/* --- display of safe text --------------------------------------------------
 * These take text that came out of text_safe(), or our own messages. Lengths
 * in bytes, widths in terminal cells. */

/* Cells of one code point: 0, 1 or 2; -1 where it has no place on a screen. */
int text_cp_cells(uint32_t cp);
/* Cells of s; a code point without known width counts 1 (drawn as U+FFFD). */
size_t text_width(const char *s, size_t len);
/* Bytes of the longest beginning of s, whole characters as people see them
 * (UAX #29), that takes at most cells. used (may be NULL) gets its width. */
size_t text_clip(const char *s, size_t len, size_t cells, size_t *used);
/* Appends s in at most cells; where it is cut, the last cell is "…" ("~" with
 * TEXT_ASCII in flags). Returns the cells used. */
size_t text_fit(const char *s, size_t len, size_t cells, unsigned flags,
                struct buf *out);
/* The same, padded to exactly cells: spaces behind, or before with right. */
void text_pad(const char *s, size_t len, size_t cells, bool right, unsigned flags,
              struct buf *out);

/* --- terminals without UTF-8 ------------------------------------------------ */

/* TEXT_ASCII where the locale of the process is not UTF-8, else 0: or it into
 * the flags of everything that goes to the terminal. */
unsigned text_locale_flags(void);
/* Appends s (UTF-8: our messages, or safe text) for a terminal with these
 * flags: as it is, or with TEXT_ASCII as plain ASCII. Punctuation, arrows and
 * frames become one ASCII character each, so a layout keeps its width; any
 * other character becomes [U+00E9]. */
void text_to_locale(const char *s, size_t len, unsigned flags, struct buf *out);

#endif
