/* SPDX-License-Identifier: Apache-2.0
 *
 * Every change of a log, of what is stored with it, and of its checkpoints is
 * found and named; an honest log gives no finding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/audit.h"
#include "base/mem.h"
#include "fake_log.h"
#include "wire/json.h"

enum { PROPOSALS = 9 };

static void verify(struct fake_log *f, bool content, const char *old_note,
                   struct audit_report *report)
{
	struct audit_source source = fake_log_source(f);
	struct audit_options options = { .content = content, .vkey = f->vkey,
		.old_notes = &old_note, .old_note_count = old_note != NULL };
	struct err err = ERR_INIT;
	char words[300];

	if (audit_verify(&source, &options, report, &err) != 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
}

static bool same(const char *want, const char *have)
{
	return !want || (have && strcmp(want, have) == 0);
}

/* NULL: whatever it is. */
static const struct audit_finding *find(const struct audit_report *r, enum audit_area area,
                                        const char *table, const char *id, const char *column)
{
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct audit_finding *f = &r->findings[i];

		if (f->area == area && same(table, f->table) && same(id, f->id) &&
		    same(column, f->column))
			return f;
	}
	return NULL;
}

static void show(const struct audit_report *r)
{
	struct buf text = BUF_INIT;

	audit_report_text(r, &text);
	print_error("%s", buf_str(&text));
	buf_clear(&text);
}

#define assert_found(report, ...) do { \
		if (!find((report), __VA_ARGS__)) { \
			show(report); \
			fail_msg("not found: %s", #__VA_ARGS__); \
		} \
	} while (0)

static void assert_clean(const struct audit_report *r)
{
	if (!r->intact || !r->complete || r->finding_total)
		show(r);
	assert_true(r->intact && r->complete);
	assert_int_equal(r->finding_total, 0);
}

/* --- an honest log --------------------------------------------------------------- */

static void honest_is_intact_and_complete(void **state)
{
	struct fake_log f;
	struct audit_report r;
	char *old, hash[HASH_TEXT_SIZE];

	(void)state;
	fake_log_init(&f, PROPOSALS);
	old = fake_log_note(&f);
	verify(&f, true, old, &r);
	assert_clean(&r);
	assert_true(r.signature_checked && r.content_checked);
	assert_int_equal(r.size, 1 + 2 * PROPOSALS + 2);
	assert_int_equal(r.old_checked, 1);
	assert_int_equal(r.proposals, PROPOSALS);
	assert_int_equal(r.decisions, PROPOSALS);
	assert_int_equal(r.feedback_rows, 15);
	assert_int_equal(r.contents, 3 * PROPOSALS);
	assert_int_equal(r.devices, 1);
	assert_string_equal(r.origin, f.origin);
	assert_int_equal(r.epoch, 1);
	assert_int_equal(strlen(r.root), strlen(hash_text(f.hashes[0], hash)));
	audit_report_clear(&r);
	/* Small pages are the same log. */
	f.page = 1;
	verify(&f, true, old, &r);
	assert_clean(&r);
	audit_report_clear(&r);
	free(old);
	fake_log_clear(&f);
}

/* --- the seven changes of a log of 10,000 entries ------------------------------------ */

static void edit(struct fake_log *f, size_t at)
{
	char *word = strstr(f->leaves[at], "reviewer-1");

	assert_non_null(word);
	word[9] = '2';
}

static void swap(struct fake_log *f, size_t at)
{
	char *text = f->leaves[at];

	f->leaves[at] = f->leaves[at + 1];
	f->leaves[at + 1] = text;
}

static void backdate(struct fake_log *f, size_t at)
{
	char *year = strstr(f->leaves[at], "\"at\":\"20");

	assert_non_null(year);
	year[8] = '1';
}

static void expect_rewritten(struct fake_log *f, const char *old)
{
	struct audit_report r;

	verify(f, false, old, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_CHECKPOINT, NULL, f->origin, "root");
	audit_report_clear(&r);
}

/* The inner nodes still know what was signed: the leaf is named. */
static void finds_edit(struct fake_log *f, size_t at)
{
	struct audit_report r;
	char *text = mem_strdup(f->leaves[at]);

	edit(f, at);
	verify(f, false, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_TREE, NULL, f->origin, "root");
	assert_found(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, NULL);
	assert_int_equal(find(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, NULL)->index, (int64_t)at);
	audit_report_clear(&r);
	free(f->leaves[at]);
	f->leaves[at] = text;
}

