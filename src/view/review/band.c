/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/band.h"

#include <stdlib.h>

#include "base/msg.h"
#include "base/text.h"

static double limit(const struct definition *d, const char *name, double def)
{
	const struct value *v = d ? value_find(d->bands, name) : NULL;

	if (value_is_number(v))
		return value_number(v);
	return value_str(v) ? strtod(value_str(v), NULL) : def;
}

enum band band_of(const struct definition *d, const struct value *confidence)
{
	double c;

	if (!value_is_number(confidence))
		return BAND_UNKNOWN;
	c = value_number(confidence);
	if (c < limit(d, "low", 0.5))
		return BAND_LOW;
	return c < limit(d, "medium", 0.9) ? BAND_MEDIUM : BAND_HIGH;
}

const char *band_words(enum band b)
{
	static const char *const words[] = { [BAND_UNKNOWN] = N_("confidence unknown"),
		[BAND_LOW] = N_("low"), [BAND_MEDIUM] = N_("medium"), [BAND_HIGH] = N_("high") };

	return _(words[b]);
}

void band_bar(struct rows *r, const struct value *confidence, bool hollow)
{
	bool ascii = r->flags & TEXT_ASCII;
	int marked = 0;

	if (!value_is_number(confidence)) {
		rows_to(r, r->width - rows_left(r) + BAND_CELLS);
		return;
	}
	marked = (int)(value_number(confidence) * BAND_CELLS + 0.5);
	for (int i = 0; i < BAND_CELLS; i++)
		rows_add(r, i < marked ? STYLE_PLAIN : STYLE_DIM,
		         i >= marked ? "·" : hollow ? (ascii ? "o" : "▱") : ascii ? "#" : "▇");
}
