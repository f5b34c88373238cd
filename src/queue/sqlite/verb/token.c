/* SPDX-License-Identifier: Apache-2.0
 *
 * Bearer tokens: made here, shown once, kept as a hash.
 */
#include <string.h>

#include "base/id.h"
#include "base/msg.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/verb.h"
#include "wire/token.h"

/* v: a text or an array of texts; none: def, or nothing where def is NULL. */
static struct value *words(const struct value *v, const char *def)
{
	struct value *list;

	if (value_is(v, VALUE_ARRAY))
		return value_copy(v);
	list = value_new_array();
	if (value_str(v) || def)
		value_push(list, value_new_string(value_str(v) ? value_str(v) : def));
	return list;
}

static int check(const struct value *name, const struct value *roles,
                 const struct value *queues, struct queue_answer *answer)
{
	enum role role;

	if (!value_str(name) || !name->len || name->len > 100
	    || strpbrk(value_str(name), "\n\r\t,") || strcmp(value_str(name), "server") == 0)
		return answer_problem(answer, PROBLEM_INVALID,
		                      _("a name of 1 to 100 bytes is needed"), "/name");
	if (!value_count(roles))
		return answer_problem(answer, PROBLEM_INVALID, _("a role is needed"), "/role");
	for (size_t i = 0; i < value_count(roles); i++)
		if (!value_str(roles->items[i]) || !role_find(value_str(roles->items[i]), &role))
			return answer_problem(answer, PROBLEM_INVALID, _("there is no such role"),
			                      "/role");
	for (size_t i = 0; i < value_count(queues); i++)
		if (!value_str(queues->items[i]))
			return answer_problem(answer, PROBLEM_INVALID,
			                      _("a queue is named by a text"), "/queue");
	return 0;
}

static int leaf(struct db *db, struct who *who, const char *change, const char *id,
                struct value *roles, struct err *err)
{
	struct leaf l = { .type = LEAF_TOKEN, .subject = id };
	struct value *data = value_new_object();
	int rc;

	who_sign(who, NULL, ROLE_TOKENS, ROLE_ANY_STAGE, &l);
	value_set_string(data, "change", change);
	value_set(data, "roles", roles);
	l.data = data;
	rc = tlog_append(db, &l, NULL, err);
	value_free(data);
	return rc;
}

static int store_roles(struct db *db, const char *id, const struct value *roles,
                       const struct value *queues, struct value *list, struct err *err)
{
	int rc = 0;

	for (size_t q = 0; !rc && q < value_count(queues); q++) {
		for (size_t r = 0; !rc && r < value_count(roles); r++) {
			const char *queue = value_str(queues->items[q]);
			const char *role = value_str(roles->items[r]);
			struct value *v = value_push(list, value_new_object());

			value_set_string(v, "queue", *queue ? queue : NULL);
			value_set_string(v, "role", role);
			rc = db_do(db, err, "INSERT OR IGNORE INTO token_role(token,queue,role)"
			           " VALUES(?,?,?)", "sss", id, queue, role);
		}
	}
	return rc;
}

static int add(struct db *db, struct who *who, const struct value *body,
               const struct value *roles, const struct value *queues,
               struct queue_answer *answer, struct err *err)
{
	const char *name = value_text(body, "name");
	struct value *list = value_new_array(), *v;
	char id[ID_SIZE], bearer[TOKEN_BEARER_SIZE];
	unsigned char hash[HASH_SIZE];
	int rc;

	id_new(id);
	token_bearer_new(bearer);
	hash_sha256(bearer, strlen(bearer), hash);
	rc = db_do(db, err, "INSERT INTO token(id,hash,principal,created_ms) VALUES(?,?,?,?)",
	           "sbsi", id, hash, sizeof hash, name, db->now_ms);
	if (!rc)
		rc = store_roles(db, id, roles, queues, list, err);
	if (!rc)
		rc = leaf(db, who, "added", id, value_copy(list), err);
	if (!rc) {
		v = value_new_object();
		value_set_string(v, "id", id);
		value_set_string(v, "name", name);
		value_set(v, "roles", value_copy(list));
		value_set_string(v, "token", bearer);
		answer_json(answer, 201, v);
	}
	hash_wipe(bearer, sizeof bearer);
	value_free(list);
	return rc;
}

