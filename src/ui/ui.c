/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/ui.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "ui/state.h"
#include "ui/terminal.h"
#include "view/bar.h"

enum { LEAST_WIDTH = 60, LEAST_HEIGHT = 16, KEY_ROWS = 2, CLOCK_MS = 30000 };

int ui_check(struct err *err)
{
	return terminal_check(err);
}

int ui_open(const struct ui_options *options, struct ui **out, struct err *err)
{
	struct ui *ui;
	int rc = terminal_open(err);

	if (rc < 0)
		return rc;
	ui = mem_zalloc(sizeof *ui);
	if (options)
		ui->options = *options;
	keymap_init(&ui->keymap);
	ui->keymap.single_keys = !options || options->single_keys;
	ui->facts.flags = text_locale_flags();
	ui->facts.queue_open = -1;
	rows_init(&ui->frame, terminal_width(), ui->facts.flags);
	ui->dirty = true;
	ui->stack[0] = &screen_home;
	ui->depth = 1;
	*out = ui;
	return 0;
}

void ui_close(struct ui *ui)
{
	struct intent intent = INTENT_INIT;

	if (!ui)
		return;
	terminal_close();
	while (ui_intent(ui, &intent))
		intent_clear(&intent);
	intent_clear(&ui->confirming);
	item_free(ui->item);
	edit_clear(&ui->edit);
	rows_clear(&ui->frame);
	free(ui->dialog.message);
	free(ui->dialog.note);
	free(ui->edited);
	free(ui);
}

int ui_bind(struct ui *ui, const char *action, const char *keys, struct err *err)
{
	const struct desk_action *a = action_find(action);

	if (!a)
		return err_set(err, ERR_INVALID, N_("there is no action called “%s”"), action);
	return keymap_bind(&ui->keymap, a->id, keys, err);
}

void ui_set_roles(struct ui *ui, unsigned roles)
{
	ui->options.roles = roles;
}

/* --- the stack of screens ------------------------------------------------------ */

const struct screen *ui_top(const struct ui *ui)
{
	return ui->stack[ui->depth - 1];
}

bool ui_has(const struct ui *ui, const struct screen *screen)
{
	for (size_t i = 0; i < ui->depth; i++)
		if (ui->stack[i] == screen)
			return true;
	return false;
}

void ui_push(struct ui *ui, const struct screen *screen)
{
	if (ui_top(ui) != screen && ui->depth < SCREENS_MAX)
		ui->stack[ui->depth++] = screen;
}

void ui_pop(struct ui *ui)
{
	if (ui->depth > 1)
		ui->depth--;
}

void ui_pop_to(struct ui *ui, const struct screen *screen)
{
	if (!ui_has(ui, screen)) {
		ui->depth = 1;
		ui_push(ui, screen);
		return;
	}
	while (ui_top(ui) != screen)
		ui->depth--;
}

/* --- what is shown --------------------------------------------------------------- */

void ui_set_facts(struct ui *ui, const struct facts *facts)
{
	struct facts now = *facts;

	now.flags = ui->facts.flags;
	ui->dirty |= memcmp(&now, &ui->facts, sizeof now) != 0;
	ui->facts = now;
}

void ui_set_home(struct ui *ui, struct home *home)
{
	ui->dirty = true;
	ui->home = home;
}

void ui_show_home(struct ui *ui)
{
	ui->dirty = true;
	ui->depth = 1;
}

void ui_show_list(struct ui *ui, struct listing *listing)
{
	ui->listing = listing;
	ui->dirty = true;
	if (listing)
		ui_pop_to(ui, &screen_list);
	else if (ui_has(ui, &screen_list))
		ui->depth = 1;
}

void ui_show_outbox(struct ui *ui, struct outbox_view *outbox)
{
	ui->outbox = outbox;
	ui->dirty = true;
	if (outbox)
		ui_push(ui, &screen_outbox);
}

struct item *ui_item(struct ui *ui)
{
	return ui->item;
}

