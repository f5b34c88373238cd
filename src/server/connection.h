/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections and their deadlines. The HTTP library's own timeout counts
 * inactivity, which one byte a second defeats; here a connection has a time by
 * which its headers, and then its body, must be complete, and is shut down
 * when it passes. Times are monotonic milliseconds.
 */
#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

enum connection_phase {
	CONNECTION_IDLE,      /* between requests: nothing has arrived */
	CONNECTION_HEADER,    /* request line and headers are arriving */
	CONNECTION_BODY,
	CONNECTION_ANSWER     /* ours to act: no deadline */
};

struct connection {
	struct connection *prev, *next;
	int fd;                        /* borrowed from the HTTP library */
	enum connection_phase phase;
	int64_t until_ms;
	uint64_t received;             /* bytes received when it became idle */
	bool cut;
};

/* The list, and the time each phase may take. */
struct connections {
	struct connection *first;
	unsigned count;
	int64_t header_ms, body_ms, idle_ms;
	uint64_t cut;                  /* so many were shut down */
};

struct connection *connection_open(struct connections *all, int fd, int64_t now_ms);
void connection_close(struct connections *all, struct connection *c);
/* factor stretches the time of a body, 1 and more: a large upload. */
void connection_enter(struct connections *all, struct connection *c,
                      enum connection_phase phase, int64_t now_ms, int factor);
/* Shuts down what is beyond its time, and what its peer has left without our
 * answer to wait for. Call it once a second. */
void connection_reap(struct connections *all, int64_t now_ms);

#endif
