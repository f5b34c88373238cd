/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "unit/store/fixture.h"

static int set_up(void **state)
{
	(void)state;
	fixture_begin();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fixture_end();
	return 0;
}

static int mode_of(const char *name)
{
	char path[340];
	struct stat st;

	snprintf(path, sizeof path, "%s%s%s", fixture_dir(), name[0] ? "/" : "", name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

static void test_makes_a_private_directory(void **state)
{
	mode_t mask = umask(0);
	struct store *s = fixture_open();

	(void)state;
	umask(mask);
	assert_int_equal(mode_of(""), 0700);
	assert_int_equal(mode_of("store.db"), 0600);
	assert_int_equal(mode_of("store.db-wal"), 0600);
	assert_string_equal(store_dir(s), fixture_dir());
	store_close(s);
	store_close(NULL);
}

static void test_device_stays(void **state)
{
	struct store *s = fixture_open();
	char device[ID_SIZE];

	(void)state;
	assert_true(id_valid(store_device(s)));
	strcpy(device, store_device(s));
	store_close(s);
	s = fixture_open();
	assert_string_equal(store_device(s), device);
	store_close(s);
}

static void test_one_owner(void **state)
{
	struct store *s = fixture_open(), *other = s;
	struct err err = ERR_INIT;
	char pid[32];
	int status;
	pid_t child;

	(void)state;
	snprintf(pid, sizeof pid, "%ld", (long)getpid());
	child = fork();
	if (child == 0) {
		int rc = store_open(fixture_dir(), &other, &err);
		bool named = false;

		for (int i = 0; i < ERR_ARGS; i++)
			named = named || strcmp(err.arg[i], pid) == 0;
		_exit(rc == ERR_BUSY && named && !other ? 7 : 1);
	}
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 7);
	store_close(s);
	s = fixture_open();
	store_close(s);
}

static void test_killed_owner_leaves_no_lock(void **state)
{
	struct store *s;
	int fd[2], status;
	pid_t child;
	char c;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	child = fork();
	if (child == 0) {
		s = fixture_open();
		if (write(fd[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(fd[0], &c, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	s = fixture_open();
	store_close(s);
	close(fd[0]);
	close(fd[1]);
}

static int refusal(void)
{
	struct err err = ERR_INIT;
	struct store *s = NULL;
	int rc = store_open(fixture_dir(), &s, &err);

	assert_null(s);
	assert_int_equal(err.code, rc);
	return rc;
}

static void test_refuses_what_others_can_write(void **state)
{
	char path[340];

	(void)state;
	store_close(fixture_open());
	snprintf(path, sizeof path, "%s/store.db", fixture_dir());
	chmod(path, 0644);
	assert_int_equal(refusal(), ERR_DENIED);
	chmod(path, 0600);
	chmod(fixture_dir(), 0770);
	assert_int_equal(refusal(), ERR_DENIED);
	chmod(fixture_dir(), 0700);
	store_close(fixture_open());
}

static void test_refuses_a_newer_store(void **state)
{
	int64_t rows;

	(void)state;
	store_close(fixture_open());
	fixture_sql("PRAGMA user_version = 1000");
	rows = fixture_number("SELECT count(*) FROM self");
	assert_int_equal(refusal(), ERR_NEWER);
	assert_int_equal(fixture_number("SELECT count(*) FROM self"), rows);
	fixture_sql("PRAGMA user_version = 1");
	store_close(fixture_open());
}

static void test_refuses_what_is_no_store(void **state)
{
	char path[340];
	FILE *f;

	(void)state;
	store_close(fixture_open());
	snprintf(path, sizeof path, "%s/store.db", fixture_dir());
	f = fopen(path, "w");
	for (int i = 0; i < 2000; i++)
		fputs("this is no database. ", f);
	fclose(f);
	assert_int_equal(refusal(), ERR_CORRUPT);
	unlink(path);
	fixture_sql("CREATE TABLE theirs (x)");
	chmod(path, 0600);
	assert_int_equal(refusal(), ERR_CORRUPT);
}

static void test_follows_no_link(void **state)
{
	char path[340], moved[360];

	(void)state;
	store_close(fixture_open());
	snprintf(path, sizeof path, "%s/store.db", fixture_dir());
	snprintf(moved, sizeof moved, "%s.moved", path);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(symlink(moved, path), 0);
	assert_true(refusal() < 0);
}

static void test_reader_beside_the_owner(void **state)
{
	struct store *s, *r = NULL;
	struct err err = ERR_INIT;
	uint64_t before;
	char *value;

	(void)state;
	assert_int_equal(store_open_reader(fixture_dir(), &r, &err), ERR_NOT_FOUND);
	err_clear(&err);
	s = fixture_open();
	ok(store_preference_set(s, "a", "1", &fixture_err));
	ok(store_open_reader(fixture_dir(), &r, &fixture_err));
	ok(store_preference(r, "a", &value, &fixture_err));
	assert_string_equal(value, "1");
	free(value);
	assert_string_equal(store_device(r), store_device(s));
	assert_int_equal(store_preference_set(r, "a", "2", &err), ERR_DENIED);
	before = store_generation(r, STORE_TOPIC_PREFERENCES);
	assert_int_equal(store_generation(r, STORE_TOPIC_PREFERENCES), before);
	ok(store_preference_set(s, "a", "3", &fixture_err));
	assert_int_not_equal(store_generation(r, STORE_TOPIC_PREFERENCES), before);
	ok(store_preference(r, "a", &value, &fixture_err));
	assert_string_equal(value, "3");
	free(value);
	store_close(r);
	store_close(s);
	fixture_sql("PRAGMA user_version = 1000");
	err_clear(&err);
	assert_int_equal(store_open_reader(fixture_dir(), &r, &err), ERR_NEWER);
}

static void test_topics_move_with_commits(void **state)
{
	struct store *s = fixture_open();
	uint64_t log = store_generation(s, STORE_TOPIC_LOG);
	uint64_t preferences = store_generation(s, STORE_TOPIC_PREFERENCES);
	uint64_t all = store_generation_all(s);

	(void)state;
	ok(store_preference_set(s, "a", "1", &fixture_err));
	assert_true(store_generation(s, STORE_TOPIC_PREFERENCES) > preferences);
	assert_int_equal(store_generation(s, STORE_TOPIC_LOG), log);
	assert_true(store_generation_all(s) > all);
	store_close(s);
}

static void test_settings_of_the_connection(void **state)
{
	struct store *s = fixture_open();
	char path[340];
	FILE *f;

	(void)state;
	/* The log is moved when the owner closes, and not before. */
	for (int i = 0; i < 50; i++)
		ok(store_preference_set(s, "a", i % 2 ? "1" : "2", &fixture_err));
	snprintf(path, sizeof path, "%s/store.db-wal", fixture_dir());
	f = fopen(path, "r");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	assert_true(ftell(f) > 50 * 4096);
	fclose(f);
	store_close(s);
	assert_int_not_equal(access(path, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_makes_a_private_directory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_device_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_one_owner, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_killed_owner_leaves_no_lock, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refuses_what_others_can_write, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refuses_a_newer_store, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refuses_what_is_no_store, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_follows_no_link, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reader_beside_the_owner, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_topics_move_with_commits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_settings_of_the_connection, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
