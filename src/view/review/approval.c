/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/approval.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/text.h"
#include "view/plain.h"
#include "view/review/band.h"
#include "view/review/cause.h"
#include "view/review/foot.h"
#include "view/review/frame.h"
#include "view/words.h"

enum { NAME_MOST = 24, ROOMY = 26, CHANGES_SCROLL = 4 };

/* --- what it is ---------------------------------------------------------------- */

void approval_sentence(const struct item *item, struct buf *out)
{
	const struct proposal *p = item->review->proposal;
	const struct action *action = p->action
		? definition_find_action(item->review->definition, p->action) : NULL;
	const struct value *arguments = item->form->arguments ? item->form->arguments
		: p->arguments;
	const char *s = action ? action->sentence : NULL;

	if (!s) {
		buf_adds(out, p->summary ? p->summary : p->action ? p->action : "?");
		return;
	}
	while (*s) {
		size_t plain = strcspn(s, "{"), name;
		char *key;

		buf_add(out, s, plain);
		s += plain;
		name = strcspn(s, "}");
		if (!s[0] || !s[name])
			break;
		key = mem_strndup(s + 1, name - 1);
		if (value_find(arguments, key))
			plain_value(value_find(arguments, key), out);
		else
			buf_addf(out, _("(no %s)"), key);
		free(key);
		s += name + 1;
	}
	buf_adds(out, s);
}

static void add_subject(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	struct buf sentence = BUF_INIT;

	approval_sentence(item, &sentence);
	rows_wrap(out, STYLE_STRONG, buf_str(&sentence), 1, 0, 3, false);
	if (p->summary && strcmp(p->summary, buf_str(&sentence)) != 0)
		rows_wrap(out, STYLE_PLAIN, p->summary, 1, 0, 3, false);
	buf_clear(&sentence);
}

static void cell(struct rows *out, const struct value *v, unsigned column, unsigned cells,
                 enum style style)
{
	char *text = plain_text(v);

	rows_to(out, column);
	if (!v)
		rows_add_cut(out, STYLE_DIM, _("not supplied"), cells);
	else
		rows_add_cut(out, style, *text ? text : _("(empty)"), cells);
	free(text);
}

static void add_changes(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	unsigned title = 14, half = (out->width - title - 6) / 2;

	if (!p->change_count) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _(" current state not supplied"));
		return;
	}
	rows_new(out);
	rows_to(out, title);
	rows_add(out, STYLE_DIM, _("now"));
	rows_to(out, title + half + 3);
	rows_add(out, STYLE_DIM, _("after"));
	for (size_t i = 0; i < p->change_count; i++) {
		const struct change *c = &p->changes[i];
		bool same = c->before && c->after && value_equal(c->before, c->after);

		rows_new(out);
		rows_add(out, STYLE_PLAIN, " ");
		rows_add_cut(out, STYLE_PLAIN, c->title ? c->title : c->field ? c->field : "",
		             title - 2);
		cell(out, c->before, title, half - 1, STYLE_PLAIN);
		rows_to(out, title + half);
		rows_add(out, same ? STYLE_DIM : STYLE_STRONG, same ? "=" : "≠");
		cell(out, c->after, title + half + 3, half, same ? STYLE_PLAIN : STYLE_STRONG);
		if (c->rule) {
			rows_new(out);
			rows_to(out, title);
			rows_addf(out, STYLE_WARN, _("! rule: %s"), c->rule);
		}
	}
}

static void add_effects(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	const struct action *action = p->action
		? definition_find_action(item->review->definition, p->action) : NULL;

	for (size_t i = 0; i < p->effect_count; i++) {
		const struct effect *e = &p->effects[i];

		rows_new(out);
		rows_add(out, STYLE_DIM, _(" effect"));
		rows_to(out, 14);
		rows_addf(out, STYLE_STRONG, "%s %s %s", e->kind ? e->kind : "",
		          e->amount ? e->amount : _("amount not supplied"),
		          e->currency ? e->currency : "");
		if (e->to)
			rows_addf(out, STYLE_STRONG, _(" to %s"), e->to);
	}
	if (p->effect_count)
		return;
	rows_new(out);
	if (action && action->moves_money)
		rows_add(out, STYLE_WARN, _(" ! effect unknown: this action moves money, and no "
		                            "amount was supplied"));
	else
		rows_add(out, STYLE_DIM, _(" effects not supplied"));
}

