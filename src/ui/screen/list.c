/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/mem.h"
#include "ui/state.h"

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return WHERE_LIST;
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	if (ui->listing)
		listing_layout(ui->listing, &ui->facts, width, height, out);
	rows_fill(out, height);
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	struct listing *l = ui->listing;
	struct err err = ERR_INIT;
	long rows;
	int end, rc = 0;

	(void)digit;
	if (!l || id == ACTION_BACK) {
		ui_pop(ui);
		return;
	}
	if (ui_motion(id, (long)l->page, &rows, &end)) {
		rc = end ? listing_go(l, end > 0, &err) : listing_move(l, rows, &err);
	} else if (id == ACTION_ORDER) {
		rc = listing_set_order(l, l->order == STORE_ORDER_DUE ? STORE_ORDER_SERVER
		                       : STORE_ORDER_DUE, &err);
	} else if (id == ACTION_OPEN && listing_selected(l)) {
		struct intent *intent = ui_intend(ui, ACTION_OPEN);

		snprintf(intent->review, sizeof intent->review, "%s",
		         listing_selected(l)->header.review);
		intent->text = mem_strdup(l->queue);
	}
	if (rc < 0)
		ui_say_error(ui, &err);
}

const struct screen screen_list = { .name = "list", .where = where, .layout = layout,
	.act = act };
