/* SPDX-License-Identifier: Apache-2.0
 *
 * The practice queue without a screen: real decisions through the same code
 * as the desk, made by the answers that come with the queue.
 */
#include <stdlib.h>
#include <string.h>

#include "app/demo.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "gen/practice.h"
#include "wire/json.h"
#include "work/answer.h"

enum { PEOPLE = 3 };

struct walk {
	struct demo *demo;
	FILE *to;
	struct demo_decided *decided;
	struct session people[PEOPLE];
};

static const char *const names[PEOPLE] = { "reviewer-1", "reviewer-2", "supervisor-1" };

static void fill(struct decision *d, const struct review *r, const struct value *answer)
{
	const char *reason = value_text(answer, "reason");
	char now[CLOCK_TEXT_SIZE];

	d->value = value_copy(value_find(answer, "value"));
	d->message = mem_strdup(value_text(answer, "message"));
	d->note = mem_strdup(value_text(answer, "note"));
	d->opened_at = mem_strdup(clock_text(clock_now_ms(), now));
	if (reason)
		decision_add_reason(d, reason);
	for (size_t i = 0; i < r->proposal->source_count; i++)
		decision_add_checked(d, r->proposal->sources[i].id);
}

static void tell(struct walk *w, const char *person, const struct review *r,
                 const struct store_entry *e)
{
	fprintf(w->to, "  %-12s  %-16s  %-14s  %-9s  %s\n", person, r->proposal->external_id,
	        kind_name(r->proposal->kind), outcome_name(e->outcome), verdict_name(e->verdict));
	if (e->verdict != VERDICT_ACCEPTED)
		w->decided->refused++;
	else if (r->proposal->kind == KIND_EXTRACTION)
		w->decided->extraction++;
	else if (r->proposal->kind == KIND_CLASSIFICATION)
		w->decided->classification++;
	else
		w->decided->approval++;
}

/* One person decides one item and sends it. */
static int decide(struct walk *w, int person, const char *name, enum outcome outcome,
                  const struct value *answer, struct err *err)
{
	struct session *s = &w->people[person];
	struct answer_confirmation confirm;
	struct work_seen seen = { .arguments_shown = true, .diff_shown = true };
	struct store_entries *entries = NULL;
	struct decision *d = decision_new();
	struct review *r = NULL;
	int rc = session_claim(s, NULL, name, &r, err);

	d->outcome = outcome;
	if (rc == 0) {
		fill(d, r, answer);
		answer_complete(r, d);
		answer_confirmation(r, d, &confirm);
		seen.confirmation = confirm.text;
		seen.hidden = seen.hidden_revealed = text_found_blocks(session_found(r));
		rc = work_decide(s->work, r, d, &seen, err);
	}
	if (rc == 0)
		rc = sync_push(s->sync, err);
	if (rc == 0)
		rc = store_entry_find(s->store, d->id, &entries, err);
	if (rc == 0 && entries)
		tell(w, names[person], r, &entries->items[0]);
	store_entries_free(entries);
	decision_free(d);
	review_free(r);
	return rc;
}

static int walk_item(struct walk *w, const struct value *answer, struct err *err)
{
	const char *name = value_text(answer, "external_id");
	enum outcome outcome;
	int rc;

	if (!outcome_find(value_text_or(answer, "outcome", ""), &outcome))
		return err_set(err, ERR_INTERNAL, N_("the practice queue has no answer for %s"), name);
	rc = decide(w, 0, name, outcome, answer, err);
	if (rc == 0 && value_bool_or(answer, "high_impact", false)) {
		rc = sync_run_once(w->people[1].sync, err);
		if (rc == 0)
			rc = decide(w, 1, name, outcome, answer, err);
	}
	if (rc == 0 && outcome == OUTCOME_ESCALATE) {
		rc = sync_run_once(w->people[2].sync, err);
		if (rc == 0)
			rc = decide(w, 2, name, OUTCOME_APPROVE, NULL, err);
	}
	return rc;
}

static int walk_answers(struct walk *w, const char *text, size_t len, struct err *err)
{
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < len;) {
		size_t line = strcspn(text + at, "\n");
		struct value *answer = NULL;

		rc = json_parse(text + at, line, NULL, &answer, err);
		if (rc == 0)
			rc = walk_item(w, answer, err);
		value_free(answer);
		at += line + 1;
	}
	return rc;
}

int demo_walk(struct demo *d, FILE *to, struct demo_decided *decided, struct err *err)
{
	struct walk w = { .demo = d, .to = to, .decided = decided };
	struct config config;
	int rc = 0;

	memset(decided, 0, sizeof *decided);
	for (int i = 0; rc == 0 && i < PEOPLE; i++) {
		demo_config(d, names[i], &config);
		rc = session_open(&config, SESSION_WRITE, &w.people[i], err);
		if (rc == 0)
			rc = sync_run_once(w.people[i].sync, err);
		config_clear(&config);
	}
	for (size_t i = 0; rc == 0 && practice[i].name; i++)
		if (strcmp(practice[i].name, "answers.jsonl") == 0)
			rc = walk_answers(&w, practice[i].text, practice[i].len, err);
	for (int i = 0; i < PEOPLE; i++)
		if (w.people[i].store)
			session_close(&w.people[i]);
	return rc;
}
