/* SPDX-License-Identifier: Apache-2.0 */
#include "view/item.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "view/review/approval.h"
#include "view/review/choice.h"
#include "view/review/extraction.h"
#include "view/review/frame.h"
#include "view/review/pane.h"
#include "view/words.h"

enum { ACTIVE_GAP_MS = 30000 };

const char *item_pane_name(enum item_pane pane)
{
	static const char *const names[ITEM_PANES] = { [ITEM_EVIDENCE] = "evidence",
		[ITEM_FIELDS] = "fields", [ITEM_ARGUMENTS] = "arguments", [ITEM_WHY] = "why",
		[ITEM_GUIDE] = "guide", [ITEM_HISTORY] = "history", [ITEM_RAW] = "raw",
		[ITEM_COMPARE] = "compare", [ITEM_HIDDEN] = "hidden" };

	return names[pane];
}

static unsigned found_in(const struct value *v)
{
	unsigned found = 0;

	if (v && v->type == VALUE_STRING)
		return text_found(v->s, v->len);
	for (size_t i = 0; i < value_count(v); i++) {
		const char *key = value_key(v, i);

		if (key)
			found |= text_found(key, strlen(key));
		found |= found_in(value_at(v, i));
	}
	return found;
}

static size_t first_text(const struct proposal *p)
{
	size_t i = 0;

	while (i < p->source_count && !p->sources[i].text)
		i++;
	return i;
}

static void show_source(struct item *item, size_t source)
{
	const struct proposal *p = item->review->proposal;

	if (source == item->source && item->text)
		return;
	source_text_free(item->text);
	item->text = NULL;
	item->source = source;
	item->top[ITEM_EVIDENCE] = 0;
	if (source < p->source_count && p->sources[source].text) {
		item->text = source_text_new(&p->sources[source]);
		item->sources |= source < 32 ? 1u << source : 0;
	}
}

struct item *item_new(struct review *review, const struct decision *draft,
                      const char *next, const struct facts *facts)
{
	struct item *item = mem_zalloc(sizeof *item);

	item->review = review;
	item->form = form_new(review);
	if (draft)
		form_load(item->form, draft);
	item->filling = draft && form_departs(item->form);
	item->found = found_in(review->proposal->doc);
	item->open = ITEM_PANES;
	item->focus = review->proposal->kind == KIND_APPROVAL ? ITEM_ARGUMENTS : ITEM_EVIDENCE;
	item->next = mem_strdup(next);
	item->opened_ms = facts->now_ms;
	item->touched_boot_ms = facts->boot_ms;
	item->source = review->proposal->source_count;
	show_source(item, first_text(review->proposal));
	if (item->form->count) {
		size_t first = form_next_open(item->form, item->form->count);

		item_select(item, first < item->form->count ? first : 0);
	}
	item->follow = true;
	return item;
}

void item_free(struct item *item)
{
	if (!item)
		return;
	candidates_clear(&item->candidates);
	source_text_free(item->text);
	form_free(item->form);
	review_free(item->review);
	free(item->next);
	free(item->why);
	free(item);
}

static const char *say(struct item *item, char *why)
{
	free(item->why);
	item->why = why;
	return why;
}

static const char *fault(struct item *item)
{
	const struct form *f = item->form;

	for (size_t i = 0; i < f->count; i++) {
		const struct form_field *field = &f->fields[i];

		if (!field->fault)
			continue;
		if (!field->proposed && field->required)
			return say(item, mem_printf(_("%s is required and empty"), field->title));
		return say(item, mem_printf(_("%s: %s"), field->title, field->fault));
	}
	return f->fault;
}

const char *item_why_not(struct item *item, enum outcome outcome)
{
	const char *why = review_why_not(item->review, outcome);
	bool takes = outcome == OUTCOME_APPROVE || outcome == OUTCOME_CORRECT;

	if (takes && text_found_blocks(item->found) && !item->revealed) {
		char kinds[200];

		words_hidden(item->found, kinds, sizeof kinds);
		return say(item, mem_printf(_("hidden text (%s): H shows it"), kinds));
	}
	if (outcome == OUTCOME_APPROVE && form_departs(item->form))
		return _("you changed the answer: y sends it, D drops the change");
	if (outcome == OUTCOME_APPROVE && fault(item))
		return fault(item);
	if (why)
		return why;
	if (takes && item->review->proposal->kind == KIND_APPROVAL && !item->arguments_seen)
		return _("not all arguments have been on the screen: Tab and PgDn to END");
	return NULL;
}

char *item_sibling_warning(const struct item *item)
{
	const struct value *siblings = item->review->siblings;

	for (size_t i = 0; i < value_count(siblings); i++) {
		const struct value *s = value_at(siblings, i);
		const char *state = value_text_or(s, "state", "");

		if (strcmp(state, "approved") == 0 || strcmp(state, "corrected") == 0
		    || strcmp(state, "auto_accepted") == 0)
			continue;
		return mem_printf(_("same case: %s is %s"),
		                  value_text_or(s, "title",
		                                value_text_or(s, "external_id", "?")),
		                  words_state(state));
	}
	return NULL;
}

void item_touch(struct item *item, int64_t boot_ms)
{
	int64_t gap = boot_ms - item->touched_boot_ms;

	if (gap > 0)
		item->active_ms += gap < ACTIVE_GAP_MS ? gap : ACTIVE_GAP_MS;
	item->touched_boot_ms = boot_ms;
}

