/* SPDX-License-Identifier: Apache-2.0
 *
 * What a holder does with a lease besides deciding: reveal, give back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/lease.h"
#include "wire/digest.h"
#include "wire/json.h"
#include "wire/token.h"

/* Is the lease with this token the caller's and in force? */
static bool in_force(const struct db *db, const struct who *who, const struct row_review *r,
                     const char *token)
{
	return strcmp(r->state, "open") == 0 && r->holder && strcmp(r->holder, who->name) == 0
	       && r->expires_ms > db->now_ms && token && token_number(token) == r->token;
}

/* The review named, where the caller may see it: 0, DB_ANSWERED, negative. */
static int find(struct db *db, const struct who *who, const char *id, struct row_review *r,
                struct queue_answer *answer, struct err *err)
{
	int rc;

	memset(r, 0, sizeof *r);
	rc = id ? row_review_get(db, id, r, err) : 0;
	if (rc < 0)
		return rc;
	if (rc == 0 || !who_may(who, r->queue, ROLE_LEASE, (int)r->stage))
		return answer_problem(answer, PROBLEM_NOT_FOUND, _("there is no such review"), NULL);
	return 0;
}

/* -------------------------------------------------------------------- release */

static int note_skip(struct db *db, const struct who *who, const struct row_review *r,
                     enum disposition d, const char *reason, struct err *err)
{
	return db_do(db, err, "INSERT INTO lease_skip(review,principal,disposition,reason,at_ms)"
	             " VALUES(?,?,?,?,?) ON CONFLICT(review,principal) DO UPDATE SET"
	             " disposition=excluded.disposition, reason=excluded.reason,"
	             " at_ms=excluded.at_ms", "ssssi", r->id, who->name, disposition_name(d),
	             reason, db->now_ms);
}

int verb_release_lease(struct db *db, const struct queue_call *call,
                       struct queue_answer *answer, struct err *err)
{
	const char *word = value_text(call->body, "disposition");
	struct row_review r = { .n = 0 };
	enum disposition d = DISPOSITION_SKIP;
	bool released = false;
	struct value *v;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc && word && !disposition_find(word, &d))
		rc = answer_problem(answer, PROBLEM_INVALID, _("skip, defer or not_for_me"),
		                    "/disposition");
	if (!rc)
		rc = find(db, &who, value_text(call->body, "review"), &r, answer, err);
	if (!rc && in_force(db, &who, &r, value_text(call->body, "token"))) {
		released = true;
		rc = db_do(db, err, "UPDATE review SET expires_ms=0 WHERE n=?", "i", r.n);
		if (!rc && word)
			rc = note_skip(db, &who, &r, d, value_text(call->body, "reason"), err);
		if (!rc)
			rc = reviews_tell(db, "header", r.queue, stage_name(r.stage), NULL, r.id, NULL,
			                  err);
	}
	who_clear(&who);
	if (!rc) {
		v = value_new_object();
		value_set_string(v, "review", r.id);
		value_set_bool(v, "released", released);
		answer_json(answer, 200, v);
	}
	row_review_clear(&r);
	return rc;
}

/* --------------------------------------------------------------------- reveal */

/* Checks the digest against the content, where that came along. */
static int check_own(const struct value *body, struct queue_answer *answer)
{
	const char *own = value_text(body, "own"), *salt;
	const struct value *content = value_find(body, "content"), *value;
	unsigned char raw[HASH_SIZE];
	char digest[HASH_TEXT_SIZE];

	if (!own || !hash_parse(own, raw))
		return answer_problem(answer, PROBLEM_INVALID,
		                      _("the digest of the own answer is needed"), "/own");
	if (!value_is(content, VALUE_OBJECT))
		return 0;
	salt = value_text(content, "salt");
	value = value_find(content, "value");
	if (!salt || !digest_own(salt, value, digest) || strcmp(digest, own) != 0)
		return answer_problem(answer, PROBLEM_INVALID,
		                      _("the content does not give this digest"), "/content");
	return 0;
}

static int store_own(struct db *db, struct who *who, const struct row_review *r,
                     const struct value *body, struct err *err)
{
	const char *own = value_text(body, "own");
	const struct value *content = value_find(body, "content");
	struct value *data = value_new_object(), *document = value_new_object();
	char *subject = mem_printf("%s/%s", r->id, who->name);
	struct leaf leaf = { .type = LEAF_REVEAL, .event = subject, .subject = r->proposal,
		.revision = r->revision, .device = r->device, .review = r->id,
		.stage = stage_name(r->stage), .data = data };
	struct buf text = BUF_INIT;
	int64_t index;
	int rc;

	value_set_string(data, "own", own);
	if (value_find(content, "value"))
		value_set(document, "value", value_copy(value_find(content, "value")));
	json_text(document, &text);
	who_sign(who, r->queue, ROLE_LEASE, (int)r->stage, &leaf);
	rc = tlog_append(db, &leaf, &index, err);
	if (!rc)
		rc = db_do(db, err, "INSERT INTO own(review,principal,digest,salt,document,"
		           "at_ms,leaf) VALUES(?,?,?,?,?,?,?)", "sssssii", r->id, who->name, own,
		           content ? value_text(content, "salt") : NULL,
		           content ? text.data : NULL, db->now_ms, index);
	if (!rc)
		rc = db_do(db, err, "UPDATE review SET own=?, view='full' WHERE n=?", "si", own, r->n);
	buf_clear(&text);
	value_free(document);
	value_free(data);
	free(subject);
	return rc;
}

/* The lease again, now whole. */
static int answer_full(struct db *db, const char *id, struct queue_answer *answer,
                       struct err *err)
{
	struct buf out = BUF_INIT;
	struct row_review r;
	int rc = row_review_get(db, id, &r, err);

	rc = rc < 0 ? rc : lease_write(db, &r, &out, err);
	row_review_clear(&r);
	if (!rc)
		return answer_text(answer, 200, &out);
	buf_clear(&out);
	return rc;
}

int verb_reveal(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                struct err *err)
{
	const char *own = value_text(call->body, "own");
	struct row_review r = { .n = 0 };
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = find(db, &who, call->id, &r, answer, err);
	if (!rc)
		rc = check_own(call->body, answer);
	if (!rc && !in_force(db, &who, &r, value_text(call->body, "token")))
		rc = answer_problem(answer, PROBLEM_NOT_LEASED, NULL, NULL);
	if (!rc && r.own && strcmp(r.own, own) != 0)
		rc = answer_problem(answer, PROBLEM_CONFLICT,
		                    _("another own answer was given before"), "/own");
	if (!rc && !r.own && r.view != VIEW_BLIND)
		rc = answer_problem(answer, PROBLEM_INVALID, _("this review is not blind"), NULL);
	if (!rc && !r.own)
		rc = store_own(db, &who, &r, call->body, err);
	if (!rc)
		rc = answer_full(db, r.id, answer, err);
	row_review_clear(&r);
	who_clear(&who);
	return rc;
}
