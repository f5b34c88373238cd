/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/reviews.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "queue/order.h"
#include "queue/sqlite/load.h"

int reviews_tell(struct db *db, const char *type, const char *queue, const char *stage,
                 const char *principal, const char *subject, const char *body,
                 struct err *err)
{
	return db_do(db, err, "INSERT INTO change(type,queue,stage,principal,subject,body)"
	             " VALUES(?,?,?,?,?,?)", "ssssss", type, queue, stage, principal, subject,
	             body);
}

enum view_kind reviews_view(const struct rules *rules, enum stage stage, int people)
{
	if (rules_blind(rules, stage))
		return VIEW_BLIND;
	if (people > 1 && (stage == STAGE_FIRST || stage == STAGE_SECOND))
		return VIEW_PEER;
	return VIEW_FULL;
}

static int insert(struct db *db, const struct row_proposal *p, const struct reviews_new *want,
                  const struct rules *rules, const char *id, struct err *err)
{
	int priority = order_priority(p->safety_class, rules->definition->waits, want->stage);
	enum view_kind view = reviews_view(rules, want->stage, p->people);

	return db_do(db, err, "INSERT INTO review(id,proposal,revision,queue,stage,state,order_key,"
	             "external_id,kind,class,case_id,producer,confidence,received_ms,due_ms,view,"
	             "probability,about,named_to,named_ms,route,token,expires_ms,offline)"
	             " VALUES(?,?,?,?,?,'open',?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,0,0)",
	             "ssissi" "sssss" "nii" "ssss" "is", id, p->id, p->revision, p->queue,
	             stage_name(want->stage), order_key(p->received_ms, priority, p->n),
	             p->external_id, kind_name(p->kind), class_name(p->safety_class), p->case_id,
	             p->producer, want->confidence_pm, p->received_ms, p->due_ms,
	             view_kind_name(view), want->probability ? want->probability : "1",
	             want->about, want->named_to,
	             want->named_to ? db->now_ms + (int64_t)ORDER_NAMED_S * 1000 : (int64_t)0,
	             want->route);
}

int reviews_open(struct db *db, const struct row_proposal *p, const struct reviews_new *want,
                 struct err *err)
{
	const struct rules *rules;
	char id[ID_SIZE];
	int rc = load_find(db, p->queue, &rules, err);

	if (rc <= 0)
		return rc ? rc : err_set(err, ERR_CORRUPT, N_("a proposal's queue is missing"));
	rc = insert(db, p, want, rules, id_new(id), err);
	return rc ? rc : reviews_tell(db, "header", p->queue, stage_name(want->stage), NULL, id,
	                              NULL, err);
}

/* Tells that a review is gone, and its holder that the lease is. */
static int tell_gone(struct db *db, const struct row_review *r, bool recalled, struct err *err)
{
	int rc = 0;

	if (recalled && r->expires_ms > db->now_ms)
		rc = reviews_tell(db, "recalled", r->queue, NULL, r->holder, r->id, NULL, err);
	return rc ? rc : reviews_tell(db, "gone", r->queue, stage_name(r->stage), NULL, r->id,
	                              NULL, err);
}

int reviews_close(struct db *db, const char *proposal, const char *about, const char *but,
                  struct err *err)
{
	struct row_review *found = NULL;
	size_t count = 0, cap = 0;
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT " ROW_REVIEW_COLUMNS " FROM review R WHERE proposal=?1"
	                  " AND state='open' AND (?2 IS NULL OR about=?2)"
	                  " AND (?3 IS NULL OR id<>?3)", "sss", proposal, about, but);

	for (; rc > 0; rc = db_row(db, s, err)) {
		MEM_GROW(found, count, cap);
		row_review_read(s, &found[count++]);
	}
	for (size_t i = 0; i < count; i++) {
		if (!rc)
			rc = db_do(db, err, "UPDATE review SET state='closed', expires_ms=0 WHERE n=?",
			           "i", found[i].n);
		if (!rc)
			rc = tell_gone(db, &found[i], true, err);
		row_review_clear(&found[i]);
	}
	free(found);
	return rc;
}

int reviews_decided(struct db *db, const struct row_review *r, const char *decision,
                    struct err *err)
{
	int rc = db_do(db, err, "UPDATE review SET state='decided', decision=?, expires_ms=0"
	               " WHERE n=?", "si", decision, r->n);

	return rc || strcmp(r->state, "open") != 0 ? rc : tell_gone(db, r, false, err);
}

void reviews_header(const struct db *db, const struct row_review *r, const char *state,
                    struct review_header *out)
{
	memset(out, 0, sizeof *out);
	memcpy(out->review, r->id, ID_SIZE);
	memcpy(out->proposal, r->proposal, ID_SIZE);
	out->external_id = r->external_id;
	out->queue = r->queue;
	out->case_id = r->case_id;
	out->kind = r->kind;
	out->safety_class = r->safety_class;
	out->stage = r->stage;
	out->held = r->expires_ms > db->now_ms;
	/* A reserved first check is a waiting one with a lease; see README. */
	out->state = out->held && r->stage == STAGE_FIRST && strcmp(state, "waiting") == 0
		? (char *)"reserved" : (char *)state;
	out->confidence_pm = r->confidence_pm;
	out->due_ms = r->due_ms;
	out->received_ms = r->received_ms;
	out->order = r->order_key;
}
