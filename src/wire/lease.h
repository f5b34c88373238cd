/* SPDX-License-Identifier: Apache-2.0
 *
 * Leases: what gives one person the right to decide one review, and the three
 * views of a proposal (design: protocol, "Reading and leasing").
 */
#ifndef WIRE_LEASE_H
#define WIRE_LEASE_H

#include <stddef.h>

#include "base/err.h"
#include "model/review.h"
#include "model/value.h"

/* Opens a lease. lease: the LEASE object of POST /v1/leases or of :reveal
 * (member "proposal" is ignored; pass it as the bytes that came). definition:
 * the definition document whose digest the lease names. Both are stolen, also
 * on error. Checked: the view full or peer gives back the salted digest from
 * the bytes; definition, digest and view give back "shown"; the definition is
 * the one named. lease_boot_ms is left 0 for the store.
 * ERR_INVALID (form, with pointer), ERR_CORRUPT (a digest does not fit). */
int wire_review_read(struct value *lease, const char *proposal_bytes, size_t len,
                     struct value *definition_doc, struct review **out,
                     struct err *err);

/* The document of a blind view: an allow-list of members; the proposed answer,
 * confidences, evidence, alternatives, signals, checks, steps and everything
 * unknown are left out, names of fields stay, in byte order. Full text in
 * data/formats.md. NULL for an approval, which has no blind view. The
 * caller's. */
struct value *lease_blind_document(const struct value *proposal_doc);

#endif