int verb_token_add(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                   struct err *err)
{
	struct value *roles = words(value_find(call->body, "role"), NULL);
	struct value *queues = words(value_find(call->body, "queue"), "");
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_TOKENS, ROLE_ANY_STAGE, answer);
	if (!rc)
		rc = check(value_find(call->body, "name"), roles, queues, answer);
	if (!rc)
		rc = add(db, &who, call->body, roles, queues, answer, err);
	who_clear(&who);
	value_free(roles);
	value_free(queues);
	return rc;
}

/* Ends the leases of a person who has no token in force any more. */
static int end_leases(struct db *db, const char *principal, struct err *err)
{
	int64_t left = 0;
	int rc = db_int(db, err, &left, "SELECT count(*) FROM token WHERE principal=?"
	                " AND revoked_ms IS NULL", "s", principal);

	if (rc < 0 || left > 0)
		return rc < 0 ? rc : 0;
	rc = db_do(db, err, "INSERT INTO change(type,queue,stage,subject) SELECT 'header',queue,"
	           "stage,id FROM review WHERE state='open' AND holder=? AND expires_ms>?", "si",
	           principal, db->now_ms);
	return rc ? rc : db_do(db, err, "UPDATE review SET expires_ms=0 WHERE state='open'"
	                       " AND holder=? AND expires_ms>0", "s", principal);
}

static int revoke(struct db *db, struct who *who, const char *id, const char *principal,
                  struct err *err)
{
	int rc = db_do(db, err, "UPDATE token SET revoked_ms=? WHERE id=?", "is", db->now_ms, id);

	if (!rc)
		rc = leaf(db, who, "revoked", id, value_new_array(), err);
	return rc ? rc : end_leases(db, principal, err);
}

int verb_token_revoke(struct db *db, const struct queue_call *call,
                      struct queue_answer *answer, struct err *err)
{
	struct value *found = value_new_array(), *v;
	struct who who;
	sqlite3_stmt *s;
	int rc = who_load(db, call, false, &who, answer, err), row;

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_TOKENS, ROLE_ANY_STAGE, answer);
	if (!rc) {
		row = db_first(db, err, &s, "SELECT id,principal FROM token WHERE revoked_ms IS NULL"
		               " AND (id=? OR principal=?)", "ss", value_text(call->body, "id"),
		               value_text(call->body, "name"));
		for (; row > 0; row = db_row(db, s, err)) {
			v = value_push(found, value_new_object());
			value_set_string(v, "id", db_text(s, 0));
			value_set_string(v, "name", db_text(s, 1));
		}
		rc = row;
	}
	for (size_t i = 0; !rc && i < value_count(found); i++)
		rc = revoke(db, &who, value_text(found->items[i], "id"),
		            value_text(found->items[i], "name"), err);
	who_clear(&who);
	if (!rc && !value_count(found))
		rc = answer_problem(answer, PROBLEM_NOT_FOUND,
		                    _("there is no such token in force"), NULL);
	if (!rc) {
		v = value_new_object();
		value_set_int(v, "revoked", (int64_t)value_count(found));
		answer_json(answer, 200, v);
	}
	value_free(found);
	return rc;
}

static void set_time(struct value *v, const char *name, sqlite3_stmt *s, int column)
{
	char text[CLOCK_TEXT_SIZE];

	value_set_string(v, name, sqlite3_column_type(s, column) == SQLITE_NULL ? NULL
	                 : clock_text(db_i64(s, column), text));
}

int verb_token_list(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                    struct err *err)
{
	struct value *v = value_new_object(), *list = value_set(v, "tokens", value_new_array());
	struct who who;
	sqlite3_stmt *s;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_TOKENS, ROLE_ANY_STAGE, answer);
	who_clear(&who);
	if (!rc)
		for (rc = db_first(db, err, &s, "SELECT t.id,t.principal,r.role,r.queue,t.created_ms,"
		                   "t.revoked_ms FROM token t JOIN token_role r ON r.token=t.id"
		                   " ORDER BY t.n,r.queue,r.role", "");
		     rc > 0; rc = db_row(db, s, err)) {
			struct value *t = value_push(list, value_new_object());

			value_set_string(t, "id", db_text(s, 0));
			value_set_string(t, "name", db_text(s, 1));
			value_set_string(t, "role", db_text(s, 2));
			value_set_string(t, "queue", *db_text(s, 3) ? db_text(s, 3) : NULL);
			set_time(t, "created_at", s, 4);
			set_time(t, "revoked_at", s, 5);
		}
	if (!rc)
		return answer_json(answer, 200, v);
	value_free(v);
	return rc;
}
