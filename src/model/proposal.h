/* SPDX-License-Identifier: Apache-2.0
 *
 * A proposal as a reader sees it: what the AI put forward. Plain data made by
 * wire_proposal_read(); strings and values are borrowed from the owned tree
 * `doc`, arrays are owned. What the producer did not supply is NULL or absent,
 * never a default: a missing confidence is unknown, not 0 and not 1.
 */
#ifndef MODEL_PROPOSAL_H
#define MODEL_PROPOSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/value.h"

enum kind { KIND_EXTRACTION, KIND_CLASSIFICATION, KIND_APPROVAL };
enum safety_class { CLASS_INFORMATIONAL, CLASS_ASSISTIVE, CLASS_BOUNDED, CLASS_HIGH_IMPACT };
enum reversibility { REVERSIBLE_UNKNOWN, REVERSIBLE_FULL, REVERSIBLE_PARTIAL, REVERSIBLE_NONE };
enum check_result { CHECK_PASS, CHECK_FAIL, CHECK_NOT_RUN };

/* Names on the wire: "extraction", "high_impact", … kind_find() and
 * class_find() return false for an unknown name. */
const char *kind_name(enum kind kind);
bool kind_find(const char *name, enum kind *out);
const char *class_name(enum safety_class c);
bool class_find(const char *name, enum safety_class *out);

/* Where a value was found: code points [start, end) of a text source, or a
 * box in pixels (left, top, right, bottom) of an image source. */
struct evidence {
	const char *source;    /* id of a source */
	bool is_box;
	int64_t start, end;
	int64_t box[4];
};

/* One turn of a conversation: code points [start, end) of its source. */
struct turn {
	const char *role;
	int64_t start, end;
};

struct source {
	const char *id;
	const char *title;       /* or NULL */
	const char *media_type;
	const char *text;        /* or NULL: an image or other blob */
	size_t text_len;         /* bytes */
	const char *sha256;      /* 64 hex digits of the blob, or NULL */
	int64_t size;            /* bytes of the blob, or -1 */
	int64_t width, height;   /* pixels, or -1 */
	struct turn *turns;
	size_t turn_count;
	int64_t deciding;        /* index of the deciding turn, or -1 */
};

/* A field of an extraction, or a top-level argument of an approval. */
struct field {
	const char *name;
	const struct value *value;       /* NULL or a null value: nothing found */
	const struct value *confidence;  /* number 0..1, or NULL: unknown */
	struct evidence *evidence;
	size_t evidence_count;
};

struct alternative {
	const char *label;
	const struct value *confidence;  /* or NULL */
};

struct change {
	const char *title;
	const struct value *before, *after;  /* either may be NULL: not supplied */
	const char *field, *rule;            /* or NULL */
};

struct effect {
	const char *kind, *amount, *currency, *to;   /* each or NULL */
};

struct signal_fact {
	const char *name;
	const struct value *value;
	const struct value *weight;   /* number or NULL */
	const char *field, *pushes, *text;   /* or NULL */
};

struct check {
	const char *name;
	enum check_result result;
	const char *source, *text, *field;   /* or NULL */
};

struct step {
	const char *name, *output;
	const struct value *confidence;
};

struct link {
	const char *title, *url;
};

struct proposal {
	struct value *doc;             /* owned: the document as sent */
	const char *external_id, *queue, *created_at;
	const char *case_id, *case_title;        /* or NULL */
	const char *replaces;                    /* or NULL */
	const char *model_name, *model_version;
	const char *expires_at, *on_expiry;      /* or NULL */
	enum kind kind;
	enum safety_class safety_class;
	const struct value *confidence;          /* of the whole, or NULL */

	struct source *sources;
	size_t source_count;
	struct field *fields;          /* extraction: fields; approval: arguments */
	size_t field_count;

	const char *label;             /* classification; NULL when blind or labels */
	const struct value *labels;    /* multi-label classification, or NULL */
	const struct value *label_confidence;
	struct alternative *alternatives;
	size_t alternative_count;

	const char *action;            /* approval */
	const struct value *arguments; /* approval: object */
	const char *summary;           /* or NULL */
	enum reversibility reversibility;
	const struct value *arguments_from;   /* or NULL */
	struct evidence *evidence;     /* approval: of the action as a whole */
	size_t evidence_count;
	struct change *changes;
	size_t change_count;
	struct effect *effects;
	size_t effect_count;

	struct signal_fact *signals;
	size_t signal_count;
	struct check *checks;
	size_t check_count;
	struct step *steps;
	size_t step_count;
	struct link *links;
	size_t link_count;
};

void proposal_free(struct proposal *p);   /* frees doc too; NULL allowed */
/* NULL where there is none of that name. */
const struct field *proposal_find_field(const struct proposal *p, const char *name);
const struct source *proposal_find_source(const struct proposal *p, const char *id);

#endif
