/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person does: decide, leave, undo, and the end of the hold. Each is
 * one transaction, on the disk when it returns.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/msg.h"
#include "store/sql.h"

/* The lease an act is about. */
struct subject {
	bool there;
	enum store_lease_state state;
	int64_t revision, ends_boot_ms;
	char token[32];
	char digest[HASH_TEXT_SIZE];
	char proposal[ID_SIZE];
	char external_id[201];
	char queue[201];
	int kind, stage;
	bool waits;
};

static int find_subject(struct store *s, const char *review, struct subject *x, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT l.state, l.revision, l.ends_boot_ms, l.token, l.digest, "
	                 "l.proposal, l.external_id, l.queue, l.kind, l.stage, q.waits FROM lease l "
	                 "LEFT JOIN queue q ON q.name = l.queue WHERE l.review = ?1", &st, err);

	memset(x, 0, sizeof *x);
	if (rc)
		return rc;
	sql_bind(st, "s", review);
	rc = sql_step(s, st, err);
	if (rc <= 0)
		return rc;
	x->there = true;
	x->state = (enum store_lease_state)sql_int(st, 0);
	x->revision = sql_int(st, 1);
	x->ends_boot_ms = sql_int(st, 2);
	sql_fixed(st, 3, x->token, sizeof x->token);
	sql_fixed(st, 4, x->digest, sizeof x->digest);
	sql_fixed(st, 5, x->proposal, sizeof x->proposal);
	sql_fixed(st, 6, x->external_id, sizeof x->external_id);
	sql_fixed(st, 7, x->queue, sizeof x->queue);
	x->kind = (int)sql_int(st, 8);
	x->stage = (int)sql_int(st, 9);
	x->waits = sql_int(st, 10);
	sql_reset(st);
	return 0;
}

static int check_state(const struct subject *x, struct err *err)
{
	if (!x->there)
		return err_set(err, ERR_CONFLICT, N_("this item is not reserved for you any more"));
	switch (x->state) {
	case STORE_LEASE_READY:
	case STORE_LEASE_OPENED:
		return 0;
	case STORE_LEASE_DECIDED:
	case STORE_LEASE_OVER:
		return err_set(err, ERR_CONFLICT, N_("you have decided this item already"));
	case STORE_LEASE_DISPOSED:
		return err_set(err, ERR_CONFLICT, N_("you have left this item already"));
	case STORE_LEASE_RECALLED:
		return err_set(err, ERR_CONFLICT, N_("this item was taken back by the server meanwhile"));
	default:
		return err_set(err, ERR_CONFLICT, N_("this item was set aside"));
	}
}

static int check_shown(const struct subject *x, const struct store_decide *d, struct err *err)
{
	int rc = check_state(x, err);

	if (rc)
		return rc;
	if (x->revision != d->revision || strcmp(x->digest, d->digest) != 0)
		return err_set(err, ERR_CONFLICT, N_("this item changed while it was on the screen: "
		               "look at it again"));
	if (strcmp(x->token, d->token) != 0)
		return err_set(err, ERR_CONFLICT, N_("this item was reserved anew meanwhile: look at "
		               "it again"));
	return 0;
}

/* An amendment needs the decision it amends, not a lease. */
static int check_amended(struct store *s, const struct store_decide *d, struct err *err)
{
	int64_t state;
	int rc = sql_number(s, -1, &state, err, "SELECT state FROM act WHERE id = ?1 AND act = 0 "
	                    "AND review = ?2", "ss", d->amends, d->review);

	if (rc)
		return rc;
	if (state < 0)
		return err_set(err, ERR_NOT_FOUND, N_("the decision %s is not known here"), d->amends);
	if (state == STORE_HELD)
		return err_set(err, ERR_CONFLICT, N_("that decision has not been sent: undo it"));
	if (state == STORE_REFUSED)
		return err_set(err, ERR_CONFLICT, N_("that decision was refused: it cannot be amended"));
	return 0;
}

/* --- numbers -------------------------------------------------------------------- */

