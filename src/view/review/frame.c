/* SPDX-License-Identifier: Apache-2.0 */
#include "view/review/frame.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/msg.h"
#include "base/text.h"
#include "base/utf8.h"
#include "view/plain.h"
#include "view/words.h"

void frame_ambient(const struct facts *facts, struct bar *bar)
{
	char link[FACTS_NAME_SIZE], brief[8];

	if (facts->waiting > 0) {
		/* TRANSLATORS: decisions on their way to the server */
		snprintf(link, sizeof link, _("%lld to send"), (long long)facts->waiting);
		bar_add_right(bar, 6, STYLE_DIM, link, NULL);
	}
	snprintf(link, sizeof link, "%s %s", words_link_mark(facts->link),
	         words_link(facts->link));
	snprintf(brief, sizeof brief, "%s", words_link_mark(facts->link));
	bar_add_right(bar, facts->link >= FACTS_OFFLINE ? 1 : 4,
	              facts->link >= FACTS_OFFLINE ? STYLE_WARN : STYLE_HEADER, link, brief);
	if (facts->server[0])
		bar_add_right(bar, 7, STYLE_HEADER, facts->server, NULL);
	if (facts->person[0])
		bar_add_right(bar, 3, STYLE_HEADER, facts->person, NULL);
	if (facts->mark[0])
		bar_add_right(bar, 1, STYLE_TEST, facts->mark, NULL);
}

static void first_row(const struct item *item, const struct facts *facts, struct rows *out)
{
	const struct review *r = item->review;
	char text[FACTS_TEXT_SIZE], time[PLAIN_TIME_SIZE];
	struct bar bar;

	bar_init(&bar, " · ");
	bar_add(&bar, 0, STYLE_HEADER, r->definition->title, NULL);
	bar_add(&bar, 2, STYLE_HEADER, words_stage(r->stage), NULL);
	if (r->due_ms) {
		bool late = r->due_ms < facts->now_ms + facts->skew_ms;

		plain_time(r->due_ms, facts->now_ms, time);
		snprintf(text, sizeof text, late ? _("was due %s") : _("due %s"), time);
		bar_add(&bar, 3, late ? STYLE_WARN : STYLE_HEADER, text, NULL);
	}
	if (facts->queue_open >= 0) {
		snprintf(text, sizeof text, ngettext("%lld open", "%lld open",
		                                     (unsigned long)facts->queue_open),
		         (long long)facts->queue_open);
		bar_add(&bar, 5, STYLE_HEADER, text, NULL);
	}
	frame_ambient(facts, &bar);
	bar_row(&bar, out);
}

static const char *sources_words(const struct proposal *p)
{
	bool text = false, other = false;

	for (size_t i = 0; i < p->source_count; i++) {
		text |= p->sources[i].text != NULL;
		other |= p->sources[i].text == NULL;
	}
	if (text && other)
		return _("TEXT ONLY, image not shown here");
	if (text)
		return p->kind == KIND_EXTRACTION ? _("TEXT ONLY, no page image") : NULL;
	return other ? _("IMAGE NOT SHOWN HERE") : _("NO SOURCE SUPPLIED");
}

/* The same where room is short. */
static const char *sources_brief(const struct proposal *p)
{
	for (size_t i = 0; i < p->source_count; i++)
		if (p->sources[i].text)
			return _("TEXT ONLY");
	return p->source_count ? _("NO IMAGE HERE") : _("NO SOURCE");
}

static void lease_words(const struct item *item, const struct facts *facts, char *text,
                        size_t size, bool *over)
{
	char time[PLAIN_TIME_SIZE];
	int64_t left = item->review->lease_boot_ms - facts->boot_ms;

	*over = item->review->lease_boot_ms && left <= 0;
	plain_time(item->review->expires_ms - facts->skew_ms, facts->now_ms, time);
	snprintf(text, size, *over ? _("reservation ended %s") : _("reserved to %s"), time);
}

