/* SPDX-License-Identifier: Apache-2.0
 *
 * What an answer must be before it is recorded: pure rules over the review
 * and the answer; only the definition's compiled schemas are kept.
 */
#ifndef WORK_ANSWER_H
#define WORK_ANSWER_H

#include "policy/fit.h"
#include "work/work.h"

/* The second confirmation of a high-impact approve or correct (rule 4). */
enum answer_confirm { ANSWER_CONFIRM_NONE, ANSWER_CONFIRM_AMOUNT, ANSWER_CONFIRM_LABEL,
	ANSWER_CONFIRM_ID };
struct answer_confirmation {
	enum answer_confirm kind;
	char text[201];          /* what must be typed, exactly */
};
/* Which one this answer needs: the amount of its effect where there is
 * exactly one amount, else the label it decides on, else the external id. */
void answer_confirmation(const struct review *r, const struct decision *d,
                         struct answer_confirmation *out);

/* Fills in the states that follow from the answer: approve confirms the asked
 * fields (the others are not_asked); correct: what departs from the proposal
 * is corrected, the asked rest confirmed, the rest not_asked. States the
 * person gave (cannot_tell, confirmed) stay where they can. A field that is
 * "can't tell" leaves a correct as null. */
void answer_complete(const struct review *r, struct decision *d);

/* All rules: outcome open, nothing hidden, arguments seen, reasons, route and
 * message as wanted, "can't tell", value fits the definition, second
 * confirmation. Call answer_complete() first. ERR_DENIED, ERR_INVALID, ERR_LIMIT. */
int answer_check(const struct review *r, const struct fit *fit, const struct decision *d,
                 const struct work_seen *seen, struct err *err);

/* The value of a correction by kind; each is the caller's. */
/* Whole value of an extraction as proposed: {name: value|null}. */
struct value *answer_fields(const struct review *r);
/* Text typed for a field, as the type its schema wants: the number, boolean or
 * JSON it says, else the text; empty text is null. ERR_INVALID: not such a value. */
int answer_field_value(const struct review *r, const char *field, const char *text,
                       struct value **out, struct err *err);
/* {"label":…}; ERR_INVALID: no such label, or the proposed one. */
int answer_label(const struct review *r, const char *label, struct value **out,
                 struct err *err);
/* {"arguments":{…}} from JSON text, checked against the action's schema; where
 * is the place in the text or the argument. ERR_INVALID, ERR_LIMIT. */
int answer_arguments(const struct review *r, const char *text, size_t len,
                     struct value **out, struct err *err);

/* One reason somebody may give for an outcome. */
struct answer_reason {
	const char *name;        /* on the wire */
	const char *title;       /* the queue's own title, or a message id */
	bool own;                /* the queue's: title is not to be translated */
};
/* Reasons for "reject", "return", "escalate", "correct", "cannot_tell" or
 * "not_for_me": the kind's, then the queue's. Returns their number and one
 * block in *out that free() frees (NULL for none). */
size_t answer_reasons(const struct review *r, const char *outcome,
                      struct answer_reason **out);

#endif