void ui_show_item(struct ui *ui, struct item *item, bool same)
{
	char name[KEY_NAME_SIZE];
	uint32_t dropped;

	item_free(ui->item);
	ui->item = item;
	ui->dirty = true;
	intent_clear(&ui->confirming);
	if (ui_has(ui, &screen_review))
		ui_pop_to(ui, &screen_review);
	else
		ui_push(ui, &screen_review);
	if (same)
		return;
	ui->said[0] = '\0';
	/* What was typed was meant for the item before. */
	dropped = terminal_flush();
	ui->fresh = true;
	if (dropped)
		ui_sayf(ui, true, _("%s ignored: new item"), key_text(dropped, name));
}

void ui_set_next(struct ui *ui, const char *words)
{
	struct item *item = ui->item;

	if (!item || strcmp(item->next ? item->next : "", words ? words : "") == 0)
		return;
	free(item->next);
	item->next = mem_strdup(words);
	ui->dirty = true;
}

void ui_leave_item(struct ui *ui)
{
	item_free(ui->item);
	ui->item = NULL;
	ui->dirty = true;
	if (!ui_has(ui, &screen_review))
		return;
	ui_pop_to(ui, &screen_review);
	ui_pop(ui);
}

void ui_say(struct ui *ui, bool bad, const char *said)
{
	text_safe_line(said, ui->said, sizeof ui->said);
	ui->said_bad = bad;
	ui->dirty = true;
}

void ui_sayf(struct ui *ui, bool bad, const char *fmt, ...)
{
	char said[SAID_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said, sizeof said, fmt, ap);
	va_end(ap);
	ui_say(ui, bad, said);
}

void ui_say_error(struct ui *ui, const struct err *err)
{
	char words[SAID_SIZE];

	ui_say(ui, true, err_words(err, words, sizeof words));
}

/* --- intents ---------------------------------------------------------------------- */

bool ui_intent(struct ui *ui, struct intent *out)
{
	if (!ui->intent_count)
		return false;
	*out = ui->intents[ui->intent_first];
	ui->intents[ui->intent_first] = (struct intent)INTENT_INIT;
	ui->intent_first = (ui->intent_first + 1) % INTENTS_MAX;
	ui->intent_count--;
	return true;
}

struct intent *ui_intend(struct ui *ui, enum action_id id)
{
	struct intent *intent;

	/* One key makes one intent and keys wait for it: the queue cannot fill. */
	if (ui->intent_count == INTENTS_MAX) {
		struct intent dropped = INTENT_INIT;

		ui_intent(ui, &dropped);
		intent_clear(&dropped);
	}
	intent = &ui->intents[(ui->intent_first + ui->intent_count++) % INTENTS_MAX];
	intent->action = id;
	return intent;
}

struct intent *ui_intend_item(struct ui *ui, enum action_id id)
{
	struct intent *intent = ui_intend(ui, id);
	const struct item *item = ui->item;

	snprintf(intent->review, sizeof intent->review, "%s", item->review->id);
	snprintf(intent->digest, sizeof intent->digest, "%s", item->review->digest);
	intent->hidden = text_found_blocks(item->found);
	intent->hidden_revealed = item->revealed;
	intent->arguments_shown = item->arguments_seen;
	intent->diff_shown = item->compared;
	return intent;
}

void ui_confirm(struct ui *ui, struct intent *intent, const char *what, const char *expected)
{
	intent_clear(&ui->confirming);
	ui->confirming = *intent;
	*intent = (struct intent)INTENT_INIT;
	text_safe_line(expected, ui->expected, sizeof ui->expected);
	snprintf(ui->what, sizeof ui->what, "%s", what);
	ui->typed = false;
	edit_start(&ui->edit, "", false);
	ui->dirty = true;
	ui_push(ui, &screen_confirm);
}

