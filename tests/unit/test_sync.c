/* SPDX-License-Identifier: Apache-2.0
 *
 * Sync against a server in memory: mirror, leases, decisions, checkpoints.
 * The outbox states are played from src/sync/README in test_sync_outbox.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sync_desk.h"
#include "wire/checkpoint.h"

static int64_t headers_of(struct sync_desk *d)
{
	struct store_page page = { .queue = "receipts", .want = 1 };
	struct store_window *w = NULL;
	int64_t total;

	assert_int_equal(store_window(d->store, &page, &w, NULL), 0);
	total = w->total;
	store_window_free(w);
	return total;
}

static size_t leases_of(struct sync_desk *d)
{
	size_t n = 0;

	assert_int_equal(store_lease_count(d->store, "receipts", d->boot_ms, &n, NULL), 0);
	return n;
}

static const struct sync_status *status(struct sync_desk *d)
{
	return sync_status(d->sync);
}

/* --- mirror ------------------------------------------------------------------ */

static void mirrors_headers_and_prefetches(void **state)
{
	struct sync_desk d;
	struct store_queues *q = NULL;

	(void)state;
	sync_desk_start(&d, 1203);
	sync_desk_connect(&d, NULL);
	assert_int_equal(status(&d)->link, SYNC_LINK_UNTRIED);
	sync_desk_settle(&d);
	assert_int_equal(status(&d)->link, SYNC_LINK_ONLINE);
	assert_true(status(&d)->caught_up);
	assert_int_equal(headers_of(&d), 1203);
	assert_int_equal(d.server.pages, 3);
	assert_int_equal(leases_of(&d), 3);
	assert_int_equal(store_queues(d.store, &q, NULL), 0);
	assert_int_equal(q->count, 1);
	assert_string_equal(q->items[0].title, "Receipts");
	assert_string_equal(q->items[0].roles, "reviewer");
	assert_int_equal(q->items[0].lease_s, 900);
	store_queues_free(q);
	sync_desk_stop(&d);
}

static void stores_bytes_as_they_came(void **state)
{
	struct sync_desk d;
	struct store_bytes *bytes = NULL;
	struct store_leases *l = NULL;
	char review[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 1);
	sync_desk_run(&d);
	sync_desk_review(&d, 0, review);
	assert_string_equal(review, d.server.reviews[0].review);
	assert_int_equal(store_proposal_get(d.store, review, &bytes, NULL), 0);
	assert_string_equal(bytes->data, d.server.reviews[0].document);
	store_bytes_free(bytes);
	assert_int_equal(store_document_find(d.store, d.server.definition_digest, &bytes, NULL), 0);
	assert_string_equal(bytes->data, d.server.definition);
	store_bytes_free(bytes);
	assert_int_equal(store_lease_find(d.store, review, &l, NULL), 0);
	assert_null(strstr(l->items[0].doc, "rcpt-0000"));
	assert_non_null(strstr(l->items[0].doc, "\"proposal\":null"));
	assert_string_equal(l->items[0].external_id, "rcpt-0000");
	store_leases_free(l);
	sync_desk_stop(&d);
}

static struct value *change(const char *type, const char *review)
{
	struct value *c = value_new_object();

	value_set_string(c, "type", type);
	if (review)
		value_set_string(c, "review", review);
	return c;
}

static void follows_changes(void **state)
{
	struct sync_desk d;
	char review[ID_SIZE];
	struct store_leases *l = NULL;
	int pages;

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_run(&d);
	pages = d.server.pages;
	fake_server_change(&d.server, change("gone", d.server.reviews[9].review));
	fake_server_change(&d.server, change("something new", NULL));
	sync_desk_review(&d, 0, review);
	assert_int_equal(store_lease_touch(d.store, review, d.boot_ms, NULL), 0);
	fake_server_change(&d.server, change("recalled", review));
	assert_string_equal(review, d.server.reviews[0].review);
	d.server.reviews[0].leased = false;
	d.server.reviews[0].recalled = true;
	sync_desk_run(&d);
	assert_int_equal(headers_of(&d), 9);
	assert_int_equal(d.server.pages, pages);
	assert_int_equal(store_lease_find(d.store, review, &l, NULL), 0);
	assert_int_equal(l->items[0].state, STORE_LEASE_RECALLED);
	store_leases_free(l);
	sync_desk_stop(&d);
}

