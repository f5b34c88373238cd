/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/queue.h"

#include <unistd.h>

#include "queue/answer.h"

void queue_answer_clear(struct queue_answer *answer)
{
	buf_clear(&answer->body);
	if (answer->file >= 0)
		close(answer->file);
	*answer = (struct queue_answer)QUEUE_ANSWER_INIT;
}

void queue_answer_failure(struct queue_answer *answer, const struct err *err)
{
	queue_answer_clear(answer);
	if (err->code == ERR_FULL)
		answer_problem(answer, PROBLEM_STORAGE_FULL, NULL, NULL);
	else if (err->code == ERR_BUSY || err->code == ERR_IO)
		answer_problem(answer, PROBLEM_BUSY, NULL, NULL);
	else
		answer_problem(answer, PROBLEM_INTERNAL, NULL, NULL);
}

void queue_close(struct queue *q)
{
	if (q)
		q->ops->close(q);
}

int queue_run(struct queue *q, enum queue_verb verb, const struct queue_call *call,
              struct queue_answer *answer)
{
	return q->ops->verb[verb](q, call, answer);
}

int queue_group_begin(struct queue *q, struct err *err)
{
	return q->ops->group_begin(q, err);
}

int queue_group_end(struct queue *q, struct err *err)
{
	return q->ops->group_end(q, err);
}

uint64_t queue_generation(const struct queue *q)
{
	return q->ops->generation(q);
}

int queue_tick(struct queue *q, int64_t *next_ms, struct err *err)
{
	return q->ops->tick(q, next_ms, err);
}

struct queue_blob *queue_blob_begin(struct queue *q, const struct queue_call *call,
                                    struct queue_answer *answer)
{
	return q->ops->blob_begin(q, call, answer);
}

int queue_blob_commit(struct queue *q, const struct queue_call *call,
                      struct queue_blob *blob, struct queue_answer *answer)
{
	return q->ops->blob_commit(q, call, blob, answer);
}
