/* SPDX-License-Identifier: Apache-2.0
 *
 * However a desk ends, the terminal is given back as it was: second screen,
 * cursor, colours, bracketed paste, line settings. What was held is released.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "screen/golden.h"
#include "screen/practice.h"

/* Places in the desk that a signal may find a person at. */
enum place { AT_HOME, AT_REVIEW, AT_EDITOR, AT_DIALOG, AT_COMMAND, PLACES };

static void go(struct journey *j, enum place place)
{
	practice_begin(j, NULL);
	if (place == AT_COMMAND)
		journey_see(j, ":", "Enter runs the command");
	if (place == AT_HOME || place == AT_COMMAND)
		return;
	journey_open(j, PRACTICE_INVOICES, "practice-inv-02");
	if (place == AT_EDITOR)
		journey_see(j, "c\r", "Enter done");
	if (place == AT_DIALOG)
		journey_see(j, "x", "not this kind");
}

static void test_quitting(void **state)
{
	struct journey j;

	(void)state;
	practice_begin(&j, NULL);
	assert_true(harness_mode(j.h, 1049));
	assert_true(harness_mode(j.h, 2004));
	assert_false(harness_mode(j.h, 25));
	journey_keys(&j, "q");
	journey_ended(&j, 0);
	journey_clear(&j);
}

static void test_signals_that_end(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP };

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		for (int place = 0; place < PLACES; place++) {
			struct journey j;

			go(&j, (enum place)place);
			harness_signal(j.h, signals[i]);
			journey_ended(&j, 0);
			journey_clear(&j);
		}
}

/* Ctrl-C is a slip at a desk: it says how to leave. */
static void test_an_interrupt_ends_nothing(void **state)
{
	struct journey j;

	(void)state;
	go(&j, AT_REVIEW);
	journey_see(&j, "\003", "Ctrl-C does nothing here");
	journey_expect_item(&j, "practice-inv-02");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

/* What was recorded before SIGTERM is sendable, and the text in the open editor
 * hurts nothing. */
static void test_sigterm_releases_what_was_held(void **state)
{
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_work(&j, PRACTICE_MESSAGES);
	journey_decide(&j, "a");
	journey_see(&j, "x0", "reject");
	harness_signal(j.h, SIGTERM);
	journey_ended(&j, 0);
	r = journey_record(&j, "practice-msg-01");
	assert_string_equal(journey_text(r, "state"), "waiting");
	value_free(r);
	journey_clear(&j);
}

/* A crash gives the terminal back too, and dies of its signal. */
static void test_crashes(void **state)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT };

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct harness_end end;
		struct journey j;
		const char *left;

		go(&j, (enum place)(i % PLACES));
		harness_signal(j.h, signals[i]);
		assert_true(harness_wait_end(j.h, &end));
		assert_false(end.exited);
		assert_int_equal(end.status, signals[i]);
		left = harness_left_over(j.h);
		if (left)
			fail_msg("signal %d: %s", signals[i], left);
		assert_null(harness_fault(j.h));
		journey_clear(&j);
	}
}

/* Stopped, the shell has its terminal; continued, the same screen stands. */
static void test_stopping_and_going_on(void **state)
{
	(void)state;
	for (int place = 0; place < PLACES; place++) {
		struct journey j;
		char *before, *after;

		go(&j, (enum place)place);
		before = golden_render(j.h, golden_masks);
		harness_signal(j.h, SIGTSTP);
		assert_true(harness_wait_stopped(j.h));
		if (harness_left_over(j.h))
			fail_msg("place %d: %s", place, harness_left_over(j.h));
		harness_signal(j.h, SIGCONT);
		journey_settle(&j);
		after = golden_render(j.h, golden_masks);
		assert_string_equal(before, after);
		assert_true(harness_mode(j.h, 1049));
		assert_true(harness_mode(j.h, 2004));
		free(before);
		free(after);
		harness_signal(j.h, SIGTERM);
		journey_ended(&j, 0);
		journey_clear(&j);
	}
}

/* The window has another size when the person comes back. */
static void test_a_resize_while_stopped(void **state)
{
	struct journey j;

	(void)state;
	go(&j, AT_REVIEW);
	harness_signal(j.h, SIGTSTP);
	assert_true(harness_wait_stopped(j.h));
	harness_resize(j.h, 120, 40);
	harness_signal(j.h, SIGCONT);
	journey_settle(&j);
	journey_see(&j, "", "practice-inv-02");
	journey_leave(&j);
	journey_clear(&j);
}

/* The line hangs up: the desk ends, and what was held is on the disk and
 * sendable. */
static void test_the_line_hangs_up(void **state)
{
	struct harness_end end;
	struct journey j;
	struct value *r;

	(void)state;
	practice_begin(&j, NULL);
	journey_work(&j, PRACTICE_MESSAGES);
	journey_decide(&j, "a");
	harness_hang_up(j.h);
	assert_true(harness_wait_end(j.h, &end));
	assert_true(end.exited);
	r = journey_record(&j, "practice-msg-01");
	assert_string_equal(journey_text(r, "state"), "waiting");
	value_free(r);
	journey_clear(&j);
}

/* A second desk on the same store says so, without touching the terminal. */
static void test_a_second_desk_is_refused(void **state)
{
	struct journey j;
	char *said;

	(void)state;
	practice_begin(&j, NULL);
	said = world_run(&practice_world, "reviewer-1", j.store, 3,
	                 (const char *const[]){ "release", "practice-inv-01", NULL });
	assert_null(strchr(said, '\033'));
	assert_true(strlen(said) > 10);
	free(said);
	journey_leave(&j);
	journey_clear(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quitting),
		cmocka_unit_test(test_signals_that_end),
		cmocka_unit_test(test_an_interrupt_ends_nothing),
		cmocka_unit_test(test_sigterm_releases_what_was_held),
		cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_stopping_and_going_on),
		cmocka_unit_test(test_a_resize_while_stopped),
		cmocka_unit_test(test_the_line_hangs_up),
		cmocka_unit_test(test_a_second_desk_is_refused),
	};

	return cmocka_run_group_tests(tests, practice_open, practice_close);
}
