/* SPDX-License-Identifier: Apache-2.0
 *
 * The queue: everything the server knows and decides, behind one function
 * table, so that the HTTP side does not know which database answers.
 *
 * One thread at a time. Every verb has one signature: a call in, an answer
 * out. A verb judges who calls inside the transaction that acts; it never
 * trusts an earlier look-up. Clock: clock_now_ms() only.
 *
 * Groups. A writer may run several verbs in one transaction:
 *     queue_group_begin(); queue_run() …; queue_group_end();
 * Each verb then stands in a savepoint: one that answers a problem leaves
 * nothing behind and the others stand. No answer of a group may be sent before
 * queue_group_end() has returned 0; where it fails nothing of the group has
 * happened, and every call of it gets queue_answer_failure(). Outside a group
 * a verb commits by itself before it returns.
 */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "model/value.h"

/* The route each verb answers stands beside it; body and query members are
 * those of the wire. "local" verbs are for the owner of the data directory. */
enum queue_verb {
	/* producer */
	QUEUE_SUBMIT,          /* POST /proposals */
	QUEUE_SUBMIT_BATCH,    /* POST /proposals:batch */
	QUEUE_GET_PROPOSAL,    /* GET /proposals/{id}?wait */
	QUEUE_WITHDRAW,        /* POST /proposals/{id}:withdraw */
	QUEUE_CONSUME,         /* POST /proposals/{id}:consume */
	QUEUE_REVISE,          /* POST /proposals/{id}:revise */
	QUEUE_RESULTS,         /* GET /decisions?after&limit&wait */
	/* blobs: see queue_blob_begin() */
	QUEUE_GET_BLOB,        /* GET /blobs/{sha256}?proposal: answers a file */
	/* desk */
	QUEUE_QUEUES,          /* GET /queues */
	QUEUE_DEFINITION,      /* GET /definitions/{digest-hex} */
	QUEUE_REVIEWS,         /* GET /reviews?queue&stage&filter&after&limit */
	QUEUE_LEASES,          /* POST /leases */
	QUEUE_REVEAL,          /* POST /leases/{review}:reveal */
	QUEUE_RELEASE_LEASE,   /* POST /leases:release */
	QUEUE_DECISIONS,       /* POST /decisions:batch */
	QUEUE_CHANGES,         /* GET /changes?after&wait&limit */
	/* lead, supervisor, auditor */
	QUEUE_FEEDBACK,        /* GET /feedback?queue&after&limit */
	QUEUE_LOG_CHECKPOINT,  /* GET /log/checkpoint: text/plain */
	QUEUE_LOG_ENTRIES,     /* GET /log/entries?start&end */
	QUEUE_LOG_PROOF,       /* GET /log/proof?from&to or ?index&size */
	QUEUE_LOG_CONTENTS,    /* GET /log/contents?after&limit */
	QUEUE_LOG_ROWS,        /* GET /log/rows?after&limit */
	/* anyone */
	QUEUE_HEALTH,          /* GET /healthz: no token */
	/* local */
	QUEUE_LOAD,            /* body {"queues":[…],"overlay":{"queues":[…]}?}
	                          → {"queues":[{queue,loaded:"new|changed|same",
	                          definition_digest,policy_digest,guide_digest}]} */
	QUEUE_TOKEN_ADD,       /* body {"name","role","queue"?} (queue absent: all)
	                          → {"id","name","role","queue","token"}; the token
	                          is shown here and nowhere else */
	QUEUE_TOKEN_REVOKE,    /* body {"id"} or {"name"} → {"revoked":n} */
	QUEUE_TOKEN_LIST,      /* → {"tokens":[{id,name,role,queue,created_at,
	                          revoked_at|null}]} */
	QUEUE_VERBS
};

struct queue;

struct queue_call {
	bool local;                       /* from the owner of the data directory */
	const unsigned char *token_hash;  /* HASH_SIZE bytes: SHA-256 of the whole
	                                     bearer token; NULL: none was sent */
	const char *id;                   /* the part of the path in braces, or NULL */
	const struct value *query;        /* object of strings, or NULL */
	const struct value *body;         /* parsed body, or NULL */
	const char *bytes;                /* the body as it came, or NULL: the text
	                                     that body was parsed from, so it has
	                                     passed the pre-scan */
	size_t len;
};

