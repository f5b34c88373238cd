/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of the room schema: what a schema is compiled into. One node for each
 * place of the document that is a schema; nodes borrow from the document.
 */
#ifndef SCHEMA_SCHEMA_NODE_H
#define SCHEMA_SCHEMA_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/regex.h"
#include "schema/schema.h"

/* Types as a set: 1 << enum value_type for the types a value has itself;
 * "number" is the ints and reals, "integer" also takes a real without
 * fraction. */
enum {
	SCHEMA_INTEGER = 1 << 8,
	SCHEMA_NUMBER = 1 << VALUE_INT | 1 << VALUE_REAL
};

enum schema_format { SCHEMA_NO_FORMAT, SCHEMA_DATE, SCHEMA_DATE_TIME };

struct schema_node;

/* A sub-schema under a name or a pattern. */
struct schema_named {
	const char *name;
	struct regex *regex;         /* owned; patternProperties only */
	struct schema_node *node;
};

struct schema_list {
	struct schema_node **nodes;  /* the array is owned */
	size_t count;
};

struct schema_members {
	struct schema_named *items;  /* the array is owned */
	size_t count;
};

/* A limit on a length or number of things: -1 for none. */
struct schema_range {
	int64_t min, max;
};

struct schema_node {
	const struct value *doc;     /* object, or true or false */
	const char *anchor;          /* or NULL */
	const char *ref_text;        /* $ref, or NULL */
	struct schema_node *ref;

	unsigned types;              /* 0: any */
	const struct value *choices, *constant;
	const struct value *multiple_of, *minimum, *maximum, *above, *below;
	struct schema_range length, members, elements, matches;
	struct regex *pattern;       /* owned */
	enum schema_format format;
	bool unique;

	struct schema_members properties;    /* sorted by name */
	struct schema_members patterns;
	struct schema_members dependent;     /* dependentSchemas */
	const struct value *required, *dependent_required;
	struct schema_node *additional, *names, *items, *contains;
	struct schema_list prefix, all, any, one;
	struct schema_node *negated, *condition, *then, *otherwise;

	int colour;                  /* of the search for loops */
};

struct schema {
	struct value *doc;           /* owned */
	struct schema_node **nodes;  /* owned, each; nodes[0] is the root */
	size_t count, cap;
};

/* Work in progress. */
struct schema_compiler {
	struct schema *schema;
	struct buf pointer;          /* where we are in the document */
	int depth;
	struct err *err;
};

/* Appends "/token", escaped, and returns the former length to go back to. */
size_t schema_pointer_push(struct buf *pointer, const char *token);
void schema_pointer_pop(struct buf *pointer, size_t len);

/* schema_ref.c: connects every $ref to its node; refuses one that leaves the
 * document, names nothing, or leads back to itself without going deeper. */
int schema_ref_resolve(struct schema *s, struct err *err);

/* schema_scalar.c: one value against the keywords of its own kind. Each returns
 * whether the keyword holds and fills e where it does not. */
bool schema_type_holds(const struct schema_node *n, const struct value *v, struct err *e);
/* *keyword: the first one broken. */
bool schema_number_holds(const struct schema_node *n, const struct value *v,
                         const char **keyword, struct err *e);
/* Is number v a multiple of m, exactly as decimals? */
bool schema_multiple(const struct value *v, const struct value *m);
/* schema_format.c: RFC 3339 full-date and date-time, with days that exist. */
bool schema_format_holds(enum schema_format format, const char *s);

/* schema_unique.c: two equal elements; false where there are none. */
bool schema_find_twin(const struct value *array, size_t *first, size_t *second);

#endif
