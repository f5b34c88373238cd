/* SPDX-License-Identifier: Apache-2.0
 *
 * Stored rows against the fold of the leaves.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/expect.h"
#include "audit/pages.h"
#include "audit/state.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/json.h"

struct row {
	struct audit *audit;
	const struct value *row;
	const char *table, *id;
	struct fact *fact;
};

/* What the log says of this row; NULL (and a finding) where nothing. */
static struct fact *expect(struct row *r, enum fact_kind kind, const char *name)
{
	r->fact = facts_find(&r->audit->facts, kind, name ? name : "");
	if (r->fact)
		r->fact->seen = true;
	else
		report_add(r->audit->report, AUDIT_AREA_ROW, -1, r->table, r->id, NULL, NULL, NULL,
		           N_("the log does not know this row"));
	return r->fact;
}

static void differs(struct row *r, const char *column, const char *expected, const char *found)
{
	report_add(r->audit->report, AUDIT_AREA_ROW, r->fact->leaf, r->table, r->id, column, expected,
	           found, N_("the stored row is not what the log says"));
}

static void same_text(struct row *r, const char *column, const char *expected)
{
	const char *found = value_text(r->row, column);
	char cut[FACTS_STATE];

	utf8_copy(cut, sizeof cut, found ? found : "");
	if (strcmp(expected, cut) != 0)
		differs(r, column, expected, found);
}

static void same_number(struct row *r, const char *column, int64_t expected)
{
	int64_t found = value_int_or(r->row, column, 0);
	char want[24], have[24];

	if (found == expected)
		return;
	snprintf(want, sizeof want, "%" PRId64, expected);
	snprintf(have, sizeof have, "%" PRId64, found);
	differs(r, column, want, have);
}

/* The columns that one leaf gives: by their hash, and where it does not fit one
 * by one, from the leaf itself. */
static void same_columns(struct row *r, enum fact_kind kind, int64_t index)
{
	struct value *found = expect_row(kind, r->row), *expected = NULL, *doc = NULL;
	unsigned char hash[FACTS_KEY];
	struct leaf leaf;

	expect_hash(found, hash);
	if (memcmp(hash, facts_columns(&r->audit->facts, r->fact), sizeof hash) != 0) {
		if (pages_leaf(r->audit->source, index, &doc, &leaf))
			expected = expect_columns(kind, index, &leaf);
		if (!report_columns(r->audit->report, index, r->table, r->id, expected, found))
			differs(r, NULL, NULL, NULL);
	}
	value_free(expected);
	value_free(found);
	value_free(doc);
}

static void check_proposal(struct row *r)
{
	const struct facts_proposal *p;

	if (!expect(r, FACT_PROPOSAL, r->id))
		return;
	p = facts_proposal_of(&r->audit->facts, r->fact);
	same_columns(r, FACT_PROPOSAL, p->intake);
	same_text(r, "state", p->state);
	same_number(r, "revision", p->revision);
	same_number(r, "result_number", p->number);
	if (!facts_find(&r->audit->facts, FACT_RELEASE, r->id) && value_text(r->row, "released_by"))
		differs(r, "released_by", NULL, value_text(r->row, "released_by"));
}

/* Which decision stands for a review. Reviews nobody decided leave no leaf. */
static void check_review(struct row *r)
{
	const char *decision = value_text(r->row, "decision");
	unsigned char key[FACTS_KEY];
	struct value *doc = NULL;
	struct leaf leaf;

	r->fact = facts_find(&r->audit->facts, FACT_REVIEW, r->id ? r->id : "");
	if (!r->fact) {
		if (decision)
			report_add(r->audit->report, AUDIT_AREA_ROW, -1, r->table, r->id, "decision", NULL,
			           decision, N_("the stored row is not what the log says"));
		return;
	}
	r->fact->seen = true;
	facts_key(FACT_DECISION, decision ? decision : "", key);
	if (memcmp(key, facts_columns(&r->audit->facts, r->fact), sizeof key) == 0)
		return;
	differs(r, "decision", pages_leaf(r->audit->source, r->fact->leaf, &doc, &leaf)
	        ? leaf.event : NULL, decision);
	value_free(doc);
}

