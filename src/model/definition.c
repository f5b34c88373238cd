/* SPDX-License-Identifier: Apache-2.0 */
#include "model/definition.h"

#include <stdlib.h>
#include <string.h>

#include "base/msg.h"

/* Reasons of the kinds; a queue's own come after them. */
static const struct reason extraction_reasons[] = {
	{ "correct", "misread", N_("misread") },
	{ "correct", "wrong_place", N_("taken from the wrong place") },
	{ "correct", "missed", N_("on the document, but not found") },
	{ "correct", "invented", N_("not on the document") },
	{ "cannot_tell", "unreadable", N_("unreadable") },
	{ "cannot_tell", "not_there", N_("not on what I can see") },
	{ "cannot_tell", "ambiguous", N_("more than one is possible") },
	{ "reject", "not_this_kind", N_("not this kind of document") },
	{ "reject", "wrong_queue", N_("wrong queue") },
	{ "reject", "duplicate", N_("duplicate") },
	{ "reject", "unreadable", N_("unreadable") },
	{ "return", "incomplete", N_("a part is missing") },
	{ "return", "question", N_("a question for the producer") },
	{ "escalate", "unsure", N_("unsure") },
	{ "escalate", "needs_authority", N_("not mine to decide") },
	{ "escalate", "suspicious", N_("suspicious") },
	{ "not_for_me", "conflict", N_("conflict of interest") },
	{ "not_for_me", "competence", N_("outside what I know") },
	{ "not_for_me", "language", N_("language") },
	{ NULL, NULL, NULL }
};

static const struct reason classification_reasons[] = {
	{ "correct", "other_label", N_("another label fits better") },
	{ "cannot_tell", "unreadable", N_("unreadable") },
	{ "cannot_tell", "ambiguous", N_("more than one is possible") },
	{ "reject", "none_fits", N_("none fits") },
	{ "reject", "wrong_queue", N_("wrong queue") },
	{ "reject", "duplicate", N_("duplicate") },
	{ "reject", "unreadable", N_("unreadable") },
	{ "return", "incomplete", N_("a part is missing") },
	{ "return", "question", N_("a question for the producer") },
	{ "escalate", "unsure", N_("unsure") },
	{ "escalate", "needs_authority", N_("not mine to decide") },
	{ "escalate", "suspicious", N_("suspicious") },
	{ "not_for_me", "conflict", N_("conflict of interest") },
	{ "not_for_me", "competence", N_("outside what I know") },
	{ "not_for_me", "language", N_("language") },
	{ NULL, NULL, NULL }
};

static const struct reason approval_reasons[] = {
	{ "correct", "wrong_argument", N_("an argument is wrong") },
	{ "correct", "too_much", N_("more than needed") },
	{ "cannot_tell", "not_shown", N_("cannot be seen from here") },
	{ "cannot_tell", "ambiguous", N_("more than one is possible") },
	{ "reject", "must_not_happen", N_("must not happen") },
	{ "reject", "no_effect", N_("would have no effect") },
	{ "reject", "against_rules", N_("against the rules") },
	{ "reject", "not_asked_for", N_("nobody asked for it") },
	{ "reject", "wrong_queue", N_("wrong queue") },
	{ "reject", "duplicate", N_("duplicate") },
	{ "return", "incomplete", N_("a part is missing") },
	{ "return", "question", N_("a question for the producer") },
	{ "escalate", "unsure", N_("unsure") },
	{ "escalate", "needs_authority", N_("not mine to decide") },
	{ "escalate", "suspicious", N_("suspicious") },
	{ "not_for_me", "conflict", N_("conflict of interest") },
	{ "not_for_me", "competence", N_("outside what I know") },
	{ "not_for_me", "language", N_("language") },
	{ NULL, NULL, NULL }
};

const struct reason *definition_kind_reasons(enum kind kind)
{
	switch (kind) {
	case KIND_EXTRACTION:
		return extraction_reasons;
	case KIND_CLASSIFICATION:
		return classification_reasons;
	default:
		return approval_reasons;
	}
}

void definition_free(struct definition *d)
{
	if (!d)
		return;
	free(d->labels);
	free(d->actions);
	free(d->reasons);
	value_free(d->doc);
	free(d);
}

const struct label *definition_find_label(const struct definition *d, const char *name)
{
	for (size_t i = 0; i < d->label_count; i++)
		if (strcmp(d->labels[i].name, name) == 0)
			return &d->labels[i];
	return NULL;
}

const struct action *definition_find_action(const struct definition *d, const char *name)
{
	for (size_t i = 0; i < d->action_count; i++)
		if (strcmp(d->actions[i].name, name) == 0)
			return &d->actions[i];
	return NULL;
}

const char *definition_field_title(const struct definition *d, const char *name)
{
	const struct value *properties = value_find(d->schema, "properties");

	return value_text_or(value_find(properties, name), "title", name);
}
