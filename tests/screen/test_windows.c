/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows of every size, terminals of many kinds, and none.
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
#include "screen/golden.h"
#include "screen/practice.h"

struct size {
	unsigned columns, rows;
};

static const struct size sizes[] = { { 60, 16 }, { 80, 24 }, { 120, 40 }, { 160, 50 } };
/* On the way of a window that is dragged: odd, tall, flat, huge, and back. */
static const struct size dragged[] = { { 60, 16 }, { 61, 17 }, { 79, 23 }, { 100, 16 },
	{ 60, 60 }, { 119, 39 }, { 120, 40 }, { 200, 60 }, { 500, 16 }, { 80, 24 } };

static void resize(struct journey *j, unsigned columns, unsigned rows)
{
	harness_resize(j->h, columns, rows);
	journey_settle(j);
}

/* --- sizes ------------------------------------------------------------------------- */

static void test_every_kind_at_every_size(void **state)
{
	static const char *const items[][3] = {
		{ PRACTICE_INVOICES, "practice-inv-02", "invoice" },
		{ PRACTICE_MESSAGES, "practice-msg-04", "message" },
		{ PRACTICE_ACTIONS, "practice-act-02", "action" } };
	struct journey j;

	(void)state;
	practice_begin(&j, NULL);
	for (size_t i = 0; i < 3; i++) {
		journey_open(&j, items[i][0], items[i][1]);
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			char *name = mem_printf("size-%s-%ux%u", items[i][2], sizes[s].columns,
			                        sizes[s].rows);

			resize(&j, sizes[s].columns, sizes[s].rows);
			journey_golden(&j, name);
			free(name);
		}
		resize(&j, 80, 24);
		journey_back_home(&j);
	}
	journey_leave(&j);
	journey_clear(&j);
}

static void test_a_desk_opens_at_every_size(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		struct harness_spec spec = { .columns = sizes[s].columns, .rows = sizes[s].rows };
		char *name = mem_printf("home-%ux%u", spec.columns, spec.rows);
		struct journey j;

		practice_begin(&j, &spec);
		journey_golden(&j, name);
		journey_leave(&j);
		journey_clear(&j);
		free(name);
	}
}

/* The window is dragged through all sizes and back: the same screen again. */
static void drag(struct journey *j)
{
	char *before, *after;

	journey_settle(j);
	before = golden_render(j->h, golden_masks);
	for (size_t i = 0; i < sizeof dragged / sizeof *dragged; i++)
		resize(j, dragged[i].columns, dragged[i].rows);
	after = golden_render(j->h, golden_masks);
	if (strcmp(before, after) != 0)
		fprintf(stderr, "%s\n%s\n", before, after);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void test_a_resize_at_every_step(void **state)
{
	/* keys, and what then stands on the screen */
	static const char *const steps[][2] = { { "", "ASKED" }, { "i", "Asked because" },
		{ "i", "ASKED" }, { "?", "Keys of this screen" }, { "q", "ASKED" },
		{ "c", "[ y send ]" }, { "\r", "Enter done" }, { "EOC-CN-0007", "EOC-CN-0007" },
		{ "\r", "was EOC-1042" }, { "w", "your answer" }, { "w", "[ y send ]" },
		{ "x", "not this kind" }, { "m", "Enter done" }, { "한글 words", "words" },
		{ "\r", "[ y send ]" }, { ":", "Enter runs the command" },
		{ "home\r", "my queues" }, { "!", "Outbox" }, { "q", "my queues" } };
	struct journey j;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-02");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(steps[i][0], ":") == 0)
			journey_escape(&j, "not this kind");
		journey_see(&j, steps[i][0], steps[i][1]);
		drag(&j);
		journey_see(&j, "", steps[i][1]);
	}
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

static void test_too_small_a_window_says_so(void **state)
{
	static const struct size small[] = { { 59, 24 }, { 80, 15 }, { 40, 10 }, { 20, 5 },
		{ 2, 2 }, { 1, 1 }, { 300, 1 }, { 1, 100 } };
	struct journey j;

	(void)state;
	practice_begin(&j, NULL);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-01");
	for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
		j.watched = false;
		resize(&j, small[i].columns, small[i].rows);
		if (small[i].columns >= 40 && small[i].rows >= 5)
			journey_see(&j, "", "too small");
		/* nothing is decided on what cannot be seen */
		journey_keys(&j, "a");
		journey_settle(&j);
		j.watched = true;
		resize(&j, 80, 24);
		journey_expect_item(&j, "practice-msg-01");
	}
	harness_resize(j.h, 59, 24);
	journey_see(&j, "", "too small");
	journey_golden(&j, "too-small");
	resize(&j, 80, 24);
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

/* --- terminals ---------------------------------------------------------------------- */

static void short_day(struct journey *j)
{
	journey_open(j, PRACTICE_INVOICES, "practice-inv-02");
	journey_see(j, "i", "Asked because");
	journey_see(j, "q", "ASKED");
	journey_see(j, "c\r", "Enter done");
	journey_see(j, "EOC", "EOC");
	journey_escape(j, "Enter done");
	journey_back_home(j);
	journey_work(j, PRACTICE_MESSAGES);
	journey_decide(j, "a");
}

static void test_terminals_of_many_kinds(void **state)
{
	static const char *const terms[] = { "xterm-256color", "xterm", "vt100", "linux",
		"screen-256color", "tmux-256color", "rxvt-unicode" };

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct harness_spec spec = { .term = terms[i] };
		struct journey j;

		practice_begin(&j, &spec);
		short_day(&j);
		journey_leave(&j);
		assert_int_equal(journey_records(&j), 1);
		journey_clear(&j);
	}
}