static void check_envelope(struct row *r)
{
	const char *text = value_text(r->row, "envelope");
	char expected[HASH_TEXT_SIZE], found[HASH_TEXT_SIZE] = "";
	struct value *envelope = NULL;

	hash_text(r->fact->digest, expected);
	if (text && json_parse(text, strlen(text), NULL, &envelope, NULL) == 0)
		digest_envelope(envelope, found);
	value_free(envelope);
	if (strcmp(found, expected) != 0)
		report_add(r->audit->report, AUDIT_AREA_ROW, r->fact->leaf, r->table, r->id, "envelope",
		           expected, found, N_("the stored envelope does not give its digest"));
}

static void check_faults(struct row *r, const struct facts_decision *d)
{
	const struct value *faults = value_find(r->row, "faults");
	char expected[HASH_TEXT_SIZE] = "", found[HASH_TEXT_SIZE] = "";

	if (d->has_faults)
		hash_text(d->faults, expected);
	if (value_count(faults) || value_is(faults, VALUE_STRING))
		jcs_digest(faults, found);
	if (strcmp(expected, found) != 0)
		differs(r, "faults", expected, found);
}

static void check_decision(struct row *r)
{
	if (!expect(r, FACT_DECISION, r->id))
		return;
	same_columns(r, FACT_DECISION, r->fact->leaf);
	check_envelope(r);
	check_faults(r, facts_decision_of(&r->audit->facts, r->fact));
}

static void check_result(struct row *r)
{
	if (expect(r, FACT_RESULT, r->id))
		same_columns(r, FACT_RESULT, r->fact->leaf);
}

static void check_release(struct row *r)
{
	if (expect(r, FACT_RELEASE, value_text(r->row, "proposal")))
		same_columns(r, FACT_RELEASE, r->fact->leaf);
}

static void check_feedback(struct row *r)
{
	const struct value *row = value_find(r->row, "row");
	struct fact *f = facts_find(&r->audit->facts, FACT_DECISION,
	                            value_text_or(row, "decision", ""));
	char id[24];

	r->audit->report->feedback_rows++;
	if (!value_text(r->row, "id"))
		snprintf(id, sizeof id, "%" PRId64, value_int_or(r->row, "id", 0));
	if (!f || !facts_decision_of(&r->audit->facts, f)->has_feedback)
		report_add(r->audit->report, AUDIT_AREA_ROW, -1, "feedback", id, "decision", NULL,
		           value_text(row, "decision"), N_("the log does not know this row"));
	else
		feedback_take(r->audit, row);
}

void rows_check(void *arg, const struct value *row)
{
	static const struct { const char *table; void (*check)(struct row *r); } tables[] = {
		{ "proposal", check_proposal }, { "review", check_review },
		{ "decision", check_decision }, { "result", check_result },
		{ "release", check_release }, { "feedback", check_feedback },
	};
	struct row r = { .audit = arg, .row = row, .table = value_text_or(row, "table", ""),
		.id = value_text(row, "id") };

	r.audit->report->rows++;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (strcmp(r.table, tables[i].table) == 0)
			tables[i].check(&r);
}

void rows_end(struct audit *a)
{
	static const char *const tables[] = {
		[FACT_PROPOSAL] = "proposal", [FACT_REVIEW] = "review", [FACT_DECISION] = "decision",
		[FACT_RESULT] = "result", [FACT_RELEASE] = "release"
	};

	feedback_take(a, NULL);
	for (size_t i = 0; i < a->facts.count; i++) {
		const struct fact *f = &a->facts.items[i];
		char name[STATE_NAME];

		if (f->kind == FACT_CONTENT)
			continue;
		if (!f->seen)
			report_add(a->report, AUDIT_AREA_ROW, f->leaf, tables[f->kind],
			           fold_name(a, f, name), NULL, NULL, NULL,
			           N_("a row that the log names is not stored"));
		else if (f->kind == FACT_DECISION &&
		         facts_decision_of(&a->facts, f)->has_feedback &&
		         !facts_decision_of(&a->facts, f)->rows_seen)
			report_add(a->report, AUDIT_AREA_ROW, f->leaf, "feedback", fold_name(a, f, name),
			           NULL, NULL, NULL, N_("no feedback row of this decision is stored"));
	}
}
