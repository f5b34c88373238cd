/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/utf8.h"
#include "policy/floor.h"
#include "policy/policy_tree.h"
#include "stats/draw.h"

/* The verdict as it grows. */
struct trial {
	const struct value *doc;
	struct policy_verdict *out;
	bool whole;            /* everything is asked, whatever asks names */
};

/* --- trees ----------------------------------------------------------------- */

static bool counts(enum policy_result r, bool negated)
{
	return r == POLICY_MISSING || (r == POLICY_TRUE) != negated;
}

static void shorten(struct value *array, size_t count)
{
	while (value_count(array) > count)
		value_free(array->items[--array->count]);
}

/* Kleene's three values: missing decides nothing that a sibling decides. */
static enum policy_result joined(enum policy_join join, enum policy_result a,
                                 enum policy_result b)
{
	enum policy_result strong = join == POLICY_ALL ? POLICY_FALSE : POLICY_TRUE;

	if (a == strong || b == strong)
		return strong;
	return a == POLICY_MISSING || b == POLICY_MISSING ? POLICY_MISSING : a;
}

/* Every leaf is looked at, also when the answer is known: its result is kept.
 * asks gets the names of leaves that made the tree hold. */
static enum policy_result run_tree(struct trial *t, const struct policy_node *n,
                                   bool negated, struct value *asks)
{
	size_t before = value_count(asks);
	enum policy_result result;

	switch (n->join) {
	case POLICY_LEAF:
		return policy_leaf(n, t->doc, negated, t->out->reasons, asks);
	case POLICY_NOT:
		result = run_tree(t, n->children, !negated, asks);
		return result == POLICY_MISSING ? result
			: result == POLICY_TRUE ? POLICY_FALSE : POLICY_TRUE;
	default:
		result = n->join == POLICY_ALL ? POLICY_TRUE : POLICY_FALSE;
		for (size_t i = 0; i < n->count; i++)
			result = joined(n->join, result, run_tree(t, &n->children[i], negated, asks));
		if (!counts(result, negated))
			shorten(asks, before);
		return result;
	}
}

/* --- what holds without a rule --------------------------------------------- */

static void raise_to(struct trial *t, enum policy_route route, const char *rule)
{
	if (route <= t->out->route)
		return;
	t->out->route = route;
	t->out->rule = rule;
}

static void ask_all(struct trial *t)
{
	t->whole = true;
}

static void check_schema(struct trial *t, const struct policy_input *in)
{
	if (in->schema_ok)
		return;
	for (size_t i = 0; i < in->broken_count; i++) {
		policy_reason(t->out->reasons, N_("the proposed answer does not fit the queue's form"),
		              in->broken[i], "schema", NULL);
		policy_ask(t->out->asks, in->broken[i]);
	}
	if (!in->broken_count) {
		policy_reason(t->out->reasons, N_("the proposed answer does not fit the queue's form"),
		              "", "schema", NULL);
		ask_all(t);
	}
	raise_to(t, POLICY_REVIEW, "schema");
}

static void check_kind(struct trial *t, const struct policy *p)
{
	enum kind kind;

	if (kind_find(value_text_or(t->doc, "kind", ""), &kind) && kind == p->kind)
		return;
	policy_reason(t->out->reasons, N_("the proposal is not of the kind the rules are for"),
	              "/kind", "kind", kind_name(p->kind));
	raise_to(t, POLICY_REVIEW, "schema");
	ask_all(t);
}

static void check_effect(struct trial *t, const struct policy_input *in)
{
	const struct value *proposed = value_find(t->doc, "proposed");

	if (strcmp(value_text_or(t->doc, "kind", ""), "approval") != 0 ||
	    value_count(value_find(proposed, "effects")))
		return;
	/* Where nobody knows, it only matters if nobody would look otherwise. */
	if (in->money == POLICY_NO_MONEY ||
	    (in->money == POLICY_MONEY_UNKNOWN && t->out->route != POLICY_AUTO_ACCEPT))
		return;
	policy_reason(t->out->reasons, N_("effect unknown"), "/proposed/effects", "effect", NULL);
	raise_to(t, POLICY_REVIEW, "effect");
	ask_all(t);
}

/* The stated limit for a currency, or NULL. */
static const struct value *limit_for(const struct value *limits, const char *currency)
{
	const struct value *list = value_find(limits, "effects");

	for (size_t i = 0; currency && i < value_count(list); i++)
		if (strcmp(value_text_or(list->items[i], "currency", ""), currency) == 0)
			return value_find(list->items[i], "amount");
	return NULL;
}

static bool within_effects(const struct value *doc, const struct value *limits)
{
	const struct value *effects = value_find_pointer(doc, "/proposed/effects");
	char a[POLICY_NUMBER_SIZE], b[POLICY_NUMBER_SIZE];

	for (size_t i = 0; i < value_count(effects); i++) {
		const struct value *e = value_at(effects, i), *amount = value_find(e, "amount");
		const struct value *limit = limit_for(limits, value_text(e, "currency"));
		const char *x = amount ? policy_decimal(amount, a) : NULL;
		const char *y = limit ? policy_decimal(limit, b) : NULL;

		/* An amount below zero is somebody else's effect: a person looks. */
		if (!x || !y || num_compare(x, y) > 0 || num_compare(x, "0") < 0)
			return false;
	}
	return true;
}

