/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking leases: make it so that this device holds so many.
 */
#include "queue/sqlite/verb/lease.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "queue/holder.h"
#include "queue/order.h"
#include "queue/sqlite/expiry.h"
#include "queue/sqlite/load.h"
#include "queue/sqlite/reviews.h"
#include "queue/sqlite/tlog.h"
#include "wire/json.h"

void lease_filter_read(const char *text, struct lease_filter *out)
{
	char *at, *word;

	memset(out, 0, sizeof *out);
	if (!text || !*text)
		return;
	at = out->text = mem_strdup(text);
	while ((word = strsep(&at, " "))) {
		if (strncmp(word, "class=", 6) == 0)
			out->class_name = word + 6;
		else if (strncmp(word, "case=", 5) == 0)
			out->case_id = word + 5;
		else if (*word)
			out->external_id = word;
	}
}

void lease_filter_clear(struct lease_filter *f)
{
	free(f->text);
	memset(f, 0, sizeof *f);
}

int lease_device(struct db *db, struct who *who, const char *device,
                 struct queue_answer *answer, struct err *err)
{
	struct leaf leaf = { .type = LEAF_DEVICE, .subject = device, .device = device };
	struct value *data;
	sqlite3_stmt *s;
	bool own;
	int rc;

	if (!device || !id_valid(device))
		return answer_problem(answer, PROBLEM_INVALID, _("a device has an id"), "/device");
	rc = db_first(db, err, &s, "SELECT principal=? FROM device WHERE id=?", "ss", who->name,
	              device);
	if (rc < 0)
		return rc;
	if (rc > 0) {
		own = db_i64(s, 0);
		db_done(s);
		return own ? 0 : answer_problem(answer, PROBLEM_FORBIDDEN,
		                                _("this device is another person's"), "/device");
	}
	rc = db_do(db, err, "INSERT INTO device(id,principal,first_ms,high_seq) VALUES(?,?,?,0)",
	           "ssi", device, who->name, db->now_ms);
	if (rc)
		return rc;
	data = value_new_object();
	value_set_string(data, "principal", who->name);
	who_sign(who, NULL, ROLE_LEASE, ROLE_ANY_STAGE, &leaf);
	leaf.data = data;
	rc = tlog_append(db, &leaf, NULL, err);
	value_free(data);
	return rc;
}

/* ------------------------------------------------------------------ the call */

struct asking {
	struct who *who;
	const char *device, *queue;
	const char *stage;               /* or NULL */
	int64_t want;
	int64_t offline_ms;              /* 0: at the desk */
	struct lease_filter filter;
	const struct value *reviews, *have, *renew;
	struct value *refused;           /* of those named; owned */
};

static int read_asking(const struct queue_call *call, struct asking *a,
                       struct queue_answer *answer)
{
	const char *until = value_text(call->body, "offline_until");
	const struct value *want = value_find(call->body, "want");
	enum stage stage;

	a->device = value_text(call->body, "device");
	a->queue = value_text(call->body, "queue");
	a->stage = value_text(call->body, "stage");
	a->reviews = value_find(call->body, "reviews");
	a->have = value_find(call->body, "have");
	a->renew = value_find(call->body, "renew");
	a->refused = value_new_array();
	lease_filter_read(value_text(call->body, "filter"), &a->filter);
	if (a->stage && !stage_find(a->stage, &stage))
		return answer_problem(answer, PROBLEM_INVALID, _("there is no such stage"), "/stage");
	if (until && !clock_parse(until, &a->offline_ms))
		return answer_problem(answer, PROBLEM_INVALID, _("this is no time"),
		                      "/offline_until");
	if (want && (!value_is(want, VALUE_INT) || want->i < 0))
		return answer_problem(answer, PROBLEM_INVALID, _("this is no number of leases"),
		                      "/want");
	a->want = want ? want->i : 0;
	if (a->want > (a->offline_ms ? ORDER_OFFLINE_MAX : ORDER_PREFETCH_MAX))
		a->want = a->offline_ms ? ORDER_OFFLINE_MAX : ORDER_PREFETCH_MAX;
	if (a->want && !a->queue)
		return answer_problem(answer, PROBLEM_INVALID, _("which queue?"), "/queue");
	return 0;
}

static void asking_clear(struct asking *a)
{
	value_free(a->refused);
	lease_filter_clear(&a->filter);
}

/* --------------------------------------------------------------------- grants */

/* When the lease would end; 0 where the proposal expires at this moment. A
 * suspended or delivered proposal is worked on beyond its time. */
