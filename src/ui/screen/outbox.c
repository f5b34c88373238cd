/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/state.h"

enum { PAGE = 8 };

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return WHERE_OUTBOX;
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	if (ui->outbox)
		outbox_view_layout(ui->outbox, &ui->facts, width, height, out);
	rows_fill(out, height);
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	long rows;
	int end;

	(void)digit;
	if (id == ACTION_BACK || id == ACTION_CANCEL)
		ui_pop(ui);
	else if (ui->outbox && ui_motion(id, PAGE, &rows, &end))
		outbox_view_move(ui->outbox, end ? end * 1000000L : rows);
}

const struct screen screen_outbox = { .name = "outbox", .where = where, .layout = layout,
	.act = act };
