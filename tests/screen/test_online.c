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
	world_person(&world, "supervisor-1", "supervisor");
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

/* A desk with its server, on a copy of the person's store. */
static void begin(struct journey *j, const char *person)
{
	char *setting = mem_printf("COUNTERSIGN_CLOCK_FILE=%s", clock_file);
	const char *const more[] = { setting, NULL };
	struct harness_spec spec = { .env = more };

	move_clock(0);
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
	world_pull(&world, "reviewer-1", "practice-messages", 2);
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
	world_pull(&world, "reviewer-1", "practice-invoices", 5);
	world_pull(&world, "reviewer-2", "practice-messages", 1);
	begin(&j, "reviewer-2");
	journey_open_list(&j, PRACTICE_INVOICES);
	journey_see(&j, "", "practice-inv-01");
	journey_golden(&j, "list-of-another");
	journey_see(&j, "\r", "it is reserved by somebody else");
	journey_see(&j, "", "o order");
	journey_leave(&j);
	journey_clear(&j);
}

/* Approves what moves money, with the amount typed as second confirmation. */
static void approve_payment(struct journey *j)
{
	journey_open(j, PRACTICE_ACTIONS, "practice-act-04");
	journey_see(j, "a", "1 of 2: nothing happens yet");
	journey_see(j, "4210.50", "4210.50");
	journey_see(j, "\r", "[ y send ]");
	journey_decide(j, "y");
	move_clock(70000);
	journey_back_home(j);
	journey_see(j, "!", "in the log");
	journey_leave(j);
}

/* High impact: the second person does not see what the first one said, and
 * only their own yes lets it happen. */
static void test_two_people_decide_on_high_impact(void **state)
{
	struct journey first, second;
	struct value *r;

	(void)state;
	world_pull(&world, "reviewer-1", "practice-actions", 1);
	begin(&first, "reviewer-1");
	approve_payment(&first);
	world_pull(&world, "reviewer-2", "practice-actions", 4);
	begin(&second, "reviewer-2");
	journey_open(&second, PRACTICE_ACTIONS, "practice-act-04");
	journey_see(&second, "", "second check");
	journey_see(&second, "h", "shown after your own decision");
	journey_absent(&second, "reviewer-1");
	journey_golden(&second, "second-check-history");
	journey_lose(&second, "q", "shown after your own decision");
	journey_golden(&second, "second-check");
	journey_back_home(&second);
	approve_payment(&second);
	r = journey_record(&second, "practice-act-04");
	assert_string_equal(journey_text(r, "stage"), "second");
	assert_string_equal(journey_text(r, "state"), "in_log");
	value_free(r);
	journey_clear(&first);
	journey_clear(&second);
}

/* What is escalated comes to the supervisor, with the note, and is resolved. */
static void test_an_escalation_is_resolved(void **state)
{
	struct journey j, up;
	struct value *r;
	char *id;

	(void)state;
	world_pull(&world, "reviewer-2", "practice-messages", 3);
	begin(&j, "reviewer-2");
	journey_work(&j, PRACTICE_MESSAGES);
	id = journey_external_id(&j);
	journey_see(&j, "e1m", "Enter done");
	journey_see(&j, "please look", "please look");
	journey_lose(&j, "\r", "Enter done");
	journey_decide(&j, "y");
	move_clock(70000);
	journey_back_home(&j);
	journey_see(&j, "!", "in the log");
	journey_leave(&j);
	world_pull(&world, "supervisor-1", "practice-messages", 5);
	begin(&up, "supervisor-1");
	journey_open(&up, PRACTICE_MESSAGES, id);
	journey_see(&up, "", "escalation");
	journey_see(&up, "h", "please look");
	journey_lose(&up, "q", "please look");
	journey_decide(&up, "a");
	journey_leave(&up);
	r = journey_record(&up, id);
	assert_string_equal(journey_text(r, "stage"), "escalation");
	value_free(r);
	free(id);
	journey_clear(&j);
	journey_clear(&up);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_decision_becomes_part_of_the_log),
		cmocka_unit_test(test_what_another_person_holds),
		cmocka_unit_test(test_two_people_decide_on_high_impact),
		cmocka_unit_test(test_an_escalation_is_resolved),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
