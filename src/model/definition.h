/* SPDX-License-Identifier: Apache-2.0
 *
 * A queue definition: what is asked, which answers exist, and how the queue is
 * run. Made by wire_definition_read(); strings and values are borrowed from
 * the owned tree `doc`, arrays are owned.
 */
#ifndef MODEL_DEFINITION_H
#define MODEL_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "model/proposal.h"
#include "model/value.h"

struct label {
	const char *name;        /* on the wire */
	const char *title;       /* for people; the name where none is given */
	const char *text;        /* definition, or NULL */
	const struct value *not_examples;  /* array of strings, or NULL */
};

struct action {
	const char *name;
	const char *sentence;    /* "Cancel reservation {reservation_id}", or NULL */
	const struct value *schema;        /* of its arguments, or NULL */
	bool moves_money;
};

struct reason {
	const char *outcome;     /* reject, return, escalate, correct, cannot_tell, not_for_me */
	const char *name;        /* on the wire */
	const char *title;       /* for people */
};

struct definition {
	struct value *doc;       /* owned: the document as loaded */
	const char *queue, *title;
	enum kind kind;
	const struct value *schema;        /* extraction, or NULL */
	struct label *labels;
	size_t label_count;
	struct action *actions;
	size_t action_count;
	struct reason *reasons;            /* the queue's own, after the kind's */
	size_t reason_count;
	char digest[HASH_TEXT_SIZE];       /* definition digest: queue, title, kind,
	                                      schema | labels | actions, reasons */

	/* What never makes a decision stale: */
	const char *guide_text;            /* or NULL */
	const struct value *guide;         /* {"version","text","paragraphs":{name:text}} or NULL */
	char guide_digest[HASH_TEXT_SIZE]; /* empty where there is no guide */
	const struct value *signals;       /* dictionary, or NULL */
	const struct value *bands;         /* {"low":"0.50","medium":"0.90"} or NULL */
	const struct value *thresholds;    /* {field or label or "*": "0.90"} or NULL */
	enum safety_class least_class;     /* a proposal may be stricter */
	int64_t lease_s;                   /* seconds; 900 by default */
	bool waits;                        /* a producer is waiting */
	const char *on_expiry;             /* close or suspend, or NULL */
	const struct value *require;       /* {"reason","message","note","diff"} or NULL */
	const struct value *routes;        /* [{name,roles,due_s}] or NULL */
	int64_t due_s;                     /* seconds from intake to due; 0: none */
};

void definition_free(struct definition *d);   /* frees doc too; NULL allowed */
const struct label *definition_find_label(const struct definition *d, const char *name);
const struct action *definition_find_action(const struct definition *d, const char *name);
/* Title of a field from its schema ("title"), or its name. Borrowed. */
const char *definition_field_title(const struct definition *d, const char *name);

/* Reasons every queue of a kind has (design: must not happen, no_effect, …);
 * the list ends with a NULL name. Titles are message ids. */
const struct reason *definition_kind_reasons(enum kind kind);

#endif
