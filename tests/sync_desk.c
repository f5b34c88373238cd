/* SPDX-License-Identifier: Apache-2.0 */
#include "sync_desk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

static void must(int rc, const struct err *err, const char *what)
{
	char words[400];

	if (rc == 0)
		return;
	fprintf(stderr, "%s: %s\n", what, err_words(err, words, sizeof words));
	abort();
}

void sync_desk_start(struct sync_desk *d, size_t reviews)
{
	struct err err = ERR_INIT;

	memset(d, 0, sizeof *d);
	id_init();
	snprintf(d->dir, sizeof d->dir, "desk-XXXXXX");
	if (!mkdtemp(d->dir))
		abort();
	fake_server_init(&d->server, reviews);
	must(store_open(d->dir, &d->store, &err), &err, "store_open");
	d->boot_ms = clock_boot_ms();
}

void sync_desk_connect(struct sync_desk *d, const struct sync_options *options)
{
	static const struct sync_options usual = { .queue = "receipts", .no_poll = true };

	if (!d->transport)
		d->transport = fake_transport_new(&d->server);
	d->sync = sync_new(d->store, d->transport, options ? options : &usual);
}

void sync_desk_disconnect(struct sync_desk *d)
{
	sync_free(d->sync);
	d->sync = NULL;
	transport_close(d->transport);
	d->transport = NULL;
}

