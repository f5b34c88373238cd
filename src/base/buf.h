/* SPDX-License-Identifier: Apache-2.0
 *
 * A growing byte buffer with a hard limit. data is always NUL-terminated once
 * something was added. When an addition would pass the limit, nothing of it is
 * added and failed is set; check it once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;    /* owned; NULL while empty and untouched */
	size_t len;    /* bytes used, without the NUL */
	size_t cap;    /* bytes allocated */
	size_t limit;  /* 0: no limit */
	bool failed;   /* an addition passed the limit and was left out */
};

#define BUF_INIT { .data = NULL }

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Empties the buffer, keeps the memory. */
void buf_reset(struct buf *b);
/* Frees the memory; the buffer may be used again. */
void buf_clear(struct buf *b);
/* The text so far, never NULL; borrowed until the next call. */
const char *buf_str(const struct buf *b);
/* Hands the text to the caller (never NULL, free()) and empties the buffer. */
char *buf_take(struct buf *b);

#endif
