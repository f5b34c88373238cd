/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/read/proposed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"

enum { LABEL_MAX_BYTES = 200, ACTION_MAX_BYTES = 200, AMOUNT_MAX_BYTES = 40 };

static enum place_need needed(const struct proposed *r)
{
	return r->view ? PLACE_OPTIONAL : PLACE_REQUIRED;
}

/* --- evidence ---------------------------------------------------------------- */

int proposed_range(const struct value *v, const struct place *at, size_t points,
                   int64_t *start, int64_t *end, struct err *err)
{
	if (place_int(v, at, "start", PLACE_REQUIRED, 0, (int64_t)points, start, err))
		return ERR_INVALID;
	return place_int(v, at, "end", PLACE_REQUIRED, *start, (int64_t)points, end, err);
}

static int read_box(struct evidence *e, const struct source *s, const struct value *box,
                    const struct place *at, struct err *err)
{
	const int64_t limit[2] = {
		s->width > 0 ? s->width : INT32_MAX, s->height > 0 ? s->height : INT32_MAX,
	};

	if (value_count(box) != 4)
		return place_fault(at, err,
		                   N_("four numbers are expected here: left, top, right, bottom"));
	for (size_t i = 0; i < 4; i++) {
		const struct value *n = value_at(box, i);
		struct place here = { .up = at, .index = i };

		if (!value_is(n, VALUE_INT))
			return place_fault(&here, err, N_("a whole number is expected here"));
		if (n->i < 0 || n->i > limit[i % 2] || (i >= 2 && n->i < e->box[i - 2]))
			return place_fault(&here, err, N_("the box does not lie inside the image"));
		e->box[i] = n->i;
	}
	e->is_box = true;
	return 0;
}

static int read_one_evidence(const struct proposed *r, struct evidence *e,
                             const struct value *v, const struct place *at,
                             struct err *err)
{
	const struct source *s;
	const struct value *box;
	struct place in_box = { .up = at, .key = "box" };

	if (place_is_object(v, at, err)
	    || place_text(v, at, "source", PLACE_REQUIRED, &e->source, err)
	    || place_array(v, at, "box", PLACE_OPTIONAL, &box, err))
		return ERR_INVALID;
	s = proposal_find_source(r->p, e->source);
	if (!s)
		return place_fault_in(at, "source", err, N_("there is no source \"%s\""), e->source);
	if (box)
		return read_box(e, s, box, &in_box, err);
	if (!s->text)
		return place_fault_in(at, "source", err, N_("source \"%s\" has no text"), e->source);
	return proposed_range(v, at, r->points[s - r->p->sources], &e->start, &e->end, err);
}

/* Member `key` of v: an array of evidence, or absent. */
static int read_evidence(const struct proposed *r, const struct value *v,
                         const struct place *at, const char *key,
                         struct evidence **out, size_t *count, struct err *err)
{
	const struct value *list;
	struct place evidence = { .up = at, .key = key };

	if (place_array(v, at, key, PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	if (!value_count(list))
		return 0;
	*out = mem_zalloc(value_count(list) * sizeof **out);
	for (size_t i = 0; i < value_count(list); i++) {
		struct place here = { .up = &evidence, .index = i };

		if (read_one_evidence(r, &(*out)[i], value_at(list, i), &here, err))
			return ERR_INVALID;
		++*count;
	}
	return 0;
}

/* --- extraction --------------------------------------------------------------- */

static int read_fields(struct proposed *r, const struct value *proposed,
                       const struct place *at, struct err *err)
{
	const struct value *fields;
	struct place in_fields = { .up = at, .key = "fields" };

	if (place_object(proposed, at, "fields", needed(r), &fields, err))
		return ERR_INVALID;
	r->p->fields = mem_zalloc(value_count(fields) * sizeof *r->p->fields);
	for (size_t i = 0; i < value_count(fields); i++) {
		const struct value *v = value_at(fields, i);
		struct field *f = &r->p->fields[i];
		struct place here = { .up = &in_fields, .key = value_key(fields, i) };

		f->name = here.key;
		f->value = value_find(v, "value");
		r->p->field_count++;
		if (place_is_object(v, &here, err))
			return ERR_INVALID;
		if (!f->value && !r->view)
			return place_fault_in(&here, "value", err,
			                      N_("a required member is missing"));
		if (place_share(v, &here, "confidence", &f->confidence, err)
		    || read_evidence(r, v, &here, "evidence", &f->evidence,
		                     &f->evidence_count, err))
			return ERR_INVALID;
	}
	return 0;
}

/* --- classification ----------------------------------------------------------- */

static int read_labels(struct proposed *r, const struct value *proposed,
                       const struct place *at, struct err *err)
{
	struct proposal *p = r->p;
	struct place in_labels = { .up = at, .key = "labels" };

	if (place_name(proposed, at, "label", PLACE_OPTIONAL, LABEL_MAX_BYTES, &p->label, err)
	    || place_texts(proposed, at, "labels", &p->labels, err)
	    || place_share(proposed, at, "confidence", &p->label_confidence, err))
		return ERR_INVALID;
	if (p->label && p->labels)
		return place_fault(&in_labels, err, N_("either label or labels, not both"));
	if (!p->label && !p->labels && !r->view)
		return place_fault_in(at, "label", err, N_("a required member is missing"));
	return 0;
}

static int read_alternatives(struct proposal *p, const struct value *proposed,
                             const struct place *at, struct err *err)
{
	const struct value *list;
	struct place alternatives = { .up = at, .key = "alternatives" };

	if (place_array(proposed, at, "alternatives", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	p->alternatives = mem_zalloc(value_count(list) * sizeof *p->alternatives);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &alternatives, .index = i };
		struct alternative *a = &p->alternatives[i];

		if (place_is_object(v, &here, err)
		    || place_name(v, &here, "label", PLACE_REQUIRED, LABEL_MAX_BYTES,
		                  &a->label, err)
		    || place_share(v, &here, "confidence", &a->confidence, err))
			return ERR_INVALID;
		p->alternative_count++;
	}
	return 0;
}

/* --- approval ------------------------------------------------------------------ */

static int read_arguments(struct proposed *r, const struct value *proposed,
                          const struct place *at, struct err *err)
{
	struct proposal *p = r->p;
	struct place from = { .up = at, .key = "arguments_from" };

	if (place_object(proposed, at, "arguments", needed(r), &p->arguments, err)
	    || place_object(proposed, at, "arguments_from", PLACE_OPTIONAL,
	                    &p->arguments_from, err))
		return ERR_INVALID;
	p->fields = mem_zalloc(value_count(p->arguments) * sizeof *p->fields);
	for (size_t i = 0; i < value_count(p->arguments); i++) {
		struct field *f = &p->fields[i];

		f->name = value_key(p->arguments, i);
		f->value = value_at(p->arguments, i);
		p->field_count++;
		if (read_evidence(r, p->arguments_from, &from, f->name, &f->evidence,
		                  &f->evidence_count, err))
			return ERR_INVALID;
	}
	for (size_t i = 0; i < value_count(p->arguments_from); i++)
		if (!value_find(p->arguments, value_key(p->arguments_from, i)))
			return place_fault_in(&from, value_key(p->arguments_from, i), err,
			                      N_("there is no such argument"));
	return 0;
}

static int read_changes(struct proposal *p, const struct value *proposed,
                        const struct place *at, struct err *err)
{
	const struct value *list;
	struct place changes = { .up = at, .key = "changes" };

	if (place_array(proposed, at, "changes", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	p->changes = mem_zalloc(value_count(list) * sizeof *p->changes);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &changes, .index = i };
		struct change *c = &p->changes[i];

		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "title", PLACE_REQUIRED, &c->title, err)
		    || place_text(v, &here, "field", PLACE_OPTIONAL, &c->field, err)
		    || place_text(v, &here, "rule", PLACE_OPTIONAL, &c->rule, err))
			return ERR_INVALID;
		c->before = value_find(v, "before");
		c->after = value_find(v, "after");
		p->change_count++;
	}
	return 0;
}

