/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/extraction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "view/plain.h"
#include "view/review/band.h"
#include "view/review/cause.h"
#include "view/review/foot.h"
#include "view/review/frame.h"

enum { TITLE_MOST = 16, NOTE_MOST = 30, NOTE_LEAST = 16, ROOMY = 100,
	NOTE_ROOMY = 46, VALUE_ROWS = 3, SELECTED_ROWS = 8 };

struct columns {
	unsigned title, value, value_cells, note, note_cells;
};

static struct columns measure(const struct item *item, unsigned width)
{
	struct columns c = { .title = 3 };
	size_t longest = 4;

	for (size_t i = 0; i < item->form->count; i++) {
		size_t cells = text_width(item->form->fields[i].title,
		                          strlen(item->form->fields[i].title));

		if (cells > longest)
			longest = cells;
	}
	if (longest > TITLE_MOST)
		longest = TITLE_MOST;
	c.value = c.title + (unsigned)longest + 2;
	c.note_cells = width >= ROOMY ? NOTE_ROOMY : width / 3 < NOTE_MOST ? width / 3 : NOTE_MOST;
	if (c.note_cells < NOTE_LEAST)
		c.note_cells = NOTE_LEAST;
	c.note = width - c.note_cells;
	c.value_cells = c.note > c.value + 2 ? c.note - c.value - 2 : 8;
	return c;
}

static const char *state_words(const struct form_field *f, char *buf, size_t size)
{
	buf[0] = '\0';
	if (f->state == FORM_CONFIRMED)
		return _("✓ right");
	if (f->state == FORM_CORRECTED)
		return value_is(f->value, VALUE_NULL) ? _("✎ not on the document")
			: _("✎ corrected");
	if (f->state == FORM_CANNOT_TELL) {
		snprintf(buf, size, f->reason ? _("? can't tell: %s") : _("? can't tell"),
		         f->reason);
		return buf;
	}
	return NULL;
}

/* What stands right of a field: what was answered, why it is asked, or how sure
 * the model says it is. */
static void add_note(const struct item *item, const struct form_field *f,
                     const struct columns *c, struct rows *out)
{
	const struct field *proposed = proposal_find_field(item->review->proposal, f->name);
	const struct value *confidence = proposed ? proposed->confidence : NULL;
	enum band band = band_of(item->review->definition, confidence);
	struct buf cause = BUF_INIT;
	char words[120], number[PLAIN_TIME_SIZE];
	const char *state = state_words(f, words, sizeof words);

	rows_to(out, c->note);
	cause_field(item->review, f->name, f->required, &cause);
	if (state) {
		rows_add(out, STYLE_GOOD, state);
	} else if (f->asked && cause.len) {
		rows_add(out, STYLE_ASKED, _("ASKED"));
		rows_addf(out, STYLE_PLAIN, " %s", buf_str(&cause));
	} else {
		if (f->asked) {
			rows_add(out, STYLE_ASKED, _("ASKED"));
			rows_add(out, STYLE_PLAIN, " ");
		}
		if (item->review->view != VIEW_BLIND && (f->proposed || confidence)) {
			if (band != BAND_UNKNOWN) {
				band_bar(out, confidence, true);
				rows_add(out, STYLE_PLAIN, " ");
			}
			if (band != BAND_UNKNOWN && f->asked)
				rows_addf(out, STYLE_PLAIN, "%s ",
				          plain_share(value_number(confidence), number));
			rows_add(out, f->asked ? STYLE_PLAIN : STYLE_DIM, band_words(band));
			if (band != BAND_UNKNOWN && c->note_cells > NOTE_MOST)
				rows_add(out, STYLE_DIM, _(", not yet checked"));
		}
		if (!f->asked)
			rows_add(out, STYLE_DIM, f->proposed ? _(" · not asked") : _("not asked"));
	}
	buf_clear(&cause);
}

/* The value in rows of its own, as wide as its column. */
static void add_value(const struct item *item, const struct form_field *f, bool selected,
                      struct rows *out)
{
	const struct value *v = form_field_value(f);
	char *text = plain_text(v);
	enum style style = f->asked || f->state == FORM_CORRECTED ? STYLE_STRONG : STYLE_PLAIN;

	rows_new(out);
	if (selected && item->edit_text)
		source_text_edit(item->edit_text, item->edit_caret, 0, out->width, out);
	else if (!v)
		rows_add(out, STYLE_DIM, item->review->view == VIEW_BLIND
		         ? _("— not shown before your own answer —")
		         : f->state == FORM_CANNOT_TELL ? _("— can't tell —")
		         : f->state == FORM_CORRECTED ? _("— not on the document —")
		         : _("— nothing found —"));
	else if (!*text)
		rows_add(out, STYLE_DIM, _("“” (empty text)"));
	else
		rows_wrap(out, style, text, 0, 0, selected ? SELECTED_ROWS : VALUE_ROWS, true);
	free(text);
}