static int next_seq(struct store *s, int64_t *seq, struct err *err)
{
	return sql_number(s, 1, seq, err, "SELECT CAST(value AS INTEGER) FROM self "
	                  "WHERE key = 'next_seq'", "");
}

static int set_next_seq(struct store *s, int64_t seq, struct err *err)
{
	return sql_do(s, err, "UPDATE self SET value = ?1 WHERE key = 'next_seq'", "i", seq);
}

/* The row becomes sendable; a decision takes *seq. */
static int ready(struct store *s, int64_t n, bool decision, int64_t *seq, struct err *err)
{
	int rc = decision
		? sql_do(s, err, "UPDATE act SET state = ?2, device = ?3, seq = ?4 WHERE n = ?1", "idsi",
		         n, (int)STORE_WAITING, s->device, (*seq)++)
		: sql_do(s, err, "UPDATE act SET state = ?2 WHERE n = ?1", "id", n, (int)STORE_WAITING);

	return rc ? rc : sql_do(s, err, "UPDATE outbox SET ready = 1 WHERE n = ?1", "i", n);
}

/* --- recording --------------------------------------------------------------------- */

static int insert_outbox(struct store *s, int64_t n, enum store_act act, int64_t boot_ms,
                         int64_t lease_ends_ms, bool waits, bool hold, struct err *err)
{
	return sql_do(s, err, "INSERT INTO outbox (n, ready, act, boot_ms, lease_ends_boot_ms, waits) "
	              "VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "iddiid", n, (int)!hold, (int)act, boot_ms,
	              lease_ends_ms, (int)waits);
}

static int insert_decision(struct store *s, const struct store_decide *d,
                           const struct subject *x, int64_t *n, struct err *err)
{
	int64_t seq = 0;
	int rc = d->hold ? 0 : next_seq(s, &seq, err);

	if (!rc)
		rc = sql_do(s, err, "INSERT INTO act (act, id, review, proposal, external_id, queue, kind, "
		            "stage, revision, token, outcome, state, decided_ms, amends, device, seq, "
		            "summary, content, draft, envelope) VALUES (0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		            "?9, ?10, ?11, ?12, ?13, ?14, nullif(?15, 0), ?16, ?17, ?18, ?19)",
		            "sssssddisddississss", d->id, d->review, x->proposal, d->external_id, d->queue,
		            (int)d->kind, (int)d->stage, d->revision, d->token, (int)d->outcome,
		            d->hold ? (int)STORE_HELD : (int)STORE_WAITING, d->decided_ms, d->amends,
		            d->hold ? NULL : s->device, seq, d->summary, d->content, d->draft, d->envelope);
	*n = sqlite3_last_insert_rowid(s->db);
	if (!rc && !d->hold)
		rc = set_next_seq(s, seq + 1, err);
	return rc;
}

/* The item as the lists show it from now on; it is not on the screen any more. */
static int leave(struct store *s, const char *review, const char *act,
                 enum store_lease_state state, enum store_mine mine, struct err *err)
{
	int rc = sql_do(s, err, "UPDATE lease SET state = ?2, changed_ms = ?3, act = ?4, text = NULL, "
	                "showings = 0 WHERE review = ?1", "sdis", review, (int)state, clock_now_ms(),
	                act);

	if (!rc)
		rc = sql_do(s, err, "DELETE FROM showing WHERE review = ?1", "s", review);
	if (!rc)
		rc = sql_mark(s, review, mine, err);
	sql_dirty(s, STORE_TOPIC_LEASES);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	return rc;
}