/* All hashes made again and signed anew. */
static void finds_rewrite(struct fake_log *f, size_t at, const char *old)
{
	char *text = mem_strdup(f->leaves[at]);

	edit(f, at);
	fake_log_rehash(f);
	expect_rewritten(f, old);
	free(f->leaves[at]);
	f->leaves[at] = text;
	fake_log_rehash(f);
}

static void finds_reorder(struct fake_log *f, size_t at, const char *old)
{
	swap(f, at);
	fake_log_rehash(f);
	expect_rewritten(f, old);
	swap(f, at);
	fake_log_rehash(f);
}

static void finds_backdating(struct fake_log *f, size_t at)
{
	struct audit_report r;
	char *text = mem_strdup(f->leaves[at]);

	backdate(f, at);
	fake_log_rehash(f);
	verify(f, false, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, "at");
	assert_int_equal(find(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, "at")->index, (int64_t)at);
	audit_report_clear(&r);
	free(f->leaves[at]);
	f->leaves[at] = text;
	fake_log_rehash(f);
}

static void finds_truncation(struct fake_log *f, const char *old)
{
	struct audit_report r;
	char *text = mem_strdup(f->leaves[f->count - 1]);

	fake_log_remove(f, f->count - 1);
	verify(f, false, old, &r);
	assert_true(r.intact);
	assert_false(r.complete);
	assert_found(&r, AUDIT_AREA_CHECKPOINT, NULL, f->origin, NULL);
	audit_report_clear(&r);
	fake_log_insert(f, f->count, text);
	free(text);
}

/* The same beginning, another end. */
static void finds_fork(struct fake_log *f, const char *old)
{
	char *text = mem_strdup(f->leaves[f->count - 1]);

	fake_log_remove(f, f->count - 1);
	fake_log_insert(f, f->count, f->leaves[f->count - 1]);
	fake_log_insert(f, f->count, text);
	expect_rewritten(f, old);
	fake_log_remove(f, f->count - 2);
	free(text);
}

static void finds_deletion(struct fake_log *f, size_t at)
{
	struct audit_report r;

	fake_log_remove(f, at);
	verify(f, false, NULL, &r);
	assert_false(r.complete);
	assert_int_equal(r.missing, 1);
	assert_found(&r, AUDIT_AREA_DEVICE, NULL, NULL, NULL);
	assert_string_equal(find(&r, AUDIT_AREA_DEVICE, NULL, NULL, NULL)->expected, "1235-1235");
	audit_report_clear(&r);
}

static void finds_seven_of_seven(void **state)
{
	struct fake_log f;
	struct audit_report r;
	char *old;
	size_t at;

	(void)state;
	fake_log_init(&f, 5000);
	assert_in_range(f.count, 10000, 11000);
	old = fake_log_note(&f);
	at = fake_log_decision(&f, 1234);
	finds_edit(&f, at);
	finds_rewrite(&f, at, old);
	finds_reorder(&f, at, old);
	finds_backdating(&f, at);
	finds_truncation(&f, old);
	finds_fork(&f, old);
	/* All of it was put back. */
	verify(&f, false, old, &r);
	assert_clean(&r);
	audit_report_clear(&r);
	finds_deletion(&f, at);
	free(old);
	fake_log_clear(&f);
}

/* --- checkpoints ------------------------------------------------------------------ */

static void judges_checkpoints(void **state)
{
	struct fake_log f, other;
	struct audit_report r;
	struct audit_source source;
	struct audit_options options = { .vkey = NULL };
	char *old;

	(void)state;
	fake_log_init(&f, PROPOSALS);
	fake_log_init(&other, 3);
	source = fake_log_source(&f);
	options.vkey = other.vkey;
	assert_int_equal(audit_verify(&source, &options, &r, NULL), 0);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_CHECKPOINT, NULL, f.origin, "signature");
	audit_report_clear(&r);
	options.vkey = NULL;
	assert_int_equal(audit_verify(&source, &options, &r, NULL), 0);
	assert_true(r.intact);
	assert_false(r.signature_checked);
	audit_report_clear(&r);
	old = fake_log_note(&other);
	verify(&f, false, old, &r);
	assert_clean(&r);
	assert_int_equal(r.old_foreign, 1);
	assert_int_equal(r.old_checked, 0);
	audit_report_clear(&r);
	free(old);
	fake_log_clear(&other);
	fake_log_clear(&f);
}

/* --- leaves that make no sense ------------------------------------------------------ */

