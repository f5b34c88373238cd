/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <string.h>

#include "base/text/class.h"

static const char *const kind_names[TEXT_KINDS] = {
	"control", "bidi", "zero_width", "tag", "variation", "ignorable", "separator",
	"private_use", "unassigned", "invalid_utf8", "marks", "mixed_script"
};

const char *text_kind_name(unsigned kind)
{
	for (unsigned i = 0; i < TEXT_KINDS; i++)
		if (kind == 1u << i)
			return kind_names[i];
	return "";
}

unsigned text_kind_find(const char *name)
{
	for (unsigned i = 0; i < TEXT_KINDS; i++)
		if (strcmp(name, kind_names[i]) == 0)
			return 1u << i;
	return 0;
}

void text_found_names(unsigned found, const char *sep, struct buf *out)
{
	bool more = false;

	for (unsigned i = 0; i < TEXT_KINDS; i++) {
		if (!(found & 1u << i))
			continue;
		if (more)
			buf_adds(out, sep);
		buf_adds(out, kind_names[i]);
		more = true;
	}
}

bool text_found_blocks(unsigned found)
{
	return (found & (TEXT_CONTROL | TEXT_BIDI | TEXT_ZERO_WIDTH | TEXT_TAG
	                 | TEXT_VARIATION | TEXT_IGNORABLE)) != 0;
}

/* --- words ------------------------------------------------------------------ */

/* Follows the words of a text; true at the end of one that mixes scripts. What
 * hides inside a word does not end it. */
static bool word_step(struct text_scripts *word, const struct text_piece *p)
{
	static const unsigned inside = TEXT_BIDI | TEXT_ZERO_WIDTH | TEXT_TAG
	                               | TEXT_VARIATION | TEXT_IGNORABLE | TEXT_MARKS;
	bool mixed;

	if (p->kinds & inside)
		return false;
	if (!p->kinds && !p->layout && text_class_word(p->cp)) {
		text_scripts_add(word, p->cp);
		return false;
	}
	mixed = text_scripts_mixed(word);
	*word = (struct text_scripts){ .other = NULL };
	return mixed;
}

/* --- whole texts ------------------------------------------------------------- */

/* Bytes from at on that are printable ASCII. */
static size_t ascii_run(const struct text_reader *r)
{
	size_t at = r->at;

	while (at < r->len && r->bytes[at] >= 0x20 && r->bytes[at] < 0x7f)
		at++;
	return at - r->at;
}

void text_safe(const char *bytes, size_t len, unsigned flags, struct buf *out,
               unsigned *found)
{
	struct text_reader r;
	struct text_piece p;

	text_reader_init(&r, bytes, len, flags);
	while (!out->failed) {
		size_t run = ascii_run(&r);

		if (run) {
			size_t room = out->limit ? out->limit - out->len : run;

			buf_add(out, bytes + r.at, run < room ? run : room);
			out->failed = run > room;
			r.at += run;
		} else if (text_reader_next(&r, &p)) {
			buf_add(out, p.text, p.len);
		} else {
			break;
		}
	}
	if (found)
		*found |= text_found(bytes, len);
}

const char *text_safe_line(const char *s, char *buf, size_t size)
{
	static const char dots[] = "…";
	struct text_reader r;
	struct text_piece p;
	size_t at = 0, cut = 0;

	if (!size)
		return "";
	text_reader_init(&r, s, strlen(s), 0);
	/* Most of them are a few plain words. */
	if (r.len < size && ascii_run(&r) == r.len) {
		memcpy(buf, s, r.len + 1);
		return buf;
	}
	while (text_reader_next(&r, &p)) {
		if (at + p.len >= size) {
			if (size >= sizeof dots)
				memcpy(buf + cut, dots, sizeof dots - 1);
			at = size >= sizeof dots ? cut + sizeof dots - 1 : at;
			break;
		}
		memcpy(buf + at, p.text, p.len);
		at += p.len;
		if (at + sizeof dots <= size)
			cut = at;
	}
	buf[at] = '\0';
	return buf;
}

static unsigned scan(const char *bytes, size_t len, size_t *count)
{
	struct text_scripts word = { .other = NULL };
	struct text_reader r;
	struct text_piece p = { .layout = '\n' };
	unsigned found = 0, kinds;
	bool more;

	text_reader_init(&r, bytes, len, TEXT_LINES);
	do {
		more = text_reader_next(&r, &p);
		if (!more)
			p = (struct text_piece){ .layout = '\n' };
		kinds = p.kinds;
		if (word_step(&word, &p))
			kinds |= TEXT_MIXED_SCRIPT;
		found |= kinds;
		for (unsigned i = 0; count && kinds >> i; i++)
			count[i] += kinds >> i & 1;
	} while (more);
	return found;
}

unsigned text_found(const char *bytes, size_t len)
{
	return scan(bytes, len, NULL);
}

void text_count(const char *bytes, size_t len, size_t count[TEXT_KINDS])
{
	memset(count, 0, TEXT_KINDS * sizeof *count);
	scan(bytes, len, count);
}

void text_tag_message(const char *bytes, size_t len, struct buf *out)
{
	struct text_reader r;
	struct text_piece p;
	bool gap = false;

	text_reader_init(&r, bytes, len, TEXT_LINES);
	while (text_reader_next(&r, &p)) {
		uint32_t c = p.cp - 0xe0000;

		if (!(p.kinds & TEXT_TAG)) {
			gap = true;
		} else if (p.cp >= 0xe0020 && c < 0x7f) {
			if (gap && out->len)
				buf_addc(out, ' ');
			buf_addc(out, (char)c);
			gap = false;
		}
	}
}
