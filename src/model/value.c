/* SPDX-License-Identifier: Apache-2.0 */
#include "model/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct value *make(enum value_type type)
{
	struct value *v = mem_zalloc(sizeof *v);

	v->type = type;
	return v;
}

struct value *value_new_null(void)
{
	return make(VALUE_NULL);
}

struct value *value_new_bool(bool b)
{
	struct value *v = make(VALUE_BOOL);

	v->b = b;
	return v;
}

struct value *value_new_int(int64_t i)
{
	struct value *v = make(VALUE_INT);

	v->i = i;
	return v;
}

struct value *value_new_real(double r)
{
	struct value *v = make(VALUE_REAL);

	v->r = r;
	return v;
}

struct value *value_new_string(const char *s)
{
	return s ? value_new_string_n(s, strlen(s)) : value_new_null();
}

struct value *value_new_string_n(const char *s, size_t len)
{
	struct value *v = make(VALUE_STRING);

	v->s = mem_strndup(s, len);
	v->len = len;
	return v;
}

struct value *value_new_array(void)
{
	return make(VALUE_ARRAY);
}

struct value *value_new_object(void)
{
	return make(VALUE_OBJECT);
}

void value_free(struct value *v)
{
	if (!v)
		return;
	if (v->type == VALUE_STRING) {
		free(v->s);
	} else if (v->type == VALUE_ARRAY) {
		for (size_t i = 0; i < v->count; i++)
			value_free(v->items[i]);
		free(v->items);
	} else if (v->type == VALUE_OBJECT) {
		for (size_t i = 0; i < v->count; i++) {
			free(v->members[i].key);
			value_free(v->members[i].value);
		}
		free(v->members);
	}
	free(v);
}

struct value *value_copy(const struct value *v)
{
	struct value *copy;

	if (!v)
		return NULL;
	if (v->type == VALUE_STRING)
		return value_new_string_n(v->s, v->len);
	copy = make(v->type);
	switch (v->type) {
	case VALUE_BOOL:
		copy->b = v->b;
		break;
	case VALUE_INT:
		copy->i = v->i;
		break;
	case VALUE_REAL:
		copy->r = v->r;
		break;
	case VALUE_ARRAY:
		for (size_t i = 0; i < v->count; i++)
			value_push(copy, value_copy(v->items[i]));
		break;
	case VALUE_OBJECT:
		for (size_t i = 0; i < v->count; i++)
			value_set(copy, v->members[i].key, value_copy(v->members[i].value));
		break;
	default:
		break;
	}
	return copy;
}

struct value *value_push(struct value *array, struct value *child)
{
	if (!child)
		return NULL;
	MEM_GROW(array->items, array->count, array->cap);
	array->items[array->count++] = child;
	return child;
}

static struct value_member *member(const struct value *v, const char *key)
{
	if (!v || v->type != VALUE_OBJECT)
		return NULL;
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->members[i].key, key) == 0)
			return &v->members[i];
	return NULL;
}

struct value *value_set(struct value *object, const char *key, struct value *child)
{
	struct value_member *m;

	if (!child)
		return NULL;
	m = member(object, key);
	if (!m)
		return value_append(object, key, child);
	value_free(m->value);
	m->value = child;
	return child;
}

struct value *value_append(struct value *object, const char *key, struct value *child)
{
	struct value_member *m;

	if (!child)
		return NULL;
	MEM_GROW(object->members, object->count, object->cap);
	m = &object->members[object->count++];
	m->key = mem_strdup(key);
	m->value = child;
	return child;
}

void value_set_string(struct value *object, const char *key, const char *s)
{
	value_set(object, key, value_new_string(s));
}

void value_set_int(struct value *object, const char *key, int64_t i)
{
	value_set(object, key, value_new_int(i));
}

void value_set_real(struct value *object, const char *key, double r)
{
	value_set(object, key, value_new_real(r));
}

void value_set_bool(struct value *object, const char *key, bool b)
{
	value_set(object, key, value_new_bool(b));
}

void value_set_null(struct value *object, const char *key)
{
	value_set(object, key, value_new_null());
}

struct value *value_take(struct value *object, const char *key)
{
	struct value_member *m = member(object, key);
	struct value *v;
	size_t at;

