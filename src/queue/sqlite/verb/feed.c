/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists and feeds: headers of reviews, changes, feedback rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "queue/sqlite/verb/lease.h"
#include "wire/cursor.h"
#include "wire/header.h"
#include "wire/json.h"

enum { LIST_MAX = 500, WAIT_MAX_S = 25 };

static int set_cursor(struct db *db, struct value *v, const char *table_sql, struct err *err)
{
	char cursor[CURSOR_TEXT_SIZE];
	int64_t last = 0;
	int rc = db_int(db, err, &last, table_sql, "");

	value_set_string(v, "cursor", cursor_text(db->epoch, last, cursor));
	return rc < 0 ? rc : 0;
}

/* ------------------------------------------------------------------- headers */

/* A stage that is shown blind keeps the confidence to itself. */
static struct value *header_value(const struct db *db, const struct row_review *r,
                                  const char *state)
{
	struct review_header h;

	reviews_header(db, r, state, &h);
	if (r->view == VIEW_BLIND)
		h.confidence_pm = -1;
	return wire_header_value(&h);
}

/* Where the page before ended. */
struct place {
	char *queue, *stage;
	int64_t order, n;
};

static int find_place(struct db *db, const struct queue_call *call, struct place *out,
                      struct err *err)
{
	const char *after = value_text(call->query, "after");
	sqlite3_stmt *s;
	int rc = 0;

	*out = (struct place){ .order = INT64_MIN };
	if (after && strlen(after) < 18 && strspn(after, "0123456789") == strlen(after))
		rc = db_first(db, err, &s, "SELECT queue,stage,order_key,n FROM review WHERE n=?", "i",
		              (int64_t)strtoll(after, NULL, 10));
	if (rc > 0) {
		out->queue = db_dup(s, 0);
		out->stage = db_dup(s, 1);
		out->order = db_i64(s, 2);
		out->n = db_i64(s, 3);
		db_done(s);
	} else {
		out->queue = mem_strdup(value_text_or(call->query, "queue", ""));
		out->stage = mem_strdup(*out->queue ? value_text_or(call->query, "stage", "") : "");
	}
	return rc < 0 ? rc : 0;
}

struct listing {
	const struct who *who;
	const char *queue, *stage;       /* or NULL */
	struct lease_filter filter;
	struct place place;
	int64_t limit;
};

static bool wanted(const struct listing *l, const struct row_review *r)
{
	const struct lease_filter *f = &l->filter;

	return (!l->stage || strcmp(l->stage, stage_name(r->stage)) == 0)
	       && (!f->class_name || strcmp(f->class_name, class_name(r->safety_class)) == 0)
	       && (!f->case_id || (r->case_id && strcmp(f->case_id, r->case_id) == 0))
	       && (!f->external_id || strstr(r->external_id, f->external_id))
	       && who_may(l->who, r->queue, ROLE_REVIEWS, (int)r->stage);
}

/* In the order of the index, so that a page costs what it shows: by queue, by
 * stage, then in the order of work. */
static int list_headers(struct db *db, const struct listing *l, struct value *list,
                        int64_t *last, bool *more, struct err *err)
{
	sqlite3_stmt *s;
	bool full = false;
	int rc = db_first(db, err, &s, "SELECT " ROW_REVIEW_COLUMNS ",P.state FROM review R"
	                  " JOIN proposal P ON P.id=R.proposal WHERE R.state='open'"
	                  " AND (R.queue,R.stage,R.order_key,R.n)>(?,?,?,?)"
	                  " ORDER BY R.queue,R.stage,R.order_key,R.n", "ssii", l->place.queue,
	                  l->place.stage, l->place.order, l->place.n);

	while (rc > 0) {
		struct row_review r;

		row_review_read(s, &r);
		full = l->queue && strcmp(l->queue, r.queue) != 0;
		if (!full && wanted(l, &r)) {
			full = *more = (int64_t)value_count(list) == l->limit;
			if (!full) {
				*last = r.n;
				value_push(list, header_value(db, &r, db_text(s, ROW_REVIEW_COUNT)));
			}
		}
		row_review_clear(&r);
		if (full) {
			db_done(s);
			return 0;
		}
		rc = db_row(db, s, err);
	}
	return rc;
}

