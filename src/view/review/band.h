/* SPDX-License-Identifier: Apache-2.0
 *
 * Confidence in words. Until something was measured, words come from the
 * queue's bands (below 0.50 low, below 0.90 medium, else high) and are drawn
 * hollow, "not yet checked". A missing confidence is unknown: neither 0 nor 1.
 */
#ifndef VIEW_REVIEW_BAND_H
#define VIEW_REVIEW_BAND_H

#include <stdbool.h>

#include "model/definition.h"
#include "model/value.h"
#include "view/rows.h"

enum band { BAND_UNKNOWN, BAND_LOW, BAND_MEDIUM, BAND_HIGH };
enum { BAND_CELLS = 5 };

enum band band_of(const struct definition *d, const struct value *confidence);
/* "low", "medium", "high", "confidence unknown". */
const char *band_words(enum band b);
/* Five cells, as many of them marked as the confidence has fifths, rounded;
 * empty where it is unknown. hollow: not measured. */
void band_bar(struct rows *r, const struct value *confidence, bool hollow);

#endif
