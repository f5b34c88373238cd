/* SPDX-License-Identifier: Apache-2.0
 *
 * Drafts: what a person has put into the form but not sent, kept in the store
 * as a partial decision (outcome, fields, reasons, route, value, message,
 * note).
 */
#ifndef WORK_DRAFT_H
#define WORK_DRAFT_H

#include "work/work.h"

/* Saves; an empty answer (nothing but an outcome) removes the draft. */
int work_draft_save(struct work *w, const char *review, const struct decision *answer,
                    struct err *err);
/* *out NULL where there is none; the caller's. */
int work_draft_load(struct work *w, const char *review, struct decision **out,
                    struct err *err);

/* The text form; char * is the caller's. */
char *draft_text(const struct decision *answer);
int draft_read(const char *text, struct decision **out, struct err *err);

#endif
