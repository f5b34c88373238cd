/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "schema/schema.h"
#include "tree.h"

static struct schema *compiled(const char *text)
{
	struct value *doc = tree(text);
	struct err err = ERR_INIT;
	struct schema *s;
	char words[400];

	if (schema_compile(doc, &s, &err) < 0)
		fail_msg("%s: %s", text, err_words(&err, words, sizeof words));
	value_free(doc);
	return s;
}

/* Compiling must fail with this code at this place, naming what is wrong. */
static void refuses(const char *text, int code, const char *where, const char *word)
{
	struct value *doc = tree(text);
	struct err err = ERR_INIT;
	struct schema *s = NULL;
	char words[400];

	assert_int_equal(schema_compile(doc, &s, &err), code);
	assert_null(s);
	assert_string_equal(err.where, where);
	if (!strstr(err_words(&err, words, sizeof words), word))
		fail_msg("“%s” does not name %s", words, word);
	value_free(doc);
}

static void test_unsupported_is_named(void **state)
{
	(void)state;
	refuses("{'properties':{'a':{'unevaluatedProperties':false}}}", ERR_UNSUPPORTED,
	        "/properties/a/unevaluatedProperties", "unevaluatedProperties");
	refuses("{'$dynamicRef':'#a'}", ERR_UNSUPPORTED, "/$dynamicRef", "$dynamicRef");
	refuses("{'definitions':{}}", ERR_UNSUPPORTED, "/definitions", "definitions");
	refuses("{'minlength':3}", ERR_UNSUPPORTED, "/minlength", "minlength");
	refuses("{'x/y~z':3}", ERR_UNSUPPORTED, "/x~1y~0z", "x/y~z");
	refuses("{'$schema':'http://json-schema.org/draft-07/schema#'}", ERR_UNSUPPORTED,
	        "/$schema", "draft-07");
	refuses("{'allOf':[{'$id':'a'}]}", ERR_UNSUPPORTED, "/allOf/0/$id", "$id");
	refuses("{'items':{'$ref':'other.json#/a'}}", ERR_UNSUPPORTED, "/items/$ref",
	        "other.json#/a");
}

