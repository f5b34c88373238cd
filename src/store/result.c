/* SPDX-License-Identifier: Apache-2.0
 *
 * What the server says to what was sent.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/msg.h"
#include "store/sql.h"

struct sent {
	int64_t n;
	enum store_state state;
	enum verdict verdict;
	int64_t leaf;
	bool unanswered, again;
	char review[ID_SIZE];
	char external_id[201];
};

static int find(struct store *s, const char *id, int act, struct sent *x, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT a.n, a.state, a.verdict, a.leaf, o.n IS NOT NULL AND o.ready, "
	                 "coalesce(o.again, 0), a.review, a.external_id FROM act a "
	                 "LEFT JOIN outbox o ON o.n = a.n WHERE a.id = ?1 AND a.act = ?2", &st, err);

	if (rc)
		return rc;
	sql_bind(st, "sd", id, act);
	rc = sql_step(s, st, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, N_("the decision %s is not known here"), id);
	if (rc < 0)
		return rc;
	x->n = sql_int(st, 0);
	x->state = (enum store_state)sql_int(st, 1);
	x->verdict = (enum verdict)sql_int(st, 2);
	x->leaf = sql_int(st, 3);
	x->unanswered = sql_int(st, 4);
	x->again = sql_int(st, 5);
	sql_fixed(st, 6, x->review, sizeof x->review);
	sql_fixed(st, 7, x->external_id, sizeof x->external_id);
	sql_reset(st);
	return 0;
}

static bool refused(enum verdict v)
{
	return v != VERDICT_ACCEPTED && v != VERDICT_LATE_OPINION;
}

/* What the form held may be wanted again; of an accepted one it is not kept. */
static int settle_draft(struct store *s, const struct store_result *r, const struct sent *x,
                        struct err *err)
{
	int rc = 0;

	if (!refused(r->verdict))
		return sql_do(s, err, "UPDATE act SET draft = NULL WHERE n = ?1 AND draft IS NOT NULL",
		              "i", x->n);
	if (!x->again)
		rc = sql_do(s, err, "INSERT INTO draft (review, saved_ms, body) "
		            "SELECT review, ?2, draft FROM act WHERE n = ?1 AND draft IS NOT NULL "
		            "ON CONFLICT (review) DO NOTHING", "ii", x->n, r->now_ms);
	return rc;
}

static int end_lease(struct store *s, const char *id, struct err *err)
{
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_do(s, err, "UPDATE lease SET state = ?2, changed_ms = ?3 "
	              "WHERE act = ?1 AND state = ?4", "sdid", id, (int)STORE_LEASE_OVER,
	              clock_now_ms(), (int)STORE_LEASE_DECIDED);
}

static int answer(struct store *s, const struct store_result *r, const struct sent *x,
                  struct err *err)
{
	bool no = refused(r->verdict);
	int rc = sql_do(s, err, "UPDATE act SET state = ?2, verdict = ?3, late = ?4, leaf = ?5, "
	                "text = ?6, pointers = ?7, answered_ms = ?8 WHERE n = ?1", "idddissi", x->n,
	                no ? (int)STORE_REFUSED : (int)STORE_RECEIVED, (int)r->verdict, (int)r->late,
	                r->leaf, r->text, r->pointers, r->now_ms);

	if (!rc)
		rc = sql_do(s, err, "DELETE FROM outbox WHERE n = ?1", "i", x->n);
	if (!rc)
		rc = settle_draft(s, r, x, err);
	if (!rc)
		rc = end_lease(s, r->id, err);
	/* Not decided after all: the list shows it as anybody's. */
	if (!rc && no && !x->again)
		rc = sql_mark(s, x->review, STORE_MINE_NO, err);
	if (!rc)
		rc = sql_log(s, r->now_ms, no ? "decision.refused" : "decision.received", x->review, r->id,
		             x->external_id, no && r->text ? r->text : verdict_name(r->verdict), err);
	sql_recount(s);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	return rc;
}

static int result(struct store *s, const struct store_result *r, struct err *err)
{
	struct sent x;
	int rc = find(s, r->id, STORE_ACT_DECISION, &x, err);

	if (rc)
		return rc;
	if (r->verdict == VERDICT_NONE || r->verdict == VERDICT_DEVICE_FORKED)
		return err_set(err, ERR_INTERNAL, N_("%s is no verdict to keep"),
		               verdict_name(r->verdict));
	if (x.unanswered)
		return answer(s, r, &x, err);
	if (x.state == STORE_HELD || x.verdict != r->verdict)
		return err_set(err, ERR_CONFLICT, N_("the server's verdict on %s contradicts what is "
		               "known here"), r->id);
	if (x.leaf < 0 && r->leaf >= 0) {
		rc = sql_do(s, err, "UPDATE act SET leaf = ?2 WHERE n = ?1", "ii", x.n, r->leaf);
		sql_dirty(s, STORE_TOPIC_OUTBOX);
	}
	return rc;
}

int store_result(struct store *s, const struct store_result *r, struct err *err)
{
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = result(s, r, err);
	return sql_end(s, rc, "store.result.before", "store.result.after", err);
}

int store_tried(struct store *s, const char *const *ids, size_t count, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < count; i++)
		rc = sql_do(s, err, "UPDATE outbox SET tries = tries + 1 "
		            "WHERE n = (SELECT n FROM act WHERE id = ?1)", "s", ids[i]);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	return sql_end(s, rc, "store.tried.before", "store.tried.after", err);
}

