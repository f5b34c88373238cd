/* SPDX-License-Identifier: Apache-2.0 */
#include "queue/answer.h"

#include <string.h>

#include "wire/json.h"

static void start(struct queue_answer *a, int status, const char *type)
{
	buf_reset(&a->body);
	a->status = status;
	a->type = type;
	a->wait = false;
	a->retry_after_s = 0;
}

int answer_json(struct queue_answer *a, int status, struct value *v)
{
	start(a, status, "application/json");
	json_text(v, &a->body);
	value_free(v);
	return 0;
}

int answer_text(struct queue_answer *a, int status, struct buf *json)
{
	start(a, status, "application/json");
	buf_clear(&a->body);
	a->body = *json;
	*json = (struct buf)BUF_INIT;
	return 0;
}

int answer_problem(struct queue_answer *a, enum problem p, const char *detail,
                   const char *pointer)
{
	int retry_s = p == PROBLEM_BUSY ? 1 : p == PROBLEM_STORAGE_FULL ? 30 : -1;

	answer_json(a, problem_status(p), problem_document(p, detail, pointer, retry_s));
	a->type = "application/problem+json";
	a->retry_after_s = retry_s > 0 ? retry_s : 0;
	return ANSWER_DONE;
}

int answer_fault(struct queue_answer *a, enum problem p, const struct err *err)
{
	if (err->code == ERR_LIMIT)
		p = PROBLEM_TOO_LARGE;
	answer_json(a, problem_status(p), problem_from_err(p, err));
	a->type = "application/problem+json";
	return ANSWER_DONE;
}

int64_t answer_number(const struct queue_call *call, const char *name, int64_t def,
                      int64_t max)
{
	const char *text = value_text(call->query, name);
	int64_t n = 0;

	if (!text || !*text || strspn(text, "0123456789") != strlen(text))
		return def;
	for (; *text && n <= max; text++)
		n = n * 10 + (*text - '0');
	return n > max ? max : n;
}
