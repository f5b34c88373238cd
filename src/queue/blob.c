/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/msg.h"

struct queue_blob {
	char *dir, *path;            /* of the temporary file; NULL once moved */
	char name[65];
	int fd;
	int64_t size;
	struct hash_stream *hash;    /* NULL once ended */
};

bool blob_name_valid(const char *sha256)
{
	unsigned char hash[HASH_SIZE];

	return sha256 && hash_unhex(sha256, hash, sizeof hash);
}

char *blob_path(const char *dir, const char *sha256)
{
	return mem_printf("%s/blobs/%.2s/%s", dir, sha256, sha256);
}

int blob_start(const char *dir, const char *sha256, struct queue_blob **out, struct err *err)
{
	struct queue_blob *b = mem_zalloc(sizeof *b);

	b->dir = mem_strdup(dir);
	memcpy(b->name, sha256, sizeof b->name);
	b->path = mem_printf("%s/blobs/incoming-XXXXXX", dir);
	b->fd = mkostemp(b->path, O_CLOEXEC);
	if (b->fd < 0) {
		int rc = err_errno(err, N_("%s cannot be written: %s"), b->path);

		free(b->path);
		free(b->dir);
		free(b);
		return rc;
	}
	b->hash = hash_stream_new();
	*out = b;
	return 0;
}

int queue_blob_add(struct queue_blob *blob, const void *bytes, size_t len, struct err *err)
{
	const char *at = bytes;

	if (blob->size + (int64_t)len > BLOB_BYTES_MAX)
		return err_set(err, ERR_LIMIT, N_("a blob holds at most 64 MiB"));
	hash_stream_add(blob->hash, bytes, len);
	blob->size += (int64_t)len;
	while (len) {
		ssize_t n = write(blob->fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, N_("%s cannot be written: %s"), blob->path);
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

bool blob_matches(struct queue_blob *blob)
{
	unsigned char hash[HASH_SIZE];
	char text[65];

	hash_stream_end(blob->hash, hash);
	blob->hash = NULL;
	return strcmp(hash_hex(hash, sizeof hash, text), blob->name) == 0;
}

static int sync_dir(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 || fsync(fd) < 0 ? err_errno(err, N_("%s cannot be written: %s"), path) : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

int blob_keep(struct queue_blob *blob, struct err *err)
{
	char *folder = mem_printf("%s/blobs/%.2s", blob->dir, blob->name);
	char *path = blob_path(blob->dir, blob->name);
	char *blobs = file_join(blob->dir, "blobs");
	int rc = file_private_dir(folder, err);

	if (!rc && fsync(blob->fd) < 0)
		rc = err_errno(err, N_("%s cannot be written: %s"), blob->path);
	crash_point("queue.blob.before");
	if (!rc && rename(blob->path, path) < 0)
		rc = err_errno(err, N_("%s cannot be written: %s"), path);
	if (!rc) {
		free(blob->path);
		blob->path = NULL;
		rc = sync_dir(folder, err);
	}
	if (!rc)
		rc = sync_dir(blobs, err);
	crash_point("queue.blob.after");
	free(blobs);
	free(folder);
	free(path);
	return rc;
}

int64_t blob_size(const struct queue_blob *blob)
{
	return blob->size;
}

void queue_blob_abort(struct queue_blob *blob)
{
	unsigned char hash[HASH_SIZE];

	if (!blob)
		return;
	if (blob->hash)
		hash_stream_end(blob->hash, hash);
	close(blob->fd);
	if (blob->path)
		unlink(blob->path);
	free(blob->path);
	free(blob->dir);
	free(blob);
}