static int decide(struct store *s, const struct store_decide *d, struct err *err)
{
	struct subject x;
	int64_t n;
	int rc = find_subject(s, d->review, &x, err);

	if (!rc)
		rc = d->amends ? check_amended(s, d, err) : check_shown(&x, d, err);
	if (!rc)
		rc = insert_decision(s, d, &x, &n, err);
	if (!rc)
		rc = insert_outbox(s, n, STORE_ACT_DECISION, d->decided_boot_ms,
		                   d->amends ? 0 : x.ends_boot_ms, x.waits, d->hold, err);
	if (!rc)
		rc = sql_log(s, d->decided_ms, d->amends ? "decision.amended" : "decision.recorded",
		             d->review, d->id, d->external_id, d->summary, err);
	if (!rc)
		rc = sql_do(s, err, "DELETE FROM draft WHERE review = ?1", "s", d->review);
	if (!rc && !d->amends)
		rc = leave(s, d->review, d->id, STORE_LEASE_DECIDED, STORE_MINE_DECIDED, err);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	return rc;
}

int store_decide(struct store *s, const struct store_decide *d, struct err *err)
{
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = decide(s, d, err);
	return sql_end(s, rc, "store.decide.before", "store.decide.after", err);
}

static int dispose(struct store *s, const struct store_dispose *d, struct err *err)
{
	struct subject x;
	int rc = find_subject(s, d->review, &x, err);

	if (!rc)
		rc = check_state(&x, err);
	if (!rc)
		rc = sql_do(s, err, "INSERT INTO act (act, id, review, proposal, external_id, queue, kind, "
		            "stage, revision, token, outcome, reason, state, decided_ms) VALUES (1, ?1, "
		            "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", "sssssddisdsdi", d->id,
		            d->review, x.proposal, x.external_id, x.queue, x.kind, x.stage, x.revision,
		            x.token, (int)d->disposition, d->reason,
		            d->hold ? (int)STORE_HELD : (int)STORE_WAITING, d->decided_ms);
	if (!rc)
		rc = insert_outbox(s, sqlite3_last_insert_rowid(s->db), STORE_ACT_DISPOSITION,
		                   d->decided_boot_ms, x.ends_boot_ms, x.waits, d->hold, err);
	if (!rc)
		rc = sql_log(s, d->decided_ms, "item.left", d->review, d->id, x.external_id,
		             disposition_name(d->disposition), err);
	if (!rc)
		rc = leave(s, d->review, d->id, STORE_LEASE_DISPOSED, STORE_MINE_NO, err);
	return rc;
}

int store_dispose(struct store *s, const struct store_dispose *d, struct err *err)
{
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = dispose(s, d, err);
	return sql_end(s, rc, "store.dispose.before", "store.dispose.after", err);
}

/* --- undo ---------------------------------------------------------------------------- */

struct undone {
	int64_t n, act, state;
	bool amends;
	char review[ID_SIZE];
	char external_id[201];
};

static int find_undone(struct store *s, const char *id, struct undone *u, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT n, act, state, amends IS NOT NULL, review, external_id FROM act "
	                 "WHERE id = ?1", &st, err);

	if (rc)
		return rc;
	sql_bind(st, "s", id);
	rc = sql_step(s, st, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, N_("there is nothing to undo"));
	if (rc < 0)
		return rc;
	u->n = sql_int(st, 0);
	u->act = sql_int(st, 1);
	u->state = sql_int(st, 2);
	u->amends = sql_int(st, 3);
	sql_fixed(st, 4, u->review, sizeof u->review);
	sql_fixed(st, 5, u->external_id, sizeof u->external_id);
	sql_reset(st);
	if (u->state != STORE_HELD)
		return err_set(err, ERR_CONFLICT, N_("that has been sent already"));
	return 0;
}

/* The lease is the person's again, unless the server took it meanwhile. */
static int give_back(struct store *s, const char *id, const char *review, struct err *err)
{
	int64_t recalled;
	int rc = sql_number(s, -1, &recalled, err, "SELECT text IS NOT NULL FROM lease "
	                    "WHERE review = ?1 AND act = ?2", "ss", review, id);

	if (rc || recalled < 0)
		return rc;
	rc = sql_do(s, err, "UPDATE lease SET state = ?2, changed_ms = ?3, act = NULL "
	            "WHERE review = ?1", "sdi", review,
	            recalled ? (int)STORE_LEASE_RECALLED : (int)STORE_LEASE_OPENED, clock_now_ms());
	return rc ? rc : sql_mark(s, review, recalled ? STORE_MINE_NO : STORE_MINE_LEASED, err);
}

