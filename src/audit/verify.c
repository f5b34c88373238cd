/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/pages.h"
#include "audit/state.h"
#include "base/mem.h"
#include "base/msg.h"
#include "model/merkle.h"
#include "wire/checkpoint.h"

enum { PAGE = 1000 };

/* An older checkpoint of the same log, to be met while reading. */
struct old_note {
	struct checkpoint checkpoint;
	bool met;
};

struct reading {
	struct audit *audit;
	struct merkle_range range;
	struct old_note *old;
	size_t old_count;
};

static void tell(struct audit *a, enum audit_phase phase, int64_t done, int64_t total)
{
	if (a->options->progress)
		a->options->progress(a->options->progress_ctx, phase, done, total);
}

static int read_checkpoint(struct audit *a, struct checkpoint *out, struct err *err)
{
	const char *vkey = a->options->vkey;
	struct err why = ERR_INIT;
	struct buf note = BUF_INIT;
	int rc = a->source->checkpoint(a->source->ctx, &note, err);

	if (rc == 0)
		rc = checkpoint_read(buf_str(&note), note.len, out, err);
	if (rc == 0 && vkey) {
		struct checkpoint same;

		a->report->signature_checked = true;
		if (checkpoint_open(buf_str(&note), note.len, vkey, &same, &why) != 0)
			report_add(a->report, AUDIT_AREA_CHECKPOINT, -1, NULL, out->origin, "signature", vkey,
			           NULL, N_("the checkpoint is not signed with the key that is known"));
	}
	if (rc == 0) {
		a->report->origin = mem_strdup(out->origin);
		a->report->epoch = checkpoint_epoch(out->origin);
		a->report->size = (int64_t)out->size;
	}
	buf_clear(&note);
	return rc;
}

/* Sorts out older checkpoints; those of this log are met while reading. */
static void take_old_notes(struct reading *r, const struct checkpoint *now)
{
	struct audit *a = r->audit;

	r->old = mem_zalloc((a->options->old_note_count + 1) * sizeof *r->old);
	for (size_t i = 0; i < a->options->old_note_count; i++) {
		const char *note = a->options->old_notes[i];
		struct checkpoint old;
		char expected[32], found[32];

		if (checkpoint_read(note, strlen(note), &old, NULL) != 0
		    || strcmp(old.origin, now->origin) != 0
		    || (a->options->vkey
		        && checkpoint_open(note, strlen(note), a->options->vkey, &old, NULL) != 0)) {
			a->report->old_foreign++;
			continue;
		}
		if (old.size <= now->size) {
			r->old[r->old_count++].checkpoint = old;
			continue;
		}
		snprintf(expected, sizeof expected, "%" PRIu64, old.size);
		snprintf(found, sizeof found, "%" PRIu64, now->size);
		report_incomplete(a->report, AUDIT_AREA_CHECKPOINT, -1, now->origin, expected, found,
		                  N_("the log is shorter than an older checkpoint: its end was cut off"));
	}
}

static void meet_old_notes(struct reading *r)
{
	unsigned char root[HASH_SIZE];
	char expected[HASH_TEXT_SIZE], found[HASH_TEXT_SIZE];

	for (size_t i = 0; i < r->old_count; i++) {
		struct old_note *old = &r->old[i];

		if (old->met || old->checkpoint.size != r->range.size)
			continue;
		old->met = true;
		merkle_range_root(&r->range, root);
		if (memcmp(root, old->checkpoint.root, sizeof root) == 0)
			r->audit->report->old_checked++;
		else
			report_add(r->audit->report, AUDIT_AREA_CHECKPOINT, (int64_t)r->range.size - 1, NULL,
			           old->checkpoint.origin, "root", hash_text(old->checkpoint.root, expected),
			           hash_text(root, found),
			           N_("the log was rewritten: it does not continue an older checkpoint"));
	}
}

static void take_leaf(struct reading *r, const char *text, size_t len)
{
	struct audit *a = r->audit;
	int64_t index = (int64_t)r->range.size;
	unsigned char hash[HASH_SIZE];
	struct value *doc = NULL;
	struct leaf leaf;

	merkle_leaf_hash(text, len, hash);
	merkle_range_add(&r->range, hash, NULL, NULL, NULL);
	if (a->leaf_count == a->leaf_cap) {
		a->leaf_cap = a->leaf_cap ? a->leaf_cap * 2 : 1024;
		a->leaf_hash = mem_resize(a->leaf_hash, a->leaf_cap, HASH_SIZE);
	}
	memcpy(a->leaf_hash[a->leaf_count++], hash, HASH_SIZE);
	if (leaf_read(text, len, &doc, &leaf, NULL) != 0)
		report_add(a->report, AUDIT_AREA_LEAF, index, "log_leaf", NULL, NULL, NULL, NULL,
		           N_("is not a leaf of version 1 in canonical form"));
	else
		fold_leaf(a, index, &leaf);
	value_free(doc);
	meet_old_notes(r);
}

