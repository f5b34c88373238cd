/* SPDX-License-Identifier: Apache-2.0 */
#include "view/listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "view/plain.h"
#include "view/review/frame.h"
#include "view/words.h"

enum { PAGE_GUESS = 50, PAGES_AHEAD = 3, WINDOW_MOST = 500 };

static size_t window_size(const struct listing *l)
{
	size_t page = l->page ? l->page : PAGE_GUESS, want = page * (PAGES_AHEAD + 1);

	return want < WINDOW_MOST ? want : WINDOW_MOST;
}

/* Replaces the window; place at its start or, for STORE_FROM_BEFORE, its end. */
static int load(struct listing *l, enum store_from from, const struct store_key *key,
                struct err *err)
{
	struct store_page page = { .queue = l->queue, .order = l->order, .from = from,
		.want = window_size(l) };
	struct store_window *window;
	int rc;

	if (key)
		page.key = *key;
	rc = store_window(l->store, &page, &window, err);
	if (rc < 0)
		return rc;
	store_window_free(l->window);
	l->window = window;
	l->at_start = from == STORE_FROM_START || window->position == 0
		|| ((from == STORE_FROM_BEFORE || from == STORE_FROM_END)
		    && window->count < page.want);
	l->at_end = from == STORE_FROM_END || window->count < page.want
		|| (window->exact && window->position + (int64_t)window->count == window->total);
	return 0;
}

int listing_new(struct store *store, const char *queue, enum store_order order,
                struct listing **out, struct err *err)
{
	struct listing *l = mem_zalloc(sizeof *l);
	struct store_queues *q = NULL;
	int rc;

	l->store = store;
	l->queue = mem_strdup(queue);
	l->order = order;
	rc = store_queue_get(store, queue, &q, err);
	if (rc == 0) {
		l->title = mem_strdup(q->items[0].title);
		rc = load(l, STORE_FROM_START, NULL, err);
	}
	store_queues_free(q);
	if (rc < 0) {
		listing_free(l);
		return rc;
	}
	*out = l;
	return 0;
}

void listing_free(struct listing *l)
{
	if (!l)
		return;
	store_window_free(l->window);
	free(l->queue);
	free(l->title);
	free(l);
}

const struct store_row *listing_selected(const struct listing *l)
{
	return l->cursor < l->window->count ? &l->window->rows[l->cursor] : NULL;
}

/* Reads from the row that stands first, so that the screen does not jump. */
static int load_at_top(struct listing *l, struct err *err)
{
	struct store_key key;
	size_t below = l->cursor - l->top;
	int rc;

	if (l->top >= l->window->count)
		return load(l, STORE_FROM_START, NULL, err);
	key = store_window_key(l->window, l->top);
	rc = load(l, STORE_FROM_AT, &key, err);
	if (rc < 0)
		return rc;
	l->top = 0;
	l->cursor = below;
	return 0;
}

/* Puts some pages before the row that stands first. */
static int load_before_top(struct listing *l, struct err *err)
{
	struct store_key key = store_window_key(l->window, l->top);
	size_t below = l->cursor - l->top, before;
	int rc = load(l, STORE_FROM_BEFORE, &key, err);

	if (rc < 0)
		return rc;
	before = l->window->count;
	if (!before)
		return load(l, STORE_FROM_START, NULL, err);
	/* ... and read on from there, so that the rows below are at hand too. */
	before = before < PAGES_AHEAD * l->page ? before : PAGES_AHEAD * l->page;
	key = store_window_key(l->window, l->window->count - before);
	rc = load(l, STORE_FROM_AT, &key, err);
	if (rc < 0)
		return rc;
	l->top = before;
	l->cursor = before + below;
	return 0;
}

static void clamp(struct listing *l)
{
	size_t page = l->page ? l->page : 1;

	if (l->cursor >= l->window->count)
		l->cursor = l->window->count ? l->window->count - 1 : 0;
	if (l->cursor < l->top)
		l->top = l->cursor;
	if (l->cursor >= l->top + page)
		l->top = l->cursor - page + 1;
}

int listing_refresh(struct listing *l, struct err *err)
{
	int rc = 0;

	if (store_generation(l->store, STORE_TOPIC_HEADERS) != l->window->generation
	    || l->window->count < window_size(l))
		if (store_generation(l->store, STORE_TOPIC_HEADERS) != l->window->generation
		    || !l->at_end)
			rc = load_at_top(l, err);
	clamp(l);
	return rc;
}

/* At most a page at a time: so far the rows at hand reach. */
static int move_page(struct listing *l, bool up, size_t step, struct err *err)
{
	int rc = 0;

	if (!up && !l->at_end && l->cursor + step + l->page >= l->window->count)
		rc = load_at_top(l, err);
	else if (up && !l->at_start && l->top < step)
		rc = load_before_top(l, err);
	if (rc < 0)
		return rc;
	l->cursor = !up ? l->cursor + step : step < l->cursor ? l->cursor - step : 0;
	clamp(l);
	return 0;
}

int listing_move(struct listing *l, long rows, struct err *err)
{
	size_t left = (size_t)(rows < 0 ? -rows : rows), page = l->page ? l->page : 1;

	while (left) {
		size_t step = left < page ? left : page;
		int rc = move_page(l, rows < 0, step, err);

		if (rc < 0)
			return rc;
		left -= step;
	}
	return 0;
}