/* Whoever dies in the middle of a long answer is told all of it again. */
static void moves_the_cursor_last(void **state)
{
	enum { MANY = 4000 };
	struct sync_desk d;
	char *before = NULL, *now = NULL;
	bool partly = false;

	(void)state;
	sync_desk_start(&d, 1);
	sync_desk_run(&d);
	store_cursor(d.store, "changes", &before, NULL);
	for (int i = 0; i < MANY; i++)
		fake_server_header(&d.server, i);
	sync_desk_connect(&d, NULL);
	for (int i = 0; i < 2000 && headers_of(&d) < MANY + 1; i++) {
		sync_step(d.sync, d.boot_ms);
		free(now);
		now = NULL;
		store_cursor(d.store, "changes", &now, NULL);
		if (headers_of(&d) > 1 && headers_of(&d) < MANY + 1) {
			partly = true;
			assert_string_equal(now, before);
		}
	}
	assert_true(partly);
	assert_int_equal(headers_of(&d), MANY + 1);
	assert_string_not_equal(now, before);
	free(before);
	free(now);
	sync_desk_stop(&d);
}

static void refetches_when_told(void **state)
{
	struct sync_desk d;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_run(&d);
	sync_desk_decide(&d, 0, true, id);
	/* The server forgot two reviews without saying so. */
	d.server.reviews[8].open = d.server.reviews[9].open = false;
	d.server.must_refetch_once = true;
	sync_desk_run(&d);
	assert_int_equal(headers_of(&d), 8);
	assert_int_equal(sync_desk_state(&d, id, NULL), STORE_HELD);
	sync_desk_stop(&d);
}

static void one_more_run_changes_nothing(void **state)
{
	struct sync_desk d;
	struct buf before = BUF_INIT, after = BUF_INIT;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 20);
	sync_desk_run(&d);
	sync_desk_decide(&d, 1, false, id);
	sync_desk_run(&d);
	sync_desk_dump(&d, &before);
	sync_desk_run(&d);
	sync_desk_dump(&d, &after);
	assert_string_equal(buf_str(&before), buf_str(&after));
	assert_int_equal(d.server.effects, 1);
	buf_clear(&before);
	buf_clear(&after);
	sync_desk_stop(&d);
}

/* The poll is held open by the server; a decision does not wait for it. */
static void pushes_while_it_polls(void **state)
{
	struct sync_options options = { .queue = "receipts" };
	struct sync_desk d;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_connect(&d, &options);
	sync_desk_settle(&d);
	assert_true(status(&d)->caught_up);
	sync_desk_decide(&d, 0, false, id);
	assert_int_equal(sync_timeout_ms(d.sync, d.boot_ms), 0);
	sync_desk_settle(&d);
	assert_int_equal(sync_desk_state(&d, id, NULL), STORE_IN_LOG);
	sync_desk_stop(&d);
}

/* --- decisions ----------------------------------------------------------------- */

static void batches_and_halves(void **state)
{
	struct sync_options options = { .queue = "receipts", .no_poll = true, .prefetch_least = 30,
	                                .prefetch_most = 30 };
	struct sync_desk d;
	char id[30][ID_SIZE];

	(void)state;
	sync_desk_start(&d, 40);
	sync_desk_connect(&d, &options);
	sync_desk_settle(&d);
	assert_int_equal(leases_of(&d), 30);
	for (int i = 0; i < 30; i++)
		sync_desk_decide(&d, 0, false, id[i]);
	d.server.batch_most = 4;
	sync_desk_settle(&d);
	for (int i = 0; i < 30; i++)
		assert_int_equal(sync_desk_state(&d, id[i], NULL), STORE_IN_LOG);
	assert_int_equal(d.server.effects, 30);
	assert_int_equal(d.server.largest_batch, 30);
	sync_desk_stop(&d);
}

