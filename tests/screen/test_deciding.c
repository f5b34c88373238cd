/* SPDX-License-Identifier: Apache-2.0
 *
 * A person decides on the practice queue, offline: what they see at each step,
 * and what is recorded in the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "screen/journey.h"

static struct world world;

static int open_world(void **state)
{
	(void)state;
	world_open(&world, TEST_DATADIR "/practice/queues.json");
	world_person(&world, "producer-1", "producer");
	world_person(&world, "reviewer-1", "reviewer");
	world_serve(&world);
	world_submit(&world, TEST_DATADIR "/practice/proposals.jsonl", 0);
	world_pull(&world, "reviewer-1", "practice-invoices", 10);
	world_pull(&world, "reviewer-1", "practice-messages", 10);
	world_pull(&world, "reviewer-1", "practice-actions", 10);
	world_stop(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* --- what was recorded ---------------------------------------------------------- */

static struct value *record(struct journey *j, const char *external_id)
{
	struct value *v = journey_record(j, external_id);

	assert_non_null(v);
	return v;
}

static const char *text_at(const struct value *v, const char *outer, const char *inner)
{
	return value_text_or(inner ? value_find(v, outer) : v, inner ? inner : outer, "(none)");
}

/* "state" or "state reason" of a field in the envelope. */
static void assert_field(const struct value *record, const char *field, const char *state)
{
	const struct value *fields = value_find(value_find(record, "envelope"), "fields");

	assert_string_equal(value_text_or(value_find(fields, field), "state", "(none)"), state);
}

static struct value *value_of(const struct value *record, const char *field)
{
	return value_find(value_find(value_find(record, "content"), "value"), field);
}

/* --- the screens ----------------------------------------------------------------- */

static void test_home_and_list(void **state)
{
	struct journey j;

	(void)state;
	journey_begin(&j, &world, "reviewer-1", NULL);
	journey_see(&j, "", "offline");
	journey_golden(&j, "home");
	journey_see(&j, "?", "Keys of this screen");
	journey_golden(&j, "home-help");
	journey_lose(&j, "q", "Keys of this screen");
	journey_see(&j, "jj", "? all");
	journey_see(&j, "l", "practice-inv-01");
	journey_golden(&j, "list");
	journey_leave(&j);
}

static void test_a_review_of_each_kind(void **state)
{
	struct journey j;

	(void)state;
	journey_begin(&j, &world, "reviewer-1", NULL);
	journey_see(&j, "", "offline");
	journey_open(&j, "Practice: invoices", "practice-inv-01");
	journey_golden(&j, "invoice-80x24");
	journey_see(&j, "q", "o order");
	journey_see(&j, "q", "since last time");
	journey_open(&j, "Practice: messages", "practice-msg-02");
	journey_golden(&j, "message-80x24");
	journey_see(&j, "q", "o order");
	journey_see(&j, "q", "since last time");
	journey_open(&j, "Practice: agent actions", "practice-act-02");
	journey_golden(&j, "action-80x24");
	journey_leave(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_home_and_list),
		cmocka_unit_test(test_a_review_of_each_kind),
	};
	(void)assert_field; (void)value_of; (void)text_at; (void)record;

	return cmocka_run_group_tests(tests, open_world, close_world);
}
