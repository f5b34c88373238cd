/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person does at the desk, as use cases: claim, open, decide, leave,
 * undo. Each ends in one transaction of the store. Nothing here draws or
 * sends. More: work/open.h (items), work/answer.h (values and what is asked
 * for besides), work/draft.h, work/hold.h.
 *
 * Everything acts on the review that was drawn (its id, revision, token and
 * digest), never on a place in a list. Errors worth branching on:
 *   ERR_CONFLICT   the item changed, was recalled, or is decided: open anew
 *   ERR_DENIED     this outcome is not open, or not yet (hidden text not
 *                  revealed, arguments not seen, no second confirmation)
 *   ERR_INVALID    the answer: where names the field ("/total")
 *   ERR_FULL       no space: nothing was recorded
 */
#ifndef WORK_WORK_H
#define WORK_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/decision.h"
#include "model/review.h"

struct store;
struct work;

/* hold: keep decisions back for an undo (the desk); false: sendable at once
 * (subcommands). Borrows the store. */
struct work *work_new(struct store *store, bool hold);
void work_free(struct work *w);   /* NULL allowed */

/* What the screen vouches for, besides the answer. */
struct work_seen {
	bool hidden;             /* the item holds hidden text (control, bidi, …) */
	bool hidden_revealed;    /* … and all of it was revealed */
	bool arguments_shown;    /* approval: the arguments were on screen to their end */
	bool diff_shown;         /* correction: the change was shown side by side */
	const char *confirmation;/* what was typed as the second confirmation, or NULL */
	const char *amends;      /* id of the decision this one amends, or NULL */
};

/* Records a decision on the review that was shown. The caller fills of
 * `answer` what the person gave: outcome; fields (states and reasons; those of
 * an approve or a correct that are missing are filled in: see
 * answer_complete()); reasons, route, value, message, note; checked_against,
 * opened_at, active_ms, panes, flags_shown. The rest (id, review, revision,
 * token, shown, digests, salt, renderer, decided_at, blind, amends) is filled
 * here. When this returns 0 the decision is on the disk. */
int work_decide(struct work *w, const struct review *shown, struct decision *answer,
                const struct work_seen *seen, struct err *err);
/* The same checks without recording: may this be sent? What the form shows
 * before `y`. */
int work_check(struct work *w, const struct review *shown, struct decision *answer,
               const struct work_seen *seen, struct err *err);

/* Leaves without an answer. reason: of the kind's or queue's list, or free
 * words, or NULL (not_for_me needs one). The draft stays. */
int work_dispose(struct work *w, const struct review *shown, enum disposition d,
                 const char *reason, struct err *err);

enum work_undone {
	WORK_UNDONE,             /* it was held: nothing was or will be sent */
	WORK_SENT                /* too late for that: amend it (decision), or
	                            nothing can be done (disposition) */
};
struct work_undo {
	enum work_undone what;
	bool is_decision;
	char id[ID_SIZE];        /* of the decision or disposition */
	char review[ID_SIZE];    /* open it again with work_open() */
	char external_id[201];   /* cut at a character */
	enum outcome outcome;            /* of a decision */
	enum disposition disposition;    /* of a disposition */
};
/* Takes back the last thing this person did. ERR_NOT_FOUND: there is none. */
int work_undo(struct work *w, struct work_undo *out, struct err *err);

/* Ends the holds that are over. Call when work_next_ms() says so. */
int work_tick(struct work *w, int64_t boot_ms, struct err *err);
/* Milliseconds until the next hold ends; -1: nothing is held. */
int work_next_ms(struct work *w, int64_t boot_ms);
/* Ends every hold: leaving, SIGTERM, before suspend. */
int work_release_all(struct work *w, struct err *err);

struct work_status {
	int64_t held, waiting, received, in_log, refused;
	int64_t leases;          /* ready or opened */
	int64_t drafts, aside;
	int64_t today;           /* decisions since UTC midnight */
	/* the last act: */
	bool has_last, last_held, last_is_decision;
	char last_id[ID_SIZE];
	char last_review[ID_SIZE];
	char last_external_id[201];
	enum outcome last_outcome;
	enum disposition last_disposition;
	char last_summary[256];  /* empty: none */
	int64_t undo_left_s;     /* seconds to undo the last act, 0: sent */
};
int work_status(struct work *w, int64_t boot_ms, struct work_status *out, struct err *err);

#endif
