/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/choice.h"

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

enum { LABEL_COLUMN = 5, LABEL_MOST = 34, SEARCH_MARGIN = 8, ROOMY = 24,
	ROOMY_SIGNALS = 8 };

const char *choice_title(const struct definition *d, const char *label)
{
	const struct label *l = label ? definition_find_label(d, label) : NULL;

	return l ? l->title : label;
}

static void add(const struct item *item, struct choice *list, size_t *count,
                const char *label, const struct value *confidence, int digit)
{
	const struct label *l = definition_find_label(item->review->definition, label);

	list[(*count)++] = (struct choice){ .label = label, .title = l ? l->title : label,
		.text = l ? l->text : NULL, .confidence = confidence, .digit = digit };
}

static bool listed(const struct choice *list, size_t count, const char *label)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].label, label) == 0)
			return true;
	return false;
}

size_t choice_list(const struct item *item, struct choice out[CHOICE_DIGITS + 1])
{
	const struct proposal *p = item->review->proposal;
	const struct definition *d = item->review->definition;
	size_t count = 0;
	int digit = 1;

	if (p->label)
		add(item, out, &count, p->label, p->label_confidence, 0);
	for (size_t i = 0; i < p->alternative_count && digit <= CHOICE_DIGITS; i++)
		if (!listed(out, count, p->alternatives[i].label))
			add(item, out, &count, p->alternatives[i].label,
			    p->alternatives[i].confidence, digit++);
	if (d->label_count > CHOICE_DIGITS + 1)
		return count;
	for (size_t i = 0; i < d->label_count && digit <= CHOICE_DIGITS; i++)
		if (!listed(out, count, d->labels[i].name))
			add(item, out, &count, d->labels[i].name, NULL, digit++);
	return count;
}

const char *choice_of_digit(const struct item *item, int digit)
{
	struct choice list[CHOICE_DIGITS + 1];
	size_t count = choice_list(item, list);

	for (size_t i = 0; i < count; i++)
		if (digit && list[i].digit == digit)
			return list[i].label;
	return NULL;
}

/* How well a word fits a text: 1 best, 0 not at all. */
static int word_rank(const char *text, const char *word, int base)
{
	const char *at = text ? strcasestr(text, word) : NULL;

	if (!at)
		return 0;
	if (at == text)
		return base;
	return strchr(" _-/(", at[-1]) ? base + 1 : base + 2;
}

static int label_rank(const struct label *l, const char *query)
{
	char words[200], *save = NULL;
	int worst = 1;

	snprintf(words, sizeof words, "%s", query);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		int rank = word_rank(l->title, w, 1);

		if (!rank)
			rank = word_rank(l->name, w, 4);
		if (!rank)
			rank = word_rank(l->text, w, 7);
		if (!rank)
			return 0;
		worst = rank > worst ? rank : worst;
	}
	return worst;
}

size_t choice_search(const struct definition *d, const char *query,
                     size_t found[CHOICE_FOUND_MAX])
{
	size_t count = 0;

	for (int rank = 1; rank < 10; rank++)
		for (size_t i = 0; i < d->label_count && count < CHOICE_FOUND_MAX; i++)
			if (label_rank(&d->labels[i], query) == rank)
				found[count++] = i;
	return count;
}

/* --- layout ------------------------------------------------------------------ */

static unsigned label_cells(const struct choice *list, size_t count, unsigned width)
{
	size_t longest = 12, most = width / 2 < LABEL_MOST ? width / 2 : LABEL_MOST;

	for (size_t i = 0; i < count; i++) {
		size_t cells = text_width(list[i].title, strlen(list[i].title));

		longest = cells > longest ? cells : longest;
	}
	return (unsigned)(longest < most ? longest : most);
}

static void add_choice(const struct item *item, const struct choice *c, unsigned cells,
                       struct rows *out)
{
	bool chosen = item->form->label ? strcmp(item->form->label, c->label) == 0
		: c->digit == 0;
	char number[PLAIN_TIME_SIZE], key[8];

	rows_new(out);
	snprintf(key, sizeof key, c->digit ? " %d" : " a", c->digit);
	rows_add(out, STYLE_KEY, key);
	rows_add(out, STYLE_STRONG, chosen ? " ▸ " : "   ");
	rows_add_cut(out, c->digit == 0 ? STYLE_STRONG : STYLE_PLAIN, c->title, cells);
	rows_to(out, LABEL_COLUMN + cells + 1);
	band_bar(out, c->confidence, true);
	if (value_is_number(c->confidence))
		rows_addf(out, STYLE_DIM, " %s", plain_share(value_number(c->confidence),
		                                             number));
	if (c->digit == 0)
		rows_addf(out, STYLE_PLAIN, " %s",
		          band_words(band_of(item->review->definition, c->confidence)));
	if (c->text) {
		rows_to(out, LABEL_COLUMN + cells + 2 + BAND_CELLS + 12);
		rows_addf(out, STYLE_DIM, " %s", c->text);
	}
}