/* "7.97 · Total Payable": a candidate with where it stands, or how it was computed. */
static char *candidate_words(const struct candidate *c)
{
	if (c->why)
		return mem_printf("%s · %s", c->text, _(c->why));
	if (c->repaired && c->context)
		return mem_printf(_("%s · as read from %s"), c->text, c->context);
	return c->context ? mem_printf("%s · %s", c->text, c->context) : mem_strdup(c->text);
}

/* "1 7.97 · Total Payable  2 9.36": candidates of the selected field. */
static void add_candidates(const struct item *item, const struct columns *c, size_t most,
                           struct rows *out)
{
	const struct candidates *list = &item->candidates;
	size_t rows = 1;

	if (!list->count)
		return;
	rows_new(out);
	rows_to(out, c->value);
	for (size_t i = 0; i < list->count; i++) {
		char *words = candidate_words(&list->items[i]);
		size_t cells = text_width(words, strlen(words)) + 4;

		if (i && cells > rows_left(out)) {
			if (++rows > most) {
				free(words);
				break;
			}
			rows_new(out);
			rows_to(out, c->value);
		}
		rows_addf(out, STYLE_KEY, "%zu", i + 1);
		rows_addf(out, STYLE_PLAIN, " %s  ", words);
		free(words);
	}
}

/* What was proposed, below a field that was corrected. */
static void add_was(const struct form_field *f, const struct columns *c, struct rows *out)
{
	char *was;

	if (f->state != FORM_CORRECTED && f->state != FORM_CANNOT_TELL)
		return;
	was = plain_text(f->proposed);
	rows_new(out);
	rows_to(out, c->value);
	if (f->proposed)
		rows_addf(out, STYLE_DIM, _("was %s"), was);
	else
		rows_add(out, STYLE_DIM, _("was: nothing found"));
	free(was);
}

static void add_field(const struct item *item, size_t i, const struct columns *c,
                      bool wide, struct rows *out)
{
	const struct form_field *f = &item->form->fields[i];
	bool selected = i == item->field;
	struct rows value;

	rows_init(&value, c->value_cells, out->flags);
	add_value(item, f, selected, &value);
	for (size_t n = 0; n < value.count; n++) {
		rows_new(out);
		if (n == 0) {
			rows_add(out, STYLE_STRONG, selected ? " ▸ " : "   ");
			rows_add_cut(out, selected ? STYLE_STRONG : STYLE_PLAIN, f->title,
			             c->value - c->title - 1);
		}
		rows_copy(out, &value, n, c->value, c->value_cells);
		if (n == 0)
			add_note(item, f, c, out);
	}
	rows_clear(&value);
	if (f->fault && f->state != FORM_OPEN && f->state != FORM_CANNOT_TELL) {
		rows_new(out);
		rows_to(out, c->value);
		rows_addf(out, STYLE_BAD, "! %s", f->fault);
	}
	add_was(f, c, out);
	if (selected && f->choices) {
		char *choices = plain_text(f->choices);

		rows_new(out);
		rows_to(out, c->value);
		rows_addf(out, STYLE_DIM, _("one of %s"), choices);
		free(choices);
	}
	if (selected)
		add_candidates(item, c, wide ? 4 : 2, out);
}

/* All fields; *at and *end: rows of the selected one. */
static void add_fields(const struct item *item, bool wide, struct rows *out, size_t *at,
                       size_t *end)
{
	struct columns c = measure(item, out->width);

	*at = *end = 0;
	for (size_t i = 0; i < item->form->count; i++) {
		if (i == item->field)
			*at = out->count;
		add_field(item, i, &c, wide, out);
		if (i == item->field)
			*end = out->count;
	}
	if (!item->form->count) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _("   no fields were proposed"));
	}
	if (item->filling) {
		bool caret = item->field >= item->form->count;

		if (caret)
			*at = out->count;
		rows_new(out);
		rows_add(out, STYLE_STRONG, caret ? " ▸ " : "   ");
		rows_add(out, caret ? STYLE_SELECTED : STYLE_PLAIN, _("[ y send ]"));
		*end = caret ? out->count : *end;
	}
}

static const struct form_field *selected_field(const struct item *item)
{
	return item->field < item->form->count ? &item->form->fields[item->field] : NULL;
}

static void say_absent(const struct item *item, struct rows *out)
{
	const struct proposal *p = item->review->proposal;

	if (p->signal_count && p->check_count)
		return;
	rows_new(out);
	rows_add(out, STYLE_DIM, p->signal_count ? _(" no checks supplied")
	         : p->check_count ? _(" no signals supplied")
	         : _(" no signals and no checks supplied"));
}

/* Below everything, a row or two each. */
static void add_facts(const struct item *item, const struct facts *facts, struct rows *out)
{
	const struct form_field *f = selected_field(item);
	char *sibling = item_sibling_warning(item);

	if (item->review->proposal->check_count)
		foot_checks_row(item, out);
	/* a single one may be named in the warning already */
	if (!sibling || value_count(item->review->siblings) > 1)
		foot_siblings(item, out);
	free(sibling);
	if (f)
		foot_guide(item, f->name, 2, out);
	if (item->review->view != VIEW_BLIND)
		foot_signals_row(item, f ? f->name : NULL, out);
	say_absent(item, out);
	foot_last(item, facts, out);
}

