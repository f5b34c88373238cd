/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/leaving.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/msg.h"
#include "wire/jcs.h"

struct value *leaving_proposed(const struct proposal *p)
{
	struct value *answer = value_new_object();

	switch (p->kind) {
	case KIND_EXTRACTION:
		for (size_t i = 0; i < p->field_count; i++)
			value_set(answer, p->fields[i].name, p->fields[i].value
			          ? value_copy(p->fields[i].value) : value_new_null());
		return answer;
	case KIND_CLASSIFICATION:
		if (p->labels)
			value_set(answer, "labels", value_copy(p->labels));
		else if (p->label)
			value_set_string(answer, "label", p->label);
		break;
	case KIND_APPROVAL:
		value_set(answer, "arguments", p->arguments ? value_copy(p->arguments)
		          : value_new_object());
		break;
	}
	if (value_count(answer))
		return answer;
	value_free(answer);
	return NULL;
}

/* The object whose members are the names a decision speaks of. */
static const struct value *named(enum kind kind, const struct value *answer)
{
	return kind == KIND_APPROVAL ? value_find(answer, "arguments") : answer;
}

struct value *leaving_answer(const struct proposal *p, const struct decision *d)
{
	struct value *answer;

	if (d->outcome == OUTCOME_APPROVE)
		answer = leaving_proposed(p);
	else if (d->outcome == OUTCOME_CORRECT && d->value)
		answer = value_copy(d->value);
	else
		return NULL;
	if (p->kind != KIND_EXTRACTION || !value_is(answer, VALUE_OBJECT))
		return answer;
	for (size_t i = 0; i < d->field_count; i++)
		if (d->fields[i].state == FIELD_CANNOT_TELL)
			value_set_null(answer, d->fields[i].name);
	return answer;
}

static bool nothing(const struct value *v)
{
	return !v || v->type == VALUE_NULL;
}

static bool could_tell(const struct decision *d, const char *name)
{
	const struct decision_field *f = decision_find_field(d, name);

	return !f || f->state != FIELD_CANNOT_TELL;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp((*(struct value *const *)a)->s, (*(struct value *const *)b)->s);
}

static void departing(const struct value *here, const struct value *there,
                      const struct decision *d, struct value *names)
{
	for (size_t i = 0; i < value_count(here); i++) {
		const char *name = value_key(here, i);
		const struct value *other = value_find(there, name), *own = value_at(here, i);

		if (value_has_string(names, name) || !could_tell(d, name)
		    || (nothing(own) && nothing(other)))
			continue;
		if (nothing(own) || nothing(other) || !leaving_same(own, other))
			value_push(names, value_new_string(name));
	}
}

struct value *leaving_departures(const struct proposal *p, const struct decision *d,
                                 const struct value *answer)
{
	struct value *names = value_new_array(), *proposed = leaving_proposed(p);

	if (answer && p->kind == KIND_CLASSIFICATION) {
		if (!leaving_same(answer, proposed))
			value_push(names, value_new_string("label"));
	} else if (answer) {
		departing(named(p->kind, answer), named(p->kind, proposed), d, names);
		departing(named(p->kind, proposed), named(p->kind, answer), d, names);
		if (names->count)
			qsort(names->items, names->count, sizeof *names->items, by_bytes);
	}
	value_free(proposed);
	return names;
}

bool leaving_same(const struct value *a, const struct value *b)
{
	return a && b ? jcs_equal(a, b) : a == b;
}

char *leaving_sentence(enum kind kind, const struct value *departures)
{
	struct buf names = BUF_INIT;
	char *sentence;

	if (!value_count(departures))
		return NULL;
	for (size_t i = 0; i < departures->count; i++) {
		/* TRANSLATORS: between the names of a list */
		buf_adds(&names, i ? _(", ") : "");
		buf_adds(&names, value_str(departures->items[i]));
	}
	if (kind == KIND_CLASSIFICATION)
		sentence = mem_strdup(_("A person chose another label than the one proposed."));
	else if (kind == KIND_EXTRACTION)
		/* TRANSLATORS: names of fields */
		sentence = mem_printf(_("A person corrected: %s."), buf_str(&names));
	else
		/* TRANSLATORS: names of arguments; an agent reads this */
		sentence = mem_printf(_("A person changed the arguments before allowing this: %s. "
		                        "Carry out the value given here, not the one proposed."),
		                      buf_str(&names));
	buf_clear(&names);
	return sentence;
}

