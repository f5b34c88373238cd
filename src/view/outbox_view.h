/* SPDX-License-Identifier: Apache-2.0
 *
 * The outbox: what this person did, newest first, and how far it got: held ·
 * waiting · received · in the log · refused.
 */
#ifndef VIEW_OUTBOX_VIEW_H
#define VIEW_OUTBOX_VIEW_H

#include "store/query.h"
#include "view/facts.h"
#include "view/rows.h"

struct outbox_view {
	struct store *store;             /* borrowed */
	struct store_entries *entries;   /* owned; never NULL */
	struct store_counts counts;
	size_t cursor, top;
	uint64_t generation;             /* of STORE_TOPIC_OUTBOX */
};

int outbox_view_new(struct store *store, struct outbox_view **out, struct err *err);
void outbox_view_free(struct outbox_view *o);   /* NULL allowed */
int outbox_view_refresh(struct outbox_view *o, struct err *err);
void outbox_view_move(struct outbox_view *o, long rows);
const struct store_entry *outbox_view_selected(const struct outbox_view *o);
void outbox_view_layout(struct outbox_view *o, const struct facts *facts, unsigned width,
                        unsigned height, struct rows *out);
/* What an entry is, in words: "approved", "skipped". */
const char *outbox_view_act(const struct store_entry *e);

#endif
