/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/msg.h"
#include "base/text.h"
#include "ui/state.h"

enum { KEY_COLUMN = 2, NAME_COLUMN = 18, HELP_COLUMN = 36 };

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return WHERE_HELP;
}

static void add_action(struct ui *ui, const struct desk_action *action, struct rows *out)
{
	char keys[120] = "", name[KEY_NAME_SIZE];
	size_t at = 0;

	if (keymap_label(&ui->keymap, action->id, name)[0]
	    && ui->keymap.keys[action->id][0] == '1')
		snprintf(keys, sizeof keys, "%s", name);
	else
		for (int i = 0; ui->keymap.keys[action->id][i] && at < sizeof keys; i++)
			at += (size_t)snprintf(keys + at, sizeof keys - at, "%s%s", i ? " " : "",
			                       key_text(ui->keymap.keys[action->id][i], name));
	rows_new(out);
	rows_to(out, KEY_COLUMN);
	rows_add_cut(out, STYLE_KEY, keys, NAME_COLUMN - KEY_COLUMN - 1);
	rows_to(out, NAME_COLUMN);
	rows_addf(out, STYLE_PLAIN, ":%s", action->name);
	rows_wrap(out, action_permitted(action->id, ui->options.roles) ? STYLE_PLAIN : STYLE_DIM,
	          _(action->help), HELP_COLUMN, 0, 0, true);
}

/* What is valid on the screen below the help. */
static void build(struct ui *ui, struct rows *out)
{
	const struct screen *below = ui->stack[ui->depth - 2];
	unsigned valid = below->where(ui);

	for (size_t i = 0; action_at(i); i++)
		if (action_at(i)->where & valid)
			add_action(ui, action_at(i), out);
	rows_new(out);
	rows_new(out);
	rows_add(out, STYLE_TITLE, _(" Words"));
	rows_wrap(out, STYLE_PLAIN, _("confirmed, corrected, can't tell, not asked: recorded per "
	          "field; approving signs only what was asked. A message is read by the producer, "
	          "a note stays in the house. Approved is not carried out: the agent that asked "
	          "may use the answer once."), KEY_COLUMN, 0, 0, false);
	rows_wrap(out, STYLE_PLAIN, _("In an editor: Ctrl-A Ctrl-E begin and end, Alt-B Alt-F "
	          "words, Ctrl-K Ctrl-U Ctrl-W cut, Ctrl-Y put back."), KEY_COLUMN, 0, 0, false);
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	struct rows all;
	size_t room;

	rows_init(&all, width, ui->facts.flags);
	build(ui, &all);
	rows_new(out);
	rows_addf(out, STYLE_TITLE, _(" Keys of this screen (%s)"),
	          ui->stack[ui->depth - 2]->name);
	rows_rule(out, NULL);
	room = height > out->count ? height - out->count : 0;
	if (ui->help_top + room > all.count)
		ui->help_top = all.count > room ? all.count - room : 0;
	rows_append(out, &all, ui->help_top, room);
	rows_fill(out, height);
	rows_clear(&all);
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	long rows;
	int end;

	(void)digit;
	if (id == ACTION_BACK || id == ACTION_CANCEL) {
		ui_pop(ui);
	} else if (ui_motion(id, 15, &rows, &end)) {
		if (end)
			ui->help_top = end < 0 ? 0 : 100000;
		else if (rows < 0 && ui->help_top < (size_t)-rows)
			ui->help_top = 0;
		else
			ui->help_top = (size_t)((long)ui->help_top + rows);
	}
}

const struct screen screen_help = { .name = "help", .where = where, .layout = layout,
	.act = act };