int store_disposition_done(struct store *s, const char *id, int64_t now_ms,
                           struct err *err)
{
	struct sent x;
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = find(s, id, STORE_ACT_DISPOSITION, &x, err);
	if (!rc && x.unanswered) {
		rc = sql_do(s, err, "UPDATE act SET state = ?2, answered_ms = ?3 WHERE n = ?1", "idi", x.n,
		            (int)SQL_STATE_DONE, now_ms);
		if (!rc)
			rc = sql_do(s, err, "DELETE FROM outbox WHERE n = ?1", "i", x.n);
		if (!rc)
			rc = sql_do(s, err, "DELETE FROM lease WHERE act = ?1 AND state = ?2", "sd", id,
			            (int)STORE_LEASE_DISPOSED);
		sql_dirty(s, STORE_TOPIC_OUTBOX);
		sql_dirty(s, STORE_TOPIC_LEASES);
	}
	return sql_end(s, rc, "store.disposed.before", "store.disposed.after", err);
}

int store_in_log(struct store *s, int64_t size, struct err *err)
{
	int64_t ready;
	int rc = sql_number(s, 0, &ready, err, "SELECT count(*) FROM act WHERE state = 2 "
	                    "AND leaf BETWEEN 0 AND ?1 - 1", "i", size);

	/* Most checkpoints cover nothing new of ours: no commit for those. */
	if (rc || !ready)
		return rc;
	rc = sql_begin(s, SQL_LIGHT, err);
	if (rc)
		return rc;
	rc = sql_do(s, err, "UPDATE act SET state = 3 WHERE state = 2 AND leaf BETWEEN 0 AND ?1 - 1",
	            "i", size);
	sql_recount(s);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	return sql_end(s, rc, "store.in_log.before", "store.in_log.after", err);
}

/* --- another server, another device --------------------------------------------------- */

static int reoffer(struct store *s, int64_t since_ms, size_t *offered, struct err *err)
{
	int rc = sql_do(s, err, "INSERT INTO outbox (n, ready, act, boot_ms, lease_ends_boot_ms, waits, "
	                "again) SELECT n, 1, 0, 0, 0, 0, 1 FROM act WHERE act = 0 AND seq IS NOT NULL "
	                "AND decided_ms >= ?1 AND n NOT IN (SELECT n FROM outbox)", "i", since_ms);

	*offered = rc ? 0 : (size_t)sql_changes(s);
	/* Leaves are of the log that is gone. */
	if (!rc)
		rc = sql_exec(s, "UPDATE act SET state = 1, leaf = -1 WHERE n IN "
		              "(SELECT n FROM outbox WHERE again = 1)", err);
	if (!rc)
		rc = sql_exec(s, "DELETE FROM cursor", err);
	if (!rc)
		rc = sql_exec(s, "DELETE FROM lease WHERE state = 0", err);
	if (!rc)
		rc = sql_log(s, clock_now_ms(), "server.restored", NULL, NULL, NULL, NULL, err);
	sql_recount(s);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	sql_dirty(s, STORE_TOPIC_LEASES);
	sql_dirty(s, STORE_TOPIC_SYNC);
	return rc;
}

int store_reoffer(struct store *s, int64_t since_ms, size_t *offered, struct err *err)
{
	size_t count = 0;
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = reoffer(s, since_ms, &count, err);
	rc = sql_end(s, rc, "store.reoffer.before", "store.reoffer.after", err);
	if (offered)
		*offered = rc ? 0 : count;
	return rc;
}

static int renew(struct store *s, const char *device, struct err *err)
{
	int rc = sql_do(s, err, "UPDATE self SET value = ?1 WHERE key = 'device'", "s", device);

	if (!rc)
		rc = sql_do(s, err, "UPDATE act SET device = ?1, seq = (SELECT count(*) FROM outbox x "
		            "WHERE x.ready = 1 AND x.act = 0 AND x.n <= act.n) WHERE n IN "
		            "(SELECT n FROM outbox WHERE ready = 1 AND act = 0)", "s", device);
	if (!rc)
		rc = sql_exec(s, "UPDATE self SET value = 1 + (SELECT count(*) FROM outbox "
		              "WHERE ready = 1 AND act = 0) WHERE key = 'next_seq'", err);
	if (!rc)
		rc = sql_log(s, clock_now_ms(), "device.renewed", NULL, device, NULL, NULL, err);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	sql_dirty(s, STORE_TOPIC_SYNC);
	return rc;
}

int store_device_renew(struct store *s, struct err *err)
{
	char device[ID_SIZE];
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	id_new(device);
	rc = renew(s, device, err);
	rc = sql_end(s, rc, "store.device.before", "store.device.after", err);
	/* Inside a batch that is undone later the id would be wrong until the
	 * store is opened again; no batch renews the device. */
	if (!rc)
		memcpy(s->device, device, sizeof device);
	return rc;
}

int store_erase(struct store *s, const char *proposal, struct err *err)
{
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = sql_do(s, err, "DELETE FROM draft WHERE review IN (SELECT review FROM lease "
	            "WHERE proposal = ?1)", "s", proposal);
	if (!rc)
		rc = sql_do(s, err, "DELETE FROM document WHERE digest IN (SELECT document FROM lease "
		            "WHERE proposal = ?1)", "s", proposal);
	if (!rc)
		rc = sql_do(s, err, "DELETE FROM lease WHERE proposal = ?1", "s", proposal);
	if (!rc)
		rc = sql_do(s, err, "UPDATE act SET content = NULL, draft = NULL, summary = NULL "
		            "WHERE proposal = ?1", "s", proposal);
	sql_dirty(s, STORE_TOPIC_LEASES);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	return sql_end(s, rc, "store.erase.before", "store.erase.after", err);
}
