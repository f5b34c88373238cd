/* SPDX-License-Identifier: Apache-2.0
 *
 * Ids are UUIDv7 (RFC 9562 5.7) in lower-case text: 48 bits of milliseconds,
 * 74 random bits. Their time is never used for order or authority.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ID_SIZE = 37 };   /* 36 characters and NUL */

/* Starts the crypto library; call once in main() before anything else here or
 * in hash.h. Returns 0 or ERR_INTERNAL. */
int id_init(void);
const char *id_new(char out[ID_SIZE]);
/* For vectors: the id made of these milliseconds and these ten random bytes. */
const char *id_make(int64_t at_ms, const unsigned char random[10], char out[ID_SIZE]);
/* Lower-case UUIDv7 text, nothing else. */
bool id_valid(const char *text);
/* size random bytes from the operating system. */
void id_random(void *out, size_t size);

#endif
