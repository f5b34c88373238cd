/* SPDX-License-Identifier: Apache-2.0 */
#include "server/httpd.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/msg.h"
#include "server/connection.h"
#include "server/request.h"

enum {
	REAP_MS = 1000,
	UPLOAD_FACTOR = 10,
	/* Long polls look again at most this often, however many commits; and at
	 * most so many of them before new requests have their turn. */
	WAKE_MS = 20, WAKE_MOST = 64,
	/* Second net under the deadlines of connection.h: a client that does
	 * not read its answer. */
	INACTIVE_S = 90
};

struct httpd {
	struct MHD_Daemon *daemon;
	int epoll_fd;
	struct request_context context;
	struct connections connections;
	struct request *waiting;      /* suspended long polls */
	unsigned busy;
	bool in_place;                /* the library leaves heads where they came */
	bool again;                   /* there is work that no descriptor tells of */
	uint64_t generation;          /* of the queue, when long polls last began to look */
	int64_t woken_ms, reaped_ms;
};

static int64_t now(void)
{
	return clock_mono_us() / 1000;
}

static void library_log(void *ctx, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void library_log(void *ctx, const char *fmt, va_list ap)
{
	char text[256];

	(void)ctx;
	vsnprintf(text, sizeof text, fmt, ap);
	text[strcspn(text, "\r\n")] = '\0';
	log_event(LOG_DEBUG, "http.library", "text", text, NULL);
}

/* --- connections ------------------------------------------------------------ */

static struct connection *connection_of(struct MHD_Connection *con)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(con, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

static void on_connection(void *ctx, struct MHD_Connection *con, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
	struct httpd *h = ctx;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		int fd = MHD_get_connection_info(con, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

		*socket_context = connection_open(&h->connections, fd, now());
	} else {
		connection_close(&h->connections, *socket_context);
	}
}

/* --- requests --------------------------------------------------------------- */

static void *on_target(void *ctx, const char *target, struct MHD_Connection *con)
{
	struct httpd *h = ctx;
	struct request *r = request_new(&h->context, target, now());

	r->handle = con;
	r->raw = target;
	return r;
}

static void wait_begin(struct httpd *h, struct request *r)
{
	r->prev = NULL;
	r->next = h->waiting;
	if (r->next)
		r->next->prev = r;
	h->waiting = r;
	r->round = h->generation;
	MHD_suspend_connection(r->handle);
}

static void wait_end(struct httpd *h, struct request *r)
{
	if (r->prev)
		r->prev->next = r->next;
	else
		h->waiting = r->next;
	if (r->next)
		r->next->prev = r->prev;
	r->wait_until_ms = 0;
	h->again = true;   /* the library does not count what it resumes */
	MHD_resume_connection(r->handle);
}

static void on_completed(void *ctx, struct MHD_Connection *con, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
	struct httpd *h = ctx;
	struct request *r = *con_cls;

	(void)code;
	if (!r)
		return;
	if (r->method) {   /* its headers were complete */
		h->busy--;
		if (strcmp(r->method, "GET") != 0)
			crash_point("server.answer.after");
	}
	connection_enter(&h->connections, connection_of(con), CONNECTION_IDLE, now(), 1);
	request_free(r);
	*con_cls = NULL;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	MHD_add_response_header(response, name, value);
}

static void add_headers(struct MHD_Response *response, const struct request *r)
{
	struct err_numbuf number;

	add_header(response, "Content-Type", r->answer.type ? r->answer.type : "application/json");
	add_header(response, "X-Content-Type-Options", "nosniff");
	add_header(response, "Content-Security-Policy", "default-src 'none'; sandbox");
	add_header(response, "Cache-Control", "no-store");
	add_header(response, "Countersign-Wire", "1");
	if (r->answer.status == 401)
		add_header(response, "WWW-Authenticate", "Bearer");
	if (r->answer.status == 405 && r->allow.len)
		add_header(response, "Allow", buf_str(&r->allow));
	if (r->answer.retry_after_s > 0)
		add_header(response, "Retry-After", err_num(&number, r->answer.retry_after_s));
	if (r->close || r->context->stopping)
		add_header(response, "Connection", "close");
}

static enum MHD_Result send_answer(struct request *r)
{
	struct MHD_Response *response;
	enum MHD_Result ret;
	size_t len = r->answer.body.len;

	if (r->answer.file >= 0) {
		response = MHD_create_response_from_fd64((uint64_t)r->answer.file_size, r->answer.file);
		r->answer.file = -1;
	} else {
		response = MHD_create_response_from_buffer(len, buf_take(&r->answer.body),
		                                           MHD_RESPMEM_MUST_FREE);
	}
	if (!response)
		return MHD_NO;
	add_headers(response, r);
	request_log(r, now());
	/* A read that is lost is asked again; only what changed something is
	 * worth dying around. */
	if (strcmp(r->method, "GET") != 0)
		crash_point("server.answer.before");
	ret = MHD_queue_response(r->handle, (unsigned)r->answer.status, response);
	MHD_destroy_response(response);
	return ret;
}

static enum MHD_Result add_request_header(void *ctx, enum MHD_ValueKind kind, const char *name,
                                          size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	guard_head_add(ctx, name, name_len, value ? value : "", value_len);
	return MHD_YES;
}

static enum MHD_Result begin(struct httpd *h, struct request *r, const char *method,
                             const char *version)
{
	struct connection *c = connection_of(r->handle);
	bool body;

	h->busy++;
	guard_head_init(&r->head, r->target, version);
	if (h->in_place && r->head.cause != GUARD_VERSION)
		guard_head_lines(&r->head, r->raw, strlen(r->target), version);
	MHD_get_connection_values_n(r->handle, MHD_HEADER_KIND, add_request_header, &r->head);
	if (request_begin(r, method, now()) == REQUEST_ANSWER) {
		connection_enter(&h->connections, c, CONNECTION_ANSWER, now(), 1);
		return send_answer(r);
	}
	body = r->head.chunked || r->head.length;
	connection_enter(&h->connections, c, body ? CONNECTION_BODY : CONNECTION_ANSWER, now(),
	                 r->blob ? UPLOAD_FACTOR : 1);
	return MHD_YES;
}

/* The library calls this once for the headers, once for each piece of the
 * body, once at its end, and again after a long poll was resumed. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *con, const char *url,
                                  const char *method, const char *version,
                                  const char *data, size_t *data_len, void **con_cls)
{
	struct httpd *h = ctx;
	struct request *r = *con_cls;

	(void)url;   /* decoded by rules that are not ours */
	if (!r->method)
		return begin(h, r, method, version);
	if (*data_len) {
		size_t len = *data_len;

		*data_len = 0;
		return request_take(r, data, len) ? MHD_YES : MHD_NO;
	}
	connection_enter(&h->connections, connection_of(con), CONNECTION_ANSWER, now(), 1);
	if (request_finish(r, now()) == REQUEST_ANSWER)
		return send_answer(r);
	wait_begin(h, r);
	return MHD_YES;
}

/* --- the daemon ------------------------------------------------------------- */

int httpd_open(const struct httpd_options *o, struct queue *queue, struct httpd **out,
               struct err *err)
{
	struct httpd *h = mem_zalloc(sizeof *h);
	const union MHD_DaemonInfo *info;

	h->context.queue = queue;
	h->connections.header_ms = o->header_ms;
	h->connections.body_ms = o->body_ms;
	h->connections.idle_ms = o->idle_ms;
	h->in_place = strcmp(MHD_get_version(), "0.9.75") == 0;
	h->generation = queue_generation(queue);
	h->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
		on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, library_log, NULL,
		MHD_OPTION_LISTEN_SOCKET, o->listen_fd,
		MHD_OPTION_CONNECTION_LIMIT, o->connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->per_address,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)INACTIVE_S,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		MHD_OPTION_END);
	if (!h->daemon) {
		close(o->listen_fd);
		free(h);
		return err_set(err, ERR_INTERNAL, N_("the HTTP library did not start"));
	}
	info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	h->epoll_fd = info->epoll_fd;
	*out = h;
	return 0;
}

