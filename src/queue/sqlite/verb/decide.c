/* SPDX-License-Identifier: Apache-2.0
 *
 * Judging decisions: known ids, facts, verdict, answer.
 */
#include "queue/sqlite/verb/decide.h"

#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/utf8.h"
#include "policy/admission.h"
#include "queue/holder.h"
#include "queue/leaving.h"
#include "queue/sqlite/expiry.h"
#include "queue/sqlite/load.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/lease.h"
#include "queue/verdict.h"
#include "wire/decision.h"
#include "wire/digest.h"
#include "wire/token.h"

enum { DECISIONS_MAX = 100 };

static void clear(struct judging *j)
{
	decision_free(j->decision);
	schema_faults_clear(&j->faults);
	row_review_clear(&j->review);
	row_proposal_clear(&j->proposal);
	row_revision_clear(&j->revision);
	proposal_free(j->parsed);
	value_free(j->answer);
	value_free(j->departures);
}

static void fault(struct judging *j, const char *pointer, const char *keyword,
                  const char *msgid)
{
	struct err e = { .code = ERR_INVALID, .msgid = msgid };

	schema_faults_add(&j->faults, pointer, keyword, &e);
}

/* -------------------------------------------------------------------- reading */

/* The JSON pointer of an error's place, or "". */
static const char *pointer_of(const struct err *e)
{
	const char *at = strchr(e->where, '/');

	return at ? at : "";
}

static void read_decision(struct judging *j)
{
	struct err bad = ERR_INIT;

	if (decision_read(j->doc, &j->decision, &bad))
		schema_faults_add(&j->faults, pointer_of(&bad), "form", &bad);
	else if (!value_is(value_find(j->doc, "content"), VALUE_OBJECT))
		fault(j, "/content", "content", N_("the content is missing"));
	if (j->decision && j->decision->seq < 1)
		fault(j, "/seq", "seq", N_("a decision that is sent has a number"));
}

/* What is past its time expires before anything is judged; that may close the
 * review. 1 or negative. */
static int expire_first(struct db *db, struct judging *j, struct err *err)
{
	char id[ID_SIZE];
	int rc;

	if (!expiry_due(db, &j->proposal))
		return 1;
	rc = expiry_apply(db, &j->proposal, err);
	if (rc)
		return rc;
	memcpy(id, j->review.id, sizeof id);
	row_review_clear(&j->review);
	return row_review_get(db, id, &j->review, err);
}

static int read_subject(struct db *db, struct judging *j, struct err *err)
{
	const char *review = value_text(j->doc, "review");
	int rc = review ? row_review_get(db, review, &j->review, err) : 0;

	if (rc <= 0) {
		if (j->decision)
			fault(j, "/review", "review", N_("there is no such review"));
		return rc;
	}
	j->found = true;
	rc = row_proposal_get(db, j->review.proposal, &j->proposal, err);
	if (rc > 0)
		rc = expire_first(db, j, err);
	if (rc > 0)
		rc = row_revision_get(db, j->review.proposal, j->review.revision, &j->revision, err);
	if (rc > 0)
		rc = load_find(db, j->review.queue, &j->rules, err);
	if (rc <= 0)
		return rc ? rc : err_set(err, ERR_CORRUPT,
		                         N_("a review names what is not stored"));
	/* Erased content leaves parsed NULL: the decision is then stale. */
	return j->revision.document ? row_revision_parse(&j->revision, &j->parsed, err) : 0;
}

/* --------------------------------------------------------------------- facts */

static int four_eyes(struct db *db, const struct judging *j, bool *kept, struct err *err)
{
	int64_t ok = 0;
	int rc = db_int(db, err, &ok, "SELECT coalesce(" REVIEWS_FOUR_EYES ",0) FROM review R"
	                " WHERE R.n=?2", "si", j->who->name, j->review.n);

	*kept = ok;
	return rc < 0 ? rc : 0;
}

/* The author's own answer, given before the rest was shown: it stays theirs
 * when the lease has gone to somebody else. */
