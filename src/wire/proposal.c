/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/proposal.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/read/place.h"
#include "wire/read/proposed.h"

enum { NAME_MAX_BYTES = 200, ID_MAX_BYTES = 200, URL_MAX_BYTES = 2048, TURN_MAX = 1 << 30 };

static int read_turns(struct source *s, size_t points, const struct value *v,
                      const struct place *at, struct err *err)
{
	const struct value *list;
	struct place turns = { .up = at, .key = "turns" };

	if (place_array(v, at, "turns", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	if (value_count(list))
		s->turns = mem_zalloc(value_count(list) * sizeof *s->turns);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *turn = value_at(list, i);
		struct place here = { .up = &turns, .index = i };
		struct turn *t = &s->turns[i];

		if (place_is_object(turn, &here, err)
		    || place_text(turn, &here, "role", PLACE_REQUIRED, &t->role, err)
		    || proposed_range(turn, &here, points, &t->start, &t->end, err))
			return ERR_INVALID;
		s->turn_count++;
	}
	if (place_int(v, at, "deciding", PLACE_OPTIONAL, 0, TURN_MAX, &s->deciding, err))
		return ERR_INVALID;
	if (s->deciding >= (int64_t)s->turn_count)
		return place_fault_in(at, "deciding", err, N_("there is no such turn"));
	return 0;
}

static int read_blob(struct source *s, const struct value *v, const struct place *at,
                     struct err *err)
{
	unsigned char hash[HASH_SIZE];

	if (place_text(v, at, "sha256", s->text ? PLACE_OPTIONAL : PLACE_REQUIRED,
	               &s->sha256, err)
	    || place_int(v, at, "size", PLACE_OPTIONAL, 0, INT64_MAX, &s->size, err)
	    || place_int(v, at, "width", PLACE_OPTIONAL, 1, INT32_MAX, &s->width, err)
	    || place_int(v, at, "height", PLACE_OPTIONAL, 1, INT32_MAX, &s->height, err))
		return ERR_INVALID;
	if (s->sha256 && !hash_unhex(s->sha256, hash, sizeof hash))
		return place_fault_in(at, "sha256", err,
		                      N_("64 hexadecimal digits in lower case are expected here"));
	return 0;
}

static int read_source(struct proposed *r, size_t index, const struct value *v,
                       const struct place *at, struct err *err)
{
	struct source *s = &r->p->sources[index];
	const struct value *text;

	if (place_is_object(v, at, err)
	    || place_name(v, at, "id", PLACE_REQUIRED, ID_MAX_BYTES, &s->id, err))
		return ERR_INVALID;
	if (proposal_find_source(r->p, s->id))
		return place_fault_in(at, "id", err, N_("two sources have the same id"));
	r->p->source_count++;
	if (place_text(v, at, "title", PLACE_OPTIONAL, &s->title, err)
	    || place_text(v, at, "text", PLACE_OPTIONAL, &s->text, err)
	    || place_text(v, at, "media_type", s->text ? PLACE_OPTIONAL : PLACE_REQUIRED,
	                  &s->media_type, err))
		return ERR_INVALID;
	if (s->text) {
		text = value_find(v, "text");
		s->text_len = text->len;
		r->points[index] = utf8_count(text->s, text->len);
		if (!s->media_type)
			s->media_type = "text/plain";
	}
	if (read_blob(s, v, at, err))
		return ERR_INVALID;
	return read_turns(s, r->points[index], v, at, err);
}

static int read_sources(struct proposed *r, struct err *err)
{
	const struct value *list;
	struct place sources = { .up = r->root, .key = "sources" };

	if (place_array(r->p->doc, r->root, "sources", PLACE_REQUIRED, &list, err))
		return ERR_INVALID;
	r->p->sources = mem_zalloc(value_count(list) * sizeof *r->p->sources);
	r->points = mem_zalloc(value_count(list) * sizeof *r->points);
	for (size_t i = 0; i < value_count(list); i++) {
		struct place here = { .up = &sources, .index = i };

		if (read_source(r, i, value_at(list, i), &here, err))
			return ERR_INVALID;
	}
	return 0;
}

static int read_signals(struct proposal *p, const struct place *root, struct err *err)
{
	const struct value *list;
	struct place signals = { .up = root, .key = "signals" };

	if (place_array(p->doc, root, "signals", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	p->signals = mem_zalloc(value_count(list) * sizeof *p->signals);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &signals, .index = i };
		struct signal_fact *s = &p->signals[i];

		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "name", PLACE_REQUIRED, &s->name, err)
		    || place_number(v, &here, "weight", &s->weight, err)
		    || place_text(v, &here, "field", PLACE_OPTIONAL, &s->field, err)
		    || place_text(v, &here, "pushes", PLACE_OPTIONAL, &s->pushes, err)
		    || place_text(v, &here, "text", PLACE_OPTIONAL, &s->text, err))
			return ERR_INVALID;
		s->value = value_find(v, "value");
		if (!s->value)
			return place_fault_in(&here, "value", err,
			                      N_("a required member is missing"));
		p->signal_count++;
	}
	return 0;
}

