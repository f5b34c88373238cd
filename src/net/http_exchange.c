/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_exchange.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"

enum { HEADERS_MAX = 64 << 10 };

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct http_exchange *x = ctx;
	size_t len = size * count;

	if (len > x->answer_max - x->response.body.len) {
		x->too_long = true;
		return 0;
	}
	buf_add(&x->response.body, data, len);
	return len;
}

/* The value of the header line if it has this name (lower case), cut of white
 * space, in out; false otherwise or where it is longer than out. */
static bool header_value(const char *line, size_t len, const char *name, char *out,
                         size_t size)
{
	size_t n = strlen(name);

	if (len <= n || line[n] != ':' || strncasecmp(line, name, n) != 0)
		return false;
	line += n + 1;
	len -= n + 1;
	while (len && isspace((unsigned char)*line)) {
		line++;
		len--;
	}
	while (len && isspace((unsigned char)line[len - 1]))
		len--;
	if (len >= size)
		return false;
	memcpy(out, line, len);
	out[len] = '\0';
	return true;
}

static size_t on_header(char *line, size_t size, size_t count, void *ctx)
{
	struct http_exchange *x = ctx;
	struct transport_response *r = &x->response;
	size_t len = size * count;
	char value[128];
	int64_t at_ms;

	x->header_len += len;
	if (x->header_len > HEADERS_MAX) {
		x->headers_too_long = true;
		return 0;
	}
	if (len > 5 && strncasecmp(line, "HTTP/", 5) == 0) {
		r->date_ms = r->retry_after_ms = -1;
		r->media_type[0] = '\0';
	} else if (header_value(line, len, "date", value, sizeof value)) {
		if (http_date_parse(value, &at_ms))
			r->date_ms = at_ms;
	} else if (header_value(line, len, "retry-after", value, sizeof value)) {
		if (http_retry_after_parse(value, clock_now_ms(), &at_ms))
			r->retry_after_ms = at_ms;
	} else if (header_value(line, len, "content-type", value, sizeof value)) {
		value[strcspn(value, "; \t")] = '\0';
		utf8_copy(r->media_type, sizeof r->media_type, value);
		for (char *p = r->media_type; *p; p++)
			*p = (char)tolower((unsigned char)*p);
	}
	return len;
}

static size_t on_read(char *data, size_t size, size_t count, void *ctx)
{
	struct http_exchange *x = ctx;
	size_t want = size * count, left = x->out_len - x->out_at;
	ssize_t got;

	if (x->file < 0) {
		if (want > left)
			want = left;
		memcpy(data, x->out + x->out_at, want);
		x->out_at += want;
		return want;
	}
	do
		got = read(x->file, data, want);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		x->file_failed = true;
		return CURL_READFUNC_ABORT;
	}
	return (size_t)got;
}

/* A connection that was kept and died is opened anew: the body starts again. */
static int on_seek(void *ctx, curl_off_t offset, int origin)
{
	struct http_exchange *x = ctx;

	if (origin != SEEK_SET || offset < 0)
		return CURL_SEEKFUNC_CANTSEEK;
	if (x->file >= 0)
		return lseek(x->file, offset, SEEK_SET) < 0 ? CURL_SEEKFUNC_FAIL
		                                            : CURL_SEEKFUNC_OK;
	if ((uint64_t)offset > x->out_len)
		return CURL_SEEKFUNC_FAIL;
	x->out_at = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static int on_progress(void *ctx, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                       curl_off_t up)
{
	struct http_exchange *x = ctx;

	/* Of an upload what was sent counts, not the answer that follows. */
	if (x->file >= 0 && up_total > 0)
		x->progress(x->progress_ctx, up, up_total);
	else if (x->file < 0 && down)
		x->progress(x->progress_ctx, down, down_total > 0 ? down_total : -1);
	return 0;
}

static bool is_loopback(const struct sockaddr *addr)
{
	if (addr->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)addr;

		return (ntohl(in->sin_addr.s_addr) >> 24) == 127;
	}
	if (addr->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)addr;

		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	}
	return false;
}

/* What a name resolves to is only known here. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_exchange *x = ctx;

	(void)purpose;
	if (x->peer->plain && !is_loopback(&address->addr)) {
		x->elsewhere = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void add_header(struct http_exchange *x, const char *line)
{
	struct curl_slist *more = curl_slist_append(x->headers, line);

	if (more)
		x->headers = more;
	else
		x->no_memory = true;
}

static void add_headers(struct http_exchange *x, const struct transport_request *request)
{
	struct buf type = BUF_INIT;

	add_header(x, "Accept: application/json, application/problem+json, */*;q=0.1");
	add_header(x, "Countersign-Wire: 1");
	add_header(x, "Expect:");
	if (x->peer->authorization.len && !request->anonymous)
		add_header(x, buf_str(&x->peer->authorization));
	if (request->method != TRANSPORT_GET) {
		buf_addf(&type, "Content-Type: %s",
		         request->media_type ? request->media_type : "application/json");
		add_header(x, buf_str(&type));
	}
	buf_clear(&type);
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static int open_upload(struct http_exchange *x, const char *path, struct err *err)
{
	struct stat st;

	x->file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (x->file < 0 || fstat(x->file, &st) != 0)
		return err_errno(err, N_("%s cannot be read: %s"), path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_IO, N_("%s is not a regular file"), path);
	x->file_size = st.st_size;
	return 0;
}