void ui_edited(struct ui *ui, struct value *value, const struct err *err)
{
	struct item *item = ui->item;
	struct form_field *field = item && ui->edited ? form_find(item->form, ui->edited) : NULL;

	if (err && err->code != ERR_NONE) {
		value_free(value);
		ui_say_error(ui, err);
		return;
	}
	if (!value || !item) {
		value_free(value);
		ui_say(ui, false, _("nothing was changed"));
		return;
	}
	if (field) {
		form_set_value(item->form, (size_t)(field - item->form->fields), value);
	} else {
		form_set_arguments(item->form, value);
		item->shown[ITEM_ARGUMENTS] = 0;
		item->arguments_seen = false;
		item->top[ITEM_ARGUMENTS] = 0;
	}
	item->filling = form_departs(item->form);
	ui_say(ui, false, item->filling ? _("changed: w shows both, y sends, D drops it")
	       : _("that is what was proposed"));
}

/* --- keys --------------------------------------------------------------------------- */

static void unknown_key(struct ui *ui, uint32_t code, unsigned where)
{
	char name[KEY_NAME_SIZE];
	int digit;

	if (key_foreign(code)) {
		ui_sayf(ui, true, _("%s: keys of this layout are not known; switch to Latin letters "
		                    "or use : and a name"), key_text(code, name));
		return;
	}
	if (code >= 'A' && code <= 'Z'
	    && keymap_find(&ui->keymap, code + 0x20, where, &digit) != ACTION_NONE)
		ui->capitals++;
	if (ui->capitals > 1)
		ui_say(ui, true, _("capitals do nothing here: is caps lock on?"));
	else
		ui_sayf(ui, true, _("%s does nothing here; ? shows what does"),
		        key_text(code, name));
}

/* The key that decided the item before must not decide this one unseen. */
static bool too_soon(struct ui *ui, const struct desk_action *action, uint32_t code)
{
	char name[KEY_NAME_SIZE];

	if (!(action->flags & (ACTION_DECIDES | ACTION_LEAVES)) || !ui->item)
		return false;
	if (!ui->fresh && (code != ui->last_key || !ui->fresh_us
	                   || clock_mono_us() - ui->fresh_us > SAME_KEY_MS * 1000))
		return false;
	ui_sayf(ui, true, _("%s ignored: new item"), key_text(code, name));
	return true;
}

static void run_action(struct ui *ui, enum action_id id, int digit)
{
	const struct screen *screen = ui_top(ui);
	const char *off = screen->off ? screen->off(ui, id) : NULL;
	char label[KEY_NAME_SIZE];

	if (!action_permitted(id, ui->options.roles)) {
		ui_sayf(ui, true, _("%s: your roles do not allow it"), _(action_get(id)->title));
		return;
	}
	if (off) {
		keymap_label(&ui->keymap, id, label);
		ui_sayf(ui, true, _("%s is off: %s"), *label ? label : action_get(id)->name, off);
		return;
	}
	if (!ui_common(ui, id))
		screen->act(ui, id, digit);
}

/* Nothing of the screen is shown then, so no key counts. */
static bool too_small(void)
{
	return terminal_width() < LEAST_WIDTH || terminal_height() < LEAST_HEIGHT;
}

static void take_key(struct ui *ui, const struct key *key)
{
	const struct screen *screen = ui_top(ui);
	unsigned where = screen->where(ui);
	enum action_id id;
	uint32_t code = key->code;
	int digit;

	ui->said[0] = '\0';
	ui->dirty = true;
	if (ui->item)
		item_touch(ui->item, ui->facts.boot_ms);
	if (screen->key && screen->key(ui, key))
		return;
	if (key->pasted) {
		ui_say(ui, true, _("pasted text ignored: it cannot press keys"));
		return;
	}
	id = keymap_find(&ui->keymap, code, where, &digit);
	if (id == ACTION_NONE) {
		code = key_by_position(code);
		id = keymap_find(&ui->keymap, code, where, &digit);
	}
	if (id == ACTION_NONE) {
		unknown_key(ui, key->code, where);
		return;
	}
	ui->capitals = 0;
	if (too_soon(ui, action_get(id), code))
		return;
	ui->last_key = code;
	run_action(ui, id, digit);
}

