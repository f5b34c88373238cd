/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading queues, and telling desks what there is.
 */
#include "queue/sqlite/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/verb.h"
#include "wire/cursor.h"
#include "wire/json.h"

void load_forget(struct db *db)
{
	for (size_t i = 0; i < db->rules_count; i++)
		rules_free(db->rules[i]);
	free(db->rules);
	db->rules = NULL;
	db->rules_count = db->rules_cap = 0;
}

int load_find(struct db *db, const char *queue, const struct rules **out, struct err *err)
{
	struct value *doc;
	sqlite3_stmt *s;
	int rc;

	for (size_t i = 0; i < db->rules_count; i++) {
		if (strcmp(db->rules[i]->definition->queue, queue) == 0) {
			*out = db->rules[i];
			return 1;
		}
	}
	rc = db_first(db, err, &s, "SELECT document FROM queue WHERE name=?", "s", queue);
	if (rc <= 0)
		return rc;
	rc = row_json(db_text(s, 0), &doc, err);
	db_done(s);
	if (rc)
		return rc;
	MEM_GROW(db->rules, db->rules_count, db->rules_cap);
	rc = rules_new(doc, &db->rules[db->rules_count], err);
	if (rc)
		return rc;
	*out = db->rules[db->rules_count++];
	return 1;
}

/* ------------------------------------------------------------------ loading */

/* What the queue had before; empty: it is new, or had none. */
struct previous {
	bool known;
	char definition[HASH_TEXT_SIZE], policy[HASH_TEXT_SIZE], guide[HASH_TEXT_SIZE];
	char *document;
};

static void keep(char out[HASH_TEXT_SIZE], const char *text)
{
	size_t len = text ? strlen(text) : 0;

	memcpy(out, text ? text : "", len < HASH_TEXT_SIZE ? len + 1 : 1);
}

static int read_previous(struct db *db, const char *queue, struct previous *out,
                         struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT definition,policy,guide,document FROM queue"
	                  " WHERE name=?", "s", queue);

	memset(out, 0, sizeof *out);
	if (rc <= 0)
		return rc;
	out->known = true;
	keep(out->definition, db_text(s, 0));
	keep(out->policy, db_text(s, 1));
	keep(out->guide, db_text(s, 2));
	out->document = db_dup(s, 3);
	db_done(s);
	return 0;
}

static int tell_leaf(struct db *db, struct who *who, const struct rules *r,
                     enum leaf_type type, const char *previous, struct err *err)
{
	const struct definition *d = r->definition;
	struct leaf leaf = { .type = type, .subject = d->queue };
	struct value *data = value_new_object();
	int rc;

	who_sign(who, d->queue, ROLE_LOAD, ROLE_ANY_STAGE, &leaf);
	if (type == LEAF_DEFINITION)
		leaf.definition = d->digest;
	else if (type == LEAF_POLICY)
		leaf.policy = r->policy_digest;
	else
		leaf.guide = rules_guide(r);
	value_set_string(data, "previous", *previous ? previous : NULL);
	leaf.data = data;
	rc = tlog_append(db, &leaf, NULL, err);
	value_free(data);
	return rc;
}

static int store_document(struct db *db, const char *sql, const char *digest,
                          const char *queue, const struct value *v, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc;

	json_text(v, &text);
	rc = db_do(db, err, sql, "ssti", digest, queue, text.data, text.len, db->now_ms);
	buf_clear(&text);
	return rc;
}

static int store_documents(struct db *db, const struct rules *r, const char *document,
                           struct err *err)
{
	const struct definition *d = r->definition;
	int rc = store_document(db, "INSERT INTO definition(digest,queue,document,loaded_ms)"
	                        " VALUES(?,?,?,?) ON CONFLICT(digest) DO UPDATE SET"
	                        " document=excluded.document", d->digest, d->queue, d->doc, err);

	if (!rc)
		rc = store_document(db, "INSERT INTO policy(digest,queue,document,loaded_ms)"
		                    " VALUES(?,?,?,?) ON CONFLICT(digest) DO NOTHING",
		                    r->policy_digest, d->queue, r->policy_doc, err);
	if (!rc && rules_guide(r))
		rc = store_document(db, "INSERT INTO guide(digest,queue,document,loaded_ms)"
		                    " VALUES(?,?,?,?) ON CONFLICT(digest) DO NOTHING",
		                    d->guide_digest, d->queue, value_find(d->doc, "guide"), err);
	return rc ? rc : db_do(db, err, "INSERT INTO queue(name,title,kind,definition,policy,guide,"
	                       "document) VALUES(?,?,?,?,?,?,?) ON CONFLICT(name) DO UPDATE SET"
	                       " title=excluded.title, definition=excluded.definition,"
	                       " policy=excluded.policy, guide=excluded.guide,"
	                       " document=excluded.document", "sssssss", d->queue, d->title,
	                       kind_name(d->kind), d->digest, r->policy_digest, rules_guide(r),
	                       document);
}

/* Who holds a review saw it under another definition: decisions on that would
 * be stale, so the leases end now. */