static void renews_a_forked_device(void **state)
{
	struct sync_desk d;
	char a[ID_SIZE], b[ID_SIZE], device[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_run(&d);
	sync_desk_decide(&d, 0, false, a);
	sync_desk_decide(&d, 0, false, b);
	memcpy(device, store_device(d.store), ID_SIZE);
	d.server.fork_once = true;
	sync_desk_run(&d);
	assert_string_not_equal(store_device(d.store), device);
	assert_int_equal(sync_desk_state(&d, a, NULL), STORE_IN_LOG);
	assert_int_equal(sync_desk_state(&d, b, NULL), STORE_IN_LOG);
	assert_int_equal(d.server.effects, 2);
	sync_desk_stop(&d);
}

static void gives_leases_back(void **state)
{
	struct sync_desk d;
	struct store_dispose skip = { .disposition = DISPOSITION_SKIP, .hold = false };
	char id[ID_SIZE], review[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_run(&d);
	sync_desk_review(&d, 0, review);
	id_new(id);
	skip.id = id;
	skip.review = review;
	skip.decided_ms = clock_now_ms();
	skip.decided_boot_ms = d.boot_ms;
	assert_int_equal(store_dispose(d.store, &skip, NULL), 0);
	sync_desk_run(&d);
	assert_int_equal(d.server.releases, 1);
	assert_int_equal(leases_of(&d), 3);
	sync_desk_run(&d);
	assert_int_equal(d.server.releases, 1);
	sync_desk_stop(&d);
}

/* --- leases -------------------------------------------------------------------- */

static void prefetches_what_is_decided_in_half_a_lease(void **state)
{
	struct sync_desk d;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 60);
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_int_equal(leases_of(&d), 3);
	for (int i = 0; i < 7; i++) {
		sync_desk_decide(&d, 0, false, id);
		sync_desk_settle(&d);
	}
	assert_int_equal(leases_of(&d), 7);
	for (int i = 0; i < 30; i++) {
		sync_desk_decide(&d, 0, false, id);
		sync_desk_settle(&d);
	}
	assert_int_equal(leases_of(&d), 20);
	sync_desk_stop(&d);
}

/* For the server the person has them still: it must be asked for more than that. */
static void prefetches_while_decisions_are_held(void **state)
{
	struct sync_desk d;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 60);
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	for (int i = 0; i < 10; i++) {
		assert_true(leases_of(&d) >= 3);
		sync_desk_decide(&d, 0, true, id);
		sync_desk_settle(&d);
	}
	assert_int_equal(d.server.effects, 0);
	sync_desk_stop(&d);
}

/* Answers held back for an undo are still reserved on the server: the desk
 * does not run dry meanwhile. */
static void prefetches_beside_held_answers(void **state)
{
	struct sync_desk d;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 60);
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	for (int i = 0; i < 3; i++)
		sync_desk_decide(&d, 0, true, id);
	sync_desk_settle(&d);
	assert_int_equal(leases_of(&d), 3);
	assert_int_equal(d.server.pushes, 0);
	sync_desk_stop(&d);
}