bool ui_input(struct ui *ui)
{
	struct key key;

	while (!ui->intent_count && terminal_key(&key))
		if (!too_small())
			take_key(ui, &key);
	return ui->intent_count > 0;
}

bool ui_motion(enum action_id id, long page, long *rows, int *end)
{
	*rows = 0;
	*end = 0;
	switch (id) {
	case ACTION_DOWN:
		*rows = 1;
		return true;
	case ACTION_UP:
		*rows = -1;
		return true;
	case ACTION_PAGE_DOWN:
		*rows = page > 1 ? page - 1 : 1;
		return true;
	case ACTION_PAGE_UP:
		*rows = page > 1 ? 1 - page : -1;
		return true;
	case ACTION_FIRST:
		*end = -1;
		return true;
	case ACTION_LAST:
		*end = 1;
		return true;
	default:
		return false;
	}
}

/* Keeps what was typed in a review that is left. */
static void intend_leaving(struct ui *ui, enum action_id id)
{
	struct intent *intent;

	if (!ui->item) {
		ui_intend(ui, id);
		return;
	}
	intent = ui_intend_item(ui, id);
	if (form_touched(ui->item->form))
		intent->decision = form_decision(ui->item->form, OUTCOME_CORRECT);
}

bool ui_common(struct ui *ui, enum action_id id)
{
	switch (id) {
	case ACTION_HELP:
		ui->help_top = 0;
		ui_push(ui, &screen_help);
		return true;
	case ACTION_COMMAND:
		edit_start(&ui->edit, "", false);
		ui_push(ui, &screen_command);
		return true;
	case ACTION_ME:
		ui_push(ui, &screen_me);
		return true;
	case ACTION_REDRAW:
		terminal_redraw();
		return true;
	case ACTION_OUTBOX:
		if (ui_top(ui) != &screen_outbox)
			ui_intend(ui, ACTION_OUTBOX);
		return true;
	case ACTION_UNDO:
	case ACTION_SYNC:
		ui_intend(ui, id);
		return true;
	case ACTION_HOME:
	case ACTION_QUIT:
		intend_leaving(ui, id);
		return true;
	default:
		return false;
	}
}

/* --- painting ------------------------------------------------------------------------ */

static void add_keys(struct ui *ui, struct bar *bar)
{
	const struct screen *screen = ui_top(ui);
	unsigned where = screen->where(ui);
	char label[KEY_NAME_SIZE];

	bar_init(bar, "  ");
	for (size_t i = 0; action_at(i); i++) {
		const struct desk_action *action = action_at(i);

		if (!(action->where & where) || !action->priority
		    || !action_permitted(action->id, ui->options.roles)
		    || !*keymap_label(&ui->keymap, action->id, label)
		    || (action->id == ACTION_REVEAL_TEXT && ui->item && !ui->item->found))
			continue;
		bar_add_key(bar, action->id == ACTION_HELP ? 0 : action->priority,
		            screen->off && screen->off(ui, action->id), label,
		            _(action->title));
	}
}

_Static_assert(ACTION_COUNT <= 64, "one bit an action");

/* Which of the keys that are valid here are off: bit 1 << enum action_id. */
static uint64_t keys_off(struct ui *ui)
{
	const struct screen *screen = ui_top(ui);
	unsigned where = screen->where(ui);
	uint64_t bits = 0;

	for (size_t i = 0; screen->off && action_at(i); i++)
		if ((action_at(i)->where & where) && screen->off(ui, action_at(i)->id))
			bits |= UINT64_C(1) << action_at(i)->id;
	return bits;
}

