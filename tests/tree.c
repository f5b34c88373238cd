/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

static struct value *convert(const json_t *j)
{
	struct value *v;
	const char *key;
	json_t *item;
	size_t i;

	switch (json_typeof(j)) {
	case JSON_NULL:
		return value_new_null();
	case JSON_TRUE:
	case JSON_FALSE:
		return value_new_bool(json_is_true(j));
	case JSON_INTEGER:
		return value_new_int(json_integer_value(j));
	case JSON_REAL:
		return value_new_real(json_real_value(j));
	case JSON_STRING:
		/* cut at a NUL, which no value tree holds */
		return value_new_string_n(json_string_value(j), strlen(json_string_value(j)));
	case JSON_ARRAY:
		v = value_new_array();
		json_array_foreach(j, i, item)
			value_push(v, convert(item));
		return v;
	case JSON_OBJECT:
		break;
	}
	v = value_new_object();
	json_object_foreach((json_t *)j, key, item)
		value_set(v, key, convert(item));
	return v;
}

static struct value *parse(const char *text, size_t len)
{
	json_error_t error;
	json_t *j = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	struct value *v;

	if (!j)
		fail_msg("no JSON: %s in %.80s", error.text, text);
	v = convert(j);
	json_decref(j);
	return v;
}

struct value *tree(const char *text)
{
	char *copy = strdup(text);
	struct value *v;

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	v = parse(copy, strlen(copy));
	free(copy);
	return v;
}

struct value *tree_load(const char *path)
{
	json_error_t error;
	json_t *j;
	struct value *v;

	if (access(path, R_OK) != 0)
		return NULL;
	j = json_load_file(path, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	if (!j)
		fail_msg("%s: %s", path, error.text);
	v = convert(j);
	json_decref(j);
	return v;
}

long tree_each_line(const char *path, void (*fn)(struct value *line, void *arg), void *arg)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	long count = 0;

	if (!f)
		return -1;
	while ((len = getline(&line, &cap, f)) > 0) {
		struct value *v = parse(line, (size_t)len);

		fn(v, arg);
		value_free(v);
		count++;
	}
	free(line);
	fclose(f);
	return count;
}

const char *tree_shared(const char *path)
{
	const char *shared = getenv("COUNTERSIGN_SHARED");
	static char full[1000];

	snprintf(full, sizeof full, "%s/%s", shared ? shared : TEST_SRCDIR "/../../shared", path);
	return access(full, R_OK) == 0 ? full : NULL;
}
