/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaving, undoing, and the end of the hold. Deciding is in decide.c.
 */
#include "work/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "work/answer.h"
#include "work/hold.h"
#include "work/open.h"
#include "work/state.h"

/* --- leaving ---------------------------------------------------------------------- */

int work_dispose(struct work *w, const struct review *shown, enum disposition disposition,
                 const char *reason, struct err *err)
{
	char id[ID_SIZE];
	struct store_dispose d = {
		.id = id, .review = shown->id, .disposition = disposition,
		.reason = reason && reason[0] ? reason : NULL, .decided_ms = clock_now_ms(),
		.decided_boot_ms = clock_boot_ms(), .hold = w->hold
	};
	uint64_t leases = store_generation(w->store, STORE_TOPIC_LEASES);
	int rc = work_current(w, shown, err);

	if (!rc && disposition == DISPOSITION_NOT_FOR_ME && !d.reason)
		rc = err_set(err, ERR_INVALID, N_("say why this item is not for you"));
	if (rc)
		return rc;
	id_new(id);
	rc = store_dispose(w->store, &d, err);
	if (!rc)
		work_line_left(w, shown->id, leases);
	return rc;
}

/* --- undo ---------------------------------------------------------------------------- */

static int newest(struct work *w, struct store_entries **out, struct err *err)
{
	const struct store_filter filter = { .limit = 1 };

	return store_entries(w->store, &filter, out, err);
}

int work_undo(struct work *w, struct work_undo *out, struct err *err)
{
	struct store_entries *e = NULL;
	int rc = newest(w, &e, err);

	memset(out, 0, sizeof *out);
	if (!rc && !e->count)
		rc = err_set(err, ERR_NOT_FOUND, N_("there is nothing to undo"));
	if (!rc) {
		const struct store_entry *last = &e->items[0];

		out->is_decision = last->act == STORE_ACT_DECISION;
		memcpy(out->id, last->id, sizeof out->id);
		memcpy(out->review, last->review, sizeof out->review);
		utf8_copy(out->external_id, sizeof out->external_id,
		          last->external_id ? last->external_id : "");
		out->outcome = last->outcome;
		out->disposition = last->disposition;
		out->what = last->state == STORE_HELD ? WORK_UNDONE : WORK_SENT;
		if (out->what == WORK_UNDONE)
			rc = store_undo(w->store, last->id, clock_now_ms(), err);
	}
	store_entries_free(e);
	return rc;
}

/* --- the hold --------------------------------------------------------------------------- */

static struct hold hold_of(const struct store_entry *e)
{
	return (struct hold){ .since_ms = e->decided_boot_ms, .lease_ends_ms = e->lease_ends_boot_ms,
	                      .newer = e->newer, .producer_waits = e->producer_waits };
}

/* Reads what is held unless nothing changed since. */
static int look(struct work *w, struct err *err)
{
	uint64_t outbox = store_generation(w->store, STORE_TOPIC_OUTBOX);
	uint64_t leases = store_generation(w->store, STORE_TOPIC_LEASES);
	struct store_entries *held;
	int rc;

	if (w->hold_outbox == outbox && w->hold_leases == leases)
		return 0;
	rc = store_held(w->store, &held, err);
	if (rc)
		return rc;
	w->hold_ends_ms = INT64_MAX;
	for (size_t i = 0; i < held->count; i++) {
		struct hold h = hold_of(&held->items[i]);

		if (hold_ends_ms(&h) < w->hold_ends_ms)
			w->hold_ends_ms = hold_ends_ms(&h);
	}
	store_entries_free(held);
	w->hold_outbox = outbox;
	w->hold_leases = leases;
	return 0;
}

int work_tick(struct work *w, int64_t boot_ms, struct err *err)
{
	struct store_entries *held;
	const char **ids;
	size_t count = 0;
	int rc = look(w, err);

	if (rc || boot_ms < w->hold_ends_ms)
		return rc;
	rc = store_held(w->store, &held, err);
	if (rc)
		return rc;
	ids = mem_alloc(held->count * sizeof *ids);
	for (size_t i = 0; i < held->count; i++) {
		struct hold h = hold_of(&held->items[i]);

		if (hold_over(&h, boot_ms))
			ids[count++] = held->items[i].id;
	}
	if (count)
		rc = store_release_ids(w->store, ids, count, err);
	free(ids);
	store_entries_free(held);
	return rc;
}

int work_next_ms(struct work *w, int64_t boot_ms)
{
	int64_t left;

	if (look(w, NULL) != 0)
		return 1000;
	if (w->hold_ends_ms == INT64_MAX)
		return -1;
	left = w->hold_ends_ms - boot_ms;
	return left < 0 ? 0 : left > HOLD_MOST_MS ? HOLD_MOST_MS : (int)left;
}

int work_release_all(struct work *w, struct err *err)
{
	int rc = look(w, err);

	if (rc || w->hold_ends_ms == INT64_MAX)
		return rc;
	return store_release(w->store, INT64_MAX, NULL, err);
}

/* --- status ----------------------------------------------------------------------------- */

static void describe_last(const struct store_entry *e, int64_t boot_ms, struct work_status *out)
{
	struct hold h = hold_of(e);

	out->has_last = true;
	out->last_held = e->state == STORE_HELD;
	out->last_is_decision = e->act == STORE_ACT_DECISION;
	memcpy(out->last_id, e->id, sizeof out->last_id);
	memcpy(out->last_review, e->review, sizeof out->last_review);
	utf8_copy(out->last_external_id, sizeof out->last_external_id,
	          e->external_id ? e->external_id : "");
	out->last_outcome = e->outcome;
	out->last_disposition = e->disposition;
	utf8_copy(out->last_summary, sizeof out->last_summary, e->summary ? e->summary : "");
	out->undo_left_s = out->last_held ? hold_left_s(&h, boot_ms) : 0;
}

int work_status(struct work *w, int64_t boot_ms, struct work_status *out, struct err *err)
{
	struct store_entries *e = NULL;
	struct store_counts counts;
	int rc = store_counts(w->store, &counts, err);

	memset(out, 0, sizeof *out);
	if (!rc)
		rc = newest(w, &e, err);
	if (rc)
		return rc;
	out->held = counts.acts[STORE_HELD];
	out->waiting = counts.acts[STORE_WAITING];
	out->received = counts.acts[STORE_RECEIVED];
	out->in_log = counts.acts[STORE_IN_LOG];
	out->refused = counts.acts[STORE_REFUSED];
	out->leases = counts.leases;
	out->drafts = counts.drafts;
	out->aside = counts.aside;
	out->today = counts.today;
	if (e->count)
		describe_last(&e->items[0], boot_ms, out);
	store_entries_free(e);
	return 0;
}