static bool within_counts(const struct policy_input *in, const struct value *limits)
{
	const struct value *hour = value_find(limits, "per_hour");
	const struct value *day = value_find(limits, "per_day");

	if ((hour || day) && !in->counted)
		return false;
	return (!hour || in->accepted_hour < hour->i) && (!day || in->accepted_day < day->i);
}

static void check_class(struct trial *t, const struct policy *p,
                        const struct policy_input *in, enum safety_class c)
{
	const struct floor *f = floor_of(c);

	if (f->people >= 2) {
		policy_reason(t->out->reasons, N_("this class needs two people"), "/safety_class",
		              "class", class_name(c));
		raise_to(t, POLICY_TWO_PERSON, "class");
		ask_all(t);
	} else if (t->out->route != POLICY_AUTO_ACCEPT || f->auto_accept == FLOOR_ACCEPT) {
		return;
	} else if (!p->limits) {
		policy_reason(t->out->reasons, N_("this class accepts only within limits, and none "
		                                  "are stated"), "/safety_class", "limits", class_name(c));
		raise_to(t, POLICY_REVIEW, "limits");
		ask_all(t);
	} else if (!within_effects(t->doc, p->limits) || !within_counts(in, p->limits)) {
		policy_reason(t->out->reasons, N_("beyond the limits of this queue"),
		              "/proposed/effects", "limits", class_name(c));
		raise_to(t, POLICY_REVIEW, "limits");
		ask_all(t);
	}
}

/* --- the verdict ----------------------------------------------------------- */

/* What a rule means when its tree could not be decided. */
static enum policy_route when_missing(enum policy_route route)
{
	return route > POLICY_TWO_PERSON ? POLICY_REVIEW : route;
}

static void run_rule(struct trial *t, const struct policy_rule *rule, bool *any)
{
	struct value *asks = value_new_array();
	enum policy_result result = run_tree(t, &rule->tree, false, asks);
	enum policy_route route = rule->route;

	if (result == POLICY_MISSING) {
		route = when_missing(route);
		if (route == POLICY_AUTO_ACCEPT)
			result = POLICY_FALSE;
	}
	if (result != POLICY_FALSE) {
		if (!*any || route > t->out->route) {
			t->out->route = route;
			t->out->rule = rule->id;
			free(t->out->route_name);
			t->out->route_name = route == POLICY_ESCALATE
				? mem_strdup(rule->route_name) : NULL;
		}
		*any = true;
		if (route != POLICY_AUTO_ACCEPT && !value_count(asks))
			ask_all(t);
		for (size_t i = 0; route != POLICY_AUTO_ACCEPT && i < value_count(asks); i++)
			policy_ask(t->out->asks, value_str(asks->items[i]));
	}
	value_free(asks);
}

static void run_rules(struct trial *t, const struct policy *p)
{
	bool any = false;

	for (size_t i = 0; i < p->count; i++)
		run_rule(t, &p->rules[i], &any);
	if (any)
		return;
	t->out->route = p->otherwise;
	t->out->rule = "default";
	if (p->otherwise != POLICY_AUTO_ACCEPT)
		ask_all(t);
}

static void set_sampling(struct policy_verdict *out, const struct policy *p,
                         enum safety_class c)
{
	const char *rate = floor_of(c)->sampling;

	if (p && p->rate && draw_rate_compare(p->rate, rate) > 0)
		rate = p->rate;
	utf8_copy(out->sampling, sizeof out->sampling, rate);
}

static int people_for(const struct policy_verdict *v, const struct floor *f)
{
	switch (v->route) {
	case POLICY_AUTO_ACCEPT:
	case POLICY_REFUSE:
		return 0;
	case POLICY_TWO_PERSON:
		return 2;
	default:
		return f->people > 1 ? f->people : 1;
	}
}

void policy_evaluate(const struct policy *p, const struct value *proposal_doc,
                     const struct policy_input *in, struct policy_verdict *out)
{
	struct trial t = { .doc = proposal_doc, .out = out };
	enum safety_class c = in->safety_class;

	*out = (struct policy_verdict){ .route = POLICY_REVIEW, .rule = "no-policy" };
	out->asks = value_new_array();
	out->reasons = value_new_array();
	if (p) {
		c = floor_stricter(c, p->safety_class);
		run_rules(&t, p);
		check_kind(&t, p);
	} else {
		policy_reason(out->reasons, N_("there are no routing rules: a person decides"), "",
		              "no-policy", NULL);
		ask_all(&t);
	}
	check_schema(&t, in);
	check_effect(&t, in);
	check_class(&t, p, in, c);
	if (p && p->people == 2 && out->route == POLICY_REVIEW)
		out->route = POLICY_TWO_PERSON;
	if (t.whole || value_count(out->asks) >= POLICY_ASKS_MAX || out->route == POLICY_AUTO_ACCEPT)
		shorten(out->asks, 0);
	out->people = people_for(out, floor_of(c));
	set_sampling(out, p, c);
}

void policy_verdict_clear(struct policy_verdict *v)
{
	free(v->route_name);
	value_free(v->asks);
	value_free(v->reasons);
	*v = (struct policy_verdict){ .route = POLICY_REVIEW };
}