static int lease_end(struct db *db, const struct asking *a, const struct row_review *r,
                     int64_t *end, int *people, const struct rules **rules, struct err *err)
{
	struct row_proposal p;
	int rc = row_proposal_get(db, r->proposal, &p, err);

	*end = 0;
	if (rc > 0)
		rc = load_find(db, r->queue, rules, err);
	if (rc > 0 && expiry_due(db, &p)) {
		rc = expiry_apply(db, &p, err);
		rc = rc ? rc : 1;
	} else if (rc > 0) {
		*people = p.people;
		*end = order_lease_end(db->now_ms, (*rules)->definition->lease_s,
		                       r->safety_class == CLASS_HIGH_IMPACT ? 0 : a->offline_ms,
		                       p.expires_ms > db->now_ms ? p.expires_ms : 0);
	}
	row_proposal_clear(&p);
	return rc < 0 ? rc : rc == 0 ? err_set(err, ERR_CORRUPT,
		N_("a review names what is not stored")) : 0;
}

static int grant(struct db *db, struct asking *a, const struct row_review *r, struct err *err)
{
	const struct rules *rules;
	const char *view;
	int64_t end, token;
	int people, rc = lease_end(db, a, r, &end, &people, &rules, err);

	if (rc || end <= db->now_ms)
		return rc;
	token = (db->epoch << 32) + ++db->state.grants;
	view = view_kind_name(reviews_view(rules, r->stage, people));
	/* The check of the holder stands in the statement that changes it. Who has
	 * given an own answer before sees the whole from then on. */
	rc = db_do(db, err, "UPDATE review SET holder=?1, device=?2, token=?3, expires_ms=?4,"
	           " offline=?5, own=(SELECT digest FROM own WHERE review=review.id"
	           "   AND principal=?1),"
	           " view=CASE WHEN EXISTS(SELECT 1 FROM own WHERE review=review.id"
	           "   AND principal=?1) THEN 'full' ELSE ?6 END"
	           " WHERE n=?7 AND state='open' AND (expires_ms<=?8 OR ?9)", "ssiinsiin",
	           a->who->name, a->device, token, end, (int)(a->offline_ms > 0), view, r->n,
	           db->now_ms, (int)!holder_checked());
	if (!rc && sqlite3_changes(db->sql) != 1)
		return 0;
	return rc ? rc : reviews_tell(db, "header", r->queue, stage_name(r->stage), NULL, r->id,
	                              NULL, err);
}

/* Renews what this device holds, or held until now and nobody took since. */
static int renew(struct db *db, struct asking *a, const char *review, struct err *err)
{
	const struct rules *rules;
	struct row_review r;
	int64_t end;
	int people, rc = row_review_get(db, review, &r, err);

	if (rc > 0 && strcmp(r.state, "open") == 0 && r.holder && r.device
	    && strcmp(r.holder, a->who->name) == 0 && strcmp(r.device, a->device) == 0
	    && r.expires_ms != 0) {
		rc = lease_end(db, a, &r, &end, &people, &rules, err);
		if (!rc && end > r.expires_ms)
			rc = db_do(db, err, "UPDATE review SET expires_ms=? WHERE n=?", "ii", end, r.n);
		if (!rc && r.expires_ms <= db->now_ms)
			rc = reviews_tell(db, "header", r.queue, stage_name(r.stage), NULL, r.id, NULL,
			                  err);
	}
	row_review_clear(&r);
	return rc < 0 ? rc : 0;
}

/* ------------------------------------------------------------------- choosing */

static const char *why_refused(struct db *db, const struct asking *a,
                               const struct row_review *r, struct err *err)
{
	int64_t free_of_interest = 0;

	if (strcmp(r->state, "open") != 0)
		return _("this review is closed");
	if (!who_may(a->who, r->queue, ROLE_LEASE, (int)r->stage))
		return _("your role does not take this stage");
	if (holder_checked() && r->expires_ms > db->now_ms)
		return _("somebody else has it");
	if (a->offline_ms && r->safety_class == CLASS_HIGH_IMPACT)
		return _("high impact items are not taken away");
	if (r->named_to && r->named_ms > db->now_ms && strcmp(r->named_to, a->who->name) != 0)
		return _("it is kept for another person");
	if (db_int(db, err, &free_of_interest, "SELECT " REVIEWS_FOUR_EYES " FROM review R WHERE R.n=?2",
	           "si", a->who->name, r->n) > 0 && !free_of_interest)
		return _("another person must look at this");
	return NULL;
}