static void renews_only_what_is_touched(void **state)
{
	struct sync_desk d;
	char opened[ID_SIZE];
	const struct value *renew;

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	sync_desk_review(&d, 1, opened);
	store_lease_touch(d.store, opened, d.boot_ms, NULL);
	d.boot_ms += 500 * 1000;
	sync_desk_settle(&d);
	renew = value_find(d.server.last_lease_call, "renew");
	assert_int_equal(value_count(renew), 0);
	sync_activity(d.sync, opened, d.boot_ms);
	sync_desk_settle(&d);
	renew = value_find(d.server.last_lease_call, "renew");
	assert_int_equal(value_count(renew), 1);
	assert_string_equal(value_str(value_at(renew, 0)), opened);
	/* Looking away: the same touch does not renew it for ever. */
	value_free(d.server.last_lease_call);
	d.server.last_lease_call = NULL;
	d.boot_ms += 500 * 1000;
	sync_desk_settle(&d);
	assert_int_equal(value_count(value_find(d.server.last_lease_call, "renew")), 0);
	sync_desk_stop(&d);
}

/* Leases of every queue are named: what is not comes whole again, for ever where
 * it fills the answer. What comes is filed under its own queue, whichever was
 * asked about: "invoices" by its claim here. */
static void names_the_leases_of_every_queue(void **state)
{
	static const char bytes[] = "{\"queue\":\"invoices\"}";
	struct sync_options by_name = { .no_poll = true, .no_prefetch = true };
	char other[ID_SIZE], proposal[ID_SIZE], first[ID_SIZE];
	struct store_leases *lease = NULL;
	struct store_lease_in in = { .review = other, .proposal = proposal, .external_id = "inv-1",
		.queue = "invoices", .revision = 1, .token = "4294967297", .digest = "sha256:00",
		.definition = "sha256:00", .doc = "{}", .bytes = bytes, .bytes_len = sizeof bytes - 1 };
	const struct value *have;
	struct sync_desk d;
	bool named = false;

	(void)state;
	id_new(other);
	id_new(proposal);
	sync_desk_start(&d, 3);
	in.ends_boot_ms = d.boot_ms + 900000;
	in.expires_ms = clock_now_ms() + 900000;
	assert_int_equal(store_lease_put(d.store, &in, NULL), 0);
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	have = value_find(d.server.last_lease_call, "have");
	for (size_t i = 0; i < value_count(have); i++)
		named |= strcmp(value_text_or(value_at(have, i), "review", ""), other) == 0;
	assert_true(named);
	/* Their answer was lost, so they come with one about another queue. */
	sync_desk_review(&d, 0, first);
	for (size_t i = 0; i < d.server.review_count; i++)
		store_lease_drop(d.store, d.server.reviews[i].review, NULL);
	sync_desk_disconnect(&d);
	sync_desk_connect(&d, &by_name);
	assert_int_equal(sync_claim_now(d.sync, other, NULL), ERR_CONFLICT);
	assert_int_equal(store_lease_find(d.store, first, &lease, NULL), 0);
	assert_non_null(lease);
	assert_string_equal(lease->items[0].queue, "receipts");
	store_leases_free(lease);
	sync_desk_stop(&d);
}

/* Nobody opened them, their time is over: they are not mine any more. */
static void drops_what_ended_unopened(void **state)
{
	struct sync_desk d;
	char opened[ID_SIZE];
	struct store_leases *l = NULL;

	(void)state;
	sync_desk_start(&d, 3);
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_int_equal(leases_of(&d), 3);
	sync_desk_review(&d, 0, opened);
	store_lease_touch(d.store, opened, d.boot_ms, NULL);
	d.server.fault = FAKE_UNREACHED;
	d.server.fault_times = -1;
	for (size_t i = 0; i < 3; i++)
		d.server.reviews[i].leased = false;
	sync_desk_wait(&d, 901 * 1000);
	assert_int_equal(leases_of(&d), 0);
	assert_int_equal(store_leases(d.store, NULL, &l, NULL), 0);
	assert_int_equal(l->count, 1);
	assert_string_equal(l->items[0].review, opened);
	assert_int_equal(l->items[0].state, STORE_LEASE_OPENED);
	store_leases_free(l);
	sync_desk_stop(&d);
}

