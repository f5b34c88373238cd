/* SPDX-License-Identifier: Apache-2.0
 *
 * struct decision <-> the wire: an envelope of exactly 24 members and a
 * content of four (design: protocol, "Decision").
 */
#ifndef WIRE_DECISION_H
#define WIRE_DECISION_H

#include "base/err.h"
#include "model/decision.h"
#include "model/value.h"

/* The envelope, without "content"; absent optional members are null. `fields`
 * keeps the order in which states were set. The caller's. */
struct value *decision_envelope(const struct decision *d);
/* {"salt":…,"value":…,"message":…,"note":…}; the caller's. */
struct value *decision_content(const struct decision *d);
/* {"value":…,"message":…,"note":…}: what the content digest covers with the
 * salt. The caller's. */
struct value *decision_hashed(const struct decision *d);
/* Sets d->content_digest from salt, value, message and note; makes the salt
 * first where there is none. */
void decision_seal(struct decision *d);

/* Reads an envelope with or without "content" and "signature". Checks form
 * only: members, types, names, id shapes, digests, times; that the content
 * gives the content digest where it is there. Not authority, not the schema.
 * ERR_INVALID with the pointer of the first fault. *out is the caller's. */
int decision_read(const struct value *doc, struct decision **out, struct err *err);

#endif
