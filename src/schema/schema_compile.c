/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "schema/schema_node.h"

/* A document from the wire is at most 32 deep; this is for any other. */
enum { NEST_MAX = 128 };

static struct schema_node *compile(struct schema_compiler *c, const struct value *doc);

static int bad(struct schema_compiler *c, const char *keyword, const char *msgid)
{
	size_t len = schema_pointer_push(&c->pointer, keyword);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	err_set(c->err, ERR_INVALID, msgid, keyword);
#pragma GCC diagnostic pop
	err_where(c->err, "%s", buf_str(&c->pointer));
	schema_pointer_pop(&c->pointer, len);
	return ERR_INVALID;
}

/* --- sub-schemas ----------------------------------------------------------- */

static struct schema_node *child(struct schema_compiler *c, const char *keyword,
                                 const struct value *doc)
{
	size_t len = schema_pointer_push(&c->pointer, keyword);
	struct schema_node *n = compile(c, doc);

	schema_pointer_pop(&c->pointer, len);
	return n;
}

static int one_schema(struct schema_compiler *c, const char *keyword,
                      const struct value *v, struct schema_node **out)
{
	*out = child(c, keyword, v);
	return *out ? 0 : ERR_INVALID;
}

static int schema_list(struct schema_compiler *c, const char *keyword,
                       const struct value *v, struct schema_list *out)
{
	size_t len = schema_pointer_push(&c->pointer, keyword);
	struct err_numbuf n;
	int rc = 0;

	if (!value_is(v, VALUE_ARRAY) || !v->count) {
		schema_pointer_pop(&c->pointer, len);
		return bad(c, keyword, N_("%s must be a list of schemas"));
	}
	out->nodes = mem_zalloc(v->count * sizeof *out->nodes);
	for (size_t i = 0; i < v->count && rc == 0; i++)
		rc = one_schema(c, err_num(&n, (long long)i), v->items[i], &out->nodes[out->count++]);
	schema_pointer_pop(&c->pointer, len);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct schema_named *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct regex *pattern_of(struct schema_compiler *c, const char *token, const char *text)
{
	struct err e = ERR_INIT;
	struct regex *re = regex_new(text, &e);
	char words[ERR_ARG_SIZE];
	size_t len;

	if (!re) {
		err_set(c->err, e.code, N_("the pattern is not usable: %s"),
		        err_words(&e, words, sizeof words));
		len = schema_pointer_push(&c->pointer, token);
		err_where(c->err, "%s", buf_str(&c->pointer));
		schema_pointer_pop(&c->pointer, len);
	}
	return re;
}

static int schema_members(struct schema_compiler *c, const char *keyword,
                          const struct value *v, struct schema_members *out, bool patterns)
{
	size_t len;
	int rc = 0;

	if (!value_is(v, VALUE_OBJECT))
		return bad(c, keyword, N_("%s must be an object of schemas"));
	out->items = mem_zalloc((v->count + 1) * sizeof *out->items);
	len = schema_pointer_push(&c->pointer, keyword);
	for (size_t i = 0; i < v->count && rc == 0; i++) {
		struct schema_named *m = &out->items[out->count++];

		m->name = v->members[i].key;
		if (patterns && !(m->regex = pattern_of(c, m->name, m->name)))
			rc = ERR_INVALID;
		else
			rc = one_schema(c, m->name, v->members[i].value, &m->node);
	}
	schema_pointer_pop(&c->pointer, len);
	if (!patterns)
		qsort(out->items, out->count, sizeof *out->items, by_name);
	return rc;
}

/* --- plain keywords -------------------------------------------------------- */

static unsigned type_bits(const char *name)
{
	static const struct { const char *name; unsigned bits; } types[] = {
		{ "null", 1u << VALUE_NULL }, { "boolean", 1u << VALUE_BOOL },
		{ "integer", SCHEMA_INTEGER }, { "number", SCHEMA_NUMBER },
		{ "string", 1u << VALUE_STRING }, { "array", 1u << VALUE_ARRAY },
		{ "object", 1u << VALUE_OBJECT },
	};

	for (size_t i = 0; name && i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].bits;
	return 0;
}

static int read_type(struct schema_compiler *c, struct schema_node *n, const struct value *v)
{
	if (value_is(v, VALUE_STRING))
		n->types = type_bits(v->s);
	for (size_t i = 0; value_is(v, VALUE_ARRAY) && i < v->count; i++) {
		unsigned bits = type_bits(value_str(v->items[i]));

		if (!bits)
			return bad(c, "type", N_("%s names a type that does not exist"));
		n->types |= bits;
	}
	return n->types ? 0 : bad(c, "type", N_("%s names a type that does not exist"));
}

static int read_count(struct schema_compiler *c, const char *keyword, const struct value *v,
                      int64_t *out)
{
	double d = value_is_number(v) ? value_number(v) : -1;

	/* 2.0 is a count too; what no list can reach is as good as no limit. */
	if (d < 0 || (d < 1e15 && (double)(int64_t)d < d))
		return bad(c, keyword, N_("%s must be a whole number from 0 up"));
	*out = d < 1e15 ? (int64_t)d : (int64_t)1e15;
	return 0;
}

static int read_number(struct schema_compiler *c, const char *keyword, const struct value *v,
                       const struct value **out)
{
	*out = v;
	if (!value_is_number(v))
		return bad(c, keyword, N_("%s must be a number"));
	if (strcmp(keyword, "multipleOf") == 0 && value_number(v) <= 0)
		return bad(c, keyword, N_("%s must be greater than 0"));
	return 0;
}

static int read_names(struct schema_compiler *c, const char *keyword, const struct value *v,
                      const struct value **out)
{
	bool good = value_is(v, VALUE_ARRAY);

	for (size_t i = 0; good && i < v->count; i++)
		good = value_is(v->items[i], VALUE_STRING);
	*out = v;
	return good ? 0 : bad(c, keyword, N_("%s must be a list of names"));
}

static int read_dependent(struct schema_compiler *c, struct schema_node *n,
                          const struct value *v)
{
	const struct value *names;

	if (!value_is(v, VALUE_OBJECT))
		return bad(c, "dependentRequired", N_("%s must be an object of lists of names"));
	n->dependent_required = v;
	for (size_t i = 0; i < v->count; i++)
		if (read_names(c, "dependentRequired", v->members[i].value, &names) < 0)
			return ERR_INVALID;
	return 0;
}

static int read_text(struct schema_compiler *c, const char *keyword, const struct value *v,
                     const char **out)
{
	*out = value_str(v);
	return *out ? 0 : bad(c, keyword, N_("%s must be text"));
}

static int read_format(struct schema_compiler *c, struct schema_node *n, const struct value *v)
{
	const char *name;

	if (read_text(c, "format", v, &name) < 0)
		return ERR_INVALID;
	if (strcmp(name, "date") == 0)
		n->format = SCHEMA_DATE;
	else if (strcmp(name, "date-time") == 0)
		n->format = SCHEMA_DATE_TIME;
	return 0;
}

static int read_dialect(struct schema_compiler *c, const struct value *v)
{
	static const char known[] = "https://json-schema.org/draft/2020-12/schema";
	const char *name = value_str(v);

	if (name && strncmp(name, known, sizeof known - 1) == 0 &&
	    (!name[sizeof known - 1] || strcmp(name + sizeof known - 1, "#") == 0))
		return 0;
	err_set(c->err, ERR_UNSUPPORTED, N_("$schema names a dialect other than draft 2020-12: %s"),
	        name ? name : "");
	err_where(c->err, "%s/$schema", buf_str(&c->pointer));
	return ERR_UNSUPPORTED;
}

/* Another name inside the document would change what its $refs mean. */
static int read_id(struct schema_compiler *c, struct schema_node *n, const struct value *v)
{
	const char *name;

	if (n == c->schema->nodes[0])
		return read_text(c, "$id", v, &name);
	err_set(c->err, ERR_UNSUPPORTED, N_("$id is only known at the root of a schema"));
	err_where(c->err, "%s/$id", buf_str(&c->pointer));
	return ERR_UNSUPPORTED;
}

/* --- the table of keywords ------------------------------------------------- */

enum how {
	REMARK, TYPE, CHOICES, CONSTANT, NUMBER, LEAST, MOST, PATTERN, FORMAT, UNIQUE, NAMES,
	DEPENDENT, SCHEMA, LIST, MEMBERS, PATTERNS, DEFS, TEXT, DIALECT, ID
};

static const struct keyword {
	const char *name;
	enum how how;
	size_t at;      /* where it goes in struct schema_node */
} keywords[] = {
#define AT(member) offsetof(struct schema_node, member)
	{ "$anchor", TEXT, AT(anchor) },
	{ "$comment", REMARK, 0 },
	{ "$defs", DEFS, 0 },
	{ "$id", ID, 0 },
	{ "$ref", TEXT, AT(ref_text) },
	{ "$schema", DIALECT, 0 },
	{ "additionalProperties", SCHEMA, AT(additional) },
	{ "allOf", LIST, AT(all) },
	{ "anyOf", LIST, AT(any) },
	{ "const", CONSTANT, 0 },
	{ "contains", SCHEMA, AT(contains) },
	{ "default", REMARK, 0 },
	{ "dependentRequired", DEPENDENT, 0 },
	{ "dependentSchemas", MEMBERS, AT(dependent) },
	{ "deprecated", REMARK, 0 },
	{ "description", REMARK, 0 },
	{ "else", SCHEMA, AT(otherwise) },
	{ "enum", CHOICES, 0 },
	{ "examples", REMARK, 0 },
	{ "exclusiveMaximum", NUMBER, AT(below) },
	{ "exclusiveMinimum", NUMBER, AT(above) },
	{ "format", FORMAT, 0 },
	{ "if", SCHEMA, AT(condition) },
	{ "items", SCHEMA, AT(items) },
	{ "maxContains", MOST, AT(matches) },
	{ "maxItems", MOST, AT(elements) },
	{ "maxLength", MOST, AT(length) },
	{ "maxProperties", MOST, AT(members) },
	{ "maximum", NUMBER, AT(maximum) },
	{ "minContains", LEAST, AT(matches) },
	{ "minItems", LEAST, AT(elements) },
	{ "minLength", LEAST, AT(length) },
	{ "minProperties", LEAST, AT(members) },
	{ "minimum", NUMBER, AT(minimum) },
	{ "multipleOf", NUMBER, AT(multiple_of) },
	{ "not", SCHEMA, AT(negated) },
	{ "oneOf", LIST, AT(one) },
	{ "pattern", PATTERN, 0 },
	{ "patternProperties", PATTERNS, AT(patterns) },
	{ "prefixItems", LIST, AT(prefix) },
	{ "properties", MEMBERS, AT(properties) },
	{ "propertyNames", SCHEMA, AT(names) },
	{ "readOnly", REMARK, 0 },
	{ "required", NAMES, AT(required) },
	{ "then", SCHEMA, AT(then) },
	{ "title", REMARK, 0 },
	{ "type", TYPE, 0 },
	{ "uniqueItems", UNIQUE, 0 },
	{ "writeOnly", REMARK, 0 },
#undef AT
};

static const struct keyword *find_keyword(const char *name)
{
	size_t low = 0, high = sizeof keywords / sizeof *keywords;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, keywords[middle].name);

		if (order == 0)
			return &keywords[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Keywords whose value is a schema or holds schemas. */
static int read_schemas(struct schema_compiler *c, const struct keyword *k, void *at,
                        const struct value *v)
{
	struct schema_members *defs;
	int rc;

	switch (k->how) {
	case SCHEMA:
		return one_schema(c, k->name, v, at);
	case LIST:
		return schema_list(c, k->name, v, at);
	case MEMBERS:
		return schema_members(c, k->name, v, at, false);
	case PATTERNS:
		return schema_members(c, k->name, v, at, true);
	default:
		/* Definitions are nodes of the schema; the list itself is not needed. */
		defs = mem_zalloc(sizeof *defs);
		rc = schema_members(c, k->name, v, defs, false);
		free(defs->items);
		free(defs);
		return rc;
	}
}

static int read_plain(struct schema_compiler *c, struct schema_node *n,
                      const struct keyword *k, void *at, const struct value *v)
{
	switch (k->how) {
	case TYPE:
		return read_type(c, n, v);
	case CHOICES:
		n->choices = v;
		return value_is(v, VALUE_ARRAY) ? 0 : bad(c, k->name, N_("%s must be a list"));
	case CONSTANT:
		n->constant = v;
		return 0;
	case NUMBER:
		return read_number(c, k->name, v, at);
	case LEAST:
		return read_count(c, k->name, v, &((struct schema_range *)at)->min);
	case MOST:
		return read_count(c, k->name, v, &((struct schema_range *)at)->max);
	case PATTERN:
		if (!value_is(v, VALUE_STRING))
			return bad(c, k->name, N_("%s must be text"));
		n->pattern = pattern_of(c, k->name, v->s);
		return n->pattern ? 0 : ERR_INVALID;
	case FORMAT:
		return read_format(c, n, v);
	case UNIQUE:
		n->unique = value_is(v, VALUE_BOOL) && v->b;
		return value_is(v, VALUE_BOOL) ? 0 : bad(c, k->name, N_("%s must be true or false"));
	case NAMES:
		return read_names(c, k->name, v, at);
	case DEPENDENT:
		return read_dependent(c, n, v);
	case TEXT:
		return read_text(c, k->name, v, at);
	case DIALECT:
		return read_dialect(c, v);
	case ID:
		return read_id(c, n, v);
	default:
		return 0;
	}
}

static int read_keyword(struct schema_compiler *c, struct schema_node *n,
                        const struct value_member *m)
{
	const struct keyword *k = find_keyword(m->key);

	if (!k) {
		err_set(c->err, ERR_UNSUPPORTED, N_("the schema keyword “%s” is not supported"),
		        m->key);
		size_t len = schema_pointer_push(&c->pointer, m->key);
		err_where(c->err, "%s", buf_str(&c->pointer));
		schema_pointer_pop(&c->pointer, len);
		return ERR_UNSUPPORTED;
	}
	switch (k->how) {
	case SCHEMA:
	case LIST:
	case MEMBERS:
	case PATTERNS:
	case DEFS:
		return read_schemas(c, k, (char *)n + k->at, m->value);
	default:
		return read_plain(c, n, k, (char *)n + k->at, m->value);
	}
}

static struct schema_node *compile(struct schema_compiler *c, const struct value *doc)
{
	struct schema *s = c->schema;
	struct schema_node *n;

	if (!value_is(doc, VALUE_BOOL) && !value_is(doc, VALUE_OBJECT)) {
		err_set(c->err, ERR_INVALID, N_("a schema must be an object, true or false"));
		err_where(c->err, "%s", buf_str(&c->pointer));
		return NULL;
	}
	if (c->depth >= NEST_MAX) {
		err_set(c->err, ERR_LIMIT, N_("the schema is nested too deeply"));
		err_where(c->err, "%s", buf_str(&c->pointer));
		return NULL;
	}
	MEM_GROW(s->nodes, s->count, s->cap);
	n = s->nodes[s->count++] = mem_zalloc(sizeof *n);
	n->doc = doc;
	n->length = n->members = n->elements = n->matches = (struct schema_range){ -1, -1 };
	c->depth++;
	for (size_t i = 0; doc->type == VALUE_OBJECT && i < doc->count; i++)
		if (read_keyword(c, n, &doc->members[i]) < 0)
			return NULL;
	c->depth--;
	return n;
}

int schema_compile(const struct value *doc, struct schema **out, struct err *err)
{
	struct err e = ERR_INIT;
	struct schema *s = mem_zalloc(sizeof *s);
	struct schema_compiler c = { .schema = s, .err = &e };

	*out = NULL;
	s->doc = doc ? value_copy(doc) : value_new_null();
	compile(&c, s->doc);
	buf_clear(&c.pointer);
	if (e.code == ERR_NONE)
		schema_ref_resolve(s, &e);
	if (e.code != ERR_NONE) {
		schema_free(s);
		if (err && err->code == ERR_NONE)
			*err = e;
		return e.code;
	}
	*out = s;
	return 0;
}

static void free_members(struct schema_members *m)
{
	for (size_t i = 0; i < m->count; i++)
		regex_free(m->items[i].regex);
	free(m->items);
}

void schema_free(struct schema *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++) {
		struct schema_node *n = s->nodes[i];

		regex_free(n->pattern);
		free_members(&n->properties);
		free_members(&n->patterns);
		free_members(&n->dependent);
		free(n->prefix.nodes);
		free(n->all.nodes);
		free(n->any.nodes);
		free(n->one.nodes);
		free(n);
	}
	free(s->nodes);
	value_free(s->doc);
	free(s);
}
