/* SPDX-License-Identifier: Apache-2.0
 *
 * The transport over HTTP/1.1 (RFC 9112). No redirects are followed, no other
 * protocol than http and https is spoken, and plain http only to this machine
 * itself (the address that was really connected to is checked, not the name).
 * TLS 1.2 or newer with the system's certificates. The token goes out in the
 * Authorization header and nowhere else; what this room keeps of it is wiped.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "net/transport.h"

struct http_options {
	const char *server;        /* "https://host[:port][/prefix]" */
	const char *token;         /* bearer token, or NULL */
	const char *ca_file;       /* certificates instead of the system's, or NULL */
	const char *pinned_key;    /* "sha256//…[;sha256//…]", or NULL */
	const char *user_agent;    /* or NULL */
	int connect_timeout_ms;    /* 0: 10,000 */
	int timeout_ms;            /* of a whole exchange; 0: 60,000 */
	int stall_timeout_ms;      /* without a byte either way; 0: 40,000 */
};

/* ERR_CONFIG: the address is none, has another scheme, names a user, carries a
 * query, or is plain http to a name that is not localhost, 127.0.0.0/8 or ::1. */
int http_open(const struct http_options *options, struct transport **out,
              struct err *err);

/* Reads a token file: one line cst_ and 64 hexadecimal digits. ERR_DENIED
 * where others can read it, ERR_INVALID where it is not a token. token is
 * wiped by the caller with hash_wipe(). */
enum { HTTP_TOKEN_SIZE = 69 };   /* cst_ + 64 + NUL */
int http_token_read(const char *path, char token[HTTP_TOKEN_SIZE], struct err *err);

/* Reads an HTTP-date (RFC 9110 5.6.7, all three forms); false where it is none. */
bool http_date_parse(const char *text, int64_t *at_ms);
/* Reads a Retry-After value: seconds or a date, relative to now_ms; the result
 * is cut to 0 … one day. False where it is neither. */
bool http_retry_after_parse(const char *text, int64_t now_ms, int64_t *after_ms);

#endif
