/* SPDX-License-Identifier: Apache-2.0
 *
 * Pre-scan: the one pass over bytes that come from outside, before any library
 * sees them. It accepts exactly RFC 8259 JSON in UTF-8 that keeps the house's
 * limits (data/formats.md, "Documents"):
 *   bytes, nodes (every value counts one, keys do not), depth (the outermost
 *   array or object has depth 1); no duplicate keys, compared after
 *   unescaping; no lone surrogate, no U+0000, no byte order mark;
 *   integers within +-(2^53-1), at most 17 significant digits, no overflow, no
 *   underflow to zero.
 * Of several faults the one with the smallest offset is reported.
 * Nothing here depends on the locale and nothing recurses.
 */
#ifndef WIRE_PRESCAN_H
#define WIRE_PRESCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { PRESCAN_DEPTH_MAX = 64, PRESCAN_POINTER_SIZE = 160 };

struct prescan_limits {
	size_t max_bytes;
	size_t max_nodes;
	size_t max_depth;        /* at most PRESCAN_DEPTH_MAX */
	/* Batches: elements of a top-level array member with one of these names
	 * are documents of their own; 0 items: no batch. */
	size_t max_items;
	size_t item_bytes, item_nodes, item_depth;
	const char *item_members[4];   /* ends with NULL */
};

/* One document: 1 MiB, 10,000 nodes, depth 32. */
extern const struct prescan_limits prescan_document;
/* A body that may wrap one document ({"proposal":…,"callback":…}): the
 * wrapper gets 64 KiB, 100 nodes and two levels of its own. The document
 * inside is scanned again by its reader, as prescan_document. */
extern const struct prescan_limits prescan_body;
/* A batch body: 8 MiB, 100 items in "proposals" or "decisions", each within
 * prescan_body. */
extern const struct prescan_limits prescan_batch;
/* An answer of the server, as a client reads it: 16 MiB, 1,000,000 nodes. */
extern const struct prescan_limits prescan_answer;

enum prescan_fault {
	PRESCAN_NONE,
	PRESCAN_SYNTAX,          /* a byte that cannot stand here */
	PRESCAN_END,             /* the text ends too early */
	PRESCAN_TRAILING,        /* something after the document */
	PRESCAN_UTF8,
	PRESCAN_CONTROL,         /* a control character inside a string */
	PRESCAN_ESCAPE,          /* unknown or incomplete escape */
	PRESCAN_SURROGATE,       /* half of a surrogate pair */
	PRESCAN_NUL,             /* U+0000 */
	PRESCAN_DUPLICATE,       /* key twice in one object */
	PRESCAN_INTEGER,         /* integer beyond +-(2^53-1) */
	PRESCAN_DIGITS,          /* more than 17 significant digits */
	PRESCAN_OVERFLOW, PRESCAN_UNDERFLOW,
	PRESCAN_BYTES, PRESCAN_NODES, PRESCAN_DEPTH, PRESCAN_ITEMS
};

struct prescan_error {
	enum prescan_fault fault;
	size_t offset;           /* of the offending byte, or the start of the
	                            number, key or value; bytes from 0 */
	size_t line;             /* from 1, counted by '\n' */
	char pointer[PRESCAN_POINTER_SIZE];   /* RFC 6901, cut at a character;
	                            the value being read, or its container */
};

/* Word of a fault in vectors and logs: "duplicate", "underflow", … */
const char *prescan_fault_name(enum prescan_fault fault);

/* Scratch of a scan: the caller's, used again from call to call, grown as
 * needed. Zero it or use PRESCAN_INIT. */
struct prescan_key;
struct prescan {
	struct prescan_key *keys;
	size_t key_count, key_cap;
};
#define PRESCAN_INIT { .keys = NULL }
void prescan_clear(struct prescan *scratch);

/* Checks len bytes. limits NULL: prescan_document. error may be NULL. Returns
 * 0, ERR_INVALID, or ERR_LIMIT (bytes, nodes, depth, items); err->where reads
 * "line 3, byte 120, /proposed/fields/total". */
int prescan_check(struct prescan *scratch, const char *bytes, size_t len,
                  const struct prescan_limits *limits, struct prescan_error *error,
                  struct err *err);

/* The span of the value at an RFC 6901 pointer in bytes that have passed a
 * scan, without white space around it. False where nothing is there. */
bool prescan_span(const char *bytes, size_t len, const char *pointer,
                  const char **start, size_t *span_len);

/* Walks the elements of the array at pointer, in order, in one pass over
 * scanned bytes:
 *   struct prescan_items it;
 *   if (prescan_items(&it, bytes, len, "/proposals"))
 *           while (prescan_next(&it, &start, &n)) …
 * False where there is no array. */
struct prescan_items { const char *at, *end; };
bool prescan_items(struct prescan_items *it, const char *bytes, size_t len,
                   const char *pointer);
bool prescan_next(struct prescan_items *it, const char **start, size_t *span_len);

#endif
