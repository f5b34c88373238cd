/* SPDX-License-Identifier: Apache-2.0 */
#include "server/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/msg.h"
#include "server/auth.h"
#include "server/target.h"
#include "wire/json.h"
#include "wire/problem.h"

/* So much of a body that will be refused is still read, so that the client
 * gets the answer instead of a reset connection. */
enum { DRAIN_MAX = 8 << 20 };

enum { STOPPING_RETRY_S = 2 };

struct request *request_new(struct request_context *context, const char *target,
                            int64_t now_ms)
{
	struct request *r = mem_zalloc(sizeof *r);

	r->context = context;
	r->target = mem_strdup(target);
	r->answer = (struct queue_answer)QUEUE_ANSWER_INIT;
	r->began_ms = now_ms;
	return r;
}

void request_free(struct request *r)
{
	if (!r)
		return;
	if (r->blob)
		queue_blob_abort(r->blob);
	queue_answer_clear(&r->answer);
	value_free(r->query);
	value_free(r->doc);
	buf_clear(&r->body);
	buf_clear(&r->allow);
	hash_wipe(r->token_hash, sizeof r->token_hash);
	free(r->path);
	free(r->method);
	free(r->target);
	free(r);
}

/* Sets the answer to a problem document and frees it. */
static void refuse_document(struct request *r, enum problem problem, struct value *doc)
{
	queue_answer_clear(&r->answer);
	r->answer.status = problem_status(problem);
	r->answer.type = "application/problem+json";
	json_text(doc, &r->answer.body);
	value_free(doc);
	r->answered = true;
	buf_clear(&r->body);
	if (r->blob)
		queue_blob_abort(r->blob);
	r->blob = NULL;
}

/* detail: a message id, or NULL for the title alone. */
static void refuse(struct request *r, enum problem problem, const char *detail,
                   const char *pointer)
{
	refuse_document(r, problem, problem_document(problem, detail ? gettext(detail) : NULL,
	                                             pointer, -1));
}

static void refuse_err(struct request *r, enum problem problem, const struct err *err)
{
	refuse_document(r, problem, problem_from_err(problem, err));
}

static void refuse_guard(struct request *r, enum guard_cause cause)
{
	const struct guard_rule *rule = guard_rule(cause);

	if (guard_count_add(&r->context->refused, cause, clock_mono_us()))
		log_event(LOG_WARN, "http.refused", "cause", rule->name, "target", r->target, NULL);
	refuse(r, rule->problem, rule->detail, NULL);
}

static bool read_wait(struct request *r, int64_t now_ms)
{
	const char *text = value_text(r->query, "wait");
	char *end;
	long wait;

	if (!text || !r->route->waits)
		return true;
	wait = strtol(text, &end, 10);
	if (!*text || *end || strspn(text, "0123456789") != strlen(text)
	    || wait > ROUTE_WAIT_MAX_S) {
		refuse(r, PROBLEM_MALFORMED, N_("wait is a whole number of seconds from 0 to 25"),
		       "?wait");
		return false;
	}
	r->wait_until_ms = wait ? now_ms + wait * 1000 : 0;
	return true;
}

static bool find_route(struct request *r)
{
	struct err err = ERR_INIT;
	bool known;

	if (target_path(r->target, &r->path, &err) < 0
	    || target_query(r->target, &r->query, &err) < 0) {
		refuse(r, PROBLEM_MALFORMED, err.msgid, err.where[0] ? err.where : NULL);
		return false;
	}
	r->route = route_find(r->method, r->path, r->id, &known, &r->allow);
	if (!r->route)
		refuse(r, known ? PROBLEM_NOT_ALLOWED : PROBLEM_NOT_FOUND, NULL, NULL);
	return r->route;
}

static bool body_fits(struct request *r)
{
	if (r->route->body == ROUTE_NO_BODY && (r->head.chunked || r->head.length > 0))
		refuse_guard(r, GUARD_BODY);
	else if (r->head.length > (int64_t)route_body_max(r->route->body))
		refuse_guard(r, GUARD_TOO_LARGE);
	return !r->answered;
}

static bool credentials(struct request *r)
{
	const char *wire = r->head.wire;

	if (wire && strcmp(wire, "1") != 0 && strcmp(wire, "0") != 0) {
		refuse(r, PROBLEM_WIRE_TOO_OLD,
		       N_("this server speaks version 1 of the wire, and 0"), NULL);
		return false;
	}
	r->has_token = auth_bearer(r->head.authorization, r->token_hash);
	if (r->route->may != ROLE_VERBS && !r->has_token) {
		refuse(r, PROBLEM_UNAUTHORIZED,
		       N_("a bearer token is needed: Authorization: Bearer cst_…"), NULL);
		return false;
	}
	return true;
}

static struct queue_call call_of(const struct request *r)
{
	return (struct queue_call){
		.token_hash = r->has_token ? r->token_hash : NULL,
		.id = r->id[0] ? r->id : NULL,
		.query = r->query,
		.body = r->doc,
		.bytes = r->doc ? buf_str(&r->body) : NULL,
		.len = r->doc ? r->body.len : 0,
	};
}

