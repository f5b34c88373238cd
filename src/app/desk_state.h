/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of the desk share: desk.c (loop), desk_item.c (which item is
 * on screen), desk_act.c (what an intent does).
 */
#ifndef APP_DESK_STATE_H
#define APP_DESK_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/config.h"
#include "base/err.h"
#include "base/id.h"
#include "model/review.h"
#include "net/transport.h"
#include "store/query.h"
#include "sync/sync.h"
#include "ui/ui.h"
#include "view/facts.h"
#include "view/home.h"
#include "view/listing.h"
#include "view/outbox_view.h"
#include "work/work.h"

struct desk {
	struct store *store;
	struct transport *transport;
	struct sync *sync;
	struct work *work;
	struct ui *ui;
	struct facts facts;
	struct home *home;
	struct listing *listing;       /* or NULL */
	struct outbox_view *outbox;    /* or NULL */
	bool quit;
	bool stopped;                  /* SIGTERM or SIGHUP: leave at once */

	char *queue;                   /* being worked; NULL: all, by due time */
	bool by_queue;                 /* the person opened a queue, not one item */
	char amends[ID_SIZE];          /* decision that the item on screen amends */
	char claimed[ID_SIZE];         /* asked for by name, not here yet */
	bool untouched;                /* the item on screen was not painted yet */
	char revealing[ID_SIZE];       /* own answer sent, full view not here yet */
	bool wants_next;               /* nothing was here; show what comes … */
	int64_t wants_until_boot_ms;   /* … until then */
	uint64_t leases_seen;          /* generation of STORE_TOPIC_LEASES */
	uint64_t facts_seen, sync_seen;
	int64_t facts_boot_ms;
};

/* --- desk_item.c ------------------------------------------------------------ */

/* Asks the server for items of the worked queue ahead of need. */
void desk_focus(struct desk *d);
/* Shows the next item of the worked queue behind `after` (NULL: the first). */
void desk_next(struct desk *d, const char *after, bool backwards);
/* Opens this review, reserving it first where it is not here. */
void desk_open_review(struct desk *d, const char *review);
/* Opens an own decision to amend it. */
void desk_open_decided(struct desk *d, const char *decision);
/* The item on screen is painted: it counts as opened. Reads what comes behind it.
 * Call when nothing else waits. */
void desk_look_ahead(struct desk *d);
/* Leases changed, time passed: what was waited for may be here, what is on
 * screen may be gone or renewed. */
void desk_watch(struct desk *d);

/* --- desk_act.c ------------------------------------------------------------- */

/* Does what the intent says; empties it. */
void desk_act(struct desk *d, struct intent *intent);

#endif
