/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrate.h"

#include <stdio.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "gen/store_sql.h"

enum { STEPS_MAX = sizeof store_sql / sizeof *store_sql };

const struct migrate_step *migrate_steps(void)
{
	static struct migrate_step steps[STEPS_MAX];

	for (int i = 0; i < STEPS_MAX; i++) {
		steps[i].name = store_sql[i].name;
		steps[i].sql = store_sql[i].text;
	}
	return steps;
}

int migrate_count(const struct migrate_step *steps)
{
	int n = 0;

	while (steps[n].sql)
		n++;
	return n;
}

static int failed(sqlite3 *db, const char *name, struct err *err)
{
	int rc = sqlite3_errcode(db) & 0xff;

	if (rc == SQLITE_FULL)
		return err_set(err, ERR_FULL, N_("no space left to bring the store %s up to date"), name);
	if (rc == SQLITE_NOTADB || rc == SQLITE_CORRUPT)
		return err_set(err, ERR_CORRUPT, N_("the store %s is damaged: %s"), name,
		               sqlite3_errmsg(db));
	if (rc == SQLITE_BUSY)
		return err_set(err, ERR_BUSY, N_("the store %s is busy"), name);
	return err_set(err, ERR_IO, N_("the store %s cannot be used: %s"), name,
	               sqlite3_errmsg(db));
}

static int number(sqlite3 *db, const char *sql, int *out)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return -1;
	*out = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int(st, 0) : 0;
	return sqlite3_finalize(st) == SQLITE_OK ? 0 : -1;
}

int migrate_version(sqlite3 *db, const char *name, struct err *err)
{
	int version, application, tables;

	if (number(db, "PRAGMA user_version", &version)
	    || number(db, "PRAGMA application_id", &application)
	    || number(db, "SELECT count(*) FROM sqlite_schema", &tables))
		return failed(db, name, err);
	if (application != MIGRATE_APPLICATION_ID && (version || tables || application))
		return err_set(err, ERR_CORRUPT, N_("%s is a database of another program"), name);
	return version;
}

static int back_up(sqlite3 *db, const char *name, const char *path, struct err *err)
{
	char *sql;
	int rc;

	unlink(path);
	sql = sqlite3_mprintf("VACUUM INTO %Q", path);
	if (!sql)
		return err_set(err, ERR_IO, N_("the store %s cannot be used: %s"), name,
		               "out of memory");
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(db, name, err);
	sqlite3_free(sql);
	return rc;
}

static int run_step(sqlite3 *db, const char *name, const struct migrate_step *step, int version,
                    struct err *err)
{
	char mark[96];
	int rc = 0;

	snprintf(mark, sizeof mark, "PRAGMA user_version = %d; PRAGMA application_id = %d",
	         version, MIGRATE_APPLICATION_ID);
	if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return failed(db, name, err);
	if (sqlite3_exec(db, step->sql, NULL, NULL, NULL) != SQLITE_OK
	    || sqlite3_exec(db, mark, NULL, NULL, NULL) != SQLITE_OK)
		rc = failed(db, name, err);
	crash_point("store.migrate.before");
	if (!rc && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		rc = failed(db, name, err);
	if (rc) {
		if (!sqlite3_get_autocommit(db))
			sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		err_where(err, "%s", step->name);
	}
	crash_point("store.migrate.after");
	return rc;
}

int migrate_run(sqlite3 *db, const char *name, const struct migrate_step *steps,
                const char *backup, struct err *err)
{
	int version = migrate_version(db, name, err), count = migrate_count(steps), rc = 0;
	struct err_numbuf have, know;

	if (version < 0)
		return version;
	if (version > count)
		return err_set(err, ERR_NEWER, N_("the store %s was written by a newer Countersign "
		               "(its version %s, known %s): use that one"), name,
		               err_num(&have, version), err_num(&know, count));
	if (version > 0 && version < count && backup)
		rc = back_up(db, name, backup, err);
	for (; !rc && version < count; version++)
		rc = run_step(db, name, &steps[version], version + 1, err);
	return rc;
}
