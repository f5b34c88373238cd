/* SPDX-License-Identifier: Apache-2.0
 *
 * A line editor: UTF-8, the keys of readline, no terminal. A character is what
 * a person sees as one: a base with its marks.
 */
#ifndef UI_WIDGET_EDIT_H
#define UI_WIDGET_EDIT_H

#include <stdbool.h>

#include "base/buf.h"
#include "ui/key.h"

enum edit_result { EDIT_MORE, EDIT_DONE, EDIT_LEFT, EDIT_IGNORED };

struct edit {
	struct buf text;     /* never NULL data after edit_start() */
	size_t caret;        /* bytes */
	bool replace;        /* the first character typed replaces the text */
	char *cut;           /* owned: what Ctrl-K, Ctrl-U and Ctrl-W took, or NULL */
};

enum { EDIT_LIMIT = 100000 };   /* bytes */

/* Begins with this text, caret at its end. */
void edit_start(struct edit *e, const char *text, bool replace);
void edit_clear(struct edit *e);   /* frees */
const char *edit_text(const struct edit *e);
/* Enter: EDIT_DONE, Esc: EDIT_LEFT; IGNORED: not a key of an editor. */
enum edit_result edit_key(struct edit *e, const struct key *key);

#endif
