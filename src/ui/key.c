/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/utf8.h"

static const struct { uint32_t code; const char *name; } named[] = {
	{ KEYS_ENTER, "Enter" }, { KEYS_ESC, "Esc" }, { KEYS_TAB, "Tab" },
	{ KEYS_BACKTAB, "BackTab" }, { KEYS_BACKSPACE, "Backspace" },
	{ KEYS_DELETE, "Delete" }, { KEYS_INSERT, "Insert" }, { KEYS_UP, "Up" },
	{ KEYS_DOWN, "Down" }, { KEYS_LEFT, "Left" }, { KEYS_RIGHT, "Right" },
	{ KEYS_HOME, "Home" }, { KEYS_END, "End" }, { KEYS_PAGE_UP, "PageUp" },
	{ KEYS_PAGE_DOWN, "PageDown" }, { ' ', "Space" },
};

const char *key_text(uint32_t code, char out[KEY_NAME_SIZE])
{
	uint32_t plain = code & ~(uint32_t)KEYS_ALT;
	int at = snprintf(out, KEY_NAME_SIZE, "%s", code & KEYS_ALT ? "Alt-" : "");
	char utf8[5] = "";

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].code == plain) {
			snprintf(out + at, KEY_NAME_SIZE - (size_t)at, "%s", named[i].name);
			return out;
		}
	if (plain > KEYS_CTRL && plain <= KEYS_CTRL + 26)
		snprintf(out + at, KEY_NAME_SIZE - (size_t)at, "Ctrl-%c",
		         (char)('A' + (plain - KEYS_CTRL - 1)));
	else if (plain >= KEYS_F1 && plain <= KEYS_F12)
		snprintf(out + at, KEY_NAME_SIZE - (size_t)at, "F%u", plain - KEYS_F1 + 1);
	else if (plain < KEYS_NAMED) {
		utf8[utf8_encode(plain, utf8)] = '\0';
		snprintf(out + at, KEY_NAME_SIZE - (size_t)at, "%s", utf8);
	}
	return out;
}

uint32_t key_parse(const char *name)
{
	uint32_t alt = 0, cp;
	size_t len, used;

	if (strncmp(name, "Alt-", 4) == 0 && name[4]) {
		alt = KEYS_ALT;
		name += 4;
	}
	len = strlen(name);
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (strcmp(named[i].name, name) == 0)
			return named[i].code | alt;
	if (strncmp(name, "Ctrl-", 5) == 0 && len == 6 && name[5] >= 'A' && name[5] <= 'Z')
		return (KEYS_CTRL + 1 + (uint32_t)(name[5] - 'A')) | alt;
	if (name[0] == 'F' && len > 1 && len < 4) {
		char *end;
		long n = strtol(name + 1, &end, 10);

		return !*end && n >= 1 && n <= 12 ? (KEYS_F1 + (uint32_t)n - 1) | alt : 0;
	}
	used = utf8_decode(name, len, &cp);
	return used && used == len && cp > ' ' && cp != 0x7f ? cp | alt : 0;
}

/* Letters of other layouts and the Latin letter on the same key cap, from the
 * standard layouts: Russian ЙЦУКЕН, Greek, Korean two-set, Arabic 101. */
