/* SPDX-License-Identifier: Apache-2.0
 *
 * The HTTP transport against a server that misbehaves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "base/mem.h"
#include "net/http.h"
#include "scripted_server.h"

#define TOKEN "cst_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OK "HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\n"

#define TEN(s) s s s s s s s s s s
#define LINE "X-Pad: 0123456789012345678901234567890123456789012345678901234567890123\r\n"

static const struct scripted_answer script[] = {
	{ "/echo", NULL, 0, SCRIPTED_KEEP },
	{ "/once", NULL, 0, SCRIPTED_CLOSE },
	{ "/ok", OK "Content-Length: 2\r\n\r\n{}", 0, SCRIPTED_KEEP },
	{ "/dated", OK "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: 7\r\n"
	  "Content-Length: 2\r\n\r\n{}", 0, SCRIPTED_KEEP },
	{ "/away", "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n", 0,
	  SCRIPTED_KEEP },
	{ "/busy", "HTTP/1.1 503 Busy\r\nRetry-After: 3\r\n"
	  "Content-Type: application/problem+json\r\nContent-Length: 12\r\n\r\n{\"a\":\"busy\"}", 0,
	  SCRIPTED_KEEP },
	{ "/big", OK "Content-Length: 5000\r\n\r\n", 5000, SCRIPTED_KEEP },
	{ "/endless", OK "\r\n", 1 << 20, SCRIPTED_HANG },
	{ "/headers", "HTTP/1.1 200 OK\r\n" TEN(TEN(TEN(LINE))), 0, SCRIPTED_HANG },
	{ "/nonsense", "220 mail.example ESMTP\r\n\r\n", 0, SCRIPTED_CLOSE },
	{ "/cut", OK "Content-Length: 100\r\n\r\n{\"half\":", 0, SCRIPTED_CLOSE },
	{ "/silent", "", 0, SCRIPTED_HANG },
	{ "/gone", "", 0, SCRIPTED_CLOSE },
	{ "/chunked", OK "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 0, SCRIPTED_KEEP },
	{ "/chunk-cut", OK "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"ab", 0, SCRIPTED_CLOSE },
	{ NULL, NULL, 0, SCRIPTED_CLOSE }
};

static struct scripted_server server;

static struct transport *open_transport(const char *token, int timeout_ms)
{
	struct http_options o = { .server = server.address, .token = token,
	                          .timeout_ms = timeout_ms };
	struct transport *t;

	assert_int_equal(http_open(&o, &t, NULL), 0);
	return t;
}

static int get(const char *path, struct transport_response *r, size_t answer_max,
               int timeout_ms)
{
	struct transport *t = open_transport(TOKEN, timeout_ms);
	struct transport_request request = { .path = path, .answer_max = answer_max };
	int rc = transport_call(t, &request, r, NULL);

	transport_close(t);
	return rc;
}

static void sends_what_it_should(void **state)
{
	struct transport *t = open_transport(TOKEN, 0);
	struct transport_request request = {
		.method = TRANSPORT_POST, .path = "/echo", .body = "{\"a\":1}", .body_len = 7 };
	struct transport_response r;

	(void)state;
	assert_int_equal(transport_call(t, &request, &r, NULL), 0);
	assert_int_equal(r.status, 200);
	assert_ptr_equal(strstr(buf_str(&r.body), "POST /echo HTTP/1.1\r\n"), buf_str(&r.body));
	assert_non_null(strstr(buf_str(&r.body), "\r\nAuthorization: Bearer " TOKEN "\r\n"));
	assert_non_null(strstr(buf_str(&r.body), "\r\nCountersign-Wire: 1\r\n"));
	assert_non_null(strstr(buf_str(&r.body), "\r\nContent-Type: application/json\r\n"));
	assert_null(strstr(buf_str(&r.body), "\r\nExpect"));
	assert_non_null(strstr(buf_str(&r.body), "\r\n\r\n{\"a\":1}"));
	assert_string_equal(r.media_type, "text/plain");
	transport_response_clear(&r);
	request.anonymous = true;
	assert_int_equal(transport_call(t, &request, &r, NULL), 0);
	assert_null(strstr(buf_str(&r.body), "cst_"));
	transport_response_clear(&r);
	transport_close(t);
}

static void reads_headers(void **state)
{
	struct transport_response r;
	int64_t at;

	(void)state;
	assert_int_equal(get("/dated", &r, 0, 0), 0);
	assert_true(clock_parse("1994-11-06T08:49:37.000Z", &at));
	assert_int_equal(r.date_ms, at);
	assert_int_equal(r.retry_after_ms, 7000);
	assert_string_equal(r.media_type, "application/json");
	assert_string_equal(buf_str(&r.body), "{}");
	transport_response_clear(&r);
	assert_int_equal(get("/chunked", &r, 0, 0), 0);
	assert_string_equal(buf_str(&r.body), "{}");
	assert_int_equal(r.date_ms, -1);
	assert_int_equal(r.retry_after_ms, -1);
	transport_response_clear(&r);
}

static void follows_no_redirect(void **state)
{
	struct transport_response r;

	(void)state;
	assert_int_equal(get("/away", &r, 0, 0), 0);
	assert_int_equal(r.status, 302);
	assert_false(transport_may_retry(&r));
	transport_response_clear(&r);
}

static void keeps_error_answers(void **state)
{
	struct transport_response r;

	(void)state;
	assert_int_equal(get("/busy", &r, 0, 0), 0);
	assert_int_equal(r.status, 503);
	assert_int_equal(r.retry_after_ms, 3000);
	assert_string_equal(r.media_type, "application/problem+json");
	assert_string_equal(buf_str(&r.body), "{\"a\":\"busy\"}");
	assert_true(transport_may_retry(&r));
	transport_response_clear(&r);
}

static void names_each_failure(void **state)
{
	static const struct { const char *path; size_t max; int timeout; int code; } cases[] = {
		{ "/big", 4999, 0, ERR_LIMIT },
		{ "/endless", 65536, 0, ERR_LIMIT },
		{ "/headers", 0, 0, ERR_INVALID },
		{ "/nonsense", 0, 0, ERR_INVALID },
		{ "/cut", 0, 0, ERR_OFFLINE },
		{ "/chunk-cut", 0, 0, ERR_OFFLINE },
		{ "/gone", 0, 0, ERR_OFFLINE },
		{ "/silent", 0, 150, ERR_OFFLINE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct transport_response r;
		int rc = get(cases[i].path, &r, cases[i].max, cases[i].timeout);

		if (rc != cases[i].code)
			print_error("%s gave %d\n", cases[i].path, rc);
		assert_int_equal(rc, cases[i].code);
		assert_int_equal(r.status, 0);
		assert_int_equal(r.body.len, 0);
		assert_true(transport_may_retry(&r));
		transport_response_clear(&r);
	}
	{
		struct transport_response r;

		assert_int_equal(get("/big", &r, 5000, 0), 0);
		assert_int_equal(r.body.len, 5000);
		transport_response_clear(&r);
	}
}

static void says_when_nobody_listens(void **state)
{
	struct scripted_server gone;
	struct http_options o = { .server = gone.address };
	struct transport *t;
	struct transport_request request = { .path = "/ok" };
	struct transport_response r;
	struct err err = ERR_INIT;

	(void)state;
	scripted_server_start(&gone, script);
	scripted_server_stop(&gone);
	assert_int_equal(http_open(&o, &t, NULL), 0);
	assert_int_equal(transport_call(t, &request, &r, &err), ERR_OFFLINE);
	assert_string_equal(err.arg[0], "127.0.0.1");
	transport_response_clear(&r);
	transport_close(t);
}

static void refuses_addresses(void **state)
{
	static const char *const bad[] = {
		"", "127.0.0.1:8470", "ftp://127.0.0.1/", "http://queue.example/", "http://10.0.0.1",
		"http://127.0.0.1.example/", "https://user@queue.example", "https://queue.example/?a",
		"https://queue.example/#a", "file:///etc/passwd", "http://[::2]/"
	};
	static const char *const good[] = {
		"http://127.0.0.1:1/", "http://127.9.9.9", "http://localhost:8470", "http://[::1]:1",
		"https://queue.example/base/"
	};
	struct transport *t;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct http_options o = { .server = bad[i] };

		assert_int_equal(http_open(&o, &t, NULL), ERR_CONFIG);
		assert_null(t);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct http_options o = { .server = good[i] };

		assert_int_equal(http_open(&o, &t, NULL), 0);
		transport_close(t);
	}
	{
		struct http_options o = { .server = good[0], .token = "cst_a\r\nX: y" };

		assert_int_equal(http_open(&o, &t, NULL), ERR_CONFIG);
	}
}

struct seen { int64_t done, total; int calls; };

static void on_progress(void *ctx, int64_t done, int64_t total)
{
	struct seen *seen = ctx;

	assert_true(done >= seen->done);
	seen->done = done;
	seen->total = total;
	seen->calls++;
}

static void streams_a_file(void **state)
{
	char path[] = "upload-XXXXXX";
	size_t len = 1 << 20;
	char *bytes = mem_alloc(len);
	struct transport *t = open_transport(TOKEN, 0);
	struct seen seen = { 0, 0, 0 };
	struct transport_request request = {
		.method = TRANSPORT_PUT, .path = "/echo", .upload_path = path,
		.media_type = "application/octet-stream",
		.progress = on_progress, .progress_ctx = &seen };
	struct transport_response r;
	int fd = mkstemp(path);

	(void)state;
	id_random(bytes, len);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)('a' + (bytes[i] & 15));
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	assert_int_equal(transport_call(t, &request, &r, NULL), 0);
	assert_ptr_equal(strstr(buf_str(&r.body), "PUT /echo"), buf_str(&r.body));
	assert_non_null(strstr(buf_str(&r.body), "\r\nContent-Length: 1048576\r\n"));
	assert_memory_equal(strstr(buf_str(&r.body), "\r\n\r\n") + 4, bytes, len);
	assert_true(seen.calls > 0);
	transport_response_clear(&r);
	unlink(path);
	assert_int_equal(transport_call(t, &request, &r, NULL), ERR_NOT_FOUND);
	assert_int_equal(r.status, 0);
	transport_response_clear(&r);
	request.upload_path = "/dev/null";
	assert_int_equal(transport_call(t, &request, &r, NULL), ERR_IO);
	transport_response_clear(&r);
	free(bytes);
	transport_close(t);
}

/* A connection that the server closed in the meantime is no failure. */
static void reopens_a_closed_connection(void **state)
{
	struct transport *t = open_transport(NULL, 0);
	struct transport_request request = {
		.method = TRANSPORT_PUT, .path = "/once", .body = "abc", .body_len = 3 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct transport_response r;

		assert_int_equal(transport_call(t, &request, &r, NULL), 0);
		assert_non_null(strstr(buf_str(&r.body), "\r\n\r\nabc"));
		transport_response_clear(&r);
	}
	transport_close(t);
}

