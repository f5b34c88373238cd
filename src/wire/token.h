/* SPDX-License-Identifier: Apache-2.0
 *
 * Two kinds of tokens.
 *   lease token: decimal text of epoch * 2^32 + counter; a later grant is
 *   always greater, also over a restore.
 *   bearer token: "cst_" + 64 hex digits of 32 random bytes; a server keeps
 *   the SHA-256 of the whole text only.
 */
#ifndef WIRE_TOKEN_H
#define WIRE_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

enum { TOKEN_TEXT_SIZE = 24, TOKEN_BEARER_SIZE = 69 };

/* epoch 1..2^31-1, counter 1..2^32-1. Returns out. */
const char *token_text(int64_t epoch, int64_t counter, char out[TOKEN_TEXT_SIZE]);
/* Exactly that form: no sign, no leading zero. */
bool token_parse(const char *text, int64_t *epoch, int64_t *counter);
/* The number itself; -1 where the text is no lease token. */
int64_t token_number(const char *text);
/* <0, 0, >0: which was granted earlier. Both must be lease tokens. */
int token_compare(const char *a, const char *b);

const char *token_bearer_new(char out[TOKEN_BEARER_SIZE]);
/* For vectors: the token of these random bytes. */
const char *token_bearer_make(const unsigned char random[32], char out[TOKEN_BEARER_SIZE]);
bool token_bearer_valid(const char *text);
/* "sha256:" + hex over the text; returns out. */
const char *token_bearer_digest(const char *text, char out[HASH_TEXT_SIZE]);

#endif
