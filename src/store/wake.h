/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the room: what happens when a store is opened (device, the item that
 * killed the desk, clocks after a restart of the machine, undo holds of an
 * earlier process), and what idle time is used for.
 */
#ifndef STORE_WAKE_H
#define STORE_WAKE_H

#include "store/sql.h"

enum {
	WAKE_SHOWINGS = 2,       /* deaths over one item until it is set aside */
	WAKE_ACT_DAYS = 100,     /* own decisions are kept; at least 90 (protocol) */
	WAKE_ITEM_DAYS = 7,      /* items of answered reviews, for amendments */
	WAKE_DRAFT_DAYS = 30,    /* drafts of reviews not held any more */
	WAKE_LOG_ROWS = 100000,
	WAKE_PRUNE_MS = 600000,  /* between two looks at what is old */
	/* Pages in the log that are worth moving: few once nothing was written
	 * for a moment (a log that starts over overwrites its file, which makes
	 * the next commits cheaper than growing it), many during a long pull. */
	WAKE_WAL_PAGES = 250,
	WAKE_WAL_MOST = 4000,
	WAKE_QUIET_MS = 200
};

int wake(struct store *s, struct err *err);
int wake_device(struct store *s, struct err *err);

#endif
