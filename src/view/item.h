/* SPDX-License-Identifier: Apache-2.0
 *
 * The item under review as its screen shows it: the opened review, the answer
 * being given, which field and pane the person is at, and what they have seen.
 * No terminal: item_layout() gives rows for any size.
 */
#ifndef VIEW_ITEM_H
#define VIEW_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/review.h"
#include "view/facts.h"
#include "view/form.h"
#include "view/review/candidates.h"
#include "view/review/source_text.h"
#include "view/rows.h"

/* Panes of a review, by the names recorded in the decision. */
enum item_pane {
	ITEM_EVIDENCE,      /* "evidence": the source text */
	ITEM_FIELDS,        /* "fields": proposed fields, or the choices */
	ITEM_ARGUMENTS,     /* "arguments": what will be executed */
	ITEM_WHY,           /* "why": routing reasons, signals, checks, steps */
	ITEM_GUIDE,         /* "guide" */
	ITEM_HISTORY,       /* "history": what happened before, siblings */
	ITEM_RAW,           /* "raw": the document as sent */
	ITEM_COMPARE,       /* "compare": proposed and answered side by side */
	ITEM_HIDDEN,        /* "hidden": hidden text, made visible */
	ITEM_PANES
};
const char *item_pane_name(enum item_pane pane);

struct item {
	struct review *review;        /* owned */
	struct form *form;            /* owned: the answer being given */
	bool filling;                 /* the field list takes commands (correction) */
	size_t field;                 /* selected field; form->count: the send line */
	size_t taken;                 /* candidate taken last of that field, from 1 */
	struct candidates candidates; /* of the selected field */
	enum item_pane focus;         /* pane that scroll keys move */
	enum item_pane open;          /* pane over the review; ITEM_PANES: none */
	size_t top[ITEM_PANES];       /* first row on screen of each pane */
	size_t rows[ITEM_PANES];      /* rows each had when last laid out, 0: unknown */
	size_t room[ITEM_PANES];      /* rows it had on the screen */
	bool follow;                  /* the next layout scrolls the source to the
	                                 evidence of the selected field */
	size_t shown[ITEM_PANES];     /* rows [0, shown) have been on the screen */
	unsigned shown_width[ITEM_PANES];  /* laid out at this width */
	bool arguments_seen;          /* have been on the screen to their end */
	unsigned found;               /* hidden text in anything sent, enum text_kind */
	bool revealed;                /* the hidden text was looked at */
	bool sibling_confirmed;       /* a was pressed although a sibling is open */
	unsigned sources;             /* bits of sources [0, 32) that were shown */
	bool compared;                /* the change was looked at side by side */
	unsigned panes;               /* bits of panes that were on screen */
	int64_t opened_ms;            /* wall clock */
	int64_t active_ms;            /* time with the screen and a person */
	int64_t touched_boot_ms;      /* last key, for active_ms */
	char *next;                   /* owned: what comes next, in words, or NULL */
	char *why;                    /* owned: last answer of item_why_not() */
	struct source_text *text;     /* owned: of the source on screen, or NULL */
	size_t source;                /* which source; source_count: none has text */
	/* An editor in the selected field, while one is open; borrowed. */
	const char *edit_text;        /* NULL: none */
	size_t edit_caret;            /* bytes */
};

/* Takes review; draft (borrowed) or NULL is loaded into the form. next
 * (copied): the next item in words, or NULL. */
struct item *item_new(struct review *review, const struct decision *draft,
                      const char *next, const struct facts *facts);
void item_free(struct item *item);   /* NULL allowed */

/* Fills out with exactly height rows of at most width cells: header, body,
 * foot; without the key line. */
void item_layout(struct item *item, const struct facts *facts, unsigned width,
                 unsigned height, struct rows *out);

/* Why this outcome is not open now, in words; NULL where it is.
 * Borrowed until the next call. */
const char *item_why_not(struct item *item, enum outcome outcome);
/* A sibling of the case that was rejected or is open, in words, or NULL. */
char *item_sibling_warning(const struct item *item);
/* Counts a key of the person into active_ms (gaps count at most 30 s). */
void item_touch(struct item *item, int64_t boot_ms);
/* Writes into d what the screen knows, in place of what stood there:
 * checked_against, panes, times, flags. */
void item_complete(const struct item *item, struct decision *d, int64_t now_ms);

/* The lease was renewed: until this instant of the server's clock. */
void item_renew(struct item *item, int64_t expires_ms, int64_t lease_boot_ms);
/* Selects a field, finds its candidates and scrolls its evidence into view. */
void item_select(struct item *item, size_t field);
/* Shows the next source that has a text (wraps round). */
void item_next_source(struct item *item);
/* Opens a pane over the review (ITEM_PANES: closes it). */
void item_open_pane(struct item *item, enum item_pane pane);
/* Moves the focus to the next pane that scrolls. */
void item_focus_next(struct item *item);
/* Rows [top, top + given) of a pane that has these in all are on the screen.
 * True once all have been there, from the first on without a gap. */
bool item_note_shown(struct item *item, enum item_pane pane, const struct rows *all,
                     size_t given);
/* Scrolls the pane with the focus, or the open one. */
void item_scroll(struct item *item, long rows);
void item_scroll_to(struct item *item, bool last);

#endif