static void fault(struct schema_faults *faults, const char *pointer, const char *keyword,
                  const char *msgid)
{
	struct err e = { .code = ERR_INVALID, .msgid = msgid };

	schema_faults_add(faults, pointer, keyword, &e);
}

static void field_fault(struct schema_faults *faults, const char *name, const char *msgid)
{
	struct buf pointer = BUF_INIT;

	buf_adds(&pointer, "/fields/");
	for (; *name; name++) {
		if (*name == '~' || *name == '/')
			buf_adds(&pointer, *name == '~' ? "~0" : "~1");
		else
			buf_addc(&pointer, *name);
	}
	fault(faults, buf_str(&pointer), "fields", msgid);
	buf_clear(&pointer);
}

static void check_fields(const struct proposal *p, const struct decision *d,
                         struct schema_faults *faults)
{
	for (size_t i = 0; i < d->field_count; i++) {
		const struct decision_field *f = &d->fields[i];

		if (d->outcome == OUTCOME_APPROVE && f->state == FIELD_CORRECTED)
			field_fault(faults, f->name, N_("approving corrects nothing"));
		if (f->state == FIELD_CANNOT_TELL && p->kind != KIND_EXTRACTION)
			field_fault(faults, f->name,
			            N_("what cannot be told can only be escalated or returned"));
	}
}

/* The answer's faults, their pointers turned to where they stand in the decision. */
static void check_answer(const struct proposal *p, const struct decision *d,
                         const struct fit *fit, const struct value *answer,
                         struct schema_faults *faults)
{
	struct schema_faults found = SCHEMA_FAULTS_INIT;

	fit_answer(fit, p->action, answer, &found);
	for (size_t i = 0; i < found.count; i++) {
		char *name = schema_fault_field(&found.items[i]);
		bool untold = name && p->kind == KIND_EXTRACTION && !could_tell(d, name);
		char *pointer = mem_printf("/content/value%s", found.items[i].pointer);

		if (untold)
			field_fault(faults, name,
			            N_("a required field that cannot be told allows only escalate and return"));
		else
			schema_faults_add(faults, pointer, found.items[i].keyword,
			                  &found.items[i].err);
		free(pointer);
		free(name);
	}
	schema_faults_clear(&found);
}

void leaving_check(const struct proposal *p, const struct decision *d, const struct fit *fit,
                   const struct value *answer, struct schema_faults *faults)
{
	if (d->outcome != OUTCOME_APPROVE && d->outcome != OUTCOME_CORRECT)
		return;
	check_fields(p, d, faults);
	if (d->outcome == OUTCOME_APPROVE && !nothing(d->value))
		fault(faults, "/content/value", "value", N_("approving sends no value"));
	else if (d->outcome == OUTCOME_CORRECT && !value_is(d->value, VALUE_OBJECT))
		fault(faults, "/content/value", "value", N_("correcting needs the whole value"));
	else if (!answer)
		fault(faults, "/outcome", "outcome", N_("nothing was proposed"));
	else
		check_answer(p, d, fit, answer, faults);
}

static bool asks_for(const struct value *rule, enum outcome outcome)
{
	if (value_is(rule, VALUE_ARRAY))
		return value_has_string(rule, outcome_name(outcome));
	return value_is(rule, VALUE_BOOL) && rule->b
	       && (outcome == OUTCOME_REJECT || outcome == OUTCOME_RETURN
	           || outcome == OUTCOME_ESCALATE);
}

const char *leaving_requires(const struct definition *d, const struct decision *decision)
{
	enum outcome o = decision->outcome;

	if (asks_for(value_find(d->require, "reason"), o) && !decision->reason_count)
		return "reason";
	if (asks_for(value_find(d->require, "message"), o)
	    && (!decision->message || !*decision->message))
		return "message";
	if (asks_for(value_find(d->require, "note"), o) && (!decision->note || !*decision->note))
		return "note";
	return NULL;
}
