/* SPDX-License-Identifier: Apache-2.0 */
#include "view/home.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "view/plain.h"
#include "view/review/frame.h"
#include "view/words.h"

enum { EVENTS = 60, FACTS_LEAST = 4 };

static int read_store(struct home *h, struct err *err)
{
	struct store_queues *queues = NULL;
	struct store_events *events = NULL;
	uint64_t generation = store_generation_all(h->store);
	int rc = store_queues(h->store, &queues, err);

	if (rc == 0)
		rc = store_log(h->store, 0, EVENTS, &events, err);
	if (rc == 0)
		rc = store_counts(h->store, &h->counts, err);
	if (rc < 0) {
		store_queues_free(queues);
		store_events_free(events);
		return rc;
	}
	store_queues_free(h->queues);
	store_events_free(h->events);
	h->queues = queues;
	h->events = events;
	h->generation = generation;
	if (h->cursor > queues->count)
		h->cursor = queues->count;
	return 0;
}

int home_new(struct store *store, int64_t seen, bool first_use, struct home **out,
             struct err *err)
{
	struct home *h = mem_zalloc(sizeof *h);
	int rc;

	h->store = store;
	h->seen = seen;
	h->first_use = first_use;
	rc = read_store(h, err);
	if (rc < 0) {
		free(h);
		return rc;
	}
	*out = h;
	return 0;
}

void home_free(struct home *h)
{
	if (!h)
		return;
	store_queues_free(h->queues);
	store_events_free(h->events);
	free(h);
}

int home_refresh(struct home *h, struct err *err)
{
	if (store_generation_all(h->store) == h->generation)
		return 0;
	return read_store(h, err);
}

void home_move(struct home *h, long rows)
{
	long at = (long)h->cursor + rows;

	if (at < 0)
		at = 0;
	if (at > (long)h->queues->count)
		at = (long)h->queues->count;
	h->cursor = (size_t)at;
}

const struct store_queue *home_selected(const struct home *h)
{
	return h->cursor ? &h->queues->items[h->cursor - 1] : NULL;
}

int64_t home_newest(const struct home *h)
{
	return h->events->count ? h->events->items[0].n : h->seen;
}

/* --- layout ----------------------------------------------------------------- */

static void add_head(const struct facts *facts, struct rows *out)
{
	struct bar bar;

	bar_init(&bar, " · ");
	bar_add(&bar, 0, STYLE_HEADER, "Countersign", NULL);
	if (facts->skew_warn)
		bar_add(&bar, 2, STYLE_WARN, _("this clock and the server's differ by more than "
		                               "a minute"), _("clocks differ"));
	frame_ambient(facts, &bar);
	bar_row(&bar, out);
	rows_rule(out, NULL);
}

/* A text that ends at this column. */
static void count_cell(struct rows *out, unsigned end, int64_t n, const char *text)
{
	size_t cells = text_width(text, strlen(text));

	if (end > cells)
		rows_to(out, end - (unsigned)cells);
	rows_add(out, n ? STYLE_PLAIN : STYLE_DIM, text);
}

static void add_line(const struct home *h, size_t i, const struct facts *facts,
                     struct rows *out)
{
	const struct store_queue *q = i ? &h->queues->items[i - 1] : NULL;
	int64_t open = 0, leased = 0, due = 0, escalations = 0;
	char count[PLAIN_TIME_SIZE];
	char time[PLAIN_TIME_SIZE];

	for (size_t n = 0; n < h->queues->count; n++) {
		const struct store_queue *one = &h->queues->items[n];

		if (q && q != one)
			continue;
		open += one->open;
		leased += one->leased;
		escalations += one->escalations;
		if (one->next_due_ms && (!due || one->next_due_ms < due))
			due = one->next_due_ms;
	}
	rows_new(out);
	rows_add(out, STYLE_STRONG, i == h->cursor ? " ▸ " : "   ");
	rows_add_cut(out, q ? STYLE_PLAIN : STYLE_STRONG,
	             q ? q->title : _("everything for me, by due time"), 32);
	snprintf(count, sizeof count, ngettext("%lld open", "%lld open", (unsigned long)open),
	         (long long)open);
	count_cell(out, 48, open, count);
	snprintf(count, sizeof count, "%lld %s", (long long)leased, _("yours"));
	count_cell(out, 61, leased, count);
	if (due) {
		rows_to(out, 63);
		rows_addf(out, due < facts->now_ms + facts->skew_ms ? STYLE_WARN : STYLE_PLAIN,
		          _("due %s"), plain_time(due, facts->now_ms, time));
	}
	if (out->width > 100) {
		rows_to(out, 80);
		if (escalations)
			rows_addf(out, STYLE_WARN, _("%lld escalations "), (long long)escalations);
		if (q)
			rows_add(out, STYLE_DIM, q->roles);
	}
	if (i == h->cursor)
		rows_select(out);
}

