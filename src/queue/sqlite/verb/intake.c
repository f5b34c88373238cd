/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposals coming in: one, and many in one transaction.
 */
#include "queue/sqlite/verb/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "queue/leaving.h"
#include "queue/sqlite/load.h"
#include "queue/sqlite/results.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/sample.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/verb.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/json.h"
#include "wire/proposal.h"

static char *text_of(const struct value *v)
{
	struct buf b = BUF_INIT;

	json_text(v, &b);
	return buf_take(&b);
}

void intake_clear(struct intake *in)
{
	proposal_free(in->proposal);
	in->proposal = NULL;
}

int intake_read(struct db *db, const char *bytes, size_t len, struct intake *in,
                struct queue_answer *answer, struct err *err)
{
	struct value *doc;
	struct err bad = ERR_INIT;
	int rc;

	memset(in, 0, sizeof *in);
	in->bytes = bytes;
	in->len = len;
	if (json_parse(bytes, len, &prescan_document, &doc, &bad))
		return answer_fault(answer, PROBLEM_MALFORMED, &bad);
	jcs_digest(doc, in->body_digest);
	in->salt[0] = '\0';
	hash_new_salt(in->salt);
	digest_content(in->salt, doc, in->digest);
	if (wire_proposal_read(doc, &in->proposal, &bad))
		return answer_fault(answer, PROBLEM_INVALID, &bad);
	rc = load_find(db, in->proposal->queue, &in->rules, err);
	if (rc < 0)
		return rc;
	if (!rc)
		return answer_problem(answer, PROBLEM_INVALID, _("there is no such queue"), "/queue");
	if (in->rules->definition->kind != in->proposal->kind)
		return answer_problem(answer, PROBLEM_INVALID, _("this queue is of another kind"),
		                      "/kind");
	return 0;
}

/* Auto-accepted in this queue within the last hour and day; only counted where
 * the rules ask for it. */
static int counts(struct db *db, const struct intake *in, int64_t *hour, int64_t *day,
                  struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM proposal WHERE queue=?"
		" AND route='auto_accept' AND received_ms>?";
	int rc;

	*hour = *day = -1;
	if (!value_find(in->rules->policy_doc, "limits"))
		return 0;
	rc = db_int(db, err, hour, sql, "si", in->proposal->queue, db->now_ms - 3600 * 1000);
	if (rc >= 0)
		rc = db_int(db, err, day, sql, "si", in->proposal->queue,
		            db->now_ms - (int64_t)86400 * 1000);
	return rc < 0 ? rc : 0;
}

int intake_route(struct db *db, const struct intake *in, struct routing *out, struct err *err)
{
	int64_t hour, day;
	int rc = counts(db, in, &hour, &day, err);

	if (rc) {
		memset(out, 0, sizeof *out);
		return rc;
	}
	return routing_run(in->rules, in->proposal, hour, day, out, err);
}

int intake_store_revision(struct db *db, const struct row_proposal *p, const struct intake *in,
                          const struct routing *r, const char *event, struct err *err)
{
	const struct definition *d = in->rules->definition;
	char *reasons = text_of(r->verdict.reasons), *asked = text_of(r->verdict.asks);
	int rc = db_do(db, err, "INSERT INTO revision(proposal,number,event,received_ms,body_digest,"
	               "digest,salt,document,definition,policy,guide,route,rule,reasons,asked,"
	               "confidence) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	               "sisissstsssssssn", p->id, p->revision, event, db->now_ms,
	               in->body_digest, in->digest, in->salt, in->bytes, in->len, d->digest,
	               in->rules->policy_digest, rules_guide(in->rules),
	               policy_route_name(r->verdict.route), r->verdict.rule, reasons, asked,
	               r->confidence_pm);

	for (size_t i = 0; !rc && i < in->proposal->source_count; i++)
		if (in->proposal->sources[i].sha256)
			rc = db_do(db, err, "INSERT OR IGNORE INTO proposal_blob(proposal,sha256)"
			           " VALUES(?,?)", "ss", p->id, in->proposal->sources[i].sha256);
	free(reasons);
	free(asked);
	return rc;
}

int intake_leaf(struct db *db, struct who *who, enum leaf_type type,
                const struct row_proposal *p, const struct intake *in,
                const struct routing *r, const char *event, const char *state,
                struct err *err)
{
	struct value *data = value_new_object();
	struct leaf leaf = { .type = type, .event = event, .subject = p->id,
		.revision = p->revision, .proposed = in->digest,
		.definition = in->rules->definition->digest, .policy = in->rules->policy_digest,
		.guide = rules_guide(in->rules), .state = state, .route = p->route, .data = data };
	int rc;