static void test_malformed_is_named(void **state)
{
	static const struct { const char *doc, *where, *word; } cases[] = {
		{ "3", "", "object" },
		{ "[]", "", "object" },
		{ "{'type':'text'}", "/type", "type" },
		{ "{'type':['string','text']}", "/type", "type" },
		{ "{'type':[]}", "/type", "type" },
		{ "{'enum':'a'}", "/enum", "enum" },
		{ "{'multipleOf':0}", "/multipleOf", "0" },
		{ "{'minimum':'3'}", "/minimum", "number" },
		{ "{'minLength':-1}", "/minLength", "whole" },
		{ "{'maxItems':1.5}", "/maxItems", "whole" },
		{ "{'pattern':'('}", "/pattern", "pattern" },
		{ "{'patternProperties':{'[':{}}}", "/patternProperties/[", "pattern" },
		{ "{'properties':[]}", "/properties", "object" },
		{ "{'properties':{'a':1}}", "/properties/a", "object" },
		{ "{'required':'a'}", "/required", "names" },
		{ "{'required':[1]}", "/required", "names" },
		{ "{'dependentRequired':{'a':'b'}}", "/dependentRequired", "names" },
		{ "{'items':[{}]}", "/items", "object" },
		{ "{'prefixItems':{}}", "/prefixItems", "list" },
		{ "{'anyOf':[]}", "/anyOf", "list" },
		{ "{'uniqueItems':1}", "/uniqueItems", "true or false" },
		{ "{'$ref':3}", "/$ref", "text" },
		{ "{'$ref':'#/$defs/none'}", "/$ref", "none" },
		{ "{'$ref':'#%zz'}", "/$ref", "malformed" },
		{ "{'$ref':'#/title','title':'x'}", "/$ref", "title" },
		{ "{'$defs':{'a':{'$anchor':'n'},'b':{'$anchor':'n'}}}", "/$defs/b/$anchor",
		  "twice" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		refuses(cases[i].doc, ERR_INVALID, cases[i].where, cases[i].word);
}

/* A schema that would be applied to the same value for ever. */
static void test_loops_are_refused(void **state)
{
	struct schema *s = compiled("{'$ref':'#/$defs/n','$defs':{'n':{'type':'object',"
	                            "'properties':{'next':{'$ref':'#/$defs/n'}}}}}");
	struct value *v = tree("{'next':{'next':{'next':{'next':3}}}}");

	(void)state;
	assert_false(schema_check(s, v, NULL));
	value_free(v);
	schema_free(s);
	refuses("{'$ref':'#'}", ERR_INVALID, "", "without end");
	refuses("{'allOf':[{'anyOf':[{'$ref':'#'}]}]}", ERR_INVALID, "", "without end");
	refuses("{'$defs':{'a':{'not':{'$ref':'#/$defs/b'}},'b':{'if':{'$ref':'#/$defs/a'}}}}",
	        ERR_INVALID, "/$defs/a", "without end");
	refuses("{'dependentSchemas':{'a':{'$ref':'#'}}}", ERR_INVALID, "", "without end");
}

/* Every fault has its place, its keyword and words. */
static void test_faults(void **state)
{
	static const struct { const char *pointer, *keyword, *words; } want[] = {
		{ "/date", "required", "is required and missing" },
		{ "/total", "pattern", "does not have the form that is asked for: ^[0-9.]+$" },
		{ "/lines/1/n", "minimum", "must be at least 1" },
		{ "/lines/2", "type", "must be an object" },
		{ "/a~1b", "additionalProperties", "is not a field of this form" },
	};
	struct schema *s = compiled("{'type':'object','required':['date','total'],"
		"'additionalProperties':false,'properties':{'date':{'type':'string'},"
		"'total':{'type':'string','pattern':'^[0-9.]+$'},'lines':{'items':{'type':'object',"
		"'properties':{'n':{'type':'integer','minimum':1}}}}}}");
	struct value *v = tree("{'total':'9,00','lines':[{'n':1},{'n':0},7],'a/b':true}");
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	char words[400], *field;

	(void)state;
	assert_false(schema_check(s, v, &faults));
	assert_int_equal(faults.count, sizeof want / sizeof *want);
	for (size_t i = 0; i < faults.count; i++) {
		assert_string_equal(faults.items[i].pointer, want[i].pointer);
		assert_string_equal(faults.items[i].keyword, want[i].keyword);
		assert_string_equal(err_words(&faults.items[i].err, words, sizeof words),
		                    want[i].words);
	}
	field = schema_fault_field(&faults.items[2]);
	assert_string_equal(field, "lines");
	free(field);
	field = schema_fault_field(&faults.items[4]);
	assert_string_equal(field, "a/b");
	free(field);
	schema_faults_clear(&faults);
	value_free(v);
	schema_free(s);
}

/* Inside anyOf and not a fault is none; the alternative as a whole is. */
static void test_faults_of_alternatives(void **state)
{
	struct schema *s = compiled("{'properties':{'a':{'anyOf':[{'type':'integer'},"
		"{'enum':['x']}]},'b':{'not':{'type':'null'}}}}");
	struct value *v = tree("{'a':'y','b':null}"), *good = tree("{'a':'x','b':1}");
	struct schema_faults faults = SCHEMA_FAULTS_INIT;

	(void)state;
	assert_true(schema_check(s, good, &faults));
	assert_int_equal(faults.count, 0);
	assert_false(schema_check(s, v, &faults));
	assert_int_equal(faults.count, 2);
	assert_string_equal(faults.items[0].pointer, "/a");
	assert_string_equal(faults.items[0].keyword, "anyOf");
	assert_string_equal(faults.items[1].keyword, "not");
	schema_faults_clear(&faults);
	value_free(v);
	value_free(good);
	schema_free(s);
}

static void test_faults_are_bounded(void **state)
{
	struct schema *s = compiled("{'items':{'type':'string'}}");
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct value *v = value_new_array();

	(void)state;
	for (int i = 0; i < SCHEMA_FAULTS_MAX + 20; i++)
		value_push(v, value_new_int(i));
	assert_false(schema_check(s, v, &faults));
	assert_int_equal(faults.count, SCHEMA_FAULTS_MAX);
	assert_int_equal(faults.more, 20);
	schema_faults_clear(&faults);
	value_free(v);
	schema_free(s);
}

static void test_multiples_are_exact(void **state)
{
	static const struct { const char *value, *of; bool want; } cases[] = {
		{ "0.0075", "0.0001", true }, { "0.00751", "0.0001", false },
		{ "4.35", "0.01", true }, { "19.99", "0.01", true }, { "19.995", "0.01", false },
		{ "1e308", "0.123456789", false }, { "1e308", "1e-8", true },
		{ "9007199254740991", "3", false }, { "9007199254740990", "3", true },
		{ "-4.5", "1.5", true }, { "0", "7", true }, { "0.0", "0.3", true },
		{ "1e-300", "1e300", false }, { "5", "2e300", false }, { "1e21", "1e20", true },
		{ "1.2345678901234568e20", "10000", true }, { "3", "0.7", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[80];
		struct schema *s;
		struct value *v = tree(cases[i].value);

		snprintf(text, sizeof text, "{'multipleOf':%s}", cases[i].of);
		s = compiled(text);
		if (schema_check(s, v, NULL) != cases[i].want)
			fail_msg("%s of %s", cases[i].value, cases[i].of);
		schema_free(s);
		value_free(v);
	}
}

/* What could grow without bound ends in a refusal, also under `not`. */
static void test_work_is_bounded(void **state)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct buf text = BUF_INIT;
	struct schema *s;
	struct value *v = tree("{}");

	(void)state;
	/* each definition applies the next one twice: 2^30 applications */
	buf_adds(&text, "{'not':{'$ref':'#/$defs/d0'},'$defs':{");
	for (int i = 0; i < 30; i++)
		buf_addf(&text, "'d%d':{'allOf':[{'$ref':'#/$defs/d%d'},{'$ref':'#/$defs/d%d'}]},",
		         i, i + 1, i + 1);
	buf_adds(&text, "'d30':true}}");
	s = compiled(buf_str(&text));
	assert_false(schema_check(s, v, &faults));
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.items[0].err.code, ERR_LIMIT);
	schema_faults_clear(&faults);
	schema_free(s);

	/* a chain longer than the depth that is followed */
	buf_reset(&text);
	buf_adds(&text, "{'$ref':'#/$defs/d0','$defs':{");
	for (int i = 0; i < 2 * SCHEMA_DEPTH; i++)
		buf_addf(&text, "'d%d':{'$ref':'#/$defs/d%d'},", i, i + 1);
	buf_addf(&text, "'d%d':true}}", 2 * SCHEMA_DEPTH);
	s = compiled(buf_str(&text));
	assert_false(schema_check(s, v, &faults));
	assert_int_equal(faults.items[0].err.code, ERR_LIMIT);
	schema_faults_clear(&faults);
	schema_free(s);
	buf_clear(&text);
	value_free(v);
}

/* A pattern that never ends is neither a match nor the opposite of one. */
static void test_undecided_pattern_is_refused(void **state)
{
	struct schema *plain = compiled("{'pattern':'^(a+)+$'}");
	struct schema *negated = compiled("{'not':{'pattern':'^(a+)+$'}}");
	struct buf text = BUF_INIT;
	struct value *v;

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_addc(&text, 'a');
	buf_addc(&text, 'b');
	v = value_new_string(buf_str(&text));
	assert_false(schema_check(plain, v, NULL));
	assert_false(schema_check(negated, v, NULL));
	value_free(v);
	buf_clear(&text);
	schema_free(plain);
	schema_free(negated);
}

static void test_long_lists_stay_cheap(void **state)
{
	struct schema *s = compiled("{'uniqueItems':true}");
	struct value *v = value_new_array();

	(void)state;
	for (int i = 0; i < 9000; i++)
		value_push(v, value_new_int(i * 7));
	assert_true(schema_check(s, v, NULL));
	value_push(v, value_new_real(7.0));
	assert_false(schema_check(s, v, NULL));
	value_free(v);
	v = tree("[{'a':0,'b':[1]},{'b':[1.0],'a':-0.0}]");
	assert_false(schema_check(s, v, NULL));
	value_free(v);
	schema_free(s);
}

/* null in an extraction says "not on the document". */
static void test_fields(void **state)
{
	struct schema *s = compiled("{'type':'object','required':['date'],'properties':{"
		"'date':{'type':'string'},'vat':{'type':'string'},"
		"'place':{'type':['string','null']}},'additionalProperties':false}");
	static const struct { const char *fields; bool fields_ok, plain_ok; } cases[] = {
		{ "{'date':'x'}", true, true },
		{ "{'date':'x','vat':null}", true, false },
		{ "{'date':'x','place':null}", true, true },
		{ "{'date':null}", false, false },
		{ "{'vat':null}", false, false },
		{ "{'date':'x','other':null}", false, false },
		{ "{'date':'x','vat':3}", false, false },
		{ "[]", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct value *v = tree(cases[i].fields);

		assert_int_equal(schema_check_fields(s, v, NULL), cases[i].fields_ok);
		assert_int_equal(schema_check(s, v, NULL), cases[i].plain_ok);
		value_free(v);
	}
	schema_free(s);
}

static void test_field_list(void **state)
{
	struct value *doc = tree("{'type':'object','required':['total','extra'],'properties':{"
		"'company':{'type':'string','title':'Company','description':'as printed'},"
		"'place':{'type':['null','string']},"
		"'kind':{'enum':['a','b']},'day':{'$ref':'#/$defs/day'},"
		"'total':{'type':'string'},'free':true},'$defs':{'day':{'type':'string',"
		"'format':'date','title':'Day'}}}");
	struct schema_field *f;

	(void)state;
	assert_int_equal(schema_field_list(doc, &f), 7);
	assert_string_equal(f[0].name, "company");
	assert_string_equal(f[0].title, "Company");
	assert_string_equal(f[0].type, "string");
	assert_string_equal(f[0].description, "as printed");
	assert_false(f[0].required || f[0].nullable);
	assert_true(f[1].nullable);
	assert_string_equal(f[1].title, "place");
	assert_string_equal(f[1].type, "string");
	assert_int_equal(value_count(f[2].choices), 2);
	assert_null(f[2].type);
	assert_string_equal(f[3].name, "day");
	assert_string_equal(f[3].title, "Day");
	assert_string_equal(f[3].format, "date");
	assert_true(f[4].required);
	assert_string_equal(f[5].name, "free");
	assert_string_equal(f[6].name, "extra");
	assert_true(f[6].required);
	assert_null(f[6].schema);
	free(f);
	value_free(doc);

	doc = tree("{'type':'object'}");
	assert_int_equal(schema_field_list(doc, &f), 0);
	assert_null(f);
	value_free(doc);
	assert_int_equal(schema_field_list(NULL, &f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unsupported_is_named),
		cmocka_unit_test(test_malformed_is_named),
		cmocka_unit_test(test_loops_are_refused),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_faults_of_alternatives),
		cmocka_unit_test(test_faults_are_bounded),
		cmocka_unit_test(test_multiples_are_exact),
		cmocka_unit_test(test_work_is_bounded),
		cmocka_unit_test(test_undecided_pattern_is_refused),
		cmocka_unit_test(test_long_lists_stay_cheap),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_field_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
