/* SPDX-License-Identifier: Apache-2.0 */
#include "sync/sync.h"

#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "sync/lane.h"
#include "wire/json.h"

enum { PUSH_MOST = 100, IDLE_MS = 60000 };

static const struct lane_ops *const lane_table[LANES] = {
	[LANE_PUSH] = &push_ops,
	[LANE_RELEASE] = &release_ops,
	[LANE_IDENTITY] = &identity_ops,
	[LANE_PROOF] = &anchor_ops,
	[LANE_REVEAL] = &reveal_ops,
	[LANE_LEASES] = &leasing_ops,
	[LANE_DOCUMENT] = &document_ops,
	[LANE_MIRROR] = &mirror_ops,
	[LANE_CHANGES] = &changes_ops,
};

struct sync *sync_new(struct store *store, struct transport *transport,
                      const struct sync_options *options)
{
	struct sync *s = mem_zalloc(sizeof *s);

	s->store = store;
	s->transport = transport;
	if (options)
		s->options = *options;
	s->option_queue = mem_strdup(s->options.queue);
	s->options.queue = s->option_queue;
	if (!s->options.prefetch_least)
		s->options.prefetch_least = 3;
	if (!s->options.prefetch_most)
		s->options.prefetch_most = 20;
	if (!s->options.poll_wait_s)
		s->options.poll_wait_s = 25;
	s->push_most = PUSH_MOST;
	identity_load(s);
	anchor_load(s);
	link_alarm_load(s);
	return s;
}

void sync_free(struct sync *s)
{
	if (!s)
		return;
	for (int i = 0; i < LANES; i++)
		if (s->lanes[i].handle)
			s->transport->ops->cancel(s->transport, s->lanes[i].handle);
	mirror_clear(s);
	value_free(s->changes);
	value_free(s->leases_given);
	buf_clear(&s->leases_body);
	free(s->leases_queue);
	free(s->focus);
	free(s->option_queue);
	free(s->anchor_note);
	free(s->next_note);
	free(s->sent.ids);
	free(s);
}

const struct sync_status *sync_status(const struct sync *s)
{
	return &s->status;
}

uint64_t sync_generation(const struct sync *s)
{
	return s->generation;
}

/* --- what the person does ----------------------------------------------------------- */

void sync_wake(struct sync *s)
{
	if (!s->gate_asked)
		s->gate_boot_ms = 0;
	if (s->status.link == SYNC_LINK_REFUSED) {
		s->status.link = SYNC_LINK_UNTRIED;
		s->identified = false;
		link_changed(s);
	}
	s->leases_dry = false;
	s->document_bad[0] = '\0';
	s->document_none = s->reveal_none = false;
}

void sync_focus(struct sync *s, const char *queue)
{
	if (queue == s->focus || (queue && s->focus && strcmp(queue, s->focus) == 0))
		return;
	free(s->focus);
	s->focus = mem_strdup(queue);
	s->leases_dry = false;
}

void sync_activity(struct sync *s, const char *review, int64_t boot_ms)
{
	if (strlen(review) < sizeof s->active) {
		memcpy(s->active, review, strlen(review) + 1);
		s->active_boot_ms = boot_ms;
	}
}

void sync_claim(struct sync *s, const char *review)
{
	if (strlen(review) >= sizeof s->claim)
		return;
	memcpy(s->claim, review, strlen(review) + 1);
	s->claim_failed[0] = '\0';
	err_clear(&s->claim_err);
}

const struct err *sync_claim_error(const struct sync *s, const char *review)
{
	if (strcmp(s->claim_failed, review) == 0)
		return &s->claim_err;
	return strcmp(s->reveal_failed, review) == 0 ? &s->reveal_err : NULL;
}

int sync_reveal(struct sync *s, const char *review, const char *own, struct value *content,
                struct err *err)
{
	struct buf text = BUF_INIT;
	int rc;

	if (content)
		json_text(content, &text);
	crash_point("sync.own.before");
	rc = store_lease_own(s->store, review, own, content ? buf_str(&text) : NULL, err);
	crash_point("sync.own.after");
	s->reveal_failed[0] = '\0';
	s->reveal_none = false;
	buf_clear(&text);
	value_free(content);
	return rc;
}

void sync_quiet(struct sync *s)
{
	s->quiet = true;
}

/* --- the step ---------------------------------------------------------------------- */

static bool stopped(const struct sync *s)
{
	return s->status.link == SYNC_LINK_ALARM || s->status.link == SYNC_LINK_REFUSED;
}

/* Without a log that can be trusted nothing goes out and nothing comes in. */
static void drop_everything(struct sync *s)
{
	for (int i = 0; i < LANES; i++) {
		if (s->lanes[i].handle)
			s->transport->ops->cancel(s->transport, s->lanes[i].handle);
		s->lanes[i].handle = 0;
		s->lanes[i].pending = false;
	}
	mirror_clear(s);
	value_free(s->changes);
	s->changes = NULL;
	buf_clear(&s->leases_body);
}

