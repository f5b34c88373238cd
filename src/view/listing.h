/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of a queue: a window over the mirrored headers, however many there
 * are. A key moves inside the rows at hand; the store is asked only when the
 * screen would run past them or the list changed.
 */
#ifndef VIEW_LISTING_H
#define VIEW_LISTING_H

#include "store/query.h"
#include "view/facts.h"
#include "view/rows.h"

struct listing {
	struct store *store;        /* borrowed */
	char *queue, *title;        /* owned */
	enum store_order order;
	struct store_window *window;/* owned; never NULL */
	size_t top;                 /* row of the window that stands first */
	size_t cursor;              /* row of the window that keys act on */
	size_t page;                /* rows on the screen when last laid out */
	bool at_start, at_end;      /* the window touches an end of the list */
};

/* ERR_NOT_FOUND: no such queue. */
int listing_new(struct store *store, const char *queue, enum store_order order,
                struct listing **out, struct err *err);
void listing_free(struct listing *l);   /* NULL allowed */
/* Reads the rows anew where the headers changed, and stays at the place. */
int listing_refresh(struct listing *l, struct err *err);
int listing_move(struct listing *l, long rows, struct err *err);
int listing_go(struct listing *l, bool last, struct err *err);
int listing_set_order(struct listing *l, enum store_order order, struct err *err);
/* The row under the cursor; NULL: the list is empty. Borrowed until the list
 * moves. */
const struct store_row *listing_selected(const struct listing *l);
void listing_layout(struct listing *l, const struct facts *facts, unsigned width,
                    unsigned height, struct rows *out);

#endif
