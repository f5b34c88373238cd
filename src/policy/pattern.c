/* SPDX-License-Identifier: Apache-2.0
 *
 * A pattern becomes a program whose jumps all lead forward (there is no "*"),
 * after Thompson (CACM 11:6, 1968): the states that are on are stepped through
 * together, one code point at a time, and one pass in ascending order also
 * follows every jump.
 */
#include "policy/pattern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"

enum op { OP_SET, OP_SPLIT, OP_JUMP, OP_MATCH };

/* SET: set a. SPLIT: go on at +a and +b. JUMP: at +a. Offsets are relative, so
 * that a repeated piece can be copied. */
struct code {
	enum op op;
	int a, b;
};

struct range {
	uint32_t low, high;
};

struct set {
	size_t first, count;   /* ranges */
	bool negated;
};

struct pattern {
	struct code *code;
	size_t code_count, code_cap;
	struct set *sets;
	size_t set_count, set_cap;
	struct range *ranges;
	size_t range_count, range_cap;
	bool from_start, to_end;
};

enum { GROUPS_MAX = 32 };

struct parser {
	struct pattern *p;
	const char *text, *at, *end;
	int depth;             /* of groups */
	struct err *err;
};

static int wrong(struct parser *c, enum err_code code, const char *msgid)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	err_set(c->err, code, msgid);
#pragma GCC diagnostic pop
	err_where(c->err, "offset %zu", (size_t)(c->at - c->text));
	return code;
}

/* --- the program ----------------------------------------------------------- */

static int emit(struct parser *c, enum op op, int a, int b)
{
	struct pattern *p = c->p;

	if (p->code_count >= PATTERN_STATES)
		return wrong(c, ERR_LIMIT, N_("the pattern is too big"));
	MEM_GROW(p->code, p->code_count, p->code_cap);
	p->code[p->code_count++] = (struct code){ op, a, b };
	return 0;
}

static int emit_copy(struct parser *c, size_t from, size_t len)
{
	int rc = 0;

	for (size_t i = 0; i < len && rc == 0; i++) {
		struct code piece = c->p->code[from + i];

		rc = emit(c, piece.op, piece.a, piece.b);
	}
	return rc;
}

/* Puts an instruction before the piece that begins at `at`. */
static int insert(struct parser *c, size_t at, struct code code)
{
	struct pattern *p = c->p;

	if (emit(c, code.op, 0, 0) < 0)
		return ERR_LIMIT;
	memmove(&p->code[at + 1], &p->code[at], (p->code_count - 1 - at) * sizeof *p->code);
	p->code[at] = code;
	return 0;
}

/* --- sets of characters ---------------------------------------------------- */

static struct set *new_set(struct pattern *p)
{
	MEM_GROW(p->sets, p->set_count, p->set_cap);
	p->sets[p->set_count] = (struct set){ .first = p->range_count };
	return &p->sets[p->set_count++];
}

/* Ranges of a set are added while it is the last one. */
static void add_range(struct pattern *p, uint32_t low, uint32_t high)
{
	MEM_GROW(p->ranges, p->range_count, p->range_cap);
	p->ranges[p->range_count++] = (struct range){ low, high };
	p->sets[p->set_count - 1].count++;
}

/* \d \w \s; false for any other letter. */
static bool add_named(struct pattern *p, char name)
{
	switch (name) {
	case 'w':
		add_range(p, 'a', 'z');
		add_range(p, 'A', 'Z');
		add_range(p, '_', '_');
		/* fall through */
	case 'd':
		add_range(p, '0', '9');
		return true;
	case 's':
		add_range(p, '\t', '\r');
		add_range(p, ' ', ' ');
		return true;
	}
	return false;
}

static bool in_set(const struct pattern *p, const struct set *s, uint32_t cp)
{
	for (size_t i = s->first; i < s->first + s->count; i++)
		if (cp >= p->ranges[i].low && cp <= p->ranges[i].high)
			return !s->negated;
	return s->negated;
}

/* --- parsing --------------------------------------------------------------- */

static bool is_punctuation(char c)
{
	return strchr("\\.[](){}|?*+^$-/\"'#,:;<>=!@%&~`_", c) != NULL && c;
}

/* One character after a backslash, or one that stands for itself. */
static int read_char(struct parser *c, uint32_t *cp)
{
	size_t len;

	if (c->at < c->end && *c->at == '\\') {
		char e = c->at + 1 < c->end ? c->at[1] : '\0';

		if (e == 'n' || e == 't' || e == 'r')
			*cp = e == 'n' ? '\n' : e == 't' ? '\t' : '\r';
		else if (is_punctuation(e))
			*cp = (unsigned char)e;
		else
			return wrong(c, ERR_INVALID, N_("unknown escape in the pattern"));
		c->at += 2;
		return 0;
	}
	len = utf8_decode(c->at, (size_t)(c->end - c->at), cp);
	if (!len)
		return wrong(c, ERR_INVALID, N_("the pattern is not UTF-8"));
	c->at += len;
	return 0;
}