static bool holds(const struct db *db, const struct asking *a, const struct row_review *r)
{
	return r->holder && r->device && strcmp(r->holder, a->who->name) == 0
	       && strcmp(r->device, a->device) == 0 && strcmp(r->state, "open") == 0
	       && r->expires_ms > db->now_ms;
}

static int take_named(struct db *db, struct asking *a, const char *review, struct err *err)
{
	struct row_review r;
	const char *why = NULL;
	int rc = row_review_get(db, review, &r, err);

	/* What a person may not see is not there. */
	if (rc == 0 || (rc > 0 && !who_may(a->who, r.queue, ROLE_REVIEWS, ROLE_ANY_STAGE)))
		why = _("there is no such review");
	else if (rc > 0 && !holds(db, a, &r))
		why = why_refused(db, a, &r, err);
	if (rc > 0 && !why && !holds(db, a, &r)) {
		rc = grant(db, a, &r, err);
		if (!rc)
			rc = db_do(db, err, "DELETE FROM lease_skip WHERE review=? AND principal=?",
			           "ss", r.id, a->who->name);
	}
	if (why) {
		struct value *v = value_push(a->refused, value_new_object());

		value_set_string(v, "review", review);
		value_set_string(v, "text", why);
	}
	row_review_clear(&r);
	return rc < 0 ? rc : 0;
}

struct choice {
	struct row_review *items;
	size_t count, cap;
};

static void choice_clear(struct choice *c)
{
	for (size_t i = 0; i < c->count; i++)
		row_review_clear(&c->items[i]);
	free(c->items);
	memset(c, 0, sizeof *c);
}

/* The first `limit` reviews of a stage that are free and this person's to take. */
static int candidates(struct db *db, const struct asking *a, const char *stage, int64_t limit,
                      bool spare_cases, struct choice *out, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT " ROW_REVIEW_COLUMNS " FROM review R"
		" WHERE R.queue=?2 AND R.stage=?3 AND R.state='open'"
		" AND (R.expires_ms<=?4 OR ?5) AND (R.expires_ms<=?4 OR R.device<>?13)"
		" AND (R.named_to IS NULL OR R.named_to=?1 OR R.named_ms<=?4)"
		" AND " REVIEWS_FOUR_EYES
		" AND NOT EXISTS(SELECT 1 FROM lease_skip k WHERE k.review=R.id AND k.principal=?1"
		"   AND (k.disposition<>'skip' OR k.at_ms>?6))"
		" AND (NOT ?7 OR R.class<>'high_impact')"
		" AND (NOT ?8 OR R.case_id IS NULL OR NOT EXISTS(SELECT 1 FROM review o"
		"   WHERE o.queue=R.queue AND o.case_id=R.case_id AND o.state='open'"
		"   AND o.expires_ms>?4 AND o.holder<>?1))"
		" AND (?9 IS NULL OR R.class=?9) AND (?10 IS NULL OR R.case_id=?10)"
		" AND (?11 IS NULL OR instr(R.external_id,?11)>0)"
		" ORDER BY R.order_key, R.n LIMIT ?12", "sssininnsssis",
		a->who->name, a->queue, stage, db->now_ms, (int)!holder_checked(),
		db->now_ms - (int64_t)ORDER_SKIP_S * 1000, (int)(a->offline_ms > 0),
		(int)spare_cases, a->filter.class_name, a->filter.case_id, a->filter.external_id,
		limit, a->device);

	for (; rc > 0; rc = db_row(db, s, err)) {
		MEM_GROW(out->items, out->count, out->cap);
		row_review_read(s, &out->items[out->count++]);
	}
	return rc;
}

