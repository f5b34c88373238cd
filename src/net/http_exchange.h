/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the room only: one request and its answer on a libcurl easy handle.
 */
#ifndef NET_HTTP_EXCHANGE_H
#define NET_HTTP_EXCHANGE_H

#include <curl/curl.h>

#include "net/http.h"

/* What every exchange of a transport shares; owned by the transport. */
struct http_peer {
	char *base;              /* scheme, host, port, prefix; no slash at the end */
	char *host;              /* for sentences */
	bool plain;              /* http: to this machine only */
	struct buf authorization;/* header line, or empty; wiped at the end */
	char *ca_file, *pinned_key, *user_agent;
	int connect_timeout_ms, timeout_ms, stall_timeout_ms;
};

struct http_exchange {
	struct http_exchange *next;
	int handle;
	const struct http_peer *peer;
	CURL *easy;
	struct curl_slist *headers;  /* holds the token: wiped when freed */
	char error[CURL_ERROR_SIZE];

	const char *out;         /* request body: owned where copied is set */
	char *copied;
	size_t out_len, out_at;
	int file;                /* of an upload, or -1 */
	int64_t file_size;
	bool file_failed;

	size_t answer_max, header_len;
	bool too_long, headers_too_long, elsewhere, no_memory;
	void (*progress)(void *ctx, int64_t done, int64_t total);
	void *progress_ctx;

	int64_t started_us;
	bool done;
	struct transport_response response;
};

/* Makes a handle ready to be added to a multi handle. ERR_IO, ERR_DENIED,
 * ERR_NOT_FOUND: the file to upload; ERR_LIMIT: it is too large. */
int http_exchange_new(const struct http_peer *peer, const struct transport_request *request,
                      struct http_exchange **out, struct err *err);
/* Turns curl's result into the response. */
void http_exchange_end(struct http_exchange *x, CURLcode result);
void http_exchange_free(struct http_exchange *x);

#endif
