/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/feedback.h"

#include <stdlib.h>
#include <string.h>

#include "model/states.h"
#include "queue/leaving.h"
#include "queue/verdict.h"

/* What a row says about one field. */
struct row {
	const char *field;           /* NULL: the whole */
	const char *state, *reason;
	const struct value *proposed, *value;   /* NULL: null */
};

static struct value *copy_or_null(const struct value *v)
{
	return v ? value_copy(v) : value_new_null();
}

static const struct value *evidence_of(const struct proposal *p, const char *name)
{
	const struct value *proposed = value_find(p->doc, "proposed");

	if (!name)
		return NULL;
	if (p->kind == KIND_EXTRACTION)
		return value_find(value_find(value_find(proposed, "fields"), name), "evidence");
	if (p->kind == KIND_APPROVAL)
		return value_find(p->arguments_from, name);
	return NULL;
}

static const struct value *confidence_of(const struct proposal *p, const char *name)
{
	const struct field *f = name ? proposal_find_field(p, name) : NULL;

	if (name && p->kind == KIND_CLASSIFICATION)
		return p->label_confidence;
	return f ? f->confidence : NULL;
}

static struct value *checked(const struct decision *d)
{
	struct value *list = value_new_array();

	for (size_t i = 0; i < d->checked_count; i++)
		value_push(list, value_new_string(d->checked_against[i]));
	return list;
}

static void add(struct value *rows, const struct feedback_facts *f, const struct row *r)
{
	const struct proposal *p = f->proposal;
	const struct decision *d = f->decision;
	struct value *v = value_push(rows, value_new_object());

	value_set_int(v, "n", f->first_n + (int64_t)value_count(rows) - 1);
	value_set_string(v, "queue", p->queue);
	value_set_string(v, "proposal", f->proposal_id);
	value_set_string(v, "external_id", p->external_id);
	value_set_int(v, "revision", f->revision);
	value_set_string(v, "kind", kind_name(p->kind));
	value_set_string(v, "decision", d->id);
	value_set_string(v, "stage", stage_name(f->stage));
	value_set_string(v, "outcome", outcome_name(d->outcome));
	value_set_string(v, "verdict", verdict_name(f->verdict));
	value_set_string(v, "field", r->field);
	value_set_string(v, "state", r->state);
	value_set_string(v, "reason", r->reason);
	value_set(v, "proposed", copy_or_null(r->proposed));
	value_set(v, "value", copy_or_null(r->value));
	value_set(v, "confidence", copy_or_null(confidence_of(p, r->field)));
	value_set(v, "evidence", copy_or_null(evidence_of(p, r->field)));
	value_set_string(v, "model", p->model_name);
	value_set_string(v, "model_version", p->model_version);
	value_set_string(v, "policy", d->policy);
	value_set_string(v, "guide", *d->guide ? d->guide : NULL);
	value_set_string(v, "route", f->route);
	value_set_string(v, "probability", f->probability);
	value_set(v, "checked_against", checked(d));
	value_set_string(v, "decided_at", d->decided_at);
}

/* The object of names to values of an answer; for a classification the one
 * name "label". The caller's, never NULL. */
static struct value *by_name(enum kind kind, const struct value *answer)
{
	struct value *names;
	const struct value *one;

	if (kind == KIND_EXTRACTION)
		return value_is(answer, VALUE_OBJECT) ? value_copy(answer) : value_new_object();
	if (kind == KIND_APPROVAL) {
		one = value_find(answer, "arguments");
		return value_is(one, VALUE_OBJECT) ? value_copy(one) : value_new_object();
	}
	names = value_new_object();
	one = value_find(answer, "labels");
	value_set(names, "label", copy_or_null(one ? one : value_find(answer, "label")));
	return names;
}

static void add_name(struct value *names, const char *name)
{
	if (!value_has_string(names, name))
		value_push(names, value_new_string(name));
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp((*(struct value *const *)a)->s, (*(struct value *const *)b)->s);
}

/* Every name anybody spoke of, in byte order. */
static struct value *all_names(const struct decision *d, const struct value *proposed,
                               const struct value *given)
{
	struct value *names = value_new_array();

	for (size_t i = 0; i < value_count(proposed); i++)
		add_name(names, value_key(proposed, i));
	for (size_t i = 0; i < value_count(given); i++)
		add_name(names, value_key(given, i));
	for (size_t i = 0; i < d->field_count; i++)
		add_name(names, d->fields[i].name);
	if (names->count)
		qsort(names->items, names->count, sizeof *names->items, by_bytes);
	return names;
}

static bool differs(const struct value *a, const struct value *b)
{
	bool none_a = !a || a->type == VALUE_NULL, none_b = !b || b->type == VALUE_NULL;

	return none_a || none_b ? none_a != none_b : !leaving_same(a, b);
}

static enum field_state state_of(const struct feedback_facts *f, const char *name,
                                 const struct value *proposed, const struct value *given)
{
	const struct decision_field *word = decision_find_field(f->decision, name);

	if (word && word->state != FIELD_NOT_ASKED)
		return word->state;
	if (f->decision->outcome == OUTCOME_APPROVE)
		return !value_count(f->asked) || value_has_string(f->asked, name)
			? FIELD_CONFIRMED : FIELD_NOT_ASKED;
	if (f->decision->outcome == OUTCOME_CORRECT && !word
	    && differs(value_find(proposed, name), value_find(given, name)))
		return FIELD_CORRECTED;
	return FIELD_NOT_ASKED;
}

static const struct value *value_after(const struct feedback_facts *f, enum field_state state,
                                       const char *name, const struct value *proposed,
                                       const struct value *given)
{
	if (state == FIELD_CANNOT_TELL)
		return NULL;
	if (f->decision->outcome == OUTCOME_CORRECT || state == FIELD_CORRECTED)
		return value_find(given, name);
	return value_find(proposed, name);
}

struct value *feedback_rows(const struct feedback_facts *f)
{
	const struct decision *d = f->decision;
	bool whole = d->outcome != OUTCOME_APPROVE && d->outcome != OUTCOME_CORRECT;
	struct value *rows = value_new_array(), *answer, *proposed, *given, *names;

	if (!verdict_counts(f->verdict))
		return rows;
	answer = leaving_proposed(f->proposal);
	proposed = by_name(f->proposal->kind, answer);
	given = d->value ? by_name(f->proposal->kind, d->value) : value_new_object();
	names = all_names(d, proposed, given);
	if (whole)
		add(rows, f, &(struct row){ .state = states_of_outcome(d->outcome)
			? states_of_outcome(d->outcome) : "escalated",
			.reason = d->reason_count ? d->reasons[0] : NULL });
	for (size_t i = 0; i < value_count(names); i++) {
		const char *name = value_str(names->items[i]);
		const struct decision_field *word = decision_find_field(d, name);
		enum field_state state = state_of(f, name, proposed, given);

		if (whole && (!word || state == FIELD_NOT_ASKED))
			continue;
		add(rows, f, &(struct row){ .field = name, .state = field_state_name(state),
			.reason = word ? word->reason : NULL, .proposed = value_find(proposed, name),
			.value = value_after(f, state, name, proposed, given) });
	}
	value_free(names);
	value_free(given);
	value_free(proposed);
	value_free(answer);
	return rows;
}
