/* SPDX-License-Identifier: Apache-2.0 */
#include "net/transport.h"

#include <string.h>

#include "base/msg.h"

void transport_response_init(struct transport_response *r)
{
	memset(r, 0, sizeof *r);
	r->date_ms = -1;
	r->retry_after_ms = -1;
}

void transport_response_clear(struct transport_response *r)
{
	buf_clear(&r->body);
	transport_response_init(r);
}

int transport_call(struct transport *t, const struct transport_request *request,
                   struct transport_response *response, struct err *err)
{
	int handle;

	transport_response_init(response);
	handle = t->ops->start(t, request, &response->err);
	if (handle < 0)
		goto out;
	while (!t->ops->take(t, handle, response)) {
		struct pollfd fds[TRANSPORT_FDS];
		size_t count = t->ops->pollfds(t, fds, TRANSPORT_FDS);
		int wait_ms = t->ops->timeout_ms(t);

		/* A descriptor may close under us; a bound keeps that harmless. */
		if (wait_ms < 0 || wait_ms > 1000)
			wait_ms = 1000;
		poll(fds, count, wait_ms);
		t->ops->step(t);
	}
out:
	if (response->status)
		return 0;
	if (response->err.code == ERR_NONE)
		err_set(&response->err, ERR_INTERNAL, N_("a request ended without an answer"));
	if (err && err->code == ERR_NONE)
		*err = response->err;
	return response->err.code;
}

bool transport_may_retry(const struct transport_response *r)
{
	switch (r->status) {
	case 0:
		return r->err.code != ERR_CONFIG;
	case 408: case 425: case 429:
		return true;
	default:
		return r->status >= 500;
	}
}

void transport_encode(struct buf *b, const char *text)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text; text++) {
		if (strchr(unreserved, *text))
			buf_addc(b, *text);
		else
			buf_addf(b, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

void transport_close(struct transport *t)
{
	if (t)
		t->ops->close(t);
}
