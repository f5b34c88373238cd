/* SPDX-License-Identifier: Apache-2.0 */
#include "view/form.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "view/plain.h"

static enum form_type type_find(const char *type, const struct value *proposed)
{
	if (!type && proposed) {
		static const char *const names[] = { [VALUE_NULL] = NULL,
			[VALUE_BOOL] = "boolean", [VALUE_INT] = "number",
			[VALUE_REAL] = "number", [VALUE_STRING] = "string",
			[VALUE_ARRAY] = "array", [VALUE_OBJECT] = "object" };

		type = names[proposed->type];
	}
	if (!type || strcmp(type, "string") == 0)
		return FORM_TEXT;
	if (strcmp(type, "number") == 0)
		return FORM_NUMBER;
	if (strcmp(type, "integer") == 0)
		return FORM_INTEGER;
	return strcmp(type, "boolean") == 0 ? FORM_BOOL : FORM_JSON;
}

static void add_field(struct form *f, size_t *cap, const struct schema_field *s,
                      const char *name)
{
	const struct field *proposed = proposal_find_field(f->review->proposal, name);
	struct form_field *field;

	MEM_GROW(f->fields, f->count, *cap);
	field = &f->fields[f->count++];
	memset(field, 0, sizeof *field);
	field->name = name;
	field->title = s && s->title ? s->title : name;
	field->description = s ? s->description : NULL;
	field->choices = s ? s->choices : NULL;
	field->required = s && s->required;
	field->asked = review_asks(f->review, name);
	if (proposed && !value_is(proposed->value, VALUE_NULL))
		field->proposed = proposed->value;
	field->type = type_find(s ? s->type : NULL, field->proposed);
}

static void add_fields(struct form *f)
{
	const struct proposal *p = f->review->proposal;
	const struct value *doc = f->review->definition->schema;
	struct schema_field *list = NULL;
	size_t known = doc ? schema_field_list(doc, &list) : 0, cap = 0;

	for (size_t i = 0; i < known; i++)
		add_field(f, &cap, &list[i], list[i].name);
	for (size_t i = 0; i < p->field_count; i++)
		if (!form_find(f, p->fields[i].name))
			add_field(f, &cap, NULL, p->fields[i].name);
	free(list);
}

/* Says at each field what the schema has against the answer as it stands. */
static void check(struct form *f)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct value *value;
	char words[400];

	free(f->fault);
	f->fault = NULL;
	for (size_t i = 0; i < f->count; i++) {
		free(f->fields[i].fault);
		f->fields[i].fault = NULL;
	}
	if (!f->schema)
		return;
	value = form_value(f);
	schema_check_fields(f->schema, value, &faults);
	for (size_t i = 0; i < faults.count; i++) {
		char *name = schema_fault_field(&faults.items[i]);
		struct form_field *field = name ? form_find(f, name) : NULL;
		char **slot = field ? &field->fault : &f->fault;

		err_words(&faults.items[i].err, words, sizeof words);
		if (!*slot)
			*slot = mem_strdup(words);
		free(name);
	}
	schema_faults_clear(&faults);
	value_free(value);
}

struct form *form_new(const struct review *review)
{
	struct form *f = mem_zalloc(sizeof *f);

	f->review = review;
	if (review->proposal->kind != KIND_EXTRACTION)
		return f;
	add_fields(f);
	if (review->definition->schema)
		schema_compile(review->definition->schema, &f->schema, &f->schema_err);
	check(f);
	return f;
}

void form_free(struct form *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->count; i++) {
		value_free(f->fields[i].value);
		free(f->fields[i].reason);
		free(f->fields[i].fault);
	}
	schema_free(f->schema);
	value_free(f->arguments);
	free(f->fields);
	free(f->message);
	free(f->note);
	free(f->fault);
	free(f->label);
	free(f->why);
	free(f);
}

struct form_field *form_find(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return &f->fields[i];
	return NULL;
}

static void set_state(struct form *f, size_t i, enum form_state state, struct value *value,
                      const char *reason)
{
	struct form_field *field = &f->fields[i];

	value_free(field->value);
	free(field->reason);
	field->state = state;
	field->value = value;
	field->reason = mem_strdup(reason);
	check(f);
}

static bool same_value(const struct value *a, const struct value *b)
{
	bool a_null = !a || value_is(a, VALUE_NULL), b_null = !b || value_is(b, VALUE_NULL);

	return a_null || b_null ? a_null == b_null : value_equal(a, b);
}

