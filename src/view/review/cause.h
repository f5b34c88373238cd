/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a person is asked: the results of the policy's leaves as sentences.
 */
#ifndef VIEW_REVIEW_CAUSE_H
#define VIEW_REVIEW_CAUSE_H

#include "base/buf.h"
#include "model/review.h"
#include "view/rows.h"

/* At one field, briefly: "unsure 0.70 < 0.90", "required, missing"; "" where
 * nothing names the field. required: the schema demands it. */
void cause_field(const struct review *r, const char *field, bool required, struct buf *out);
/* Of the item, one sentence: "asked because: Total unsure (0.70, limit 0.90) · …". */
void cause_sentence(const struct review *r, struct buf *out);
/* Every leaf with its result, one or more rows each. */
void cause_rows(const struct review *r, struct rows *out);

#endif
