/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/jcs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "wire/json.h"

/* Order of UTF-16 code units from UTF-8 bytes: as bytes, except that lead
 * bytes 0xf0 and up (surrogate pairs, units d800..dfff) come before 0xee and
 * 0xef (units e000..ffff). */
static int rank(unsigned char c)
{
	return c >= 0xf0 ? c - 2 : c >= 0xee ? c + 8 : c;
}

static int by_key(const void *x, const void *y)
{
	const struct value_member *const *a = x, *const *b = y;
	const unsigned char *p = (const unsigned char *)(*a)->key;
	const unsigned char *q = (const unsigned char *)(*b)->key;

	while (*p && *p == *q) {
		p++;
		q++;
	}
	return rank(*p) - rank(*q);
}

static void write_object(const struct value *v, struct buf *out)
{
	const struct value_member *few[16], **sorted = few;

	if (v->count > sizeof few / sizeof few[0])
		sorted = mem_resize(NULL, v->count, sizeof *sorted);
	for (size_t i = 0; i < v->count; i++)
		sorted[i] = &v->members[i];
	if (v->count)
		qsort(sorted, v->count, sizeof *sorted, by_key);
	buf_addc(out, '{');
	for (size_t i = 0; i < v->count; i++) {
		if (i)
			buf_addc(out, ',');
		json_text_string(sorted[i]->key, strlen(sorted[i]->key), out);
		buf_addc(out, ':');
		jcs_write(sorted[i]->value, out);
	}
	buf_addc(out, '}');
	if (sorted != few)
		free(sorted);
}

void jcs_write(const struct value *v, struct buf *out)
{
	char number[NUM_TEXT_SIZE];

	switch (v->type) {
	case VALUE_OBJECT:
		write_object(v, out);
		break;
	case VALUE_ARRAY:
		buf_addc(out, '[');
		for (size_t i = 0; i < v->count; i++) {
			if (i)
				buf_addc(out, ',');
			jcs_write(v->items[i], out);
		}
		buf_addc(out, ']');
		break;
	case VALUE_INT:
		/* RFC 8785 knows doubles only; the wire's integers are exact as such,
		 * and the few that are not are written as their double. */
		buf_adds(out, num_es6((double)v->i, number));
		break;
	default:
		json_text(v, out);
	}
}

const char *jcs_digest(const struct value *v, char out[HASH_TEXT_SIZE])
{
	unsigned char hash[HASH_SIZE];
	struct buf text = BUF_INIT;

	jcs_write(v, &text);
	hash_sha256(buf_str(&text), text.len, hash);
	buf_clear(&text);
	return hash_text(hash, out);
}

bool jcs_equal(const struct value *a, const struct value *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool equal;

	jcs_write(a, &x);
	jcs_write(b, &y);
	equal = x.len == y.len && memcmp(buf_str(&x), buf_str(&y), x.len) == 0;
	buf_clear(&x);
	buf_clear(&y);
	return equal;
}
