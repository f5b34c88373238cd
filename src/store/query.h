/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading the desk's database. Nothing here writes. See store/store.h for
 * what holds for every call.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "model/decision.h"
#include "model/review.h"
#include "store/store.h"

/* --- queues --------------------------------------------------------------- */

struct store_queue {
	const char *name, *title;
	enum kind kind;
	char definition[HASH_TEXT_SIZE];   /* digests; empty: none */
	char policy[HASH_TEXT_SIZE];
	char guide[HASH_TEXT_SIZE];
	const char *roles;       /* mine: comma separated, sorted */
	bool producer_waits;     /* holds of 5 s in all */
	int64_t lease_s;         /* seconds of a lease */
	int64_t waiting;         /* the server's word at the last look */
	/* Kept counts of the mirror: */
	int64_t open;            /* headers here */
	int64_t held;            /* of them reserved by somebody */
	int64_t leased;          /* reserved for this desk, not decided */
	int64_t decided;         /* decided here, not yet gone from the mirror */
	int64_t escalations;     /* of open: stage escalation */
	int64_t samples;         /* of open: stage sample */
	int64_t next_due_ms;     /* smallest due time in the mirror, 0: none */
};

struct store_queues {
	struct store_queue *items;   /* by title, then name */
	size_t count;
};

int store_queues(struct store *s, struct store_queues **out, struct err *err);
void store_queues_free(struct store_queues *q);
/* One queue; *out has one item. ERR_NOT_FOUND. */
int store_queue_get(struct store *s, const char *name, struct store_queues **out,
                    struct err *err);

/* --- the list ------------------------------------------------------------- */

enum store_order { STORE_ORDER_SERVER, STORE_ORDER_DUE };   /* due: none last */

enum store_mine {
	STORE_MINE_NO,
	STORE_MINE_LEASED,       /* reserved for this desk */
	STORE_MINE_DECIDED       /* decided here, the server has not taken it off yet */
};

/* A place in the list. Get one from store_window_key() or
 * store_header_key(); zeroed it is no place. */
struct store_key {
	int64_t first, second;   /* the order's key */
	char review[ID_SIZE];
	int64_t position;        /* rows before it, when generation was current */
	uint64_t generation;     /* of STORE_TOPIC_HEADERS */
};

enum store_from {
	STORE_FROM_START,        /* key unused */
	STORE_FROM_END,          /* the last rows; key unused */
	STORE_FROM_AT,           /* the key's row first (or what follows its place) */
	STORE_FROM_AFTER,        /* rows after the key */
	STORE_FROM_BEFORE        /* rows that end just before the key */
};

struct store_page {
	const char *queue;
	enum store_order order;
	enum store_from from;
	struct store_key key;
	size_t want;             /* rows, 1..500 */
};

/* One line of the list. */
struct store_row {
	struct review_header header;   /* strings in the block; never clear it */
	enum store_mine mine;
};

struct store_window {
	struct store_row *rows;  /* in list order, whatever `from` was */
	size_t count;
	int64_t position;        /* rows before rows[0] */
	bool exact;              /* false: the list moved far from both ends and
	                            the position is the key's old one */
	int64_t total;           /* rows of the queue */
	uint64_t generation;     /* of STORE_TOPIC_HEADERS when it was read */
	enum store_order order;
};

/* Costs of `want` rows at 1,000,000 headers: tens of microseconds.
 * ERR_NOT_FOUND: no such queue. An empty list is no error. */
int store_window(struct store *s, const struct store_page *page,
                 struct store_window **out, struct err *err);
void store_window_free(struct store_window *w);
/* The place of rows[row]; row < count. */
struct store_key store_window_key(const struct store_window *w, size_t row);
/* The place of a review in its queue's list, position not counted (-1).
 * ERR_NOT_FOUND. */
int store_header_key(struct store *s, const char *review, enum store_order order,
                     struct store_key *out, struct err *err);
/* One header; *out NULL where the mirror has none. rows[0] is it. */
int store_header_find(struct store *s, const char *review, struct store_window **out,
                      struct err *err);
/* The review meant by a review id or an external id (of this queue, or NULL:
 * any): leases first, then the mirror, then own decisions (external ids there
 * are searched row by row: for subcommands). ERR_NOT_FOUND; ERR_CONFLICT where
 * several open reviews have that external id. */
int store_resolve(struct store *s, const char *queue, const char *name,
                  char review[ID_SIZE], struct err *err);

/* --- leases, drafts, documents -------------------------------------------- */