	who_sign(who, p->queue, ROLE_SUBMIT, ROLE_ANY_STAGE, &leaf);
	value_set_string(data, "external_id", p->external_id);
	value_set_string(data, "kind", kind_name(p->kind));
	value_set_string(data, "class", class_name(p->safety_class));
	value_set_string(data, "producer", p->producer);
	value_set_int(data, "people", p->people);
	value_set_string(data, "rule", r->verdict.rule);
	value_set(data, "asked", value_copy(r->verdict.asks));
	rc = tlog_append(db, &leaf, NULL, err);
	value_free(data);
	return rc;
}

/* Answers of the server itself: accepted unseen, or refused by a rule. */
static int answer_at_once(struct db *db, struct row_proposal *p, const struct row_revision *rev,
                          const struct intake *in, const struct routing *r, struct err *err)
{
	bool accepted = r->verdict.route == POLICY_AUTO_ACCEPT;
	struct value *value = accepted ? leaving_proposed(in->proposal) : NULL;
	struct value *data = value_new_object();
	bool drawn = false;
	int rc = accepted ? sample_draw(db, p->id, r->verdict.sampling, &drawn, err) : 0;

	value_set_string(data, "probability", accepted ? r->verdict.sampling : NULL);
	value_set_bool(data, "drawn", drawn);
	if (rc)
		value_free(data);
	else
		rc = results_server(db, p, rev, r->effect.state, value,
		                    accepted ? NULL : _("A rule of this queue refuses this."),
		                    data, err);
	if (!rc && drawn)
		rc = reviews_open(db, p, &(struct reviews_new){ .stage = STAGE_SAMPLE,
			.confidence_pm = r->confidence_pm, .probability = r->verdict.sampling }, err);
	value_free(value);
	return rc;
}

int intake_follow(struct db *db, struct row_proposal *p, const struct intake *in,
                  const struct routing *r, const char *named_to, struct err *err)
{
	struct row_revision rev = { .number = p->revision };
	struct reviews_new want = { .confidence_pm = r->confidence_pm, .named_to = named_to,
		.route = r->verdict.route_name };
	int rc;

	if (r->effect.act == STATES_REVIEW || r->effect.act == STATES_REVIEW_NAMED) {
		stage_find(r->effect.stage, &want.stage);
		return reviews_open(db, p, &want, err);
	}
	memcpy(rev.digest, in->digest, sizeof rev.digest);
	memcpy(rev.definition, in->rules->definition->digest, sizeof rev.definition);
	memcpy(rev.policy, in->rules->policy_digest, sizeof rev.policy);
	utf8_copy(rev.guide, sizeof rev.guide, rules_guide(in->rules) ? rules_guide(in->rules) : "");
	rc = answer_at_once(db, p, &rev, in, r, err);
	return rc;
}

/* ---------------------------------------------------------------- new or known */

int intake_answer(struct db *db, const char *id, bool duplicate, struct value **out,
                  struct err *err)
{
	struct row_proposal p;
	struct row_revision rev = { .number = 0 };
	struct value *v, *reasons = NULL;
	char text[CLOCK_TEXT_SIZE];
	int rc = row_proposal_get(db, id, &p, err);

	if (rc > 0)
		rc = row_revision_get(db, id, p.revision, &rev, err);
	if (rc > 0)
		rc = row_json(rev.reasons, &reasons, err) < 0 ? ERR_CORRUPT : 1;
	if (rc > 0) {
		v = *out = value_new_object();
		value_set_string(v, "id", p.id);
		value_set_string(v, "external_id", p.external_id);
		value_set_string(v, "queue", p.queue);
		value_set_int(v, "revision", p.revision);
		value_set_string(v, "state", p.state);
		value_set_string(v, "route", p.route);
		value_set(v, "reasons", reasons);
		value_set_string(v, "salt", rev.salt);
		value_set_string(v, "digest", rev.digest);
		value_set_string(v, "expires_at", p.expires_ms > 0
		                 ? clock_text(p.expires_ms, text) : NULL);
		value_set_bool(v, "duplicate", duplicate);
	}
	row_revision_clear(&rev);
	row_proposal_clear(&p);
	return rc < 0 ? rc : 0;
}

