/* SPDX-License-Identifier: Apache-2.0
 *
 * Routing rules: who must look at a proposal. A policy is one JSON document
 * (data/policy.schema.json); its digest is taken over its canonical JSON by
 * who stores it. Evaluating is pure: no clock, no chance, no I/O, no locale;
 * the same document and the same inputs give the same verdict everywhere.
 *
 *   {"version":1,"queue":"receipts","kind":"extraction","class":"bounded",
 *    "rules":[{"id":"unsure","when":TREE,"then":{"route":"review"}}],
 *    "default":"review","people":1,"sampling":{"rate":"0.05"},"limits":{…}}
 *
 * TREE is {"all":[TREE…]}, {"any":[TREE…]}, {"not":TREE} or a leaf
 *   {"path":"/proposed/fields/total/confidence","op":"lt","value":"0.9",
 *    "title":"total unsure","asks":["total"]}
 * A step "*" of a path goes through every member or element, one result each,
 * true where one of them is; "only":[…] and "except":[…] choose among them; "*"
 * in title and asks stands for the member's name (an element's member "name").
 *
 * Results are true, false and missing (nothing there, null, or not comparable:
 * a text is no number). all, any and not are Kleene's. A rule holds where its
 * tree is true; where it is missing, a rule that would send the item to people
 * holds too (escalate and refuse then mean review), one that would accept it
 * does not. Of the rules that hold the strictest route counts:
 * auto_accept < review < two_person < escalate < refuse; none holds: default.
 * Numbers are compared exactly as decimals, whether they came as a number or
 * as a decimal in a string.
 *
 * limits of a bounded queue, all optional, at least one needed for accepting
 * anything: {"effects":[{"currency":"EUR","amount":"100.00"}],"per_hour":20,
 * "per_day":100}: every proposed effect needs an amount in a listed currency
 * and at most so much; with per_hour and per_day the counts must be known.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/definition.h"
#include "model/proposal.h"
#include "model/value.h"

enum policy_route {
	POLICY_AUTO_ACCEPT, POLICY_REVIEW, POLICY_TWO_PERSON, POLICY_ESCALATE,
	POLICY_REFUSE
};

/* "auto_accept", "review", "two_person", "escalate", "refuse". */
const char *policy_route_name(enum policy_route r);
bool policy_route_find(const char *name, enum policy_route *out);

struct policy;

/* Reads a policy; doc is copied. ERR_INVALID with the pointer of the first
 * fault as place; ERR_DENIED where it is looser than its class allows;
 * ERR_NEWER for a version this build does not know. */
int policy_compile(const struct value *doc, struct policy **out, struct err *err);
void policy_free(struct policy *p);   /* NULL allowed */

/* Does the proposed action move money? An action the queue does not list is
 * unknown. */
enum policy_money { POLICY_MONEY_UNKNOWN, POLICY_MONEY_MOVED, POLICY_NO_MONEY };

/* What the rules cannot see in the proposal itself. Zeroes are the careful
 * answer for every member except safety_class. */
struct policy_input {
	enum safety_class safety_class;   /* the stricter of queue and proposal */
	bool schema_ok;          /* the proposed answer fits the definition */
	const char *const *broken;   /* fields at which it does not; NULL or none
	                                while schema_ok is false: the whole */
	size_t broken_count;
	enum policy_money money; /* of an approval's action; see fit_money() */
	bool counted;            /* the two counts are known */
	int64_t accepted_hour, accepted_day;   /* auto-accepted in this queue */
};

enum { POLICY_RATE_SIZE = 24 };

struct policy_verdict {
	enum policy_route route;
	const char *rule;        /* id of the rule that decided, "default", or
	                            "class", "schema", "limits", "effect",
	                            "no-policy" for what holds without a rule */
	char *route_name;        /* escalate: the named route, or NULL; owned */
	struct value *asks;      /* array of field names, owned; empty: all */
	struct value *reasons;   /* array of leaf results, owned:
	                            {"title","path","op","value","found","result",
	                            "asks"}; also of leaves that did not decide.
	                            Fractions are strings; a text found is cut at
	                            120 bytes. Reasons that no leaf gave have op
	                            schema, kind, effect, class, limits or
	                            no-policy, and an English message id as title */
	char sampling[POLICY_RATE_SIZE];   /* rate for auto-accepted items, never
	                                      below the floor of the class */
	int people;              /* who must decide: 0, 1 or 2 */
};

/* The verdict on a proposal document. p NULL: no policy means a person. Never
 * fails: what cannot be evaluated goes to a person, with the reason. rule is
 * borrowed from p; clear the verdict first. */
void policy_evaluate(const struct policy *p, const struct value *proposal_doc,
                     const struct policy_input *in, struct policy_verdict *out);
void policy_verdict_clear(struct policy_verdict *v);

/* The policy document of a queue from its definition's thresholds, class,
 * limits and actions that move money; the caller's. Without thresholds nothing
 * is accepted unseen and every field is asked. ERR_INVALID names the member
 * (a threshold that is no decimal from 0 to 1, an unknown label). */
int policy_from_definition(const struct definition *d, struct value **out,
                           struct err *err);

#endif
