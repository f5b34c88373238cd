/* SPDX-License-Identifier: Apache-2.0
 *
 * The verdict on a decision: facts in, word out, in the protocol's order, the
 * first hit counts (design: protocol, "Decision"). A known id never comes here.
 */
#ifndef QUEUE_VERDICT_H
#define QUEUE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/decision.h"

struct verdict_facts {
	/* person or role */
	bool revoked;            /* the token was in force once, and is not now */
	bool permitted;          /* a role for this stage, and four eyes kept */
	/* form, schema, own blind */
	bool form_ok;            /* nothing malformed, what would leave fits, and
	                            `blind` is the own answer that was stored */
	/* what was on screen */
	bool shown_current;
	bool revision_current;
	bool withdrawn;
	/* amendment */
	bool amends;
	bool amend_open;         /* same person, its token, still the last of its
	                            review, no later stage decided, not consumed */
	/* lease */
	bool decided;            /* the review has an accepted decision, or closed */
	bool expired;            /* the proposal did */
	bool token_current;      /* the last grant's, and this person's */
	bool lease_ended;        /* by time, or given back */
	/* rules in force */
	bool admitted;
};

/* *late: accepted although its lease had ended. */
enum verdict verdict_judge(const struct verdict_facts *f, bool *late);

/* Should the decision be kept as an opinion, with feedback rows? */
bool verdict_counts(enum verdict v);

/* One sentence for the person who decided, or NULL for accepted. Message id. */
const char *verdict_sentence(enum verdict v);

#endif
