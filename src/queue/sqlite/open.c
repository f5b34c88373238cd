/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening and closing a data directory; the table of this engine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "gen/server_sql.h"
#include "queue/sqlite/db.h"
#include "queue/sqlite/load.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/verb.h"

static const struct queue_ops sqlite_ops;

/* ---------------------------------------------------------------------- key */

static int read_key(const char *path, unsigned char seed[32], struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = file_read_secret(path, 100, &text, err);

	if (!rc && (text.len != 64 || !hash_unhex(text.data, seed, 32)))
		rc = err_set(err, ERR_CORRUPT, N_("%s is no key of an audit log"), path);
	if (text.data)
		hash_wipe(text.data, text.len);
	buf_clear(&text);
	return rc;
}

static int make_key(const char *path, unsigned char seed[32], struct err *err)
{
	char text[66];
	int rc;

	id_random(seed, 32);
	hash_hex(seed, 32, text);
	text[64] = '\n';
	crash_point("queue.key.before");
	rc = file_write_private(path, text, 65, err);
	crash_point("queue.key.after");
	hash_wipe(text, sizeof text);
	return rc;
}

/* The key is made before the database: a database without its key cannot
 * come about by a crash between them. */
static int take_key(struct db *db, struct err *err)
{
	char *path = file_join(db->dir, "log.key"), *data = file_join(db->dir, "countersign.db");
	unsigned char seed[32];
	int rc;

	if (access(path, F_OK) == 0)
		rc = read_key(path, seed, err);
	else if (access(data, F_OK) == 0)
		rc = err_set(err, ERR_CORRUPT, N_("%s is missing; the audit log cannot go on without it"),
		             path);
	else
		rc = make_key(path, seed, err);
	if (!rc)
		hash_sign_from_seed(seed, db->public_key, db->secret_key);
	hash_wipe(seed, sizeof seed);
	free(path);
	free(data);
	return rc;
}

/* ----------------------------------------------------------------- database */

static int connect(struct db *db, struct err *err)
{
	static const char *const settings[] = {
		"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON",
		"PRAGMA trusted_schema=OFF", "PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-16000",
	};
	char *path = file_join(db->dir, "countersign.db");
	mode_t mask = umask(077);
	int rc = sqlite3_open_v2(path, &db->sql, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
	                         | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW
	                         | SQLITE_OPEN_EXRESCODE, NULL);

	free(path);
	rc = rc == SQLITE_OK ? 0 : db_error(db, err);
	if (!rc) {
		sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
		sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
		sqlite3_limit(db->sql, SQLITE_LIMIT_ATTACHED, 0);
		sqlite3_limit(db->sql, SQLITE_LIMIT_LENGTH, 32 << 20);
	}
	for (size_t i = 0; !rc && i < sizeof settings / sizeof *settings; i++)
		rc = sqlite3_exec(db->sql, settings[i], NULL, NULL, NULL) == SQLITE_OK
			? 0 : db_error(db, err);
	umask(mask);
	return rc;
}

static int open_leaf(struct db *db, struct err *err)
{
	struct leaf leaf = { .type = LEAF_OPEN, .actor = "server", .subject = db->origin };
	struct value *data = value_new_object();
	int rc;

	value_set_string(data, "origin", db->origin);
	value_set_int(data, "epoch", db->epoch);
	leaf.data = data;
	rc = tlog_append(db, &leaf, NULL, err);
	value_free(data);
	return rc;
}

/* What a new database begins with. */
static int begin_log(struct db *db, struct err *err)
{
	int rc;

	db->epoch = 1;
	checkpoint_origin(db->public_key, db->epoch, db->origin);
	rc = db_do(db, err, "INSERT INTO meta(key,value) VALUES('epoch',?),('origin',?),('grants',0)",
	           "is", db->epoch, db->origin);
	return rc ? rc : open_leaf(db, err);
}

static int migrate(struct db *db, struct err *err)
{
	int64_t version = 0;
	int rc = db_int(db, err, &version, "PRAGMA user_version", "");
	struct err_numbuf n;

	if (rc < 0)
		return rc;
	if (version > DB_VERSION)
		return err_set(err, ERR_NEWER,
		               N_("the data were written by a newer version (%s); nothing was changed"),
		               err_num(&n, version));
	for (; version < DB_VERSION; version++) {
		char set[40];

		rc = db_begin(db, err);
		if (rc)
			return rc;
		snprintf(set, sizeof set, "PRAGMA user_version=%d", (int)version + 1);
		if (sqlite3_exec(db->sql, server_sql[version].text, NULL, NULL, NULL) != SQLITE_OK
		    || sqlite3_exec(db->sql, set, NULL, NULL, NULL) != SQLITE_OK)
			rc = db_error(db, err);
		if (!rc && version == 0)
			rc = begin_log(db, err);
		rc = rc ? rc : db_commit(db, err);
		if (rc) {
			db_rollback(db);
			return rc;
		}
	}
	return 0;
}

