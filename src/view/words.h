/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of the screen for the words of the model (design: the desk,
 * "Words"). All are translated and static.
 */
#ifndef VIEW_WORDS_H
#define VIEW_WORDS_H

#include "model/decision.h"
#include "model/proposal.h"
#include "model/review.h"
#include "store/query.h"
#include "view/facts.h"

const char *words_outcome(enum outcome o);         /* "approve" */
const char *words_outcome_done(enum outcome o);    /* "approved" */
const char *words_disposition_done(enum disposition d);   /* "skipped" */
const char *words_stage(enum stage s);             /* "first check" */
const char *words_class(enum safety_class c);      /* "bounded · one person decides" */
const char *words_class_brief(enum safety_class c);/* "bounded" */
const char *words_reversibility(enum reversibility r);    /* or NULL: unknown */
const char *words_reversibility_brief(enum reversibility r);
const char *words_check(enum check_result r);      /* "passed" */
const char *words_check_mark(enum check_result r); /* "✓" "✗" "?" */
const char *words_store_state(enum store_state s); /* "held" … */
const char *words_verdict(enum verdict v);
const char *words_link(enum facts_link link);
const char *words_link_mark(enum facts_link link); /* "●" "○" "!" */
/* A state of a proposal (data/states.tsv) as said of a sibling. */
const char *words_state(const char *state);
/* Kinds of hidden text, "control, bidi": into buf; returns buf. */
const char *words_hidden(unsigned found, char *buf, size_t size);

#endif
