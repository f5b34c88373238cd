/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/state.h"

#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct fact *)a)->key, ((const struct fact *)b)->key);
}

struct fact *fact_find(struct audit *a, const char *key)
{
	struct fact probe;
	struct fact **found;

	utf8_copy(probe.key, sizeof probe.key, key);
	found = tfind(&probe, &a->facts, by_key);
	return found ? *found : NULL;
}

struct fact *fact_get(struct audit *a, const char *key)
{
	struct fact *f = fact_find(a, key);

	if (f)
		return f;
	f = mem_zalloc(sizeof *f);
	utf8_copy(f->key, sizeof f->key, key);
	f->leaf = -1;
	if (!tsearch(f, &a->facts, by_key))
		mem_exhausted();
	return f;
}

struct each {
	struct audit *audit;
	void (*visit)(struct audit *a, struct fact *f);
};

static void visit_node(const void *node, VISIT order, void *ctx)
{
	struct each *e = ctx;

	if (order == postorder || order == leaf)
		e->visit(e->audit, *(struct fact *const *)node);
}

void fact_each(struct audit *a, void (*visit)(struct audit *a, struct fact *f))
{
	struct each e = { .audit = a, .visit = visit };

	twalk_r(a->facts, visit_node, &e);
}

static void fact_free(void *p)
{
	struct fact *f = p;

	buf_clear(&f->rows);
	free(f);
}

void fact_free_all(struct audit *a)
{
	tdestroy(a->facts, fact_free);
	a->facts = NULL;
}

static void put(char *dst, size_t size, const char *src)
{
	utf8_copy(dst, size, src ? src : "");
}

static void expect_content(struct audit *a, int64_t index, enum content_kind kind,
                           const char *subject, int64_t number, const char *digest)
{
	char key[STATE_KEY_SIZE];
	struct fact *f;

	if (!digest || !subject)
		return;
	/* Documents named by their digest alone are many to one queue. */
	if (kind >= CONTENT_DEFINITION)
		snprintf(key, sizeof key, "content/%s/%s", content_kind_name(kind), digest);
	else
		snprintf(key, sizeof key, "content/%s/%s/%" PRId64, content_kind_name(kind), subject, number);
	f = fact_get(a, key);
	f->leaf = index;
	put(f->digest, sizeof f->digest, digest);
}

static struct fact *proposal_of(struct audit *a, int64_t index, const struct leaf *leaf)
{
	char key[STATE_KEY_SIZE];
	struct fact *f;

	snprintf(key, sizeof key, "proposal/%s", leaf->subject ? leaf->subject : "");
	f = fact_get(a, key);
	if (f->leaf < 0 && leaf->type != LEAF_PROPOSAL)
		report_add(a->report, AUDIT_AREA_LEAF, index, NULL, leaf->subject, NULL, NULL, NULL,
		           N_("speaks of a proposal that never came in"));
	else if (f->leaf < 0)
		a->report->proposals++;
	f->leaf = index;
	if (leaf->state)
		put(f->state, sizeof f->state, leaf->state);
	if (leaf->revision)
		f->revision = leaf->revision;
	return f;
}

/* result: {"number","digest","changed"} or NULL. */
static void take_result(struct audit *a, int64_t index, const struct leaf *leaf,
                        struct fact *proposal, const struct value *result)
{
	const char *digest = value_text(result, "digest");
	char key[STATE_KEY_SIZE];
	struct fact *f;

	if (!digest)
		return;
	proposal->number = value_int_or(result, "number", 0);
	snprintf(key, sizeof key, "result/%s/%" PRId64, leaf->subject, proposal->number);
	f = fact_get(a, key);
	f->leaf = index;
	put(f->digest, sizeof f->digest, digest);
	put(f->state, sizeof f->state, leaf->state);
	expect_content(a, index, CONTENT_RESULT, leaf->subject, proposal->number, digest);
}

