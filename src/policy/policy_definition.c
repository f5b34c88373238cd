/* SPDX-License-Identifier: Apache-2.0
 *
 * The routing rules that a queue's definition implies. Titles are English and
 * never translated here: the document has a digest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/msg.h"
#include "policy/floor.h"
#include "policy/policy_tree.h"
#include "schema/schema.h"
#include "stats/draw.h"

struct writer {
	const struct definition *d;
	const struct value *everything;   /* the threshold "*", or NULL */
	struct err *err;
};

/* --- pieces ---------------------------------------------------------------- */

static struct value *leaf(const char *path, const char *op, const char *title)
{
	struct value *v = value_new_object();

	value_set_string(v, "path", path);
	value_set_string(v, "op", op);
	value_set_string(v, "title", title);
	return v;
}

static void ask(struct value *leaf, const char *name)
{
	value_push(value_set(leaf, "asks", value_new_array()), value_new_string(name));
}

static void add_rule(struct value *rules, const char *id, struct value *conditions)
{
	struct value *rule;

	if (!conditions->count) {
		value_free(conditions);
		return;
	}
	rule = value_push(rules, value_new_object());
	value_set_string(rule, "id", id);
	value_set(value_set(rule, "when", value_new_object()), "any", conditions);
	value_set_string(value_set(rule, "then", value_new_object()), "route", "review");
}

/* "/proposed/fields/NAME" and a tail, the name escaped. The caller's. */
static char *field_path(const char *name, const char *tail)
{
	struct buf path = BUF_INIT;

	buf_adds(&path, "/proposed/fields/");
	for (; *name; name++) {
		if (*name == '~' || *name == '/')
			buf_adds(&path, *name == '~' ? "~0" : "~1");
		else
			buf_addc(&path, *name);
	}
	buf_adds(&path, tail);
	return buf_take(&path);
}

static struct value *field_leaf(const struct writer *w, const char *name, const char *tail,
                                const char *op, const char *words)
{
	char *path = field_path(name, tail);
	char *title = mem_printf("%s %s", definition_field_title(w->d, name), words);
	struct value *v = leaf(path, op, title);

	free(path);
	free(title);
	return v;
}

/* --- extraction ------------------------------------------------------------ */

/* A field without a threshold is always asked: nobody has said when not to. */
static struct value *field_threshold(const struct writer *w, const char *name)
{
	const struct value *own = value_find(w->d->thresholds, name);
	const struct value *threshold = own ? own : w->everything;
	struct value *v;

	if (threshold) {
		v = field_leaf(w, name, "/confidence", "lt", "unsure");
		value_set(v, "value", value_copy(threshold));
	} else {
		char *title = mem_printf("%s has no threshold", definition_field_title(w->d, name));

		v = leaf("/proposed", "exists", title);
		free(title);
	}
	ask(v, name);
	return v;
}

/* Fields that a proposal has beside the named ones. */
static struct value *other_fields(const struct writer *w, struct value *named)
{
	struct value *v;

	if (w->everything) {
		v = leaf("/proposed/fields/*/confidence", "lt", "* unsure");
		value_set(v, "value", value_copy(w->everything));
	} else {
		v = leaf("/proposed/fields/*", "exists", "* has no threshold");
	}
	ask(v, "*");
	value_set(v, "except", named);
	return v;
}

static void extraction_rules(const struct writer *w, struct value *rules)
{
	struct value *unsure = value_new_array(), *empty = value_new_array();
	struct value *named = value_new_array();
	struct schema_field *fields;
	size_t count = schema_field_list(w->d->schema, &fields);

	for (size_t i = 0; i < count; i++) {
		struct value *missing;

		value_push(unsure, field_threshold(w, fields[i].name));
		value_push(named, value_new_string(fields[i].name));
		if (!fields[i].required)
			continue;
		missing = field_leaf(w, fields[i].name, "/value", "missing", "is required and empty");
		ask(missing, fields[i].name);
		value_push(empty, missing);
	}
	for (size_t i = 0; i < value_count(w->d->thresholds); i++) {
		const char *name = value_key(w->d->thresholds, i);

		if (strcmp(name, "*") == 0 || value_has_string(named, name))
			continue;
		value_push(unsure, field_threshold(w, name));
		value_push(named, value_new_string(name));
	}
	value_push(unsure, other_fields(w, named));
	add_rule(rules, "empty", empty);
	add_rule(rules, "unsure", unsure);
	free(fields);
}

/* --- classification and approval ------------------------------------------- */

/* What carries the name a threshold is for, and where the confidence is. */
struct subject {
	const char *name_path, *confidence_path, *what, *asks;
};

static struct value *unsure_leaf(const struct subject *s, const struct value *threshold)
{
	char *title = mem_printf("%s unsure", s->what);
	struct value *v = leaf(s->confidence_path, "lt", title);

	value_set(v, "value", value_copy(threshold));
	if (s->asks)
		ask(v, s->asks);
	free(title);
	return v;
}

static struct value *named_leaf(const struct subject *s, struct value *names,
                                const char *words)
{
	char *title = mem_printf("%s %s", s->what, words);
	struct value *v = leaf(s->name_path, "in", title);

	value_set(v, "value", names);
	free(title);
	return v;
}

/* Names that share a threshold share a condition: a verdict keeps every leaf. */
static bool seen_before(const struct value *thresholds, size_t index)
{
	const char *own = value_str(value_at(thresholds, index));

	for (size_t i = 0; i < index; i++)
		if (strcmp(value_key(thresholds, i), "*") != 0 &&
		    draw_rate_compare(value_str(value_at(thresholds, i)), own) == 0)
			return true;
	return false;
}