static int read_effects(struct proposal *p, const struct value *proposed,
                        const struct place *at, struct err *err)
{
	const struct value *list;
	struct place effects = { .up = at, .key = "effects" };

	if (place_array(proposed, at, "effects", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	p->effects = mem_zalloc(value_count(list) * sizeof *p->effects);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &effects, .index = i };
		struct effect *e = &p->effects[i];

		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "kind", PLACE_OPTIONAL, &e->kind, err)
		    || place_name(v, &here, "amount", PLACE_OPTIONAL, AMOUNT_MAX_BYTES,
		                  &e->amount, err)
		    || place_text(v, &here, "currency", PLACE_OPTIONAL, &e->currency, err)
		    || place_text(v, &here, "to", PLACE_OPTIONAL, &e->to, err))
			return ERR_INVALID;
		if (e->amount && (!num_valid(e->amount) || strpbrk(e->amount, "eE")))
			return place_fault_in(&here, "amount", err,
			                      N_("a decimal number in quotes is expected here"));
		p->effect_count++;
	}
	return 0;
}

static int read_approval(struct proposed *r, const struct value *proposed,
                         const struct place *at, struct err *err)
{
	static const char *const words[] = { NULL, "full", "partial", "none" };
	struct proposal *p = r->p;
	const char *word;

	if (place_name(proposed, at, "action", needed(r), ACTION_MAX_BYTES, &p->action, err)
	    || place_text(proposed, at, "summary", PLACE_OPTIONAL, &p->summary, err)
	    || place_text(proposed, at, "reversibility", PLACE_OPTIONAL, &word, err)
	    || read_arguments(r, proposed, at, err)
	    || read_evidence(r, proposed, at, "evidence", &p->evidence, &p->evidence_count, err)
	    || read_changes(p, proposed, at, err) || read_effects(p, proposed, at, err))
		return ERR_INVALID;
	for (int i = REVERSIBLE_FULL; word && i <= REVERSIBLE_NONE; i++)
		if (strcmp(word, words[i]) == 0)
			p->reversibility = (enum reversibility)i;
	if (word && p->reversibility == REVERSIBLE_UNKNOWN)
		return place_fault_in(at, "reversibility", err,
		                      N_("full, partial or none is expected here"));
	return 0;
}

int proposed_read(struct proposed *r, struct err *err)
{
	const struct value *proposed;
	struct place at = { .up = r->root, .key = "proposed" };

	if (place_object(r->p->doc, r->root, "proposed", needed(r), &proposed, err))
		return ERR_INVALID;
	switch (r->p->kind) {
	case KIND_EXTRACTION:
		return read_fields(r, proposed, &at, err);
	case KIND_CLASSIFICATION:
		if (read_labels(r, proposed, &at, err))
			return ERR_INVALID;
		return read_alternatives(r->p, proposed, &at, err);
	case KIND_APPROVAL:
		return read_approval(r, proposed, &at, err);
	}
	return ERR_INTERNAL;
}
