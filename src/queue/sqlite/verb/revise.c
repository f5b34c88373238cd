/* SPDX-License-Identifier: Apache-2.0
 *
 * A new revision of a proposal that is not decided, or was returned.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "queue/sqlite/results.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/verb/intake.h"
#include "queue/sqlite/verb/producer.h"
#include "wire/prescan.h"

/* What a revision may not change. */
static int check(const struct row_proposal *p, const struct intake *in,
                 const struct routing *r, struct queue_answer *answer)
{
	const struct proposal *doc = in->proposal;

	if (strcmp(doc->queue, p->queue) != 0)
		return answer_problem(answer, PROBLEM_INVALID, _("a revision stays in its queue"),
		                      "/body/queue");
	if (strcmp(doc->external_id, p->external_id) != 0)
		return answer_problem(answer, PROBLEM_INVALID,
		                      _("a revision keeps its external_id"), "/body/external_id");
	if ((doc->case_id == NULL) != (p->case_id == NULL)
	    || (doc->case_id && strcmp(doc->case_id, p->case_id) != 0))
		return answer_problem(answer, PROBLEM_INVALID, _("a revision stays in its case"),
		                      "/body/case");
	if (r->safety_class < p->safety_class)
		return answer_problem(answer, PROBLEM_INVALID,
		                      _("the safety class of a revision may only rise"),
		                      "/body/safety_class");
	return 0;
}

/* Who returned the earlier revision; NULL: nobody. */
static int returner(struct db *db, const struct row_proposal *p, char **out, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT d.principal FROM result r JOIN decision d"
	                  " ON d.id=r.decision WHERE r.proposal=? AND r.number=?", "si", p->id,
	                  p->result_number);

	*out = NULL;
	if (rc > 0) {
		*out = db_dup(s, 0);
		db_done(s);
	}
	return rc < 0 ? rc : 0;
}

static int update(struct db *db, struct row_proposal *p, const struct intake *in,
                  const struct routing *r, struct err *err)
{
	const struct proposal *doc = in->proposal;

	p->revision++;
	p->safety_class = r->safety_class;
	p->people = r->people;
	p->suspend = r->suspend;
	if (!doc->expires_at || !clock_parse(doc->expires_at, &p->expires_ms))
		p->expires_ms = 0;
	free(p->route);
	p->route = mem_strdup(policy_route_name(r->verdict.route));
	return db_do(db, err, "UPDATE proposal SET revision=?, class=?, people=?, suspend=?,"
	             " expires_ms=?, route=?, title=? WHERE n=?", "isnnissi", p->revision,
	             class_name(p->safety_class), p->people, (int)p->suspend, p->expires_ms,
	             p->route, doc->summary ? doc->summary : doc->action, p->n);
}

/* The state table's word on revising: route anew, or a review for one person. */
static int plan(const struct row_proposal *p, struct routing *r, struct err *err)
{
	struct states_input in = { .state = p->state, .event = "revise",
		.safety_class = r->safety_class, .people = r->people > 1 ? 2 : 1 };
	struct states_effect effect;
	int rc = states_next(&in, &effect, err);

	if (!rc && effect.act != STATES_ROUTE)
		r->effect = effect;
	return rc;
}

static int revise(struct db *db, struct who *who, struct row_proposal *p,
                  const struct intake *in, struct routing *r, const char *event,
                  struct err *err)
{
	char *named = NULL;
	int rc = reviews_close(db, p->id, NULL, NULL, err);

	if (!rc && r->effect.act == STATES_REVIEW_NAMED)
		rc = returner(db, p, &named, err);
	/* Returned means that a person saw it and wants to see it again. */
	if (!rc && r->people == 0 && r->effect.act != STATES_RESULT)
		r->people = 1;
	if (!rc)
		rc = update(db, p, in, r, err);
	if (!rc)
		rc = intake_store_revision(db, p, in, r, event, err);
	if (!rc)
		rc = intake_leaf(db, who, LEAF_REVISION, p, in, r, event, r->effect.state, err);
	if (!rc)
		rc = results_state(db, p, r->effect.state, p->result_number, err);
	if (!rc)
		rc = intake_follow(db, p, in, r, named, err);
	free(named);
	return rc;
}

int verb_revise(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                struct err *err)
{
	struct row_proposal p = { .n = 0 };
	struct intake in = { .proposal = NULL };
	struct routing r = { .people = 0 };
	const char *bytes;
	size_t len;
	struct value *v = NULL;
	struct who who;
	bool known = false;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = producer_own(db, &who, call, ROLE_REVISE, &p, answer, err);
	if (!rc)
		rc = producer_event(db, call, "revise", p.id, &known, answer, err);
	if (!rc && !known && !prescan_span(call->bytes, call->len, "/body", &bytes, &len))
		rc = answer_problem(answer, PROBLEM_INVALID, _("the new document is missing"),
		                    "/body");
	if (!rc && !known)
		rc = intake_read(db, bytes, len, &in, answer, err);
	if (!rc && !known)
		rc = intake_route(db, &in, &r, err);
	if (!rc && !known)
		rc = check(&p, &in, &r, answer);
	if (!rc && !known && plan(&p, &r, NULL))
		rc = answer_problem(answer, PROBLEM_DECIDED, NULL, NULL);
	if (!rc && !known)
		rc = revise(db, &who, &p, &in, &r, value_text(call->body, "id"), err);
	if (!rc)
		rc = intake_answer(db, p.id, known, &v, err);
	routing_clear(&r);
	intake_clear(&in);
	row_proposal_clear(&p);
	who_clear(&who);
	return rc ? rc : answer_json(answer, 200, v);
}