static int read_own(struct db *db, struct judging *j, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT digest FROM own WHERE review=? AND principal=?",
	                  "ss", j->review.id, j->who->name);

	if (rc > 0) {
		utf8_copy(j->own, sizeof j->own, db_text(s, 0));
		db_done(s);
	}
	return rc < 0 ? rc : 0;
}

static enum view_kind view_of_author(const struct judging *j)
{
	return *j->own ? VIEW_FULL
		: reviews_view(j->rules, j->review.stage, j->proposal.people);
}

static void check_blind(struct judging *j)
{
	if (strcmp(j->decision->blind ? j->decision->blind : "", j->own) != 0)
		fault(j, "/blind", "blind", N_("this is not the own answer that was given first"));
}

static void check_form(struct judging *j)
{
	struct decision *d = j->decision;

	if (!d || !j->found || !j->parsed)
		return;
	j->answer = leaving_answer(j->parsed, d);
	j->departures = leaving_departures(j->parsed, d, j->answer);
	leaving_check(j->parsed, d, j->rules->fit, j->answer, &j->faults);
	check_blind(j);
}

static bool shown_current(const struct judging *j)
{
	char shown[HASH_TEXT_SIZE];

	if (!j->decision || !j->parsed)
		return false;
	digest_shown(j->rules->definition->digest, j->revision.digest, view_of_author(j),
	             shown);
	return strcmp(shown, j->decision->shown) == 0;
}

static bool may_amend(const struct judging *j)
{
	struct states_input in = { .state = j->proposal.state,
		.stage = stage_name(j->review.stage), .event = "amend",
		.safety_class = j->proposal.safety_class,
		.people = j->proposal.people > 1 ? 2 : 1 };
	struct states_effect effect;

	return states_next(&in, &effect, NULL) == 0;
}

/* Is the amended decision this person's, the last word of its review, and has
 * nothing been built on it? */
static int amend_open(struct db *db, struct judging *j, bool *open, struct err *err)
{
	const struct decision *d = j->decision;
	struct value *envelope = NULL;
	int64_t later = 0;
	sqlite3_stmt *s;
	int rc;

	*open = false;
	rc = db_first(db, err, &s, "SELECT n,envelope FROM decision WHERE id=? AND principal=?"
	              " AND review=? AND verdict='accepted'", "sss", d->amends, j->who->name,
	              d->review);
	if (rc <= 0)
		return rc;
	j->amended_n = db_i64(s, 0);
	row_json(db_text(s, 1), &envelope, NULL);
	*open = strcmp(value_text_or(envelope, "token", ""), d->token) == 0
		&& j->review.decision && strcmp(j->review.decision, d->amends) == 0
		&& !j->proposal.released_by && may_amend(j);
	value_free(envelope);
	db_done(s);
	rc = db_int(db, err, &later, "SELECT EXISTS(SELECT 1 FROM decision WHERE proposal=? AND n>?"
	            " AND review<>? AND verdict='accepted')", "sis", j->proposal.id, j->amended_n,
	            d->review);
	*open = *open && !later;
	return rc < 0 ? rc : 0;
}

static bool admitted(const struct judging *j)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct admission a = { .kind = j->parsed->kind, .stage = j->review.stage,
		.faults = &faults };
	struct value *proposed = leaving_proposed(j->parsed);
	enum outcome o = j->decision->outcome;
	char why[ADMISSION_TEXT_SIZE];
	bool ok;

	a.has_proposed = proposed != NULL;
	a.fits = fit_proposed(j->rules->fit, j->parsed->doc, &faults);
	ok = admission_allows(&a, o, why) && !leaving_requires(j->rules->definition, j->decision)
		&& !(o == OUTCOME_APPROVE && view_of_author(j) == VIEW_BLIND);
	schema_faults_clear(&faults);
	value_free(proposed);
	return ok;
}

static void lease_facts(struct db *db, const struct judging *j, struct verdict_facts *f)
{
	const struct row_review *r = &j->review;

	f->decided = strcmp(r->state, "open") != 0;
	f->expired = strcmp(j->proposal.state, "expired") == 0;
	f->token_current = !holder_token_checked()
		|| (r->token > 0 && token_number(j->decision->token) == r->token && r->holder
		    && strcmp(r->holder, j->who->name) == 0);
	f->lease_ended = r->expires_ms <= db->now_ms;
}

