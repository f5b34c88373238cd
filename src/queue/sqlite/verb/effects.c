/* SPDX-License-Identifier: Apache-2.0
 *
 * What follows from a judged decision: state, result, reviews, feedback.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "queue/feedback.h"
#include "queue/leaving.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/decide.h"
#include "queue/verdict.h"
#include "wire/decision.h"
#include "wire/digest.h"
#include "wire/json.h"

/* ------------------------------------------------------- what others answered */

/* What an earlier decision let out: outcome and answer (the caller's). */
struct opinion {
	enum outcome outcome;
	struct value *answer;
};

static int read_opinion(const struct judging *j, const char *envelope, const char *content,
                        const char *salt, struct opinion *out, struct err *err)
{
	struct value *doc, *c;
	struct decision *d;
	int rc = row_json(envelope, &doc, err);

	if (rc)
		return rc;
	if (content && row_json(content, &c, NULL) == 0) {
		value_set_string(c, "salt", salt);
		value_set(doc, "content", c);
	}
	rc = decision_read(doc, &d, err);
	if (!rc) {
		out->outcome = d->outcome;
		out->answer = leaving_answer(j->parsed, d);
		decision_free(d);
	}
	value_free(doc);
	return rc;
}

static bool agrees(const struct judging *j, const struct opinion *o)
{
	return o->outcome == j->decision->outcome && leaving_same(o->answer, j->answer);
}

/* Does the decision this review checks (about) say the same? */
static int same_as_checked(struct db *db, const struct judging *j, bool *same,
                           struct err *err)
{
	struct opinion o;
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT d.envelope,c.document,c.salt FROM decision d"
	                  " LEFT JOIN decision_content c ON c.decision=d.id WHERE d.id=?", "s",
	                  j->review.about);

	*same = false;
	if (rc <= 0)
		return rc;
	rc = read_opinion(j, db_text(s, 0), db_text(s, 1), db_text(s, 2), &o, err);
	db_done(s);
	if (!rc) {
		*same = agrees(j, &o);
		value_free(o.answer);
	}
	return rc;
}

/* Did another person give this outcome and value on this revision, and stand by
 * it? */
static int has_peer(struct db *db, const struct judging *j, bool *peer, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT d.envelope,c.document,c.salt FROM decision d"
	                  " LEFT JOIN decision_content c ON c.decision=d.id"
	                  " WHERE d.proposal=? AND d.revision=? AND d.principal<>?"
	                  " AND d.verdict='accepted' AND NOT EXISTS(SELECT 1 FROM decision a"
	                  " WHERE a.amends=d.id AND a.verdict='accepted')", "sis", j->proposal.id,
	                  j->review.revision, j->who->name);

	*peer = false;
	for (; rc > 0 && !*peer; rc = *peer ? rc : db_row(db, s, err)) {
		struct opinion o;
		int one = read_opinion(j, db_text(s, 0), db_text(s, 1), db_text(s, 2), &o, err);

		if (one) {
			db_done(s);
			return one;
		}
		*peer = agrees(j, &o);
		value_free(o.answer);
	}
	if (*peer)
		db_done(s);
	return rc < 0 ? rc : 0;
}

/* Does this answer differ from what was delivered? A field that could not be
 * told does not. */
static int differs(struct db *db, const struct judging *j, bool *changed, struct err *err)
{
	const struct decision *d = j->decision;
	const char *word = states_of_outcome(d->outcome);
	struct value *content = NULL, *answer;
	sqlite3_stmt *s;
	bool lets_out;
	int rc = db_first(db, err, &s, "SELECT state,document FROM result WHERE proposal=?"
	                  " AND number=?", "si", j->proposal.id, j->proposal.result_number);

	*changed = true;
	if (rc <= 0)
		return rc;
	lets_out = strcmp(db_text(s, 0), "rejected") != 0 && strcmp(db_text(s, 0), "returned") != 0;
	if (!j->answer) {
		*changed = !word || strcmp(db_text(s, 0), word) != 0;
	} else if (lets_out && db_text(s, 1) && row_json(db_text(s, 1), &content, NULL) == 0) {
		const struct value *delivered = value_find(content, "value");

		answer = value_copy(j->answer);
		for (size_t i = 0; i < d->field_count; i++)
			if (d->fields[i].state == FIELD_CANNOT_TELL
			    && value_find(delivered, d->fields[i].name))
				value_set(answer, d->fields[i].name,
				          value_copy(value_find(delivered, d->fields[i].name)));
		*changed = !leaving_same(answer, delivered);
		value_free(answer);
		value_free(content);
	}
	db_done(s);
	return 0;
}

/* ---------------------------------------------------------------------- plan */

static bool has_reason(const struct decision *d, const char *name)
{
	for (size_t i = 0; i < d->reason_count; i++)
		if (strcmp(d->reasons[i], name) == 0)
			return true;
	return false;
}

