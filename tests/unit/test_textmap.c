/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/textmap.h"
#include "base/utf8.h"

/* Lines joined with "|"; those that go on in the next end in "\\". */
static void check_lines(const char *text, unsigned width, unsigned flags, const char *want)
{
	struct textmap *map = textmap_new(text, strlen(text), width, flags);
	struct textmap_line line;
	struct buf out = BUF_INIT;

	for (size_t n = 0; textmap_line(map, n, &line); n++) {
		if (n)
			buf_addc(&out, '|');
		buf_add(&out, line.text, line.len);
		if (line.wrapped)
			buf_addc(&out, '\\');
	}
	assert_string_equal(buf_str(&out), want);
	buf_clear(&out);
	textmap_free(map);
}

static void lines_end_where_the_source_says(void **state)
{
	(void)state;
	check_lines("", 20, 0, "");
	check_lines("one", 20, 0, "one");
	check_lines("one\ntwo\n", 20, 0, "one|two");
	check_lines("one\r\ntwo\n\nthree", 20, 0, "one|two||three");
	check_lines("a\rb", 20, 0, "a⟦CR⟧b");
	check_lines("page\fnext\f", 20, 0, "page⟦FF⟧|next⟦FF⟧");
	check_lines("a\u2028b\xc2\x85" "c\vd", 40, 0, "a⟦LS⟧b⟦NEL⟧c⟦VT⟧d");
}

static void long_lines_break_at_words(void **state)
{
	(void)state;
	check_lines("the quick brown fox jumps", 16, 0, "the quick brown \\|fox jumps");
	check_lines("the quick brown  fox", 15, 0, "the quick brown \\|fox");
	check_lines("0123456789abcdef", 16, 0, "0123456789abcdef");
	check_lines("0123456789abcdefg hi", 16, 0, "0123456789abcdef\\|g hi");
	check_lines("see 0123456789abcdefg", 16, 0, "see \\|0123456789abcdef\\|g");
	check_lines("a well-known-identity here", 16, 0, "a well-known-\\|identity here");
	check_lines("0123456789abcdef     x", 16, 0, "0123456789abcdef\\|x");
	check_lines("  indented text of two lines", 16, 0, "  indented text \\|of two lines");
}

static void cjk_breaks_between_characters(void **state)
{
	(void)state;
	check_lines("日本語のテキストは、どこでも", 16, 0, "日本語のテキスト\\|は、どこでも");
	/* A comma never begins a line. */
	check_lines("日本語のテキス文、どこでも", 16, 0, "日本語のテキス\\|文、どこでも");
	check_lines("x日本語のテキストは", 16, 0, "x日本語のテキス\\|トは");
}

static void tabs_go_to_multiples_of_eight(void **state)
{
	(void)state;
	check_lines("a\tb\tc", 40, 0, "a       b       c");
	check_lines("12345678\tx", 40, 0, "12345678        x");
	check_lines("1234567\tx", 40, 0, "1234567 x");
	check_lines("0123456789\tabc", 16, 0, "0123456789      \\|abc");
}

static void everything_is_safe(void **state)
{
	(void)state;
	check_lines("\x1b[2J\u202e\xff\u0301", 60, 0, "⟦ESC⟧[2J⟦RLO⟧⟦xFF⟧⟦U+0301⟧");
	check_lines("é\x1b", 40, TEXT_ASCII, "[U+00E9][ESC]");
	/* A token is never split. */
	check_lines("0123456789abc\x1bz", 16, 0, "0123456789abc\\|⟦ESC⟧z");
}

/* Every code point has one place, places go on, and _at() finds it again. */
static void check_map(const char *text, size_t len, unsigned width)
{
	struct textmap *map = textmap_new(text, len, width, 0), *fresh;
	size_t cps = textmap_length(map), lines = textmap_line_count(map), last_line = 0;
	unsigned last_column = 0, column;
	struct textmap_line line;
	size_t expected = 0;

	for (size_t n = 0; n < lines; n++) {
		unsigned cells = 0;

		assert_true(textmap_line(map, n, &line));
		assert_int_equal(line.start, expected);
		assert_true(line.end > line.start || cps == 0);
		assert_true(line.cells <= textmap_width(map));
		assert_int_equal(text_width(line.text, line.len), line.cells);
		for (size_t i = 0; i < line.piece_count; i++) {
			const struct textmap_piece *p = &line.pieces[i];

			assert_int_equal(p->start, i ? line.pieces[i - 1].end : line.start);
			assert_int_equal(p->column, cells);
			assert_int_equal(text_width(line.text + p->text, p->len), p->cells);
			cells += p->cells;
		}
		assert_int_equal(cells, line.cells);
		expected = line.end;
	}
	assert_int_equal(expected, cps);
	assert_false(textmap_line(map, lines, &line));
	fresh = textmap_new(text, len, width, 0);
	for (size_t cp = 0; cp <= cps; cp += cp % 7 == 3 ? 5 : 1) {
		size_t n, again;
		unsigned same;

		textmap_find(map, cp, &n, &column);
		assert_true(n > last_line || (n == last_line && column >= last_column));
		textmap_line(map, n, &line);
		assert_true(cp >= line.start && (cp < line.end || cp == cps));
		if (column < line.cells) {
			size_t found = textmap_at(map, n, column);

			/* The piece that holds the code point begins at or before it. */
			assert_true(found <= cp);
			textmap_find(map, found, &again, &same);
			assert_int_equal(again, n);
			assert_int_equal(same, column);
		}
		textmap_find(fresh, cp, &again, &same);
		assert_int_equal(again, n);
		assert_int_equal(same, column);
		last_line = n;
		last_column = column;
	}
	assert_int_equal(textmap_at(map, lines, 0), cps);
	textmap_free(fresh);
	textmap_free(map);
}

