/* SPDX-License-Identifier: Apache-2.0
 *
 * Stored contents as GET /v1/log/contents gives them: what a digest in the log
 * stands for, so that anyone with the right to read can recompute it; or the
 * mark that it was erased.
 */
#ifndef WIRE_CONTENT_H
#define WIRE_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "model/value.h"

enum content_kind {
	CONTENT_PROPOSAL,      /* the document as sent; salted */
	CONTENT_DECISION,      /* {"value","message","note"}; salted */
	CONTENT_RESULT,        /* the same, made by the server; salted */
	CONTENT_OWN,           /* {"value"}: own answer of a blind review; salted */
	CONTENT_DEFINITION,    /* queue definition document */
	CONTENT_POLICY, CONTENT_GUIDE
};

const char *content_kind_name(enum content_kind kind);
bool content_kind_find(const char *name, enum content_kind *out);

/* Every pointer is borrowed. */
struct content {
	enum content_kind kind;
	const char *subject;     /* proposal, decision or review id, or queue */
	int64_t revision;        /* proposals; result number of results; else 0 */
	const char *digest;
	const char *salt;        /* 32 hex; NULL: unsalted kind, or erased */
	const char *document;    /* text as stored; NULL: erased */
	bool erased;
};

/* {"kind","subject","revision","digest","salt","document","erased"}; the
 * caller's. */
struct value *content_value(const struct content *c);
/* Borrows from v. ERR_INVALID with pointer; an erased content has neither
 * salt nor document, any other has a document. */
int content_read(const struct value *v, struct content *out, struct err *err);
/* Recomputes the digest. 0 where it fits or the content is erased;
 * ERR_CORRUPT where it does not fit. */
int content_check(const struct content *c, struct err *err);

#endif
