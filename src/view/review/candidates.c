/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/candidates.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "view/plain.h"

enum shape { SHAPE_LINE, SHAPE_DATE, SHAPE_AMOUNT, SHAPE_NUMBER };

enum { POOL_MAX = 256, LINE_MAX_BYTES = 200, LINE_LOOK = 200, TEXT_MAX_BYTES = 1 << 18 };

/* Something found, in bytes of the text. */
struct hit {
	size_t start, end;
	int rank;        /* smaller is likelier */
};

struct pool {
	struct hit hits[POOL_MAX];
	size_t count;
	const char *text;
	size_t len;
};

static bool in_word(const char *text, size_t len, size_t at)
{
	return at < len && (isalnum((unsigned char)text[at]) || (unsigned char)text[at] >= 0x80);
}

/* Beginnings of month names in the languages of documents seen so far: English,
 * German, French, Spanish, Italian, Portuguese, Dutch. */
static bool month_name(const char *s, size_t len)
{
	static const char *const months[] = { "jan", "ene", "gen", "feb", "fév", "fev", "mar",
		"mär", "maa", "apr", "avr", "abr", "may", "mai", "mag", "mei", "jun", "jui", "giu",
		"jul", "lug", "aug", "ao", "ago", "sep", "set", "okt", "oct", "ott", "out", "nov",
		"dec", "déc", "dez", "dic" };

	for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
		size_t n = strlen(months[i]);

		if (len >= n && strncasecmp(s, months[i], n) == 0)
			return true;
	}
	return false;
}

/* A part of a date: a number, or the name of a month. Returns its length. */
static size_t date_part(const char *s, size_t len, long *number)
{
	size_t at = 0;

	*number = 0;
	while (at < len && at < 5 && isdigit((unsigned char)s[at]))
		*number = *number * 10 + (s[at++] - '0');
	if (at)
		return at == 3 || at == 5 ? 0 : at;
	while (at < len && (isalpha((unsigned char)s[at]) || (unsigned char)s[at] >= 0x80))
		at++;
	*number = -1;
	return at >= 3 && at <= 12 && month_name(s, at) ? at : 0;
}

static bool date_numbers(const long part[3], const size_t digits[3])
{
	bool name_first = part[0] < 0, name_second = part[1] < 0;
	long day, month, year = part[2];

	if (digits[0] == 4 && part[1] >= 0)
		return part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31;
	if (year < 0 || (digits[2] != 2 && digits[2] != 4))
		return false;
	day = name_first ? part[1] : part[0];
	month = name_first || name_second ? 1 : part[1];
	/* both orders of day and month are in use */
	return day >= 1 && month >= 1 && day <= 31 && month <= 31
		&& (day <= 12 || month <= 12);
}

/* Length of a date at s: day, month and year with "/", "." or "-" between them,
 * or blanks and commas around the name of a month; 0: none. */
static size_t date_length(const char *s, size_t len)
{
	size_t at = 0, digits[3];
	long part[3];
	bool name = false, blanks = false;

	for (int i = 0; i < 3; i++) {
		size_t used = date_part(s + at, len - at, &part[i]), gap = 0;

		if (!used)
			return 0;
		digits[i] = part[i] < 0 ? 0 : used;
		name |= part[i] < 0;
		at += used;
		for (; i < 2 && at < len && gap < 4 && strchr("/.- ,'", s[at]); gap++)
			blanks |= s[at++] == ' ';
		if (i < 2 && !gap)
			return 0;
	}
	return (!blanks || name) && date_numbers(part, digits) ? at : 0;
}

/* Length of an amount at s: digits with separators, two or three at the end
 * after a point or comma; 0: none. */
static size_t amount_length(const char *s, size_t len)
{
	size_t at = len && s[0] == '-' ? 1 : 0, last = 0;

	if (at >= len || !isdigit((unsigned char)s[at]))
		return 0;
	while (at < len && (isdigit((unsigned char)s[at])
	       || (strchr(".,", s[at]) && at + 1 < len && isdigit((unsigned char)s[at + 1])))) {
		if (!isdigit((unsigned char)s[at]))
			last = at;
		at++;
	}
	return last && at - last == 3 ? at : 0;
}

