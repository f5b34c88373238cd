/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/prescan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "wire/prescan/fault.h"
#include "wire/prescan/key.h"
#include "wire/prescan/number.h"

/* Up to so many keys of an object are compared as they come; more are sorted
 * when the object ends, so that no input costs more than n log n. */
enum { COMPARE_DIRECTLY = 16 };

const struct prescan_limits prescan_document = {
	.max_bytes = 1 << 20, .max_nodes = 10000, .max_depth = 32,
};
const struct prescan_limits prescan_body = {
	.max_bytes = (1 << 20) + (1 << 16), .max_nodes = 10100, .max_depth = 34,
};
const struct prescan_limits prescan_batch = {
	.max_bytes = 8 << 20, .max_nodes = 1010100, .max_depth = 36,
	.max_items = 100, .item_bytes = (1 << 20) + (1 << 16), .item_nodes = 10100,
	.item_depth = 34, .item_members = { "proposals", "decisions" },
};
const struct prescan_limits prescan_answer = {
	.max_bytes = 16 << 20, .max_nodes = 1000000, .max_depth = 48,
};

struct frame {
	bool object;
	bool items;                /* elements are documents of a batch */
	bool inside;               /* a member or element is being read */
	size_t index;              /* of the element being read */
	struct prescan_key key;    /* of the member being read */
	size_t first_key;          /* its keys in the scratch start here */
};

struct scan {
	const unsigned char *start, *p, *end;
	const struct prescan_limits *limits;
	struct prescan *scratch;
	struct frame stack[PRESCAN_DEPTH_MAX];
	size_t depth, nodes;
	const unsigned char *item_start;   /* NULL outside of a batch item */
	size_t item_first_node;
	enum prescan_fault fault;
	const unsigned char *fault_at;
	size_t fault_depth;                /* frames that name the place */
	struct prescan_key fault_key;      /* duplicate: the member named last */
};

void prescan_clear(struct prescan *scratch)
{
	free(scratch->keys);
	*scratch = (struct prescan)PRESCAN_INIT;
}

/* --- faults ---------------------------------------------------------------- */

static void record(struct scan *s, enum prescan_fault fault, const unsigned char *at,
                   size_t depth)
{
	s->fault = fault;
	s->fault_at = at;
	s->fault_depth = depth;
}

static void record_duplicate(struct scan *s, const struct prescan_key *key, size_t depth)
{
	record(s, PRESCAN_DUPLICATE, key->at - 1, depth);
	s->fault_key = *key;
}

/* Ends the scan. What was put off (keys of large objects, length of a batch
 * item) is looked at now, so that the first fault in the text is named. */
static bool fail(struct scan *s, enum prescan_fault fault, const unsigned char *at)
{
	size_t end_key = s->scratch->key_count;

	if (s->fault == PRESCAN_NONE)
		record(s, fault, at, s->depth);
	if (s->item_start && s->fault_at >= s->item_start + s->limits->item_bytes)
		record(s, PRESCAN_BYTES, s->item_start + s->limits->item_bytes, 2);
	for (size_t d = s->depth; d-- > 0; ) {
		size_t first = s->stack[d].first_key;

		if (s->stack[d].object && end_key - first > COMPARE_DIRECTLY) {
			const struct prescan_key *key =
				prescan_key_duplicate(s->scratch->keys + first, end_key - first);

			if (key && key->at - 1 < s->fault_at)
				record_duplicate(s, key, d);
		}
		end_key = first;
	}
	return false;
}

static bool unexpected(struct scan *s)
{
	return fail(s, s->p < s->end ? PRESCAN_SYNTAX : PRESCAN_END, s->p);
}

