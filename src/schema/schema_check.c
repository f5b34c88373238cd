/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "schema/schema_node.h"

/* One check of one value. */
struct check_run {
	struct schema_faults *faults;   /* NULL: nobody asks */
	struct buf pointer;
	int quiet;       /* > 0: inside anyOf, not, …, where a fault is no fault */
	int depth;
	long steps;
	bool gave_up;    /* something could not be decided: nothing passes */
};

static bool apply(struct check_run *c, const struct schema_node *n, const struct value *v);

static bool fault(struct check_run *c, const char *keyword, const struct err *e)
{
	if (!c->quiet)
		schema_faults_add(c->faults, buf_str(&c->pointer), keyword, e);
	return false;
}

/* The place of the fault is a member or element of the value at hand. */
static bool fault_at(struct check_run *c, const char *token, const char *keyword,
                     const struct err *e)
{
	size_t len = schema_pointer_push(&c->pointer, token);

	fault(c, keyword, e);
	schema_pointer_pop(&c->pointer, len);
	return false;
}

static bool give_up(struct check_run *c, const char *keyword, const struct err *e)
{
	int quiet = c->quiet;

	if (!c->gave_up) {
		c->quiet = 0;
		fault(c, keyword, e);
		c->quiet = quiet;
	}
	c->gave_up = true;
	return false;
}

static bool apply_at(struct check_run *c, const char *token, const struct schema_node *n,
                     const struct value *v)
{
	size_t len = schema_pointer_push(&c->pointer, token);
	bool ok = apply(c, n, v);

	schema_pointer_pop(&c->pointer, len);
	return ok;
}

static bool apply_quiet(struct check_run *c, const struct schema_node *n, const struct value *v)
{
	bool ok;

	c->quiet++;
	ok = apply(c, n, v);
	c->quiet--;
	return ok;
}

static bool regex_holds(struct check_run *c, const struct regex *re, const char *s, size_t len)
{
	struct err e = ERR_INIT;
	int found = regex_match(re, s, len, &e);

	if (found < 0)
		give_up(c, "pattern", &e);
	return found > 0;
}

/* --- any value ------------------------------------------------------------- */

static void list_choices(const struct value *choices, char *out, size_t size)
{
	struct buf text = { .limit = size - 1 };

	for (size_t i = 0; i < choices->count && !text.failed; i++) {
		const char *s = value_str(choices->items[i]);

		buf_addf(&text, "%s%s", i ? ", " : "", s ? s : "…");
	}
	utf8_copy(out, size, buf_str(&text));
	if (text.failed)
		utf8_copy(out + strlen(out), size - strlen(out), "…");
	buf_clear(&text);
}

static bool check_choice(struct check_run *c, const struct schema_node *n,
                         const struct value *v)
{
	struct err e = ERR_INIT;
	char names[ERR_ARG_SIZE];

	if (n->constant && !value_equal(n->constant, v)) {
		const char *only = value_str(n->constant);

		if (only)
			err_set(&e, ERR_INVALID, N_("must be “%s”"), only);
		else
			err_set(&e, ERR_INVALID, N_("must be exactly what the schema says"));
		return fault(c, "const", &e);
	}
	if (!n->choices)
		return true;
	for (size_t i = 0; i < n->choices->count; i++)
		if (value_equal(n->choices->items[i], v))
			return true;
	list_choices(n->choices, names, sizeof names);
	err_set(&e, ERR_INVALID, N_("must be one of: %s"), names);
	return fault(c, "enum", &e);
}

/* Is count within the range? Says what is wrong if not. */
static bool check_range(struct check_run *c, struct schema_range r, size_t count,
                        const char *const keyword[2], const char *const msgid[2])
{
	struct err e = ERR_INIT;
	struct err_numbuf n;
	int which = r.min >= 0 && count < (size_t)r.min ? 0 :
		r.max >= 0 && count > (size_t)r.max ? 1 : -1;

	if (which < 0)
		return true;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	err_set(&e, ERR_INVALID, msgid[which], err_num(&n, which ? r.max : r.min));
#pragma GCC diagnostic pop
	return fault(c, keyword[which], &e);
}

static bool check_string(struct check_run *c, const struct schema_node *n,
                         const struct value *v)
{
	static const char *const keyword[2] = { "minLength", "maxLength" };
	static const char *const msgid[2] = { N_("must have at least %s characters"),
	                                      N_("must have at most %s characters") };
	struct err e = ERR_INIT;
	bool ok = true;

	if (n->length.min >= 0 || n->length.max >= 0)
		ok = check_range(c, n->length, utf8_count(v->s, v->len), keyword, msgid);
	if (n->pattern && !regex_holds(c, n->pattern, v->s, v->len)) {
		err_set(&e, ERR_INVALID, N_("does not have the form that is asked for: %s"),
		        value_text_or(n->doc, "pattern", ""));
		ok = fault(c, "pattern", &e);
	}
	if (n->format && !schema_format_holds(n->format, v->s)) {
		struct err f = ERR_INIT;

		if (n->format == SCHEMA_DATE)
			err_set(&f, ERR_INVALID, N_("must be a day that exists, as 2026-11-02"));
		else
			err_set(&f, ERR_INVALID,
			        N_("must be a day and time that exist, as 2026-11-02T13:27:26Z"));
		ok = fault(c, "format", &f);
	}
	return ok;
}

