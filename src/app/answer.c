/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/session.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "work/answer.h"
#include "wire/json.h"

enum { VALUE_BYTES = 1 << 20 };

static const char *const text_options[] = { "message", "note" };

/* --set field=value, may repeat: over the proposed fields or arguments. */
static int value_from_sets(const struct args *args, const struct review *r,
                           struct value **out, struct err *err)
{
	bool approval = r->proposal->kind == KIND_APPROVAL;
	struct value *whole = approval ? value_copy(r->proposal->arguments) : answer_fields(r);
	const char *set;
	int rc = 0;

	for (size_t n = 0; rc == 0 && (set = args_value_at(args, "set", n)); n++) {
		size_t len = strcspn(set, "=");
		char *name = mem_strndup(set, len);
		struct value *v = NULL;

		if (!set[len])
			rc = err_set(err, ERR_INVALID, N_("--set takes FIELD=VALUE, not “%s”"), set);
		else if (r->proposal->kind == KIND_CLASSIFICATION && strcmp(name, "label") == 0) {
			value_free(whole);
			rc = answer_label(r, set + len + 1, &whole, err);
			if (rc != 0)
				whole = NULL;
		} else {
			rc = answer_field_value(r, name, set + len + 1, &v, err);
			value_set(whole, name, v);
		}
		free(name);
	}
	if (rc == 0 && approval) {
		struct value *wrapped = value_new_object();

		value_set(wrapped, "arguments", whole);
		whole = wrapped;
	}
	if (rc == 0)
		*out = whole;
	else
		value_free(whole);
	return rc;
}

static int value_from_file(const struct args *args, struct value **out, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = file_read(args_value(args, "value"), VALUE_BYTES, &text, err);

	if (rc == 0)
		rc = json_parse(buf_str(&text), text.len, NULL, out, err);
	buf_clear(&text);
	return rc;
}

static int correction(const struct args *args, const struct review *r,
                      struct value **out, struct err *err)
{
	if (args_has(args, "set") == args_has(args, "value"))
		return err_set(err, ERR_INVALID, N_("give either --set FIELD=VALUE or --value FILE"));
	return args_has(args, "set") ? value_from_sets(args, r, out, err)
	                             : value_from_file(args, out, err);
}

static void fill(const struct args *args, const struct review *r, struct decision *d,
                 unsigned found)
{
	const char *word, **slot[] = { (const char **)&d->message, (const char **)&d->note };
	char now[CLOCK_TEXT_SIZE];

	for (size_t n = 0; (word = args_value_at(args, "reason", n)); n++)
		decision_add_reason(d, word);
	for (size_t n = 0; (word = args_value_at(args, "cannot-tell", n)); n++)
		decision_set_field(d, word, FIELD_CANNOT_TELL, "unreadable");
	for (size_t n = 0; n < 2; n++)
		if (args_value(args, text_options[n]))
			*slot[n] = mem_strdup(args_value(args, text_options[n]));
	if (args_value(args, "route"))
		d->route = mem_strdup(args_value(args, "route"));
	for (size_t i = 0; i < r->proposal->source_count; i++)
		if (r->proposal->sources[i].text)
			decision_add_checked(d, r->proposal->sources[i].id);
	for (unsigned kind = 1; kind < 1u << TEXT_KINDS; kind <<= 1)
		if (found & kind)
			decision_add_flag(d, text_kind_name(kind));
	d->opened_at = mem_strdup(clock_text(clock_now_ms(), now));
}

static int tell(struct session *s, const char *id, bool json, struct err *err)
{
	struct store_entries *found = NULL;
	const struct store_entry *e;
	int rc = store_entry_find(s->store, id, &found, err);

	if (rc != 0 || !found)
		return rc;
	e = &found->items[0];
	if (json) {
		struct value *v = value_new_object();

		value_set_string(v, "id", e->id);
		value_set_string(v, "review", e->review);
		value_set_string(v, "external_id", e->external_id);
		value_set_string(v, "outcome", outcome_name(e->outcome));
		value_set_string(v, "state", store_state_name(e->state));
		value_set_string(v, "verdict", e->verdict ? verdict_name(e->verdict) : NULL);
		value_set_string(v, "text", e->text);
		command_print_json(v);
		value_free(v);
	} else {
		char text[512], subject[256];

		text_safe_line(e->text ? e->text : "", text, sizeof text);
		text_safe_line(e->external_id, subject, sizeof subject);
		printf("%s: %s, %s%s%s\n", subject, outcome_name(e->outcome),
		       e->verdict ? verdict_name(e->verdict) : store_state_name(e->state),
		       *text ? ": " : "", text);
	}
	if (e->verdict == VERDICT_STALE)
		rc = ERR_CONFLICT;
	else if (e->verdict && e->verdict != VERDICT_ACCEPTED)
		rc = EXIT_REFUSED;
	store_entries_free(found);
	return rc;
}

static int decide(struct session *s, struct command_call *call, enum outcome outcome,
                  struct err *err)
{
	struct review *r = NULL;
	struct decision *d = decision_new();
	struct work_seen seen = { .hidden_revealed = args_has(&call->args, "revealed"),
		.arguments_shown = true, .diff_shown = true,
		.confirmation = args_value(&call->args, "confirm") };
	struct err offline = ERR_INIT;
	unsigned found;
	int rc = session_claim(s, args_value(&call->args, "queue"), call->args.words[0], &r, err);

	d->outcome = outcome;
	if (rc == 0 && outcome == OUTCOME_CORRECT)
		rc = correction(&call->args, r, &d->value, err);
	if (rc == 0) {
		found = session_found(r);
		seen.hidden = text_found_blocks(found);
		fill(&call->args, r, d, seen.hidden_revealed ? found : 0);
		answer_complete(r, d);
		rc = work_decide(s->work, r, d, &seen, err);
	}
	if (rc == 0 && !args_has(&call->args, "offline")
	    && sync_push(s->sync, &offline) != 0)
		command_report(call->command->name, &offline);
	if (rc == 0)
		rc = tell(s, d->id, call->json, err);
	decision_free(d);
	review_free(r);
	return rc;
}

int answer_run(struct command_call *call, enum outcome outcome, struct err *err)
{
	struct session s;
	int rc = session_open(&call->config, SESSION_WRITE, &s, err);

	if (rc == 0)
		rc = decide(&s, call, outcome, err);
	session_close(&s);
	return rc;
}