static int by_order(const void *left, const void *right)
{
	const struct row_review *a = left, *b = right;

	if (a->order_key != b->order_key)
		return a->order_key < b->order_key ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

/* Takes up to `missing` more; says how many are still missing. */
static int take_some(struct db *db, struct asking *a, int64_t *missing, bool spare_cases,
                     struct err *err)
{
	struct choice found = { .items = NULL };
	int rc = 0;

	for (int stage = STAGE_FIRST; !rc && stage <= STAGE_CONTEST; stage++) {
		const char *name = stage_name((enum stage)stage);

		if ((a->stage && strcmp(a->stage, name) != 0)
		    || !who_may(a->who, a->queue, ROLE_LEASE, stage))
			continue;
		rc = candidates(db, a, name, *missing, spare_cases, &found, err);
	}
	if (found.count)
		qsort(found.items, found.count, sizeof *found.items, by_order);
	for (size_t i = 0; !rc && i < found.count && *missing > 0; i++, (*missing)--)
		rc = grant(db, a, &found.items[i], err);
	choice_clear(&found);
	return rc;
}

static int fill_up(struct db *db, struct asking *a, struct err *err)
{
	int64_t held = 0, missing;
	int rc = db_int(db, err, &held, "SELECT count(*) FROM review WHERE device=?1 AND holder=?2"
	                " AND state='open' AND expires_ms>0 AND expires_ms>?3 AND queue=?4"
	                " AND (?5 IS NULL OR stage=?5)", "ssiss", a->device, a->who->name,
	                db->now_ms, a->queue, a->stage);

	missing = a->want - held;
	if (rc < 0 || missing <= 0)
		return rc < 0 ? rc : 0;
	rc = take_some(db, a, &missing, true, err);
	if (!rc && missing > 0)
		rc = take_some(db, a, &missing, false, err);
	return rc;
}

/* --------------------------------------------------------------------- answer */

static bool named_in_have(const struct asking *a, const struct row_review *r)
{
	for (size_t i = 0; i < value_count(a->have); i++) {
		const struct value *v = value_at(a->have, i);
		const char *review = value_text(v, "review");

		if (review && strcmp(review, r->id) == 0)
			return value_int_or(v, "revision", -1) == r->revision;
	}
	return false;
}

static int held_reviews(struct db *db, const struct asking *a, struct choice *out,
                        struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT " ROW_REVIEW_COLUMNS " FROM review R"
	                  " WHERE R.device=? AND R.holder=? AND R.state='open' AND R.expires_ms>?"
	                  " AND R.expires_ms>0 ORDER BY R.order_key, R.n", "ssi", a->device,
	                  a->who->name, db->now_ms);

	for (; rc > 0; rc = db_row(db, s, err)) {
		MEM_GROW(out->items, out->count, out->cap);
		row_review_read(s, &out->items[out->count++]);
	}
	return rc;
}

/* All leases of the device; whole ones only until the answer is full. */
static int write_leases(struct db *db, const struct asking *a, struct buf *out, bool *more,
                        struct err *err)
{
	struct choice held = { .items = NULL };
	int rc = held_reviews(db, a, &held, err);
	bool first = true;

	*more = false;
	for (size_t i = 0; !rc && i < held.count; i++) {
		size_t mark = out->len;
		bool brief = named_in_have(a, &held.items[i]);

		if (!brief && *more)
			continue;
		buf_adds(out, first ? "" : ",");
		if (brief)
			lease_write_short(db, &held.items[i], out);
		else
			rc = lease_write(db, &held.items[i], out, err);
		if (!rc && !brief && !first && out->len > ANSWER_BYTES) {
			out->len = mark;
			out->data[mark] = '\0';
			*more = true;
			continue;
		}
		first = false;
	}
	choice_clear(&held);
	return rc;
}

static int answer_leases(struct db *db, const struct asking *a, struct queue_answer *answer,
                         struct err *err)
{
	struct buf out = BUF_INIT;
	bool more;
	int rc;

	buf_adds(&out, "{\"leases\":[");
	rc = write_leases(db, a, &out, &more, err);
	buf_addf(&out, "],\"more\":%s,\"refused\":", more ? "true" : "false");
	json_text(a->refused, &out);
	buf_addf(&out, ",\"server_time\":\"%s\"}", db->now);
	if (!rc)
		return answer_text(answer, 200, &out);
	buf_clear(&out);
	return rc;
}

int verb_leases(struct db *db, const struct queue_call *call, struct queue_answer *answer,
                struct err *err)
{
	struct asking a = { .want = 0 };
	struct who who;
	int rc = who_load(db, call, false, &who, answer, err);

	a.who = &who;
	if (!rc)
		rc = read_asking(call, &a, answer);
	if (!rc)
		rc = who_demand(&who, a.queue, ROLE_LEASE, ROLE_ANY_STAGE, answer);
	if (!rc)
		rc = lease_device(db, &who, a.device, answer, err);
	for (size_t i = 0; !rc && i < value_count(a.renew); i++)
		if (value_str(value_at(a.renew, i)))
			rc = renew(db, &a, value_str(value_at(a.renew, i)), err);
	for (size_t i = 0; !rc && i < value_count(a.reviews) && i < ORDER_OFFLINE_MAX; i++)
		if (value_str(value_at(a.reviews, i)))
			rc = take_named(db, &a, value_str(value_at(a.reviews, i)), err);
	if (!rc && a.want > 0)
		rc = fill_up(db, &a, err);
	if (!rc)
		rc = answer_leases(db, &a, answer, err);
	asking_clear(&a);
	who_clear(&who);
	return rc;
}
