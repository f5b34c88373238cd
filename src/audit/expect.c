/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/expect.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "wire/jcs.h"

/* Each column with what it is in a row: s text, i number, b number 0 or 1. */
struct column {
	const char *name;
	char type;
};

static const struct column proposal_columns[] = {
	{ "queue", 's' }, { "external_id", 's' }, { "kind", 's' }, { "class", 's' },
	{ "producer", 's' }, { "route", 's' }, { NULL, 0 }
};
static const struct column decision_columns[] = {
	{ "proposal", 's' }, { "review", 's' }, { "revision", 'i' }, { "principal", 's' },
	{ "role", 's' }, { "device", 's' }, { "seq", 'i' }, { "stage", 's' }, { "outcome", 's' },
	{ "verdict", 's' }, { "late", 'b' }, { "state", 's' }, { "amends", 's' },
	{ "received_at", 's' }, { "leaf", 'i' }, { "envelope_digest", 's' }, { NULL, 0 }
};
static const struct column result_columns[] = {
	{ "proposal", 's' }, { "number", 'i' }, { "revision", 'i' }, { "state", 's' },
	{ "changed", 'b' }, { "decision", 's' }, { "digest", 's' }, { "decided_at", 's' },
	{ "leaf", 'i' }, { NULL, 0 }
};
static const struct column release_columns[] = {
	{ "id", 's' }, { "proposal", 's' }, { "number", 'i' }, { "digest", 's' },
	{ "released_at", 's' }, { "leaf", 'i' }, { NULL, 0 }
};

static const struct column *columns_of(enum fact_kind kind)
{
	switch (kind) {
	case FACT_PROPOSAL: return proposal_columns;
	case FACT_DECISION: return decision_columns;
	case FACT_RESULT: return result_columns;
	case FACT_RELEASE: return release_columns;
	default: return NULL;
	}
}

static struct value *of_proposal(const struct leaf *leaf)
{
	struct value *v = value_new_object();

	value_set_string(v, "queue", leaf->queue);
	value_set_string(v, "external_id", value_text(leaf->data, "external_id"));
	value_set_string(v, "kind", value_text(leaf->data, "kind"));
	value_set_string(v, "class", value_text(leaf->data, "class"));
	value_set_string(v, "producer", value_text(leaf->data, "producer"));
	value_set_string(v, "route", leaf->route);
	return v;
}

static struct value *of_decision(int64_t index, const struct leaf *leaf)
{
	struct value *v = value_new_object();

	value_set_string(v, "proposal", leaf->subject);
	value_set_string(v, "review", leaf->review);
	value_set_int(v, "revision", leaf->revision);
	value_set_string(v, "principal", leaf->actor);
	value_set_string(v, "role", leaf->role);
	value_set_string(v, "device", leaf->device);
	value_set_int(v, "seq", leaf->device ? value_int_or(leaf->data, "seq", 0) : 0);
	value_set_string(v, "stage", leaf->stage);
	value_set_string(v, "outcome", leaf->outcome);
	value_set_string(v, "verdict", leaf->verdict);
	value_set_int(v, "late", leaf->late);
	value_set_string(v, "state", leaf->state);
	value_set_string(v, "amends", value_text(leaf->data, "amends"));
	value_set_string(v, "received_at", leaf->at);
	value_set_int(v, "leaf", index);
	value_set_string(v, "envelope_digest", leaf->envelope);
	return v;
}

const struct value *expect_result(const struct leaf *leaf)
{
	const struct value *r = leaf->type == LEAF_DECISION ? value_find(leaf->data, "result")
	                                                    : leaf->data;

	if (leaf->type != LEAF_DECISION && leaf->type != LEAF_RESULT &&
	    leaf->type != LEAF_WITHDRAW && leaf->type != LEAF_OVERTURNED)
		return NULL;
	return value_text(r, "digest") ? r : NULL;
}

static struct value *of_result(int64_t index, const struct leaf *leaf)
{
	const struct value *r = expect_result(leaf);
	struct value *v;

	if (!r)
		return NULL;
	v = value_new_object();
	value_set_string(v, "proposal", leaf->subject);
	value_set_int(v, "number", value_int_or(r, "number", 0));
	value_set_int(v, "revision", leaf->revision);
	value_set_string(v, "state", value_text(r, "state"));
	value_set_int(v, "changed", value_bool_or(r, "changed", false));
	value_set_string(v, "decision", leaf->type == LEAF_DECISION ? leaf->event : NULL);
	value_set_string(v, "digest", value_text(r, "digest"));
	value_set_string(v, "decided_at", leaf->at);
	value_set_int(v, "leaf", index);
	return v;
}

static struct value *of_release(int64_t index, const struct leaf *leaf)
{
	struct value *v = value_new_object();

	value_set_string(v, "id", leaf->event);
	value_set_string(v, "proposal", leaf->subject);
	value_set_int(v, "number", value_int_or(leaf->data, "number", 0));
	value_set_string(v, "digest", value_text(leaf->data, "digest"));
	value_set_string(v, "released_at", leaf->at);
	value_set_int(v, "leaf", index);
	return v;
}

struct value *expect_columns(enum fact_kind kind, int64_t index, const struct leaf *leaf)
{
	switch (kind) {
	case FACT_PROPOSAL: return of_proposal(leaf);
	case FACT_DECISION: return of_decision(index, leaf);
	case FACT_RESULT: return of_result(index, leaf);
	case FACT_RELEASE: return of_release(index, leaf);
	default: return NULL;
	}
}

struct value *expect_row(enum fact_kind kind, const struct value *row)
{
	struct value *v = value_new_object();

	for (const struct column *c = columns_of(kind); c->name; c++) {
		const struct value *cell = value_find(row, c->name);

		if (c->type == 's' || (cell && !value_is_number(cell) && cell->type != VALUE_BOOL &&
		                       cell->type != VALUE_NULL))
			value_set(v, c->name, cell ? value_copy(cell) : value_new_null());
		else if (value_is(cell, VALUE_BOOL))
			value_set_int(v, c->name, cell->b);
		else
			value_set_int(v, c->name, value_int_or(row, c->name, 0));
	}
	/* A number without a device was not taken into account. */
	if (kind == FACT_DECISION && !value_text(row, "device"))
		value_set_int(v, "seq", 0);
	return v;
}

void expect_hash(const struct value *columns, unsigned char out[FACTS_KEY])
{
	struct buf text = BUF_INIT;
	unsigned char hash[HASH_SIZE];

	jcs_write(columns, &text);
	hash_sha256(buf_str(&text), text.len, hash);
	memcpy(out, hash, FACTS_KEY);
	buf_clear(&text);
}
