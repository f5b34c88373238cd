/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "vector.h"
#include "wire/prescan.h"

static struct prescan scratch = PRESCAN_INIT;

static const struct prescan_limits *limits_of(const char *name)
{
	if (strcmp(name, "batch") == 0)
		return &prescan_batch;
	if (strcmp(name, "body") == 0)
		return &prescan_body;
	assert_string_equal(name, "document");
	return &prescan_document;
}

/* The bytes of a case: pieces, each repeated. */
static void expand(const struct value *parts, struct buf *out)
{
	for (size_t i = 0; i < value_count(parts); i++) {
		const struct value *part = value_at(parts, i);
		const char *text = value_text(part, "text"), *hex = value_text(part, "hex");
		unsigned char raw[256];
		size_t len = text ? strlen(text) : vector_hex(hex, raw, sizeof raw);

		for (int64_t n = value_int_or(part, "times", 1); n > 0; n--)
			buf_add(out, text ? (const void *)text : raw, len);
	}
}

static void check_case(const struct value *c)
{
	const char *name = vector_text(c, "name"), *fault = value_text(c, "fault");
	struct buf bytes = BUF_INIT;
	struct prescan_error e;
	struct err err = ERR_INIT;
	char where[ERR_WHERE_SIZE];
	int code;

	expand(value_find(c, "parts"), &bytes);
	code = prescan_check(&scratch, buf_str(&bytes), bytes.len,
	                     limits_of(vector_text(c, "limits")), &e, &err);
	if (!fault) {
		if (code)
			fail_msg("%s: refused as %s", name, prescan_fault_name(e.fault));
		buf_clear(&bytes);
		return;
	}
	if (!code)
		fail_msg("%s: accepted", name);
	if (strcmp(prescan_fault_name(e.fault), fault) != 0
	    || (int64_t)e.offset != value_int_or(c, "offset", -1)
	    || (int64_t)e.line != value_int_or(c, "line", -1)
	    || strcmp(e.pointer, vector_text(c, "pointer")) != 0)
		fail_msg("%s: %s at %zu, line %zu, \"%s\"", name, prescan_fault_name(e.fault),
		         e.offset, e.line, e.pointer);
	assert_int_equal(code, e.fault >= PRESCAN_BYTES ? ERR_LIMIT : ERR_INVALID);
	assert_int_equal(err.code, code);
	snprintf(where, sizeof where, "line %zu, byte %zu%s%.120s", e.line, e.offset,
	         *e.pointer ? ", " : "", e.pointer);
	assert_memory_equal(err.where, where, strlen(where));
	buf_clear(&bytes);
}

static void test_vectors(void **state)
{
	struct value *v = vector_load("prescan");
	const struct value *cases = value_find(v, "cases");

	(void)state;
	assert_true(value_count(cases) > 140);
	for (size_t i = 0; i < value_count(cases); i++)
		check_case(value_at(cases, i));
	value_free(v);
}

/* Every beginning of a good document is refused at its end, without a look
 * behind it (the sanitizers watch). */
static void test_cut(void **state)
{
	static const char doc[] =
		"{\"a\\ud83d\\ude02\":[-1.5e+10,true,false,null,\"\xc3\xa9\\u00e9\"],\"b\":{}}";

	(void)state;
	for (size_t len = 0; len < sizeof doc - 1; len++) {
		char *exact = mem_alloc(len + !len);
		struct prescan_error e;

		memcpy(exact, doc, len);
		assert_int_equal(prescan_check(&scratch, exact, len, NULL, &e, NULL), ERR_INVALID);
		assert_true(e.offset <= len);
		free(exact);
	}
	assert_int_equal(prescan_check(&scratch, doc, sizeof doc - 1, NULL, NULL, NULL), 0);
}

/* The widest object there can be, keys that differ at their ends only: the
 * work is bounded whatever the keys are, and the pair is found. */
