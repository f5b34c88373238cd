/* SPDX-License-Identifier: Apache-2.0
 *
 * What this person did: reading.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/sql.h"

#define DAY_MS INT64_C(86400000)

const char *store_state_name(enum store_state state)
{
	static const char *const names[STORE_STATES] = {
		"held", "waiting", "received", "in_log", "refused"
	};

	return names[state];
}

#define ENTRY_COLUMNS \
	"SELECT a.n, a.act, a.id, a.review, a.external_id, a.queue, a.kind, a.stage, a.revision, " \
	"a.token, a.outcome, a.reason, a.state, a.decided_ms, coalesce(o.boot_ms, 0), " \
	"coalesce(o.lease_ends_boot_ms, 0), coalesce(o.waits, 0), a.amends, a.summary, a.device, " \
	"a.seq, coalesce(o.tries, 0), a.verdict, a.late, a.leaf, a.text, a.pointers, " \
	"a.answered_ms, " \
	"(SELECT count(*) FROM (SELECT 1 FROM act x WHERE x.n > a.n LIMIT 3))"
#define ENTRY_BODY ", a.envelope, a.content, a.draft"
#define ENTRY_FROM " FROM act a LEFT JOIN outbox o ON o.n = a.n "
#define OUTBOX_FROM " FROM outbox o CROSS JOIN act a ON a.n = o.n "
enum { BODY_COLUMN = 29 };

static void read_entry(sqlite3_stmt *st, struct block *b, struct store_entry *e)
{
	e->n = sql_int(st, 0);
	e->act = (enum store_act)sql_int(st, 1);
	sql_fixed(st, 2, e->id, sizeof e->id);
	sql_fixed(st, 3, e->review, sizeof e->review);
	e->external_id = sql_copy(st, 4, b);
	e->queue = sql_copy(st, 5, b);
	e->kind = (enum kind)sql_int(st, 6);
	e->stage = (enum stage)sql_int(st, 7);
	e->revision = sql_int(st, 8);
	e->token = sql_copy(st, 9, b);
	if (e->act == STORE_ACT_DECISION)
		e->outcome = (enum outcome)sql_int(st, 10);
	else
		e->disposition = (enum disposition)sql_int(st, 10);
	e->reason = sql_copy(st, 11, b);
	e->state = sql_int(st, 12) == SQL_STATE_DONE ? STORE_RECEIVED
	                                             : (enum store_state)sql_int(st, 12);
	e->decided_ms = sql_int(st, 13);
	e->decided_boot_ms = sql_int(st, 14);
	e->lease_ends_boot_ms = sql_int(st, 15);
	e->producer_waits = sql_int(st, 16);
	e->amends = sql_copy(st, 17, b);
	e->summary = sql_copy(st, 18, b);
	sql_fixed(st, 19, e->device, sizeof e->device);
	e->seq = sql_int(st, 20);
	e->tries = (int)sql_int(st, 21);
	e->verdict = (enum verdict)sql_int(st, 22);
	e->late = sql_int(st, 23);
	e->leaf = sql_int(st, 24);
	e->text = sql_copy(st, 25, b);
	e->pointers = sql_copy(st, 26, b);
	e->answered_ms = sql_int(st, 27);
	e->newer = (int)sql_int(st, 28);
}

/* Runs st; max_bytes: stops after so many bytes of bodies, 0: no limit. */
static int collect(struct store *s, sqlite3_stmt *st, bool body, size_t max_bytes,
                   struct store_entries **out, struct err *err)
{
	struct block *b = block_new(sizeof(struct store_entries), 8192);
	struct store_entries *list = block_head(b);
	struct store_entry *items = NULL;
	size_t count = 0, cap = 0, bytes = 0;
	int rc;

