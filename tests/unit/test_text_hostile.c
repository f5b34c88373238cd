/* SPDX-License-Identifier: Apache-2.0
 *
 * The renderer against every code point, random bytes, public collections of
 * hostile text and the texts of real queues. What may come out is checked with
 * tables of this file, copied by hand from the Unicode Character Database, and
 * with wcwidth() of the C library; nothing of the renderer is used for it.
 */
#include <dirent.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

struct range {
	uint32_t first, last;
};

/* PropList.txt, Bidi_Control */
static const struct range bidi_control[] = {
	{ 0x61c, 0x61c }, { 0x200e, 0x200f }, { 0x202a, 0x202e }, { 0x2066, 0x2069 }
};
/* DerivedCoreProperties.txt, Default_Ignorable_Code_Point */
static const struct range default_ignorable[] = {
	{ 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x202a, 0x202e },
	{ 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfff8 }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff }
};

static bool is_in(uint32_t cp, const struct range *r, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cp >= r[i].first && cp <= r[i].last)
			return true;
	return false;
}

#define IS_IN(cp, table) is_in(cp, table, sizeof(table) / sizeof *(table))

/* A strict decoder of its own: 0 where the bytes are not UTF-8. */
static size_t decode(const unsigned char *s, size_t len, uint32_t *cp)
{
	mbstate_t shift = { 0 };
	wchar_t wide = 0;
	size_t size = mbrtowc(&wide, (const char *)s, len, &shift);

	if (size == 0)
		size = 1;   /* NUL */
	*cp = (uint32_t)wide;
	return size > 4 ? 0 : size;
}

/* Why this may not go to a terminal; NULL where it may. */
static const char *fault(const char *s, size_t len, unsigned flags)
{
	size_t marks = 5;   /* nothing to combine with yet */

	for (size_t at = 0, size; at < len; at += size) {
		uint32_t cp;
		int cells;

		size = decode((const unsigned char *)s + at, len - at, &cp);
		if (!size)
			return "not UTF-8";
		if ((flags & TEXT_ASCII) && cp > 0x7e)
			return "not ASCII";
		if ((flags & TEXT_LINES) && (cp == '\n' || cp == '\t')) {
			marks = 5;
			continue;
		}
		if (cp < 0x20 || (cp >= 0x7f && cp <= 0x9f))
			return "control";
		if (IS_IN(cp, bidi_control))
			return "bidi control";
		if (IS_IN(cp, default_ignorable))
			return "default ignorable";
		if (cp == 0x2028 || cp == 0x2029 || (cp >= 0xfff9 && cp <= 0xfffb))
			return "separator or annotation";
		if ((cp >= 0xe000 && cp <= 0xf8ff) || cp >= 0xf0000 || (cp & 0xfffe) == 0xfffe)
			return "private or noncharacter";
		cells = wcwidth((wchar_t)cp);
		if (cells < 0)
			return "no known width";
		marks = cells ? 0 : marks + 1;
		if (marks > 4)
			return "too many marks, or one without base";
	}
	return NULL;
}

/* Renders in every way a sink may ask for; returns the kinds found. */
static unsigned check(const char *bytes, size_t len)
{
	static const unsigned ways[] = { 0, TEXT_LINES, TEXT_SPACES, TEXT_ASCII, TEXT_LINES | TEXT_ASCII };
	unsigned found = 0;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct buf out = BUF_INIT;
		const char *why;

		found = 0;
		text_safe(bytes, len, ways[i], &out, &found);
		why = fault(buf_str(&out), out.len, ways[i]);
		if (why)
			fail_msg("%s in \"%s\"", why, buf_str(&out));
		assert_true(out.len <= len * TEXT_GROWTH);
		buf_clear(&out);
	}
	return found;
}

/* --- generated ----------------------------------------------------------------- */

