/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "queue/leaving.h"
#include "queue/sqlite/tlog.h"
#include "wire/digest.h"
#include "wire/json.h"

static char *text_of(const struct value *v)
{
	struct buf b = BUF_INIT;

	json_text(v, &b);
	return buf_take(&b);
}

int results_prepare(struct db *db, const char *proposal, const char *state,
                    const struct value *value, const char *message,
                    const struct value *edited, const char *decision,
                    struct result_new *out, struct err *err)
{
	struct value *content, *none = value_new_array();
	int rc;

	memset(out, 0, sizeof *out);
	rc = db_int(db, err, &out->number, "SELECT coalesce(max(number),0)+1 FROM result"
	            " WHERE proposal=?", "s", proposal);
	content = digest_answer(value, message, NULL);
	utf8_copy(out->state, sizeof out->state, state);
	out->changed = value_count(edited) > 0;
	out->decision = decision;
	hash_new_salt(out->salt);
	digest_content(out->salt, content, out->digest);
	out->document = text_of(content);
	out->edited = text_of(edited ? edited : none);
	value_free(content);
	value_free(none);
	return rc < 0 ? rc : 0;
}

void results_clear(struct result_new *r)
{
	free(r->document);
	free(r->edited);
	memset(r, 0, sizeof *r);
}

struct value *results_leaf_data(const struct result_new *r)
{
	struct value *v = value_new_object();

	value_set_int(v, "number", r->number);
	value_set_string(v, "digest", r->digest);
	value_set_string(v, "state", r->state);
	value_set_bool(v, "changed", r->changed);
	return v;
}

int64_t results_current(const struct row_proposal *p)
{
	return states_is_result(p->state) ? p->result_number : 0;
}

int results_store(struct db *db, const struct row_proposal *p, const struct result_new *r,
                  int64_t leaf, struct err *err)
{
	return db_do(db, err, "INSERT INTO result(proposal,number,revision,producer,state,changed,"
	             "decision,digest,salt,document,edited,at_ms,delivered_ms,leaf)"
	             " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,0,?)", "siissnsssssii", p->id, r->number,
	             p->revision, p->producer, r->state, (int)r->changed, r->decision, r->digest,
	             r->salt, r->document, r->edited, db->now_ms, leaf);
}

int results_state(struct db *db, struct row_proposal *p, const char *state,
                  int64_t result_number, struct err *err)
{
	utf8_copy(p->state, sizeof p->state, state);
	p->result_number = result_number;
	return db_do(db, err, "UPDATE proposal SET state=?, result_number=? WHERE n=?", "sii",
	             p->state, result_number, p->n);
}

int results_server(struct db *db, struct row_proposal *p, const struct row_revision *rev,
                   const char *state, const struct value *value, const char *message,
                   struct value *data, struct err *err)
{
	struct leaf leaf = { .type = LEAF_RESULT, .actor = "server", .queue = p->queue,
		.subject = p->id, .revision = p->revision, .proposed = rev->digest,
		.definition = rev->definition, .policy = rev->policy,
		.guide = *rev->guide ? rev->guide : NULL, .state = state, .route = p->route };
	struct result_new r;
	struct value *about;
	int64_t index;
	int rc = results_prepare(db, p->id, state, value, message, NULL, NULL, &r, err);

	about = results_leaf_data(&r);
	while (value_count(data)) {
		const char *key = value_key(data, 0);
		char *name = mem_strdup(key);

		value_set(about, name, value_take(data, name));
		free(name);
	}
	leaf.data = about;
	if (!rc)
		rc = tlog_append(db, &leaf, &index, err);
	if (!rc)
		rc = results_store(db, p, &r, index, err);
	if (!rc)
		rc = results_state(db, p, state, r.number, err);
	value_free(data);
	value_free(about);
	results_clear(&r);
	return rc;
}

static void set_time(struct value *v, const char *name, int64_t at_ms)
{
	char text[CLOCK_TEXT_SIZE];

	value_set_string(v, name, at_ms > 0 ? clock_text(at_ms, text) : NULL);
}

/* The result's columns as the producer's members. */
static struct value *result_value(sqlite3_stmt *s, enum kind kind)
{
	struct value *v = value_new_object(), *content = NULL, *edited = NULL;
	char *sentence;

	if (db_text(s, 6))
		row_json(db_text(s, 6), &content, NULL);
	row_json(db_text(s, 7), &edited, NULL);
	sentence = leaving_sentence(kind, edited);
	value_set_int(v, "number", db_i64(s, 0));
	value_set_string(v, "state", db_text(s, 1));
	value_set_bool(v, "changed", db_i64(s, 2));
	value_set(v, "value", content ? value_take(content, "value") : value_new_null());
	value_set_string(v, "edited", sentence);
	value_set_string(v, "message", value_text(content, "message"));
	set_time(v, "decided_at", db_i64(s, 8));
	value_set_string(v, "digest", db_text(s, 4));
	value_set_string(v, "salt", db_text(s, 5));
	value_set_string(v, "decision", db_text(s, 3));
	if (!content)
		value_set_bool(v, "gone", true);
	free(sentence);
	value_free(edited);
	value_free(content);
	return v;
}

int results_view(struct db *db, const struct row_proposal *p, int64_t number,
                 struct value **out, struct err *err)
{
	struct value *v = value_new_object(), *result = NULL;
	sqlite3_stmt *s;
	int rc = 0;

	if (number > 0)
		rc = db_first(db, err, &s, "SELECT number,state,changed,decision,digest,salt,document,"
		              "edited,at_ms FROM result WHERE proposal=? AND number=?", "si", p->id,
		              number);
	if (rc > 0) {
		result = result_value(s, p->kind);
		db_done(s);
	}
	value_set_string(v, "id", p->id);
	value_set_string(v, "external_id", p->external_id);
	value_set_string(v, "queue", p->queue);
	value_set_int(v, "revision", p->revision);
	value_set_string(v, "state", p->state);
	set_time(v, "expires_at", p->expires_ms);
	value_set_bool(v, "consumed", p->released_by != NULL);
	value_set(v, "result", result ? result : value_new_null());
	if (rc >= 0)
		rc = db_first(db, err, &s, "SELECT digest FROM revision WHERE proposal=? AND number=?",
		              "si", p->id, p->revision);
	if (rc > 0) {
		value_set_string(v, "digest", db_text(s, 0));
		db_done(s);
	}
	if (rc < 0)
		value_free(v);
	else
		*out = v;
	return rc < 0 ? rc : 0;
}

int results_delivered(struct db *db, const char *proposal, int64_t number, struct err *err)
{
	return db_do(db, err, "UPDATE result SET delivered_ms=? WHERE proposal=? AND number=?"
	             " AND delivered_ms=0", "isi", db->now_ms, proposal, number);
}
