/* SPDX-License-Identifier: Apache-2.0 */
#include "view/outbox_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "view/plain.h"
#include "view/review/frame.h"
#include "view/words.h"

enum { ENTRIES = 500, ROWS_EACH = 2 };

static int read_store(struct outbox_view *o, struct err *err)
{
	struct store_filter filter = { .limit = ENTRIES };
	struct store_entries *entries = NULL;
	uint64_t generation = store_generation(o->store, STORE_TOPIC_OUTBOX);
	int rc = store_entries(o->store, &filter, &entries, err);

	if (rc == 0)
		rc = store_counts(o->store, &o->counts, err);
	if (rc < 0) {
		store_entries_free(entries);
		return rc;
	}
	store_entries_free(o->entries);
	o->entries = entries;
	o->generation = generation;
	if (o->cursor >= entries->count)
		o->cursor = entries->count ? entries->count - 1 : 0;
	return 0;
}

int outbox_view_new(struct store *store, struct outbox_view **out, struct err *err)
{
	struct outbox_view *o = mem_zalloc(sizeof *o);
	int rc;

	o->store = store;
	rc = read_store(o, err);
	if (rc < 0) {
		free(o);
		return rc;
	}
	*out = o;
	return 0;
}

void outbox_view_free(struct outbox_view *o)
{
	if (!o)
		return;
	store_entries_free(o->entries);
	free(o);
}

int outbox_view_refresh(struct outbox_view *o, struct err *err)
{
	if (store_generation(o->store, STORE_TOPIC_OUTBOX) == o->generation)
		return 0;
	return read_store(o, err);
}

void outbox_view_move(struct outbox_view *o, long rows)
{
	long at = (long)o->cursor + rows, last = (long)o->entries->count - 1;

	if (at > last)
		at = last;
	o->cursor = at < 0 ? 0 : (size_t)at;
}

const struct store_entry *outbox_view_selected(const struct outbox_view *o)
{
	return o->cursor < o->entries->count ? &o->entries->items[o->cursor] : NULL;
}

const char *outbox_view_act(const struct store_entry *e)
{
	return e->act == STORE_ACT_DECISION ? words_outcome_done(e->outcome)
		: words_disposition_done(e->disposition);
}

static void add_entry(const struct store_entry *e, bool selected, const struct facts *facts,
                      struct rows *out)
{
	bool refused = e->state == STORE_REFUSED;
	char time[PLAIN_TIME_SIZE];

	rows_new(out);
	rows_add(out, STYLE_STRONG, selected ? " ▸ " : "   ");
	rows_add(out, refused ? STYLE_BAD : STYLE_STRONG, words_store_state(e->state));
	rows_to(out, 15);
	rows_add(out, STYLE_DIM, plain_time(e->decided_ms, facts->now_ms, time));
	rows_to(out, 29);
	rows_add(out, STYLE_PLAIN, outbox_view_act(e));
	rows_to(out, 41);
	rows_add(out, STYLE_PLAIN, e->external_id);
	rows_addf(out, STYLE_DIM, " · %s", e->queue);
	if (e->amends)
		rows_add(out, STYLE_DIM, _(" · amends an earlier one"));
	if (e->late)
		rows_add(out, STYLE_WARN, _(" · late"));
	if (selected)
		rows_select(out);
	rows_new(out);
	rows_to(out, 15);
	if (e->verdict != VERDICT_NONE && e->verdict != VERDICT_ACCEPTED)
		rows_addf(out, refused ? STYLE_BAD : STYLE_WARN, "%s ", words_verdict(e->verdict));
	if (e->text)
		rows_addf(out, refused ? STYLE_BAD : STYLE_PLAIN, "%s ", e->text);
	if (e->summary)
		rows_add(out, STYLE_DIM, e->summary);
	if (e->tries && e->state == STORE_WAITING)
		rows_addf(out, STYLE_DIM, ngettext(" · offered %d time", " · offered %d times",
		                                   (unsigned)e->tries), e->tries);
	if (e->leaf >= 0)
		rows_addf(out, STYLE_DIM, _(" · log entry %lld"), (long long)e->leaf);
}

static void add_head(const struct outbox_view *o, const struct facts *facts,
                     struct rows *out)
{
	char text[FACTS_TEXT_SIZE];
	struct bar bar;

	bar_init(&bar, " · ");
	bar_add(&bar, 0, STYLE_HEADER, _("Outbox"), NULL);
	for (int state = 0; state < STORE_STATES; state++) {
		if (!o->counts.acts[state])
			continue;
		snprintf(text, sizeof text, "%lld %s", (long long)o->counts.acts[state],
		         words_store_state((enum store_state)state));
		bar_add(&bar, 1, state == STORE_REFUSED ? STYLE_BAD : STYLE_HEADER, text, NULL);
	}
	frame_ambient(facts, &bar);
	bar_row(&bar, out);
	rows_rule(out, NULL);
}

void outbox_view_layout(struct outbox_view *o, const struct facts *facts, unsigned width,
                        unsigned height, struct rows *out)
{
	size_t page;

	rows_reset(out, width);
	add_head(o, facts, out);
	page = height > out->count + ROWS_EACH ? (height - out->count) / ROWS_EACH : 1;
	if (o->cursor < o->top)
		o->top = o->cursor;
	if (o->cursor >= o->top + page)
		o->top = o->cursor - page + 1;
	for (size_t i = o->top; i < o->entries->count && i < o->top + page; i++)
		add_entry(&o->entries->items[i], i == o->cursor, facts, out);
	if (!o->entries->count) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _("   nothing was decided at this desk yet"));
	}
	rows_fill(out, height);
}
