/* SPDX-License-Identifier: Apache-2.0
 *
 * The outbox on its way: decisions in batches, every verdict stored with its
 * words; dispositions one by one. Nothing is marked before it is sent: a desk
 * that dies sends the same ids again, and the server answers what it answered.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "sync/lane.h"
#include "sync/retry.h"
#include "wire/json.h"
#include "wire/problem.h"

enum { PUSH_ROWS = 100, PUSH_BYTES = 1 << 20, PUSH_ALONE_WAIT_MS = 60000 };

/* --- sending ------------------------------------------------------------------- */

/* Envelope and content are kept as text without the members that are only
 * known when the row becomes sendable; they are put in front of its end. */
static void add_row(struct buf *body, const struct store_entry *e)
{
	const char *end = strrchr(e->envelope, '}');
	size_t len = end ? (size_t)(end - e->envelope) : 0;
	struct err_numbuf seq;

	buf_add(body, e->envelope, len);
	buf_addf(body, "%s\"device\":\"%s\",\"seq\":%s,\"signature\":null",
	         len > 1 ? "," : "", e->device, err_num(&seq, e->seq));
	if (e->content) {
		buf_adds(body, ",\"content\":");
		buf_adds(body, e->content);
	}
	buf_addc(body, '}');
}

static void remember_sent(struct sync *s, const struct store_entries *rows)
{
	s->sent.count = 0;
	for (size_t i = 0; i < rows->count; i++) {
		MEM_GROW(s->sent.ids, s->sent.count, s->sent.cap);
		memcpy(s->sent.ids[s->sent.count++], rows->items[i].id, ID_SIZE);
	}
}

static bool push_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                         struct buf *path, struct buf *body)
{
	struct store_entries *rows = NULL;
	struct err err = ERR_INIT;
	uint64_t now = store_generation(s->store, STORE_TOPIC_OUTBOX);
	size_t count, batch;

	(void)boot_ms;
	if (!s->identified || s->identity_stale || (s->push_empty && s->push_seen == now))
		return false;
	s->push_seen = now;
	if (store_outbox(s->store, s->push_most, PUSH_BYTES, &rows, &err) != 0) {
		link_store_failed(s, &err);
		return false;
	}
	s->push_empty = rows->count == 0;
	/* Devices do not mix in a batch: after a renewal old rows go first. */
	count = rows->count;
	for (batch = 0; batch < count; batch++)
		if (strcmp(rows->items[batch].device, rows->items[0].device) != 0)
			break;
	rows->count = batch;
	if (batch) {
		buf_addf(body, "{\"device\":\"%s\",\"decisions\":[", rows->items[0].device);
		for (size_t i = 0; i < batch; i++) {
			if (i)
				buf_addc(body, ',');
			add_row(body, &rows->items[i]);
		}
		buf_adds(body, "]}");
		remember_sent(s, rows);
		request->method = TRANSPORT_POST;
		buf_adds(path, "/v1/decisions:batch");
	}
	rows->count = count;
	store_entries_free(rows);
	return batch > 0;
}

bool push_waiting(struct sync *s)
{
	return !s->push_empty || s->push_seen != store_generation(s->store, STORE_TOPIC_OUTBOX) ||
	       s->lanes[LANE_PUSH].handle;
}

bool push_unseen(struct sync *s)
{
	uint64_t now = store_generation(s->store, STORE_TOPIC_OUTBOX);

	return s->identified && !s->lanes[LANE_PUSH].handle && !s->lanes[LANE_RELEASE].handle &&
	       (s->push_seen != now || s->release_seen != now);
}

/* --- verdicts -------------------------------------------------------------------- */

static bool was_sent(const struct sync *s, const char *id)
{
	for (size_t i = 0; i < s->sent.count; i++)
		if (strcmp(s->sent.ids[i], id) == 0)
			return true;
	return false;
}

/* Stores one RESULT. ERR_INVALID: it makes no sense. *forked: the server knows
 * this number of this device for another decision. */
static int store_verdict(struct sync *s, const struct value *v, bool *forked, struct err *err)
{
	const char *id = value_text(v, "id"), *word = value_text(v, "verdict");
	const struct value *pointers = value_find(v, "pointers");
	struct store_result r = { .id = id, .leaf = value_int_or(v, "leaf", -1),
	                          .late = value_bool_or(v, "late", false),
	                          .text = value_text(v, "text"), .now_ms = clock_now_ms() };
	struct buf text = BUF_INIT;
	int rc;

	if (!id || !was_sent(s, id) || !word || !verdict_find(word, &r.verdict) ||
	    r.verdict == VERDICT_NONE)
		return err_set(err, ERR_INVALID, N_("a verdict is unknown, or for no decision of ours"));
	if (r.verdict == VERDICT_DEVICE_FORKED) {
		*forked = true;
		return 0;
	}
	if (value_count(pointers)) {
		json_text(pointers, &text);
		r.pointers = buf_str(&text);
	}
	rc = store_result(s->store, &r, err);
	buf_clear(&text);
	/* A final verdict of an earlier answer stands. */
	if (rc == ERR_CONFLICT || rc == ERR_NOT_FOUND) {
		err_clear(err);
		rc = 0;
	}
	if (rc == 0)
		s->status.received++;
	return rc;
}

static int store_verdicts(struct sync *s, const struct value *results, bool *forked,
                          struct err *err)
{
	int rc = store_begin(s->store, err);

