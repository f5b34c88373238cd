/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/decision.h"

#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "wire/digest.h"
#include "wire/read/place.h"
#include "wire/token.h"

enum { NAME_MAX_BYTES = 200 };
static const int64_t int_max = ((int64_t)1 << 53) - 1;

/* --- writing ------------------------------------------------------------------ */

static struct value *texts(char **list, size_t count)
{
	struct value *v = value_new_array();

	for (size_t i = 0; i < count; i++)
		value_push(v, value_new_string(list[i]));
	return v;
}

static struct value *fields_value(const struct decision *d)
{
	struct value *v = value_new_object();

	for (size_t i = 0; i < d->field_count; i++) {
		const struct decision_field *f = &d->fields[i];
		struct value *field = value_set(v, f->name, value_new_object());

		value_set_string(field, "state", field_state_name(f->state));
		if (f->reason)
			value_set_string(field, "reason", f->reason);
	}
	return v;
}

/* An empty text of a fixed array means absent. */
static const char *present(const char *text)
{
	return *text ? text : NULL;
}

struct value *decision_envelope(const struct decision *d)
{
	struct value *v = value_new_object();

	value_set_string(v, "id", d->id);
	value_set_string(v, "review", d->review);
	value_set_int(v, "revision", d->revision);
	value_set_string(v, "token", d->token);
	value_set_string(v, "outcome", outcome_name(d->outcome));
	value_set(v, "fields", fields_value(d));
	value_set(v, "reasons", texts(d->reasons, d->reason_count));
	value_set_string(v, "route", d->route);
	value_set_string(v, "shown", present(d->shown));
	value_set_string(v, "policy", present(d->policy));
	value_set_string(v, "guide", present(d->guide));
	value_set(v, "checked_against", texts(d->checked_against, d->checked_count));
	value_set_string(v, "opened_at", d->opened_at);
	value_set_string(v, "decided_at", d->decided_at);
	value_set_int(v, "active_ms", d->active_ms);
	value_set(v, "panes", texts(d->panes, d->pane_count));
	value_set_string(v, "blind", d->blind);
	value_set_string(v, "amends", d->amends);
	value_set_int(v, "renderer", d->renderer);
	value_set(v, "flags_shown", texts(d->flags_shown, d->flag_count));
	value_set_string(v, "content_digest", present(d->content_digest));
	value_set_string(v, "device", present(d->device));
	value_set(v, "seq", d->seq > 0 ? value_new_int(d->seq) : value_new_null());
	value_set_string(v, "signature", d->signature);
	return v;
}

struct value *decision_hashed(const struct decision *d)
{
	return digest_answer(d->value, d->message, d->note);
}

struct value *decision_content(const struct decision *d)
{
	struct value *v = value_new_object();

	value_set_string(v, "salt", d->salt);
	value_set(v, "value", d->value ? value_copy(d->value) : value_new_null());
	value_set_string(v, "message", d->message);
	value_set_string(v, "note", d->note);
	return v;
}

void decision_seal(struct decision *d)
{
	struct value *hashed = decision_hashed(d);

	if (!d->salt[0])
		hash_new_salt(d->salt);
	digest_content(d->salt, hashed, d->content_digest);
	value_free(hashed);
}

/* --- reading ------------------------------------------------------------------ */

/* Copies a checked text of known length, or leaves the array empty. */
static void keep(char *out, size_t size, const char *text)
{
	if (text)
		memcpy(out, text, strnlen(text, size - 1) + 1);
}

static int read_ids(struct decision *d, const struct value *v, const struct place *root,
                    struct err *err)
{
	const char *id, *review, *amends, *device;
	int64_t seq;

	if (place_id(v, root, "id", PLACE_REQUIRED, &id, err)
	    || place_id(v, root, "review", PLACE_REQUIRED, &review, err)
	    || place_int(v, root, "revision", PLACE_REQUIRED, 1, int_max, &d->revision, err)
	    || place_id(v, root, "amends", PLACE_OPTIONAL, &amends, err)
	    || place_id(v, root, "device", PLACE_REQUIRED, &device, err)
	    || place_int(v, root, "seq", PLACE_OPTIONAL, 0, int_max, &seq, err))
		return ERR_INVALID;
	keep(d->id, sizeof d->id, id);
	d->review = mem_strdup(review);
	d->amends = mem_strdup(amends);
	keep(d->device, sizeof d->device, device);
	d->seq = seq > 0 ? seq : 0;
	return 0;
}

static int read_digests(struct decision *d, const struct value *v, const struct place *root,
                        struct err *err)
{
	const char *shown, *policy, *guide, *blind, *content;

	if (place_digest(v, root, "shown", PLACE_REQUIRED, &shown, err)
	    || place_digest(v, root, "policy", PLACE_OPTIONAL, &policy, err)
	    || place_digest(v, root, "guide", PLACE_OPTIONAL, &guide, err)
	    || place_digest(v, root, "blind", PLACE_OPTIONAL, &blind, err)
	    || place_digest(v, root, "content_digest", PLACE_REQUIRED, &content, err))
		return ERR_INVALID;
	keep(d->shown, sizeof d->shown, shown);
	keep(d->policy, sizeof d->policy, policy);
	keep(d->guide, sizeof d->guide, guide);
	d->blind = mem_strdup(blind);
	keep(d->content_digest, sizeof d->content_digest, content);
	return 0;
}

