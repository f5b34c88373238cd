/* SPDX-License-Identifier: Apache-2.0
 *
 * Small things by key: cursors, checkpoints, facts, preferences, the item on
 * the screen; and the local log.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "store/sql.h"

static int find_text(struct store *s, const char *sql, const char *key, char **out,
                     struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, sql, &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", key);
	rc = sql_step(s, st, err);
	if (rc > 0) {
		*out = mem_strdup(sql_text(st, 0));
		sql_reset(st);
	}
	return rc < 0 ? rc : 0;
}

/* put: an upsert of (?1, ?2); drop: its removal. */
static int set_text(struct store *s, const char *put, const char *drop, const char *key,
                    const char *value, enum store_topic topic, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = value ? sql_do(s, err, put, "ss", key, value) : sql_do(s, err, drop, "s", key);
	sql_dirty(s, topic);
	return sql_end(s, rc, "store.fact.before", "store.fact.after", err);
}

int store_cursor(struct store *s, const char *feed, char **out, struct err *err)
{
	return find_text(s, "SELECT cursor FROM cursor WHERE feed = ?1", feed, out, err);
}

int store_cursor_set(struct store *s, const char *feed, const char *cursor,
                     struct err *err)
{
	return set_text(s, "INSERT INTO cursor (feed, cursor) VALUES (?1, ?2) "
	                "ON CONFLICT (feed) DO UPDATE SET cursor = ?2",
	                "DELETE FROM cursor WHERE feed = ?1", feed, cursor, STORE_TOPIC_SYNC, err);
}

int store_fact(struct store *s, const char *key, char **out, struct err *err)
{
	return find_text(s, "SELECT value FROM fact WHERE key = ?1", key, out, err);
}

int store_fact_set(struct store *s, const char *key, const char *value, struct err *err)
{
	return set_text(s, "INSERT INTO fact (key, value) VALUES (?1, ?2) "
	                "ON CONFLICT (key) DO UPDATE SET value = ?2",
	                "DELETE FROM fact WHERE key = ?1", key, value, STORE_TOPIC_SYNC, err);
}

int store_preference(struct store *s, const char *key, char **out, struct err *err)
{
	return find_text(s, "SELECT value FROM preference WHERE key = ?1", key, out, err);
}

int store_preference_set(struct store *s, const char *key, const char *value,
                         struct err *err)
{
	return set_text(s, "INSERT INTO preference (key, value) VALUES (?1, ?2) "
	                "ON CONFLICT (key) DO UPDATE SET value = ?2",
	                "DELETE FROM preference WHERE key = ?1", key, value,
	                STORE_TOPIC_PREFERENCES, err);
}

/* --- checkpoints ------------------------------------------------------------------ */

int store_checkpoint(struct store *s, const char *origin, int64_t *size, char **note,
                     struct err *err)
{
	int rc = sql_number(s, 0, size, err, "SELECT size FROM checkpoint WHERE origin = ?1", "s",
	                    origin);

	if (note)
		*note = NULL;
	if (rc || !note)
		return rc;
	return find_text(s, "SELECT note FROM checkpoint WHERE origin = ?1", origin, note, err);
}

int store_checkpoint_set(struct store *s, const char *origin, int64_t size,
                         const char *note, struct err *err)
{
	int64_t have;
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = store_checkpoint(s, origin, &have, NULL, err);
	if (!rc && size < have)
		rc = err_set(err, ERR_CONFLICT, N_("the log is shorter than before"));
	if (!rc)
		rc = sql_do(s, err, "INSERT INTO checkpoint (origin, size, note) VALUES (?1, ?2, ?3) "
		            "ON CONFLICT (origin) DO UPDATE SET size = ?2, note = ?3", "sis", origin,
		            size, note);
	sql_dirty(s, STORE_TOPIC_SYNC);
	return sql_end(s, rc, "store.checkpoint.before", "store.checkpoint.after", err);
}

/* --- the item on the screen --------------------------------------------------------- */

int store_showing_begin(struct store *s, const char *review, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = sql_do(s, err, "INSERT INTO showing (one, review) VALUES (1, ?1) "
	            "ON CONFLICT (one) DO UPDATE SET review = ?1", "s", review);
	return sql_end(s, rc, "store.showing.before", "store.showing.after", err);
}

int store_showing_end(struct store *s, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	/* It lived through this: earlier deaths had another cause. */
	rc = sql_exec(s, "UPDATE lease SET showings = 0 WHERE showings > 0 "
	              "AND review = (SELECT review FROM showing)", err);
	if (!rc)
		rc = sql_exec(s, "DELETE FROM showing", err);
	return sql_end(s, rc, "store.shown.before", "store.shown.after", err);
}

int store_showing(struct store *s, char review[ID_SIZE], int *times, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT w.review, coalesce(l.showings, 0) FROM showing w "
	                 "LEFT JOIN lease l ON l.review = w.review", &st, err);

	review[0] = '\0';
	*times = 0;
	if (rc)
		return rc;
	rc = sql_step(s, st, err);
	if (rc > 0) {
		sql_fixed(st, 0, review, ID_SIZE);
		*times = (int)sql_int(st, 1);
		sql_reset(st);
	}
	return rc < 0 ? rc : 0;
}

/* --- local log -------------------------------------------------------------------- */

int store_log_add(struct store *s, const struct store_event *event, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = sql_log(s, event->at_ms ? event->at_ms : clock_now_ms(), event->event, event->review,
	             event->subject, event->external_id, event->text, err);
	return sql_end(s, rc, "store.log.before", "store.log.after", err);
}

int store_log(struct store *s, int64_t before, size_t limit, struct store_events **out,
              struct err *err)
{
	size_t want = limit ? limit : 200;
	struct store_events *list;
	struct block *b;
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT n, at_ms, event, review, subject, external_id, text FROM log "
	                 "WHERE n < ?1 ORDER BY n DESC LIMIT ?2", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	b = block_new(sizeof *list, want * (sizeof *list->items + 96));
	list = block_head(b);
	list->items = block_alloc(b, want * sizeof *list->items);
	sql_bind(st, "ii", before ? before : INT64_MAX, (int64_t)want);
	while ((rc = sql_step(s, st, err)) > 0) {
		struct store_event *e = &list->items[list->count++];

		e->n = sql_int(st, 0);
		e->at_ms = sql_int(st, 1);
		e->event = sql_copy(st, 2, b);
		e->review = sql_copy(st, 3, b);
		e->subject = sql_copy(st, 4, b);
		e->external_id = sql_copy(st, 5, b);
		e->text = sql_copy(st, 6, b);
	}
	if (rc) {
		block_free(list);
		return rc;
	}
	*out = list;
	return 0;
}

void store_events_free(struct store_events *e)
{
	block_free(e);
}
