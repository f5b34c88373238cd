/* SPDX-License-Identifier: Apache-2.0
 *
 * Leases: as many of the queue being worked in as this person decides in half
 * a lease, the one asked for by name, and the renewal of what is being looked
 * at. What nobody opened is not renewed, and so returns by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "sync/lane.h"
#include "wire/json.h"

enum {
	AT_A_TIME = 5,           /* new leases of one answer, at first */
	ACTIVE_MS = 120000,      /* so long a touch counts as activity */
	DRY_MS = 30000,          /* an empty queue is asked again after this */
	OFFLINE_MOST = 50,
	SHORT_BYTES = 256 << 10  /* an answer longer than this: one at a time */
};

static const char *leasing_queue(const struct sync *s)
{
	return s->focus ? s->focus : s->option_queue;
}

static int clamp(int n, int least, int most)
{
	return n < least ? least : n > most ? most : n;
}

/* Decisions of the last half lease, as the guess for the next. */
int leasing_want(struct sync *s, const char *queue)
{
	struct store_queues *q = NULL;
	struct store_entries *done = NULL;
	struct store_filter filter = { .queue = queue, .limit = OFFLINE_MOST };
	int64_t since_ms = clock_now_ms();
	int pace = 0;

	if (s->options.no_prefetch || s->quiet)
		return 0;
	if (s->options.offline_until_ms)
		return OFFLINE_MOST;
	if (store_queue_get(s->store, queue, &q, NULL) != 0)
		return 0;
	since_ms -= q->items[0].lease_s * 1000 / 2;
	store_queues_free(q);
	if (store_entries(s->store, &filter, &done, NULL) == 0) {
		for (size_t i = 0; i < done->count; i++)
			pace += done->items[i].decided_ms >= since_ms;
		store_entries_free(done);
	}
	return clamp(pace, s->options.prefetch_least, s->options.prefetch_most);
}

/* --- what to ask for ------------------------------------------------------------- */

struct leasing_plan {
	char *queue;             /* owned */
	const char *named;       /* review by name, or NULL */
	int want;
	struct value *have, *renew;
	int held;                /* of the queue, ready or opened */
	int kept;                /* set aside, or the answer is held for an undo */
};

static bool renewable(struct sync *s, const struct store_lease *l, int64_t boot_ms)
{
	int64_t left_ms = l->ends_boot_ms - boot_ms;
	struct store_queues *q = NULL;
	int64_t half_ms = 450000;

	if (s->quiet || l->state > STORE_LEASE_DECIDED || l->state == STORE_LEASE_ASIDE ||
	    l->state == STORE_LEASE_READY)
		return false;
	if (s->active_boot_ms + ACTIVE_MS < boot_ms || s->active_boot_ms <= s->renewed_boot_ms)
		return false;
	if (l->state == STORE_LEASE_OPENED && strcmp(l->review, s->active) != 0)
		return false;
	if (store_queue_get(s->store, l->queue, &q, NULL) == 0) {
		half_ms = q->items[0].lease_s * 500;
		store_queues_free(q);
	}
	return left_ms < half_ms;
}

/* What is answered here and not sent on purpose. */
static int count_held_answers(struct sync *s, const char *queue, struct err *err)
{
	struct store_entries *held = NULL;
	int n = 0, rc = store_held(s->store, &held, err);

	for (size_t i = 0; rc == 0 && i < held->count; i++)
		n += !held->items[i].amends && strcmp(held->items[i].queue, queue) == 0;
	store_entries_free(held);
	return rc ? rc : n;
}

/* Fills in have, renew, held and kept; drops what ended unopened. The server
 * answers with all leases of the device, so all are named: those that are not
 * would come whole again each time. */
static int look(struct sync *s, struct leasing_plan *plan, int64_t boot_ms, struct err *err)
{
	struct store_leases *leases = NULL;
	int rc = count_held_answers(s, plan->queue, err);

	if (rc < 0)
		return rc;
	plan->kept = rc;
	rc = store_leases(s->store, NULL, &leases, err);
	for (size_t i = 0; rc == 0 && i < leases->count; i++) {
		const struct store_lease *l = &leases->items[i];
		bool here = strcmp(l->queue, plan->queue) == 0;
		bool over = l->ends_boot_ms <= boot_ms;
		struct value *have;

		if (over && l->state == STORE_LEASE_READY) {
			rc = store_lease_drop(s->store, l->review, err);
			continue;
		}
		if (l->state > STORE_LEASE_DISPOSED)
			continue;
		have = value_push(plan->have, value_new_object());
		value_set_string(have, "review", l->review);
		value_set_int(have, "revision", l->revision);
		if (renewable(s, l, boot_ms))
			value_push(plan->renew, value_new_string(l->review));
		if (here && !over && (l->state == STORE_LEASE_READY || l->state == STORE_LEASE_OPENED))
			plan->held++;
		else if (here && !over && l->state == STORE_LEASE_ASIDE)
			plan->kept++;
	}
	store_leases_free(leases);
	return rc;
}

