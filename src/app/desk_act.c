/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk_state.h"

#include <stdlib.h>
#include <string.h>

#include "app/editor.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "work/answer.h"
#include "work/draft.h"
#include "work/open.h"

static bool is_shown(struct desk *d, const struct intent *intent)
{
	const struct item *item = ui_item(d->ui);

	return item && strcmp(item->review->id, intent->review) == 0
	       && strcmp(item->review->digest, intent->digest) == 0;
}

static void after_item(struct desk *d, const char *review)
{
	char after[ID_SIZE];

	utf8_copy(after, sizeof after, review);
	sync_wake(d->sync);
	/* An amendment leaves the item as it was: shown. */
	if (d->amends[0])
		work_showing(d->work, NULL, NULL);
	d->amends[0] = '\0';
	if (d->by_queue)
		desk_next(d, after, false);
	else
		ui_leave_item(d->ui);
}

static const char *confirmation_name(enum answer_confirm kind)
{
	switch (kind) {
	case ANSWER_CONFIRM_AMOUNT:
		return _("the amount");
	case ANSWER_CONFIRM_LABEL:
		return _("the label");
	default:
		return _("the id");
	}
}

static void decide(struct desk *d, struct intent *intent)
{
	struct item *item = ui_item(d->ui);
	struct work_seen seen = { .hidden = intent->hidden,
		.hidden_revealed = intent->hidden_revealed,
		.arguments_shown = intent->arguments_shown, .diff_shown = intent->diff_shown,
		.confirmation = intent->confirmation, .amends = d->amends[0] ? d->amends : NULL };
	struct answer_confirmation confirm = { .kind = ANSWER_CONFIRM_NONE };
	struct err err = ERR_INIT;
	bool weighty;

	if (!is_shown(d, intent) || !intent->decision) {
		ui_say(d->ui, true, _("nothing was decided: the item had changed"));
		return;
	}
	item_complete(item, intent->decision, d->facts.now_ms);
	answer_complete(item->review, intent->decision);
	weighty = item->review->proposal->safety_class == CLASS_HIGH_IMPACT
		&& (intent->decision->outcome == OUTCOME_APPROVE
		    || intent->decision->outcome == OUTCOME_CORRECT);
	if (weighty)
		answer_confirmation(item->review, intent->decision, &confirm);
	if (confirm.kind != ANSWER_CONFIRM_NONE && !intent->confirmation) {
		ui_confirm(d->ui, intent, confirmation_name(confirm.kind), confirm.text);
		return;
	}
	if (work_decide(d->work, item->review, intent->decision, &seen, &err) != 0)
		ui_say_error(d->ui, &err);
	else
		after_item(d, intent->review);
}

static void dispose(struct desk *d, struct intent *intent)
{
	struct item *item = ui_item(d->ui);
	struct err err = ERR_INIT;

	if (!is_shown(d, intent))
		return;
	if (intent->decision)
		work_draft_save(d->work, intent->review, intent->decision, NULL);
	if (work_dispose(d->work, item->review, intent->disposition, intent->text, &err) != 0)
		ui_say_error(d->ui, &err);
	else
		after_item(d, intent->review);
}

static void undo(struct desk *d)
{
	struct err err = ERR_INIT;
	struct work_undo undone;

	if (work_undo(d->work, &undone, &err) != 0) {
		ui_say_error(d->ui, &err);
	} else if (undone.what == WORK_UNDONE) {
		desk_open_review(d, undone.review);
		ui_say(d->ui, false, _("taken back: nothing of it was sent"));
	} else if (undone.is_decision) {
		desk_open_decided(d, undone.id);
	} else {
		ui_say(d->ui, true, _("too late: the item went back to the queue already"));
	}
}

static void commit_own(struct desk *d, struct intent *intent)
{
	struct item *item = ui_item(d->ui);
	char own[HASH_TEXT_SIZE];
	struct value *content = NULL;
	struct err err = ERR_INIT;

	if (!is_shown(d, intent))
		return;
	if (work_commit_own(d->work, item->review, intent->value, own, &content, &err) != 0) {
		ui_say_error(d->ui, &err);
		return;
	}
	if (sync_reveal(d->sync, intent->review, own, content, &err) != 0) {
		ui_say_error(d->ui, &err);
		return;
	}
	utf8_copy(d->revealing, sizeof d->revealing, intent->review);
	ui_say(d->ui, false, _("your answer is recorded; the proposed one follows"));
}

