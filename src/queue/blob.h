/* SPDX-License-Identifier: Apache-2.0
 *
 * The file side of blobs: bytes to a temporary file, hashed on the way, then to
 * their place by name. Knows no database.
 */
#ifndef QUEUE_BLOB_H
#define QUEUE_BLOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "queue/queue.h"

#define BLOB_BYTES_MAX ((int64_t)64 * 1024 * 1024)

/* 64 lower-case hex digits? */
bool blob_name_valid(const char *sha256);
/* DIR/blobs/aa/<64 hex>; char * is the caller's. */
char *blob_path(const char *dir, const char *sha256);
/* Starts a temporary file in DIR/blobs. ERR_FULL, ERR_IO. */
int blob_start(const char *dir, const char *sha256, struct queue_blob **out, struct err *err);
/* Ends the hash; false where the bytes are not those named. */
bool blob_matches(struct queue_blob *blob);
/* Syncs the file and moves it to its place. */
int blob_keep(struct queue_blob *blob, struct err *err);
int64_t blob_size(const struct queue_blob *blob);

#endif
