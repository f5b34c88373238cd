/* SPDX-License-Identifier: Apache-2.0
 *
 * What a verifier reads: leaves, proofs, contents, rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/verb.h"
#include "wire/content.h"
#include "wire/json.h"

enum { ENTRIES_MAX = 1000, ROWS_MAX = 1000 };

int verb_log_checkpoint(struct db *db, const struct queue_call *call,
                        struct queue_answer *answer, struct err *err)
{
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_LOG_HEAD, ROLE_ANY_STAGE, answer);
	who_clear(&who);
	if (rc)
		return rc;
	buf_reset(&answer->body);
	tlog_note(db, &answer->body);
	answer->status = 200;
	answer->type = "text/plain; charset=utf-8";
	return 0;
}

int verb_log_entries(struct db *db, const struct queue_call *call,
                     struct queue_answer *answer, struct err *err)
{
	int64_t size = (int64_t)db->state.tree.size, end;
	int64_t start = answer_number(call, "start", 0, INT64_MAX / 16);
	struct buf out = BUF_INIT;
	struct who who;
	sqlite3_stmt *s;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_LOG_ENTRIES, ROLE_ANY_STAGE, answer);
	who_clear(&who);
	if (rc)
		return rc;
	end = answer_number(call, "end", size, size);
	if (start > end)
		return answer_problem(answer, PROBLEM_INVALID, _("the log is not that long"), NULL);
	if (end - start > ENTRIES_MAX)
		end = start + ENTRIES_MAX;
	buf_adds(&out, "{\"entries\":[");
	for (rc = db_first(db, err, &s, "SELECT n,leaf FROM log_leaf WHERE n>=? AND n<? ORDER BY n",
	                   "ii", start, end); rc > 0; rc = db_row(db, s, err)) {
		if (db_i64(s, 0) > start && out.len > ANSWER_BYTES) {
			db_done(s);
			rc = 0;
			break;
		}
		buf_addf(&out, "%s{\"index\":%lld,\"leaf\":", db_i64(s, 0) > start ? "," : "",
		         (long long)db_i64(s, 0));
		json_text_string(db_text(s, 1), (size_t)sqlite3_column_bytes(s, 1), &out);
		buf_addc(&out, '}');
	}
	buf_adds(&out, "]}");
	if (!rc)
		return answer_text(answer, 200, &out);
	buf_clear(&out);
	return rc;
}

int verb_log_proof(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                   struct err *err)
{
	uint64_t size = db->state.tree.size;
	bool inclusion = value_text(call->query, "index") != NULL;
	uint64_t a = (uint64_t)answer_number(call, inclusion ? "index" : "from", 0, INT64_MAX / 16);
	uint64_t b = (uint64_t)answer_number(call, inclusion ? "size" : "to", (int64_t)size,
	                                     INT64_MAX / 16);
	struct merkle_proof *proof = mem_zalloc(sizeof *proof);
	struct value *v, *list;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_LOG_HEAD, ROLE_ANY_STAGE, answer);
	who_clear(&who);
	if (!rc && (b > size || (inclusion ? a >= b : a > b)))
		rc = answer_problem(answer, PROBLEM_INVALID, _("the log is not that long"), NULL);
	if (!rc)
		rc = inclusion ? merkle_prove_inclusion(a, b, tlog_node, db, proof, err)
			: merkle_prove_consistency(a, b, tlog_node, db, proof, err);
	if (!rc) {
		v = value_new_object();
		list = value_set(v, inclusion ? "inclusion" : "consistency", value_new_array());
		for (size_t i = 0; i < proof->count; i++) {
			char *text = hash_base64(proof->hash[i], HASH_SIZE);

			value_push(list, value_new_string(text));
			free(text);
		}
		answer_json(answer, 200, v);
	}
	free(proof);
	return rc;
}

/* --------------------------------------------- contents and rows, by table */

/* One table of a feed: rows in the order of a number n, the first column. */
struct table {
	const char *name;
	const char *sql;             /* WHERE n>? ORDER BY n */
	void (*add)(sqlite3_stmt *s, const char *name, struct value *v);
};

/* Every column under its own name; texts that hold JSON as said by the name. */
static void add_columns(sqlite3_stmt *s, const char *name, struct value *v)
{
	value_set_string(v, "table", name);
	for (int c = 1; c < sqlite3_column_count(s); c++) {
		const char *key = sqlite3_column_name(s, c);
		size_t len = strlen(key);
		char text[CLOCK_TEXT_SIZE];
		struct value *json = NULL;

		if (sqlite3_column_type(s, c) == SQLITE_NULL)
			value_set_null(v, key);
		else if (len > 3 && strcmp(key + len - 3, "_at") == 0)
			value_set_string(v, key, clock_text(db_i64(s, c), text));
		else if (strcmp(key, "row") == 0 || strcmp(key, "faults") == 0)
			value_set(v, key, row_json(db_text(s, c), &json, NULL) == 0 ? json
			          : value_new_string(db_text(s, c)));
		else if (sqlite3_column_type(s, c) == SQLITE_INTEGER)
			value_set_int(v, key, db_i64(s, c));
		else
			value_set_string(v, key, db_text(s, c));
	}
}

