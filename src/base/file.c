/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/msg.h"

/* --- reading ------------------------------------------------------------------ */

static int read_all(int fd, const char *path, size_t limit, struct buf *out,
                    struct err *err)
{
	char chunk[16384];
	size_t total = 0;
	struct err_numbuf num;
	int status = 0;
	ssize_t got;

	while ((got = read(fd, chunk, sizeof chunk)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			status = err_errno(err, N_("cannot read %s: %s"), path);
			break;
		}
		total += (size_t)got;
		if (total > limit) {
			status = err_set(err, ERR_LIMIT, N_("%s is larger than %s bytes"), path,
			                 err_num(&num, (long long)limit));
			break;
		}
		buf_add(out, chunk, (size_t)got);
	}
	hash_wipe(chunk, sizeof chunk);   /* it may have been a secret */
	return status;
}

int file_read(const char *path, size_t limit, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), status;

	if (fd < 0)
		return err_errno(err, N_("cannot open %s: %s"), path);
	status = read_all(fd, path, limit, out, err);
	close(fd);
	return status;
}

static int check_secret(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(err, N_("cannot read %s: %s"), path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_DENIED, N_("%s is not a regular file"), path);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_DENIED, N_("%s belongs to another user"), path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(err, ERR_DENIED,
		               N_("others can use the secret in %s; mend it with: chmod 600 %s"),
		               path, path);
	return 0;
}

int file_read_secret(const char *path, size_t limit, struct buf *out, struct err *err)
{
	/* Without O_NONBLOCK opening a FIFO would wait for a writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), status;

	if (fd < 0)
		return err_errno(err, N_("cannot open %s: %s"), path);
	status = check_secret(fd, path, err);
	if (status == 0)
		status = read_all(fd, path, limit, out, err);
	close(fd);
	if (status == 0 && out->len && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	if (status == 0 && out->len && out->data[out->len - 1] == '\r')
		out->data[--out->len] = '\0';
	return status;
}

/* --- writing ------------------------------------------------------------------ */

static int write_all(int fd, const char *path, const char *data, size_t len,
                     struct err *err)
{
	while (len) {
		ssize_t put = write(fd, data, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_errno(err, N_("cannot write %s: %s"), path);
		data += put;
		len -= (size_t)put;
	}
	if (fsync(fd) != 0)
		return err_errno(err, N_("cannot write %s: %s"), path);
	return 0;
}

static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

/* Makes a new or renamed entry of the directory last. */
static int sync_parent(const char *path, struct err *err)
{
	char *parent = parent_of(path);
	int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC), status = 0;

	if (fd < 0 || fsync(fd) != 0)
		status = err_errno(err, N_("cannot write %s: %s"), parent);
	if (fd >= 0)
		close(fd);
	free(parent);
	return status;
}

int file_write_private(const char *path, const void *data, size_t len, struct err *err)
{
	char id[ID_SIZE];
	char *temporary = mem_printf("%s.%s", path, id_new(id));
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int status;

	if (fd < 0) {
		status = err_errno(err, N_("cannot write %s: %s"), path);
		free(temporary);
		return status;
	}
	status = write_all(fd, path, data, len, err);
	if (close(fd) != 0 && status == 0)
		status = err_errno(err, N_("cannot write %s: %s"), path);
	crash_point("file.rename.before");
	if (status == 0 && rename(temporary, path) != 0)
		status = err_errno(err, N_("cannot write %s: %s"), path);
	if (status != 0)
		unlink(temporary);
	crash_point("file.rename.after");
	if (status == 0)
		status = sync_parent(path, err);
	free(temporary);
	return status;
}

/* --- directories and locks ------------------------------------------------------ */

int file_private_dir(const char *path, struct err *err)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return sync_parent(path, err);
	if (errno != EEXIST)
		return err_errno(err, N_("cannot make the directory %s: %s"), path);
	if (stat(path, &st) != 0)
		return err_errno(err, N_("cannot read %s: %s"), path);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_DENIED, N_("%s is not a directory"), path);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_DENIED, N_("%s belongs to another user"), path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(err, ERR_DENIED,
		               N_("others can write to the directory %s; mend it with: chmod 700 %s"),
		               path, path);
	return 0;
}

static int make_dir(const char *path, struct err *err)
{
	struct stat st;
	int saved;

	if (mkdir(path, 0700) == 0)
		return sync_parent(path, err);
	saved = errno;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	/* mkdir() says "exists" for a file in the way, which helps nobody. */
	errno = saved == EEXIST ? ENOTDIR : saved;
	return err_errno(err, N_("cannot make the directory %s: %s"), path);
}

int file_make_dirs(const char *path, struct err *err)
{
	char *copy = mem_strdup(path), *p = copy;
	int status = 0;

	while (status == 0 && *p) {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		if (*p) {
			*p = '\0';
			status = make_dir(copy, err);
			*p++ = '/';
		} else if (p > copy && p[-1] != '/') {
			status = make_dir(copy, err);
		}
	}
	free(copy);
	return status;
}

/* Who holds the lock, as it wrote into the file; "?" where it did not yet. */
static void read_owner(int fd, char *out, size_t size)
{
	ssize_t got = pread(fd, out, size - 1, 0);
	size_t len = got > 0 ? (size_t)got : 0;

	out[len] = '\0';
	out[strspn(out, "0123456789")] = '\0';
	if (!*out)
		memcpy(out, "?", 2);
}

int file_lock(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	char owner[24];
	int len, status;

	if (fd < 0)
		return err_errno(err, N_("cannot open %s: %s"), path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK) {
			read_owner(fd, owner, sizeof owner);
			status = err_set(err, ERR_BUSY, N_("%s is in use by process %s"), path,
			                 owner);
		} else {
			status = err_errno(err, N_("cannot lock %s: %s"), path);
		}
		close(fd);
		return status;
	}
	len = snprintf(owner, sizeof owner, "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, owner, (size_t)len, 0) != len) {
		status = err_errno(err, N_("cannot write %s: %s"), path);
		close(fd);
		return status;
	}
	return fd;
}

char *file_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	return mem_printf("%s%s%s", dir, len && dir[len - 1] == '/' ? "" : "/", name);
}