	if (!m)
		return NULL;
	v = m->value;
	free(m->key);
	at = (size_t)(m - object->members);
	memmove(m, m + 1, (object->count - at - 1) * sizeof *m);
	object->count--;
	return v;
}

bool value_remove(struct value *object, const char *key)
{
	struct value *v = value_take(object, key);

	value_free(v);
	return v != NULL;
}

struct value *value_find(const struct value *v, const char *key)
{
	struct value_member *m = member(v, key);

	return m ? m->value : NULL;
}

static bool index_of(const char *token, size_t *out)
{
	size_t n = 0;

	if (!*token || (token[0] == '0' && token[1]) || strlen(token) > 9)
		return false;
	for (; *token; token++) {
		if (*token < '0' || *token > '9')
			return false;
		n = n * 10 + (size_t)(*token - '0');
	}
	*out = n;
	return true;
}

struct value *value_find_pointer(const struct value *v, const char *pointer)
{
	while (v && *pointer == '/') {
		size_t len = strcspn(++pointer, "/"), n = 0, index;
		char *token = mem_alloc(len + 1);

		for (size_t i = 0; i < len; i++) {
			char c = pointer[i];

			if (c == '~' && i + 1 < len)
				c = pointer[++i] == '1' ? '/' : '~';
			token[n++] = c;
		}
		token[n] = '\0';
		if (v->type == VALUE_ARRAY)
			v = index_of(token, &index) ? value_at(v, index) : NULL;
		else
			v = value_find(v, token);
		free(token);
		pointer += len;
	}
	return *pointer ? NULL : (struct value *)v;
}

struct value *value_at(const struct value *v, size_t index)
{
	if (index >= value_count(v))
		return NULL;
	return v->type == VALUE_ARRAY ? v->items[index] : v->members[index].value;
}

size_t value_count(const struct value *v)
{
	return v && v->type >= VALUE_ARRAY ? v->count : 0;
}

const char *value_key(const struct value *v, size_t index)
{
	if (!v || v->type != VALUE_OBJECT || index >= v->count)
		return NULL;
	return v->members[index].key;
}

const char *value_text(const struct value *object, const char *key)
{
	return value_str(value_find(object, key));
}

const char *value_text_or(const struct value *object, const char *key, const char *def)
{
	const char *s = value_text(object, key);

	return s ? s : def;
}

int64_t value_int_or(const struct value *object, const char *key, int64_t def)
{
	const struct value *v = value_find(object, key);

	return value_is(v, VALUE_INT) ? v->i : def;
}

bool value_bool_or(const struct value *object, const char *key, bool def)
{
	const struct value *v = value_find(object, key);

	return value_is(v, VALUE_BOOL) ? v->b : def;
}

bool value_is(const struct value *v, enum value_type type)
{
	return v && v->type == type;
}

bool value_is_number(const struct value *v)
{
	return value_is(v, VALUE_INT) || value_is(v, VALUE_REAL);
}

double value_number(const struct value *v)
{
	return v->type == VALUE_INT ? (double)v->i : v->r;
}

const char *value_str(const struct value *v)
{
	return value_is(v, VALUE_STRING) ? v->s : NULL;
}

static bool containers_equal(const struct value *a, const struct value *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct value *other = a->type == VALUE_ARRAY
			? b->items[i] : value_find(b, a->members[i].key);

		if (!other || !value_equal(value_at(a, i), other))
			return false;
	}
	return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (!a || !b)
		return a == b;
	if (value_is_number(a) && value_is_number(b)) {
		if (a->type == VALUE_INT && b->type == VALUE_INT)
			return a->i == b->i;
		return value_number(a) >= value_number(b) && value_number(a) <= value_number(b);
	}
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->b == b->b;
	case VALUE_STRING:
		return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
	default:
		return containers_equal(a, b);
	}
}

bool value_has_string(const struct value *array, const char *s)
{
	for (size_t i = 0; value_is(array, VALUE_ARRAY) && i < array->count; i++) {
		const char *item = value_str(array->items[i]);

		if (item && strcmp(item, s) == 0)
			return true;
	}
	return false;
}
