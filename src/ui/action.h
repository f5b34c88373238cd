/* SPDX-License-Identifier: Apache-2.0
 *
 * The one table of what a person can do: identity, name, words, help, role,
 * where it is valid, default keys. Key handling, key line, help screen, command
 * line, man page and the check of roles all read it. What is not built is not
 * in it.
 */
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "model/role.h"

enum action_id {
	ACTION_NONE,
	/* decisions */
	ACTION_APPROVE, ACTION_CORRECT, ACTION_REJECT, ACTION_RETURN, ACTION_ESCALATE,
	ACTION_LABEL, ACTION_NONE_FITS,
	/* leaving without an answer */
	ACTION_SKIP, ACTION_DEFER, ACTION_NOT_FOR_ME,
	/* one field */
	ACTION_EDIT, ACTION_RIGHT, ACTION_CANNOT_TELL, ACTION_CANDIDATE_NEXT,
	ACTION_CANDIDATE,
	/* answer and dialog */
	ACTION_SEND, ACTION_COMPARE, ACTION_EDITOR, ACTION_REASON, ACTION_MESSAGE,
	ACTION_NOTE, ACTION_DROP,
	/* looking */
	ACTION_WHY, ACTION_EVIDENCE, ACTION_HISTORY, ACTION_GUIDE, ACTION_RAW,
	ACTION_REVEAL_TEXT, ACTION_PANE_NEXT, ACTION_COMMIT_OWN,
	/* moving */
	ACTION_OPEN, ACTION_DOWN, ACTION_UP, ACTION_PAGE_DOWN, ACTION_PAGE_UP,
	ACTION_FIRST, ACTION_LAST, ACTION_ITEM_NEXT, ACTION_ITEM_PREVIOUS,
	ACTION_SEARCH, ACTION_LIST, ACTION_ORDER,
	/* anywhere */
	ACTION_UNDO, ACTION_OUTBOX, ACTION_HOME, ACTION_COMMAND, ACTION_HELP,
	ACTION_BACK, ACTION_CANCEL, ACTION_REDRAW, ACTION_SYNC, ACTION_ME,
	ACTION_QUIT,
	ACTION_COUNT
};

/* Where an action is valid. */
enum action_where {
	WHERE_HOME = 1 << 0,
	WHERE_LIST = 1 << 1,
	WHERE_EXTRACTION = 1 << 2,    /* the three kinds of review */
	WHERE_CLASSIFICATION = 1 << 3,
	WHERE_APPROVAL = 1 << 4,
	WHERE_FORM = 1 << 5,          /* field list of a correction */
	WHERE_DIALOG = 1 << 6,        /* reasons and words of a decision */
	WHERE_SEARCH = 1 << 7,        /* search over all labels */
	WHERE_PANE = 1 << 8,          /* a pane opened over a review */
	WHERE_OUTBOX = 1 << 9,
	WHERE_HELP = 1 << 10,
	WHERE_BLIND = 1 << 11,        /* a blind review before its own answer */
	WHERE_CHANGED = 1 << 12,      /* another label or other arguments are chosen */
	WHERE_CONFIRM = 1 << 13,      /* the second confirmation was typed */
	WHERE_REVIEW = WHERE_EXTRACTION | WHERE_CLASSIFICATION | WHERE_APPROVAL,
	WHERE_ALL = (1 << 14) - 1
};

/* Role sets (model/role.h) of those who may do it; 0: everybody at a desk. */
enum {
	ACTION_ROLES_DECIDE = 1 << ROLE_REVIEWER | 1 << ROLE_LEAD | 1 << ROLE_SUPERVISOR
};

enum action_flags {
	ACTION_DECIDES = 1 << 0,      /* records something; never on Enter or Space */
	ACTION_LEAVES = 1 << 1,       /* a disposition: the item goes back */
	ACTION_MOVES = 1 << 2,        /* moves or scrolls only */
	ACTION_COMMAND_ONLY = 1 << 3  /* has no key */
};

struct desk_action {
	enum action_id id;
	const char *name;             /* :name, option "key.name", man page */
	const char *title;            /* message id: the word in the key line */
	const char *help;             /* message id: one sentence */
	unsigned roles;               /* role set, any of; 0: everybody */
	unsigned where;               /* enum action_where */
	unsigned flags;               /* enum action_flags */
	const char *keys;             /* default keys, separated by spaces; "": none */
	int priority;                 /* in the key line: 1 stays longest, 0: not in it;
	                                 the last row always stays */
};

/* The rows in the order of the key line, from 0; NULL behind the last. */
const struct desk_action *action_at(size_t index);
/* Never NULL. */
const struct desk_action *action_get(enum action_id id);
/* NULL where there is none of that name. */
const struct desk_action *action_find(const char *name);
/* May somebody with this role set do it? */
bool action_permitted(enum action_id id, unsigned roles);

#endif
