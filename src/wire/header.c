/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/header.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "wire/read/place.h"

enum { NAME_MAX_BYTES = 200 };
static const int64_t int_max = ((int64_t)1 << 53) - 1;

static int read_words(const struct value *v, const struct place *root,
                      struct review_header *out, struct err *err)
{
	const char *kind, *safety_class, *stage;

	if (place_text(v, root, "kind", PLACE_REQUIRED, &kind, err)
	    || place_text(v, root, "class", PLACE_REQUIRED, &safety_class, err)
	    || place_text(v, root, "stage", PLACE_REQUIRED, &stage, err))
		return ERR_INVALID;
	if (!kind_find(kind, &out->kind))
		return place_fault_in(root, "kind", err, N_("this word is not known here"));
	if (!class_find(safety_class, &out->safety_class))
		return place_fault_in(root, "class", err, N_("this word is not known here"));
	if (!stage_find(stage, &out->stage))
		return place_fault_in(root, "stage", err, N_("this word is not known here"));
	return 0;
}

/* order may be negative: it is read by hand. */
static int read_order(const struct value *v, const struct place *root, int64_t *out,
                      struct err *err)
{
	const struct value *order = value_find(v, "order");

	if (!value_is(order, VALUE_INT) || order->i > int_max || order->i < -int_max)
		return place_fault_in(root, "order", err, N_("a whole number is expected here"));
	*out = order->i;
	return 0;
}

int wire_header_read(const struct value *v, struct review_header *out, struct err *err)
{
	struct place root = { .up = NULL };
	const char *review, *proposal, *external_id, *queue, *group, *state, *due, *received;
	const struct value *confidence;

	*out = (struct review_header){ .confidence_pm = -1 };
	if (place_is_object(v, &root, err)
	    || place_id(v, &root, "review", PLACE_REQUIRED, &review, err)
	    || place_id(v, &root, "proposal", PLACE_REQUIRED, &proposal, err)
	    || place_name(v, &root, "external_id", PLACE_REQUIRED, NAME_MAX_BYTES,
	                  &external_id, err)
	    || place_name(v, &root, "queue", PLACE_REQUIRED, NAME_MAX_BYTES, &queue, err)
	    || place_text(v, &root, "case", PLACE_OPTIONAL, &group, err)
	    || place_text(v, &root, "state", PLACE_REQUIRED, &state, err)
	    || place_share(v, &root, "confidence", &confidence, err)
	    || place_time(v, &root, "due_at", PLACE_OPTIONAL, &due, err)
	    || place_time(v, &root, "received_at", PLACE_REQUIRED, &received, err)
	    || place_bool(v, &root, "held", &out->held, err)
	    || read_words(v, &root, out, err) || read_order(v, &root, &out->order, err))
		return ERR_INVALID;
	memcpy(out->review, review, ID_SIZE);
	memcpy(out->proposal, proposal, ID_SIZE);
	out->external_id = mem_strdup(external_id);
	out->queue = mem_strdup(queue);
	out->case_id = mem_strdup(group);
	out->state = mem_strdup(state);
	if (confidence)
		out->confidence_pm = (int)(value_number(confidence) * 1000 + 0.5);
	if (due)
		clock_parse(due, &out->due_ms);
	clock_parse(received, &out->received_ms);
	return 0;
}

static void set_time(struct value *v, const char *key, int64_t at_ms)
{
	char text[CLOCK_TEXT_SIZE];

	value_set_string(v, key, at_ms ? clock_text(at_ms, text) : NULL);
}

struct value *wire_header_value(const struct review_header *h)
{
	struct value *v = value_new_object();

	value_set_string(v, "review", h->review);
	value_set_string(v, "proposal", h->proposal);
	value_set_string(v, "external_id", h->external_id);
	value_set_string(v, "queue", h->queue);
	value_set_string(v, "case", h->case_id);
	value_set_string(v, "kind", kind_name(h->kind));
	value_set_string(v, "class", class_name(h->safety_class));
	value_set_string(v, "stage", stage_name(h->stage));
	value_set_string(v, "state", h->state);
	value_set(v, "confidence", h->confidence_pm < 0 ? value_new_null()
	          : value_new_real(h->confidence_pm / 1000.0));
	set_time(v, "due_at", h->due_ms);
	set_time(v, "received_at", h->received_ms);
	value_set_int(v, "order", h->order);
	value_set_bool(v, "held", h->held);
	return v;
}
