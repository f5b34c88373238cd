/* SPDX-License-Identifier: Apache-2.0
 *
 * The terminal desk. It draws view structs and returns intents; it knows
 * neither store nor network, and nothing in it waits. One ui a process.
 *
 *   ui_open → { poll; ui_input → ui_intent…; ui_paint } → ui_close
 *
 * The terminal is given back by ui_close(), and also when the process aborts,
 * crashes or runs out of memory (ui_open() installs the hooks).
 */
#ifndef UI_UI_H
#define UI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/intent.h"
#include "view/facts.h"
#include "view/item.h"

struct ui;
struct home;       /* view/home.h */
struct listing;    /* view/listing.h */
struct outbox_view;/* view/outbox_view.h */

struct ui_options {
	bool single_keys;      /* false: letters need Alt (WCAG 2.1.4) */
	unsigned roles;        /* role set of the person, over all queues */
};

/* Could it be opened here? The errors of ui_open(); nothing is changed. */
int ui_check(struct err *err);
/* Takes the terminal. ERR_UNSUPPORTED with a sentence: no terminal, or one that
 * cannot place a cursor (TERM=dumb). options NULL: defaults. */
int ui_open(const struct ui_options *options, struct ui **out, struct err *err);
/* Gives the terminal back and frees; NULL allowed. */
void ui_close(struct ui *ui);

/* Binds keys ("a", "Enter", "Ctrl-L", "Alt-x", "F5"; several with spaces) to an
 * action instead of its defaults. ERR_INVALID: unknown action or key, or a key
 * that decides where the rules forbid it; ERR_CONFLICT: taken. */
int ui_bind(struct ui *ui, const char *action, const char *keys, struct err *err);
void ui_set_roles(struct ui *ui, unsigned roles);

/* Takes the keys that are there, up to the first that wants something: true
 * then, and it is called again after the intents were carried out (keys may
 * wait inside the process, where poll() does not see them). */
bool ui_input(struct ui *ui);
/* Takes the next intent, in the order of the keys; false: none left. What *out
 * held is not freed; clear it with intent_clear(). */
bool ui_intent(struct ui *ui, struct intent *out);

/* What every screen shows besides its subject; copied. */
void ui_set_facts(struct ui *ui, const struct facts *facts);
/* Screens. The structs are borrowed until the next call of the same function
 * or ui_close(); NULL closes the screen. */
void ui_set_home(struct ui *ui, struct home *home);
void ui_show_home(struct ui *ui);
void ui_show_list(struct ui *ui, struct listing *listing);
/* Shows an opened review; takes item. same: the person did not leave the item
 * (it was renewed or its facts changed), so type-ahead stays. */
void ui_show_item(struct ui *ui, struct item *item, bool same);
/* The item on screen, or NULL; borrowed. */
struct item *ui_item(struct ui *ui);
/* What comes behind it, in words (copied), or NULL. */
void ui_set_next(struct ui *ui, const char *words);
/* There is nothing to review: goes back and says it. */
void ui_leave_item(struct ui *ui);
void ui_show_outbox(struct ui *ui, struct outbox_view *outbox);

/* One sentence at the foot of the screen until the next key; said is made
 * safe. bad: something was refused. */
void ui_say(struct ui *ui, bool bad, const char *said);
/* The same from an error. */
void ui_say_error(struct ui *ui, const struct err *err);
/* A high_impact decision: asks for the second confirmation, "1 of 2: nothing
 * happens yet". intent is taken (emptied) and comes back with confirmation once
 * expected was typed; what: the name of what is typed ("the amount"). */
void ui_confirm(struct ui *ui, struct intent *intent, const char *what,
                const char *expected);
/* Answer to an EDITOR intent: the edited value (stolen; NULL: unchanged), or
 * the error with its place. */
void ui_edited(struct ui *ui, struct value *value, const struct err *err);

/* Draws what changed. */
void ui_paint(struct ui *ui);
/* Milliseconds until the screen changes by itself (a clock, a flush that ends);
 * -1: never. */
int ui_timeout_ms(const struct ui *ui);
/* The window has another size. */
void ui_resize(struct ui *ui);
/* Gives the terminal away (editor, SIGTSTP) and takes it back. */
void ui_suspend(struct ui *ui);
void ui_resume(struct ui *ui);

/* Restores the terminal from a signal handler or without memory. Does nothing
 * where no ui is open. */
void ui_emergency(void);

#endif
