/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/stream.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

/* Copied by hand from the Unicode Character Database: controls, Bidi_Control,
 * Default_Ignorable_Code_Point, tags, separators, surrogates, private use,
 * interlinear annotation. */
static const struct range unsafe[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c },
	{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xd800, 0xdfff },
	{ 0xe000, 0xf8ff }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff }, { 0xf0000, 0x10ffff }
};

/* DEC private modes that curses or the desk may switch. */
static const int private_modes[] = { 1, 7, 12, 25, 1034, 1049, 2004 };
/* Attributes a screen may have, besides colours: none of them hides text. */
static const int pens[] = { 0, 1, 2, 4, 7, 10, 22, 24, 27, 39, 49 };

/* Escape sequences without parameters, behind ESC. */
static const char *const escapes[] = { "(B", "(0", ")0", ")B", "=", ">", "7", "8", "M" };
/* Whole sequences that only this or that terminal knows, behind ESC: title
 * stack of xterm, cursor shape and palette of the console. */
static const char *const whole[] = { "[22;0;0t", "[23;0;0t", "[?0c", "[?1c", "]R",
	"]104\007", "[!p" };

void stream_init(struct stream *s, bool ascii, unsigned rows)
{
	memset(s, 0, sizeof *s);
	s->ascii = ascii;
	s->rows = rows;
}

void stream_clear(struct stream *s)
{
	buf_clear(&s->out);
}

static void fault(struct stream *s, const char *what)
{
	char shown[STREAM_HELD * 4 + 1];
	size_t at = 0;

	if (s->fault[0])
		return;
	for (size_t i = 0; i < s->held_len; i++)
		at += (size_t)snprintf(shown + at, sizeof shown - at,
		                       s->held[i] > ' ' && s->held[i] < 0x7f ? "%c" : "\\x%02x",
		                       (unsigned char)s->held[i]);
	snprintf(s->fault, sizeof s->fault, "byte %zu: %s: %.80s", s->offset, what, shown);
}

/* --- characters ---------------------------------------------------------------- */

/* Bytes of a character that begins so; 0: it cannot begin one. */
static size_t sequence_len(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

static uint32_t decode(const char *text, size_t len)
{
	static const unsigned char mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t cp = (unsigned char)text[0] & mask[len];

	for (size_t i = 1; i < len; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		cp = cp << 6 | ((unsigned char)text[i] & 0x3f);
	}
	return cp < least[len] || cp > 0x10ffff ? UINT32_MAX : cp;
}

static void check_character(struct stream *s, uint32_t cp)
{
	if (cp == UINT32_MAX) {
		fault(s, "not UTF-8");
		return;
	}
	if (s->ascii && cp > 0x7e)
		fault(s, "not ASCII");
	if ((cp & 0xfffe) == 0xfffe)
		fault(s, "noncharacter");
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		if (cp >= unsafe[i].first && cp <= unsafe[i].last)
			fault(s, "unsafe character");
}

static void end_character(struct stream *s)
{
	check_character(s, decode(s->held, s->held_len));
	memcpy(s->last, s->held, s->held_len);
	s->last_len = s->held_len;
	buf_add(&s->out, s->held, s->held_len);
	s->held_len = 0;
}

/* --- escape sequences ---------------------------------------------------------- */

static bool has(const int *list, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == number)
			return true;
	return false;
}

#define HAS(list, number) has(list, sizeof(list) / sizeof *(list), number)

static void set_mode(struct stream *s, int number, bool on)
{
	size_t i = 0;

	while (i < s->mode_count && s->modes[i].number != number)
		i++;
	if (i == STREAM_MODES) {
		fault(s, "too many modes");
		return;
	}
	if (i == s->mode_count)
		s->modes[s->mode_count++].number = number;
	s->modes[i].on = on;
	s->alternate |= number == 1049;
}

/* Numbers of a sequence "[a;b;cX" from at; missing ones are -1. */
static size_t numbers(const struct stream *s, size_t at, int out[16])
{
	size_t count = 0;

	while (at < s->held_len - 1 && count < 16) {
		char *end;
		long n = strtol(s->held + at, &end, 10);
		size_t len = (size_t)(end - (s->held + at));

		out[count++] = len ? (int)n : -1;
		at += len;
		if (s->held[at] != ';')
			break;
		at++;
	}
	return count;
}

/* Colours and attributes, with faint carried as a font. */
static void take_pen(struct stream *s)
{
	int n[16];
	size_t count = numbers(s, 2, n);
	bool on = false;

	buf_adds(&s->out, "\033[");
	if (!count)
		n[count++] = 0;
	for (size_t i = 0; i < count; i++) {
		bool colour = (n[i] >= 30 && n[i] <= 37) || (n[i] >= 40 && n[i] <= 47)
			|| (n[i] >= 90 && n[i] <= 97) || (n[i] >= 100 && n[i] <= 107);

		if (i)
			buf_adds(&s->out, ";");
		if ((n[i] == 38 || n[i] == 48) && i + 2 < count && n[i + 1] == 5) {
			buf_addf(&s->out, "%d;5;%d", n[i], n[i + 2]);
			i += 2;
			on = true;
			continue;
		}
		if (n[i] < 0)
			n[i] = 0;
		if (!colour && !HAS(pens, n[i]))
			fault(s, "attribute that no screen has");
		if (n[i] == 2)
			buf_addf(&s->out, "%d", 10 + STREAM_DIM_FONT);
		else if (n[i] == 10)
			/* "no other font" must not end faint: "not struck out" */
			buf_adds(&s->out, "29");
		else
			buf_addf(&s->out, n[i] == 22 ? "%d;10" : "%d", n[i]);
		on = n[i] != 0 && (on || colour || (n[i] < 8 && n[i] > 0));
		if (n[i] == 0)
			s->pen = false;
	}
	buf_adds(&s->out, "m");
	s->pen = s->pen || on;
}