/* 1 and the id where this producer has sent this external_id before. */
static int known(struct db *db, const struct who *who, const struct intake *in, char id[ID_SIZE],
                 bool *same, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT p.id, EXISTS(SELECT 1 FROM revision r"
	                  " WHERE r.proposal=p.id AND r.body_digest=?) FROM proposal p"
	                  " WHERE p.producer=? AND p.queue=? AND p.external_id=?", "ssss",
	                  in->body_digest, who->name, in->proposal->queue,
	                  in->proposal->external_id);

	if (rc > 0) {
		utf8_copy(id, ID_SIZE, db_text(s, 0));
		*same = db_i64(s, 1);
		db_done(s);
	}
	return rc;
}

/* Fills the row of a new proposal; strings are borrowed: do not clear. */
static void new_row(struct db *db, const struct who *who, const struct intake *in,
                    const struct routing *r, struct row_proposal *p)
{
	const struct proposal *doc = in->proposal;
	int64_t due_s = in->rules->definition->due_s;

	memset(p, 0, sizeof *p);
	id_new(p->id);
	p->producer = who->name;
	p->queue = (char *)doc->queue;
	p->external_id = (char *)doc->external_id;
	p->case_id = (char *)doc->case_id;
	p->title = (char *)(doc->summary ? doc->summary : doc->action);
	p->kind = doc->kind;
	p->safety_class = r->safety_class;
	p->revision = 1;
	utf8_copy(p->state, sizeof p->state, r->effect.state);
	p->route = (char *)policy_route_name(r->verdict.route);
	p->people = r->people;
	p->received_ms = db->now_ms;
	if (!doc->expires_at || !clock_parse(doc->expires_at, &p->expires_ms))
		p->expires_ms = 0;
	p->due_ms = due_s > 0 ? db->now_ms + due_s * 1000 : p->expires_ms;
	if (p->expires_ms > 0 && p->due_ms > p->expires_ms)
		p->due_ms = p->expires_ms;
	p->suspend = r->suspend;
}

static int store_row(struct db *db, struct row_proposal *p, struct err *err)
{
	int rc = db_do(db, err, "INSERT INTO proposal(id,producer,queue,external_id,kind,class,"
	               "case_id,title,revision,state,route,people,received_ms,due_ms,expires_ms,"
	               "suspend,result_number) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)",
	               "ssssssssissniiin", p->id, p->producer, p->queue, p->external_id,
	               kind_name(p->kind), class_name(p->safety_class), p->case_id, p->title,
	               p->revision, p->state, p->route, p->people, p->received_ms, p->due_ms,
	               p->expires_ms, (int)p->suspend);

	p->n = sqlite3_last_insert_rowid(db->sql);
	return rc;
}

static int store_callback(struct db *db, const char *proposal, const struct value *callback,
                          struct err *err)
{
	if (!value_is(callback, VALUE_OBJECT))
		return 0;
	return db_do(db, err, "INSERT INTO callback(proposal,url,token) VALUES(?,?,?)", "sss",
	             proposal, value_text(callback, "url"), value_text(callback, "token"));
}

static int create(struct db *db, struct who *who, const struct intake *in,
                  const struct value *callback, char id[ID_SIZE], struct err *err)
{
	struct row_proposal p;
	struct routing r;
	int rc = intake_route(db, in, &r, err);

	if (!rc) {
		new_row(db, who, in, &r, &p);
		memcpy(id, p.id, ID_SIZE);
		rc = store_row(db, &p, err);
	}
	if (!rc)
		rc = intake_store_revision(db, &p, in, &r, NULL, err);
	if (!rc)
		rc = store_callback(db, p.id, callback, err);
	if (!rc)
		rc = intake_leaf(db, who, LEAF_PROPOSAL, &p, in, &r, NULL, p.state, err);
	if (!rc)
		rc = intake_follow(db, &p, in, &r, NULL, err);
	routing_clear(&r);
	return rc;
}

/* --------------------------------------------------------------------- verbs */

/* A body is the document, or {"proposal":…,"callback":…}. */
struct wrapper {
	const char *bytes;
	size_t len;
	struct value *callback;      /* owned, or NULL */
};

static int unwrap(const char *bytes, size_t len, struct wrapper *out,
                  struct queue_answer *answer)
{
	const char *text;
	size_t text_len;

