/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything the desk holds about the person who sits at it.
 */
#include "base/msg.h"
#include "ui/state.h"
#include "view/words.h"

static unsigned where(const struct ui *ui)
{
	(void)ui;
	return WHERE_HELP;
}

static void line(struct rows *out, const char *name, const char *value)
{
	rows_new(out);
	rows_addf(out, STYLE_DIM, "   %s", name);
	rows_to(out, 30);
	rows_add(out, STYLE_PLAIN, *value ? value : _("not known yet"));
}

static void layout(struct ui *ui, unsigned width, unsigned height, struct rows *out)
{
	const struct home *home = ui->home;

	(void)width;
	rows_new(out);
	rows_add(out, STYLE_TITLE, _(" What this desk holds about you"));
	rows_rule(out, NULL);
	line(out, _("name on the record"), ui->facts.person);
	line(out, _("server"), ui->facts.server);
	for (size_t i = 0; home && i < home->queues->count; i++)
		line(out, home->queues->items[i].title, home->queues->items[i].roles);
	if (home) {
		rows_new(out);
		for (int s = 0; s < STORE_STATES; s++) {
			rows_new(out);
			rows_addf(out, STYLE_DIM, _("   decisions %s"),
			          words_store_state((enum store_state)s));
			rows_to(out, 30);
			rows_addf(out, STYLE_PLAIN, "%lld", (long long)home->counts.acts[s]);
		}
		rows_new(out);
		rows_addf(out, STYLE_DIM, _("   decided today"));
		rows_to(out, 30);
		rows_addf(out, STYLE_PLAIN, "%lld", (long long)home->counts.today);
	}
	rows_new(out);
	rows_wrap(out, STYLE_PLAIN, _("Recorded with each decision: the answer, the times the item "
	          "was opened and decided, how long you were active on it, which panes and which "
	          "hidden text were shown, and this device. Leads, supervisors and auditors of "
	          "the queue can see it. Figures about one person need 30 items; there are no "
	          "rankings."), 3, 0, 0, false);
	rows_fill(out, height);
}

static void act(struct ui *ui, enum action_id id, int digit)
{
	(void)digit;
	if (id == ACTION_BACK || id == ACTION_CANCEL)
		ui_pop(ui);
}

const struct screen screen_me = { .name = "me", .where = where, .layout = layout, .act = act };
