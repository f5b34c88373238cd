/* SPDX-License-Identifier: Apache-2.0
 *
 * The fold: what follows from the leaves, one after another.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/expect.h"
#include "audit/pages.h"
#include "audit/state.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/content.h"

enum { BACK_MS = 5000 };   /* neighbours may run back so far */

static void put_digest(unsigned char out[HASH_SIZE], const char *text)
{
	if (!text || !hash_parse(text, out))
		memset(out, 0, HASH_SIZE);
}

static void put_columns(struct audit *a, struct fact *f, int64_t index,
                        const struct leaf *leaf)
{
	struct value *columns = expect_columns((enum fact_kind)f->kind, index, leaf);

	expect_hash(columns, facts_columns(&a->facts, f));
	value_free(columns);
}

const char *fold_content_name(const char *kind, bool by_digest, const char *subject,
                              int64_t number, const char *digest, char out[STATE_NAME])
{
	/* Documents named by their digest alone are many to one queue. */
	if (by_digest)
		snprintf(out, STATE_NAME, "%s/%s", kind, digest);
	else
		snprintf(out, STATE_NAME, "%s/%s/%" PRId64, kind, subject, number);
	return out;
}

static void expect_content(struct audit *a, int64_t index, enum content_kind kind,
                           const char *subject, int64_t number, const char *digest)
{
	char name[STATE_NAME];
	struct fact *f;

	if (!digest || !subject)
		return;
	f = facts_get(&a->facts, FACT_CONTENT,
	              fold_content_name(content_kind_name(kind), kind >= CONTENT_DEFINITION, subject,
	                                number, digest, name));
	f->leaf = index;
	f->content = (uint8_t)kind;
	put_digest(f->digest, digest);
}

static struct fact *proposal_of(struct audit *a, int64_t index, const struct leaf *leaf)
{
	struct fact *f = facts_get(&a->facts, FACT_PROPOSAL, leaf->subject ? leaf->subject : "");
	struct facts_proposal *p = facts_proposal_of(&a->facts, f);

	if (f->leaf < 0 && leaf->type != LEAF_PROPOSAL)
		report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", leaf->subject, NULL, NULL, NULL,
		           N_("speaks of a proposal that never came in"));
	else if (f->leaf >= 0 && leaf->type == LEAF_PROPOSAL)
		report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", leaf->subject, NULL, NULL, NULL,
		           N_("a proposal comes in a second time"));
	else if (f->leaf < 0)
		a->report->proposals++;
	f->leaf = index;
	if (leaf->state)
		utf8_copy(p->state, sizeof p->state, leaf->state);
	if (leaf->revision)
		p->revision = leaf->revision;
	return f;
}

static void take_intake(struct audit *a, int64_t index, const struct leaf *leaf)
{
	struct fact *f = proposal_of(a, index, leaf);

	facts_proposal_of(&a->facts, f)->intake = index;
	put_columns(a, f, index, leaf);
	expect_content(a, index, CONTENT_PROPOSAL, leaf->subject, leaf->revision, leaf->proposed);
}

/* "overturned" repeats what the decision before it made. */
static bool repeats(struct audit *a, const struct fact *f, const struct leaf *leaf)
{
	struct value *doc = NULL;
	struct leaf before;
	bool same = leaf->type == LEAF_OVERTURNED && pages_leaf(a->source, f->leaf, &doc, &before) &&
	            strcmp(value_text_or(expect_result(&before), "digest", ""),
	                   value_text_or(expect_result(leaf), "digest", "-")) == 0;

	value_free(doc);
	return same;
}

