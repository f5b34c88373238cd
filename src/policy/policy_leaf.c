/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves: one place of the proposal, one comparison, one result with a reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "policy/policy_tree.h"

static const char *const op_names[] = {
	"lt", "le", "gt", "ge", "eq", "ne", "in", "exists", "missing", "matches",
};

const char *policy_op_name(enum policy_op op)
{
	return op_names[op];
}

bool policy_op_find(const char *name, enum policy_op *out)
{
	for (size_t i = 0; name && i < sizeof op_names / sizeof *op_names; i++) {
		if (strcmp(op_names[i], name) == 0) {
			*out = (enum policy_op)i;
			return true;
		}
	}
	return false;
}

/* num_compare() wants exponents of at most four digits. */
static bool exponent_fits(const char *text)
{
	const char *e = strpbrk(text, "eE");

	if (!e)
		return true;
	e += 1 + (e[1] == '+' || e[1] == '-');
	return strlen(e) <= 3;
}

const char *policy_decimal(const struct value *v, char buf[POLICY_NUMBER_SIZE])
{
	char text[NUM_TEXT_SIZE];

	switch (v->type) {
	case VALUE_INT:
		snprintf(buf, POLICY_NUMBER_SIZE, "%lld", (long long)v->i);
		return buf;
	case VALUE_REAL:
		snprintf(buf, POLICY_NUMBER_SIZE, "%s", num_es6(v->r, text));
		return buf;
	case VALUE_STRING:
		if (v->len < POLICY_NUMBER_SIZE && num_valid(v->s) && exponent_fits(v->s))
			return v->s;
		return NULL;
	default:
		return NULL;
	}
}

void policy_ask(struct value *asks, const char *name)
{
	if (value_count(asks) < POLICY_ASKS_MAX && !value_has_string(asks, name))
		value_push(asks, value_new_string(name));
}

/* --- comparing ------------------------------------------------------------- */

static enum policy_result of(bool b)
{
	return b ? POLICY_TRUE : POLICY_FALSE;
}

/* Numbers by value, texts by their bytes, true and false by themselves; two of
 * different kinds cannot be compared. */
static enum policy_result equal(const struct value *found, const struct value *want)
{
	char a[POLICY_NUMBER_SIZE], b[POLICY_NUMBER_SIZE];
	const char *x, *y;

	if (found->type == VALUE_BOOL && want->type == VALUE_BOOL)
		return of(found->b == want->b);
	if (found->type == VALUE_STRING && want->type == VALUE_STRING)
		return of(strcmp(found->s, want->s) == 0);
	if (found->type == VALUE_BOOL || want->type == VALUE_BOOL)
		return POLICY_MISSING;
	x = policy_decimal(found, a);
	y = policy_decimal(want, b);
	return x && y ? of(num_compare(x, y) == 0) : POLICY_MISSING;
}

static enum policy_result order(const struct policy_node *leaf, const struct value *found)
{
	char a[POLICY_NUMBER_SIZE], b[POLICY_NUMBER_SIZE];
	const char *x = policy_decimal(found, a), *y = policy_decimal(leaf->value, b);
	int c;

	if (!x || !y)
		return POLICY_MISSING;
	c = num_compare(x, y);
	switch (leaf->op) {
	case POLICY_LT:
		return of(c < 0);
	case POLICY_LE:
		return of(c <= 0);
	case POLICY_GT:
		return of(c > 0);
	default:
		return of(c >= 0);
	}
}

static enum policy_result among(const struct value *list, const struct value *found)
{
	enum policy_result result = POLICY_FALSE;

	for (size_t i = 0; i < list->count; i++) {
		enum policy_result r = equal(found, list->items[i]);

		if (r == POLICY_TRUE)
			return r;
		if (r == POLICY_MISSING)
			result = r;
	}
	return result;
}

static enum policy_result compare(const struct policy_node *leaf, const struct value *found)
{
	bool there = found && found->type != VALUE_NULL;
	enum policy_result r;

	if (leaf->op == POLICY_EXISTS)
		return of(there);
	if (leaf->op == POLICY_ABSENT)
		return of(!there);
	if (!there)
		return POLICY_MISSING;
	switch (leaf->op) {
	case POLICY_EQ:
		return equal(found, leaf->value);
	case POLICY_NE:
		r = equal(found, leaf->value);
		return r == POLICY_MISSING ? r : of(r == POLICY_FALSE);
	case POLICY_IN:
		return among(leaf->value, found);
	case POLICY_MATCHES:
		if (found->type != VALUE_STRING)
			return POLICY_MISSING;
		return of(pattern_match(leaf->pattern, found->s, found->len));
	default:
		return order(leaf, found);
	}
}

/* --- reasons --------------------------------------------------------------- */

/* A fraction becomes its text, a long text is cut, a list only says it is one:
 * reasons are read by people and kept with the proposal. */
static struct value *found_value(const struct value *found)
{
	char text[POLICY_NUMBER_SIZE], cut[POLICY_FOUND_MAX + 1];