static void every_code_point(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		char text[8] = "a";
		wchar_t wide = (wchar_t)cp;
		mbstate_t shift = { 0 };
		struct buf out = BUF_INIT;
		size_t size, cells = 0;
		unsigned found = 0;
		bool token;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		size = wcrtomb(text + 1, wide, &shift);
		text[1 + size] = 'b';
		text_safe(text, size + 2, 0, &out, &found);
		if (fault(buf_str(&out), out.len, 0))
			fail_msg("U+%04X: %s", (unsigned)cp, fault(buf_str(&out), out.len, 0));
		token = memcmp(out.data, text, size + 2) != 0;
		if (IS_IN(cp, default_ignorable) || IS_IN(cp, bidi_control))
			assert_true(token && text_found_blocks(found));
		if ((cp < 0x20 && !strchr("\t\n\f", (int)cp)) || (cp >= 0x7f && cp < 0xa0) || !cp)
			assert_true(token && text_found_blocks(found));
		/* What is replaced is flagged, but for layout, brackets. */
		if (!found && token)
			assert_true(strchr("\t\n\f", (int)cp) || cp == 0x27e6 || cp == 0x27e7);
		/* What is blocked is replaced. */
		assert_true(token || !text_found_blocks(found));
		if (!token)
			cells = 2 + (size_t)wcwidth(wide);
		if (!token && text_width(out.data, out.len) != cells)
			fail_msg("U+%04X: another width", (unsigned)cp);
		buf_clear(&out);
	}
}

static uint64_t next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* Random bytes seldom make long sequences; so these mix bytes with fragments. */
static void random_bytes(void **state)
{
	static const char *const fragments[] = {
		"\x1b[", "\x1b]0;", "\xc2\x9b", "\u202e", "\u200b", "\u200d", "\ufe0f", "\u0301", "\u0301\u0302",
		"👩", "🏽", "🏴", "\U000e0067", "\U000e007f", "\r\n", "\r", "\t", "\f", "한", "\u1161", "می",
		"\u200c", "a", " ", "⟦", "\u20e3", "1", "р", "\xe2\x80", "\xf0\x9f\x91", "\xc0", "\u094d"
	};
	uint64_t x = 0x9e3779b97f4a7c15u;
	char text[96];

	(void)state;
	for (int round = 0; round < 40000; round++) {
		size_t len = 0, want = next_random(&x) % 80;

		while (len < want) {
			uint64_t r = next_random(&x);

			if (r % 3) {
				const char *f = fragments[r / 3 % (sizeof fragments / sizeof *fragments)];

				memcpy(text + len, f, strlen(f));
				len += strlen(f);
			} else {
				text[len++] = (char)(r >> 32);
			}
		}
		check(text, len);
	}
}

static void a_megabyte_of_anything(void **state)
{
	static const char *const units[] = { "\u0301", "한", "\x1b", "\xff", "\u200d", "\U000e0041", "\t", "a" };
	enum { SIZE = 1 << 20 };
	char *text = mem_alloc(SIZE + 4);

	(void)state;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct buf out = BUF_INIT;
		size_t len = 0, unit = strlen(units[i]);

		for (; len < SIZE; len += unit)
			memcpy(text + len, units[i], unit);
		text_safe(text, len, TEXT_LINES, &out, NULL);
		if (fault(out.data, out.len, TEXT_LINES))
			fail_msg("%s", fault(out.data, out.len, TEXT_LINES));
		assert_true(out.len <= len * TEXT_GROWTH);
		buf_clear(&out);
	}
	free(text);
}

/* --- files ---------------------------------------------------------------------- */

static char *shared(const char *name)
{
	const char *dir = getenv("COUNTERSIGN_SHARED");

	return mem_printf("%s/data/%s", dir ? dir : "../shared", name);
}