static int recall(struct db *db, const char *queue, struct err *err)
{
	int rc = db_do(db, err, "INSERT INTO change(type,queue,principal,subject)"
	               " SELECT 'recalled',queue,holder,id FROM review WHERE queue=?"
	               " AND state='open' AND expires_ms>?", "si", queue, db->now_ms);

	return rc ? rc : db_do(db, err, "UPDATE review SET expires_ms=0 WHERE queue=?"
	                       " AND state='open' AND expires_ms>0", "s", queue);
}

static int record(struct db *db, struct who *who, const struct rules *r,
                  const struct previous *old, const char *document, struct err *err)
{
	const struct definition *d = r->definition;
	const char *guide = rules_guide(r) ? d->guide_digest : "";
	struct value *body = value_new_object();
	struct buf text = BUF_INIT;
	int rc = store_documents(db, r, document, err);

	if (!rc && old->known && strcmp(d->digest, old->definition) != 0)
		rc = recall(db, d->queue, err);
	if (!rc && strcmp(d->digest, old->definition) != 0)
		rc = tell_leaf(db, who, r, LEAF_DEFINITION, old->definition, err);
	if (!rc && strcmp(r->policy_digest, old->policy) != 0)
		rc = tell_leaf(db, who, r, LEAF_POLICY, old->policy, err);
	if (!rc && strcmp(guide, old->guide) != 0)
		rc = tell_leaf(db, who, r, LEAF_GUIDE, old->guide, err);
	value_set_string(body, "queue", d->queue);
	value_set_string(body, "definition_digest", d->digest);
	value_set_string(body, "policy_digest", r->policy_digest);
	value_set_string(body, "guide_digest", rules_guide(r));
	json_text(body, &text);
	if (!rc)
		rc = reviews_tell(db, "definition", d->queue, NULL, NULL, d->queue, text.data, err);
	buf_clear(&text);
	value_free(body);
	return rc;
}

/* Members of the overlay's entry for this queue replace those of the document. */
static void lay_over(struct value *doc, const struct value *overlay)
{
	const char *queue = value_text(doc, "queue");

	overlay = value_find(overlay, "queues") ? value_find(overlay, "queues") : overlay;
	for (size_t i = 0; queue && i < value_count(overlay); i++) {
		const struct value *entry = value_at(overlay, i);
		const char *name = value_text_or(entry, "queue", value_key(overlay, i));

		if (!name || strcmp(name, queue) != 0)
			continue;
		for (size_t m = 0; m < value_count(entry); m++)
			if (strcmp(value_key(entry, m), "queue") != 0)
				value_set(doc, value_key(entry, m), value_copy(value_at(entry, m)));
	}
}

static struct value *loaded_value(const struct rules *r, const char *word)
{
	struct value *v = value_new_object();

	value_set_string(v, "queue", r->definition->queue);
	value_set_string(v, "loaded", word);
	value_set_string(v, "definition_digest", r->definition->digest);
	value_set_string(v, "policy_digest", r->policy_digest);
	value_set_string(v, "guide_digest", rules_guide(r));
	return v;
}

static int load_one(struct db *db, struct who *who, struct value *doc /* stolen */,
                    struct value *list, struct err *err)
{
	struct previous old = { .known = false };
	struct buf text = BUF_INIT;
	struct rules *r = NULL;
	const char *word;
	int rc;

	json_text(doc, &text);
	rc = rules_new(doc, &r, err);
	if (!rc)
		rc = read_previous(db, r->definition->queue, &old, err);
	if (!rc && old.known && value_find(r->definition->doc, "kind")) {
		sqlite3_stmt *s;
		int same = db_first(db, err, &s, "SELECT 1 FROM queue WHERE name=? AND kind=?", "ss",
		                    r->definition->queue, kind_name(r->definition->kind));

		if (same > 0)
			db_done(s);
		rc = same < 0 ? same : same ? 0
			: err_set(err, ERR_CONFLICT, N_("the kind of queue %s cannot change"),
			          r->definition->queue);
	}
	if (!rc) {
		word = !old.known ? "new" : strcmp(old.document, text.data) ? "changed" : "same";
		if (strcmp(word, "same") != 0)
			rc = record(db, who, r, &old, text.data, err);
		value_push(list, loaded_value(r, word));
	}
	free(old.document);
	buf_clear(&text);
	rules_free(r);
	return rc;
}

int verb_load(struct db *db, const struct queue_call *call, struct queue_answer *answer,
              struct err *err)
{
	const struct value *queues = value_find(call->body, "queues");
	struct value *list = value_new_array(), *v;
	struct err bad = ERR_INIT;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_LOAD, ROLE_ANY_STAGE, answer);
	if (!rc && !value_is(queues, VALUE_ARRAY))
		rc = answer_problem(answer, PROBLEM_INVALID, _("there is no list of queues"),
		                    "/queues");
	for (size_t i = 0; !rc && i < value_count(queues); i++) {
		struct value *doc = value_copy(queues->items[i]);

		lay_over(doc, value_find(call->body, "overlay"));
		rc = load_one(db, &who, doc, list, &bad);
		if (rc == ERR_INVALID || rc == ERR_UNSUPPORTED || rc == ERR_DENIED
		    || rc == ERR_LIMIT || rc == ERR_NEWER || rc == ERR_CONFLICT) {
			struct err placed = bad;

			placed.where[0] = '\0';
			err_where(&placed, "/queues/%zu%s", i, bad.where);
			rc = answer_fault(answer, PROBLEM_INVALID, &placed);
		} else if (rc < 0 && err) {
			*err = bad;
		}
	}
	load_forget(db);
	who_clear(&who);
	if (rc) {
		value_free(list);
		return rc;
	}
	v = value_new_object();
	value_set(v, "queues", list);
	return answer_json(answer, 200, v);
}