static int next_state(struct db *db, struct judging *j, struct states_effect *out,
                      struct err *err)
{
	const struct decision *d = j->decision;
	struct states_effect before;
	struct states_input in = { .state = j->proposal.state,
		.stage = stage_name(j->review.stage), .event = outcome_name(d->outcome),
		.safety_class = j->proposal.safety_class,
		.people = j->proposal.people > 1 ? 2 : 1,
		.to_reviewer = d->route && strcmp(d->route, "reviewer") == 0,
		.supervisor = role_set_has(who_set(j->who, j->review.queue), ROLE_SUPERVISOR),
		.unsure = has_reason(d, "unsure") };
	int rc = 0;

	if (d->amends) {
		in.event = "amend";
		rc = states_next(&in, &before, err);
		in.event = outcome_name(d->outcome);
		in.state = before.state;
	}
	if (!rc && j->review.stage == STAGE_SECOND)
		rc = same_as_checked(db, j, &in.same, err);
	if (!rc && j->review.stage == STAGE_ESCALATION)
		rc = has_peer(db, j, &in.peer, err);
	if (!rc && (j->review.stage == STAGE_SAMPLE || j->review.stage == STAGE_CONTEST))
		rc = differs(db, j, &in.changed, err);
	return rc ? rc : states_next(&in, out, err);
}

/* The newest result that the producer was given, or 0. */
static int delivered(struct db *db, const struct judging *j, int64_t *number, struct err *err)
{
	int rc = db_int(db, err, number, "SELECT coalesce(max(number),0) FROM result"
	                " WHERE proposal=? AND delivered_ms>0", "s", j->proposal.id);

	return rc < 0 ? rc : 0;
}

static int plan_result(struct db *db, struct judging *j, struct effects *e, struct err *err)
{
	const struct decision *d = j->decision;
	const char *state = e->next.act == STATES_OVERTURNED ? states_of_outcome(d->outcome)
		: e->next.state;
	int rc = delivered(db, j, &e->previous, err);

	if (rc)
		return rc;
	rc = results_prepare(db, j->proposal.id, state, j->answer, d->message, j->departures,
	                     j->id, &e->result, err);
	e->has_result = rc == 0;
	return rc;
}

static int plan_feedback(struct db *db, struct judging *j, struct effects *e, struct err *err)
{
	struct value *asked = NULL;
	struct feedback_facts f = { .proposal = j->parsed, .decision = j->decision,
		.proposal_id = j->proposal.id, .revision = j->review.revision,
		.stage = j->review.stage, .verdict = j->verdict, .route = j->revision.route,
		.probability = j->review.probability };
	int rc = db_int(db, err, &f.first_n, "SELECT coalesce(max(n),0)+1 FROM feedback", "");

	if (rc < 0)
		return rc;
	/* A sample asks about everything: nobody looked before. */
	if (j->review.stage != STAGE_SAMPLE)
		row_json(j->revision.asked, &asked, NULL);
	f.asked = asked;
	e->rows = feedback_rows(&f);
	if (value_count(e->rows))
		digest_content(j->decision->salt, e->rows, e->feedback);
	value_free(asked);
	return 0;
}

int effects_plan(struct db *db, struct judging *j, struct effects *e, struct err *err)
{
	struct err move = ERR_INIT;
	int rc = 0;

	memset(e, 0, sizeof *e);
	if (j->verdict == VERDICT_ACCEPTED) {
		rc = next_state(db, j, &e->next, &move);
		if (rc == ERR_CONFLICT) {
			/* No row of the state table lets this person do this here. */
			memset(&e->next, 0, sizeof e->next);
			j->verdict = VERDICT_REFUSED_POLICY;
			j->late = false;
			return 0;
		}
		if (rc && err)
			*err = move;
		if (!rc && (e->next.act == STATES_RESULT || e->next.act == STATES_OVERTURNED))
			rc = plan_result(db, j, e, err);
	}
	if (!rc && verdict_counts(j->verdict))
		rc = plan_feedback(db, j, e, err);
	return rc;
}

void effects_clear(struct effects *e)
{
	results_clear(&e->result);
	value_free(e->rows);
	memset(e, 0, sizeof *e);
}

/* ---------------------------------------------------------------------- apply */

static int store_rows(struct db *db, const struct judging *j, const struct effects *e,
                      struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < value_count(e->rows); i++) {
		const struct value *row = value_at(e->rows, i);
		struct buf text = BUF_INIT;

		json_text(row, &text);
		rc = db_do(db, err, "INSERT INTO feedback(n,queue,decision,row) VALUES(?,?,?,?)", "isst",
		           value_int_or(row, "n", 0), j->review.queue, j->id, text.data, text.len);
		buf_clear(&text);
	}
	return rc;
}