/* Several at a time from a poll loop; one is given up. */
static void runs_side_by_side(void **state)
{
	struct transport *t = open_transport(TOKEN, 0);
	struct transport_request ok = { .path = "/ok" }, silent = { .path = "/silent" };
	int a = t->ops->start(t, &ok, NULL), b = t->ops->start(t, &silent, NULL);
	int c = t->ops->start(t, &ok, NULL), left = 2;
	struct transport_response r;

	(void)state;
	transport_response_init(&r);
	assert_true(a > 0 && b > a && c > b);
	while (left) {
		struct pollfd fds[TRANSPORT_FDS];
		size_t n = t->ops->pollfds(t, fds, TRANSPORT_FDS);

		poll(fds, n, t->ops->timeout_ms(t));
		t->ops->step(t);
		assert_false(t->ops->take(t, b, &r));
		if (t->ops->take(t, a, &r) || t->ops->take(t, c, &r)) {
			assert_int_equal(r.status, 200);
			left--;
		}
	}
	t->ops->cancel(t, b);
	t->ops->cancel(t, b);
	assert_false(t->ops->take(t, b, &r));
	assert_int_equal(t->ops->timeout_ms(t), -1);
	transport_response_clear(&r);
	transport_close(t);
}

static void reads_dates(void **state)
{
	int64_t at, want, after;

	(void)state;
	clock_parse("1994-11-06T08:49:37.000Z", &want);
	assert_true(http_date_parse("Sun, 06 Nov 1994 08:49:37 GMT", &at));
	assert_int_equal(at, want);
	assert_true(http_date_parse("Sunday, 06-Nov-94 08:49:37 GMT", &at));
	assert_int_equal(at, want);
	assert_true(http_date_parse("Sun Nov  6 08:49:37 1994", &at));
	assert_int_equal(at, want);
	assert_false(http_date_parse("", &at));
	assert_false(http_date_parse("Sun, 06 Nov 1994 08:49:37 UTC", &at));
	assert_false(http_date_parse("Sun, 31 Feb 1994 08:49:37 GMT", &at));
	assert_false(http_date_parse("Sun, 06 Nov 1994 08:49:37 GMT ", &at));
	assert_true(http_retry_after_parse("120", want, &after));
	assert_int_equal(after, 120000);
	assert_true(http_retry_after_parse("99999999999999999999999", want, &after));
	assert_int_equal(after, 86400000);
	assert_true(http_retry_after_parse("Sun, 06 Nov 1994 08:49:39 GMT", want, &after));
	assert_int_equal(after, 2000);
	assert_true(http_retry_after_parse("Sun, 06 Nov 1994 08:49:30 GMT", want, &after));
	assert_int_equal(after, 0);
	assert_false(http_retry_after_parse("-1", want, &after));
	assert_false(http_retry_after_parse("", want, &after));
}