static int read_page(struct reading *r, int64_t size, bool *stuck, struct err *err)
{
	struct audit *a = r->audit;
	int64_t start = (int64_t)r->range.size;
	int64_t end = start + PAGE < size ? start + PAGE : size;
	struct buf body = BUF_INIT;
	struct value *doc = NULL;
	const struct value *list;
	int rc = a->source->entries(a->source->ctx, start, end, &body, err);

	if (rc == 0)
		rc = pages_parse(&body, &doc, err);
	list = value_find(doc, "entries");
	*stuck = rc == 0 && value_count(list) == 0;
	for (size_t i = 0; rc == 0 && i < value_count(list); i++) {
		const struct value *leaf = value_find(value_at(list, i), "leaf");
		int64_t index = value_int_or(value_at(list, i), "index", -1);

		if (!value_is(leaf, VALUE_STRING) || index != (int64_t)r->range.size) {
			report_add(a->report, AUDIT_AREA_TREE, (int64_t)r->range.size, "log_leaf", NULL, NULL,
			           NULL, NULL, N_("is missing or out of its place"));
			*stuck = true;
			break;
		}
		take_leaf(r, leaf->s, leaf->len);
	}
	value_free(doc);
	buf_clear(&body);
	return rc;
}

static int read_log(struct audit *a, struct err *err)
{
	struct reading r = { .audit = a };
	unsigned char root[HASH_SIZE];
	char expected[HASH_TEXT_SIZE];
	struct checkpoint now;
	bool stuck = false;
	int rc = read_checkpoint(a, &now, err);

	if (rc == 0)
		take_old_notes(&r, &now);
	while (rc == 0 && !stuck && r.range.size < now.size) {
		rc = read_page(&r, (int64_t)now.size, &stuck, err);
		tell(a, AUDIT_READING, (int64_t)r.range.size, (int64_t)now.size);
	}
	if (rc == 0) {
		merkle_range_root(&r.range, root);
		hash_text(root, a->report->root);
		if (r.range.size < now.size)
			report_add(a->report, AUDIT_AREA_TREE, (int64_t)r.range.size, "log_leaf", NULL, NULL,
			           NULL, NULL, N_("the log ends before its checkpoint"));
		else if (memcmp(root, now.root, sizeof root) != 0) {
			report_add(a->report, AUDIT_AREA_TREE, -1, NULL, now.origin, "root",
			           hash_text(now.root, expected), a->report->root,
			           N_("the leaves do not give the signed root"));
			rc = locate_first(a, now.root, err);
		}
		fold_end(a);
	}
	free(r.old);
	return rc;
}

static void tell_contents(void *arg, int64_t done)
{
	tell(arg, AUDIT_CONTENTS, done, -1);
}

static void tell_rows(void *arg, int64_t done)
{
	tell(arg, AUDIT_ROWS, done, -1);
}

static int read_stored(struct audit *a, struct err *err)
{
	const struct audit_source *source = a->source;
	int rc = pages_each(source, source->contents, "contents", contents_check, tell_contents, a,
	                    err);

	if (rc)
		return rc;
	contents_end(a);
	rc = pages_each(source, source->rows, "rows", rows_check, tell_rows, a, err);
	if (rc)
		return rc;
	rows_end(a);
	a->report->content_checked = true;
	return feedback_name(a, err);
}

static void clear(struct audit *a)
{
	for (size_t i = 0; i < a->wrong_count; i++) {
		free(a->wrong[i].decision);
		value_free(a->wrong[i].rows);
		value_free(a->wrong[i].proposal);
		value_free(a->wrong[i].content);
		value_free(a->wrong[i].envelope);
	}
	free(a->wrong);
	free(a->open_decision);
	value_free(a->open_rows);
	facts_clear(&a->facts);
	device_clear(&a->devices);
	free(a->leaf_hash);
}

int audit_verify(const struct audit_source *source, const struct audit_options *options,
                 struct audit_report *report, struct err *err)
{
	struct audit a = { .source = source, .options = options, .report = report };
	int rc;

	memset(report, 0, sizeof *report);
	report->intact = report->complete = true;
	rc = read_log(&a, err);
	if (rc == 0 && options->content)
		rc = read_stored(&a, err);
	clear(&a);
	return rc;
}
