/* SPDX-License-Identifier: Apache-2.0
 *
 * Reasons and words: of a reject, return or escalate, of a correction that the
 * queue wants explained, of "not for me", and of a field that can't be told.
 * Letters are commands; a line is written after Enter; y sends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "ui/state.h"
#include "view/review/source_text.h"
#include "view/words.h"

enum { WORDS_COLUMN = 12, TWO_COLUMNS_FROM = 5, ITEM_LEAST = 6 };

/* --- lines ------------------------------------------------------------------------- */

enum line { LINE_REASON, LINE_ROUTE, LINE_MESSAGE, LINE_NOTE, LINE_SEND };

static size_t line_count(const struct dialog *d)
{
	return d->reason_count + d->route_count + d->has_message + d->has_note + 1;
}

static enum line line_kind(const struct dialog *d, size_t n, size_t *index)
{
	*index = n;
	if (n < d->reason_count)
		return LINE_REASON;
	*index = n -= d->reason_count;
	if (n < d->route_count)
		return LINE_ROUTE;
	n -= d->route_count;
	if (d->has_message && n-- == 0)
		return LINE_MESSAGE;
	return d->has_note && n == 0 ? LINE_NOTE : LINE_SEND;
}

static size_t line_of(const struct dialog *d, enum line kind)
{
	size_t index, n = 0;

	while (n + 1 < line_count(d) && line_kind(d, n, &index) != kind)
		n++;
	return n;
}

/* --- opening ----------------------------------------------------------------------- */

static const char *outcome_of(enum action_id what)
{
	switch (what) {
	case ACTION_REJECT:
		return "reject";
	case ACTION_RETURN:
		return "return";
	case ACTION_ESCALATE:
		return "escalate";
	case ACTION_CORRECT:
		return "correct";
	case ACTION_CANNOT_TELL:
		return "cannot_tell";
	case ACTION_NOT_FOR_ME:
		return "not_for_me";
	default:
		return "";
	}
}

static void add_reasons(struct dialog *d, const struct reason *list, size_t count, bool own)
{
	for (size_t i = 0; i < count && d->reason_count < DIALOG_REASONS; i++) {
		if (strcmp(list[i].outcome, outcome_of(d->what)) != 0)
			continue;
		d->reasons[d->reason_count].name = list[i].name;
		d->reasons[d->reason_count].title = own ? list[i].title : _(list[i].title);
		d->reasons[d->reason_count++].chosen = false;
	}
}

static void fill(struct dialog *d, const struct item *item)
{
	const struct definition *definition = item->review->definition;
	const struct reason *kind = definition_kind_reasons(definition->kind);
	size_t count = 0;

	while (kind[count].name)
		count++;
	add_reasons(d, kind, count, false);
	add_reasons(d, definition->reasons, definition->reason_count, true);
	if (d->what == ACTION_ESCALATE)
		for (size_t i = 0; i < value_count(definition->routes)
		     && d->route_count < DIALOG_ROUTES; i++) {
			const char *name = value_text(value_at(definition->routes, i), "name");

			if (name)
				d->routes[d->route_count++].name = name;
		}
	d->has_message = d->what == ACTION_REJECT || d->what == ACTION_RETURN
		|| d->what == ACTION_CORRECT
		|| (d->what == ACTION_APPROVE
		    && form_requires(item->form, "message", OUTCOME_APPROVE));
	d->has_note = d->what != ACTION_CANNOT_TELL && d->what != ACTION_NOT_FOR_ME;
	d->message = mem_strdup(item->form->message);
	d->note = mem_strdup(item->form->note);
}

static void write_line(struct ui *ui, size_t line)
{
	struct dialog *d = &ui->dialog;
	size_t index;
	enum line kind = line_kind(d, line, &index);
	const char *text = kind == LINE_MESSAGE ? d->message : d->note;

	d->line = line;
	d->writing = true;
	edit_start(&ui->edit, text ? text : "", false);
}

