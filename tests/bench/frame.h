/* SPDX-License-Identifier: Apache-2.0
 *
 * The painting side of a yardstick: the bare ncurses program that shows the
 * screens it is handed on descriptor 3 (how they are written: side.h).
 */
#ifndef BENCH_FRAME_H
#define BENCH_FRAME_H

#include <stdbool.h>

/* Takes the terminal, as the desk does. */
void frame_open(void);
void frame_close(void);
/* Reads the next screen; false: there is none any more. */
bool frame_take(void);
/* Paints it, and nothing else. */
void frame_paint(void);
/* Waits for a key. */
int frame_key(void);

#endif
