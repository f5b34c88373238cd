/* SPDX-License-Identifier: Apache-2.0
 *
 * A review: one unit of human work on a proposal; its header as lists show it,
 * and the lease that gives one person the right to decide it.
 */
#ifndef MODEL_REVIEW_H
#define MODEL_REVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/id.h"
#include "model/decision.h"
#include "model/definition.h"
#include "model/proposal.h"

/* A line of the list; every char * owned. Times are ms UTC, 0: none. */
struct review_header {
	char review[ID_SIZE];
	char proposal[ID_SIZE];
	char *external_id, *queue, *case_id;   /* case_id or NULL */
	enum kind kind;
	enum safety_class safety_class;
	enum stage stage;
	char *state;             /* word of data/states.tsv */
	int confidence_pm;       /* per mille, or -1: unknown */
	int64_t due_ms, received_ms;
	int64_t order;           /* the server's order, smallest first */
	bool held;               /* reserved by somebody */
};

void review_header_clear(struct review_header *h);

struct review_allowed {
	enum outcome outcome;
	const char *why_not;     /* NULL: allowed */
};

/* A lease opened on the desk: everything a screen needs. Strings borrowed from
 * the owned tree `doc` (the lease as it came) unless said otherwise. */
struct review {
	struct value *doc;             /* owned: lease without the proposal bytes */
	struct proposal *proposal;     /* owned */
	struct definition *definition; /* owned */
	const char *id;                /* review id */
	const char *proposal_id;
	int64_t revision;
	enum stage stage;
	enum view_kind view;
	const char *token;
	int64_t expires_ms;            /* server clock */
	int64_t lease_boot_ms;         /* end of the lease on this boot-time clock */
	const char *salt;              /* of the proposal */
	char digest[HASH_TEXT_SIZE];   /* salted digest of this revision */
	char shown[HASH_TEXT_SIZE];
	const char *definition_digest, *policy_digest, *guide_digest;  /* guide or NULL */
	struct review_allowed *allowed;
	size_t allowed_count;
	const struct value *reasons;   /* leaf results: why a person is asked */
	const struct value *asked;     /* names of the fields asked; empty: all */
	const struct value *history;   /* array, or NULL */
	const struct value *siblings;  /* array of {proposal,external_id,title,state} or NULL */
	int64_t due_ms;
};

void review_free(struct review *r);   /* NULL allowed */
/* Is this field asked about? (none named means all are) */
bool review_asks(const struct review *r, const char *field);
/* NULL where the outcome is allowed, else the reason why not. */
const char *review_why_not(const struct review *r, enum outcome outcome);

#endif
