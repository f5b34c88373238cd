/* SPDX-License-Identifier: Apache-2.0 */
#include "work/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "wire/json.h"
#include "work/state.h"

char *draft_text(const struct decision *answer)
{
	struct value *v = value_new_object(), *fields, *reasons;
	struct buf text = BUF_INIT;

	value_set_string(v, "outcome", outcome_name(answer->outcome));
	fields = value_set(v, "fields", value_new_object());
	for (size_t i = 0; i < answer->field_count; i++) {
		const struct decision_field *f = &answer->fields[i];
		struct value *field = value_set(fields, f->name, value_new_object());

		value_set_string(field, "state", field_state_name(f->state));
		value_set_string(field, "reason", f->reason);
	}
	reasons = value_set(v, "reasons", value_new_array());
	for (size_t i = 0; i < answer->reason_count; i++)
		value_push(reasons, value_new_string(answer->reasons[i]));
	value_set_string(v, "route", answer->route);
	value_set(v, "value", answer->value ? value_copy(answer->value) : value_new_null());
	value_set_string(v, "message", answer->message);
	value_set_string(v, "note", answer->note);
	json_text(v, &text);
	value_free(v);
	return buf_take(&text);
}

static void read_fields(struct decision *d, const struct value *fields)
{
	for (size_t i = 0; i < value_count(fields); i++) {
		const struct value *f = value_at(fields, i);
		const char *word = value_text(f, "state");
		enum field_state state;

		if (word && field_state_find(word, &state))
			decision_set_field(d, value_key(fields, i), state, value_text(f, "reason"));
	}
}

int draft_read(const char *text, struct decision **out, struct err *err)
{
	struct value *v, *value;
	const struct value *reasons;
	struct decision *d;
	const char *word;
	int rc = json_parse(text, strlen(text), NULL, &v, err);

	*out = NULL;
	if (rc)
		return rc;
	d = decision_new();
	word = value_text(v, "outcome");
	if (!word || !outcome_find(word, &d->outcome))
		d->outcome = OUTCOME_CORRECT;
	read_fields(d, value_find(v, "fields"));
	reasons = value_find(v, "reasons");
	for (size_t i = 0; i < value_count(reasons); i++)
		if (value_str(value_at(reasons, i)))
			decision_add_reason(d, value_str(value_at(reasons, i)));
	d->route = mem_strdup(value_text(v, "route"));
	d->message = mem_strdup(value_text(v, "message"));
	d->note = mem_strdup(value_text(v, "note"));
	value = value_take(v, "value");
	if (value_is(value, VALUE_NULL))
		value_free(value);
	else
		d->value = value;
	value_free(v);
	*out = d;
	return 0;
}

static bool empty(const struct decision *d)
{
	return !d->field_count && !d->reason_count && !d->route && !d->value && !d->message
	       && !d->note;
}

int work_draft_save(struct work *w, const char *review, const struct decision *answer,
                    struct err *err)
{
	char *text;
	int rc;

	if (!answer || empty(answer))
		return store_draft_put(w->store, review, NULL, err);
	text = draft_text(answer);
	rc = store_draft_put(w->store, review, text, err);
	free(text);
	return rc;
}

int work_draft_load(struct work *w, const char *review, struct decision **out,
                    struct err *err)
{
	char *text;
	int rc = store_draft_find(w->store, review, &text, err);

	*out = NULL;
	if (!rc && text)
		rc = draft_read(text, out, err);
	free(text);
	return rc;
}
