/* SPDX-License-Identifier: Apache-2.0
 *
 * What changed since the cursor: GET /changes, held open by the server until
 * something does. The cursor moves after the last change of an answer is in
 * the store; working an answer in twice changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "sync/lane.h"
#include "wire/header.h"

enum {
	CHANGES_LIMIT = 500,
	ALONE_WAIT_MS = 10000,   /* after an answer that does not fit */
	SLICE_US = 4000,
	POLL_SPARE_MS = 20000    /* beyond the wait asked for */
};

static bool changes_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                            struct buf *path, struct buf *body)
{
	char *cursor = NULL;
	int wait_s = s->changes_current && !s->options.no_poll ? s->options.poll_wait_s : 0;

	(void)boot_ms;
	(void)body;
	if (!s->identified || s->identity_stale || !s->mirror_done || s->push_only ||
	    s->nothing_to_read)
		return false;
	if (s->changes_current && s->options.no_poll)
		return false;
	if (store_cursor(s->store, "changes", &cursor, NULL) != 0 || !cursor) {
		mirror_restart(s);
		return false;
	}
	buf_adds(path, "/v1/changes?after=");
	transport_encode(path, cursor);
	buf_addf(path, "&limit=%d&wait=%d", CHANGES_LIMIT, wait_s);
	request->timeout_ms = wait_s ? wait_s * 1000 + POLL_SPARE_MS : 0;
	free(cursor);
	return true;
}

static bool is_must_refetch(const struct lane_answer *a)
{
	const char *type = value_text_or(a->doc, "type", "");
	const char *name = strrchr(type, ':');

	return a->status == 409 && name && strcmp(name + 1, "must_refetch") == 0;
}

static void changes_answered(struct sync *s, struct lane_answer *a)
{
	const char *cursor;
	struct err err = ERR_INIT;
	int64_t epoch, index;

	if (a->outcome == LANE_AGAIN || s->status.link == SYNC_LINK_REFUSED)
		return;
	if (a->outcome == LANE_PROBLEM) {
		s->identity_stale = true;
		if (is_must_refetch(a))
			mirror_restart(s);
		else
			link_lane_refused(s, LANE_CHANGES, a, ALONE_WAIT_MS);
		return;
	}
	cursor = value_text(a->doc, "cursor");
	if (!cursor || !cursor_parse(cursor, &epoch, &index) ||
	    !value_is(value_find(a->doc, "changes"), VALUE_ARRAY)) {
		err_set(&err, ERR_INVALID, N_("it holds no changes"));
		link_nonsense(s, &err);
		return;
	}
	if (epoch != s->epoch) {
		s->identity_stale = true;
		s->lanes[LANE_CHANGES].not_before_boot_ms = s->boot_ms + ALONE_WAIT_MS;
		return;
	}
	memcpy(s->changes_cursor, cursor, strlen(cursor) + 1);
	s->changes_more = value_bool_or(a->doc, "more", false);
	anchor_offer(s, value_text(a->doc, "checkpoint"));
	value_free(s->changes);
	s->changes = value_take(a->doc, "changes");
	s->change_at = 0;
	s->lanes[LANE_CHANGES].pending = true;
}

/* --- one change -------------------------------------------------------------------- */

static int put_header(struct sync *s, const struct value *change, struct err *err)
{
	struct review_header h;
	size_t taken;
	int rc;

	memset(&h, 0, sizeof h);
	rc = wire_header_read(value_find(change, "header"), &h, err);
	if (rc == 0)
		rc = store_headers_put(s->store, &h, 1, NULL, NULL, &taken, err);
	review_header_clear(&h);
	return rc;
}

/* The review is closed: what was reserved of it is of no use any more. */
static int gone(struct sync *s, const char *review, struct err *err)
{
	struct store_leases *l = NULL;
	int rc = store_header_gone(s->store, review, err);

	if (rc == 0)
		rc = store_lease_find(s->store, review, &l, err);
	if (rc == 0 && l && l->items[0].state == STORE_LEASE_READY)
		rc = store_lease_drop(s->store, review, err);
	else if (rc == 0 && l && l->items[0].state == STORE_LEASE_OPENED)
		rc = store_lease_recall(s->store, review,
		                        _("it is not open any more: decided, withdrawn or expired"), err);
	store_leases_free(l);
	return rc;
}