/* Adds one segment; false where it does not fit any more. */
static bool add_segment(struct buf *b, const struct frame *f, const struct prescan_key *key)
{
	const unsigned char *p;
	char piece[4];

	if (!key && !f->object) {
		buf_addf(b, "/%zu", f->index);
		return !b->failed;
	}
	if (!key)
		key = &f->key;
	buf_addc(b, '/');
	for (p = key->at; p < key->at + key->len && !b->failed; ) {
		size_t n = prescan_unescape(&p, piece);

		if (n == 1 && (piece[0] == '~' || piece[0] == '/'))
			buf_adds(b, piece[0] == '~' ? "~0" : "~1");
		else
			buf_add(b, piece, n);
	}
	return !b->failed;
}

static void write_pointer(const struct scan *s, char out[PRESCAN_POINTER_SIZE])
{
	struct buf b = { .limit = PRESCAN_POINTER_SIZE - 1 };
	bool fits = true;

	for (size_t d = 0; d < s->fault_depth && fits; d++)
		if (s->stack[d].inside)
			fits = add_segment(&b, &s->stack[d], NULL);
	if (s->fault == PRESCAN_DUPLICATE && fits)
		add_segment(&b, &s->stack[s->fault_depth], &s->fault_key);
	utf8_copy(out, PRESCAN_POINTER_SIZE, buf_str(&b));
	buf_clear(&b);
}

static int report(const struct scan *s, struct prescan_error *error, struct err *err)
{
	struct prescan_error e = { .fault = s->fault };

	e.offset = (size_t)(s->fault_at - s->start);
	e.line = 1;
	for (const unsigned char *p = s->start; p < s->fault_at; p++)
		e.line += *p == '\n';
	write_pointer(s, e.pointer);
	if (error)
		*error = e;
	prescan_fault_set(e.fault, err);
	err_where(err, "line %zu, byte %zu%s%s", e.line, e.offset,
	          e.pointer[0] ? ", " : "", e.pointer);
	return prescan_fault_set(e.fault, NULL);
}

/* --- strings ---------------------------------------------------------------- */

static bool is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* *unit becomes the code unit of the escape \uXXXX at p. */
static bool unicode_escape(const struct scan *s, const unsigned char *p, unsigned *unit)
{
	if (s->end - p < 6 || p[0] != '\\' || p[1] != 'u' || !is_hex(p[2])
	    || !is_hex(p[3]) || !is_hex(p[4]) || !is_hex(p[5]))
		return false;
	*unit = prescan_hex4(p + 2);
	return true;
}

static bool escape(struct scan *s)
{
	unsigned unit, low;

	if (s->end - s->p < 2)
		return fail(s, PRESCAN_END, s->end);
	if (s->p[1] != 'u') {
		if (!strchr("\"\\/bfnrt", s->p[1]) || !s->p[1])
			return fail(s, PRESCAN_ESCAPE, s->p);
		s->p += 2;
		return true;
	}
	if (!unicode_escape(s, s->p, &unit))
		return fail(s, PRESCAN_ESCAPE, s->p);
	if (unit == 0)
		return fail(s, PRESCAN_NUL, s->p);
	if (unit >= 0xd800 && unit <= 0xdfff) {
		if (unit > 0xdbff || !unicode_escape(s, s->p + 6, &low)
		    || low < 0xdc00 || low > 0xdfff)
			return fail(s, PRESCAN_SURROGATE, s->p);
		s->p += 6;
	}
	s->p += 6;
	return true;
}

/* Skips bytes that need no look of their own, eight at a time. A borrow can
 * only raise a false alarm behind a true one, which the caller then sees. */
static void skip_plain(struct scan *s)
{
	const uint64_t ones = 0x0101010101010101u, high = ones * 0x80;
	uint64_t w;

	while (s->end - s->p >= 8) {
		memcpy(&w, s->p, 8);
		if ((w | (w - ones * 0x20) | ((w ^ ones * '"') - ones)
		     | ((w ^ ones * '\\') - ones)) & high)
			break;
		s->p += 8;
	}
	while (s->p < s->end && *s->p >= 0x20 && *s->p < 0x80 && *s->p != '"'
	       && *s->p != '\\')
		s->p++;
}

