/* SPDX-License-Identifier: Apache-2.0
 *
 * Which outcomes are open to a person, and why the others are not: computed
 * when a review is leased, judged again when it is decided.
 */
#ifndef POLICY_ADMISSION_H
#define POLICY_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>

#include "model/decision.h"
#include "model/proposal.h"
#include "schema/schema.h"

enum { ADMISSION_TEXT_SIZE = 256 };

struct admission {
	enum kind kind;
	enum stage stage;
	bool fits;                           /* the proposed answer fits the definition */
	const struct schema_faults *faults;  /* why not, or NULL */
	bool has_proposed;                   /* false: there is nothing to approve */
};

/* Writes the reason why this outcome is not open into why and returns false;
 * true where it is open (why is then empty). The words are translated. */
bool admission_allows(const struct admission *a, enum outcome outcome,
                      char why[ADMISSION_TEXT_SIZE]);

#endif