static int take_back(struct store *s, const char *id, int64_t now_ms, struct err *err)
{
	struct undone u;
	int rc = find_undone(s, id, &u, err);

	if (!rc)
		rc = sql_do(s, err, "INSERT INTO draft (review, saved_ms, body) "
		            "SELECT review, ?2, draft FROM act WHERE id = ?1 AND draft IS NOT NULL "
		            "ON CONFLICT (review) DO NOTHING", "si", id, now_ms);
	if (!rc)
		rc = sql_do(s, err, "DELETE FROM outbox WHERE n = ?1", "i", u.n);
	if (!rc)
		rc = sql_do(s, err, "DELETE FROM act WHERE n = ?1", "i", u.n);
	if (!rc && !u.amends)
		rc = give_back(s, id, u.review, err);
	if (!rc)
		rc = sql_log(s, now_ms, u.act == STORE_ACT_DECISION ? "decision.undone" : "item.returned",
		             u.review, id, u.external_id, NULL, err);
	sql_recount(s);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	sql_dirty(s, STORE_TOPIC_LEASES);
	return rc;
}

int store_undo(struct store *s, const char *id, int64_t now_ms, struct err *err)
{
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = take_back(s, id, now_ms, err);
	return sql_end(s, rc, "store.undo.before", "store.undo.after", err);
}

/* --- the end of the hold --------------------------------------------------------------- */

/* The next held row up to last, beginning at *n. 1: there is one. */
static int next_held(struct store *s, int64_t last, int64_t *n, bool *decision, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT n, act FROM outbox WHERE ready = 0 AND n > ?1 AND n <= ?2 "
	                 "ORDER BY n LIMIT 1", &st, err);

	if (rc)
		return rc;
	sql_bind(st, "ii", *n, last);
	rc = sql_step(s, st, err);
	if (rc > 0) {
		*n = sql_int(st, 0);
		*decision = sql_int(st, 1) == STORE_ACT_DECISION;
		sql_reset(st);
	}
	return rc;
}

static int release(struct store *s, int64_t last, size_t *count, struct err *err)
{
	int64_t n = INT64_MIN, seq = 0, first;
	bool decision = false;
	int rc, there;

	*count = 0;
	rc = next_seq(s, &seq, err);
	first = seq;
	while (!rc && (there = next_held(s, last, &n, &decision, err)) != 0) {
		rc = there < 0 ? there : ready(s, n, decision, &seq, err);
		*count += rc == 0;
	}
	if (!rc && seq != first)
		rc = set_next_seq(s, seq, err);
	if (*count)
		sql_dirty(s, STORE_TOPIC_OUTBOX);
	return rc;
}

int store_release(struct store *s, int64_t last, size_t *released, struct err *err)
{
	size_t count = 0;
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = release(s, last, &count, err);
	rc = sql_end(s, rc, "store.release.before", "store.release.after", err);
	if (released)
		*released = rc ? 0 : count;
	return rc;
}

int store_release_ids(struct store *s, const char *const *ids, size_t count,
                      struct err *err)
{
	int64_t n, seq = 0;
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = next_seq(s, &seq, err);
	for (size_t i = 0; !rc && i < count; i++) {
		int64_t act;

		rc = sql_number(s, 0, &n, err, "SELECT n FROM act WHERE id = ?1 AND state = 0", "s",
		                ids[i]);
		if (rc || !n)
			continue;
		rc = sql_number(s, 0, &act, err, "SELECT act FROM outbox WHERE n = ?1", "i", n);
		if (!rc)
			rc = ready(s, n, act == STORE_ACT_DECISION, &seq, err);
	}
	if (!rc)
		rc = set_next_seq(s, seq, err);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	return sql_end(s, rc, "store.release.before", "store.release.after", err);
}
