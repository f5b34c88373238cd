/* SPDX-License-Identifier: Apache-2.0
 *
 * States of a proposal and stages of its reviews. The rules stand in one file,
 * data/states.tsv, compiled into the program; server, simulation and tests
 * read the same rows. What the file does not list does not happen: it is an
 * error, never a default.
 *
 * Pure: no state of its own, callable from several threads.
 */
#ifndef MODEL_STATES_H
#define MODEL_STATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/decision.h"
#include "model/proposal.h"

/* What happens, besides the new state. */
enum states_act {
	STATES_NONE,          /* nothing more */
	STATES_REVIEW,        /* open a review of the next stage */
	STATES_REVIEW_NAMED,  /* the same, kept for one person: the one who was
	                         first (return to the reviewer), or who returned
	                         the proposal (revise) */
	STATES_RESULT,        /* record a result (its number rises), close every
	                         open review */
	STATES_OVERTURNED,    /* the state stays; record a result with the next
	                         number and tell the producer `overturned` */
	STATES_CONFIRMED,     /* the delivered answer stands; counted */
	STATES_UNCOUNTED,     /* a sample nobody could judge: not counted */
	STATES_ROUTE,         /* route the new revision, as at intake: call again
	                         with state NULL and the event of the route */
	STATES_REJUDGE,       /* an amendment: call again with the state given and
	                         the outcome that replaces the amended one */
	STATES_KEEP,          /* an answer exists and is kept back (held) */
	STATES_RELEASE,       /* hand the answer over, once */
	STATES_ACTS
};

struct states_input {
	const char *state;    /* of the proposal; NULL or "-": at intake */
	const char *stage;    /* of the review the event is about: "first", …;
	                         NULL or "-": no review */
	const char *event;    /* outcome_name() of a decision, or a word of the
	                         file: route_review, lease, withdraw, … */
	enum safety_class safety_class;   /* of the proposal as routed */
	int people;           /* decisions wanted: 1 or 2 */
	bool same;            /* second: outcome and value (JCS) are those of the
	                         answer it checks */
	bool peer;            /* escalation: another person gave this outcome and
	                         value on this revision */
	bool to_reviewer;     /* return with route "reviewer" */
	bool supervisor;      /* the actor is a supervisor of the queue */
	bool changed;         /* sample, contest: differs from what was delivered */
	bool unsure;          /* escalate with the reason "unsure" */
	bool suspend;         /* on_expiry is "suspend" */
	bool corrected;       /* resume: the kept answer corrects the proposed one */
};

enum { STATES_WORD_SIZE = 24 };

struct states_effect {
	char state[STATES_WORD_SIZE];   /* of the proposal from now on */
	char stage[STATES_WORD_SIZE];   /* of the review to open; "" for none */
	enum states_act act;
	int row;                        /* of the rows of the file, from 0 */
};

/* What follows. ERR_CONFLICT where no row lists it: this cannot happen to a
 * proposal in that state. ERR_INTERNAL where the file contradicts itself. */
int states_next(const struct states_input *in, struct states_effect *out, struct err *err);

/* The states, in the order of the file. NULL beyond the last. */
const char *states_name(size_t index);
bool states_known(const char *name);
/* Is this state a result (approved … withdrawn)? An unknown word is none. */
bool states_is_result(const char *name);
/* Event of the file for a policy's route: "route_review" for "review"; NULL
 * for an unknown one. Static. */
const char *states_route_event(const char *route);
/* The state that an outcome ends in when it makes a result: "approved" for
 * OUTCOME_APPROVE; NULL for OUTCOME_ESCALATE, which makes none. */
const char *states_of_outcome(enum outcome o);

/* A row as it stands in the file, for tests and simulations. state, stage and
 * event may list several words, separated by commas. */
struct states_row {
	char state[96], stage[48], event[48], when[64];
	char next_state[STATES_WORD_SIZE], next_stage[STATES_WORD_SIZE];
	char act[STATES_WORD_SIZE];
};

/* False beyond the last row. */
bool states_row(size_t index, struct states_row *out);
/* Reads the whole file: every word known, no two rows for one case. */
int states_check(struct err *err);

#endif
