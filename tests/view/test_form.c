/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view/sample.h"
#include "view/form.h"

static struct review *review;
static struct form *form;

static int begin(void **state)
{
	(void)state;
	review = sample_review(sample_receipts, sample_receipt, "['date','total']");
	form = form_new(review);
	return 0;
}

static int end(void **state)
{
	(void)state;
	form_free(form);
	review_free(review);
	return 0;
}

static size_t at(const char *name)
{
	struct form_field *f = form_find(form, name);

	assert_non_null(f);
	return (size_t)(f - form->fields);
}

static void test_fields_are_those_of_the_schema_then_the_proposal(void **state)
{
	(void)state;
	assert_int_equal(form->count, 7);
	assert_string_equal(form->fields[0].name, "company");
	assert_string_equal(form->fields[1].title, "Date");
	assert_true(form->fields[1].asked && form->fields[1].required);
	assert_false(form->fields[0].asked);
	assert_null(form->fields[1].proposed);
	assert_int_equal(form->fields[at("pages")].type, FORM_INTEGER);
	assert_int_equal(form->fields[at("paid")].type, FORM_BOOL);
	assert_int_equal(form->fields[at("lines")].type, FORM_JSON);
	assert_false(form_touched(form));
}

static void test_typed_text_becomes_what_the_schema_wants(void **state)
{
	static const struct { const char *field, *text; int rc; enum value_type type; } cases[] = {
		{ "company", "Ostwind", 0, VALUE_STRING }, { "pages", "12", 0, VALUE_INT },
		{ "pages", "1.5", ERR_INVALID, VALUE_NULL },
		{ "pages", "twelve", ERR_INVALID, VALUE_NULL },
		{ "pages", "99999999999999999", ERR_INVALID, VALUE_NULL },
		{ "paid", "true", 0, VALUE_BOOL }, { "paid", "yes", ERR_INVALID, VALUE_NULL },
		{ "lines", "[1]", ERR_UNSUPPORTED, VALUE_NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = at(cases[i].field);

		form_reset(form, n);
		assert_int_equal(form_set_text(form, n, cases[i].text, NULL), cases[i].rc);
		if (cases[i].rc == 0)
			assert_int_equal(form->fields[n].value->type, cases[i].type);
		else
			assert_int_equal(form->fields[n].state, FORM_OPEN);
	}
}

static void test_the_same_value_is_no_correction(void **state)
{
	(void)state;
	assert_int_equal(form_set_text(form, at("total"), "101.75", NULL), 0);
	assert_int_equal(form->fields[at("total")].state, FORM_CONFIRMED);
	assert_false(form_departs(form));
	/* nothing was found, and nothing is there */
	assert_int_equal(form_set_text(form, at("pages"), "", NULL), 0);
	assert_int_equal(form->fields[at("pages")].state, FORM_CONFIRMED);
	/* "not on the document" of something that was found is a correction */
	assert_int_equal(form_set_text(form, at("address"), "", NULL), 0);
	assert_int_equal(form->fields[at("address")].state, FORM_CORRECTED);
	assert_null(form_field_value(&form->fields[at("address")]));
}

static void test_the_caret_goes_from_asked_field_to_asked_field(void **state)
{
	(void)state;
	assert_int_equal(form_next_open(form, form->count), at("date"));
	assert_int_equal(form_next_open(form, at("date")), at("total"));
	assert_int_equal(form_next_open(form, at("total")), at("date"));
	form_confirm(form, at("total"));
	form_set_text(form, at("date"), "23/03/2018", NULL);
	assert_int_equal(form_next_open(form, at("date")), form->count);
}

static void test_what_cannot_be_sent_is_said_at_its_field(void **state)
{
	size_t field;

	(void)state;
	assert_non_null(strstr(form_why_not(form, &field), "Date is asked and empty"));
	assert_int_equal(field, at("date"));
	form_set_text(form, at("date"), "soon", NULL);
	assert_non_null(form->fields[at("date")].fault);
	assert_non_null(strstr(form_why_not(form, &field), "Date:"));
	form_cannot_tell(form, at("date"), "unreadable");
	assert_non_null(strstr(form_why_not(form, &field), "cannot be told"));
	form_set_text(form, at("date"), "23/03/2018", NULL);
	assert_null(form_why_not(form, &field));
	assert_int_equal(field, form->count);
	form_set_text(form, at("total"), "a lot", NULL);
	assert_non_null(strstr(form_why_not(form, &field), "Total:"));
	form_reset(form, at("date"));
	form_set_text(form, at("total"), "101.75", NULL);
	form_cannot_tell(form, at("address"), NULL);
	form_set_text(form, at("date"), "23/03/2018", NULL);
	assert_null(form_why_not(form, NULL));   /* an optional field may stay untold */
}

static void test_a_correction_says_the_whole_value(void **state)
{
	struct decision *d;

	(void)state;
	form_set_text(form, at("date"), "23/03/2018", NULL);
	form_cannot_tell(form, at("address"), "unreadable");
	form_set_note(form, "odd paper");
	d = form_decision(form, OUTCOME_CORRECT);
	assert_string_equal(value_text(d->value, "date"), "23/03/2018");
	assert_string_equal(value_text(d->value, "company"), "NORDWIND LTD");
	assert_true(value_is(value_find(d->value, "address"), VALUE_NULL));
	assert_null(value_find(d->value, "pages"));   /* nobody spoke about it */
	assert_int_equal(decision_find_field(d, "date")->state, FIELD_CORRECTED);
	assert_string_equal(decision_find_field(d, "address")->reason, "unreadable");
	assert_null(decision_find_field(d, "company"));
	assert_string_equal(d->note, "odd paper");
	assert_null(d->message);
	decision_free(d);
	d = form_decision(form, OUTCOME_REJECT);
	assert_null(d->value);
	decision_free(d);
}

static void test_a_draft_comes_back_as_it_was(void **state)
{
	struct decision *draft;
	struct form *again;

	(void)state;
	form_set_text(form, at("date"), "23/03/2018", NULL);
	form_confirm(form, at("total"));
	form_cannot_tell(form, at("address"), "stamped");
	form_set_text(form, at("company"), "", NULL);
	form_set_message(form, "please scan again");
	draft = form_decision(form, OUTCOME_CORRECT);
	again = form_new(review);
	form_load(again, draft);
	for (size_t i = 0; i < form->count; i++)
		assert_int_equal(again->fields[i].state, form->fields[i].state);
	assert_string_equal(again->fields[at("address")].reason, "stamped");
	assert_string_equal(value_str(again->fields[at("date")].value), "23/03/2018");
	assert_string_equal(again->message, "please scan again");
	form_free(again);
	decision_free(draft);
}

static void test_labels_and_arguments_are_answers_too(void **state)
{
	struct review *intent = sample_review(sample_intents, sample_intent, NULL);
	struct review *call = sample_review(sample_agent, sample_call, NULL);
	struct form *label = form_new(intent), *arguments = form_new(call);
	struct value *v;

	(void)state;
	assert_int_equal(label->count, 0);
	assert_false(form_departs(label));
	form_set_label(label, "pin");
	assert_true(form_departs(label));
	v = form_value(label);
	assert_string_equal(value_text(v, "label"), "pin");
	value_free(v);
	v = sample_json("{'booking':'M05','day':'2024-05-25'}");
	form_set_arguments(arguments, v);
	assert_true(form_departs(arguments));
	v = form_value(arguments);
	assert_string_equal(value_text(value_find(v, "arguments"), "day"), "2024-05-25");
	value_free(v);
	form_set_arguments(arguments, value_copy(call->proposal->arguments));
	assert_false(form_departs(arguments));
	form_free(label);
	form_free(arguments);
	review_free(intent);
	review_free(call);
}

static void test_a_queue_may_want_words(void **state)
{
	struct review *r = sample_review("{'queue':'q','title':'Q','kind':'extraction',"
		"'schema':{'type':'object'},'require':{'reason':['reject','correct'],'diff':true}}",
		"{'external_id':'x','queue':'q','kind':'extraction','model':{'name':'m',"
		"'version':'1'},'safety_class':'bounded','sources':[],'proposed':{'fields':{}}}",
		NULL);
	struct form *f = form_new(r);

	(void)state;
	assert_true(form_requires(f, "reason", OUTCOME_CORRECT));
	assert_false(form_requires(f, "reason", OUTCOME_APPROVE));
	assert_true(form_requires(f, "diff", OUTCOME_APPROVE));
	assert_false(form_requires(f, "note", OUTCOME_REJECT));
	form_free(f);
	review_free(r);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_fields_are_those_of_the_schema_then_the_proposal),
		TEST(test_typed_text_becomes_what_the_schema_wants),
		TEST(test_the_same_value_is_no_correction),
		TEST(test_the_caret_goes_from_asked_field_to_asked_field),
		TEST(test_what_cannot_be_sent_is_said_at_its_field),
		TEST(test_a_correction_says_the_whole_value),
		TEST(test_a_draft_comes_back_as_it_was),
		cmocka_unit_test(test_labels_and_arguments_are_answers_too),
		cmocka_unit_test(test_a_queue_may_want_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
