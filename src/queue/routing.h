/* SPDX-License-Identifier: Apache-2.0
 *
 * Routing: the rules of one queue, compiled, and what they say about one
 * proposal. Pure: the counts of auto-accepted items are handed in.
 */
#ifndef QUEUE_ROUTING_H
#define QUEUE_ROUTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "model/definition.h"
#include "model/proposal.h"
#include "model/states.h"
#include "model/value.h"
#include "policy/fit.h"
#include "policy/policy.h"

/* A queue in force. */
struct rules {
	struct definition *definition;
	struct fit *fit;
	struct value *policy_doc;
	struct policy *policy;
	char policy_digest[HASH_TEXT_SIZE];
};

/* Reads and compiles a definition; doc is stolen, also on error. ERR_INVALID,
 * ERR_UNSUPPORTED, ERR_DENIED with the place in the document. */
int rules_new(struct value *doc, struct rules **out, struct err *err);
void rules_free(struct rules *r);   /* NULL allowed */
/* Guide digest, or NULL where the queue has none. */
const char *rules_guide(const struct rules *r);
/* Is this stage shown blind? (people.blind; never for approvals) */
bool rules_blind(const struct rules *r, enum stage stage);

struct routing {
	enum safety_class safety_class;  /* the stricter of queue and proposal */
	struct schema_faults faults;     /* at which the proposed answer does not fit */
	bool fits;
	struct policy_verdict verdict;
	struct states_effect effect;     /* first state, and what is opened */
	int people;                      /* who must decide: 0, 1 or 2 */
	int confidence_pm;               /* per mille, -1: unknown */
	bool suspend;                    /* on expiry: suspend, else close */
};

/* hour, day: auto-accepted in this queue so far; negative: not counted. state:
 * of the proposal before (NULL at intake, and where a revision is routed anew). */
int routing_run(const struct rules *r, const struct proposal *p, int64_t hour, int64_t day,
                struct routing *out, struct err *err);
void routing_clear(struct routing *r);

#endif
