/* SPDX-License-Identifier: Apache-2.0
 *
 * Files and directories that belong to one person or one server.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Reads a whole file of at most limit bytes. ERR_NOT_FOUND, ERR_LIMIT, ERR_IO. */
int file_read(const char *path, size_t limit, struct buf *out, struct err *err);
/* Reads a secret: a regular file of this user that group and others can
 * neither read nor write; a trailing line end is removed. ERR_DENIED where
 * others can read it; the error says how to mend it. */
int file_read_secret(const char *path, size_t limit, struct buf *out, struct err *err);
/* Writes a file with mode 0600 in one step: temporary name, fsync, rename,
 * fsync of the directory. ERR_FULL, ERR_IO. */
int file_write_private(const char *path, const void *data, size_t len, struct err *err);
/* Makes the directory (0700, one level) if it is missing; refuses one that is
 * not this user's or that group or others can write. ERR_DENIED. */
int file_private_dir(const char *path, struct err *err);
/* Makes path and its parents (0700). */
int file_make_dirs(const char *path, struct err *err);
/* Takes the lock file of a store or data directory (created 0600, kept open,
 * close-on-exec). Returns the descriptor, or ERR_BUSY where another process
 * holds it, with its process id as argument of the error. */
int file_lock(const char *path, struct err *err);
/* dir + "/" + name; char * is the caller's. */
char *file_join(const char *dir, const char *name);

#endif
