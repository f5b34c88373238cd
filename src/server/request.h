/* SPDX-License-Identifier: Apache-2.0
 *
 * One request from its first header to its answer, without knowing the HTTP
 * library: guard, route, token, body, the call to the queue, waiting. The
 * order of the refusals is fixed here: framing, stopping, target, route,
 * size, wire version, token, body; everything after that is the queue's.
 *
 * Use: request_new(); guard_head_add() on head for each header;
 * request_begin(); request_take() for each piece of the body;
 * request_finish(); where that says wait, request_again() until it is ready.
 * Times are monotonic milliseconds.
 */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/value.h"
#include "queue/queue.h"
#include "server/guard.h"
#include "server/route.h"

enum request_next {
	REQUEST_READ,       /* go on reading the body */
	REQUEST_ANSWER,     /* answer holds what to send */
	REQUEST_WAIT        /* nothing yet: a long poll */
};

/* What all requests share. */
struct request_context {
	struct queue *queue;           /* borrowed */
	bool stopping;                 /* refuse what is new, end what waits */
	struct guard_count refused;
};

struct request {
	struct request *prev, *next;   /* in the list of those that wait */
	struct request_context *context;
	char *target;                  /* as it came, never decoded */
	const char *raw;               /* where the library has it; for the guard */
	char *method;
	char *path;                    /* decoded, or NULL */
	const struct route *route;     /* or NULL */
	char id[ROUTE_ID_SIZE];
	struct guard_head head;
	unsigned char token_hash[HASH_SIZE];
	bool has_token;
	struct value *query, *doc;     /* parsed query and body, or NULL */
	struct buf body;
	uint64_t received;             /* bytes of body so far */
	struct queue_blob *blob;       /* upload in progress, or NULL */
	struct queue_answer answer;
	bool answered;
	bool close;                    /* the connection ends with this answer */
	struct buf allow;              /* for 405 */
	int64_t wait_until_ms;         /* 0: does not wait */
	uint64_t seen;                 /* queue_generation() of the last look */
	uint64_t round;                /* in which it was last asked to look */
	int64_t began_ms;
	void *handle;                  /* of the HTTP library */
};

struct request *request_new(struct request_context *context, const char *target,
                            int64_t now_ms);
void request_free(struct request *r);

/* All headers are known. REQUEST_ANSWER: answer and close without reading on. */
enum request_next request_begin(struct request *r, const char *method, int64_t now_ms);
/* A piece of the body. False: too much was sent; drop the connection. */
bool request_take(struct request *r, const char *bytes, size_t len);
/* The body is complete. REQUEST_ANSWER or REQUEST_WAIT. */
enum request_next request_finish(struct request *r, int64_t now_ms);
/* Looks again where the queue has moved, time has run out or the server stops;
 * true where the answer is ready. */
bool request_again(struct request *r, int64_t now_ms);
/* One line for what was done or refused. */
void request_log(const struct request *r, int64_t now_ms);

#endif