static void second_row(const struct item *item, const struct facts *facts, struct rows *out)
{
	const struct proposal *p = item->review->proposal;
	char text[FACTS_TEXT_SIZE], time[PLAIN_TIME_SIZE];
	const char *reversible = words_reversibility(p->reversibility), *sources;
	int64_t at_ms;
	bool over;
	struct bar bar;

	bar_init(&bar, " · ");
	bar_add(&bar, 0, STYLE_STRONG, p->external_id ? p->external_id : "?", NULL);
	if (p->model_name) {
		snprintf(text, sizeof text, "%s %.*s", p->model_name,
		         p->model_version ? (int)strcspn(p->model_version, " (") : 0,
		         p->model_version ? p->model_version : "");
		bar_add(&bar, 3, STYLE_PLAIN, text, p->model_name);
	}
	if (item->review->view == VIEW_BLIND)
		bar_add(&bar, 1, STYLE_WARN, _("BLIND: give your own answer first"), NULL);
	sources = sources_words(p);
	if (sources)
		bar_add(&bar, 1, STYLE_PLAIN, sources, sources_brief(p));
	if (p->case_title || p->case_id)
		bar_add(&bar, 6, STYLE_PLAIN, p->case_title ? p->case_title : p->case_id, NULL);
	if (p->replaces) {
		snprintf(text, sizeof text, _("replaces %s"), p->replaces);
		bar_add(&bar, 5, STYLE_PLAIN, text, NULL);
	}
	if (p->kind == KIND_APPROVAL)
		bar_add_right(&bar, 1, p->reversibility == REVERSIBLE_NONE ? STYLE_WARN
		              : STYLE_PLAIN, reversible ? reversible
		              : _("reversibility not supplied"),
		              words_reversibility_brief(p->reversibility));
	bar_add_right(&bar, p->safety_class == CLASS_HIGH_IMPACT ? 1 : 2,
	              p->safety_class == CLASS_HIGH_IMPACT ? STYLE_WARN : STYLE_PLAIN,
	              words_class(p->safety_class), words_class_brief(p->safety_class));
	if (p->expires_at && clock_parse(p->expires_at, &at_ms)) {
		snprintf(text, sizeof text, _("runs out %s"),
		         plain_time(at_ms, facts->now_ms, time));
		bar_add_right(&bar, 2, at_ms < facts->now_ms ? STYLE_WARN : STYLE_PLAIN, text,
		              NULL);
	}
	lease_words(item, facts, text, sizeof text, &over);
	bar_add_right(&bar, over ? 1 : 2, over ? STYLE_WARN : STYLE_PLAIN, text, NULL);
	bar_row(&bar, out);
}

void frame_header(struct item *item, const struct facts *facts, struct rows *out)
{
	first_row(item, facts, out);
	second_row(item, facts, out);
	rows_rule(out, NULL);
}

void frame_warnings(struct item *item, const struct facts *facts, struct rows *out)
{
	char *sibling = item_sibling_warning(item), kinds[200];
	bool over = item->review->lease_boot_ms
		&& item->review->lease_boot_ms <= facts->boot_ms;

	if (item->found) {
		bool blocks = text_found_blocks(item->found);

		rows_new(out);
		rows_addf(out, blocks && !item->revealed ? STYLE_BAD : STYLE_WARN,
		          blocks && !item->revealed
		          ? _(" ! hidden text: %s · H shows it before a works")
		          : _(" ! in this text: %s · H shows where"),
		          words_hidden(item->found, kinds, sizeof kinds));
	}
	if (sibling) {
		rows_new(out);
		rows_addf(out, STYLE_WARN, " ! %s", sibling);
	}
	if (over) {
		rows_new(out);
		rows_add(out, STYLE_WARN, _(" ! the reservation has ended: somebody else may "
		                            "decide first, your answer may come late"));
	}
	free(sibling);
}

/* --- the source ------------------------------------------------------------ */

enum { MARKS = CANDIDATES_MAX + 16, TERM_LEAST = 3, TERM_LOOK = 4096 };

static size_t add_evidence(const struct item *item, const struct evidence *e, size_t count,
                           struct text_mark *marks, size_t used)
{
	const struct source *source = source_text_source(item->text);

	for (size_t i = 0; i < count && used < MARKS; i++)
		if (!e[i].is_box && strcmp(e[i].source, source->id) == 0)
			marks[used++] = (struct text_mark){ (size_t)e[i].start,
				(size_t)e[i].end, STYLE_MARK, '>' };
	return used;
}

/* Where a term stands in the text as words of its own, whatever its case. */
static bool find_term(const struct source *s, const char *term, size_t len, size_t *at)
{
	size_t most = s->text_len < TERM_LOOK ? s->text_len : TERM_LOOK;

	for (size_t i = 0; len && i + len <= most; i++) {
		bool head = !i || !isalnum((unsigned char)s->text[i - 1]);
		bool tail = i + len == s->text_len || !isalnum((unsigned char)s->text[i + len]);

		if (head && tail && strncasecmp(s->text + i, term, len) == 0) {
			*at = i;
			return true;
		}
	}
	return false;
}

/* Words that spoke for the label ("term:frozen", weight above 0). */
static size_t add_terms(const struct item *item, struct text_mark *marks, size_t used)
{
	const struct proposal *p = item->review->proposal;
	const struct source *source = source_text_source(item->text);

	for (size_t i = 0; i < p->signal_count && used < MARKS; i++) {
		const struct signal_fact *s = &p->signals[i];
		const char *term = strncmp(s->name, "term:", 5) == 0 ? s->name + 5 : NULL;
		size_t at, len = term ? strlen(term) : 0;

		if (len < TERM_LEAST || !value_is_number(s->weight) || value_number(s->weight) <= 0
		    || !find_term(source, term, len, &at))
			continue;
		at = utf8_count(source->text, at);
		marks[used++] = (struct text_mark){ at, at + utf8_count(term, len),
			STYLE_MARK, 0 };
	}
	return used;
}