enum store_lease_state {
	STORE_LEASE_READY,       /* held, never opened */
	STORE_LEASE_OPENED,      /* opened by the person */
	STORE_LEASE_ASIDE,       /* could not be opened or killed the desk twice: see text */
	STORE_LEASE_DECIDED,     /* a decision of it exists (held or on its way) */
	STORE_LEASE_DISPOSED,    /* skipped, deferred, not for me (held or on its way) */
	STORE_LEASE_RECALLED,    /* the server took it back: see text */
	STORE_LEASE_OVER         /* answered; kept for an amendment */
};
/* "ready", "opened", …: for --json. */
const char *store_lease_state_name(enum store_lease_state state);

struct store_lease {
	char review[ID_SIZE];
	char proposal[ID_SIZE];
	const char *external_id, *queue;
	enum kind kind;
	enum safety_class safety_class;
	enum stage stage;
	enum view_kind view;
	int64_t revision;
	const char *token;
	char digest[HASH_TEXT_SIZE];      /* salted digest of the proposal revision */
	char definition[HASH_TEXT_SIZE];  /* definition digest named by the lease */
	int64_t expires_ms;      /* server clock */
	int64_t ends_boot_ms;    /* end of the lease on this clock */
	int64_t due_ms;
	enum store_lease_state state;
	int64_t opened_ms;       /* first opened, 0: never */
	int64_t touched_boot_ms; /* last activity of the person, 0: none */
	const char *text;        /* aside, recalled: why; or NULL */
	const char *own;         /* blind: digest of the own answer committed, or NULL */
	const char *own_content; /* {"salt","value"} of it, or NULL */
	bool draft;              /* there is a draft */
	int showings;            /* times the desk died while showing it */
	const char *doc;         /* lease as JSON text; NULL in lists */
};

struct store_leases {
	struct store_lease *items;   /* the server's order; of all queues: by due
	                                time, then the server's order */
	size_t count;
};

/* Leases of a queue (NULL: all) in every state but over. */
int store_leases(struct store *s, const char *queue, struct store_leases **out,
                 struct err *err);
void store_leases_free(struct store_leases *l);
/* One lease with its doc, in any state; *out NULL where there is none. */
int store_lease_find(struct store *s, const char *review, struct store_leases **out,
                     struct err *err);
/* How many are ready or opened and not ended at boot_ms (queue NULL: all). */
int store_lease_count(struct store *s, const char *queue, int64_t boot_ms,
                      size_t *out, struct err *err);
/* The next lease to offer: ready or opened, not ended at boot_ms, in the order
 * of store_leases(); after: behind that review (wraps round, never itself), NULL:
 * the first. *out NULL where there is none. */
int store_lease_next(struct store *s, const char *queue, const char *after,
                     bool backwards, int64_t boot_ms, struct store_leases **out,
                     struct err *err);

struct store_bytes {
	size_t len;
	const char *data;        /* NUL behind it */
};
/* The proposal's bytes of this lease, as the server sent them. */
int store_proposal_get(struct store *s, const char *review, struct store_bytes **out,
                       struct err *err);
/* A document by digest (definitions). *out NULL where there is none. */
int store_document_find(struct store *s, const char *digest, struct store_bytes **out,
                        struct err *err);
void store_bytes_free(struct store_bytes *b);

/* The draft of a review as JSON text, the caller's; *out NULL: none. */
int store_draft_find(struct store *s, const char *review, char **out, struct err *err);
struct store_draft {
	char review[ID_SIZE];
	int64_t saved_ms;
};
struct store_drafts {
	struct store_draft *items;   /* newest first */
	size_t count;
};
int store_drafts(struct store *s, struct store_drafts **out, struct err *err);
void store_drafts_free(struct store_drafts *d);

/* The review that was being shown when an earlier process died; *times: how
 * often in a row. review is empty where there is none. */
int store_showing(struct store *s, char review[ID_SIZE], int *times, struct err *err);

/* --- what this person did ------------------------------------------------- */

enum store_act { STORE_ACT_DECISION, STORE_ACT_DISPOSITION };

/* On screen: held · waiting · received · in the log · refused. */
enum store_state {
	STORE_HELD,              /* undo hold: nothing is sent */
	STORE_WAITING,           /* sendable, no answer yet */
	STORE_RECEIVED,          /* the server answered with its verdict */
	STORE_IN_LOG,            /* its leaf is under a verified checkpoint */
	STORE_REFUSED            /* final for this id; verdict and text say why */
};
enum { STORE_STATES = STORE_REFUSED + 1 };
/* "held", "waiting", "received", "in_log", "refused". */
const char *store_state_name(enum store_state state);