/* s->p stands on the opening quote. */
static bool string(struct scan *s, bool *escaped)
{
	uint32_t cp;
	size_t n;

	*escaped = false;
	for (s->p++; ; ) {
		skip_plain(s);
		if (s->p == s->end)
			return unexpected(s);
		if (*s->p == '"') {
			s->p++;
			return true;
		}
		if (*s->p == '\\') {
			*escaped = true;
			if (!escape(s))
				return false;
		} else if (*s->p < 0x20) {
			return fail(s, PRESCAN_CONTROL, s->p);
		} else {
			n = utf8_decode((const char *)s->p, (size_t)(s->end - s->p), &cp);
			if (!n)
				return fail(s, PRESCAN_UTF8, s->p);
			s->p += n;
		}
	}
}

/* --- structure -------------------------------------------------------------- */

static void white(struct scan *s)
{
	while (s->p < s->end
	       && (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t'))
		s->p++;
}

static bool key(struct scan *s)
{
	struct frame *f = &s->stack[s->depth - 1];
	struct prescan *k = s->scratch;
	bool escaped;

	white(s);
	if (s->p == s->end || *s->p != '"')
		return unexpected(s);
	f->key.at = s->p + 1;
	if (!string(s, &escaped))
		return false;
	f->key.len = (uint32_t)(s->p - 1 - f->key.at);
	f->key.hash = prescan_key_hash(f->key.at, f->key.len);
	if (k->key_count - f->first_key < COMPARE_DIRECTLY)
		for (size_t i = f->first_key; i < k->key_count; i++)
			if (k->keys[i].hash == f->key.hash
			    && prescan_key_compare(&k->keys[i], &f->key) == 0) {
				record_duplicate(s, &f->key, s->depth - 1);
				return fail(s, PRESCAN_DUPLICATE, s->fault_at);
			}
	MEM_GROW(k->keys, k->key_count, k->key_cap);
	k->keys[k->key_count++] = f->key;
	f->inside = true;
	white(s);
	if (s->p == s->end || *s->p != ':')
		return unexpected(s);
	s->p++;
	return true;
}

static bool names_items(const struct scan *s, const struct frame *f)
{
	for (int i = 0; s->limits->max_items && i < 4 && s->limits->item_members[i]; i++) {
		const char *name = s->limits->item_members[i];

		if (f->object && f->key.len == strlen(name)
		    && memcmp(f->key.at, name, f->key.len) == 0)
			return true;
	}
	return false;
}

static bool push(struct scan *s, bool object)
{
	struct frame *f;

	if (s->depth >= s->limits->max_depth
	    || (s->item_start && s->depth >= s->limits->item_depth + 2))
		return fail(s, PRESCAN_DEPTH, s->p);
	f = &s->stack[s->depth++];
	*f = (struct frame){
		.object = object, .first_key = s->scratch->key_count,
		.items = !object && s->depth == 2 && names_items(s, f - 1),
	};
	s->p++;
	return true;
}

/* A value is about to be read. */
static bool count_value(struct scan *s)
{
	struct frame *f = s->depth ? &s->stack[s->depth - 1] : NULL;

	if (f && f->items) {
		if (f->index >= s->limits->max_items)
			return fail(s, PRESCAN_ITEMS, s->p);
		s->item_start = s->p;
		s->item_first_node = s->nodes;
	}
	s->nodes++;
	if (s->nodes > s->limits->max_nodes
	    || (s->item_start && s->nodes - s->item_first_node > s->limits->item_nodes))
		return fail(s, PRESCAN_NODES, s->p);
	return true;
}

static bool literal(struct scan *s, const char *word)
{
	for (; *word; word++, s->p++)
		if (s->p == s->end || *s->p != (unsigned char)*word)
			return unexpected(s);
	return true;
}

static bool number(struct scan *s)
{
	const unsigned char *start = s->p;
	enum prescan_fault fault = prescan_number(&s->p, s->end);

	if (fault == PRESCAN_NONE)
		return true;
	return fail(s, fault, fault == PRESCAN_SYNTAX || fault == PRESCAN_END ? s->p : start);
}

/* Reads a scalar, or opens a container up to its first member. *open tells
 * that another value must follow at once. */
static bool value(struct scan *s, bool *open)
{
	bool escaped;

	*open = false;
	white(s);
	if (s->p == s->end)
		return unexpected(s);
	if (!count_value(s))
		return false;
	switch (*s->p) {
	case '"':
		return string(s, &escaped);
	case '{':
	case '[':
		if (!push(s, *s->p == '{'))
			return false;
		white(s);
		if (s->p < s->end && *s->p == (s->stack[s->depth - 1].object ? '}' : ']'))
			return true;
		*open = true;
		s->stack[s->depth - 1].inside = !s->stack[s->depth - 1].object;
		return !s->stack[s->depth - 1].object || key(s);
	case 't':
		return literal(s, "true");
	case 'f':
		return literal(s, "false");
	case 'n':
		return literal(s, "null");
	case '-': case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return number(s);
	default:
		return unexpected(s);
	}
}

static bool pop(struct scan *s)
{
	struct frame *f = &s->stack[s->depth - 1];
	struct prescan *k = s->scratch;

	if (f->object && k->key_count - f->first_key > COMPARE_DIRECTLY) {
		const struct prescan_key *dup =
			prescan_key_duplicate(k->keys + f->first_key, k->key_count - f->first_key);

		if (dup) {
			record_duplicate(s, dup, s->depth - 1);
			return fail(s, PRESCAN_DUPLICATE, s->fault_at);
		}
	}
	k->key_count = f->first_key;
	s->depth--;
	s->p++;
	return true;
}

/* A value has just ended: closes what closes here. *more tells that another
 * value must follow. */
static bool after_value(struct scan *s, bool *more)
{
	*more = false;
	while (s->depth) {
		struct frame *f = &s->stack[s->depth - 1];

		if (f->items && f->inside) {
			if ((size_t)(s->p - s->item_start) > s->limits->item_bytes)
				return fail(s, PRESCAN_BYTES, s->p);
			s->item_start = NULL;
		}
		f->inside = false;
		white(s);
		if (s->p < s->end && *s->p == ',') {
			s->p++;
			*more = true;
			f->inside = !f->object;
			f->index++;
			return !f->object || key(s);
		}
		if (s->p == s->end || *s->p != (f->object ? '}' : ']'))
			return unexpected(s);
		if (!pop(s))
			return false;
	}
	return true;
}

static bool run(struct scan *s)
{
	bool more = true;

	while (more) {
		if (!value(s, &more))
			return false;
		if (!more && !after_value(s, &more))
			return false;
	}
	white(s);
	return s->p == s->end || fail(s, PRESCAN_TRAILING, s->p);
}

int prescan_check(struct prescan *scratch, const char *bytes, size_t len,
                  const struct prescan_limits *limits, struct prescan_error *error,
                  struct err *err)
{
	struct scan s;

	s.start = s.p = (const unsigned char *)bytes;
	s.end = s.start + len;
	s.limits = limits ? limits : &prescan_document;
	s.scratch = scratch;
	s.depth = s.nodes = s.item_first_node = s.fault_depth = 0;
	s.item_start = NULL;
	s.fault = PRESCAN_NONE;
	scratch->key_count = 0;
	if (len > s.limits->max_bytes)
		fail(&s, PRESCAN_BYTES, s.start + s.limits->max_bytes);
	else
		run(&s);
	if (s.fault != PRESCAN_NONE)
		return report(&s, error, err);
	if (error)
		*error = (struct prescan_error){ .fault = PRESCAN_NONE };
	return 0;
}