/* --- arguments ------------------------------------------------------------------ */

/* A string that could be taken for something else is quoted. */
static bool needs_quotes(const struct value *v)
{
	const char *s = value_str(v);

	return s && (!*s || num_valid(s) || strcmp(s, "true") == 0 || strcmp(s, "false") == 0
	             || strcmp(s, "null") == 0 || s[0] == ' ' || s[0] == '"' || s[0] == '['
	             || s[0] == '{' || s[strlen(s) - 1] == ' ' || strchr(s, '\n'));
}

static void argument_text(const struct value *v, struct buf *out)
{
	if (value_is(v, VALUE_STRING) && !needs_quotes(v))
		plain_value(v, out);
	else
		plain_json(v, false, out);
}

/* "← line 14": where the producer says a value comes from. */
static void argument_origin(const struct item *item, const char *name, struct buf *out)
{
	const struct proposal *p = item->review->proposal;
	const struct value *from = value_find(p->arguments_from, name);

	for (size_t i = 0; i < value_count(from); i++) {
		const struct value *place = value_at(from, i);
		const struct source *s = proposal_find_source(p, value_text_or(place, "source", ""));
		int64_t start = value_int_or(place, "start", -1);

		if (!s || !s->text || start < 0)
			continue;
		for (size_t t = 0; t < s->turn_count; t++)
			if (start >= s->turns[t].start && start < s->turns[t].end)
				buf_addf(out, " ← [%zu]", t + 1);
		if (!s->turn_count)
			buf_addf(out, " ← %s %lld", s->title ? s->title : s->id, (long long)start);
	}
}

static unsigned name_cells(const struct value *arguments)
{
	size_t longest = 8;

	for (size_t i = 0; i < value_count(arguments); i++) {
		const char *key = value_key(arguments, i);
		size_t cells = text_width(key, strlen(key));

		longest = cells > longest ? cells : longest;
	}
	return (unsigned)(longest < NAME_MOST ? longest : NAME_MOST);
}

static bool argument_changed(const struct item *item, const struct value *v,
                             const struct value *before)
{
	return item->form->arguments && (!before || !v || !value_equal(v, before));
}

static void argument_value(const struct item *item, const char *name, const struct value *v,
                           struct buf *out)
{
	if (v)
		argument_text(v, out);
	else
		buf_adds(out, _("(removed)"));
	argument_origin(item, name, out);
}

static void add_argument(const struct item *item, const char *name, const struct value *v,
                         const struct value *before, unsigned cells, struct rows *out)
{
	struct buf text = BUF_INIT;

	rows_new(out);
	rows_add(out, STYLE_STRONG, argument_changed(item, v, before) ? " ≠ " : "   ");
	if (text_width(name, strlen(name)) > cells) {
		/* a name is shown in full too */
		rows_wrap(out, STYLE_PLAIN, name, 3, 0, 0, true);
		rows_new(out);
	} else {
		rows_add(out, STYLE_PLAIN, name);
	}
	argument_value(item, name, v, &text);
	rows_wrap(out, STYLE_STRONG, buf_str(&text), 3 + cells + 2, 0, 0, true);
	buf_clear(&text);
}

/* One after the other, "name value · name value", where rows are dear. */
static void flow_argument(const struct item *item, const char *name, const struct value *v,
                          const struct value *before, struct buf *out)
{
	buf_addf(out, " · %s%s ", argument_changed(item, v, before) ? "≠ " : "", name);
	argument_value(item, name, v, out);
}

static void end_arguments(struct rows *out)
{
	if (!rows_right(out, STYLE_DIM, _("END"))) {
		rows_new(out);
		rows_right(out, STYLE_DIM, _("END"));
	}
}

static void flow_arguments(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	const struct value *now = item->form->arguments ? item->form->arguments : p->arguments;
	struct buf text = BUF_INIT;

	buf_adds(&text, p->action ? p->action : "?");
	for (size_t i = 0; i < value_count(now); i++)
		flow_argument(item, value_key(now, i), value_at(now, i),
		              value_find(p->arguments, value_key(now, i)), &text);
	for (size_t i = 0; now != p->arguments && i < value_count(p->arguments); i++)
		if (!value_find(now, value_key(p->arguments, i)))
			flow_argument(item, value_key(p->arguments, i), NULL,
			              value_at(p->arguments, i), &text);
	if (!value_count(now))
		buf_adds(&text, _(" · no arguments"));
	rows_wrap(out, STYLE_STRONG, buf_str(&text), 1, 0, 0, false);
	end_arguments(out);
	buf_clear(&text);
}