static int judge(struct db *db, struct judging *j, struct err *err)
{
	struct verdict_facts f = { .revoked = j->who->revoked };
	bool kept = true;
	int rc = 0;

	f.permitted = j->found
		? who_may(j->who, j->review.queue, ROLE_DECIDE, (int)j->review.stage)
		: who_may_somewhere(j->who, ROLE_DECIDE);
	if (j->found)
		rc = four_eyes(db, j, &kept, err);
	if (!rc && j->found)
		rc = read_own(db, j, err);
	f.permitted = f.permitted && kept;
	check_form(j);
	f.form_ok = !j->faults.count;
	if (!rc && j->found && j->decision) {
		f.shown_current = shown_current(j);
		f.revision_current = j->decision->revision == j->review.revision
			&& j->review.revision == j->proposal.revision;
		f.withdrawn = strcmp(j->proposal.state, "withdrawn") == 0;
		f.amends = j->decision->amends != NULL;
		if (f.amends)
			rc = amend_open(db, j, &f.amend_open, err);
		lease_facts(db, j, &f);
		f.admitted = f.form_ok && f.shown_current && admitted(j);
	}
	j->verdict = verdict_judge(&f, &j->late);
	return rc;
}

/* Judges a new decision and makes everything that follows. */
static int decide(struct db *db, struct judging *j, struct err *err)
{
	struct effects e = { .has_result = false };
	int rc;

	read_decision(j);
	rc = read_subject(db, j, err);
	if (!rc)
		rc = judge(db, j, err);
	if (!rc)
		rc = effects_plan(db, j, &e, err);
	if (!rc)
		rc = record_decision(db, j, &e, err);
	if (!rc)
		rc = effects_apply(db, j, &e, err);
	if (!rc)
		rc = record_tell(db, j, &e, err);
	effects_clear(&e);
	return rc;
}

/* --------------------------------------------------------------------- answers */

/* An answer for which nothing is stored. */
static struct value *plain_result(const struct value *doc, enum verdict verdict,
                                  const char *pointer)
{
	struct value *v = value_new_object(), *list = value_new_array();
	const struct value *seq = value_find(doc, "seq");

	value_set_string(v, "id", value_text(doc, "id"));
	value_set_string(v, "verdict", verdict_name(verdict));
	value_set_bool(v, "late", false);
	value_set_null(v, "state");
	value_set_null(v, "leaf");
	value_set_null(v, "envelope");
	if (pointer) {
		struct value *f = value_push(list, value_new_object());

		value_set_string(f, "pointer", pointer);
		value_set_string(f, "text", _("this is missing or malformed"));
	}
	value_set(v, "pointers", list);
	value_set_string(v, "text", _(verdict_sentence(verdict)));
	value_set_bool(v, "replayed", false);
	value_set(v, "seq", value_is(seq, VALUE_INT) ? value_new_int(seq->i) : value_new_null());
	return v;
}

/* 1 and *out where this id was judged before (or was used for something else). */
static int stored_result(struct db *db, const struct value *doc, bool replayed,
                         struct value **out, struct err *err)
{
	char identity[HASH_TEXT_SIZE];
	enum verdict verdict = VERDICT_NONE;
	struct value *v, *faults = NULL;
	const char *sentence;
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT identity,verdict,late,state,leaf,envelope_digest,"
	                  "faults,seq FROM decision WHERE id=?", "s", value_text(doc, "id"));

	if (rc <= 0)
		return rc;
	digest_identity(doc, identity);
	if (strcmp(identity, db_text(s, 0)) != 0) {
		db_done(s);
		*out = plain_result(doc, VERDICT_ID_REUSED, NULL);
		return 1;
	}
	v = *out = value_new_object();
	verdict_find(db_text(s, 1), &verdict);
	sentence = verdict_sentence(verdict);
	value_set_string(v, "id", value_text(doc, "id"));
	value_set_string(v, "verdict", db_text(s, 1));
	value_set_bool(v, "late", db_i64(s, 2));
	value_set_string(v, "state", db_text(s, 3));
	value_set_int(v, "leaf", db_i64(s, 4));
	value_set_string(v, "envelope", db_text(s, 5));
	row_json(db_text(s, 6), &faults, NULL);
	value_set(v, "pointers", faults ? faults : value_new_array());
	value_set_string(v, "text", sentence ? _(sentence) : NULL);
	value_set_bool(v, "replayed", replayed);
	value_set(v, "seq", db_i64(s, 7) ? value_new_int(db_i64(s, 7)) : value_new_null());
	db_done(s);
	return 1;
}