static int overturned_leaf(struct db *db, struct judging *j, const struct effects *e,
                           struct err *err)
{
	struct value *data = value_new_object();
	struct leaf leaf = { .type = LEAF_OVERTURNED, .event = j->id, .subject = j->proposal.id,
		.revision = j->proposal.revision, .state = j->proposal.state,
		.stage = stage_name(j->review.stage), .review = j->review.id, .data = data };
	int rc;

	value_set_int(data, "number", e->result.number);
	value_set_string(data, "digest", e->result.digest);
	value_set_string(data, "state", e->result.state);
	value_set_int(data, "previous", e->previous);
	who_sign(j->who, j->review.queue, ROLE_DECIDE, (int)j->review.stage, &leaf);
	rc = tlog_append(db, &leaf, NULL, err);
	value_free(data);
	return rc;
}

static int apply_result(struct db *db, struct judging *j, struct effects *e, struct err *err)
{
	int rc = results_store(db, &j->proposal, &e->result, j->leaf, err);

	if (!rc)
		rc = results_state(db, &j->proposal, e->next.state, e->result.number, err);
	if (!rc && e->next.act == STATES_RESULT)
		rc = reviews_close(db, j->proposal.id, NULL, NULL, err);
	if (!rc && e->previous)
		rc = overturned_leaf(db, j, e, err);
	return rc;
}

/* Who was first on this revision: to them a supervisor returns it. */
static int first_person(struct db *db, const struct judging *j, char **out, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT principal FROM decision WHERE proposal=?"
	                  " AND revision=? AND stage='first' AND verdict='accepted'"
	                  " ORDER BY n DESC LIMIT 1", "si", j->proposal.id, j->review.revision);

	*out = NULL;
	if (rc > 0) {
		*out = db_dup(s, 0);
		db_done(s);
	}
	return rc < 0 ? rc : 0;
}

static int apply_review(struct db *db, struct judging *j, struct effects *e, struct err *err)
{
	struct row_proposal *p = &j->proposal;
	struct reviews_new want = { .confidence_pm = j->revision.confidence_pm, .about = j->id,
		.route = j->decision->route };
	char *named = NULL;
	int rc = 0;

	stage_find(e->next.stage, &want.stage);
	if (e->next.act == STATES_REVIEW_NAMED)
		rc = first_person(db, j, &named, err);
	want.named_to = named;
	if (!rc)
		rc = results_state(db, p, e->next.state, p->result_number, err);
	if (!rc)
		rc = reviews_open(db, p, &want, err);
	free(named);
	return rc;
}

/* Who escalated learns what became of it. */
static int tell_escalator(struct db *db, const struct judging *j, struct err *err)
{
	struct value *body;
	struct buf text = BUF_INIT;
	sqlite3_stmt *s;
	char *person, *sentence;
	int rc;

	if (j->review.stage != STAGE_ESCALATION || !j->review.about)
		return 0;
	rc = db_first(db, err, &s, "SELECT principal,review FROM decision WHERE id=?"
	              " AND outcome='escalate'", "s", j->review.about);
	if (rc <= 0)
		return rc;
	person = db_dup(s, 0);
	body = value_new_object();
	value_set_string(body, "review", db_text(s, 1));
	db_done(s);
	value_set_string(body, "proposal", j->proposal.id);
	value_set_string(body, "external_id", j->proposal.external_id);
	value_set_string(body, "outcome", outcome_name(j->decision->outcome));
	sentence = j->decision->note && *j->decision->note ? mem_strdup(j->decision->note)
		: mem_printf(_("%s answered your question."), j->who->name);
	value_set_string(body, "text", sentence);
	json_text(body, &text);
	rc = reviews_tell(db, "answer", j->review.queue, NULL, person, j->review.id, text.data, err);
	buf_clear(&text);
	value_free(body);
	free(sentence);
	free(person);
	return rc;
}

int effects_apply(struct db *db, struct judging *j, struct effects *e, struct err *err)
{
	int rc = store_rows(db, j, e, err);

	if (rc || j->verdict != VERDICT_ACCEPTED)
		return rc;
	/* What the amended answer had asked for is moot. */
	if (j->decision->amends)
		rc = reviews_close(db, j->proposal.id, j->decision->amends, NULL, err);
	if (!rc)
		rc = reviews_decided(db, &j->review, j->id, err);
	if (rc)
		return rc;
	switch (e->next.act) {
	case STATES_RESULT:
	case STATES_OVERTURNED:
		rc = apply_result(db, j, e, err);
		break;
	case STATES_REVIEW:
	case STATES_REVIEW_NAMED:
		rc = apply_review(db, j, e, err);
		break;
	default:
		break;
	}
	return rc ? rc : tell_escalator(db, j, err);
}
