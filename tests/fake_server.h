/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of sync: a queue server in memory. One queue "receipts", reviews,
 * leases, decisions with their verdicts, changes, and a real log: leaves in a
 * Merkle tree, signed checkpoints, consistency proofs. It is honest unless it
 * is told to lie. What it is asked and what it does is counted.
 */
#ifndef TESTS_FAKE_SERVER_H
#define TESTS_FAKE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/id.h"
#include "model/merkle.h"
#include "model/value.h"

enum fake_fault {
	FAKE_NONE,
	FAKE_UNREACHED,          /* the request does not arrive */
	FAKE_REPLY_LOST,         /* it is acted upon, the answer does not arrive */
	FAKE_REPLY_CUT,          /* … and half of the answer arrives */
	FAKE_NONSENSE,           /* 200 and no JSON */
	FAKE_STATUS,             /* answers fault_status with a problem, does nothing */
	FAKE_STATUS_BARE         /* the same without a problem document */
};

enum fake_lie {
	FAKE_HONEST,
	FAKE_WRONG_SIGNATURE,    /* checkpoints of another key */
	FAKE_FORK,               /* another root for the same size */
	FAKE_REWRITTEN,          /* first leaf changed: proofs cannot fit */
	FAKE_SHRUNK,             /* the newest leaves are gone */
	FAKE_NO_PROOF            /* proofs are answered with 404 */
};

enum { FAKE_REVIEWS = 2000, FAKE_LEAVES = 4096 };

struct fake_review {
	char review[ID_SIZE], proposal[ID_SIZE];
	char external_id[32];
	char *document;
	char salt[SALT_TEXT_SIZE], digest[HASH_TEXT_SIZE];
	bool open, leased, recalled, blind, revealed;
	int64_t counter;         /* of its token */
};

struct fake_server {
	struct fake_review *reviews;
	size_t review_count;
	struct value *decisions; /* id → {"identity","result"} */
	struct value *changes;   /* array */
	int64_t epoch, next_counter;
	unsigned char seed[32];
	unsigned char leaves[FAKE_LEAVES][HASH_SIZE];
	size_t leaf_count;
	char *definition;
	char definition_digest[HASH_TEXT_SIZE];
	const char *role;        /* of the person; NULL: reviewer */

	/* what is to happen */
	const char *fault_path;  /* requests whose path begins so; NULL: all */
	enum fake_fault fault;
	int fault_status, fault_times;   /* times: -1 for ever */
	int64_t fault_retry_after_ms;
	enum fake_lie lie;
	const char *verdict;     /* of new decisions; NULL: accepted */
	bool late, no_checkpoint, leave_out;
	bool fork_once;          /* answer device_forked once */
	bool must_refetch_once;
	size_t batch_most;       /* larger batches are refused whole; 0: none */
	bool refuse_alone;       /* also a batch of one */
	int64_t clock_ahead_ms;
	size_t page_most;        /* headers of a page */
	int lease_ttl_s;

	/* what happened */
	int requests, pushes, effects, releases, lease_calls, pages, change_calls, proofs;
	int queue_calls;
	size_t largest_batch;
	struct value *last_lease_call;
};

struct fake_answer {
	enum { FAKE_ANSWER, FAKE_LOST, FAKE_WAITS } what;
	int status;
	const char *media_type;
	int64_t retry_after_ms, date_ms;
	struct buf body;
};

void fake_server_init(struct fake_server *f, size_t reviews);
void fake_server_clear(struct fake_server *f);
/* Answers one request. A poll for changes that has nothing to say WAITS. */
void fake_server_answer(struct fake_server *f, const char *method, const char *path,
                        const char *body, size_t len, struct fake_answer *out);
/* Adds an unrelated leaf to the log. */
void fake_server_leaf(struct fake_server *f);
void fake_server_change(struct fake_server *f, struct value *change);
/* A review nobody mirrors yet is told as a change. */
void fake_server_header(struct fake_server *f, int order);
/* The server is put back to a backup of `leaves` leaves, without any decision. */
void fake_server_restore(struct fake_server *f, size_t leaves);
/* A signed checkpoint as it would be shown now. */
void fake_server_note(struct fake_server *f, struct buf *out);

#endif
