/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader of text.h: one code point of the source, with its neighbours, to
 * one piece of safe text. It keeps no state beside its place; every look back
 * or ahead is bounded, which keeps the whole linear.
 */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/text/class.h"
#include "base/utf8.h"

enum {
	MARKS_MAX = 4,        /* a cell takes one spacing character and four others */
	FLAG_TAGS_MIN = 3,    /* letters and digits of a subdivision flag */
	FLAG_TAGS_MAX = 6,
	TRANSPARENT_MAX = 8,  /* marks passed over to find a joining letter */
	ZWJ = 0x200d,
	BLACK_FLAG = 0x1f3f4,
	CANCEL_TAG = 0xe007f,
	KEYCAP = 0x20e3
};

void text_reader_init(struct text_reader *r, const char *bytes, size_t len,
                      unsigned flags)
{
	r->bytes = bytes;
	r->len = len;
	r->at = 0;
	r->flags = flags;
}

/* The code point that ends before at, or 0 where none or invalid. */
static size_t before(const struct text_reader *r, size_t at, uint32_t *cp)
{
	size_t start = at;

	while (start && at - start < 4) {
		start--;
		if (((unsigned char)r->bytes[start] & 0xc0) != 0x80)
			break;
	}
	if (start < at && utf8_decode(r->bytes + start, at - start, cp) == at - start)
		return at - start;
	*cp = 0;
	return 0;
}

static size_t after(const struct text_reader *r, size_t at, uint32_t *cp)
{
	size_t size = utf8_decode(r->bytes + at, r->len - at, cp);

	if (!size)
		*cp = 0;
	return size;
}

/* --- what leaves no trace --------------------------------------------------- */

/* U+FE0E or U+FE0F at [at, at + size) directly behind an emoji. */
static bool is_presentation(const struct text_reader *r, uint32_t cp, size_t at, size_t size)
{
	uint32_t base, next;

	if (cp != 0xfe0e && cp != 0xfe0f)
		return false;
	before(r, at, &base);
	if (text_class_emoji(base))
		return true;
	if (base != '#' && base != '*' && (base < '0' || base > '9'))
		return false;
	after(r, at + size, &next);
	return next == KEYCAP;
}

/* U+200D between two emoji, the first perhaps with presentation or skin tone. */
static bool is_emoji_joiner(const struct text_reader *r, size_t at, size_t size)
{
	uint32_t prev, next;
	size_t back = before(r, at, &prev);

	if ((prev == 0xfe0e || prev == 0xfe0f || text_class(prev, NULL) == TEXT_CLASS_TONE)
	    && back)
		before(r, at - back, &prev);
	after(r, at + size, &next);
	return text_class_pictograph(prev) && text_class_pictograph(next);
}

/* Where [at…) lies in a well-formed subdivision flag, the offset of the first
 * tag and, in *end, that behind the cancel tag. False where it does not. */
