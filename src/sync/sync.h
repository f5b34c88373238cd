/* SPDX-License-Identifier: Apache-2.0
 *
 * Keeps the desk's store and the server in step. One function, sync_step(),
 * does a slice of work (at most about 5 ms) and never blocks; between slices
 * the caller polls what sync_pollfds() names. What may happen in which order,
 * and what each fault does to a row of the outbox, is in src/sync/README.
 *
 * All instants called boot_ms are of clock_boot_ms(). One thread owns a sync,
 * its store and its transport. After sync_wake(), sync_focus(), sync_claim()
 * and sync_reveal(), and after anything was put into the outbox, call
 * sync_step() before polling again.
 */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/value.h"
#include "net/transport.h"

struct store;
struct sync;

enum sync_link {
	SYNC_LINK_UNTRIED,   /* nothing was sent yet */
	SYNC_LINK_ONLINE,
	SYNC_LINK_OFFLINE,   /* not reached since since_ms; tries again by itself */
	SYNC_LINK_REFUSED,   /* the server refuses us (token, role, version): why */
	SYNC_LINK_ALARM      /* the log contradicts what was seen before: stopped */
};
/* "untried", "online", "offline", "refused", "alarm": for --json. */
const char *sync_link_name(enum sync_link link);

/* What the header and `countersign status` show. */
struct sync_status {
	enum sync_link link;
	int64_t since_ms;        /* wall clock: when this link state began */
	struct err why;          /* of offline, refused and alarm */
	int64_t last_ok_ms;      /* wall clock of the last good answer, 0: never */
	int64_t retry_boot_ms;   /* when it is tried again, 0: nothing is planned */
	bool skew_known;
	int64_t skew_ms;         /* server's clock minus ours */
	bool skew_warn;          /* more than 60 s apart */
	bool caught_up;          /* outbox empty, headers and leases as wanted */
	bool restored;           /* the server came back from a backup (this run) */
	int64_t restored_epoch;  /* its new epoch */
	int64_t sent, received;  /* decisions sent / verdicts stored in this run */
	int64_t headers_done;    /* headers mirrored in the running refetch */
};

struct sync_options {
	const char *queue;       /* prefetch this queue only; NULL: all of mine */
	int prefetch_least;      /* leases wanted of a queue being worked; 0: 3 */
	int prefetch_most;       /* 0: 20 */
	bool no_prefetch;        /* hold nothing but what is asked for by name */
	bool no_poll;            /* do not wait for changes (subcommands) */
	int poll_wait_s;         /* how long the server may hold the poll; 0: 25 */
	int64_t offline_until_ms;/* wall clock; 0: none. At most 12 h ahead */
};

/* Borrows store and transport until sync_free(); options are copied (queue
 * too), NULL: defaults. */
struct sync *sync_new(struct store *store, struct transport *transport,
                      const struct sync_options *options);
void sync_free(struct sync *s);   /* NULL allowed; requests are cancelled */

size_t sync_pollfds(struct sync *s, struct pollfd *fds, size_t cap);
/* Milliseconds until sync_step() wants to be called; -1: only on a descriptor. */
int sync_timeout_ms(struct sync *s, int64_t boot_ms);
/* One slice. Returns true while more can be done at once. */
bool sync_step(struct sync *s, int64_t boot_ms);

const struct sync_status *sync_status(const struct sync *s);
/* Counts up with every change of sync_status(). */
uint64_t sync_generation(const struct sync *s);

/* Something became sendable, or the person wants it now: waiting periods end
 * (not those that the server asked for, and not an alarm). */
void sync_wake(struct sync *s);
/* The queue the person works in now: it is prefetched; the unopened leases of
 * others return. NULL: none. */
void sync_focus(struct sync *s, const char *queue);
/* The person touched this review: its lease may be renewed. */
void sync_activity(struct sync *s, const char *review, int64_t boot_ms);
/* Reserve this review by name, as soon as possible. Its lease, or the reason
 * against it, appears in the store; see sync_claim_error(). */
void sync_claim(struct sync *s, const char *review);
/* Why the last claim of this review brought no lease; NULL: none failed. */
const struct err *sync_claim_error(const struct sync *s, const char *review);
/* A blind reviewer commits an answer of their own: its content digest `own`
 * goes to the server, then the full lease replaces the reduced one in the
 * store. content {"salt","value"} is stolen, NULL: digest only. The commitment
 * is in the store when this returns and is sent until it is answered; see
 * sync_claim_error(). */
int sync_reveal(struct sync *s, const char *review, const char *own,
                struct value *content, struct err *err);
/* After people have found out what happened: forgets the alarm. What was kept
 * as evidence stays in the store's log. */
int sync_alarm_clear(struct sync *s, struct err *err);
/* Stops asking the server to renew or prefetch, e.g. before leaving; what is
 * in the outbox still goes. */
void sync_quiet(struct sync *s);

/* For subcommands: works until the outbox is empty and the mirror is up to
 * date, or until it cannot go on. ERR_OFFLINE, ERR_DENIED (refused, or a role
 * is missing), ERR_CORRUPT (alarm), ERR_FULL (no space here), ERR_CONFLICT (the
 * server refuses one of the exchanges). */
int sync_run_once(struct sync *s, struct err *err);
/* Sends what is sendable and waits for its verdicts, nothing else. */
int sync_push(struct sync *s, struct err *err);
/* Like sync_run_once(), and then holds n leases of the queue (fewer where the
 * queue has no more); held: how many there are, or NULL. */
int sync_pull(struct sync *s, const char *queue, int n, int *held, struct err *err);
/* Reserves one review by name and waits. ERR_CONFLICT: another holds it or it
 * is decided; ERR_NOT_FOUND. */
int sync_claim_now(struct sync *s, const char *review, struct err *err);
/* sync_reveal() and waits. */
int sync_reveal_now(struct sync *s, const char *review, const char *own,
                    struct value *content, struct err *err);

#endif
