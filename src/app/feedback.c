/* SPDX-License-Identifier: Apache-2.0 */
#include "app/feedback.h"

#include <stdlib.h>
#include <string.h>

#include "app/server_call.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/text.h"
#include "wire/json.h"

static const char *const columns[] = {
	"n", "queue", "proposal", "external_id", "revision", "kind", "decision", "stage",
	"outcome", "verdict", "field", "state", "reason", "proposed", "value", "confidence",
	"evidence", "model", "model_version", "policy", "guide", "route", "probability",
	"checked_against", "decided_at"
};

/* Quoted where RFC 4180 needs it. A cell that a spreadsheet takes for a formula
 * gets an apostrophe in front. */
static void csv_cell(const struct value *v, struct buf *out)
{
	struct buf cell = BUF_INIT, safe = BUF_INIT;
	bool quoted;

	if (value_is(v, VALUE_STRING))
		buf_add(&cell, v->s, v->len);
	else if (v && v->type != VALUE_NULL)
		json_text(v, &cell);
	text_safe(buf_str(&cell), cell.len, TEXT_LINES, &safe, NULL);
	quoted = strpbrk(buf_str(&safe), ",\"\r\n") != NULL;
	if (quoted)
		buf_addc(out, '"');
	if (value_is(v, VALUE_STRING) && safe.len && strchr("=+-@", safe.data[0])
	    && !num_valid(safe.data))
		buf_addc(out, '\'');
	for (const char *p = buf_str(&safe); *p; p++) {
		if (*p == '"')
			buf_addc(out, '"');
		buf_addc(out, *p);
	}
	if (quoted)
		buf_addc(out, '"');
	buf_clear(&cell);
	buf_clear(&safe);
}

static void print_row(const struct value *row, bool csv, FILE *to)
{
	struct buf out = BUF_INIT;

	if (csv) {
		for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
			if (i)
				buf_addc(&out, ',');
			csv_cell(value_find(row, columns[i]), &out);
		}
		buf_addc(&out, '\r');
	} else {
		json_text(row, &out);
	}
	fprintf(to, "%s\n", buf_str(&out));
	buf_clear(&out);
}

static int page(struct transport *t, struct feedback_export *e, char **after, bool *more,
                struct err *err)
{
	struct buf path = BUF_INIT;
	struct value *answer = NULL;
	int rc;

	buf_adds(&path, "/v1/feedback?limit=500");
	if (*after) {
		buf_adds(&path, "&after=");
		transport_encode(&path, *after);
	}
	if (e->queue) {
		buf_adds(&path, "&queue=");
		transport_encode(&path, e->queue);
	}
	rc = server_call(t, TRANSPORT_GET, buf_str(&path), NULL, &answer, NULL, err);
	if (rc == 0) {
		const struct value *rows = value_find(answer, "rows");

		for (size_t i = 0; i < value_count(rows); i++)
			print_row(value_at(rows, i), e->csv, e->to);
		e->rows += (long long)value_count(rows);
		free(*after);
		*after = mem_strdup(value_text(answer, "after"));
		*more = value_bool_or(answer, "more", false) && *after;
	}
	value_free(answer);
	buf_clear(&path);
	return rc;
}

static void print_header(FILE *to)
{
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		fprintf(to, "%s%s", i ? "," : "", columns[i]);
	fputs("\r\n", to);
}

int feedback_export(struct transport *t, struct feedback_export *e, struct err *err)
{
	char *after = mem_strdup(e->after);
	bool more = true;
	int rc = 0;

	if (e->csv)
		print_header(e->to);
	while (rc == 0 && more)
		rc = page(t, e, &after, &more, err);
	free(after);
	if (rc == 0 && fflush(e->to) != 0)
		rc = err_errno(err, N_("cannot write %s: %s"), "-");
	return rc;
}