static size_t number_length(const char *s, size_t len)
{
	size_t at = 0, digits = 0;

	while (at < len && (isalnum((unsigned char)s[at]) || strchr("-/_", s[at]))) {
		digits += isdigit((unsigned char)s[at]) != 0;
		at++;
	}
	while (at && !isalnum((unsigned char)s[at - 1]))
		at--;
	return digits >= 4 ? at : 0;
}

static size_t shape_length(enum shape shape, const char *s, size_t len)
{
	switch (shape) {
	case SHAPE_DATE:
		return date_length(s, len);
	case SHAPE_AMOUNT:
		return amount_length(s, len);
	case SHAPE_NUMBER:
		return number_length(s, len);
	case SHAPE_LINE:
		break;
	}
	return 0;
}

static bool name_has(const struct form_field *f, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(f->name, *words) || strcasestr(f->title, *words))
			return true;
	return false;
}

static enum shape shape_of(const struct form_field *f)
{
	static const char *const dates[] = { "date", "day", NULL };
	static const char *const amounts[] = { "total", "amount", "price", "sum", "tax", "net",
		"gross", "paid", "balance", NULL };
	static const char *const numbers[] = { "number", "no", "id", "reference", "ref", NULL };
	char *value = plain_text(f->proposed);
	size_t len = strlen(value);
	enum shape shape = SHAPE_LINE;

	if (len && date_length(value, len) == len)
		shape = SHAPE_DATE;
	else if (len && amount_length(value, len) == len)
		shape = SHAPE_AMOUNT;
	else if (f->type == FORM_NUMBER || f->type == FORM_INTEGER || name_has(f, amounts))
		shape = SHAPE_AMOUNT;
	else if (name_has(f, dates))
		shape = SHAPE_DATE;
	else if ((len && number_length(value, len) == len) || (!len && name_has(f, numbers)))
		shape = SHAPE_NUMBER;
	free(value);
	return shape;
}

static size_t line_start(const struct pool *p, size_t at)
{
	while (at && p->text[at - 1] != '\n')
		at--;
	return at;
}

static size_t line_end(const struct pool *p, size_t at)
{
	const char *end = memchr(p->text + at, '\n', p->len - at);

	return end ? (size_t)(end - p->text) : p->len;
}

static void add_hit(struct pool *p, size_t start, size_t end, int rank)
{
	while (start < end && isspace((unsigned char)p->text[start]))
		start++;
	while (end > start && isspace((unsigned char)p->text[end - 1]))
		end--;
	if (end <= start || end - start > LINE_MAX_BYTES || p->count == POOL_MAX)
		return;
	p->hits[p->count++] = (struct hit){ start, end, rank };
}

/* Does the line name the field, not far before or behind? */
static bool line_names(const struct pool *p, size_t at, const struct form_field *f)
{
	size_t start = at > LINE_LOOK ? at - LINE_LOOK : 0, word = strcspn(f->title, " ");
	size_t end = at + LINE_LOOK < p->len ? at + LINE_LOOK : p->len;
	const char *stop = memchr(p->text + at, '\n', end - at);
	const char *line = memrchr(p->text + start, '\n', at - start);

	if (stop)
		end = (size_t)(stop - p->text);
	if (line)
		start = (size_t)(line - p->text) + 1;
	for (; start + word <= end && word >= 3; start++)
		if (strncasecmp(p->text + start, f->title, word) == 0)
			return true;
	return false;
}

/* near: a place of the evidence; its line comes first. */
static void find_shaped(struct pool *p, enum shape shape, const struct form_field *f,
                        size_t near)
{
	size_t line = near < p->len ? line_start(p, near) : p->len;
	size_t behind = near < p->len ? line_end(p, near) : p->len;

	for (size_t at = 0; at < p->len && p->count < POOL_MAX; at++) {
		size_t n;

		if (at && in_word(p->text, p->len, at - 1) && in_word(p->text, p->len, at))
			continue;
		n = shape_length(shape, p->text + at, p->len - at);
		if (!n || in_word(p->text, p->len, at + n))
			continue;
		add_hit(p, at, at + n, at >= line && at < behind ? 0 : line_names(p, at, f) ? 1 : 2);
		at += n - 1;
	}
}

