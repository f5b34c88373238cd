/* SPDX-License-Identifier: Apache-2.0 */
#include "server/connection.h"

#include <netinet/in.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

/* Bytes the peer has sent so far (TCP_INFO); 0 where the socket cannot say. */
static uint64_t received_bytes(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof info;

	memset(&info, 0, sizeof info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return 0;
	return info.tcpi_bytes_received;
}

struct connection *connection_open(struct connections *all, int fd, int64_t now_ms)
{
	struct connection *c = mem_zalloc(sizeof *c);

	c->fd = fd;
	c->next = all->first;
	if (c->next)
		c->next->prev = c;
	all->first = c;
	all->count++;
	connection_enter(all, c, CONNECTION_HEADER, now_ms, 1);
	return c;
}

void connection_close(struct connections *all, struct connection *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		all->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	all->count--;
	free(c);
}

void connection_enter(struct connections *all, struct connection *c,
                      enum connection_phase phase, int64_t now_ms, int factor)
{
	c->phase = phase;
	switch (phase) {
	case CONNECTION_IDLE:
		c->received = received_bytes(c->fd);
		c->until_ms = now_ms + all->idle_ms;
		break;
	case CONNECTION_HEADER:
		c->until_ms = now_ms + all->header_ms;
		break;
	case CONNECTION_BODY:
		c->until_ms = now_ms + all->body_ms * factor;
		break;
	case CONNECTION_ANSWER:
		c->until_ms = INT64_MAX;
		break;
	}
}

void connection_reap(struct connections *all, int64_t now_ms)
{
	for (struct connection *c = all->first; c; c = c->next) {
		/* The library does not say when the next request begins to
		 * arrive on a kept connection; the socket's count does. */
		if (c->phase == CONNECTION_IDLE && received_bytes(c->fd) != c->received)
			connection_enter(all, c, CONNECTION_HEADER, now_ms, 1);
		if (now_ms < c->until_ms || c->cut)
			continue;
		c->cut = true;
		all->cut++;
		/* The library notices the end of its stream and frees it. */
		shutdown(c->fd, SHUT_RDWR);
	}
}
