/* SPDX-License-Identifier: Apache-2.0 */
#include "view/plain.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/msg.h"
#include "base/num.h"

static void add_string(const struct value *v, struct buf *out)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < v->len; i++) {
		unsigned char c = (unsigned char)v->s[i];

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c == '\n')
			buf_adds(out, "\\n");
		else if (c == '\t')
			buf_adds(out, "\\t");
		else if (c < 0x20)
			buf_addf(out, "\\u%04x", c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, '"');
}

static void line_break(struct buf *out, bool pretty, unsigned depth)
{
	if (pretty)
		buf_addf(out, "\n%*s", (int)(2 * depth), "");
}

static void add_json(const struct value *v, bool pretty, unsigned depth, struct buf *out)
{
	bool object = v->type == VALUE_OBJECT;
	size_t count = value_count(v);

	buf_addc(out, object ? '{' : '[');
	for (size_t i = 0; i < count; i++) {
		const struct value *child = value_at(v, i);

		if (i)
			buf_adds(out, pretty ? "," : ", ");
		line_break(out, pretty, depth + 1);
		if (object) {
			const char *key = value_key(v, i);
			const struct value name = { .type = VALUE_STRING,
				.s = (char *)(uintptr_t)key, .len = strlen(key) };

			add_string(&name, out);
			buf_adds(out, ": ");
		}
		if (child->type == VALUE_OBJECT || child->type == VALUE_ARRAY)
			add_json(child, pretty, depth + 1, out);
		else
			plain_json(child, pretty, out);
	}
	if (count)
		line_break(out, pretty, depth);
	buf_addc(out, object ? '}' : ']');
}

void plain_json(const struct value *v, bool pretty, struct buf *out)
{
	char number[NUM_TEXT_SIZE];

	if (!v) {
		buf_adds(out, "null");
		return;
	}
	switch (v->type) {
	case VALUE_NULL:
		buf_adds(out, "null");
		break;
	case VALUE_BOOL:
		buf_adds(out, v->b ? "true" : "false");
		break;
	case VALUE_INT:
		buf_addf(out, "%lld", (long long)v->i);
		break;
	case VALUE_REAL:
		buf_adds(out, num_es6(v->r, number));
		break;
	case VALUE_STRING:
		add_string(v, out);
		break;
	case VALUE_ARRAY:
	case VALUE_OBJECT:
		add_json(v, pretty, 0, out);
		break;
	}
}

void plain_value(const struct value *v, struct buf *out)
{
	if (!v || v->type == VALUE_NULL)
		return;
	if (v->type == VALUE_STRING)
		buf_add(out, v->s, v->len);
	else
		plain_json(v, false, out);
}

char *plain_text(const struct value *v)
{
	struct buf out = BUF_INIT;

	plain_value(v, &out);
	return buf_take(&out);
}

const char *plain_time(int64_t at_ms, int64_t now_ms, char out[PLAIN_TIME_SIZE])
{
	time_t at = (time_t)(at_ms / 1000), now = (time_t)(now_ms / 1000);
	struct tm then, today;

	out[0] = '\0';
	if (!localtime_r(&at, &then) || !localtime_r(&now, &today))
		return out;
	if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday)
		strftime(out, PLAIN_TIME_SIZE, "%H:%M", &then);
	else if (then.tm_year == today.tm_year)
		/* TRANSLATORS: strftime format of a day this year with its time */
		strftime(out, PLAIN_TIME_SIZE, _("%-d %b %H:%M"), &then);
	else
		strftime(out, PLAIN_TIME_SIZE, "%Y-%m-%d", &then);
	return out;
}

const char *plain_span(int64_t span_ms, char out[PLAIN_TIME_SIZE])
{
	long long s = span_ms > 0 ? span_ms / 1000 : 0;

	if (s < 120)
		/* TRANSLATORS: seconds, minutes, hours */
		snprintf(out, PLAIN_TIME_SIZE, _("%lld s"), s);
	else if (s < 7200)
		snprintf(out, PLAIN_TIME_SIZE, _("%lld min"), s / 60);
	else if (s < 172800)
		snprintf(out, PLAIN_TIME_SIZE, _("%lld h"), s / 3600);
	else
		snprintf(out, PLAIN_TIME_SIZE, _("%lld days"), s / 86400);
	return out;
}

const char *plain_share(double share, char out[PLAIN_TIME_SIZE])
{
	/* 0.9972 is not certain and 0.004 is not nothing: say what stands there */
	bool rounds_away = (share >= 0.995 && share < 1) || (share < 0.005 && share > 0);

	snprintf(out, PLAIN_TIME_SIZE, "%.*f", rounds_away ? 4 : 2, share);
	return out;
}