static const struct { uint32_t cp; char latin; } positions[] = {
	{ 0x439, 'q' }, { 0x446, 'w' }, { 0x443, 'e' }, { 0x43a, 'r' }, { 0x435, 't' },
	{ 0x43d, 'y' }, { 0x433, 'u' }, { 0x448, 'i' }, { 0x449, 'o' }, { 0x437, 'p' },
	{ 0x444, 'a' }, { 0x44b, 's' }, { 0x432, 'd' }, { 0x430, 'f' }, { 0x43f, 'g' },
	{ 0x440, 'h' }, { 0x43e, 'j' }, { 0x43b, 'k' }, { 0x434, 'l' }, { 0x44f, 'z' },
	{ 0x447, 'x' }, { 0x441, 'c' }, { 0x43c, 'v' }, { 0x438, 'b' }, { 0x442, 'n' },
	{ 0x44c, 'm' },
	{ 0x3c2, 'w' }, { 0x3b5, 'e' }, { 0x3c1, 'r' }, { 0x3c4, 't' }, { 0x3c5, 'y' },
	{ 0x3b8, 'u' }, { 0x3b9, 'i' }, { 0x3bf, 'o' }, { 0x3c0, 'p' }, { 0x3b1, 'a' },
	{ 0x3c3, 's' }, { 0x3b4, 'd' }, { 0x3c6, 'f' }, { 0x3b3, 'g' }, { 0x3b7, 'h' },
	{ 0x3be, 'j' }, { 0x3ba, 'k' }, { 0x3bb, 'l' }, { 0x3b6, 'z' }, { 0x3c7, 'x' },
	{ 0x3c8, 'c' }, { 0x3c9, 'v' }, { 0x3b2, 'b' }, { 0x3bd, 'n' }, { 0x3bc, 'm' },
	{ 0x3142, 'q' }, { 0x3148, 'w' }, { 0x3137, 'e' }, { 0x3131, 'r' }, { 0x3145, 't' },
	{ 0x315b, 'y' }, { 0x3155, 'u' }, { 0x3151, 'i' }, { 0x3150, 'o' }, { 0x3154, 'p' },
	{ 0x3141, 'a' }, { 0x3134, 's' }, { 0x3147, 'd' }, { 0x3139, 'f' }, { 0x314e, 'g' },
	{ 0x3157, 'h' }, { 0x3153, 'j' }, { 0x314f, 'k' }, { 0x3163, 'l' }, { 0x314b, 'z' },
	{ 0x314c, 'x' }, { 0x314a, 'c' }, { 0x314d, 'v' }, { 0x3160, 'b' }, { 0x315c, 'n' },
	{ 0x3161, 'm' },
	{ 0x636, 'q' }, { 0x635, 'w' }, { 0x62b, 'e' }, { 0x642, 'r' }, { 0x641, 't' },
	{ 0x63a, 'y' }, { 0x639, 'u' }, { 0x647, 'i' }, { 0x62e, 'o' }, { 0x62d, 'p' },
	{ 0x634, 'a' }, { 0x633, 's' }, { 0x64a, 'd' }, { 0x628, 'f' }, { 0x644, 'g' },
	{ 0x627, 'h' }, { 0x62a, 'j' }, { 0x646, 'k' }, { 0x645, 'l' }, { 0x626, 'z' },
	{ 0x621, 'x' }, { 0x624, 'c' }, { 0x631, 'v' }, { 0x649, 'n' }, { 0x629, 'm' },
};

uint32_t key_by_position(uint32_t code)
{
	uint32_t alt = code & KEYS_ALT, cp = code & ~(uint32_t)KEYS_ALT;
	/* capitals of Cyrillic and Greek stand a row of 32 below their small ones */
	bool capital = (cp >= 0x410 && cp <= 0x42f) || (cp >= 0x391 && cp <= 0x3a9);
	uint32_t small = capital ? cp + 0x20 : cp;

	for (size_t i = 0; i < sizeof positions / sizeof *positions; i++)
		if (positions[i].cp == small)
			return (uint32_t)(positions[i].latin - (capital ? 0x20 : 0)) | alt;
	return code;
}

bool key_foreign(uint32_t code)
{
	uint32_t cp = code & ~(uint32_t)KEYS_ALT;

	return cp > 0x2af && cp < KEYS_NAMED && key_by_position(cp) == cp;
}

/* --- which keys do what -------------------------------------------------------- */

static bool single(uint32_t code)
{
	return code > ' ' && code < KEYS_NAMED;
}

