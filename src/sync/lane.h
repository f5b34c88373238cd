/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the room: the state of a sync, and its lanes. A lane is one kind of
 * exchange, with at most one request under way and at most one answer being
 * worked in. Lanes are tried in the order of the table, so what a person did
 * goes before what the desk would like to know.
 */
#ifndef SYNC_LANE_H
#define SYNC_LANE_H

#include "base/hash.h"
#include "base/id.h"
#include "model/review.h"
#include "store/command.h"
#include "sync/sync.h"
#include "wire/checkpoint.h"
#include "wire/cursor.h"
#include "wire/prescan.h"

enum lane_id {
	LANE_PUSH,         /* POST /decisions:batch */
	LANE_RELEASE,      /* POST /leases:release */
	LANE_IDENTITY,     /* GET /queues: who is there, and my queues */
	LANE_PROOF,        /* GET /log/proof */
	LANE_REVEAL,       /* POST /leases/{review}:reveal */
	LANE_LEASES,       /* POST /leases */
	LANE_DOCUMENT,     /* GET /definitions/{digest} */
	LANE_MIRROR,       /* GET /reviews, page by page */
	LANE_CHANGES,      /* GET /changes, waiting */
	LANES
};

enum lane_outcome {
	LANE_OK,           /* a good answer: parsed is set */
	LANE_AGAIN,        /* no usable answer: the link waits, ask again later */
	LANE_PROBLEM       /* refused for good: problem says why */
};

struct lane_answer {
	enum lane_outcome outcome;
	struct transport_response *response;   /* its body may be taken */
	struct value *doc;       /* parsed body (OK, where the lane wants it parsed;
	                            PROBLEM, where it is one); the lane may take it
	                            by setting it to NULL */
	int status;
	int64_t started_boot_ms; /* when the request went out */
	char words[400];         /* PROBLEM: a sentence, translated */
};

struct lane_ops {
	const char *name;
	const char *before, *after;   /* crash points around the send */
	bool raw;                /* the lane parses the body itself */
	/* Fills in a request and returns true if there is something to ask for
	 * now. body is empty; path is filled by the lane. */
	bool (*prepare)(struct sync *s, int64_t boot_ms, struct transport_request *request,
	                struct buf *path, struct buf *body);
	void (*answered)(struct sync *s, struct lane_answer *answer);
	/* Works a slice of the answer in; true while more is left. NULL: none. */
	bool (*slice)(struct sync *s);
};

struct lane {
	int handle;              /* 0: nothing under way */
	int64_t started_boot_ms;
	bool pending;            /* an answer is being worked in */
	int64_t not_before_boot_ms;   /* this lane alone waits (a problem) */
};

/* What was sent and not answered. */
struct sent {
	char (*ids)[ID_SIZE];
	size_t count, cap;
};

struct sync {
	struct store *store;
	struct transport *transport;
	struct sync_options options;
	char *option_queue;
	struct sync_status status;
	uint64_t generation;
	int64_t boot_ms;         /* of the running step */

	/* link */
	int failures;            /* in a row */
	int64_t gate_boot_ms;    /* nothing is started before */
	bool gate_asked;         /* the server asked for that */

	/* identity */
	bool identified;         /* /queues was read since the start */
	bool identity_stale;     /* read it again before going on */
	char origin[CHECKPOINT_NAME_SIZE];
	char vkey[CHECKPOINT_VKEY_SIZE];
	int64_t epoch;
	char start_cursor[CURSOR_TEXT_SIZE];

	/* anchor: the newest checkpoint that is proved, and one to be proved */
	struct checkpoint anchor;
	char *anchor_note;       /* NULL: none yet */
	struct checkpoint next;
	char *next_note;         /* NULL: none */
	bool next_overtaken;     /* it came while another was being proved */

	/* push */
	struct sent sent;
	size_t push_most;        /* rows of the next batch: halved on refusal */
	uint64_t push_seen;      /* STORE_TOPIC_OUTBOX when it was found empty */
	bool push_empty, release_empty;
	uint64_t release_seen;
	char releasing[ID_SIZE]; /* disposition under way */

