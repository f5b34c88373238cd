/* SPDX-License-Identifier: Apache-2.0
 *
 * One painting, one write. The screen library writes after each movement of
 * its cursor, a dozen times for a line of scroll: as many wake-ups of a near
 * terminal, as many packets to a far one. So it gets a descriptor of its own,
 * and while an outlet is held, memory stands behind that descriptor.
 *
 * There is one outlet in a process, as there is one terminal.
 */
#ifndef UI_OUTLET_H
#define UI_OUTLET_H

#include <stdio.h>

/* The stream to give to the library; goes to fd. NULL: errno says why. */
FILE *outlet_open(int fd);
/* Ends the stream; fd stays open. */
void outlet_close(void);
/* From here on writes are gathered. Not around anything that asks or sets the
 * modes of the terminal: there is none behind the descriptor meanwhile. Where
 * memory cannot be had, nothing is gathered and nothing is lost. */
void outlet_hold(void);
/* Writes what was gathered, all of it, and goes on without gathering. */
void outlet_release(void);

#endif