/* ------------------------------------------------------------------ reading */

static struct value *role_names_of(unsigned set)
{
	struct value *names = value_new_array();

	for (int r = 0; r < ROLE_COUNT; r++)
		if (role_set_has(set, (enum role)r))
			value_push(names, value_new_string(role_name((enum role)r)));
	return names;
}

static int queue_value(struct db *db, const struct who *who, sqlite3_stmt *s,
                       struct value *list, struct err *err)
{
	struct value *v = value_push(list, value_new_object()), *doc;
	const char *name = db_text(s, 0);
	char stages[WHO_STAGES_SIZE];
	int64_t waiting = 0;
	int rc = row_json(db_text(s, 6), &doc, err);

	if (rc)
		return rc;
	value_set_string(v, "queue", name);
	value_set_string(v, "title", db_text(s, 1));
	value_set_string(v, "kind", db_text(s, 2));
	value_set(v, "definition", doc);
	value_set_string(v, "definition_digest", db_text(s, 3));
	value_set_string(v, "policy_digest", db_text(s, 4));
	value_set_string(v, "guide_digest", db_text(s, 5));
	value_set(v, "roles", role_names_of(who_set(who, name)));
	rc = db_int(db, err, &waiting, "SELECT count(*) FROM review WHERE queue=? AND state='open'"
	            " AND stage IN (SELECT value FROM json_each(?))", "ss", name,
	            who_stages(who, name, ROLE_REVIEWS, stages));
	value_set_int(v, "waiting", waiting);
	return rc < 0 ? rc : 0;
}

static int add_ends(struct db *db, const struct who *who, struct value *v, struct err *err)
{
	struct value *me = value_set(v, "principal", value_new_object());
	struct value *log = value_set(v, "log", value_new_object());
	char cursor[CURSOR_TEXT_SIZE];
	int64_t last = 0;
	int rc = db_int(db, err, &last, "SELECT coalesce(max(n),0) FROM change", "");

	value_set_string(me, "name", who->name);
	value_set_string(v, "server_time", db->now);
	value_set_int(v, "epoch", db->epoch);
	value_set_string(log, "origin", db->origin);
	value_set_string(log, "vkey", db->vkey);
	value_set_string(v, "cursor", cursor_text(db->epoch, last, cursor));
	return rc < 0 ? rc : 0;
}

int verb_queues(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                struct err *err)
{
	struct value *v = value_new_object(), *list = value_set(v, "queues", value_new_array());
	struct who who;
	sqlite3_stmt *s = NULL;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_QUEUES, ROLE_ANY_STAGE, answer);
	if (!rc) {
		int more = db_first(db, err, &s, "SELECT name,title,kind,definition,policy,guide,"
		                    "document FROM queue ORDER BY name", "");

		for (; more > 0; more = db_row(db, s, err)) {
			if (!who_may(&who, db_text(s, 0), ROLE_QUEUES, ROLE_ANY_STAGE))
				continue;
			rc = queue_value(db, &who, s, list, err);
			if (rc) {
				db_done(s);
				break;
			}
		}
		rc = more < 0 ? more : rc;
	}
	if (!rc)
		rc = add_ends(db, &who, v, err);
	who_clear(&who);
	if (!rc)
		return answer_json(answer, 200, v);
	value_free(v);
	return rc;
}

int verb_definition(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                    struct err *err)
{
	char *digest = mem_printf("%s%s", strncmp(call->id, "sha256:", 7) ? "sha256:" : "",
	                          call->id);
	struct value *v, *doc = NULL;
	struct who who;
	sqlite3_stmt *s;
	int rc = who_load(db, call, false, &who, answer, err), found;

	if (!rc) {
		found = db_first(db, err, &s, "SELECT queue,document FROM definition WHERE digest=?",
		                 "s", digest);
		rc = found < 0 ? found : 0;
		if (found > 0) {
			if (who_may(&who, db_text(s, 0), ROLE_QUEUES, ROLE_ANY_STAGE))
				rc = row_json(db_text(s, 1), &doc, err);
			db_done(s);
		}
	}
	free(digest);
	who_clear(&who);
	if (rc)
		return rc;
	if (!doc)
		return answer_problem(answer, PROBLEM_NOT_FOUND, NULL, NULL);
	v = value_new_object();
	value_set(v, "definition", doc);
	return answer_json(answer, 200, v);
}
