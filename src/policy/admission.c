/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/admission.h"

#include <stdlib.h>

#include "base/msg.h"

/* The first fault names the field, so that a person sees what to mend. */
static void say_fault(const struct schema_faults *faults, struct err *why)
{
	const struct schema_fault *f = &faults->items[0];
	char *field = schema_fault_field(f), words[ERR_ARG_SIZE];

	err_words(&f->err, words, sizeof words);
	if (field)
		err_set(why, ERR_DENIED, N_("%s: %s"), field, words);
	else
		err_set(why, ERR_DENIED, N_("the proposed answer %s"), words);
	free(field);
}

bool admission_allows(const struct admission *a, enum outcome outcome,
                      char why[ADMISSION_TEXT_SIZE])
{
	struct err e = ERR_INIT;

	/* Every other outcome is always open: there is a way out of every item. */
	if (outcome == OUTCOME_APPROVE) {
		if (!a->has_proposed)
			err_set(&e, ERR_DENIED, N_("there is no proposed answer to approve"));
		else if (!a->fits && a->faults && a->faults->count)
			say_fault(a->faults, &e);
		else if (!a->fits)
			err_set(&e, ERR_DENIED, N_("the proposed answer does not fit the queue's form"));
	}
	err_words(&e, why, ADMISSION_TEXT_SIZE);
	return e.code == ERR_NONE;
}
