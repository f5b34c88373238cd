/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_transport.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"

struct call {
	struct call *next;
	int handle;
	char *method, *path, *body;
	size_t len;
	bool done;
	struct fake_answer answer;
};

struct fake {
	struct transport head;
	struct fake_server *server;
	int fd, last;
	struct call *calls;
};

static struct fake *fake_of(struct transport *t)
{
	return (struct fake *)(void *)t;
}

/* --- over the socket: lengths and bytes ------------------------------------------ */

static bool put(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool get(int fd, void *data, size_t len)
{
	char *p = data;

	while (len) {
		ssize_t n = read(fd, p, len);

		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool put_text(int fd, const char *text, size_t len)
{
	return put(fd, &len, sizeof len) && put(fd, text, len);
}

static char *get_text(int fd, size_t *len)
{
	char *text;

	if (!get(fd, len, sizeof *len))
		return NULL;
	text = mem_zalloc(*len + 1);
	if (get(fd, text, *len))
		return text;
	free(text);
	return NULL;
}

static void ask_remote(struct fake *f, struct call *c)
{
	struct fake_answer *a = &c->answer;
	size_t len;
	char *body;

	if (!put_text(f->fd, c->path, strlen(c->path)) || !put_text(f->fd, c->body, c->len) ||
	    !get(f->fd, a, sizeof *a) || !(body = get_text(f->fd, &len)))
		abort();
	a->body = (struct buf)BUF_INIT;
	buf_add(&a->body, body, len);
	/* The pointer is of the other process. */
	a->media_type = a->status < 400 ? "application/json" : "application/problem+json";
	free(body);
}

void fake_transport_serve(struct fake_server *server, int fd)
{
	char *path, *body;
	size_t len;

	while ((path = get_text(fd, &len))) {
		struct fake_answer a;

		body = get_text(fd, &len);
		if (!body) {
			free(path);
			break;
		}
		fake_server_answer(server, "", path, body, len, &a);
		if (put(fd, &a, sizeof a))
			put_text(fd, buf_str(&a.body), a.body.len);
		buf_clear(&a.body);
		free(path);
		free(body);
	}
}

/* --- the transport ------------------------------------------------------------------- */

static int fake_start(struct transport *t, const struct transport_request *r, struct err *err)
{
	struct fake *f = fake_of(t);
	struct call *c = mem_zalloc(sizeof *c), **end = &f->calls;

	(void)err;
	c->handle = ++f->last;
	c->path = mem_strdup(r->path);
	c->body = mem_strndup(r->body ? r->body : "", r->body_len);
	c->len = r->body_len;
	while (*end)
		end = &(*end)->next;
	*end = c;
	/* A request that went out arrives, whatever becomes of the sender. */
	if (f->fd >= 0) {
		ask_remote(f, c);
		c->done = c->answer.what != FAKE_WAITS;
	}
	return c->handle;
}

static size_t fake_pollfds(struct transport *t, struct pollfd *fds, size_t cap)
{
	(void)t;
	(void)fds;
	(void)cap;
	return 0;
}

static int fake_timeout_ms(struct transport *t)
{
	struct fake *f = fake_of(t);

	for (struct call *c = f->calls; c; c = c->next)
		if (c->done || c->answer.what != FAKE_WAITS)
			return 0;
	return -1;
}

static void fake_step(struct transport *t)
{
	struct fake *f = fake_of(t);

	for (struct call *c = f->calls; c; c = c->next) {
		if (c->done || f->fd >= 0)
			continue;
		buf_clear(&c->answer.body);
		fake_server_answer(f->server, "", c->path, c->body, c->len, &c->answer);
		c->done = c->answer.what != FAKE_WAITS;
	}
}

static void drop(struct fake *f, struct call *gone)
{
	struct call **p = &f->calls;

	while (*p != gone)
		p = &(*p)->next;
	*p = gone->next;
	buf_clear(&gone->answer.body);
	free(gone->path);
	free(gone->body);
	free(gone);
}

static struct call *find(struct fake *f, int handle)
{
	struct call *c = f->calls;

	while (c && c->handle != handle)
		c = c->next;
	return c;
}

static bool fake_take(struct transport *t, int handle, struct transport_response *r)
{
	struct fake *f = fake_of(t);
	struct call *c = find(f, handle);

	if (!c || !c->done)
		return false;
	transport_response_clear(r);
	if (c->answer.what == FAKE_LOST) {
		err_set(&r->err, ERR_OFFLINE, "the fake server is away");
	} else {
		r->status = c->answer.status;
		r->date_ms = c->answer.date_ms;
		r->retry_after_ms = c->answer.retry_after_ms;
		utf8_copy(r->media_type, sizeof r->media_type, c->answer.media_type);
		r->body = c->answer.body;
		c->answer.body = (struct buf)BUF_INIT;
	}
	drop(f, c);
	return true;
}

static void fake_cancel(struct transport *t, int handle)
{
	struct call *c = find(fake_of(t), handle);

	if (c)
		drop(fake_of(t), c);
}

static void fake_close(struct transport *t)
{
	struct fake *f = fake_of(t);

	while (f->calls)
		drop(f, f->calls);
	free(f);
}

static const struct transport_ops fake_ops = {
	.start = fake_start,
	.pollfds = fake_pollfds,
	.timeout_ms = fake_timeout_ms,
	.step = fake_step,
	.take = fake_take,
	.cancel = fake_cancel,
	.close = fake_close,
};

static struct transport *make(struct fake_server *server, int fd)
{
	struct fake *f = mem_zalloc(sizeof *f);

	f->head.ops = &fake_ops;
	f->server = server;
	f->fd = fd;
	return &f->head;
}

struct transport *fake_transport_new(struct fake_server *server)
{
	return make(server, -1);
}

struct transport *fake_transport_remote(int fd)
{
	return make(NULL, fd);
}
