/* SPDX-License-Identifier: Apache-2.0
 *
 * The mirror of the headers of my queues: a complete read of a queue page by
 * page, once, and then only what changed (changes.c). Where a read is cut off
 * it starts again; until its last page is swept the old rows stay.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "model/role.h"
#include "sync/lane.h"
#include "wire/header.h"

enum { PAGE_HEADERS = 500, ALONE_WAIT_MS = 10000 };

static void clear_headers(struct sync *s)
{
	for (size_t i = 0; i < s->header_count; i++)
		review_header_clear(&s->headers[i]);
	free(s->headers);
	s->headers = NULL;
	s->header_count = s->header_at = 0;
}

void mirror_clear(struct sync *s)
{
	clear_headers(s);
	free(s->mirror_queue);
	free(s->mirror_after);
	s->mirror_queue = s->mirror_after = NULL;
	s->mirror_sweeping = false;
	s->lanes[LANE_MIRROR].pending = false;
}

static int forget_marks(struct sync *s, struct err *err)
{
	struct store_queues *queues = NULL;
	char feed[300];
	int rc = store_cursor_set(s->store, "changes", NULL, err);

	if (rc == 0)
		rc = store_queues(s->store, &queues, err);
	for (size_t i = 0; rc == 0 && i < queues->count; i++) {
		snprintf(feed, sizeof feed, "reviews/%s", queues->items[i].name);
		rc = store_cursor_set(s->store, feed, NULL, err);
	}
	store_queues_free(queues);
	return rc;
}

void mirror_restart(struct sync *s)
{
	struct err err = ERR_INIT;
	int rc = store_begin(s->store, &err);

	mirror_clear(s);
	s->mirror_done = false;
	if (rc == 0) {
		rc = forget_marks(s, &err);
		crash_point("sync.refetch.before");
		rc = store_end(s->store, rc == 0, &err);
		crash_point("sync.refetch.after");
	}
	if (rc)
		link_store_failed(s, &err);
}

static bool sees_reviews(const char *roles)
{
	static const enum role readers[] = { ROLE_REVIEWER, ROLE_LEAD, ROLE_SUPERVISOR };

	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		const char *name = role_name(readers[i]), *p = strstr(roles, name);

		if (p && (p == roles || p[-1] == ',') && (!p[strlen(name)] || p[strlen(name)] == ','))
			return true;
	}
	return false;
}

static bool is_read(struct sync *s, const char *queue)
{
	char feed[300], *mark = NULL;
	bool read;

	snprintf(feed, sizeof feed, "reviews/%s", queue);
	read = store_cursor(s->store, feed, &mark, NULL) == 0 && mark;
	free(mark);
	return read;
}

/* The place in the feed of changes from before the first page: what happens
 * while the pages are read is told again afterwards. */
static int keep_start(struct sync *s, struct err *err)
{
	char *cursor = NULL;
	int rc = store_cursor(s->store, "changes", &cursor, err);

	if (rc == 0 && !cursor)
		rc = store_cursor_set(s->store, "changes", s->start_cursor, err);
	free(cursor);
	return rc;
}

/* The next queue that was never read; sets mirror_done where there is none. */
static void pick_queue(struct sync *s)
{
	struct store_queues *queues = NULL;
	struct err err = ERR_INIT;
	int rc = keep_start(s, &err);

	if (rc == 0)
		rc = store_queues(s->store, &queues, &err);
	s->nothing_to_read = true;
	for (size_t i = 0; rc == 0 && i < queues->count && !s->mirror_queue; i++) {
		if (!sees_reviews(queues->items[i].roles))
			continue;
		s->nothing_to_read = false;
		if (!is_read(s, queues->items[i].name))
			s->mirror_queue = mem_strdup(queues->items[i].name);
	}
	if (rc == 0 && s->mirror_queue)
		rc = store_mirror_begin(s->store, s->mirror_queue, &err);
	store_queues_free(queues);
	if (rc) {
		mirror_clear(s);
		link_store_failed(s, &err);
	} else if (!s->mirror_queue) {
		s->mirror_done = true;
		link_changed(s);
	}
}

