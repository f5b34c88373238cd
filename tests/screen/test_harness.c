/* SPDX-License-Identifier: Apache-2.0
 *
 * The harness against a program with planted faults: each must be found, and a
 * program without faults must pass.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "screen/golden.h"
#include "screen/harness.h"

static char *planted;

static struct harness *start(const char *mode, const char *what)
{
	const char *argv[] = { planted, mode, what, NULL };
	struct harness_spec spec = { .argv = argv, .columns = 60, .rows = 6 };

	return harness_start(&spec);
}

static void test_keys_go_in_and_cells_come_out(void **state)
{
	struct harness *h = start("echo", NULL);
	struct harness_end end;

	(void)state;
	assert_true(harness_wait_text(h, "ready"));
	assert_true(harness_mode(h, 1049));
	harness_send(h, "abc");
	assert_true(harness_wait_text(h, "[a][b][c]"));
	assert_true(harness_paste(h, "x"));
	assert_true(harness_wait_text(h, "[ESC][[][2][0][0][~][x][ESC]"));
	harness_send(h, "q");
	assert_true(harness_wait_end(h, &end));
	assert_true(end.exited);
	assert_int_equal(end.status, 7);
	assert_null(harness_fault(h));
	assert_null(harness_left_over(h));
	harness_free(h);
}

static void test_what_is_not_given_back_is_named(void **state)
{
	static const struct {
		const char *what, *said;
	} cases[] = {
		{ "nothing", NULL },
		{ "screen", "mode 1049 is on" }, { "cursor", "mode 25 is off" },
		{ "paste", "mode 2004 is on" }, { "pen", "colours or attributes are on" },
		{ "tty", "tty: local modes (echo, line editing, signals) differ" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct harness *h = start("leave", cases[i].what);
		struct harness_end end;

		assert_true(harness_wait_end(h, &end));
		if (cases[i].said)
			assert_string_equal(harness_left_over(h), cases[i].said);
		else
			assert_null(harness_left_over(h));
		harness_free(h);
	}
}

static void test_bytes_that_may_not_come_are_named(void **state)
{
	static const struct {
		const char *bytes, *said;
	} cases[] = {
		{ "plain text, 한글, e\xcc\x81 \xe2\x94\x80", NULL },
		{ "\\x1b[1;31mred\\x1b[m \\x1b(0q\\x1b(B \\x1b[2J\\x1b[4;7H", NULL },
		{ "a\\x07", "control character" },
		{ "\\xc2\\x9b31m", "unsafe character" },              /* C1 CSI in UTF-8 */
		{ "\\x9b31m", "not UTF-8" },                          /* C1 as a byte */
		{ "\\xe2\\x80\\xaegpj", "unsafe character" },         /* RLO */
		{ "\\xe2\\x81\\xa6", "unsafe character" },            /* LRI */
		{ "\\xe2\\x80\\x8b", "unsafe character" },            /* ZWSP */
		{ "\\xf3\\xa0\\x81\\x81", "unsafe character" },       /* tag A */
		{ "\\xee\\x80\\x80", "unsafe character" },            /* private use */
		{ "\\xef\\xbf\\xbe", "noncharacter" },
		{ "\\xc0\\xaf", "not UTF-8" }, { "\\xed\\xa0\\x80", "unsafe character" },
		{ "\\xe2\\x1b[m", "sequence broken off" },
		{ "\\x1b]0;title\\x07", "unknown sequence" },
		{ "\\x1b]52;c;eA==\\x07", "unknown sequence" },
		{ "\\x1b[5mblink", "attribute that no screen has" },
		{ "\\x1b[8mhidden", "attribute that no screen has" },
		{ "\\x1b[38;2;1;2;3mtrue", "attribute that no screen has" },
		{ "\\x1b[6n", "unknown sequence" }, { "\\x1b[c", "unknown sequence" },
		{ "\\x1b[?1000h", "mode that no screen needs" },
		{ "\\x1bP1$r\\x1b\\\\", "unknown sequence" }, { "\\x1b#8", "unknown sequence" },
		{ "\\x1b[>4;2m", "unknown sequence" }, { "\\x1bc", "unknown sequence" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct harness *h = start("bytes", cases[i].bytes);
		struct harness_end end;
		const char *said;

		assert_true(harness_wait_end(h, &end));
		said = harness_fault(h);
		if (cases[i].said ? !said || !strstr(said, cases[i].said) : said != NULL)
			fail_msg("%s: %s", cases[i].bytes, said ? said : "no fault");
		harness_free(h);
	}
}

