/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests: a server on loopback, in a process of its own, that answers a
 * path with exactly the bytes it was told to, and does what real servers only
 * do on bad days: says nothing, breaks off, sends more than it should.
 */
#ifndef TESTS_SCRIPTED_SERVER_H
#define TESTS_SCRIPTED_SERVER_H

#include <stddef.h>
#include <sys/types.h>

struct scripted_answer {
	const char *path;        /* exact, query included */
	const char *bytes;       /* NULL: echo the request back as the body */
	size_t pad;              /* so many more bytes 'x' after them */
	enum { SCRIPTED_CLOSE, SCRIPTED_KEEP, SCRIPTED_HANG } after;
};

struct scripted_server {
	int port;
	pid_t pid;
	char address[64];        /* "http://127.0.0.1:PORT" */
};

/* Starts the process; the table ends with a NULL path. */
void scripted_server_start(struct scripted_server *s, const struct scripted_answer *table);
void scripted_server_stop(struct scripted_server *s);

#endif
