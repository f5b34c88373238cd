/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame around every verb: transaction or savepoint, commit or rollback.
 */
#include "base/msg.h"
#include "queue/sqlite/load.h"
#include "queue/sqlite/verb/verb.h"

static int in_group(struct db *db, verb_fn *fn, const struct queue_call *call,
                    struct queue_answer *answer, struct err *err)
{
	struct db_mark mark;
	int rc;

	/* A savepoint outside a transaction would commit by itself. */
	if (sqlite3_get_autocommit(db->sql))
		return err_set(err, ERR_BUSY,
		               N_("the server's database gave up; nothing was changed"));
	rc = db_mark(db, &mark, err);

	if (!rc)
		rc = fn(db, call, answer, err);
	if (!rc && answer->status < 400)
		return db_keep(db, err);
	db_back(db, &mark);
	if (rc >= 0)
		return 0;
	queue_answer_failure(answer, err);
	/* The others of the group stand unless SQLite left the transaction. */
	return sqlite3_get_autocommit(db->sql) ? rc : 0;
}

static int alone(struct db *db, verb_fn *fn, const struct queue_call *call,
                 struct queue_answer *answer, struct err *err)
{
	int rc = db_begin(db, err);

	if (rc)
		return rc;
	rc = fn(db, call, answer, err);
	if (!rc && answer->status < 400)
		return db_commit(db, err);
	db_rollback(db);
	return rc < 0 ? rc : 0;
}

int verb_run(struct db *db, verb_fn *fn, const struct queue_call *call,
             struct queue_answer *answer)
{
	struct err err = ERR_INIT;
	int rc = db->group ? in_group(db, fn, call, answer, &err)
		: alone(db, fn, call, answer, &err);

	if (rc < 0) {
		load_forget(db);
		queue_answer_failure(answer, &err);
	}
	return rc;
}