static void take_result(struct audit *a, int64_t index, const struct leaf *leaf)
{
	const struct value *result = expect_result(leaf);
	int64_t number = value_int_or(result, "number", 0);
	char name[STATE_NAME];
	struct fact *f;

	if (!result || !leaf->subject)
		return;
	f = facts_get(&a->facts, FACT_PROPOSAL, leaf->subject);
	facts_proposal_of(&a->facts, f)->number = number;
	snprintf(name, sizeof name, "%s/%" PRId64, leaf->subject, number);
	f = facts_get(&a->facts, FACT_RESULT, name);
	if (f->leaf >= 0) {
		if (!repeats(a, f, leaf))
			report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", name, NULL, NULL, NULL,
			           N_("makes a result that exists already"));
		return;
	}
	f->leaf = index;
	put_columns(a, f, index, leaf);
	expect_content(a, index, CONTENT_RESULT, leaf->subject, number, value_text(result, "digest"));
}

static void take_device(struct audit *a, int64_t index, const struct leaf *leaf)
{
	int64_t seq = value_int_or(leaf->data, "seq", 0);
	char number[24];

	if (!leaf->device || seq <= 0 || device_add(&a->devices, leaf->device, seq))
		return;
	snprintf(number, sizeof number, "%" PRId64, seq);
	report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", leaf->event, "seq", NULL, number,
	           N_("a number of a device comes a second time"));
}

/* An accepted decision stands for its review until an amendment of it does. */
static void take_review(struct audit *a, int64_t index, const struct leaf *leaf)
{
	struct fact *f;

	if (!leaf->review || !leaf->verdict || strcmp(leaf->verdict, "accepted") != 0)
		return;
	f = facts_get(&a->facts, FACT_REVIEW, leaf->review);
	if (f->leaf >= 0 && !value_text(leaf->data, "amends"))
		report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", leaf->event, "review", NULL,
		           leaf->review, N_("decides a review a second time"));
	f->leaf = index;
	facts_key(FACT_DECISION, leaf->event, facts_columns(&a->facts, f));
}

static void take_decision(struct audit *a, int64_t index, const struct leaf *leaf)
{
	const struct value *feedback = value_find(leaf->data, "feedback");
	struct fact *f = facts_get(&a->facts, FACT_DECISION, leaf->event ? leaf->event : "");
	struct facts_decision *d = facts_decision_of(&a->facts, f);

	if (f->leaf >= 0)
		report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", leaf->event, NULL, NULL, NULL,
		           N_("judges a decision a second time"));
	a->report->decisions++;
	f->leaf = index;
	put_digest(f->digest, leaf->envelope);
	put_columns(a, f, index, leaf);
	d->rows = (int32_t)value_int_or(feedback, "rows", 0);
	d->has_feedback = value_text(feedback, "digest") != NULL;
	put_digest(d->feedback, value_text(feedback, "digest"));
	d->has_faults = value_text(leaf->data, "faults") != NULL;
	put_digest(d->faults, value_text(leaf->data, "faults"));
	expect_content(a, index, CONTENT_DECISION, leaf->event, 0, leaf->decided);
	if (leaf->subject)
		proposal_of(a, index, leaf);
	take_device(a, index, leaf);
	take_review(a, index, leaf);
	take_result(a, index, leaf);
}

static void take_release(struct audit *a, int64_t index, const struct leaf *leaf)
{
	struct fact *f = facts_get(&a->facts, FACT_RELEASE, leaf->subject ? leaf->subject : "");

	if (f->leaf >= 0)
		report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", leaf->subject, NULL, NULL, NULL,
		           N_("hands an answer out a second time"));
	f->leaf = index;
	put_columns(a, f, index, leaf);
}

/* Time never runs back, but for the little that neighbours may differ. */
static void check_time(struct audit *a, int64_t index, const struct leaf *leaf)
{
	char newest[CLOCK_TEXT_SIZE];
	int64_t at_ms;

	if (!clock_parse(leaf->at, &at_ms))
		return;
	if (index && at_ms < a->newest_ms - BACK_MS)
		report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", leaf->event, "at",
		           clock_text(a->newest_ms, newest), leaf->at,
		           N_("is dated back before leaves that stand in front of it"));
	if (!index || at_ms > a->newest_ms)
		a->newest_ms = at_ms;
}