static void test_ascii_terminals_get_ascii(void **state)
{
	const char *argv[] = { planted, "bytes", "caf\xc3\xa9", NULL };
	struct harness_spec spec = { .argv = argv, .locale = "C" };
	struct harness *h = harness_start(&spec);
	struct harness_end end;

	(void)state;
	assert_true(harness_wait_end(h, &end));
	assert_non_null(strstr(harness_fault(h), "not ASCII"));
	harness_free(h);
}

static void test_every_attribute_is_told_apart(void **state)
{
	struct harness *h = start("styles", NULL);
	struct harness_cell cell;

	(void)state;
	assert_true(harness_wait_text(h, "at ##:##"));
	golden_check(h, "planted-styles", golden_masks);
	assert_true(harness_shows(h, "========== 한글 e\xcc\x81"));
	cell = harness_cell(h, 0, 11);
	assert_true(cell.dim && !cell.bold && cell.fg == -1);
	cell = harness_cell(h, 1, 11);
	assert_true(cell.dim && cell.width == 2);
	assert_int_equal(harness_cell(h, 1, 12).width, 0);
	assert_false(harness_cell(h, 1, 16).dim);
	harness_free(h);
}

/* The golden screen of another program is not that of this one. */
static void test_a_golden_screen_bites(void **state)
{
	struct harness *h = start("echo", NULL);
	char *text, *again;

	(void)state;
	assert_true(harness_wait_text(h, "ready"));
	text = golden_render(h, golden_masks);
	harness_send(h, "1");
	assert_true(harness_wait_text(h, "[1]"));
	again = golden_render(h, golden_masks);
	assert_string_not_equal(text, again);
	assert_non_null(strstr(again, "|ready\n|[1]\n"));
	free(text);
	free(again);
	harness_free(h);
}

static void test_a_resize_reaches_the_program(void **state)
{
	struct harness *h = start("size", NULL);

	(void)state;
	assert_true(harness_wait_text(h, "size 60x6"));
	harness_resize(h, 132, 43);
	assert_true(harness_wait_text(h, "size 132x43"));
	assert_int_equal(harness_columns(h), 132);
	harness_free(h);
}

static void test_signals_stop_and_end(void **state)
{
	struct harness *h = start("hang", NULL);
	struct harness_end end;

	(void)state;
	assert_true(harness_wait_text(h, "ready"));
	harness_signal(h, SIGSTOP);
	assert_true(harness_wait_stopped(h));
	harness_signal(h, SIGCONT);
	harness_signal(h, SIGTERM);
	assert_true(harness_wait_end(h, &end));
	assert_false(end.exited);
	assert_int_equal(end.status, SIGTERM);
	assert_non_null(harness_left_over(h));
	harness_free(h);
}

static void test_what_never_comes_is_not_waited_for_beyond_the_end(void **state)
{
	struct harness *h = start("bytes", "short");

	(void)state;
	assert_false(harness_wait_text(h, "never"));
	assert_true(harness_shows(h, "short"));
	harness_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_go_in_and_cells_come_out),
		cmocka_unit_test(test_what_is_not_given_back_is_named),
		cmocka_unit_test(test_bytes_that_may_not_come_are_named),
		cmocka_unit_test(test_ascii_terminals_get_ascii),
		cmocka_unit_test(test_every_attribute_is_told_apart),
		cmocka_unit_test(test_a_golden_screen_bites),
		cmocka_unit_test(test_a_resize_reaches_the_program),
		cmocka_unit_test(test_signals_stop_and_end),
		cmocka_unit_test(test_what_never_comes_is_not_waited_for_beyond_the_end),
	};
	const char *build = getenv("top_builddir");
	int failed;

	planted = mem_printf("%s/tests/screen/planted", build ? build : ".");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(planted);
	return failed;
}