/* Columns: n, subject, revision, digest, salt, document. */
static void add_content(sqlite3_stmt *s, const char *name, struct value *v)
{
	struct content c = { .subject = db_text(s, 1), .revision = db_i64(s, 2),
		.digest = db_text(s, 3), .salt = db_text(s, 4), .document = db_text(s, 5),
		.erased = db_text(s, 5) == NULL };
	struct value *made;

	content_kind_find(name, &c.kind);
	made = content_value(&c);
	while (value_count(made)) {
		char *key = mem_strdup(value_key(made, 0));

		value_set(v, key, value_take(made, key));
		free(key);
	}
	value_free(made);
}

static const struct table row_tables[] = {
	{ "proposal", "SELECT n,id,queue,external_id,kind,class,producer,revision,state,route,"
	  "result_number,released_by FROM proposal WHERE n>? ORDER BY n", add_columns },
	{ "review", "SELECT n,id,proposal,revision,stage,state,probability,decision FROM review"
	  " WHERE n>? ORDER BY n", add_columns },
	{ "decision", "SELECT n,id,proposal,review,revision,principal,role,device,seq,stage,outcome,"
	  "verdict,late,state,amends,received_ms AS received_at,leaf,envelope,envelope_digest,"
	  "faults FROM decision WHERE n>? ORDER BY n", add_columns },
	{ "result", "SELECT n,proposal||'/'||number AS id,proposal,number,revision,state,changed,"
	  "decision,digest,at_ms AS decided_at,leaf FROM result WHERE n>? ORDER BY n", add_columns },
	{ "release", "SELECT rowid,id,proposal,number,digest,at_ms AS released_at,leaf FROM release"
	  " WHERE rowid>? ORDER BY rowid", add_columns },
	{ "feedback", "SELECT n,n AS id,queue,decision,row FROM feedback WHERE n>? ORDER BY n",
	  add_columns },
	{ NULL, NULL, NULL }
};

static const struct table content_tables[] = {
	{ "proposal", "SELECT rowid,proposal,number,digest,salt,document FROM revision"
	  " WHERE rowid>? ORDER BY rowid", add_content },
	{ "decision", "SELECT rowid,decision,NULL,digest,salt,document FROM decision_content"
	  " WHERE rowid>? ORDER BY rowid", add_content },
	{ "result", "SELECT n,proposal,number,digest,salt,document FROM result WHERE n>? ORDER BY n",
	  add_content },
	{ "own", "SELECT rowid,review||'/'||principal,NULL,digest,salt,document FROM own WHERE rowid>?"
	  " ORDER BY rowid", add_content },
	{ "definition", "SELECT rowid,queue,NULL,digest,NULL,document FROM definition WHERE rowid>?"
	  " ORDER BY rowid", add_content },
	{ "policy", "SELECT rowid,queue,NULL,digest,NULL,document FROM policy WHERE rowid>?"
	  " ORDER BY rowid", add_content },
	{ "guide", "SELECT rowid,queue,NULL,digest,NULL,document FROM guide WHERE rowid>?"
	  " ORDER BY rowid", add_content },
	{ NULL, NULL, NULL }
};

struct page {
	const struct table *tables;
	size_t table;                /* where to go on */
	int64_t n;
	int64_t limit, count;
	bool more;
};

/* "table.n", the last one given. */
static void read_after(const char *after, struct page *p)
{
	size_t len = after ? strcspn(after, ".") : 0;

	if (!len || after[len] != '.')
		return;
	for (size_t t = 0; p->tables[t].name; t++) {
		if (strlen(p->tables[t].name) == len && strncmp(p->tables[t].name, after, len) == 0) {
			p->table = t;
			p->n = strtoll(after + len + 1, NULL, 10);
		}
	}
}

static int write_page(struct db *db, struct page *p, struct buf *out, struct err *err)
{
	sqlite3_stmt *s;
	int rc = 0;

	for (; p->tables[p->table].name; p->table++, p->n = 0) {
		const struct table *t = &p->tables[p->table];

		for (rc = db_first(db, err, &s, t->sql, "i", p->n); rc > 0; rc = db_row(db, s, err)) {
			struct value *v;

			if (p->count == p->limit || (p->count && out->len > ANSWER_BYTES)) {
				p->more = true;
				db_done(s);
				return 0;
			}
			v = value_new_object();
			t->add(s, t->name, v);
			buf_adds(out, p->count++ ? "," : "");
			json_text(v, out);
			value_free(v);
			p->n = db_i64(s, 0);
		}
		if (rc)
			return rc;
		if (!p->tables[p->table + 1].name)
			return 0;
	}
	return 0;
}

static int feed(struct db *db, const struct queue_call *call, const struct table *tables,
                const char *name, struct queue_answer *answer, struct err *err)
{
	struct page p = { .tables = tables, .limit = answer_number(call, "limit", ROWS_MAX, ROWS_MAX) };
	struct buf out = BUF_INIT;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_LOG_CONTENTS, ROLE_ANY_STAGE, answer);
	who_clear(&who);
	read_after(value_text(call->query, "after"), &p);
	buf_addf(&out, "{\"%s\":[", name);
	if (!rc)
		rc = write_page(db, &p, &out, err);
	if (!rc) {
		buf_addf(&out, "],\"after\":\"%s.%lld\",\"more\":%s}", tables[p.table].name,
		         (long long)p.n, p.more ? "true" : "false");
		return answer_text(answer, 200, &out);
	}
	buf_clear(&out);
	return rc;
}

int verb_log_contents(struct db *db, const struct queue_call *call,
                      struct queue_answer *answer, struct err *err)
{
	return feed(db, call, content_tables, "contents", answer, err);
}

int verb_log_rows(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                  struct err *err)
{
	return feed(db, call, row_tables, "rows", answer, err);
}
