/* SPDX-License-Identifier: Apache-2.0
 *
 * What a producer asks and does after the intake: look, wait, take back, use.
 */
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "queue/sqlite/expiry.h"
#include "queue/sqlite/results.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/intake.h"
#include "queue/sqlite/verb/producer.h"
#include "wire/cursor.h"
#include "wire/jcs.h"

enum { RESULTS_MAX = 200, WAIT_MAX_S = 25 };

int producer_own(struct db *db, const struct who *who, const struct queue_call *call,
                 enum role_verb verb, struct row_proposal *p, struct queue_answer *answer,
                 struct err *err)
{
	int rc;

	memset(p, 0, sizeof *p);
	rc = call->id ? row_proposal_get(db, call->id, p, err) : 0;
	if (rc < 0)
		return rc;
	/* Another producer's proposal is not there. */
	if (rc == 0 || strcmp(p->producer, who->name) != 0)
		return answer_problem(answer, PROBLEM_NOT_FOUND, _("there is no such proposal"), NULL);
	rc = who_demand(who, p->queue, verb, ROLE_ANY_STAGE, answer);
	return rc ? rc : expiry_apply(db, p, err);
}

int verb_get_proposal(struct db *db, const struct queue_call *call,
                      struct queue_answer *answer, struct err *err)
{
	struct row_proposal p = { .n = 0 };
	struct value *v = NULL;
	struct who who;
	bool wait = false;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = producer_own(db, &who, call, ROLE_GET_PROPOSAL, &p, answer, err);
	if (!rc)
		rc = results_view(db, &p, results_current(&p), &v, err);
	if (!rc && results_current(&p))
		rc = results_delivered(db, p.id, p.result_number, err);
	else
		wait = answer_number(call, "wait", 0, WAIT_MAX_S) > 0;
	row_proposal_clear(&p);
	who_clear(&who);
	if (rc) {
		value_free(v);
		return rc;
	}
	answer_json(answer, 200, v);
	answer->wait = wait;
	return 0;
}

/* ----------------------------------------------------------- feed of results */

static int feed(struct db *db, const struct who *who, int64_t *last, int64_t limit,
                struct value *list, bool *more, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT n,proposal,number FROM result WHERE producer=?"
	                  " AND n>? ORDER BY n", "si", who->name, *last);

	while (rc > 0) {
		struct row_proposal p;
		struct value *v = NULL;

		if ((int64_t)value_count(list) == limit) {
			*more = true;
			db_done(s);
			return 0;
		}
		rc = row_proposal_get(db, db_text(s, 1), &p, err);
		if (rc > 0)
			rc = results_view(db, &p, db_i64(s, 2), &v, err);
		if (!rc)
			rc = results_delivered(db, p.id, db_i64(s, 2), err);
		row_proposal_clear(&p);
		value_push(list, v);
		*last = db_i64(s, 0);
		if (rc < 0) {
			db_done(s);
			return rc;
		}
		rc = db_row(db, s, err);
	}
	return rc;
}

int verb_results(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                 struct err *err)
{
	struct value *v = value_new_object(), *list = value_set(v, "results", value_new_array());
	const char *after = value_text(call->query, "after");
	char cursor[CURSOR_TEXT_SIZE];
	struct buf note = BUF_INIT;
	int64_t epoch = 0, last = 0;
	bool more = false, wait;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_RESULTS, ROLE_ANY_STAGE, answer);
	if (!rc && after && *after && (!cursor_parse(after, &epoch, &last) || epoch != db->epoch))
		rc = answer_problem(answer, PROBLEM_MUST_REFETCH, NULL, NULL);
	if (!rc)
		rc = feed(db, &who, &last, answer_number(call, "limit", RESULTS_MAX, RESULTS_MAX),
		          list, &more, err);
	who_clear(&who);
	if (rc) {
		value_free(v);
		return rc;
	}
	tlog_note(db, &note);
	value_set_string(v, "cursor", cursor_text(db->epoch, last, cursor));
	value_set_bool(v, "more", more);
	value_set_string(v, "checkpoint", buf_str(&note));
	buf_clear(&note);
	wait = !value_count(list) && answer_number(call, "wait", 0, WAIT_MAX_S) > 0;
	answer_json(answer, 200, v);
	answer->wait = wait;
	return 0;
}