static void add_choices(const struct item *item, struct rows *out)
{
	const struct definition *d = item->review->definition;
	struct choice list[CHOICE_DIGITS + 1];
	size_t count = choice_list(item, list);
	unsigned cells = label_cells(list, count, out->width);

	for (size_t i = 0; i < count; i++)
		add_choice(item, &list[i], cells, out);
	if (!item->review->proposal->label && item->review->view != VIEW_BLIND) {
		rows_new(out);
		rows_add(out, STYLE_WARN, _("   no label was proposed"));
	}
	if (item->form->label && !listed(list, count, item->form->label)) {
		rows_new(out);
		rows_addf(out, STYLE_STRONG, "   ▸ %s", choice_title(d, item->form->label));
	}
	rows_new(out);
	rows_add(out, STYLE_KEY, " /");
	rows_addf(out, STYLE_PLAIN, _("   search all %zu"), d->label_count);
	rows_add(out, STYLE_KEY, "     0");
	rows_add(out, STYLE_PLAIN, _("  none fits"));
}

static void add_facts(const struct item *item, bool roomy, struct rows *out)
{
	struct buf words = BUF_INIT;
	const char *label = item->review->proposal->label;

	cause_sentence(item->review, &words);
	rows_wrap(out, STYLE_PLAIN, buf_str(&words), 1, 0, 2, false);
	buf_clear(&words);
	if (item->review->view != VIEW_BLIND && roomy)
		foot_signals(item, NULL, ROOMY_SIGNALS, out);
	else if (item->review->view != VIEW_BLIND)
		foot_signals_row(item, NULL, out);
	foot_checks(item, out);
	foot_siblings(item, out);
	foot_guide(item, label, 2, out);
}

enum { PART_WARNINGS, PART_CHOICES, PART_TEXT, PART_FACTS, PART_STATE, PART_LAST, PARTS };

void choice_layout(struct item *item, const struct facts *facts, unsigned height,
                   struct rows *out)
{
	size_t room = height > out->count ? height - out->count : 0, text = 0;
	struct frame_part parts[PARTS] = {
		[PART_WARNINGS] = { .least = 1, .priority = 1 },
		[PART_CHOICES] = { .least = CHOICE_DIGITS + 2, .priority = 1 },
		[PART_TEXT] = { .least = 3, .priority = 0 },
		[PART_FACTS] = { .least = 1, .priority = 3, .fill = true },
		[PART_STATE] = { .least = 1, .priority = 2 },
		[PART_LAST] = { .least = 1, .priority = 4 } };

	for (int i = 0; i < PARTS; i++)
		rows_init(&parts[i].rows, out->width, out->flags);
	frame_warnings(item, facts, &parts[PART_WARNINGS].rows);
	add_choices(item, &parts[PART_CHOICES].rows);
	if (item->text) {
		source_text_fit(item->text, out->width, out->flags);
		while (text < room && source_text_has(item->text, text))
			text++;
	}
	/* the rule above it, and a blank row below */
	rows_fill(&parts[PART_TEXT].rows, text + 2);
	add_facts(item, room > ROOMY, &parts[PART_FACTS].rows);
	foot_state(item, &parts[PART_STATE].rows);
	foot_last(item, facts, &parts[PART_LAST].rows);
	frame_share(parts, PARTS, room);
	rows_append(out, &parts[PART_WARNINGS].rows, 0, parts[PART_WARNINGS].given);
	frame_evidence(item, parts[PART_TEXT].given, out);
	rows_append(out, &parts[PART_CHOICES].rows, 0, parts[PART_CHOICES].given);
	rows_append(out, &parts[PART_FACTS].rows, 0, parts[PART_FACTS].given);
	rows_append(out, &parts[PART_LAST].rows, 0, parts[PART_LAST].given);
	rows_append(out, &parts[PART_STATE].rows, 0, parts[PART_STATE].given);
	for (int i = 0; i < PARTS; i++)
		rows_clear(&parts[i].rows);
}

void choice_search_layout(struct item *item, const struct facts *facts, const char *query,
                          size_t caret, size_t chosen, unsigned width, unsigned height,
                          struct rows *out)
{
	const struct definition *d = item->review->definition;
	size_t found[CHOICE_FOUND_MAX], count = choice_search(d, query, found), top, room;

	rows_reset(out, width);
	frame_header(item, facts, out);
	frame_evidence(item, height > 16 ? 4 : 2, out);
	rows_rule(out, _("all labels"));
	rows_new(out);
	rows_add(out, STYLE_KEY, " /");
	source_text_edit(query, caret, SEARCH_MARGIN, width - SEARCH_MARGIN, out);
	room = height > out->count + 1 ? height - out->count - 1 : 0;
	top = chosen >= room ? chosen - room + 1 : 0;
	for (size_t i = top; i < count && i < top + room; i++) {
		const struct label *l = &d->labels[found[i]];

		rows_new(out);
		rows_add(out, STYLE_STRONG, i == chosen ? "   ▸ " : "     ");
		rows_add_cut(out, i == chosen ? STYLE_STRONG : STYLE_PLAIN, l->title, LABEL_MOST);
		if (l->text) {
			rows_to(out, LABEL_COLUMN + LABEL_MOST + 1);
			rows_add(out, STYLE_DIM, l->text);
		}
		if (i == chosen)
			rows_select(out);
	}
	rows_fill(out, height - 1);
	rows_new(out);
	if (count)
		rows_addf(out, STYLE_DIM, ngettext(" %zu label of %zu", " %zu labels of %zu",
		                                   count), count, d->label_count);
	else
		rows_addf(out, STYLE_WARN, _(" no label has this; Esc, then 0 says none fits"));
}
