/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/leaf.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/msg.h"
#include "wire/jcs.h"
#include "wire/json.h"
#include "wire/prescan.h"

enum { LEAF_VERSION = 1 };

static const char *const types[] = {
#define LEAF_NAME(symbol, name) [LEAF_##symbol] = name,
	LEAF_TYPE_TABLE(LEAF_NAME)
#undef LEAF_NAME
};

const char *leaf_type_name(enum leaf_type type)
{
	return types[type];
}

bool leaf_type_find(const char *name, enum leaf_type *out)
{
	for (int i = 0; name && i < LEAF_TYPE_COUNT; i++)
		if (strcmp(types[i], name) == 0) {
			*out = (enum leaf_type)i;
			return true;
		}
	return false;
}

/* The members that are texts or values; v, type, revision and late stand
 * apart. */
enum shape { TEXT, TREE };
static const struct {
	const char *name;
	enum shape shape;
	size_t offset;
} members[] = {
	{ "at", TEXT, offsetof(struct leaf, at) },
	{ "actor", TEXT, offsetof(struct leaf, actor) },
	{ "role", TEXT, offsetof(struct leaf, role) },
	{ "authority", TEXT, offsetof(struct leaf, authority) },
	{ "device", TEXT, offsetof(struct leaf, device) },
	{ "event", TEXT, offsetof(struct leaf, event) },
	{ "queue", TEXT, offsetof(struct leaf, queue) },
	{ "subject", TEXT, offsetof(struct leaf, subject) },
	{ "envelope", TEXT, offsetof(struct leaf, envelope) },
	{ "proposed", TEXT, offsetof(struct leaf, proposed) },
	{ "shown", TEXT, offsetof(struct leaf, shown) },
	{ "decided", TEXT, offsetof(struct leaf, decided) },
	{ "definition", TEXT, offsetof(struct leaf, definition) },
	{ "policy", TEXT, offsetof(struct leaf, policy) },
	{ "guide", TEXT, offsetof(struct leaf, guide) },
	{ "token", TEXT, offsetof(struct leaf, token) },
	{ "outcome", TEXT, offsetof(struct leaf, outcome) },
	{ "verdict", TEXT, offsetof(struct leaf, verdict) },
	{ "stage", TEXT, offsetof(struct leaf, stage) },
	{ "review", TEXT, offsetof(struct leaf, review) },
	{ "fields", TREE, offsetof(struct leaf, fields) },
	{ "reasons", TREE, offsetof(struct leaf, reasons) },
	{ "state", TEXT, offsetof(struct leaf, state) },
	{ "route", TEXT, offsetof(struct leaf, route) },
	{ "data", TREE, offsetof(struct leaf, data) },
	{ "signature", TEXT, offsetof(struct leaf, signature) },
};
enum { MEMBERS = sizeof members / sizeof members[0], APART = 4 };

static const char **text_slot(const struct leaf *leaf, size_t i)
{
	return (const char **)((char *)leaf + members[i].offset);
}

static const struct value **tree_slot(const struct leaf *leaf, size_t i)
{
	return (const struct value **)((char *)leaf + members[i].offset);
}

struct value *leaf_value(const struct leaf *leaf)
{
	struct value *v = value_new_object();

	value_set_int(v, "v", LEAF_VERSION);
	value_set_string(v, "type", leaf_type_name(leaf->type));
	value_set(v, "revision",
	          leaf->revision ? value_new_int(leaf->revision) : value_new_null());
	value_set_bool(v, "late", leaf->late);
	for (size_t i = 0; i < MEMBERS; i++) {
		if (members[i].shape == TEXT)
			value_append(v, members[i].name, value_new_string(*text_slot(leaf, i)));
		else if (*tree_slot(leaf, i))
			value_append(v, members[i].name, value_copy(*tree_slot(leaf, i)));
		else
			value_append(v, members[i].name, value_new_null());
	}
	return v;
}

