/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"

struct expectation {
	const char *in, *out;
	unsigned found;
};

static void check_text(const char *in, size_t len, unsigned flags, const char *out,
                       unsigned found)
{
	struct buf b = BUF_INIT;
	unsigned got = 0;

	text_safe(in, len, flags, &b, &got);
	assert_string_equal(buf_str(&b), out);
	assert_int_equal(got, found);
	assert_int_equal(text_found(in, len), found);
	buf_clear(&b);
}

static void check_all(const struct expectation *cases, size_t count, unsigned flags)
{
	for (size_t i = 0; i < count; i++)
		check_text(cases[i].in, strlen(cases[i].in), flags, cases[i].out, cases[i].found);
}

#define CHECK_ALL(cases, flags) check_all(cases, sizeof(cases) / sizeof *(cases), flags)

static void ordinary_text_stays(void **state)
{
	static const struct expectation cases[] = {
		{ "", "", 0 },
		{ "plain ~ text", "plain ~ text", 0 },
		{ "Grüße, naïve façade — “ok” …", "Grüße, naïve façade — “ok” …", 0 },
		{ "한국어 문장, 日本語テキスト、中文", "한국어 문장, 日本語テキスト、中文", 0 },
		{ "עברית العربية ไทย हिन्दी", "עברית العربية ไทย हिन्दी", 0 },
		{ "e\u0301 a\u0323\u0302\u0308\u0301", "e\u0301 a\u0323\u0302\u0308\u0301", 0 },
		{ "\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 0 },
		{ "\u00a0\u3000", "\u00a0\u3000", 0 },
		{ "👍 🎉 🇩🇪", "👍 🎉 🇩🇪", 0 }
	};

	(void)state;
	CHECK_ALL(cases, 0);
}

static void what_drives_terminals_becomes_tokens(void **state)
{
	static const struct expectation cases[] = {
		{ "\x1b[2J", "⟦ESC⟧[2J", TEXT_CONTROL },
		{ "\x1b]52;c;Zm9v\a", "⟦ESC⟧]52;c;Zm9v⟦BEL⟧", TEXT_CONTROL },
		{ "\xc2\x9b" "31m\xc2\x85\xc2\x80", "⟦CSI⟧31m⟦NEL⟧⟦PAD⟧", TEXT_CONTROL },
		{ "\x9b" "31m", "⟦x9B⟧31m", TEXT_INVALID },
		{ "\xc0\x9b", "⟦xC0⟧⟦x9B⟧", TEXT_INVALID },
		{ "ok\rrm -rf\b\v\x7f", "ok⟦CR⟧rm -rf⟦BS⟧⟦VT⟧⟦DEL⟧", TEXT_CONTROL },
		{ "\xed\xa0\x80", "⟦xED⟧⟦xA0⟧⟦x80⟧", TEXT_INVALID },
		{ "a\xe2\x82", "a⟦xE2⟧⟦x82⟧", TEXT_INVALID }
	};

	(void)state;
	CHECK_ALL(cases, 0);
	check_text("a\0b", 3, 0, "a⟦NUL⟧b", TEXT_CONTROL);
	check_text("\xe2\x82\xac", 2, 0, "⟦xE2⟧⟦x82⟧", TEXT_INVALID);
}

static void what_nobody_sees_becomes_tokens(void **state)
{
	static const struct expectation cases[] = {
		{ "a\u202eb\u2066c\u200f\u061c", "a⟦RLO⟧b⟦LRI⟧c⟦RLM⟧⟦ALM⟧", TEXT_BIDI },
		{ "a\u200bb\u2060\ufeff\u00ad\u034f\u180e", "a⟦ZWSP⟧b⟦WJ⟧⟦BOM⟧⟦SHY⟧⟦CGJ⟧⟦MVS⟧",
		  TEXT_ZERO_WIDTH },
		{ "a\u200db\u200cc", "a⟦ZWJ⟧b⟦ZWNJ⟧c", TEXT_ZERO_WIDTH },
		{ "a\U000e0041\U000e007f", "a⟦U+E0041⟧⟦U+E007F⟧", TEXT_TAG },
		{ "a\ufe0f\U000e0100\U000e01ef\u180b", "a⟦VS16⟧⟦VS17⟧⟦VS256⟧⟦U+180B⟧", TEXT_VARIATION },
		{ "\u3164\uffa0\u115f\u1160\u17b4\u2065", "⟦U+3164⟧⟦U+FFA0⟧⟦U+115F⟧⟦U+1160⟧⟦U+17B4⟧⟦U+2065⟧",
		  TEXT_IGNORABLE },
		{ "\ufff9\ufffb", "⟦U+FFF9⟧⟦U+FFFB⟧", TEXT_IGNORABLE },
		{ "a\u2028b\u2029", "a⟦LS⟧b⟦PS⟧", TEXT_SEPARATOR },
		{ "\ue000\U0010fffd", "⟦U+E000⟧⟦U+10FFFD⟧", TEXT_PRIVATE },
		{ "\u0378\uffff\U0010ffff", "⟦U+0378⟧⟦U+FFFF⟧⟦U+10FFFF⟧", TEXT_UNASSIGNED },
		{ "⟦ESC⟧", "⟦U+27E6⟧ESC⟦U+27E7⟧", 0 }
	};

	(void)state;
	CHECK_ALL(cases, 0);
}

static void marks_are_limited(void **state)
{
	static const struct expectation cases[] = {
		{ "\u0301a", "⟦U+0301⟧a", TEXT_MARKS },
		{ "a\n\u0301", "a\n⟦U+0301⟧", TEXT_MARKS },
		{ "a\u0301\u0301\u0301\u0301\u0302\u0303", "a\u0301\u0301\u0301\u0301⟦U+0302⟧⟦U+0303⟧",
		  TEXT_MARKS },
		{ "\x1b\u0301", "⟦ESC⟧⟦U+0301⟧", TEXT_CONTROL | TEXT_MARKS },
		{ "a\xff\u0301", "a⟦xFF⟧⟦U+0301⟧", TEXT_INVALID | TEXT_MARKS },
		{ "\u1161\u11ab", "⟦U+1161⟧⟦U+11AB⟧", TEXT_MARKS }
	};

	(void)state;
	CHECK_ALL(cases, TEXT_LINES);
}

static void emoji_give_no_false_alarm(void **state)
{
	static const struct expectation cases[] = {
		{ "❤\ufe0f ☎\ufe0e", "❤ ☎", 0 },
		{ "1\ufe0f\u20e3", "1\u20e3", 0 },
		{ "1\ufe0f2", "1⟦VS16⟧2", TEXT_VARIATION },
		{ "❤\ufe0f\ufe0f", "❤⟦VS16⟧", TEXT_VARIATION },
		{ "👨\u200d👩\u200d👧", "👨👩👧", 0 },
		{ "🏳\ufe0f\u200d🌈", "🏳🌈", 0 },
		{ "👩🏽\u200d💻", "👩⟦🏽⟧💻", 0 },
		{ "👍🏽", "👍⟦🏽⟧", 0 },
		{ "👨\u200d\u200d👩", "👨⟦ZWJ⟧⟦ZWJ⟧👩", TEXT_ZERO_WIDTH },
		{ "👨\u200da", "👨⟦ZWJ⟧a", TEXT_ZERO_WIDTH },
		{ "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f!", "🏴⟦gbeng⟧!", 0 },
		{ "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067!",
		  "🏴⟦U+E0067⟧⟦U+E0062⟧⟦U+E0065⟧⟦U+E006E⟧⟦U+E0067⟧!", TEXT_TAG },
		{ "🏴\U000e0067\U000e0062\U000e0065\U000e0020\U000e007f",
		  "🏴⟦U+E0067⟧⟦U+E0062⟧⟦U+E0065⟧⟦U+E0020⟧⟦U+E007F⟧", TEXT_TAG },
		{ "🏴\U000e0067\U000e0062\U000e007f", "🏴⟦U+E0067⟧⟦U+E0062⟧⟦U+E007F⟧", TEXT_TAG },
		{ "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\U000e007f",
		  "🏴⟦gbeng⟧⟦U+E007F⟧", TEXT_TAG },
		{ "🏴\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e007f",
		  "🏴⟦U+E0061⟧⟦U+E0061⟧⟦U+E0061⟧⟦U+E0061⟧⟦U+E0061⟧⟦U+E0061⟧⟦U+E0061⟧⟦U+E007F⟧",
		  TEXT_TAG }
	};

	(void)state;
	CHECK_ALL(cases, 0);
}

static void joiners_of_a_spelling_show_without_alarm(void **state)
{
	static const struct expectation cases[] = {
		{ "می\u200cخواهم", "می⟦ZWNJ⟧خواهم", 0 },          /* RFC 5892 A.1 */
		{ "ශ්\u200dරී", "ශ්⟦ZWJ⟧රී", 0 },                    /* RFC 5892 A.2 */
		{ "ا\u200cا", "ا⟦ZWNJ⟧ا", TEXT_ZERO_WIDTH },      /* alef joins nothing behind */
		{ "می\u200c", "می⟦ZWNJ⟧", TEXT_ZERO_WIDTH }
	};

	(void)state;
	CHECK_ALL(cases, 0);
}

static void words_of_two_alphabets_are_flagged(void **state)
{
	static const struct expectation cases[] = {
		{ "p\u0430ypal", "p\u0430ypal", TEXT_MIXED_SCRIPT },       /* Cyrillic a */
		{ "sayНello()", "sayНello()", TEXT_MIXED_SCRIPT },
		{ "p\u0430\u200bypal", "p\u0430⟦ZWSP⟧ypal", TEXT_MIXED_SCRIPT | TEXT_ZERO_WIDTH },
		{ "\u0430\u03b1", "\u0430\u03b1", TEXT_MIXED_SCRIPT },
		{ "1Αbc", "1Αbc", TEXT_MIXED_SCRIPT },
		{ "привет world", "привет world", 0 },
		{ "e-почта", "e-почта", 0 },
		{ "PC방 Tシャツ A4용지 日本のNTT", "PC방 Tシャツ A4용지 日本のNTT", 0 },
		{ "10µm Å", "10µm Å", 0 }
	};
	size_t count[TEXT_KINDS];

	(void)state;
	CHECK_ALL(cases, 0);
	text_count("p\u0430y a\u0430 ok \x1b\x1b\xff", 15, count);
	assert_int_equal(count[11], 2);
	assert_int_equal(count[0], 2);
	assert_int_equal(count[9], 1);
}

static void sinks_say_what_they_do_with_lines(void **state)
{
	static const char text[] = "a\tb\r\nc\nd\fe";

	(void)state;
	check_text(text, strlen(text), 0, "a⟦TAB⟧b⟦CRLF⟧c⟦LF⟧d⟦FF⟧e", 0);
	check_text(text, strlen(text), TEXT_LINES, "a\tb\nc\nd⟦FF⟧e", 0);
	check_text(text, strlen(text), TEXT_SPACES, "a b c d⟦FF⟧e", 0);
	check_text("a\r\r\n", 4, TEXT_LINES, "a⟦CR⟧\n", TEXT_CONTROL);
	check_text("é⟦\x1b한\u0301", 11, TEXT_ASCII,
	           "[U+00E9][U+27E6][ESC][U+D55C][U+0301]", TEXT_CONTROL);
}

static void kinds_have_names(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (unsigned i = 0; i < TEXT_KINDS; i++) {
		assert_true(strlen(text_kind_name(1u << i)) > 2);
		assert_int_equal(text_kind_find(text_kind_name(1u << i)), 1u << i);
	}
	assert_string_equal(text_kind_name(3), "");
	assert_int_equal(text_kind_find("other"), 0);
	text_found_names(TEXT_BIDI | TEXT_CONTROL | TEXT_MIXED_SCRIPT, ", ", &b);
	assert_string_equal(buf_str(&b), "control, bidi, mixed_script");
	buf_clear(&b);
	for (unsigned i = 0; i < TEXT_KINDS; i++)
		assert_int_equal(text_found_blocks(1u << i), i < 6);
	assert_false(text_found_blocks(0));
}

static void hidden_messages_can_be_read(void **state)
{
	static const char text[] = "x\U000e0001\U000e0069\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065"
	                           " ok\U000e0041\U000e007f";
	struct buf b = BUF_INIT;

	(void)state;
	text_tag_message(text, strlen(text), &b);
	assert_string_equal(buf_str(&b), "ignore A");
	buf_clear(&b);
}

static void fixed_buffers_are_never_overrun(void **state)
{
	static const char text[] = "ab\x1b한국\u202ez";
	char buf[40];

	(void)state;
	for (size_t size = 1; size <= sizeof buf; size++) {
		memset(buf, 'X', sizeof buf);
		assert_ptr_equal(text_safe_line(text, buf, size), buf);
		assert_true(strlen(buf) < size);
		if (size < sizeof buf)
			assert_int_equal(buf[size], 'X');
		if (size >= 4 && size < 28)
			assert_string_equal(buf + strlen(buf) - 3, "…");
	}
	assert_string_equal(buf, "ab⟦ESC⟧한국⟦RLO⟧z");
	assert_string_equal(text_safe_line(text, buf, 8), "ab…");
	assert_string_equal(text_safe_line("abcdef", buf, 7), "abcdef");
	assert_string_equal(text_safe_line("abcdefg", buf, 7), "abc…");
	assert_string_equal(text_safe_line(text, buf, 0), "");
}

static void limits_cut_at_a_character(void **state)
{
	(void)state;
	for (size_t limit = 1; limit < 20; limit++) {
		struct buf b = { .limit = limit };
		unsigned found = 0;

		text_safe("ab한\x1bzz", 8, 0, &b, &found);
		assert_true(b.failed == (limit < 16));
		assert_true(b.len <= limit);
		assert_memory_equal("ab한⟦ESC⟧zz", buf_str(&b), b.len);
		assert_true(b.len <= 2 || b.len == 5 || b.len >= 14);
		assert_int_equal(found, TEXT_CONTROL);
		buf_clear(&b);
	}
}

static void reading_may_start_anywhere(void **state)
{
	static const char text[] = "a\u0301\u0301\u0301\u0301\u0301🏴\U000e0067\U000e0062\U000e0065\U000e006e"
	                           "\U000e0067\U000e007f👩🏽\u200d💻 می\u200cخ\r\n\xff\xe2\x82x\u0301";
	struct text_reader whole, part;
	struct text_piece a, b;

	(void)state;
	text_reader_init(&whole, text, sizeof text - 1, 0);
	part = whole;
	while (text_reader_next(&whole, &a)) {
		assert_true(text_reader_next(&part, &b));
		assert_string_equal(a.text, b.text);
		assert_int_equal(a.kinds, b.kinds);
		assert_int_equal(strlen(a.text), a.len);
		text_reader_init(&part, text, sizeof text - 1, 0);
		part.at = whole.at;
	}
	assert_false(text_reader_next(&part, &b));
}

static void widths_are_those_of_the_terminal(void **state)
{
	(void)state;
	assert_int_equal(text_width("abc", 3), 3);
	assert_int_equal(text_width("한국", 6), 4);
	assert_int_equal(text_width("e\u0301", 3), 1);
	assert_int_equal(text_width("⟦ESC⟧", 9), 5);
	assert_int_equal(text_width("\u1112\u1161\u11ab", 9), 2);
	assert_int_equal(text_width("👍⟦🏽⟧", 14), 6);
	assert_int_equal(text_width("a\xff\U0010ffff", 6), 3);
	assert_int_equal(text_cp_cells(0x1b), -1);
	assert_int_equal(text_cp_cells(0x200b), -1);
	assert_int_equal(text_cp_cells(0x110000), -1);
	assert_int_equal(text_cp_cells(0x301), 0);
}

static void cutting_keeps_characters_whole(void **state)
{
	static const struct {
		const char *text;
		size_t cells, bytes, used;
	} cases[] = {
		{ "abcdef", 4, 4, 4 }, { "abc", 9, 3, 3 }, { "한국어", 3, 3, 2 }, { "한국어", 1, 0, 0 },
		{ "ae\u0301x", 2, 4, 2 }, { "ae\u0301x", 1, 1, 1 }, { "a🇩🇪b", 2, 1, 1 },
		{ "a🇩🇪b", 3, 9, 3 }, { "", 5, 0, 0 }, { "abc", 0, 0, 0 }
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t used;

		assert_int_equal(text_clip(cases[i].text, strlen(cases[i].text), cases[i].cells, &used),
		                 cases[i].bytes);
		assert_int_equal(used, cases[i].used);
	}
}

/* A cluster may have no end: a hundred prepended marks are one to UAX #29. */
static void no_cluster_makes_a_line_vanish(void **state)
{
	char text[400];
	size_t used;

	(void)state;
	for (int i = 0; i < 100; i++)
		memcpy(text + 2 * i, "\u0600", 3);
	assert_int_equal(text_clip(text, 200, 40, &used), 80);
	assert_int_equal(used, 40);
}

static void check_pad(const char *text, size_t cells, bool right, unsigned flags,
                      const char *want)
{
	struct buf b = BUF_INIT;

	text_pad(text, strlen(text), cells, right, flags, &b);
	assert_string_equal(buf_str(&b), want);
	if (!(flags & TEXT_ASCII))
		assert_int_equal(text_width(buf_str(&b), b.len), cells);
	buf_clear(&b);
}

static void padding_is_exact(void **state)
{
	(void)state;
	check_pad("abc", 5, false, 0, "abc  ");
	check_pad("abc", 5, true, 0, "  abc");
	check_pad("abcdef", 4, false, 0, "abc…");
	check_pad("abcdef", 4, false, TEXT_ASCII, "abc~");
	check_pad("한국어", 4, false, 0, "한… ");
	check_pad("한국어", 6, false, 0, "한국어");
	check_pad("abc", 0, false, 0, "");
	check_pad("", 2, true, 0, "  ");
}

static void check_locale(const char *text, unsigned flags, const char *want)
{
	struct buf b = BUF_INIT;

	text_to_locale(text, strlen(text), flags, &b);
	assert_string_equal(buf_str(&b), want);
	buf_clear(&b);
}

static void old_terminals_get_ascii(void **state)
{
	(void)state;
	check_locale("é “x” ─│┌ ⟦ESC⟧ … →", TEXT_ASCII, "[U+00E9] \"x\" -|+ [ESC] ~ >");
	check_locale("é “x”", 0, "é “x”");
	check_locale("a\x1b\xff\n", TEXT_ASCII, "a[x1B][xFF]\n");
	setlocale(LC_ALL, "C");
	assert_int_equal(text_locale_flags(), TEXT_ASCII);
	check_text("한 é", 6, text_locale_flags(), "[U+D55C] [U+00E9]", 0);
	/* Widths and kinds do not depend on the locale of the process. */
	check_text("한 é\u202e", 9, 0, "한 é⟦RLO⟧", TEXT_BIDI);
	assert_int_equal(text_width("한é", 5), 3);
	if (setlocale(LC_ALL, "C.UTF-8"))
		assert_int_equal(text_locale_flags(), 0);
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_text_stays),
		cmocka_unit_test(what_drives_terminals_becomes_tokens),
		cmocka_unit_test(what_nobody_sees_becomes_tokens),
		cmocka_unit_test(marks_are_limited),
		cmocka_unit_test(emoji_give_no_false_alarm),
		cmocka_unit_test(joiners_of_a_spelling_show_without_alarm),
		cmocka_unit_test(words_of_two_alphabets_are_flagged),
		cmocka_unit_test(sinks_say_what_they_do_with_lines),
		cmocka_unit_test(kinds_have_names),
		cmocka_unit_test(hidden_messages_can_be_read),
		cmocka_unit_test(fixed_buffers_are_never_overrun),
		cmocka_unit_test(limits_cut_at_a_character),
		cmocka_unit_test(reading_may_start_anywhere),
		cmocka_unit_test(widths_are_those_of_the_terminal),
		cmocka_unit_test(cutting_keeps_characters_whole),
		cmocka_unit_test(no_cluster_makes_a_line_vanish),
		cmocka_unit_test(padding_is_exact),
		cmocka_unit_test(old_terminals_get_ascii),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