static void judges_the_sense_of_leaves(void **state)
{
	struct fake_log f;
	struct audit_report r;
	size_t at;

	(void)state;
	fake_log_init(&f, PROPOSALS);
	at = fake_log_decision(&f, 2);
	/* the same decision twice: judged twice, number twice, review twice */
	fake_log_insert(&f, at + 1, f.leaves[at]);
	verify(&f, false, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, "seq");
	assert_found(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, "review");
	assert_int_equal(find(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, "seq")->index, (int64_t)at + 1);
	audit_report_clear(&r);
	fake_log_remove(&f, at + 1);
	/* a decision on what never came in */
	fake_log_remove(&f, at - 1);
	verify(&f, false, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, NULL);
	audit_report_clear(&r);
	/* not a leaf */
	fake_log_insert(&f, 1, "{\"v\":1}");
	verify(&f, false, NULL, &r);
	assert_found(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, NULL);
	audit_report_clear(&r);
	fake_log_remove(&f, 1);
	/* the opening is gone */
	fake_log_remove(&f, 0);
	verify(&f, false, NULL, &r);
	assert_found(&r, AUDIT_AREA_LEAF, "log_leaf", NULL, "type");
	audit_report_clear(&r);
	fake_log_clear(&f);
}

/* --- rows --------------------------------------------------------------------------- */

static void names_each_column(void **state)
{
	static const struct { const char *table, *column, *value; } changes[] = {
		{ "proposal", "state", "\"rejectee\"" }, { "proposal", "queue", "\"other\"" },
		{ "proposal", "external_id", "\"x\"" }, { "proposal", "kind", "\"approval\"" },
		{ "proposal", "class", "\"high_impact\"" }, { "proposal", "producer", "\"p\"" },
		{ "proposal", "route", "\"auto_accept\"" }, { "proposal", "revision", "2" },
		{ "proposal", "result_number", "0" }, { "proposal", "released_by", "\"somebody\"" },
		{ "review", "decision", "null" }, { "review", "decision", "\"other\"" },
		{ "decision", "verdict", "\"stale\"" }, { "decision", "outcome", "\"return\"" },
		{ "decision", "principal", "\"reviewer-9\"" }, { "decision", "role", "\"lead\"" },
		{ "decision", "device", "\"d\"" }, { "decision", "seq", "99" },
		{ "decision", "stage", "\"second\"" }, { "decision", "late", "1" },
		{ "decision", "state", "\"waiting\"" }, { "decision", "leaf", "0" },
		{ "decision", "proposal", "\"p\"" }, { "decision", "review", "\"r\"" },
		{ "decision", "revision", "7" }, { "decision", "amends", "\"a\"" },
		{ "decision", "received_at", "\"2026-11-02T13:27:26.000Z\"" },
		{ "decision", "envelope_digest", "\"sha256:00\"" },
		{ "decision", "envelope", "\"{}\"" }, { "decision", "faults", "[{\"pointer\":\"/a\"}]" },
		{ "result", "state", "\"approvee\"" }, { "result", "changed", "9" },
		{ "result", "digest", "\"sha256:00\"" }, { "result", "decision", "null" },
		{ "result", "number", "2" }, { "result", "leaf", "3" },
		{ "result", "decided_at", "\"2026-11-02T13:27:26.000Z\"" },
		{ "release", "id", "\"other\"" }, { "release", "digest", "\"sha256:00\"" },
		{ "release", "number", "2" },
		{ "release", "released_at", "\"2026-11-02T13:27:26.000Z\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct fake_log f;
		struct audit_report r;
		struct value *row, *list = NULL;
		char *text = mem_printf("[%s]", changes[i].value), *id;

		fake_log_init(&f, PROPOSALS);
		row = fake_log_row(&f, changes[i].table, 1);
		assert_int_equal(json_parse(text, strlen(text), NULL, &list, NULL), 0);
		value_set(row, changes[i].column, value_copy(value_at(list, 0)));
		id = mem_strdup(value_text(row, "id"));
		verify(&f, true, NULL, &r);
		assert_false(r.intact);
		assert_true(r.complete);
		assert_found(&r, AUDIT_AREA_ROW, changes[i].table, id, changes[i].column);
		audit_report_clear(&r);
		value_free(list);
		free(text);
		free(id);
		fake_log_clear(&f);
	}
}

static void names_what_is_missing_or_too_much(void **state)
{
	static const char *const tables[] = { "proposal", "review", "decision", "result", "release",
	                                      "feedback" };

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct fake_log f;
		struct audit_report r;
		struct value *row, *copy;

		fake_log_init(&f, PROPOSALS);
		row = fake_log_row(&f, tables[i], 1);
		copy = value_copy(row);
		value_set_string(row, "table", "nothing");
		verify(&f, true, NULL, &r);
		assert_false(r.intact);
		assert_found(&r, AUDIT_AREA_ROW, tables[i], NULL, NULL);
		audit_report_clear(&r);
		value_set_string(row, "table", tables[i]);
		if (strcmp(tables[i], "feedback") != 0 && strcmp(tables[i], "release") != 0) {
			value_set_string(copy, "id", "0193fa00-0000-7000-8000-00000000dead");
			value_push(f.rows, copy);
			verify(&f, true, NULL, &r);
			assert_false(r.intact);
			assert_found(&r, AUDIT_AREA_ROW, tables[i], "0193fa00-0000-7000-8000-00000000dead",
			             NULL);
			audit_report_clear(&r);
		} else {
			value_free(copy);
		}
		fake_log_clear(&f);
	}
}

