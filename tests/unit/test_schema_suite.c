/* SPDX-License-Identifier: Apache-2.0
 *
 * The public JSON Schema Test Suite, draft 2020-12: the required tests of every
 * supported keyword, and the optional ones of the two formats that are checked.
 * What is left out is named below with the reason; a group that is refused for
 * another reason than the one written here is a failure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "schema/schema.h"
#include "tree.h"

static const char suite[] = "data/compat/json-schema-test-suite/tests/draft2020-12";

static const char *const files[] = {
	"additionalProperties", "allOf", "anchor", "anyOf", "boolean_schema", "const",
	"contains", "default", "dependentRequired", "dependentSchemas", "enum",
	"exclusiveMaximum", "exclusiveMinimum", "format", "if-then-else",
	"infinite-loop-detection", "items", "maxContains", "maxItems", "maxLength",
	"maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties",
	"minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties",
	"prefixItems", "properties", "propertyNames", "ref", "required", "type",
	"uniqueItems", "optional/anchor", "optional/no-schema", "optional/non-bmp-regex",
	"optional/format/date", "optional/format/date-time",
};

/* Files that are not run at all. */
static const struct { const char *file, *why; } left_out[] = {
	{ "content", "contentEncoding, contentMediaType, contentSchema are not supported" },
	{ "defs", "refers to the meta-schema on the net" },
	{ "dynamicRef", "$dynamicRef and $dynamicAnchor are not supported" },
	{ "refRemote", "$ref to other documents is not followed" },
	{ "unevaluatedItems", "unevaluatedItems is not supported" },
	{ "unevaluatedProperties", "unevaluatedProperties is not supported" },
	{ "vocabulary", "own dialects are not supported" },
};

/* Groups of the files above that are left out: their number, and how they are
 * known, either by the end of the place at which the schema is refused as
 * unsupported, or by their name. */
static const struct exception {
	const char *file, *refused_at, *name;
	int groups;
	const char *why;
} exceptions[] = {
	{ "anchor", "/$id", NULL, 3, "schemas with a name of their own inside a document" },
	{ "format", NULL, "date format", 1, "checked here; see optional/format/date" },
	{ "format", NULL, "date-time format", 1, "checked here; see optional/format/date-time" },
	{ "not", "/unevaluatedProperties", NULL, 1, "unevaluatedProperties" },
	{ "ref", "/$id", NULL, 12, "schemas with a name of their own inside a document" },
	{ "ref", "/$ref", NULL, 1, "refers to the meta-schema on the net" },
	{ "ref", "/unevaluatedProperties", NULL, 1, "unevaluatedProperties" },
};
enum { EXCEPTIONS = sizeof exceptions / sizeof *exceptions };

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && strcmp(s + len - end_len, end) == 0;
}

/* Index of the exception for a group, -1 for none. err is of its schema. */
static int find_exception(const char *file, const char *group, const struct err *err)
{
	for (int i = 0; i < EXCEPTIONS; i++) {
		const struct exception *x = &exceptions[i];

		if (strcmp(x->file, file) != 0)
			continue;
		if (x->name ? strcmp(x->name, group) == 0
		            : err->code == ERR_UNSUPPORTED && ends_with(err->where, x->refused_at))
			return i;
	}
	return -1;
}

struct tally {
	int passed, failed, left_out;
	int excepted[EXCEPTIONS];
};

static void run_group(const char *file, const struct value *group, struct tally *t)
{
	const char *name = value_text(group, "description");
	const struct value *tests = value_find(group, "tests");
	struct err err = ERR_INIT;
	struct schema *s = NULL;
	char words[500];
	int rc = schema_compile(value_find(group, "schema"), &s, &err);
	int x = find_exception(file, name, &err);

	if (x >= 0) {
		t->excepted[x]++;
		t->left_out += (int)value_count(tests);
		schema_free(s);
		return;
	}
	if (rc < 0) {
		printf("# %s: “%s” refused: %s\n", file, name, err_words(&err, words, sizeof words));
		t->failed += (int)value_count(tests);
		return;
	}
	for (size_t i = 0; i < value_count(tests); i++) {
		const struct value *test = value_at(tests, i);
		bool want = value_bool_or(test, "valid", false);

		/* such text never passes the pre-scan, and no value tree holds it */
		if (strstr(value_text(test, "description"), "NUL character")) {
			t->left_out++;
			continue;
		}
		if (schema_check(s, value_find(test, "data"), NULL) == want) {
			t->passed++;
			continue;
		}
		t->failed++;
		printf("# %s: %s / %s: should be %s\n", file, name,
		       value_text(test, "description"), want ? "valid" : "refused");
	}
	schema_free(s);
}

static void test_file(void **state)
{
	const char *file = *state;
	char path[300];
	struct tally t = { 0, 0, 0, { 0 } };
	struct value *groups;
	const char *full;

	snprintf(path, sizeof path, "%s/%s.json", suite, file);
	full = tree_shared(path);
	groups = full ? tree_load(full) : NULL;
	assert_non_null(groups);
	for (size_t i = 0; i < value_count(groups); i++)
		run_group(file, value_at(groups, i), &t);
	value_free(groups);
	printf("# %s: %d passed, %d failed, %d left out\n", file, t.passed, t.failed, t.left_out);
	for (int i = 0; i < EXCEPTIONS; i++) {
		if (strcmp(exceptions[i].file, file) != 0)
			continue;
		printf("#   left out: %d groups: %s\n", t.excepted[i], exceptions[i].why);
		assert_int_equal(t.excepted[i], exceptions[i].groups);
	}
	assert_int_equal(t.failed, 0);
	assert_true(t.passed > 0);
}

int main(void)
{
	enum { COUNT = sizeof files / sizeof *files };
	struct CMUnitTest tests[COUNT];

	if (!tree_shared(suite)) {
		printf("1..1\nok 1 - test suite # SKIP the JSON Schema Test Suite is not there\n");
		return 0;
	}
	for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
		printf("# %s: left out: %s\n", left_out[i].file, left_out[i].why);
	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){ .name = files[i], .test_func = test_file,
		                                .initial_state = (void *)files[i] };
	return cmocka_run_group_tests_name("json schema test suite", tests, NULL, NULL);
}
