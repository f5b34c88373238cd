/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys as numbers and names. A key is a code point, or one of the named keys
 * below, with Alt as a bit; Ctrl-A to Ctrl-Z are KEY_CTRL + 1 to 26.
 */
#ifndef UI_KEY_H
#define UI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/action.h"

enum {
	KEYS_NAMED = 0x110000,   /* first number behind Unicode */
	KEYS_ENTER, KEYS_ESC, KEYS_TAB, KEYS_BACKTAB, KEYS_BACKSPACE, KEYS_DELETE,
	KEYS_INSERT, KEYS_UP, KEYS_DOWN, KEYS_LEFT, KEYS_RIGHT, KEYS_HOME, KEYS_END,
	KEYS_PAGE_UP, KEYS_PAGE_DOWN, KEYS_F1, KEYS_F12 = KEYS_F1 + 11,
	KEYS_CTRL = 0x110100,    /* + 1 .. 26 */
	KEYS_ALT = 0x1000000     /* or'ed to any of the above */
};

struct key {
	uint32_t code;
	bool pasted;         /* inside a bracketed paste, or too fast to be typed */
};

enum { KEY_NAME_SIZE = 24 };
/* "a", "Enter", "Ctrl-L", "Alt-x", "F5", "Space". Returns out. */
const char *key_text(uint32_t code, char out[KEY_NAME_SIZE]);
/* 0 where the name is none. */
uint32_t key_parse(const char *name);
/* The Latin key at the same place of a foreign layout (Cyrillic, Greek, Hangul,
 * Arabic), or code itself. */
uint32_t key_by_position(uint32_t code);
/* A letter of a script whose layouts are not known here? */
bool key_foreign(uint32_t code);

/* Which keys do what. */
enum { KEYMAP_KEYS = 12 };
struct keymap {
	uint32_t keys[ACTION_COUNT][KEYMAP_KEYS];   /* 0 ends the list */
	bool single_keys;    /* false: letters and digits need Alt */
};

void keymap_init(struct keymap *map);   /* the default keys */
/* Binds keys (names with spaces between them) instead. ERR_INVALID: unknown
 * key, or one that the rules forbid for an action that records something;
 * ERR_CONFLICT: taken where both actions are valid. */
int keymap_bind(struct keymap *map, enum action_id id, const char *keys, struct err *err);
/* What this key does where: ACTION_NONE where nothing. digit gets 1..9 for the
 * digit of a row of digits, else 0. */
enum action_id keymap_find(const struct keymap *map, uint32_t code, unsigned where,
                           int *digit);
/* Name of the first key of an action for the key line ("a", "1-9"), or "". */
const char *keymap_label(const struct keymap *map, enum action_id id,
                         char out[KEY_NAME_SIZE]);

#endif
