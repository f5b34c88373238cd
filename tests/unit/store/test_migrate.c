/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/crash.h"
#include "store/migrate.h"
#include "unit/store/fixture.h"

static const struct migrate_step ladder[] = {
	{ "one", "CREATE TABLE a (x); INSERT INTO a VALUES (1)" },
	{ "two", "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1" },
	{ "three", "CREATE TABLE b (z); INSERT INTO b SELECT y + 1 FROM a" },
	{ NULL, NULL }
};

static int passes, die_at;

/* Replaces the one of the archive: dies at the pass that is wanted. */
void crash_point(const char *name)
{
	(void)name;
	if (++passes == die_at)
		_exit(9);
}

static char path[400], backup[400];
static const struct migrate_step nothing[] = { { NULL, NULL } };

static int set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "%.300s/x.db", fixture_begin());
	snprintf(backup, sizeof backup, "%.350s.before", path);
	passes = die_at = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fixture_end();
	return 0;
}

static sqlite3 *connect(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static int number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	int n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void test_from_every_version(void **state)
{
	(void)state;
	for (int from = 0; from <= 3; from++) {
		struct migrate_step some[4] = { { NULL, NULL } };
		struct err err = ERR_INIT;
		sqlite3 *db;

		unlink(path);
		db = connect();
		for (int i = 0; i < from; i++)
			some[i] = ladder[i];
		assert_int_equal(migrate_run(db, "x", some, NULL, &err), 0);
		assert_int_equal(migrate_version(db, "x", &err), from);
		assert_int_equal(migrate_run(db, "x", ladder, NULL, &err), 0);
		assert_int_equal(migrate_version(db, "x", &err), 3);
		assert_int_equal(number(db, "SELECT z FROM b"), 3);
		sqlite3_close(db);
	}
}

static void test_backup_before_an_upgrade(void **state)
{
	struct migrate_step first[2] = { ladder[0], { NULL, NULL } };
	struct err err = ERR_INIT;
	sqlite3 *db = connect();
	struct stat st;

	(void)state;
	assert_int_equal(migrate_run(db, "x", first, backup, &err), 0);
	/* A new store has nothing to keep. */
	assert_int_not_equal(stat(backup, &st), 0);
	assert_int_equal(migrate_run(db, "x", ladder, backup, &err), 0);
	sqlite3_close(db);
	memcpy(path, backup, sizeof path);
	db = connect();
	assert_int_equal(migrate_version(db, "x", &err), 1);
	assert_int_equal(number(db, "SELECT x FROM a"), 1);
	sqlite3_close(db);
}

static void test_a_broken_step_changes_nothing(void **state)
{
	const struct migrate_step broken[] = {
		ladder[0], { "bad", "CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)" },
		{ NULL, NULL }
	};
	struct err err = ERR_INIT;
	sqlite3 *db = connect();

	(void)state;
	assert_true(migrate_run(db, "x", broken, NULL, &err) < 0);
	assert_string_equal(err.where, "bad");
	assert_int_equal(number(db, "PRAGMA user_version"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'c'"), 0);
	sqlite3_close(db);
}

static void test_newer_and_foreign_are_refused(void **state)
{
	struct err err = ERR_INIT;
	sqlite3 *db = connect();

	(void)state;
	assert_int_equal(migrate_run(db, "x", ladder, NULL, &err), 0);
	assert_int_equal(migrate_run(db, "x", nothing, NULL, &err), ERR_NEWER);
	sqlite3_close(db);
	unlink(path);
	db = connect();
	sqlite3_exec(db, "CREATE TABLE theirs (x)", NULL, NULL, NULL);
	err_clear(&err);
	assert_int_equal(migrate_run(db, "x", ladder, NULL, &err), ERR_CORRUPT);
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
	sqlite3_close(db);
}

/* Killed at each point, started again: the same end. */
static void test_killed_at_each_step(void **state)
{
	(void)state;
	for (int n = 1; n <= 6; n++) {
		struct err err = ERR_INIT;
		sqlite3 *db;
		pid_t child;
		int status;

		unlink(path);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			passes = 0;
			die_at = n;
			db = connect();
			migrate_run(db, "x", ladder, NULL, &err);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(WEXITSTATUS(status), 9);
		db = connect();
		assert_int_equal(migrate_run(db, "x", ladder, NULL, &err), 0);
		assert_int_equal(number(db, "SELECT count(*) * 100 + x * 10 + y FROM a"), 112);
		assert_int_equal(number(db, "SELECT count(*) * 10 + z FROM b"), 13);
		sqlite3_close(db);
	}
}

static void test_what_is_built_in(void **state)
{
	struct err err = ERR_INIT;
	sqlite3 *db = connect();

	(void)state;
	assert_true(migrate_count(migrate_steps()) >= 1);
	assert_int_equal(migrate_run(db, "x", migrate_steps(), NULL, &err), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM act"), 0);
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_from_every_version, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_backup_before_an_upgrade, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_broken_step_changes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_newer_and_foreign_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_killed_at_each_step, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_built_in, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
