/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole numbers in decimal, as tokens, cursors and checkpoints write them.
 */
#ifndef WIRE_READ_DECIMAL_H
#define WIRE_READ_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* Takes 0 or a digit string without leading zero, at most max, and moves
 * *text behind it. False (and *text anywhere) where there is none. */
bool decimal_take(const char **text, int64_t max, int64_t *out);

#endif