/* Below the fields where there is room beside the text: each fact a row. */
static void add_story(const struct item *item, struct rows *out)
{
	const struct form_field *f = selected_field(item);
	struct buf words = BUF_INIT;

	rows_rule(out, _("facts"));
	cause_sentence(item->review, &words);
	rows_wrap(out, STYLE_PLAIN, buf_str(&words), 1, 0, 0, false);
	buf_clear(&words);
	foot_checks(item, out);
	foot_siblings(item, out);
	if (f)
		foot_guide(item, f->name, 0, out);
	if (item->review->view != VIEW_BLIND)
		foot_signals(item, f ? f->name : NULL, 0, out);
	say_absent(item, out);
	if (!value_count(item->review->history)) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _(" nobody has looked at it before"));
	}
}

enum { PART_WARNINGS, PART_FIELDS, PART_SOURCE, PART_FACTS, PART_STATE, PARTS };

/* Keeps the selected field inside the rows that the fields got. */
static void scroll_fields(struct item *item, const struct frame_part *part, size_t at,
                          size_t end)
{
	size_t *top = &item->top[ITEM_FIELDS], room = part->given;

	item->rows[ITEM_FIELDS] = part->rows.count;
	item->room[ITEM_FIELDS] = room;
	if (end > *top + room)
		*top = end - room;
	if (at < *top)
		*top = at;
	if (*top + room > part->rows.count)
		*top = part->rows.count > room ? part->rows.count - room : 0;
}

static void wide_body(struct item *item, struct frame_part *part, size_t room,
                      struct rows *out)
{
	unsigned left = out->width * 3 / 5, right = out->width - left - 2;
	struct rows text;

	rows_init(&text, right, out->flags);
	frame_evidence(item, room, &text);
	for (size_t i = 0; i < room; i++) {
		rows_new(out);
		rows_copy(out, &part->rows, item->top[ITEM_FIELDS] + i, 0, left - 1);
		rows_to(out, left);
		rows_add(out, STYLE_RULE, "│ ");
		rows_copy(out, &text, i, left + 2, right);
	}
	rows_clear(&text);
}

void extraction_layout(struct item *item, const struct facts *facts, unsigned height,
                       struct rows *out)
{
	bool wide = out->width >= EXTRACTION_WIDE;
	size_t room = height > out->count ? height - out->count : 0, at, end;
	struct frame_part parts[PARTS] = {
		[PART_WARNINGS] = { .least = 1, .priority = 1 },
		[PART_FIELDS] = { .least = 4, .priority = 0 },
		[PART_SOURCE] = { .least = 0, .priority = 9, .fill = true },
		[PART_FACTS] = { .least = 1, .priority = 3 },
		[PART_STATE] = { .least = 1, .priority = 1 } };
	size_t reserve = room > 12 && !wide ? 5 : 0;

	for (int i = 0; i < PARTS; i++)
		rows_init(&parts[i].rows, out->width, out->flags);
	if (wide)
		parts[PART_FIELDS].rows.width = out->width * 3 / 5 - 1;
	frame_warnings(item, facts, &parts[PART_WARNINGS].rows);
	add_fields(item, wide, &parts[PART_FIELDS].rows, &at, &end);
	if (wide) {
		add_story(item, &parts[PART_FIELDS].rows);
		foot_last(item, facts, &parts[PART_FACTS].rows);
	} else {
		add_facts(item, facts, &parts[PART_FACTS].rows);
	}
	foot_state(item, &parts[PART_STATE].rows);
	if (parts[PART_FACTS].rows.count > 1 && !wide)
		parts[PART_FACTS].least = room > 16 ? 2 : 1;
	frame_share(parts, PARTS, room - reserve);
	parts[PART_SOURCE].given += reserve;
	if (wide)
		parts[PART_FIELDS].given += parts[PART_SOURCE].given;
	scroll_fields(item, &parts[PART_FIELDS], at, end);
	rows_append(out, &parts[PART_WARNINGS].rows, 0, parts[PART_WARNINGS].given);
	if (wide) {
		wide_body(item, &parts[PART_FIELDS], parts[PART_FIELDS].given, out);
	} else {
		rows_append(out, &parts[PART_FIELDS].rows, item->top[ITEM_FIELDS],
		            parts[PART_FIELDS].given);
		frame_evidence(item, parts[PART_SOURCE].given, out);
	}
	rows_append(out, &parts[PART_FACTS].rows, 0, parts[PART_FACTS].given);
	rows_append(out, &parts[PART_STATE].rows, 0, parts[PART_STATE].given);
	for (int i = 0; i < PARTS; i++)
		rows_clear(&parts[i].rows);
}
