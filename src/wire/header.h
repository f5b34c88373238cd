/* SPDX-License-Identifier: Apache-2.0
 *
 * Review headers: the lines of GET /v1/reviews and of a change of type
 * "header". Members: review, proposal, external_id, queue, case, kind, class,
 * stage, state, confidence (number or null), due_at (or null), received_at,
 * order, held.
 */
#ifndef WIRE_HEADER_H
#define WIRE_HEADER_H

#include "base/err.h"
#include "model/review.h"
#include "model/value.h"

/* Fills *out (cleared with review_header_clear()). ERR_INVALID with pointer. */
int wire_header_read(const struct value *v, struct review_header *out, struct err *err);
/* The wire form; the caller's. Confidence is written with three decimals. */
struct value *wire_header_value(const struct review_header *h);

#endif
