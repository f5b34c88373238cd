/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading pages of a source, also where somebody damaged what is in them: bytes
 * that cannot stand in JSON become '?', so that the damage is found as a
 * digest that does not fit, and is named, instead of ending the check.
 */
#ifndef AUDIT_PAGES_H
#define AUDIT_PAGES_H

#include "audit/audit.h"
#include "wire/leaf.h"

/* Parses body as an answer (the caller's). ERR_INVALID, ERR_LIMIT. */
int pages_parse(struct buf *body, struct value **out, struct err *err);

typedef int pages_read_fn(void *ctx, const char *after, struct buf *body, struct err *err);
/* Reads every page and calls each for every element of the array `member`.
 * progress may be NULL. */
int pages_each(const struct audit_source *source, pages_read_fn *read, const char *member,
               void (*each)(void *arg, const struct value *element),
               void (*progress)(void *arg, int64_t done), void *arg, struct err *err);

/* One leaf again: *doc is the caller's, *leaf borrows from it. False where it
 * cannot be read. */
bool pages_leaf(const struct audit_source *source, int64_t index, struct value **doc,
                struct leaf *leaf);

#endif