	if (!found)
		return value_new_null();
	switch (found->type) {
	case VALUE_REAL:
		return value_new_string(policy_decimal(found, text));
	case VALUE_STRING:
		utf8_copy(cut, sizeof cut, found->s);
		return value_new_string(cut);
	case VALUE_ARRAY:
	case VALUE_OBJECT:
		return value_new_string(found->type == VALUE_ARRAY ? "[…]" : "{…}");
	default:
		return value_copy(found);
	}
}

/* text with every "*" replaced by name. The caller's. */
static char *with_name(const char *text, const char *name)
{
	struct buf out = BUF_INIT;

	for (; *text; text++) {
		if (*text == '*' && name)
			buf_adds(&out, name);
		else
			buf_addc(&out, *text);
	}
	return buf_take(&out);
}

static struct value *new_reason(struct value *reasons, const char *title, const char *path,
                                const char *op)
{
	struct value *r;

	if (value_count(reasons) >= POLICY_REASONS_MAX)
		return NULL;
	r = value_push(reasons, value_new_object());
	value_set_string(r, "title", title);
	value_set_string(r, "path", path);
	value_set_string(r, "op", op);
	return r;
}

void policy_reason(struct value *reasons, const char *title, const char *path,
                   const char *op, const char *value)
{
	struct value *r = new_reason(reasons, title, path, op);

	if (!r)
		return;
	value_set_string(r, "value", value);
	value_set_null(r, "found");
	value_set_string(r, "result", "true");
	value_set(r, "asks", value_new_array());
}

static enum policy_result look(const struct policy_node *leaf, const struct value *found,
                               const char *path, const char *name, bool negated,
                               struct value *reasons, struct value *asks)
{
	static const char *const words[] = { "false", "true", "missing" };
	enum policy_result result = compare(leaf, found);
	bool counts = result == POLICY_MISSING || (result == POLICY_TRUE) != negated;
	char *title = with_name(leaf->title, name);
	struct value *r = new_reason(reasons, title, path, policy_op_name(leaf->op));
	struct value *asked = value_new_array();

	for (size_t i = 0; i < value_count(leaf->asks); i++) {
		const char *text = value_str(value_at(leaf->asks, i));
		char *ask = with_name(text, name);

		/* "*" where nothing stands in its place asks for the whole */
		if (leaf->after && !name && strchr(text, '*')) {
			free(ask);
			continue;
		}
		policy_ask(asked, ask);
		if (counts)
			policy_ask(asks, ask);
		free(ask);
	}
	if (r) {
		value_set(r, "value", leaf->value ? value_copy(leaf->value) : value_new_null());
		value_set(r, "found", found_value(found));
		value_set_string(r, "result", words[result]);
		value_set(r, "asks", asked);
	} else {
		value_free(asked);
	}
	free(title);
	return result;
}

/* --- places ---------------------------------------------------------------- */

static void add_token(struct buf *path, const char *token)
{
	for (; *token; token++) {
		if (*token == '~' || *token == '/')
			buf_adds(path, *token == '~' ? "~0" : "~1");
		else
			buf_addc(path, *token);
	}
}

/* The name of an element: its member "name" where it has one, else its index. */
static const char *element_name(const struct value *container, size_t i,
                                struct err_numbuf *n)
{
	const char *key = value_key(container, i);

	if (key)
		return key;
	return value_text_or(value_at(container, i), "name", err_num(n, (long long)i));
}

static enum policy_result either(enum policy_result a, enum policy_result b)
{
	if (a == POLICY_TRUE || b == POLICY_TRUE)
		return POLICY_TRUE;
	return a == POLICY_MISSING || b == POLICY_MISSING ? POLICY_MISSING : POLICY_FALSE;
}

/* Through every member or element of the place before the "*". */
static enum policy_result each(const struct policy_node *leaf, const struct value *doc,
                               bool negated, struct value *reasons, struct value *asks)
{
	const struct value *container = value_find_pointer(doc, leaf->before);
	enum policy_result result = POLICY_FALSE;
	size_t seen = 0;

	for (size_t i = 0; i < value_count(container); i++) {
		struct err_numbuf n, at;
		const char *name = element_name(container, i, &n);
		const char *key = value_key(container, i);
		struct buf path = BUF_INIT;

		if ((leaf->except && value_has_string(leaf->except, name)) ||
		    (leaf->only && !value_has_string(leaf->only, name)))
			continue;
		buf_addf(&path, "%s/", leaf->before);
		add_token(&path, key ? key : err_num(&at, (long long)i));
		buf_adds(&path, leaf->after);
		result = either(result,
		                look(leaf, value_find_pointer(value_at(container, i), leaf->after),
		                     buf_str(&path), name, negated, reasons, asks));
		buf_clear(&path);
		seen++;
	}
	if (seen || (leaf->except && value_count(container)))
		return result;
	return look(leaf, NULL, leaf->path, NULL, negated, reasons, asks);
}

enum policy_result policy_leaf(const struct policy_node *leaf, const struct value *doc,
                               bool negated, struct value *reasons, struct value *asks)
{
	if (leaf->after)
		return each(leaf, doc, negated, reasons, asks);
	return look(leaf, value_find_pointer(doc, leaf->path), leaf->path, NULL, negated,
	            reasons, asks);
}
