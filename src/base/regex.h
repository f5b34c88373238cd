/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular expressions in the dialect of JSON Schema (ECMA-262 with the u flag,
 * as far as PCRE2 has it): UTF-8, searched for anywhere in the text, case
 * matters, $ matches at the very end only, \d and \w are ASCII, \s is ECMA's
 * white space, \uXXXX and \u{…} work, and so do \p{Letter} and \p{Script=Greek}.
 * What only Perl knows (\A, \C, (?i), (*VERBS) …) is refused; a lookbehind of
 * variable length, which only ECMA-262 knows, too. Every match is limited in
 * steps, depth and memory, so no pattern can hold a process up.
 */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include <stddef.h>

#include "base/err.h"

enum {
	REGEX_PATTERN_MAX = 4096,      /* bytes of a pattern */
	REGEX_MATCH_LIMIT = 200000,    /* PCRE2's unit: calls of its match() */
	REGEX_DEPTH_LIMIT = 2000,      /* nested backtracking points */
	REGEX_HEAP_LIMIT_KIB = 4096
};

struct regex;

/* Compiles a pattern; may be used from several threads. NULL with ERR_INVALID
 * (where: "pattern:OFFSET", in bytes) or ERR_LIMIT where it is too long. Free
 * with regex_free(). */
struct regex *regex_new(const char *pattern, struct err *err);
void regex_free(struct regex *re);   /* NULL is allowed */
/* 1: found, 0: not found; ERR_LIMIT where a limit ended the search, which is
 * neither; ERR_INVALID where the text is not UTF-8. */
int regex_match(const struct regex *re, const char *text, size_t len, struct err *err);

#endif
