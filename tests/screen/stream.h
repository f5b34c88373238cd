/* SPDX-License-Identifier: Apache-2.0
 *
 * Judges every byte that a program writes to its terminal, and makes the stream
 * readable for libvterm.
 *
 * Allowed is what curses needs and nothing else: printable characters, the few
 * control characters and escape sequences of the allow-list in stream.c, and no
 * C1 control, direction override, zero-width or tag character, private use,
 * noncharacter or byte that is not UTF-8. An escape sequence that came from
 * content is a fault, unless curses could have written it; tests therefore hide
 * sequences in their content that curses never writes.
 *
 * libvterm 0.1 knows neither REP (CSI b) nor faint (SGR 2). The stream repeats
 * the character itself, and carries faint as the alternative font
 * STREAM_DIM_FONT, which no allowed sequence selects.
 */
#ifndef TESTS_SCREEN_STREAM_H
#define TESTS_SCREEN_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { STREAM_DIM_FONT = 5, STREAM_MODES = 32, STREAM_HELD = 64 };

struct stream {
	bool ascii;                 /* nothing above U+007E may come */
	unsigned rows;              /* of the window; a resize writes it anew */
	struct buf out;             /* for libvterm; the reader empties it */
	char fault[160];            /* first fault in words, or "" */
	size_t offset;              /* bytes taken so far */
	/* Modes that were ever switched, with their value now. */
	struct { int number; bool on; } modes[STREAM_MODES];
	size_t mode_count;
	bool alternate;             /* the alternate screen was used */
	bool keypad;                /* application keypad (ESC =) */
	bool charset;               /* another character set than ASCII is chosen */
	bool pen;                   /* colours or attributes are on */
	bool region;                /* a scrolling region smaller than the window is set */
	/* An unfinished sequence or character, and the character before. */
	char held[STREAM_HELD];
	size_t held_len;
	char last[8];
	size_t last_len;
};

void stream_init(struct stream *s, bool ascii, unsigned rows);
void stream_clear(struct stream *s);   /* frees */
/* Takes bytes; adds what libvterm gets to s->out. */
void stream_take(struct stream *s, const char *bytes, size_t len);
/* Is this DEC private mode on now? Cursor (25) and wrap (7) start so. */
bool stream_mode(const struct stream *s, int number);
/* What differs from a fresh terminal ("mode 1049 is on"), or NULL; also an
 * unfinished sequence. Written into buf. */
const char *stream_left_over(const struct stream *s, char *buf, size_t size);

#endif
