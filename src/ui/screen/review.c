/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "ui/state.h"
#include "view/plain.h"
#include "view/review/choice.h"

static unsigned where(const struct ui *ui)
{
	static const unsigned kinds[] = { [KIND_EXTRACTION] = WHERE_EXTRACTION,
		[KIND_CLASSIFICATION] = WHERE_CLASSIFICATION, [KIND_APPROVAL] = WHERE_APPROVAL };
	const struct item *item = ui->item;
	bool fields = item && item->review->proposal->kind == KIND_EXTRACTION;
	unsigned bits;

	if (!item)
		return 0;
	if (item->open < ITEM_PANES)
		return WHERE_PANE;
	bits = item->filling && fields ? WHERE_FORM : kinds[item->review->proposal->kind];
	if (item->filling && !fields)
		bits |= WHERE_CHANGED;
	return item->review->view == VIEW_BLIND ? bits | WHERE_BLIND : bits;
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	if (ui->item)
		item_layout(ui->item, &ui->facts, width, height, out);
	rows_fill(out, height);
}

/* --- deciding --------------------------------------------------------------------- */

void review_decide(struct ui *ui, enum action_id id, struct decision *decision)
{
	struct intent *intent = ui_intend_item(ui, id);

	item_complete(ui->item, decision, ui->facts.now_ms);
	intent->decision = decision;
}

static void approve(struct ui *ui)
{
	struct item *item = ui->item;
	char *sibling = item_sibling_warning(item);

	if (sibling && !item->sibling_confirmed) {
		item->sibling_confirmed = true;
		ui_sayf(ui, true, _("%s · once more approves all the same"), sibling);
	} else if (form_requires(item->form, "reason", OUTCOME_APPROVE)
	           || form_requires(item->form, "message", OUTCOME_APPROVE)
	           || (form_requires(item->form, "note", OUTCOME_APPROVE)
	               && !item->form->note)) {
		dialog_open(ui, ACTION_APPROVE, NULL);
	} else {
		review_decide(ui, ACTION_APPROVE, form_decision(item->form, OUTCOME_APPROVE));
	}
	free(sibling);
}

void review_send(struct ui *ui)
{
	struct item *item = ui->item;
	struct form *form = item->form;

	if (form_requires(form, "reason", OUTCOME_CORRECT)
	    || (form_requires(form, "message", OUTCOME_CORRECT) && !form->message)
	    || (form_requires(form, "note", OUTCOME_CORRECT) && !form->note)) {
		dialog_open(ui, ACTION_CORRECT, NULL);
		return;
	}
	review_decide(ui, ACTION_CORRECT, form_decision(form, OUTCOME_CORRECT));
}

static void commit_own(struct ui *ui)
{
	ui_intend_item(ui, ACTION_COMMIT_OWN)->value = form_value(ui->item->form);
}

static const char *send_off(struct item *item)
{
	const char *why = item_why_not(item, OUTCOME_CORRECT);

	if (!why)
		why = form_why_not(item->form, NULL);
	if (!why && !item->compared
	    && (form_requires(item->form, "diff", OUTCOME_CORRECT)
	        || item->review->proposal->safety_class == CLASS_HIGH_IMPACT))
		why = _("w first: this change must be seen side by side");
	return why;
}

/* An answer of one's own must be one. */
static const char *commit_off(const struct item *item)
{
	const struct form *form = item->form;

	if (item->review->proposal->kind == KIND_CLASSIFICATION)
		return form->label ? NULL : _("choose a label first");
	for (size_t i = 0; i < form->count; i++)
		if (form->fields[i].fault && form->fields[i].state != FORM_CANNOT_TELL)
			return form->fields[i].fault;
	return form->fault;
}

static const char *off(struct ui *ui, enum action_id id)
{
	struct item *item = ui->item;
	bool blind = item && item->review->view == VIEW_BLIND;

	if (!item)
		return NULL;
	switch (id) {
	case ACTION_APPROVE:
		return blind ? _("your own answer first: c, then b")
			: item_why_not(item, OUTCOME_APPROVE);
	case ACTION_SEND:
		return blind ? _("b commits your own answer") : send_off(item);
	case ACTION_COMMIT_OWN:
		return commit_off(item);
	case ACTION_CORRECT:
	case ACTION_LABEL:
		return item_why_not(item, OUTCOME_CORRECT);
	case ACTION_REJECT:
	case ACTION_NONE_FITS:
		return item_why_not(item, OUTCOME_REJECT);
	case ACTION_RETURN:
		return item_why_not(item, OUTCOME_RETURN);
	case ACTION_ESCALATE:
		return item_why_not(item, OUTCOME_ESCALATE);
	case ACTION_COMPARE:
	case ACTION_DROP:
		return form_departs(item->form) ? NULL : _("nothing was changed");
	case ACTION_REVEAL_TEXT:
		return item->found ? NULL : _("nothing is hidden in this item");
	case ACTION_CANDIDATE:
	case ACTION_CANDIDATE_NEXT:
		return item->candidates.count ? NULL : _("no candidate was found in the text");
	default:
		return NULL;
	}
}

