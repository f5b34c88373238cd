/* SPDX-License-Identifier: Apache-2.0
 *
 * A program in a real pseudo-terminal, its screen in libvterm. Keys go in, cells
 * come out; every byte is judged (screen/stream.h). Nothing sleeps: the harness
 * waits on the terminal and on the process until what is waited for is there,
 * or until HARNESS_PATIENCE_MS are over (SCREEN_PATIENCE_MS in the environment:
 * other than that, for whoever writes a journey), and then the caller's test
 * fails.
 */
#ifndef TESTS_SCREEN_HARNESS_H
#define TESTS_SCREEN_HARNESS_H

#include <stdbool.h>
#include <stddef.h>

enum { HARNESS_PATIENCE_MS = 15000, HARNESS_TEXT_SIZE = 32 };

struct harness_spec {
	const char *const *argv;   /* NULL-ended; argv[0] is the path */
	const char *const *env;    /* NULL-ended "NAME=value", or NULL: nothing more */
	const char *term;          /* TERM; NULL: xterm-256color */
	const char *locale;        /* LC_ALL; NULL: C.UTF-8 */
	unsigned columns, rows;    /* 0: 80 × 24 */
};

struct harness_cell {
	char text[HARNESS_TEXT_SIZE];   /* UTF-8; "" behind a wide character */
	int width;                      /* 1 or 2; 0 behind a wide character */
	bool bold, dim, underline, reverse;
	int fg, bg;                     /* palette index, -1: the terminal's own */
};

/* How a program ended. */
struct harness_end {
	bool exited;     /* else killed by signal number status */
	int status;
};

struct harness;

/* Starts the program as leader of a session of its own, with no other
 * environment than PATH, HOME, TERM, LC_ALL and spec->env. The terminal first
 * shows the line HARNESS_BEFORE. Fails the test where that cannot be done. */
#define HARNESS_BEFORE "what stood here before"
struct harness *harness_start(const struct harness_spec *spec);
/* Kills what still runs. NULL allowed. */
void harness_free(struct harness *h);

void harness_send(struct harness *h, const char *keys);
void harness_send_n(struct harness *h, const char *bytes, size_t len);
/* Pastes as a terminal does: bracketed where the program asked for it. Returns
 * whether it was. */
bool harness_paste(struct harness *h, const char *text);
/* Another window size, and SIGWINCH. */
void harness_resize(struct harness *h, unsigned columns, unsigned rows);
void harness_signal(struct harness *h, int number);
/* The terminal goes away (the line hangs up). Nothing can be read afterwards. */
void harness_hang_up(struct harness *h);

/* Pumps until the predicate holds; false: never within the patience, or the
 * program ended without. */
typedef bool harness_predicate(struct harness *h, void *arg);
bool harness_wait(struct harness *h, harness_predicate *holds, void *arg);
/* The same with a patience of its own. */
bool harness_wait_ms(struct harness *h, harness_predicate *holds, void *arg, int patience_ms);
/* Until the text is (no longer) on the screen, within one row. */
bool harness_wait_text(struct harness *h, const char *text);
bool harness_wait_gone(struct harness *h, const char *text);
/* Until the program has read every key and waits in poll(2) for more, with all
 * of its output taken: the screen is whole. False: it never waits. After a lone
 * Esc it waits for what may follow, too: see journey_escape(). */
bool harness_idle(struct harness *h);
/* Until the process ended; false: it did not. */
bool harness_wait_end(struct harness *h, struct harness_end *end);
/* Until the process stands still (SIGSTOP). */
bool harness_wait_stopped(struct harness *h);
/* Until nothing came for this long: only to record what cannot be waited for. */
void harness_settle(struct harness *h, int quiet_ms);

unsigned harness_columns(const struct harness *h);
unsigned harness_rows(const struct harness *h);
struct harness_cell harness_cell(struct harness *h, unsigned row, unsigned column);
void harness_cursor(struct harness *h, unsigned *row, unsigned *column, bool *visible);
/* A row without spaces at its end, or the whole screen; the caller's. */
char *harness_line(struct harness *h, unsigned row);
char *harness_text(struct harness *h);
bool harness_shows(struct harness *h, const char *text);

/* What is wrong with the bytes so far, or NULL; borrowed. */
const char *harness_fault(const struct harness *h);
/* Is bracketed paste (2004), the alternate screen (1049) … on? */
bool harness_mode(const struct harness *h, int number);
/* What differs from the terminal as it was before the start: modes, pen,
 * character set, keypad, tty settings, the line HARNESS_BEFORE; NULL: nothing.
 * Borrowed until the next call. */
const char *harness_left_over(struct harness *h);

#endif