static void set_body(struct http_exchange *x, const struct transport_request *request)
{
	CURL *easy = x->easy;

	if (request->method == TRANSPORT_GET)
		return;
	if (request->body && !request->body_kept) {
		x->copied = mem_alloc(request->body_len + 1);
		memcpy(x->copied, request->body, request->body_len);
	}
	x->out = x->copied ? x->copied : request->body ? request->body : "";
	x->out_len = request->body ? request->body_len : 0;
	if (request->method == TRANSPORT_POST && x->file < 0) {
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->out_len);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, x->out);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	if (request->method == TRANSPORT_POST)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "POST");
	curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
	                 (curl_off_t)(x->file < 0 ? (int64_t)x->out_len : x->file_size));
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, x);
	curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(easy, CURLOPT_SEEKDATA, x);
}

static void set_guards(struct http_exchange *x, const struct transport_request *request)
{
	const struct http_peer *peer = x->peer;
	int timeout_ms = request->timeout_ms ? request->timeout_ms : peer->timeout_ms;
	CURL *easy = x->easy;

	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, peer->plain ? "http" : "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (peer->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, peer->ca_file);
	if (peer->pinned_key)
		curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, peer->pinned_key);
	if (peer->plain)
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, x);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)peer->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)(peer->stall_timeout_ms + 999) / 1000);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)x->answer_max);
}

static void set_callbacks(struct http_exchange *x)
{
	CURL *easy = x->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, x);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
	if (x->progress) {
		curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl_easy_setopt(easy, CURLOPT_XFERINFODATA, x);
	}
}

int http_exchange_new(const struct http_peer *peer, const struct transport_request *request,
                      struct http_exchange **out, struct err *err)
{
	struct http_exchange *x = mem_zalloc(sizeof *x);
	struct buf url = BUF_INIT;
	int rc = 0;

	x->peer = peer;
	x->file = -1;
	x->answer_max = request->answer_max ? request->answer_max : TRANSPORT_ANSWER_MAX;
	x->progress = request->progress;
	x->progress_ctx = request->progress_ctx;
	x->started_us = clock_mono_us();
	transport_response_init(&x->response);
	if (request->upload_path)
		rc = open_upload(x, request->upload_path, err);
	if (rc == 0 && !(x->easy = curl_easy_init()))
		rc = err_set(err, ERR_INTERNAL, N_("no request can be made"));
	if (rc) {
		http_exchange_free(x);
		return rc;
	}
	buf_addf(&url, "%s%s", peer->base, request->path);
	x->no_memory = curl_easy_setopt(x->easy, CURLOPT_URL, buf_str(&url)) != CURLE_OK;
	buf_clear(&url);
	if (peer->user_agent)
		curl_easy_setopt(x->easy, CURLOPT_USERAGENT, peer->user_agent);
	set_guards(x, request);
	set_callbacks(x);
	add_headers(x, request);
	set_body(x, request);
	if (x->no_memory) {
		http_exchange_free(x);
		return err_set(err, ERR_INTERNAL, N_("no request can be made"));
	}
	*out = x;
	return 0;
}

/* An error code and a sentence for each way in which no answer came. */
static void explain(struct http_exchange *x, CURLcode result)
{
	struct err *err = &x->response.err;
	const char *host = x->peer->host;

	if (x->elsewhere)
		err_set(err, ERR_CONFIG,
		        N_("%s is not this machine, and without TLS nothing is sent elsewhere"), host);
	else if (x->file_failed)
		err_set(err, ERR_IO, N_("a file could not be read while it was being sent"));
	else if (x->too_long || result == CURLE_FILESIZE_EXCEEDED)
		err_set(err, ERR_LIMIT, N_("the answer of %s is longer than any answer may be"), host);
	else if (x->headers_too_long)
		err_set(err, ERR_INVALID, N_("%s does not answer in HTTP"), host);
	else switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		err_set(err, ERR_OFFLINE, N_("the name %s is not known"), host);
		break;
	case CURLE_COULDNT_CONNECT:
		err_set(err, ERR_OFFLINE, N_("%s cannot be reached"), host);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		err_set(err, ERR_OFFLINE, N_("%s did not answer in time"), host);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
		err_set(err, ERR_OFFLINE, N_("no trusted connection to %s: %s"), host,
		        x->error[0] ? x->error : curl_easy_strerror(result));
		break;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_HTTP2:
		err_set(err, ERR_INVALID, N_("%s does not answer in HTTP"), host);
		break;
	default:
		err_set(err, ERR_OFFLINE, N_("the connection to %s broke off: %s"), host,
		        x->error[0] ? x->error : curl_easy_strerror(result));
	}
}

void http_exchange_end(struct http_exchange *x, CURLcode result)
{
	long status = 0;

	x->done = true;
	x->response.took_ms = (clock_mono_us() - x->started_us) / 1000;
	if (result == CURLE_OK)
		curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 100 && status <= 599) {
		x->response.status = (int)status;
		return;
	}
	buf_clear(&x->response.body);
	explain(x, result == CURLE_OK ? CURLE_WEIRD_SERVER_REPLY : result);
}

void http_exchange_free(struct http_exchange *x)
{
	if (!x)
		return;
	if (x->easy)
		curl_easy_cleanup(x->easy);
	for (struct curl_slist *h = x->headers; h; h = h->next)
		hash_wipe(h->data, strlen(h->data));
	curl_slist_free_all(x->headers);
	if (x->file >= 0)
		close(x->file);
	free(x->copied);
	transport_response_clear(&x->response);
	free(x);
}
