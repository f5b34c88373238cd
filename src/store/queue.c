/* SPDX-License-Identifier: Apache-2.0
 *
 * My queues and the documents that define them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "store/sql.h"

#define DUE_NONE INT64_MAX

/* --- reading -------------------------------------------------------------------- */

#define QUEUE_COLUMNS \
	"SELECT id, name, title, kind, definition, policy, guide, roles, waits, lease_s, " \
	"waiting, opened, held, leased, decided, escalations, samples FROM queue "

static void read_queue(sqlite3_stmt *st, struct block *b, struct store_queue *q)
{
	q->name = sql_copy(st, 1, b);
	q->title = sql_copy(st, 2, b);
	q->kind = (enum kind)sql_int(st, 3);
	sql_fixed(st, 4, q->definition, sizeof q->definition);
	sql_fixed(st, 5, q->policy, sizeof q->policy);
	sql_fixed(st, 6, q->guide, sizeof q->guide);
	q->roles = sql_copy(st, 7, b);
	q->producer_waits = sql_int(st, 8);
	q->lease_s = sql_int(st, 9);
	q->waiting = sql_int(st, 10);
	q->open = sql_int(st, 11);
	q->held = sql_int(st, 12);
	q->leased = sql_int(st, 13);
	q->decided = sql_int(st, 14);
	q->escalations = sql_int(st, 15);
	q->samples = sql_int(st, 16);
}

static int next_due(struct store *s, int64_t queue, int64_t *due, struct err *err)
{
	int rc = sql_number(s, 0, due, err, "SELECT due FROM header INDEXED BY header_due "
	                    "WHERE queue = ?1 ORDER BY due LIMIT 1", "i", queue);

	if (*due == DUE_NONE)
		*due = 0;
	return rc;
}

/* Runs st, which selects QUEUE_COLUMNS. */
static int collect(struct store *s, sqlite3_stmt *st, struct store_queues **out, struct err *err)
{
	struct block *b = block_new(sizeof(struct store_queues), 4096);
	struct store_queues *list = block_head(b);
	struct store_queue *items = NULL;
	int64_t *ids = NULL;
	size_t count = 0, cap = 0, id_count = 0, id_cap = 0;
	int rc;

	while ((rc = sql_step(s, st, err)) > 0) {
		MEM_GROW(items, count, cap);
		MEM_GROW(ids, id_count, id_cap);
		memset(&items[count], 0, sizeof items[count]);
		ids[id_count++] = sql_int(st, 0);
		read_queue(st, b, &items[count++]);
	}
	for (size_t i = 0; !rc && i < count; i++)
		rc = next_due(s, ids[i], &items[i].next_due_ms, err);
	list->items = block_alloc(b, count * sizeof *items);
	if (count)
		memcpy(list->items, items, count * sizeof *items);
	list->count = count;
	free(items);
	free(ids);
	if (rc) {
		block_free(list);
		list = NULL;
	}
	*out = list;
	return rc;
}

int store_queues(struct store *s, struct store_queues **out, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, QUEUE_COLUMNS "ORDER BY title, name", &st, err);

	*out = NULL;
	return rc ? rc : collect(s, st, out, err);
}

int store_queue_get(struct store *s, const char *name, struct store_queues **out,
                    struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, QUEUE_COLUMNS "WHERE name = ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", name);
	rc = collect(s, st, out, err);
	if (!rc && !(*out)->count) {
		store_queues_free(*out);
		*out = NULL;
		return err_set(err, ERR_NOT_FOUND, N_("there is no queue %s for you"), name);
	}
	return rc;
}

void store_queues_free(struct store_queues *q)
{
	block_free(q);
}

/* --- writing ------------------------------------------------------------------ */

static bool listed(const char *name, const struct store_queue_in *queues, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(queues[i].name, name) == 0)
			return true;
	return false;
}

static int drop_queue(struct store *s, int64_t id, const char *name, struct err *err)
{
	int rc = sql_do(s, err, "DELETE FROM header WHERE queue = ?1", "i", id);

	if (!rc)
		rc = sql_do(s, err, "DELETE FROM lease WHERE queue = ?1 AND state NOT IN (?2, ?3, ?4)",
		            "sddd", name, (int)STORE_LEASE_DECIDED, (int)STORE_LEASE_DISPOSED,
		            (int)STORE_LEASE_OVER);
	if (!rc)
		rc = sql_do(s, err, "DELETE FROM queue WHERE id = ?1", "i", id);
	sql_dirty(s, STORE_TOPIC_HEADERS);
	sql_dirty(s, STORE_TOPIC_LEASES);
	return rc;
}

static int drop_others(struct store *s, const struct store_queue_in *queues, size_t count,
                       struct err *err)
{
	struct store_queues *mine = NULL;
	int64_t id;
	int rc = store_queues(s, &mine, err);

	for (size_t i = 0; !rc && i < mine->count; i++) {
		if (listed(mine->items[i].name, queues, count))
			continue;
		rc = sql_queue(s, mine->items[i].name, &id, NULL, err);
		if (!rc)
			rc = drop_queue(s, id, mine->items[i].name, err);
	}
	store_queues_free(mine);
	return rc;
}

int store_queues_put(struct store *s, const struct store_queue_in *queues, size_t count,
                     struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = drop_others(s, queues, count, err);
	for (size_t i = 0; !rc && i < count; i++) {
		const struct store_queue_in *q = &queues[i];

		rc = sql_do(s, err, "INSERT INTO queue (name, title, kind, definition, policy, guide, "
		            "roles, waits, lease_s, waiting) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		            "?9, ?10) ON CONFLICT (name) DO UPDATE SET title = ?2, kind = ?3, "
		            "definition = ?4, policy = ?5, guide = ?6, roles = ?7, waits = ?8, "
		            "lease_s = ?9, waiting = ?10", "ssdssssdii", q->name,
		            q->title ? q->title : q->name, (int)q->kind,
		            q->definition ? q->definition : "", q->policy ? q->policy : "",
		            q->guide ? q->guide : "", q->roles ? q->roles : "",
		            (int)q->producer_waits, q->lease_s, q->waiting);
	}
	sql_forget_queues(s);
	sql_dirty(s, STORE_TOPIC_QUEUES);
	return sql_end(s, rc, "store.queues.before", "store.queues.after", err);
}