static void paint_foot(struct ui *ui, struct rows *out)
{
	const struct screen *screen = ui_top(ui);
	struct bar bar;

	rows_reset(out, terminal_width());
	rows_new(out);
	if (ui->said[0]) {
		rows_add(out, STYLE_PLAIN, " ");
		rows_add_safe(out, ui->said_bad ? STYLE_BAD : STYLE_STRONG, ui->said,
		              strlen(ui->said));
	}
	if (!screen->where(ui)) {
		rows_new(out);
		rows_addf(out, STYLE_DIM, " %s", screen->hint ? _(screen->hint)
		          : _("Enter done · Esc leave, text stays · Ctrl-A E K U W edit"));
		return;
	}
	add_keys(ui, &bar);
	bar_wrap(&bar, out, KEY_ROWS);
}

static void paint_small(struct rows *out, unsigned width, unsigned height)
{
	rows_reset(out, width);
	rows_wrap(out, STYLE_PLAIN, _("This window is too small for the desk. It needs 60 columns "
	          "and 16 rows; nothing is lost, and no key counts until then."), 0, 0, height, false);
	rows_fill(out, height);
}

/* Did anything move since the last painting? Views are read anew behind our
 * back; their generations tell. */
static bool moved(struct ui *ui)
{
	/* A review shows an item and facts; the lists under it are painted anew
	 * when a key brings them back. */
	bool lists = ui_top(ui) != &screen_review;
	uint64_t home = lists && ui->home ? ui->home->generation : 0;
	uint64_t list = lists && ui->listing ? ui->listing->window->generation : 0;
	uint64_t outbox = lists && ui->outbox ? ui->outbox->generation : 0;
	int64_t expires_ms = ui->item ? ui->item->review->expires_ms : 0;
	bool moved = ui->dirty || home != ui->painted_home || list != ui->painted_list
		|| outbox != ui->painted_outbox || expires_ms != ui->painted_expires_ms;

	ui->dirty = false;
	ui->painted_home = home;
	ui->painted_list = list;
	ui->painted_outbox = outbox;
	ui->painted_expires_ms = expires_ms;
	return moved;
}

static void lay_out(struct ui *ui, unsigned width, unsigned height)
{
	rows_reset(&ui->frame, width);
	ui_top(ui)->layout(ui, width, height, &ui->frame);
}

void ui_paint(struct ui *ui)
{
	unsigned width = terminal_width(), height = terminal_height();
	struct rows foot;
	uint64_t off;
	size_t rows;

	if (!terminal_is_open() || !moved(ui))
		return;
	if (too_small()) {
		paint_small(&ui->frame, width, height);
		terminal_draw(&ui->frame);
		return;
	}
	rows_init(&foot, width, ui->facts.flags);
	off = keys_off(ui);
	paint_foot(ui, &foot);
	lay_out(ui, width, height - (unsigned)foot.count);
	rows = foot.count;
	/* What came on the screen just now may have opened a key. */
	if (keys_off(ui) != off)
		paint_foot(ui, &foot);
	if (foot.count != rows)
		lay_out(ui, width, height - (unsigned)foot.count);
	rows_append(&ui->frame, &foot, 0, foot.count);
	rows_clear(&foot);
	rows_fill(&ui->frame, height);
	terminal_draw(&ui->frame);
	ui->frame.flags = ui->facts.flags;
	if (ui->fresh) {
		ui->fresh = false;
		ui->fresh_us = clock_mono_us();
	}
}

int ui_timeout_ms(const struct ui *ui)
{
	int64_t left = ui->facts.undo_boot_ms - ui->facts.boot_ms;

	if (!ui->item || left <= 0)
		return CLOCK_MS;
	/* Facts are of a whole second: a whole one is left of the second shown. */
	return (int)((left - 1) % 1000) + 1;
}

void ui_resize(struct ui *ui)
{
	ui->dirty = true;
	if (terminal_is_open())
		terminal_resize();
	if (ui->item)
		ui->item->follow = true;
}

void ui_suspend(struct ui *ui)
{
	(void)ui;
	terminal_suspend();
}

void ui_resume(struct ui *ui)
{
	ui->dirty = true;
	terminal_resume();
}

void ui_emergency(void)
{
	terminal_emergency();
}
