/* SPDX-License-Identifier: Apache-2.0
 *
 * What a subcommand works with: the store, the use cases over it, and, where a
 * server is configured, transport and sync.
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include <stdbool.h>

#include "app/config.h"
#include "base/err.h"
#include "base/id.h"
#include "model/review.h"
#include "net/transport.h"
#include "store/query.h"
#include "sync/sync.h"
#include "work/work.h"

enum session_mode {
	SESSION_READ,      /* store only, beside an open desk if there is one */
	SESSION_WRITE      /* owns the store; a server must be configured */
};

struct session {
	struct store *store;
	struct work *work;
	struct transport *transport;   /* NULL in SESSION_READ */
	struct sync *sync;             /* NULL in SESSION_READ */
};

/* ERR_BUSY: another process, e.g. an open desk, owns the store. session_close()
 * in any case. */
int session_open(const struct config *config, enum session_mode mode,
                 struct session *out, struct err *err);
void session_close(struct session *s);

/* The review meant by a review id or an external id, reserved for this store
 * and opened. Asks the server where it is not here yet. *out is the caller's. */
int session_claim(struct session *s, const char *queue, const char *name,
                  struct review **out, struct err *err);

/* Kinds of hidden text (enum text_kind) in anything the review shows. */
unsigned session_found(const struct review *r);

#endif
