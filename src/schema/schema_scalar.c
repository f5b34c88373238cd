/* SPDX-License-Identifier: Apache-2.0
 *
 * Types and numbers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/num.h"
#include "schema/schema_node.h"

static bool is_whole(const struct value *v)
{
	if (v->type == VALUE_INT)
		return true;
	return v->type == VALUE_REAL && v->r >= floor(v->r) && v->r <= floor(v->r);
}

/* What a person reads; several types are named as the schema names them. */
static void say_type(const struct schema_node *n, struct err *e)
{
	const struct value *type = value_find(n->doc, "type");
	char names[ERR_ARG_SIZE] = "";
	size_t at = 0;

	switch (n->types & ~(1u << VALUE_NULL)) {
	case 0:
		err_set(e, ERR_INVALID, N_("must be empty (null)"));
		return;
	case 1u << VALUE_BOOL:
		err_set(e, ERR_INVALID, N_("must be true or false"));
		return;
	case SCHEMA_INTEGER:
		err_set(e, ERR_INVALID, N_("must be a whole number"));
		return;
	case SCHEMA_NUMBER:
	case SCHEMA_NUMBER | SCHEMA_INTEGER:
		err_set(e, ERR_INVALID, N_("must be a number"));
		return;
	case 1u << VALUE_STRING:
		err_set(e, ERR_INVALID, N_("must be text"));
		return;
	case 1u << VALUE_ARRAY:
		err_set(e, ERR_INVALID, N_("must be a list"));
		return;
	case 1u << VALUE_OBJECT:
		err_set(e, ERR_INVALID, N_("must be an object"));
		return;
	}
	for (size_t i = 0; i < value_count(type) && at < sizeof names; i++)
		at += (size_t)snprintf(names + at, sizeof names - at, "%s%s", i ? ", " : "",
		                       value_str(value_at(type, i)));
	err_set(e, ERR_INVALID, N_("must be of one of the types %s"), names);
}

bool schema_type_holds(const struct schema_node *n, const struct value *v, struct err *e)
{
	if (!n->types || (n->types & 1u << v->type) ||
	    ((n->types & SCHEMA_INTEGER) && is_whole(v)))
		return true;
	say_type(n, e);
	return false;
}

/* A positive decimal as digits · 10^exponent, digits without zeros at the end. */
struct scaled {
	uint64_t digits;
	int exponent;
};

static struct scaled scale(const struct value *v)
{
	struct scaled s = { 0, 0 };
	char text[NUM_TEXT_SIZE];
	bool fraction = false;

	if (v->type == VALUE_INT) {
		s.digits = v->i < 0 ? 0 - (uint64_t)v->i : (uint64_t)v->i;
	} else {
		num_es6(v->r, text);
		for (const char *p = text; *p; p++) {
			if (*p >= '0' && *p <= '9') {
				/* 21 places before the point are possible, with zeros. */
				if (s.digits > (UINT64_MAX - 9) / 10) {
					s.exponent += !fraction;
					continue;
				}
				s.digits = s.digits * 10 + (uint64_t)(*p - '0');
				s.exponent -= fraction;
			} else if (*p == '.') {
				fraction = true;
			} else if (*p == 'e') {
				s.exponent += (int)strtol(p + 1, NULL, 10);
				break;
			}
		}
	}
	while (s.digits && s.digits % 10 == 0) {
		s.digits /= 10;
		s.exponent++;
	}
	return s;
}

bool schema_multiple(const struct value *v, const struct value *m)
{
	struct scaled a = scale(v), b = scale(m);
	unsigned __int128 rest;

	if (!a.digits)
		return true;
	if (!b.digits)
		return false;
	/* a · 10^k mod b, or a mod (b · 10^-k) */
	if (a.exponent >= b.exponent) {
		rest = a.digits % b.digits;
		for (int k = a.exponent - b.exponent; k > 0 && rest; k--)
			rest = rest * 10 % b.digits;
		return rest == 0;
	}
	for (int k = b.exponent - a.exponent; k > 0; k--) {
		if (b.digits > UINT64_MAX / 10)
			return false;
		b.digits *= 10;
	}
	return a.digits % b.digits == 0;
}

static const char *number_text(const struct value *v, char out[NUM_TEXT_SIZE])
{
	if (v->type == VALUE_REAL)
		return num_es6(v->r, out);
	snprintf(out, NUM_TEXT_SIZE, "%lld", (long long)v->i);
	return out;
}

bool schema_number_holds(const struct schema_node *n, const struct value *v,
                         const char **keyword, struct err *e)
{
	double d = value_number(v);
	char text[NUM_TEXT_SIZE];

	if (n->minimum && d < value_number(n->minimum)) {
		*keyword = "minimum";
		err_set(e, ERR_INVALID, N_("must be at least %s"), number_text(n->minimum, text));
	} else if (n->maximum && d > value_number(n->maximum)) {
		*keyword = "maximum";
		err_set(e, ERR_INVALID, N_("must be at most %s"), number_text(n->maximum, text));
	} else if (n->above && d <= value_number(n->above)) {
		*keyword = "exclusiveMinimum";
		err_set(e, ERR_INVALID, N_("must be more than %s"), number_text(n->above, text));
	} else if (n->below && d >= value_number(n->below)) {
		*keyword = "exclusiveMaximum";
		err_set(e, ERR_INVALID, N_("must be less than %s"), number_text(n->below, text));
	} else if (n->multiple_of && !schema_multiple(v, n->multiple_of)) {
		*keyword = "multipleOf";
		err_set(e, ERR_INVALID, N_("must be a multiple of %s"),
		        number_text(n->multiple_of, text));
	}
	return e->code == ERR_NONE;
}