/* --- fields --------------------------------------------------------------------------- */

/* The field that the keys act on; on the send line there is none. */
static bool on_field(struct ui *ui)
{
	if (ui->item->field < ui->item->form->count)
		return true;
	ui_say(ui, true, _("choose a field first: j and k move"));
	return false;
}

static void next_open(struct ui *ui)
{
	item_select(ui->item, form_next_open(ui->item->form, ui->item->field));
}

void review_edit_field(struct ui *ui)
{
	struct item *item = ui->item;
	struct form_field *field;
	char *text;

	if (item->field >= item->form->count) {
		ui_say(ui, true, _("y sends"));
		return;
	}
	field = &item->form->fields[item->field];
	item->filling = true;
	if (field->type == FORM_JSON) {
		ui_say(ui, false, _("E opens this value in your editor"));
		return;
	}
	text = plain_text(form_field_value(field));
	edit_start(&ui->edit, text, true);
	free(text);
	ui_push(ui, &screen_field);
}

static void take_candidate(struct ui *ui, size_t n)
{
	struct item *item = ui->item;
	struct err err = ERR_INIT;

	if (!on_field(ui))
		return;
	if (!n || n > item->candidates.count) {
		ui_sayf(ui, true, ngettext("there is %zu candidate", "there are %zu candidates",
		                           item->candidates.count), item->candidates.count);
		return;
	}
	if (form_set_text(item->form, item->field, item->candidates.items[n - 1].text,
	                  &err) < 0) {
		ui_say_error(ui, &err);
		return;
	}
	item->taken = n;
	item->filling = true;
}

static void open_editor(struct ui *ui)
{
	struct item *item = ui->item;
	struct form_field *field = item->field < item->form->count
		? &item->form->fields[item->field] : NULL;
	const struct value *v = field ? form_field_value(field)
		: item->form->arguments ? item->form->arguments : item->review->proposal->arguments;
	struct intent *intent;

	if (!field && item->review->proposal->kind != KIND_APPROVAL) {
		on_field(ui);
		return;
	}
	intent = ui_intend_item(ui, ACTION_EDITOR);
	intent->value = v ? value_copy(v) : NULL;
	intent->text = mem_strdup(field && field->type == FORM_TEXT ? "text" : "json");
	intent->field = field ? mem_strdup(field->name) : NULL;
	free(ui->edited);
	ui->edited = mem_strdup(intent->field);
}

static void correct(struct ui *ui)
{
	struct item *item = ui->item;

	switch (item->review->proposal->kind) {
	case KIND_EXTRACTION:
		item->filling = true;
		item_select(item, form_next_open(item->form, item->form->count));
		if (item->field >= item->form->count)
			item_select(item, 0);
		break;
	case KIND_CLASSIFICATION:
		ui->chosen = 0;
		edit_start(&ui->edit, "", false);
		ui_push(ui, &screen_label);
		break;
	case KIND_APPROVAL:
		open_editor(ui);
		break;
	}
}

static void drop(struct item *item)
{
	for (size_t i = 0; i < item->form->count; i++)
		form_reset(item->form, i);
	form_set_arguments(item->form, NULL);
	form_set_label(item->form, NULL);
	item->filling = false;
}

static bool field_action(struct ui *ui, enum action_id id, int digit)
{
	struct item *item = ui->item;

	switch (id) {
	case ACTION_EDIT:
		review_edit_field(ui);
		return true;
	case ACTION_RIGHT:
		if (on_field(ui)) {
			form_confirm(item->form, item->field);
			next_open(ui);
		}
		return true;
	case ACTION_CANNOT_TELL:
		if (on_field(ui))
			dialog_open(ui, id, NULL);
		return true;
	case ACTION_CANDIDATE_NEXT:
		if (on_field(ui))
			take_candidate(ui, item->taken % (item->candidates.count
			               ? item->candidates.count : 1) + 1);
		return true;
	case ACTION_CANDIDATE:
		take_candidate(ui, (size_t)digit);
		return true;
	case ACTION_EDITOR:
		open_editor(ui);
		return true;
	case ACTION_DROP:
		drop(item);
		ui_say(ui, false, _("as proposed again"));
		return true;
	default:
		return false;
	}
}

/* --- leaving, panes, moving --------------------------------------------------------- */

