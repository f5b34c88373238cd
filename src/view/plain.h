/* SPDX-License-Identifier: Apache-2.0
 *
 * Values, times and durations as plain text for people. Not made safe: rows.h
 * does that for everything it takes.
 */
#ifndef VIEW_PLAIN_H
#define VIEW_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/value.h"

/* A string as it is, anything else as compact JSON; NULL and null: "". */
void plain_value(const struct value *v, struct buf *out);
/* The same; the caller's. */
char *plain_text(const struct value *v);
/* JSON with every string quoted; indented by two blanks a level with pretty. */
void plain_json(const struct value *v, bool pretty, struct buf *out);

enum { PLAIN_TIME_SIZE = 40 };
/* Local time of an instant as seen at now_ms: "14:20" today, "8 Nov 14:20" this
 * year, else "2025-11-08". Returns out. */
const char *plain_time(int64_t at_ms, int64_t now_ms, char out[PLAIN_TIME_SIZE]);
/* "6 s", "12 min", "3 h", "2 days": of a span, rounded down. Returns out. */
const char *plain_span(int64_t span_ms, char out[PLAIN_TIME_SIZE]);
/* A number 0..1 with two decimals, "0.70"; of per mille. Returns out. */
const char *plain_share(double share, char out[PLAIN_TIME_SIZE]);

#endif
