/* SPDX-License-Identifier: Apache-2.0
 *
 * A value in the person's own editor, through a private file.
 */
#ifndef APP_EDITOR_H
#define APP_EDITOR_H

#include <stdbool.h>

#include "base/err.h"
#include "model/value.h"

/* Writes the value (NULL: nothing yet) as indented JSON, or, as text, the string
 * as it is, into a new 0600 file in a new 0700
 * folder, runs $VISUAL, $EDITOR or vi on it, reads it back and removes both.
 * *out is the caller's, NULL where nothing was changed. The terminal must have
 * been given away. ERR_INVALID with line and pointer: not JSON any more;
 * ERR_NOT_FOUND: no editor; ERR_IO: it failed. */
int editor_run(const struct value *value, bool as_text, struct value **out, struct err *err);

#endif
