/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "unit/work/fixture.h"

static int set_up(void **state)
{
	(void)state;
	desk_begin(true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_end();
	return 0;
}

static void test_everything_comes_back(void **state)
{
	struct decision *d = decision_new(), *back;

	(void)state;
	d->outcome = OUTCOME_ESCALATE;
	decision_set_field(d, "total", FIELD_CANNOT_TELL, "unreadable");
	decision_set_field(d, "date", FIELD_CONFIRMED, NULL);
	decision_add_reason(d, "unsure");
	decision_add_reason(d, "suspicious");
	d->route = mem_strdup("tax");
	d->value = desk_tree("{'total':null,'date':'x'}");
	d->message = mem_strdup("für den Absender\n");
	d->note = mem_strdup("\"quoted\"");
	ok(work_draft_save(desk_work, fixture_review(1), d, &fixture_err));
	desk_restart();
	ok(work_draft_load(desk_work, fixture_review(1), &back, &fixture_err));
	assert_int_equal(back->outcome, OUTCOME_ESCALATE);
	assert_int_equal(back->field_count, 2);
	assert_string_equal(back->fields[0].name, "total");
	assert_int_equal(back->fields[0].state, FIELD_CANNOT_TELL);
	assert_string_equal(back->fields[0].reason, "unreadable");
	assert_null(back->fields[1].reason);
	assert_int_equal(back->reason_count, 2);
	assert_string_equal(back->reasons[1], "suspicious");
	assert_string_equal(back->route, "tax");
	assert_true(value_equal(back->value, d->value));
	assert_string_equal(back->message, d->message);
	assert_string_equal(back->note, d->note);
	decision_free(back);
	decision_free(d);
}

static void test_an_empty_one_is_none(void **state)
{
	struct decision *d = decision_new(), *back;

	(void)state;
	d->note = mem_strdup("x");
	ok(work_draft_save(desk_work, fixture_review(1), d, &fixture_err));
	free(d->note);
	d->note = NULL;
	ok(work_draft_save(desk_work, fixture_review(1), d, &fixture_err));
	ok(work_draft_load(desk_work, fixture_review(1), &back, &fixture_err));
	assert_null(back);
	ok(work_draft_save(desk_work, fixture_review(1), NULL, &fixture_err));
	decision_free(d);
}

static void test_broken_text(void **state)
{
	struct decision *d;

	(void)state;
	assert_true(draft_read("{\"outcome\":", &d, NULL) < 0);
	assert_null(d);
	ok(draft_read("{\"outcome\":\"dance\",\"fields\":{\"a\":{\"state\":\"odd\"},\"b\":7},"
	              "\"reasons\":[1,\"x\"]}", &d, &fixture_err));
	assert_int_equal(d->field_count, 0);
	assert_int_equal(d->reason_count, 1);
	decision_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_everything_comes_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_empty_one_is_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_broken_text, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
