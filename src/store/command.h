/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing the desk's database. See store/store.h for what holds for every
 * call. Used by the rooms work and sync only.
 */
#ifndef STORE_COMMAND_H
#define STORE_COMMAND_H

#include "store/query.h"

/* Several commands as one transaction, all or nothing; they may nest.
 * store_end() with keep false undoes all of it. A command that fails inside with
 * ERR_NOT_FOUND, ERR_CONFLICT or ERR_EXISTS changed nothing, and the rest may
 * stand; after any other failure store_end() undoes everything and returns
 * that failure whatever keep says. Durable when it returns. Keep it short: at
 * most 5 ms. */
int store_begin(struct store *s, struct err *err);
int store_end(struct store *s, bool keep, struct err *err);

/* --- the mirror (room sync) ----------------------------------------------- */

struct store_queue_in {
	const char *name, *title;
	enum kind kind;
	const char *definition, *policy, *guide;   /* digests; guide or NULL */
	const char *roles;
	bool producer_waits;
	int64_t lease_s, waiting;
};
/* These are all my queues: the mirror and the leases of any other queue go. */
int store_queues_put(struct store *s, const struct store_queue_in *queues, size_t count,
                     struct err *err);
/* A definition document under its digest, as it came; put again it is
 * replaced (its guide may be newer). */
int store_document_put(struct store *s, const char *digest, const char *bytes, size_t len,
                       struct err *err);

/* Adds or changes headers; rows of unknown queues are left out. Takes as many
 * as fit into about 5 ms (at least one) and commits; *taken: how many. Where
 * all were taken and feed is not NULL, its cursor moves in the same commit.
 * What this desk holds or decided keeps its mark. */
int store_headers_put(struct store *s, const struct review_header *headers, size_t count,
                      const char *feed, const char *cursor, size_t *taken,
                      struct err *err);
/* The review is not open any more. Unknown: nothing happens. */
int store_header_gone(struct store *s, const char *review, struct err *err);
/* A complete re-read of a queue: begin marks, put as usual, then sweep until
 * *more is false removes what was not put since; slices of about 5 ms. */
int store_mirror_begin(struct store *s, const char *queue, struct err *err);
int store_mirror_sweep(struct store *s, const char *queue, bool *more, struct err *err);

int store_cursor_set(struct store *s, const char *feed, const char *cursor,
                     struct err *err);   /* cursor NULL: forgotten */
/* Kept per origin; never replaced by one of a smaller size (ERR_CONFLICT).
 * Checkpoints of an earlier origin stay as evidence. */
int store_checkpoint_set(struct store *s, const char *origin, int64_t size,
                         const char *note, struct err *err);
int store_fact_set(struct store *s, const char *key, const char *value, struct err *err);

/* --- leases --------------------------------------------------------------- */

/* A lease as it came. Strings are borrowed for the call. */
struct store_lease_in {
	const char *review, *proposal, *external_id, *queue;
	enum kind kind;
	enum safety_class safety_class;
	enum stage stage;
	enum view_kind view;
	int64_t revision;
	const char *token;
	const char *digest;      /* salted digest of the proposal revision */
	const char *definition;
	int64_t expires_ms;
	int64_t ends_boot_ms;    /* boot clock when the answer came + ttl, at most */
	int64_t due_ms;
	const char *doc;         /* LEASE as JSON text, without "proposal" */
	const char *bytes;       /* of the proposal */
	size_t bytes_len;
};
/* A new lease, or a full one after a reveal (same token: state, draft and
 * own answer stay). Same review with another token or revision starts anew. */
int store_lease_put(struct store *s, const struct store_lease_in *lease, struct err *err);
/* Still mine. ERR_NOT_FOUND. */
int store_lease_renew(struct store *s, const char *review, const char *token,
                      int64_t expires_ms, int64_t ends_boot_ms, struct err *err);
/* No longer mine and nothing to say about it (released, not named any more). A
 * lease that is decided or disposed stays until that was answered. */
int store_lease_drop(struct store *s, const char *review, struct err *err);
/* Taken back by the server: why, in words or NULL. It stays visible as
 * recalled until store_lease_drop(). A decision already made of it goes its way. */
int store_lease_recall(struct store *s, const char *review, const char *text,
                       struct err *err);
/* The person opened or touched it. */
int store_lease_touch(struct store *s, const char *review, int64_t boot_ms,
                      struct err *err);
/* Set aside: it cannot be worked on here. */
int store_lease_aside(struct store *s, const char *review, const char *text,
                      struct err *err);
/* The own answer of a blind review, before it is sent. The same again changes
 * nothing; another one: ERR_CONFLICT. */
