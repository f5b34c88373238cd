/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/cause.h"

#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/num.h"
#include "view/plain.h"

static bool ends_in(const char *s, const char *end)
{
	size_t n = s ? strlen(s) : 0, m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static bool failed(const struct value *leaf)
{
	return strcmp(value_text_or(leaf, "result", "true"), "false") != 0;
}

static bool names(const struct value *leaf, const char *field)
{
	const struct value *asks = value_find(leaf, "asks");

	if (value_is(asks, VALUE_STRING))
		return strcmp(value_str(asks), field) == 0;
	return value_has_string(asks, field);
}

static const char *op_sign(const char *op)
{
	static const struct { const char *op, *sign; } signs[] = {
		{ "lt", "<" }, { "le", "≤" }, { "gt", ">" }, { "ge", "≥" }, { "eq", "=" },
		{ "ne", "≠" },
	};

	for (size_t i = 0; op && i < sizeof signs / sizeof *signs; i++)
		if (strcmp(signs[i].op, op) == 0)
			return signs[i].sign;
	return NULL;
}

static bool decimal(const struct value *v, double *out)
{
	const char *s = value_str(v);

	if (value_is_number(v))
		*out = value_number(v);
	else if (s && num_valid(s))
		*out = strtod(s, NULL);
	else
		return false;
	return true;
}

/* A share with two decimals, or with those that make it differ from the limit;
 * anything else as it is. */
static void add_found(const struct value *found, const struct value *limit, struct buf *out)
{
	double a, b;
	char x[PLAIN_TIME_SIZE], y[PLAIN_TIME_SIZE];

	if (!decimal(found, &a) || a < 0 || a > 1) {
		plain_value(found, out);
		return;
	}
	plain_share(a, x);
	if (decimal(limit, &b) && a != b && strcmp(x, plain_share(b, y)) == 0)
		buf_addf(out, "%.4f", a);
	else
		buf_adds(out, x);
}

/* What a leaf says; brief: without its title. */
static void leaf_words(const struct value *leaf, bool brief, bool required, struct buf *out)
{
	const char *path = value_text(leaf, "path"), *op = value_text(leaf, "op");
	const struct value *found = value_find(leaf, "found"), *want = value_find(leaf, "value");
	bool missing = strcmp(value_text_or(leaf, "result", "true"), "missing") == 0
		|| !found || value_is(found, VALUE_NULL);
	const char *sign = op_sign(op);

	if (ends_in(path, "/confidence") && missing)
		buf_adds(out, _("confidence unknown"));
	else if (ends_in(path, "/confidence") && sign) {
		buf_adds(out, brief ? _("unsure ") : "");
		add_found(found, want, out);
		if (brief)
			buf_addf(out, " %s ", sign);
		else
			buf_adds(out, _(", limit "));
		plain_value(want, out);
	} else if (missing && brief)
		buf_adds(out, required ? _("required, missing") : _("nothing found"));
	else if (sign && !missing) {
		add_found(found, want, out);
		buf_addf(out, " %s ", sign);
		plain_value(want, out);
	}
}

void cause_field(const struct review *r, const char *field, bool required, struct buf *out)
{
	for (size_t i = 0; i < value_count(r->reasons); i++) {
		const struct value *leaf = value_at(r->reasons, i);
		size_t before = out->len;

		if (!failed(leaf) || !names(leaf, field))
			continue;
		leaf_words(leaf, true, required, out);
		if (out->len == before)
			buf_adds(out, value_text_or(leaf, "title", ""));
		return;
	}
}

void cause_sentence(const struct review *r, struct buf *out)
{
	size_t said = 0;

	for (size_t i = 0; i < value_count(r->reasons); i++) {
		const struct value *leaf = value_at(r->reasons, i);
		const char *title = value_text(leaf, "title");
		struct buf words = BUF_INIT;

		if (!failed(leaf))
			continue;
		leaf_words(leaf, false, false, &words);
		buf_adds(out, said++ ? " · " : _("asked because: "));
		buf_adds(out, title ? title : value_text_or(leaf, "path", ""));
		if (words.len)
			buf_addf(out, " (%s)", buf_str(&words));
		buf_clear(&words);
	}
	if (!said)
		buf_adds(out, r->stage == STAGE_SAMPLE
		         ? _("asked because: drawn as a sample of what was accepted automatically")
		         : _("asked because: every item of this queue goes to a person"));
}

void cause_rows(const struct review *r, struct rows *out)
{
	for (size_t i = 0; i < value_count(r->reasons); i++) {
		const struct value *leaf = value_at(r->reasons, i);
		const char *result = value_text_or(leaf, "result", "true");
		bool yes = strcmp(result, "true") == 0, no = strcmp(result, "false") == 0;
		char *found = plain_text(value_find(leaf, "found"));
		char *want = plain_text(value_find(leaf, "value"));

		rows_new(out);
		rows_addf(out, no ? STYLE_DIM : STYLE_STRONG, " %-9s",
		          yes ? _("true") : no ? _("false") : _("missing"));
		rows_add(out, STYLE_PLAIN, value_text_or(leaf, "title", ""));
		rows_new(out);
		rows_to(out, 10);
		rows_addf(out, STYLE_DIM, "%s %s %s", value_text_or(leaf, "path", ""),
		          value_text_or(leaf, "op", ""), want);
		rows_addf(out, STYLE_DIM, _(" · found: %s"), *found ? found : _("nothing"));
		free(found);
		free(want);
	}
	if (!value_count(r->reasons)) {
		struct buf words = BUF_INIT;

		cause_sentence(r, &words);
		rows_wrap(out, STYLE_PLAIN, buf_str(&words), 1, 0, 0, false);
		buf_clear(&words);
	}
}