/* Queue of a review that is wanted by name: from its header, or its lease. */
static char *queue_of(struct sync *s, const char *review)
{
	struct store_window *w = NULL;
	struct store_leases *l = NULL;
	char *queue = NULL;

	if (store_header_find(s->store, review, &w, NULL) == 0 && w) {
		queue = mem_strdup(w->rows[0].header.queue);
		store_window_free(w);
	} else if (store_lease_find(s->store, review, &l, NULL) == 0 && l) {
		queue = mem_strdup(l->items[0].queue);
		store_leases_free(l);
	}
	return queue;
}

static bool is_dry(struct sync *s, int64_t boot_ms)
{
	if (s->leases_dry &&
	    (s->leases_dry_seen != store_generation(s->store, STORE_TOPIC_HEADERS) ||
	     boot_ms >= s->leases_dry_boot_ms + DRY_MS))
		s->leases_dry = false;
	return s->leases_dry;
}

/* The queue has no more for us now. */
static void dry(struct sync *s)
{
	s->leases_dry = true;
	s->leases_dry_seen = store_generation(s->store, STORE_TOPIC_HEADERS);
	s->leases_dry_boot_ms = s->boot_ms;
}

static void fail_claim(struct sync *s, const struct err *err)
{
	memcpy(s->claim_failed, s->claim, ID_SIZE);
	s->claim_err = *err;
	s->claim[0] = '\0';
	link_changed(s);
}

static bool plan_make(struct sync *s, struct leasing_plan *plan, int64_t boot_ms)
{
	struct err err = ERR_INIT;

	if (s->claim[0]) {
		plan->queue = queue_of(s, s->claim);
		plan->named = s->claim;
		if (!plan->queue) {
			err_set(&err, ERR_NOT_FOUND, N_("no open review has the id %s"), s->claim);
			fail_claim(s, &err);
			return false;
		}
	} else if (leasing_queue(s)) {
		plan->queue = mem_strdup(leasing_queue(s));
	} else {
		return false;
	}
	plan->have = value_new_array();
	plan->renew = value_new_array();
	if (look(s, plan, boot_ms, &err) != 0) {
		link_store_failed(s, &err);
		return false;
	}
	if (plan->named) {
		plan->want = plan->held + 1;
		return true;
	}
	plan->want = s->pull_want ? s->pull_want : leasing_want(s, plan->queue);
	if (plan->want > plan->held + (s->leases_short ? 1 : AT_A_TIME))
		plan->want = plan->held + (s->leases_short ? 1 : AT_A_TIME);
	return (plan->want > plan->held && !is_dry(s, boot_ms)) || value_count(plan->renew) > 0;
}

static void plan_clear(struct leasing_plan *plan)
{
	free(plan->queue);
	value_free(plan->have);
	value_free(plan->renew);
}

static void plan_write(struct sync *s, struct leasing_plan *plan, struct buf *body)
{
	struct value *doc = value_new_object();
	char until[CLOCK_TEXT_SIZE];

	value_set_string(doc, "device", store_device(s->store));
	value_set_string(doc, "queue", plan->queue);
	/* For the server what is kept here counts as held: it is asked for more. */
	value_set_int(doc, "want", (plan->want > plan->held ? plan->want : plan->held)
	              + plan->kept);
	if (plan->named)
		value_push(value_set(doc, "reviews", value_new_array()),
		           value_new_string(plan->named));
	value_set(doc, "have", plan->have);
	value_set(doc, "renew", plan->renew);
	plan->have = plan->renew = NULL;
	if (s->options.offline_until_ms)
		value_set_string(doc, "offline_until",
			clock_text(link_server_ms(s, s->options.offline_until_ms), until));
	json_text(doc, body);
	value_free(doc);
}

static bool leasing_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                            struct buf *path, struct buf *body)
{
	struct leasing_plan plan = { .queue = NULL };
	bool ask = s->identified && !s->identity_stale && !s->push_only &&
	           plan_make(s, &plan, boot_ms);

	if (ask) {
		if (value_count(plan.renew))
			s->renewed_boot_ms = boot_ms;
		plan_write(s, &plan, body);
		request->method = TRANSPORT_POST;
		buf_adds(path, "/v1/leases");
		free(s->leases_queue);
		s->leases_queue = plan.queue;
		plan.queue = NULL;
		s->leases_named = plan.named != NULL;
		s->leases_want = plan.want;
	}
	plan_clear(&plan);
	return ask;
}

int64_t leasing_due_boot_ms(struct sync *s)
{
	return s->leases_dry && leasing_queue(s) ? s->leases_dry_boot_ms + DRY_MS : INT64_MAX;
}

/* --- what came -------------------------------------------------------------------- */

static void refused(struct sync *s, const struct lane_answer *a)
{
	struct err err = ERR_INIT;

	err_set(&err, a->status == 404 ? ERR_NOT_FOUND : ERR_CONFLICT, N_("%s"), a->words);
	if (s->leases_named)
		fail_claim(s, &err);
	/* A role may have been taken away: look again at what is mine. */
	s->identity_stale = a->status == 403;
	dry(s);
}

