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

#include "base/textmap.h"
#include "model/review.h"
#include "view/answer.h"
#include "view/facts.h"
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
	ITEM_PANES
};
const char *item_pane_name(enum item_pane pane);

struct item_text;           /* view/evidence.c */

struct item {
	struct review *review;        /* owned */
	struct answer *answer;        /* owned */
	bool form;                    /* the field list takes commands (correction) */
	size_t field;                 /* selected field; answer->count: the send line */
	size_t candidate;             /* candidate last taken of that field, from 1 */
	char *choice;                 /* owned: label chosen by search, or NULL */
	enum item_pane focus;         /* pane that scroll keys move */
	enum item_pane open;          /* pane over the review, ITEM_PANES: none */
	size_t top[ITEM_PANES];       /* first row on screen of each pane */
	size_t rows[ITEM_PANES];      /* rows each pane had when last laid out */
	size_t room[ITEM_PANES];      /* rows it had on the screen */
	bool follow;                  /* the next layout scrolls evidence to the field */
	bool arguments_seen;          /* were on the screen to their end */
	size_t arguments_from;        /* rows [0, from) of them have been on screen */
	unsigned arguments_width;     /* width those rows were laid out for */
	unsigned found;               /* hidden text in anything shown, enum text_kind */
	bool revealed;                /* the person has looked at the hidden text */
	bool sibling_confirmed;       /* warned of a sibling, pressed a again */
	unsigned panes;               /* bits of panes that were on screen */
	int64_t opened_ms;            /* wall clock */
	int64_t active_ms;            /* time with the screen and a person */
	int64_t touched_boot_ms;      /* last key, for active_ms */
	char *next_title;       /* owned: what comes next, or NULL */
	struct item_text *texts;      /* laid out texts, by source and width */
};

/* Takes review; draft (borrowed) or NULL is loaded into the answer. next_title
 * (copied): the next item in words, or NULL. */
struct item *item_new(struct review *review, const struct value *draft,
                      const char *next_title, const struct facts *facts);
void item_free(struct item *item);   /* NULL allowed */

/* Fills out with exactly height rows of at most width cells: header, body,
 * foot; without the key line. */
void item_layout(struct item *item, const struct facts *facts, unsigned width,
                 unsigned height, struct rows *out);

/* Why this outcome is not open now, in words; NULL where it is. */
const char *item_why_not(const struct item *item, enum outcome outcome);
/* A sibling of the case that was rejected or is open, in words, or NULL. */
char *item_sibling_warning(const struct item *item);
/* What must be typed to confirm a high_impact decision (an amount, a label, an
 * id shown on the screen), and its name; NULL where nothing must. */
const char *item_confirmation(const struct item *item, enum outcome outcome,
                              const char **what);
/* Counts a key of the person into active_ms (gaps count at most 30 s). */
void item_touch(struct item *item, int64_t boot_ms);
/* Adds to d what the screen knows: checked_against, panes, times, flags. */
void item_complete(const struct item *item, struct decision *d, int64_t now_ms);

/* Selects a field and scrolls its evidence into view. */
void item_select(struct item *item, size_t field);
/* Scrolls the pane with the focus (or the open one). */
void item_scroll(struct item *item, long rows);
void item_scroll_to(struct item *item, bool last);

#endif
