/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "work/draft.h"
#include "work/open.h"

enum { WANT_NEXT_MS = 5000 };

/* What comes behind the item, in words; borrowed. NULL: nothing, or not looked
 * yet. */
static const char *next_words(const struct desk *d, const char *review)
{
	const struct review *r = d->by_queue ? work_following(d->work, review) : NULL;

	if (!r)
		return NULL;
	if (r->proposal->source_count && r->proposal->sources[0].title)
		return r->proposal->sources[0].title;
	return r->proposal->external_id;
}

void desk_look_ahead(struct desk *d)
{
	struct item *item = ui_item(d->ui);

	if (item && d->untouched)
		work_touch(d->work, item->review->id, NULL);
	d->untouched = false;
	if (!item || !d->by_queue)
		return;
	work_prepare(d->work, d->queue, item->review->id);
	ui_set_next(d->ui, next_words(d, item->review->id));
}

/* Takes review. */
static void show(struct desk *d, struct review *review, const struct decision *draft, bool same)
{
	/* Known ahead, unless the person jumped. */
	if (d->by_queue && !next_words(d, review->id))
		work_prepare(d->work, d->queue, review->id);
	work_showing(d->work, review->id, NULL);
	ui_show_item(d->ui, item_new(review, draft, next_words(d, review->id), &d->facts), same);
	d->wants_next = false;
	d->claimed[0] = '\0';
}

static void show_with_draft(struct desk *d, struct review *review)
{
	struct decision *draft = NULL;

	d->amends[0] = '\0';
	work_draft_load(d->work, review->id, &draft, NULL);
	show(d, review, draft, false);
	d->untouched = true;
	decision_free(draft);
}

void desk_focus(struct desk *d)
{
	struct store_queues *queues = NULL;
	const struct store_queue *best = NULL;

	if (d->queue) {
		sync_focus(d->sync, d->queue);
		return;
	}
	/* Everything: the queue whose open items are due first. */
	if (store_queues(d->store, &queues, NULL) != 0)
		return;
	for (size_t i = 0; i < queues->count; i++) {
		const struct store_queue *q = &queues->items[i];

		if (q->open - q->held - q->decided > 0
		    && (!best || (q->next_due_ms && (!best->next_due_ms || q->next_due_ms < best->next_due_ms))))
			best = q;
	}
	if (best)
		sync_focus(d->sync, best->name);
	store_queues_free(queues);
}

/* Nothing is reserved here: what the server gives within a few seconds is shown
 * as soon as it comes. */
static void want_next(struct desk *d)
{
	d->wants_next = sync_status(d->sync)->link <= SYNC_LINK_ONLINE;
	d->wants_until_boot_ms = clock_boot_ms() + WANT_NEXT_MS;
	desk_focus(d);
	sync_wake(d->sync);
	ui_say(d->ui, !d->wants_next, d->wants_next ? _("reserving the next item for you …")
	       : _("nothing is reserved for you here, and the server is not reached"));
}

void desk_next(struct desk *d, const char *after, bool backwards)
{
	struct err err = ERR_INIT;
	struct review *r = NULL;
	size_t aside = 0;
	int rc = work_next(d->work, d->queue, after, backwards, &r, &aside, &err);

	if (rc == 0) {
		show_with_draft(d, r);
	} else if (rc == ERR_NOT_FOUND) {
		work_showing(d->work, NULL, NULL);
		ui_leave_item(d->ui);
		want_next(d);
	} else {
		ui_leave_item(d->ui);
		ui_say_error(d->ui, &err);
	}
	if (aside)
		ui_say(d->ui, true, _("an item could not be opened and was set aside; the list shows why"));
}

void desk_open_review(struct desk *d, const char *review)
{
	struct err err = ERR_INIT;
	struct review *r = NULL;
	int rc = work_open(d->work, review, &r, &err);

	if (rc == 0) {
		show_with_draft(d, r);
	} else if (rc == ERR_NOT_FOUND) {
		utf8_copy(d->claimed, sizeof d->claimed, review);
		sync_claim(d->sync, review);
		ui_say(d->ui, false, sync_status(d->sync)->link == SYNC_LINK_ONLINE
		       ? _("reserving it for you …")
		       : _("not reserved for you yet; it opens once the server is reached"));
	} else {
		ui_say_error(d->ui, &err);
	}
}

void desk_open_decided(struct desk *d, const char *decision)
{
	struct err err = ERR_INIT;
	struct decision *answer = NULL;
	struct review *r = NULL;

	if (work_open_decided(d->work, decision, &r, &answer, &err) != 0) {
		ui_say_error(d->ui, &err);
		return;
	}
	show(d, r, answer, false);
	utf8_copy(d->amends, sizeof d->amends, decision);
	ui_say(d->ui, false, _("this was sent already: what you send now amends it"));
	decision_free(answer);
}

static void watch_claim(struct desk *d)
{
	struct review *r = NULL;
	const struct err *why;

	if (work_open(d->work, d->claimed, &r, NULL) == 0) {
		show_with_draft(d, r);
		return;
	}
	why = sync_claim_error(d->sync, d->claimed);
	if (why) {
		ui_say_error(d->ui, why);
		d->claimed[0] = '\0';
	}
}

static void watch_next(struct desk *d)
{
	struct review *r = NULL;

	if (ui_item(d->ui)) {
		d->wants_next = false;
	} else if (clock_boot_ms() > d->wants_until_boot_ms) {
		d->wants_next = false;
		ui_say(d->ui, false, _("nothing here waits for you now"));
	} else if (work_next(d->work, d->queue, NULL, false, &r, NULL, NULL) == 0) {
		show_with_draft(d, r);
	}
}

static void watch_item(struct desk *d, struct item *item)
{
	struct err err = ERR_INIT;
	struct store_leases *lease = NULL;
	struct review *r = NULL;

	if (d->amends[0])
		return;
	if (strcmp(d->revealing, item->review->id) == 0
	    && work_open(d->work, d->revealing, &r, NULL) == 0) {
		if (r->view != VIEW_BLIND) {
			d->revealing[0] = '\0';
			show_with_draft(d, r);
			return;
		}
		review_free(r);
	}
	if (work_current(d->work, item->review, &err) != 0) {
		ui_leave_item(d->ui);
		ui_say_error(d->ui, &err);
		return;
	}
	if (store_lease_find(d->store, item->review->id, &lease, NULL) == 0 && lease)
		item_renew(item, lease->items[0].expires_ms, lease->items[0].ends_boot_ms);
	store_leases_free(lease);
}

void desk_watch(struct desk *d)
{
	uint64_t generation = store_generation(d->store, STORE_TOPIC_LEASES);
	struct item *item = ui_item(d->ui);

	if (d->claimed[0])
		watch_claim(d);
	if (d->wants_next && clock_boot_ms() > d->wants_until_boot_ms)
		watch_next(d);
	if (generation == d->leases_seen)
		return;
	d->leases_seen = generation;
	if (d->wants_next)
		watch_next(d);
	else if (item)
		watch_item(d, item);
}
