/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vector.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/json.h"
#include "wire/proposal.h"

static struct proposal *read_text(const char *text, struct err *err)
{
	struct proposal *p = NULL;
	char words[400];

	if (wire_proposal_read(vector_parse(text), &p, err))
		fail_msg("%s\n%s", err_words(err, words, sizeof words), text);
	return p;
}

static void test_accepted(void **state)
{
	struct value *v = vector_load("proposals");
	const struct value *list = value_find(v, "accepted");

	(void)state;
	assert_true(value_count(list) > 7);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		struct err err = ERR_INIT;
		struct proposal *p = read_text(vector_text(c, "text"), &err);
		char digest[HASH_TEXT_SIZE];

		assert_true(digest_content(vector_text(c, "salt"), p->doc, digest));
		assert_string_equal(digest, vector_text(c, "digest"));
		proposal_free(p);
	}
	value_free(v);
}

static void test_refused(void **state)
{
	struct value *v = vector_load("proposals");
	const struct value *list = value_find(v, "refused");

	(void)state;
	assert_true(value_count(list) > 50);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		struct err err = ERR_INIT;
		struct proposal *p = NULL;

		if (wire_proposal_read(vector_parse(vector_text(c, "text")), &p, &err) != ERR_INVALID)
			fail_msg("%s: accepted", vector_text(c, "name"));
		if (strcmp(err.where, vector_text(c, "pointer")) != 0)
			fail_msg("%s: at \"%s\"", vector_text(c, "name"), err.where);
		assert_null(p);
	}
	value_free(v);
}

/* A revision is the same document under its own salt; the body's digest tells
 * which revision a producer has sent again. */
static void test_revisions(void **state)
{
	struct value *v = vector_load("proposals");
	const struct value *list = value_find(v, "revisions");

	(void)state;
	assert_int_equal(value_count(list), 2);
	for (size_t i = 0; i < 2; i++) {
		const struct value *c = value_at(list, i);
		struct value *doc = vector_parse(vector_text(c, "text"));
		char digest[HASH_TEXT_SIZE];

		assert_string_equal(jcs_digest(doc, digest), vector_text(c, "body"));
		digest_content(vector_text(c, "salt"), doc, digest);
		assert_string_equal(digest, vector_text(c, "digest"));
		value_free(doc);
	}
	value_free(v);
}

static void test_extraction(void **state)
{
	struct value *v = vector_load("proposals");
	struct err err = ERR_INIT;
	struct proposal *p = read_text(
		vector_text(value_at(value_find(v, "accepted"), 0), "text"), &err);
	const struct field *total = proposal_find_field(p, "total");

	(void)state;
	assert_string_equal(p->external_id, "inv-4711");
	assert_int_equal(p->kind, KIND_EXTRACTION);
	assert_int_equal(p->safety_class, CLASS_BOUNDED);
	assert_string_equal(p->case_id, "order-77");
	assert_null(p->replaces);
	assert_int_equal(p->source_count, 2);
	assert_non_null(p->sources[0].text);
	assert_int_equal(p->sources[0].size, -1);
	assert_null(p->sources[1].text);
	assert_int_equal(p->sources[1].height, 1457);
	assert_int_equal(p->sources[1].deciding, -1);
	assert_int_equal(p->field_count, 3);
	assert_int_equal(total->evidence_count, 2);
	assert_int_equal(total->evidence[0].end, 32);
	assert_true(total->evidence[1].is_box);
	assert_int_equal(total->evidence[1].box[2], 90);
	assert_null(proposal_find_field(p, "date")->confidence);
	assert_true(value_is(proposal_find_field(p, "date")->value, VALUE_NULL));
	assert_null(proposal_find_field(p, "address"));
	assert_int_equal(p->checks[0].result, CHECK_NOT_RUN);
	assert_string_equal(p->signals[0].pushes, "down");
	assert_string_equal(p->steps[0].output, "39 characters");
	assert_string_equal(p->links[0].url, "https://shop.example/orders/77");
	assert_string_equal(p->on_expiry, "close");
	assert_non_null(value_find(p->doc, "x-unknown"));
	proposal_free(p);
	value_free(v);
}

