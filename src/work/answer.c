/* SPDX-License-Identifier: Apache-2.0
 *
 * Making answers: values of corrections, states that follow, reasons, the
 * second confirmation. Judging them is in answer_check.c.
 */
#include "work/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/utf8.h"
#include "schema/schema.h"
#include "wire/json.h"

static bool is_null(const struct value *v)
{
	return !v || v->type == VALUE_NULL;
}

/* Absent and null are the same: nothing is on the document. */
static bool same(const struct value *a, const struct value *b)
{
	if (is_null(a) || is_null(b))
		return is_null(a) && is_null(b);
	return value_equal(a, b);
}

/* --- states --------------------------------------------------------------------- */

/* The proposed value of a name, or NULL. */
static const struct value *proposed(const struct review *r, const char *name)
{
	const struct field *f = proposal_find_field(r->proposal, name);

	return f ? f->value : NULL;
}

/* The members of the answer's value that stand for fields. */
static const struct value *answered(const struct review *r, const struct decision *d)
{
	if (r->proposal->kind == KIND_APPROVAL)
		return value_find(d->value, "arguments");
	return d->value;
}

static void set_state(struct decision *d, const char *name, bool departs, bool asked)
{
	const struct decision_field *f = decision_find_field(d, name);

	if (f && f->state == FIELD_CANNOT_TELL)
		return;
	if (departs)
		decision_set_field(d, name, FIELD_CORRECTED,
		                   f && f->state == FIELD_CORRECTED ? f->reason : NULL);
	else if (asked || (f && f->state == FIELD_CONFIRMED))
		decision_set_field(d, name, FIELD_CONFIRMED, NULL);
	else
		decision_set_field(d, name, FIELD_NOT_ASKED, NULL);
}

static bool label_departs(const struct review *r, const struct value *value)
{
	const struct value *labels = value_find(value, "labels");
	const char *label = value_text(value, "label");

	if (labels || r->proposal->labels)
		return !same(labels, r->proposal->labels);
	return !label || !r->proposal->label || strcmp(label, r->proposal->label) != 0;
}

/* A name of the value that the proposal has not is a departure unless null. */
static void complete_fields(const struct review *r, struct decision *d, bool correct)
{
	const struct value *value = correct ? answered(r, d) : NULL;

	for (size_t i = 0; i < r->proposal->field_count; i++) {
		const char *name = r->proposal->fields[i].name;

		set_state(d, name, correct && !same(proposed(r, name), value_find(value, name)),
		          review_asks(r, name));
	}
	for (size_t i = 0; i < value_count(value); i++) {
		const char *name = value_key(value, i);

		if (!proposal_find_field(r->proposal, name))
			set_state(d, name, !is_null(value_at(value, i)), review_asks(r, name));
	}
}

/* What nobody can tell leaves as null. */
static void blank_unknown(const struct review *r, struct decision *d)
{
	if (r->proposal->kind != KIND_EXTRACTION || !value_is(d->value, VALUE_OBJECT))
		return;
	for (size_t i = 0; i < d->field_count; i++)
		if (d->fields[i].state == FIELD_CANNOT_TELL)
			value_set_null(d->value, d->fields[i].name);
}

void answer_complete(const struct review *r, struct decision *d)
{
	bool correct = d->outcome == OUTCOME_CORRECT;

	if (!correct && d->outcome != OUTCOME_APPROVE)
		return;
	if (correct)
		blank_unknown(r, d);
	if (r->proposal->kind == KIND_CLASSIFICATION)
		set_state(d, "label", correct && label_departs(r, d->value), true);
	else
		complete_fields(r, d, correct);
}

/* --- the second confirmation -------------------------------------------------------- */

static const char *only_amount(const struct proposal *p)
{
	const char *found = NULL;

	for (size_t i = 0; i < p->effect_count; i++) {
		if (!p->effects[i].amount)
			continue;
		if (found)
			return NULL;
		found = p->effects[i].amount;
	}
	return found;
}

void answer_confirmation(const struct review *r, const struct decision *d,
                         struct answer_confirmation *out)
{
	const struct proposal *p = r->proposal;
	const char *amount = only_amount(p);
	const char *label = d->outcome == OUTCOME_CORRECT && d->value
		? value_text(d->value, "label") : p->label;

	memset(out, 0, sizeof *out);
	if (p->safety_class != CLASS_HIGH_IMPACT
	    || (d->outcome != OUTCOME_APPROVE && d->outcome != OUTCOME_CORRECT))
		return;
	if (amount) {
		out->kind = ANSWER_CONFIRM_AMOUNT;
		utf8_copy(out->text, sizeof out->text, amount);
	} else if (p->kind == KIND_CLASSIFICATION && label) {
		out->kind = ANSWER_CONFIRM_LABEL;
		utf8_copy(out->text, sizeof out->text, label);
	} else {
		out->kind = ANSWER_CONFIRM_ID;
		utf8_copy(out->text, sizeof out->text, p->external_id);
	}
}

/* --- values ----------------------------------------------------------------------------- */

struct value *answer_fields(const struct review *r)
{
	struct value *v = value_new_object();
	struct schema_field *list = NULL;
	size_t count;

	for (size_t i = 0; i < r->proposal->field_count; i++) {
		const struct field *f = &r->proposal->fields[i];

		value_set(v, f->name, is_null(f->value) ? value_new_null() : value_copy(f->value));
	}
	count = r->definition->schema ? schema_field_list(r->definition->schema, &list) : 0;
	for (size_t i = 0; i < count; i++)
		if (!value_find(v, list[i].name))
			value_set_null(v, list[i].name);
	free(list);
	return v;
}

