/* SPDX-License-Identifier: Apache-2.0
 *
 * The answer a person is giving: field by field beside what was proposed, with
 * message and note, before it becomes a decision. Kept as a draft when they
 * leave. Pure: no terminal, no store.
 *
 * Fields are those of the queue's schema in its order, then those of the
 * proposal that the schema does not describe; of an approval the top-level
 * arguments; a classification has one field, "label".
 */
#ifndef VIEW_ANSWER_H
#define VIEW_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/decision.h"
#include "model/review.h"
#include "schema/schema.h"

enum answer_type { ANSWER_TEXT, ANSWER_NUMBER, ANSWER_INTEGER, ANSWER_BOOL, ANSWER_JSON };
/* OPEN: nothing said yet. */
enum answer_state { ANSWER_OPEN, ANSWER_CONFIRMED, ANSWER_CORRECTED, ANSWER_CANNOT_TELL };

struct answer_field {
	const char *name, *title;      /* borrowed from the review */
	const char *description;       /* of the schema, or NULL */
	const struct value *choices;   /* values allowed, or NULL */
	enum answer_type type;
	bool required, asked;
	const struct value *proposed;  /* NULL: nothing was found */
	enum answer_state state;
	struct value *value;           /* owned; of a corrected field; a null value:
	                                  not on the document */
	char *reason;                  /* owned; of can't tell, or NULL */
	char *fault;                   /* owned; what the schema says against the
	                                  value as it would leave, or NULL */
};

struct answer {
	const struct review *review;   /* borrowed */
	struct schema *schema;         /* owned, or NULL */
	struct err schema_err;         /* why schema is NULL although there is one */
	struct answer_field *fields;
	size_t count;
	char *message, *note;          /* owned, or NULL */
	size_t open_faults;            /* faults that belong to no field */
	char *fault;                   /* owned; the first of these, or NULL */
};

/* review must outlive the answer. */
struct answer *answer_new(const struct review *review);
void answer_free(struct answer *a);   /* NULL allowed */
struct answer_field *answer_find(const struct answer *a, const char *name);

/* Replaces the value by typed text, read by the type of the field: ERR_INVALID
 * where it cannot be one ("not a number"). Empty text is null, "not on the
 * document". A value equal to the proposed one becomes confirmed. */
int answer_set_text(struct answer *a, size_t field, const char *text, struct err *err);
/* value is stolen. */
void answer_set_value(struct answer *a, size_t field, struct value *value);
void answer_confirm(struct answer *a, size_t field);
void answer_cannot_tell(struct answer *a, size_t field, const char *reason);
void answer_reset(struct answer *a, size_t field);
void answer_set_message(struct answer *a, const char *text);   /* NULL or "": none */
void answer_set_note(struct answer *a, const char *text);

/* Was anything answered, typed or noted? */
bool answer_touched(const struct answer *a);
/* Does a field differ from the proposal (corrected or can't tell)? */
bool answer_departs(const struct answer *a);
/* The next asked field after this one that is still open, wrapping round;
 * count where there is none. from == count: from the top. */
size_t answer_next_open(const struct answer *a, size_t from);
/* The value of a field as it would leave: borrowed, NULL: null. */
const struct value *answer_field_value(const struct answer_field *f);
/* The whole value as it would leave ({field: value|null}, {"label"}, or
 * {"arguments"}); the caller's. */
struct value *answer_value(const struct answer *a);
/* Why this answer cannot be sent as a correction, in words; NULL where it can.
 * Asked fields that were left open count as confirmed where they have a value
 * that the schema takes. field (may be NULL) gets the field it is about, or
 * count. */
const char *answer_why_not(const struct answer *a, size_t *field);

/* A decision with outcome, fields, value (correct only), message and note; the
 * caller adds what the screen knows. The caller's. */
struct decision *answer_decision(const struct answer *a, enum outcome outcome);

/* The draft as a document of the store, and back; unknown fields are passed
 * over. The caller's. */
struct value *answer_draft(const struct answer *a);
void answer_load(struct answer *a, const struct value *draft);

#endif