/* --------------------------------------------------------- calls with their id */

int producer_event(struct db *db, const struct queue_call *call, const char *verb,
                   const char *proposal, bool *known, struct queue_answer *answer,
                   struct err *err)
{
	const char *id = value_text(call->body, "id");
	char identity[HASH_TEXT_SIZE];
	sqlite3_stmt *s;
	bool same;
	int rc;

	*known = false;
	if (!id || !id_valid(id))
		return answer_problem(answer, PROBLEM_INVALID, _("this call carries an id of its own"),
		                      "/id");
	jcs_digest(call->body, identity);
	rc = db_first(db, err, &s, "SELECT verb=? AND proposal=? AND identity=? FROM event"
	              " WHERE id=?", "ssss", verb, proposal, identity, id);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return db_do(db, err, "INSERT INTO event(id,verb,proposal,identity,at_ms)"
		             " VALUES(?,?,?,?,?)", "ssssi", id, verb, proposal, identity, db->now_ms);
	same = db_i64(s, 0);
	db_done(s);
	*known = true;
	return same ? 0 : answer_problem(answer, PROBLEM_ID_REUSED, NULL, "/id");
}

/* ---------------------------------------------------------------------- withdraw */

static int withdraw(struct db *db, struct who *who, struct row_proposal *p,
                    const struct value *body, struct err *err)
{
	struct leaf leaf = { .type = LEAF_WITHDRAW, .event = value_text(body, "id"),
		.subject = p->id, .revision = p->revision, .state = "withdrawn", .route = p->route };
	const char *reason = value_text(body, "reason");
	struct result_new r;
	struct value *data;
	int64_t index;
	int rc = reviews_close(db, p->id, NULL, NULL, err);

	if (rc)
		return rc;
	rc = results_prepare(db, p->id, "withdrawn", NULL, reason, NULL, NULL, &r, err);
	data = results_leaf_data(&r);
	leaf.data = data;
	who_sign(who, p->queue, ROLE_WITHDRAW, ROLE_ANY_STAGE, &leaf);
	if (!rc)
		rc = tlog_append(db, &leaf, &index, err);
	if (!rc)
		rc = results_store(db, p, &r, index, err);
	if (!rc)
		rc = results_state(db, p, "withdrawn", r.number, err);
	value_free(data);
	results_clear(&r);
	return rc;
}

/* Would the state table let this happen now? */
static bool may_happen(const struct row_proposal *p, const char *event)
{
	struct states_input in = { .state = p->state, .event = event,
		.safety_class = p->safety_class, .people = p->people > 1 ? 2 : 1 };
	struct states_effect effect;

	return states_next(&in, &effect, NULL) == 0;
}

int verb_withdraw(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                  struct err *err)
{
	struct row_proposal p = { .n = 0 };
	struct value *v = NULL;
	struct who who;
	bool known = false;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = producer_own(db, &who, call, ROLE_WITHDRAW, &p, answer, err);
	if (!rc)
		rc = producer_event(db, call, "withdraw", p.id, &known, answer, err);
	if (!rc && !known && !may_happen(&p, "withdraw"))
		rc = answer_problem(answer, PROBLEM_DECIDED, NULL, NULL);
	if (!rc && !known)
		rc = withdraw(db, &who, &p, call->body, err);
	if (!rc)
		rc = results_view(db, &p, results_current(&p), &v, err);
	if (!rc)
		value_set_bool(v, "replayed", known);
	row_proposal_clear(&p);
	who_clear(&who);
	return rc ? rc : answer_json(answer, 200, v);
}

/* ----------------------------------------------------------------------- consume */