int listing_go(struct listing *l, bool last, struct err *err)
{
	int rc = load(l, last ? STORE_FROM_END : STORE_FROM_START, NULL, err);

	if (rc < 0)
		return rc;
	l->top = 0;
	l->cursor = last && l->window->count ? l->window->count - 1 : 0;
	clamp(l);
	return 0;
}

int listing_set_order(struct listing *l, enum store_order order, struct err *err)
{
	l->order = order;
	return listing_go(l, false, err);
}

/* --- layout --------------------------------------------------------------------- */

struct columns {
	unsigned id, stage, class, confidence, due, state;   /* first cell, 0: left out */
};

static struct columns measure(unsigned width)
{
	struct columns c = { .id = 4 };
	unsigned end = width;

	c.state = end - 18;
	c.due = c.state - 14;
	if (width >= 76)
		c.confidence = c.due - 8;
	if (width >= 90)
		c.stage = c.confidence - 15;
	if (width >= 106)
		c.class = c.stage - 15;
	return c;
}

static const char *state_of(const struct store_row *row)
{
	if (row->mine == STORE_MINE_LEASED)
		return _("reserved for you");
	if (row->mine == STORE_MINE_DECIDED)
		return _("decided by you");
	return row->header.held ? _("reserved") : "";
}

static void add_row(const struct store_row *row, bool selected, const struct columns *c,
                    const struct facts *facts, struct rows *out)
{
	const struct review_header *h = &row->header;
	char time[PLAIN_TIME_SIZE];
	unsigned id_end = c->class ? c->class : c->stage ? c->stage
		: c->confidence ? c->confidence : c->due;

	rows_new(out);
	rows_add(out, STYLE_STRONG, selected ? " ▸ " : "   ");
	rows_to(out, c->id);
	rows_add_cut(out, row->mine == STORE_MINE_DECIDED ? STYLE_DIM : STYLE_PLAIN,
	             h->external_id, id_end - c->id - 1);
	if (c->class) {
		rows_to(out, c->class);
		rows_add(out, h->safety_class == CLASS_HIGH_IMPACT ? STYLE_WARN : STYLE_PLAIN,
		         words_class_brief(h->safety_class));
	}
	if (c->stage) {
		rows_to(out, c->stage);
		rows_add(out, STYLE_PLAIN, words_stage(h->stage));
	}
	if (c->confidence) {
		rows_to(out, c->confidence);
		if (h->confidence_pm >= 0)
			rows_add(out, STYLE_PLAIN, plain_share(h->confidence_pm / 1000.0, time));
		else
			rows_add(out, STYLE_DIM, _("unknown"));
	}
	rows_to(out, c->due);
	if (h->due_ms)
		rows_add(out, h->due_ms < facts->now_ms + facts->skew_ms ? STYLE_WARN
		         : STYLE_PLAIN, plain_time(h->due_ms, facts->now_ms, time));
	rows_to(out, c->state);
	rows_add(out, STYLE_DIM, state_of(row));
	if (selected)
		rows_select(out);
}

static void add_head(const struct listing *l, const struct facts *facts,
                     const struct columns *c, struct rows *out)
{
	char text[FACTS_TEXT_SIZE];
	struct bar bar;

	bar_init(&bar, " · ");
	bar_add(&bar, 0, STYLE_HEADER, l->title, NULL);
	snprintf(text, sizeof text, ngettext("%lld open", "%lld open",
	                                     (unsigned long)l->window->total),
	         (long long)l->window->total);
	bar_add(&bar, 1, STYLE_HEADER, text, NULL);
	bar_add(&bar, 2, STYLE_HEADER, l->order == STORE_ORDER_DUE ? _("by due time")
	        : _("in the server's order"), NULL);
	if (l->window->count) {
		snprintf(text, sizeof text, l->window->exact ? _("row %lld") : _("about row %lld"),
		         (long long)(l->window->position + (int64_t)l->cursor + 1));
		bar_add(&bar, 3, STYLE_HEADER, text, NULL);
	}
	frame_ambient(facts, &bar);
	bar_row(&bar, out);
	rows_new(out);
	rows_to(out, c->id);
	rows_add(out, STYLE_DIM, _("item"));
	if (c->class) {
		rows_to(out, c->class);
		rows_add(out, STYLE_DIM, _("class"));
	}
	if (c->stage) {
		rows_to(out, c->stage);
		rows_add(out, STYLE_DIM, _("stage"));
	}
	if (c->confidence) {
		rows_to(out, c->confidence);
		rows_add(out, STYLE_DIM, _("model"));
	}
	rows_to(out, c->due);
	rows_add(out, STYLE_DIM, _("due"));
	rows_rule(out, NULL);
}

void listing_layout(struct listing *l, const struct facts *facts, unsigned width,
                    unsigned height, struct rows *out)
{
	struct columns c = measure(width);

	rows_reset(out, width);
	add_head(l, facts, &c, out);
	l->page = height > out->count ? height - out->count : 1;
	clamp(l);
	for (size_t i = l->top; i < l->window->count && i < l->top + l->page; i++)
		add_row(&l->window->rows[i], i == l->cursor, &c, facts, out);
	if (!l->window->count) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _("   nothing is open in this queue"));
	}
	rows_fill(out, height);
}