void dialog_open(struct ui *ui, enum action_id what, const char *chosen)
{
	struct dialog *d = &ui->dialog;
	/* What was written and then refused or left is still there. */
	bool same = d->what == what && strcmp(d->review, ui->item->review->id) == 0;

	if (!same) {
		free(d->message);
		free(d->note);
		memset(d, 0, sizeof *d);
		d->what = what;
		snprintf(d->review, sizeof d->review, "%s", ui->item->review->id);
		fill(d, ui->item);
	}
	for (size_t i = 0; chosen && i < d->reason_count; i++)
		if (strcmp(d->reasons[i].name, chosen) == 0)
			d->reasons[i].chosen = true;
	d->line = 0;
	d->writing = false;
	ui_push(ui, &screen_dialog);
	if (what == ACTION_NOTE)
		write_line(ui, line_of(d, LINE_NOTE));
	else if (what == ACTION_RETURN || chosen)
		write_line(ui, line_of(d, LINE_MESSAGE));
}

/* --- sending ------------------------------------------------------------------------ */

static enum outcome outcome_for(enum action_id what)
{
	return what == ACTION_REJECT ? OUTCOME_REJECT : what == ACTION_RETURN ? OUTCOME_RETURN
		: what == ACTION_ESCALATE ? OUTCOME_ESCALATE
		: what == ACTION_CORRECT ? OUTCOME_CORRECT : OUTCOME_APPROVE;
}

static size_t chosen_count(const struct dialog *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->reason_count; i++)
		n += d->reasons[i].chosen;
	return n;
}

static const char *send_off(const struct ui *ui)
{
	const struct dialog *d = &ui->dialog;
	const struct form *form = ui->item->form;
	enum outcome outcome = outcome_for(d->what);
	bool wants = d->what == ACTION_REJECT || d->what == ACTION_ESCALATE
		|| d->what == ACTION_NOT_FOR_ME || form_requires(form, "reason", outcome);

	if (wants && d->reason_count && !chosen_count(d))
		return _("choose a reason");
	if (d->has_message && !(d->message && *d->message)
	    && (d->what == ACTION_RETURN || form_requires(form, "message", outcome)))
		return _("the message is empty: m writes it");
	if (d->has_note && !(d->note && *d->note) && form_requires(form, "note", outcome))
		return _("the note is empty: m writes it");
	return NULL;
}

static void send(struct ui *ui)
{
	struct dialog *d = &ui->dialog;
	struct item *item = ui->item;
	struct decision *decision;

	form_set_message(item->form, d->has_message ? d->message : NULL);
	if (d->has_note)
		form_set_note(item->form, d->note);
	if (d->what == ACTION_NOT_FOR_ME) {
		struct intent *intent = ui_intend_item(ui, d->what);

		intent->disposition = DISPOSITION_NOT_FOR_ME;
		for (size_t i = 0; i < d->reason_count; i++)
			if (d->reasons[i].chosen && !intent->text)
				intent->text = mem_strdup(d->reasons[i].name);
		ui_pop(ui);
		return;
	}
	decision = form_decision(item->form, outcome_for(d->what));
	for (size_t i = 0; i < d->reason_count; i++)
		if (d->reasons[i].chosen)
			decision_add_reason(decision, d->reasons[i].name);
	if (d->what == ACTION_ESCALATE && d->route < d->route_count)
		decision->route = mem_strdup(d->routes[d->route].name);
	review_decide(ui, d->what, decision);
	ui_pop(ui);
}

static void close_dialog(struct ui *ui)
{
	struct dialog *d = &ui->dialog;

	if (d->has_message)
		form_set_message(ui->item->form, d->message);
	if (d->has_note)
		form_set_note(ui->item->form, d->note);
	ui_pop(ui);
}

/* A field that can't be told is a state of the form, not a decision: the reason
 * is enough. */