static void leasing_answered(struct sync *s, struct lane_answer *a)
{
	struct prescan scratch = PRESCAN_INIT;
	struct err err = ERR_INIT;
	struct buf *body = &a->response->body;

	if (a->outcome == LANE_AGAIN || s->status.link == SYNC_LINK_REFUSED)
		return;
	if (a->outcome == LANE_PROBLEM) {
		refused(s, a);
		return;
	}
	if (prescan_check(&scratch, buf_str(body), body->len, &prescan_answer, NULL, &err) != 0 ||
	    !prescan_items(&s->leases_at, buf_str(body), body->len, "/leases")) {
		err_set(&err, ERR_INVALID, N_("it holds no leases"));
		link_nonsense(s, &err);
	} else {
		buf_clear(&s->leases_body);
		s->leases_body = *body;
		*body = (struct buf)BUF_INIT;
		s->leases_short = s->leases_body.len > SHORT_BYTES;
		s->leases_boot_ms = a->started_boot_ms;
		value_free(s->leases_given);
		s->leases_given = value_new_array();
		s->lanes[LANE_LEASES].pending = true;
	}
	prescan_clear(&scratch);
}

/* Leases we thought we had and the server did not name: somebody else may have
 * them by now. What was opened stays visible as taken back; what ended by time
 * alone may still be decided, late. */
static int reconcile(struct sync *s, struct err *err)
{
	struct store_leases *leases = NULL;
	int rc = store_leases(s->store, s->leases_queue, &leases, err);

	for (size_t i = 0; rc == 0 && i < leases->count; i++) {
		const struct store_lease *l = &leases->items[i];

		if (value_has_string(s->leases_given, l->review))
			continue;
		if (l->state == STORE_LEASE_READY)
			rc = store_lease_drop(s->store, l->review, err);
		else if (l->state == STORE_LEASE_OPENED && l->ends_boot_ms > s->boot_ms)
			rc = store_lease_recall(s->store, l->review, NULL, err);
	}
	store_leases_free(leases);
	return rc;
}

static int take_one(struct sync *s, const char *text, size_t len, struct err *err)
{
	char review[ID_SIZE];
	const char *proposal;
	struct value *doc = NULL;
	size_t proposal_len;
	int rc;

	if (prescan_span(text, len, "/proposal", &proposal, &proposal_len)) {
		rc = lease_in_store(s, s->leases_queue, text, len, s->leases_boot_ms, review, err);
	} else {
		rc = json_parse(text, len, NULL, &doc, err);
		if (rc == 0)
			rc = lease_in_renew(s, doc, s->leases_boot_ms, err);
		if (rc == 0)
			memcpy(review, value_text(doc, "review"), ID_SIZE);
		value_free(doc);
	}
	if (rc == 0)
		value_push(s->leases_given, value_new_string(review));
	return rc;
}

/* A small member of the answer beside the leases. */
static struct value *beside(struct sync *s, const char *pointer)
{
	struct value *v = NULL;
	const char *text;
	size_t len;
	struct buf list = BUF_INIT;

	if (!prescan_span(buf_str(&s->leases_body), s->leases_body.len, pointer, &text, &len))
		return NULL;
	buf_addc(&list, '[');
	buf_add(&list, text, len);
	buf_addc(&list, ']');
	if (json_parse(buf_str(&list), list.len, NULL, &v, NULL) != 0)
		v = NULL;
	buf_clear(&list);
	return v;
}

static void finish(struct sync *s)
{
	struct value *more = beside(s, "/more"), *time = beside(s, "/server_time");
	const struct value *flag = value_at(more, 0);
	bool again = value_is(flag, VALUE_BOOL) && flag->b;
	struct err err = ERR_INIT;
	size_t held = 0;

	link_clock(s, value_str(value_at(time, 0)));
	if (!again && reconcile(s, &err) != 0)
		link_store_failed(s, &err);
	if (s->leases_named) {
		if (s->claim[0] && !value_has_string(s->leases_given, s->claim)) {
			err_set(&err, ERR_CONFLICT,
			        N_("it is reserved by somebody else, decided, or not for you"));
			fail_claim(s, &err);
		}
		s->claim[0] = '\0';
	} else if (!again) {
		store_lease_count(s->store, s->leases_queue, s->boot_ms, &held, NULL);
		if (held < (size_t)s->leases_want)
			dry(s);
	}
	value_free(more);
	value_free(time);
	buf_clear(&s->leases_body);
	link_changed(s);
}

static bool leasing_slice(struct sync *s)
{
	struct err err = ERR_INIT;
	const char *text;
	size_t len;
	int rc;

	if (!prescan_next(&s->leases_at, &text, &len)) {
		finish(s);
		return false;
	}
	rc = take_one(s, text, len, &err);
	if (rc == 0)
		return true;
	if (rc == ERR_INVALID || rc == ERR_LIMIT)
		link_nonsense(s, &err);
	else
		link_store_failed(s, &err);
	buf_clear(&s->leases_body);
	return false;
}

const struct lane_ops leasing_ops = {
	.name = "leases",
	.before = "sync.leases.before",
	.after = "sync.leases.after",
	.raw = true,
	.prepare = leasing_prepare,
	.answered = leasing_answered,
	.slice = leasing_slice,
};
