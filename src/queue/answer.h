/* SPDX-License-Identifier: Apache-2.0
 *
 * Filling in a struct queue_answer.
 */
#ifndef QUEUE_ANSWER_H
#define QUEUE_ANSWER_H

#include "base/err.h"
#include "model/value.h"
#include "queue/queue.h"
#include "wire/problem.h"

enum {
	ANSWER_BYTES = 2 * 1024 * 1024,   /* lists stop after this much, with `more` */
	ANSWER_DONE = 1                   /* returned with a problem: nothing follows */
};

/* The answer is this JSON document; v is freed. Returns 0. */
int answer_json(struct queue_answer *a, int status, struct value *v);
/* The same for JSON text made elsewhere; stolen. */
int answer_text(struct queue_answer *a, int status, struct buf *json);
/* A problem; detail is a translated sentence or NULL, pointer may be NULL.
 * Returns ANSWER_DONE. */
int answer_problem(struct queue_answer *a, enum problem p, const char *detail,
                   const char *pointer);
/* A problem from bad input: too_large for ERR_LIMIT, else p. */
int answer_fault(struct queue_answer *a, enum problem p, const struct err *err);

/* A number of the query ("limit", "wait"): at least 0, at most max; def where it
 * is absent or no number. */
int64_t answer_number(const struct queue_call *call, const char *name, int64_t def,
                      int64_t max);

#endif
