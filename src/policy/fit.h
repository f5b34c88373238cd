/* SPDX-License-Identifier: Apache-2.0
 *
 * Does an answer fit the definition of its queue? Used on the proposed answer
 * at intake and on a corrected one at the desk and before it is accepted: what
 * leaves a queue satisfies its schema.
 *
 * Extraction: the fields against the schema (a null that is not allowed counts
 * as absent where the field is not required). Classification: the label, or
 * each of the labels, is one of the queue's. Approval: the action is known
 * where the queue lists actions, and the arguments fit its schema.
 */
#ifndef POLICY_FIT_H
#define POLICY_FIT_H

#include <stdbool.h>

#include "base/err.h"
#include "model/definition.h"
#include "model/value.h"
#include "policy/policy.h"
#include "schema/schema.h"

struct fit;

/* Compiles the schemas of d, which is borrowed and must live longer. Errors as
 * schema_compile(), the place in the definition document. */
int fit_new(const struct definition *d, struct fit **out, struct err *err);
void fit_free(struct fit *f);   /* NULL allowed */

/* A proposal document as sent. The pointers of faults begin with the field,
 * with "/label", or with the argument; "" is the whole. */
bool fit_proposed(const struct fit *f, const struct value *proposal_doc,
                  struct schema_faults *faults);
/* Names of the fields that faults are about, each once, for policy_input; an
 * array of strings, the caller's. Empty where one is about the whole. */
struct value *fit_broken_fields(const struct schema_faults *faults);
/* Does the action of an approval move money, as far as the definition knows?
 * Unknown for the other kinds. */
enum policy_money fit_money(const struct fit *f, const struct value *proposal_doc);
/* The value of a decision: {field: value|null}, {"label"} or {"labels"},
 * {"arguments"}; action is the proposal's, NULL for the other kinds. */
bool fit_answer(const struct fit *f, const char *action, const struct value *value,
                struct schema_faults *faults);

#endif
