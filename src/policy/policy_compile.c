/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/msg.h"
#include "policy/floor.h"
#include "policy/policy_tree.h"
#include "stats/draw.h"

static const char *const route_names[] = {
	"auto_accept", "review", "two_person", "escalate", "refuse",
};

const char *policy_route_name(enum policy_route r)
{
	return route_names[r];
}

bool policy_route_find(const char *name, enum policy_route *out)
{
	for (size_t i = 0; name && i < sizeof route_names / sizeof *route_names; i++) {
		if (strcmp(route_names[i], name) == 0) {
			*out = (enum policy_route)i;
			return true;
		}
	}
	return false;
}

/* Where we are, as a chain from the innermost place out: the pointer of an
 * error is only written when there is one. */
struct place {
	const struct place *up;
	const char *key;       /* NULL: an index */
	size_t index;
};

struct reader {
	struct policy *policy;
	size_t nodes;
	struct err *err;
};

static void write_place(const struct place *at, struct buf *out)
{
	if (!at)
		return;
	write_place(at->up, out);
	if (at->key)
		buf_addf(out, "/%s", at->key);
	else
		buf_addf(out, "/%zu", at->index);
}

static int wrong(struct reader *r, const struct place *at, enum err_code code,
                 const char *msgid, const char *arg)
{
	struct buf pointer = BUF_INIT;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	err_set(r->err, code, msgid, arg);
#pragma GCC diagnostic pop
	write_place(at, &pointer);
	err_where(r->err, "%s", buf_str(&pointer));
	buf_clear(&pointer);
	return code;
}

static int wrong_at(struct reader *r, const struct place *up, const char *key,
                    const char *msgid, const char *arg)
{
	struct place at = { up, key, 0 };

	return wrong(r, &at, ERR_INVALID, msgid, arg);
}

/* Every member is one of the names: a misspelt one must not be passed over. */
static int only_members(struct reader *r, const struct place *at, const struct value *v,
                        const char *const *names)
{
	if (!value_is(v, VALUE_OBJECT))
		return wrong(r, at, ERR_INVALID, N_("an object is wanted here%s"), "");
	for (size_t i = 0; i < v->count; i++) {
		size_t n = 0;

		while (names[n] && strcmp(names[n], v->members[i].key) != 0)
			n++;
		if (!names[n])
			return wrong_at(r, at, v->members[i].key, N_("“%s” is not known here"),
			                v->members[i].key);
	}
	return 0;
}

static int string_list(struct reader *r, const struct place *at, const struct value *leaf,
                       const char *key, const struct value **out)
{
	const struct value *v = value_find(leaf, key);

	*out = v;
	if (!v)
		return 0;
	for (size_t i = 0; value_is(v, VALUE_ARRAY) && i < v->count; i++)
		if (!value_is(v->items[i], VALUE_STRING))
			return wrong_at(r, at, key, N_("%s must be a list of names"), key);
	if (!value_is(v, VALUE_ARRAY))
		return wrong_at(r, at, key, N_("%s must be a list of names"), key);
	return 0;
}

/* --- leaves ---------------------------------------------------------------- */

/* The first step "*" of a path, from its slash; NULL where there is none. */
static const char *find_star(const char *path)
{
	const char *p = path;

	while ((p = strstr(p, "/*")) && p[2] && p[2] != '/')
		p += 2;
	return p;
}

/* Splits the path at its step "*", which may stand once. */
static int read_path(struct reader *r, const struct place *at, struct policy_node *n)
{
	const char *star;

	n->path = value_text(n->doc, "path");
	if (!n->path || n->path[0] != '/')
		return wrong_at(r, at, "path", N_("%s must be a pointer such as /confidence"), "path");
	for (const char *p = n->path; *p; p++)
		if (*p == '~' && p[1] != '0' && p[1] != '1')
			return wrong_at(r, at, "path", N_("%s must be a pointer such as /confidence"),
			                "path");
	star = find_star(n->path);
	if (!star)
		return 0;
	if (find_star(star + 2))
		return wrong_at(r, at, "path", N_("%s has more than one step “*”"), "path");
	n->before = mem_strndup(n->path, (size_t)(star - n->path));
	n->after = mem_strdup(star + 2);
	return 0;
}

/* What a leaf may compare with: decimals as strings, whole numbers, texts,
 * true and false. A fraction is not the same on every machine until it is
 * text. */
static bool comparable(const struct value *v, enum policy_op op)
{
	char buf[POLICY_NUMBER_SIZE];

	if (op <= POLICY_GE)
		return (value_is(v, VALUE_STRING) || value_is(v, VALUE_INT)) &&
			policy_decimal(v, buf);
	return value_is(v, VALUE_STRING) || value_is(v, VALUE_INT) || value_is(v, VALUE_BOOL);
}