int verb_reviews(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                 struct err *err)
{
	struct value *v = value_new_object(), *list = value_set(v, "reviews", value_new_array());
	struct listing l = { .queue = value_text(call->query, "queue"),
		.stage = value_text(call->query, "stage"),
		.limit = answer_number(call, "limit", LIST_MAX, LIST_MAX) };
	char after[24];
	int64_t last = 0;
	bool more = false;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	l.who = &who;
	lease_filter_read(value_text(call->query, "filter"), &l.filter);
	if (!rc)
		rc = who_demand(&who, l.queue, ROLE_REVIEWS, ROLE_ANY_STAGE, answer);
	if (!rc)
		rc = find_place(db, call, &l.place, err);
	if (!rc)
		rc = list_headers(db, &l, list, &last, &more, err);
	if (!rc)
		rc = set_cursor(db, v, "SELECT coalesce(max(n),0) FROM change", err);
	snprintf(after, sizeof after, "%lld", (long long)last);
	value_set_string(v, "after", more ? after : NULL);
	value_set_bool(v, "more", more);
	lease_filter_clear(&l.filter);
	free(l.place.queue);
	free(l.place.stage);
	who_clear(&who);
	if (!rc)
		return answer_json(answer, 200, v);
	value_free(v);
	return rc;
}

/* ------------------------------------------------------------------- changes */

/* One change as this person may see it; NULL: not for them, or moot by now. */
static int change_value(struct db *db, const struct who *who, sqlite3_stmt *s,
                        struct value **out, struct err *err)
{
	const char *type = db_text(s, 1), *queue = db_text(s, 2), *principal = db_text(s, 4);
	const char *subject = db_text(s, 5);
	struct value *v = NULL;
	struct row_review r;
	sqlite3_stmt *state;
	enum stage stage;
	int rc = 0, at = ROLE_ANY_STAGE;

	*out = NULL;
	if (db_text(s, 3) && stage_find(db_text(s, 3), &stage))
		at = (int)stage;
	if (principal ? strcmp(principal, who->name) != 0
	    : !who_may(who, queue, ROLE_REVIEWS, at))
		return 0;
	if (db_text(s, 6))
		row_json(db_text(s, 6), &v, NULL);
	if (!v)
		v = value_new_object();
	if (strcmp(type, "header") == 0) {
		rc = db_first(db, err, &state, "SELECT " ROW_REVIEW_COLUMNS ",P.state FROM review R"
		              " JOIN proposal P ON P.id=R.proposal WHERE R.id=? AND R.state='open'",
		              "s", subject);
		if (rc <= 0) {
			value_free(v);
			return rc;
		}
		row_review_read(state, &r);
		value_set(v, "header", header_value(db, &r, db_text(state, ROW_REVIEW_COUNT)));
		row_review_clear(&r);
		db_done(state);
	} else if (strcmp(type, "gone") == 0 || strcmp(type, "recalled") == 0) {
		value_set_string(v, "review", subject);
		value_set_string(v, "queue", queue);
	}
	value_set_int(v, "index", db_i64(s, 0));
	value_set_string(v, "type", type);
	*out = v;
	return 0;
}

static int list_changes(struct db *db, const struct who *who, int64_t *last, int64_t limit,
                        struct value *list, bool *more, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT n,type,queue,stage,principal,subject,body FROM change"
	                  " WHERE n>? ORDER BY n", "i", *last);

	for (; rc > 0; rc = db_row(db, s, err)) {
		struct value *v;
		int one;

		if ((int64_t)value_count(list) == limit) {
			*more = true;
			db_done(s);
			return 0;
		}
		one = change_value(db, who, s, &v, err);
		if (one < 0) {
			db_done(s);
			return one;
		}
		*last = db_i64(s, 0);
		value_push(list, v);
	}
	return rc;
}

/* Where to go on; DB_ANSWERED where the cursor is another log's or none. */
static int read_cursor(struct db *db, const struct queue_call *call, const char *last_sql,
                       int64_t *after, bool *fresh, struct queue_answer *answer,
                       struct err *err)
{
	const char *text = value_text(call->query, "after");
	int64_t epoch, last = 0;
	int rc = db_int(db, err, &last, last_sql, "");