	while ((rc = sql_step(s, st, err)) > 0) {
		if (body)
			bytes += (size_t)sqlite3_column_bytes(st, BODY_COLUMN)
			         + (size_t)sqlite3_column_bytes(st, BODY_COLUMN + 1);
		if (max_bytes && count && bytes > max_bytes) {
			sql_reset(st);
			rc = 0;
			break;
		}
		MEM_GROW(items, count, cap);
		memset(&items[count], 0, sizeof items[count]);
		read_entry(st, b, &items[count]);
		if (body) {
			items[count].envelope = sql_copy(st, BODY_COLUMN, b);
			items[count].content = sql_copy(st, BODY_COLUMN + 1, b);
			items[count].draft = sql_copy(st, BODY_COLUMN + 2, b);
		}
		count++;
	}
	list->items = block_alloc(b, count * sizeof *items);
	if (count)
		memcpy(list->items, items, count * sizeof *items);
	list->count = count;
	free(items);
	if (rc) {
		block_free(list);
		list = NULL;
	}
	*out = list;
	return rc;
}

void store_entries_free(struct store_entries *e)
{
	block_free(e);
}

static unsigned mask_of(const struct store_filter *f)
{
	unsigned mask = f->states ? f->states : (1u << STORE_STATES) - 1;

	if (mask & (1u << STORE_RECEIVED))
		mask |= 1u << SQL_STATE_DONE;
	return mask;
}

/* Few rows are held, waiting, received or refused, and each of these has its
 * own short way to them; only a list with the settled ones walks the table. */
static const char *statement_of(unsigned mask, bool body)
{
	static const char *const texts[3][2] = {
		{ ENTRY_COLUMNS OUTBOX_FROM
		  "WHERE a.n < ?1 AND (?2 >> a.state) & 1 AND (?3 IS NULL OR a.queue = ?3) "
		  "AND (?4 IS NULL OR a.review = ?4) ORDER BY o.n DESC LIMIT ?5",
		  ENTRY_COLUMNS ENTRY_BODY OUTBOX_FROM
		  "WHERE a.n < ?1 AND (?2 >> a.state) & 1 AND (?3 IS NULL OR a.queue = ?3) "
		  "AND (?4 IS NULL OR a.review = ?4) ORDER BY o.n DESC LIMIT ?5" },
		{ ENTRY_COLUMNS ENTRY_FROM
		  "WHERE a.n < ?1 AND a.state = 4 AND (?2 >> 4) & 1 AND (?3 IS NULL OR a.queue = ?3) "
		  "AND (?4 IS NULL OR a.review = ?4) ORDER BY a.n DESC LIMIT ?5",
		  ENTRY_COLUMNS ENTRY_BODY ENTRY_FROM
		  "WHERE a.n < ?1 AND a.state = 4 AND (?2 >> 4) & 1 AND (?3 IS NULL OR a.queue = ?3) "
		  "AND (?4 IS NULL OR a.review = ?4) ORDER BY a.n DESC LIMIT ?5" },
		{ ENTRY_COLUMNS ENTRY_FROM
		  "WHERE a.n < ?1 AND (?2 >> a.state) & 1 AND (?3 IS NULL OR a.queue = ?3) "
		  "AND (?4 IS NULL OR a.review = ?4) ORDER BY a.n DESC LIMIT ?5",
		  ENTRY_COLUMNS ENTRY_BODY ENTRY_FROM
		  "WHERE a.n < ?1 AND (?2 >> a.state) & 1 AND (?3 IS NULL OR a.queue = ?3) "
		  "AND (?4 IS NULL OR a.review = ?4) ORDER BY a.n DESC LIMIT ?5" }
	};
	const unsigned unanswered = 1u << STORE_HELD | 1u << STORE_WAITING;

	if (!(mask & ~unanswered))
		return texts[0][body];
	if (mask == 1u << STORE_REFUSED)
		return texts[1][body];
	return texts[2][body];
}

int store_entries(struct store *s, const struct store_filter *filter,
                  struct store_entries **out, struct err *err)
{
	bool body = filter->flags & STORE_WITH_BODY;
	unsigned mask = mask_of(filter);
	sqlite3_stmt *st;
	int rc = sql_get(s, statement_of(mask, body), &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "idssi", filter->before ? filter->before : INT64_MAX, (int)mask,
	         filter->queue, filter->review, (int64_t)(filter->limit ? filter->limit : 200));
	return collect(s, st, body, 0, out, err);
}

int store_entry_find(struct store *s, const char *id, struct store_entries **out,
                     struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, ENTRY_COLUMNS ENTRY_BODY ENTRY_FROM "WHERE a.id = ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", id);
	rc = collect(s, st, true, 0, out, err);
	if (!rc && !(*out)->count) {
		store_entries_free(*out);
		*out = NULL;
	}
	return rc;
}

