/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "vector.h"
#include "wire/jcs.h"
#include "wire/json.h"

static void expect_canonical(const char *in, size_t len, const char *want, size_t want_len)
{
	struct buf out = BUF_INIT;
	struct value *v = NULL;

	assert_int_equal(json_parse(in, len, NULL, &v, NULL), 0);
	jcs_write(v, &out);
	if (out.len != want_len || memcmp(buf_str(&out), want, want_len) != 0)
		fail_msg("%.*s\ngives %s\nnot   %.*s", (int)len, in, buf_str(&out),
		         (int)want_len, want);
	buf_clear(&out);
	value_free(v);
}

static void check_vectors(void)
{
	struct value *v = vector_load("jcs");
	const struct value *texts = value_find(v, "texts"), *numbers = value_find(v, "numbers");

	assert_true(value_count(texts) > 10);
	for (size_t i = 0; i < value_count(texts); i++) {
		const char *in = vector_text(value_at(texts, i), "input");
		const char *want = vector_text(value_at(texts, i), "output");

		expect_canonical(in, strlen(in), want, strlen(want));
		/* What is canonical stays as it is. */
		expect_canonical(want, strlen(want), want, strlen(want));
	}
	assert_true(value_count(numbers) > 300);
	for (size_t i = 0; i < value_count(numbers); i++) {
		const struct value *n = value_at(numbers, i);
		unsigned long long bits = strtoull(vector_text(n, "bits"), NULL, 16);
		struct value *real;
		struct buf out = BUF_INIT;
		double d;

		memcpy(&d, &bits, sizeof d);
		real = value_new_real(d);
		jcs_write(real, &out);
		assert_string_equal(buf_str(&out), vector_text(n, "text"));
		buf_clear(&out);
		value_free(real);
	}
	value_free(v);
}

static void test_vectors(void **state)
{
	(void)state;
	check_vectors();
}

/* Integers are written as the doubles they are in RFC 8785. */
static void test_integers(void **state)
{
	struct value *v = value_new_int(9007199254740991);
	struct buf out = BUF_INIT;

	(void)state;
	jcs_write(v, &out);
	assert_string_equal(buf_str(&out), "9007199254740991");
	buf_clear(&out);
	value_free(v);
}

static void test_equal(void **state)
{
	struct value *a = vector_parse("{\"a\":1,\"b\":[1.0]}");
	struct value *b = vector_parse("{\"b\":[1e0],\"a\":1.0}");
	struct value *c = vector_parse("{\"b\":[\"1\"],\"a\":1}");

	(void)state;
	assert_true(jcs_equal(a, b));
	assert_false(jcs_equal(a, c));
	value_free(a);
	value_free(b);
	value_free(c);
}

/* The published test data of RFC 8785: input, output and hex of the output. */
static void test_published(void **state)
{
	static const char *const names[] = {
		"arrays", "french", "structures", "unicode", "values", "weird",
	};
	char path[256];

	(void)state;
	if (!vector_shared("data/compat/jcs/input/arrays.json")) {
		print_message("the published test data of RFC 8785 are not here\n");
		skip();
	}
	for (size_t i = 0; i < 6; i++) {
		struct buf in = BUF_INIT, want = BUF_INIT, hex = BUF_INIT, digits = BUF_INIT;
		unsigned char *raw;

		snprintf(path, sizeof path, "data/compat/jcs/input/%s.json", names[i]);
		assert_true(vector_bytes(vector_shared(path), &in));
		snprintf(path, sizeof path, "data/compat/jcs/output/%s.json", names[i]);
		assert_true(vector_bytes(vector_shared(path), &want));
		snprintf(path, sizeof path, "data/compat/jcs/outhex/%s.txt", names[i]);
		assert_true(vector_bytes(vector_shared(path), &hex));
		for (size_t n = 0; n < hex.len; n++)
			if (isxdigit((unsigned char)hex.data[n]))
				buf_addc(&digits, hex.data[n]);
		raw = malloc(digits.len);
		assert_int_equal(vector_hex(digits.data, raw, digits.len), want.len);
		expect_canonical(in.data, in.len, want.data, want.len);
		expect_canonical(in.data, in.len, (const char *)raw, digits.len / 2);
		free(raw);
		buf_clear(&in);
		buf_clear(&want);
		buf_clear(&hex);
		buf_clear(&digits);
	}
}

static void test_comma_locale(void **state)
{
	(void)state;
	if (!setlocale(LC_ALL, "de_DE.UTF-8")
	    || strcmp(localeconv()->decimal_point, ",") != 0) {
		setlocale(LC_ALL, "C");
		print_message("no locale with a decimal comma is installed\n");
		skip();
	}
	check_vectors();
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_comma_locale),
	};

	json_init();
	return cmocka_run_group_tests_name("jcs", tests, NULL, NULL);
}
