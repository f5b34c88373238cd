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
#include "wire/header.h"
#include "wire/json.h"
#include "wire/lease.h"

static int open_case(const char *lease, const char *proposal, const char *definition,
                     struct review **out, struct err *err)
{
	return wire_review_read(vector_parse(lease), proposal, strlen(proposal),
	                        vector_parse(definition), out, err);
}

static void test_views(void **state)
{
	struct value *v = vector_load("leases");
	const struct value *list = value_find(v, "views");

	(void)state;
	assert_int_equal(value_count(list), 8);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		struct review *r = NULL;
		struct err err = ERR_INIT;
		char words[400];

		if (open_case(vector_text(c, "lease"), vector_text(c, "document"),
		              vector_text(c, "definition"), &r, &err))
			fail_msg("%s: %s", vector_text(c, "name"), err_words(&err, words, sizeof words));
		assert_string_equal(view_kind_name(r->view), vector_text(c, "view"));
		assert_string_equal(r->token, "4294967297");
		assert_int_equal(r->allowed_count, 3);
		assert_string_equal(review_why_not(r, OUTCOME_APPROVE), "Date is required and empty");
		assert_null(review_why_not(r, OUTCOME_CORRECT));
		assert_null(review_why_not(r, OUTCOME_REJECT));
		assert_true(review_asks(r, "total"));
		assert_false(review_asks(r, "date"));
		assert_true(r->expires_ms > 0);
		assert_int_equal(r->lease_boot_ms, 0);
		review_free(r);
	}
	value_free(v);
}

/* The reduced document, byte for byte, and nothing of the answer in it. */
static void test_blind_document(void **state)
{
	static const char *const secrets[] = {
		"confidence", "9.00", "evidence", "signals", "checks", "steps", "alternatives",
		"pin_blocked", "x-unknown", "p1.jpg",
	};
	struct value *v = vector_load("leases");
	const struct value *list = value_find(v, "views");
	int blind = 0;

	(void)state;
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		struct value *whole = vector_parse(vector_text(c, "whole")), *got;
		struct buf out = BUF_INIT;

		if (strcmp(vector_text(c, "view"), "blind") == 0) {
			got = lease_blind_document(whole);
			json_text(got, &out);
			assert_string_equal(buf_str(&out), vector_text(c, "document"));
			/* "Total 9.00" stays in the text of the source, which is evidence. */
			value_remove(got, "sources");
			buf_reset(&out);
			json_text(got, &out);
			for (size_t s = 0; s < sizeof secrets / sizeof secrets[0]; s++)
				assert_null(strstr(out.data, secrets[s]));
			value_free(got);
			blind++;
		}
		if (strcmp(value_text(whole, "kind"), "approval") == 0)
			assert_null(lease_blind_document(whole));
		buf_clear(&out);
		value_free(whole);
	}
	assert_int_equal(blind, 2);
	value_free(v);
}

static void test_broken(void **state)
{
	struct value *v = vector_load("leases");
	const struct value *list = value_find(v, "broken");

	(void)state;
	assert_true(value_count(list) > 8);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		int want = strcmp(vector_text(c, "code"), "corrupt") == 0 ? ERR_CORRUPT : ERR_INVALID;
		struct review *r = NULL;
		struct err err = ERR_INIT;
		int code = open_case(vector_text(c, "lease"), vector_text(c, "proposal"),
		                     vector_text(c, "definition"), &r, &err);

		if (code != want || err.code != want)
			fail_msg("%s: %d", vector_text(c, "name"), code);
		assert_null(r);
	}
	value_free(v);
}

static void test_reveal(void **state)
{
	struct value *v = vector_load("leases"), *body;
	const struct value *c = value_find(v, "reveal");
	char own[HASH_TEXT_SIZE];

	(void)state;
	body = vector_parse(vector_text(c, "body"));
	assert_true(digest_own(value_text(value_find(body, "content"), "salt"),
	                       value_find_pointer(body, "/content/value"), own));
	assert_string_equal(own, vector_text(c, "own"));
	assert_string_equal(own, value_text(body, "own"));
	value_free(body);
	value_free(v);
}

static void test_headers(void **state)
{
	struct value *v = vector_load("headers");
	const struct value *accepted = value_find(v, "accepted");
	const struct value *refused = value_find(v, "refused");

	(void)state;
	for (size_t i = 0; i < value_count(accepted); i++) {
		const struct value *c = value_at(accepted, i);
		struct value *doc = vector_parse(vector_text(c, "text")), *again;
		struct review_header h;
		struct buf out = BUF_INIT;

		assert_int_equal(wire_header_read(doc, &h, NULL), 0);
		assert_int_equal(h.confidence_pm, value_int_or(c, "confidence_pm", -2));
		assert_int_equal(h.due_ms, value_int_or(c, "due_ms", -2));
		assert_int_equal(h.order, value_int_or(c, "order", -2));
		again = wire_header_value(&h);
		json_text(again, &out);
		assert_string_equal(buf_str(&out), value_text_or(c, "again", vector_text(c, "text")));
		buf_clear(&out);
		review_header_clear(&h);
		value_free(again);
		value_free(doc);
	}
	for (size_t i = 0; i < value_count(refused); i++) {
		const struct value *c = value_at(refused, i);
		struct value *doc = vector_parse(vector_text(c, "text"));
		struct err err = ERR_INIT;
		struct review_header h;

		assert_int_equal(wire_header_read(doc, &h, &err), ERR_INVALID);
		assert_string_equal(err.where, vector_text(c, "pointer"));
		assert_null(h.external_id);
		value_free(doc);
	}
	value_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_blind_document),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_reveal),
		cmocka_unit_test(test_headers),
	};

	json_init();
	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
