/* SPDX-License-Identifier: Apache-2.0
 *
 * What all review screens share: the header above, the evidence pane in the
 * middle, and how parts share the height. What stands below: foot.h.
 */
#ifndef VIEW_REVIEW_FRAME_H
#define VIEW_REVIEW_FRAME_H

#include "view/bar.h"
#include "view/item.h"

/* Where, who, connected how: the right side of a first row. */
void frame_ambient(const struct facts *facts, struct bar *bar);
/* Two rows and a rule. */
void frame_header(struct item *item, const struct facts *facts, struct rows *out);
/* Rows that must be said above the body: hidden text, siblings, lease over. */
void frame_warnings(struct item *item, const struct facts *facts, struct rows *out);
/* Adds the source text with its rule, in exactly room rows; marks the evidence
 * and the candidates of the selected field (extraction) or of the action. */
void frame_evidence(struct item *item, size_t room, struct rows *out);
/* A body of parts that share a height: each has rows, a least and a wish. */
struct frame_part {
	struct rows rows;
	size_t least;      /* rows it must have, as far as there are so many */
	size_t given;      /* rows it got */
	int priority;      /* 0 is served first */
	bool fill;         /* takes what is left */
};
/* Gives room to the parts: first their least by priority, then up to all their
 * rows by priority, then the rest to the first that fills. */
void frame_share(struct frame_part *parts, size_t count, size_t room);

#endif