static void code_points_and_cells_agree(void **state)
{
	static const char text[] =
		"Zahlung an Müller\t12,50 €\r\n\r\n日本語のテキストは、どこでも折り返せます。\f"
		"👩🏽\u200d💻 e\u0301e\u0301\u0301\u0301\u0301\u0301 \u202eabc\xff\xe2\x82 x\u200by "
		"0123456789012345678901234567890123456789                                   end\n\t\t\t\t\t\n"
		"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f❤\ufe0f";

	(void)state;
	for (unsigned width = 16; width < 60; width++)
		check_map(text, sizeof text - 1, width);
	check_map("", 0, 20);
	check_map("\n", 1, 20);
	check_map("\n\n", 2, 20);
}

static void random_texts_agree_too(void **state)
{
	static const char *const units[] = {
		"a", "b", " ", " ", "word ", "-", "\n", "\t", "한", "、", "\u0301", "\x1b", "\xff", "👍", "\f",
		"\r\n", "\u200b", "(", ")", "1.5"
	};
	uint64_t x = 42;
	struct buf text = BUF_INIT;

	(void)state;
	for (int round = 0; round < 300; round++) {
		buf_reset(&text);
		for (int i = 0; i < 200; i++) {
			x = x * 6364136223846793005u + 1442695040888963407u;
			buf_adds(&text, units[(x >> 33) % (sizeof units / sizeof *units)]);
		}
		check_map(text.data, text.len, 16 + (unsigned)(x >> 40) % 40);
	}
	buf_clear(&text);
}

static void evidence_is_found_in_its_cells(void **state)
{
	static const char text[] = "Firma Nordwind GmbH\nSumme:\t한국 1.234,50 EUR\n";
	struct textmap *map = textmap_new(text, strlen(text), 30, 0);
	size_t line, len;
	unsigned column;

	(void)state;
	textmap_find(map, 20, &line, &column);      /* "Summe" */
	assert_int_equal(line, 1);
	assert_int_equal(column, 0);
	textmap_find(map, 30, &line, &column);      /* "1.234,50" behind tab and Hangul */
	assert_int_equal(line, 1);
	assert_int_equal(column, 13);
	assert_int_equal(textmap_at(map, 1, 13), 30);
	assert_int_equal(textmap_at(map, 1, 9), 27);   /* second cell of a wide character */
	assert_memory_equal(textmap_bytes(map, 30, 38, &len), "1.234,50", 8);
	assert_int_equal(len, 8);
	textmap_bytes(map, 40, 9999, &len);
	assert_int_equal(len, 3);
	textmap_bytes(map, 9, 3, &len);
	assert_int_equal(len, 0);
	assert_int_equal(textmap_found(map), 0);
	textmap_free(map);
}

static void anchors_give_any_byte(void **state)
{
	struct buf text = BUF_INIT;
	struct textmap *map;
	size_t len;

	(void)state;
	for (int i = 0; i < 3000; i++)
		buf_adds(&text, i % 3 == 0 ? "한" : i % 3 == 1 ? "é" : "a");
	map = textmap_new(text.data, text.len, 80, 0);
	assert_int_equal(textmap_length(map), 3000);
	for (size_t cp = 0; cp <= 3000; cp += 64 - cp % 3) {
		const char *at = textmap_bytes(map, cp, cp + 1, &len);
		size_t offset = utf8_offset(text.data, text.len, cp);

		assert_memory_equal(at, text.data + offset, text.len - offset);
		assert_int_equal(len, cp == 3000 ? 0 : cp % 3 == 0 ? 3 : cp % 3 == 1 ? 2 : 1);
	}
	textmap_free(map);
	buf_clear(&text);
}

static void the_largest_texts(void **state)
{
	static const char *const units[] = { "a", "word ", "한", "\u0301", "\t", " ", "\x1b", "\n", "\xff" };
	enum { SIZE = 1 << 20 };
	char *text = mem_alloc(SIZE + 8);

	(void)state;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t unit = strlen(units[i]), len = 0, lines, line;
		struct textmap *map;
		struct textmap_line last;
		unsigned column;

		for (; len < SIZE; len += unit)
			memcpy(text + len, units[i], unit);
		map = textmap_new(text, len, 80, 0);
		assert_true(textmap_has_line(map, 50));
		lines = textmap_line_count(map);
		assert_true(textmap_line(map, lines - 1, &last));
		assert_int_equal(last.end, textmap_length(map));
		textmap_find(map, textmap_length(map) / 2, &line, &column);
		assert_true(line > lines / 3 && line < 2 * lines / 3 + 1);
		textmap_free(map);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_where_the_source_says),
		cmocka_unit_test(long_lines_break_at_words),
		cmocka_unit_test(cjk_breaks_between_characters),
		cmocka_unit_test(tabs_go_to_multiples_of_eight),
		cmocka_unit_test(everything_is_safe),
		cmocka_unit_test(code_points_and_cells_agree),
		cmocka_unit_test(random_texts_agree_too),
		cmocka_unit_test(evidence_is_found_in_its_cells),
		cmocka_unit_test(anchors_give_any_byte),
		cmocka_unit_test(the_largest_texts),
	};

	return cmocka_run_group_tests_name("textmap", tests, NULL, NULL);
}