static void choose(struct ui *ui, size_t n)
{
	struct dialog *d = &ui->dialog;
	struct item *item = ui->item;

	if (n >= d->reason_count) {
		ui_sayf(ui, true, _("there is no reason %zu"), n + 1);
		return;
	}
	d->line = n;
	if (d->what == ACTION_CANNOT_TELL) {
		form_cannot_tell(item->form, item->field, d->reasons[n].name);
		item->filling = true;
		d->what = ACTION_NONE;
		ui_pop(ui);
		item_select(item, form_next_open(item->form, item->field));
		return;
	}
	if (d->what == ACTION_NOT_FOR_ME)
		for (size_t i = 0; i < d->reason_count; i++)
			d->reasons[i].chosen = i == n && d->reasons[i].chosen;
	d->reasons[n].chosen = !d->reasons[n].chosen;
}

static void enter(struct ui *ui)
{
	struct dialog *d = &ui->dialog;
	size_t index;

	switch (line_kind(d, d->line, &index)) {
	case LINE_REASON:
		choose(ui, index);
		break;
	case LINE_ROUTE:
		d->route = index;
		break;
	case LINE_MESSAGE:
	case LINE_NOTE:
		write_line(ui, d->line);
		break;
	case LINE_SEND:
		ui_say(ui, true, _("y sends"));
		break;
	}
}

/* --- the screen ---------------------------------------------------------------------- */

static unsigned where(const struct ui *ui)
{
	return ui->dialog.writing ? 0 : WHERE_DIALOG;
}

static const char *title_of(const struct dialog *d)
{
	switch (d->what) {
	case ACTION_CANNOT_TELL:
		return _("can't tell: why");
	case ACTION_NOT_FOR_ME:
		return _("not for me: why");
	case ACTION_NOTE:
		return _("note");
	default:
		return words_outcome(outcome_for(d->what));
	}
}

static void add_reason_rows(const struct dialog *d, unsigned width, struct rows *out)
{
	bool two = d->reason_count >= TWO_COLUMNS_FROM;
	size_t rows = two ? (d->reason_count + 1) / 2 : d->reason_count;

	for (size_t n = 0; n < rows; n++) {
		rows_new(out);
		for (size_t i = n; i < d->reason_count; i += rows) {
			bool here = i == d->line;

			rows_to(out, i == n ? 0 : width / 2);
			rows_add(out, STYLE_STRONG, here ? " ▸ " : "   ");
			if (i < 9)
				rows_addf(out, STYLE_KEY, "%zu ", i + 1);
			else
				rows_add(out, STYLE_PLAIN, "  ");
			if (d->what != ACTION_CANNOT_TELL)
				rows_add(out, STYLE_STRONG, d->reasons[i].chosen ? "[x] " : "[ ] ");
			rows_add_cut(out, d->reasons[i].chosen || here ? STYLE_STRONG : STYLE_PLAIN,
			             d->reasons[i].title, width / (two ? 2 : 1) - 10);
		}
	}
	for (size_t i = 0; i < d->route_count; i++) {
		bool here = d->reason_count + i == d->line;

		rows_new(out);
		rows_add(out, STYLE_STRONG, here ? " ▸ " : "   ");
		rows_addf(out, STYLE_PLAIN, _("to %s %s"), d->route == i ? "(x)" : "( )",
		          d->routes[i].name);
	}
}

