/* SPDX-License-Identifier: Apache-2.0
 *
 * The LEASE object: everything a desk needs to show and decide a review.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "policy/admission.h"
#include "queue/leaving.h"
#include "queue/sqlite/load.h"
#include "queue/sqlite/verb/lease.h"
#include "wire/digest.h"
#include "wire/json.h"
#include "wire/lease.h"
#include "wire/token.h"

/* What stands behind a lease. */
struct subject {
	const struct row_review *review;
	struct row_proposal proposal;
	struct row_revision revision;
	const struct rules *rules;
	struct proposal *parsed;
};

static int subject_read(struct db *db, const struct row_review *r, struct subject *out,
                        struct err *err)
{
	int rc;

	memset(out, 0, sizeof *out);
	out->review = r;
	rc = row_proposal_get(db, r->proposal, &out->proposal, err);
	if (rc > 0)
		rc = row_revision_get(db, r->proposal, r->revision, &out->revision, err);
	if (rc > 0)
		rc = load_find(db, r->queue, &out->rules, err);
	if (rc == 0)
		rc = err_set(err, ERR_CORRUPT, N_("a review names what is not stored"));
	return rc < 0 ? rc : row_revision_parse(&out->revision, &out->parsed, err);
}

static void subject_clear(struct subject *s)
{
	row_proposal_clear(&s->proposal);
	row_revision_clear(&s->revision);
	proposal_free(s->parsed);
}

static struct value *allowed(const struct subject *s)
{
	struct value *list = value_new_array(), *proposed = leaving_proposed(s->parsed);
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct admission a = { .kind = s->parsed->kind, .stage = s->review->stage,
		.faults = &faults, .has_proposed = proposed != NULL };

	a.fits = fit_proposed(s->rules->fit, s->parsed->doc, &faults);
	for (int o = OUTCOME_APPROVE; o <= OUTCOME_ESCALATE; o++) {
		struct value *v = value_push(list, value_new_object());
		char why[ADMISSION_TEXT_SIZE];
		bool open = admission_allows(&a, (enum outcome)o, why);

		value_set_string(v, "outcome", outcome_name((enum outcome)o));
		/* A blind desk must not learn from the reason either. */
		if (s->review->view == VIEW_BLIND && o == OUTCOME_APPROVE)
			value_set_string(v, "why_not", _("your own answer comes first"));
		else
			value_set_string(v, "why_not", open ? NULL : why);
	}
	schema_faults_clear(&faults);
	value_free(proposed);
	return list;
}

static struct value *entry(sqlite3_stmt *s)
{
	struct value *v = value_new_object(), *envelope = NULL, *content = NULL;
	static const char *const from_envelope[] = { "reasons", "fields", "route" };
	static const char *const from_content[] = { "value", "message", "note" };
	char text[CLOCK_TEXT_SIZE];

	row_json(db_text(s, 4), &envelope, NULL);
	if (db_text(s, 5))
		row_json(db_text(s, 5), &content, NULL);
	value_set_string(v, "stage", db_text(s, 0));
	value_set_int(v, "revision", db_i64(s, 1));
	value_set_string(v, "outcome", db_text(s, 2));
	value_set_string(v, "by", db_text(s, 3));
	value_set_string(v, "at", clock_text(db_i64(s, 6), text));
	for (size_t i = 0; i < 3; i++) {
		struct value *m = envelope ? value_take(envelope, from_envelope[i]) : NULL;

		value_set(v, from_envelope[i], m ? m : value_new_null());
		m = content ? value_take(content, from_content[i]) : NULL;
		value_set(v, from_content[i], m ? m : value_new_null());
	}
	value_free(envelope);
	value_free(content);
	return v;
}

/* Earlier accepted decisions. Full sees all of them, peer only one's own, blind
 * none: nothing that another person did reaches a second opinion. */
static int history(struct db *db, const struct subject *s, struct value **out,
                   struct err *err)
{
	struct value *list = value_new_array();
	sqlite3_stmt *q;
	int rc = 0;

	if (s->review->view != VIEW_BLIND)
		for (rc = db_first(db, err, &q, "SELECT d.stage,d.revision,d.outcome,d.principal,"
		                   "d.envelope,c.document,d.received_ms FROM decision d"
		                   " LEFT JOIN decision_content c ON c.decision=d.id"
		                   " WHERE d.proposal=?1 AND d.verdict='accepted'"
		                   " AND (?2 OR d.principal=?3) ORDER BY d.n", "sns",
		                   s->review->proposal, (int)(s->review->view == VIEW_FULL),
		                   s->review->holder);
		     rc > 0; rc = db_row(db, q, err))
			value_push(list, entry(q));
	*out = list;
	return rc;
}

