/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "ui/state.h"
#include "view/review/source_text.h"

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return 0;
}

/* The screen below with the command line over its last row. */
static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	ui->depth--;
	ui_top(ui)->layout(ui, width, height - 1, out);
	ui->depth++;
	rows_fill(out, height - 1);
	out->has_cursor = false;
	rows_new(out);
	rows_add(out, STYLE_KEY, " :");
	source_text_edit(edit_text(&ui->edit), ui->edit.caret, 2, width - 3, out);
	rows_fill(out, height);
}

static void run(struct ui *ui, const char *name)
{
	const struct desk_action *action = action_find(name);
	const struct screen *screen = ui_top(ui);
	const char *off;

	if (!*name)
		return;
	if (!action) {
		ui_sayf(ui, true, _("there is no command “%s”; ? lists them"), name);
		return;
	}
	if (!(action->where & screen->where(ui))) {
		ui_sayf(ui, true, _("%s is not possible here"), name);
		return;
	}
	if (!action_permitted(action->id, ui->options.roles)) {
		ui_sayf(ui, true, _("%s: your roles do not allow it"), name);
		return;
	}
	off = screen->off ? screen->off(ui, action->id) : NULL;
	if (off)
		ui_sayf(ui, true, _("%s is off: %s"), name, off);
	else if (!ui_common(ui, action->id))
		screen->act(ui, action->id, 0);
}

static bool key(struct ui *ui, const struct key *pressed)
{
	char *name, *start;

	switch (edit_key(&ui->edit, pressed)) {
	case EDIT_DONE:
		name = mem_strdup(edit_text(&ui->edit));
		start = name + strspn(name, " :");
		start[strcspn(start, " ?")] = '\0';
		ui_pop(ui);
		run(ui, start);
		free(name);
		break;
	case EDIT_LEFT:
		ui_pop(ui);
		break;
	default:
		if (pressed->code == KEYS_BACKSPACE && !*edit_text(&ui->edit))
			ui_pop(ui);
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

const struct screen screen_command = { .name = "command", .where = where, .layout = layout,
	.act = act, .key = key, .hint = N_("Enter runs the command · Esc leaves · for example :sync "
	"  :me   :quit") };