static bool find_flag(const struct text_reader *r, size_t at, size_t *first, size_t *end)
{
	uint32_t cp = 0;
	size_t size, tags = 0;

	*first = at;
	for (int i = 0; i <= FLAG_TAGS_MAX && (size = before(r, *first, &cp)); i++) {
		if (cp == BLACK_FLAG)
			break;
		*first -= size;
	}
	if (cp != BLACK_FLAG)
		return false;
	*end = *first;
	while ((size = after(r, *end, &cp))) {
		uint32_t c = cp - 0xe0000;

		*end += size;
		if (cp == CANCEL_TAG)
			return tags >= FLAG_TAGS_MIN && at < *end;
		if (cp < 0xe0000 || ++tags > FLAG_TAGS_MAX
		    || !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			return false;
	}
	return false;
}

/* --- marks ------------------------------------------------------------------- */

/* Has the mark at this place a base on the screen and fewer than four others? */
static bool has_base(const struct text_reader *r, size_t at)
{
	for (int marks = 0; marks < MARKS_MAX;) {
		uint32_t cp;
		size_t size = before(r, at, &cp);

		if (!size)
			return false;
		at -= size;
		switch (text_class(cp, NULL)) {
		case TEXT_CLASS_PLAIN:
			return true;
		case TEXT_CLASS_MARK:
			marks++;
			break;
		case TEXT_CLASS_VARIATION:
			if (!is_presentation(r, cp, at, size))
				return false;
			break;
		default:
			return false;
		}
	}
	return false;
}

/* Joiner in the spelling of a word, as in Persian or Sinhala. */
static bool is_spelling(const struct text_reader *r, uint32_t joiner, size_t at, size_t size)
{
	uint32_t direct, left, right;
	size_t back = at, ahead = at + size, step;

	before(r, at, &direct);
	for (int i = 0; i < TRANSPARENT_MAX; i++) {
		step = before(r, back, &left);
		back -= step;
		if (!text_class_transparent(left))
			break;
	}
	for (int i = 0; i < TRANSPARENT_MAX; i++) {
		step = after(r, ahead, &right);
		ahead += step;
		if (!text_class_transparent(right))
			break;
	}
	return text_class_joiner(joiner, direct, left, right);
}

/* --- pieces ------------------------------------------------------------------ */

static void set_text(struct text_piece *p, const char *text, size_t len, int cells)
{
	memcpy(p->text, text, len);
	p->text[len] = '\0';
	p->len = (unsigned char)len;
	p->cells = (unsigned char)cells;
}

static void set_token(struct text_piece *p, unsigned flags, const char *name, int cells)
{
	int len = snprintf(p->text, sizeof p->text, flags & TEXT_ASCII ? "[%s]" : "⟦%s⟧",
	                   name);

	p->len = (unsigned char)len;
	p->cells = (unsigned char)(cells + 2);
	p->token = true;
}

static void set_number(struct text_piece *p, unsigned flags)
{
	char name[12];
	int len = snprintf(name, sizeof name, "U+%04X", (unsigned)p->cp & 0x1fffff);

	set_token(p, flags, name, len);
}

static const char *control_name(uint32_t cp)
{
	static const char c0[32][4] = {
		"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL",
		"BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
		"DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB",
		"CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"
	};
	static const char c1[32][4] = {
		"PAD", "HOP", "BPH", "NBH", "IND", "NEL", "SSA", "ESA",
		"HTS", "HTJ", "VTS", "PLD", "PLU", "RI", "SS2", "SS3",
		"DCS", "PU1", "PU2", "STS", "CCH", "MW", "SPA", "EPA",
		"SOS", "SGC", "SCI", "CSI", "ST", "OSC", "PM", "APC"
	};

	if (cp == 0x7f)
		return "DEL";
	return cp < 0x20 ? c0[cp] : c1[cp - 0x80];
}

static const char *hidden_name(uint32_t cp, char buf[8])
{
	static const struct {
		uint32_t cp;
		char name[5];
	} names[] = {
		{ 0x00ad, "SHY" }, { 0x034f, "CGJ" }, { 0x061c, "ALM" }, { 0x180e, "MVS" },
		{ 0x200b, "ZWSP" }, { 0x200c, "ZWNJ" }, { 0x200d, "ZWJ" },
		{ 0x200e, "LRM" }, { 0x200f, "RLM" }, { 0x2028, "LS" }, { 0x2029, "PS" },
		{ 0x202a, "LRE" }, { 0x202b, "RLE" }, { 0x202c, "PDF" },
		{ 0x202d, "LRO" }, { 0x202e, "RLO" }, { 0x2060, "WJ" },
		{ 0x2066, "LRI" }, { 0x2067, "RLI" }, { 0x2068, "FSI" },
		{ 0x2069, "PDI" }, { 0xfeff, "BOM" }
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].cp == cp)
			return names[i].name;
	if (cp >= 0xfe00 && cp <= 0xfe0f)
		snprintf(buf, 8, "VS%u", (unsigned)(cp - 0xfe00 + 1) % 1000);
	else if (cp >= 0xe0100 && cp <= 0xe01ef)
		snprintf(buf, 8, "VS%u", (unsigned)(cp - 0xe0100 + 17) % 1000);
	else
		return NULL;
	return buf;
}

static void hidden(struct text_piece *p, unsigned flags, unsigned kind)
{
	char buf[8];
	const char *name = hidden_name(p->cp, buf);

	p->kinds |= kind;
	if (name)
		set_token(p, flags, name, (int)strlen(name));
	else
		set_number(p, flags);
}

/* A line end, tab or form feed; true where cp is one of them. */
static bool layout(struct text_piece *p, const struct text_reader *r)
{
	bool crlf = p->cp == '\r' && r->at + 1 < r->len && r->bytes[r->at + 1] == '\n';

	if (p->cp != '\n' && p->cp != '\t' && p->cp != '\f' && !crlf)
		return false;
	p->layout = crlf ? '\n' : (char)p->cp;
	if (crlf)
		p->source_len = p->source_cps = 2;
	if (p->layout != '\f' && (r->flags & TEXT_LINES))
		set_text(p, &p->layout, 1, 0);
	else if (p->layout != '\f' && (r->flags & TEXT_SPACES))
		set_text(p, " ", 1, 1);
	else if (crlf)
		set_token(p, r->flags, "CRLF", 4);
	else
		set_token(p, r->flags, control_name(p->cp), p->cp == '\t' ? 3 : 2);
	return true;
}