static int read_pattern(struct reader *r, const struct place *at, struct policy_node *n)
{
	struct err e = ERR_INIT;
	char words[ERR_ARG_SIZE];

	if (!value_is(n->value, VALUE_STRING))
		return wrong_at(r, at, "value", N_("%s must be a pattern"), "value");
	if (pattern_compile(n->value->s, &n->pattern, &e) < 0)
		return wrong_at(r, at, "value", N_("the pattern is refused: %s"),
		                err_words(&e, words, sizeof words));
	return 0;
}

static int read_value(struct reader *r, const struct place *at, struct policy_node *n)
{
	n->value = value_find(n->doc, "value");
	if (n->op == POLICY_EXISTS || n->op == POLICY_ABSENT) {
		if (n->value)
			return wrong_at(r, at, "value", N_("%s takes no value"), policy_op_name(n->op));
		return 0;
	}
	if (!n->value)
		return wrong_at(r, at, "value", N_("%s wants a value"), policy_op_name(n->op));
	if (n->op == POLICY_MATCHES)
		return read_pattern(r, at, n);
	if (n->op != POLICY_IN) {
		if (!comparable(n->value, n->op))
			return wrong_at(r, at, "value",
			                N_("%s cannot compare with this; fractions are written as text"),
			                policy_op_name(n->op));
		return 0;
	}
	if (!value_is(n->value, VALUE_ARRAY) || !n->value->count)
		return wrong_at(r, at, "value", N_("%s wants a list of values"), "in");
	for (size_t i = 0; i < n->value->count; i++)
		if (!comparable(n->value->items[i], n->op))
			return wrong_at(r, at, "value",
			                N_("%s cannot compare with this; fractions are written as text"),
			                "in");
	return 0;
}

static int read_leaf(struct reader *r, const struct place *at, struct policy_node *n)
{
	static const char *const members[] = {
		"path", "op", "value", "title", "asks", "only", "except", NULL
	};

	if (only_members(r, at, n->doc, members) < 0 || read_path(r, at, n) < 0)
		return ERR_INVALID;
	if (!policy_op_find(value_text(n->doc, "op"), &n->op))
		return wrong_at(r, at, "op", N_("%s must be one of lt le gt ge eq ne in exists "
		                                "missing matches"), "op");
	n->title = value_text(n->doc, "title");
	if (!n->title || !*n->title)
		return wrong_at(r, at, "title", N_("%s is missing: people read it as the reason"),
		                "title");
	if (string_list(r, at, n->doc, "asks", &n->asks) < 0 ||
	    string_list(r, at, n->doc, "only", &n->only) < 0 ||
	    string_list(r, at, n->doc, "except", &n->except) < 0)
		return ERR_INVALID;
	if ((n->only || n->except) && !n->after)
		return wrong_at(r, at, n->only ? "only" : "except",
		                N_("%s belongs to a path with “*”"), n->only ? "only" : "except");
	return read_value(r, at, n);
}

/* --- trees ----------------------------------------------------------------- */

static int read_tree(struct reader *r, const struct place *at, const struct value *doc,
                     int depth, struct policy_node *n);

static int read_children(struct reader *r, const struct place *up, const char *key,
                         const struct value *list, int depth, struct policy_node *n)
{
	struct place here = { up, key, 0 };

	if (!value_is(list, VALUE_ARRAY) || !list->count)
		return wrong(r, &here, ERR_INVALID, N_("%s wants a list of conditions"), key);
	n->children = mem_zalloc(list->count * sizeof *n->children);
	for (; n->count < list->count; ) {
		struct place at = { &here, NULL, n->count };
		const struct value *child = list->items[n->count];

		if (read_tree(r, &at, child, depth + 1, &n->children[n->count++]) < 0)
			return ERR_INVALID;
	}
	return 0;
}

static int read_tree(struct reader *r, const struct place *at, const struct value *doc,
                     int depth, struct policy_node *n)
{
	static const char *const joins[] = { NULL, "all", "any", "not" };
	struct place not = { at, "not", 0 };

	n->doc = doc;
	if (++r->nodes > POLICY_NODES_MAX || depth > POLICY_NEST_MAX)
		return wrong(r, at, ERR_LIMIT, N_("there are too many conditions%s"), "");
	if (value_find(doc, "path"))
		return read_leaf(r, at, n);
	for (int j = POLICY_ALL; j <= POLICY_NOT; j++)
		if (value_count(doc) == 1 && value_find(doc, joins[j]))
			n->join = (enum policy_join)j;
	switch (n->join) {
	case POLICY_ALL:
	case POLICY_ANY:
		return read_children(r, at, joins[n->join], value_at(doc, 0), depth, n);
	case POLICY_NOT:
		n->children = mem_zalloc(sizeof *n->children);
		n->count = 1;
		return read_tree(r, &not, value_at(doc, 0), depth + 1, n->children);
	default:
		return wrong(r, at, ERR_INVALID,
		             N_("a condition is all, any, not or a leaf with a path%s"), "");
	}
}

