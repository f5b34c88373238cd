/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vector.h"
#include "wire/json.h"

static void expect_text(const char *in, const char *want)
{
	struct value *v = vector_parse(in);
	struct buf out = BUF_INIT;

	json_text(v, &out);
	assert_string_equal(buf_str(&out), want);
	buf_clear(&out);
	value_free(v);
}

static void test_text(void **state)
{
	(void)state;
	expect_text(" { \"b\" : [ 1 , 2.50 , -0 , 1e21, true,false,null ] , \"a\":{}} ",
	            "{\"b\":[1,2.5,0,1e+21,true,false,null],\"a\":{}}");
	expect_text("\"\\u001F\"", "\"\\u001f\"");
	expect_text("\"\\u0001\\b\\t\\n\\f\\r\\\"\\\\\\/\\u007f\\u00e9\\ud83d\\ude02\"",
	            "\"\\u0001\\b\\t\\n\\f\\r\\\"\\\\/\x7f\xc3\xa9\xf0\x9f\x98\x82\"");
	expect_text("9007199254740991", "9007199254740991");
	expect_text("1.0", "1");
	expect_text("[]", "[]");
}

static void test_pretty(void **state)
{
	struct value *v = vector_parse("{\"a\":[1,{\"b\":null}],\"c\":[],\"d\":{}}");
	struct buf out = BUF_INIT;

	(void)state;
	json_text_pretty(v, &out);
	assert_string_equal(buf_str(&out),
		"{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n"
		"  \"c\": [],\n  \"d\": {}\n}");
	buf_clear(&out);
	value_free(v);
}

static void test_types(void **state)
{
	struct value *v = vector_parse("{\"i\":-9007199254740991,\"r\":1.0,\"e\":1e2,\"s\":\"x\"}");

	(void)state;
	assert_true(value_is(value_find(v, "i"), VALUE_INT));
	assert_true(value_find(v, "i")->i == -9007199254740991);
	assert_true(value_is(value_find(v, "r"), VALUE_REAL));
	assert_true(value_is(value_find(v, "e"), VALUE_REAL));
	assert_string_equal(value_key(v, 3), "s");
	value_free(v);
}

static void test_place(void **state)
{
	static const char text[] = "{\n \"proposed\": {\"fields\": {\"total\": 01}}}";
	struct err err = ERR_INIT;
	struct value *v = NULL;

	(void)state;
	assert_int_equal(json_parse(text, strlen(text), NULL, &v, &err), ERR_INVALID);
	assert_string_equal(err.where, "line 2, byte 37, /proposed/fields");
	assert_null(v);
}

/* The library's own guard stands behind the pre-scan's. */
static void test_scanned(void **state)
{
	struct value *v = NULL;

	(void)state;
	assert_int_equal(json_parse_scanned("{\"a\":1,\"a\":2}", 13, &v, NULL), ERR_INVALID);
	assert_null(v);
	assert_int_equal(json_parse_scanned("[1]x", 3, &v, NULL), 0);
	value_free(v);
}

/* --- public parser cases -------------------------------------------------------- */

/* What RFC 8259 allows and the house refuses, each with the rule. */
static const struct { const char *name, *rule; } refused_here[] = {
	{ "y_object_duplicated_key.json", "duplicate" },
	{ "y_object_duplicated_key_and_value.json", "duplicate" },
	{ "y_object_escaped_null_in_key.json", "nul" },
	{ "y_string_null_escape.json", "nul" },
};

static const char *rule_for(const char *name)
{
	for (size_t i = 0; i < sizeof refused_here / sizeof refused_here[0]; i++)
		if (strcmp(refused_here[i].name, name) == 0)
			return refused_here[i].rule;
	return NULL;
}

static void check_file(const char *dir, const char *name)
{
	struct prescan scratch = PRESCAN_INIT;
	struct buf bytes = BUF_INIT;
	struct prescan_error e;
	struct value *v = NULL;
	char path[2048];
	int scanned, parsed;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	assert_true(vector_bytes(path, &bytes));
	scanned = prescan_check(&scratch, buf_str(&bytes), bytes.len, NULL, &e, NULL);
	parsed = json_parse(buf_str(&bytes), bytes.len, NULL, &v, NULL);
	if (scanned != parsed)
		fail_msg("%s: the library refuses what the pre-scan passed", name);
	if (name[0] == 'n' && !parsed)
		fail_msg("%s: accepted", name);
	if (name[0] == 'y' && parsed
	    && (!rule_for(name) || strcmp(rule_for(name), prescan_fault_name(e.fault)) != 0))
		fail_msg("%s: refused as %s", name, prescan_fault_name(e.fault));
	if (name[0] == 'y' && !parsed && rule_for(name))
		fail_msg("%s: accepted, though listed as refused", name);
	value_free(v);
	buf_clear(&bytes);
	prescan_clear(&scratch);
}

static void test_public_cases(void **state)
{
	const char *shared = vector_shared("data/compat/json-parsing/test_parsing");
	struct dirent *entry;
	char path[1024];
	int count = 0;
	DIR *dir;

	(void)state;
	if (!shared) {
		print_message("the public parser cases are not here\n");
		skip();
	}
	snprintf(path, sizeof path, "%s", shared);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (!strchr("yni", entry->d_name[0]) || entry->d_name[1] != '_')
			continue;
		check_file(path, entry->d_name);
		count++;
	}
	closedir(dir);
	assert_true(count > 300);
}

/* The comma of a locale must not reach the wire, in either direction. */
static void test_comma_locale(void **state)
{
	static const char *const names[] = {
		"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8",
	};
	const char *found = NULL;

	(void)state;
	for (size_t i = 0; i < 4 && !found; i++)
		found = setlocale(LC_ALL, names[i]);
	if (!found || strcmp(localeconv()->decimal_point, ",") != 0) {
		setlocale(LC_ALL, "C");
		print_message("no locale with a decimal comma is installed\n");
		skip();
	}
	expect_text("[0.5,-1234567.25,1e-7,5e-324]", "[0.5,-1234567.25,1e-7,5e-324]");
	setlocale(LC_NUMERIC, "C");
	expect_text("[0.5,-1234567.25,1e-7,5e-324]", "[0.5,-1234567.25,1e-7,5e-324]");
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_pretty),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_scanned),
		cmocka_unit_test(test_public_cases),
		cmocka_unit_test(test_comma_locale),
	};

	json_init();
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
