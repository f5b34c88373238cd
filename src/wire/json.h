/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes <-> value tree. The only door through which JSON enters a program:
 * everything parsed has passed the pre-scan.
 */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/value.h"
#include "wire/prescan.h"

/* Seeds the library's hash tables from the system's randomness. Call once in
 * main(), before threads start. */
void json_init(void);

/* Pre-scan, then parse. limits NULL: prescan_document. *out is the caller's.
 * ERR_INVALID, ERR_LIMIT, with place (see prescan_check). */
int json_parse(const char *bytes, size_t len, const struct prescan_limits *limits,
               struct value **out, struct err *err);
/* Parses bytes that have passed prescan_check() already. */
int json_parse_scanned(const char *bytes, size_t len, struct value **out, struct err *err);

/* Appends the value as compact JSON: members in their order, numbers as
 * num_es6(), strings with the escapes JSON demands and no others. */
void json_text(const struct value *v, struct buf *out);
/* The same, indented by two blanks a level, for people. */
void json_text_pretty(const struct value *v, struct buf *out);
/* Appends one string with quotes and escapes. */
void json_text_string(const char *s, size_t len, struct buf *out);

#endif