static int recalled(struct sync *s, const struct value *change, const char *review,
                    struct err *err)
{
	struct store_leases *l = NULL;
	int rc = store_lease_find(s->store, review, &l, err);

	if (rc == 0 && l)
		rc = store_lease_recall(s->store, review, value_text(change, "text"), err);
	store_leases_free(l);
	return rc;
}

static int note(struct sync *s, const char *event, const struct value *change, struct err *err)
{
	return store_log_add(s->store, &(struct store_event){ .at_ms = clock_now_ms(),
		.event = event, .review = value_text(change, "review"),
		.subject = value_text(change, "proposal"),
		.external_id = value_text(change, "external_id"),
		.text = value_text(change, "text") }, err);
}

static int erased(struct sync *s, const struct value *change, struct err *err)
{
	const char *proposal = value_text(change, "proposal");
	int rc = proposal ? store_erase(s->store, proposal, err) : 0;

	if (rc == ERR_NOT_FOUND)
		err_clear(err);
	else if (rc)
		return rc;
	return note(s, "content.erased", change, err);
}

/* Types this version does not know are passed over; so is `verdict`: a lost
 * answer heals by sending the decision again, and that answer has the words. */
static int apply(struct sync *s, const struct value *change, struct err *err)
{
	const char *type = value_text_or(change, "type", ""), *review = value_text(change, "review");

	if (strcmp(type, "header") == 0)
		return put_header(s, change, err);
	if (strcmp(type, "gone") == 0 && review)
		return gone(s, review, err);
	if (strcmp(type, "recalled") == 0 && review)
		return recalled(s, change, review, err);
	if (strcmp(type, "definition") == 0)
		s->identity_stale = true;
	else if (strcmp(type, "answer") == 0)
		return note(s, "escalation.answered", change, err);
	else if (strcmp(type, "control") == 0)
		return note(s, "control", change, err);
	else if (strcmp(type, "erased") == 0)
		return erased(s, change, err);
	return 0;
}

static void changes_failed(struct sync *s, const struct err *err)
{
	if (err->code == ERR_INVALID)
		link_nonsense(s, err);
	else
		link_store_failed(s, err);
	value_free(s->changes);
	s->changes = NULL;
}

static int apply_some(struct sync *s, struct err *err)
{
	int64_t until_us = clock_mono_us() + SLICE_US;
	size_t count = value_count(s->changes);
	int rc = 0;

	while (rc == 0 && s->change_at < count) {
		rc = apply(s, value_at(s->changes, s->change_at), err);
		if (rc)
			err_where(err, "/changes/%zu", s->change_at);
		s->change_at++;
		if (clock_mono_us() >= until_us)
			break;
	}
	if (rc == 0 && s->change_at == count)
		rc = store_cursor_set(s->store, "changes", s->changes_cursor, err);
	return rc;
}

static bool changes_slice(struct sync *s)
{
	struct err err = ERR_INIT;
	int rc = store_begin(s->store, &err);

	if (rc == 0) {
		rc = apply_some(s, &err);
		crash_point("sync.changes.applied.before");
		rc = store_end(s->store, rc == 0, &err);
		crash_point("sync.changes.applied.after");
	}
	if (rc) {
		changes_failed(s, &err);
		return false;
	}
	if (s->change_at < value_count(s->changes))
		return true;
	value_free(s->changes);
	s->changes = NULL;
	s->changes_current = !s->changes_more;
	link_changed(s);
	return false;
}

const struct lane_ops changes_ops = {
	.name = "changes",
	.before = "sync.changes.before",
	.after = "sync.changes.after",
	.prepare = changes_prepare,
	.answered = changes_answered,
	.slice = changes_slice,
};