static int class_item(struct parser *c)
{
	uint32_t low, high;

	if (*c->at == '\\' && c->at + 1 < c->end && strchr("dws", c->at[1]) && c->at[1]) {
		add_named(c->p, c->at[1]);
		c->at += 2;
		return 0;
	}
	if (read_char(c, &low) < 0)
		return ERR_INVALID;
	high = low;
	if (c->at + 1 < c->end && c->at[0] == '-' && c->at[1] != ']') {
		c->at++;
		if (read_char(c, &high) < 0)
			return ERR_INVALID;
		if (high < low)
			return wrong(c, ERR_INVALID, N_("a range of the pattern runs backwards"));
	}
	add_range(c->p, low, high);
	return 0;
}

static int parse_class(struct parser *c)
{
	size_t index = c->p->set_count;

	new_set(c->p);
	c->at++;
	if (c->at < c->end && *c->at == '^') {
		c->p->sets[index].negated = true;
		c->at++;
	}
	while (c->at < c->end && *c->at != ']')
		if (class_item(c) < 0)
			return ERR_INVALID;
	if (c->at == c->end || !c->p->sets[index].count)
		return wrong(c, ERR_INVALID, N_("a class of the pattern is empty or not closed"));
	c->at++;
	return emit(c, OP_SET, (int)index, 0);
}

static int parse_escape_set(struct parser *c)
{
	size_t index = c->p->set_count;
	struct set *s = new_set(c->p);
	char name = c->at[1];

	s->negated = name < 'a';
	add_named(c->p, (char)(name | 0x20));
	c->at += 2;
	return emit(c, OP_SET, (int)index, 0);
}

static int parse_one(struct parser *c)
{
	size_t index = c->p->set_count;
	uint32_t cp;

	if (*c->at == '.') {
		new_set(c->p)->negated = true;   /* all but none */
		c->at++;
	} else if (*c->at == '*' || *c->at == '+') {
		return wrong(c, ERR_INVALID, N_("“*” and “+” have no bound; use {m,n}"));
	} else if (strchr("^$?{}]", *c->at)) {
		return wrong(c, ERR_INVALID, N_("this character cannot stand here; write a \\ before it"));
	} else {
		if (read_char(c, &cp) < 0)
			return ERR_INVALID;
		new_set(c->p);
		add_range(c->p, cp, cp);
	}
	return emit(c, OP_SET, (int)index, 0);
}

static int parse_choice(struct parser *c, bool *repeats);

/* *repeats: there is a repeat inside. */
static int parse_atom(struct parser *c, bool *repeats)
{
	int rc;

	*repeats = false;
	if (*c->at == '[')
		return parse_class(c);
	if (*c->at == '\\' && c->at + 1 < c->end && c->at[1] && strchr("dwsDWS", c->at[1]))
		return parse_escape_set(c);
	if (*c->at != '(')
		return parse_one(c);
	if (++c->depth > GROUPS_MAX)
		return wrong(c, ERR_LIMIT, N_("the pattern is too big"));
	c->at++;
	rc = parse_choice(c, repeats);
	if (rc == 0 && (c->at == c->end || *c->at != ')'))
		rc = wrong(c, ERR_INVALID, N_("a group of the pattern is not closed"));
	c->at++;
	c->depth--;
	return rc;
}

static bool read_count(struct parser *c, int *out)
{
	const char *start = c->at;

	for (*out = 0; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++)
		if (*out <= PATTERN_REPEAT_MAX)
			*out = *out * 10 + (*c->at - '0');
	return c->at > start && *out <= PATTERN_REPEAT_MAX;
}

/* "?", "{n}" or "{m,n}"; false where none stands here. */
static bool at_repeat(const struct parser *c)
{
	return c->at < c->end && (*c->at == '?' || *c->at == '{');
}

static int read_repeat(struct parser *c, int *least, int *most)
{
	bool good;

	*least = 0;
	*most = 1;
	if (*c->at++ == '?')
		return 0;
	good = read_count(c, least);
	*most = *least;
	if (good && c->at < c->end && *c->at == ',') {
		c->at++;
		good = read_count(c, most);
	}
	if (!good || c->at == c->end || *c->at != '}' || *most < *least || !*most)
		return wrong(c, ERR_INVALID, N_("a repeat is written ?, {n} or {m,n} with m <= n <= 255"));
	c->at++;
	return 0;
}

