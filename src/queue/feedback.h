/* SPDX-License-Identifier: Apache-2.0
 *
 * Feedback: what a decision says about a proposal, one row a field. The rules,
 * exact enough to compute the rows again, are data/feedback.md. Pure.
 */
#ifndef QUEUE_FEEDBACK_H
#define QUEUE_FEEDBACK_H

#include <stdint.h>

#include "base/buf.h"
#include "model/decision.h"
#include "model/proposal.h"
#include "model/value.h"

struct feedback_facts {
	const struct proposal *proposal;
	const struct decision *decision;
	const char *proposal_id;
	int64_t revision;
	enum stage stage;
	enum verdict verdict;        /* accepted or late_opinion */
	const struct value *asked;   /* names asked; empty or NULL: all */
	const char *route;           /* of the revision: "review", … */
	const char *probability;     /* of a sample, else "1" */
	int64_t first_n;             /* number of the first row; they follow on */
};

/* Array of rows, each an object with its members in the order of the export.
 * Empty for a verdict that does not count. The caller's. */
struct value *feedback_rows(const struct feedback_facts *f);

#endif
