/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/sqlite/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/json.h"
#include "wire/proposal.h"

static void copy(char *dst, size_t size, const char *src)
{
	utf8_copy(dst, size, src ? src : "");
}

int row_proposal_get(struct db *db, const char *id, struct row_proposal *out, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT n,id,producer,queue,external_id,kind,class,case_id,"
	                  "title,revision,state,route,people,received_ms,due_ms,expires_ms,"
	                  "suspend,result_number,released_by FROM proposal WHERE id=?", "s", id);

	memset(out, 0, sizeof *out);
	if (rc <= 0)
		return rc;
	out->n = db_i64(s, 0);
	copy(out->id, sizeof out->id, db_text(s, 1));
	out->producer = db_dup(s, 2);
	out->queue = db_dup(s, 3);
	out->external_id = db_dup(s, 4);
	kind_find(db_text(s, 5), &out->kind);
	class_find(db_text(s, 6), &out->safety_class);
	out->case_id = db_dup(s, 7);
	out->title = db_dup(s, 8);
	out->revision = db_i64(s, 9);
	copy(out->state, sizeof out->state, db_text(s, 10));
	out->route = db_dup(s, 11);
	out->people = (int)db_i64(s, 12);
	out->received_ms = db_i64(s, 13);
	out->due_ms = db_i64(s, 14);
	out->expires_ms = db_i64(s, 15);
	out->suspend = db_i64(s, 16);
	out->result_number = db_i64(s, 17);
	out->released_by = db_dup(s, 18);
	db_done(s);
	return 1;
}

void row_proposal_clear(struct row_proposal *r)
{
	free(r->producer);
	free(r->queue);
	free(r->external_id);
	free(r->case_id);
	free(r->title);
	free(r->route);
	free(r->released_by);
	memset(r, 0, sizeof *r);
}

int row_revision_get(struct db *db, const char *proposal, int64_t number,
                     struct row_revision *out, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT digest,salt,document,definition,policy,guide,route,"
	                  "rule,reasons,asked,confidence FROM revision WHERE proposal=? AND number=?",
	                  "si", proposal, number);

	memset(out, 0, sizeof *out);
	if (rc <= 0)
		return rc;
	out->number = number;
	copy(out->digest, sizeof out->digest, db_text(s, 0));
	out->salt = db_dup(s, 1);
	out->document = db_dup(s, 2);
	out->len = (size_t)sqlite3_column_bytes(s, 2);
	copy(out->definition, sizeof out->definition, db_text(s, 3));
	copy(out->policy, sizeof out->policy, db_text(s, 4));
	copy(out->guide, sizeof out->guide, db_text(s, 5));
	out->route = db_dup(s, 6);
	out->rule = db_dup(s, 7);
	out->reasons = db_dup(s, 8);
	out->asked = db_dup(s, 9);
	out->confidence_pm = (int)db_i64(s, 10);
	db_done(s);
	return 1;
}

void row_revision_clear(struct row_revision *r)
{
	free(r->salt);
	free(r->document);
	free(r->route);
	free(r->rule);
	free(r->reasons);
	free(r->asked);
	memset(r, 0, sizeof *r);
}

void row_review_read(sqlite3_stmt *s, struct row_review *out)
{
	memset(out, 0, sizeof *out);
	out->n = db_i64(s, 0);
	copy(out->id, sizeof out->id, db_text(s, 1));
	copy(out->proposal, sizeof out->proposal, db_text(s, 2));
	out->revision = db_i64(s, 3);
	out->queue = db_dup(s, 4);
	stage_find(db_text(s, 5), &out->stage);
	out->state = db_dup(s, 6);
	out->order_key = db_i64(s, 7);
	out->external_id = db_dup(s, 8);
	out->case_id = db_dup(s, 9);
	out->producer = db_dup(s, 10);
	kind_find(db_text(s, 11), &out->kind);
	class_find(db_text(s, 12), &out->safety_class);
	out->confidence_pm = (int)db_i64(s, 13);
	out->received_ms = db_i64(s, 14);
	out->due_ms = db_i64(s, 15);
	view_kind_find(db_text(s, 16), &out->view);
	out->probability = db_dup(s, 17);
	out->about = db_dup(s, 18);
	out->named_to = db_dup(s, 19);
	out->named_ms = db_i64(s, 20);
	out->route = db_dup(s, 21);
	out->decision = db_dup(s, 22);
	out->holder = db_dup(s, 23);
	out->device = db_dup(s, 24);
	out->token = db_i64(s, 25);
	out->expires_ms = db_i64(s, 26);
	out->offline = db_i64(s, 27);
	out->own = db_dup(s, 28);
}

int row_review_get(struct db *db, const char *id, struct row_review *out, struct err *err)
{
	sqlite3_stmt *s;
	int rc = db_first(db, err, &s, "SELECT " ROW_REVIEW_COLUMNS " FROM review R WHERE id=?",
	                  "s", id);

	memset(out, 0, sizeof *out);
	if (rc > 0) {
		row_review_read(s, out);
		db_done(s);
	}
	return rc;
}

void row_review_clear(struct row_review *r)
{
	free(r->queue);
	free(r->state);
	free(r->external_id);
	free(r->case_id);
	free(r->producer);
	free(r->probability);
	free(r->about);
	free(r->named_to);
	free(r->route);
	free(r->decision);
	free(r->holder);
	free(r->device);
	free(r->own);
	memset(r, 0, sizeof *r);
}

int row_revision_parse(const struct row_revision *r, struct proposal **out, struct err *err)
{
	struct value *doc;
	int rc;

	if (!r->document)
		return err_set(err, ERR_NOT_FOUND, N_("the content of this proposal was erased"));
	rc = json_parse_scanned(r->document, r->len, &doc, err);
	return rc ? rc : wire_proposal_read(doc, out, err);
}

int row_json(const char *text, struct value **out, struct err *err)
{
	if (text && json_parse(text, strlen(text), &prescan_answer, out, NULL) == 0)
		return 0;
	return err_set(err, ERR_CORRUPT, N_("a stored document is not JSON"));
}
