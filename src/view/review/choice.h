/* SPDX-License-Identifier: Apache-2.0
 *
 * A review of a proposed label: the message, the proposed label and its
 * alternatives, numbered, and a search over all labels of the queue.
 */
#ifndef VIEW_REVIEW_CHOICE_H
#define VIEW_REVIEW_CHOICE_H

#include "view/item.h"

enum { CHOICE_DIGITS = 9, CHOICE_FOUND_MAX = 200 };

struct choice {
	const char *label;               /* on the wire; borrowed */
	const char *title, *text;        /* text: definition or NULL */
	const struct value *confidence;  /* or NULL */
	int digit;                       /* 0: the proposed one, else 1..9 */
};

/* The proposed label (none when blind) and what the digits stand for: the
 * alternatives, then, where the queue has few labels, the others. Returns how
 * many. */
size_t choice_list(const struct item *item, struct choice out[CHOICE_DIGITS + 1]);
/* The label of a digit, or NULL. Never the proposed one. */
const char *choice_of_digit(const struct item *item, int digit);
/* Title of a label for people. */
const char *choice_title(const struct definition *d, const char *label);
/* Labels whose title, name or definition has every word of the query, best
 * first (beginning of the title, then of a word, then anywhere, then the
 * definition); indices into d->labels. Returns how many, at most CHOICE_FOUND_MAX. */
size_t choice_search(const struct definition *d, const char *query,
                     size_t found[CHOICE_FOUND_MAX]);

void choice_layout(struct item *item, const struct facts *facts, unsigned height,
                   struct rows *out);
/* The search over it: query with its caret, results with the chosen one. */
void choice_search_layout(struct item *item, const struct facts *facts, const char *query,
                          size_t caret, size_t chosen, unsigned width, unsigned height,
                          struct rows *out);

#endif
