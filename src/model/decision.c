/* SPDX-License-Identifier: Apache-2.0 */
#include "model/decision.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Words of the wire, in the order of the enums. */
static const char *const outcomes[] = {
	[OUTCOME_APPROVE] = "approve", [OUTCOME_CORRECT] = "correct",
	[OUTCOME_REJECT] = "reject", [OUTCOME_RETURN] = "return",
	[OUTCOME_ESCALATE] = "escalate",
};
static const char *const field_states[] = {
	[FIELD_CONFIRMED] = "confirmed", [FIELD_CORRECTED] = "corrected",
	[FIELD_CANNOT_TELL] = "cannot_tell", [FIELD_NOT_ASKED] = "not_asked",
};
static const char *const dispositions[] = {
	[DISPOSITION_SKIP] = "skip", [DISPOSITION_DEFER] = "defer",
	[DISPOSITION_NOT_FOR_ME] = "not_for_me",
};
static const char *const stages[] = {
	[STAGE_FIRST] = "first", [STAGE_SECOND] = "second",
	[STAGE_ESCALATION] = "escalation", [STAGE_SAMPLE] = "sample",
	[STAGE_CONTEST] = "contest",
};
static const char *const views[] = {
	[VIEW_FULL] = "full", [VIEW_PEER] = "peer", [VIEW_BLIND] = "blind",
};
static const char *const verdicts[] = {
	[VERDICT_NONE] = "none", [VERDICT_ACCEPTED] = "accepted",
	[VERDICT_REFUSED_AUTHZ] = "refused_authz", [VERDICT_INVALID] = "invalid",
	[VERDICT_STALE] = "stale", [VERDICT_TOO_LATE] = "too_late",
	[VERDICT_LATE_OPINION] = "late_opinion",
	[VERDICT_REFUSED_POLICY] = "refused_policy",
	[VERDICT_ID_REUSED] = "id_reused", [VERDICT_DEVICE_FORKED] = "device_forked",
};

#define COUNT(words) (sizeof (words) / sizeof (words)[0])

/* Index of the word, or -1. */
static int find_word(const char *const *words, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (strcmp(words[i], name) == 0)
			return (int)i;
	return -1;
}

const char *outcome_name(enum outcome o)
{
	return outcomes[o];
}

bool outcome_find(const char *name, enum outcome *out)
{
	int i = find_word(outcomes, COUNT(outcomes), name);

	if (i >= 0)
		*out = (enum outcome)i;
	return i >= 0;
}

const char *field_state_name(enum field_state s)
{
	return field_states[s];
}

bool field_state_find(const char *name, enum field_state *out)
{
	int i = find_word(field_states, COUNT(field_states), name);

	if (i >= 0)
		*out = (enum field_state)i;
	return i >= 0;
}

const char *disposition_name(enum disposition d)
{
	return dispositions[d];
}

bool disposition_find(const char *name, enum disposition *out)
{
	int i = find_word(dispositions, COUNT(dispositions), name);

	if (i >= 0)
		*out = (enum disposition)i;
	return i >= 0;
}

const char *stage_name(enum stage s)
{
	return stages[s];
}

bool stage_find(const char *name, enum stage *out)
{
	int i = find_word(stages, COUNT(stages), name);

	if (i >= 0)
		*out = (enum stage)i;
	return i >= 0;
}

const char *view_kind_name(enum view_kind v)
{
	return views[v];
}

bool view_kind_find(const char *name, enum view_kind *out)
{
	int i = find_word(views, COUNT(views), name);

	if (i >= 0)
		*out = (enum view_kind)i;
	return i >= 0;
}

const char *verdict_name(enum verdict v)
{
	return verdicts[v];
}

bool verdict_find(const char *name, enum verdict *out)
{
	int i = find_word(verdicts, COUNT(verdicts), name);

	if (i >= 0)
		*out = (enum verdict)i;
	return i >= 0;
}

struct decision *decision_new(void)
{
	return mem_zalloc(sizeof(struct decision));
}

static void free_list(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

void decision_free(struct decision *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->field_count; i++) {
		free(d->fields[i].name);
		free(d->fields[i].reason);
	}
	free(d->fields);
	free_list(d->reasons, d->reason_count);
	free_list(d->checked_against, d->checked_count);
	free_list(d->panes, d->pane_count);
	free_list(d->flags_shown, d->flag_count);
	free(d->review);
	free(d->token);
	free(d->route);
	free(d->opened_at);
	free(d->decided_at);
	free(d->blind);
	free(d->amends);
	free(d->signature);
	value_free(d->value);
	free(d->message);
	free(d->note);
	free(d);
}

static struct decision_field *find_field(const struct decision *d, const char *name)
{
	for (size_t i = 0; i < d->field_count; i++)
		if (strcmp(d->fields[i].name, name) == 0)
			return &d->fields[i];
	return NULL;
}

const struct decision_field *decision_find_field(const struct decision *d, const char *name)
{
	return find_field(d, name);
}

void decision_set_field(struct decision *d, const char *name, enum field_state state,
                        const char *reason)
{
	struct decision_field *f = find_field(d, name);
	char *copy = mem_strdup(reason);

	if (!f) {
		MEM_GROW(d->fields, d->field_count, d->field_cap);
		f = &d->fields[d->field_count++];
		*f = (struct decision_field){ .name = mem_strdup(name) };
	}
	f->state = state;
	free(f->reason);
	f->reason = copy;
}

void decision_add_reason(struct decision *d, const char *reason)
{
	MEM_GROW(d->reasons, d->reason_count, d->reason_cap);
	d->reasons[d->reason_count++] = mem_strdup(reason);
}

void decision_add_checked(struct decision *d, const char *source)
{
	MEM_GROW(d->checked_against, d->checked_count, d->checked_cap);
	d->checked_against[d->checked_count++] = mem_strdup(source);
}

void decision_add_pane(struct decision *d, const char *pane)
{
	MEM_GROW(d->panes, d->pane_count, d->pane_cap);
	d->panes[d->pane_count++] = mem_strdup(pane);
}

void decision_add_flag(struct decision *d, const char *flag)
{
	MEM_GROW(d->flags_shown, d->flag_count, d->flag_cap);
	d->flags_shown[d->flag_count++] = mem_strdup(flag);
}

void decision_clear_seen(struct decision *d)
{
	free_list(d->checked_against, d->checked_count);
	free_list(d->panes, d->pane_count);
	free_list(d->flags_shown, d->flag_count);
	d->checked_against = d->panes = d->flags_shown = NULL;
	d->checked_count = d->pane_count = d->flag_count = 0;
	d->checked_cap = d->pane_cap = d->flag_cap = 0;
}
