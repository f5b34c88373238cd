/* SPDX-License-Identifier: Apache-2.0
 *
 * A program in a pseudo-terminal of its own, as the drivers of the bench see it:
 * its screen in a terminal library, its bytes counted, its answers timed.
 *
 * A screen as text (for descriptor 3 of a yardstick): "ROWS\n", then ROWS lines of
 * runs; a run is 0x1f, two hex digits of attributes (1 bold, 2 reverse, 4
 * underlined), two of the foreground's index plus 1 (00: the terminal's own),
 * text. The terminal library knows no dim text: a yardstick paints that plain.
 */
#ifndef BENCH_SIDE_H
#define BENCH_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <vterm.h>

enum {
	SIDE_QUIET_MS = 12,         /* no byte for so long: the answer was complete */
	SIDE_START_QUIET_MS = 300,  /* the same while a program starts */
	SIDE_SILENT_MS = 3000,      /* no byte at all for so long: no answer */
	SIDE_STEPS = 4096, SIDE_FRAME_FD = 3
};

struct side {
	int columns, rows;     /* set before side_start() */
	pid_t pid;             /* 0: not started */
	int fd;                /* its terminal */
	int frames;            /* write end of its descriptor 3, or -1 */
	VTerm *vt;
	VTermScreen *screen;
	long bytes;            /* read so far; reset by whoever counts */
	int64_t us[SIDE_STEPS];/* for the driver: what each step took, … */
	int silent;            /* … steps without an answer */
};

/* Monotonic, microseconds. */
int64_t side_now_us(void);
/* frames: give it a pipe on descriptor 3. false: it could not be started. */
bool side_start(struct side *s, char **argv, bool frames);
/* Reads what the program writes until it was quiet for quiet_ms; the terminal
 * takes it afterwards, so that no byte waits for it. Returns the time of the
 * last byte, 0: none came within first_ms. */
int64_t side_answer(struct side *s, int first_ms, int quiet_ms);
/* Reads until the words stand on the screen; 0: not within within_ms. */
int64_t side_await(struct side *s, const char *words, int within_ms);
/* The screen as text, the caller's. */
char *side_text(const struct side *s, size_t *len);
/* Writes a screen to descriptor 3 of the program. */
bool side_give(struct side *s, const char *text, size_t len);
/* ,"name":{"bytes":…,"us":[…]} of the first count steps, to standard output. */
void side_print(const char *name, const struct side *s, int count);
/* Ends the program (a yardstick ends when no screen comes any more) and frees. */
void side_stop(struct side *s);

#endif
