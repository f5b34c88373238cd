/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <dirent.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/id.h"
#include "base/mem.h"

static char dir[64];

static char *in_dir(const char *name)
{
	return file_join(dir, name);
}

static void write_plain(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static int entries(void)
{
	DIR *d = opendir(dir);
	int n = -2;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void reads_up_to_its_limit(void **state)
{
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT;
	char *path = in_dir("plain"), *none = in_dir("none");

	(void)state;
	write_plain(path, "0123456789", 0644);
	assert_int_equal(file_read(path, 10, &out, &err), 0);
	assert_string_equal(buf_str(&out), "0123456789");
	buf_reset(&out);
	assert_int_equal(file_read(path, 9, &out, &err), ERR_LIMIT);
	err_clear(&err);
	assert_int_equal(file_read(none, 9, &out, &err), ERR_NOT_FOUND);
	err_clear(&err);
	assert_int_equal(file_read(dir, 9, &out, &err), ERR_IO);
	buf_clear(&out);
	unlink(path);
	free(path);
	free(none);
}

static void secrets_are_for_one_person(void **state)
{
	static const mode_t open_modes[] = { 0640, 0604, 0620, 0602, 0610, 0644 };
	struct buf out = BUF_INIT;
	char *path = in_dir("secret"), *fifo = in_dir("fifo");
	char words[400];

	(void)state;
	write_plain(path, "cst_abc\n", 0600);
	assert_int_equal(file_read_secret(path, 100, &out, NULL), 0);
	assert_string_equal(buf_str(&out), "cst_abc");
	write_plain(path, "cst_abc\r\n", 0400);
	buf_reset(&out);
	assert_int_equal(file_read_secret(path, 100, &out, NULL), 0);
	assert_string_equal(buf_str(&out), "cst_abc");
	for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
		struct err err = ERR_INIT;

		buf_reset(&out);
		assert_int_equal(chmod(path, open_modes[i]), 0);
		assert_int_equal(file_read_secret(path, 100, &out, &err), ERR_DENIED);
		assert_int_equal(out.len, 0);
		assert_non_null(strstr(err_words(&err, words, sizeof words), "chmod 600"));
	}
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(file_read_secret(fifo, 100, &out, NULL), ERR_DENIED);
	buf_clear(&out);
	unlink(path);
	unlink(fifo);
	free(path);
	free(fifo);
}

static void writes_in_one_step(void **state)
{
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT;
	struct stat st;
	char *path = in_dir("written"), *lost = in_dir("no/such"), *odd = in_dir("sub");
	ino_t first;

	(void)state;
	umask(0);
	assert_int_equal(file_write_private(path, "one", 3, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	first = st.st_ino;
	assert_int_equal(file_write_private(path, "two\0x", 5, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_not_equal(st.st_ino, first);
	assert_int_equal(file_read(path, 100, &out, &err), 0);
	assert_int_equal(out.len, 5);
	assert_memory_equal(out.data, "two\0x", 5);
	assert_int_equal(file_write_private(lost, "x", 1, &err), ERR_NOT_FOUND);
	/* What cannot be replaced stays, and no temporary file is left. */
	err_clear(&err);
	assert_int_equal(mkdir(odd, 0700), 0);
	assert_true(file_write_private(odd, "x", 1, &err) < 0);
	assert_int_equal(entries(), 2);
	rmdir(odd);
	unlink(path);
	buf_clear(&out);
	free(path);
	free(lost);
	free(odd);
}

static void directories_are_private(void **state)
{
	struct err err = ERR_INIT;
	struct stat st;
	char *path = in_dir("d"), *deep = in_dir("d/e//f/"), *file = in_dir("d/e/f/x");
	char *below = in_dir("d/e/f/x/y");

	(void)state;
	assert_int_equal(file_private_dir(path, &err), 0);
	assert_int_equal(file_private_dir(path, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(chmod(path, 0750), 0);
	assert_int_equal(file_private_dir(path, &err), 0);
	assert_int_equal(chmod(path, 0770), 0);
	assert_int_equal(file_private_dir(path, &err), ERR_DENIED);
	err_clear(&err);
	assert_int_equal(file_make_dirs(deep, &err), 0);
	assert_int_equal(file_make_dirs(deep, &err), 0);
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	write_plain(file, "x", 0600);
	assert_int_equal(file_private_dir(file, &err), ERR_DENIED);
	err_clear(&err);
	assert_int_equal(file_make_dirs(below, &err), ERR_IO);
	unlink(file);
	rmdir(deep);
	free(deep);
	deep = in_dir("d/e");
	rmdir(deep);
	rmdir(path);
	free(path);
	free(deep);
	free(file);
	free(below);
}

static void one_process_holds_the_lock(void **state)
{
	struct err err = ERR_INIT;
	char *path = in_dir("lock"), words[400];
	int ready[2], done[2], status;
	char byte, pid_text[24];
	pid_t child;
	int fd;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(done), 0);
	child = fork();
	if (child == 0) {
		fd = file_lock(path, NULL);
		if (fd < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		close(done[1]);
		_exit(read(done[0], &byte, 1) == 0 ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(file_lock(path, &err), ERR_BUSY);
	snprintf(pid_text, sizeof pid_text, " %ld", (long)child);
	assert_non_null(strstr(err_words(&err, words, sizeof words), pid_text));
	close(done[0]);
	close(done[1]);
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 0);
	/* The lock of a dead process is no lock. */
	fd = file_lock(path, NULL);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	close(ready[0]);
	close(ready[1]);
	unlink(path);
	free(path);
}

static void paths_join(void **state)
{
	static const struct {
		const char *directory, *name, *path;
	} cases[] = {
		{ "/a/b", "c", "/a/b/c" }, { "/a/", "c", "/a/c" }, { "/", "c", "/c" }, { ".", "c", "./c" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *path = file_join(cases[i].directory, cases[i].name);

		assert_string_equal(path, cases[i].path);
		free(path);
	}
}

static int start(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	snprintf(dir, sizeof dir, "%s/base-file-XXXXXX",
	         base && strlen(base) < 40 ? base : P_tmpdir);
	return id_init() != 0 || !mkdtemp(dir);
}

static int stop(void **state)
{
	(void)state;
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_up_to_its_limit),
		cmocka_unit_test(secrets_are_for_one_person),
		cmocka_unit_test(writes_in_one_step),
		cmocka_unit_test(directories_are_private),
		cmocka_unit_test(one_process_holds_the_lock),
		cmocka_unit_test(paths_join),
	};

	return cmocka_run_group_tests_name("file", tests, start, stop);
}
