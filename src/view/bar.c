/* SPDX-License-Identifier: Apache-2.0 */
#include "view/bar.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

void bar_init(struct bar *b, const char *separator)
{
	/* The items are large, and few are ever added. */
	b->count = 0;
	b->separator = separator;
}

static struct bar_item *add(struct bar *b, int priority, enum style style,
                            const char *text, const char *brief)
{
	struct bar_item *item;

	if (b->count == BAR_ITEMS)
		return &b->items[BAR_ITEMS - 1];
	item = &b->items[b->count++];
	item->key[0] = item->brief[0] = '\0';
	item->priority = priority;
	item->style = style;
	item->right = false;
	text_safe_line(text, item->text, sizeof item->text);
	if (brief)
		text_safe_line(brief, item->brief, sizeof item->brief);
	return item;
}

struct bar_item *bar_add(struct bar *b, int priority, enum style style, const char *text,
                         const char *brief)
{
	return add(b, priority, style, text, brief);
}

struct bar_item *bar_add_right(struct bar *b, int priority, enum style style,
                               const char *text, const char *brief)
{
	struct bar_item *item = add(b, priority, style, text, brief);

	item->right = true;
	return item;
}

struct bar_item *bar_add_key(struct bar *b, int priority, bool off, const char *key,
                             const char *text)
{
	struct bar_item *item = add(b, priority, off ? STYLE_OFF : STYLE_PLAIN, text, NULL);

	utf8_copy(item->key, sizeof item->key, key);
	return item;
}

enum { HIDDEN, BRIEF, WHOLE };

/* ASCII terminals draw some characters wider; widths follow what is drawn. */
static unsigned width_of(const struct rows *r, const char *text)
{
	struct buf out = BUF_INIT;
	unsigned cells;

	if (!(r->flags & TEXT_ASCII))
		return (unsigned)text_width(text, strlen(text));
	text_to_locale(text, strlen(text), r->flags, &out);
	cells = (unsigned)out.len;
	buf_clear(&out);
	return cells;
}

static unsigned item_cells(const struct rows *r, const struct bar_item *item, int shape)
{
	unsigned key = item->key[0] ? width_of(r, item->key) + 1 : 0;

	if (shape == HIDDEN)
		return 0;
	return key + width_of(r, shape == WHOLE ? item->text : item->brief);
}

static unsigned total(const struct bar *b, const struct rows *r, const int *shape,
                      unsigned gap)
{
	unsigned cells = 0, separator = width_of(r, b->separator);
	bool left = false, right = false;

	for (size_t i = 0; i < b->count; i++) {
		bool *side = b->items[i].right ? &right : &left;

		if (!shape[i])
			continue;
		cells += item_cells(r, &b->items[i], shape[i]) + (*side ? separator : 0);
		*side = true;
	}
	return cells + (left && right ? gap : 0);
}

/* Taking the brief form hurts less than going: it counts as so much less
 * important. */
enum { BRIEF_EASIER = 2 };

/* The least important item that can still take its brief form or go; count:
 * none. */
static size_t weakest(const struct bar *b, const int *shape)
{
	size_t found = b->count;
	int least = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct bar_item *item = &b->items[i];
		bool brief = shape[i] == WHOLE && item->brief[0];
		int rank = item->priority + (brief ? BRIEF_EASIER : 0);

		if (!shape[i] || (item->priority == 0 && !brief) || rank < least)
			continue;
		found = i;
		least = rank;
	}
	return found;
}

static void fit(const struct bar *b, const struct rows *r, int *shape, unsigned width)
{
	for (size_t i = 0; i < b->count; i++)
		shape[i] = b->items[i].text[0] ? WHOLE : HIDDEN;
	while (total(b, r, shape, 2) > width) {
		size_t i = weakest(b, shape);

		if (i == b->count)
			break;
		shape[i] = shape[i] == WHOLE && b->items[i].brief[0] ? BRIEF : HIDDEN;
	}
	/* What became brief before something else went may stand in full again. */
	for (size_t i = 0; i < b->count; i++) {
		if (shape[i] != BRIEF)
			continue;
		shape[i] = WHOLE;
		if (total(b, r, shape, 2) > width)
			shape[i] = BRIEF;
	}
}

static void draw_item(struct rows *r, const struct bar_item *item, int shape)
{
	const char *text = shape == WHOLE ? item->text : item->brief;

	if (item->key[0]) {
		rows_add(r, item->style == STYLE_OFF ? STYLE_OFF : STYLE_KEY, item->key);
		rows_add(r, STYLE_PLAIN, " ");
	}
	rows_add_safe(r, item->style, text, strlen(text));
}

static void draw_side(const struct bar *b, struct rows *r, const int *shape, bool right)
{
	bool first = true;

	for (size_t i = 0; i < b->count; i++) {
		if (!shape[i] || b->items[i].right != right)
			continue;
		if (!first)
			rows_add(r, STYLE_DIM, b->separator);
		draw_item(r, &b->items[i], shape[i]);
		first = false;
	}
}

void bar_row(const struct bar *b, struct rows *r)
{
	int shape[BAR_ITEMS], side[BAR_ITEMS];
	unsigned right;

	rows_new(r);
	fit(b, r, shape, r->width);
	memcpy(side, shape, sizeof side);
	for (size_t i = 0; i < b->count; i++)
		if (!b->items[i].right)
			side[i] = HIDDEN;
	right = total(b, r, side, 0);
	draw_side(b, r, shape, false);
	if (right && right < r->width)
		rows_to(r, r->width - right);
	draw_side(b, r, shape, true);
}

/* Rows that the items with these shapes take when they flow. */
static size_t flow(const struct bar *b, struct rows *r, const int *shape, bool draw)
{
	unsigned separator = width_of(r, b->separator), at = 0;
	size_t used = 1;

	if (draw)
		rows_new(r);
	for (size_t i = 0; i < b->count; i++) {
		unsigned cells = item_cells(r, &b->items[i], shape[i]);

		if (!shape[i])
			continue;
		if (at && at + separator + cells > r->width) {
			used++;
			at = 0;
			if (draw)
				rows_new(r);
		}
		if (at && draw)
			rows_add(r, STYLE_DIM, b->separator);
		at += (at ? separator : 0) + cells;
		if (draw)
			draw_item(r, &b->items[i], shape[i]);
	}
	return used;
}

size_t bar_wrap(const struct bar *b, struct rows *r, size_t most)
{
	int shape[BAR_ITEMS];

	for (size_t i = 0; i < b->count; i++)
		shape[i] = b->items[i].text[0] ? WHOLE : HIDDEN;
	while (flow(b, r, shape, false) > most) {
		size_t i = weakest(b, shape);

		if (i == b->count)
			break;
		shape[i] = shape[i] == WHOLE && b->items[i].brief[0] ? BRIEF : HIDDEN;
	}
	return flow(b, r, shape, true);
}