static void leave(struct ui *ui, enum action_id id, enum disposition disposition)
{
	struct intent *intent = ui_intend_item(ui, id);

	intent->disposition = disposition;
	if (form_touched(ui->item->form))
		intent->decision = form_decision(ui->item->form, OUTCOME_CORRECT);
}

static void back(struct ui *ui, enum action_id id)
{
	struct item *item = ui->item;

	if (item->open < ITEM_PANES) {
		item_open_pane(item, ITEM_PANES);
	} else if (item->filling) {
		item->filling = false;
		if (item->field >= item->form->count && item->form->count)
			item_select(item, 0);
		if (form_departs(item->form))
			ui_say(ui, false, _("kept as a draft; c goes on, D drops it"));
	} else if (id == ACTION_BACK) {
		leave(ui, ACTION_CANCEL, DISPOSITION_SKIP);
	}
}

static void next_source(struct ui *ui)
{
	struct item *item = ui->item;

	if (item->open == ITEM_EVIDENCE)
		item_next_source(item);
	else
		item_open_pane(item, ITEM_EVIDENCE);
}

static bool pane_action(struct ui *ui, enum action_id id)
{
	static const struct { enum action_id id; enum item_pane pane; } panes[] = {
		{ ACTION_WHY, ITEM_WHY }, { ACTION_GUIDE, ITEM_GUIDE },
		{ ACTION_HISTORY, ITEM_HISTORY }, { ACTION_RAW, ITEM_RAW },
		{ ACTION_COMPARE, ITEM_COMPARE }, { ACTION_REVEAL_TEXT, ITEM_HIDDEN },
	};

	if (id == ACTION_EVIDENCE) {
		next_source(ui);
		return true;
	}
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++)
		if (panes[i].id == id) {
			/* the same key closes what it opened */
			item_open_pane(ui->item, ui->item->open == panes[i].pane ? ITEM_PANES
			               : panes[i].pane);
			return true;
		}
	return false;
}

static void move(struct ui *ui, enum action_id id, long rows, int end)
{
	struct item *item = ui->item;
	size_t last = item->form->count + item->filling;
	bool fields = item->open == ITEM_PANES && item->form->count
		&& (id == ACTION_DOWN || id == ACTION_UP);

	if (fields) {
		/* round the end: no field is more than half the list away */
		item_select(item, (item->field + (rows > 0 ? 1 : last - 1)) % last);
	} else if (end) {
		item_scroll_to(item, end > 0);
	} else {
		item_scroll(item, rows);
	}
}

static long page_of(const struct item *item)
{
	enum item_pane pane = item->open < ITEM_PANES ? item->open : item->focus;

	return (long)item->room[pane];
}

static void decide(struct ui *ui, enum action_id id, int digit)
{
	struct item *item = ui->item;
	const char *label;

	switch (id) {
	case ACTION_APPROVE:
		approve(ui);
		break;
	case ACTION_SEND:
		review_send(ui);
		break;
	case ACTION_COMMIT_OWN:
		commit_own(ui);
		break;
	case ACTION_LABEL:
		label = choice_of_digit(item, digit);
		if (!label) {
			ui_sayf(ui, true, _("there is no label %d"), digit);
			break;
		}
		form_set_label(item->form, label);
		if (item->review->view == VIEW_BLIND)
			item->filling = true;
		else if (off(ui, ACTION_SEND))
			item->filling = true, ui_sayf(ui, true, _("chosen; y is off: %s"),
			                              off(ui, ACTION_SEND));
		else
			review_send(ui);
		break;
	case ACTION_NONE_FITS:
		dialog_open(ui, ACTION_REJECT, "none_fits");
		break;
	default:
		dialog_open(ui, id, NULL);
		break;
	}
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	long rows;
	int end;

	if (!ui->item) {
		ui_pop(ui);
		return;
	}
	if (ui_motion(id, page_of(ui->item), &rows, &end)) {
		move(ui, id, rows, end);
		return;
	}
	if (field_action(ui, id, digit) || pane_action(ui, id))
		return;
	switch (id) {
	case ACTION_CORRECT:
	case ACTION_SEARCH:
		correct(ui);
		break;
	case ACTION_SKIP:
		leave(ui, id, DISPOSITION_SKIP);
		break;
	case ACTION_DEFER:
		leave(ui, id, DISPOSITION_DEFER);
		break;
	case ACTION_ITEM_NEXT:
	case ACTION_ITEM_PREVIOUS:
		leave(ui, id, DISPOSITION_SKIP);
		break;
	case ACTION_PANE_NEXT:
		item_focus_next(ui->item);
		break;
	case ACTION_BACK:
	case ACTION_CANCEL:
		back(ui, id);
		break;
	default:
		decide(ui, id, digit);
		break;
	}
}

const struct screen screen_review = { .name = "review", .where = where, .layout = layout,
	.act = act, .off = off };
