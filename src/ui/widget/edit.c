/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widget/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

void edit_start(struct edit *e, const char *text, bool replace)
{
	buf_reset(&e->text);
	e->text.limit = EDIT_LIMIT;
	buf_adds(&e->text, text);
	e->caret = e->text.len;
	e->replace = replace && *text;
}

void edit_clear(struct edit *e)
{
	buf_clear(&e->text);
	free(e->cut);
	memset(e, 0, sizeof *e);
}

const char *edit_text(const struct edit *e)
{
	return buf_str(&e->text);
}

static int cells_at(const struct edit *e, size_t at)
{
	uint32_t cp = 0;

	if (!utf8_decode(e->text.data + at, e->text.len - at, &cp))
		return 1;
	return text_cp_cells(cp);
}

static size_t next(const struct edit *e, size_t at)
{
	uint32_t cp;

	if (at >= e->text.len)
		return e->text.len;
	do {
		size_t used = utf8_decode(e->text.data + at, e->text.len - at, &cp);

		at += used ? used : 1;
	} while (at < e->text.len && cells_at(e, at) == 0);
	return at;
}

static size_t previous(const struct edit *e, size_t at)
{
	while (at > 0) {
		at--;
		if (((unsigned char)e->text.data[at] & 0xc0) != 0x80 && cells_at(e, at) != 0)
			break;
	}
	return at;
}

static bool blank(const struct edit *e, size_t at)
{
	return e->text.data[at] == ' ';
}

static size_t word_left(const struct edit *e)
{
	size_t at = e->caret;

	while (at && blank(e, at - 1))
		at--;
	while (at && !blank(e, at - 1))
		at--;
	return at;
}

static size_t word_right(const struct edit *e)
{
	size_t at = e->caret;

	while (at < e->text.len && blank(e, at))
		at++;
	while (at < e->text.len && !blank(e, at))
		at++;
	return at;
}

static void insert(struct edit *e, const char *s, size_t len)
{
	char *tail;

	if (e->replace) {
		buf_reset(&e->text);
		e->caret = 0;
	}
	e->replace = false;
	if (e->text.len + len > EDIT_LIMIT)
		return;
	tail = mem_strdup(buf_str(&e->text) + e->caret);
	e->text.len = e->caret;
	buf_add(&e->text, s, len);
	e->caret = e->text.len;
	buf_adds(&e->text, tail);
	free(tail);
}

/* Removes [from, to) and puts the caret there; keep: it can be put back. */
static void cut(struct edit *e, size_t from, size_t to, bool keep)
{
	if (from >= to)
		return;
	if (keep) {
		free(e->cut);
		e->cut = mem_strndup(e->text.data + from, to - from);
	}
	memmove(e->text.data + from, e->text.data + to, e->text.len - to + 1);
	e->text.len -= to - from;
	e->caret = from;
}

static enum edit_result control(struct edit *e, uint32_t letter)
{
	switch (letter + 'a' - 1) {
	case 'a':
		e->caret = 0;
		break;
	case 'b':
		e->caret = previous(e, e->caret);
		break;
	case 'd':
		cut(e, e->caret, next(e, e->caret), false);
		break;
	case 'e':
		e->caret = e->text.len;
		break;
	case 'f':
		e->caret = next(e, e->caret);
		break;
	case 'k':
		cut(e, e->caret, e->text.len, true);
		break;
	case 'u':
		cut(e, 0, e->caret, true);
		break;
	case 'w':
		cut(e, word_left(e), e->caret, true);
		break;
	case 'y':
		if (e->cut)
			insert(e, e->cut, strlen(e->cut));
		break;
	default:
		return EDIT_IGNORED;
	}
	e->replace = false;
	return EDIT_MORE;
}

static enum edit_result meta(struct edit *e, uint32_t code)
{
	if (code == 'b' || code == KEYS_LEFT)
		e->caret = word_left(e);
	else if (code == 'f' || code == KEYS_RIGHT)
		e->caret = word_right(e);
	else if (code == 'd')
		cut(e, e->caret, word_right(e), true);
	else if (code == KEYS_BACKSPACE)
		cut(e, word_left(e), e->caret, true);
	else
		return EDIT_IGNORED;
	e->replace = false;
	return EDIT_MORE;
}

static enum edit_result named(struct edit *e, uint32_t code)
{
	switch (code) {
	case KEYS_LEFT:
		e->caret = previous(e, e->caret);
		break;
	case KEYS_RIGHT:
		e->caret = next(e, e->caret);
		break;
	case KEYS_HOME:
		e->caret = 0;
		break;
	case KEYS_END:
		e->caret = e->text.len;
		break;
	case KEYS_BACKSPACE:
		cut(e, previous(e, e->caret), e->caret, false);
		break;
	case KEYS_DELETE:
		cut(e, e->caret, next(e, e->caret), false);
		break;
	default:
		return EDIT_IGNORED;
	}
	e->replace = false;
	return EDIT_MORE;
}

enum edit_result edit_key(struct edit *e, const struct key *key)
{
	char utf8[4];
	size_t len;

	if (key->code == KEYS_ENTER && key->pasted) {
		insert(e, " ", 1);
		return EDIT_MORE;
	}
	if (key->code == KEYS_ENTER)
		return EDIT_DONE;
	if (key->code == KEYS_ESC)
		return EDIT_LEFT;
	if (key->code & KEYS_ALT)
		return meta(e, key->code & ~(uint32_t)KEYS_ALT);
	if (key->code > KEYS_CTRL && key->code <= KEYS_CTRL + 26)
		return control(e, key->code - KEYS_CTRL);
	if (key->code > KEYS_NAMED)
		return named(e, key->code);
	len = utf8_encode(key->code, utf8);
	if (!len)
		return EDIT_IGNORED;
	insert(e, utf8, len);
	return EDIT_MORE;
}
