/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person wants, as the screen hands it to the program: never an index,
 * always the id and the digest that were drawn.
 */
#ifndef UI_INTENT_H
#define UI_INTENT_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/id.h"
#include "model/decision.h"
#include "model/value.h"
#include "ui/action.h"

struct intent {
	/* APPROVE CORRECT REJECT RETURN ESCALATE: decision holds the answer.
	 * SKIP DEFER NOT_FOR_ME: disposition and text (reason or NULL).
	 * COMMIT_OWN: value is the own answer of a blind review.
	 * OPEN: a review by id (text: the queue it is worked in), or a queue by text
	 * where review is empty (its next item; text NULL: of all queues, by due time).
	 * LIST: the list of the queue in text.
	 * ITEM_NEXT ITEM_PREVIOUS: from review, within its queue.
	 * EDITOR: value (NULL: nothing yet) is what is edited, as text where text
	 * is "text", else as JSON; see ui_edited().
	 * UNDO SYNC QUIT HOME: nothing more.
	 * CANCEL with review: the draft in decision is kept for that review (NULL:
	 * dropped). */
	enum action_id action;
	char review[ID_SIZE];            /* drawn id, or "" */
	char digest[HASH_TEXT_SIZE];     /* salted digest of the drawn revision, or "" */
	struct decision *decision;       /* owned, or NULL */
	enum disposition disposition;
	char *field;                     /* owned: field or argument, or NULL */
	char *text;                      /* owned, or NULL */
	struct value *value;             /* owned, or NULL */
	/* What the screen vouches for. */
	bool hidden, hidden_revealed;    /* the item holds hidden text; all was shown */
	bool arguments_shown, diff_shown;
	char *confirmation;              /* owned: typed as second confirmation, or NULL */
};

#define INTENT_INIT { .action = ACTION_NONE }

/* Frees what it owns and empties it. */
void intent_clear(struct intent *i);

#endif