static void add_words_row(struct ui *ui, enum line kind, unsigned width, struct rows *out)
{
	struct dialog *d = &ui->dialog;
	bool message = kind == LINE_MESSAGE, here = d->line == line_of(d, kind);
	const char *text = message ? d->message : d->note;

	rows_new(out);
	rows_add(out, STYLE_STRONG, here ? " ▸ " : "   ");
	rows_add(out, STYLE_PLAIN, message ? _("message") : _("note"));
	if (here && d->writing)
		source_text_edit(edit_text(&ui->edit), ui->edit.caret, WORDS_COLUMN,
		                 width - WORDS_COLUMN - 1, out);
	else if (text && *text)
		rows_wrap(out, STYLE_STRONG, text, WORDS_COLUMN, 0, 4, true);
	else {
		rows_to(out, WORDS_COLUMN);
		rows_add(out, STYLE_DIM, message ? _("the producer reads this")
		         : _("stays in the house"));
	}
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	struct dialog *d = &ui->dialog;
	struct rows box;
	size_t rows;

	rows_init(&box, width, ui->facts.flags);
	rows_rule(&box, title_of(d));
	add_reason_rows(d, width, &box);
	if (d->has_message)
		add_words_row(ui, LINE_MESSAGE, width, &box);
	if (d->has_note)
		add_words_row(ui, LINE_NOTE, width, &box);
	if (d->what != ACTION_CANNOT_TELL && d->what != ACTION_NOTE) {
		bool here = d->line + 1 == line_count(d);

		rows_new(&box);
		rows_add(&box, STYLE_STRONG, here ? " ▸ " : "   ");
		rows_add(&box, send_off(ui) ? STYLE_OFF : here ? STYLE_SELECTED : STYLE_PLAIN,
		         _("[ y send ]"));
		if (send_off(ui))
			rows_addf(&box, STYLE_WARN, "  %s", send_off(ui));
	}
	rows = box.count + ITEM_LEAST > height ? height - ITEM_LEAST : box.count;
	item_layout(ui->item, &ui->facts, width, height - (unsigned)rows, out);
	out->has_cursor = false;
	rows_append(out, &box, box.count - rows, rows);
	rows_fill(out, height);
	rows_clear(&box);
}

static bool key(struct ui *ui, const struct key *pressed)
{
	struct dialog *d = &ui->dialog;
	struct key typed = *pressed;
	enum edit_result result;
	size_t index;
	char **slot;

	if (!d->writing)
		return false;
	if (typed.code == KEYS_TAB)
		typed.code = KEYS_ENTER;
	result = edit_key(&ui->edit, &typed);
	if (result != EDIT_DONE && result != EDIT_LEFT)
		return true;
	slot = line_kind(d, d->line, &index) == LINE_MESSAGE ? &d->message : &d->note;
	free(*slot);
	*slot = *edit_text(&ui->edit) ? mem_strdup(edit_text(&ui->edit)) : NULL;
	d->writing = false;
	if (d->what == ACTION_NOTE) {
		d->what = ACTION_NONE;
		form_set_note(ui->item->form, d->note);
		ui_pop(ui);
	} else if (result == EDIT_DONE && d->line + 1 < line_count(d)) {
		d->line++;
	}
	return true;
}

static const char *off(struct ui *ui, enum action_id id)
{
	if (id != ACTION_SEND)
		return NULL;
	return ui->dialog.what == ACTION_CANNOT_TELL ? _("the number of a reason is enough")
		: send_off(ui);
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	struct dialog *d = &ui->dialog;
	size_t count = line_count(d), words;
	long rows;
	int end;

	if (ui_motion(id, 5, &rows, &end)) {
		long at = end < 0 ? 0 : end > 0 ? (long)count - 1 : (long)d->line + rows;

		d->line = at < 0 ? 0 : at >= (long)count ? count - 1 : (size_t)at;
		return;
	}
	switch (id) {
	case ACTION_REASON:
		choose(ui, (size_t)digit - 1);
		break;
	case ACTION_EDIT:
		enter(ui);
		break;
	case ACTION_MESSAGE:
		words = d->has_message ? line_of(d, LINE_MESSAGE) : line_of(d, LINE_NOTE);
		if (d->has_note && d->has_message && d->line > words)
			words = line_of(d, LINE_NOTE);
		if (d->has_message || d->has_note)
			write_line(ui, words);
		break;
	case ACTION_PANE_NEXT:
		d->line = (d->line + 1) % count;
		break;
	case ACTION_SEND:
		send(ui);
		break;
	case ACTION_CANCEL:
		close_dialog(ui);
		break;
	default:
		break;
	}
}

const struct screen screen_dialog = { .name = "dialog", .where = where, .layout = layout,
	.act = act, .key = key, .off = off };