static int read_meta(struct db *db, struct err *err)
{
	char origin[CHECKPOINT_NAME_SIZE];
	sqlite3_stmt *s;
	int rc = db_int(db, err, &db->epoch, "SELECT value FROM meta WHERE key='epoch'", "");

	if (rc > 0)
		rc = db_first(db, err, &s, "SELECT value FROM meta WHERE key='origin'", "");
	if (rc < 0)
		return rc;
	checkpoint_origin(db->public_key, db->epoch, origin);
	if (rc == 0 || strcmp(db_text(s, 0), origin) != 0) {
		if (rc)
			db_done(s);
		return err_set(err, ERR_CORRUPT, N_("log.key is not the key of this audit log"));
	}
	db_done(s);
	memcpy(db->origin, origin, sizeof origin);
	checkpoint_vkey(db->origin, db->public_key, db->vkey);
	return db_load(db, err);
}

/* ------------------------------------------------------------ open and close */

static void sqlite_close(struct queue *q)
{
	struct db *db = (struct db *)q;

	load_forget(db);
	db_shut(db);
	if (db->lock >= 0)
		close(db->lock);
	hash_wipe(db->secret_key, sizeof db->secret_key);
	free(db->dir);
	free(db);
}

static int make_blobs(const struct db *db, struct err *err)
{
	char *path = file_join(db->dir, "blobs");
	int rc = file_private_dir(path, err);

	free(path);
	return rc;
}

int queue_sqlite_open(const char *dir, struct queue **out, struct err *err)
{
	struct db *db = mem_zalloc(sizeof *db);
	char *lock = file_join(dir, "lock");
	int rc = file_private_dir(dir, err);

	db->base.ops = &sqlite_ops;
	db->dir = mem_strdup(dir);
	db->lock = -1;
	if (!rc) {
		db->lock = file_lock(lock, err);
		rc = db->lock < 0 ? db->lock : 0;
	}
	free(lock);
	if (!rc)
		rc = take_key(db, err);
	if (!rc)
		rc = connect(db, err);
	if (!rc)
		rc = migrate(db, err);
	if (!rc)
		rc = read_meta(db, err);
	if (!rc)
		rc = make_blobs(db, err);
	if (rc) {
		sqlite_close(&db->base);
		return rc;
	}
	db->changes = sqlite3_total_changes(db->sql);
	*out = &db->base;
	return 0;
}

/* Definitions loaded in a group that did not commit must not be kept. */
static int group_end(struct queue *q, struct err *err)
{
	int rc = db_group_end(q, err);

	if (rc)
		load_forget((struct db *)q);
	return rc;
}

static uint64_t generation(const struct queue *q)
{
	return ((const struct db *)q)->generation;
}

#define VERB(name) \
	static int run_##name(struct queue *q, const struct queue_call *call, \
	                      struct queue_answer *answer) \
	{ \
		return verb_run((struct db *)q, verb_##name, call, answer); \
	}
VERB(submit) VERB(submit_batch) VERB(get_proposal) VERB(withdraw) VERB(consume) VERB(revise)
VERB(results) VERB(get_blob) VERB(queues) VERB(definition) VERB(reviews) VERB(leases)
VERB(reveal) VERB(release_lease) VERB(decisions) VERB(changes) VERB(feedback)
VERB(log_checkpoint) VERB(log_entries) VERB(log_proof) VERB(log_contents) VERB(log_rows)
VERB(health) VERB(load) VERB(token_add) VERB(token_revoke) VERB(token_list)

static const struct queue_ops sqlite_ops = {
	.name = "sqlite", .close = sqlite_close,
	.group_begin = db_group_begin, .group_end = group_end,
	.blob_begin = verb_blob_begin, .blob_commit = verb_blob_commit,
	.tick = verb_tick, .generation = generation,
	.verb = {
		[QUEUE_SUBMIT] = run_submit, [QUEUE_SUBMIT_BATCH] = run_submit_batch,
		[QUEUE_GET_PROPOSAL] = run_get_proposal, [QUEUE_WITHDRAW] = run_withdraw,
		[QUEUE_CONSUME] = run_consume, [QUEUE_REVISE] = run_revise,
		[QUEUE_RESULTS] = run_results, [QUEUE_GET_BLOB] = run_get_blob,
		[QUEUE_QUEUES] = run_queues, [QUEUE_DEFINITION] = run_definition,
		[QUEUE_REVIEWS] = run_reviews, [QUEUE_LEASES] = run_leases,
		[QUEUE_REVEAL] = run_reveal, [QUEUE_RELEASE_LEASE] = run_release_lease,
		[QUEUE_DECISIONS] = run_decisions, [QUEUE_CHANGES] = run_changes,
		[QUEUE_FEEDBACK] = run_feedback, [QUEUE_LOG_CHECKPOINT] = run_log_checkpoint,
		[QUEUE_LOG_ENTRIES] = run_log_entries, [QUEUE_LOG_PROOF] = run_log_proof,
		[QUEUE_LOG_CONTENTS] = run_log_contents, [QUEUE_LOG_ROWS] = run_log_rows,
		[QUEUE_HEALTH] = run_health, [QUEUE_LOAD] = run_load,
		[QUEUE_TOKEN_ADD] = run_token_add, [QUEUE_TOKEN_REVOKE] = run_token_revoke,
		[QUEUE_TOKEN_LIST] = run_token_list,
	},
};
