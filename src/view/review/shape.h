/* SPDX-License-Identifier: Apache-2.0
 *
 * What dates, amounts and numbers look like in a text, read through what a
 * scanner does to them.
 */
#ifndef VIEW_REVIEW_SHAPE_H
#define VIEW_REVIEW_SHAPE_H

#include <stddef.h>

enum shape { SHAPE_LINE, SHAPE_DATE, SHAPE_AMOUNT, SHAPE_NUMBER };

enum { SHAPE_READ_SIZE = 32 };

/* Bytes at s that have this shape, at most len; 0: none (always of a line). read
 * gets what a misread one is read as, else "". */
size_t shape_length(enum shape shape, const char *s, size_t len, char read[SHAPE_READ_SIZE]);

#endif