int store_held(struct store *s, struct store_entries **out, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, ENTRY_COLUMNS OUTBOX_FROM "WHERE o.ready = 0 ORDER BY o.n", &st, err);

	*out = NULL;
	return rc ? rc : collect(s, st, false, 0, out, err);
}

int store_outbox(struct store *s, size_t max, size_t max_bytes,
                 struct store_entries **out, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, ENTRY_COLUMNS ENTRY_BODY OUTBOX_FROM
	                 "WHERE o.ready = 1 AND o.act = 0 ORDER BY o.n LIMIT ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "i", (int64_t)max);
	return collect(s, st, true, max_bytes, out, err);
}

int store_releases(struct store *s, size_t max, struct store_entries **out,
                   struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, ENTRY_COLUMNS OUTBOX_FROM
	                 "WHERE o.ready = 1 AND o.act = 1 ORDER BY o.n LIMIT ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "i", (int64_t)max);
	return collect(s, st, false, 0, out, err);
}

/* --- counts ------------------------------------------------------------------------ */

static int count_outbox(struct store *s, struct store_counts *out, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT ready, count(*) FROM outbox GROUP BY ready", &st, err);

	if (rc)
		return rc;
	while ((rc = sql_step(s, st, err)) > 0)
		out->acts[sql_int(st, 0) ? STORE_WAITING : STORE_HELD] = sql_int(st, 1);
	return rc;
}

static int count_settled(struct store *s, struct store_counts *out, struct err *err)
{
	int rc = sql_number(s, 0, &out->acts[STORE_RECEIVED], err,
	                    "SELECT count(*) FROM act WHERE state = 2", "");

	if (!rc)
		rc = sql_number(s, 0, &out->acts[STORE_REFUSED], err,
		                "SELECT count(*) FROM act WHERE state = 4", "");
	if (!rc && (!s->kept.in_log_known || s->reader))
		rc = sql_number(s, 0, &s->kept.in_log, err,
		                "SELECT count(*) FROM act WHERE state = 3", "");
	s->kept.in_log_known = !rc;
	out->acts[STORE_IN_LOG] = s->kept.in_log;
	return rc;
}

/* New acts only come at the end: those after the last count are added. */
static int count_today(struct store *s, struct store_counts *out, struct err *err)
{
	int64_t midnight = clock_now_ms() / DAY_MS * DAY_MS;
	sqlite3_stmt *st;
	int rc = 0;

	if (s->kept.midnight_ms != midnight || s->reader) {
		s->kept.midnight_ms = midnight;
		s->kept.today = 0;
		rc = sql_number(s, 0, &s->kept.upto, err, "SELECT n FROM act WHERE decided_ms < ?1 "
		                "ORDER BY n DESC LIMIT 1", "i", midnight);
	}
	if (!rc)
		rc = sql_get(s, "SELECT sum(act = 0), max(n) FROM act WHERE n > ?1", &st, err);
	if (!rc) {
		sql_bind(st, "i", s->kept.upto);
		rc = sql_step(s, st, err);
	}
	if (rc > 0) {
		s->kept.today += sql_int(st, 0);
		if (sql_int(st, 1) > s->kept.upto)
			s->kept.upto = sql_int(st, 1);
		sql_reset(st);
		rc = 0;
	}
	if (rc)
		s->kept.midnight_ms = 0;
	out->today = s->kept.today;
	return rc;
}

int store_counts(struct store *s, struct store_counts *out, struct err *err)
{
	int rc;

	memset(out, 0, sizeof *out);
	rc = count_outbox(s, out, err);
	if (!rc)
		rc = count_settled(s, out, err);
	if (!rc)
		rc = count_today(s, out, err);
	if (!rc)
		rc = sql_number(s, 0, &out->leases, err, "SELECT count(*) FROM lease "
		                "WHERE state IN (0, 1)", "");
	if (!rc)
		rc = sql_number(s, 0, &out->aside, err, "SELECT count(*) FROM lease "
		                "WHERE state = 2", "");
	if (!rc)
		rc = sql_number(s, 0, &out->drafts, err, "SELECT count(*) FROM draft", "");
	return rc;
}
