/* SPDX-License-Identifier: Apache-2.0
 *
 * Feedback rows. The leaf of a decision ties all its rows by one salted digest.
 * Where it does not fit, the rows are computed again from the proposal, the
 * decision and the leaf (data/feedback.md; its own code, not the server's), so
 * that the row and the column can be named.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/expect.h"
#include "audit/pages.h"
#include "audit/state.h"
#include "base/mem.h"
#include "base/msg.h"
#include "model/decision.h"
#include "wire/content.h"
#include "wire/jcs.h"
#include "wire/json.h"

/* --- the digest ----------------------------------------------------------------- */

static void keep_wrong(struct audit *a, const struct fact *f)
{
	struct wrong *w;

	if (a->wrong_count == STATE_WRONG_MAX) {
		report_add(a->report, AUDIT_AREA_ROW, f->leaf, "feedback", a->open_decision, NULL, NULL,
		           NULL, N_("the feedback rows of this decision are not those in the log"));
		return;
	}
	MEM_GROW(a->wrong, a->wrong_count, a->wrong_cap);
	w = &a->wrong[a->wrong_count++];
	memset(w, 0, sizeof *w);
	w->decision = a->open_decision;
	w->rows = a->open_rows;
	w->leaf = f->leaf;
	a->open_decision = NULL;
	a->open_rows = NULL;
}

static void end_rows(struct audit *a)
{
	struct fact *f = facts_find(&a->facts, FACT_DECISION, a->open_decision);
	struct facts_decision *d = facts_decision_of(&a->facts, f);
	unsigned char hash[HASH_SIZE];
	struct buf text = BUF_INIT;

	/* Rows that do not stand together are not the ones that were written. */
	if (d->rows_seen)
		keep_wrong(a, f);
	else if (d->has_salt) {
		jcs_write(a->open_rows, &text);
		hash_sha256_two(d->salt, sizeof d->salt, buf_str(&text), text.len, hash);
		if (memcmp(hash, d->feedback, sizeof hash) != 0)
			keep_wrong(a, f);
		buf_clear(&text);
	}
	d->rows_seen = true;
	free(a->open_decision);
	value_free(a->open_rows);
	a->open_decision = NULL;
	a->open_rows = NULL;
}

void feedback_take(struct audit *a, const struct value *row)
{
	const char *decision = value_text(row, "decision");

	if (a->open_decision && (!row || strcmp(a->open_decision, decision) != 0))
		end_rows(a);
	if (!row)
		return;
	if (!a->open_decision) {
		a->open_decision = mem_strdup(decision);
		a->open_rows = value_new_array();
	}
	value_push(a->open_rows, value_copy(row));
}

/* --- the rows again ---------------------------------------------------------------- */

struct again {
	const struct wrong *w;
	const struct leaf *leaf, *intake;
	const char *kind, *outcome;
	struct value *proposed, *given;  /* by name */
	struct value *rows;
};

static const struct value *nothing(const struct value *v)
{
	return v && v->type != VALUE_NULL ? v : NULL;
}

static struct value *or_null(const struct value *v)
{
	return v ? value_copy(v) : value_new_null();
}

static struct value *named(const char *kind, const struct value *proposed)
{
	struct value *names = value_new_object();
	const struct value *list = value_find(proposed, "labels");

	if (strcmp(kind, "extraction") == 0) {
		const struct value *fields = value_find(proposed, "fields");

		for (size_t i = 0; i < value_count(fields); i++)
			value_set(names, value_key(fields, i),
			          or_null(value_find(value_at(fields, i), "value")));
	} else if (strcmp(kind, "approval") == 0) {
		const struct value *arguments = value_find(proposed, "arguments");

		for (size_t i = 0; i < value_count(arguments); i++)
			value_set(names, value_key(arguments, i), value_copy(value_at(arguments, i)));
	} else {
		value_set(names, "label", or_null(list ? list : value_find(proposed, "label")));
	}
	return names;
}

/* The answer of a decision has the forms of what is proposed, but for an
 * extraction, whose fields stand there by themselves. */
static struct value *given_names(const char *kind, const struct value *value)
{
	if (!nothing(value))
		return value_new_object();
	return strcmp(kind, "extraction") == 0 ? value_copy(value) : named(kind, value);
}

static const char *word_of(const struct again *g, const char *name)
{
	const char *word = value_text(value_find(g->leaf->fields, name), "state");

	return word && strcmp(word, "not_asked") != 0 ? word : NULL;
}

static const char *state_of(const struct again *g, const char *name)
{
	const struct value *asked = value_find(g->intake->data, "asked");
	const struct value *p = nothing(value_find(g->proposed, name));
	const struct value *v = nothing(value_find(g->given, name));

	if (word_of(g, name))
		return word_of(g, name);
	if (strcmp(g->outcome, "approve") == 0)
		return !value_count(asked) || value_has_string(asked, name) ? "confirmed" : "not_asked";
	if (strcmp(g->outcome, "correct") == 0 && !value_find(g->leaf->fields, name) &&
	    (p && v ? !jcs_equal(p, v) : p != v))
		return "corrected";
	return "not_asked";
}

