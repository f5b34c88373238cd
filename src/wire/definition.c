/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/definition.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/read/place.h"

enum { NAME_MAX_BYTES = 200, LEASE_DEFAULT_S = 900, LEASE_MIN_S = 10,
       LEASE_MAX_S = 86400, DUE_MAX_S = 366 * 86400 };

/* A label or reason: a plain text, or an object with name and title. */
static int read_named(const struct value *v, const struct place *at, const char **name,
                      const char **title, struct err *err)
{
	*name = *title = value_str(v);
	if (*name && **name)
		return 0;
	if (*name)
		return place_fault(at, err, N_("this text must not be empty"));
	if (place_is_object(v, at, err)
	    || place_name(v, at, "name", PLACE_REQUIRED, NAME_MAX_BYTES, name, err)
	    || place_text(v, at, "title", PLACE_OPTIONAL, title, err))
		return ERR_INVALID;
	if (!*title)
		*title = *name;
	return 0;
}

static int read_labels(struct definition *d, const struct place *root, struct err *err)
{
	const struct value *list;
	struct place labels = { .up = root, .key = "labels" };
	enum place_need need = d->kind == KIND_CLASSIFICATION ? PLACE_REQUIRED : PLACE_OPTIONAL;

	if (place_array(d->doc, root, "labels", need, &list, err))
		return ERR_INVALID;
	if (need == PLACE_REQUIRED && !value_count(list))
		return place_fault(&labels, err, N_("at least one label is needed"));
	d->labels = mem_zalloc(value_count(list) * sizeof *d->labels);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &labels, .index = i };
		struct label *l = &d->labels[i];

		if (read_named(v, &here, &l->name, &l->title, err)
		    || place_text(v, &here, "text", PLACE_OPTIONAL, &l->text, err)
		    || place_texts(v, &here, "not", &l->not_examples, err))
			return ERR_INVALID;
		if (definition_find_label(d, l->name))
			return place_fault(&here, err, N_("the label \"%s\" stands twice"), l->name);
		d->label_count++;
	}
	return 0;
}

static int read_actions(struct definition *d, const struct place *root, struct err *err)
{
	const struct value *list;
	struct place actions = { .up = root, .key = "actions" };

	if (place_object(d->doc, root, "actions", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	d->actions = mem_zalloc(value_count(list) * sizeof *d->actions);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &actions, .key = value_key(list, i) };
		struct action *a = &d->actions[i];

		a->name = here.key;
		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "sentence", PLACE_OPTIONAL, &a->sentence, err)
		    || place_object(v, &here, "schema", PLACE_OPTIONAL, &a->schema, err)
		    || place_bool(v, &here, "moves_money", &a->moves_money, err))
			return ERR_INVALID;
		d->action_count++;
	}
	return 0;
}

static bool reason_group_known(const char *name)
{
	static const char *const groups[] = {
		"reject", "return", "escalate", "correct", "cannot_tell", "not_for_me",
	};

	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (strcmp(groups[i], name) == 0)
			return true;
	return false;
}

static int read_reason_group(struct definition *d, size_t *cap, const struct value *list,
                             const struct place *at, struct err *err)
{
	if (!value_is(list, VALUE_ARRAY))
		return place_fault(at, err, N_("a list is expected here"));
	for (size_t i = 0; i < value_count(list); i++) {
		struct place here = { .up = at, .index = i };
		struct reason r = { .outcome = at->key };

		if (read_named(value_at(list, i), &here, &r.name, &r.title, err))
			return ERR_INVALID;
		MEM_GROW(d->reasons, d->reason_count, *cap);
		d->reasons[d->reason_count++] = r;
	}
	return 0;
}

static int read_reasons(struct definition *d, const struct place *root, struct err *err)
{
	const struct value *groups;
	struct place reasons = { .up = root, .key = "reasons" };
	size_t cap = 0;

	if (place_object(d->doc, root, "reasons", PLACE_OPTIONAL, &groups, err))
		return ERR_INVALID;
	for (size_t i = 0; i < value_count(groups); i++) {
		struct place here = { .up = &reasons, .key = value_key(groups, i) };

		if (!reason_group_known(here.key))
			return place_fault(&here, err,
			                   N_("reject, return, escalate, correct, cannot_tell or not_for_me is expected here"));
		if (read_reason_group(d, &cap, value_at(groups, i), &here, err))
			return ERR_INVALID;
	}
	return 0;
}

static int read_guide(struct definition *d, const struct place *root, struct err *err)
{
	const struct value *v = value_find(d->doc, "guide"), *paragraphs;
	struct place at = { .up = root, .key = "guide" };

	if (!v || v->type == VALUE_NULL)
		return 0;
	d->guide = v;
	d->guide_text = value_str(v);
	jcs_digest(v, d->guide_digest);
	if (d->guide_text)
		return 0;
	if (place_is_object(v, &at, err)
	    || place_text(v, &at, "text", PLACE_OPTIONAL, &d->guide_text, err))
		return ERR_INVALID;
	return place_object(v, &at, "paragraphs", PLACE_OPTIONAL, &paragraphs, err);
}

