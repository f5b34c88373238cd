/* SPDX-License-Identifier: Apache-2.0
 *
 * Cursors of /v1/changes and of the results feed: "EPOCH:INDEX", decimal.
 */
#ifndef WIRE_CURSOR_H
#define WIRE_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

enum { CURSOR_TEXT_SIZE = 40 };

/* epoch 1..2^31-1, index 0..2^53-1 (the last one seen; 0: from the start).
 * Returns out. */
const char *cursor_text(int64_t epoch, int64_t index, char out[CURSOR_TEXT_SIZE]);
/* Exactly that form: no sign, no leading zero, nothing around it. */
bool cursor_parse(const char *text, int64_t *epoch, int64_t *index);

#endif
