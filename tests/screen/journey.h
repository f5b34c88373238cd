/* SPDX-License-Identifier: Apache-2.0
 *
 * One person at a desk, step by step: press keys, see words. Every step also
 * checks what holds for all screens (screen/invariant.h); a step that cannot be
 * made fails the test with the screen in it.
 */
#ifndef TESTS_SCREEN_JOURNEY_H
#define TESTS_SCREEN_JOURNEY_H

#include "model/value.h"
#include "screen/harness.h"
#include "screen/world.h"

struct journey {
	struct world *world;
	struct harness *h;
	char *store;       /* path of this journey's own store */
	bool watched;      /* invariants are checked: not while an editor has it */
};

/* Opens the desk; spec as for world_desk(). Ends at home. */
void journey_begin(struct journey *j, struct world *w, const char *person,
                   const struct harness_spec *spec);
/* Leaves by :quit; the desk must end with 0, give the terminal back, and have
 * written nothing that may not be written. */
void journey_leave(struct journey *j);
/* The same after the desk was told to end by other means: waits for it. */
void journey_ended(struct journey *j, int status);

void journey_keys(struct journey *j, const char *keys);
/* Keys, and then this must be (or no longer be) in a row of the screen. */
void journey_see(struct journey *j, const char *keys, const char *words);
void journey_lose(struct journey *j, const char *keys, const char *words);
/* Must not be on the screen now. */
void journey_absent(struct journey *j, const char *words);
/* Esc alone: waits until its words are gone, so that no key is taken for Alt. */
void journey_escape(struct journey *j, const char *gone);
/* Everything that was pressed has had its effect. */
void journey_settle(struct journey *j);
void journey_golden(struct journey *j, const char *name);

/* From home: opens the list of a queue, whose title must be on the home screen;
 * and in it this item. */
void journey_open_list(struct journey *j, const char *queue_title);
void journey_open(struct journey *j, const char *queue_title, const char *external_id);
/* From home: Enter on a queue, so that items follow each other. */
void journey_work(struct journey *j, const char *queue_title);
/* Back to home from anywhere, by the command line. */
void journey_back_home(struct journey *j);
/* On a review: the next item by J until this one is on screen. */
void journey_go(struct journey *j, const char *external_id);
/* The external id on the screen of a review; the caller's. */
char *journey_external_id(struct journey *j);
/* Keys, and then another item, or none, must be on the screen. */
void journey_decide(struct journey *j, const char *keys);
void journey_expect_item(struct journey *j, const char *external_id);

/* After the desk has ended: the newest decision or disposition on an item, as
 * {"act", "outcome" or "disposition", "reason", "stage", "state", "summary", "envelope",
 * "content"}; fails the test where there is none. The caller's. */
struct value *journey_record(struct journey *j, const char *external_id);
/* A text of a record: "outcome", "envelope/route" …, or "(none)". Borrowed. */
const char *journey_text(const struct value *record, const char *path);
/* State of a field in its envelope, and reason: "cannot_tell unreadable". Borrowed
 * until the next call. */
const char *journey_field(const struct value *record, const char *field);
/* The number of decisions and dispositions in the store. */
size_t journey_records(struct journey *j);
/* The draft of an item, or NULL. The caller's. */
struct value *journey_draft(struct journey *j, const char *external_id);
/* Frees; the desk must have ended, except where the test failed. */
void journey_clear(struct journey *j);

#endif