static bool read_whole(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "r");
	char chunk[8192];
	size_t got;

	buf_reset(out);
	if (!f)
		return false;
	while ((got = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(out, chunk, got);
	fclose(f);
	return true;
}

/* The kinds that a text must show, found without the renderer. Emoji may carry
 * U+FE0F and U+200D, so these alone prove nothing. */
static unsigned expected_kinds(const char *s, size_t len)
{
	unsigned kinds = 0;

	for (size_t at = 0, size; at < len; at += size) {
		uint32_t cp;

		size = decode((const unsigned char *)s + at, len - at, &cp);
		if (!size) {
			kinds |= TEXT_INVALID;
			size = 1;
		} else if (IS_IN(cp, bidi_control)) {
			kinds |= TEXT_BIDI;
		} else if ((cp >= 0x200b && cp <= 0x200c) || cp == 0x2060 || cp == 0xfeff || cp == 0xad) {
			kinds |= TEXT_ZERO_WIDTH;
		} else if ((cp < 0x20 && !strchr("\t\n\r\f", (int)cp)) || (cp >= 0x7f && cp <= 0x9f)
		           || cp == 0) {
			kinds |= TEXT_CONTROL;
		} else if (cp == 0x3164 || cp == 0xffa0) {
			kinds |= TEXT_IGNORABLE;
		}
	}
	return kinds;
}

static void hostile_files(void **state)
{
	char *dir = shared("compat/hostile-text");
	DIR *d = opendir(dir);
	struct buf text = BUF_INIT;
	struct dirent *entry;
	int files = 0, lines = 0, hidden = 0, homoglyphs = 0;

	(void)state;
	if (!d) {
		print_message("skipped: the shared collection of hostile text is not there\n");
		free(dir);
		skip();
	}
	while ((entry = readdir(d))) {
		char *path;
		size_t start = 0;
		unsigned all;

		if (strncmp(entry->d_name, "blns", 4) != 0 && strncmp(entry->d_name, "trojan", 6) != 0)
			continue;
		path = mem_printf("%s/%s", dir, entry->d_name);
		assert_true(read_whole(path, &text));
		free(path);
		files++;
		all = check(text.data, text.len);
		assert_int_equal(expected_kinds(text.data, text.len) & ~all, 0);
		for (size_t at = 0; at <= text.len; at++) {
			unsigned found, expected;

			if (at < text.len && text.data[at] != '\n')
				continue;
			found = check(text.data + start, at - start);
			expected = expected_kinds(text.data + start, at - start);
			assert_int_equal(expected & ~found, 0);
			lines++;
			hidden += expected != 0;
			start = at + 1;
		}
		if (strstr(entry->d_name, "homoglyph")) {
			assert_true(all & TEXT_MIXED_SCRIPT);
			homoglyphs++;
		} else if (strncmp(entry->d_name, "trojan", 6) == 0) {
			assert_true(text_found_blocks(all));
		}
	}
	closedir(d);
	printf("# hostile text: %d files, %d lines, %d with something hidden, all flagged\n",
	       files, lines, hidden);
	assert_true(files >= 20 && hidden >= 20 && homoglyphs >= 4);
	buf_clear(&text);
	free(dir);
}

/* One JSON string behind its quote; returns what is behind the closing one. */
static const char *unescape(const char *p, struct buf *out)
{
	buf_reset(out);
	for (; *p && *p != '"'; p++) {
		static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
		unsigned unit, low;
		mbstate_t shift = { 0 };
		char utf8[8];

		if (*p != '\\') {
			buf_addc(out, *p);
		} else if (*++p == 'u') {
			assert_int_equal(sscanf(p + 1, "%4x", &unit), 1);
			p += 4;
			if (unit >= 0xd800 && unit < 0xdc00 && sscanf(p + 1, "\\u%4x", &low) == 1) {
				unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
				p += 6;
			}
			buf_add(out, utf8, wcrtomb(utf8, (wchar_t)unit, &shift));
		} else {
			assert_non_null(strchr(plain, *p));
			buf_addc(out, meant[strchr(plain, *p) - plain]);
		}
	}
	assert_int_equal(*p, '"');
	return p + 1;
}

struct alarms {
	size_t texts, blocked, flagged;
	size_t count[TEXT_KINDS];
};

static void count_alarms(const char *text, size_t len, struct alarms *a)
{
	size_t count[TEXT_KINDS];
	unsigned found = text_found(text, len);

	a->texts++;
	a->blocked += text_found_blocks(found);
	a->flagged += found != 0;
	text_count(text, len, count);
	for (unsigned i = 0; i < TEXT_KINDS; i++) {
		assert_true((count[i] > 0) == ((found & 1u << i) != 0));
		a->count[i] += count[i];
	}
}

static void print_alarms(const char *name, const struct alarms *a)
{
	printf("# %s: %zu texts, %zu would block approving (%.3f %%), %zu flagged:", name, a->texts,
	       a->blocked, 100.0 * (double)a->blocked / (double)a->texts, a->flagged);
	for (unsigned i = 0; i < TEXT_KINDS; i++)
		if (a->count[i])
			printf(" %s %zu", text_kind_name(1u << i), a->count[i]);
	printf("\n");
}

static void real_queues_raise_no_false_alarm(void **state)
{
	static const char *const queues[] = {
		"receipts", "invoices", "support-intents", "support-ko", "airline-agent"
	};
	struct buf file = BUF_INIT, text = BUF_INIT;
	struct alarms all = { .texts = 0 };
	size_t items = 0, items_blocked = 0;

	(void)state;
	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++) {
		struct alarms one = { .texts = 0 };
		char *name = mem_printf("real/%s.jsonl", queues[i]), *path = shared(name);
		bool there = read_whole(path, &file);
		const char *p = buf_str(&file);
		size_t before = 0;

		free(name);
		free(path);
		if (!there) {
			print_message("skipped: the shared real queues are not there\n");
			buf_clear(&file);
			skip();
		}
		while (*p) {
			if (*p == '"') {
				p = unescape(p + 1, &text);
				count_alarms(buf_str(&text), text.len, &one);
			} else if (*p++ == '\n') {
				items++;
				items_blocked += one.blocked > before;
				before = one.blocked;
			}
		}
		print_alarms(queues[i], &one);
		all.texts += one.texts;
		all.blocked += one.blocked;
	}
	printf("# real queues: %zu of %zu items, %zu of %zu texts would block approving\n",
	       items_blocked, items, all.blocked, all.texts);
	assert_true(items > 2500);
	assert_true(items_blocked * 1000 <= items);
	assert_true(all.blocked * 1000 <= all.texts);
	buf_clear(&file);
	buf_clear(&text);
}

