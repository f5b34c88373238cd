/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading members of a document that came from outside: each function checks
 * presence and type and records the first fault as ERR_INVALID with the JSON
 * pointer of its place. A null member counts as absent.
 */
#ifndef WIRE_READ_PLACE_H
#define WIRE_READ_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/value.h"

/* One step of the way from the document's root; lives on the stack. */
struct place {
	const struct place *up;    /* NULL: the root itself */
	const char *key;           /* NULL: element `index` of an array */
	size_t index;
};

/* Records a fault at place `at`; msgid and arguments as in err_set(). Returns
 * ERR_INVALID. */
#define place_fault(at, err, ...) \
	(err_set(err, ERR_INVALID, __VA_ARGS__), place_mark(at, err))
int place_mark(const struct place *at, struct err *err);
/* The same at member `key` of `at`. */
#define place_fault_in(at, key, err, ...) \
	(err_set(err, ERR_INVALID, __VA_ARGS__), place_mark_in(at, key, err))
int place_mark_in(const struct place *at, const char *key, struct err *err);

enum place_need { PLACE_OPTIONAL, PLACE_REQUIRED };

/* Each sets *out to the member's value, or to NULL (-1 for integers, false for
 * booleans) where it is absent, and returns 0 or ERR_INVALID. Texts and values
 * are borrowed from object. */
int place_text(const struct value *object, const struct place *at, const char *key,
               enum place_need need, const char **out, struct err *err);
/* A text that is not empty, at most max bytes, without control characters. */
int place_name(const struct value *object, const struct place *at, const char *key,
               enum place_need need, size_t max, const char **out, struct err *err);
int place_time(const struct value *object, const struct place *at, const char *key,
               enum place_need need, const char **out, struct err *err);
/* "sha256:" and 64 hex digits. */
int place_digest(const struct value *object, const struct place *at, const char *key,
                 enum place_need need, const char **out, struct err *err);
/* A UUIDv7. */
int place_id(const struct value *object, const struct place *at, const char *key,
             enum place_need need, const char **out, struct err *err);
/* A whole number in min..max, 0 <= min. */
int place_int(const struct value *object, const struct place *at, const char *key,
              enum place_need need, int64_t min, int64_t max, int64_t *out,
              struct err *err);
int place_bool(const struct value *object, const struct place *at, const char *key,
               bool *out, struct err *err);
/* A number in 0..1. */
int place_share(const struct value *object, const struct place *at, const char *key,
                const struct value **out, struct err *err);
int place_number(const struct value *object, const struct place *at, const char *key,
                 const struct value **out, struct err *err);
int place_array(const struct value *object, const struct place *at, const char *key,
                enum place_need need, const struct value **out, struct err *err);
int place_object(const struct value *object, const struct place *at, const char *key,
                 enum place_need need, const struct value **out, struct err *err);
/* An array of texts. */
int place_texts(const struct value *object, const struct place *at, const char *key,
                const struct value **out, struct err *err);
/* Is v an object? Else the fault is recorded at `at`. */
int place_is_object(const struct value *v, const struct place *at, struct err *err);

#endif
