/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/expiry.h"

#include <string.h>

#include "queue/sqlite/results.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/verb.h"

bool expiry_due(const struct db *db, const struct row_proposal *p)
{
	return p->expires_ms > 0 && p->expires_ms <= db->now_ms && !states_is_result(p->state)
	       && strcmp(p->state, "suspended") != 0;
}

static int suspend(struct db *db, struct row_proposal *p, const struct row_revision *rev,
                   const struct states_effect *effect, struct err *err)
{
	struct value *data = value_new_object();
	struct leaf leaf = { .type = LEAF_RESULT, .actor = "server", .queue = p->queue,
		.subject = p->id, .revision = p->revision, .proposed = rev->digest,
		.state = effect->state, .route = p->route, .data = data };
	struct reviews_new want = { .confidence_pm = rev->confidence_pm };
	int rc = tlog_append(db, &leaf, NULL, err);

	value_free(data);
	stage_find(effect->stage, &want.stage);
	if (!rc)
		rc = results_state(db, p, effect->state, p->result_number, err);
	return rc ? rc : reviews_open(db, p, &want, err);
}

int expiry_apply(struct db *db, struct row_proposal *p, struct err *err)
{
	struct states_input in = { .state = p->state, .event = "expire",
		.safety_class = p->safety_class, .people = p->people > 1 ? 2 : 1,
		.suspend = p->suspend };
	struct states_effect effect;
	struct row_revision rev;
	int rc;

	if (!expiry_due(db, p))
		return 0;
	rc = states_next(&in, &effect, err);
	if (rc)
		return rc;
	rc = row_revision_get(db, p->id, p->revision, &rev, err);
	if (rc > 0)
		rc = reviews_close(db, p->id, NULL, NULL, err);
	if (!rc)
		rc = effect.act == STATES_RESULT
			? results_server(db, p, &rev, effect.state, NULL, NULL, NULL, err)
			: suspend(db, p, &rev, &effect, err);
	row_revision_clear(&rev);
	return rc;
}

/* --------------------------------------------------------------------- ticking */

/* The desks learn that an abandoned review is free again, once. */
static int lapse(struct db *db, struct err *err)
{
	int rc = db_do(db, err, "INSERT INTO change(type,queue,stage,subject) SELECT 'header',queue,"
	               "stage,id FROM review WHERE state='open' AND expires_ms>0 AND expires_ms<=?",
	               "i", db->now_ms);

	return rc ? rc : db_do(db, err, "UPDATE review SET expires_ms=-expires_ms WHERE state='open'"
	                       " AND expires_ms>0 AND expires_ms<=?", "i", db->now_ms);
}

static int expire_some(struct db *db, struct err *err)
{
	struct value *ids = value_new_array();
	struct row_proposal p;
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT id FROM proposal WHERE expires_ms>0 AND expires_ms<=?"
	                  " AND state IN ('waiting','second_wanted','escalated','held')"
	                  " LIMIT 200", "i", db->now_ms);

	for (; rc > 0; rc = db_row(db, s, err))
		value_push(ids, value_new_string(db_text(s, 0)));
	for (size_t i = 0; !rc && i < value_count(ids); i++) {
		rc = row_proposal_get(db, value_str(ids->items[i]), &p, err);
		if (rc > 0)
			rc = expiry_apply(db, &p, err);
		row_proposal_clear(&p);
	}
	value_free(ids);
	return rc;
}

static int next_due(struct db *db, int64_t *next_ms, struct err *err)
{
	int64_t lease = INT64_MAX, proposal = INT64_MAX;
	int rc = db_int(db, err, &lease, "SELECT expires_ms FROM review WHERE state='open'"
	                " AND expires_ms>0 ORDER BY expires_ms LIMIT 1", "");

	if (rc >= 0)
		rc = db_int(db, err, &proposal, "SELECT expires_ms FROM proposal WHERE expires_ms>0"
		            " AND state IN ('waiting','second_wanted','escalated','held')"
		            " ORDER BY expires_ms LIMIT 1", "");
	*next_ms = lease < proposal ? lease : proposal;
	return rc < 0 ? rc : 0;
}

int verb_tick(struct queue *q, int64_t *next_ms, struct err *err)
{
	struct db *db = (struct db *)q;
	int rc = db_begin(db, err);

	if (rc)
		return rc;
	rc = lapse(db, err);
	if (!rc)
		rc = expire_some(db, err);
	if (!rc)
		rc = next_due(db, next_ms, err);
	if (!rc)
		return db_commit(db, err);
	db_rollback(db);
	return rc;
}