/* {name: decimal in quotes, 0 to 1}. */
static int read_shares(struct definition *d, const struct place *root, const char *key,
                       const struct value **out, struct err *err)
{
	struct place at = { .up = root, .key = key };

	if (place_object(d->doc, root, key, PLACE_OPTIONAL, out, err))
		return ERR_INVALID;
	for (size_t i = 0; i < value_count(*out); i++) {
		const char *s = value_str(value_at(*out, i));

		if (!s || strlen(s) > 20 || strpbrk(s, "eE") || !num_valid(s)
		    || num_compare(s, "0") < 0 || num_compare(s, "1") > 0)
			return place_fault_in(&at, value_key(*out, i), err,
			                      N_("a decimal number from 0 to 1 in quotes is expected here"));
	}
	return 0;
}

static int read_routes(struct definition *d, const struct place *root, struct err *err)
{
	struct place routes = { .up = root, .key = "routes" };

	if (place_array(d->doc, root, "routes", PLACE_OPTIONAL, &d->routes, err))
		return ERR_INVALID;
	for (size_t i = 0; i < value_count(d->routes); i++) {
		const struct value *v = value_at(d->routes, i), *roles;
		struct place here = { .up = &routes, .index = i };
		const char *name;
		int64_t due_s;

		if (place_is_object(v, &here, err)
		    || place_name(v, &here, "name", PLACE_REQUIRED, NAME_MAX_BYTES, &name, err)
		    || place_texts(v, &here, "roles", &roles, err)
		    || place_int(v, &here, "due_s", PLACE_OPTIONAL, 1, DUE_MAX_S, &due_s, err))
			return ERR_INVALID;
	}
	return 0;
}

static int read_running(struct definition *d, const struct place *root, struct err *err)
{
	const char *least;

	if (place_object(d->doc, root, "signals", PLACE_OPTIONAL, &d->signals, err)
	    || read_shares(d, root, "bands", &d->bands, err)
	    || read_shares(d, root, "thresholds", &d->thresholds, err)
	    || place_text(d->doc, root, "class", PLACE_OPTIONAL, &least, err)
	    || place_int(d->doc, root, "lease_s", PLACE_OPTIONAL, LEASE_MIN_S, LEASE_MAX_S,
	                 &d->lease_s, err)
	    || place_bool(d->doc, root, "waits", &d->waits, err)
	    || place_text(d->doc, root, "on_expiry", PLACE_OPTIONAL, &d->on_expiry, err)
	    || place_object(d->doc, root, "require", PLACE_OPTIONAL, &d->require, err)
	    || place_int(d->doc, root, "due_s", PLACE_OPTIONAL, 0, DUE_MAX_S, &d->due_s, err)
	    || read_routes(d, root, err))
		return ERR_INVALID;
	if (least && !class_find(least, &d->least_class))
		return place_fault_in(root, "class", err,
		                      N_("informational, assistive, bounded or high_impact is expected here"));
	if (d->on_expiry && strcmp(d->on_expiry, "close") != 0
	    && strcmp(d->on_expiry, "suspend") != 0)
		return place_fault_in(root, "on_expiry", err, N_("close or suspend is expected here"));
	if (d->lease_s < 0)
		d->lease_s = LEASE_DEFAULT_S;
	if (d->due_s < 0)
		d->due_s = 0;
	return 0;
}

static int read_asked(struct definition *d, const struct place *root, struct err *err)
{
	const char *kind;
	enum place_need schema;

	if (place_name(d->doc, root, "queue", PLACE_REQUIRED, NAME_MAX_BYTES, &d->queue, err)
	    || place_text(d->doc, root, "title", PLACE_OPTIONAL, &d->title, err)
	    || place_text(d->doc, root, "kind", PLACE_REQUIRED, &kind, err))
		return ERR_INVALID;
	if (!kind_find(kind, &d->kind))
		return place_fault_in(root, "kind", err,
		                      N_("extraction, classification or approval is expected here"));
	if (!d->title)
		d->title = d->queue;
	schema = d->kind == KIND_EXTRACTION ? PLACE_REQUIRED : PLACE_OPTIONAL;
	if (place_object(d->doc, root, "schema", schema, &d->schema, err)
	    || read_labels(d, root, err) || read_actions(d, root, err))
		return ERR_INVALID;
	return read_reasons(d, root, err);
}

int wire_definition_read(struct value *doc, struct definition **out, struct err *err)
{
	struct place root = { .up = NULL };
	struct definition *d = mem_zalloc(sizeof *d);

	d->doc = doc;
	if (place_is_object(doc, &root, err) || read_asked(d, &root, err)
	    || read_guide(d, &root, err) || read_running(d, &root, err)) {
		definition_free(d);
		return ERR_INVALID;
	}
	digest_definition(doc, d->digest);
	*out = d;
	return 0;
}
