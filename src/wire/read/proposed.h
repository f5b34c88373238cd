/* SPDX-License-Identifier: Apache-2.0
 *
 * The member "proposed" of a proposal, by kind, and the evidence it points to.
 */
#ifndef WIRE_READ_PROPOSED_H
#define WIRE_READ_PROPOSED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/proposal.h"
#include "wire/read/place.h"

/* A proposal being read: head and sources are there already. */
struct proposed {
	struct proposal *p;
	const struct place *root;
	size_t *points;      /* code points of the text of each source */
	bool view;           /* members that a view withholds may be missing */
};

int proposed_read(struct proposed *r, struct err *err);

/* Members "start" and "end" of v: code points, 0 <= start <= end <= points. */
int proposed_range(const struct value *v, const struct place *at, size_t points,
                   int64_t *start, int64_t *end, struct err *err);

#endif
