/* SPDX-License-Identifier: Apache-2.0
 *
 * Problems: RFC 9457 documents with the type "urn:countersign:problem:NAME".
 */
#ifndef WIRE_PROBLEM_H
#define WIRE_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/value.h"

/* name, HTTP status */
#define PROBLEM_TABLE(X) \
	X(MALFORMED, "malformed", 400) \
	X(UNAUTHORIZED, "unauthorized", 401) \
	X(FORBIDDEN, "forbidden", 403) \
	X(NOT_FOUND, "not_found", 404) \
	X(NOT_ALLOWED, "not_allowed", 405) \
	X(DECIDED, "decided", 409) \
	X(ALREADY_CONSUMED, "already_consumed", 409) \
	X(EXPIRED, "expired", 409) \
	X(HELD, "held", 409) \
	X(CONFLICT, "conflict", 409) \
	X(NOT_LEASED, "not_leased", 409) \
	X(MUST_REFETCH, "must_refetch", 409) \
	X(TOO_LARGE, "too_large", 413) \
	X(INVALID, "invalid", 422) \
	X(ID_REUSED, "id_reused", 422) \
	X(WIRE_TOO_OLD, "wire_too_old", 426) \
	X(TOO_MANY, "too_many", 429) \
	X(INTERNAL, "internal", 500) \
	X(BUSY, "busy", 503) \
	X(STORAGE_FULL, "storage_full", 507)

enum problem {
#define PROBLEM_ENUM(symbol, name, status) PROBLEM_##symbol,
	PROBLEM_TABLE(PROBLEM_ENUM)
#undef PROBLEM_ENUM
	PROBLEM_COUNT
};

const char *problem_name(enum problem p);
int problem_status(enum problem p);
/* Title for people: a message id (translate where shown). */
const char *problem_title(enum problem p);
/* By name ("held") or by type ("urn:countersign:problem:held"). */
bool problem_find(const char *name, enum problem *out);

/* The document; detail and pointer may be NULL, retry_after_s < 0: none. */
struct value *problem_document(enum problem p, const char *detail, const char *pointer,
                               int retry_after_s);
/* From an error: pointer taken from err->where where that is a JSON pointer
 * (alone, or at the end of "line 3, byte 120, /x"), detail from its words. */
struct value *problem_from_err(enum problem p, const struct err *err);

/* What a client makes of an answer that is no success. Strings borrowed from
 * doc. A document without a known type is judged by its HTTP status. */
struct problem_read {
	enum problem problem;
	int status;
	const char *detail, *pointer;   /* or NULL */
	int64_t retry_after_s;          /* or -1 */
};
void problem_read(const struct value *doc, int http_status, struct problem_read *out);

#endif
