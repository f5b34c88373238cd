/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/journey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "screen/golden.h"
#include "screen/invariant.h"
#include "store/query.h"
#include "wire/json.h"

enum { ITEMS_MOST = 60 };

static void stuck(struct journey *j, const char *what, const char *words)
{
	char *text = harness_text(j->h);

	/* The messages of cmocka are cut short. */
	fprintf(stderr, "%s\n", text);
	free(text);
	fail_msg("%s “%s”", what, words);
}

static void watch(struct journey *j)
{
	char buf[INVARIANT_SIZE];
	const char *broken;

	if (!j->watched || !harness_idle(j->h))
		return;
	broken = invariant_broken(j->h, buf);
	if (broken)
		stuck(j, "every screen:", broken);
}

/* --- from the beginning to the end -------------------------------------------------- */

void journey_begin(struct journey *j, struct world *w, const char *person,
                   const struct harness_spec *spec)
{
	memset(j, 0, sizeof *j);
	j->world = w;
	j->watched = true;
	j->h = world_desk(w, person, spec, &j->store);
	journey_see(j, "", person);
}

void journey_ended(struct journey *j, int status)
{
	struct harness_end end;
	const char *fault;

	if (!harness_wait_end(j->h, &end))
		stuck(j, "the desk did not end", "");
	if (!end.exited || end.status != status)
		stuck(j, end.exited ? "another exit status" : "ended by a signal",
		      (char[]){ (char)('0' + end.status / 10), (char)('0' + end.status % 10), 0 });
	fault = harness_fault(j->h);
	if (!fault)
		fault = harness_left_over(j->h);
	if (fault)
		stuck(j, "the terminal:", fault);
	harness_free(j->h);
	j->h = NULL;
}

void journey_leave(struct journey *j)
{
	journey_keys(j, ":quit\r");
	journey_ended(j, 0);
}

void journey_clear(struct journey *j)
{
	harness_free(j->h);
	free(j->store);
	memset(j, 0, sizeof *j);
}

/* --- steps --------------------------------------------------------------------------- */

void journey_keys(struct journey *j, const char *keys)
{
	harness_send(j->h, keys);
}

void journey_see(struct journey *j, const char *keys, const char *words)
{
	journey_keys(j, keys);
	harness_idle(j->h);
	if (!harness_wait_text(j->h, words))
		stuck(j, "never on the screen:", words);
	watch(j);
}

void journey_lose(struct journey *j, const char *keys, const char *words)
{
	journey_keys(j, keys);
	harness_idle(j->h);
	if (!harness_wait_gone(j->h, words))
		stuck(j, "still on the screen:", words);
	watch(j);
}

void journey_absent(struct journey *j, const char *words)
{
	if (harness_shows(j->h, words))
		stuck(j, "on the screen:", words);
}

void journey_escape(struct journey *j, const char *gone)
{
	journey_lose(j, "\033", gone);
}

void journey_settle(struct journey *j)
{
	if (!harness_idle(j->h))
		stuck(j, "the desk never waits", "");
	watch(j);
}

void journey_golden(struct journey *j, const char *name)
{
	golden_check(j->h, name, golden_masks);
	watch(j);
}

/* --- items ---------------------------------------------------------------------------- */

char *journey_external_id(struct journey *j)
{
	char *line = harness_line(j->h, 1);
	size_t from = strspn(line, " "), len = strcspn(line + from, " ");

	memmove(line, line + from, len);
	line[len] = '\0';
	return line;
}

/* Moves the selected line (drawn reversed) until the words are in it. */
static bool is_selected(struct journey *j, const char *words)
{
	bool found = false;

	for (unsigned row = 1; row < harness_rows(j->h) && !found; row++) {
		struct harness_cell cell = harness_cell(j->h, row, harness_columns(j->h) / 2);
		char *line = harness_line(j->h, row);

		found = cell.reverse && strstr(line, words);
		free(line);
	}
	return found;
}

struct selection {
	struct journey *j;
	const char *words;
};

static bool selected(struct harness *h, void *arg)
{
	struct selection *s = arg;

	(void)h;
	return is_selected(s->j, s->words);
}

static void select_line(struct journey *j, const char *words)
{
	struct selection s = { .j = j, .words = words };

	journey_keys(j, "g");
	journey_settle(j);
	for (int i = 0; i < ITEMS_MOST && !is_selected(j, words); i++) {
		journey_keys(j, "j");
		journey_settle(j);
	}
	if (!harness_wait(j->h, selected, &s))
		stuck(j, "no line could be selected with", words);
}

void journey_back_home(struct journey *j)
{
	journey_see(j, ":home\r", "my queues");
}

static bool is_other(struct harness *h, void *arg)
{
	struct journey here = { .h = h };
	char *now = journey_external_id(&here);
	bool other = strcmp(now, arg) != 0;

	free(now);
	return other;
}

