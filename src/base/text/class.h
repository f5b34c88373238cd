/* SPDX-License-Identifier: Apache-2.0
 *
 * What each Unicode code point is to the text renderer, as one byte from a
 * table that is filled 256 code points at a time when first asked. For the
 * files of this folder only.
 */
#ifndef BASE_TEXT_CLASS_H
#define BASE_TEXT_CLASS_H

#include <stdbool.h>
#include <stdint.h>

enum text_class {
	TEXT_CLASS_PLAIN,       /* printable, 1 or 2 cells */
	TEXT_CLASS_MARK,        /* printable, combines with what is before, 0 cells */
	TEXT_CLASS_TONE,        /* skin tone of the emoji before, 2 cells */
	TEXT_CLASS_BRACKET,     /* U+27E6, U+27E7: what tokens are made with */
	TEXT_CLASS_CONTROL,
	TEXT_CLASS_BIDI,
	TEXT_CLASS_ZERO_WIDTH,
	TEXT_CLASS_TAG,
	TEXT_CLASS_VARIATION,
	TEXT_CLASS_IGNORABLE,
	TEXT_CLASS_SEPARATOR,
	TEXT_CLASS_PRIVATE,
	TEXT_CLASS_UNASSIGNED
};

/* The class; width, if not NULL, gets the cells of its glyph (0, 1, 2; 0 for
 * every class that has no glyph). cp: at most U+10FFFF. */
enum text_class text_class(uint32_t cp, int *width);

/* Has the property Emoji, and is not a digit, # or *. */
bool text_class_emoji(uint32_t cp);
/* Has the property Extended_Pictographic and a glyph here. */
bool text_class_pictograph(uint32_t cp);
/* May a ZERO WIDTH (NON-)JOINER stand between these two code points (0: none)
 * for the sake of an orthography? RFC 5892 A.1 and A.2; the caller has passed
 * over transparent ones with text_class_transparent(). virama: the code point
 * directly before the joiner. */
bool text_class_joiner(uint32_t joiner, uint32_t virama, uint32_t before, uint32_t after);
bool text_class_transparent(uint32_t cp);
/* Letter, mark or digit: part of a word. */
bool text_class_word(uint32_t cp);

/* Alphabets of the word so far. Start with all zero. */
struct text_scripts {
	bool latin, cjk, other_clash;
	const char *other;   /* name of the first script that is neither */
};
void text_scripts_add(struct text_scripts *s, uint32_t cp);
/* Do they make a mixed-script word? UTS #39, "moderately restrictive": Latin
 * goes with Han, Kana, Hangul, Bopomofo and with one script that does not look
 * like it, never with Greek or Cyrillic. */
bool text_scripts_mixed(const struct text_scripts *s);

#endif