static int release(struct db *db, struct who *who, struct row_proposal *p, const char *id,
                   const char *digest, struct err *err)
{
	struct value *data = value_new_object();
	struct leaf leaf = { .type = LEAF_RELEASE, .event = id, .subject = p->id,
		.revision = p->revision, .decided = digest, .state = p->state, .route = p->route,
		.data = data };
	int64_t index;
	int rc;

	value_set_int(data, "number", p->result_number);
	value_set_string(data, "digest", digest);
	who_sign(who, p->queue, ROLE_CONSUME, ROLE_ANY_STAGE, &leaf);
	rc = tlog_append(db, &leaf, &index, err);
	value_free(data);
	if (!rc)
		rc = db_do(db, err, "INSERT INTO release(id,proposal,number,digest,at_ms,leaf)"
		           " VALUES(?,?,?,?,?,?)", "ssisii", id, p->id, p->result_number, digest,
		           db->now_ms, index);
	if (!rc)
		rc = db_do(db, err, "UPDATE proposal SET released_by=? WHERE n=?", "si", id, p->n);
	return rc ? rc : results_delivered(db, p->id, p->result_number, err);
}

/* The digest of the answer in force; "" where there is none. */
static int current_digest(struct db *db, const struct row_proposal *p,
                          char out[HASH_TEXT_SIZE], struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT digest FROM result WHERE proposal=? AND number=?",
	                  "si", p->id, p->result_number);

	out[0] = '\0';
	if (rc > 0) {
		memcpy(out, db_text(s, 0), HASH_TEXT_SIZE);
		db_done(s);
	}
	return rc < 0 ? rc : 0;
}

static int may_release(struct db *db, const struct row_proposal *p, const char *digest,
                       struct queue_answer *answer, struct err *err)
{
	char current[HASH_TEXT_SIZE];
	int rc = current_digest(db, p, current, err);

	if (rc)
		return rc;
	if (p->released_by)
		return answer_problem(answer, PROBLEM_ALREADY_CONSUMED, NULL, NULL);
	if (strcmp(p->state, "expired") == 0
	    || (p->expires_ms > 0 && p->expires_ms <= db->now_ms && results_current(p)))
		return answer_problem(answer, PROBLEM_EXPIRED, NULL, NULL);
	if (strcmp(p->state, "held") == 0)
		return answer_problem(answer, PROBLEM_HELD, NULL, NULL);
	if (p->kind != KIND_APPROVAL || !may_happen(p, "consume"))
		return answer_problem(answer, PROBLEM_INVALID,
		                      _("there is no answer that could be carried out"), NULL);
	if (!digest || strcmp(digest, current) != 0)
		return answer_problem(answer, PROBLEM_CONFLICT,
		                      _("this is not the answer in force"), "/digest");
	return 0;
}

/* Was this id used? *same: for this release; 1, 0, negative. */
static int known_release(struct db *db, const char *id, const char *proposal,
                         const char *digest, bool *same, int64_t *number, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT proposal=? AND digest=?, number FROM release"
	                  " WHERE id=?", "sss", proposal, digest, id);

	if (rc > 0) {
		*same = db_i64(s, 0);
		*number = db_i64(s, 1);
		db_done(s);
	}
	return rc;
}

int verb_consume(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                 struct err *err)
{
	const char *id = value_text(call->body, "id"), *digest = value_text(call->body, "digest");
	struct row_proposal p = { .n = 0 };
	struct value *v, *view = NULL;
	int64_t number = 0;
	bool same = false;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err), known = 0;

	if (!rc)
		rc = producer_own(db, &who, call, ROLE_CONSUME, &p, answer, err);
	if (!rc && (!id || !id_valid(id)))
		rc = answer_problem(answer, PROBLEM_INVALID, _("this call carries an id of its own"),
		                    "/id");
	if (!rc)
		rc = known = known_release(db, id, p.id, digest, &same, &number, err);
	if (known > 0)
		rc = same ? 0 : answer_problem(answer, PROBLEM_ID_REUSED, NULL, "/id");
	if (!rc && known == 0) {
		rc = may_release(db, &p, digest, answer, err);
		number = p.result_number;
		if (!rc)
			rc = release(db, &who, &p, id, digest, err);
	}
	if (!rc)
		rc = results_view(db, &p, number, &view, err);
	if (!rc) {
		v = value_new_object();
		value_set_string(v, "id", p.id);
		value_set_bool(v, "released", true);
		value_set_string(v, "release", id);
		value_set_bool(v, "replayed", known > 0);
		value_set(v, "result", value_take(view, "result"));
		answer_json(answer, 200, v);
	}
	value_free(view);
	row_proposal_clear(&p);
	who_clear(&who);
	return rc;
}