static void test_many_keys(void **state)
{
	struct buf b = BUF_INIT;
	struct prescan_error e;

	(void)state;
	buf_addc(&b, '{');
	for (int i = 0; i < 9998; i++)
		buf_addf(&b, "%s\"a long beginning that all keys share %05d\":0", i ? "," : "", i);
	buf_adds(&b, "}");
	assert_int_equal(prescan_check(&scratch, b.data, b.len, NULL, &e, NULL), 0);
	b.len--;
	buf_adds(&b, ",\"a long beginning that all keys share 0500\\u0030\":0}");
	assert_int_equal(prescan_check(&scratch, b.data, b.len, NULL, &e, NULL), ERR_INVALID);
	assert_int_equal(e.fault, PRESCAN_DUPLICATE);
	assert_string_equal(e.pointer, "/a long beginning that all keys share 05000");
	buf_clear(&b);
}

static void expect_span(const char *doc, const char *pointer, const char *want)
{
	const char *start = NULL;
	size_t len = 0;
	bool found = prescan_span(doc, strlen(doc), pointer, &start, &len);

	if (found != (want != NULL))
		fail_msg("%s in %s: %s", pointer, doc, found ? "found" : "not found");
	if (want && (len != strlen(want) || memcmp(start, want, len) != 0))
		fail_msg("%s in %s: %.*s", pointer, doc, (int)len, start);
}

static void test_span(void **state)
{
	static const char doc[] =
		" { \"a\" : [ 1 ,{\"b\":\"]}\\\"\"} , -2e3 ] ,\"x/y\":{\"~\":true},\"\\u00e9\":null ,"
		"\"\": \"\\\\\" } ";

	(void)state;
	expect_span(doc, "/a/0", "1");
	expect_span(doc, "/a/1", "{\"b\":\"]}\\\"\"}");
	expect_span(doc, "/a/1/b", "\"]}\\\"\"");
	expect_span(doc, "/a/2", "-2e3");
	expect_span(doc, "/a/3", NULL);
	expect_span(doc, "/a/01", NULL);
	expect_span(doc, "/a/x", NULL);
	expect_span(doc, "/a", "[ 1 ,{\"b\":\"]}\\\"\"} , -2e3 ]");
	expect_span(doc, "/x~1y/~0", "true");
	expect_span(doc, "/x", NULL);
	expect_span(doc, "/\xc3\xa9", "null");
	expect_span(doc, "/", "\"\\\\\"");
	expect_span(doc, "/a/0/1", NULL);
	expect_span("  [ ] ", "", "[ ]");
	expect_span("12", "", "12");
	expect_span("{}", "/a", NULL);
	expect_span("[]", "/0", NULL);
	expect_span("{\"ab\":1,\"a\":2}", "/a", "2");
}

static void test_items(void **state)
{
	static const char doc[] = "{\"proposals\":[ {\"a\":[1,2]} ,\"x,]\", 3\n],\"n\":1}";
	static const char *const want[] = { "{\"a\":[1,2]}", "\"x,]\"", "3" };
	struct prescan_items it;
	const char *start;
	size_t len, n = 0;

	(void)state;
	assert_true(prescan_items(&it, doc, strlen(doc), "/proposals"));
	for (; prescan_next(&it, &start, &len); n++) {
		assert_true(n < 3);
		assert_int_equal(len, strlen(want[n]));
		assert_memory_equal(start, want[n], len);
	}
	assert_int_equal(n, 3);
	assert_false(prescan_items(&it, doc, strlen(doc), "/n"));
	assert_false(prescan_items(&it, doc, strlen(doc), "/none"));
	assert_true(prescan_items(&it, "[ ]", 3, ""));
	assert_false(prescan_next(&it, &start, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_items),
	};
	int failed = cmocka_run_group_tests_name("prescan", tests, NULL, NULL);

	prescan_clear(&scratch);
	return failed;
}
