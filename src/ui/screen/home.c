/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "ui/state.h"

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return WHERE_HOME;
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	if (ui->home)
		home_layout(ui->home, &ui->facts, width, height, out);
	rows_fill(out, height);
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	const struct store_queue *queue = ui->home ? home_selected(ui->home) : NULL;
	long rows;
	int end;

	(void)digit;
	if (ui->home && ui_motion(id, 10, &rows, &end)) {
		home_move(ui->home, end ? end * 1000000L : rows);
		return;
	}
	if (id == ACTION_OPEN || (id == ACTION_LIST && queue))
		ui_intend(ui, id)->text = queue ? mem_strdup(queue->name) : NULL;
	else if (id == ACTION_BACK)
		ui_intend(ui, ACTION_QUIT);
}

const struct screen screen_home = { .name = "home", .where = where, .layout = layout,
	.act = act };