static void open_list(struct desk *d, const char *queue)
{
	struct listing *listing = NULL;
	struct err err = ERR_INIT;

	if (listing_new(d->store, queue, STORE_ORDER_SERVER, &listing, &err) != 0) {
		ui_say_error(d->ui, &err);
		return;
	}
	ui_show_list(d->ui, listing);
	listing_free(d->listing);
	d->listing = listing;
}

static void open_outbox(struct desk *d)
{
	struct outbox_view *outbox = NULL;
	struct err err = ERR_INIT;

	if (outbox_view_new(d->store, &outbox, &err) != 0) {
		ui_say_error(d->ui, &err);
		return;
	}
	ui_show_outbox(d->ui, outbox);
	outbox_view_free(d->outbox);
	d->outbox = outbox;
}

/* A queue, all queues, or one review. */
static void open_what(struct desk *d, struct intent *intent)
{
	if (intent->review[0]) {
		d->by_queue = intent->text != NULL;
		free(d->queue);
		d->queue = mem_strdup(intent->text);
		desk_open_review(d, intent->review);
		return;
	}
	free(d->queue);
	d->queue = mem_strdup(intent->text);
	d->by_queue = true;
	desk_focus(d);
	desk_next(d, NULL, false);
}

static void keep_draft(struct desk *d, const struct intent *intent)
{
	struct err err = ERR_INIT;
	int rc = 0;

	if (!intent->review[0])
		return;
	if (intent->decision) {
		rc = work_draft_save(d->work, intent->review, intent->decision, &err);
	} else {
		struct decision *none = decision_new();

		rc = work_draft_save(d->work, intent->review, none, &err);
		decision_free(none);
	}
	if (rc != 0)
		ui_say_error(d->ui, &err);
}

static void edit(struct desk *d, struct intent *intent)
{
	struct err err = ERR_INIT;
	struct value *edited = NULL;

	ui_suspend(d->ui);
	editor_run(intent->value, intent->text && strcmp(intent->text, "text") == 0, &edited,
	           &err);
	ui_resume(d->ui);
	ui_edited(d->ui, edited, err.code == ERR_NONE ? NULL : &err);
}

void desk_act(struct desk *d, struct intent *intent)
{
	if (intent->review[0] && ui_item(d->ui))
		sync_activity(d->sync, intent->review, clock_boot_ms());
	switch (intent->action) {
	case ACTION_OPEN:
		open_what(d, intent);
		break;
	case ACTION_ITEM_NEXT:
	case ACTION_ITEM_PREVIOUS:
		keep_draft(d, intent);
		desk_next(d, intent->review, intent->action == ACTION_ITEM_PREVIOUS);
		break;
	case ACTION_EDITOR:
		edit(d, intent);
		break;
	case ACTION_COMMIT_OWN:
		commit_own(d, intent);
		break;
	case ACTION_UNDO:
		undo(d);
		break;
	case ACTION_CANCEL:
		keep_draft(d, intent);
		work_showing(d->work, NULL, NULL);
		ui_leave_item(d->ui);
		break;
	case ACTION_OUTBOX:
		open_outbox(d);
		break;
	case ACTION_LIST:
		open_list(d, intent->text);
		break;
	case ACTION_HOME:
		keep_draft(d, intent);
		work_showing(d->work, NULL, NULL);
		ui_leave_item(d->ui);
		ui_show_home(d->ui);
		break;
	case ACTION_SYNC:
		sync_wake(d->sync);
		break;
	case ACTION_QUIT:
		keep_draft(d, intent);
		d->quit = true;
		break;
	case ACTION_SKIP:
	case ACTION_DEFER:
	case ACTION_NOT_FOR_ME:
		dispose(d, intent);
		break;
	default:
		if (intent->decision)
			decide(d, intent);
		break;
	}
	intent_clear(intent);
}