	*out = (struct wrapper){ .bytes = bytes, .len = len };
	if (prescan_span(bytes, len, "/external_id", &text, &text_len)
	    || !prescan_span(bytes, len, "/proposal", &out->bytes, &out->len))
		return 0;
	if (prescan_span(bytes, len, "/callback", &text, &text_len)) {
		const char *url, *token;
		const struct value *t;

		if (json_parse_scanned(text, text_len, &out->callback, NULL))
			out->callback = NULL;
		url = value_text(out->callback, "url");
		t = value_find(out->callback, "token");
		token = value_str(t);
		if (!url || (strncmp(url, "https://", 8) && strncmp(url, "http://", 7))
		    || (t && (!token || strlen(token) > 2048)))
			return answer_problem(answer, PROBLEM_INVALID,
			                      _("a callback has a url and a token of at most 2048 bytes"),
			                      "/callback");
	}
	return 0;
}

/* The answer to one document: 0 with *out and *status, DB_ANSWERED with a
 * problem in answer, or negative. */
static int submit(struct db *db, struct who *who, const char *bytes, size_t len, int *status,
                  struct value **out, struct queue_answer *answer, struct err *err)
{
	struct intake in = { .proposal = NULL };
	struct wrapper body;
	char id[ID_SIZE];
	bool same = false;
	int rc = unwrap(bytes, len, &body, answer), found = 0;

	if (!rc)
		rc = intake_read(db, body.bytes, body.len, &in, answer, err);
	if (!rc)
		rc = who_demand(who, in.proposal->queue, ROLE_SUBMIT, ROLE_ANY_STAGE, answer);
	if (!rc) {
		found = known(db, who, &in, id, &same, err);
		rc = found < 0 ? found : 0;
	}
	if (!rc && found && !same)
		rc = answer_problem(answer, PROBLEM_ID_REUSED,
		                    _("another document was sent under this external_id"),
		                    "/external_id");
	if (!rc && !found)
		rc = create(db, who, &in, body.callback, id, err);
	if (!rc)
		rc = intake_answer(db, id, found, out, err);
	*status = found ? 200 : 201;
	intake_clear(&in);
	value_free(body.callback);
	return rc;
}

int verb_submit(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                struct err *err)
{
	struct value *v = NULL;
	struct who who;
	int status, rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_SUBMIT, ROLE_ANY_STAGE, answer);
	if (!rc)
		rc = submit(db, &who, call->bytes, call->len, &status, &v, answer, err);
	who_clear(&who);
	return rc ? rc : answer_json(answer, status, v);
}

/* One document of a batch, in a savepoint of its own. */
static int submit_item(struct db *db, struct who *who, const char *bytes, size_t len,
                       size_t index, struct value *results, struct err *err)
{
	struct queue_answer one = QUEUE_ANSWER_INIT;
	struct value *v = NULL, *item, *problem = NULL;
	struct db_mark mark;
	int status = 0, rc = db_mark(db, &mark, err);

	if (!rc)
		rc = submit(db, who, bytes, len, &status, &v, &one, err);
	if (rc < 0) {
		queue_answer_clear(&one);
		return rc;
	}
	item = value_push(results, value_new_object());
	value_set_int(item, "index", (int64_t)index);
	if (rc == 0) {
		value_set_int(item, "status", status);
		value_set(item, "answer", v);
		return db_keep(db, err);
	}
	db_back(db, &mark);
	value_set_int(item, "status", one.status);
	if (row_json(buf_str(&one.body), &problem, NULL) == 0) {
		char *pointer = mem_printf("/proposals/%zu%s", index,
		                           value_text_or(problem, "pointer", ""));

		value_set_string(problem, "pointer", pointer);
		free(pointer);
	}
	value_set(item, "problem", problem ? problem : value_new_null());
	queue_answer_clear(&one);
	return 0;
}

int verb_submit_batch(struct db *db, const struct queue_call *call,
                      struct queue_answer *answer, struct err *err)
{
	struct value *v = value_new_object(), *results = value_set(v, "results", value_new_array());
	struct prescan_items items;
	const char *bytes;
	size_t len, index = 0;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_SUBMIT, ROLE_ANY_STAGE, answer);
	if (!rc && !prescan_items(&items, call->bytes, call->len, "/proposals"))
		rc = answer_problem(answer, PROBLEM_INVALID, _("there is no list of proposals"),
		                    "/proposals");
	while (!rc && prescan_next(&items, &bytes, &len))
		rc = submit_item(db, &who, bytes, len, index++, results, err);
	who_clear(&who);
	if (!rc)
		return answer_json(answer, 200, v);
	value_free(v);
	return rc;
}
