/* SPDX-License-Identifier: Apache-2.0
 *
 * HTTP/1.1 (RFC 9112) on a listening socket, without a thread of its own: the
 * caller polls httpd_fd() and calls httpd_run(). Handlers run inside that call.
 * The only file that knows libmicrohttpd.
 */
#ifndef SERVER_HTTPD_H
#define SERVER_HTTPD_H

#include <stdint.h>

#include "base/err.h"
#include "queue/queue.h"

struct httpd;

struct httpd_options {
	int listen_fd;             /* taken: closed by httpd */
	unsigned connections;      /* most at a time */
	unsigned per_address;      /* most from one address; 0: no limit */
	int64_t header_ms;         /* until the headers are complete */
	int64_t body_ms;           /* until a body is complete; an upload ten times */
	int64_t idle_ms;           /* a kept connection without a request */
};

/* queue is borrowed until httpd_close(). ERR_INTERNAL, ERR_IO. */
int httpd_open(const struct httpd_options *options, struct queue *queue,
               struct httpd **out, struct err *err);
/* Becomes readable when there is something to do. */
int httpd_fd(const struct httpd *h);
/* At most so long may the caller wait, 0 … 1000 ms. */
int httpd_timeout_ms(const struct httpd *h);
/* Does what can be done now: reads, answers, wakes long polls, cuts off what
 * is beyond its time. */
void httpd_run(struct httpd *h);

/* Stops listening, refuses new requests, ends long polls with what they have. */
void httpd_stop(struct httpd *h);
/* Requests whose answer has not been sent. */
unsigned httpd_busy(const struct httpd *h);
/* NULL allowed. */
void httpd_close(struct httpd *h);

/* Version of the library that is linked. */
const char *httpd_library(void);

#endif