static void reads_past_broken_bytes(void **state)
{
	struct fake_log f;
	struct audit_report r;

	(void)state;
	fake_log_init(&f, PROPOSALS);
	f.broken_text = true;
	verify(&f, true, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_ROW, "decision", NULL, "outcome");
	assert_int_equal(r.finding_total, 1);
	audit_report_clear(&r);
	fake_log_clear(&f);
}

/* --- feedback ------------------------------------------------------------------------ */

static void names_feedback_columns(void **state)
{
	static const char *const columns[] = {
		"queue", "proposal", "external_id", "kind", "stage", "outcome", "verdict",
		"field", "state", "reason", "proposed", "value", "confidence", "evidence", "model",
		"model_version", "policy", "guide", "route", "probability", "checked_against",
		"decided_at"
	};

	(void)state;
	/* approved: rows 1 and 2; corrected: 3 and 4; rejected: 5 */
	for (size_t nth = 0; nth < 5; nth++) {
		for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
			struct fake_log f;
			struct audit_report r;
			struct value *row;
			char id[24];

			fake_log_init(&f, PROPOSALS);
			row = value_find(fake_log_row(&f, "feedback", nth), "row");
			snprintf(id, sizeof id, "%lld", (long long)value_int_or(row, "n", 0));
			if (strcmp(columns[i], "proposal") == 0 && nth % 2 == 0) {
				fake_log_clear(&f);
				continue;   /* the first row of a decision says what to look for */
			}
			value_set_string(row, columns[i], "changed");
			verify(&f, true, NULL, &r);
			assert_false(r.intact);
			assert_found(&r, AUDIT_AREA_ROW, "feedback", id, columns[i]);
			assert_int_equal(r.finding_total, 1);
			audit_report_clear(&r);
			fake_log_clear(&f);
		}
	}
}

static void ties_feedback_rows_together(void **state)
{
	struct fake_log f;
	struct audit_report r;
	struct value *row;
	const char *decision;

	(void)state;
	fake_log_init(&f, PROPOSALS);
	decision = value_text(fake_log_row(&f, "decision", 0), "id");
	/* its number alone */
	row = value_find(fake_log_row(&f, "feedback", 0), "row");
	value_set_int(row, "n", 77);
	verify(&f, true, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_ROW, "feedback", decision, NULL);
	audit_report_clear(&r);
	value_set_int(row, "n", 1);
	/* one more */
	value_push(f.rows, value_copy(fake_log_row(&f, "feedback", 0)));
	verify(&f, true, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_ROW, "feedback", decision, NULL);
	audit_report_clear(&r);
	/* moved to a decision that does not exist */
	row = value_find(fake_log_row(&f, "feedback", 14), "row");
	value_set_string(row, "decision", "nobody");
	verify(&f, true, NULL, &r);
	assert_false(r.intact);
	assert_found(&r, AUDIT_AREA_ROW, "feedback", "15", "decision");
	audit_report_clear(&r);
	fake_log_clear(&f);
}

/* --- contents --------------------------------------------------------------------------- */

