/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing a judged decision down: leaf, row, content, number of the device.
 */
#include <stdlib.h>
#include <string.h>

#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/decide.h"
#include "wire/decision.h"
#include "wire/jcs.h"
#include "wire/json.h"

/* [{"pointer","text"}] */
static struct value *faults_value(const struct judging *j)
{
	struct value *list = value_new_array();

	if (j->verdict == VERDICT_INVALID)
		for (size_t i = 0; i < j->faults.count; i++) {
			const struct schema_fault *f = &j->faults.items[i];
			struct value *v = value_push(list, value_new_object());
			char words[400];

			value_set_string(v, "pointer", f->pointer);
			value_set_string(v, "text", err_words(&f->err, words, sizeof words));
		}
	return list;
}

static bool has_content(const struct judging *j)
{
	return j->decision && value_is(value_find(j->doc, "content"), VALUE_OBJECT);
}

static struct value *fields_value(const struct decision *d)
{
	struct value *fields = value_new_object();

	for (size_t i = 0; d && i < d->field_count; i++) {
		struct value *v = value_set(fields, d->fields[i].name, value_new_object());

		value_set_string(v, "state", field_state_name(d->fields[i].state));
		value_set_string(v, "reason", d->fields[i].reason);
	}
	return fields;
}

static struct value *leaf_data(const struct judging *j, const struct effects *e,
                               const struct value *faults)
{
	struct value *data = value_new_object(), *feedback;
	char digest[HASH_TEXT_SIZE];

	value_set(data, "seq", j->device && j->seq ? value_new_int(j->seq) : value_new_null());
	value_set_string(data, "amends", j->decision ? j->decision->amends : NULL);
	value_set_string(data, "decided_at", j->decision ? j->decision->decided_at : NULL);
	value_set_string(data, "faults", value_count(faults) ? jcs_digest(faults, digest) : NULL);
	value_set(data, "result", e->has_result ? results_leaf_data(&e->result)
	          : value_new_null());
	if (*e->feedback) {
		feedback = value_set(data, "feedback", value_new_object());
		value_set_int(feedback, "rows", (int64_t)value_count(e->rows));
		value_set_string(feedback, "digest", e->feedback);
	} else {
		value_set_null(data, "feedback");
	}
	return data;
}

static int append_leaf(struct db *db, struct judging *j, const struct effects *e,
                       const struct value *faults, struct err *err)
{
	const struct decision *d = j->decision;
	struct value *data = leaf_data(j, e, faults), *fields = fields_value(d);
	struct leaf leaf = { .type = LEAF_DECISION, .event = j->id, .envelope = j->envelope_digest,
		.verdict = verdict_name(j->verdict), .late = j->late, .data = data };
	int rc;

	who_sign(j->who, j->found ? j->review.queue : NULL, ROLE_DECIDE,
	         j->found ? (int)j->review.stage : ROLE_ANY_STAGE, &leaf);
	if (j->found) {
		leaf.subject = j->proposal.id;
		leaf.revision = j->review.revision;
		leaf.proposed = j->revision.digest;
		leaf.definition = j->rules->definition->digest;
		leaf.stage = stage_name(j->review.stage);
		leaf.review = j->review.id;
		leaf.state = *e->next.state ? e->next.state : j->proposal.state;
		leaf.route = j->proposal.route;
	}
	leaf.device = j->device;
	if (d) {
		leaf.shown = d->shown;
		leaf.decided = has_content(j) ? d->content_digest : NULL;
		leaf.policy = d->policy;
		leaf.guide = *d->guide ? d->guide : NULL;
		leaf.token = d->token;
		leaf.outcome = outcome_name(d->outcome);
		leaf.fields = fields;
		leaf.reasons = value_find(j->doc, "reasons");
		leaf.signature = d->signature;
	}
	rc = tlog_append(db, &leaf, &j->leaf, err);
	value_free(fields);
	value_free(data);
	return rc;
}