/* A decision or disposition of this desk. */
struct store_entry {
	int64_t n;               /* order in which they were made */
	enum store_act act;
	char id[ID_SIZE];
	char review[ID_SIZE];
	const char *external_id, *queue;
	enum kind kind;
	enum stage stage;
	int64_t revision;
	const char *token;
	enum outcome outcome;            /* of a decision */
	enum disposition disposition;    /* of a disposition */
	const char *reason;              /* of a disposition, or NULL */
	enum store_state state;
	int64_t decided_ms;
	int64_t decided_boot_ms; /* start of the hold */
	int64_t lease_ends_boot_ms;
	bool producer_waits;
	int newer;               /* acts made after it (counted to 3) */
	const char *amends;      /* decision id, or NULL */
	const char *summary;     /* one line for lists, or NULL */
	/* once sendable: */
	char device[ID_SIZE];    /* empty: not sendable yet */
	int64_t seq;             /* 0: not sendable yet */
	int tries;               /* times sent without an answer */
	/* once answered: */
	enum verdict verdict;
	bool late;
	int64_t leaf;            /* index, -1: none */
	const char *text;        /* the server's words, or NULL */
	const char *pointers;    /* JSON array [{pointer,text}], or NULL */
	int64_t answered_ms;
	/* with STORE_WITH_BODY: */
	const char *envelope;    /* JSON without device, seq, signature */
	const char *content;     /* JSON {"salt","value","message","note"}, or NULL */
	const char *draft;       /* what the form held, or NULL */
};

struct store_entries {
	struct store_entry *items;
	size_t count;
};
void store_entries_free(struct store_entries *e);

enum { STORE_WITH_BODY = 1 };

struct store_filter {
	unsigned states;         /* 1u << enum store_state, 0: all */
	const char *queue;       /* or NULL */
	const char *review;      /* or NULL */
	int64_t before;          /* only n < before; 0: from the newest */
	size_t limit;            /* 0: 200 */
	int flags;
};
/* Newest first. */
int store_entries(struct store *s, const struct store_filter *filter,
                  struct store_entries **out, struct err *err);
/* One by id, with body; *out NULL where there is none. */
int store_entry_find(struct store *s, const char *id, struct store_entries **out,
                     struct err *err);
/* Everything held, oldest first (for the undo hold). */
int store_held(struct store *s, struct store_entries **out, struct err *err);
/* What is to be sent: waiting decisions, oldest first, with body; at most
 * max of them and max_bytes of bodies (at least one). */
int store_outbox(struct store *s, size_t max, size_t max_bytes,
                 struct store_entries **out, struct err *err);
/* Dispositions to be sent, oldest first. */
int store_releases(struct store *s, size_t max, struct store_entries **out,
                   struct err *err);

struct store_counts {
	int64_t acts[STORE_STATES];  /* decisions and dispositions by state; received
	                                and in_log count decisions only */
	int64_t today;           /* decisions since the last UTC midnight … */
	int64_t leases;          /* ready or opened */
	int64_t drafts;
	int64_t aside;
};
int store_counts(struct store *s, struct store_counts *out, struct err *err);

/* --- local log ------------------------------------------------------------ */

struct store_event {
	int64_t n, at_ms;
	const char *event;       /* "decision.recorded", "decision.undone", … */
	const char *review, *subject, *external_id, *text;   /* each or NULL */
};
struct store_events {
	struct store_event *items;   /* newest first */
	size_t count;
};
/* before 0: from the newest; limit 0: 200. */
int store_log(struct store *s, int64_t before, size_t limit, struct store_events **out,
              struct err *err);
void store_events_free(struct store_events *e);

/* --- small things: char * is the caller's, *out NULL where there is none --- */

/* Cursor of a feed ("changes", "reviews/QUEUE", …). */
int store_cursor(struct store *s, const char *feed, char **out, struct err *err);
/* The newest verified checkpoint note of this origin, and its size (0). */
int store_checkpoint(struct store *s, const char *origin, int64_t *size, char **note,
                     struct err *err);
/* What is known about the server: "origin", "vkey", "epoch", "principal",
 * "skew_ms", "alarm", … (room sync decides). */
int store_fact(struct store *s, const char *key, char **out, struct err *err);
/* The person's preferences. */
int store_preference(struct store *s, const char *key, char **out, struct err *err);

#endif
