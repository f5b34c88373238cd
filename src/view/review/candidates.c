/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/candidates.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "view/plain.h"
#include "view/review/shape.h"

enum { POOL_MAX = 256, LINE_MAX_BYTES = 200, LINE_LOOK = 200, TEXT_MAX_BYTES = 1 << 18 };

enum { WORDS_MAX_BYTES = 40, REPAIRED = 4, RANKS = 2 * REPAIRED,
	CASH_STEP = 5 };

/* Something found, in bytes of the text. */
struct hit {
	size_t start, end;
	int rank;              /* smaller is likelier */
	char read[SHAPE_READ_SIZE];  /* what it is read as; empty: as it stands */
	const char *why;       /* how the desk computed it, or NULL: it stands there */
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
	char *value = plain_text(f->proposed), read[SHAPE_READ_SIZE];
	size_t len = strlen(value);
	enum shape shape = SHAPE_LINE;

	if (len && shape_length(SHAPE_DATE, value, len, read) == len)
		shape = SHAPE_DATE;
	else if (len && shape_length(SHAPE_AMOUNT, value, len, read) == len && !read[0])
		shape = SHAPE_AMOUNT;
	else if (f->type == FORM_NUMBER || f->type == FORM_INTEGER || name_has(f, amounts))
		shape = SHAPE_AMOUNT;
	else if (name_has(f, dates))
		shape = SHAPE_DATE;
	else if ((len && shape_length(SHAPE_NUMBER, value, len, read) == len) || (!len && name_has(f, numbers)))
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

static struct hit *add_hit(struct pool *p, size_t start, size_t end, int rank)
{
	while (start < end && isspace((unsigned char)p->text[start]))
		start++;
	while (end > start && isspace((unsigned char)p->text[end - 1]))
		end--;
	if (end <= start || end - start > LINE_MAX_BYTES || p->count == POOL_MAX)
		return NULL;
	p->hits[p->count] = (struct hit){ .start = start, .end = end, .rank = rank };
	return &p->hits[p->count++];
}

/* The line around a place, not far before or behind. */
static void line_around(const struct pool *p, size_t at, size_t *start, size_t *end)
{
	const char *stop, *line;

	*start = at > LINE_LOOK ? at - LINE_LOOK : 0;
	*end = at + LINE_LOOK < p->len ? at + LINE_LOOK : p->len;
	stop = memchr(p->text + at, '\n', *end - at);
	line = memrchr(p->text + *start, '\n', at - *start);
	if (stop)
		*end = (size_t)(stop - p->text);
	if (line)
		*start = (size_t)(line - p->text) + 1;
}

static bool line_has(const struct pool *p, size_t at, const char *word, size_t len)
{
	size_t start, end;

	line_around(p, at, &start, &end);
	for (; start + len <= end && len >= 3; start++)
		if (strncasecmp(p->text + start, word, len) == 0)
			return true;
	return false;
}

static bool line_has_any(const struct pool *p, size_t at, const char *const *words)
{
	for (; *words; words++)
		if (line_has(p, at, *words, strlen(*words)))
			return true;
	return false;
}

static bool line_names(const struct pool *p, size_t at, const struct form_field *f)
{
	return line_has(p, at, f->title, strcspn(f->title, " "));
}

/* Letters of a currency that stand right before an amount: how many, 0: none. */
static size_t prefix_length(const struct pool *p, size_t at)
{
	size_t n = 0;

	while (n < at && n < 4 && isupper((unsigned char)p->text[at - n - 1]))
		n++;
	return n >= 2 && n < 4 && !(n < at && in_word(p->text, p->len, at - n - 1)) ? n : 0;
}

/* Smaller is likelier: beside the evidence, on a line that names the field, on
 * a line about what is paid, elsewhere. */
static int rank_of(const struct pool *p, enum shape shape, const struct form_field *f,
                   size_t at, bool evidence)
{
	static const char *const paid[] = { "payable", "amount", "due", "rounded", "cash", "paid",
		"visa", "balance", "betrag", "summe", NULL };

	if (evidence || line_names(p, at, f))
		return evidence ? 0 : 1;
	return shape == SHAPE_AMOUNT && line_has_any(p, at, paid) ? 2 : 3;
}

/* "24,00" also as "24.00" where the proposed value has a point there. */
static void add_pointed(struct pool *p, size_t at, size_t len, int rank, const char *like)
{
	size_t n = like ? strlen(like) : 0;
	struct hit *hit;

	if (n < 4 || like[n - 3] != '.' || len >= SHAPE_READ_SIZE || p->text[at + len - 3] != ',')
		return;
	hit = add_hit(p, at, at + len, rank);
	if (!hit)
		return;
	snprintf(hit->read, sizeof hit->read, "%.*s", (int)len, p->text + at);
	hit->read[len - 3] = '.';
}

/* near: a place of the evidence; its line comes first. */
static void find_shaped(struct pool *p, enum shape shape, const struct form_field *f,
                        size_t near)
{
	size_t line = near < p->len ? line_start(p, near) : p->len;
	size_t behind = near < p->len ? line_end(p, near) : p->len;

	for (size_t at = 0; at < p->len && p->count < POOL_MAX; at++) {
		bool joined = at && in_word(p->text, p->len, at - 1)
			&& in_word(p->text, p->len, at);
		size_t n, prefix = shape == SHAPE_AMOUNT && isdigit((unsigned char)p->text[at])
			? prefix_length(p, at) : 0;
		char read[SHAPE_READ_SIZE];
		struct hit *hit;
		int rank;

		if (joined && !prefix)
			continue;
		n = shape_length(shape, p->text + at, p->len - at, read);
		if (!n || in_word(p->text, p->len, at + n))
			continue;
		rank = rank_of(p, shape, f, at, at >= line && at < behind);
		hit = add_hit(p, at, at + n, rank + (read[0] ? REPAIRED : 0));
		if (hit)
			memcpy(hit->read, read, sizeof read);
		if (prefix && !read[0] && rank < 3)
			add_hit(p, at - prefix, at + n, REPAIRED);
		if (shape == SHAPE_AMOUNT && !read[0])
			add_pointed(p, at, n, rank + REPAIRED, value_str(f->proposed));
		at += n - 1;
	}
}

/* --- the desk's own sums ------------------------------------------------------- */

/* In hundredths; false: too long. */
static bool hundredths(const char *text, size_t len, long long *out)
{
	bool minus = len && text[0] == '-';

	*out = 0;
	for (size_t i = 0; i < len; i++)
		if (isdigit((unsigned char)text[i]) && *out < 1000000000000LL)
			*out = *out * 10 + (text[i] - '0');
		else if (isdigit((unsigned char)text[i]))
			return false;
	*out = minus ? -*out : *out;
	return true;
}

static bool hit_hundredths(const struct pool *p, const struct hit *hit, long long *out)
{
	return hit->read[0] ? hundredths(hit->read, strlen(hit->read), out)
		: hundredths(p->text + hit->start, hit->end - hit->start, out);
}

static void add_sum(struct pool *p, const struct hit *from, long long sum, const char *why)
{
	struct hit *hit = sum > 0 ? add_hit(p, from->start, from->end, 1) : NULL;

	if (!hit)
		return;
	snprintf(hit->read, sizeof hit->read, "%lld.%02lld", sum / 100, sum % 100);
	hit->why = why;
}

/* What was handed over less the change; and, where the text speaks of rounding, the
 * amounts of the lines that name the field rounded to the smallest coin. */
static void find_sums(struct pool *p, const struct form_field *f)
{
	static const char *const cash[] = { "cash", "tender", "paid", NULL };
	static const char *const change[] = { "change", NULL };
	static const char *const coins[] = { "round", NULL };
	const struct hit *given = NULL;
	size_t found = p->count;
	bool rounds = memmem(p->text, p->len, "ounding", 7) || memmem(p->text, p->len, "OUNDING", 7);
	long long a, b;

	for (size_t i = 0; i < found; i++) {
		const struct hit *hit = &p->hits[i];
		bool back = line_has_any(p, hit->start, change);

		if (!hit_hundredths(p, hit, &a))
			continue;
		if (given && back && hit_hundredths(p, given, &b) && llabs(b) > a && a >= 0)
			add_sum(p, given, llabs(b) - a, N_("cash less change"));
		if (line_has_any(p, hit->start, cash) && !back)
			given = hit;
		if (rounds && a > 0 && line_names(p, hit->start, f)
		    && !line_has_any(p, hit->start, coins) && a % CASH_STEP)
			add_sum(p, hit, (a + CASH_STEP / 2) / CASH_STEP * CASH_STEP,
			        N_("rounded to 0.05"));
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

/* The words before it on its line. */
static char *context_of(const struct pool *p, const struct hit *hit)
{
	struct hit words = { .end = hit->start };
	size_t end;

	line_around(p, hit->start, &words.start, &end);
	while (words.start < words.end && ispunct((unsigned char)p->text[words.start]))
		words.start++;
	while (words.end > words.start && (isspace((unsigned char)p->text[words.end - 1])
	       || strchr(":-.=", p->text[words.end - 1])))
		words.end--;
	if (words.end - words.start > WORDS_MAX_BYTES)
		words.start = words.end - WORDS_MAX_BYTES;
	while (words.start < words.end && ((unsigned char)p->text[words.start] & 0xc0) == 0x80)
		words.start++;
	return words.end > words.start ? hit_text(p, &words) : NULL;
}

static void take(const struct pool *p, const struct hit *hit, const char *proposed,
                 bool shaped, struct candidates *out)
{
	char *text = hit_text(p, hit);
	bool known;

	if (hit->read[0]) {
		free(text);
		text = mem_strdup(hit->read);
	}
	known = strcmp(text, proposed) == 0;

	for (size_t i = 0; i < out->count && !known; i++)
		known = strcmp(out->items[i].text, text) == 0;
	if (known || out->count == CANDIDATES_MAX) {
		free(text);
		return;
	}
	out->items[out->count++] = (struct candidate){
		.start = utf8_count(p->text, hit->start),
		.end = utf8_count(p->text, hit->end), .text = text, .why = hit->why,
		.repaired = hit->read[0] && !hit->why,
		.context = shaped ? context_of(p, hit) : NULL };
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
	if (shape == SHAPE_AMOUNT)
		find_sums(&pool, field);
	for (int rank = 0; rank < RANKS; rank++)
		for (size_t i = 0; i < pool.count; i++)
			if (pool.hits[i].rank == rank)
				take(&pool, &pool.hits[i], proposed, shape != SHAPE_LINE, out);
out:
	free(proposed);
}

void candidates_clear(struct candidates *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].text);
		free(c->items[i].context);
	}
	memset(c, 0, sizeof *c);
}