void form_set_value(struct form *f, size_t field, struct value *value)
{
	if (same_value(value, f->fields[field].proposed)) {
		value_free(value);
		form_confirm(f, field);
		return;
	}
	set_state(f, field, FORM_CORRECTED, value ? value : value_new_null(), NULL);
}

static int read_number(const char *text, bool integer, struct value **out, struct err *err)
{
	double d;

	if (!num_valid(text))
		return err_set(err, ERR_INVALID, N_("“%s” is not a number"), text);
	d = strtod(text, NULL);
	if (d != d || d > 9007199254740991.0 || d < -9007199254740991.0)
		return err_set(err, ERR_INVALID, N_("“%s” is too large"), text);
	if (d == (double)(int64_t)d) {
		*out = value_new_int((int64_t)d);
		return 0;
	}
	if (integer)
		return err_set(err, ERR_INVALID, N_("“%s” is not a whole number"), text);
	*out = value_new_real(d);
	return 0;
}

static int read_text(const struct form_field *field, const char *text, struct value **out,
                     struct err *err)
{
	switch (field->type) {
	case FORM_TEXT:
		*out = value_new_string(text);
		return 0;
	case FORM_NUMBER:
	case FORM_INTEGER:
		return read_number(text, field->type == FORM_INTEGER, out, err);
	case FORM_BOOL:
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return err_set(err, ERR_INVALID, N_("true or false is wanted"));
		*out = value_new_bool(text[0] == 't');
		return 0;
	case FORM_JSON:
		break;
	}
	return err_set(err, ERR_UNSUPPORTED, N_("E opens this value in the editor"));
}

int form_set_text(struct form *f, size_t field, const char *text, struct err *err)
{
	struct value *value = NULL;
	int rc;

	if (*text) {
		rc = read_text(&f->fields[field], text, &value, err);
		if (rc < 0)
			return rc;
	}
	form_set_value(f, field, value);
	return 0;
}

void form_confirm(struct form *f, size_t field)
{
	set_state(f, field, FORM_CONFIRMED, NULL, NULL);
}

void form_cannot_tell(struct form *f, size_t field, const char *reason)
{
	set_state(f, field, FORM_CANNOT_TELL, NULL, reason);
}

void form_reset(struct form *f, size_t field)
{
	set_state(f, field, FORM_OPEN, NULL, NULL);
}

static void set_string(char **slot, const char *text)
{
	char *copy = text && *text ? mem_strdup(text) : NULL;

	free(*slot);
	*slot = copy;
}

void form_set_arguments(struct form *f, struct value *arguments)
{
	value_free(f->arguments);
	f->arguments = NULL;
	if (arguments && !value_equal(arguments, f->review->proposal->arguments))
		f->arguments = arguments;
	else
		value_free(arguments);
}

void form_set_label(struct form *f, const char *label)
{
	set_string(&f->label, label);
}

void form_set_message(struct form *f, const char *text)
{
	set_string(&f->message, text);
}

void form_set_note(struct form *f, const char *text)
{
	set_string(&f->note, text);
}

bool form_touched(const struct form *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->fields[i].state != FORM_OPEN)
			return true;
	return f->arguments || f->label || f->message || f->note;
}

bool form_departs(const struct form *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->fields[i].state == FORM_CORRECTED
		    || f->fields[i].state == FORM_CANNOT_TELL)
			return true;
	return f->arguments || f->label;
}

size_t form_next_open(const struct form *f, size_t from)
{
	for (size_t step = 1; step <= f->count; step++) {
		size_t i = from >= f->count ? step - 1 : (from + step) % f->count;

		if (f->fields[i].asked && f->fields[i].state == FORM_OPEN)
			return i;
	}
	return f->count;
}

const struct value *form_field_value(const struct form_field *f)
{
	if (f->state == FORM_CANNOT_TELL)
		return NULL;
	if (f->state == FORM_CORRECTED)
		return value_is(f->value, VALUE_NULL) ? NULL : f->value;
	return f->proposed;
}

struct value *form_value(const struct form *f)
{
	const struct proposal *p = f->review->proposal;
	struct value *out = value_new_object();

