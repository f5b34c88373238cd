/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "view/bar.h"
#include "view/sample.h"

static void same(const struct rows *r, size_t n, const char *text)
{
	char *line = rows_text(r, n);

	assert_string_equal(line, text);
	free(line);
}

static void test_text_is_cut_at_the_width(void **state)
{
	struct rows r;

	(void)state;
	rows_init(&r, 10, 0);
	rows_new(&r);
	rows_add(&r, STYLE_PLAIN, "0123456789abc");
	same(&r, 0, "012345678…");
	rows_new(&r);
	rows_add(&r, STYLE_PLAIN, "한글한글한글");   /* two cells each */
	same(&r, 1, "한글한글…");
	assert_int_equal(r.rows[1].cells, 9);
	rows_new(&r);
	rows_add_cut(&r, STYLE_PLAIN, "abcdefgh", 4);
	rows_add(&r, STYLE_STRONG, "!");
	same(&r, 2, "abc…!");
	free(sample_rows(&r, 3));
	rows_clear(&r);
}

static void test_nothing_from_outside_gets_through(void **state)
{
	static const char hostile[] = "a\033[31mb\xe2\x80\xae" "c\xc2\x9b" "d\xff\n\te\xf3\xa0\x81\x81";
	struct rows r;
	char *text;

	(void)state;
	rows_init(&r, 120, 0);
	rows_new(&r);
	rows_add(&r, STYLE_PLAIN, hostile);
	rows_wrap(&r, STYLE_PLAIN, hostile, 2, 0, 0, false);
	text = sample_rows(&r, r.count);
	sample_shows(text, "a⟦ESC⟧[31mb⟦RLO⟧c⟦CSI⟧d⟦xFF⟧  e⟦U+E0041⟧");
	/* tokens have a style of their own, so that text cannot look like one */
	assert_int_equal(r.spans[r.rows[0].first + 1].style, STYLE_TOKEN);
	free(text);
	rows_clear(&r);
	rows_init(&r, 120, 0);
	rows_new(&r);
	rows_add(&r, STYLE_PLAIN, "⟦ESC⟧");
	text = sample_rows(&r, 1);
	sample_shows(text, "⟦U+27E6⟧ESC⟦U+27E7⟧");
	free(text);
	rows_clear(&r);
}

static void test_the_right_side_needs_its_room(void **state)
{
	struct rows r;

	(void)state;
	rows_init(&r, 12, 0);
	rows_new(&r);
	rows_add(&r, STYLE_PLAIN, "left");
	assert_true(rows_right(&r, STYLE_DIM, "right"));
	same(&r, 0, "left   right");
	rows_new(&r);
	rows_add(&r, STYLE_PLAIN, "too long");
	assert_false(rows_right(&r, STYLE_DIM, "right"));
	same(&r, 1, "too long");
	rows_rule(&r, "title");
	same(&r, 2, "── title ───");
	rows_rule(&r, "a title that is too long");
	assert_int_equal(r.rows[3].cells, 12);
	free(sample_rows(&r, 4));
	rows_clear(&r);
}

static void test_wrapping_keeps_words_and_says_when_it_cuts(void **state)
{
	struct rows r;

	(void)state;
	rows_init(&r, 20, 0);
	assert_int_equal(rows_wrap(&r, STYLE_PLAIN, "one two three four five six seven", 2, 16, 0,
	                           false), 3);
	same(&r, 0, "  one two three");
	same(&r, 1, "  four five six");
	same(&r, 2, "  seven");
	rows_reset(&r, 20);
	assert_int_equal(rows_wrap(&r, STYLE_PLAIN, "one two three fourteen_letter and more", 2, 16,
	                           2, false), 2);
	same(&r, 1, "  fourteen_letter…");
	rows_reset(&r, 20);
	rows_new(&r);
	rows_add(&r, STYLE_STRONG, "a");
	rows_wrap(&r, STYLE_PLAIN, "joined to it", 2, 0, 0, true);
	assert_int_equal(r.count, 1);
	same(&r, 0, "a joined to it");
	assert_int_equal(rows_wrap_count(&r, "one two three four five six seven", 16), 3);
	free(sample_rows(&r, 1));
	rows_clear(&r);
}