static void claims_by_name(void **state)
{
	struct sync_options options = { .no_poll = true };
	struct sync_desk d;
	struct store_leases *l = NULL;
	struct err err = ERR_INIT;
	const char *wanted;

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_connect(&d, &options);
	wanted = d.server.reviews[7].review;
	assert_int_equal(sync_claim_now(d.sync, wanted, &err), 0);
	assert_int_equal(store_lease_find(d.store, wanted, &l, NULL), 0);
	assert_non_null(l);
	store_leases_free(l);
	assert_int_equal(leases_of(&d), 1);
	d.server.reviews[5].recalled = true;
	assert_int_equal(sync_claim_now(d.sync, d.server.reviews[5].review, &err), ERR_CONFLICT);
	err_clear(&err);
	assert_int_equal(sync_claim_now(d.sync, d.server.reviews[5].proposal, &err), ERR_NOT_FOUND);
	sync_desk_stop(&d);
}

static void pulls_as_many_as_asked(void **state)
{
	struct sync_options options = { .no_poll = true, .no_prefetch = true };
	struct sync_desk d;
	struct err err = ERR_INIT;
	int held = 0;

	(void)state;
	sync_desk_start(&d, 12);
	sync_desk_connect(&d, &options);
	assert_int_equal(sync_run_once(d.sync, &err), 0);
	assert_int_equal(leases_of(&d), 0);
	assert_int_equal(sync_pull(d.sync, "receipts", 8, &held, &err), 0);
	assert_int_equal(held, 8);
	assert_int_equal(sync_pull(d.sync, "receipts", 40, &held, &err), 0);
	assert_int_equal(held, 12);
	assert_int_equal(sync_pull(d.sync, "no such queue", 4, &held, &err), ERR_NOT_FOUND);
	sync_desk_stop(&d);
}

static void reveals_after_committing(void **state)
{
	struct sync_desk d;
	char review[ID_SIZE];
	struct store_leases *l = NULL;
	const char *own = "sha256:0000000000000000000000000000000000000000000000000000000000000001";
	struct value *content = value_new_object();

	(void)state;
	sync_desk_start(&d, 1);
	d.server.reviews[0].blind = true;
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	sync_desk_review(&d, 0, review);
	assert_int_equal(store_lease_touch(d.store, review, d.boot_ms, NULL), 0);
	value_set_string(content, "salt", "00112233445566778899aabbccddeeff");
	value_set_null(content, "value");
	/* The commitment outlives the connection. */
	d.server.fault = FAKE_UNREACHED;
	d.server.fault_times = 1;
	assert_int_equal(sync_reveal(d.sync, review, own, content, NULL), 0);
	sync_desk_settle(&d);
	assert_false(d.server.reviews[0].revealed);
	sync_desk_disconnect(&d);
	sync_desk_run(&d);
	assert_true(d.server.reviews[0].revealed);
	assert_int_equal(store_lease_find(d.store, review, &l, NULL), 0);
	assert_int_equal(l->items[0].view, VIEW_FULL);
	assert_int_equal(l->items[0].state, STORE_LEASE_OPENED);
	assert_string_equal(l->items[0].own, own);
	store_leases_free(l);
	sync_desk_stop(&d);
}

/* --- link ---------------------------------------------------------------------- */

static void waits_longer_and_longer(void **state)
{
	struct sync_desk d;
	int before;

	(void)state;
	sync_desk_start(&d, 3);
	d.server.fault = FAKE_UNREACHED;
	d.server.fault_times = -1;
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_int_equal(status(&d)->link, SYNC_LINK_OFFLINE);
	assert_int_equal(d.server.requests, 1);
	sync_desk_wait(&d, 3600 * 1000);
	/* Full jitter up to 5 minutes: about 24 + 9 tries an hour, never hundreds. */
	assert_in_range(d.server.requests, 12, 120);
	before = d.server.requests;
	sync_wake(d.sync);
	sync_desk_settle(&d);
	assert_int_equal(d.server.requests, before + 1);
	d.server.fault = FAKE_NONE;
	sync_desk_wait(&d, 301 * 1000);
	assert_int_equal(status(&d)->link, SYNC_LINK_ONLINE);
	assert_true(status(&d)->caught_up);
	sync_desk_stop(&d);
}

