/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/json.h"

#include <jansson.h>
#include <string.h>

#include "base/msg.h"
#include "base/num.h"

void json_init(void)
{
	json_object_seed(0);
}

/* The pre-scan bounds the depth of what comes in here. */
static struct value *convert(const json_t *j)
{
	struct value *v;
	const char *key;
	json_t *child;
	size_t i;

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		v = value_new_object();
		json_object_foreach((json_t *)j, key, child) {
			value_append(v, key, convert(child));
		}
		return v;
	case JSON_ARRAY:
		v = value_new_array();
		json_array_foreach(j, i, child) {
			value_push(v, convert(child));
		}
		return v;
	case JSON_STRING:
		return value_new_string_n(json_string_value(j), json_string_length(j));
	case JSON_INTEGER:
		return value_new_int(json_integer_value(j));
	case JSON_REAL:
		return value_new_real(json_real_value(j));
	case JSON_TRUE:
	case JSON_FALSE:
		return value_new_bool(json_is_true(j));
	default:
		return value_new_null();
	}
}

int json_parse_scanned(const char *bytes, size_t len, struct value **out, struct err *err)
{
	json_error_t error;
	json_t *j = json_loadb(bytes, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	if (!j) {
		err_set(err, ERR_INVALID, N_("this is not JSON: %s"), error.text);
		err_where(err, "line %d, byte %d", error.line, error.position);
		return ERR_INVALID;
	}
	*out = convert(j);
	json_decref(j);
	return 0;
}

int json_parse(const char *bytes, size_t len, const struct prescan_limits *limits,
               struct value **out, struct err *err)
{
	struct prescan scratch = PRESCAN_INIT;
	int code = prescan_check(&scratch, bytes, len, limits, NULL, err);

	prescan_clear(&scratch);
	return code ? code : json_parse_scanned(bytes, len, out, err);
}

void json_text_string(const char *s, size_t len, struct buf *out)
{
	static const char escapes[0x20] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
	};
	size_t done = 0;

	buf_addc(out, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, s + done, i - done);
		done = i + 1;
		if (c >= 0x20)
			buf_addf(out, "\\%c", c);
		else if (escapes[c])
			buf_addf(out, "\\%c", escapes[c]);
		else
			buf_addf(out, "\\u%04x", c);
	}
	buf_add(out, s + done, len - done);
	buf_addc(out, '"');
}

static void line(struct buf *out, int indent)
{
	if (indent < 0)
		return;
	buf_addc(out, '\n');
	for (int i = 0; i < indent; i++)
		buf_adds(out, "  ");
}

/* indent < 0: all in one line. */
static void dump(const struct value *v, int indent, struct buf *out)
{
	bool object = v->type == VALUE_OBJECT;
	int inner = indent < 0 ? indent : indent + 1;
	char number[NUM_TEXT_SIZE];

	switch (v->type) {
	case VALUE_NULL:
		buf_adds(out, "null");
		return;
	case VALUE_BOOL:
		buf_adds(out, v->b ? "true" : "false");
		return;
	case VALUE_INT:
		buf_addf(out, "%lld", (long long)v->i);
		return;
	case VALUE_REAL:
		buf_adds(out, num_es6(v->r, number));
		return;
	case VALUE_STRING:
		json_text_string(v->s, v->len, out);
		return;
	case VALUE_ARRAY:
	case VALUE_OBJECT:
		break;
	}
	buf_addc(out, object ? '{' : '[');
	for (size_t i = 0; i < v->count; i++) {
		if (i)
			buf_addc(out, ',');
		line(out, inner);
		if (object) {
			json_text_string(v->members[i].key, strlen(v->members[i].key), out);
			buf_adds(out, indent < 0 ? ":" : ": ");
		}
		dump(value_at(v, i), inner, out);
	}
	if (v->count)
		line(out, indent);
	buf_addc(out, object ? '}' : ']');
}

void json_text(const struct value *v, struct buf *out)
{
	dump(v, -1, out);
}

void json_text_pretty(const struct value *v, struct buf *out)
{
	dump(v, 0, out);
}
