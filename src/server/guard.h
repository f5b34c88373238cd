/* SPDX-License-Identifier: Apache-2.0
 *
 * The guard: what no handler may ever see. The HTTP library accepts forms of
 * framing that a proxy in front of it may read otherwise (two Content-Length,
 * Content-Length beside Transfer-Encoding, two Host, NUL in a path); a request
 * that has one of them is refused and its connection closed, so that nothing
 * hidden behind it is executed. Rules after RFC 9112 (3.2, 5.1, 6.1, 6.3, 11.2)
 * and RFC 3986 (3.3). Pure functions; no socket here.
 */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/problem.h"

enum guard_cause {
	GUARD_NONE,
	GUARD_TARGET,          /* target is no plain path, or too long */
	GUARD_ESCAPE,          /* %00 %2f %5c, broken escapes, dot segments */
	GUARD_VERSION,         /* neither HTTP/1.1 nor HTTP/1.0 */
	GUARD_LINE,            /* a line folded, without CR, or with a NUL inside */
	GUARD_HOST,            /* not exactly one Host */
	GUARD_HEADER_NAME,     /* name is no token */
	GUARD_HEADER_VALUE,    /* control character in a value */
	GUARD_LENGTH,          /* Content-Length twice, or not a plain number */
	GUARD_ENCODING,        /* Transfer-Encoding other than one "chunked" */
	GUARD_LENGTH_AND_ENCODING,
	GUARD_CONTENT_ENCODING,/* compressed body */
	GUARD_CREDENTIALS,     /* more than one Authorization or Countersign-Wire */
	GUARD_EXPECT,          /* Expect other than 100-continue */
	GUARD_BODY,            /* a body where none belongs */
	GUARD_TOO_LARGE,       /* body beyond the limit of its route */
	GUARD_CAUSES
};

struct guard_rule {
	const char *name;      /* for the log and the counters */
	enum problem problem;  /* of the refusal */
	const char *detail;    /* message id */
};

const struct guard_rule *guard_rule(enum guard_cause cause);

/* The request line and the headers as they are walked, repetitions included. */
struct guard_head {
	enum guard_cause cause;      /* the first fault met */
	unsigned hosts, lengths, encodings, credentials, wires;
	bool chunked;
	bool expects;                /* 100-continue: the client holds the body */
	int64_t length;              /* bytes of the body, 0 where none is stated */
	const char *authorization;   /* borrowed, or NULL */
	const char *wire;            /* Countersign-Wire, borrowed, or NULL */
	const char *line;            /* where the next header must begin, or NULL */
};

/* target: the raw request target, before any decoding. */
void guard_head_init(struct guard_head *head, const char *target, const char *version);
/* libmicrohttpd 0.9.75 takes lines that end in a bare LF, folded lines, and cuts
 * lines at a NUL; it cuts up the head where it was received, in order. So where
 * target and version point into that memory, each piece must stand right behind
 * the one before: what does not was one of these. (The end of the last header
 * cannot be seen.) Call it after guard_head_init(), with that library only. */
void guard_head_lines(struct guard_head *head, const char *target, size_t target_len,
                      const char *version);
/* name and value are borrowed while the head is in use; sizes in bytes, so
 * that a NUL inside is seen. */
void guard_head_add(struct guard_head *head, const char *name, size_t name_len,
                    const char *value, size_t value_len);
/* The verdict after the last header. */
enum guard_cause guard_head_end(struct guard_head *head);

/* The rules for the raw target alone. */
enum guard_cause guard_target(const char *target);

/* Refusals are counted by cause and logged at most once a second each. */
struct guard_count {
	uint64_t refused[GUARD_CAUSES];
	int64_t logged_us[GUARD_CAUSES];   /* monotonic; 0: never */
};

/* Counts; true where this one is to be logged. now_us: monotonic. */
bool guard_count_add(struct guard_count *count, enum guard_cause cause, int64_t now_us);

#endif