int httpd_fd(const struct httpd *h)
{
	return h->epoll_fd;
}

int httpd_timeout_ms(const struct httpd *h)
{
	MHD_UNSIGNED_LONG_LONG ms;
	int most = REAP_MS;

	if (h->again)
		return 0;
	if (h->waiting && queue_generation(h->context.queue) != h->generation)
		most = WAKE_MS;
	for (const struct request *r = h->waiting; r; r = r->next)
		if (r->wait_until_ms - now() < most)
			most = r->wait_until_ms > now() ? (int)(r->wait_until_ms - now()) : 0;
	if (MHD_get_timeout(h->daemon, &ms) == MHD_YES && ms < (unsigned)most)
		most = (int)ms;
	return most;
}

static void wake(struct httpd *h, int64_t now_ms)
{
	uint64_t generation = queue_generation(h->context.queue);
	int looks = 0;

	if (generation != h->generation && now_ms - h->woken_ms >= WAKE_MS) {
		h->generation = generation;
		h->woken_ms = now_ms;
	}
	for (struct request *r = h->waiting, *next; r; r = next) {
		bool over = h->context.stopping || now_ms >= r->wait_until_ms;

		next = r->next;
		if (!over && r->round == h->generation)
			continue;
		if (!over && looks++ == WAKE_MOST) {
			h->again = true;
			return;
		}
		r->round = h->generation;
		if (request_again(r, now_ms))
			wait_end(h, r);
	}
}

void httpd_run(struct httpd *h)
{
	h->again = false;
	MHD_run(h->daemon);
	wake(h, now());
	if (now() - h->reaped_ms >= REAP_MS / 2) {
		h->reaped_ms = now();
		connection_reap(&h->connections, h->reaped_ms);
	}
}

void httpd_stop(struct httpd *h)
{
	MHD_socket fd = MHD_quiesce_daemon(h->daemon);

	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	h->context.stopping = true;
	wake(h, now());
}

unsigned httpd_busy(const struct httpd *h)
{
	return h->busy;
}

void httpd_close(struct httpd *h)
{
	if (!h)
		return;
	/* The library wants nothing suspended when it stops. */
	while (h->waiting)
		wait_end(h, h->waiting);
	MHD_run(h->daemon);
	MHD_stop_daemon(h->daemon);
	free(h);
}

const char *httpd_library(void)
{
	return MHD_get_version();
}