	if (rc)
		return rc;
	for (size_t i = 0; rc == 0 && i < value_count(results); i++)
		rc = store_verdict(s, value_at(results, i), forked, err);
	if (rc == 0 && *forked)
		rc = store_device_renew(s->store, err);
	crash_point("sync.verdicts.before");
	rc = store_end(s->store, rc == 0, err);
	crash_point("sync.verdicts.after");
	return rc;
}

static void count_tries(struct sync *s)
{
	const char **ids = mem_zalloc((s->sent.count + 1) * sizeof *ids);

	for (size_t i = 0; i < s->sent.count; i++)
		ids[i] = s->sent.ids[i];
	store_tried(s->store, ids, s->sent.count, NULL);
	free(ids);
}

/* The batch was refused as a whole: it is halved until the bad one stands
 * alone, and that one is refused for good, with the server's words. */
static void refused_whole(struct sync *s, const struct lane_answer *a)
{
	struct store_result r = { .id = s->sent.ids[0], .verdict = VERDICT_INVALID, .leaf = -1,
	                          .text = a->words, .now_ms = clock_now_ms() };
	struct err err = ERR_INIT;

	if (s->sent.count > 1) {
		s->push_most = s->sent.count / 2;
		return;
	}
	/* Only these say something about the item itself. */
	if (a->status != 400 && a->status != 413 && a->status != 422) {
		link_lane_refused(s, LANE_PUSH, a, PUSH_ALONE_WAIT_MS);
		return;
	}
	crash_point("sync.refused.before");
	if (store_result(s->store, &r, &err) != 0 && err.code != ERR_CONFLICT)
		link_store_failed(s, &err);
	crash_point("sync.refused.after");
	s->push_most = PUSH_ROWS;
}

static void push_answered(struct sync *s, struct lane_answer *a)
{
	const struct value *results;
	struct err err = ERR_INIT;
	bool forked = false;

	s->push_empty = false;
	if (a->outcome == LANE_AGAIN) {
		count_tries(s);
		s->sent.count = 0;
		return;
	}
	if (a->outcome == LANE_PROBLEM) {
		if (s->status.link != SYNC_LINK_REFUSED)
			refused_whole(s, a);
		s->sent.count = 0;
		return;
	}
	results = value_find(a->doc, "results");
	s->status.sent += (int64_t)s->sent.count;
	if (store_verdicts(s, results, &forked, &err) != 0) {
		if (err.code == ERR_INVALID)
			link_nonsense(s, &err);
		else
			link_store_failed(s, &err);
	} else if (value_count(results) < s->sent.count) {
		count_tries(s);
		s->lanes[LANE_PUSH].not_before_boot_ms = s->boot_ms + RETRY_SHORT_MS;
	} else {
		s->push_most = s->push_most * 2 < PUSH_ROWS ? s->push_most * 2 : PUSH_ROWS;
	}
	s->sent.count = 0;
	link_clock(s, value_text(a->doc, "server_time"));
	link_changed(s);
	anchor_offer(s, value_text(a->doc, "checkpoint"));
}

const struct lane_ops push_ops = {
	.name = "push",
	.before = "sync.push.before",
	.after = "sync.push.after",
	.prepare = push_prepare,
	.answered = push_answered,
};

/* --- dispositions ----------------------------------------------------------------- */

static bool release_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                            struct buf *path, struct buf *body)
{
	struct store_entries *rows = NULL;
	uint64_t now = store_generation(s->store, STORE_TOPIC_OUTBOX);
	struct value *doc;
	bool any;

	(void)boot_ms;
	if (!s->identified || s->identity_stale || (s->release_empty && s->release_seen == now))
		return false;
	s->release_seen = now;
	if (store_releases(s->store, 1, &rows, NULL) != 0)
		return false;
	any = rows->count > 0;
	s->release_empty = !any;
	if (any) {
		const struct store_entry *e = &rows->items[0];

		memcpy(s->releasing, e->id, ID_SIZE);
		doc = value_new_object();
		value_set_string(doc, "review", e->review);
		value_set_string(doc, "token", e->token);
		value_set_string(doc, "disposition", disposition_name(e->disposition));
		value_set_string(doc, "reason", e->reason);
		json_text(doc, body);
		value_free(doc);
		request->method = TRANSPORT_POST;
		buf_adds(path, "/v1/leases:release");
	}
	store_entries_free(rows);
	return any;
}

bool release_waiting(struct sync *s)
{
	return !s->release_empty ||
	       s->release_seen != store_generation(s->store, STORE_TOPIC_OUTBOX) ||
	       s->lanes[LANE_RELEASE].handle;
}

/* Idempotent by meaning: a lease that ended in the meantime is given back too. */
static void release_answered(struct sync *s, struct lane_answer *a)
{
	struct err err = ERR_INIT;

	s->release_empty = false;
	if (a->outcome == LANE_AGAIN || s->status.link == SYNC_LINK_REFUSED)
		return;
	crash_point("sync.released.before");
	if (store_disposition_done(s->store, s->releasing, clock_now_ms(), &err) != 0 &&
	    err.code != ERR_NOT_FOUND)
		link_store_failed(s, &err);
	crash_point("sync.released.after");
	s->leases_dry = false;
	link_changed(s);
}

const struct lane_ops release_ops = {
	.name = "release",
	.before = "sync.release.before",
	.after = "sync.release.after",
	.prepare = release_prepare,
	.answered = release_answered,
};
