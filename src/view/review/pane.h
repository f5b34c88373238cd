/* SPDX-License-Identifier: Apache-2.0
 *
 * Panes that open over a review: why and signals, evidence, guide, history,
 * raw document, comparison, hidden text. Each is rows that scroll.
 */
#ifndef VIEW_REVIEW_PANE_H
#define VIEW_REVIEW_PANE_H

#include "view/item.h"

void pane_layout(struct item *item, const struct facts *facts, unsigned height,
                 struct rows *out);

#endif
