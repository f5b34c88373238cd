/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys of objects in checked JSON text, compared after unescaping.
 */
#ifndef WIRE_PRESCAN_KEY_H
#define WIRE_PRESCAN_KEY_H

#include <stddef.h>
#include <stdint.h>

struct prescan_key {
	const unsigned char *at;   /* behind the opening quote */
	uint32_t len;              /* bytes as written, without the quotes */
	uint32_t hash;             /* of the unescaped bytes */
};

/* Value of four hex digits. */
unsigned prescan_hex4(const unsigned char *p);
/* The next piece of a checked string: one byte, or the UTF-8 of what one
 * escape (or pair of them) stands for. Returns its length. */
size_t prescan_unescape(const unsigned char **p, char out[4]);

uint32_t prescan_key_hash(const unsigned char *at, size_t len);
/* By unescaped bytes: <0, 0, >0. */
int prescan_key_compare(const struct prescan_key *a, const struct prescan_key *b);
/* Of the keys that were there before, the one that stands first in the text,
 * or NULL. Sorts the array. */
const struct prescan_key *prescan_key_duplicate(struct prescan_key *keys, size_t count);

#endif