/* The piece that begins at `at` is there once; makes it least … most times. */
static int repeat(struct parser *c, size_t at, int least, int most)
{
	size_t len = c->p->code_count - at;
	struct code skip = { OP_SPLIT, 1, (int)len + 1 };

	for (int i = 1; i < least; i++)
		if (emit_copy(c, at, len) < 0)
			return ERR_LIMIT;
	if (least == 0 && insert(c, at++, skip) < 0)
		return ERR_LIMIT;
	for (int i = least ? least : 1; i < most; i++)
		if (emit(c, skip.op, skip.a, skip.b) < 0 || emit_copy(c, at, len) < 0)
			return ERR_LIMIT;
	return 0;
}

static int parse_sequence(struct parser *c, bool *repeats)
{
	while (c->at < c->end && *c->at != '|' && *c->at != ')') {
		size_t start = c->p->code_count;
		int least, most, rc;
		bool inside;

		rc = parse_atom(c, &inside);
		if (rc < 0)
			return rc;
		*repeats |= inside;
		if (!at_repeat(c))
			continue;
		if (inside)
			return wrong(c, ERR_INVALID, N_("a repeat cannot stand inside a repeat"));
		rc = read_repeat(c, &least, &most);
		if (rc == 0)
			rc = repeat(c, start, least, most);
		if (rc < 0)
			return rc;
		if (at_repeat(c))
			return wrong(c, ERR_INVALID, N_("a repeat cannot stand inside a repeat"));
		*repeats = true;
	}
	return 0;
}

static int parse_choice(struct parser *c, bool *repeats)
{
	size_t start = c->p->code_count, jump;
	int rc = parse_sequence(c, repeats);
	struct code split = { OP_SPLIT, 1, (int)(c->p->code_count - start) + 2 };

	if (rc < 0 || c->at == c->end || *c->at != '|')
		return rc;
	c->at++;
	if (insert(c, start, split) < 0 || emit(c, OP_JUMP, 0, 0) < 0)
		return ERR_LIMIT;
	jump = c->p->code_count - 1;
	rc = parse_choice(c, repeats);
	c->p->code[jump].a = (int)(c->p->code_count - jump);
	return rc;
}

static int parse(struct parser *c)
{
	size_t slashes = 0;
	bool repeats = false;
	int rc;

	if (c->at < c->end && *c->at == '^') {
		c->p->from_start = true;
		c->at++;
	}
	while (c->end - c->at > (long)slashes + 1 && c->end[-2 - (long)slashes] == '\\')
		slashes++;
	if (c->end > c->at && c->end[-1] == '$' && slashes % 2 == 0) {
		c->p->to_end = true;
		c->end--;
	}
	rc = parse_choice(c, &repeats);
	if (rc == 0 && c->at < c->end)
		rc = wrong(c, ERR_INVALID, N_("a group of the pattern is closed but not opened"));
	return rc == 0 ? emit(c, OP_MATCH, 0, 0) : rc;
}

int pattern_compile(const char *text, struct pattern **out, struct err *err)
{
	struct err e = ERR_INIT;
	struct pattern *p = mem_zalloc(sizeof *p);
	struct parser c = { .p = p, .text = text, .at = text, .err = &e };

	*out = NULL;
	c.end = text + strlen(text);
	if (c.end - text > PATTERN_BYTES_MAX)
		wrong(&c, ERR_LIMIT, N_("the pattern is too big"));
	else
		parse(&c);
	if (e.code != ERR_NONE) {
		pattern_free(p);
		if (err && err->code == ERR_NONE)
			*err = e;
		return e.code;
	}
	*out = p;
	return 0;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	free(p->code);
	free(p->sets);
	free(p->ranges);
	free(p);
}

/* Steps every state that is on; returns true where the pattern has matched. */
static bool step(const struct pattern *p, bool *on, bool *next, bool at_end, uint32_t cp)
{
	memset(next, 0, p->code_count * sizeof *next);
	for (size_t i = 0; i < p->code_count; i++) {
		const struct code *code = &p->code[i];

		if (!on[i])
			continue;
		switch (code->op) {
		case OP_SET:
			if (!at_end && in_set(p, &p->sets[code->a], cp))
				next[i + 1] = true;
			break;
		case OP_SPLIT:
			on[i + (size_t)code->a] = on[i + (size_t)code->b] = true;
			break;
		case OP_JUMP:
			on[i + (size_t)code->a] = true;
			break;
		case OP_MATCH:
			if (at_end || !p->to_end)
				return true;
			break;
		}
	}
	return false;
}

bool pattern_match(const struct pattern *p, const char *s, size_t len)
{
	bool states[2][PATTERN_STATES] = { { false } };
	bool *on = states[0], *next = states[1], *swap;
	size_t at = 0, size;
	uint32_t cp = 0;

	on[0] = true;
	for (;;) {
		if (!p->from_start)
			on[0] = true;
		size = at < len ? utf8_decode(s + at, len - at, &cp) : 0;
		if (at < len && !size)
			return false;
		if (step(p, on, next, at == len, cp))
			return true;
		if (at == len)
			return false;
		at += size;
		swap = on;
		on = next;
		next = swap;
	}
}
