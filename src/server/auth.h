/* SPDX-License-Identifier: Apache-2.0
 *
 * Bearer tokens (RFC 6750). Only the SHA-256 of a token goes further; who it
 * is, and what they may do, is judged by the queue in the transaction that acts.
 */
#ifndef SERVER_AUTH_H
#define SERVER_AUTH_H

#include <stdbool.h>

#include "base/hash.h"

/* Reads the Authorization header (NULL: there was none). False where it is no
 * bearer token of the form cst_ and 64 hex digits. */
bool auth_bearer(const char *authorization, unsigned char token_hash[HASH_SIZE]);

#endif
