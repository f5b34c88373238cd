/* SPDX-License-Identifier: Apache-2.0
 *
 * The second confirmation of a high-impact decision: type what the screen
 * shows, then y. Enter decides nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "ui/state.h"
#include "view/review/source_text.h"

enum { ROWS = 6, MARGIN = 4 };

static unsigned where(const struct ui *ui)
{
	return ui->typed ? WHERE_CONFIRM : 0;
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	item_layout(ui->item, &ui->facts, width, height - ROWS, out);
	rows_rule(out, _("high impact · 1 of 2: nothing happens yet"));
	rows_new(out);
	rows_addf(out, STYLE_PLAIN, _(" Type %s to confirm: "), ui->what);
	rows_add_safe(out, STYLE_STRONG, ui->expected, strlen(ui->expected));
	rows_new(out);
	rows_add(out, STYLE_STRONG, ui->typed ? "   " : " ▸ ");
	if (ui->typed)
		rows_add_n(out, STYLE_GOOD, edit_text(&ui->edit), ui->edit.text.len);
	else
		source_text_edit(edit_text(&ui->edit), ui->edit.caret, MARGIN,
		                 width - MARGIN - 1, out);
	rows_new(out);
	rows_add(out, STYLE_STRONG, ui->typed ? " ▸ " : "   ");
	rows_add(out, ui->typed ? STYLE_SELECTED : STYLE_OFF, _("[ y send ]"));
	rows_fill(out, height);
}

static bool key(struct ui *ui, const struct key *pressed)
{
	if (ui->typed)
		return false;
	if (pressed->pasted) {
		ui_say(ui, true, _("pasted text does not confirm: type it"));
		return true;
	}
	switch (edit_key(&ui->edit, pressed)) {
	case EDIT_DONE:
		ui->typed = strcmp(edit_text(&ui->edit), ui->expected) == 0;
		if (!ui->typed)
			ui_say(ui, true, _("that is not what stands there"));
		break;
	case EDIT_LEFT:
		intent_clear(&ui->confirming);
		ui_pop(ui);
		ui_say(ui, false, _("nothing happened"));
		break;
	default:
		break;
	}
	return true;
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	struct intent *intent;

	(void)digit;
	if (id == ACTION_SEND && ui->typed) {
		intent = ui_intend(ui, ui->confirming.action);
		*intent = ui->confirming;
		ui->confirming = (struct intent)INTENT_INIT;
		intent->confirmation = mem_strdup(edit_text(&ui->edit));
		ui_pop(ui);
	} else if (id == ACTION_CANCEL) {
		intent_clear(&ui->confirming);
		ui_pop(ui);
		ui_say(ui, false, _("nothing happened"));
	}
}

const struct screen screen_confirm = { .name = "confirm", .where = where, .layout = layout,
	.act = act, .key = key };
