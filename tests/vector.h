/* SPDX-License-Identifier: Apache-2.0
 *
 * The vector files of data/vectors and other files, for tests of the wire.
 */
#ifndef TESTS_VECTOR_H
#define TESTS_VECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/hash.h"
#include "model/value.h"

/* data/vectors/NAME.json; the caller's. Ends the test where it is not there. */
struct value *vector_load(const char *name);
/* Reads a JSON file of any size; NULL where it is not there. The caller's. */
struct value *vector_file(const char *path);
/* The bytes of a file; false where it is not there. */
bool vector_bytes(const char *path, struct buf *out);
/* Path of a file below the shared data, or NULL where there is none. Static
 * buffer, good until the next call. */
const char *vector_shared(const char *path);

/* Text of a member; ends the test where there is none. */
const char *vector_text(const struct value *v, const char *key);
/* Parses a text that must be a document; the caller's. */
struct value *vector_parse(const char *text);
/* Hash of 64 hex digits, or of base64. Ends the test where it is none. */
void vector_hash(const char *hex, unsigned char out[HASH_SIZE]);
/* Bytes of hex digits, at most size; returns how many. */
size_t vector_hex(const char *hex, void *out, size_t size);

#endif
