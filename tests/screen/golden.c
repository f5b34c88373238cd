/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/golden.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

enum { STYLES = 26, STYLE_SIZE = 64, QUIET_MS = 400, GOLDEN_MS = 4000 };

struct legend {
	char styles[STYLES][STYLE_SIZE];
	size_t count;
};

const char *const golden_masks[] = {
	/* ids and digests, clock times; the port of nobody is always the same */
	"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
	"sha256:[0-9a-f]+",
	"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?",
	/* how long an undo is still possible */
	"sent in [0-9]+ s",
	NULL
};

/* --- masks ----------------------------------------------------------------------- */

/* Overwrites bytes [from, to) by one '#' a character. */
static void blot(char *line, size_t from, size_t to)
{
	struct buf out = BUF_INIT;

	buf_add(&out, line, from);
	for (size_t i = from; i < to; i++)
		if (((unsigned char)line[i] & 0xc0) != 0x80)
			buf_addc(&out, '#');
	buf_adds(&out, line + to);
	strcpy(line, buf_str(&out));
	buf_clear(&out);
}

static void mask(char *line, const char *pattern)
{
	regmatch_t match;
	regex_t regex;
	size_t at = 0;

	if (regcomp(&regex, pattern, REG_EXTENDED) != 0)
		fail_msg("no regular expression: %s", pattern);
	while (regexec(&regex, line + at, 1, &match, 0) == 0 && match.rm_eo > match.rm_so) {
		blot(line, at + (size_t)match.rm_so, at + (size_t)match.rm_eo);
		at += (size_t)match.rm_so + 1;
	}
	regfree(&regex);
}

/* --- a screen as text -------------------------------------------------------------- */

static void describe(const struct harness_cell *cell, char out[STYLE_SIZE])
{
	int at = 0;

	out[0] = '\0';
	if (cell->bold)
		at += snprintf(out + at, STYLE_SIZE - (size_t)at, " bold");
	if (cell->dim)
		at += snprintf(out + at, STYLE_SIZE - (size_t)at, " dim");
	if (cell->underline)
		at += snprintf(out + at, STYLE_SIZE - (size_t)at, " underline");
	if (cell->reverse)
		at += snprintf(out + at, STYLE_SIZE - (size_t)at, " reverse");
	if (cell->fg >= 0)
		at += snprintf(out + at, STYLE_SIZE - (size_t)at, " fg%d", cell->fg);
	if (cell->bg >= 0)
		snprintf(out + at, STYLE_SIZE - (size_t)at, " bg%d", cell->bg);
}

static char letter(struct legend *legend, const struct harness_cell *cell)
{
	char style[STYLE_SIZE];
	size_t i = 0;

	describe(cell, style);
	if (!style[0])
		return ' ';
	while (i < legend->count && strcmp(legend->styles[i], style) != 0)
		i++;
	if (i == STYLES)
		fail_msg("more than %d styles on one screen", STYLES);
	if (i == legend->count)
		strcpy(legend->styles[legend->count++], style);
	return (char)('a' + i);
}

static void add_row(struct harness *h, unsigned row, const char *const *masks,
                    struct legend *legend, struct buf *out)
{
	char *line = harness_line(h, row);
	struct buf styles = BUF_INIT;
	size_t end = 0;

	for (size_t i = 0; masks && masks[i]; i++)
		mask(line, masks[i]);
	for (unsigned column = 0; column < harness_columns(h); column++) {
		struct harness_cell cell = harness_cell(h, row, column);

		buf_addc(&styles, letter(legend, &cell));
		if (styles.data[styles.len - 1] != ' ')
			end = styles.len;
	}
	buf_addf(out, "|%s\n", line);
	if (end)
		buf_addf(out, ":%.*s\n", (int)end, buf_str(&styles));
	buf_clear(&styles);
	free(line);
}

char *golden_render(struct harness *h, const char *const *masks)
{
	struct legend legend = { .count = 0 };
	struct buf rows = BUF_INIT, out = BUF_INIT;
	unsigned row, column;
	bool visible;

	harness_cursor(h, &row, &column, &visible);
	buf_addf(&out, "%ux%u, cursor ", harness_columns(h), harness_rows(h));
	if (visible)
		buf_addf(&out, "at row %u, column %u\n", row, column);
	else
		buf_adds(&out, "hidden\n");
	for (unsigned i = 0; i < harness_rows(h); i++)
		add_row(h, i, masks, &legend, &rows);
	for (size_t i = 0; i < legend.count; i++)
		buf_addf(&out, "%s%c%s", i ? " · " : "", (char)('a' + i), legend.styles[i]);
	buf_addf(&out, "%s%s", legend.count ? "\n" : "no attributes\n", buf_str(&rows));
	buf_clear(&rows);
	return buf_take(&out);
}

/* --- against a file ---------------------------------------------------------------- */

struct wanted {
	const char *text;
	const char *const *masks;
};

static bool equals(struct harness *h, void *arg)
{
	const struct wanted *wanted = arg;
	char *now = golden_render(h, wanted->masks);
	bool same = strcmp(now, wanted->text) == 0;

	free(now);
	return same;
}

static char *read_golden(const char *path)
{
	struct buf text = BUF_INIT;
	FILE *f = fopen(path, "r");
	char bytes[4096];
	size_t n;

	if (!f)
		fail_msg("%s is missing; record it with RECORD=1", path);
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_add(&text, bytes, n);
	fclose(f);
	return buf_take(&text);
}

static void write_golden(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		fail_msg("%s cannot be written", path);
}

static size_t next_line(const char *text)
{
	size_t len = strcspn(text, "\n");

	return len + (text[len] == '\n');
}

/* The lines that differ, as "- wanted" and "+ seen". */
static char *differences(const char *wanted, const char *seen)
{
	struct buf out = BUF_INIT;

	while (*wanted || *seen) {
		size_t a = next_line(wanted), b = next_line(seen);

		if (a != b || memcmp(wanted, seen, a) != 0)
			buf_addf(&out, "- %.*s\n+ %.*s\n", (int)strcspn(wanted, "\n"), wanted,
			         (int)strcspn(seen, "\n"), seen);
		wanted += a;
		seen += b;
	}
	return buf_take(&out);
}

void golden_check(struct harness *h, const char *name, const char *const *masks)
{
	char *path = mem_printf("%s/screen/golden/%s.txt", TEST_SRCDIR, name);
	struct wanted wanted = { .masks = masks };
	char *text, *diff;

	if (getenv("RECORD")) {
		harness_settle(h, QUIET_MS);
		text = golden_render(h, masks);
		write_golden(path, text);
		free(text);
		free(path);
		return;
	}
	wanted.text = text = read_golden(path);
	/* A screen that changed on purpose must not cost the whole patience. */
	if (!harness_wait_ms(h, equals, &wanted, GOLDEN_MS)) {
		char *seen = golden_render(h, masks);

		/* The messages of cmocka are cut short. */
		diff = differences(text, seen);
		fprintf(stderr, "%s: - wanted, + seen\n%s\n", name, diff);
		free(diff);
		free(seen);
		fail_msg("the screen is not %s", name);
	}
	free(text);
	free(path);
}
