/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes by digest, and drafts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "store/sql.h"

/* Takes the bytes of column 0 of the statement's first row. */
static int bytes_of(struct store *s, sqlite3_stmt *st, struct store_bytes **out, struct err *err)
{
	struct store_bytes *bytes;
	struct block *b;
	size_t len;
	int rc = sql_step(s, st, err);

	*out = NULL;
	if (rc <= 0)
		return rc;
	len = (size_t)sqlite3_column_bytes(st, 0);
	b = block_new(sizeof *bytes, len + 64);
	bytes = block_head(b);
	bytes->len = len;
	bytes->data = block_text(b, sqlite3_column_blob(st, 0), len);
	sql_reset(st);
	*out = bytes;
	return 0;
}

int store_document_find(struct store *s, const char *digest, struct store_bytes **out,
                        struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT bytes FROM document WHERE digest = ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", digest);
	return bytes_of(s, st, out, err);
}

int store_proposal_get(struct store *s, const char *review, struct store_bytes **out,
                       struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT d.bytes FROM lease l JOIN document d ON d.digest = l.document "
	                 "WHERE l.review = ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", review);
	rc = bytes_of(s, st, out, err);
	if (!rc && !*out)
		rc = err_set(err, ERR_NOT_FOUND, N_("the item %s is not kept here"), review);
	return rc;
}

void store_bytes_free(struct store_bytes *b)
{
	block_free(b);
}

int sql_document(struct store *s, const char *key, const char *bytes, size_t len,
                 struct err *err)
{
	return sql_do(s, err, "INSERT INTO document (digest, bytes) VALUES (?1, ?2) "
	              "ON CONFLICT (digest) DO UPDATE SET bytes = excluded.bytes "
	              "WHERE bytes <> excluded.bytes", "sb", key, bytes, len);
}

int store_document_put(struct store *s, const char *digest, const char *bytes, size_t len,
                       struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = sql_document(s, digest, bytes, len, err);
	if (!rc && sql_changes(s))
		sql_dirty(s, STORE_TOPIC_QUEUES);
	return sql_end(s, rc, "store.document.before", "store.document.after", err);
}

/* --- drafts ---------------------------------------------------------------------- */

int store_draft_find(struct store *s, const char *review, char **out, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT body FROM draft WHERE review = ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", review);
	rc = sql_step(s, st, err);
	if (rc > 0) {
		*out = mem_strdup(sql_text(st, 0));
		sql_reset(st);
	}
	return rc < 0 ? rc : 0;
}

int store_drafts(struct store *s, struct store_drafts **out, struct err *err)
{
	struct store_draft *items = NULL;
	size_t count = 0, cap = 0;
	struct block *b;
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT review, saved_ms FROM draft ORDER BY saved_ms DESC, review",
	                 &st, err);

	*out = NULL;
	if (rc)
		return rc;
	while ((rc = sql_step(s, st, err)) > 0) {
		MEM_GROW(items, count, cap);
		sql_fixed(st, 0, items[count].review, ID_SIZE);
		items[count++].saved_ms = sql_int(st, 1);
	}
	if (!rc) {
		b = block_new(sizeof **out, count * sizeof *items + 64);
		*out = block_head(b);
		(*out)->items = block_alloc(b, count * sizeof *items);
		(*out)->count = count;
		if (count)
			memcpy((*out)->items, items, count * sizeof *items);
	}
	free(items);
	return rc;
}

void store_drafts_free(struct store_drafts *d)
{
	block_free(d);
}

int store_draft_put(struct store *s, const char *review, const char *draft,
                    struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	if (draft)
		rc = sql_do(s, err, "INSERT INTO draft (review, saved_ms, body) VALUES (?1, ?2, ?3) "
		            "ON CONFLICT (review) DO UPDATE SET saved_ms = ?2, body = ?3", "sis",
		            review, clock_now_ms(), draft);
	else
		rc = sql_do(s, err, "DELETE FROM draft WHERE review = ?1", "s", review);
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_end(s, rc, "store.draft.before", "store.draft.after", err);
}
