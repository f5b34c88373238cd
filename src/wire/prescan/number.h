/* SPDX-License-Identifier: Apache-2.0
 *
 * The number rules of the pre-scan, in whole-number arithmetic: no library
 * conversion, no locale.
 */
#ifndef WIRE_PRESCAN_NUMBER_H
#define WIRE_PRESCAN_NUMBER_H

#include "wire/prescan.h"

/* *p stands on '-' or a digit. Moves *p behind the number and returns
 * PRESCAN_NONE, or returns the fault: for PRESCAN_SYNTAX and PRESCAN_END *p
 * stands where it is.
 *   integer (no fraction, no exponent): at most 2^53-1 in size, else INTEGER
 *   otherwise, leading and trailing zeros of the mantissa aside, at most 17
 *   digits (DIGITS), not beyond the largest double (OVERFLOW), not rounded to
 *   zero (UNDERFLOW). */
enum prescan_fault prescan_number(const unsigned char **p, const unsigned char *end);

#endif
