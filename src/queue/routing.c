/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/routing.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/floor.h"
#include "wire/definition.h"
#include "wire/jcs.h"

int rules_new(struct value *doc, struct rules **out, struct err *err)
{
	struct rules *r = mem_zalloc(sizeof *r);
	int rc = wire_definition_read(doc, &r->definition, err);

	if (!rc)
		rc = fit_new(r->definition, &r->fit, err);
	if (!rc)
		rc = policy_from_definition(r->definition, &r->policy_doc, err);
	if (!rc)
		rc = policy_compile(r->policy_doc, &r->policy, err);
	if (rc) {
		rules_free(r);
		return rc;
	}
	jcs_digest(r->policy_doc, r->policy_digest);
	*out = r;
	return 0;
}

void rules_free(struct rules *r)
{
	if (!r)
		return;
	policy_free(r->policy);
	value_free(r->policy_doc);
	fit_free(r->fit);
	definition_free(r->definition);
	free(r);
}

const char *rules_guide(const struct rules *r)
{
	return *r->definition->guide_digest ? r->definition->guide_digest : NULL;
}

bool rules_blind(const struct rules *r, enum stage stage)
{
	const struct value *people = value_find(r->definition->doc, "people");

	return r->definition->kind != KIND_APPROVAL
	       && value_has_string(value_find(people, "blind"), stage_name(stage));
}

static int per_mille(const struct proposal *p)
{
	const struct value *c = p->confidence ? p->confidence : p->label_confidence;

	return value_is_number(c) ? (int)(value_number(c) * 1000 + 0.5) : -1;
}

/* Names of the fields at which the proposed answer does not fit; one block of
 * pointers, names owned. */
static char **broken_fields(const struct schema_faults *faults, size_t *count)
{
	char **names = mem_alloc((faults->count + 1) * sizeof *names);

	*count = 0;
	for (size_t i = 0; i < faults->count; i++) {
		char *name = schema_fault_field(&faults->items[i]);

		if (name)
			names[(*count)++] = name;
	}
	return names;
}

static void evaluate(const struct rules *r, const struct proposal *p, int64_t hour,
                     int64_t day, struct routing *out)
{
	size_t count;
	char **broken = broken_fields(&out->faults, &count);
	struct policy_input in = {
		.safety_class = out->safety_class, .schema_ok = out->fits,
		.broken = (const char *const *)broken, .broken_count = count,
		.counted = hour >= 0 && day >= 0, .accepted_hour = hour, .accepted_day = day,
	};

	policy_evaluate(r->policy, p->doc, &in, &out->verdict);
	while (count)
		free(broken[--count]);
	free(broken);
}

int routing_run(const struct rules *r, const struct proposal *p, int64_t hour, int64_t day,
                struct routing *out, struct err *err)
{
	const struct definition *d = r->definition;
	struct states_input in = { .state = NULL };

	memset(out, 0, sizeof *out);
	out->safety_class = floor_stricter(d->least_class, p->safety_class);
	out->fits = fit_proposed(r->fit, p->doc, &out->faults);
	evaluate(r, p, hour, day, out);
	out->confidence_pm = per_mille(p);
	out->people = out->verdict.people;
	out->suspend = strcmp(floor_on_expiry(out->safety_class, p->on_expiry, d->on_expiry),
	                      "suspend") == 0;
	in.event = states_route_event(policy_route_name(out->verdict.route));
	in.safety_class = out->safety_class;
	in.people = out->people > 1 ? 2 : 1;
	return states_next(&in, &out->effect, err);
}

void routing_clear(struct routing *r)
{
	schema_faults_clear(&r->faults);
	policy_verdict_clear(&r->verdict);
}