void journey_decide(struct journey *j, const char *keys)
{
	char *before = journey_external_id(j);

	journey_keys(j, keys);
	harness_idle(j->h);
	if (!harness_wait(j->h, is_other, before))
		stuck(j, "nothing was decided on", before);
	free(before);
	watch(j);
}

void journey_expect_item(struct journey *j, const char *external_id)
{
	char *now = journey_external_id(j);
	bool same = strcmp(now, external_id) == 0;

	free(now);
	if (!same)
		stuck(j, "the item on screen is not", external_id);
}

void journey_work(struct journey *j, const char *queue_title)
{
	select_line(j, queue_title);
	journey_lose(j, "\r", "my queues");
}

void journey_open_list(struct journey *j, const char *queue_title)
{
	select_line(j, queue_title);
	journey_see(j, "l", "o order");
}

void journey_open(struct journey *j, const char *queue_title, const char *external_id)
{
	journey_open_list(j, queue_title);
	select_line(j, external_id);
	journey_lose(j, "\r", "o order");
	journey_expect_item(j, external_id);
}

void journey_go(struct journey *j, const char *external_id)
{
	for (int i = 0; i < ITEMS_MOST; i++) {
		char *now = journey_external_id(j);
		bool here = strcmp(now, external_id) == 0;

		free(now);
		if (here)
			return;
		journey_keys(j, "J");
		journey_settle(j);
	}
	stuck(j, "no way to", external_id);
}

/* --- what was recorded ----------------------------------------------------------------- */

static void set_json(struct value *out, const char *key, const char *text)
{
	struct value *v = NULL;

	if (text && json_parse(text, strlen(text), NULL, &v, NULL) == 0)
		value_set(out, key, v);
}

static struct value *entry_value(const struct store_entry *e)
{
	struct value *out = value_new_object();
	bool decision = e->act == STORE_ACT_DECISION;

	value_set_string(out, "act", decision ? "decision" : "disposition");
	if (decision)
		value_set_string(out, "outcome", outcome_name(e->outcome));
	else
		value_set_string(out, "disposition", disposition_name(e->disposition));
	if (e->reason)
		value_set_string(out, "reason", e->reason);
	value_set_string(out, "stage", stage_name(e->stage));
	value_set_string(out, "state", store_state_name(e->state));
	if (e->summary)
		value_set_string(out, "summary", e->summary);
	set_json(out, "envelope", e->envelope);
	set_json(out, "content", e->content);
	return out;
}

static struct store_entries *read_entries(struct journey *j, struct store **store)
{
	struct store_filter filter = { .flags = STORE_WITH_BODY };
	struct store_entries *entries = NULL;

	if (store_open_reader(j->store, store, NULL) != 0
	    || store_entries(*store, &filter, &entries, NULL) != 0)
		fail_msg("%s cannot be read", j->store);
	return entries;
}

struct value *journey_record(struct journey *j, const char *external_id)
{
	struct store *store = NULL;
	struct store_entries *entries = read_entries(j, &store);
	struct value *out = NULL;

	for (size_t i = 0; i < entries->count && !out; i++)
		if (strcmp(entries->items[i].external_id, external_id) == 0)
			out = entry_value(&entries->items[i]);
	store_entries_free(entries);
	store_close(store);
	if (!out)
		fail_msg("nothing was recorded about %s", external_id);
	return out;
}

const char *journey_text(const struct value *record, const char *path)
{
	char name[64];
	const char *end;

	while ((end = strchr(path, '/'))) {
		snprintf(name, sizeof name, "%.*s", (int)(end - path), path);
		record = value_find(record, name);
		path = end + 1;
	}
	return value_text_or(record, path, "(none)");
}

const char *journey_field(const struct value *record, const char *field)
{
	static char words[128];
	const struct value *fields = value_find(value_find(record, "envelope"), "fields");
	const struct value *entry = value_find(fields, field);
	const char *reason = value_text(entry, "reason");

	snprintf(words, sizeof words, "%s%s%s", value_text_or(entry, "state", "(none)"),
	         reason ? " " : "", reason ? reason : "");
	return words;
}

struct value *journey_draft(struct journey *j, const char *external_id)
{
	struct store *store = NULL;
	struct value *out = NULL;
	char review[ID_SIZE], *text = NULL;

	if (store_open_reader(j->store, &store, NULL) != 0
	    || store_resolve(store, NULL, external_id, review, NULL) != 0
	    || store_draft_find(store, review, &text, NULL) != 0)
		fail_msg("%s: no draft of %s can be read", j->store, external_id);
	if (text)
		json_parse(text, strlen(text), NULL, &out, NULL);
	free(text);
	store_close(store);
	return out;
}

size_t journey_records(struct journey *j)
{
	struct store *store = NULL;
	struct store_entries *entries = read_entries(j, &store);
	size_t count = entries->count;

	store_entries_free(entries);
	store_close(store);
	return count;
}