static const struct value *value_after(const struct again *g, const char *name, const char *state)
{
	if (strcmp(state, "cannot_tell") == 0)
		return NULL;
	if (strcmp(g->outcome, "correct") == 0 || strcmp(state, "corrected") == 0)
		return value_find(g->given, name);
	return value_find(g->proposed, name);
}

static const struct value *confidence_of(const struct again *g, const char *name)
{
	const struct value *proposed = value_find(g->w->proposal, "proposed");

	if (name && strcmp(g->kind, "extraction") == 0)
		return value_find(value_find(value_find(proposed, "fields"), name), "confidence");
	return name && strcmp(g->kind, "classification") == 0 ? value_find(proposed, "confidence")
	                                                      : NULL;
}

static const struct value *evidence_of(const struct again *g, const char *name)
{
	const struct value *proposed = value_find(g->w->proposal, "proposed");

	if (name && strcmp(g->kind, "extraction") == 0)
		return value_find(value_find(value_find(proposed, "fields"), name), "evidence");
	return name && strcmp(g->kind, "approval") == 0
		? value_find(value_find(proposed, "arguments_from"), name) : NULL;
}

static struct value *new_row(const struct again *g, const char *name)
{
	const struct value *doc = g->w->proposal, *model = value_find(doc, "model");
	const struct leaf *l = g->leaf;
	struct value *v = value_push(g->rows, value_new_object());

	value_set_string(v, "queue", value_text(doc, "queue"));
	value_set_string(v, "proposal", l->subject);
	value_set_string(v, "external_id", value_text(doc, "external_id"));
	value_set_int(v, "revision", l->revision);
	value_set_string(v, "kind", g->kind);
	value_set_string(v, "decision", l->event);
	value_set_string(v, "stage", l->stage);
	value_set_string(v, "outcome", l->outcome);
	value_set_string(v, "verdict", l->verdict);
	value_set_string(v, "field", name);
	value_set_string(v, "model", value_text(model, "name"));
	value_set_string(v, "model_version", value_text(model, "version"));
	value_set_string(v, "policy", l->policy);
	value_set_string(v, "guide", l->guide);
	value_set_string(v, "route", g->intake->route);
	if (strcmp(l->stage ? l->stage : "", "sample") != 0)
		value_set_string(v, "probability", "1");
	value_set(v, "confidence", or_null(confidence_of(g, name)));
	value_set(v, "evidence", or_null(evidence_of(g, name)));
	value_set(v, "checked_against", or_null(value_find(g->w->envelope, "checked_against")));
	value_set_string(v, "decided_at", value_text(l->data, "decided_at"));
	return v;
}

static void add_whole(const struct again *g)
{
	static const struct { const char *outcome, *state; } words[] = {
		{ "reject", "rejected" }, { "return", "returned" }, { "escalate", "escalated" }
	};
	struct value *v = new_row(g, NULL);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].outcome, g->outcome) == 0)
			value_set_string(v, "state", words[i].state);
	value_set_string(v, "reason", value_str(value_at(g->leaf->reasons, 0)));
	value_set_null(v, "proposed");
	value_set_null(v, "value");
}

static void add_named(const struct again *g, const char *name)
{
	const char *state = state_of(g, name);
	struct value *v = new_row(g, name);

	value_set_string(v, "state", state);
	value_set_string(v, "reason", value_text(value_find(g->leaf->fields, name), "reason"));
	value_set(v, "proposed", or_null(value_find(g->proposed, name)));
	value_set(v, "value", or_null(value_after(g, name, state)));
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp((*(struct value *const *)a)->s, (*(struct value *const *)b)->s);
}

static void add_names(struct value *names, const struct value *of)
{
	for (size_t i = 0; i < value_count(of); i++)
		if (!value_has_string(names, value_key(of, i)))
			value_push(names, value_new_string(value_key(of, i)));
}

struct value *feedback_expected(const struct wrong *w, const struct leaf *leaf,
                                const struct leaf *intake)
{
	struct again g = { .w = w, .leaf = leaf, .intake = intake,
		.kind = value_text_or(w->proposal, "kind", ""),
		.outcome = leaf->outcome ? leaf->outcome : "" };
	bool whole = strcmp(g.outcome, "approve") != 0 && strcmp(g.outcome, "correct") != 0;
	struct value *names = value_new_array();

	g.rows = value_new_array();
	g.proposed = named(g.kind, value_find(w->proposal, "proposed"));
	g.given = given_names(g.kind, value_find(w->content, "value"));
	add_names(names, g.proposed);
	add_names(names, g.given);
	add_names(names, leaf->fields);
	if (names->count)
		qsort(names->items, names->count, sizeof *names->items, by_bytes);
	if (whole)
		add_whole(&g);
	for (size_t i = 0; i < value_count(names); i++)
		if (!whole || word_of(&g, value_str(value_at(names, i))))
			add_named(&g, value_str(value_at(names, i)));
	value_free(names);
	value_free(g.proposed);
	value_free(g.given);
	return g.rows;
}