static struct value *names_with(const struct value *thresholds, const char *threshold)
{
	struct value *names = value_new_array();

	for (size_t i = 0; i < value_count(thresholds); i++) {
		const char *name = value_key(thresholds, i);

		if (strcmp(name, "*") != 0 &&
		    (!threshold || draw_rate_compare(value_str(value_at(thresholds, i)),
		                                     threshold) == 0))
			value_push(names, value_new_string(name));
	}
	return names;
}

static struct value *both(struct value *a, struct value *b)
{
	struct value *v = value_new_object(), *list = value_set(v, "all", value_new_array());

	value_push(list, a);
	value_push(list, b);
	return v;
}

static struct value *not(struct value *a)
{
	struct value *v = value_new_object();

	value_set(v, "not", a);
	return v;
}

static void named_rules(const struct writer *w, const struct subject *s, struct value *rules)
{
	const struct value *thresholds = w->d->thresholds;
	struct value *unsure = value_new_array();
	struct value *named = names_with(thresholds, NULL);

	for (size_t i = 0; i < value_count(thresholds); i++) {
		const struct value *threshold = value_at(thresholds, i);

		if (strcmp(value_key(thresholds, i), "*") == 0 || seen_before(thresholds, i))
			continue;
		value_push(unsure, both(named_leaf(s, names_with(thresholds, value_str(threshold)),
		                                   "has a threshold of its own"),
		                        unsure_leaf(s, threshold)));
	}
	if (!named->count) {
		value_push(unsure, unsure_leaf(s, w->everything));
		value_free(named);
	} else if (w->everything) {
		value_push(unsure, both(not(named_leaf(s, named, "has a threshold of its own")),
		                        unsure_leaf(s, w->everything)));
	} else {
		struct value *other = not(named_leaf(s, named, "has a threshold"));

		if (s->asks)
			ask(value_find(other, "not"), s->asks);
		value_push(unsure, other);
	}
	add_rule(rules, "unsure", unsure);
}

/* --- the document ---------------------------------------------------------- */

static int wrong(const struct writer *w, const char *name, const char *msgid)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	err_set(w->err, ERR_INVALID, msgid, name);
#pragma GCC diagnostic pop
	err_where(w->err, "/thresholds/%s", name);
	return ERR_INVALID;
}

static int check_thresholds(const struct writer *w)
{
	const struct definition *d = w->d;

	for (size_t i = 0; i < value_count(d->thresholds); i++) {
		const char *name = value_key(d->thresholds, i);
		const char *text = value_str(value_at(d->thresholds, i));

		if (!text || !draw_rate_valid(text))
			return wrong(w, name, N_("the threshold of %s must be a decimal from 0 to 1 as text"));
		if (strcmp(name, "*") == 0)
			continue;
		if (d->kind == KIND_CLASSIFICATION && d->label_count &&
		    !definition_find_label(d, name))
			return wrong(w, name, N_("there is a threshold for “%s”, which is no label"));
		if (d->kind == KIND_APPROVAL && d->action_count && !definition_find_action(d, name))
			return wrong(w, name, N_("there is a threshold for “%s”, which is no action"));
	}
	return 0;
}

static enum policy_route default_of(const struct definition *d, bool has_limits)
{
	const struct floor *f = floor_of(d->least_class);

	if (f->people >= 2)
		return POLICY_TWO_PERSON;
	if (!value_count(d->thresholds))
		return POLICY_REVIEW;
	if (f->auto_accept == FLOOR_WITHIN_LIMITS && !has_limits)
		return POLICY_REVIEW;
	return POLICY_AUTO_ACCEPT;
}

static void add_rules(const struct writer *w, struct value *rules)
{
	static const struct subject label = { "/proposed/label", "/proposed/confidence",
	                                      "label", "label" };
	static const struct subject action = { "/proposed/action", "/confidence", "agent", NULL };

	if (!value_count(w->d->thresholds))
		return;
	switch (w->d->kind) {
	case KIND_EXTRACTION:
		extraction_rules(w, rules);
		break;
	case KIND_CLASSIFICATION:
		named_rules(w, &label, rules);
		break;
	case KIND_APPROVAL:
		named_rules(w, &action, rules);
		break;
	}
}

/* {"people":2} or {"people":{"count":2,…}}: who must decide what people see. */
static int64_t people_of(const struct value *people)
{
	if (value_is(people, VALUE_INT))
		return people->i;
	return value_int_or(people, "count", 1);
}

int policy_from_definition(const struct definition *d, struct value **out, struct err *err)
{
	struct writer w = { d, value_find(d->thresholds, "*"), err };
	const struct value *limits = value_find(d->doc, "limits");
	int64_t people = people_of(value_find(d->doc, "people"));
	struct policy *check;
	struct value *doc;

	*out = NULL;
	if (check_thresholds(&w) < 0)
		return ERR_INVALID;
	doc = value_new_object();
	value_set_int(doc, "version", 1);
	value_set_string(doc, "queue", d->queue);
	value_set_string(doc, "kind", kind_name(d->kind));
	value_set_string(doc, "class", class_name(d->least_class));
	if (people != 1)
		value_set_int(doc, "people", people);
	add_rules(&w, value_set(doc, "rules", value_new_array()));
	value_set_string(doc, "default", policy_route_name(default_of(d, limits != NULL)));
	value_set_string(value_set(doc, "sampling", value_new_object()), "rate",
	                 floor_of(d->least_class)->sampling);
	if (limits)
		value_set(doc, "limits", value_copy(limits));
	if (policy_compile(doc, &check, err) < 0) {
		value_free(doc);
		return ERR_INVALID;
	}
	policy_free(check);
	*out = doc;
	return 0;
}