static void honours_retry_after(void **state)
{
	struct sync_desk d;

	(void)state;
	sync_desk_start(&d, 3);
	d.server.fault = FAKE_STATUS;
	d.server.fault_status = 503;
	d.server.fault_retry_after_ms = 120 * 1000;
	d.server.fault_times = 1;
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_int_equal(status(&d)->link, SYNC_LINK_OFFLINE);
	sync_wake(d.sync);
	sync_desk_wait(&d, 119 * 1000);
	assert_int_equal(d.server.requests, 1);
	sync_desk_wait(&d, 3 * 1000);
	assert_int_equal(status(&d)->link, SYNC_LINK_ONLINE);
	sync_desk_stop(&d);
}

static void stops_when_refused(void **state)
{
	static const int statuses[] = { 401, 426, 302, 403 };

	(void)state;
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		struct sync_desk d;
		struct err err = ERR_INIT;

		sync_desk_start(&d, 3);
		d.server.fault = FAKE_STATUS;
		d.server.fault_status = statuses[i];
		d.server.fault_times = -1;
		sync_desk_connect(&d, NULL);
		sync_desk_settle(&d);
		assert_int_equal(status(&d)->link, SYNC_LINK_REFUSED);
		assert_int_equal(status(&d)->why.code, ERR_DENIED);
		sync_desk_wait(&d, 3600 * 1000);
		assert_int_equal(d.server.requests, 1);
		assert_int_equal(sync_run_once(d.sync, &err), ERR_DENIED);
		d.server.fault = FAKE_NONE;
		assert_int_equal(sync_run_once(d.sync, NULL), 0);
		assert_int_equal(status(&d)->link, SYNC_LINK_ONLINE);
		sync_desk_stop(&d);
	}
}

/* One route refused is no reason to wait for ever, nor to stop the others. */
static void tells_which_lane_was_refused(void **state)
{
	static const struct { const char *path; int status, code; } cases[] = {
		{ "/v1/reviews", 403, ERR_DENIED }, { "/v1/changes", 404, ERR_CONFLICT },
		{ "/v1/decisions", 403, ERR_DENIED }
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sync_desk d;
		struct err err = ERR_INIT;
		char id[ID_SIZE];

		sync_desk_start(&d, 5);
		sync_desk_run(&d);
		sync_desk_decide(&d, 0, false, id);
		d.server.must_refetch_once = i == 0;
		d.server.fault = FAKE_STATUS;
		d.server.fault_path = cases[i].path;
		d.server.fault_status = cases[i].status;
		d.server.fault_times = -1;
		sync_desk_connect(&d, NULL);
		assert_int_equal(sync_run_once(d.sync, &err), cases[i].code);
		assert_non_null(strstr(err.arg[0], "words of the server"));
		assert_int_equal(status(&d)->link, SYNC_LINK_ONLINE);
		assert_int_equal(sync_desk_state(&d, id, NULL) == STORE_WAITING, i == 2);
		d.server.fault = FAKE_NONE;
		sync_desk_disconnect(&d);
		sync_desk_run(&d);
		assert_int_equal(sync_desk_state(&d, id, NULL), STORE_IN_LOG);
		sync_desk_stop(&d);
	}
}

/* An auditor's desk has nothing to mirror, and is up to date. */
static void is_done_without_queues_to_read(void **state)
{
	struct sync_desk d;
	struct err err = ERR_INIT;

	(void)state;
	sync_desk_start(&d, 5);
	d.server.role = "auditor";
	sync_desk_connect(&d, NULL);
	assert_int_equal(sync_run_once(d.sync, &err), 0);
	assert_int_equal(d.server.pages, 0);
	assert_int_equal(d.server.change_calls, 0);
	sync_desk_stop(&d);
}