static void remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	char file[512];

	while (dir && (e = readdir(dir))) {
		snprintf(file, sizeof file, "%s/%s", path, e->d_name);
		unlink(file);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void sync_desk_stop(struct sync_desk *d)
{
	sync_desk_disconnect(d);
	store_close(d->store);
	fake_server_clear(&d->server);
	remove_dir(d->dir);
}

void sync_desk_settle(struct sync_desk *d)
{
	int idle = 0;

	for (int i = 0; i < 20000 && idle < 3; i++) {
		int before = d->server.requests;
		bool more = sync_step(d->sync, d->boot_ms);

		idle = more || d->server.requests != before ? 0 : idle + 1;
	}
	if (idle < 3) {
		fprintf(stderr, "sync does not come to rest: %d requests, %d queues, %d reviews, "
		        "%d changes, %d leases, %d pushes, %d proofs\n", d->server.requests,
		        d->server.queue_calls, d->server.pages, d->server.change_calls,
		        d->server.lease_calls, d->server.pushes, d->server.proofs);
		abort();
	}
}

void sync_desk_wait(struct sync_desk *d, int64_t ms)
{
	int64_t until = d->boot_ms + ms;

	while (d->boot_ms < until) {
		int64_t wait = sync_timeout_ms(d->sync, d->boot_ms);

		if (wait < 1)
			wait = 1;
		d->boot_ms += wait < until - d->boot_ms ? wait : until - d->boot_ms;
		sync_desk_settle(d);
	}
}

void sync_desk_run(struct sync_desk *d)
{
	sync_desk_connect(d, NULL);
	sync_desk_settle(d);
	sync_desk_disconnect(d);
}

void sync_desk_review(struct sync_desk *d, size_t nth, char review[ID_SIZE])
{
	struct store_leases *leases = NULL;
	struct err err = ERR_INIT;

	must(store_leases(d->store, NULL, &leases, &err), &err, "store_leases");
	review[0] = '\0';
	for (size_t i = 0; i < leases->count; i++)
		if (leases->items[i].state <= STORE_LEASE_OPENED && nth-- == 0) {
			memcpy(review, leases->items[i].review, ID_SIZE);
			break;
		}
	store_leases_free(leases);
}

void sync_desk_decide(struct sync_desk *d, size_t nth, bool hold, char id[ID_SIZE])
{
	struct store_leases *one = NULL;
	struct err err = ERR_INIT;
	char review[ID_SIZE], *envelope;

	sync_desk_review(d, nth, review);
	must(store_lease_find(d->store, review, &one, &err), &err, "store_lease_find");
	if (!one)
		abort();
	must(store_lease_touch(d->store, review, d->boot_ms, &err), &err, "store_lease_touch");
	id_new(id);
	envelope = mem_printf("{\"id\":\"%s\",\"review\":\"%s\",\"revision\":1,\"token\":\"%s\","
		"\"outcome\":\"approve\"}", id, review, one->items[0].token);
	{
		struct store_decide decide = {
			.id = id, .review = review, .external_id = one->items[0].external_id,
			.queue = "receipts", .kind = KIND_EXTRACTION, .stage = STAGE_FIRST, .revision = 1,
			.token = one->items[0].token, .digest = one->items[0].digest,
			.outcome = OUTCOME_APPROVE, .envelope = envelope,
			.content = "{\"salt\":\"00112233445566778899aabbccddeeff\",\"value\":null,"
			           "\"message\":null,\"note\":null}",
			.decided_ms = clock_now_ms(), .decided_boot_ms = d->boot_ms, .hold = hold };

		must(store_decide(d->store, &decide, &err), &err, "store_decide");
	}
	free(envelope);
	store_leases_free(one);
}

enum store_state sync_desk_state(struct sync_desk *d, const char *id, const char **text)
{
	static char words[400];
	struct store_entries *e = NULL;
	enum store_state state;

	if (store_entry_find(d->store, id, &e, NULL) != 0 || !e)
		return (enum store_state)-1;
	state = e->items[0].state;
	snprintf(words, sizeof words, "%s", e->items[0].text ? e->items[0].text : "");
	if (text)
		*text = words;
	store_entries_free(e);
	return state;
}

static void dump_acts(struct sync_desk *d, struct buf *out)
{
	struct store_filter filter = { .limit = 500 };
	struct store_entries *acts = NULL;
	struct err err = ERR_INIT;

	must(store_entries(d->store, &filter, &acts, &err), &err, "store_entries");
	for (size_t i = 0; i < acts->count; i++) {
		const struct store_entry *e = &acts->items[i];

		buf_addf(out, "act %s %d %s %s %s %lld\n", e->external_id, e->act,
		         store_state_name(e->state), verdict_name(e->verdict),
		         e->text ? e->text : "-", (long long)e->seq);
	}
	store_entries_free(acts);
}

static void dump_leases(struct sync_desk *d, struct buf *out)
{
	struct store_leases *leases = NULL;
	struct store_bytes *bytes = NULL;
	struct err err = ERR_INIT;

	must(store_leases(d->store, NULL, &leases, &err), &err, "store_leases");
	for (size_t i = 0; i < leases->count; i++) {
		const struct store_lease *l = &leases->items[i];

		must(store_proposal_get(d->store, l->review, &bytes, &err), &err, "proposal");
		buf_addf(out, "lease %s %s %s %zu\n", l->external_id, store_lease_state_name(l->state),
		         view_kind_name(l->view), bytes->len);
		store_bytes_free(bytes);
	}
	store_leases_free(leases);
}

static void dump_headers(struct sync_desk *d, struct buf *out)
{
	struct store_page page = { .queue = "receipts", .want = 500 };
	struct store_window *w = NULL;

	if (store_window(d->store, &page, &w, NULL) != 0)
		return;
	buf_addf(out, "headers %lld\n", (long long)w->total);
	for (size_t i = 0; i < w->count; i++)
		buf_addf(out, "header %s %d\n", w->rows[i].header.external_id, w->rows[i].mine);
	store_window_free(w);
}

static void dump_fact(struct sync_desk *d, const char *key, struct buf *out)
{
	char *text = NULL;

	store_fact(d->store, key, &text, NULL);
	buf_addf(out, "%s %s\n", key, text ? text : "-");
	free(text);
}

void sync_desk_dump(struct sync_desk *d, struct buf *out)
{
	char *text = NULL, *origin = NULL;
	int64_t size = 0;

	dump_acts(d, out);
	dump_leases(d, out);
	dump_headers(d, out);
	store_cursor(d->store, "changes", &text, NULL);
	buf_addf(out, "cursor %s\n", text ? text : "-");
	free(text);
	text = NULL;
	store_fact(d->store, "origin", &origin, NULL);
	if (origin)
		store_checkpoint(d->store, origin, &size, &text, NULL);
	buf_addf(out, "checkpoint %lld\n", (long long)size);
	free(text);
	free(origin);
	dump_fact(d, "epoch", out);
	dump_fact(d, "principal", out);
}