static void begin_blob(struct request *r)
{
	struct queue_call call = call_of(r);

	r->blob = queue_blob_begin(r->context->queue, &call, &r->answer);
	r->answered = !r->blob;
}

/* An answer that is ready before the body was read: may the rest be read and
 * thrown away, so that the connection can be kept? */
static enum request_next drain_or_close(struct request *r)
{
	bool stored = r->answer.status < 400;

	if (!r->answered || (!r->head.chunked && !r->head.length))
		return REQUEST_READ;
	if (!r->head.expects && (stored || r->head.length <= DRAIN_MAX))
		return REQUEST_READ;
	r->close = true;
	return REQUEST_ANSWER;
}

enum request_next request_begin(struct request *r, const char *method, int64_t now_ms)
{
	enum guard_cause cause = guard_head_end(&r->head);

	r->method = mem_strdup(method);
	if (cause) {
		refuse_guard(r, cause);
		r->close = true;
		return REQUEST_ANSWER;
	}
	if (r->context->stopping) {
		refuse_document(r, PROBLEM_BUSY, problem_document(PROBLEM_BUSY,
			_("the server is stopping"), NULL, STOPPING_RETRY_S));
		r->answer.retry_after_s = STOPPING_RETRY_S;
		r->close = true;
		return REQUEST_ANSWER;
	}
	if (find_route(r) && body_fits(r) && credentials(r) && read_wait(r, now_ms)
	    && r->route->body == ROUTE_BLOB)
		begin_blob(r);
	return drain_or_close(r);
}

static void take_blob(struct request *r, const char *bytes, size_t len)
{
	struct err err = ERR_INIT;
	int ret = queue_blob_add(r->blob, bytes, len, &err);

	if (ret == 0)
		return;
	if (ret == ERR_FULL)
		refuse_err(r, PROBLEM_STORAGE_FULL, &err);
	else if (ret == ERR_LIMIT)
		refuse_guard(r, GUARD_TOO_LARGE);
	else
		refuse_err(r, PROBLEM_INTERNAL, &err);
}

bool request_take(struct request *r, const char *bytes, size_t len)
{
	size_t most = r->route ? route_body_max(r->route->body) : 0;

	r->received += len;
	if (r->answered)
		return r->received <= (most > DRAIN_MAX ? most : DRAIN_MAX) + (uint64_t)DRAIN_MAX;
	if (r->received > most)
		refuse_guard(r, r->route->body == ROUTE_NO_BODY ? GUARD_BODY : GUARD_TOO_LARGE);
	else if (r->blob)
		take_blob(r, bytes, len);
	else
		buf_add(&r->body, bytes, len);
	return true;
}

static void parse_body(struct request *r)
{
	struct err err = ERR_INIT;
	int ret = json_parse(buf_str(&r->body), r->body.len, route_body_limits(r->route->body),
	                     &r->doc, &err);

	if (ret < 0)
		refuse_err(r, ret == ERR_LIMIT ? PROBLEM_TOO_LARGE : PROBLEM_MALFORMED, &err);
}

/* The one place where a request meets the queue. */
static void run(struct request *r)
{
	struct queue_call call = call_of(r);

	queue_answer_clear(&r->answer);
	r->seen = queue_generation(r->context->queue);
	if (r->blob) {
		struct queue_blob *blob = r->blob;

		r->blob = NULL;   /* the queue frees it in every case */
		queue_blob_commit(r->context->queue, &call, blob, &r->answer);
	} else {
		queue_run(r->context->queue, r->route->verb, &call, &r->answer);
	}
	r->answered = true;
}

static bool goes_on_waiting(const struct request *r, int64_t now_ms)
{
	return r->answer.wait && !r->context->stopping && now_ms < r->wait_until_ms;
}

enum request_next request_finish(struct request *r, int64_t now_ms)
{
	if (!r->answered && r->route->body != ROUTE_NO_BODY && r->route->body != ROUTE_BLOB)
		parse_body(r);
	if (!r->answered)
		run(r);
	return goes_on_waiting(r, now_ms) ? REQUEST_WAIT : REQUEST_ANSWER;
}

bool request_again(struct request *r, int64_t now_ms)
{
	if (queue_generation(r->context->queue) != r->seen)
		run(r);
	return !goes_on_waiting(r, now_ms);
}

void request_log(const struct request *r, int64_t now_ms)
{
	struct err_numbuf status, ms;
	enum log_level level = LOG_DEBUG;

	if (r->answer.status >= 500)
		level = LOG_ERROR;
	else if (r->answer.status >= 400 || strcmp(r->method, "GET") != 0)
		level = LOG_INFO;
	log_event(level, "http.answer", "method", r->method,
	          "path", r->path ? r->path : r->target,
	          "status", err_num(&status, r->answer.status),
	          "ms", err_num(&ms, now_ms - r->began_ms), NULL);
}
