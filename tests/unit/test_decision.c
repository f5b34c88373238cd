/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "vector.h"
#include "wire/decision.h"
#include "wire/digest.h"
#include "wire/json.h"

static struct value *with_content(const struct value *c)
{
	struct value *doc = vector_parse(vector_text(c, "envelope"));

	value_set(doc, "content", vector_parse(vector_text(c, "content")));
	return doc;
}

static void expect_text(const struct value *v, const char *want)
{
	struct buf out = BUF_INIT;

	json_text(v, &out);
	assert_string_equal(buf_str(&out), want);
	buf_clear(&out);
}

/* Read and written again, envelope and content are the very same texts. */
static void test_cases(void **state)
{
	struct value *v = vector_load("decisions");
	const struct value *cases = value_find(v, "cases");

	(void)state;
	assert_true(value_count(cases) > 7);
	for (size_t i = 0; i < value_count(cases); i++) {
		const struct value *c = value_at(cases, i);
		struct value *doc = with_content(c), *again;
		struct decision *d = NULL;
		struct err err = ERR_INIT;
		char words[400];

		if (decision_read(doc, &d, &err))
			fail_msg("%s: %s", vector_text(c, "name"), err_words(&err, words, sizeof words));
		assert_string_equal(d->content_digest, vector_text(c, "content_digest"));
		again = decision_envelope(d);
		expect_text(again, vector_text(c, "envelope"));
		assert_int_equal(value_count(again), 24);
		value_free(again);
		again = decision_content(d);
		expect_text(again, vector_text(c, "content"));
		value_free(again);
		decision_free(d);
		value_free(doc);
	}
	value_free(v);
}

static void test_without_content(void **state)
{
	struct value *v = vector_load("decisions");
	const struct value *c = value_at(value_find(v, "cases"), 0);
	struct value *doc = vector_parse(vector_text(c, "envelope"));
	struct decision *d = NULL;

	(void)state;
	assert_int_equal(decision_read(doc, &d, NULL), 0);
	assert_string_equal(d->content_digest, vector_text(c, "content_digest"));
	assert_string_equal(d->salt, "");
	assert_null(d->value);
	decision_free(d);
	value_remove(doc, "seq");
	assert_int_equal(decision_read(doc, &d, NULL), 0);
	assert_int_equal(d->seq, 0);
	decision_free(d);
	value_free(doc);
	value_free(v);
}

static void test_refused(void **state)
{
	struct value *v = vector_load("decisions");
	const struct value *list = value_find(v, "refused");

	(void)state;
	assert_true(value_count(list) > 15);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		struct value *doc = vector_parse(vector_text(c, "text"));
		struct err err = ERR_INIT;
		struct decision *d = NULL;

		if (decision_read(doc, &d, &err) != ERR_INVALID)
			fail_msg("%s: accepted", vector_text(c, "name"));
		if (strcmp(err.where, vector_text(c, "pointer")) != 0)
			fail_msg("%s: at \"%s\"", vector_text(c, "name"), err.where);
		value_free(doc);
	}
	value_free(v);
}

/* As a desk makes one: built, sealed, and accepted by the reader. */
static void test_seal(void **state)
{
	struct decision *d = decision_new(), *back = NULL;
	struct value *doc, *value = value_new_object();
	char review[ID_SIZE], first[HASH_TEXT_SIZE];

	(void)state;
	id_new(d->id);
	id_new(d->device);
	d->review = strdup(id_new(review));
	d->revision = 1;
	d->token = strdup("4294967297");
	d->outcome = OUTCOME_CORRECT;
	decision_set_field(d, "total", FIELD_CONFIRMED, NULL);
	decision_set_field(d, "date", FIELD_CANNOT_TELL, "unreadable");
	decision_set_field(d, "total", FIELD_CORRECTED, NULL);
	hash_text((const unsigned char *)"0123456789abcdef0123456789abcdef", d->shown);
	d->opened_at = strdup("2026-11-02T13:27:26.000Z");
	d->decided_at = strdup("2026-11-02T13:27:32.400Z");
	value_set_string(value, "total", "8.49");
	d->value = value;
	decision_seal(d);
	assert_int_equal(strlen(d->salt), 32);
	memcpy(first, d->content_digest, sizeof first);
	decision_seal(d);
	assert_string_equal(d->content_digest, first);
	doc = decision_envelope(d);
	value_set(doc, "content", decision_content(d));
	assert_int_equal(decision_read(doc, &back, NULL), 0);
	assert_int_equal(back->field_count, 2);
	assert_int_equal(decision_find_field(back, "total")->state, FIELD_CORRECTED);
	assert_string_equal(decision_find_field(back, "date")->reason, "unreadable");
	assert_null(decision_find_field(back, "address"));
	/* One byte of the content, and it is not what was digested. */
	value_set_string(value_find(value_find(doc, "content"), "value"), "total", "8.40");
	decision_free(back);
	assert_int_equal(decision_read(doc, &back, NULL), ERR_INVALID);
	value_free(doc);
	decision_free(d);
}

#define CHECK_WORDS(type, name_of, find, last) \
	do { \
		type found; \
		for (int i = 0; i <= (int)(last); i++) { \
			assert_true(find(name_of((type)i), &found)); \
			assert_int_equal(found, i); \
		} \
		assert_false(find("no such word", &found)); \
		assert_false(find(NULL, &found)); \
	} while (0)

static void test_words(void **state)
{
	(void)state;
	CHECK_WORDS(enum outcome, outcome_name, outcome_find, OUTCOME_ESCALATE);
	CHECK_WORDS(enum field_state, field_state_name, field_state_find, FIELD_NOT_ASKED);
	CHECK_WORDS(enum disposition, disposition_name, disposition_find, DISPOSITION_NOT_FOR_ME);
	CHECK_WORDS(enum stage, stage_name, stage_find, STAGE_CONTEST);
	CHECK_WORDS(enum view_kind, view_kind_name, view_kind_find, VIEW_BLIND);
	CHECK_WORDS(enum verdict, verdict_name, verdict_find, VERDICT_DEVICE_FORKED);
	assert_string_equal(field_state_name(FIELD_CANNOT_TELL), "cannot_tell");
	assert_string_equal(verdict_name(VERDICT_LATE_OPINION), "late_opinion");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_without_content),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_words),
	};

	if (id_init())
		return 1;
	json_init();
	return cmocka_run_group_tests_name("decision", tests, NULL, NULL);
}
