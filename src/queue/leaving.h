/* SPDX-License-Identifier: Apache-2.0
 *
 * What leaves the queue: the answer a decision stands for, whether it departs
 * from what was proposed, and the words that say so. Pure.
 *
 * An answer has the form of a decision's value: {field: value|null},
 * {"label":…} or {"labels":[…]}, {"arguments":{…}}.
 */
#ifndef QUEUE_LEAVING_H
#define QUEUE_LEAVING_H

#include <stdbool.h>

#include "model/decision.h"
#include "model/definition.h"
#include "model/proposal.h"
#include "model/value.h"
#include "policy/fit.h"

/* The proposed answer; NULL where a classification proposes none. The caller's. */
struct value *leaving_proposed(const struct proposal *p);

/* The answer that approve or correct lets out: the proposed or the given one,
 * fields that could not be told as null. NULL for the other outcomes, and
 * where there is nothing to let out. The caller's. */
struct value *leaving_answer(const struct proposal *p, const struct decision *d);

/* Names of what departs from the proposed answer, in byte order: fields,
 * "label", or arguments. A field that could not be told does not depart; null
 * and absent are the same. answer NULL: none. Array of strings, the caller's. */
struct value *leaving_departures(const struct proposal *p, const struct decision *d,
                                 const struct value *answer);

/* Do two answers say the same? By their canonical text; NULL is like NULL. */
bool leaving_same(const struct value *a, const struct value *b);

/* "A person changed total and date." for an agent; NULL where departures is
 * empty. The caller's; translated. */
char *leaving_sentence(enum kind kind, const struct value *departures);

/* Form of a decision beyond its bytes (the protocol's “form, schema”): adds
 * what is wrong to faults, pointers into the decision. answer: what
 * leaving_answer() made. */
void leaving_check(const struct proposal *p, const struct decision *d, const struct fit *fit,
                   const struct value *answer, struct schema_faults *faults);

/* Does the definition's `require` ask for something this decision has not?
 * Names the member: "reason", "message", "note"; NULL: nothing is missing.
 * A member of `require` is true (for reject, return and escalate) or an array
 * of outcomes. */
const char *leaving_requires(const struct definition *d, const struct decision *decision);

#endif