static void test_a_terminal_without_utf8_gets_ascii(void **state)
{
	struct rows r;

	(void)state;
	rows_init(&r, 30, TEXT_ASCII);
	rows_rule(&r, "a · b");
	rows_new(&r);
	rows_add(&r, STYLE_PLAIN, "caf\xc3\xa9 → …");
	rows_wrap(&r, STYLE_PLAIN, "fields · signals · checks · é", 1, 0, 0, false);
	same(&r, 0, "-- a . b ---------------------");
	same(&r, 1, "caf[U+00E9] > ~");
	free(sample_rows(&r, r.count));
	rows_clear(&r);
}

static void test_rows_are_copied_side_by_side(void **state)
{
	struct rows left, right, r;

	(void)state;
	rows_init(&left, 10, 0);
	rows_init(&right, 20, 0);
	rows_init(&r, 16, 0);
	rows_new(&left);
	rows_add(&left, STYLE_STRONG, "left");
	rows_new(&right);
	rows_add(&right, STYLE_DIM, "right is longer");
	rows_cursor(&right);
	rows_new(&r);
	rows_copy(&r, &left, 0, 0, 6);
	rows_copy(&r, &right, 0, 6, 10);
	same(&r, 0, "left  right is …");
	assert_true(r.has_cursor);
	rows_append(&r, &left, 0, 2);
	assert_int_equal(r.count, 3);
	assert_true(rows_same(&r, 1, &left, 0));
	assert_false(rows_same(&r, 0, &left, 0));
	rows_fill(&r, 2);
	free(sample_rows(&r, 2));
	rows_clear(&left);
	rows_clear(&right);
	rows_clear(&r);
}

/* --- bars --------------------------------------------------------------------- */

static char *bar_at(const struct bar *b, unsigned width, size_t most)
{
	struct rows r;
	char *text;

	rows_init(&r, width, 0);
	if (most)
		bar_wrap(b, &r, most);
	else
		bar_row(b, &r);
	text = sample_rows(&r, r.count);
	rows_clear(&r);
	return text;
}

static void test_a_header_drops_the_least_first(void **state)
{
	static const struct { unsigned width; const char *shows, *hides; } cases[] = {
		{ 60, "Receipts · first check · 12 open", "none" },
		{ 60, "● online · r-1", "none" },
		{ 46, "Receipts · first check · 12 open", "online" },
		{ 46, "● · r-1", "online" },
		{ 40, "● online · r-1", "12 open" },
		{ 31, "Receipts · first check", "12 open" },
		{ 31, "● · r-1", "online" },
		{ 26, "r-1", "●" },
		{ 22, "Receipts           r-1", "first" },
		{ 8, "Receipts", "r-1" },
		{ 5, "Rece…", "r-1" },
	};
	struct bar b;

	(void)state;
	bar_init(&b, " · ");
	bar_add(&b, 0, STYLE_HEADER, "Receipts", NULL);
	bar_add(&b, 2, STYLE_HEADER, "first check", NULL);
	bar_add(&b, 4, STYLE_HEADER, "12 open", NULL);
	bar_add_right(&b, 3, STYLE_HEADER, "● online", "●");
	bar_add_right(&b, 1, STYLE_HEADER, "r-1", NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = bar_at(&b, cases[i].width, 0);

		sample_shows(text, cases[i].shows);
		sample_hides(text, cases[i].hides);
		free(text);
	}
}

static void test_the_last_key_always_stays(void **state)
{
	struct bar b;

	(void)state;
	bar_init(&b, "  ");
	for (int i = 1; i < 20; i++)
		bar_add_key(&b, i, i == 3, "k", "something");
	bar_add_key(&b, 0, false, "?", "all");
	for (unsigned width = 12; width <= 200; width += 4) {
		char *text = bar_at(&b, width, 2);
		size_t rows = 0;

		for (const char *c = text; *c; c++)
			rows += *c == '\n';
		assert_true(rows <= 2);
		sample_shows(text, "? all");
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_cut_at_the_width),
		cmocka_unit_test(test_nothing_from_outside_gets_through),
		cmocka_unit_test(test_the_right_side_needs_its_room),
		cmocka_unit_test(test_wrapping_keeps_words_and_says_when_it_cuts),
		cmocka_unit_test(test_a_terminal_without_utf8_gets_ascii),
		cmocka_unit_test(test_rows_are_copied_side_by_side),
		cmocka_unit_test(test_a_header_drops_the_least_first),
		cmocka_unit_test(test_the_last_key_always_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
