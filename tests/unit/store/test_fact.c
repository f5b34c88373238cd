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
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(s);
	fixture_end();
	return 0;
}

static void assert_text(int rc, char *text, const char *wanted)
{
	assert_int_equal(rc, 0);
	if (wanted)
		assert_string_equal(text, wanted);
	else
		assert_null(text);
	free(text);
}

static void test_set_changed_removed(void **state)
{
	static int (*const get[])(struct store *, const char *, char **, struct err *) = {
		store_cursor, store_fact, store_preference
	};
	static int (*const set[])(struct store *, const char *, const char *, struct err *) = {
		store_cursor_set, store_fact_set, store_preference_set
	};
	char *text;
	int rc;

	(void)state;
	for (int i = 0; i < 3; i++) {
		rc = get[i](s, "k", &text, &fixture_err);
		assert_text(rc, text, NULL);
		ok(set[i](s, "k", "one", &fixture_err));
		ok(set[i](s, "k", "two ' \"; DROP TABLE fact", &fixture_err));
		rc = get[i](s, "k", &text, &fixture_err);
		assert_text(rc, text, "two ' \"; DROP TABLE fact");
		rc = get[i](s, "other", &text, &fixture_err);
		assert_text(rc, text, NULL);
		ok(set[i](s, "k", NULL, &fixture_err));
		rc = get[i](s, "k", &text, &fixture_err);
		assert_text(rc, text, NULL);
		ok(set[i](s, "k", "stays", &fixture_err));
	}
	store_close(s);
	s = fixture_open();
	for (int i = 0; i < 3; i++) {
		rc = get[i](s, "k", &text, &fixture_err);
		assert_text(rc, text, "stays");
	}
}

static void test_checkpoints_never_shrink(void **state)
{
	struct err err = ERR_INIT;
	int64_t size;
	char *note;

	(void)state;
	ok(store_checkpoint(s, "o1", &size, &note, &fixture_err));
	assert_int_equal(size, 0);
	assert_null(note);
	ok(store_checkpoint_set(s, "o1", 10, "ten", &fixture_err));
	ok(store_checkpoint_set(s, "o1", 10, "ten again", &fixture_err));
	assert_int_equal(store_checkpoint_set(s, "o1", 9, "nine", &err), ERR_CONFLICT);
	/* Another origin is another log; the old one stays as evidence. */
	ok(store_checkpoint_set(s, "o2", 3, "three", &fixture_err));
	ok(store_checkpoint(s, "o1", &size, &note, &fixture_err));
	assert_int_equal(size, 10);
	assert_string_equal(note, "ten again");
	free(note);
	ok(store_checkpoint(s, "o2", &size, NULL, &fixture_err));
	assert_int_equal(size, 3);
}

static void test_log(void **state)
{
	struct store_event e = { .at_ms = 5, .event = "sync.refused", .review = "r", .subject = "s",
		.external_id = "x", .text = "why" };
	struct store_events *list;

	(void)state;
	for (int i = 0; i < 5; i++) {
		e.at_ms = 10 + i;
		ok(store_log_add(s, &e, &fixture_err));
	}
	ok(store_log(s, 0, 2, &list, &fixture_err));
	assert_int_equal(list->count, 2);
	assert_int_equal(list->items[0].at_ms, 14);
	assert_string_equal(list->items[0].event, "sync.refused");
	assert_string_equal(list->items[0].review, "r");
	assert_string_equal(list->items[0].subject, "s");
	assert_string_equal(list->items[0].external_id, "x");
	assert_string_equal(list->items[0].text, "why");
	e.at_ms = list->items[1].n;
	store_events_free(list);
	ok(store_log(s, e.at_ms, 0, &list, &fixture_err));
	assert_int_equal(list->count, 3);
	assert_int_equal(list->items[0].at_ms, 12);
	store_events_free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_set_changed_removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_checkpoints_never_shrink, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_log, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("fact", tests, NULL, NULL);
}