static void list_arguments(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	const struct value *now = item->form->arguments ? item->form->arguments : p->arguments;
	unsigned cells = name_cells(now);

	rows_new(out);
	rows_addf(out, STYLE_STRONG, " %s", p->action ? p->action : "?");
	for (size_t i = 0; i < value_count(now); i++)
		add_argument(item, value_key(now, i), value_at(now, i),
		             value_find(p->arguments, value_key(now, i)), cells, out);
	for (size_t i = 0; now != p->arguments && i < value_count(p->arguments); i++)
		if (!value_find(now, value_key(p->arguments, i)))
			add_argument(item, value_key(p->arguments, i), NULL,
			             value_at(p->arguments, i), cells, out);
	if (!value_count(now)) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _("   no arguments"));
	}
	end_arguments(out);
}

void approval_arguments(const struct item *item, bool tight, struct rows *out)
{
	if (tight)
		flow_arguments(item, out);
	else
		list_arguments(item, out);
}

static void show_arguments(struct item *item, const struct rows *all, size_t given,
                           struct rows *out)
{
	size_t rows = given ? given - 1 : 0, *top = &item->top[ITEM_ARGUMENTS], below;
	struct buf title = BUF_INIT;

	if (!given)
		return;
	if (*top + rows > all->count)
		*top = all->count > rows ? all->count - rows : 0;
	item->rows[ITEM_ARGUMENTS] = all->count;
	item->room[ITEM_ARGUMENTS] = rows;
	below = all->count - *top - (rows < all->count - *top ? rows : all->count - *top);
	buf_adds(&title, item->form->arguments ? _("will run exactly this, as you changed it")
	         : _("will run exactly this"));
	if (below)
		buf_addf(&title, ngettext(" · %zu row below: PgDn", " · %zu rows below: PgDn",
		                          below), below);
	else if (!*top)
		buf_adds(&title, _(" · all of it"));
	if (item->focus == ITEM_ARGUMENTS)
		buf_adds(&title, " ↕");
	rows_rule(out, buf_str(&title));
	rows_append(out, all, *top, rows);
	if (item_note_shown(item, ITEM_ARGUMENTS, all, rows)) {
		item->arguments_seen = true;
		item->panes |= 1u << ITEM_ARGUMENTS;
	}
	buf_clear(&title);
}

/* --- layout ------------------------------------------------------------------- */

static void add_facts(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	char number[PLAIN_TIME_SIZE];
	struct buf words = BUF_INIT;

	rows_new(out);
	if (value_is_number(p->confidence)) {
		rows_add(out, STYLE_DIM, _(" confidence "));
		band_bar(out, p->confidence, true);
		rows_addf(out, STYLE_PLAIN, " %s %s · %s",
		          plain_share(value_number(p->confidence), number),
		          band_words(band_of(item->review->definition, p->confidence)),
		          _("not yet checked"));
	} else {
		rows_add(out, STYLE_DIM, _(" No confidence was given by this agent."));
	}
	cause_sentence(item->review, &words);
	rows_wrap(out, STYLE_PLAIN, buf_str(&words), 1, 0, 2, false);
	buf_clear(&words);
	foot_signals_row(item, NULL, out);
	foot_siblings(item, out);
	foot_guide(item, p->action, 3, out);
}

static void add_checks(const struct item *item, bool tight, struct rows *out)
{
	if (item->review->proposal->check_count) {
		if (tight)
			foot_checks_row(item, out);
		else
			foot_checks(item, out);
		return;
	}
	rows_new(out);
	rows_add(out, STYLE_DIM, _(" no checks supplied"));
}

enum { PART_WARNINGS, PART_SUBJECT, PART_CHANGES, PART_CHECKS, PART_TEXT, PART_ARGUMENTS,
	PART_FACTS, PART_LAST, PART_STATE, PARTS };