/* --- arrays ---------------------------------------------------------------- */

static bool check_contains(struct check_run *c, const struct schema_node *n,
                           const struct value *v)
{
	static const char *const keyword[2] = { "minContains", "maxContains" };
	static const char *const msgid[2] = { N_("fewer than %s elements are of the kind asked for"),
	                                      N_("more than %s elements are of that kind") };
	struct schema_range r = n->matches;
	size_t found = 0;

	if (!n->contains)
		return true;
	for (size_t i = 0; i < v->count; i++)
		found += apply_quiet(c, n->contains, v->items[i]);
	if (r.min < 0)
		r.min = 1;
	return check_range(c, r, found, keyword, msgid);
}

static bool check_array(struct check_run *c, const struct schema_node *n,
                        const struct value *v)
{
	static const char *const keyword[2] = { "minItems", "maxItems" };
	static const char *const msgid[2] = { N_("must have at least %s elements"),
	                                      N_("must have at most %s elements") };
	bool ok = check_range(c, n->elements, v->count, keyword, msgid);
	size_t a, b;

	for (size_t i = 0; i < v->count; i++) {
		const struct schema_node *sub = i < n->prefix.count ? n->prefix.nodes[i] : n->items;
		struct err_numbuf at;

		if (sub && !apply_at(c, err_num(&at, (long long)i), sub, v->items[i]))
			ok = false;
	}
	if (n->unique && schema_find_twin(v, &a, &b)) {
		struct err_numbuf x, y;
		struct err e = ERR_INIT;

		err_set(&e, ERR_INVALID, N_("elements %s and %s are the same"),
		        err_num(&x, (long long)a + 1), err_num(&y, (long long)b + 1));
		ok = fault(c, "uniqueItems", &e);
	}
	return check_contains(c, n, v) && ok;
}

/* --- objects --------------------------------------------------------------- */

static const struct schema_node *find_property(const struct schema_node *n, const char *name)
{
	size_t low = 0, high = n->properties.count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, n->properties.items[middle].name);

		if (order == 0)
			return n->properties.items[middle].node;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static bool check_name(struct check_run *c, const struct schema_node *n, const char *name)
{
	struct value key = { .type = VALUE_STRING };
	struct err e = ERR_INIT;

	if (!n->names)
		return true;
	key.s = (char *)name;
	key.len = strlen(name);
	if (apply_quiet(c, n->names, &key))
		return true;
	err_set(&e, ERR_INVALID, N_("this name is not allowed here"));
	return fault_at(c, name, "propertyNames", &e);
}

static bool check_member(struct check_run *c, const struct schema_node *n,
                         const struct value_member *m)
{
	const struct schema_node *sub = find_property(n, m->key);
	bool ok = check_name(c, n, m->key), matched = sub != NULL;
	struct err e = ERR_INIT;

	if (sub && !apply_at(c, m->key, sub, m->value))
		ok = false;
	for (size_t i = 0; i < n->patterns.count; i++) {
		if (!regex_holds(c, n->patterns.items[i].regex, m->key, strlen(m->key)))
			continue;
		matched = true;
		if (!apply_at(c, m->key, n->patterns.items[i].node, m->value))
			ok = false;
	}
	if (matched || !n->additional)
		return ok;
	if (value_is(n->additional->doc, VALUE_BOOL) && !n->additional->doc->b) {
		err_set(&e, ERR_INVALID, N_("is not a field of this form"));
		return fault_at(c, m->key, "additionalProperties", &e);
	}
	return apply_at(c, m->key, n->additional, m->value) && ok;
}

static bool check_required(struct check_run *c, const struct value *names,
                           const struct value *v, const char *keyword)
{
	bool ok = true;

	for (size_t i = 0; i < value_count(names); i++) {
		const char *name = value_str(names->items[i]);
		struct err e = ERR_INIT;

		if (value_find(v, name))
			continue;
		err_set(&e, ERR_INVALID, N_("is required and missing"));
		ok = fault_at(c, name, keyword, &e);
	}
	return ok;
}

static bool check_object(struct check_run *c, const struct schema_node *n,
                         const struct value *v)
{
	static const char *const keyword[2] = { "minProperties", "maxProperties" };
	static const char *const msgid[2] = { N_("must have at least %s members"),
	                                      N_("must have at most %s members") };
	bool ok = check_range(c, n->members, v->count, keyword, msgid);

	if (!check_required(c, n->required, v, "required"))
		ok = false;
	for (size_t i = 0; i < value_count(n->dependent_required); i++)
		if (value_find(v, value_key(n->dependent_required, i)) &&
		    !check_required(c, value_at(n->dependent_required, i), v, "dependentRequired"))
			ok = false;
	for (size_t i = 0; i < v->count; i++)
		if (!check_member(c, n, &v->members[i]))
			ok = false;
	for (size_t i = 0; i < n->dependent.count; i++)
		if (value_find(v, n->dependent.items[i].name) &&
		    !apply(c, n->dependent.items[i].node, v))
			ok = false;
	return ok;
}