	if (rc < 0)
		return rc;
	*fresh = !text || !*text;
	*after = last;
	if (*fresh)
		return 0;
	if (!cursor_parse(text, &epoch, after) || epoch != db->epoch || *after > last)
		return answer_problem(answer, PROBLEM_MUST_REFETCH, NULL, NULL);
	return 0;
}

static void set_note(const struct db *db, struct value *v)
{
	struct buf note = BUF_INIT;

	tlog_note(db, &note);
	value_set_string(v, "checkpoint", buf_str(&note));
	buf_clear(&note);
}

int verb_changes(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                 struct err *err)
{
	struct value *v = value_new_object(), *list = value_set(v, "changes", value_new_array());
	char cursor[CURSOR_TEXT_SIZE];
	int64_t last = 0;
	bool fresh = false, more = false;
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, NULL, ROLE_CHANGES, ROLE_ANY_STAGE, answer);
	if (!rc)
		rc = read_cursor(db, call, "SELECT coalesce(max(n),0) FROM change", &last, &fresh,
		                 answer, err);
	if (!rc && !fresh)
		rc = list_changes(db, &who, &last, answer_number(call, "limit", LIST_MAX, LIST_MAX),
		                  list, &more, err);
	who_clear(&who);
	if (rc) {
		value_free(v);
		return rc;
	}
	value_set_string(v, "cursor", cursor_text(db->epoch, last, cursor));
	value_set_bool(v, "more", more);
	set_note(db, v);
	fresh = fresh || value_count(list) || !answer_number(call, "wait", 0, WAIT_MAX_S);
	answer_json(answer, 200, v);
	answer->wait = !fresh;
	return 0;
}

/* -------------------------------------------------------------- results, feed */

int verb_feedback(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                  struct err *err)
{
	const char *queue = value_text(call->query, "queue"), *after = value_text(call->query, "after");
	int64_t limit = answer_number(call, "limit", LIST_MAX, 1000), last = 0, count = 0;
	bool more = false, by_queue = queue && *queue;
	struct buf out = BUF_INIT;
	struct who who;
	sqlite3_stmt *s;
	int rc = who_load(db, call, false, &who, answer, err);

	if (!rc)
		rc = who_demand(&who, by_queue ? queue : NULL, ROLE_FEEDBACK, ROLE_ANY_STAGE, answer);
	if (after && strlen(after) < 18)
		last = strtoll(after, NULL, 10);
	buf_adds(&out, "{\"rows\":[");
	if (!rc) {
		rc = by_queue
			? db_first(db, err, &s, "SELECT n,queue,row FROM feedback WHERE queue=? AND n>?"
			           " ORDER BY n", "si", queue, last)
			: db_first(db, err, &s, "SELECT n,queue,row FROM feedback WHERE n>? ORDER BY n",
			           "i", last);
		for (; rc > 0; rc = db_row(db, s, err)) {
			if (!who_may(&who, db_text(s, 1), ROLE_FEEDBACK, ROLE_ANY_STAGE))
				continue;
			if (count == limit || (count && out.len > ANSWER_BYTES)) {
				more = true;
				db_done(s);
				rc = 0;
				break;
			}
			buf_adds(&out, count++ ? "," : "");
			buf_adds(&out, db_text(s, 2));
			last = db_i64(s, 0);
		}
	}
	who_clear(&who);
	buf_addf(&out, "],\"after\":\"%lld\",\"more\":%s}", (long long)last, more ? "true" : "false");
	if (!rc)
		return answer_text(answer, 200, &out);
	buf_clear(&out);
	return rc;
}

int verb_health(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                struct err *err)
{
	struct value *v = value_new_object();

	(void)call;
	(void)err;
	value_set_string(v, "status", "ok");
	value_set_string(v, "version", PACKAGE_VERSION);
	value_set_int(v, "wire", 1);
	value_set_int(v, "epoch", db->epoch);
	value_set_string(v, "time", db->now);
	return answer_json(answer, 200, v);
}
