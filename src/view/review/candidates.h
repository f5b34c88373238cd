/* SPDX-License-Identifier: Apache-2.0
 *
 * Candidates for a field, found in a text: what looks like the thing that is
 * wanted (a date, an amount, a number, a line), the likeliest first: beside the
 * evidence, then on lines that name the field, then on lines about what is paid,
 * then in the order of the text; what had to be read through misread characters
 * comes behind. The desk's own sums (cash less change, rounding) are said to be
 * such. Values equal to the one proposed are left out.
 */
#ifndef VIEW_REVIEW_CANDIDATES_H
#define VIEW_REVIEW_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/proposal.h"
#include "view/form.h"

enum { CANDIDATES_MAX = 9 };

struct candidate {
	size_t start, end;   /* code points of the source, [start, end) */
	char *text;          /* owned */
	char *context;       /* owned: words before it on its line, or NULL */
	bool repaired;       /* read through characters that look like digits */
	const char *why;     /* message id: how the desk computed it, the span is what
	                        it began with; NULL: it stands in the text */
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