/* Was this number of the device used for another decision, or is the device
 * somebody else's? Binds a new device. 1, 0, negative. */
static int forked(struct db *db, struct who *who, const struct value *doc, struct err *err)
{
	struct queue_answer ignored = QUEUE_ANSWER_INIT;
	const char *device = value_text(doc, "device");
	int64_t used = 0;
	int rc;

	if (!device || !id_valid(device))
		return 0;
	rc = lease_device(db, who, device, &ignored, err);
	queue_answer_clear(&ignored);
	if (rc)
		return rc;
	rc = db_int(db, err, &used, "SELECT 1 FROM seq WHERE device=? AND seq=?", "si", device,
	            value_int_or(doc, "seq", 0));
	return rc;
}

static int one(struct db *db, struct who *who, const struct value *doc, struct value **out,
               struct err *err)
{
	const char *id = value_text(doc, "id");
	struct judging j = { .who = who, .doc = doc, .id = id };
	int rc;

	if (!id || !id_valid(id)) {
		*out = plain_result(doc, VERDICT_INVALID, "/id");
		return 0;
	}
	rc = stored_result(db, doc, true, out, err);
	if (rc == 0) {
		rc = forked(db, who, doc, err);
		if (rc > 0)
			*out = plain_result(doc, VERDICT_DEVICE_FORKED, NULL);
	}
	if (rc)
		return rc < 0 ? rc : 0;
	j.device = value_text(doc, "device");
	if (j.device && !id_valid(j.device))
		j.device = NULL;
	j.seq = value_int_or(doc, "seq", 0) > 0 ? value_int_or(doc, "seq", 0) : 0;
	digest_envelope(doc, j.envelope_digest);
	digest_identity(doc, j.identity);
	rc = decide(db, &j, err);
	clear(&j);
	if (!rc)
		rc = stored_result(db, doc, false, out, err);
	return rc < 0 ? rc : 0;
}

/* An item that cannot be judged (a row that contradicts itself) is undone and
 * stops the call; what came before it would be lost, so the whole call fails
 * and is offered again. */
static int all(struct db *db, struct who *who, const struct value *list,
               struct value *results, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < value_count(list); i++) {
		struct value *v = NULL;

		rc = one(db, who, value_at(list, i), &v, err);
		value_push(results, v);
	}
	return rc;
}

int verb_decisions(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                   struct err *err)
{
	const struct value *list = value_find(call->body, "decisions");
	struct value *v = value_new_object(), *results = value_set(v, "results", value_new_array());
	struct buf note = BUF_INIT;
	struct who who;
	int rc = who_load(db, call, true, &who, answer, err);

	if (!rc && !value_is(list, VALUE_ARRAY))
		rc = answer_problem(answer, PROBLEM_INVALID, _("there is no list of decisions"),
		                    "/decisions");
	if (!rc && value_count(list) > DECISIONS_MAX)
		rc = answer_problem(answer, PROBLEM_TOO_LARGE, NULL, "/decisions");
	if (!rc && !who.revoked)
		rc = who_demand(&who, NULL, ROLE_DECIDE, ROLE_ANY_STAGE, answer);
	if (!rc)
		rc = all(db, &who, list, results, err);
	who_clear(&who);
	if (rc) {
		value_free(v);
		return rc;
	}
	tlog_note(db, &note);
	value_set_string(v, "checkpoint", buf_str(&note));
	value_set_string(v, "server_time", db->now);
	buf_clear(&note);
	return answer_json(answer, 200, v);
}
