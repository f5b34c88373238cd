/* SPDX-License-Identifier: Apache-2.0
 *
 * A desk with its server: what was decided goes out when its hold is over, and
 * becomes a part of the log; what is gone can be amended, not undone. Time is
 * moved by a file (tests/hooks/README).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "screen/practice.h"

static struct world world;
static char *clock_file;

static int open_world(void **state)
{
	(void)state;
	world_open(&world, TEST_DATADIR "/practice/queues.json");
	world_person(&world, "producer-1", "producer");
	world_person(&world, "reviewer-1", "reviewer");
	world_person(&world, "reviewer-2", "reviewer");
	world_serve(&world);
	world_submit(&world, TEST_DATADIR "/practice/proposals.jsonl", 0);
	clock_file = mem_printf("%s/clock", world.dir);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close(&world);
	free(clock_file);
	return 0;
}

static void move_clock(long ms)
{
	char *next = mem_printf("%s.next", clock_file);
	FILE *f = fopen(next, "w");

	assert_non_null(f);
	fprintf(f, "%ld\n", ms);
	fclose(f);
	assert_int_equal(rename(next, clock_file), 0);
	free(next);
}

/* A desk of its own store that has never been opened. */
static void begin(struct journey *j, const char *person)
{
	char *setting = mem_printf("COUNTERSIGN_CLOCK_FILE=%s", clock_file);
	const char *const more[] = { setting, NULL };
	struct harness_spec spec = { .env = more };

	move_clock(0);
	world_pull(&world, person, "practice-messages", 2);
	journey_begin(j, &world, person, &spec);
	journey_see(j, "", "online");
	free(setting);
}

static void test_a_decision_becomes_part_of_the_log(void **state)
{
	struct journey j;
	struct value *r;
	char *id;

	(void)state;
	begin(&j, "reviewer-1");
	journey_work(&j, PRACTICE_MESSAGES);
	id = journey_external_id(&j);
	journey_decide(&j, "a");
	journey_see(&j, "!", "held");
	move_clock(70000);
	journey_see(&j, "", "in the log");
	journey_lose(&j, "q", "Outbox");
	/* gone is gone: an undo amends */
	journey_see(&j, "u", "amends it");
	journey_expect_item(&j, id);
	journey_decide(&j, "1");
	move_clock(140000);
	journey_see(&j, "!", "in the log");
	journey_lose(&j, "", "held");
	journey_lose(&j, "", "waiting");
	journey_lose(&j, "", "received");
	journey_leave(&j);
	r = journey_record(&j, id);
	assert_string_equal(journey_text(r, "outcome"), "correct");
	assert_string_equal(journey_text(r, "state"), "in_log");
	assert_int_equal(journey_records(&j), 2);
	value_free(r);
	free(id);
	journey_clear(&j);
}

/* What one person holds, another sees as held, and cannot open. */
static void test_what_another_person_holds(void **state)
{
	struct journey j;

	(void)state;
	world_pull(&world, "reviewer-1", "practice-actions", 4);
	begin(&j, "reviewer-2");
	journey_open_list(&j, PRACTICE_ACTIONS);
	journey_see(&j, "", "practice-act-01");
	journey_golden(&j, "list-of-another");
	journey_see(&j, "\r", "it is reserved by somebody else");
	journey_see(&j, "", "o order");
	journey_leave(&j);
	journey_clear(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_decision_becomes_part_of_the_log),
		cmocka_unit_test(test_what_another_person_holds),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