static int read_fields(struct decision *d, const struct value *v, const struct place *root,
                       struct err *err)
{
	const struct value *fields;
	struct place in_fields = { .up = root, .key = "fields" };

	if (place_object(v, root, "fields", PLACE_REQUIRED, &fields, err))
		return ERR_INVALID;
	for (size_t i = 0; i < value_count(fields); i++) {
		const struct value *field = value_at(fields, i);
		struct place here = { .up = &in_fields, .key = value_key(fields, i) };
		enum field_state state;
		const char *word, *reason;

		if (place_is_object(field, &here, err)
		    || place_text(field, &here, "state", PLACE_REQUIRED, &word, err)
		    || place_text(field, &here, "reason", PLACE_OPTIONAL, &reason, err))
			return ERR_INVALID;
		if (!field_state_find(word, &state))
			return place_fault_in(&here, "state", err,
			                      N_("confirmed, corrected, cannot_tell or not_asked is expected here"));
		decision_set_field(d, here.key, state, reason);
	}
	return 0;
}

static int read_list(struct decision *d, const struct value *v, const struct place *root,
                     const char *key, void (*add)(struct decision *, const char *),
                     struct err *err)
{
	const struct value *list;

	if (place_texts(v, root, key, &list, err))
		return ERR_INVALID;
	for (size_t i = 0; i < value_count(list); i++)
		add(d, value_str(value_at(list, i)));
	return 0;
}

static int read_answer(struct decision *d, const struct value *v, const struct place *root,
                       struct err *err)
{
	const char *word, *token, *route;

	if (place_text(v, root, "token", PLACE_REQUIRED, &token, err)
	    || place_text(v, root, "outcome", PLACE_REQUIRED, &word, err)
	    || place_name(v, root, "route", PLACE_OPTIONAL, NAME_MAX_BYTES, &route, err))
		return ERR_INVALID;
	if (token_number(token) < 0)
		return place_fault_in(root, "token", err, N_("a lease token is expected here"));
	if (!outcome_find(word, &d->outcome))
		return place_fault_in(root, "outcome", err,
		                      N_("approve, correct, reject, return or escalate is expected here"));
	d->token = mem_strdup(token);
	d->route = mem_strdup(route);
	if (read_fields(d, v, root, err))
		return ERR_INVALID;
	return read_list(d, v, root, "reasons", decision_add_reason, err);
}

static int read_circumstances(struct decision *d, const struct value *v,
                              const struct place *root, struct err *err)
{
	const char *opened, *decided, *signature;

	if (place_time(v, root, "opened_at", PLACE_REQUIRED, &opened, err)
	    || place_time(v, root, "decided_at", PLACE_REQUIRED, &decided, err)
	    || place_int(v, root, "active_ms", PLACE_REQUIRED, 0, int_max, &d->active_ms, err)
	    || place_int(v, root, "renderer", PLACE_REQUIRED, 0, INT32_MAX, &d->renderer, err)
	    || place_text(v, root, "signature", PLACE_OPTIONAL, &signature, err)
	    || read_list(d, v, root, "checked_against", decision_add_checked, err)
	    || read_list(d, v, root, "panes", decision_add_pane, err)
	    || read_list(d, v, root, "flags_shown", decision_add_flag, err))
		return ERR_INVALID;
	d->opened_at = mem_strdup(opened);
	d->decided_at = mem_strdup(decided);
	d->signature = mem_strdup(signature);
	return 0;
}

static int read_content(struct decision *d, const struct value *v, const struct place *root,
                        struct err *err)
{
	const struct value *content, *value;
	struct place at = { .up = root, .key = "content" };
	const char *salt, *message, *note;
	unsigned char raw[SALT_SIZE];
	char claimed[HASH_TEXT_SIZE];

	if (place_object(v, root, "content", PLACE_OPTIONAL, &content, err))
		return ERR_INVALID;
	if (!content)
		return 0;
	if (place_text(content, &at, "salt", PLACE_REQUIRED, &salt, err)
	    || place_text(content, &at, "message", PLACE_OPTIONAL, &message, err)
	    || place_text(content, &at, "note", PLACE_OPTIONAL, &note, err))
		return ERR_INVALID;
	if (!hash_unhex(salt, raw, sizeof raw))
		return place_fault_in(&at, "salt", err,
		                      N_("32 hexadecimal digits in lower case are expected here"));
	value = value_find(content, "value");
	keep(d->salt, sizeof d->salt, salt);
	if (value && value->type != VALUE_NULL)
		d->value = value_copy(value);
	d->message = mem_strdup(message);
	d->note = mem_strdup(note);
	memcpy(claimed, d->content_digest, sizeof claimed);
	decision_seal(d);
	if (strcmp(claimed, d->content_digest) != 0)
		return place_fault_in(root, "content_digest", err,
		                      N_("the content is not the one that was digested"));
	return 0;
}

int decision_read(const struct value *doc, struct decision **out, struct err *err)
{
	struct place root = { .up = NULL };
	struct decision *d = decision_new();

	if (place_is_object(doc, &root, err) || read_ids(d, doc, &root, err)
	    || read_answer(d, doc, &root, err) || read_digests(d, doc, &root, err)
	    || read_circumstances(d, doc, &root, err) || read_content(d, doc, &root, err)) {
		decision_free(d);
		return ERR_INVALID;
	}
	*out = d;
	return 0;
}
