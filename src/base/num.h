/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text, always with a point and independent of the locale.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>

enum { NUM_TEXT_SIZE = 32 };

/* Shortest text that reads back as the same double, in the form of
 * ECMAScript's Number.prototype.toString (RFC 8785 3.2.2.3); "0" for -0.
 * d must be finite. Returns out. */
const char *num_es6(double d, char out[NUM_TEXT_SIZE]);

/* Is text a JSON number: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)? */
bool num_valid(const char *text);
/* Compares two such decimals exactly: <0, 0, >0. Both must be valid and their
 * exponents within ±9999. */
int num_compare(const char *a, const char *b);

#endif
