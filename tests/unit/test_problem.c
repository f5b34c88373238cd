/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/msg.h"
#include "vector.h"
#include "wire/problem.h"

static void test_vectors(void **state)
{
	struct value *v = vector_load("problems");
	const struct value *types = value_find(v, "types"), *by = value_find(v, "by_status");

	(void)state;
	assert_int_equal(value_count(types), PROBLEM_COUNT);
	for (size_t i = 0; i < value_count(types); i++) {
		const struct value *c = value_at(types, i);
		enum problem p;
		struct value *doc;

		assert_true(problem_find(vector_text(c, "name"), &p));
		assert_string_equal(problem_name(p), vector_text(c, "name"));
		assert_int_equal(problem_status(p), value_int_or(c, "status", 0));
		assert_true(strlen(problem_title(p)) > 5);
		doc = problem_document(p, NULL, NULL, -1);
		assert_string_equal(value_text(doc, "type"), vector_text(c, "type"));
		assert_int_equal(value_int_or(doc, "status", 0), problem_status(p));
		assert_int_equal(value_count(doc), 3);
		value_free(doc);
		assert_true(problem_find(vector_text(c, "type"), &p));
	}
	for (size_t i = 0; i < value_count(by); i++) {
		const struct value *c = value_at(by, i);
		struct problem_read r;

		problem_read(NULL, (int)value_int_or(c, "status", 0), &r);
		assert_string_equal(problem_name(r.problem), vector_text(c, "name"));
		assert_int_equal(r.status, value_int_or(c, "status", 0));
	}
	value_free(v);
}

static void test_read(void **state)
{
	struct value *doc = problem_document(PROBLEM_ID_REUSED, "used before", "/id", 30);
	struct problem_read r;
	enum problem p;

	(void)state;
	problem_read(doc, 200, &r);
	assert_int_equal(r.problem, PROBLEM_ID_REUSED);
	assert_int_equal(r.status, 422);
	assert_string_equal(r.detail, "used before");
	assert_string_equal(r.pointer, "/id");
	assert_int_equal(r.retry_after_s, 30);
	value_free(doc);
	assert_false(problem_find("urn:countersign:problem:", &p));
	assert_false(problem_find("Held", &p));
	assert_false(problem_find(NULL, &p));
}

static void test_from_err(void **state)
{
	struct err err = ERR_INIT;
	struct value *doc;

	(void)state;
	err_set(&err, ERR_INVALID, N_("%s is wrong"), "it");
	err_where(&err, "line %d, byte %d, %s", 3, 120, "/a/b, /c");
	doc = problem_from_err(PROBLEM_MALFORMED, &err);
	assert_string_equal(value_text(doc, "detail"), "it is wrong (line 3, byte 120, /a/b, /c)");
	assert_string_equal(value_text(doc, "pointer"), "/a/b, /c");
	value_free(doc);
	err.where[0] = '\0';
	err_where(&err, "/kind");
	doc = problem_from_err(PROBLEM_INVALID, &err);
	assert_string_equal(value_text(doc, "pointer"), "/kind");
	value_free(doc);
	err.where[0] = '\0';
	err_where(&err, "line 1, byte 0");
	doc = problem_from_err(PROBLEM_INVALID, &err);
	assert_null(value_text(doc, "pointer"));
	value_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_from_err),
	};

	return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
