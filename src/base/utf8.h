/* SPDX-License-Identifier: Apache-2.0
 *
 * UTF-8 as bytes and code points (RFC 3629: no surrogates, no overlong forms,
 * at most U+10FFFF). Display width and safe output are in text.h.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at s (len > 0 bytes left). Returns the bytes it
 * takes and stores it in *cp; returns 0 where s does not begin a valid one. */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);
/* Encodes cp; returns bytes written (1..4), 0 for a value that has none. */
size_t utf8_encode(uint32_t cp, char out[4]);
/* Offset of the first invalid byte, or len where all is valid. */
size_t utf8_check(const char *s, size_t len);
/* Number of code points in valid text. */
size_t utf8_count(const char *s, size_t len);
/* Byte offset of code point n in valid text (len where there are fewer). */
size_t utf8_offset(const char *s, size_t len, size_t n);
/* Copies src, cut at a character so that it fits; always NUL-terminates. */
void utf8_copy(char *dst, size_t size, const char *src);
/* Removes an incomplete character at the end of s. */
void utf8_trim(char *s);

#endif