/* Whole lines: those of the evidence together, with the next one, then the
 * lines around, else the head of the text. */
static void find_lines(struct pool *p, size_t from, size_t to)
{
	size_t at = 0;

	if (from < to) {
		size_t start = line_start(p, from), end = line_end(p, to);

		add_hit(p, start, end, 0);
		if (end < p->len)
			add_hit(p, start, line_end(p, end + 1), 1);
		at = start;
		for (int back = 0; back < 2 && at; back++)
			at = line_start(p, at - 1);
	}
	for (int lines = 0; at < p->len && lines < 8; lines++) {
		size_t end = line_end(p, at);

		add_hit(p, at, end, 2);
		at = end + 1;
	}
}

/* The text of a hit on one line: line ends and runs of space become a blank. */
static char *hit_text(const struct pool *p, const struct hit *hit)
{
	struct buf out = BUF_INIT;
	bool blank = false;

	for (size_t i = hit->start; i < hit->end; i++) {
		if (isspace((unsigned char)p->text[i])) {
			blank = true;
			continue;
		}
		if (blank)
			buf_addc(&out, ' ');
		blank = false;
		buf_addc(&out, p->text[i]);
	}
	return buf_take(&out);
}

static void take(const struct pool *p, const struct hit *hit, const char *proposed,
                 struct candidates *out)
{
	char *text = hit_text(p, hit);
	bool known = strcmp(text, proposed) == 0;

	for (size_t i = 0; i < out->count && !known; i++)
		known = strcmp(out->items[i].text, text) == 0;
	if (known || out->count == CANDIDATES_MAX) {
		free(text);
		return;
	}
	out->items[out->count++] = (struct candidate){
		.start = utf8_count(p->text, hit->start),
		.end = utf8_count(p->text, hit->end), .text = text };
}

static const struct source *text_source(const struct proposal *p, const struct field *field)
{
	for (size_t i = 0; field && i < field->evidence_count; i++) {
		const struct source *s = proposal_find_source(p, field->evidence[i].source);

		if (s && s->text)
			return s;
	}
	for (size_t i = 0; i < p->source_count; i++)
		if (p->sources[i].text)
			return &p->sources[i];
	return NULL;
}

void candidates_find(const struct proposal *p, const struct form_field *field,
                     struct candidates *out)
{
	const struct field *f = proposal_find_field(p, field->name);
	char *proposed = plain_text(field->proposed);
	size_t from = (size_t)-1, to = 0;
	enum shape shape = shape_of(field);
	struct pool pool = { .count = 0 };

	memset(out, 0, sizeof *out);
	out->source = text_source(p, f);
	if (!out->source || field->type == FORM_JSON || field->type == FORM_BOOL)
		goto out;
	pool.text = out->source->text;
	pool.len = out->source->text_len < TEXT_MAX_BYTES ? out->source->text_len
		: TEXT_MAX_BYTES;
	for (size_t i = 0; f && i < f->evidence_count; i++) {
		const struct evidence *e = &f->evidence[i];

		if (e->is_box || strcmp(e->source, out->source->id) != 0)
			continue;
		size_t start = utf8_offset(pool.text, pool.len, (size_t)e->start);
		size_t end = utf8_offset(pool.text, pool.len, (size_t)e->end);

		from = start < from ? start : from;
		to = end > to ? end : to;
	}
	if (shape == SHAPE_LINE)
		find_lines(&pool, from, to > from ? to - 1 : 0);
	else
		find_shaped(&pool, shape, field, from);
	for (int rank = 0; rank < 3; rank++)
		for (size_t i = 0; i < pool.count; i++)
			if (pool.hits[i].rank == rank)
				take(&pool, &pool.hits[i], proposed, out);
out:
	free(proposed);
}

void candidates_clear(struct candidates *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->items[i].text);
	memset(c, 0, sizeof *c);
}
