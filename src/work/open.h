/* SPDX-License-Identifier: Apache-2.0
 *
 * From a lease in the store to a review on the screen: bytes to model, every
 * digest checked. What does not pass is set aside with a reason and blocks
 * nobody. Also the claim of the next item, and reading an own decision again.
 */
#ifndef WORK_OPEN_H
#define WORK_OPEN_H

#include "work/work.h"

/* The next item reserved for this desk, in the server's order: behind `after`
 * (NULL: the first; backwards: before it; wraps round). Items that cannot be
 * opened are set aside on the way; *aside counts them (may be NULL). Once it
 * is on the screen, work_touch() it: only then it counts as opened.
 * ERR_NOT_FOUND: nothing is reserved here (yet). *out is the caller's. */
int work_next(struct work *w, const char *queue, const char *after, bool backwards,
              struct review **out, size_t *aside, struct err *err);
/* Opens this review. ERR_NOT_FOUND: not reserved here; ERR_CONFLICT: recalled,
 * decided already, or ended before it was ever opened; ERR_CORRUPT, ERR_INVALID: it was set aside now. */
int work_open(struct work *w, const char *review, struct review **out, struct err *err);
/* Reads the item that work_next() would give, and the one behind it, so that
 * opening them costs nothing. Call when nothing else waits. Nothing is set
 * aside here. */
void work_prepare(struct work *w, const char *queue, const char *after);
/* What came behind this item when work_prepare() last looked; borrowed until the
 * next call. NULL: nothing, or not looked yet. */
const struct review *work_following(const struct work *w, const char *review);
/* The same without opening it for the person (the line below the item). */
int work_peek(struct work *w, const char *review, struct review **out, struct err *err);
/* Is what was drawn still what is reserved? 0, or ERR_CONFLICT with words. */
int work_current(struct work *w, const struct review *shown, struct err *err);
/* The person has or touched the item: its lease is renewed. */
int work_touch(struct work *w, const char *review, struct err *err);

/* Around painting an item for the first time (an item that kills the desk
 * twice is set aside when the store is opened). */
int work_showing(struct work *w, const char *review, struct err *err);   /* NULL: ended */

/* An own decision again, with the review it was made on: to amend it
 * (work_seen.amends) or to read it. ERR_NOT_FOUND: not known, or its item is
 * not kept any more; ERR_CONFLICT: it is held (undo it) or was refused. Both
 * are the caller's. */
int work_open_decided(struct work *w, const char *decision, struct review **review,
                      struct decision **answer, struct err *err);

/* Blind review: commits the person's own answer. Writes its digest (for
 * sync_reveal()) and its content {"salt","value"}, the caller's. Repeated it
 * gives the first answer back: a committed answer does not change.
 * ERR_DENIED: this review is not blind. */
int work_commit_own(struct work *w, const struct review *shown, const struct value *value,
                    char own[HASH_TEXT_SIZE], struct value **content, struct err *err);

#endif
