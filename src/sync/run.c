/* SPDX-License-Identifier: Apache-2.0
 *
 * The same work for callers that wait: subcommands.
 */
#include <string.h>

#include "base/clock.h"
#include "base/msg.h"
#include "sync/lane.h"

static int link_failure(const struct sync *s, struct err *err)
{
	const struct sync_status *st = &s->status;

	if (st->link != SYNC_LINK_OFFLINE && st->link != SYNC_LINK_REFUSED &&
	    st->link != SYNC_LINK_ALARM)
		return 0;
	if (err && err->code == ERR_NONE)
		*err = st->why;
	if (st->link == SYNC_LINK_ALARM)
		return ERR_CORRUPT;
	if (st->link == SYNC_LINK_REFUSED)
		return ERR_DENIED;
	return st->why.code == ERR_FULL ? ERR_FULL : ERR_OFFLINE;
}

/* A subcommand asks once: it does not sit out a waiting period. */
static int run_until(struct sync *s, bool (*done)(struct sync *s), struct err *err)
{
	sync_wake(s);
	err_clear(&s->problem);
	for (;;) {
		struct pollfd fds[TRANSPORT_FDS];
		int64_t boot_ms = clock_boot_ms();
		bool more = sync_step(s, boot_ms);
		int rc = link_failure(s, err);

		if (rc || done(s))
			return rc;
		if (s->problem.code) {
			if (err && err->code == ERR_NONE)
				*err = s->problem;
			return s->problem.code;
		}
		if (!more)
			poll(fds, sync_pollfds(s, fds, TRANSPORT_FDS), sync_timeout_ms(s, boot_ms));
	}
}

static bool is_caught_up(struct sync *s)
{
	return s->status.caught_up;
}

int sync_run_once(struct sync *s, struct err *err)
{
	bool no_poll = s->options.no_poll;
	int rc;

	s->options.no_poll = true;
	s->changes_current = false;
	rc = run_until(s, is_caught_up, err);
	s->options.no_poll = no_poll;
	return rc;
}

int sync_push(struct sync *s, struct err *err)
{
	int rc;

	s->push_only = true;
	rc = run_until(s, is_caught_up, err);
	s->push_only = false;
	return rc;
}

static bool is_pulled(struct sync *s)
{
	size_t held = 0;

	if (!s->status.caught_up)
		return false;
	store_lease_count(s->store, s->focus, s->boot_ms, &held, NULL);
	return held >= (size_t)s->pull_want || s->leases_dry;
}

int sync_pull(struct sync *s, const char *queue, int n, int *held, struct err *err)
{
	struct store_queues *known = NULL;
	size_t count = 0;
	int rc = sync_run_once(s, err);

	if (rc == 0)
		rc = store_queue_get(s->store, queue, &known, err);
	store_queues_free(known);
	if (rc)
		return rc;
	sync_focus(s, queue);
	s->pull_want = n;
	s->options.no_poll = true;
	rc = run_until(s, is_pulled, err);
	s->pull_want = 0;
	store_lease_count(s->store, queue, s->boot_ms, &count, NULL);
	if (held)
		*held = (int)count;
	return rc;
}

static bool is_claimed(struct sync *s)
{
	return s->status.caught_up && !s->claim[0] && s->document_none;
}

int sync_claim_now(struct sync *s, const char *review, struct err *err)
{
	int rc = sync_run_once(s, err);

	if (rc)
		return rc;
	s->options.no_poll = true;
	sync_claim(s, review);
	s->status.caught_up = false;
	rc = run_until(s, is_claimed, err);
	if (rc == 0 && strcmp(s->claim_failed, review) == 0) {
		if (err && err->code == ERR_NONE)
			*err = s->claim_err;
		rc = s->claim_err.code;
	}
	return rc;
}

static bool is_revealed(struct sync *s)
{
	return s->status.caught_up && s->reveal_none;
}

int sync_reveal_now(struct sync *s, const char *review, const char *own,
                    struct value *content, struct err *err)
{
	int rc = sync_reveal(s, review, own, content, err);

	if (rc == 0) {
		s->options.no_poll = true;
		s->status.caught_up = false;
		rc = run_until(s, is_revealed, err);
	}
	if (rc == 0 && strcmp(s->reveal_failed, review) == 0) {
		if (err && err->code == ERR_NONE)
			*err = s->reveal_err;
		rc = s->reveal_err.code;
	}
	return rc;
}
