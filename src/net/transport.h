/* SPDX-License-Identifier: Apache-2.0
 *
 * A transport carries requests to one server and brings answers back. It is a
 * table of functions, so that sync, the subcommands and the tests need not
 * know what is underneath (net/http.h: HTTP over sockets; in tests: a script).
 *
 * Nothing here blocks except transport_call(). A caller with a poll loop asks
 * for the descriptors and the time-out, polls, steps, and takes what is ready.
 * One thread owns a transport.
 */
#ifndef NET_TRANSPORT_H
#define NET_TRANSPORT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum transport_method { TRANSPORT_GET, TRANSPORT_POST, TRANSPORT_PUT };

enum {
	TRANSPORT_FDS = 16,              /* at most so many descriptors at a time */
	TRANSPORT_ANSWER_MAX = 64 << 20  /* bytes; no answer may be longer */
};

/* A request. Everything is borrowed until start() returns, except body (where
 * body_kept is set) and the progress context, which must live until the
 * answer is taken or cancelled. */
struct transport_request {
	enum transport_method method;
	const char *path;        /* "/v1/…", query included, already encoded */
	const void *body;        /* or NULL */
	size_t body_len;         /* bytes */
	bool body_kept;          /* body outlives the call: it is not copied */
	const char *upload_path; /* file streamed as the body instead, or NULL */
	const char *media_type;  /* of the body; NULL: application/json */
	size_t answer_max;       /* bytes; 0: TRANSPORT_ANSWER_MAX */
	int timeout_ms;          /* of the whole exchange; 0: the transport's own */
	bool anonymous;          /* send no credentials (health check) */
	/* Bytes sent (of an upload) or received so far; total -1: not known. */
	void (*progress)(void *ctx, int64_t done, int64_t total);
	void *progress_ctx;
};

/* What came back. status 0: no answer, and err says why (ERR_OFFLINE: not
 * reached, cut off, too slow, no TLS; ERR_LIMIT: answer too long; ERR_IO: the
 * file to upload; ERR_INVALID: not HTTP). Whether the server acted on a request
 * without an answer is unknown. */
struct transport_response {
	int status;              /* 100..599, or 0 */
	struct buf body;         /* owned; also of an error answer (a problem document) */
	char media_type[64];     /* without parameters, lower case; empty: none given */
	int64_t date_ms;         /* the server's Date header, or -1 */
	int64_t retry_after_ms;  /* from now, 0 … one day, or -1: not given */
	int64_t took_ms;         /* from start to end */
	struct err err;
};

struct transport;

/* What a transport must do. Handles are greater than 0 and never reused. */
struct transport_ops {
	/* Begins a request; returns its handle or a negative enum err_code. */
	int (*start)(struct transport *t, const struct transport_request *request,
	             struct err *err);
	/* Fills in what to poll for; returns how many (at most cap). */
	size_t (*pollfds)(struct transport *t, struct pollfd *fds, size_t cap);
	/* Milliseconds until step() must be called even if no descriptor is
	 * ready; 0: now; -1: nothing is under way. */
	int (*timeout_ms)(struct transport *t);
	/* Moves everything that can move. Never blocks. */
	void (*step)(struct transport *t);
	/* True once the request has ended: the response is the caller's, the
	 * handle is gone. False: still under way (response untouched). */
	bool (*take)(struct transport *t, int handle, struct transport_response *response);
	/* Gives a request up; an unknown handle is ignored. */
	void (*cancel)(struct transport *t, int handle);
	/* Cancels everything and frees the transport. */
	void (*close)(struct transport *t);
};

/* The head of every transport; implementations put it first. */
struct transport {
	const struct transport_ops *ops;
};

void transport_response_init(struct transport_response *r);
void transport_response_clear(struct transport_response *r);

/* One exchange, waiting for its end. 0 where an answer came, whatever its
 * status; otherwise the code of response->err, also copied to err. The
 * response is initialised here and always to be cleared. */
int transport_call(struct transport *t, const struct transport_request *request,
                   struct transport_response *response, struct err *err);

/* May the same request be sent again by itself later? (no answer at all, 408,
 * 425, 429, 5xx; never 401, 403 or another refusal) */
bool transport_may_retry(const struct transport_response *r);

/* Adds text to a path or query, percent-encoded (RFC 3986: all but unreserved). */
void transport_encode(struct buf *b, const char *text);

/* NULL allowed. */
void transport_close(struct transport *t);

#endif