static void assert_no_colour(struct harness *h)
{
	for (unsigned row = 0; row < harness_rows(h); row++)
		for (unsigned column = 0; column < harness_columns(h); column++) {
			struct harness_cell cell = harness_cell(h, row, column);

			assert_int_equal(cell.fg, -1);
			assert_int_equal(cell.bg, -1);
		}
}

static void test_no_color(void **state)
{
	static const char *const more[] = { "NO_COLOR=1", NULL };
	struct harness_spec spec = { .env = more };
	struct journey j;

	(void)state;
	practice_begin(&j, &spec);
	assert_no_colour(j.h);
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-04");
	assert_no_colour(j.h);
	journey_see(&j, "a", "a is off");
	assert_no_colour(j.h);
	journey_golden(&j, "no-color");
	journey_leave(&j);
	journey_clear(&j);
}

/* A locale without UTF-8 gets ASCII and nothing else (screen/stream.h). */
static void test_a_locale_without_utf8(void **state)
{
	struct harness_spec spec = { .locale = "C" };
	struct journey j;

	(void)state;
	practice_begin(&j, &spec);
	journey_golden(&j, "ascii-home");
	journey_open(&j, PRACTICE_INVOICES, "practice-inv-02");
	journey_golden(&j, "ascii-invoice");
	journey_see(&j, "?", "Keys of this screen");
	journey_see(&j, "q", "ASKED");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_ACTIONS, "practice-act-02");
	journey_golden(&j, "ascii-action");
	journey_back_home(&j);
	journey_open(&j, PRACTICE_MESSAGES, "practice-msg-04");
	journey_golden(&j, "ascii-message");
	journey_leave(&j);
	journey_clear(&j);
}

/* --- refusals ------------------------------------------------------------------------ */

static void assert_refused(const char *term, const char *said)
{
	struct harness_spec spec = { .term = term };
	struct harness_end end;
	struct harness *h;
	char *store = NULL;

	h = world_desk(&practice_world, "reviewer-1", &spec, &store);
	assert_true(harness_wait_end(h, &end));
	assert_true(end.exited);
	assert_int_equal(end.status, 3);
	if (!harness_shows(h, said))
		fail_msg("%s: not said: %s", term, said);
	assert_null(harness_fault(h));
	assert_null(harness_left_over(h));
	harness_free(h);
	free(store);
}

static void test_terminals_that_cannot_show_a_desk(void **state)
{
	(void)state;
	assert_refused("dumb", "cannot place its");
	assert_refused("", "TERM is not set");
	assert_refused("no-such-terminal", "nothing is known about a terminal");
}

static void test_no_terminal(void **state)
{
	char *store = world_copy(&practice_world, "reviewer-1");
	char *said = world_run(&practice_world, "reviewer-1", store, 3,
	                       (const char *const[]){ NULL });

	(void)state;
	assert_non_null(strstr(said, "the desk needs a terminal"));
	assert_null(strchr(said, '\033'));
	free(said);
	free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_at_every_size),
		cmocka_unit_test(test_a_desk_opens_at_every_size),
		cmocka_unit_test(test_a_resize_at_every_step),
		cmocka_unit_test(test_too_small_a_window_says_so),
		cmocka_unit_test(test_terminals_of_many_kinds),
		cmocka_unit_test(test_no_color),
		cmocka_unit_test(test_a_locale_without_utf8),
		cmocka_unit_test(test_terminals_that_cannot_show_a_desk),
		cmocka_unit_test(test_no_terminal),
	};

	return cmocka_run_group_tests(tests, practice_open, practice_close);
}
