/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Schema, draft 2020-12, over value trees.
 *
 * Keywords: type enum const · multipleOf minimum maximum exclusiveMinimum
 * exclusiveMaximum · minLength maxLength pattern · properties
 * additionalProperties patternProperties propertyNames minProperties
 * maxProperties required dependentRequired dependentSchemas · items prefixItems
 * contains minContains maxContains uniqueItems minItems maxItems · allOf anyOf
 * oneOf not if then else · $ref (inside the document: "#", "#/pointer",
 * "#anchor", the same after the root's own $id), $defs, $anchor · format,
 * where date and date-time must be real days and times and any other format is
 * a remark · title description default examples deprecated readOnly writeOnly
 * $comment $schema $id (of the root) are remarks. Any other keyword, another
 * dialect in $schema, and a $ref that leaves the document are refused when the
 * schema is compiled: a rule that is not understood is not passed over.
 *
 * Numbers are compared by value, multipleOf exactly as decimals; lengths count
 * code points. Work is bounded: SCHEMA_STEPS applications of a sub-schema and
 * SCHEMA_DEPTH nested ones; beyond that the value is refused with a fault.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/value.h"

enum {
	SCHEMA_STEPS = 1000000,
	SCHEMA_DEPTH = 256,
	SCHEMA_FAULTS_MAX = 100    /* faults kept; more are only counted */
};

struct schema;

/* One thing that is wrong with a value. */
struct schema_fault {
	char *pointer;         /* owned; RFC 6901 pointer of the faulty place. For
	                          `required` the place that is missing */
	const char *keyword;   /* static: the keyword that was broken */
	struct err err;        /* message id and arguments; no place */
};

struct schema_faults {
	struct schema_fault *items;
	size_t count, cap;
	size_t more;           /* faults beyond SCHEMA_FAULTS_MAX */
};

#define SCHEMA_FAULTS_INIT { .items = NULL }

/* Compiles a schema (an object, or true or false); doc is copied. ERR_INVALID
 * for a malformed keyword, ERR_UNSUPPORTED for one that is not in the list
 * above; where is the pointer of the keyword in doc. */
int schema_compile(const struct value *doc, struct schema **out, struct err *err);
void schema_free(struct schema *s);   /* NULL allowed */

/* Does v satisfy s? Adds what is wrong to faults (NULL: nobody asks). May be
 * called from several threads. */
bool schema_check(const struct schema *s, const struct value *v,
                  struct schema_faults *faults);
/* The same for the fields of an extraction, an object {name: value|null}: a
 * null that the schema refuses counts as absent where the field is not
 * required ("not on the document"). */
bool schema_check_fields(const struct schema *s, const struct value *fields,
                         struct schema_faults *faults);

/* Adds a fault of the caller's own; pointer is copied, keyword static. The
 * error takes code, text and arguments from e. */
void schema_faults_add(struct schema_faults *faults, const char *pointer,
                       const char *keyword, const struct err *e);
void schema_faults_clear(struct schema_faults *faults);
/* First member name of a fault's pointer, unescaped: the field it is about.
 * NULL where the fault is about the whole. free() it. */
char *schema_fault_field(const struct schema_fault *fault);

/* A field of a form. Strings and values are borrowed from the document. */
struct schema_field {
	const char *name;
	const char *title;          /* the name where the schema gives none */
	const char *type;           /* "string", "number", …; the first that is not
	                               null; NULL where the schema names none */
	const char *format;         /* or NULL */
	const char *description;    /* or NULL */
	bool nullable;              /* null is among the types */
	bool required;
	const struct value *choices;/* array of `enum`, or NULL */
	const struct value *schema; /* of the field: object or bool */
};

/* Fields of an object schema in the order of `properties`, then required ones
 * that it does not describe. Returns their number and one block in *out that
 * free() frees (NULL for none). doc need not be compiled. */
size_t schema_field_list(const struct value *doc, struct schema_field **out);

#endif
