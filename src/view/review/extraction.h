/* SPDX-License-Identifier: Apache-2.0
 *
 * A review of proposed fields: fields with what is asked, the source with the
 * evidence of the selected field, facts, and what would be recorded. Narrow:
 * one above the other; from 110 cells: side by side.
 */
#ifndef VIEW_REVIEW_EXTRACTION_H
#define VIEW_REVIEW_EXTRACTION_H

#include "view/item.h"

enum { EXTRACTION_WIDE = 110 };

/* Adds the body below the header; height is that of the whole. */
void extraction_layout(struct item *item, const struct facts *facts, unsigned height,
                       struct rows *out);

#endif