static int siblings(struct db *db, const struct subject *s, struct value **out,
                    struct err *err)
{
	struct value *list = value_new_array();
	sqlite3_stmt *q;
	int rc = 0;

	if (s->proposal.case_id)
		for (rc = db_first(db, err, &q, "SELECT id,external_id,title,state FROM proposal"
		                   " WHERE queue=? AND case_id=? AND id<>? ORDER BY n LIMIT 50",
		                   "sss", s->proposal.queue, s->proposal.case_id, s->proposal.id);
		     rc > 0; rc = db_row(db, q, err)) {
			struct value *v = value_push(list, value_new_object());

			value_set_string(v, "proposal", db_text(q, 0));
			value_set_string(v, "external_id", db_text(q, 1));
			value_set_string(v, "title", db_text(q, 2));
			value_set_string(v, "state", db_text(q, 3));
		}
	*out = list;
	return rc;
}

static void put_ends(struct db *db, const struct row_review *r, struct value *v)
{
	char token[TOKEN_TEXT_SIZE], text[CLOCK_TEXT_SIZE];

	value_set_string(v, "token", token_text(r->token >> 32, r->token & 0xffffffff, token));
	value_set_string(v, "expires_at", clock_text(r->expires_ms, text));
	value_set_int(v, "ttl_s", (r->expires_ms - db->now_ms) / 1000);
}

/* A stored JSON array as a value; an empty one where it is withheld. */
static struct value *array_of(const char *text, bool withheld)
{
	struct value *v = NULL;

	if (withheld || row_json(text, &v, NULL))
		return value_new_array();
	return v;
}

static int members(struct db *db, const struct subject *s, struct value *v, struct err *err)
{
	const struct row_review *r = s->review;
	const struct definition *d = s->rules->definition;
	bool blind = r->view == VIEW_BLIND, sample = r->stage == STAGE_SAMPLE;
	char shown[HASH_TEXT_SIZE], text[CLOCK_TEXT_SIZE];
	struct value *past = NULL, *others = NULL;
	int rc = history(db, s, &past, err);

	if (!rc)
		rc = siblings(db, s, &others, err);
	value_set_string(v, "review", r->id);
	value_set_int(v, "revision", r->revision);
	value_set_string(v, "stage", stage_name(r->stage));
	value_set_string(v, "proposal_id", r->proposal);
	/* With it, a guessed answer could be checked against the digest. */
	value_set_string(v, "salt", blind ? NULL : s->revision.salt);
	value_set_string(v, "digest", s->revision.digest);
	value_set_string(v, "shown", digest_shown(d->digest, s->revision.digest, r->view, shown));
	put_ends(db, r, v);
	value_set(v, "allowed", allowed(s));
	value_set(v, "reasons", array_of(s->revision.reasons, blind || sample));
	value_set(v, "asked", array_of(s->revision.asked, blind || sample));
	value_set_string(v, "view", view_kind_name(r->view));
	value_set_string(v, "definition", d->digest);
	value_set_string(v, "policy", s->rules->policy_digest);
	value_set_string(v, "guide", rules_guide(s->rules));
	value_set_string(v, "due_at", r->due_ms > 0 ? clock_text(r->due_ms, text) : NULL);
	value_set(v, "history", past);
	value_set(v, "siblings", others);
	return rc;
}

int lease_write(struct db *db, const struct row_review *r, struct buf *out, struct err *err)
{
	struct value *v = value_new_object(), *reduced;
	struct subject s;
	int rc = subject_read(db, r, &s, err);

	if (!rc)
		rc = members(db, &s, v, err);
	if (!rc) {
		json_text(v, out);
		/* The document stands last, as the bytes that came. */
		out->data[--out->len] = '\0';
		buf_adds(out, ",\"proposal\":");
		if (r->view == VIEW_BLIND) {
			reduced = lease_blind_document(s.parsed->doc);
			json_text(reduced, out);
			value_free(reduced);
		} else {
			buf_add(out, s.revision.document, s.revision.len);
		}
		buf_addc(out, '}');
	}
	value_free(v);
	subject_clear(&s);
	return rc;
}

void lease_write_short(struct db *db, const struct row_review *r, struct buf *out)
{
	struct value *v = value_new_object();

	value_set_string(v, "review", r->id);
	value_set_int(v, "revision", r->revision);
	put_ends(db, r, v);
	json_text(v, out);
	value_free(v);
}
