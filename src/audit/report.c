/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/state.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/jcs.h"
#include "wire/json.h"

enum { SHOWN_BYTES = 200 };

const char *audit_area_name(enum audit_area area)
{
	static const char *const names[] = { "checkpoint", "tree", "leaf", "device", "content", "row" };

	return names[area];
}

static char *cut(const char *s)
{
	char text[SHOWN_BYTES + 1];

	if (!s)
		return NULL;
	utf8_copy(text, sizeof text, s);
	return mem_strdup(text);
}

/* A string as it is, everything else as JSON. */
static void cell_text(const struct value *v, struct buf *out)
{
	if (value_is(v, VALUE_STRING))
		buf_add(out, v->s, v->len);
	else if (v)
		json_text(v, out);
}

static struct audit_finding *add(struct audit_report *r)
{
	struct audit_finding *f;

	r->finding_total++;
	if (r->finding_count == AUDIT_FINDINGS_MAX)
		return NULL;
	MEM_GROW(r->findings, r->finding_count, r->finding_cap);
	f = &r->findings[r->finding_count++];
	memset(f, 0, sizeof *f);
	return f;
}

void report_add(struct audit_report *r, enum audit_area area, int64_t index,
                const char *table, const char *id, const char *column,
                const char *expected, const char *found, const char *msgid)
{
	struct audit_finding *f = add(r);

	r->intact = false;
	if (!f)
		return;
	f->area = area;
	f->index = index;
	f->table = cut(table);
	f->id = cut(id);
	f->column = cut(column);
	f->expected = cut(expected);
	f->found = cut(found);
	f->msgid = msgid;
}

void report_incomplete(struct audit_report *r, enum audit_area area, int64_t index,
                       const char *id, const char *expected, const char *found,
                       const char *msgid)
{
	struct audit_finding *f = add(r);

	r->complete = false;
	if (!f)
		return;
	f->area = area;
	f->completeness = true;
	f->index = index;
	f->id = cut(id);
	f->expected = cut(expected);
	f->found = cut(found);
	f->msgid = msgid;
}

bool report_columns(struct audit_report *r, int64_t index, const char *table, const char *id,
                    const struct value *expected, const struct value *found)
{
	bool any = false;

	for (size_t i = 0; i < value_count(expected); i++) {
		const char *column = value_key(expected, i);
		const struct value *want = value_at(expected, i), *have = value_find(found, column);
		struct buf want_text = BUF_INIT, have_text = BUF_INIT;

		if (have && jcs_equal(want, have))
			continue;
		any = true;
		cell_text(want, &want_text);
		cell_text(have, &have_text);
		report_add(r, AUDIT_AREA_ROW, index, table, id, column, buf_str(&want_text),
		           buf_str(&have_text), N_("the stored row is not what the log says"));
		buf_clear(&want_text);
		buf_clear(&have_text);
	}
	return any;
}

void audit_report_clear(struct audit_report *r)
{
	for (size_t i = 0; i < r->finding_count; i++) {
		free(r->findings[i].table);
		free(r->findings[i].id);
		free(r->findings[i].column);
		free(r->findings[i].expected);
		free(r->findings[i].found);
	}
	free(r->findings);
	free(r->origin);
	memset(r, 0, sizeof *r);
}

static void finding_text(const struct audit_finding *f, struct buf *out)
{
	buf_addf(out, "  %s: %s", audit_area_name(f->area), gettext(f->msgid));
	if (f->table)
		buf_addf(out, " · %s", f->table);
	if (f->id)
		buf_addf(out, " %s", f->id);
	if (f->column)
		buf_addf(out, " · %s", f->column);
	if (f->index >= 0)
		buf_addf(out, _(" · leaf %" PRId64), f->index);
	if (f->expected || f->found)
		buf_addf(out, _(" · expected %s, found %s"), f->expected ? f->expected : "-",
		         f->found ? f->found : "-");
	buf_addc(out, '\n');
}

void audit_report_text(const struct audit_report *r, struct buf *out)
{
	buf_addf(out, _("log %s: %" PRId64 " entries, root %s\n"), r->origin ? r->origin : "-",
	         r->size, r->root);
	buf_adds(out, r->intact ? _("integrity: intact\n") : _("integrity: NOT INTACT\n"));
	buf_adds(out, r->complete ? _("completeness: complete\n") : _("completeness: NOT COMPLETE\n"));
	buf_adds(out, r->signature_checked
	         ? _("signature: checked with the key that was given\n")
	         : _("signature: not checked, no key is known (--key)\n"));
	if (r->old_checked)
		buf_addf(out, _("%" PRId64 " older checkpoints fit\n"), r->old_checked);
	if (r->old_foreign)
		buf_addf(out, _("%" PRId64 " older checkpoints are of another log or epoch: evidence only\n"),
		         r->old_foreign);
	if (r->missing)
		buf_addf(out, _("%" PRId64 " decisions not received, of %" PRId64 " devices\n"),
		         r->missing, r->devices);
	if (r->content_checked)
		buf_addf(out, _("contents: %" PRId64 " recomputed, %" PRId64 " erased; rows: %" PRId64
		                " compared (%" PRId64 " of feedback)\n"),
		         r->contents, r->erased, r->rows, r->feedback_rows);
	for (size_t i = 0; i < r->finding_count; i++)
		finding_text(&r->findings[i], out);
	if (r->finding_total > (int64_t)r->finding_count)
		buf_addf(out, _("  … and %" PRId64 " more findings\n"),
		         r->finding_total - (int64_t)r->finding_count);
}

static struct value *finding_value(const struct audit_finding *f)
{
	struct value *v = value_new_object();

	value_set_string(v, "area", audit_area_name(f->area));
	value_set_string(v, "verdict", f->completeness ? "completeness" : "integrity");
	value_set_string(v, "text", gettext(f->msgid));
	if (f->index >= 0)
		value_set_int(v, "leaf", f->index);
	value_set_string(v, "table", f->table);
	value_set_string(v, "id", f->id);
	value_set_string(v, "column", f->column);
	value_set_string(v, "expected", f->expected);
	value_set_string(v, "found", f->found);
	return v;
}

struct value *audit_report_value(const struct audit_report *r)
{
	struct value *v = value_new_object();
	struct value *list = value_new_array();

	value_set_bool(v, "intact", r->intact);
	value_set_bool(v, "complete", r->complete);
	value_set_bool(v, "signature_checked", r->signature_checked);
	value_set_bool(v, "content_checked", r->content_checked);
	value_set_string(v, "origin", r->origin);
	value_set_int(v, "epoch", r->epoch);
	value_set_int(v, "size", r->size);
	value_set_string(v, "root", r->root);
	value_set_int(v, "old_checked", r->old_checked);
	value_set_int(v, "old_foreign", r->old_foreign);
	value_set_int(v, "devices", r->devices);
	value_set_int(v, "missing", r->missing);
	value_set_int(v, "proposals", r->proposals);
	value_set_int(v, "decisions", r->decisions);
	value_set_int(v, "rows", r->rows);
	value_set_int(v, "feedback_rows", r->feedback_rows);
	value_set_int(v, "contents", r->contents);
	value_set_int(v, "erased", r->erased);
	value_set_int(v, "finding_total", r->finding_total);
	for (size_t i = 0; i < r->finding_count; i++)
		value_push(list, finding_value(&r->findings[i]));
	value_set(v, "findings", list);
	return v;
}
