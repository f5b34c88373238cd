/* SPDX-License-Identifier: Apache-2.0
 *
 * The terminal: taken once, given back in every way a process can end.
 */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>

#include "base/err.h"
#include "ui/key.h"
#include "view/rows.h"

/* Could a desk be opened here? ERR_UNSUPPORTED with a sentence. */
int terminal_check(struct err *err);
/* ERR_UNSUPPORTED with a sentence. Installs handlers for the signals of a crash
 * and the hook for exhausted memory. */
int terminal_open(struct err *err);
void terminal_close(void);
bool terminal_is_open(void);
/* Gives it away for a while, and takes it back. */
void terminal_suspend(void);
void terminal_resume(void);
/* From a signal handler or without memory: only write() and tcsetattr(). */
void terminal_emergency(void);

/* Reads the window's size anew. */
void terminal_resize(void);
unsigned terminal_width(void);
unsigned terminal_height(void);

/* The next key that is there; false: none. */
bool terminal_key(struct key *key);
/* Throws away what was typed ahead; the first key of it, or 0. */
uint32_t terminal_flush(void);

/* Draws the rows that differ from those drawn last, and places the cursor. The
 * rows are kept for the next time; *rows gets the ones before to write over. */
void terminal_draw(struct rows *rows);
/* The next terminal_draw() draws everything, over a cleared screen. */
void terminal_redraw(void);
void terminal_beep(void);

#endif