static bool check_result_find(const char *word, enum check_result *out)
{
	static const char *const words[] = { "pass", "fail", "not_run" };

	for (int i = 0; i < 3; i++)
		if (strcmp(words[i], word) == 0) {
			*out = (enum check_result)i;
			return true;
		}
	return false;
}

static int read_checks(struct proposal *p, const struct place *root, struct err *err)
{
	const struct value *list;
	struct place checks = { .up = root, .key = "checks" };

	if (place_array(p->doc, root, "checks", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	p->checks = mem_zalloc(value_count(list) * sizeof *p->checks);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &checks, .index = i };
		struct check *c = &p->checks[i];
		const char *result;

		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "name", PLACE_REQUIRED, &c->name, err)
		    || place_text(v, &here, "result", PLACE_REQUIRED, &result, err)
		    || place_text(v, &here, "source", PLACE_OPTIONAL, &c->source, err)
		    || place_text(v, &here, "text", PLACE_OPTIONAL, &c->text, err)
		    || place_text(v, &here, "field", PLACE_OPTIONAL, &c->field, err))
			return ERR_INVALID;
		if (!check_result_find(result, &c->result))
			return place_fault_in(&here, "result", err,
			                      N_("pass, fail or not_run is expected here"));
		p->check_count++;
	}
	return 0;
}

static int read_steps(struct proposal *p, const struct place *root, struct err *err)
{
	const struct value *list;
	struct place steps = { .up = root, .key = "steps" };

	if (place_array(p->doc, root, "steps", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	p->steps = mem_zalloc(value_count(list) * sizeof *p->steps);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &steps, .index = i };
		struct step *s = &p->steps[i];

		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "name", PLACE_REQUIRED, &s->name, err)
		    || place_text(v, &here, "output", PLACE_OPTIONAL, &s->output, err)
		    || place_share(v, &here, "confidence", &s->confidence, err))
			return ERR_INVALID;
		p->step_count++;
	}
	return 0;
}

static int read_links(struct proposal *p, const struct place *root, struct err *err)
{
	const struct value *list;
	struct place links = { .up = root, .key = "links" };

	if (place_array(p->doc, root, "links", PLACE_OPTIONAL, &list, err))
		return ERR_INVALID;
	p->links = mem_zalloc(value_count(list) * sizeof *p->links);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &links, .index = i };
		struct link *l = &p->links[i];

		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "title", PLACE_REQUIRED, &l->title, err)
		    || place_name(v, &here, "url", PLACE_REQUIRED, URL_MAX_BYTES, &l->url, err))
			return ERR_INVALID;
		if (strncmp(l->url, "https://", 8) != 0 && strncmp(l->url, "http://", 7) != 0)
			return place_fault_in(&here, "url", err,
			                      N_("an address with http or https is expected here"));
		p->link_count++;
	}
	return 0;
}