/* What to send. Start with QUEUE_ANSWER_INIT. */
struct queue_answer {
	int status;              /* HTTP status; a problem from 400 on */
	const char *type;        /* content type, static */
	struct buf body;         /* owned */
	bool wait;               /* nothing yet: run the same call again when
	                            queue_generation() has moved, and send this
	                            answer as it is when the wait has run out */
	int retry_after_s;       /* > 0: Retry-After */
	int file;                /* open descriptor of a blob to send, or -1; the
	                            caller's to close */
	int64_t file_size;       /* bytes */
};

#define QUEUE_ANSWER_INIT { .status = 0, .file = -1 }

/* Frees body and closes file; ready for the next call. */
void queue_answer_clear(struct queue_answer *answer);
/* Replaces the answer by the problem that err stands for: 507 storage_full,
 * 503 busy, 500 internal. For every call of a group that did not commit. */
void queue_answer_failure(struct queue_answer *answer, const struct err *err);

/* One blob on its way in. The bytes go to a file of their own, so add() may
 * be called from another thread than the queue's. */
struct queue_blob;

struct queue_ops {
	const char *name;        /* of the engine */
	void (*close)(struct queue *q);
	int (*group_begin)(struct queue *q, struct err *err);
	int (*group_end)(struct queue *q, struct err *err);
	int (*verb[QUEUE_VERBS])(struct queue *q, const struct queue_call *call,
	                         struct queue_answer *answer);
	struct queue_blob *(*blob_begin)(struct queue *q, const struct queue_call *call,
	                                 struct queue_answer *answer);
	int (*blob_commit)(struct queue *q, const struct queue_call *call,
	                   struct queue_blob *blob, struct queue_answer *answer);
	int (*tick)(struct queue *q, int64_t *next_ms, struct err *err);
	uint64_t (*generation)(const struct queue *q);
};

/* Engines embed this as their first member. */
struct queue {
	const struct queue_ops *ops;
};

/* Opens or makes a data directory (created 0700; refused where it is not this
 * user's or others can write), takes DIR/lock, migrates, makes the log key and
 * the first leaf. ERR_DENIED, ERR_BUSY (another process has it), ERR_NEWER
 * (written by a newer version), ERR_FULL, ERR_CORRUPT, ERR_IO. */
int queue_sqlite_open(const char *dir, struct queue **out, struct err *err);
void queue_close(struct queue *q);   /* NULL allowed */

/* Runs a verb. Returns 0 where the answer may be sent (outside a group: at
 * once), problems included. Negative: the transaction is gone and nothing
 * happened; the answer holds the 503 or 507 problem, and in a group every other
 * call of it is lost too (queue_group_end() then fails as well). */
int queue_run(struct queue *q, enum queue_verb verb, const struct queue_call *call,
              struct queue_answer *answer);

int queue_group_begin(struct queue *q, struct err *err);
int queue_group_end(struct queue *q, struct err *err);

/* Moves with every commit: wakes long polls. */
uint64_t queue_generation(const struct queue *q);

/* Does what is due by the clock: expires proposals, returns abandoned leases.
 * Call it at least every 30 s, outside a group. *next_ms: when the next thing
 * falls due (wall clock), INT64_MAX for nothing known. */
int queue_tick(struct queue *q, int64_t *next_ms, struct err *err);

/* PUT /blobs/{sha256}; call->id is the 64 hex digits. NULL: the answer is ready
 * (200 already there, or a problem) and the body need not be read. Else add the
 * bytes as they come, then commit (201, or 422 where the hash differs) or
 * abort. commit frees the blob in every case. */
struct queue_blob *queue_blob_begin(struct queue *q, const struct queue_call *call,
                                    struct queue_answer *answer);
/* ERR_LIMIT beyond 64 MiB, ERR_FULL, ERR_IO; after an error only abort. */
int queue_blob_add(struct queue_blob *blob, const void *bytes, size_t len, struct err *err);
int queue_blob_commit(struct queue *q, const struct queue_call *call,
                      struct queue_blob *blob, struct queue_answer *answer);
void queue_blob_abort(struct queue_blob *blob);

#endif
