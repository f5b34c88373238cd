/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/tlog.h"

#include <string.h>

#include "base/msg.h"

/* The leaf being appended, for the node writer. */
struct append {
	struct db *db;
	const struct buf *bytes;
};

static int store_node(void *ctx, unsigned level, uint64_t index,
                      const unsigned char hash[HASH_SIZE], struct err *err)
{
	struct append *a = ctx;

	if (level == 0)
		return db_do(a->db, err, "INSERT INTO log_leaf(n,hash,leaf) VALUES(?,?,?)", "ibt",
		             (int64_t)index, hash, (size_t)HASH_SIZE, a->bytes->data,
		             a->bytes->len);
	return db_do(a->db, err, "INSERT INTO log_node(level,n,hash) VALUES(?,?,?)", "nib",
	             (int)level, (int64_t)index, hash, (size_t)HASH_SIZE);
}

int tlog_append(struct db *db, struct leaf *leaf, int64_t *index, struct err *err)
{
	struct buf bytes = BUF_INIT;
	struct append a = { .db = db, .bytes = &bytes };
	unsigned char hash[HASH_SIZE];
	int rc;

	leaf->at = db->now;
	rc = leaf_write(leaf, &bytes, err);
	if (!rc) {
		if (index)
			*index = (int64_t)db->state.tree.size;
		merkle_leaf_hash(bytes.data, bytes.len, hash);
		rc = merkle_range_add(&db->state.tree, hash, store_node, &a, err);
	}
	buf_clear(&bytes);
	return rc;
}

void tlog_note(const struct db *db, struct buf *out)
{
	struct checkpoint c = { .size = db->state.tree.size };

	memcpy(c.origin, db->origin, sizeof c.origin);
	merkle_range_root(&db->state.tree, c.root);
	checkpoint_sign(&c, db->secret_key, out);
}

int tlog_seal(struct db *db, struct err *err)
{
	struct buf note = BUF_INIT;
	int rc;

	if (db->state.tree.size == db->noted)
		return 0;
	tlog_note(db, &note);
	rc = db_do(db, err, "INSERT INTO checkpoint(size,note) VALUES(?,?)", "it",
	           (int64_t)db->state.tree.size, note.data, note.len);
	buf_clear(&note);
	return rc;
}

int tlog_node(void *ctx, unsigned level, uint64_t index, unsigned char out[HASH_SIZE],
              struct err *err)
{
	struct db *db = ctx;
	sqlite3_stmt *s;
	int rc = level == 0
		? db_first(db, err, &s, "SELECT hash FROM log_leaf WHERE n=?", "i", (int64_t)index)
		: db_first(db, err, &s, "SELECT hash FROM log_node WHERE level=? AND n=?", "ni",
		           (int)level, (int64_t)index);

	if (rc < 0)
		return rc;
	if (rc > 0 && sqlite3_column_bytes(s, 0) == HASH_SIZE) {
		memcpy(out, sqlite3_column_blob(s, 0), HASH_SIZE);
		db_done(s);
		return 0;
	}
	if (rc > 0)
		db_done(s);
	return err_set(err, ERR_CORRUPT, N_("a node of the audit log's tree is missing"));
}

int tlog_load(struct db *db, struct err *err)
{
	int64_t size = 0;
	int rc = db_int(db, err, &size, "SELECT coalesce(max(n)+1,0) FROM log_leaf", "");

	return rc < 0 ? rc : merkle_range_load(&db->state.tree, (uint64_t)size, tlog_node, db, err);
}
