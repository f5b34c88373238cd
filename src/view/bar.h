/* SPDX-License-Identifier: Apache-2.0
 *
 * Header and key line: lists with priorities. Where they do not fit the width,
 * items take their brief form, then go, the least important first. Order on the row is the order of adding; items of
 * the left side stand left, those of the right side end at the width.
 */
#ifndef VIEW_BAR_H
#define VIEW_BAR_H

#include <stdbool.h>
#include <stddef.h>

#include "view/rows.h"

enum { BAR_ITEMS = 48, BAR_KEY_SIZE = 24, BAR_TEXT_SIZE = 192 };

struct bar_item {
	char key[BAR_KEY_SIZE];     /* drawn before the text in STYLE_KEY, or "" */
	char text[BAR_TEXT_SIZE];   /* safe text */
	char brief[BAR_TEXT_SIZE];  /* taken where text does not fit, or "" */
	enum style style;
	int priority;               /* 0 is never left out; larger goes first */
	bool right;
};

struct bar {
	const char *separator;      /* between items of a side: " · " or two spaces */
	struct bar_item items[BAR_ITEMS];
	size_t count;
};

void bar_init(struct bar *b, const char *separator);
/* Adds an item; text and brief (or NULL) are made safe. Returns the item. */
struct bar_item *bar_add(struct bar *b, int priority, enum style style, const char *text,
                         const char *brief);
struct bar_item *bar_add_right(struct bar *b, int priority, enum style style,
                               const char *text, const char *brief);
struct bar_item *bar_add_key(struct bar *b, int priority, bool off, const char *key,
                             const char *text);
/* Lays the bar out as one new row of r. */
void bar_row(const struct bar *b, struct rows *r);
/* Lays it out over at most most rows, as few as hold everything; what does not
 * fit into the last is left out by priority. Returns the rows used. Items of
 * the right side are put behind those of the left. */
size_t bar_wrap(const struct bar *b, struct rows *r, size_t most);

#endif
