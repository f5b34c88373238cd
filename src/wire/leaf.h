/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaf of the audit log, version 1 (data/audit-log.md). A leaf is the RFC 8785
 * text of an object with always the same members; its hash in the tree is
 * merkle_leaf_hash() over those bytes.
 */
#ifndef WIRE_LEAF_H
#define WIRE_LEAF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/value.h"

#define LEAF_TYPE_TABLE(X) \
	X(OPEN, "open") \
	X(PROPOSAL, "proposal") \
	X(REVISION, "revision") \
	X(RESULT, "result") \
	X(DECISION, "decision") \
	X(REVEAL, "reveal") \
	X(RELEASE, "release") \
	X(WITHDRAW, "withdraw") \
	X(OVERTURNED, "overturned") \
	X(TOKEN, "token") \
	X(KEY, "key") \
	X(DEVICE, "device") \
	X(DEFINITION, "definition") \
	X(POLICY, "policy") \
	X(GUIDE, "guide") \
	X(CONTROL, "control") \
	X(SAMPLING, "sampling") \
	X(ERASURE, "erasure") \
	X(RESTORE, "restore")

enum leaf_type {
#define LEAF_ENUM(symbol, name) LEAF_##symbol,
	LEAF_TYPE_TABLE(LEAF_ENUM)
#undef LEAF_ENUM
	LEAF_TYPE_COUNT
};

const char *leaf_type_name(enum leaf_type type);
bool leaf_type_find(const char *name, enum leaf_type *out);

/* Every pointer is borrowed; NULL (revision: 0) is written as null. */
struct leaf {
	enum leaf_type type;
	const char *at;            /* server time, RFC 3339 ms UTC; required */
	const char *actor;         /* principal, or "server"; required */
	const char *role;          /* in which the actor acted */
	const char *authority;     /* roles on that queue at that moment, sorted,
	                              comma separated */
	const char *device;
	const char *event;         /* id of the decision, release, call, … */
	const char *queue;
	const char *subject;       /* proposal id, or name of what is changed */
	int64_t revision;
	const char *envelope;      /* digests, "sha256:…" */
	const char *proposed, *shown, *decided;
	const char *definition, *policy, *guide;
	const char *token;         /* lease token */
	const char *outcome, *verdict;
	bool late;
	const char *stage, *review;
	const struct value *fields;   /* {name:{"state":…,"reason":…}} */
	const struct value *reasons;  /* array of strings */
	const char *state;         /* of the proposal after this leaf */
	const char *route;
	const struct value *data;  /* object of the type; integers only */
	const char *signature;     /* of the device, base64 */
};

/* Appends the leaf's bytes. ERR_INTERNAL where a required member is missing
 * or a fractional number is inside. */
int leaf_write(const struct leaf *leaf, struct buf *out, struct err *err);
/* The same as a value tree; the caller's. */
struct value *leaf_value(const struct leaf *leaf);
/* Reads a leaf: *doc is the caller's, *leaf borrows from it. ERR_CORRUPT where
 * the bytes are not exactly a version 1 leaf in canonical form. */
int leaf_read(const char *bytes, size_t len, struct value **doc, struct leaf *leaf,
              struct err *err);

#endif
