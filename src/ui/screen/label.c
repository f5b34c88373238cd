/* SPDX-License-Identifier: Apache-2.0
 *
 * Search over all labels of a queue. Enter chooses; nothing is recorded before
 * y sends it.
 */
#include <string.h>

#include "base/msg.h"
#include "ui/state.h"
#include "view/review/choice.h"

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return 0;
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	choice_search_layout(ui->item, &ui->facts, edit_text(&ui->edit), ui->edit.caret,
	                     ui->chosen, width, height, out);
	rows_fill(out, height);
}

static void choose(struct ui *ui)
{
	const struct review *r = ui->item->review;
	size_t found[CHOICE_FOUND_MAX];
	size_t count = choice_search(r->definition, edit_text(&ui->edit), found);
	const char *label;

	if (ui->chosen >= count)
		return;
	label = r->definition->labels[found[ui->chosen]].name;
	ui_pop(ui);
	if (r->proposal->label && strcmp(label, r->proposal->label) == 0) {
		form_set_label(ui->item->form, NULL);
		ui->item->filling = false;
		ui_say(ui, false, _("that is the proposed label: a approves it"));
		return;
	}
	form_set_label(ui->item->form, label);
	ui->item->filling = true;
}

static bool key(struct ui *ui, const struct key *pressed)
{
	size_t found[CHOICE_FOUND_MAX], count;
	uint32_t code = pressed->code;

	count = choice_search(ui->item->review->definition, edit_text(&ui->edit), found);
	if (code == KEYS_DOWN || code == KEYS_TAB || code == KEYS_CTRL + 'n' - 'a' + 1) {
		ui->chosen += ui->chosen + 1 < count;
	} else if (code == KEYS_UP || code == KEYS_BACKTAB
	           || code == KEYS_CTRL + 'p' - 'a' + 1) {
		ui->chosen -= ui->chosen > 0;
	} else if (code == KEYS_PAGE_DOWN || code == KEYS_PAGE_UP) {
		long at = (long)ui->chosen + (code == KEYS_PAGE_DOWN ? 10 : -10);

		ui->chosen = at < 0 ? 0 : at < (long)count ? (size_t)at : count ? count - 1 : 0;
	} else {
		switch (edit_key(&ui->edit, pressed)) {
		case EDIT_DONE:
			choose(ui);
			break;
		case EDIT_LEFT:
			ui_pop(ui);
			break;
		case EDIT_MORE:
			ui->chosen = 0;
			break;
		case EDIT_IGNORED:
			break;
		}
	}
	return true;
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	(void)ui;
	(void)id;
	(void)digit;
}

const struct screen screen_label = { .name = "label", .where = where, .layout = layout,
	.act = act, .key = key,
	.hint = N_("type words · ↓ ↑ move · Enter chooses, y sends then · Esc back") };
