/* SPDX-License-Identifier: Apache-2.0
 *
 * The mirror of the server's list: writing.
 */
#include <string.h>

#include "base/clock.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "store/sql.h"

#define DUE_NONE INT64_MAX

enum {
	/* A slice of sync is at most 5 ms with its commit. */
	SLICE_US = 3500,
	SWEEP_ROWS = 256
};

/* What the mirror has of a review. */
struct known {
	bool there, held;
	int64_t queue, ord;
	int stage, mine;
};

static int find(struct store *s, const char *review, struct known *k, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT queue, ord, stage, held, mine FROM header "
	                 "INDEXED BY header_review WHERE review = ?1", &st, err);

	memset(k, 0, sizeof *k);
	if (rc)
		return rc;
	sql_bind(st, "r", review);
	rc = sql_step(s, st, err);
	if (rc <= 0)
		return rc;
	k->there = true;
	k->queue = sql_int(st, 0);
	k->ord = sql_int(st, 1);
	k->stage = (int)sql_int(st, 2);
	k->held = sql_int(st, 3);
	k->mine = (int)sql_int(st, 4);
	sql_reset(st);
	return 0;
}

/* How a header is marked that arrives after the lease, or after the decision. */
static int mark_of(struct store *s, const char *review, int *mine, struct err *err)
{
	int64_t state;
	int rc = sql_number(s, -1, &state, err, "SELECT state FROM lease WHERE review = ?1", "s",
	                    review);

	switch ((int)state) {
	case STORE_LEASE_READY:
	case STORE_LEASE_OPENED:
	case STORE_LEASE_ASIDE:
		*mine = STORE_MINE_LEASED;
		break;
	case STORE_LEASE_DECIDED:
	case STORE_LEASE_OVER:
		*mine = STORE_MINE_DECIDED;
		break;
	default:
		*mine = STORE_MINE_NO;
	}
	return rc;
}

static int remove_row(struct store *s, const char *review, const struct known *k, struct err *err)
{
	int rc = sql_do(s, err, "DELETE FROM header WHERE queue = ?1 AND ord = ?2 AND review = ?3",
	                "iir", k->queue, k->ord, review);

	if (!rc)
		sql_tally(s, k->queue, -1, k->stage, k->held, k->mine);
	return rc;
}

static int insert_row(struct store *s, const struct review_header *h, int64_t queue, int64_t pass,
                      int mine, struct err *err)
{
	int rc = sql_do(s, err, "INSERT INTO header (queue, ord, review, due, mine, stage, held, kind, "
	                "class, confidence, received_ms, pass, proposal, external_id, state, case_id) "
	                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
	                "?16)", "iiriddddddiirsss", queue, h->order, h->review,
	                h->due_ms ? h->due_ms : DUE_NONE, mine, (int)h->stage, (int)h->held,
	                (int)h->kind, (int)h->safety_class, h->confidence_pm, h->received_ms, pass,
	                h->proposal, h->external_id ? h->external_id : "", h->state ? h->state : "",
	                h->case_id);

	if (!rc)
		sql_tally(s, queue, 1, h->stage, h->held, mine);
	return rc;
}

static int update_row(struct store *s, const struct review_header *h, const struct known *k,
                      int64_t pass, struct err *err)
{
	int rc = sql_do(s, err, "UPDATE header SET due = ?4, stage = ?5, held = ?6, kind = ?7, "
	                "class = ?8, confidence = ?9, received_ms = ?10, pass = ?11, proposal = ?12, "
	                "external_id = ?13, state = ?14, case_id = ?15 "
	                "WHERE queue = ?1 AND ord = ?2 AND review = ?3", "iiridddddiirsss",
	                k->queue, k->ord, h->review, h->due_ms ? h->due_ms : DUE_NONE, (int)h->stage,
	                (int)h->held, (int)h->kind, (int)h->safety_class, h->confidence_pm,
	                h->received_ms, pass, h->proposal, h->external_id ? h->external_id : "",
	                h->state ? h->state : "", h->case_id);

	if (!rc) {
		sql_tally(s, k->queue, -1, k->stage, k->held, k->mine);
		sql_tally(s, k->queue, 1, h->stage, h->held, k->mine);
	}
	return rc;
}

