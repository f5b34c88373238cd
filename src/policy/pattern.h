/* SPDX-License-Identifier: Apache-2.0
 *
 * The patterns of the policy operator `matches`: literals, ".", classes
 * ("[a-z0-9]", "[^ ]", \d \w \s and, outside a class, \D \W \S), groups,
 * alternation, "?", "{n}" and "{m,n}". No "*", no "+", no repeat inside a
 * repeat: every pattern matches texts of a bounded length. Found anywhere in
 * the text unless "^" begins or "$" ends the whole pattern. Over code points;
 * \d \w \s are ASCII; case matters; the locale does not.
 *
 * A set-of-states matcher: time is at most states × code points of the text,
 * with at most PATTERN_STATES states.
 */
#ifndef POLICY_PATTERN_H
#define POLICY_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { PATTERN_BYTES_MAX = 1000, PATTERN_STATES = 1000, PATTERN_REPEAT_MAX = 255 };

struct pattern;

/* ERR_INVALID (where: "offset N", in bytes), ERR_LIMIT where it grows too big. */
int pattern_compile(const char *text, struct pattern **out, struct err *err);
void pattern_free(struct pattern *p);   /* NULL allowed */
/* s is valid UTF-8. May be called from several threads. */
bool pattern_match(const struct pattern *p, const char *s, size_t len);

#endif