static bool has_real(const struct value *v)
{
	if (value_is(v, VALUE_REAL))
		return true;
	for (size_t i = 0; i < value_count(v); i++)
		if (has_real(value_at(v, i)))
			return true;
	return false;
}

int leaf_write(const struct leaf *leaf, struct buf *out, struct err *err)
{
	struct value *v;

	if (!leaf->at || !leaf->actor)
		return err_set(err, ERR_INTERNAL, N_("a log entry has no time or no actor"));
	if (has_real(leaf->fields) || has_real(leaf->reasons) || has_real(leaf->data))
		return err_set(err, ERR_INTERNAL, N_("a log entry holds a fractional number"));
	v = leaf_value(leaf);
	jcs_write(v, out);
	value_free(v);
	return 0;
}

static int broken(struct err *err, const char *member)
{
	return err_set(err, ERR_CORRUPT, N_("this is no log entry of version 1: %s"), member);
}

static int take_member(const struct value *doc, size_t i, struct leaf *leaf, struct err *err)
{
	const struct value *v = value_find(doc, members[i].name);

	if (!v)
		return broken(err, members[i].name);
	if (v->type == VALUE_NULL)
		return 0;
	if (members[i].shape == TREE) {
		enum value_type wanted = members[i].offset == offsetof(struct leaf, reasons)
			? VALUE_ARRAY : VALUE_OBJECT;

		if (v->type != wanted)
			return broken(err, members[i].name);
		*tree_slot(leaf, i) = v;
	} else {
		if (v->type != VALUE_STRING)
			return broken(err, members[i].name);
		*text_slot(leaf, i) = v->s;
	}
	return 0;
}

static int take_apart(const struct value *doc, struct leaf *leaf, struct err *err)
{
	const struct value *revision = value_find(doc, "revision");
	const struct value *late = value_find(doc, "late");

	if (value_int_or(doc, "v", 0) != LEAF_VERSION)
		return broken(err, "v");
	if (!leaf_type_find(value_text(doc, "type"), &leaf->type))
		return broken(err, "type");
	if (value_is(revision, VALUE_INT) && revision->i > 0)
		leaf->revision = revision->i;
	else if (!value_is(revision, VALUE_NULL))
		return broken(err, "revision");
	if (!value_is(late, VALUE_BOOL))
		return broken(err, "late");
	leaf->late = late->b;
	return 0;
}

static int take_all(const struct value *doc, struct leaf *leaf, struct err *err)
{
	int64_t ms;

	if (!value_is(doc, VALUE_OBJECT) || value_count(doc) != MEMBERS + APART)
		return broken(err, "members");
	if (take_apart(doc, leaf, err))
		return ERR_CORRUPT;
	for (size_t i = 0; i < MEMBERS; i++)
		if (take_member(doc, i, leaf, err))
			return ERR_CORRUPT;
	if (!leaf->at || !clock_parse(leaf->at, &ms))
		return broken(err, "at");
	if (!leaf->actor)
		return broken(err, "actor");
	return has_real(doc) ? broken(err, "data") : 0;
}

int leaf_read(const char *bytes, size_t len, struct value **doc, struct leaf *leaf,
              struct err *err)
{
	struct buf again = BUF_INIT;
	struct value *v = NULL;
	int code;

	*leaf = (struct leaf){ .late = false };
	if (json_parse(bytes, len, NULL, &v, err)) {
		if (err && err->code == ERR_INVALID)
			err->code = ERR_CORRUPT;
		return ERR_CORRUPT;
	}
	code = take_all(v, leaf, err);
	if (!code) {
		jcs_write(v, &again);
		if (again.len != len || memcmp(buf_str(&again), bytes, len) != 0)
			code = broken(err, "form");
		buf_clear(&again);
	}
	if (code) {
		value_free(v);
		*leaf = (struct leaf){ .late = false };
		return code;
	}
	*doc = v;
	return 0;
}