static void measures_the_clocks(void **state)
{
	struct sync_desk d;

	(void)state;
	sync_desk_start(&d, 3);
	d.server.clock_ahead_ms = 90 * 1000;
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_true(status(&d)->skew_known && status(&d)->skew_warn);
	assert_in_range(status(&d)->skew_ms, 88000, 92000);
	assert_int_equal(leases_of(&d), 3);
	sync_desk_stop(&d);
}

/* --- checkpoints ------------------------------------------------------------------ */

static void demands_proofs(void **state)
{
	struct sync_desk d;
	char *origin = NULL, *note = NULL;
	int64_t size = 0;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_run(&d);
	assert_int_equal(d.server.proofs, 0);
	for (int i = 0; i < 4; i++)
		fake_server_leaf(&d.server);
	sync_desk_decide(&d, 0, false, id);
	sync_desk_run(&d);
	assert_int_equal(d.server.proofs, 1);
	assert_int_equal(store_fact(d.store, "origin", &origin, NULL), 0);
	assert_int_equal(store_checkpoint(d.store, origin, &size, &note, NULL), 0);
	assert_int_equal(size, (int64_t)d.server.leaf_count);
	free(origin);
	free(note);
	sync_desk_stop(&d);
}

static void raises_the_alarm(void **state)
{
	static const struct { enum fake_lie lie; int more_leaves; } lies[] = {
		{ FAKE_WRONG_SIGNATURE, 0 }, { FAKE_WRONG_SIGNATURE, 3 }, { FAKE_FORK, 0 },
		{ FAKE_REWRITTEN, 5 }, { FAKE_SHRUNK, 0 }, { FAKE_NO_PROOF, 2 }
	};

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct sync_desk d;
		char id[ID_SIZE], *kept = NULL;
		int requests;

		sync_desk_start(&d, 10);
		for (int n = 0; n < 6; n++)
			fake_server_leaf(&d.server);
		sync_desk_run(&d);
		for (int n = 0; n < lies[i].more_leaves; n++)
			fake_server_leaf(&d.server);
		d.server.lie = lies[i].lie;
		sync_desk_connect(&d, NULL);
		sync_desk_settle(&d);
		if (status(&d)->link != SYNC_LINK_ALARM)
			print_error("lie %d passed\n", lies[i].lie);
		assert_int_equal(status(&d)->link, SYNC_LINK_ALARM);
		assert_int_equal(status(&d)->why.code, ERR_CORRUPT);
		assert_int_equal(store_fact(d.store, "alarm", &kept, NULL), 0);
		assert_non_null(strstr(kept, "countersign/"));
		free(kept);
		/* Nothing goes out any more, not by time, not after a restart. */
		requests = d.server.requests;
		sync_desk_decide(&d, 0, false, id);
		sync_wake(d.sync);
		sync_desk_wait(&d, 600 * 1000);
		sync_desk_disconnect(&d);
		sync_desk_connect(&d, NULL);
		sync_desk_settle(&d);
		assert_int_equal(d.server.requests, requests);
		assert_int_equal(sync_run_once(d.sync, NULL), ERR_CORRUPT);
		assert_int_equal(sync_desk_state(&d, id, NULL), STORE_WAITING);
		d.server.lie = FAKE_HONEST;
		assert_int_equal(sync_alarm_clear(d.sync, NULL), 0);
		assert_int_equal(sync_run_once(d.sync, NULL), 0);
		assert_int_equal(sync_desk_state(&d, id, NULL), STORE_IN_LOG);
		sync_desk_stop(&d);
	}
}