static void translations_raise_no_false_alarm(void **state)
{
	struct alarms all = { .texts = 0 };
	struct buf file = BUF_INIT;
	DIR *d = opendir(TEST_SRCDIR "/../po");
	struct dirent *entry;

	(void)state;
	assert_non_null(d);
	while ((entry = readdir(d))) {
		const char *dot = strrchr(entry->d_name, '.');
		char *path, *line, *rest = NULL;

		if (!dot || strcmp(dot, ".po") != 0)
			continue;
		path = mem_printf("%s/../po/%s", TEST_SRCDIR, entry->d_name);
		assert_true(read_whole(path, &file));
		free(path);
		for (line = strtok_r(file.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
			count_alarms(line, strlen(line), &all);
	}
	closedir(d);
	if (all.texts)
		print_alarms("translations", &all);
	assert_true(all.blocked * 1000 <= all.texts);
	buf_clear(&file);
}

/* The checker must bite. */
static void the_checker_finds_faults(void **state)
{
	static const char *const bad[] = {
		"a\x1b", "\xc2\x9b", "a\u202e", "\u200b", "\ufe0f", "\xff", "\xc0\x80", "\ue000", "\u0378",
		"\u0301", "a\u0301\u0301\u0301\u0301\u0301", "\u2028", "\u00ad", "\U000e0041", "\n", "\t"
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (!fault(bad[i], strlen(bad[i]), 0))
			fail_msg("case %zu passed", i);
	assert_null(fault("ok é 한 ⟦ESC⟧ a\u0301", 23, 0));
	assert_null(fault("a\n\tb", 4, TEXT_LINES));
	assert_non_null(fault("é", 2, TEXT_ASCII));
}

static int start(void **state)
{
	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return -1;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checker_finds_faults),
		cmocka_unit_test(every_code_point),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(a_megabyte_of_anything),
		cmocka_unit_test(hostile_files),
		cmocka_unit_test(real_queues_raise_no_false_alarm),
		cmocka_unit_test(translations_raise_no_false_alarm),
	};

	return cmocka_run_group_tests_name("text, hostile", tests, start, NULL);
}