/* The type a field's text is to become: the schema's, else that of what was
 * proposed. */
static const char *type_of(const struct review *r, const char *field)
{
	struct schema_field *list = NULL;
	size_t count = r->definition->schema ? schema_field_list(r->definition->schema, &list) : 0;
	const struct value *now = proposed(r, field);
	const char *type = NULL;

	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, field) == 0)
			type = list[i].type;
	free(list);
	if (!type && value_is_number(now))
		type = "number";
	else if (!type && value_is(now, VALUE_BOOL))
		type = "boolean";
	return type ? type : "string";
}

static int parse_number(const char *text, bool whole, struct value **out, struct err *err)
{
	struct buf json = BUF_INIT;
	struct value *list = NULL;
	struct value *v;
	int rc = 0;

	if (!num_valid(text))
		return err_set(err, ERR_INVALID, N_("%s is no number"), text);
	/* A number stands alone in no document: the parser gets an array. */
	buf_addf(&json, "[%s]", text);
	rc = json_parse(buf_str(&json), json.len, NULL, &list, err);
	buf_clear(&json);
	v = rc ? NULL : value_at(list, 0);
	if (v && whole && v->type != VALUE_INT)
		rc = err_set(err, ERR_INVALID, N_("%s is no whole number"), text);
	if (!rc)
		*out = value_copy(v);
	value_free(list);
	return rc;
}

int answer_field_value(const struct review *r, const char *field, const char *text,
                       struct value **out, struct err *err)
{
	const char *type = type_of(r, field);
	int rc = 0;

	*out = NULL;
	if (!text[0])
		*out = value_new_null();
	else if (strcmp(type, "number") == 0 || strcmp(type, "integer") == 0)
		rc = parse_number(text, type[0] == 'i', out, err);
	else if (strcmp(type, "boolean") == 0 && strcmp(text, "true") == 0)
		*out = value_new_bool(true);
	else if (strcmp(type, "boolean") == 0 && strcmp(text, "false") == 0)
		*out = value_new_bool(false);
	else if (strcmp(type, "boolean") == 0)
		rc = err_set(err, ERR_INVALID, N_("true or false is wanted here, not %s"), text);
	else if (strcmp(type, "array") == 0 || strcmp(type, "object") == 0)
		rc = json_parse(text, strlen(text), NULL, out, err);
	else
		*out = value_new_string(text);
	if (rc)
		err_where(err, "/%s", field);
	return rc;
}

int answer_label(const struct review *r, const char *label, struct value **out,
                 struct err *err)
{
	*out = NULL;
	if (r->definition->label_count && !definition_find_label(r->definition, label))
		return err_set(err, ERR_INVALID, N_("this queue has no label %s"), label);
	if (r->proposal->label && strcmp(r->proposal->label, label) == 0)
		return err_set(err, ERR_INVALID, N_("%s is the proposed label: approve it"), label);
	*out = value_new_object();
	value_set_string(*out, "label", label);
	return 0;
}

/* The first fault as an error: its own words, the place in the arguments. */
static int first_fault(const struct schema_faults *faults, struct err *err)
{
	if (err && err->code == ERR_NONE) {
		if (faults->count)
			*err = faults->items[0].err;
		err->code = ERR_INVALID;
		if (!err->msgid)
			err->msgid = N_("this answer does not fit the queue's form");
		if (faults->count)
			err_where(err, "%s", faults->items[0].pointer);
	}
	return ERR_INVALID;
}

int answer_arguments(const struct review *r, const char *text, size_t len,
                     struct value **out, struct err *err)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	struct value *arguments = NULL, *v;
	struct fit *fit = NULL;
	int rc = json_parse(text, len, NULL, &arguments, err);

	*out = NULL;
	if (rc)
		return rc;
	v = value_new_object();
	if (!value_is(arguments, VALUE_OBJECT))
		rc = err_set(err, ERR_INVALID, N_("arguments are an object: { … }"));
	value_set(v, "arguments", arguments);
	if (!rc)
		rc = fit_new(r->definition, &fit, err);
	if (!rc && !fit_answer(fit, r->proposal->action, v, &faults))
		rc = first_fault(&faults, err);
	fit_free(fit);
	schema_faults_clear(&faults);
	if (rc) {
		value_free(v);
		return rc;
	}
	*out = v;
	return 0;
}

/* --- reasons -------------------------------------------------------------------------- */

static void add_reasons(const struct reason *from, size_t count, const char *outcome, bool own,
                        struct answer_reason *list, size_t *n)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(from[i].outcome, outcome) != 0)
			continue;
		list[*n].name = from[i].name;
		list[*n].title = from[i].title;
		list[(*n)++].own = own;
	}
}

size_t answer_reasons(const struct review *r, const char *outcome,
                      struct answer_reason **out)
{
	const struct reason *kind = definition_kind_reasons(r->definition->kind);
	size_t kind_count = 0, n = 0;

	while (kind[kind_count].name)
		kind_count++;
	*out = mem_zalloc((kind_count + r->definition->reason_count) * sizeof **out);
	add_reasons(kind, kind_count, outcome, false, *out, &n);
	add_reasons(r->definition->reasons, r->definition->reason_count, outcome, true, *out, &n);
	if (!n) {
		free(*out);
		*out = NULL;
	}
	return n;
}
