/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "net/http_exchange.h"

struct http {
	struct transport head;
	struct http_peer peer;
	CURLM *multi;
	struct http_exchange *exchanges;   /* under way or waiting to be taken */
	int last_handle;
	int64_t deadline_us;               /* of curl's timer, or -1 */
	struct pollfd *fds;
	size_t fd_count, fd_cap;
};

static struct http *http_of(struct transport *t)
{
	return (struct http *)(void *)t;
}

/* curl tells which descriptors to watch, instead of being asked: no limit of
 * FD_SETSIZE, and nothing is rebuilt for a poll. */
static int on_watch(CURL *easy, curl_socket_t fd, int what, void *ctx, void *unused)
{
	struct http *h = ctx;
	size_t i = 0;

	(void)easy;
	(void)unused;
	while (i < h->fd_count && h->fds[i].fd != fd)
		i++;
	if (what == CURL_POLL_REMOVE) {
		if (i < h->fd_count)
			h->fds[i] = h->fds[--h->fd_count];
		return 0;
	}
	if (i == h->fd_count) {
		MEM_GROW(h->fds, h->fd_count, h->fd_cap);
		h->fd_count++;
	}
	h->fds[i] = (struct pollfd){ .fd = fd };
	if (what != CURL_POLL_OUT)
		h->fds[i].events |= POLLIN;
	if (what != CURL_POLL_IN)
		h->fds[i].events |= POLLOUT;
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct http *h = ctx;

	(void)multi;
	h->deadline_us = timeout_ms < 0 ? -1 : clock_mono_us() + (int64_t)timeout_ms * 1000;
	return 0;
}

static struct http_exchange *find(struct http *h, int handle)
{
	struct http_exchange *x = h->exchanges;

	while (x && x->handle != handle)
		x = x->next;
	return x;
}

static void detach(struct http *h, struct http_exchange *gone)
{
	struct http_exchange **p = &h->exchanges;

	while (*p != gone)
		p = &(*p)->next;
	*p = gone->next;
	if (!gone->done)
		curl_multi_remove_handle(h->multi, gone->easy);
}

static int http_start(struct transport *t, const struct transport_request *request,
                      struct err *err)
{
	struct http *h = http_of(t);
	struct http_exchange *x;
	int rc = http_exchange_new(&h->peer, request, &x, err);

	if (rc)
		return rc;
	if (curl_multi_add_handle(h->multi, x->easy) != CURLM_OK) {
		http_exchange_free(x);
		return err_set(err, ERR_INTERNAL, N_("no request can be made"));
	}
	x->handle = ++h->last_handle;
	x->next = h->exchanges;
	h->exchanges = x;
	return x->handle;
}

static size_t http_pollfds(struct transport *t, struct pollfd *fds, size_t cap)
{
	struct http *h = http_of(t);
	size_t n = h->fd_count < cap ? h->fd_count : cap;

	if (n)
		memcpy(fds, h->fds, n * sizeof *fds);
	return n;
}

static int http_timeout_ms(struct transport *t)
{
	struct http *h = http_of(t);
	int64_t left_us;

	for (struct http_exchange *x = h->exchanges; x; x = x->next)
		if (x->done)
			return 0;
	if (!h->exchanges)
		return -1;
	if (h->deadline_us < 0)
		return 1000;
	left_us = h->deadline_us - clock_mono_us();
	if (left_us <= 0)
		return 0;
	return left_us > 1000000 ? 1000 : (int)((left_us + 999) / 1000);
}

static void collect(struct http *h)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(h->multi, &left))) {
		CURLcode result = msg->data.result;
		CURL *easy = msg->easy_handle;
		char *private = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		curl_multi_remove_handle(h->multi, easy);
		http_exchange_end((struct http_exchange *)(void *)private, result);
	}
}

