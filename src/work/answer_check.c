/* SPDX-License-Identifier: Apache-2.0
 *
 * Judging an answer before it is recorded. The server judges again; what is
 * refused here is refused while the person can still mend it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "schema/schema.h"
#include "work/answer.h"

enum { TEXT_MOST = 65536, REASONS_MOST = 20 };

static bool decides(enum outcome o)
{
	return o == OUTCOME_APPROVE || o == OUTCOME_CORRECT;
}

/* --- may this outcome be chosen at all? --------------------------------------------- */

static int check_open(const struct review *r, const struct decision *d, const struct fit *fit,
                      struct err *err)
{
	const char *why = review_why_not(r, d->outcome);
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	char *field = NULL;
	int rc = 0;

	if (why)
		return err_set(err, ERR_DENIED, N_("this is off: %s"), why);
	if (r->view == VIEW_BLIND && decides(d->outcome))
		return err_set(err, ERR_DENIED, N_("this review is blind: commit your own answer first"));
	if (d->outcome != OUTCOME_APPROVE || fit_proposed(fit, r->proposal->doc, &faults)) {
		schema_faults_clear(&faults);
		return 0;
	}
	if (faults.count)
		field = schema_fault_field(&faults.items[0]);
	if (field)
		rc = err_set(err, ERR_DENIED, N_("approving is off: %s does not fit the queue's form"),
		             definition_field_title(r->definition, field));
	else
		rc = err_set(err, ERR_DENIED, N_("approving is off: the proposal does not fit the "
		             "queue's form"));
	if (faults.count)
		err_where(err, "%s", faults.items[0].pointer);
	free(field);
	schema_faults_clear(&faults);
	return rc;
}

static int check_seen(const struct review *r, const struct decision *d,
                      const struct work_seen *seen, struct err *err)
{
	bool releases = d->outcome == OUTCOME_APPROVE
	                || (d->outcome == OUTCOME_CORRECT && r->proposal->kind == KIND_APPROVAL);

	if (releases && seen->hidden && !seen->hidden_revealed)
		return err_set(err, ERR_DENIED, N_("this item holds hidden text: reveal it first"));
	if (d->outcome == OUTCOME_APPROVE && r->proposal->kind == KIND_APPROVAL
	    && !seen->arguments_shown)
		return err_set(err, ERR_DENIED, N_("the arguments have not been on the screen to their "
		               "end: scroll through them first"));
	return 0;
}

/* Same text but for blanks around it. */
static bool typed(const char *text, const char *wanted)
{
	size_t len;

	if (!text)
		return false;
	text += strspn(text, " \t");
	len = strlen(text);
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len == strlen(wanted) && memcmp(text, wanted, len) == 0;
}

static int check_confirmed(const struct review *r, const struct decision *d,
                           const struct work_seen *seen, struct err *err)
{
	struct answer_confirmation c;

	answer_confirmation(r, d, &c);
	if (c.kind == ANSWER_CONFIRM_NONE || typed(seen->confirmation, c.text))
		return 0;
	switch (c.kind) {
	case ANSWER_CONFIRM_AMOUNT:
		return err_set(err, ERR_DENIED, N_("1 of 2: nothing happens yet; type the amount %s"),
		               c.text);
	case ANSWER_CONFIRM_LABEL:
		return err_set(err, ERR_DENIED, N_("1 of 2: nothing happens yet; type the label %s"),
		               c.text);
	default:
		return err_set(err, ERR_DENIED, N_("1 of 2: nothing happens yet; type the id %s"), c.text);
	}
}

/* --- words -------------------------------------------------------------------------- */

/* Does the queue require this of the outcome? true: of every one but approve;
 * an array names them. */
static bool required(const struct review *r, const char *what, enum outcome o)
{
	const struct value *v = value_find(r->definition->require, what);

	if (value_is(v, VALUE_BOOL))
		return v->b && o != OUTCOME_APPROVE;
	return value_has_string(v, outcome_name(o));
}

static bool known_reason(const struct review *r, const char *outcome, const char *name)
{
	struct answer_reason *list;
	size_t count = answer_reasons(r, outcome, &list);
	bool known = false;

	for (size_t i = 0; i < count; i++)
		known = known || strcmp(list[i].name, name) == 0;
	free(list);
	return known;
}

static int check_reasons(const struct review *r, const struct decision *d, struct err *err)
{
	const char *outcome = outcome_name(d->outcome);
	bool wanted = d->outcome == OUTCOME_REJECT || d->outcome == OUTCOME_ESCALATE
	              || required(r, "reason", d->outcome);

	if (wanted && !d->reason_count)
		return err_set(err, ERR_INVALID, N_("give a reason"));
	if (d->reason_count > REASONS_MOST)
		return err_set(err, ERR_LIMIT, N_("too many reasons"));
	for (size_t i = 0; i < d->reason_count; i++)
		if (!known_reason(r, outcome, d->reasons[i]))
			return err_set(err, ERR_INVALID, N_("%s is no reason to %s here"), d->reasons[i],
			               outcome);
	for (size_t i = 0; i < d->field_count; i++)
		if (d->fields[i].state == FIELD_CANNOT_TELL && d->fields[i].reason
		    && !known_reason(r, "cannot_tell", d->fields[i].reason))
			return err_set(err, ERR_INVALID, N_("%s is no reason for can't tell here"),
			               d->fields[i].reason);
	return 0;
}

static bool blank(const char *text)
{
	return !text || text[strspn(text, " \t\n")] == '\0';
}

