/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of sync: a store in a directory of its own, a fake server, and a
 * boot-time clock that moves only when it is told to.
 */
#ifndef TESTS_SYNC_DESK_H
#define TESTS_SYNC_DESK_H

#include "fake_server.h"
#include "fake_transport.h"
#include "store/command.h"
#include "sync/sync.h"

struct sync_desk {
	char dir[64];
	struct fake_server server;
	struct store *store;
	struct transport *transport;
	struct sync *sync;
	int64_t boot_ms;
};

/* Makes store and server with so many reviews; no sync yet. */
void sync_desk_start(struct sync_desk *d, size_t reviews);
/* A sync with these options (NULL: prefetching the queue, no waiting polls). */
void sync_desk_connect(struct sync_desk *d, const struct sync_options *options);
/* Ends the sync, keeps store and server. */
void sync_desk_disconnect(struct sync_desk *d);
void sync_desk_stop(struct sync_desk *d);

/* Steps until nothing more happens at this moment of the clock. */
void sync_desk_settle(struct sync_desk *d);
/* Moves the clock by ms, settling at every time-out on the way. */
void sync_desk_wait(struct sync_desk *d, int64_t ms);
/* A complete run of its own: connect, settle, disconnect. */
void sync_desk_run(struct sync_desk *d);

/* Opens the nth ready or opened lease and decides it; id of the decision. */
void sync_desk_decide(struct sync_desk *d, size_t nth, bool hold, char id[ID_SIZE]);
/* The review of the nth lease that is ready or opened. */
void sync_desk_review(struct sync_desk *d, size_t nth, char review[ID_SIZE]);
/* State of a decision; *text its words (static buffer, empty: none). */
enum store_state sync_desk_state(struct sync_desk *d, const char *id, const char **text);
/* Everything the store holds of the server and of what was done, as text. */
void sync_desk_dump(struct sync_desk *d, struct buf *out);

#endif