static void judges_contents(void **state)
{
	static const char *const kinds[] = { "proposal", "decision", "result" };

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct fake_log f;
		struct audit_report r;
		struct value *c, *copy;
		char *subject;

		fake_log_init(&f, PROPOSALS);
		c = fake_log_content(&f, kinds[i], 1);
		copy = value_copy(c);
		subject = mem_strdup(value_text(c, "subject"));
		value_set_string(c, "document", "{\"value\":null,\"message\":\"other\",\"note\":null}");
		verify(&f, true, NULL, &r);
		assert_false(r.intact);
		assert_found(&r, AUDIT_AREA_CONTENT, kinds[i], subject, "document");
		audit_report_clear(&r);
		value_set_string(c, "document", value_text(copy, "document"));
		value_set_string(c, "salt", "00000000000000000000000000000000");
		verify(&f, true, NULL, &r);
		assert_found(&r, AUDIT_AREA_CONTENT, kinds[i], subject, "document");
		audit_report_clear(&r);
		value_set_string(c, "salt", value_text(copy, "salt"));
		value_set_string(c, "digest",
			"sha256:0000000000000000000000000000000000000000000000000000000000000000");
		verify(&f, true, NULL, &r);
		assert_found(&r, AUDIT_AREA_CONTENT, kinds[i], subject, "digest");
		audit_report_clear(&r);
		value_set_string(c, "digest", value_text(copy, "digest"));
		value_set_string(c, "subject", "0193fa00-0000-7000-8000-00000000dead");
		verify(&f, true, NULL, &r);
		assert_found(&r, AUDIT_AREA_CONTENT, kinds[i], subject, NULL);
		assert_found(&r, AUDIT_AREA_CONTENT, kinds[i], "0193fa00-0000-7000-8000-00000000dead", NULL);
		audit_report_clear(&r);
		value_free(copy);
		free(subject);
		fake_log_clear(&f);
	}
}

static void erased_is_its_own_word(void **state)
{
	struct fake_log f;
	struct audit_report r;
	struct value *c;
	struct buf text = BUF_INIT;

	(void)state;
	fake_log_init(&f, PROPOSALS);
	c = fake_log_content(&f, "proposal", 2);
	value_set_null(c, "salt");
	value_set_null(c, "document");
	value_set_bool(c, "erased", true);
	verify(&f, true, NULL, &r);
	assert_clean(&r);
	assert_int_equal(r.erased, 1);
	assert_int_equal(r.contents, 3 * PROPOSALS - 1);
	audit_report_text(&r, &text);
	assert_non_null(strstr(buf_str(&text), "1 erased"));
	buf_clear(&text);
	audit_report_clear(&r);
	fake_log_clear(&f);
}

/* --- the report --------------------------------------------------------------------------- */

static void reports_as_text_and_value(void **state)
{
	struct fake_log f;
	struct audit_report r;
	struct buf text = BUF_INIT;
	struct value *v;

	(void)state;
	fake_log_init(&f, PROPOSALS);
	value_set_string(fake_log_row(&f, "proposal", 0), "state", "waiting");
	verify(&f, true, NULL, &r);
	audit_report_text(&r, &text);
	assert_non_null(strstr(buf_str(&text), "NOT INTACT"));
	assert_non_null(strstr(buf_str(&text), "expected approved, found waiting"));
	v = audit_report_value(&r);
	assert_false(value_bool_or(v, "intact", true));
	assert_true(value_bool_or(v, "complete", false));
	assert_string_equal(value_str(value_find_pointer(v, "/findings/0/table")), "proposal");
	assert_string_equal(value_str(value_find_pointer(v, "/findings/0/column")), "state");
	value_free(v);
	buf_clear(&text);
	audit_report_clear(&r);
	/* A thousand findings are kept, all are counted. */
	for (size_t i = 0; i < value_count(f.rows); i++)
		value_set_string(value_at(f.rows, i), "id", "x");
	for (int i = 0; i < 1500; i++)
		value_push(f.rows, value_copy(fake_log_row(&f, "proposal", 0)));
	verify(&f, true, NULL, &r);
	assert_int_equal(r.finding_count, AUDIT_FINDINGS_MAX);
	assert_true(r.finding_total > 1500);
	audit_report_clear(&r);
	fake_log_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_is_intact_and_complete),
		cmocka_unit_test(finds_seven_of_seven),
		cmocka_unit_test(judges_checkpoints),
		cmocka_unit_test(judges_the_sense_of_leaves),
		cmocka_unit_test(names_each_column),
		cmocka_unit_test(names_what_is_missing_or_too_much),
		cmocka_unit_test(reads_past_broken_bytes),
		cmocka_unit_test(names_feedback_columns),
		cmocka_unit_test(ties_feedback_rows_together),
		cmocka_unit_test(judges_contents),
		cmocka_unit_test(erased_is_its_own_word),
		cmocka_unit_test(reports_as_text_and_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