static const char *event_words(const struct store_event *e)
{
	static const struct { const char *event, *words; } words[] = {
		{ "decision.refused", N_("a decision was refused") },
		{ "decision.late", N_("a decision came late: kept as an opinion") },
		{ "decision.overturned", N_("a decision was overruled") },
		{ "lease.recalled", N_("an item was taken back") },
		{ "lease.aside", N_("an item was set aside: it could not be shown") },
		{ "queue.definition", N_("what is asked changed") },
		{ "queue.policy", N_("the routing rules changed") },
		{ "queue.guide", N_("the guide changed: what is right here") },
		{ "escalation.answered", N_("an answer to your escalation") },
		{ "server.restored", N_("the server came back from a backup") },
		{ "sync.alarm", N_("the server's log contradicts what was seen before") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(e->event, words[i].event) == 0)
			return _(words[i].words);
	return NULL;
}

static void add_changes(const struct home *h, const struct facts *facts, struct rows *out)
{
	char time[PLAIN_TIME_SIZE];
	size_t shown = 0;

	rows_rule(out, _("since last time"));
	for (size_t i = 0; i < h->events->count && h->events->items[i].n > h->seen; i++) {
		const struct store_event *e = &h->events->items[i];
		const char *words = event_words(e);

		if (!words)
			continue;
		rows_new(out);
		rows_addf(out, STYLE_DIM, " %s  ", plain_time(e->at_ms, facts->now_ms, time));
		rows_add(out, STYLE_PLAIN, words);
		if (e->external_id || e->subject)
			rows_addf(out, STYLE_PLAIN, " · %s",
			          e->external_id ? e->external_id : e->subject);
		if (e->text)
			rows_addf(out, STYLE_PLAIN, " · %s", e->text);
		shown++;
	}
	if (!shown) {
		rows_new(out);
		rows_add(out, STYLE_DIM, _(" nothing that concerns you changed"));
	}
}

static void add_connection(const struct home *h, const struct facts *facts, struct rows *out)
{
	char time[PLAIN_TIME_SIZE];

	rows_new(out);
	rows_addf(out, facts->link >= FACTS_OFFLINE ? STYLE_WARN : STYLE_PLAIN, " %s %s",
	          words_link_mark(facts->link), words_link(facts->link));
	if (facts->link_since_ms)
		rows_addf(out, STYLE_DIM, _(" since %s"),
		          plain_time(facts->link_since_ms, facts->now_ms, time));
	if (facts->server[0])
		rows_addf(out, STYLE_DIM, " · %s", facts->server);
	if (facts->link_words[0]) {
		rows_wrap(out, STYLE_WARN, facts->link_words, 3, 0, 2, false);
		if (facts->link == FACTS_OFFLINE) {
			rows_new(out);
			rows_add(out, STYLE_DIM, _("   what is reserved for you can be decided "
			                           "now; it is sent later by itself"));
		}
	}
	rows_new(out);
	rows_addf(out, STYLE_PLAIN, _(" outbox: %lld held · %lld waiting · %lld received · %lld "
	          "in the log"), (long long)h->counts.acts[STORE_HELD],
	          (long long)h->counts.acts[STORE_WAITING],
	          (long long)h->counts.acts[STORE_RECEIVED],
	          (long long)h->counts.acts[STORE_IN_LOG]);
	if (h->counts.acts[STORE_REFUSED])
		rows_addf(out, STYLE_BAD, _(" · %lld refused: ! shows why"),
		          (long long)h->counts.acts[STORE_REFUSED]);
	rows_new(out);
	rows_addf(out, STYLE_DIM, _(" today %lld decided · %lld drafts · %lld set aside"),
	          (long long)h->counts.today, (long long)h->counts.drafts,
	          (long long)h->counts.aside);
}

static void add_first_use(struct rows *out)
{
	rows_rule(out, _("once, before you begin"));
	rows_wrap(out, STYLE_PLAIN, _("Recorded with each decision: what you decided and when, "
	          "which panes were open, and how long you were active on the item. Leads, "
	          "supervisors and auditors of the queue can see it. Items with known answers may "
	          "be mixed in. :me shows everything about yourself."), 1, 0, 0, false);
}

void home_layout(struct home *h, const struct facts *facts, unsigned width,
                 unsigned height, struct rows *out)
{
	struct rows below;
	size_t room, lines = h->queues->count;

	rows_reset(out, width);
	rows_init(&below, width, out->flags);
	add_head(facts, out);
	if (h->first_use)
		add_first_use(&below);
	add_changes(h, facts, &below);
	rows_rule(&below, NULL);
	add_connection(h, facts, &below);
	add_line(h, 0, facts, out);
	rows_rule(out, _("my queues"));
	room = height > out->count + FACTS_LEAST ? height - out->count - FACTS_LEAST : 1;
	if (lines < room)
		room = lines;
	if (h->cursor && h->cursor - 1 < h->top)
		h->top = h->cursor - 1;
	if (h->cursor > h->top + room)
		h->top = h->cursor - room;
	for (size_t i = h->top; i < lines && i < h->top + room; i++)
		add_line(h, i + 1, facts, out);
	if (!lines) {
		rows_new(out);
		rows_add(out, STYLE_DIM, facts->link == FACTS_ONLINE
		         ? _("   you have no role in any queue yet")
		         : _("   no queues known yet: they come with the first connection"));
	}
	/* What does not fit is cut from the middle: the connection stays. */
	room = height > out->count ? height - out->count : 0;
	rows_append(out, &below, below.count > room ? below.count - room : 0,
	            below.count < room ? below.count : room);
	rows_fill(out, height);
	rows_clear(&below);
}