static int read_words(struct proposal *p, const struct place *root, struct err *err)
{
	const char *kind, *safety_class;

	if (place_name(p->doc, root, "kind", PLACE_REQUIRED, NAME_MAX_BYTES, &kind, err)
	    || place_name(p->doc, root, "safety_class", PLACE_REQUIRED, NAME_MAX_BYTES,
	                  &safety_class, err)
	    || place_text(p->doc, root, "on_expiry", PLACE_OPTIONAL, &p->on_expiry, err))
		return ERR_INVALID;
	if (!kind_find(kind, &p->kind))
		return place_fault_in(root, "kind", err,
		                      N_("extraction, classification or approval is expected here"));
	if (!class_find(safety_class, &p->safety_class))
		return place_fault_in(root, "safety_class", err,
		                      N_("informational, assistive, bounded or high_impact is expected here"));
	if (p->on_expiry && strcmp(p->on_expiry, "close") != 0
	    && strcmp(p->on_expiry, "suspend") != 0)
		return place_fault_in(root, "on_expiry", err, N_("close or suspend is expected here"));
	return 0;
}

static int read_head(struct proposal *p, const struct place *root, struct err *err)
{
	const struct value *model, *group;
	struct place in_model = { .up = root, .key = "model" };
	struct place in_case = { .up = root, .key = "case" };

	if (place_name(p->doc, root, "external_id", PLACE_REQUIRED, ID_MAX_BYTES,
	               &p->external_id, err)
	    || place_name(p->doc, root, "queue", PLACE_REQUIRED, NAME_MAX_BYTES, &p->queue, err)
	    || read_words(p, root, err)
	    || place_time(p->doc, root, "created_at", PLACE_OPTIONAL, &p->created_at, err)
	    || place_time(p->doc, root, "expires_at", PLACE_OPTIONAL, &p->expires_at, err)
	    || place_name(p->doc, root, "replaces", PLACE_OPTIONAL, ID_MAX_BYTES,
	                  &p->replaces, err)
	    || place_share(p->doc, root, "confidence", &p->confidence, err)
	    || place_object(p->doc, root, "model", PLACE_REQUIRED, &model, err)
	    || place_text(model, &in_model, "name", PLACE_REQUIRED, &p->model_name, err)
	    || place_text(model, &in_model, "version", PLACE_REQUIRED, &p->model_version, err)
	    || place_object(p->doc, root, "case", PLACE_OPTIONAL, &group, err))
		return ERR_INVALID;
	if (!group)
		return 0;
	if (place_name(group, &in_case, "id", PLACE_REQUIRED, ID_MAX_BYTES, &p->case_id, err))
		return ERR_INVALID;
	return place_text(group, &in_case, "title", PLACE_OPTIONAL, &p->case_title, err);
}

static int read_all(struct value *doc, bool view, struct proposal **out, struct err *err)
{
	struct place root = { .up = NULL };
	struct proposed r = { .root = &root, .view = view };
	int code;

	r.p = mem_zalloc(sizeof *r.p);
	r.p->doc = doc;
	code = place_is_object(doc, &root, err) || read_head(r.p, &root, err)
		|| read_sources(&r, err) || proposed_read(&r, err)
		|| read_signals(r.p, &root, err) || read_checks(r.p, &root, err)
		|| read_steps(r.p, &root, err) || read_links(r.p, &root, err);
	free(r.points);
	if (code) {
		proposal_free(r.p);
		return ERR_INVALID;
	}
	*out = r.p;
	return 0;
}

int wire_proposal_read(struct value *doc, struct proposal **out, struct err *err)
{
	return read_all(doc, false, out, err);
}

int wire_proposal_read_view(struct value *doc, struct proposal **out, struct err *err)
{
	return read_all(doc, true, out, err);
}
