/* SPDX-License-Identifier: Apache-2.0
 *
 * What room ui shares between its files; nothing outside includes it.
 *
 * Screens stand on a stack; the topmost gets the keys. A screen is a constant
 * table of operations: which actions are valid, how it is laid out, what an
 * action or a plain key does.
 */
#ifndef UI_STATE_H
#define UI_STATE_H

#include <stdbool.h>

#include "ui/key.h"
#include "ui/ui.h"
#include "ui/widget/edit.h"
#include "view/home.h"
#include "view/item.h"
#include "view/listing.h"
#include "view/outbox_view.h"
#include "view/rows.h"

struct screen {
	const char *name;
	/* Bits of enum action_where. */
	unsigned (*where)(const struct ui *ui);
	/* Rows of the body: exactly height. */
	void (*layout)(struct ui *ui, unsigned width, unsigned height, struct rows *out);
	/* Carries out an action that is valid here and permitted. */
	void (*act)(struct ui *ui, enum action_id id, int digit);
	/* An editor: takes the key before the table of actions; NULL: has none. */
	bool (*key)(struct ui *ui, const struct key *key);
	/* Why an action that is valid here is off now; NULL: it is not. */
	const char *(*off)(struct ui *ui, enum action_id id);
	const char *hint;    /* message id: the key line of an editor, or NULL */
};

extern const struct screen screen_home, screen_list, screen_review, screen_field,
	screen_label, screen_dialog, screen_outbox, screen_help, screen_command,
	screen_confirm, screen_me;

enum { SCREENS_MAX = 12, INTENTS_MAX = 16, SAID_SIZE = 400, DIALOG_REASONS = 24,
	DIALOG_ROUTES = 9, SAME_KEY_MS = 150 };

/* Reasons and words of a decision, a disposition or a field state. */
struct dialog {
	enum action_id what;           /* REJECT RETURN ESCALATE CORRECT APPROVE
	                                  NOT_FOR_ME CANNOT_TELL NOTE */
	char review[ID_SIZE];          /* what it was opened on */
	struct {
		const char *name, *title;  /* borrowed from the definition */
		bool chosen;
	} reasons[DIALOG_REASONS];
	size_t reason_count;
	struct {
		const char *name;
	} routes[DIALOG_ROUTES];
	size_t route_count, route;     /* route_count: none chosen */
	char *message, *note;          /* owned, or NULL */
	bool has_message, has_note;
	size_t line;                   /* the line keys act on */
	bool writing;                  /* an editor is open in it */
};

struct ui {
	struct ui_options options;
	struct facts facts;
	struct keymap keymap;
	const struct screen *stack[SCREENS_MAX];
	size_t depth;
	struct home *home;             /* borrowed */
	struct listing *listing;       /* borrowed */
	struct outbox_view *outbox;    /* borrowed */
	struct item *item;             /* owned, or NULL */
	struct intent intents[INTENTS_MAX];
	size_t intent_first, intent_count;
	struct rows frame;
	char said[SAID_SIZE];
	bool said_bad;
	struct dialog dialog;
	struct edit edit;              /* of whichever screen writes */
	size_t chosen;                 /* label search: result under the cursor */
	size_t help_top;
	struct intent confirming;      /* waits for its second confirmation */
	char expected[256], what[64];
	bool typed;                    /* it was typed: y sends */
	char *edited;                  /* owned: field that is in the person's editor */
	/* A new item: what was typed before it was seen does not count. */
	bool fresh;
	int64_t fresh_us;              /* clock_mono_us() of its first painting */
	uint32_t last_key;             /* the key before it */
	int capitals;                  /* unknown capitals in a row: caps lock? */
	/* What was painted last: nothing is laid out again while it holds. */
	bool dirty;
	uint64_t painted_home, painted_list, painted_outbox;
	int64_t painted_expires_ms;
};

/* --- for screens --------------------------------------------------------------- */

void ui_push(struct ui *ui, const struct screen *screen);
void ui_pop(struct ui *ui);
/* Pops down to this screen, or makes it the only one above home. */
void ui_pop_to(struct ui *ui, const struct screen *screen);
const struct screen *ui_top(const struct ui *ui);
bool ui_has(const struct ui *ui, const struct screen *screen);
/* A new intent at the end of the queue, empty but for the action. */
struct intent *ui_intend(struct ui *ui, enum action_id id);
/* The same for the item on screen: with its id, digest and what was seen. */
struct intent *ui_intend_item(struct ui *ui, enum action_id id);
void ui_sayf(struct ui *ui, bool bad, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Scrolling that all lists and panes share; false: not a moving action. rows
 * gets how far, *end: to the beginning (-1) or the end (1). */
bool ui_motion(enum action_id id, long page, long *rows, int *end);
/* Carries out what every screen knows: help, undo, outbox, command … */
bool ui_common(struct ui *ui, enum action_id id);

/* review.c, shared with field.c, label.c and dialog.c */
void review_decide(struct ui *ui, enum action_id id, struct decision *decision);
void review_send(struct ui *ui);
void review_edit_field(struct ui *ui);
void dialog_open(struct ui *ui, enum action_id what, const char *chosen);

#endif