static int store_content(struct db *db, const struct judging *j, struct err *err)
{
	const struct decision *d = j->decision;
	struct value *hashed;
	struct buf text = BUF_INIT;
	int rc;

	if (!has_content(j))
		return 0;
	hashed = decision_hashed(d);
	json_text(hashed, &text);
	rc = db_do(db, err, "INSERT INTO decision_content(decision,digest,salt,document)"
	           " VALUES(?,?,?,?)", "ssst", j->id, d->content_digest, d->salt, text.data,
	           text.len);
	buf_clear(&text);
	value_free(hashed);
	return rc;
}

static int store_seq(struct db *db, const struct judging *j, struct err *err)
{
	int rc;

	if (!j->device || !j->seq)
		return 0;
	rc = db_do(db, err, "INSERT INTO seq(device,seq,decision) VALUES(?,?,?)", "sis", j->device,
	           j->seq, j->id);
	return rc ? rc : db_do(db, err, "UPDATE device SET high_seq=max(high_seq,?) WHERE id=?",
	                       "is", j->seq, j->device);
}

static char *envelope_text(const struct value *doc)
{
	struct value *v = value_copy(doc);
	struct buf b = BUF_INIT;

	value_remove(v, "content");
	json_text(v, &b);
	value_free(v);
	return buf_take(&b);
}

static int store_row(struct db *db, const struct judging *j, const struct effects *e,
                     const struct value *faults, struct err *err)
{
	const struct decision *d = j->decision;
	const struct row_review *r = j->found ? &j->review : NULL;
	unsigned set = who_set(j->who, r ? r->queue : NULL);
	enum role role = role_set_acting(set, ROLE_DECIDE, r ? (int)r->stage : ROLE_ANY_STAGE);
	char *envelope = envelope_text(j->doc);
	struct buf text = BUF_INIT;
	int rc;

	json_text(faults, &text);
	rc = db_do(db, err, "INSERT INTO decision(id,identity,envelope,envelope_digest,principal,"
	           "role,proposal,queue,review,revision,stage,outcome,verdict,late,state,faults,"
	           "amends,device,seq,received_ms,leaf)"
	           " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	           "sssss" "ssssi" "sssns" "sss" "iii", j->id, j->identity, envelope,
	           j->envelope_digest, j->who->name, role < ROLE_COUNT ? role_name(role) : NULL,
	           r ? r->proposal : NULL, r ? r->queue : NULL, r ? r->id : NULL,
	           r ? r->revision : (int64_t)0, r ? stage_name(r->stage) : NULL,
	           d ? outcome_name(d->outcome) : NULL, verdict_name(j->verdict), (int)j->late,
	           !r ? NULL : *e->next.state ? e->next.state : j->proposal.state, text.data,
	           d ? d->amends : NULL, j->device, j->seq,
	           db->now_ms, j->leaf);
	if (!rc)
		rc = store_content(db, j, err);
	if (!rc)
		rc = store_seq(db, j, err);
	buf_clear(&text);
	free(envelope);
	return rc;
}

int record_decision(struct db *db, struct judging *j, const struct effects *e,
                    struct err *err)
{
	struct value *faults = faults_value(j);
	int rc = append_leaf(db, j, e, faults, err);

	if (!rc)
		rc = store_row(db, j, e, faults, err);
	value_free(faults);
	return rc;
}

int record_tell(struct db *db, const struct judging *j, const struct effects *e,
                struct err *err)
{
	struct value *body = value_new_object();
	struct buf text = BUF_INIT;
	int rc;

	value_set_string(body, "decision", j->id);
	value_set_string(body, "verdict", verdict_name(j->verdict));
	value_set_int(body, "leaf", j->leaf);
	value_set_string(body, "state", !j->found ? NULL
	                 : *e->next.state ? e->next.state : j->proposal.state);
	value_set_string(body, "external_id", j->found ? j->proposal.external_id : NULL);
	json_text(body, &text);
	rc = reviews_tell(db, "verdict", j->found ? j->review.queue : "", NULL, j->who->name,
	                  j->id, text.data, err);
	buf_clear(&text);
	value_free(body);
	return rc;
}