static bool mirror_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                           struct buf *path, struct buf *body)
{
	(void)boot_ms;
	(void)request;
	(void)body;
	if (!s->identified || s->identity_stale || s->mirror_done || s->push_only)
		return false;
	if (!s->mirror_queue)
		pick_queue(s);
	if (!s->mirror_queue)
		return false;
	buf_adds(path, "/v1/reviews?queue=");
	transport_encode(path, s->mirror_queue);
	buf_addf(path, "&limit=%d", PAGE_HEADERS);
	if (s->mirror_after) {
		buf_adds(path, "&after=");
		transport_encode(path, s->mirror_after);
	}
	return true;
}

static int read_page(struct sync *s, const struct value *doc, struct err *err)
{
	const struct value *list = value_find(doc, "reviews");
	size_t count = value_count(list);
	const char *after = value_text(doc, "after");
	bool more = value_bool_or(doc, "more", false);

	if (!value_is(list, VALUE_ARRAY) || (more && (!after || !count)))
		return err_set(err, ERR_INVALID, N_("it holds no reviews"));
	s->headers = mem_zalloc((count + 1) * sizeof *s->headers);
	for (s->header_count = 0; s->header_count < count; s->header_count++) {
		struct review_header *h = &s->headers[s->header_count];
		int rc = wire_header_read(value_at(list, s->header_count), h, err);

		if (rc) {
			err_where(err, "/reviews/%zu", s->header_count);
			review_header_clear(h);
			clear_headers(s);
			return rc;
		}
	}
	free(s->mirror_after);
	s->mirror_after = mem_strdup(after);
	s->headers_more = more;
	s->header_at = 0;
	return 0;
}

static void mirror_answered(struct sync *s, struct lane_answer *a)
{
	struct err err = ERR_INIT;

	if (a->outcome == LANE_AGAIN || s->status.link == SYNC_LINK_REFUSED)
		return;
	if (a->outcome == LANE_PROBLEM) {
		/* The role went, or the queue did: ask who we are again. */
		mirror_clear(s);
		s->identity_stale = true;
		link_lane_refused(s, LANE_MIRROR, a, ALONE_WAIT_MS);
		return;
	}
	if (read_page(s, a->doc, &err) != 0) {
		mirror_clear(s);
		link_nonsense(s, &err);
		return;
	}
	s->lanes[LANE_MIRROR].pending = true;
}

static bool queue_done(struct sync *s)
{
	char feed[300];
	struct err err = ERR_INIT;
	bool more = false;

	s->mirror_sweeping = true;
	crash_point("sync.sweep.before");
	if (store_mirror_sweep(s->store, s->mirror_queue, &more, &err) == 0 && !more) {
		snprintf(feed, sizeof feed, "reviews/%s", s->mirror_queue);
		store_cursor_set(s->store, feed, "read", &err);
	}
	crash_point("sync.sweep.after");
	if (err.code) {
		mirror_clear(s);
		link_store_failed(s, &err);
		return false;
	}
	if (!more)
		mirror_clear(s);
	return more;
}

static bool mirror_slice(struct sync *s)
{
	struct err err = ERR_INIT;
	size_t taken = 0;

	if (s->mirror_sweeping)
		return queue_done(s);
	if (s->header_at < s->header_count) {
		crash_point("sync.headers.before");
		if (store_headers_put(s->store, s->headers + s->header_at,
		                      s->header_count - s->header_at, NULL, NULL, &taken, &err) != 0) {
			mirror_clear(s);
			link_store_failed(s, &err);
			return false;
		}
		crash_point("sync.headers.after");
		s->header_at += taken;
		s->status.headers_done += (int64_t)taken;
		return true;
	}
	clear_headers(s);
	if (s->headers_more)
		return false;
	return queue_done(s);
}

const struct lane_ops mirror_ops = {
	.name = "reviews",
	.before = "sync.reviews.before",
	.after = "sync.reviews.after",
	.prepare = mirror_prepare,
	.answered = mirror_answered,
	.slice = mirror_slice,
};
