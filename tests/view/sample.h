/* SPDX-License-Identifier: Apache-2.0
 *
 * Reviews made of JSON, and layouts as text: what the tests of room view need.
 */
#ifndef TESTS_VIEW_SAMPLE_H
#define TESTS_VIEW_SAMPLE_H

#include <stdbool.h>

#include "view/facts.h"
#include "view/item.h"
#include "view/rows.h"

/* A review of this proposal under this definition; in JSON texts ' may stand
 * for ". asks: names of the asked fields as a JSON array; NULL: all. The lease
 * ends in a quarter of an hour. */
struct review *sample_review(const char *definition, const char *proposal, const char *asks);
/* The same from documents; both are stolen. */
struct review *sample_review_of(struct value *definition, struct value *proposal,
                                 const char *asks);
struct value *sample_json(const char *text);
/* Noon of a day in 2026, reviewer-1, online. */
struct facts sample_facts(void);

/* Definitions and proposals of one queue of each kind. */
extern const char sample_receipts[], sample_receipt[];
extern const char sample_intents[], sample_intent[];
extern const char sample_agent[], sample_call[];

/* Lays the item out and checks what holds for every layout: exactly height
 * rows, none wider than width, spans side by side, only printable text of the
 * stated width. The text of all rows, '\n' behind each; the caller's. */
char *sample_layout(struct item *item, unsigned width, unsigned height);
/* The same checks for rows that something else made. */
char *sample_rows(const struct rows *rows, size_t height);
/* Does a row of the text hold this? Fails with the whole text. */
void sample_shows(const char *text, const char *words);
void sample_hides(const char *text, const char *words);

#endif