static void take_modes(struct stream *s, bool on)
{
	bool private = s->held[2] == '?';
	int n[16];
	size_t count = numbers(s, private ? 3 : 2, n);

	for (size_t i = 0; i < count; i++) {
		/* insertion (4); 34: the cursor's shape, of screen and tmux */
		if (private ? !HAS(private_modes, n[i]) : n[i] != 4 && n[i] != 34)
			fault(s, "mode that no screen needs");
		if (n[i] != 34)
			set_mode(s, private ? n[i] : -n[i], on);
	}
	buf_add(&s->out, s->held, s->held_len);
}

static void take_repeat(struct stream *s)
{
	int n[16];
	size_t count = numbers(s, 2, n);

	for (int i = count && n[0] > 0 ? n[0] : 1; i > 0; i--)
		buf_add(&s->out, s->last, s->last_len);
}

static void take_region(struct stream *s)
{
	int n[16];
	size_t count = numbers(s, 2, n);

	s->region = (count > 0 && n[0] > 1) || (count > 1 && n[1] > 0 && (unsigned)n[1] < s->rows);
}

/* A whole "ESC [ … final". */
static void take_csi(struct stream *s)
{
	char final = s->held[s->held_len - 1];
	size_t digits = strspn(s->held + 2, "0123456789;");
	bool plain = 2 + digits == s->held_len - 1;

	if (final == 'h' || final == 'l') {
		if (!plain && s->held[2] != '?')
			fault(s, "unknown sequence");
		take_modes(s, final == 'h');
	} else if (!plain || !strchr("ABCDGHJKLMPSTXb@dfmr", final)) {
		fault(s, "unknown sequence");
	} else if (final == 'm') {
		take_pen(s);
	} else if (final == 'b') {
		take_repeat(s);
	} else {
		if (final == 'r')
			take_region(s);
		buf_add(&s->out, s->held, s->held_len);
	}
}

/* Is what is held the beginning of an entry (or all of it)? */
static bool begins(const struct stream *s, const char *entry, bool *complete)
{
	size_t len = strlen(entry);

	if (s->held_len - 1 > len || memcmp(entry, s->held + 1, s->held_len - 1) != 0)
		return false;
	*complete = s->held_len - 1 == len;
	return true;
}

static void take_escape(struct stream *s)
{
	const char *e = s->held + 1;

	if (strcmp(e, "=") == 0 || strcmp(e, ">") == 0)
		s->keypad = *e == '=';
	if (strcmp(e, "(B") == 0 || strcmp(e, "(0") == 0)
		s->charset = e[1] == '0';
	buf_add(&s->out, s->held, s->held_len);
}

/* Looks at an escape sequence that is being collected; true when it is over. */
static bool escape_over(struct stream *s)
{
	char last = s->held[s->held_len - 1];
	bool open = false, complete;

	s->held[s->held_len] = '\0';
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (begins(s, whole[i], &complete)) {
			if (complete)
				return true;
			open = true;
		}
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
		if (begins(s, escapes[i], &complete)) {
			if (complete)
				take_escape(s);
			if (complete)
				return true;
			open = true;
		}
	if (s->held_len >= 3 && s->held[1] == '[' && last >= 0x40 && last <= 0x7e) {
		take_csi(s);
		return true;
	}
	if (s->held[1] == '[' && (s->held_len == 2 || (last >= 0x20 && last < 0x40)))
		open = true;
	if (!open || s->held_len >= STREAM_HELD - 1) {
		fault(s, "unknown sequence");
		return true;
	}
	return false;
}

/* --- the stream ----------------------------------------------------------------- */

static void take_control(struct stream *s, char c)
{
	if (c == '\016' || c == '\017')
		s->charset = c == '\016';
	else if (c != '\b' && c != '\t' && c != '\n' && c != '\r')
		fault(s, "control character");
	buf_add(&s->out, &c, 1);
	s->held_len = 0;
}

static void take_byte(struct stream *s, char c)
{
	unsigned char first;

	/* An escape in the middle of a character or sequence ends it. */
	if (c == '\033' && s->held_len) {
		fault(s, "sequence broken off");
		s->held_len = 0;
	}
	s->held[s->held_len++] = c;
	first = (unsigned char)s->held[0];
	if (first == '\033') {
		if (s->held_len > 1 && escape_over(s))
			s->held_len = 0;
	} else if (first < 0x20 || first == 0x7f) {
		take_control(s, c);
	} else if (!sequence_len(first)) {
		fault(s, "not UTF-8");
		s->held_len = 0;
	} else if (s->held_len == sequence_len(first)) {
		end_character(s);
	}
}

void stream_take(struct stream *s, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		take_byte(s, bytes[i]);
		s->offset++;
	}
}

bool stream_mode(const struct stream *s, int number)
{
	for (size_t i = 0; i < s->mode_count; i++)
		if (s->modes[i].number == number)
			return s->modes[i].on;
	return number == 25 || number == 7;
}

const char *stream_left_over(const struct stream *s, char *buf, size_t size)
{
	struct stream fresh = { .ascii = false };

	for (size_t i = 0; i < s->mode_count; i++) {
		int n = s->modes[i].number;

		if (s->modes[i].on != stream_mode(&fresh, n)) {
			snprintf(buf, size, "mode %d is %s", n, s->modes[i].on ? "on" : "off");
			return buf;
		}
	}
	if (s->keypad)
		return "the keypad sends application keys";
	if (s->charset)
		return "another character set is chosen";
	if (s->pen)
		return "colours or attributes are on";
	if (s->region)
		return "a scrolling region is set";
	return s->held_len ? "a sequence is unfinished" : NULL;
}
