/* SPDX-License-Identifier: Apache-2.0 */
#include "server/connection.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/mem.h"

/* The state of RFC 9293 in which only our side is still open; its number is the
 * kernel's (netinet/tcp.h has the name and clashes with linux/tcp.h). */
enum { CLOSE_WAIT = 8 };

struct peer {
	uint64_t received;   /* bytes it has sent so far */
	bool ended;          /* it sends no more, and everything was read */
};

/* What the socket knows of its other end (TCP_INFO); zeros where it cannot say. */
static struct peer look(int fd)
{
	struct peer peer = { .received = 0 };
	struct tcp_info info;
	socklen_t len = sizeof info;
	int unread = 0;

	memset(&info, 0, sizeof info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return peer;
	peer.received = info.tcpi_bytes_received;
	peer.ended = info.tcpi_state == CLOSE_WAIT && ioctl(fd, FIONREAD, &unread) == 0
	             && unread == 0;
	return peer;
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
		c->received = look(c->fd).received;
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

/* Notes what has changed at the other end; true where the time is over. */
static bool is_over(struct connections *all, struct connection *c, int64_t now_ms)
{
	struct peer peer;

	if (c->phase == CONNECTION_ANSWER)
		return false;
	peer = look(c->fd);
	/* The library does not say when the next request begins to arrive on
	 * a kept connection; the socket's count does. */
	if (c->phase == CONNECTION_IDLE && peer.received != c->received)
		connection_enter(all, c, CONNECTION_HEADER, now_ms, 1);
	/* Nor does it see an end that came together with the last bytes: its
	 * events are edge-triggered and it does not read again after a short
	 * read. */
	return peer.ended || now_ms >= c->until_ms;
}

void connection_reap(struct connections *all, int64_t now_ms)
{
	for (struct connection *c = all->first; c; c = c->next) {
		if (c->cut || !is_over(all, c, now_ms))
			continue;
		c->cut = true;
		all->cut++;
		/* The library notices the end of its stream and frees it. */
		shutdown(c->fd, SHUT_RDWR);
	}
}