static void http_step(struct transport *t)
{
	struct http *h = http_of(t);
	struct pollfd ready[TRANSPORT_FDS];
	size_t count = http_pollfds(t, ready, TRANSPORT_FDS);
	int running;

	if (count && poll(ready, count, 0) > 0)
		for (size_t i = 0; i < count; i++) {
			int what = 0;

			if (ready[i].revents & (POLLIN | POLLHUP))
				what |= CURL_CSELECT_IN;
			if (ready[i].revents & POLLOUT)
				what |= CURL_CSELECT_OUT;
			if (ready[i].revents & (POLLERR | POLLNVAL))
				what |= CURL_CSELECT_ERR;
			if (what)
				curl_multi_socket_action(h->multi, ready[i].fd, what, &running);
		}
	if (h->deadline_us >= 0 && clock_mono_us() >= h->deadline_us) {
		h->deadline_us = -1;
		curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	collect(h);
}

static bool http_take(struct transport *t, int handle, struct transport_response *response)
{
	struct http *h = http_of(t);
	struct http_exchange *x = find(h, handle);

	if (!x || !x->done)
		return false;
	transport_response_clear(response);
	*response = x->response;
	transport_response_init(&x->response);
	detach(h, x);
	http_exchange_free(x);
	return true;
}

static void http_cancel(struct transport *t, int handle)
{
	struct http *h = http_of(t);
	struct http_exchange *x = find(h, handle);

	if (!x)
		return;
	detach(h, x);
	http_exchange_free(x);
}

static void http_close(struct transport *t)
{
	struct http *h = http_of(t);
	struct buf *token = &h->peer.authorization;

	while (h->exchanges)
		http_cancel(t, h->exchanges->handle);
	if (h->multi)
		curl_multi_cleanup(h->multi);
	if (token->data)
		hash_wipe(token->data, token->cap);
	buf_clear(token);
	free(h->peer.base);
	free(h->peer.host);
	free(h->peer.ca_file);
	free(h->peer.pinned_key);
	free(h->peer.user_agent);
	free(h->fds);
	free(h);
	curl_global_cleanup();
}

static const struct transport_ops http_ops = {
	.start = http_start,
	.pollfds = http_pollfds,
	.timeout_ms = http_timeout_ms,
	.step = http_step,
	.take = http_take,
	.cancel = http_cancel,
	.close = http_close,
};

static bool loopback_name(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return (ntohl(v4.s_addr) >> 24) == 127;
	return strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6));
}

static char *url_part(CURLU *url, CURLUPart part)
{
	char *text = NULL, *copy;

	if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
		return NULL;
	copy = mem_strdup(text);
	curl_free(text);
	return copy;
}

/* Reads the server's address into base, host and plain. */
static int read_server(struct http_peer *peer, const char *server, struct err *err)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *user = NULL, *query = NULL, *fragment = NULL;
	size_t len;
	int rc = 0;

	if (!url || !strstr(server, "://") ||
	    curl_url_set(url, CURLUPART_URL, server, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
	    !(scheme = url_part(url, CURLUPART_SCHEME)) ||
	    !(peer->host = url_part(url, CURLUPART_HOST))) {
		rc = err_set(err, ERR_CONFIG,
		             N_("%s is not the address of a server (https://host)"), server);
		goto out;
	}
	user = url_part(url, CURLUPART_USER);
	query = url_part(url, CURLUPART_QUERY);
	fragment = url_part(url, CURLUPART_FRAGMENT);
	peer->plain = strcmp(scheme, "http") == 0;
	if (user || query || fragment)
		rc = err_set(err, ERR_CONFIG,
		             N_("the address of the server may not hold a user name, ? or #"));
	else if (!peer->plain && strcmp(scheme, "https") != 0)
		rc = err_set(err, ERR_CONFIG, N_("a server is reached by https, not %s"), scheme);
	else if (peer->plain && !loopback_name(peer->host))
		rc = err_set(err, ERR_CONFIG,
		             N_("%s is not this machine: only https is used beyond it"), peer->host);
	if (rc)
		goto out;
	peer->base = mem_strdup(server);
	for (len = strlen(server); len && peer->base[len - 1] == '/'; len--)
		peer->base[len - 1] = '\0';
out:
	free(scheme);
	free(user);
	free(query);
	free(fragment);
	curl_url_cleanup(url);
	return rc;
}

/* A token with a line end in it would become a second header. */
static bool header_safe(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= 0x20 || (unsigned char)*text >= 0x7f)
			return false;
	return true;
}

int http_open(const struct http_options *options, struct transport **out, struct err *err)
{
	struct http *h;
	int rc;

	*out = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_INTERNAL, N_("no request can be made"));
	h = mem_zalloc(sizeof *h);
	h->head.ops = &http_ops;
	h->deadline_us = -1;
	rc = read_server(&h->peer, options->server, err);
	if (rc == 0 && options->token && !header_safe(options->token))
		rc = err_set(err, ERR_CONFIG, N_("the token holds a character that no token has"));
	if (rc == 0 && !(h->multi = curl_multi_init()))
		rc = err_set(err, ERR_INTERNAL, N_("no request can be made"));
	if (rc) {
		http_close(&h->head);
		return rc;
	}
	if (options->token)
		buf_addf(&h->peer.authorization, "Authorization: Bearer %s", options->token);
	h->peer.ca_file = mem_strdup(options->ca_file);
	h->peer.pinned_key = mem_strdup(options->pinned_key);
	h->peer.user_agent = mem_strdup(options->user_agent);
	h->peer.connect_timeout_ms = options->connect_timeout_ms ? options->connect_timeout_ms : 10000;
	h->peer.timeout_ms = options->timeout_ms ? options->timeout_ms : 60000;
	h->peer.stall_timeout_ms = options->stall_timeout_ms ? options->stall_timeout_ms : 40000;
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, 4L);
	*out = &h->head;
	return 0;
}
