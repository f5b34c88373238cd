/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/json.h"

struct row {
	struct audit *audit;
	const struct value *row;
	const char *table, *id;
	struct fact *fact;
};

static void same_text(struct row *r, const char *column, const char *expected)
{
	const char *found = value_text(r->row, column);

	if (strcmp(expected, found ? found : "") != 0)
		report_add(r->audit->report, AUDIT_AREA_ROW, r->fact->leaf, r->table, r->id, column,
		           expected, found, N_("the stored row is not what the log says"));
}

static void same_number(struct row *r, const char *column, int64_t expected)
{
	int64_t found = value_int_or(r->row, column, 0);
	char want[24], have[24];

	if (found == expected)
		return;
	snprintf(want, sizeof want, "%" PRId64, expected);
	snprintf(have, sizeof have, "%" PRId64, found);
	report_add(r->audit->report, AUDIT_AREA_ROW, r->fact->leaf, r->table, r->id, column, want,
	           have, N_("the stored row is not what the log says"));
}

/* Finds what the log says of this row; NULL (and a finding) where nothing. */
static struct fact *expect(struct row *r, const char *kind, const char *id)
{
	char key[STATE_KEY_SIZE];

	snprintf(key, sizeof key, "%s/%s", kind, id ? id : "");
	r->fact = fact_find(r->audit, key);
	if (r->fact)
		r->fact->seen = true;
	else
		report_add(r->audit->report, AUDIT_AREA_ROW, -1, r->table, id, NULL, NULL, NULL,
		           N_("the log does not know this row"));
	return r->fact;
}

static void check_proposal(struct row *r)
{
	if (!expect(r, "proposal", r->id))
		return;
	same_text(r, "state", r->fact->state);
	same_number(r, "revision", r->fact->revision);
	same_number(r, "result_number", r->fact->number);
}

static void check_envelope(struct row *r)
{
	const char *text = value_text(r->row, "envelope");
	char digest[HASH_TEXT_SIZE] = "";
	struct value *envelope = NULL;

	if (text && json_parse(text, strlen(text), NULL, &envelope, NULL) == 0)
		digest_envelope(envelope, digest);
	value_free(envelope);
	if (strcmp(digest, r->fact->digest) != 0)
		report_add(r->audit->report, AUDIT_AREA_ROW, r->fact->leaf, r->table, r->id, "envelope",
		           r->fact->digest, digest, N_("the stored envelope does not give its digest"));
}

static void check_decision(struct row *r)
{
	const struct value *faults = value_find(r->row, "faults");
	char digest[HASH_TEXT_SIZE] = "";

	if (!expect(r, "decision", r->id))
		return;
	same_text(r, "outcome", r->fact->outcome);
	same_text(r, "verdict", r->fact->verdict);
	same_text(r, "stage", r->fact->stage);
	same_text(r, "principal", r->fact->actor);
	same_text(r, "device", r->fact->device);
	same_text(r, "envelope_digest", r->fact->digest);
	same_number(r, "seq", r->fact->seq);
	same_number(r, "leaf", r->fact->leaf);
	same_number(r, "late", r->fact->late);
	check_envelope(r);
	if (value_count(faults))
		jcs_digest(faults, digest);
	if (strcmp(digest, r->fact->faults) != 0)
		report_add(r->audit->report, AUDIT_AREA_ROW, r->fact->leaf, r->table, r->id, "faults",
		           r->fact->faults, digest, N_("the stored row is not what the log says"));
}

static void check_result(struct row *r)
{
	if (!expect(r, "result", r->id))
		return;
	same_text(r, "digest", r->fact->digest);
	same_text(r, "state", r->fact->state);
	same_number(r, "leaf", r->fact->leaf);
}

static void check_release(struct row *r)
{
	if (!expect(r, "release", value_text(r->row, "proposal")))
		return;
	same_text(r, "digest", r->fact->digest);
	same_number(r, "number", r->fact->number);
	same_number(r, "leaf", r->fact->leaf);
}

/* The rows of one decision stand together; their digest is in its leaf. */
static void end_feedback(struct audit *a)
{
	struct fact *f = a->open_rows;
	unsigned char salt[SALT_SIZE], hash[HASH_SIZE];
	char digest[HASH_TEXT_SIZE] = "", id[24];

	a->open_rows = NULL;
	if (!f)
		return;
	buf_addc(&f->rows, ']');
	if (hash_unhex(f->salt, salt, sizeof salt)) {
		hash_sha256_two(salt, sizeof salt, f->rows.data, f->rows.len, hash);
		hash_text(hash, digest);
	}
	buf_clear(&f->rows);
	snprintf(id, sizeof id, "%" PRId64, f->first_row);
	if (*digest && strcmp(digest, f->feedback) != 0)
		report_add(a->report, AUDIT_AREA_ROW, f->leaf, "feedback", f->key + 9, id, f->feedback,
		           digest, N_("the feedback rows of a decision (the first is named) are not those in the log"));
	f->feedback_rows = 0;
}

static void check_feedback(struct row *r)
{
	const struct value *row = value_find(r->row, "row");
	const char *decision = value_text(row, "decision");
	char key[STATE_KEY_SIZE];
	struct fact *f;

	r->audit->report->feedback_rows++;
	snprintf(key, sizeof key, "decision/%s", decision ? decision : "");
	f = fact_find(r->audit, key);
	if (!f || !f->feedback[0]) {
		report_add(r->audit->report, AUDIT_AREA_ROW, -1, "feedback", decision, NULL, NULL, NULL,
		           N_("the log does not know this row"));
		return;
	}
	if (f != r->audit->open_rows) {
		end_feedback(r->audit);
		r->audit->open_rows = f;
		f->first_row = value_int_or(row, "n", 0);
		buf_addc(&f->rows, '[');
	} else {
		buf_addc(&f->rows, ',');
	}
	jcs_write(row, &f->rows);
}

void rows_check(struct audit *a, const struct value *row)
{
	static const struct { const char *table; void (*check)(struct row *r); } tables[] = {
		{ "proposal", check_proposal }, { "decision", check_decision },
		{ "result", check_result }, { "release", check_release },
		{ "feedback", check_feedback },
	};
	struct row r = { .audit = a, .row = row, .table = value_text_or(row, "table", ""),
		.id = value_text(row, "id") };

	a->report->rows++;
	if (strcmp(r.table, "feedback") != 0)
		end_feedback(a);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (strcmp(r.table, tables[i].table) == 0)
			tables[i].check(&r);
}

static void missing(struct audit *a, struct fact *f)
{
	size_t kind = strcspn(f->key, "/");

	if (strncmp(f->key, "content", kind) == 0 || strncmp(f->key, "device", kind) == 0)
		return;
	if (!f->seen)
		report_add(a->report, AUDIT_AREA_ROW, f->leaf, NULL, f->key, NULL, NULL, NULL,
		           N_("a row that the log names is not stored"));
	else if (f->feedback_rows && f->salt[0])
		report_add(a->report, AUDIT_AREA_ROW, f->leaf, "feedback", f->key + 9, NULL, f->feedback,
		           NULL, N_("a row that the log names is not stored"));
}

void rows_end(struct audit *a)
{
	end_feedback(a);
	fact_each(a, missing);
}
