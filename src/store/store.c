/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "store/migrate.h"
#include "store/sql.h"
#include "store/wake.h"

enum {
	CACHE_KIB = 8192,        /* private memory of the page cache */
	BUSY_MS = 2000,          /* readers beside the owner hold it for moments */
	/* No statement or row here comes near these; a damaged or forged file
	 * must not make the library do more. */
	LIMIT_SQL_BYTES = 1 << 20,
	LIMIT_ROW_BYTES = 128 << 20
};

/* The library creates files with the process's mask, a store is private. */
static int make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;
	int rc = 0;

	if (fd < 0)
		return err_errno(err, N_("cannot open %s: %s"), path);
	if (fstat(fd, &st) != 0)
		rc = err_errno(err, N_("cannot open %s: %s"), path);
	else if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077))
		rc = err_set(err, ERR_DENIED, N_("%s is not yours alone: its owner must be you and "
		             "its mode 0600 (chmod 600 %s)"), path, path);
	close(fd);
	return rc;
}

static int wal_hook(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct store *s = ctx;

	(void)db;
	(void)name;
	s->wal_pages = pages;
	s->written_boot_ms = clock_boot_ms();
	return SQLITE_OK;
}

static int configure(struct store *s, struct err *err)
{
	static const char *const pragmas[] = {
		"PRAGMA trusted_schema = OFF", "PRAGMA foreign_keys = ON",
		"PRAGMA temp_store = MEMORY", "PRAGMA cell_size_check = ON", NULL
	};
	static const char *const owner[] = {
		"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
		"PRAGMA wal_autocheckpoint = 0", NULL
	};
	char *cache = mem_printf("PRAGMA cache_size = -%d", CACHE_KIB);
	int rc = SQLITE_OK;

	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_limit(s->db, SQLITE_LIMIT_SQL_LENGTH, LIMIT_SQL_BYTES);
	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, LIMIT_ROW_BYTES);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);
	rc = sqlite3_exec(s->db, cache, NULL, NULL, NULL);
	free(cache);
	for (int i = 0; rc == SQLITE_OK && pragmas[i]; i++)
		rc = sqlite3_exec(s->db, pragmas[i], NULL, NULL, NULL);
	for (int i = 0; rc == SQLITE_OK && !s->reader && owner[i]; i++)
		rc = sqlite3_exec(s->db, owner[i], NULL, NULL, NULL);
	if (rc == SQLITE_OK && !s->reader)
		sqlite3_wal_hook(s->db, wal_hook, s);
	return rc == SQLITE_OK ? 0 : sql_error(s, rc, err);
}

static int open_database(struct store *s, struct err *err)
{
	char *path = file_join(s->dir, "store.db");
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW
	            | (s->reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	int rc = s->reader ? 0 : make_file(path, err);

	if (!rc) {
		int code = sqlite3_open_v2(path, &s->db, flags, NULL);

		if (code != SQLITE_OK && s->reader && access(path, F_OK) != 0)
			rc = err_set(err, ERR_NOT_FOUND, N_("there is no store in %s"), s->dir);
		else if (code != SQLITE_OK)
			rc = sql_error(s, code, err);
	}
	free(path);
	return rc ? rc : configure(s, err);
}

static int migrate(struct store *s, struct err *err)
{
	const struct migrate_step *steps = migrate_steps();
	char *backup;
	int rc, version;

	if (!s->reader) {
		backup = file_join(s->dir, "store-before-upgrade.db");
		rc = migrate_run(s->db, s->dir, steps, backup, err);
		free(backup);
		return rc;
	}
	version = migrate_version(s->db, s->dir, err);
	if (version < 0)
		return version;
	if (version > migrate_count(steps))
		return err_set(err, ERR_NEWER, N_("the store %s was written by a newer Countersign"),
		               s->dir);
	if (version < migrate_count(steps))
		return err_set(err, ERR_UNSUPPORTED, N_("the store %s is of an older Countersign; "
		               "open it once with this one"), s->dir);
	return 0;
}

static struct store *allocate(const char *dir, bool reader)
{
	struct store *s = mem_zalloc(sizeof *s);

	s->dir = mem_strdup(dir);
	s->lock_fd = -1;
	s->reader = reader;
	for (int t = 0; t < STORE_TOPICS; t++)
		s->generation[t] = 1;
	return s;
}

static int finish_open(struct store *s, int rc, struct store **out)
{
	if (rc) {
		store_close(s);
		s = NULL;
	}
	*out = s;
	return rc;
}

int store_open(const char *dir, struct store **out, struct err *err)
{
	struct store *s = allocate(dir, false);
	char *lock = file_join(dir, "lock");
	int rc = access(dir, F_OK) == 0 ? 0 : file_make_dirs(dir, err);

	if (!rc)
		rc = file_private_dir(dir, err);
	if (!rc) {
		s->lock_fd = file_lock(lock, err);
		rc = s->lock_fd < 0 ? s->lock_fd : 0;
	}
	free(lock);
	if (!rc)
		rc = open_database(s, err);
	if (!rc)
		rc = migrate(s, err);
	if (!rc)
		rc = wake(s, err);
	return finish_open(s, rc, out);
}

int store_open_reader(const char *dir, struct store **out, struct err *err)
{
	struct store *s = allocate(dir, true);
	int rc = open_database(s, err);

	if (!rc)
		rc = migrate(s, err);
	if (!rc)
		rc = wake_device(s, err);
	return finish_open(s, rc, out);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	sql_forget_queues(s);
	for (size_t i = 0; i < SQL_STATEMENTS; i++)
		sqlite3_finalize(s->statements[i].stmt);
	sqlite3_close(s->db);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s->queues);
	free(s->tallies);
	free(s->dir);
	free(s);
}

const char *store_dir(const struct store *s)
{
	return s->dir;
}

const char *store_device(const struct store *s)
{
	return s->device;
}

/* A reader asks the file: the owner's commits do not pass through here. */
static uint64_t data_version(struct store *s)
{
	int64_t version = 0;

	sql_number(s, 0, &version, NULL, "PRAGMA data_version", "");
	return (uint64_t)version;
}

uint64_t store_generation(const struct store *s, enum store_topic topic)
{
	if (s->reader)
		return data_version((struct store *)s);
	return s->generation[topic];
}

uint64_t store_generation_all(const struct store *s)
{
	uint64_t sum = 0;

	if (s->reader)
		return data_version((struct store *)s);
	for (int t = 0; t < STORE_TOPICS; t++)
		sum += s->generation[t];
	return sum;
}