/* Changes, effects and checks scroll together when they got too little room. */
static void show_changes(struct item *item, struct frame_part *part, struct rows *out)
{
	size_t *top = &item->top[ITEM_FIELDS];

	if (*top + part->given > part->rows.count)
		*top = part->rows.count > part->given ? part->rows.count - part->given : 0;
	item->rows[ITEM_FIELDS] = part->rows.count;
	item->room[ITEM_FIELDS] = part->given;
	rows_append(out, &part->rows, *top, part->given);
	if (*top + part->given < part->rows.count && part->given) {
		char *more = mem_printf(_("%zu more: Tab, PgDn"),
		                        part->rows.count - *top - part->given);

		rows_right(out, STYLE_WARN, more);
		free(more);
	}
}

static size_t least_of(const struct frame_part *part)
{
	return part->least < part->rows.count ? part->least : part->rows.count;
}

/* Short arguments are on the screen in full: the lines of facts and of the last
 * act give their rows up for them, then the changes, which scroll. */
static void favour_arguments(struct frame_part *parts, size_t room)
{
	size_t want = parts[PART_ARGUMENTS].rows.count, others = 0, changes;

	for (int i = 0; i < PARTS; i++)
		if (i != PART_ARGUMENTS && i != PART_CHANGES && i != PART_FACTS && i != PART_LAST)
			others += least_of(&parts[i]);
	changes = least_of(&parts[PART_CHANGES]);
	changes = changes < CHANGES_SCROLL ? changes : CHANGES_SCROLL;
	if (want + others + changes > room)
		return;
	parts[PART_ARGUMENTS].least = want;
	changes = room - want - others;
	if (changes < parts[PART_CHANGES].least)
		parts[PART_CHANGES].least = changes;
}

void approval_layout(struct item *item, const struct facts *facts, unsigned height,
                     struct rows *out)
{
	size_t room = height > out->count ? height - out->count : 0;
	struct frame_part parts[PARTS] = {
		[PART_WARNINGS] = { .least = 1, .priority = 1 },
		[PART_SUBJECT] = { .least = 1, .priority = 0 },
		[PART_CHANGES] = { .least = 7, .priority = 2 },
		[PART_CHECKS] = { .least = 1, .priority = 3 },
		[PART_TEXT] = { .least = 3, .priority = 4, .fill = true },
		[PART_ARGUMENTS] = { .least = 4, .priority = 0 },
		[PART_FACTS] = { .least = 1, .priority = 5 },
		[PART_LAST] = { .least = 1, .priority = 6 },
		[PART_STATE] = { .least = 1, .priority = 1 } };
	struct rows arguments;
	bool tight = room < ROOMY;

	for (int i = 0; i < PARTS; i++)
		rows_init(&parts[i].rows, out->width, out->flags);
	rows_init(&arguments, out->width, out->flags);
	frame_warnings(item, facts, &parts[PART_WARNINGS].rows);
	add_subject(item, &parts[PART_SUBJECT].rows);
	add_changes(item, &parts[PART_CHANGES].rows);
	add_effects(item, &parts[PART_CHANGES].rows);
	add_checks(item, tight, &parts[PART_CHECKS].rows);
	rows_fill(&parts[PART_TEXT].rows, item->text ? 5 : 1);
	approval_arguments(item, tight, &arguments);
	rows_fill(&parts[PART_ARGUMENTS].rows, arguments.count + 1);
	add_facts(item, &parts[PART_FACTS].rows);
	foot_last(item, facts, &parts[PART_LAST].rows);
	foot_state(item, &parts[PART_STATE].rows);
	favour_arguments(parts, room);
	frame_share(parts, PARTS, room);
	rows_append(out, &parts[PART_WARNINGS].rows, 0, parts[PART_WARNINGS].given);
	rows_append(out, &parts[PART_SUBJECT].rows, 0, parts[PART_SUBJECT].given);
	show_changes(item, &parts[PART_CHANGES], out);
	rows_append(out, &parts[PART_CHECKS].rows, 0, parts[PART_CHECKS].given);
	frame_evidence(item, parts[PART_TEXT].given, out);
	show_arguments(item, &arguments, parts[PART_ARGUMENTS].given, out);
	rows_append(out, &parts[PART_FACTS].rows, 0, parts[PART_FACTS].given);
	rows_append(out, &parts[PART_LAST].rows, 0, parts[PART_LAST].given);
	rows_append(out, &parts[PART_STATE].rows, 0, parts[PART_STATE].given);
	for (int i = 0; i < PARTS; i++)
		rows_clear(&parts[i].rows);
	rows_clear(&arguments);
}
