/* SPDX-License-Identifier: Apache-2.0
 *
 * Time. Instants are milliseconds since 1970-01-01 UTC and travel as RFC 3339
 * with exactly three fraction digits and Z. Intervals are measured on the
 * boot-time clock, which counts suspend.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_TEXT_SIZE = 25 };   /* 2026-11-02T13:27:26.000Z and NUL */

int64_t clock_now_ms(void);      /* wall clock, UTC */
int64_t clock_boot_ms(void);     /* CLOCK_BOOTTIME */
int64_t clock_mono_us(void);     /* CLOCK_MONOTONIC, microseconds, for figures */

/* Writes the instant; years 0000 to 9999. Returns out. */
const char *clock_text(int64_t at_ms, char out[CLOCK_TEXT_SIZE]);
/* Reads RFC 3339 (any offset, 0 to 9 fraction digits, cut to milliseconds).
 * False where the text is not an existing day and time. */
bool clock_parse(const char *text, int64_t *at_ms);

/* The one seam that tests replace: see clock_source.c. */
int64_t clock_source_ms(int clock_id);

#endif
