/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the room: what is kept between two use cases.
 */
#ifndef WORK_STATE_H
#define WORK_STATE_H

#include "policy/fit.h"
#include "store/command.h"
#include "work/work.h"

enum { WORK_DEFINITIONS = 8, WORK_TOUCH_MS = 10000, WORK_AHEAD = 2 };

/* A definition as it came, parsed once, and its compiled schemas. */
struct work_definition {
	char digest[HASH_TEXT_SIZE];     /* empty: free */
	uint64_t generation;             /* of STORE_TOPIC_QUEUES when it was read */
	struct value *doc;               /* owned */
	struct definition *read;         /* owned: what fit borrows from */
	struct fit *fit;                 /* owned; NULL: not compiled yet */
};

struct work {
	struct store *store;
	bool hold;
	struct work_definition definitions[WORK_DEFINITIONS];
	size_t next_definition;          /* replaced next */
	/* The line as it was when last looked ahead: an item (empty: none) and
	 * those behind it (empty: no more), and what was read of these. */
	char *line_queue;                /* owned; NULL: all queues */
	char line[WORK_AHEAD + 1][ID_SIZE];
	struct review *ahead[WORK_AHEAD];/* owned; each NULL: not read, or taken */
	uint64_t ahead_queues, ahead_leases;   /* generations of these topics */
	/* when the earliest hold ends, for these generations */
	uint64_t hold_outbox, hold_leases;
	int64_t hold_ends_ms;            /* INT64_MAX: nothing is held */
	/* the last touch that was written */
	char touched[ID_SIZE];
	int64_t touched_ms;
};

/* The definition document of this digest; borrowed until the next call.
 * ERR_NOT_FOUND: it has not arrived yet. */
int work_definition_get(struct work *w, const char *digest, const struct value **out,
                        struct err *err);
/* The person left this item, and nothing else happened since leases was the
 * generation of STORE_TOPIC_LEASES: the line behind it still stands. */
void work_line_left(struct work *w, const char *review, uint64_t leases);
/* The compiled schemas of a review's definition; borrowed likewise. */
int work_fit(struct work *w, const struct review *r, const struct fit **out,
             struct err *err);

#endif
