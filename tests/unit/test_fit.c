/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/admission.h"
#include "policy/fit.h"
#include "tree.h"
#include "wire/definition.h"

struct case_of_fit {
	const char *action, *doc;   /* action: of an answer to an approval */
	const char *fault;          /* pointer of the first fault, or NULL: fits */
};

static struct definition *definition_of(const char *text)
{
	struct definition *d;
	struct err err = ERR_INIT;
	char words[300];

	if (wire_definition_read(tree(text), &d, &err) < 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
	return d;
}

static void check(const char *definition, const struct case_of_fit *cases, size_t count,
                  bool proposed)
{
	struct definition *d = definition_of(definition);
	struct fit *f;

	assert_int_equal(fit_new(d, &f, NULL), 0);
	for (size_t i = 0; i < count; i++) {
		struct value *doc = tree(cases[i].doc);
		struct schema_faults faults = SCHEMA_FAULTS_INIT;
		bool fits = proposed ? fit_proposed(f, doc, &faults)
		                     : fit_answer(f, cases[i].action, doc, &faults);

		if (fits != !cases[i].fault || fits != !faults.count ||
		    (!fits && strcmp(faults.items[0].pointer, cases[i].fault) != 0))
			fail_msg("%s: fault at “%s”", cases[i].doc,
			         faults.count ? faults.items[0].pointer : "nowhere");
		schema_faults_clear(&faults);
		value_free(doc);
	}
	fit_free(f);
	definition_free(d);
}

#define CHECK(definition, cases, proposed) \
	check(definition, cases, sizeof cases / sizeof *cases, proposed)

static const char form[] = "{'queue':'r','kind':'extraction','schema':{'type':'object',"
	"'required':['date'],'additionalProperties':false,'properties':{'date':{'type':'string'},"
	"'total':{'type':'string','pattern':'^[0-9.]+$'},'place':{'type':['string','null']}}}}";

static void test_extraction(void **state)
{
	static const struct case_of_fit answers[] = {
		{ NULL, "{'date':'x','total':'9','place':null}", NULL },
		{ NULL, "{'date':'x','total':null}", NULL },
		{ NULL, "{'date':null}", "/date" },
		{ NULL, "{}", "/date" },
		{ NULL, "{'date':'x','total':'9,00'}", "/total" },
		{ NULL, "{'date':'x','vat':'1'}", "/vat" },
		{ NULL, "{'fields':{'date':'x'}}", "/date" },
		{ NULL, "'x'", "" },
		{ NULL, "null", "" },
	};
	static const struct case_of_fit proposals[] = {
		{ NULL, "{'proposed':{'fields':{'date':{'value':'x'},'total':{'value':null}}}}", NULL },
		{ NULL, "{'proposed':{'fields':{'date':{'value':'x'},'total':{}}}}", NULL },
		{ NULL, "{'proposed':{'fields':{'date':{'value':null}}}}", "/date" },
		{ NULL, "{'proposed':{'fields':{'date':{'confidence':1}}}}", "/date" },
		{ NULL, "{'proposed':{'fields':{'date':{'value':3}}}}", "/date" },
		{ NULL, "{'proposed':{'fields':[]}}", "" },
		{ NULL, "{'proposed':{}}", "" },
		{ NULL, "{}", "" },
	};

	(void)state;
	CHECK(form, answers, false);
	CHECK(form, proposals, true);
}

static void test_classification(void **state)
{
	static const char queue[] = "{'queue':'c','kind':'classification','labels':['a',"
	                            "{'name':'b','title':'B'}]}";
	static const struct case_of_fit answers[] = {
		{ NULL, "{'label':'a'}", NULL }, { NULL, "{'label':'b'}", NULL },
		{ NULL, "{'label':'B'}", "/label" }, { NULL, "{'label':null}", "/label" },
		{ NULL, "{}", "/label" }, { NULL, "{'labels':['a','b']}", NULL },
		{ NULL, "{'labels':[]}", NULL }, { NULL, "{'labels':['a','c']}", "/label" },
		{ NULL, "{'labels':'a'}", "" }, { NULL, "{'labels':['a'],'label':'a'}", "" },
		{ NULL, "['a']", "/label" },
	};
	static const struct case_of_fit proposals[] = {
		{ NULL, "{'proposed':{'label':'a','confidence':1}}", NULL },
		{ NULL, "{'proposed':{'labels':['b']}}", NULL },
		{ NULL, "{'proposed':{'label':'z'}}", "/label" },
		{ NULL, "{}", "/label" },
	};

	(void)state;
	CHECK(queue, answers, false);
	CHECK(queue, proposals, true);
}

static const char actions[] = "{'queue':'p','kind':'approval','actions':{"
	"'pay':{'moves_money':true,'schema':{'required':['to'],'properties':{'to':{'type':"
	"'string'}}}},'note':{}}}";

static void test_approval(void **state)
{
	static const char open[] = "{'queue':'p','kind':'approval'}";
	static const struct case_of_fit answers[] = {
		{ "pay", "{'arguments':{'to':'x'}}", NULL },
		{ "pay", "{'arguments':{}}", "/to" },
		{ "pay", "{'arguments':{'to':3}}", "/to" },
		{ "note", "{'arguments':{'anything':[1]}}", NULL },
		{ "fly", "{'arguments':{}}", "" },
		{ NULL, "{'arguments':{}}", "" },
		{ "pay", "{'to':'x'}", "" },
		{ "pay", "{'arguments':[]}", "" },
	};
	static const struct case_of_fit proposals[] = {
		{ NULL, "{'proposed':{'action':'pay','arguments':{'to':'x'}}}", NULL },
		{ NULL, "{'proposed':{'action':'pay','arguments':{}}}", "/to" },
		{ NULL, "{'proposed':{'arguments':{}}}", "" },
	};
	static const struct case_of_fit unlisted[] = {
		{ "fly", "{'arguments':{}}", NULL },
		{ NULL, "{'arguments':{}}", "" },
	};

	(void)state;
	CHECK(actions, answers, false);
	CHECK(actions, proposals, true);
	CHECK(open, unlisted, false);
}

static void test_money(void **state)
{
	static const struct { const char *doc; enum policy_money want; } cases[] = {
		{ "{'proposed':{'action':'pay'}}", POLICY_MONEY_MOVED },
		{ "{'proposed':{'action':'note'}}", POLICY_NO_MONEY },
		{ "{'proposed':{'action':'fly'}}", POLICY_MONEY_UNKNOWN },
		{ "{'proposed':{}}", POLICY_MONEY_UNKNOWN },
		{ "{}", POLICY_MONEY_UNKNOWN },
	};
	struct definition *d = definition_of(actions), *e = definition_of(form);
	struct fit *f, *g;

	(void)state;
	assert_int_equal(fit_new(d, &f, NULL), 0);
	assert_int_equal(fit_new(e, &g, NULL), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct value *doc = tree(cases[i].doc);

		assert_int_equal(fit_money(f, doc), cases[i].want);
		assert_int_equal(fit_money(g, doc), POLICY_MONEY_UNKNOWN);
		value_free(doc);
	}
	fit_free(f);
	fit_free(g);
	definition_free(d);
	definition_free(e);
}

/* A schema that is not understood is refused with its place in the definition. */
static void test_place_of_schema_errors(void **state)
{
	struct definition *d = definition_of("{'queue':'r','kind':'extraction','schema':{"
		"'properties':{'a':{'unevaluatedItems':false}}}}");
	struct definition *e = definition_of("{'queue':'p','kind':'approval','actions':{'pay':{"
		"'schema':{'type':'record'}}}}");
	struct err err = ERR_INIT;
	struct fit *f = (void *)1;

	(void)state;
	assert_int_equal(fit_new(d, &f, &err), ERR_UNSUPPORTED);
	assert_null(f);
	assert_string_equal(err.where, "/schema/properties/a/unevaluatedItems");
	err_clear(&err);
	assert_int_equal(fit_new(e, &f, &err), ERR_INVALID);
	assert_string_equal(err.where, "/actions/pay/schema/type");
	definition_free(d);
	definition_free(e);
}

static void test_broken_fields(void **state)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct err e = ERR_INIT;
	struct value *names;

