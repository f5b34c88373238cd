/* SPDX-License-Identifier: Apache-2.0
 *
 * The one table of routes: it feeds dispatch, the answers 404 and 405, body
 * limits, and the test that compares the OpenAPI document with the server.
 */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/role.h"
#include "queue/queue.h"
#include "wire/prescan.h"

enum route_body {
	ROUTE_NO_BODY,
	ROUTE_DOCUMENT,   /* one JSON document, wrapper included */
	ROUTE_BATCH,      /* JSON, at most 100 documents */
	ROUTE_BLOB,       /* bytes, streamed to a file */
	ROUTE_BODIES
};

enum { ROUTE_BLOB_MAX = 64 << 20, ROUTE_ID_SIZE = 65 };

struct route {
	const char *method;
	const char *path;          /* pattern; at most one part in braces */
	enum queue_verb verb;      /* QUEUE_VERBS for PUT /v1/blobs/{sha256} */
	enum role_verb may;        /* what a role must allow; ROLE_VERBS: no token */
	enum route_body body;
	bool waits;                /* takes ?wait=0…25 seconds */
};

/* Ends with a row without a method. */
extern const struct route routes[];

enum { ROUTE_WAIT_MAX_S = 25 };

/* The row for method and decoded path, or NULL. id gets what stands in the
 * braces (64 hex digits for {sha256} and {digest}, else lower-case letters,
 * digits and dashes), or an empty string. *known: the path exists with another
 * method, and the buffer (empty before, may be NULL) gets those methods for
 * the Allow header. */
const struct route *route_find(const char *method, const char *path,
                               char id[ROUTE_ID_SIZE], bool *known, struct buf *allow);

/* Most bytes of a body. */
size_t route_body_max(enum route_body body);
/* Limits for its pre-scan; only for JSON bodies. */
const struct prescan_limits *route_body_limits(enum route_body body);

#endif