/* Rule 1: nothing is recorded on these. */
static bool harmless(uint32_t code)
{
	uint32_t plain = code & ~(uint32_t)KEYS_ALT;

	return !(plain == KEYS_ENTER || plain == ' ' || plain == KEYS_BACKSPACE
	         || plain == KEYS_DELETE || plain == KEYS_ESC
	         || (plain > KEYS_CTRL && plain <= KEYS_CTRL + 26));
}

static int parse_keys(const struct desk_action *action, const char *names,
                      uint32_t keys[KEYMAP_KEYS], struct err *err)
{
	char copy[200], *save = NULL;
	size_t count = 0;

	memset(keys, 0, KEYMAP_KEYS * sizeof *keys);
	snprintf(copy, sizeof copy, "%s", names);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		uint32_t code = key_parse(w);

		if (!code)
			return err_set(err, ERR_INVALID, N_("“%s” is no key"), w);
		if ((action->flags & (ACTION_DECIDES | ACTION_LEAVES)) && !harmless(code))
			return err_set(err, ERR_INVALID,
			               N_("%s records something and cannot be on %s"),
			               action->name, w);
		if (count == KEYMAP_KEYS - 1)
			return err_set(err, ERR_LIMIT, N_("too many keys for %s"), action->name);
		keys[count++] = code;
	}
	return 0;
}

void keymap_init(struct keymap *map)
{
	memset(map, 0, sizeof *map);
	map->single_keys = true;
	for (size_t i = 0; action_at(i); i++)
		parse_keys(action_at(i), action_at(i)->keys, map->keys[action_at(i)->id], NULL);
}

static bool has_key(const struct keymap *map, enum action_id id, uint32_t code, int *at)
{
	for (int i = 0; map->keys[id][i]; i++)
		if (map->keys[id][i] == code) {
			*at = i;
			return true;
		}
	return false;
}

int keymap_bind(struct keymap *map, enum action_id id, const char *names, struct err *err)
{
	const struct desk_action *action = action_get(id);
	uint32_t keys[KEYMAP_KEYS];
	char name[KEY_NAME_SIZE];
	int rc = parse_keys(action, names, keys, err), at;

	if (rc < 0)
		return rc;
	for (size_t n = 0; action_at(n); n++) {
		const struct desk_action *other = action_at(n);

		if (other->id == id || !(other->where & action->where))
			continue;
		for (int i = 0; keys[i]; i++)
			if (has_key(map, other->id, keys[i], &at))
				return err_set(err, ERR_CONFLICT, N_("%s is the key of %s"),
				               key_text(keys[i], name), other->name);
	}
	memcpy(map->keys[id], keys, sizeof keys);
	return 0;
}

enum action_id keymap_find(const struct keymap *map, uint32_t code, unsigned where,
                           int *digit)
{
	int at = 0;

	*digit = 0;
	if (!map->single_keys) {
		if (single(code))
			return ACTION_NONE;
		if (single(code & ~(uint32_t)KEYS_ALT))
			code &= ~(uint32_t)KEYS_ALT;
	}
	for (size_t n = 0; action_at(n); n++) {
		const struct desk_action *action = action_at(n);

		if (!(action->where & where) || !has_key(map, action->id, code, &at))
			continue;
		if (action->id == ACTION_LABEL || action->id == ACTION_CANDIDATE
		    || action->id == ACTION_REASON)
			*digit = at + 1;
		return action->id;
	}
	return ACTION_NONE;
}

const char *keymap_label(const struct keymap *map, enum action_id id,
                         char out[KEY_NAME_SIZE])
{
	uint32_t first = map->keys[id][0];

	out[0] = '\0';
	if (!first)
		return out;
	if (first == '1' && map->keys[id][8] == '9') {
		snprintf(out, KEY_NAME_SIZE, "%s1-9", map->single_keys ? "" : "Alt-");
		return out;
	}
	return key_text(!map->single_keys && single(first) ? first | KEYS_ALT : first, out);
}
