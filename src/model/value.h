/* SPDX-License-Identifier: Apache-2.0
 *
 * Value tree: a JSON document in memory. Plain data: read the members freely;
 * change a tree only through the functions below.
 *
 * Ownership: value_new_*() gives the caller a tree. value_push() and
 * value_set() steal the child (NULL child: nothing happens, for chained
 * building). Everything found in a tree is borrowed from it.
 * Objects keep the order of insertion; keys are unique. Strings are valid
 * UTF-8 without NUL. Reals are finite.
 */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
	VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_REAL,
	VALUE_STRING, VALUE_ARRAY, VALUE_OBJECT
};

struct value;

struct value_member {
	char *key;             /* owned */
	struct value *value;   /* owned */
};

struct value {
	enum value_type type;
	union {
		bool b;
		int64_t i;                 /* -(2^53-1) .. 2^53-1 when it came from the wire */
		double r;
		struct {
			char *s;               /* owned, NUL-terminated */
			size_t len;            /* bytes */
		};
		struct {
			union {
				struct value **items;        /* VALUE_ARRAY */
				struct value_member *members;/* VALUE_OBJECT */
			};
			size_t count, cap;
		};
	};
};

struct value *value_new_null(void);
struct value *value_new_bool(bool b);
struct value *value_new_int(int64_t i);
struct value *value_new_real(double r);
struct value *value_new_string(const char *s);   /* NULL gives a null value */
struct value *value_new_string_n(const char *s, size_t len);
struct value *value_new_array(void);
struct value *value_new_object(void);
void value_free(struct value *v);                /* NULL allowed */
struct value *value_copy(const struct value *v);

/* Both steal child and return it (borrowed). */
struct value *value_push(struct value *array, struct value *child);
struct value *value_set(struct value *object, const char *key, struct value *child);
/* value_set() for a key that is known not to be there: does not look for it. */
struct value *value_append(struct value *object, const char *key, struct value *child);
/* Shorthands for building. */
void value_set_string(struct value *object, const char *key, const char *s);
void value_set_int(struct value *object, const char *key, int64_t i);
void value_set_real(struct value *object, const char *key, double r);
void value_set_bool(struct value *object, const char *key, bool b);
void value_set_null(struct value *object, const char *key);
/* Removes a member; false where there was none. */
bool value_remove(struct value *object, const char *key);
/* Takes a member out of the object: the caller's; NULL where there is none. */
struct value *value_take(struct value *object, const char *key);

/* NULL where v is no object, or has no such member. v may be NULL. */
struct value *value_find(const struct value *v, const char *key);
/* RFC 6901 pointer ("" is v itself). NULL where nothing is there. */
struct value *value_find_pointer(const struct value *v, const char *pointer);
/* Element of an array or member value of an object by index, else NULL. */
struct value *value_at(const struct value *v, size_t index);
/* Elements of an array or members of an object; 0 for anything else. */
size_t value_count(const struct value *v);
/* Key of member index of an object, else NULL. */
const char *value_key(const struct value *v, size_t index);

/* Members read with a default: other type or absent gives the default. */
const char *value_text(const struct value *object, const char *key);  /* or NULL */
const char *value_text_or(const struct value *object, const char *key, const char *def);
int64_t value_int_or(const struct value *object, const char *key, int64_t def);
bool value_bool_or(const struct value *object, const char *key, bool def);

bool value_is(const struct value *v, enum value_type type);   /* NULL: false */
bool value_is_number(const struct value *v);
double value_number(const struct value *v);                   /* of a number */
/* The string of a string value, else NULL. */
const char *value_str(const struct value *v);
/* Same JSON value: numbers by value (1 equals 1.0), objects regardless of order. */
bool value_equal(const struct value *a, const struct value *b);
/* Does array hold this string? */
bool value_has_string(const struct value *array, const char *s);

#endif
