/* SPDX-License-Identifier: Apache-2.0 */
#include "model/review.h"

#include <stdlib.h>

void review_header_clear(struct review_header *h)
{
	free(h->external_id);
	free(h->queue);
	free(h->case_id);
	free(h->state);
	*h = (struct review_header){ .confidence_pm = -1 };
}

void review_free(struct review *r)
{
	if (!r)
		return;
	proposal_free(r->proposal);
	definition_free(r->definition);
	free(r->allowed);
	value_free(r->doc);
	free(r);
}

bool review_asks(const struct review *r, const char *field)
{
	return !value_count(r->asked) || value_has_string(r->asked, field);
}

const char *review_why_not(const struct review *r, enum outcome outcome)
{
	for (size_t i = 0; i < r->allowed_count; i++)
		if (r->allowed[i].outcome == outcome)
			return r->allowed[i].why_not;
	return NULL;
}