static int check_texts(const struct review *r, const struct decision *d, struct err *err)
{
	if ((d->outcome == OUTCOME_RETURN || required(r, "message", d->outcome))
	    && blank(d->message))
		return err_set(err, ERR_INVALID, N_("write a message: the producer reads it"));
	if (required(r, "note", d->outcome) && blank(d->note))
		return err_set(err, ERR_INVALID, N_("write a note: it stays in the house"));
	if ((d->message && strlen(d->message) > TEXT_MOST) || (d->note && strlen(d->note) > TEXT_MOST))
		return err_set(err, ERR_LIMIT, N_("a message or note is too long"));
	return 0;
}

static int check_route(const struct review *r, const struct decision *d, struct err *err)
{
	const struct value *routes = r->definition->routes;

	if (!d->route)
		return 0;
	if (d->outcome == OUTCOME_RETURN && r->stage == STAGE_ESCALATION
	    && strcmp(d->route, "reviewer") == 0)
		return 0;
	if (d->outcome != OUTCOME_ESCALATE)
		return err_set(err, ERR_INVALID, N_("a route belongs to an escalation"));
	for (size_t i = 0; i < value_count(routes); i++) {
		const char *name = value_text(value_at(routes, i), "name");

		if (name && strcmp(name, d->route) == 0)
			return 0;
	}
	return err_set(err, ERR_INVALID, N_("this queue has no route %s"), d->route);
}

/* --- can't tell --------------------------------------------------------------------- */

static const struct value *schema_of(const struct review *r)
{
	const struct action *a;

	if (r->proposal->kind != KIND_APPROVAL)
		return r->definition->schema;
	a = r->proposal->action ? definition_find_action(r->definition, r->proposal->action) : NULL;
	return a ? a->schema : NULL;
}

/* A label is always wanted; an argument of an action without a schema too. */
static bool must_have(const struct review *r, const char *name)
{
	const struct value *schema = schema_of(r);
	struct schema_field *list = NULL;
	bool must = false;
	size_t count;

	if (r->proposal->kind == KIND_CLASSIFICATION || (!schema && r->proposal->kind == KIND_APPROVAL))
		return true;
	count = schema ? schema_field_list(schema, &list) : 0;
	for (size_t i = 0; i < count; i++)
		must = must || (list[i].required && strcmp(list[i].name, name) == 0);
	free(list);
	return must;
}

static int check_cannot_tell(const struct review *r, const struct decision *d, struct err *err)
{
	for (size_t i = 0; i < d->field_count; i++) {
		const struct decision_field *f = &d->fields[i];
		const char *title = definition_field_title(r->definition, f->name);

		if (f->state != FIELD_CANNOT_TELL)
			continue;
		if (must_have(r, f->name) && d->outcome != OUTCOME_ESCALATE
		    && d->outcome != OUTCOME_RETURN) {
			err_set(err, ERR_DENIED, N_("%s is wanted and answered “can't tell”: escalate or "
			        "return"), title);
			err_where(err, "/%s", f->name);
			return ERR_DENIED;
		}
		if (d->outcome == OUTCOME_APPROVE) {
			err_set(err, ERR_INVALID, N_("%s is answered “can't tell”: send this as a correction"),
			        title);
			err_where(err, "/%s", f->name);
			return ERR_INVALID;
		}
	}
	return 0;
}

/* --- the value ------------------------------------------------------------------------ */

static int check_fit(const struct review *r, const struct fit *fit, const struct decision *d,
                     struct err *err)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	int rc = 0;

	if (!fit_answer(fit, r->proposal->action, d->value, &faults)) {
		rc = ERR_INVALID;
		if (err && err->code == ERR_NONE && faults.count) {
			*err = faults.items[0].err;
			err->code = ERR_INVALID;
			err_where(err, "%s", faults.items[0].pointer);
		}
		err_set(err, ERR_INVALID, N_("this answer does not fit the queue's form"));
	}
	schema_faults_clear(&faults);
	return rc;
}

static bool departs(const struct decision *d)
{
	for (size_t i = 0; i < d->field_count; i++)
		if (d->fields[i].state == FIELD_CORRECTED || d->fields[i].state == FIELD_CANNOT_TELL)
			return true;
	return false;
}

static int check_value(const struct review *r, const struct fit *fit, const struct decision *d,
                       const struct work_seen *seen, struct err *err)
{
	if (d->outcome != OUTCOME_CORRECT)
		return d->value ? err_set(err, ERR_INVALID, N_("only a correction carries a value")) : 0;
	if (!d->value)
		return err_set(err, ERR_INVALID, N_("a correction needs its value"));
	if (check_fit(r, fit, d, err))
		return ERR_INVALID;
	if (!departs(d))
		return err_set(err, ERR_INVALID, N_("nothing was changed: approve it instead"));
	if ((r->proposal->safety_class == CLASS_HIGH_IMPACT || required(r, "diff", d->outcome))
	    && !seen->diff_shown)
		return err_set(err, ERR_DENIED, N_("look at the change side by side first"));
	return 0;
}

int answer_check(const struct review *r, const struct fit *fit, const struct decision *d,
                 const struct work_seen *seen, struct err *err)
{
	int rc = check_open(r, d, fit, err);

	if (!rc)
		rc = check_seen(r, d, seen, err);
	if (!rc)
		rc = check_cannot_tell(r, d, err);
	if (!rc)
		rc = check_reasons(r, d, err);
	if (!rc)
		rc = check_route(r, d, err);
	if (!rc)
		rc = check_texts(r, d, err);
	if (!rc)
		rc = check_value(r, fit, d, seen, err);
	if (!rc)
		rc = check_confirmed(r, d, seen, err);
	return rc;
}