static void encodes(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	transport_encode(&b, "a/b c&d=é~._-");
	assert_string_equal(buf_str(&b), "a%2Fb%20c%26d%3D%C3%A9~._-");
	buf_clear(&b);
}

static void reads_token_files(void **state)
{
	char path[] = "token-XXXXXX", token[HTTP_TOKEN_SIZE];
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, TOKEN "\n", strlen(TOKEN) + 1), (ssize_t)strlen(TOKEN) + 1);
	assert_int_equal(http_token_read(path, token, NULL), 0);
	assert_string_equal(token, TOKEN);
	assert_int_equal(fchmod(fd, 0640), 0);
	assert_int_equal(http_token_read(path, token, NULL), ERR_DENIED);
	assert_string_equal(token, "");
	assert_int_equal(fchmod(fd, 0600), 0);
	assert_int_equal(ftruncate(fd, 40), 0);
	assert_int_equal(http_token_read(path, token, NULL), ERR_INVALID);
	close(fd);
	unlink(path);
	assert_int_equal(http_token_read(path, token, NULL), ERR_NOT_FOUND);
}

static int start(void **state)
{
	(void)state;
	scripted_server_start(&server, script);
	return id_init();
}

static int stop(void **state)
{
	(void)state;
	scripted_server_stop(&server);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_what_it_should),
		cmocka_unit_test(reads_headers),
		cmocka_unit_test(follows_no_redirect),
		cmocka_unit_test(keeps_error_answers),
		cmocka_unit_test(names_each_failure),
		cmocka_unit_test(says_when_nobody_listens),
		cmocka_unit_test(refuses_addresses),
		cmocka_unit_test(streams_a_file),
		cmocka_unit_test(reopens_a_closed_connection),
		cmocka_unit_test(runs_side_by_side),
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(encodes),
		cmocka_unit_test(reads_token_files),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
