/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/verdict.h"

#include "base/msg.h"

enum verdict verdict_judge(const struct verdict_facts *f, bool *late)
{
	*late = false;
	if (f->revoked || !f->permitted)
		return VERDICT_REFUSED_AUTHZ;
	if (!f->form_ok)
		return VERDICT_INVALID;
	if (!f->shown_current || !f->revision_current || f->withdrawn)
		return VERDICT_STALE;
	if (f->amends && !f->amend_open)
		return VERDICT_TOO_LATE;
	if (!f->amends && (f->decided || f->expired || !f->token_current))
		return VERDICT_LATE_OPINION;
	if (!f->admitted)
		return VERDICT_REFUSED_POLICY;
	*late = !f->amends && f->lease_ended;
	return VERDICT_ACCEPTED;
}

bool verdict_counts(enum verdict v)
{
	return v == VERDICT_ACCEPTED || v == VERDICT_LATE_OPINION;
}

const char *verdict_sentence(enum verdict v)
{
	switch (v) {
	case VERDICT_REFUSED_AUTHZ:
		return N_("You may not decide this.");
	case VERDICT_INVALID:
		return N_("The answer is not complete or does not fit the queue's form.");
	case VERDICT_STALE:
		return N_("The item had changed; what you saw is no longer what is asked.");
	case VERDICT_TOO_LATE:
		return N_("The earlier decision can no longer be changed; yours is kept.");
	case VERDICT_LATE_OPINION:
		return N_("Somebody else has it or had decided it; yours is kept as an opinion.");
	case VERDICT_REFUSED_POLICY:
		return N_("The rules in force do not allow this outcome.");
	case VERDICT_ID_REUSED:
		return N_("This id was used for another decision.");
	case VERDICT_DEVICE_FORKED:
		return N_("Another decision of this device has this number.");
	default:
		return NULL;
	}
}