static void test_classification(void **state)
{
	struct value *v = vector_load("proposals");
	struct err err = ERR_INIT;
	struct proposal *p = read_text(
		vector_text(value_at(value_find(v, "accepted"), 1), "text"), &err);

	(void)state;
	assert_string_equal(p->label, "card_lost");
	assert_null(p->confidence);
	assert_true(value_number(p->label_confidence) > 0.4);
	assert_int_equal(p->alternative_count, 2);
	assert_null(p->alternatives[1].confidence);
	assert_int_equal(p->sources[0].turn_count, 2);
	assert_int_equal(p->sources[0].turns[1].end, 16);
	assert_int_equal(p->sources[0].deciding, 0);
	proposal_free(p);
	value_free(v);
}

static void test_approval(void **state)
{
	struct value *v = vector_load("proposals");
	struct err err = ERR_INIT;
	struct proposal *p = read_text(
		vector_text(value_at(value_find(v, "accepted"), 2), "text"), &err);

	(void)state;
	assert_string_equal(p->action, "cancel_reservation");
	assert_int_equal(p->reversibility, REVERSIBLE_NONE);
	assert_int_equal(p->field_count, 2);
	assert_string_equal(p->fields[0].name, "reservation_id");
	assert_int_equal(p->fields[0].evidence_count, 1);
	assert_int_equal(p->fields[0].evidence[0].start, 14);
	assert_int_equal(p->evidence_count, 1);
	assert_string_equal(value_str(p->changes[0].after), "cancelled");
	assert_string_equal(p->effects[0].amount, "12.50");
	/* A text source needs no media type to be named. */
	assert_string_equal(p->sources[0].media_type, "text/plain");
	proposal_free(p);
	value_free(v);
}

static void test_view(void **state)
{
	static const char withheld[] =
		"{\"external_id\":\"a\",\"queue\":\"q\",\"kind\":\"extraction\",\"model\":{\"name\":"
		"\"m\",\"version\":\"1\"},\"safety_class\":\"bounded\",\"sources\":[],"
		"\"proposed\":{\"fields\":{\"total\":{}}}}";
	struct err err = ERR_INIT;
	struct proposal *p = NULL;

	(void)state;
	assert_int_equal(wire_proposal_read(vector_parse(withheld), &p, &err), ERR_INVALID);
	assert_int_equal(wire_proposal_read_view(vector_parse(withheld), &p, NULL), 0);
	assert_string_equal(p->fields[0].name, "total");
	assert_null(p->fields[0].value);
	proposal_free(p);
}

/* Real queues: every line is a proposal. */
static void test_real(void **state)
{
	static const struct { const char *name; int lines; } files[] = {
		{ "receipts", 173 }, { "invoices", 9 }, { "support-intents", 1871 },
		{ "support-ko", 375 }, { "airline-agent", 150 },
	};

	(void)state;
	if (!vector_shared("data/real/receipts.jsonl")) {
		print_message("the real queues are not here\n");
		skip();
	}
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char path[256], *line = NULL;
		size_t cap = 0;
		ssize_t len;
		int lines = 0;
		FILE *f;

		snprintf(path, sizeof path, "data/real/%s.jsonl", files[i].name);
		f = fopen(vector_shared(path), "r");
		assert_non_null(f);
		while ((len = getline(&line, &cap, f)) > 0) {
			struct err err = ERR_INIT;
			struct value *doc = NULL;
			struct proposal *p = NULL;
			char words[400];

			lines++;
			if (json_parse(line, (size_t)len, NULL, &doc, &err)
			    || wire_proposal_read(doc, &p, &err))
				fail_msg("%s %d: %s", path, lines, err_words(&err, words, sizeof words));
			assert_string_equal(p->queue, files[i].name);
			proposal_free(p);
		}
		free(line);
		fclose(f);
		assert_int_equal(lines, files[i].lines);
	}
}

static void test_words(void **state)
{
	enum kind kind;
	enum safety_class class;

	(void)state;
	for (int i = KIND_EXTRACTION; i <= KIND_APPROVAL; i++) {
		assert_true(kind_find(kind_name((enum kind)i), &kind));
		assert_int_equal(kind, i);
	}
	for (int i = CLASS_INFORMATIONAL; i <= CLASS_HIGH_IMPACT; i++) {
		assert_true(class_find(class_name((enum safety_class)i), &class));
		assert_int_equal(class, i);
	}
	assert_string_equal(class_name(CLASS_HIGH_IMPACT), "high_impact");
	assert_false(kind_find("Approval", &kind));
	assert_false(kind_find(NULL, &kind));
	assert_false(class_find("", &class));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_extraction),
		cmocka_unit_test(test_classification),
		cmocka_unit_test(test_approval),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_words),
	};

	json_init();
	return cmocka_run_group_tests_name("proposal", tests, NULL, NULL);
}
