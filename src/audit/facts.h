/* SPDX-License-Identifier: Apache-2.0
 *
 * What the log says exists, as small records: one a proposal, content,
 * decision, result, release and decided review; 64 bytes each, a decision 136
 * and a proposal 40 more. Names and texts are not kept: a record has the index of its leaf,
 * which is read again when something has to be named.
 */
#ifndef AUDIT_FACTS_H
#define AUDIT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

enum { FACTS_KEY = 16, FACTS_STATE = 16 };

enum fact_kind {
	FACT_PROPOSAL,       /* by id */
	FACT_REVIEW,         /* by id: one that was decided */
	FACT_CONTENT,        /* by kind/subject/number, or kind/digest */
	FACT_DECISION,       /* by id */
	FACT_RESULT,         /* by proposal/number */
	FACT_RELEASE         /* by proposal */
};

struct fact {
	unsigned char key[FACTS_KEY];    /* of kind and name */
	unsigned char digest[HASH_SIZE]; /* content: its digest; decision: of its
	                                    envelope; others: see facts_columns() */
	int64_t leaf;                    /* the newest that speaks of it */
	uint32_t more;                   /* proposal, decision: index of its record */
	uint8_t kind;
	uint8_t content;                 /* content: enum content_kind */
	bool seen;                       /* found among what is stored */
};

struct facts_proposal {
	int64_t intake;                  /* leaf of its current revision */
	int64_t number;                  /* newest result, 0: none */
	int64_t revision;
	char state[FACTS_STATE];         /* word, cut */
};

struct facts_decision {
	unsigned char columns[FACTS_KEY];
	unsigned char feedback[HASH_SIZE];
	unsigned char faults[HASH_SIZE];
	unsigned char salt[SALT_SIZE];
	int32_t rows;                    /* of feedback */
	bool has_feedback, has_faults, has_salt;
	bool rows_seen;
};

struct facts {
	struct fact *items;
	size_t count, cap;
	struct facts_proposal *proposals;
	size_t proposal_count, proposal_cap;
	struct facts_decision *decisions;
	size_t decision_count, decision_cap;
	uint32_t *slots;                 /* index + 1, 0: free */
	size_t slot_count;
};

/* NULL where the log does not know it; valid until the next facts_get(). */
struct fact *facts_find(struct facts *f, enum fact_kind kind, const char *name);
/* Made (leaf -1) where it is missing. */
struct fact *facts_get(struct facts *f, enum fact_kind kind, const char *name);
/* The record of a decision, of a proposal. */
struct facts_decision *facts_decision_of(struct facts *f, const struct fact *fact);
struct facts_proposal *facts_proposal_of(struct facts *f, const struct fact *fact);
/* Hash of the columns its row must have (expect.h), FACTS_KEY bytes; of a
 * review: key of the decision that stands. Not for contents. */
unsigned char *facts_columns(struct facts *f, struct fact *fact);
void facts_key(enum fact_kind kind, const char *name, unsigned char out[FACTS_KEY]);
void facts_clear(struct facts *f);

#endif