int store_lease_own(struct store *s, const char *review, const char *own,
                    const char *content, struct err *err);

/* Around painting an item: begin before the first cell, end once the person
 * pressed a key. A begin without its end means the desk died over this item;
 * store_open() counts it, and the second time sets the lease aside. */
int store_showing_begin(struct store *s, const char *review, struct err *err);
int store_showing_end(struct store *s, struct err *err);

/* draft: JSON text; NULL removes. */
int store_draft_put(struct store *s, const char *review, const char *draft,
                    struct err *err);

/* --- what a person does (durable when it returns) --------------------------- */

struct store_decide {
	const char *id, *review;
	const char *external_id, *queue;
	enum kind kind;
	enum stage stage;
	int64_t revision;
	const char *token;       /* of the lease: it must still be the current one */
	const char *digest;      /* of the proposal that was shown: likewise */
	enum outcome outcome;
	const char *amends;      /* decision id or NULL; then lease state is not asked */
	const char *envelope;    /* JSON without device, seq, signature */
	const char *content;     /* JSON */
	const char *draft;       /* what the form held, for an undo; or NULL */
	const char *summary;     /* one line for lists, or NULL */
	int64_t decided_ms, decided_boot_ms;
	bool hold;               /* false: sendable at once (subcommands) */
};
/* One transaction: decision, outbox row, log row; draft and showing removed;
 * lease and header marked decided. ERR_CONFLICT: the lease is gone, recalled, has
 * another token or shows another revision, or was decided already;
 * ERR_EXISTS: this id is known. */
int store_decide(struct store *s, const struct store_decide *d, struct err *err);

struct store_dispose {
	const char *id, *review;
	enum disposition disposition;
	const char *reason;      /* or NULL */
	int64_t decided_ms, decided_boot_ms;
	bool hold;
};
/* Leaves without an answer; the draft stays. ERR_CONFLICT as above. */
int store_dispose(struct store *s, const struct store_dispose *d, struct err *err);

/* Takes back a held decision or disposition as if it had not been: lease and
 * draft return; the log keeps a row. ERR_CONFLICT: not held any more;
 * ERR_NOT_FOUND. */
int store_undo(struct store *s, const char *id, int64_t now_ms, struct err *err);
/* Ends the hold of every act with n <= last: each gets device and the next
 * seq, in the order they were made. last INT64_MAX: all. *released or NULL:
 * how many. */
int store_release(struct store *s, int64_t last, size_t *released, struct err *err);
/* The same for single acts, by id. */
int store_release_ids(struct store *s, const char *const *ids, size_t count,
                      struct err *err);

/* --- answers of the server (room sync) ------------------------------------- */

struct store_result {
	const char *id;          /* of the decision */
	enum verdict verdict;    /* device_forked: do not store, renew the device */
	bool late;
	int64_t leaf;            /* -1: none */
	const char *text;        /* or NULL */
	const char *pointers;    /* JSON array, or NULL */
	int64_t now_ms;
};
/* Idempotent: the same answer again changes nothing. accepted and late_opinion
 * make it received; another verdict refused, and then the draft returns, in
 * case the person gets the review again. A verdict never changes another that
 * stands (ERR_CONFLICT), except after store_reoffer(). ERR_NOT_FOUND. */
int store_result(struct store *s, const struct store_result *r, struct err *err);
/* These were sent and no answer came: counts a try. */
int store_tried(struct store *s, const char *const *ids, size_t count, struct err *err);
/* The server took a disposition (or the lease had ended anyway). */
int store_disposition_done(struct store *s, const char *id, int64_t now_ms,
                           struct err *err);
/* A verified checkpoint covers leaves below size: received becomes in the log. */
int store_in_log(struct store *s, int64_t size, struct err *err);
/* The server came back from a backup: every decision since since_ms becomes
 * waiting again under its old device and seq; cursors (the mirror is read anew,
 * see store_mirror_begin()) and leases that nobody worked on are dropped.
 * *offered or NULL. */
int store_reoffer(struct store *s, int64_t since_ms, size_t *offered, struct err *err);
/* The server knows another device under this id: a new id; unanswered rows are
 * numbered anew from 1. */
int store_device_renew(struct store *s, struct err *err);
/* Content of this proposal is to be forgotten: item, drafts, and the contents
 * of own decisions; envelopes and verdicts stay. */
int store_erase(struct store *s, const char *proposal, struct err *err);

/* --- anybody ---------------------------------------------------------------- */

int store_log_add(struct store *s, const struct store_event *event, struct err *err);
int store_preference_set(struct store *s, const char *key, const char *value,
                         struct err *err);   /* value NULL: removed */

#endif