void item_complete(const struct item *item, struct decision *d, int64_t now_ms)
{
	char text[CLOCK_TEXT_SIZE];

	free(d->opened_at);
	free(d->decided_at);
	d->opened_at = mem_strdup(clock_text(item->opened_ms, text));
	d->decided_at = mem_strdup(clock_text(now_ms, text));
	d->active_ms = item->active_ms;
	decision_clear_seen(d);
	for (int i = 0; i < ITEM_PANES; i++)
		if (item->panes & 1u << i)
			decision_add_pane(d, item_pane_name((enum item_pane)i));
	for (size_t i = 0; i < item->review->proposal->source_count && i < 32; i++)
		if (item->sources & 1u << i)
			decision_add_checked(d, item->review->proposal->sources[i].id);
	if (!item->revealed)
		return;
	for (int i = 0; i < TEXT_KINDS; i++)
		if (item->found & 1u << i)
			decision_add_flag(d, text_kind_name(1u << i));
}

void item_renew(struct item *item, int64_t expires_ms, int64_t lease_boot_ms)
{
	item->review->expires_ms = expires_ms;
	item->review->lease_boot_ms = lease_boot_ms;
}

void item_select(struct item *item, size_t field)
{
	const struct proposal *p = item->review->proposal;

	candidates_clear(&item->candidates);
	item->field = field;
	item->taken = 0;
	item->follow = true;
	if (field >= item->form->count)
		return;
	candidates_find(p, &item->form->fields[field], &item->candidates);
	if (item->candidates.source)
		show_source(item, (size_t)(item->candidates.source - p->sources));
}

void item_next_source(struct item *item)
{
	const struct proposal *p = item->review->proposal;

	for (size_t step = 1; step <= p->source_count; step++) {
		size_t i = (item->source + step) % p->source_count;

		if (p->sources[i].text) {
			show_source(item, i);
			return;
		}
	}
}

void item_open_pane(struct item *item, enum item_pane pane)
{
	item->open = pane;
	if (pane == ITEM_PANES)
		return;
	if (pane != ITEM_EVIDENCE)
		item->top[pane] = item->rows[pane] = 0;
	item->panes |= 1u << pane;
}

void item_focus_next(struct item *item)
{
	enum kind kind = item->review->proposal->kind;

	if (kind == KIND_APPROVAL)
		item->focus = item->focus == ITEM_ARGUMENTS ? ITEM_EVIDENCE
			: item->focus == ITEM_EVIDENCE ? ITEM_FIELDS : ITEM_ARGUMENTS;
	else if (kind == KIND_EXTRACTION)
		item->focus = item->focus == ITEM_EVIDENCE ? ITEM_FIELDS : ITEM_EVIDENCE;
}

bool item_note_shown(struct item *item, enum item_pane pane, const struct rows *all,
                     size_t given)
{
	size_t top = item->top[pane], *shown = &item->shown[pane];

	/* Rows of another width are other rows. */
	if (item->shown_width[pane] != all->width)
		*shown = 0;
	item->shown_width[pane] = all->width;
	if (given && top <= *shown && top + given > *shown)
		*shown = top + given;
	return *shown >= all->count;
}

static enum item_pane scrolled(const struct item *item)
{
	return item->open < ITEM_PANES ? item->open : item->focus;
}

static void set_top(struct item *item, enum item_pane pane, size_t top)
{
	if (item->rows[pane] && top + item->room[pane] > item->rows[pane])
		top = item->rows[pane] > item->room[pane]
			? item->rows[pane] - item->room[pane] : 0;
	item->top[pane] = top;
	item->follow = false;
}

void item_scroll(struct item *item, long rows)
{
	enum item_pane pane = scrolled(item);
	size_t top = item->top[pane], back = rows < 0 ? (size_t)-rows : 0;

	/* the text pane is laid out as far as somebody looked */
	if (pane == ITEM_EVIDENCE && rows > 0 && item->text
	    && !source_text_has(item->text, top + (size_t)rows))
		item->rows[pane] = source_text_count(item->text);
	set_top(item, pane, rows < 0 ? (back < top ? top - back : 0) : top + (size_t)rows);
}

void item_scroll_to(struct item *item, bool last)
{
	enum item_pane pane = scrolled(item);

	if (last && pane == ITEM_EVIDENCE && item->text)
		item->rows[pane] = source_text_count(item->text);
	set_top(item, pane, last ? item->rows[pane] : 0);
}

static void lay_out(struct item *item, const struct facts *facts, unsigned width,
                    unsigned height, struct rows *out)
{
	rows_reset(out, width);
	frame_header(item, facts, out);
	if (item->open < ITEM_PANES) {
		pane_layout(item, facts, height, out);
	} else {
		item->panes |= 1u << ITEM_EVIDENCE | 1u << ITEM_FIELDS;
		switch (item->review->proposal->kind) {
		case KIND_EXTRACTION:
			extraction_layout(item, facts, height, out);
			break;
		case KIND_CLASSIFICATION:
			choice_layout(item, facts, height, out);
			break;
		case KIND_APPROVAL:
			approval_layout(item, facts, height, out);
			break;
		}
	}
	rows_fill(out, height);
}

void item_layout(struct item *item, const struct facts *facts, unsigned width,
                 unsigned height, struct rows *out)
{
	bool seen = item->arguments_seen;

	lay_out(item, facts, width, height, out);
	/* What is on the screen now may be what approving waited for. */
	if (item->arguments_seen != seen)
		lay_out(item, facts, width, height, out);
}