static size_t find_marks(const struct item *item, struct text_mark *marks)
{
	const struct proposal *p = item->review->proposal;
	const struct source *source = source_text_source(item->text);
	const struct form_field *field = item->field < item->form->count
		? &item->form->fields[item->field] : NULL;
	const struct field *proposed = field ? proposal_find_field(p, field->name) : NULL;
	size_t used = 0;

	if (field && item->candidates.source == source)
		for (size_t i = 0; i < item->candidates.count; i++)
			marks[used++] = (struct text_mark){ item->candidates.items[i].start,
				item->candidates.items[i].end, STYLE_CANDIDATE,
				(char)('1' + i) };
	if (proposed)
		used = add_evidence(item, proposed->evidence, proposed->evidence_count, marks,
		                    used);
	if (p->kind != KIND_EXTRACTION)
		used = add_evidence(item, p->evidence, p->evidence_count, marks, used);
	if (p->kind == KIND_CLASSIFICATION && item->review->view != VIEW_BLIND)
		used = add_terms(item, marks, used);
	return used;
}

static size_t first_mark(const struct text_mark *marks, size_t count, bool *evidence)
{
	size_t at = (size_t)-1;

	*evidence = false;
	for (size_t i = 0; i < count; i++) {
		bool is_evidence = marks[i].style == STYLE_MARK;

		if ((is_evidence && !*evidence)
		    || (is_evidence == *evidence && marks[i].start < at))
			at = marks[i].start;
		*evidence |= is_evidence;
	}
	return at;
}

static void follow(struct item *item, const struct text_mark *marks, size_t count,
                   size_t room)
{
	const struct source *s = source_text_source(item->text);
	bool evidence;
	size_t at = first_mark(marks, count, &evidence), line;

	item->follow = false;
	if (at == (size_t)-1 && s->turn_count && s->deciding >= 0)
		at = (size_t)s->turns[s->deciding].start;
	if (at == (size_t)-1)
		return;
	line = source_text_line(item->text, at);
	line = line > room / 3 ? line - room / 3 : 0;
	/* near the end of the text: no empty rows below it */
	while (line && room && !source_text_has(item->text, line + room - 1))
		line--;
	item->top[ITEM_EVIDENCE] = line;
}

static void evidence_title(const struct item *item, size_t top, struct buf *title)
{
	const struct proposal *p = item->review->proposal;
	const struct source *s = source_text_source(item->text);
	size_t line = source_text_number(item->text, top);

	if (item->field < item->form->count) {
		const char *field = item->form->fields[item->field].title;

		if (item->candidates.count)
			buf_addf(title, ngettext("%zu candidate for %s", "%zu candidates for %s",
			                         item->candidates.count),
			         item->candidates.count, field);
		else
			buf_adds(title, field);
		buf_adds(title, " · ");
	}
	buf_addf(title, _("text from line %zu of %zu"), line, source_text_total(item->text));
	if (p->source_count > 1)
		buf_addf(title, _(" · source %zu of %zu"), item->source + 1, p->source_count);
	if (s->title && p->kind != KIND_CLASSIFICATION)
		buf_addf(title, " · %s", s->title);
	if (item->focus == ITEM_EVIDENCE && p->kind == KIND_APPROVAL)
		buf_adds(title, " ↕");
}

void frame_evidence(struct item *item, size_t room, struct rows *out)
{
	struct text_mark marks[MARKS];
	struct buf title = BUF_INIT;
	size_t count, rows = room ? room - 1 : 0, end = out->count + room;

	if (!room)
		return;
	if (!item->text) {
		rows_rule(out, sources_words(item->review->proposal));
		rows_fill(out, end);
		return;
	}
	source_text_fit(item->text, out->width, out->flags);
	count = find_marks(item, marks);
	if (item->follow)
		follow(item, marks, count, rows);
	/* Behind the end (the window grew): as much of the end as there is room. */
	while (item->top[ITEM_EVIDENCE] && !source_text_has(item->text,
	                                                    item->top[ITEM_EVIDENCE]))
		item->top[ITEM_EVIDENCE] /= 2;
	item->room[ITEM_EVIDENCE] = rows;
	evidence_title(item, item->top[ITEM_EVIDENCE], &title);
	rows_rule(out, buf_str(&title));
	source_text_rows(item->text, marks, count, item->top[ITEM_EVIDENCE], rows, out);
	rows_fill(out, end);
	buf_clear(&title);
}

/* --- sharing the height ------------------------------------------------------ */

void frame_share(struct frame_part *parts, size_t count, size_t room)
{
	for (size_t i = 0; i < count; i++)
		parts[i].given = 0;
	for (int pass = 0; pass < 2; pass++)
		for (int priority = 0; priority < 10; priority++)
			for (size_t i = 0; i < count; i++) {
				size_t want = parts[i].rows.count, more;

				if (parts[i].priority != priority)
					continue;
				if (pass == 0 && parts[i].least < want)
					want = parts[i].least;
				more = want > parts[i].given ? want - parts[i].given : 0;
				more = more < room ? more : room;
				parts[i].given += more;
				room -= more;
			}
	for (size_t i = 0; i < count; i++)
		if (parts[i].fill) {
			parts[i].given += room;
			room = 0;
		}
}