	/* leases */
	char *focus;             /* queue, or NULL */
	char claim[ID_SIZE];     /* asked for by name, or empty */
	char claim_failed[ID_SIZE];
	struct err claim_err;
	char active[ID_SIZE];    /* review the person touched last */
	int64_t active_boot_ms;
	int64_t renewed_boot_ms;
	int pull_want;           /* sync_pull(): so many of its queue, 0: none */
	bool leases_dry;         /* the queue had no more when last asked */
	uint64_t leases_dry_seen;/* STORE_TOPIC_HEADERS then */
	int64_t leases_dry_boot_ms;
	char *leases_queue;      /* of the request under way or the answer */
	struct buf leases_body;  /* answer being worked in, scanned */
	struct prescan_items leases_at;  /* item reached */
	struct value *leases_given;      /* reviews named in it so far */
	int leases_want;         /* asked for, held ones included */
	int64_t leases_boot_ms;  /* when it was asked for */
	bool leases_named;       /* the request named one review */
	bool leases_short;       /* answer was long: ask for fewer at a time */
	bool reveal_none;        /* nothing to reveal when STORE_TOPIC_LEASES was … */
	uint64_t reveal_seen;
	char revealing[ID_SIZE];
	char reveal_failed[ID_SIZE];
	struct err reveal_err;

	/* documents wanted by leases */
	char document[HASH_TEXT_SIZE];   /* asked for, or empty */
	char document_bad[HASH_TEXT_SIZE];  /* not given: not asked again */
	bool document_none;
	uint64_t document_seen;

	/* mirror and changes */
	char *mirror_queue;      /* being read, or NULL */
	char *mirror_after;      /* next page, or NULL: the first */
	bool mirror_done;        /* every queue is read */
	bool mirror_sweeping;
	struct review_header *headers;   /* answer being worked in */
	size_t header_count, header_at;
	bool headers_more;       /* another page follows */
	struct value *changes;   /* answer being worked in */
	size_t change_at;
	char changes_cursor[CURSOR_TEXT_SIZE];
	bool changes_more;
	bool changes_current;    /* the last answer said: nothing more */

	struct err problem;      /* a lane was refused: those who wait stop waiting */
	bool nothing_to_read;    /* no queue of mine shows reviews */
	bool quiet;
	bool push_only;
	struct lane lanes[LANES];
};

extern const struct lane_ops push_ops, release_ops, identity_ops, anchor_ops, reveal_ops,
	leasing_ops, document_ops, mirror_ops, changes_ops;

/* --- link.c ------------------------------------------------------------------ */

/* Judges an answer: moves the link, measures the clocks, parses what it
 * should. raw: do not parse a good body. */
void link_judge(struct sync *s, struct transport_response *r, bool raw,
                struct lane_answer *out);
/* A good status with a body that makes no sense. */
void link_nonsense(struct sync *s, const struct err *err);
void link_refuse(struct sync *s, const struct err *err);
/* Stops everything for good; keeps the reason and both notes in the store. */
void link_alarm(struct sync *s, const char *reason, const char *note_old,
                const char *note_new);
/* Sets the link from a stored alarm; true if there was one. */
bool link_alarm_load(struct sync *s);
/* The server's own clock, from an answer's server_time. */
void link_clock(struct sync *s, const char *server_time);
/* The store failed: shown as the reason of being offline, tried again. */
void link_store_failed(struct sync *s, const struct err *err);
void link_changed(struct sync *s);
/* This lane was refused for good: it waits by itself for wait_ms, the others
 * go on, and a caller that waits is told. */
void link_lane_refused(struct sync *s, enum lane_id lane, const struct lane_answer *a,
                       int64_t wait_ms);
/* Server time of an instant here, by the measured difference. */
int64_t link_server_ms(const struct sync *s, int64_t wall_ms);

/* --- identity.c ---------------------------------------------------------------- */

/* Loads what was pinned. */
void identity_load(struct sync *s);

/* --- anchor.c ------------------------------------------------------------------ */

/* Loads the kept checkpoint of the pinned origin. */
void anchor_load(struct sync *s);
/* A checkpoint came with an answer (NULL: none came). */
void anchor_offer(struct sync *s, const char *note);

/* --- leasing.c, lease_in.c ------------------------------------------------------- */

/* Stores one LEASE of an answer; text has passed the pre-scan. */
int lease_in_store(struct sync *s, const char *queue, const char *text, size_t len,
                   int64_t asked_boot_ms, char review[ID_SIZE], struct err *err);
/* A lease that is in the answer only by name. */
int lease_in_renew(struct sync *s, const struct value *lease, int64_t asked_boot_ms,
                   struct err *err);
/* How many leases are wanted of the queue, held ones included. */
int leasing_want(struct sync *s, const char *queue);
/* When the leasing lane wants to act by time alone; INT64_MAX: never. */
int64_t leasing_due_boot_ms(struct sync *s);

/* --- mirror.c -------------------------------------------------------------------- */

/* Forgets how far the mirror is: everything is read again. */
void mirror_restart(struct sync *s);
void mirror_clear(struct sync *s);

/* --- push.c ---------------------------------------------------------------------- */

/* Is anything sendable? */
bool push_waiting(struct sync *s);
bool release_waiting(struct sync *s);
/* Did the outbox change since a lane looked? */
bool push_unseen(struct sync *s);

#endif