static void offers_again_after_a_restore(void **state)
{
	struct sync_desk d;
	char a[ID_SIZE], b[ID_SIZE], *note = NULL, old_origin[CHECKPOINT_NAME_SIZE];
	char *origin = NULL;
	int64_t size = 0;

	(void)state;
	sync_desk_start(&d, 10);
	sync_desk_run(&d);
	sync_desk_decide(&d, 0, false, a);
	sync_desk_run(&d);
	sync_desk_decide(&d, 0, false, b);
	sync_desk_run(&d);
	assert_int_equal(store_fact(d.store, "origin", &origin, NULL), 0);
	memcpy(old_origin, origin, strlen(origin) + 1);
	free(origin);
	assert_int_equal(d.server.effects, 2);
	fake_server_restore(&d.server, 1);
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_true(status(&d)->restored);
	assert_int_equal(status(&d)->restored_epoch, 2);
	assert_int_equal(d.server.effects, 4);
	assert_int_equal(sync_desk_state(&d, a, NULL), STORE_IN_LOG);
	assert_int_equal(sync_desk_state(&d, b, NULL), STORE_IN_LOG);
	assert_int_equal(headers_of(&d), 8);
	/* The old log's last checkpoint is evidence. */
	assert_int_equal(store_checkpoint(d.store, old_origin, &size, &note, NULL), 0);
	assert_non_null(note);
	assert_int_equal(size, 3);
	free(note);
	sync_desk_stop(&d);
}

static void refuses_to_go_back_an_epoch(void **state)
{
	struct sync_desk d;

	(void)state;
	sync_desk_start(&d, 3);
	fake_server_restore(&d.server, 1);
	sync_desk_run(&d);
	d.server.epoch = 1;
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_int_equal(status(&d)->link, SYNC_LINK_ALARM);
	sync_desk_stop(&d);
}

static void refuses_another_server(void **state)
{
	struct sync_desk d;
	char id[ID_SIZE];

	(void)state;
	sync_desk_start(&d, 3);
	sync_desk_run(&d);
	sync_desk_decide(&d, 0, false, id);
	id_random(d.server.seed, sizeof d.server.seed);
	d.server.epoch = 2;
	sync_desk_connect(&d, NULL);
	sync_desk_settle(&d);
	assert_int_equal(status(&d)->link, SYNC_LINK_REFUSED);
	assert_int_equal(d.server.pushes, 0);
	assert_int_equal(sync_desk_state(&d, id, NULL), STORE_WAITING);
	sync_desk_stop(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mirrors_headers_and_prefetches),
		cmocka_unit_test(stores_bytes_as_they_came),
		cmocka_unit_test(follows_changes),
		cmocka_unit_test(moves_the_cursor_last),
		cmocka_unit_test(refetches_when_told),
		cmocka_unit_test(one_more_run_changes_nothing),
		cmocka_unit_test(pushes_while_it_polls),
		cmocka_unit_test(batches_and_halves),
		cmocka_unit_test(renews_a_forked_device),
		cmocka_unit_test(gives_leases_back),
		cmocka_unit_test(prefetches_what_is_decided_in_half_a_lease),
		cmocka_unit_test(prefetches_while_decisions_are_held),
		cmocka_unit_test(prefetches_beside_held_answers),
		cmocka_unit_test(renews_only_what_is_touched),
		cmocka_unit_test(names_the_leases_of_every_queue),
		cmocka_unit_test(drops_what_ended_unopened),
		cmocka_unit_test(claims_by_name),
		cmocka_unit_test(pulls_as_many_as_asked),
		cmocka_unit_test(reveals_after_committing),
		cmocka_unit_test(waits_longer_and_longer),
		cmocka_unit_test(honours_retry_after),
		cmocka_unit_test(stops_when_refused),
		cmocka_unit_test(tells_which_lane_was_refused),
		cmocka_unit_test(is_done_without_queues_to_read),
		cmocka_unit_test(measures_the_clocks),
		cmocka_unit_test(demands_proofs),
		cmocka_unit_test(raises_the_alarm),
		cmocka_unit_test(offers_again_after_a_restore),
		cmocka_unit_test(refuses_to_go_back_an_epoch),
		cmocka_unit_test(refuses_another_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