/* --- the document ---------------------------------------------------------- */

static int read_rule(struct reader *r, const struct place *at, const struct value *doc,
                     struct policy_rule *rule)
{
	static const char *const members[] = { "id", "title", "when", "then", NULL };
	static const char *const then_members[] = { "route", "to", NULL };
	struct place when = { at, "when", 0 }, then = { at, "then", 0 };
	const struct value *action = value_find(doc, "then");

	if (only_members(r, at, doc, members) < 0)
		return ERR_INVALID;
	rule->id = value_text(doc, "id");
	if (!rule->id || !*rule->id)
		return wrong_at(r, at, "id", N_("%s is missing"), "id");
	for (const struct policy_rule *other = r->policy->rules; other < rule; other++)
		if (strcmp(other->id, rule->id) == 0)
			return wrong_at(r, at, "id", N_("another rule is called “%s”"), rule->id);
	if (only_members(r, &then, action, then_members) < 0)
		return ERR_INVALID;
	if (!policy_route_find(value_text(action, "route"), &rule->route))
		return wrong_at(r, &then, "route", N_("%s must be one of auto_accept review "
		                                      "two_person escalate refuse"), "route");
	rule->route_name = value_text(action, "to");
	if (value_find(action, "to") && (!rule->route_name || rule->route != POLICY_ESCALATE))
		return wrong_at(r, &then, "to", N_("%s names a route, for escalate only"), "to");
	return read_tree(r, &when, value_find(doc, "when"), 1, &rule->tree);
}

static int read_rules(struct reader *r)
{
	const struct value *rules = value_find(r->policy->doc, "rules");
	struct place here = { NULL, "rules", 0 };

	if (!rules)
		return 0;
	if (!value_is(rules, VALUE_ARRAY))
		return wrong(r, &here, ERR_INVALID, N_("%s must be a list"), "rules");
	if (rules->count > POLICY_RULES_MAX)
		return wrong(r, &here, ERR_LIMIT, N_("there are too many conditions%s"), "");
	r->policy->rules = mem_zalloc((rules->count + 1) * sizeof *r->policy->rules);
	for (size_t i = 0; i < rules->count; i++) {
		struct place at = { &here, NULL, i };

		r->policy->count = i + 1;
		if (read_rule(r, &at, rules->items[i], &r->policy->rules[i]) < 0)
			return ERR_INVALID;
	}
	return 0;
}

static int read_limits(struct reader *r)
{
	static const char *const members[] = { "effects", "per_hour", "per_day", NULL };
	static const char *const effect_members[] = { "currency", "amount", NULL };
	const struct value *limits = value_find(r->policy->doc, "limits"), *effects;
	struct place here = { NULL, "limits", 0 }, list = { &here, "effects", 0 };

	r->policy->limits = limits;
	if (!limits)
		return 0;
	if (only_members(r, &here, limits, members) < 0)
		return ERR_INVALID;
	if (!limits->count)
		return wrong(r, &here, ERR_INVALID, N_("%s states no limit"), "limits");
	for (int i = 1; i <= 2; i++) {
		const struct value *n = value_find(limits, members[i]);

		if (n && (!value_is(n, VALUE_INT) || n->i < 0))
			return wrong_at(r, &here, members[i], N_("%s must be a whole number from 0 up"),
			                members[i]);
	}
	effects = value_find(limits, "effects");
	if (effects && !value_is(effects, VALUE_ARRAY))
		return wrong(r, &list, ERR_INVALID, N_("%s must be a list"), "effects");
	for (size_t i = 0; i < value_count(effects); i++) {
		struct place at = { &list, NULL, i };
		const struct value *amount = value_find(effects->items[i], "amount");

		if (only_members(r, &at, effects->items[i], effect_members) < 0)
			return ERR_INVALID;
		if (!value_text(effects->items[i], "currency"))
			return wrong_at(r, &at, "currency", N_("%s is missing"), "currency");
		if (!amount || !comparable(amount, POLICY_LE))
			return wrong_at(r, &at, "amount", N_("%s must be a decimal written as text"),
			                "amount");
	}
	return 0;
}