static void count_device(struct audit *a, const struct leaf *leaf, int64_t seq)
{
	char key[STATE_KEY_SIZE];
	struct fact *f;

	if (!leaf->device || seq <= 0)
		return;
	snprintf(key, sizeof key, "device/%s", leaf->device);
	f = fact_get(a, key);
	f->number++;
	if (seq > f->last)
		f->last = seq;
}

static void take_decision(struct audit *a, int64_t index, const struct leaf *leaf)
{
	char key[STATE_KEY_SIZE];
	const struct value *feedback = value_find(leaf->data, "feedback");
	struct fact *f;

	snprintf(key, sizeof key, "decision/%s", leaf->event ? leaf->event : "");
	f = fact_get(a, key);
	if (f->leaf >= 0)
		report_add(a->report, AUDIT_AREA_LEAF, index, NULL, leaf->event, NULL, NULL, NULL,
		           N_("judges a decision a second time"));
	a->report->decisions++;
	f->leaf = index;
	f->late = leaf->late;
	f->seq = value_int_or(leaf->data, "seq", 0);
	f->feedback_rows = value_int_or(feedback, "rows", 0);
	put(f->digest, sizeof f->digest, leaf->envelope);
	put(f->verdict, sizeof f->verdict, leaf->verdict);
	put(f->outcome, sizeof f->outcome, leaf->outcome);
	put(f->stage, sizeof f->stage, leaf->stage);
	put(f->actor, sizeof f->actor, leaf->actor);
	put(f->device, sizeof f->device, leaf->device);
	put(f->feedback, sizeof f->feedback, value_text(feedback, "digest"));
	put(f->faults, sizeof f->faults, value_text(leaf->data, "faults"));
	expect_content(a, index, CONTENT_DECISION, leaf->event, 0, leaf->decided);
	count_device(a, leaf, f->seq);
}

static void take_release(struct audit *a, int64_t index, const struct leaf *leaf)
{
	char key[STATE_KEY_SIZE];
	struct fact *f;

	snprintf(key, sizeof key, "release/%s", leaf->subject ? leaf->subject : "");
	f = fact_get(a, key);
	if (f->leaf >= 0)
		report_add(a->report, AUDIT_AREA_LEAF, index, NULL, leaf->subject, NULL, NULL, NULL,
		           N_("hands an answer out a second time"));
	f->leaf = index;
	f->number = value_int_or(leaf->data, "number", 0);
	put(f->digest, sizeof f->digest, value_text(leaf->data, "digest"));
}

void fold_leaf(struct audit *a, int64_t index, const struct leaf *leaf)
{
	switch (leaf->type) {
	case LEAF_PROPOSAL:
	case LEAF_REVISION:
		proposal_of(a, index, leaf);
		expect_content(a, index, CONTENT_PROPOSAL, leaf->subject, leaf->revision, leaf->proposed);
		break;
	case LEAF_RESULT:
	case LEAF_WITHDRAW:
	case LEAF_OVERTURNED:
		take_result(a, index, leaf, proposal_of(a, index, leaf), leaf->data);
		break;
	case LEAF_DECISION:
		take_decision(a, index, leaf);
		take_result(a, index, leaf, proposal_of(a, index, leaf),
		            value_find(leaf->data, "result"));
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

static void end_device(struct audit *a, struct fact *f)
{
	char expected[32], found[32];

	if (strncmp(f->key, "device/", 7) != 0)
		return;
	a->report->devices++;
	if (f->last == f->number)
		return;
	a->report->missing += f->last - f->number;
	snprintf(expected, sizeof expected, "%" PRId64, f->last);
	snprintf(found, sizeof found, "%" PRId64, f->number);
	report_incomplete(a->report, AUDIT_AREA_DEVICE, -1, f->key + 7, expected, found,
	                  N_("numbers of a device were not received"));
}

void fold_end(struct audit *a)
{
	fact_each(a, end_device);
}
