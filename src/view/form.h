/* SPDX-License-Identifier: Apache-2.0
 *
 * The answer a person is giving: field by field beside what was proposed, with
 * message and note, before it becomes a decision. Kept as a draft when they
 * leave. Pure: no terminal, no store.
 *
 * Fields are those of an extraction: the queue's schema in its order, then
 * those of the proposal that the schema does not describe. An approval is
 * answered by whole arguments, a classification by a label.
 */
#ifndef VIEW_FORM_H
#define VIEW_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/decision.h"
#include "model/review.h"
#include "schema/schema.h"

enum form_type { FORM_TEXT, FORM_NUMBER, FORM_INTEGER, FORM_BOOL, FORM_JSON };
/* OPEN: nothing said yet. */
enum form_state { FORM_OPEN, FORM_CONFIRMED, FORM_CORRECTED, FORM_CANNOT_TELL };

struct form_field {
	const char *name, *title;      /* borrowed from the review */
	const char *description;       /* of the schema, or NULL */
	const struct value *choices;   /* values allowed, or NULL */
	enum form_type type;
	bool required, asked;
	const struct value *proposed;  /* NULL: nothing was found */
	enum form_state state;
	struct value *value;           /* owned; of a corrected field; a null value:
	                                  not on the document */
	char *reason;                  /* owned; of can't tell, or NULL */
	char *fault;                   /* owned; what the schema says against the
	                                  value as it would leave, or NULL */
};

struct form {
	const struct review *review;   /* borrowed */
	struct schema *schema;         /* owned, or NULL */
	struct err schema_err;         /* why schema is NULL although there is one */
	struct form_field *fields;
	size_t count;
	char *message, *note;          /* owned, or NULL */
	char *fault;                   /* owned; of the answer as a whole, or NULL */
	struct value *arguments;       /* owned; changed arguments, or NULL */
	char *label;                   /* owned; chosen label, or NULL */
	char *why;                     /* owned; last answer of form_why_not() */
};

/* review must outlive the answer. */
struct form *form_new(const struct review *review);
void form_free(struct form *f);   /* NULL allowed */
struct form_field *form_find(const struct form *f, const char *name);

/* Replaces the value by typed text, read by the type of the field: ERR_INVALID
 * where it cannot be one ("not a number"). Empty text is null, "not on the
 * document". A value equal to the proposed one becomes confirmed. */
int form_set_text(struct form *f, size_t field, const char *text, struct err *err);
/* value is stolen. */
void form_set_value(struct form *f, size_t field, struct value *value);
void form_confirm(struct form *f, size_t field);
void form_cannot_tell(struct form *f, size_t field, const char *reason);
void form_reset(struct form *f, size_t field);
/* Stolen; equal to the proposed ones, or NULL: as proposed. */
void form_set_arguments(struct form *f, struct value *arguments);
void form_set_label(struct form *f, const char *label);        /* NULL: none */
void form_set_message(struct form *f, const char *text);   /* NULL or "": none */
void form_set_note(struct form *f, const char *text);

/* Was anything answered, typed or noted? */
bool form_touched(const struct form *f);
/* Does a field differ from the proposal (corrected or can't tell)? */
bool form_departs(const struct form *f);
/* The next asked field after this one that is still open, wrapping round;
 * count where there is none. from == count: from the top. */
size_t form_next_open(const struct form *f, size_t from);
/* The value of a field as it would leave: borrowed, NULL: null. */
const struct value *form_field_value(const struct form_field *f);
/* The whole value as it would leave ({field: value|null}, {"label"}, or
 * {"arguments"}); the caller's. */
struct value *form_value(const struct form *f);
/* Why this answer cannot be sent as a correction, in words; NULL where it can. Borrowed until the next call.
 * Asked fields that were left open count as confirmed where they have a value
 * that the schema takes. field (may be NULL) gets the field it is about, or
 * count. */
const char *form_why_not(struct form *f, size_t *field);

/* Does the queue want this ("reason", "message", "note", "diff") with that
 * outcome? Its "require" member is true, or names the outcomes. */
bool form_requires(const struct form *f, const char *what, enum outcome outcome);

/* A decision with outcome, the field states a person gave, value (correct
 * only), message and note; the caller adds what the screen knows. As a draft:
 * outcome correct. The caller's. */
struct decision *form_decision(const struct form *f, enum outcome outcome);

/* A draft (a partial decision) back into the form; fields the review does not
 * have are passed over. */
void form_load(struct form *f, const struct decision *draft);

#endif
