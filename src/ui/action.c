/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/action.h"

#include <string.h>

#include "base/msg.h"

#define DECIDE ACTION_ROLES_DECIDE
#define FILL (WHERE_REVIEW | WHERE_FORM)
#define FIELD (WHERE_EXTRACTION | WHERE_FORM)
#define SCROLL (WHERE_HOME | WHERE_LIST | FILL | WHERE_DIALOG | WHERE_PANE | WHERE_OUTBOX \
	| WHERE_HELP)
#define STAND (WHERE_HOME | WHERE_LIST | FILL | WHERE_PANE | WHERE_OUTBOX | WHERE_HELP)

/* In the order of the key line. */
static const struct desk_action table[] = {
	{ ACTION_NONE, "none", "", "", 0, 0, 0, "", 0 },
	{ ACTION_SEND, "send", N_("send"), N_("Record the answer as it stands here."),
	  DECIDE, WHERE_FORM | WHERE_CHANGED | WHERE_DIALOG | WHERE_CONFIRM, ACTION_DECIDES, "y", 1 },
	{ ACTION_COMMIT_OWN, "commit", N_("commit my own answer"),
	  N_("Blind review: commit your own answer; only then the AI's is delivered."),
	  DECIDE, WHERE_BLIND, ACTION_DECIDES, "b", 1 },
	{ ACTION_APPROVE, "approve", N_("approve"),
	  N_("Approve as proposed and go on. Confirms what is asked, nothing else."),
	  DECIDE, WHERE_REVIEW, ACTION_DECIDES, "a", 1 },
	{ ACTION_CORRECT, "correct", N_("correct"),
	  N_("Correct: the fields, another label, or the arguments in your editor."),
	  DECIDE, WHERE_REVIEW, 0, "c", 2 },
	{ ACTION_LABEL, "label", N_("other label"), N_("Correct to the label of that number."),
	  DECIDE, WHERE_CLASSIFICATION, ACTION_DECIDES, "1 2 3 4 5 6 7 8 9", 2 },
	{ ACTION_SEARCH, "search", N_("search"),
	  N_("Search all labels by title and definition."),
	  DECIDE, WHERE_CLASSIFICATION, 0, "/", 3 },
	{ ACTION_NONE_FITS, "none-fits", N_("none fits"),
	  N_("Reject because no label of this queue fits."),
	  DECIDE, WHERE_CLASSIFICATION, 0, "0", 4 },
	{ ACTION_EDIT, "edit", N_("write"),
	  N_("Write in the selected line: Enter is done, Esc leaves and keeps the text."),
	  DECIDE, FIELD | WHERE_DIALOG, 0, "Enter", 3 },
	{ ACTION_RIGHT, "right", N_("right"), N_("The selected field is right as it is."),
	  DECIDE, FIELD, 0, "=", 4 },
	{ ACTION_CANNOT_TELL, "cannot-tell", N_("can't tell"),
	  N_("The selected field cannot be told from what is here; with a reason."),
	  DECIDE, FIELD, 0, "-", 5 },
	{ ACTION_CANDIDATE_NEXT, "candidate-next", N_("next candidate"),
	  N_("Take the next candidate for the selected field (wraps round)."),
	  DECIDE, FIELD, 0, "n", 6 },
	{ ACTION_CANDIDATE, "candidate", N_("take it"),
	  N_("Take the candidate of that number for the selected field."),
	  DECIDE, FIELD, 0, "1 2 3 4 5 6 7 8 9", 7 },
	{ ACTION_COMPARE, "compare", N_("compare"),
	  N_("Show the proposal and your answer side by side."),
	  0, WHERE_FORM | WHERE_CHANGED | WHERE_PANE, 0, "w", 8 },
	{ ACTION_EDITOR, "editor", N_("editor"),
	  N_("Open the selected value, or the arguments, in your editor."),
	  DECIDE, WHERE_FORM | WHERE_APPROVAL, 0, "E", 9 },
	{ ACTION_DROP, "drop", N_("drop changes"), N_("Forget what you changed in this item."),
	  DECIDE, WHERE_FORM | WHERE_EXTRACTION | WHERE_CHANGED, 0, "D", 10 },
	{ ACTION_REASON, "reason", N_("reason"), N_("Choose the reason of that number, or not."),
	  DECIDE, WHERE_DIALOG, 0, "1 2 3 4 5 6 7 8 9", 2 },
	{ ACTION_MESSAGE, "words", N_("words"),
	  N_("Write: the message the producer reads, then the note that stays in the house."),
	  DECIDE, WHERE_DIALOG, 0, "m", 4 },
	{ ACTION_NOTE, "note", N_("note"),
	  N_("Write a note for this decision: it stays in the house."),
	  DECIDE, FILL, 0, "m", 12 },
	{ ACTION_RETURN, "return", N_("return"),
	  N_("Return to the producer with a message."), DECIDE, FILL, 0, "r", 5 },
	{ ACTION_REJECT, "reject", N_("reject"),
	  N_("Reject: not usable, none fits, must not happen; with a reason."),
	  DECIDE, FILL, 0, "x", 4 },
	{ ACTION_ESCALATE, "escalate", N_("escalate"),
	  N_("Escalate to somebody else: route, reason and note."), DECIDE, FILL, 0, "e", 4 },
	{ ACTION_SKIP, "skip", N_("skip"),
	  N_("Give the item back without an answer; it is not offered to you again soon."),
	  DECIDE, FILL, ACTION_LEAVES, "s", 6 },
	{ ACTION_DEFER, "defer", N_("defer"),
	  N_("Give the item back for now and keep your draft."),
	  DECIDE, FILL, ACTION_LEAVES, "z", 11 },
	{ ACTION_NOT_FOR_ME, "not-for-me", N_("not for me"),
	  N_("Give the item back for good, with a reason."),
	  DECIDE, FILL, 0, "N", 12 },
	{ ACTION_REVEAL_TEXT, "hidden", N_("hidden text"),
	  N_("Show characters that a terminal would hide or obey, and where they stand."),
	  0, FILL | WHERE_PANE, 0, "H", 9 },
	{ ACTION_WHY, "why", N_("why"),
	  N_("Why you are asked; signals, checks, steps, model, digests."),
	  0, FILL | WHERE_PANE, 0, "i", 8 },
	{ ACTION_GUIDE, "guide", N_("guide"), N_("What is right here: the queue's guide."),
	  0, FILL | WHERE_PANE, 0, "p", 8 },
	{ ACTION_EVIDENCE, "evidence", N_("text"),
	  N_("The whole source text; again: the next source."),
	  0, FILL | WHERE_PANE, 0, "v", 11 },
	{ ACTION_HISTORY, "history", N_("history"),
	  N_("What happened to this item before, and to others of its case."),
	  0, FILL | WHERE_PANE, 0, "h", 13 },
	{ ACTION_RAW, "raw", N_("raw"), N_("The document as the producer sent it."),
	  0, FILL | WHERE_PANE, 0, "R", 13 },
	{ ACTION_PANE_NEXT, "pane", N_("other pane"),
	  N_("Move what the scroll keys move."), 0, FILL | WHERE_DIALOG, ACTION_MOVES, "Tab",
	  10 },
	{ ACTION_OPEN, "open", N_("open"), N_("Open what the cursor is on."),
	  0, WHERE_HOME | WHERE_LIST, 0, "Enter", 1 },
	{ ACTION_ITEM_NEXT, "next", N_("next item"), N_("The next item, without deciding."),
	  0, FILL, ACTION_MOVES, "J", 14 },
	{ ACTION_ITEM_PREVIOUS, "previous", N_("previous item"),
	  N_("The previous item, without deciding."), 0, FILL, ACTION_MOVES, "K", 15 },
	{ ACTION_ORDER, "order", N_("order"), N_("By due time, or in the server's order."),
	  0, WHERE_LIST, 0, "o", 3 },
	{ ACTION_LIST, "list", N_("list"), N_("The items of the queue."),
	  0, WHERE_HOME, 0, "l", 2 },
	{ ACTION_DOWN, "down", N_("down"), N_("One line down."), 0, SCROLL, ACTION_MOVES,
	  "j Down", 0 },
	{ ACTION_UP, "up", N_("up"), N_("One line up."), 0, SCROLL, ACTION_MOVES, "k Up", 0 },
	{ ACTION_PAGE_DOWN, "page-down", N_("page down"), N_("One page down."), 0, SCROLL,
	  ACTION_MOVES, "PageDown " "Space " "Ctrl-F", 0 },
	{ ACTION_PAGE_UP, "page-up", N_("page up"), N_("One page up."), 0, SCROLL,
	  ACTION_MOVES, "PageUp " "Ctrl-B", 0 },
	{ ACTION_FIRST, "first", N_("first"), N_("To the beginning."), 0, SCROLL, ACTION_MOVES,
	  "g Home", 0 },
	{ ACTION_LAST, "last", N_("last"), N_("To the end."), 0, SCROLL, ACTION_MOVES, "G End",
	  0 },
	{ ACTION_UNDO, "undo", N_("undo"),
	  N_("Take back your last decision while it is held; later: amend it."),
	  0, STAND, 0, "u", 7 },
	{ ACTION_OUTBOX, "outbox", N_("outbox"), N_("What you decided and how far it got."),
	  0, STAND, 0, "!", 14 },
	{ ACTION_COMMAND, "command", N_("command"), N_("A command by its name."),
	  0, STAND, 0, ":", 15 },
	{ ACTION_REDRAW, "redraw", N_("redraw"), N_("Draw the screen anew."),
	  0, WHERE_ALL, 0, "Ctrl-L", 0 },
	{ ACTION_HOME, "home", N_("home"), N_("Back to the queues."), 0, STAND,
	  ACTION_COMMAND_ONLY, "", 0 },
	{ ACTION_SYNC, "sync", N_("sync"), N_("Ask the server now."), 0, STAND,
	  ACTION_COMMAND_ONLY, "", 0 },
	{ ACTION_ME, "me", N_("me"), N_("Everything the desk holds about you."), 0, STAND,
	  ACTION_COMMAND_ONLY, "", 0 },
	{ ACTION_QUIT, "quit", N_("quit"), N_("Leave the desk; held decisions are sent."),
	  0, STAND, ACTION_COMMAND_ONLY, "", 0 },
	{ ACTION_CANCEL, "cancel", N_("cancel"),
	  N_("Leave a dialog or a pane; what was written stays as a draft."),
	  0, WHERE_ALL, 0, "Esc", 0 },
	{ ACTION_BACK, "back", N_("back"), N_("Back; on the queues: leave the desk."),
	  0, STAND, 0, "q", 9 },
	{ ACTION_HELP, "help", N_("all"), N_("Every key of this screen."),
	  0, STAND | WHERE_DIALOG | WHERE_CONFIRM, 0, "?", 1 },
};

_Static_assert(sizeof table / sizeof *table == ACTION_COUNT, "one row for every action");

const struct desk_action *action_at(size_t index)
{
	return index + 1 < ACTION_COUNT ? &table[index + 1] : NULL;
}

const struct desk_action *action_get(enum action_id id)
{
	for (size_t i = 0; i < ACTION_COUNT; i++)
		if (table[i].id == id)
			return &table[i];
	return &table[0];
}

const struct desk_action *action_find(const char *name)
{
	for (size_t i = 1; i < ACTION_COUNT; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

bool action_permitted(enum action_id id, unsigned roles)
{
	unsigned wanted = action_get(id)->roles;

	return !wanted || (wanted & roles);
}