	if (p->kind == KIND_CLASSIFICATION) {
		value_set_string(out, "label", f->label ? f->label : p->label);
		return out;
	}
	if (p->kind == KIND_APPROVAL) {
		const struct value *arguments = f->arguments ? f->arguments : p->arguments;

		value_set(out, "arguments", arguments ? value_copy(arguments)
		          : value_new_object());
		return out;
	}
	for (size_t i = 0; i < f->count; i++) {
		const struct value *v = form_field_value(&f->fields[i]);

		/* Fields that nobody spoke about and that nothing was found for
		 * stay away, so that an answer says no more than was answered. */
		if (v)
			value_set(out, f->fields[i].name, value_copy(v));
		else if (f->fields[i].state != FORM_OPEN
		         || proposal_find_field(p, f->fields[i].name))
			value_set_null(out, f->fields[i].name);
	}
	return out;
}

static const char *say(struct form *f, const char *format, const char *a, const char *b)
{
	free(f->why);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	f->why = b ? mem_printf(format, a, b) : mem_printf(format, a);
#pragma GCC diagnostic pop
	return f->why;
}

static const char *field_why_not(struct form *f, const struct form_field *field)
{
	bool empty = !form_field_value(field);

	if (field->state == FORM_CANNOT_TELL && field->required)
		return say(f, _("%s is required and cannot be told: e escalates, r returns"),
		           field->title, NULL);
	if (field->state == FORM_CANNOT_TELL)
		return NULL;
	if (field->asked && field->required && empty)
		return say(f, _("%s is asked and empty: Enter types it, - can't tell"),
		           field->title, NULL);
	if (field->fault)
		return say(f, _("%s: %s"), field->title, field->fault);
	return NULL;
}

const char *form_why_not(struct form *f, size_t *field)
{
	size_t at = f->count;
	const char *why = NULL;

	for (size_t i = 0; i < f->count && !why; i++) {
		why = field_why_not(f, &f->fields[i]);
		at = why ? i : f->count;
	}
	if (!why && f->fault)
		why = f->fault;
	if (!why && !form_departs(f))
		why = _("nothing differs from the proposal: a approves it as it is");
	if (field)
		*field = at;
	return why;
}

bool form_requires(const struct form *f, const char *what, enum outcome outcome)
{
	const struct value *v = value_find(f->review->definition->require, what);

	if (value_is(v, VALUE_ARRAY))
		return value_has_string(v, outcome_name(outcome));
	return value_is(v, VALUE_BOOL) && v->b;
}

struct decision *form_decision(const struct form *f, enum outcome outcome)
{
	static const enum field_state states[] = { [FORM_OPEN] = FIELD_NOT_ASKED,
		[FORM_CONFIRMED] = FIELD_CONFIRMED, [FORM_CORRECTED] = FIELD_CORRECTED,
		[FORM_CANNOT_TELL] = FIELD_CANNOT_TELL };
	struct decision *d = decision_new();

	d->outcome = outcome;
	for (size_t i = 0; i < f->count; i++)
		if (f->fields[i].state != FORM_OPEN)
			decision_set_field(d, f->fields[i].name, states[f->fields[i].state],
			                   f->fields[i].reason);
	if (outcome == OUTCOME_CORRECT && form_departs(f))
		d->value = form_value(f);
	d->message = mem_strdup(f->message);
	d->note = mem_strdup(f->note);
	return d;
}

static void load_field(struct form *f, size_t i, const struct decision *draft)
{
	const struct decision_field *said = decision_find_field(draft, f->fields[i].name);
	const struct value *value;

	if (!said)
		return;
	value = value_find(draft->value, f->fields[i].name);
	if (said->state == FIELD_CANNOT_TELL)
		form_cannot_tell(f, i, said->reason);
	else if (said->state == FIELD_CONFIRMED)
		form_confirm(f, i);
	else if (said->state == FIELD_CORRECTED)
		form_set_value(f, i, value ? value_copy(value) : NULL);
}

void form_load(struct form *f, const struct decision *draft)
{
	const struct value *arguments = value_find(draft->value, "arguments");

	for (size_t i = 0; i < f->count; i++)
		load_field(f, i, draft);
	if (f->review->proposal->kind == KIND_APPROVAL && arguments)
		form_set_arguments(f, value_copy(arguments));
	if (f->review->proposal->kind == KIND_CLASSIFICATION)
		form_set_label(f, value_text(draft->value, "label"));
	form_set_message(f, draft->message);
	form_set_note(f, draft->note);
}
