/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing in one field of a correction: Enter is done and goes to the next
 * asked field, Esc leaves and the text stays.
 */
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "ui/state.h"
#include "view/plain.h"

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return 0;
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	struct item *item = ui->item;

	item->edit_text = edit_text(&ui->edit);
	item->edit_caret = ui->edit.caret;
	item_layout(item, &ui->facts, width, height, out);
	item->edit_text = NULL;
}

/* False where the text is no value of this field. */
static bool take(struct ui *ui)
{
	struct err err = ERR_INIT;

	if (form_set_text(ui->item->form, ui->item->field, edit_text(&ui->edit), &err) == 0)
		return true;
	ui_say_error(ui, &err);
	return false;
}

static bool key(struct ui *ui, const struct key *pressed)
{
	struct item *item = ui->item;
	struct key done = *pressed;
	char *before;

	if (done.code == KEYS_TAB || done.code == KEYS_DOWN)
		done.code = KEYS_ENTER;
	switch (edit_key(&ui->edit, &done)) {
	case EDIT_DONE:
		if (!take(ui))
			break;
		ui_pop(ui);
		if (item->form->fields[item->field].fault
		    && item->form->fields[item->field].state == FORM_CORRECTED)
			ui_sayf(ui, true, "%s", item->form->fields[item->field].fault);
		else
			item_select(item, form_next_open(item->form, item->field));
		break;
	case EDIT_LEFT:
		before = plain_text(form_field_value(&item->form->fields[item->field]));
		if (strcmp(before, edit_text(&ui->edit)) != 0)
			take(ui);
		free(before);
		ui_pop(ui);
		break;
	default:
		break;
	}
	return true;
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	(void)ui;
	(void)id;
	(void)digit;
}

const struct screen screen_field = { .name = "field", .where = where, .layout = layout,
	.act = act, .key = key,
	.hint = N_("Enter done, next field · Esc leave, text stays · Ctrl-A E K U W · empty: not "
	           "on the document") };
