/* SPDX-License-Identifier: Apache-2.0
 *
 * Canonical JSON: RFC 8785. Members sorted by UTF-16 code units, numbers as
 * ECMAScript writes them, minimal escapes, no white space.
 */
#ifndef WIRE_JCS_H
#define WIRE_JCS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/hash.h"
#include "model/value.h"

/* Appends the canonical text of v. */
void jcs_write(const struct value *v, struct buf *out);
/* SHA-256 over the canonical text, as "sha256:" + hex; returns out. */
const char *jcs_digest(const struct value *v, char out[HASH_TEXT_SIZE]);
/* Do both have the same canonical text? */
bool jcs_equal(const struct value *a, const struct value *b);

#endif
