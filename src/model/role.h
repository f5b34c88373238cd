/* SPDX-License-Identifier: Apache-2.0
 *
 * Roles of a queue and what each may ask of the server. A pure table; whose
 * token it is, four eyes and routes are judged where the call is carried out.
 */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/decision.h"

enum role {
	ROLE_PRODUCER, ROLE_REVIEWER, ROLE_LEAD, ROLE_SUPERVISOR, ROLE_AUDITOR,
	ROLE_ADMINISTRATOR,
	ROLE_COUNT
};

enum role_verb {
	ROLE_SUBMIT,         /* one or many; also puts blobs */
	ROLE_GET_PROPOSAL,   /* own proposals and their results */
	ROLE_WITHDRAW,
	ROLE_CONSUME,
	ROLE_REVISE,
	ROLE_RESULTS,        /* the feed of results */
	ROLE_PUT_BLOB,
	ROLE_GET_BLOB,       /* of a proposal the person may see */
	ROLE_QUEUES,         /* queues and definitions */
	ROLE_REVIEWS,        /* headers; by stage */
	ROLE_LEASE,          /* take, renew, reveal, release; by stage */
	ROLE_DECIDE,         /* by stage */
	ROLE_CHANGES,
	ROLE_FEEDBACK,
	ROLE_LOG_HEAD,       /* checkpoint and proofs: no content, for everyone */
	ROLE_LOG_ENTRIES,
	ROLE_LOG_CONTENTS,   /* contents and rows, for verification */
	ROLE_LOAD,           /* definitions, policies, guides */
	ROLE_TOKENS,
	ROLE_VERBS
};

enum { ROLE_ANY_STAGE = -1, ROLE_SET_TEXT_SIZE = 96 };

/* "producer" … "administrator"; false for an unknown name. */
const char *role_name(enum role r);
bool role_find(const char *name, enum role *out);
/* "submit", "get_proposal", … as in the role matrix. */
const char *role_verb_name(enum role_verb v);
bool role_verb_find(const char *name, enum role_verb *out);

/* May this role do this? stage: an enum stage for ROLE_REVIEWS, ROLE_LEASE and
 * ROLE_DECIDE, or ROLE_ANY_STAGE for “on some stage”; ignored for the others. */
bool role_may(enum role r, enum role_verb v, int stage);

/* A set of roles: bit 1 << enum role. */
unsigned role_set_add(unsigned set, enum role r);
bool role_set_has(unsigned set, enum role r);
/* May any role of the set? */
bool role_set_may(unsigned set, enum role_verb v, int stage);
/* The role of the set that gives the right to do this, the weakest first, for
 * the record; ROLE_COUNT where none does. */
enum role role_set_acting(unsigned set, enum role_verb v, int stage);
/* Names sorted by bytes, separated by commas: the authority of a leaf.
 * Returns out. */
const char *role_set_text(unsigned set, char out[ROLE_SET_TEXT_SIZE]);

#endif