static void take_answer(struct sync *s, enum lane_id id)
{
	struct lane *lane = &s->lanes[id];
	struct transport_response response;
	struct lane_answer answer = { .started_boot_ms = lane->started_boot_ms };

	transport_response_init(&response);
	if (!s->transport->ops->take(s->transport, lane->handle, &response))
		return;
	lane->handle = 0;
	link_judge(s, &response, lane_table[id]->raw, &answer);
	lane_table[id]->answered(s, &answer);
	value_free(answer.doc);
	transport_response_clear(&response);
}

static bool start_lane(struct sync *s, enum lane_id id)
{
	struct lane *lane = &s->lanes[id];
	struct transport_request request = { .method = TRANSPORT_GET };
	struct buf path = BUF_INIT, body = BUF_INIT;
	struct err err = ERR_INIT;
	bool started = false;

	if (lane_table[id]->prepare(s, s->boot_ms, &request, &path, &body)) {
		request.path = buf_str(&path);
		if (request.method != TRANSPORT_GET) {
			request.body = buf_str(&body);
			request.body_len = body.len;
		}
		crash_point(lane_table[id]->before);
		lane->handle = s->transport->ops->start(s->transport, &request, &err);
		crash_point(lane_table[id]->after);
		lane->started_boot_ms = s->boot_ms;
		started = lane->handle > 0;
		if (!started) {
			lane->handle = 0;
			link_store_failed(s, &err);
		}
	}
	buf_clear(&path);
	buf_clear(&body);
	return started;
}

/* After failures one exchange goes ahead and finds out. */
static void start_lanes(struct sync *s)
{
	for (int i = 0; i < LANES && !stopped(s) && s->boot_ms >= s->gate_boot_ms; i++) {
		struct lane *lane = &s->lanes[i];
		bool busy = lane->handle || lane->pending || s->boot_ms < lane->not_before_boot_ms;

		if (s->failures) {
			for (int j = 0; j < LANES; j++)
				if (s->lanes[j].handle)
					return;
		}
		if (!busy)
			start_lane(s, (enum lane_id)i);
	}
}

static bool work_slice(struct sync *s)
{
	for (int i = 0; i < LANES; i++)
		if (s->lanes[i].pending && lane_table[i]->slice) {
			s->lanes[i].pending = lane_table[i]->slice(s);
			return true;
		}
	return false;
}

static void update_caught_up(struct sync *s)
{
	bool done = s->identified && !s->identity_stale && !push_waiting(s) && !release_waiting(s) &&
	            !s->next_note && !s->claim[0];

	for (int i = 0; i < LANES; i++)
		if (i != LANE_CHANGES && (s->lanes[i].handle || s->lanes[i].pending))
			done = false;
	if (!s->push_only)
		done = done && s->mirror_done && !s->lanes[LANE_CHANGES].pending &&
		       (s->changes_current || s->nothing_to_read);
	if (done != s->status.caught_up) {
		s->status.caught_up = done;
		link_changed(s);
	}
}

bool sync_step(struct sync *s, int64_t boot_ms)
{
	bool more;

	s->boot_ms = boot_ms;
	s->transport->ops->step(s->transport);
	for (int i = 0; i < LANES && !stopped(s); i++)
		if (s->lanes[i].handle)
			take_answer(s, (enum lane_id)i);
	more = !stopped(s) && work_slice(s);
	start_lanes(s);
	if (stopped(s))
		drop_everything(s);
	update_caught_up(s);
	return more && !stopped(s);
}

size_t sync_pollfds(struct sync *s, struct pollfd *fds, size_t cap)
{
	return s->transport->ops->pollfds(s->transport, fds, cap);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int sync_timeout_ms(struct sync *s, int64_t boot_ms)
{
	int64_t due = boot_ms + IDLE_MS, wait;
	int carrier;

	if (stopped(s))
		return -1;
	for (int i = 0; i < LANES; i++) {
		if (s->lanes[i].pending)
			return 0;
		if (s->lanes[i].not_before_boot_ms > boot_ms)
			due = sooner(due, s->lanes[i].not_before_boot_ms);
	}
	if (s->gate_boot_ms > boot_ms)
		due = s->gate_boot_ms;
	else
		due = sooner(due, leasing_due_boot_ms(s));
	if (push_unseen(s) && s->gate_boot_ms <= boot_ms)
		return 0;
	wait = due > boot_ms ? due - boot_ms : 0;
	carrier = s->transport->ops->timeout_ms(s->transport);
	if (carrier >= 0 && carrier < wait)
		wait = carrier;
	return (int)wait;
}