	(void)state;
	err_set(&e, ERR_INVALID, "x%s", "");
	schema_faults_add(&faults, "/a~1b/0", "type", &e);
	schema_faults_add(&faults, "/date", "required", &e);
	schema_faults_add(&faults, "/a~1b/1", "type", &e);
	names = fit_broken_fields(&faults);
	assert_int_equal(value_count(names), 2);
	assert_true(value_has_string(names, "a/b") && value_has_string(names, "date"));
	value_free(names);
	schema_faults_add(&faults, "", "type", &e);
	names = fit_broken_fields(&faults);
	assert_int_equal(value_count(names), 0);
	value_free(names);
	schema_faults_clear(&faults);
}

/* Only approving is ever closed, and the reason names the field. */
static void test_admission(void **state)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct admission a = { .kind = KIND_EXTRACTION, .stage = STAGE_FIRST,
	                       .has_proposed = true, .fits = true };
	char why[ADMISSION_TEXT_SIZE];
	struct err e = ERR_INIT;

	(void)state;
	for (int o = OUTCOME_APPROVE; o <= OUTCOME_ESCALATE; o++) {
		assert_true(admission_allows(&a, (enum outcome)o, why));
		assert_string_equal(why, "");
	}
	a.fits = false;
	assert_false(admission_allows(&a, OUTCOME_APPROVE, why));
	assert_string_equal(why, "the proposed answer does not fit the queue's form");
	for (int o = OUTCOME_CORRECT; o <= OUTCOME_ESCALATE; o++)
		assert_true(admission_allows(&a, (enum outcome)o, why));
	err_set(&e, ERR_INVALID, "is required and missing%s", "");
	schema_faults_add(&faults, "/date", "required", &e);
	a.faults = &faults;
	assert_false(admission_allows(&a, OUTCOME_APPROVE, why));
	assert_string_equal(why, "date: is required and missing");
	a.has_proposed = false;
	assert_false(admission_allows(&a, OUTCOME_APPROVE, why));
	assert_string_equal(why, "there is no proposed answer to approve");
	schema_faults_clear(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extraction),
		cmocka_unit_test(test_classification),
		cmocka_unit_test(test_approval),
		cmocka_unit_test(test_money),
		cmocka_unit_test(test_place_of_schema_errors),
		cmocka_unit_test(test_broken_fields),
		cmocka_unit_test(test_admission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
