/* SPDX-License-Identifier: Apache-2.0
 *
 * Home: one line "everything for me, by due time", my queues, the connection,
 * what changed since the last visit.
 */
#ifndef VIEW_HOME_H
#define VIEW_HOME_H

#include "store/query.h"
#include "view/facts.h"
#include "view/rows.h"

struct home {
	struct store *store;          /* borrowed */
	struct store_queues *queues;  /* owned; never NULL */
	struct store_counts counts;
	struct store_events *events;  /* owned; newest first; never NULL */
	int64_t seen;                 /* events up to this number are old */
	size_t cursor;                /* 0: everything; i: queues->items[i - 1] */
	size_t top;                   /* first queue on the screen */
	uint64_t generation;          /* store_generation_all() when it was read */
	bool first_use;               /* say what is recorded */
};

/* seen: number of the newest event of the last visit, 0: none. */
int home_new(struct store *store, int64_t seen, bool first_use, struct home **out,
             struct err *err);
void home_free(struct home *h);   /* NULL allowed */
/* Reads anew where the store changed. */
int home_refresh(struct home *h, struct err *err);
void home_move(struct home *h, long rows);
/* The queue under the cursor; NULL: everything. */
const struct store_queue *home_selected(const struct home *h);
/* Number of the newest event there is. */
int64_t home_newest(const struct home *h);
void home_layout(struct home *h, const struct facts *facts, unsigned width,
                 unsigned height, struct rows *out);

#endif
