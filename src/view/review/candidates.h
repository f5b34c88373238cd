/* SPDX-License-Identifier: Apache-2.0
 *
 * Candidates for a field, found in a text: what looks like the thing that is
 * wanted (a date, an amount, a number, a line), the likeliest first: beside the
 * evidence, then on lines that name the field, then in the order of the text.
 * Values equal to the one proposed are left out.
 */
#ifndef VIEW_REVIEW_CANDIDATES_H
#define VIEW_REVIEW_CANDIDATES_H

#include <stddef.h>

#include "model/proposal.h"
#include "view/form.h"

enum { CANDIDATES_MAX = 9 };

struct candidate {
	size_t start, end;   /* code points of the source, [start, end) */
	char *text;          /* owned */
};

struct candidates {
	const struct source *source;   /* borrowed; NULL: there is no text */
	struct candidate items[CANDIDATES_MAX];
	size_t count;
};

void candidates_find(const struct proposal *p, const struct form_field *field,
                     struct candidates *out);
void candidates_clear(struct candidates *c);

#endif
