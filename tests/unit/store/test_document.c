/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "unit/store/fixture.h"

static struct store *s;

static int set_up(void **state)
{
	(void)state;
	fixture_begin();
	s = fixture_open();
	fixture_queues(s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(s);
	fixture_end();
	return 0;
}

static void test_bytes_as_they_came(void **state)
{
	static const char odd[] = "{\"a\": 1.50 ,\n\t\"b\":\"\\u00e9\"}\0tail";
	struct store_bytes *b;

	(void)state;
	ok(store_document_put(s, "sha256:a", odd, sizeof odd, &fixture_err));
	ok(store_document_find(s, "sha256:a", &b, &fixture_err));
	assert_int_equal(b->len, sizeof odd);
	assert_memory_equal(b->data, odd, sizeof odd);
	assert_int_equal(b->data[b->len], '\0');
	store_bytes_free(b);
	ok(store_document_find(s, "sha256:b", &b, &fixture_err));
	assert_null(b);
}

static void test_put_again_replaces(void **state)
{
	struct store_bytes *b;
	uint64_t before;

	(void)state;
	ok(store_document_put(s, "sha256:a", "one", 3, &fixture_err));
	before = store_generation(s, STORE_TOPIC_QUEUES);
	/* The same bytes are no news. */
	ok(store_document_put(s, "sha256:a", "one", 3, &fixture_err));
	assert_int_equal(store_generation(s, STORE_TOPIC_QUEUES), before);
	ok(store_document_put(s, "sha256:a", "", 0, &fixture_err));
	assert_true(store_generation(s, STORE_TOPIC_QUEUES) > before);
	ok(store_document_find(s, "sha256:a", &b, &fixture_err));
	assert_int_equal(b->len, 0);
	store_bytes_free(b);
}

static void test_a_megabyte(void **state)
{
	size_t len = 1 << 20;
	char *big = malloc(len);
	struct store_bytes *b;

	(void)state;
	for (size_t i = 0; i < len; i++)
		big[i] = (char)(i * 7);
	ok(store_document_put(s, "sha256:big", big, len, &fixture_err));
	ok(store_document_find(s, "sha256:big", &b, &fixture_err));
	assert_int_equal(b->len, len);
	assert_memory_equal(b->data, big, len);
	store_bytes_free(b);
	free(big);
}

static void test_drafts(void **state)
{
	struct store_drafts *list;
	struct store_leases *l;
	char *text;

	(void)state;
	fixture_lease(s, "receipts", 1, 5000);
	ok(store_draft_put(s, fixture_review(1), "{\"note\":\"a\"}", &fixture_err));
	ok(store_draft_put(s, fixture_review(1), "{\"note\":\"b\"}", &fixture_err));
	ok(store_draft_put(s, fixture_review(2), "{}", &fixture_err));
	ok(store_draft_find(s, fixture_review(1), &text, &fixture_err));
	assert_string_equal(text, "{\"note\":\"b\"}");
	free(text);
	ok(store_drafts(s, &list, &fixture_err));
	assert_int_equal(list->count, 2);
	store_drafts_free(list);
	ok(store_lease_find(s, fixture_review(1), &l, &fixture_err));
	assert_true(l->items[0].draft);
	store_leases_free(l);
	ok(store_draft_put(s, fixture_review(1), NULL, &fixture_err));
	ok(store_draft_find(s, fixture_review(1), &text, &fixture_err));
	assert_null(text);
	ok(store_lease_find(s, fixture_review(1), &l, &fixture_err));
	assert_false(l->items[0].draft);
	store_leases_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bytes_as_they_came, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_put_again_replaces, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_megabyte, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_drafts, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
