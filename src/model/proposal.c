/* SPDX-License-Identifier: Apache-2.0 */
#include "model/proposal.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
	[KIND_EXTRACTION] = "extraction",
	[KIND_CLASSIFICATION] = "classification",
	[KIND_APPROVAL] = "approval",
};

static const char *const classes[] = {
	[CLASS_INFORMATIONAL] = "informational",
	[CLASS_ASSISTIVE] = "assistive",
	[CLASS_BOUNDED] = "bounded",
	[CLASS_HIGH_IMPACT] = "high_impact",
};

const char *kind_name(enum kind kind)
{
	return kinds[kind];
}

bool kind_find(const char *name, enum kind *out)
{
	for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i], name) == 0) {
			*out = (enum kind)i;
			return true;
		}
	return false;
}

const char *class_name(enum safety_class c)
{
	return classes[c];
}

bool class_find(const char *name, enum safety_class *out)
{
	for (size_t i = 0; name && i < sizeof classes / sizeof classes[0]; i++)
		if (strcmp(classes[i], name) == 0) {
			*out = (enum safety_class)i;
			return true;
		}
	return false;
}

void proposal_free(struct proposal *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->source_count; i++)
		free(p->sources[i].turns);
	for (size_t i = 0; i < p->field_count; i++)
		free(p->fields[i].evidence);
	free(p->sources);
	free(p->fields);
	free(p->alternatives);
	free(p->evidence);
	free(p->changes);
	free(p->effects);
	free(p->signals);
	free(p->checks);
	free(p->steps);
	free(p->links);
	value_free(p->doc);
	free(p);
}

const struct field *proposal_find_field(const struct proposal *p, const char *name)
{
	for (size_t i = 0; i < p->field_count; i++)
		if (strcmp(p->fields[i].name, name) == 0)
			return &p->fields[i];
	return NULL;
}

const struct source *proposal_find_source(const struct proposal *p, const char *id)
{
	for (size_t i = 0; i < p->source_count; i++)
		if (strcmp(p->sources[i].id, id) == 0)
			return &p->sources[i];
	return NULL;
}
