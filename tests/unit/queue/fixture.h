/* SPDX-License-Identifier: Apache-2.0
 *
 * A server's data directory of its own, people with tokens, a clock that stands
 * until it is moved, and short ways to call the verbs.
 */
#ifndef TESTS_UNIT_QUEUE_FIXTURE_H
#define TESTS_UNIT_QUEUE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/decision.h"
#include "model/value.h"
#include "queue/queue.h"
#include "wire/json.h"

struct person {
	const char *name;
	unsigned char hash[HASH_SIZE];
	char device[ID_SIZE];
	int64_t seq;
};

struct fixture {
	char dir[64];                 /* holds the data directory */
	char *data;
	struct queue *queue;
	struct person producer, other_producer, ann, ben, cyd, lead, boss, auditor;
	int status;                   /* of the last answer */
	bool waits;                   /* … and whether it asked to be waited for */
	struct value *last;           /* owned: the last answer parsed, or NULL */
	char *text;                   /* owned: as it was written */
};

/* Milliseconds that the wall clock stands at; moved by the tests. */
extern int64_t fixture_now_ms;

/* cmocka set-up and tear-down: queues loaded, people known. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
/* Closes and opens the data directory again. */
void fixture_reopen(struct fixture *f);

/* Runs a verb; query and body are JSON text with ' for ", or NULL. who NULL: the
 * owner of the directory. Returns f->last. */
const struct value *fixture_call(struct fixture *f, enum queue_verb verb,
                                 const struct person *who, const char *id,
                                 const char *query, const char *body);
const struct value *fixture_callf(struct fixture *f, enum queue_verb verb,
                                  const struct person *who, const char *id,
                                  const char *query, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
/* Text of a pointer in the last answer; fails the test where there is none. */
const char *fixture_text(const struct fixture *f, const char *pointer);
int64_t fixture_int(const struct fixture *f, const char *pointer);
size_t fixture_count(const struct fixture *f, const char *pointer);
/* A new person with a role. queue NULL: all. */
void fixture_person(struct fixture *f, struct person *p, const char *name, const char *role,
                    const char *queue);

/* Submits JSON text (with ' for "), expects 201; the proposal's id is the
 * caller's. */
char *fixture_submit(struct fixture *f, const char *document);
/* A receipt, a message and an agent's action, by external id. total: confidence
 * of the total; class as named. */
char *fixture_receipt(struct fixture *f, const char *external_id, const char *confidence);
char *fixture_message(struct fixture *f, const char *external_id);
char *fixture_action(struct fixture *f, const char *external_id, const char *class_name);

/* Leases up to n reviews of a queue; f->last is the answer. */
size_t fixture_lease(struct fixture *f, struct person *p, const char *queue, int want);
/* The lease of this review or proposal's external id in the last answer: a copy,
 * the caller's; NULL where there is none. */
struct value *fixture_find_lease(const struct fixture *f, const char *external_id);

/* A decision on a lease, filled in as a desk would. */
struct decision *fixture_decision(struct person *p, const struct value *lease,
                                  enum outcome outcome);
/* Sends it; the verdict is borrowed from f->last. d is not freed. */
const char *fixture_decide(struct fixture *f, const struct person *p,
                           struct decision *d);
/* The document to send, text; the caller's. */
char *fixture_decision_body(struct decision *d);
/* Lease the item and decide it at once. value: JSON (with ' for ") or NULL. */
const char *fixture_answer(struct fixture *f, struct person *p, const char *queue,
                           const char *external_id, enum outcome outcome, const char *value);
/* State of a proposal as its producer sees it. */
const char *fixture_state(struct fixture *f, const char *proposal);

/* ' becomes "; the caller's. */
char *fixture_quotes(const char *text);
/* One number from the database itself (the directory is closed and reopened). */
int64_t fixture_sql(struct fixture *f, const char *sql);
/* The same; the directory stays closed. */
int64_t fixture_sql_closed(struct fixture *f, const char *sql);

#endif
