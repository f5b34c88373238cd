/* SPDX-License-Identifier: Apache-2.0
 *
 * Blobs: who may send and see them.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/msg.h"
#include "queue/blob.h"
#include "queue/sqlite/verb/verb.h"

static int known(struct db *db, const char *sha256, bool *there, struct err *err)
{
	int64_t one = 0;
	int rc = db_int(db, err, &one, "SELECT 1 FROM blob WHERE sha256=?", "s", sha256);

	*there = rc > 0;
	return rc < 0 ? rc : 0;
}

static int answer_kept(struct queue_answer *answer, int status, const char *sha256)
{
	struct value *v = value_new_object();

	value_set_string(v, "sha256", sha256);
	return answer_json(answer, status, v);
}

/* 0: send it. DB_ANSWERED also where it is there already (200). */
static int begin(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                 struct err *err)
{
	struct who who;
	bool there = false;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_PUT_BLOB, ROLE_ANY_STAGE, answer);
	who_clear(&who);
	if (!rc && !blob_name_valid(call->id))
		rc = answer_problem(answer, PROBLEM_INVALID,
		                    _("a blob is named by its SHA-256 in hex"), NULL);
	if (!rc)
		rc = known(db, call->id, &there, err);
	if (!rc && there)
		return answer_kept(answer, 200, call->id);
	return rc;
}

struct queue_blob *verb_blob_begin(struct queue *q, const struct queue_call *call,
                                   struct queue_answer *answer)
{
	struct db *db = (struct db *)q;
	struct queue_blob *blob = NULL;
	struct err err = ERR_INIT;
	int rc = verb_run(db, begin, call, answer);

	if (rc || answer->status)
		return NULL;
	if (blob_start(db->dir, call->id, &blob, &err))
		queue_answer_failure(answer, &err);
	return blob;
}

static int record(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                  struct err *err)
{
	char *path = blob_path(db->dir, call->id);
	struct who who;
	struct stat st;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_PUT_BLOB, ROLE_ANY_STAGE, answer);
	who_clear(&who);
	if (!rc && stat(path, &st) < 0)
		rc = err_errno(err, N_("%s cannot be read: %s"), path);
	if (!rc)
		rc = db_do(db, err, "INSERT OR IGNORE INTO blob(sha256,size,received_ms)"
		           " VALUES(?,?,?)", "sii", call->id, (int64_t)st.st_size, db->now_ms);
	free(path);
	return rc ? rc : answer_kept(answer, 201, call->id);
}

int verb_blob_commit(struct queue *q, const struct queue_call *call,
                     struct queue_blob *blob, struct queue_answer *answer)
{
	struct err err = ERR_INIT;
	int rc;

	if (!blob_matches(blob)) {
		queue_blob_abort(blob);
		answer_problem(answer, PROBLEM_INVALID,
		               _("the bytes do not have this SHA-256"), NULL);
		return 0;
	}
	/* The file first: a row never names a file that is not there. */
	rc = blob_keep(blob, &err);
	queue_blob_abort(blob);
	if (rc) {
		queue_answer_failure(answer, &err);
		return 0;
	}
	return verb_run((struct db *)q, record, call, answer);
}

/* Of a proposal this person may see: their own, one they lead, or one they hold
 * or have decided. */
static int may_see(struct db *db, const struct who *who, const struct row_proposal *p,
                   bool *may, struct err *err)
{
	unsigned set = who_set(who, p->queue);
	int64_t touched = 0;
	int rc = 0;

	*may = strcmp(p->producer, who->name) == 0 || role_set_has(set, ROLE_LEAD)
		|| role_set_has(set, ROLE_SUPERVISOR) || role_set_has(set, ROLE_AUDITOR);
	if (!*may && role_set_may(set, ROLE_GET_BLOB, ROLE_ANY_STAGE))
		rc = db_int(db, err, &touched, "SELECT EXISTS(SELECT 1 FROM review WHERE proposal=?1"
		            " AND state='open' AND holder=?2 AND expires_ms>?3)"
		            " OR EXISTS(SELECT 1 FROM decision WHERE proposal=?1 AND principal=?2)",
		            "ssi", p->id, who->name, db->now_ms);
	*may = *may || touched;
	return rc < 0 ? rc : 0;
}

static int open_file(struct db *db, const char *sha256, struct queue_answer *answer)
{
	char *path = blob_path(db->dir, sha256);
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	free(path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return answer_problem(answer, PROBLEM_NOT_FOUND, NULL, NULL);
	answer->status = 200;
	answer->type = "application/octet-stream";
	answer->file = fd;
	answer->file_size = st.st_size;
	return 0;
}

int verb_get_blob(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                  struct err *err)
{
	const char *proposal = value_text(call->query, "proposal");
	struct row_proposal p = { .n = 0 };
	struct who who;
	int64_t listed = 0;
	bool may = false;
	int rc = who_load(db, call, false, &who, answer, err), found = 0;

	if (!rc)
		rc = found = proposal ? row_proposal_get(db, proposal, &p, err) : 0;
	if (found > 0)
		rc = may_see(db, &who, &p, &may, err);
	if (!rc && may)
		rc = db_int(db, err, &listed, "SELECT 1 FROM proposal_blob b JOIN blob f"
		            " ON f.sha256=b.sha256 WHERE b.proposal=? AND b.sha256=?", "ss", p.id,
		            call->id);
	row_proposal_clear(&p);
	who_clear(&who);
	if (rc < 0 || answer->status)
		return rc;
	if (!listed)
		return answer_problem(answer, PROBLEM_NOT_FOUND, NULL, NULL);
	return open_file(db, call->id, answer);
}