static void check_first(struct audit *a, const struct leaf *leaf)
{
	const char *origin = value_text_or(leaf->data, "origin", "");

	if (leaf->type != LEAF_OPEN && leaf->type != LEAF_RESTORE)
		report_add(a->report, AUDIT_AREA_LEAF, 0, "log_leaf", NULL, "type", "open",
		           leaf_type_name(leaf->type), N_("the log does not begin with its opening"));
	else if (leaf->type == LEAF_OPEN && a->report->origin &&
	         strcmp(origin, a->report->origin) != 0)
		report_add(a->report, AUDIT_AREA_LEAF, 0, "log_leaf", NULL, "origin", a->report->origin,
		           origin, N_("the log was opened under another origin"));
}

void fold_leaf(struct audit *a, int64_t index, const struct leaf *leaf)
{
	check_time(a, index, leaf);
	if (index == 0)
		check_first(a, leaf);
	switch (leaf->type) {
	case LEAF_PROPOSAL:
	case LEAF_REVISION:
		take_intake(a, index, leaf);
		break;
	case LEAF_RESULT:
	case LEAF_WITHDRAW:
	case LEAF_OVERTURNED:
		proposal_of(a, index, leaf);
		take_result(a, index, leaf);
		break;
	case LEAF_DECISION:
		take_decision(a, index, leaf);
		break;
	case LEAF_RELEASE:
		proposal_of(a, index, leaf);
		take_release(a, index, leaf);
		break;
	case LEAF_REVEAL:
		expect_content(a, index, CONTENT_OWN, leaf->event, 0, value_text(leaf->data, "own"));
		break;
	case LEAF_DEFINITION:
		expect_content(a, index, CONTENT_DEFINITION, leaf->queue, 0, leaf->definition);
		break;
	case LEAF_POLICY:
		expect_content(a, index, CONTENT_POLICY, leaf->queue, 0, leaf->policy);
		break;
	case LEAF_GUIDE:
		expect_content(a, index, CONTENT_GUIDE, leaf->queue, 0, leaf->guide);
		break;
	default:
		break;
	}
}

static void name_gaps(struct audit *a, const struct device *d)
{
	int64_t next = 1;

	for (size_t i = 0; i < d->run_count; i++) {
		char gap[64];

		if (d->runs[i].first > next) {
			snprintf(gap, sizeof gap, "%" PRId64 "-%" PRId64, next, d->runs[i].first - 1);
			report_incomplete(a->report, AUDIT_AREA_DEVICE, -1, d->id, gap, NULL,
			                  N_("numbers of a device were not received"));
		}
		next = d->runs[i].last + 1;
	}
}

void fold_end(struct audit *a)
{
	a->report->devices = (int64_t)a->devices.count;
	for (size_t i = 0; i < a->devices.count; i++) {
		a->report->missing += device_missing(&a->devices.items[i]);
		name_gaps(a, &a->devices.items[i]);
	}
}

const char *fold_name(struct audit *a, const struct fact *f, char out[STATE_NAME])
{
	struct value *doc = NULL;
	struct leaf leaf;

	if (!pages_leaf(a->source, f->leaf, &doc, &leaf))
		snprintf(out, STATE_NAME, "?");
	else if (f->kind == FACT_DECISION ||
	         (f->kind == FACT_CONTENT &&
	          (f->content == CONTENT_DECISION || f->content == CONTENT_OWN)))
		snprintf(out, STATE_NAME, "%s", leaf.event ? leaf.event : "?");
	else if (f->kind == FACT_REVIEW)
		snprintf(out, STATE_NAME, "%s", leaf.review ? leaf.review : "?");
	else if (f->kind == FACT_RESULT)
		snprintf(out, STATE_NAME, "%s/%" PRId64, leaf.subject ? leaf.subject : "?",
		         value_int_or(expect_result(&leaf), "number", 0));
	else if (f->kind == FACT_CONTENT && f->content >= CONTENT_DEFINITION)
		snprintf(out, STATE_NAME, "%s", leaf.queue ? leaf.queue : "?");
	else
		snprintf(out, STATE_NAME, "%s", leaf.subject ? leaf.subject : "?");
	value_free(doc);
	return out;
}
