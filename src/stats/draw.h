/* SPDX-License-Identifier: Apache-2.0
 *
 * Drawing a sample that anybody can draw again: an item is drawn iff
 * HMAC-SHA-256(key, id), its first eight bytes read as a big-endian fraction
 * of 2^64, is below the rate. Integers only: the same on every machine.
 */
#ifndef STATS_DRAW_H
#define STATS_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { DRAW_RATE_DIGITS = 18 };   /* most digits after the point */

/* Is text a rate: a plain decimal from 0 to 1, "0", "0.05", "1", "1.000"? */
bool draw_rate_valid(const char *rate);
/* <0, 0, >0 as rate a is lower than, equal to, higher than b; both valid. */
int draw_rate_compare(const char *a, const char *b);
/* 1: drawn, 0: not. ERR_INVALID where the rate is none. */
int draw(const void *key, size_t key_len, const char *id, const char *rate,
         struct err *err);

#endif
