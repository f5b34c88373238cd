/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposal documents (design: protocol, "Proposal"). Unknown members are
 * ignored and stay in the document.
 */
#ifndef WIRE_PROPOSAL_H
#define WIRE_PROPOSAL_H

#include "base/err.h"
#include "model/proposal.h"
#include "model/value.h"

/* Reads a whole proposal as a producer sends it; doc is stolen, also on error.
 * ERR_INVALID with the JSON pointer of the first fault in err->where. */
int wire_proposal_read(struct value *doc, struct proposal **out, struct err *err);
/* The same for what a lease carries: members that a view withholds (values,
 * label, confidence, alternatives, …) may be missing. */
int wire_proposal_read_view(struct value *doc, struct proposal **out, struct err *err);

#endif