static int read_sampling(struct reader *r)
{
	static const char *const members[] = { "rate", NULL };
	const struct value *sampling = value_find(r->policy->doc, "sampling");
	struct place here = { NULL, "sampling", 0 };

	if (!sampling)
		return 0;
	if (only_members(r, &here, sampling, members) < 0)
		return ERR_INVALID;
	r->policy->rate = value_text(sampling, "rate");
	if (!r->policy->rate || strlen(r->policy->rate) >= POLICY_RATE_SIZE ||
	    !draw_rate_valid(r->policy->rate))
		return wrong_at(r, &here, "rate", N_("%s must be a decimal from 0 to 1 as text"),
		                "rate");
	return 0;
}

static int read_head(struct reader *r)
{
	static const char *const members[] = {
		"version", "queue", "kind", "class", "title", "people", "rules", "default",
		"sampling", "limits", NULL
	};
	struct policy *p = r->policy;
	int64_t people = value_int_or(p->doc, "people", 1);

	if (only_members(r, NULL, p->doc, members) < 0)
		return ERR_INVALID;
	if (value_int_or(p->doc, "version", 0) > 1) {
		struct place at = { NULL, "version", 0 };

		return wrong(r, &at, ERR_NEWER, N_("these routing rules need a newer program%s"), "");
	}
	if (value_int_or(p->doc, "version", 0) != 1)
		return wrong_at(r, NULL, "version", N_("%s must be 1"), "version");
	if (!value_text(p->doc, "queue"))
		return wrong_at(r, NULL, "queue", N_("%s is missing"), "queue");
	if (!kind_find(value_text_or(p->doc, "kind", ""), &p->kind))
		return wrong_at(r, NULL, "kind", N_("%s is not a kind of proposal"), "kind");
	if (!class_find(value_text_or(p->doc, "class", ""), &p->safety_class))
		return wrong_at(r, NULL, "class", N_("%s is not a safety class"), "class");
	if (!policy_route_find(value_text(p->doc, "default"), &p->otherwise) ||
	    p->otherwise > POLICY_TWO_PERSON)
		return wrong_at(r, NULL, "default",
		                N_("%s must be auto_accept, review or two_person"), "default");
	if (people < 1 || people > 2 || (value_find(p->doc, "people") &&
	                                 !value_is(value_find(p->doc, "people"), VALUE_INT)))
		return wrong_at(r, NULL, "people", N_("%s must be 1 or 2"), "people");
	p->people = (int)people;
	return 0;
}

/* --- the floor ------------------------------------------------------------- */

static int check_floor(struct reader *r)
{
	const struct policy *p = r->policy;
	const struct floor *f = floor_of(p->safety_class);
	bool accepts = p->otherwise == POLICY_AUTO_ACCEPT;
	struct place at = { NULL, "default", 0 }, sampling = { NULL, "sampling", 0 };
	struct place rate = { &sampling, "rate", 0 };
	const char *name = class_name(p->safety_class);

	for (size_t i = 0; i < p->count && !accepts; i++)
		accepts = p->rules[i].route == POLICY_AUTO_ACCEPT;
	if (accepts && f->auto_accept == FLOOR_NEVER)
		return wrong(r, &at, ERR_DENIED, N_("class %s never accepts anything unseen"), name);
	if (accepts && f->auto_accept == FLOOR_WITHIN_LIMITS && !p->limits)
		return wrong(r, &at, ERR_DENIED,
		             N_("class %s accepts only within limits, and none are stated"), name);
	if (p->rate && draw_rate_compare(p->rate, f->sampling) < 0)
		return wrong(r, &rate, ERR_DENIED, N_("class %s wants a larger sample"), name);
	return 0;
}

static int read_policy(struct reader *r)
{
	int rc = read_head(r);

	if (rc == 0)
		rc = read_limits(r);
	if (rc == 0)
		rc = read_sampling(r);
	if (rc == 0)
		rc = read_rules(r);
	return rc == 0 ? check_floor(r) : rc;
}

int policy_compile(const struct value *doc, struct policy **out, struct err *err)
{
	struct err e = ERR_INIT;
	struct policy *p = mem_zalloc(sizeof *p);
	struct reader r = { .policy = p, .err = &e };

	*out = NULL;
	p->doc = doc ? value_copy(doc) : value_new_null();
	if (read_policy(&r) < 0) {
		policy_free(p);
		if (err && err->code == ERR_NONE)
			*err = e;
		return e.code;
	}
	*out = p;
	return 0;
}

static void free_node(struct policy_node *n)
{
	for (size_t i = 0; i < n->count; i++)
		free_node(&n->children[i]);
	free(n->children);
	free(n->before);
	free(n->after);
	pattern_free(n->pattern);
}

void policy_free(struct policy *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++)
		free_node(&p->rules[i].tree);
	free(p->rules);
	value_free(p->doc);
	free(p);
}
