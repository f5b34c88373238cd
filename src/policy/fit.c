/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"

struct fit {
	const struct definition *definition;
	struct schema *schema;       /* of the fields, or NULL */
	struct schema **actions;     /* in the order of the definition; NULL: none */
};

static int compile_at(const struct value *doc, const char *prefix, struct schema **out,
                      struct err *err)
{
	struct err e = ERR_INIT;
	char where[ERR_WHERE_SIZE];

	if (!doc)
		return 0;
	if (schema_compile(doc, out, &e) == 0)
		return 0;
	snprintf(where, sizeof where, "%s", e.where);
	e.where[0] = '\0';
	err_where(&e, "%s%s", prefix, where);
	if (err && err->code == ERR_NONE)
		*err = e;
	return e.code;
}

int fit_new(const struct definition *d, struct fit **out, struct err *err)
{
	struct fit *f = mem_zalloc(sizeof *f);
	int rc = 0;

	*out = NULL;
	f->definition = d;
	if (d->kind == KIND_EXTRACTION)
		rc = compile_at(d->schema, "/schema", &f->schema, err);
	f->actions = mem_zalloc((d->action_count + 1) * sizeof *f->actions);
	for (size_t i = 0; i < d->action_count && rc == 0; i++) {
		char prefix[ERR_WHERE_SIZE];

		snprintf(prefix, sizeof prefix, "/actions/%s/schema", d->actions[i].name);
		rc = compile_at(d->actions[i].schema, prefix, &f->actions[i], err);
	}
	if (rc < 0) {
		fit_free(f);
		return rc;
	}
	*out = f;
	return 0;
}

void fit_free(struct fit *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->definition->action_count; i++)
		schema_free(f->actions[i]);
	free(f->actions);
	schema_free(f->schema);
	free(f);
}

static bool fault(struct schema_faults *faults, const char *pointer, const struct err *e)
{
	schema_faults_add(faults, pointer, "definition", e);
	return false;
}

static bool misshapen(struct schema_faults *faults)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_INVALID, N_("has not the form of an answer of this kind"));
	return fault(faults, "", &e);
}

/* --- extraction ------------------------------------------------------------ */

static bool fits_fields(const struct fit *f, const struct value *fields,
                        struct schema_faults *faults)
{
	if (!value_is(fields, VALUE_OBJECT))
		return misshapen(faults);
	return !f->schema || schema_check_fields(f->schema, fields, faults);
}

static bool proposed_fields(const struct fit *f, const struct value *proposed,
                            struct schema_faults *faults)
{
	static struct value nothing = { .type = VALUE_NULL };
	const struct value *fields = value_find(proposed, "fields");
	struct value answer = { .type = VALUE_OBJECT };
	bool ok;

	if (!value_is(fields, VALUE_OBJECT))
		return misshapen(faults);
	/* Only the list is new; keys and values stay the document's. */
	answer.members = mem_resize(NULL, fields->count + 1, sizeof *answer.members);
	for (size_t i = 0; i < fields->count; i++) {
		struct value *v = value_find(fields->members[i].value, "value");

		answer.members[answer.count++] = (struct value_member){
			fields->members[i].key, v ? v : &nothing
		};
	}
	ok = fits_fields(f, &answer, faults);
	free(answer.members);
	return ok;
}

/* --- classification -------------------------------------------------------- */

static bool fits_label(const struct fit *f, const struct value *label,
                       struct schema_faults *faults)
{
	const char *name = value_str(label);
	struct err e = ERR_INIT;

	if (name && (!f->definition->label_count || definition_find_label(f->definition, name)))
		return true;
	if (name)
		err_set(&e, ERR_INVALID, N_("“%s” is not a label of this queue"), name);
	else
		err_set(&e, ERR_INVALID, N_("there is no label"));
	return fault(faults, "/label", &e);
}

/* {"label"} or {"labels"}, of a proposal or of an answer. */
static bool fits_labels(const struct fit *f, const struct value *v,
                        struct schema_faults *faults)
{
	const struct value *labels = value_find(v, "labels");
	bool ok = true;

	if (!labels)
		return fits_label(f, value_find(v, "label"), faults);
	if (!value_is(labels, VALUE_ARRAY) || value_find(v, "label"))
		return misshapen(faults);
	for (size_t i = 0; i < labels->count; i++)
		if (!fits_label(f, labels->items[i], faults))
			ok = false;
	return ok;
}

/* --- approval -------------------------------------------------------------- */

static bool fits_arguments(const struct fit *f, const char *action, const struct value *v,
                           struct schema_faults *faults)
{
	const struct value *arguments = value_find(v, "arguments");
	const struct definition *d = f->definition;
	const struct action *known = action ? definition_find_action(d, action) : NULL;
	struct err e = ERR_INIT;

	if (!action || (d->action_count && !known)) {
		err_set(&e, ERR_INVALID, N_("“%s” is not an action of this queue"),
		        action ? action : "");
		return fault(faults, "", &e);
	}
	if (!value_is(arguments, VALUE_OBJECT))
		return misshapen(faults);
	if (!known || !f->actions[known - d->actions])
		return true;
	return schema_check(f->actions[known - d->actions], arguments, faults);
}

bool fit_proposed(const struct fit *f, const struct value *proposal_doc,
                  struct schema_faults *faults)
{
	const struct value *proposed = value_find(proposal_doc, "proposed");

	switch (f->definition->kind) {
	case KIND_EXTRACTION:
		return proposed_fields(f, proposed, faults);
	case KIND_CLASSIFICATION:
		return fits_labels(f, proposed, faults);
	case KIND_APPROVAL:
		return fits_arguments(f, value_text(proposed, "action"), proposed, faults);
	}
	return false;
}

bool fit_answer(const struct fit *f, const char *action, const struct value *value,
                struct schema_faults *faults)
{
	switch (f->definition->kind) {
	case KIND_EXTRACTION:
		return fits_fields(f, value, faults);
	case KIND_CLASSIFICATION:
		return fits_labels(f, value, faults);
	case KIND_APPROVAL:
		return fits_arguments(f, action, value, faults);
	}
	return false;
}

struct value *fit_broken_fields(const struct schema_faults *faults)
{
	struct value *names = value_new_array();

	for (size_t i = 0; i < faults->count; i++) {
		char *name = schema_fault_field(&faults->items[i]);

		if (!name || faults->more) {
			free(name);
			value_free(names);
			return value_new_array();
		}
		if (!value_has_string(names, name))
			value_push(names, value_new_string(name));
		free(name);
	}
	return names;
}

enum policy_money fit_money(const struct fit *f, const struct value *proposal_doc)
{
	const struct value *proposed = value_find(proposal_doc, "proposed");
	const char *name = value_text(proposed, "action");
	const struct action *action;

	if (f->definition->kind != KIND_APPROVAL || !name)
		return POLICY_MONEY_UNKNOWN;
	action = definition_find_action(f->definition, name);
	if (!action)
		return POLICY_MONEY_UNKNOWN;
	return action->moves_money ? POLICY_MONEY_MOVED : POLICY_NO_MONEY;
}