/* --- naming what is wrong --------------------------------------------------------- */

static void take_content(void *arg, const struct value *content)
{
	struct audit *a = arg;
	const char *kind = value_text_or(content, "kind", "");
	const char *subject = value_text_or(content, "subject", "");
	const char *text = value_text(content, "document");

	if (!text)
		return;
	for (size_t i = 0; i < a->wrong_count; i++) {
		struct wrong *w = &a->wrong[i];
		const struct value *row = value_at(w->rows, 0);
		struct value **out = NULL;

		if (strcmp(kind, "decision") == 0 && strcmp(subject, w->decision) == 0)
			out = &w->content;
		else if (strcmp(kind, "proposal") == 0 &&
		         strcmp(subject, value_text_or(row, "proposal", "")) == 0 &&
		         value_int_or(content, "revision", 0) == value_int_or(row, "revision", -1))
			out = &w->proposal;
		if (out && !*out)
			json_parse(text, strlen(text), NULL, out, NULL);
	}
}

static void take_envelope(void *arg, const struct value *row)
{
	struct audit *a = arg;
	const char *text = value_text(row, "envelope"), *id = value_text_or(row, "id", "");

	if (!text || strcmp(value_text_or(row, "table", ""), "decision") != 0)
		return;
	for (size_t i = 0; i < a->wrong_count; i++)
		if (strcmp(a->wrong[i].decision, id) == 0 && !a->wrong[i].envelope)
			json_parse(text, strlen(text), NULL, &a->wrong[i].envelope, NULL);
}

/* The columns of a stored row that an expected one has, for comparing. */
static struct value *same_members(const struct value *row, const struct value *expected)
{
	struct value *v = value_new_object();

	for (size_t i = 0; i < value_count(expected); i++)
		value_set(v, value_key(expected, i), or_null(value_find(row, value_key(expected, i))));
	return v;
}

static bool compare(struct audit *a, const struct wrong *w, const struct value *expected)
{
	bool any = false;
	char id[64];

	for (size_t i = 0; i < value_count(w->rows) && i < value_count(expected); i++) {
		const struct value *row = value_at(w->rows, i);
		struct value *found = same_members(row, value_at(expected, i));

		snprintf(id, sizeof id, "%" PRId64, value_int_or(row, "n", 0));
		any = report_columns(a->report, w->leaf, "feedback", id, value_at(expected, i), found) ||
		      any;
		value_free(found);
	}
	return any;
}

static void name_one(struct audit *a, const struct wrong *w)
{
	struct value *doc = NULL, *intake_doc = NULL, *expected = NULL;
	struct leaf leaf, intake;
	const struct fact *f;
	char name[STATE_NAME], want[24], have[24];
	bool named_any = false;

	f = facts_find(&a->facts, FACT_CONTENT, fold_content_name("proposal", false,
	               value_text_or(value_at(w->rows, 0), "proposal", ""),
	               value_int_or(value_at(w->rows, 0), "revision", 0), NULL, name));
	if (w->proposal && w->content && f && pages_leaf(a->source, w->leaf, &doc, &leaf) &&
	    pages_leaf(a->source, f->leaf, &intake_doc, &intake)) {
		expected = feedback_expected(w, &leaf, &intake);
		named_any = compare(a, w, expected);
	}
	if (expected && value_count(expected) != value_count(w->rows)) {
		snprintf(want, sizeof want, "%zu", value_count(expected));
		snprintf(have, sizeof have, "%zu", value_count(w->rows));
		report_add(a->report, AUDIT_AREA_ROW, w->leaf, "feedback", w->decision, NULL, want, have,
		           N_("a decision has too few or too many feedback rows"));
	} else if (!named_any) {
		report_add(a->report, AUDIT_AREA_ROW, w->leaf, "feedback", w->decision, NULL, NULL, NULL,
		           N_("the feedback rows of this decision are not those in the log"));
	}
	value_free(expected);
	value_free(doc);
	value_free(intake_doc);
}

int feedback_name(struct audit *a, struct err *err)
{
	int rc;

	if (!a->wrong_count)
		return 0;
	rc = pages_each(a->source, a->source->contents, "contents", take_content, NULL, a, err);
	if (rc == 0)
		rc = pages_each(a->source, a->source->rows, "rows", take_envelope, NULL, a, err);
	for (size_t i = 0; i < a->wrong_count; i++)
		name_one(a, &a->wrong[i]);
	return rc;
}