/* --- schemas on the same value --------------------------------------------- */

static bool check_any(struct check_run *c, const struct schema_node *n, const struct value *v)
{
	struct err e = ERR_INIT;
	size_t fits = 0;

	for (size_t i = 0; i < n->any.count && !fits; i++)
		fits = apply_quiet(c, n->any.nodes[i], v);
	if (n->any.count && !fits) {
		err_set(&e, ERR_INVALID, N_("fits none of the forms that are allowed"));
		return fault(c, "anyOf", &e);
	}
	fits = 0;
	for (size_t i = 0; i < n->one.count; i++)
		fits += apply_quiet(c, n->one.nodes[i], v);
	if (!n->one.count || fits == 1)
		return true;
	if (fits)
		err_set(&e, ERR_INVALID, N_("fits more than one of the forms, but must fit one"));
	else
		err_set(&e, ERR_INVALID, N_("fits none of the forms that are allowed"));
	return fault(c, "oneOf", &e);
}

static bool check_applied(struct check_run *c, const struct schema_node *n,
                          const struct value *v)
{
	const struct schema_node *branch;
	bool ok = !n->ref || apply(c, n->ref, v);
	struct err e = ERR_INIT;

	for (size_t i = 0; i < n->all.count; i++)
		if (!apply(c, n->all.nodes[i], v))
			ok = false;
	if (!check_any(c, n, v))
		ok = false;
	if (n->negated && apply_quiet(c, n->negated, v)) {
		err_set(&e, ERR_INVALID, N_("has a form that is not allowed"));
		ok = fault(c, "not", &e);
	}
	if (!n->condition)
		return ok;
	branch = apply_quiet(c, n->condition, v) ? n->then : n->otherwise;
	return (!branch || apply(c, branch, v)) && ok;
}

static bool check_keywords(struct check_run *c, const struct schema_node *n,
                           const struct value *v)
{
	struct err e = ERR_INIT;
	const char *keyword = NULL;
	bool ok;

	if (!schema_type_holds(n, v, &e))
		return fault(c, "type", &e);
	ok = check_choice(c, n, v);
	if (value_is_number(v) && !schema_number_holds(n, v, &keyword, &e))
		ok = fault(c, keyword, &e);
	if (v->type == VALUE_STRING && !check_string(c, n, v))
		ok = false;
	if (v->type == VALUE_ARRAY && !check_array(c, n, v))
		ok = false;
	if (v->type == VALUE_OBJECT && !check_object(c, n, v))
		ok = false;
	return check_applied(c, n, v) && ok;
}

static bool apply(struct check_run *c, const struct schema_node *n, const struct value *v)
{
	struct err e = ERR_INIT;
	bool ok;

	if (c->gave_up)
		return false;
	if (++c->steps > SCHEMA_STEPS || c->depth >= SCHEMA_DEPTH) {
		err_set(&e, ERR_LIMIT, N_("checking this takes too long; it is refused"));
		return give_up(c, "$ref", &e);
	}
	if (value_is(n->doc, VALUE_BOOL)) {
		if (n->doc->b)
			return true;
		err_set(&e, ERR_INVALID, N_("is not allowed here"));
		return fault(c, "false", &e);
	}
	c->depth++;
	ok = check_keywords(c, n, v);
	c->depth--;
	return ok;
}

bool schema_check(const struct schema *s, const struct value *v, struct schema_faults *faults)
{
	struct check_run c = { .faults = faults };
	bool ok = apply(&c, s->nodes[0], v);

	buf_clear(&c.pointer);
	return ok && !c.gave_up;
}

/* A null that may stand for "not on the document" though the schema has no
 * place for it. */
static bool counts_as_absent(const struct schema *s, const struct value_member *m)
{
	const struct schema_node *root = s->nodes[0], *sub = find_property(root, m->key);
	struct check_run c = { .quiet = 1 };
	bool absent;

	if (m->value->type != VALUE_NULL || !sub || value_has_string(root->required, m->key))
		return false;
	absent = !apply(&c, sub, m->value);
	buf_clear(&c.pointer);
	return absent;
}

bool schema_check_fields(const struct schema *s, const struct value *fields,
                         struct schema_faults *faults)
{
	struct value present = { .type = VALUE_OBJECT };
	bool ok;

	if (!value_is(fields, VALUE_OBJECT))
		return schema_check(s, fields, faults);
	/* Only the list is new; keys and values stay the caller's. */
	present.members = mem_resize(NULL, fields->count + 1, sizeof *present.members);
	for (size_t i = 0; i < fields->count; i++)
		if (!counts_as_absent(s, &fields->members[i]))
			present.members[present.count++] = fields->members[i];
	ok = schema_check(s, &present, faults);
	free(present.members);
	return ok;
}