static void tag(struct text_piece *p, const struct text_reader *r)
{
	char name[FLAG_TAGS_MAX + 1];
	size_t first, end, len = 0;

	if (!find_flag(r, r->at, &first, &end)) {
		hidden(p, r->flags, TEXT_TAG);
		return;
	}
	if (p->cp != CANCEL_TAG)
		return;
	for (; first < r->at; first += 4)   /* a tag takes four bytes */
		name[len++] = (char)(((unsigned char)r->bytes[first + 2] & 1) << 6
		                     | ((unsigned char)r->bytes[first + 3] & 0x3f));
	name[len] = '\0';
	set_token(p, r->flags, name, (int)len);
}

static void tone(struct text_piece *p, const struct text_reader *r)
{
	char name[8];
	uint32_t base;

	before(r, r->at, &base);
	if (text_class_emoji(base)) {
		memcpy(name, r->bytes + r->at, p->source_len);
		name[p->source_len] = '\0';
		set_token(p, r->flags, name, 2);
	} else {
		set_text(p, r->bytes + r->at, p->source_len, 2);
	}
}

static void visible(struct text_piece *p, const struct text_reader *r,
                    enum text_class class, int width)
{
	bool based = class != TEXT_CLASS_MARK || has_base(r, r->at);

	if (!based)
		p->kinds |= TEXT_MARKS;
	if (!based || ((r->flags & TEXT_ASCII) && p->cp > 0x7e)) {
		set_number(p, r->flags);
	} else if (class == TEXT_CLASS_TONE) {
		tone(p, r);
	} else {
		set_text(p, r->bytes + r->at, p->source_len, width);
		p->mark = class == TEXT_CLASS_MARK;
	}
}

static void place(struct text_piece *p, const struct text_reader *r)
{
	int width;
	enum text_class class = text_class(p->cp, &width);

	switch (class) {
	case TEXT_CLASS_PLAIN:
	case TEXT_CLASS_MARK:
	case TEXT_CLASS_TONE:
		visible(p, r, class, width);
		break;
	case TEXT_CLASS_BRACKET:
		set_number(p, r->flags);
		break;
	case TEXT_CLASS_CONTROL:
		if (!layout(p, r)) {
			p->kinds = TEXT_CONTROL;
			set_token(p, r->flags, control_name(p->cp),
			          (int)strlen(control_name(p->cp)));
		}
		break;
	case TEXT_CLASS_BIDI:
		hidden(p, r->flags, TEXT_BIDI);
		break;
	case TEXT_CLASS_ZERO_WIDTH:
		if (p->cp == ZWJ && is_emoji_joiner(r, r->at, p->source_len))
			break;
		hidden(p, r->flags, is_spelling(r, p->cp, r->at, p->source_len)
		                    ? 0 : TEXT_ZERO_WIDTH);
		break;
	case TEXT_CLASS_TAG:
		tag(p, r);
		break;
	case TEXT_CLASS_VARIATION:
		if (!is_presentation(r, p->cp, r->at, p->source_len))
			hidden(p, r->flags, TEXT_VARIATION);
		break;
	case TEXT_CLASS_IGNORABLE:
		hidden(p, r->flags, TEXT_IGNORABLE);
		break;
	case TEXT_CLASS_SEPARATOR:
		hidden(p, r->flags, TEXT_SEPARATOR);
		break;
	case TEXT_CLASS_PRIVATE:
		hidden(p, r->flags, TEXT_PRIVATE);
		break;
	case TEXT_CLASS_UNASSIGNED:
		hidden(p, r->flags, TEXT_UNASSIGNED);
		break;
	}
}

bool text_reader_next(struct text_reader *r, struct text_piece *p)
{
	unsigned char byte;

	if (r->at >= r->len)
		return false;
	byte = (unsigned char)r->bytes[r->at];
	p->kinds = 0;
	p->len = p->cells = 0;
	p->text[0] = p->layout = '\0';
	p->token = p->mark = false;
	p->source_cps = 1;
	p->source_len = 1;
	p->cp = byte;
	if (byte >= 0x20 && byte < 0x7f) {
		p->text[0] = (char)byte;
		p->text[1] = '\0';
		p->len = p->cells = 1;
	} else {
		size_t size = utf8_decode(r->bytes + r->at, r->len - r->at, &p->cp);

		if (size) {
			p->source_len = size;
			place(p, r);
		} else {
			char name[4];

			snprintf(name, sizeof name, "x%02X", (unsigned)byte);
			p->cp = byte;
			p->kinds = TEXT_INVALID;
			set_token(p, r->flags, name, 3);
		}
	}
	r->at += p->source_len;
	return true;
}