static int put(struct store *s, const struct review_header *h, struct err *err)
{
	struct known k;
	int64_t queue, pass = 0;
	int mine, rc = sql_queue(s, h->queue, &queue, &pass, err);

	if (rc || !queue)
		return rc;
	rc = find(s, h->review, &k, err);
	if (rc)
		return rc;
	if (k.there && k.queue == queue && k.ord == h->order)
		return update_row(s, h, &k, pass, err);
	mine = k.mine;
	if (k.there)
		rc = remove_row(s, h->review, &k, err);
	else
		rc = mark_of(s, h->review, &mine, err);
	return rc ? rc : insert_row(s, h, queue, pass, mine, err);
}

int store_headers_put(struct store *s, const struct review_header *headers, size_t count,
                      const char *feed, const char *cursor, size_t *taken,
                      struct err *err)
{
	int64_t start = clock_mono_us();
	size_t n = 0;
	int rc = sql_begin(s, SQL_LIGHT, err);

	*taken = 0;
	if (rc)
		return rc;
	while (!rc && n < count) {
		rc = put(s, &headers[n], err);
		if (!rc)
			n++;
		if (clock_mono_us() - start >= SLICE_US)
			break;
	}
	if (!rc && n == count && feed)
		rc = store_cursor_set(s, feed, cursor, err);
	if (n)
		sql_dirty(s, STORE_TOPIC_HEADERS);
	rc = sql_end(s, rc, "store.headers.before", "store.headers.after", err);
	if (!rc)
		*taken = n;
	return rc;
}

int store_header_gone(struct store *s, const char *review, struct err *err)
{
	struct known k;
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = find(s, review, &k, err);
	if (!rc && k.there) {
		rc = remove_row(s, review, &k, err);
		sql_dirty(s, STORE_TOPIC_HEADERS);
	}
	return sql_end(s, rc, "store.gone.before", "store.gone.after", err);
}

/* --- a complete re-read --------------------------------------------------------- */

int store_mirror_begin(struct store *s, const char *queue, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = sql_do(s, err, "UPDATE queue SET pass = pass + 1 WHERE name = ?1", "s", queue);
	sql_forget_queues(s);
	memset(&s->sweep, 0, sizeof s->sweep);
	s->sweep.first = INT64_MIN;
	return sql_end(s, rc, "store.mirror.before", "store.mirror.after", err);
}

struct stale {
	char review[ID_SIZE];
	struct known known;
};

/* Looks at the next rows of the queue; stale ones go to list. Returns the
 * number of rows looked at, or negative. */
static int look(struct store *s, int64_t queue, int64_t pass, struct stale *list, int *count,
                struct err *err)
{
	sqlite3_stmt *st;
	int seen = 0, rc;

	*count = 0;
	rc = sql_get(s, "SELECT ord, review, stage, held, mine, pass FROM header "
	             "WHERE queue = ?1 AND (ord, review) > (?2, ?3) ORDER BY ord, review LIMIT ?4",
	             &st, err);
	if (rc)
		return rc;
	sql_bind(st, "iird", queue, s->sweep.first, s->sweep.review, (int)SWEEP_ROWS);
	while ((rc = sql_step(s, st, err)) > 0) {
		seen++;
		s->sweep.first = sql_int(st, 0);
		sql_id(st, 1, s->sweep.review);
		if (sql_int(st, 5) == pass)
			continue;
		utf8_copy(list[*count].review, ID_SIZE, s->sweep.review);
		list[(*count)++].known = (struct known){
			.there = true, .queue = queue, .ord = s->sweep.first,
			.stage = (int)sql_int(st, 2), .held = sql_int(st, 3),
			.mine = (int)sql_int(st, 4)
		};
	}
	return rc < 0 ? rc : seen;
}

int store_mirror_sweep(struct store *s, const char *queue, bool *more, struct err *err)
{
	struct stale list[SWEEP_ROWS];
	int64_t start = clock_mono_us(), id, pass = 0;
	int count, seen = 0, rc = sql_begin(s, SQL_LIGHT, err);

	*more = false;
	if (rc)
		return rc;
	rc = sql_queue(s, queue, &id, &pass, err);
	while (!rc && id) {
		seen = look(s, id, pass, list, &count, err);
		rc = seen < 0 ? seen : 0;
		for (int i = 0; !rc && i < count; i++) {
			rc = remove_row(s, list[i].review, &list[i].known, err);
			sql_dirty(s, STORE_TOPIC_HEADERS);
		}
		if (seen < SWEEP_ROWS || clock_mono_us() - start >= SLICE_US)
			break;
	}
	rc = sql_end(s, rc, "store.sweep.before", "store.sweep.after", err);
	*more = !rc && seen == SWEEP_ROWS;
	return rc;
}
