/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests against a queue that answers what the test says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/msg.h"
#include "server/request.h"
#include "wire/json.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BEARER "Bearer cst_" HEX64

/* --- a queue that notes what it is asked ------------------------------------ */

static struct {
	int calls;
	enum queue_verb verb;
	char id[80], query[80], bytes[80], token[8];
	bool wait;               /* answer "nothing yet" */
	bool refuse_blob;
	uint64_t generation;
	struct buf uploaded;
	size_t blob_limit;
	int aborted, committed;
} fake;

static int answer(enum queue_verb verb, const struct queue_call *call, struct queue_answer *a)
{
	fake.calls++;
	fake.verb = verb;
	snprintf(fake.id, sizeof fake.id, "%s", call->id ? call->id : "");
	snprintf(fake.query, sizeof fake.query, "%s", value_text_or(call->query, "queue", ""));
	snprintf(fake.bytes, sizeof fake.bytes, "%.*s", (int)call->len, call->bytes ? call->bytes : "");
	snprintf(fake.token, sizeof fake.token, "%s", call->token_hash ? "yes" : "no");
	a->status = 200;
	a->wait = fake.wait;
	buf_adds(&a->body, fake.wait ? "{\"nothing\":true}" : "{\"done\":true}");
	return 0;
}

#define VERB(symbol) \
	static int verb_##symbol(struct queue *q, const struct queue_call *call, \
	                         struct queue_answer *a) \
	{ (void)q; return answer(symbol, call, a); }
VERB(QUEUE_SUBMIT)
VERB(QUEUE_GET_PROPOSAL)
VERB(QUEUE_CONSUME)
VERB(QUEUE_REVIEWS)
VERB(QUEUE_HEALTH)

static uint64_t generation(const struct queue *q)
{
	(void)q;
	return fake.generation;
}

static struct queue_blob *blob_begin(struct queue *q, const struct queue_call *call,
                                     struct queue_answer *a)
{
	(void)q;
	answer(QUEUE_VERBS, call, a);
	return fake.refuse_blob ? NULL : (struct queue_blob *)&fake;
}

int queue_blob_add(struct queue_blob *blob, const void *bytes, size_t len, struct err *err)
{
	assert_ptr_equal(blob, &fake);
	if (fake.uploaded.len + len > fake.blob_limit)
		return err_set(err, ERR_FULL, N_("no space left"));
	buf_add(&fake.uploaded, bytes, len);
	return 0;
}

static int blob_commit(struct queue *q, const struct queue_call *call, struct queue_blob *blob,
                       struct queue_answer *a)
{
	(void)q;
	assert_ptr_equal(blob, &fake);
	assert_string_equal(call->id, HEX64);
	fake.committed++;
	a->status = 201;
	buf_adds(&a->body, "{}");
	return 0;
}

void queue_blob_abort(struct queue_blob *blob)
{
	assert_ptr_equal(blob, &fake);
	fake.aborted++;
}

static const struct queue_ops ops = {
	.name = "fake",
	.verb = {
		[QUEUE_SUBMIT] = verb_QUEUE_SUBMIT,
		[QUEUE_GET_PROPOSAL] = verb_QUEUE_GET_PROPOSAL,
		[QUEUE_CONSUME] = verb_QUEUE_CONSUME,
		[QUEUE_REVIEWS] = verb_QUEUE_REVIEWS,
		[QUEUE_HEALTH] = verb_QUEUE_HEALTH,
	},
	.blob_begin = blob_begin,
	.blob_commit = blob_commit,
	.generation = generation,
};
static struct queue queue = { &ops };
static struct request_context context = { &queue, false, { { 0 }, { 0 } } };

static int reset(void **state)
{
	(void)state;
	buf_clear(&fake.uploaded);
	memset(&fake, 0, sizeof fake);
	fake.generation = 1;
	fake.blob_limit = 100;
	context.stopping = false;
	log_set_level(LOG_ERROR);
	return 0;
}

/* --- how the tests speak ---------------------------------------------------- */

struct asked {
	struct request *r;
	enum request_next next;
};

/* headers: name, value, … NULL; Host is added. */
static struct asked begin(const char *method, const char *target, ...)
{
	struct asked a = { request_new(&context, target, 0), REQUEST_READ };
	const char *name;
	va_list ap;

	guard_head_init(&a.r->head, a.r->target, "HTTP/1.1");
	guard_head_add(&a.r->head, "Host", 4, "x", 1);
	va_start(ap, target);
	while ((name = va_arg(ap, const char *))) {
		const char *value = va_arg(ap, const char *);

		guard_head_add(&a.r->head, name, strlen(name), value, strlen(value));
	}
	va_end(ap);
	a.next = request_begin(a.r, method, 0);
	return a;
}

static void expect_problem(const struct request *r, int status, const char *name,
                           const char *pointer)
{
	struct value *doc = NULL;
	char type[80];

	assert_true(r->answered);
	assert_int_equal(r->answer.status, status);
	assert_string_equal(r->answer.type, "application/problem+json");
	assert_int_equal(json_parse(buf_str(&r->answer.body), r->answer.body.len, NULL, &doc, NULL), 0);
	snprintf(type, sizeof type, "urn:countersign:problem:%s", name);
	assert_string_equal(value_text(doc, "type"), type);
	assert_int_equal(value_int_or(doc, "status", 0), status);
	if (pointer)
		assert_string_equal(value_text(doc, "pointer"), pointer);
	value_free(doc);
}

/* --- the order of refusals -------------------------------------------------- */

static void framing_comes_first_and_closes(void **state)
{
	struct asked a = begin("POST", "/nowhere", "Content-Length", "1", "Content-Length", "2", NULL);

	(void)state;
	assert_int_equal(a.next, REQUEST_ANSWER);
	assert_true(a.r->close);
	expect_problem(a.r, 400, "malformed", NULL);
	assert_int_equal(context.refused.refused[GUARD_LENGTH], 1);
	request_free(a.r);
}

static void stopping_refuses_and_closes(void **state)
{
	struct asked a;

	(void)state;
	context.stopping = true;
	a = begin("GET", "/healthz", NULL);
	assert_int_equal(a.next, REQUEST_ANSWER);
	assert_true(a.r->close);
	expect_problem(a.r, 503, "busy", NULL);
	assert_true(a.r->answer.retry_after_s > 0);
	request_free(a.r);
}

static void what_is_refused_before_the_queue(void **state)
{
	static const struct { const char *method, *target, *header, *value; int status;
	                      const char *name, *pointer; } rows[] = {
		{ "GET", "/v1/nothing", NULL, NULL, 404, "not_found", NULL },
		{ "DELETE", "/v1/queues", NULL, NULL, 405, "not_allowed", NULL },
		{ "GET", "/v1/reviews?a=1&a=2", "Authorization", BEARER, 400, "malformed", "?a" },
		{ "GET", "/v1/%ff", NULL, NULL, 400, "malformed", NULL },
		{ "GET", "/v1/reviews", NULL, NULL, 401, "unauthorized", NULL },
		{ "GET", "/v1/reviews", "Authorization", "Basic eDp5", 401, "unauthorized", NULL },
		{ "GET", "/healthz", "Countersign-Wire", "2", 426, "wire_too_old", NULL },
		{ "GET", "/v1/reviews", "Content-Length", "1", 400, "malformed", NULL },
		{ "POST", "/v1/proposals", "Content-Length", "2000000", 413, "too_large", NULL },
		{ "GET", "/v1/changes?wait=26", "Authorization", BEARER, 400, "malformed", "?wait" },
		{ "GET", "/v1/changes?wait=-1", "Authorization", BEARER, 400, "malformed", "?wait" },
		{ "GET", "/v1/changes?wait=", "Authorization", BEARER, 400, "malformed", "?wait" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct asked a = begin(rows[i].method, rows[i].target, rows[i].header, rows[i].value, NULL);

		/* The body is read and thrown away, so that the connection lives. */
		assert_int_equal(a.next, REQUEST_READ);
		assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
		assert_false(a.r->close);
		expect_problem(a.r, rows[i].status, rows[i].name, rows[i].pointer);
		request_free(a.r);
	}
	assert_int_equal(fake.calls, 0);
}

static void allowed_methods_are_told(void **state)
{
	struct asked a = begin("PATCH", "/v1/blobs/" HEX64, NULL);

	(void)state;
	assert_string_equal(buf_str(&a.r->allow), "PUT, GET");
	request_free(a.r);
}

static void a_refused_body_is_not_waited_for(void **state)
{
	struct asked a = begin("POST", "/v1/proposals", "Content-Length", "2000000",
	                       "Expect", "100-continue", NULL);

	(void)state;
	assert_int_equal(a.next, REQUEST_ANSWER);
	assert_true(a.r->close);
	request_free(a.r);
	a = begin("PUT", "/v1/blobs/" HEX64, "Content-Length", "67108865", NULL);
	assert_int_equal(a.next, REQUEST_ANSWER);
	assert_true(a.r->close);
	expect_problem(a.r, 413, "too_large", NULL);
	request_free(a.r);
}

/* --- bodies ----------------------------------------------------------------- */

static void a_body_reaches_the_queue_as_it_came(void **state)
{
	struct asked a = begin("POST", "/v1/proposals/a-1:consume", "Authorization", BEARER,
	                       "Content-Length", "12", NULL);

	(void)state;
	assert_int_equal(a.next, REQUEST_READ);
	assert_true(request_take(a.r, "{ \"id\":", 7));
	assert_true(request_take(a.r, "\"b\"} ", 5));
	assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
	assert_int_equal(fake.verb, QUEUE_CONSUME);
	assert_string_equal(fake.id, "a-1");
	assert_string_equal(fake.bytes, "{ \"id\":\"b\"} ");
	assert_string_equal(fake.token, "yes");
	assert_string_equal(buf_str(&a.r->answer.body), "{\"done\":true}");
	request_free(a.r);
}

static void bad_bodies(void **state)
{
	static const struct { const char *body; const char *pointer; } rows[] = {
		{ "", "" },
		{ "{", "" },
		{ "{\"a\":{\"b\":1,\"b\":2}}", "/a/b" },
		{ "{\"a\":[1,1e999]}", "/a/1" },
		{ "{\"a\":\"\\ud800\"}", "/a" },
		{ "{} {}", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct asked a = begin("POST", "/v1/proposals", "Authorization", BEARER,
		                       "Transfer-Encoding", "chunked", NULL);

		assert_true(request_take(a.r, rows[i].body, strlen(rows[i].body)));
		assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
		expect_problem(a.r, 400, "malformed", rows[i].pointer[0] ? rows[i].pointer : NULL);
		request_free(a.r);
	}
	assert_int_equal(fake.calls, 0);
}

static void a_chunked_body_has_a_limit(void **state)
{
	struct asked a = begin("POST", "/v1/proposals", "Authorization", BEARER,
	                       "Transfer-Encoding", "chunked", NULL);
	static char piece[65536];
	uint64_t sent = 0;

	(void)state;
	memset(piece, ' ', sizeof piece);
	while (!a.r->answered) {
		assert_true(request_take(a.r, piece, sizeof piece));
		sent += sizeof piece;
	}
	assert_true(sent > 1 << 20 && sent < 2 << 20);
	expect_problem(a.r, 413, "too_large", NULL);
	assert_int_equal(a.r->body.cap, 0);
	while (request_take(a.r, piece, sizeof piece))
		assert_true((sent += sizeof piece) < 20 << 20);
	request_free(a.r);
}

static void uploads(void **state)
{
	struct asked a = begin("PUT", "/v1/blobs/" HEX64, "Authorization", BEARER,
	                       "Content-Length", "6", NULL);

	(void)state;
	assert_int_equal(a.next, REQUEST_READ);
	assert_true(request_take(a.r, "abc", 3));
	assert_true(request_take(a.r, "def", 3));
	assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
	assert_int_equal(a.r->answer.status, 201);
	assert_string_equal(buf_str(&fake.uploaded), "abcdef");
	request_free(a.r);
	assert_int_equal(fake.committed, 1);
	assert_int_equal(fake.aborted, 0);
}

static void an_upload_that_ends_early_is_dropped(void **state)
{
	struct asked a = begin("PUT", "/v1/blobs/" HEX64, "Authorization", BEARER,
	                       "Content-Length", "6", NULL);

	(void)state;
	assert_true(request_take(a.r, "abc", 3));
	request_free(a.r);
	assert_int_equal(fake.committed, 0);
	assert_int_equal(fake.aborted, 1);
}

static void an_upload_without_room_is_told(void **state)
{
	struct asked a = begin("PUT", "/v1/blobs/" HEX64, "Authorization", BEARER,
	                       "Content-Length", "6", NULL);

	(void)state;
	fake.blob_limit = 4;
	assert_true(request_take(a.r, "abc", 3));
	assert_true(request_take(a.r, "def", 3));
	assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
	expect_problem(a.r, 507, "storage_full", NULL);
	assert_int_equal(fake.aborted, 1);
	assert_int_equal(fake.committed, 0);
	request_free(a.r);
}

static void an_upload_nobody_needs_is_read_and_thrown_away(void **state)
{
	struct asked a;

	(void)state;
	fake.refuse_blob = true;
	a = begin("PUT", "/v1/blobs/" HEX64, "Authorization", BEARER,
	          "Content-Length", "60000000", NULL);
	assert_int_equal(a.next, REQUEST_READ);
	assert_true(request_take(a.r, "abc", 3));
	assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
	assert_int_equal(a.r->answer.status, 200);
	request_free(a.r);
}

/* --- waiting ---------------------------------------------------------------- */

static void a_long_poll_wakes_when_the_queue_moves(void **state)
{
	struct asked a = begin("GET", "/v1/proposals/a?wait=25", "Authorization", BEARER, NULL);

	(void)state;
	fake.wait = true;
	assert_int_equal(request_finish(a.r, 0), REQUEST_WAIT);
	assert_false(request_again(a.r, 24999));
	assert_int_equal(fake.calls, 1);   /* nothing moved: nobody was asked */
	fake.generation++;
	assert_false(request_again(a.r, 24999));
	assert_int_equal(fake.calls, 2);
	fake.generation++;
	fake.wait = false;
	assert_true(request_again(a.r, 24999));
	assert_string_equal(buf_str(&a.r->answer.body), "{\"done\":true}");
	request_free(a.r);
}

static void a_long_poll_ends_with_what_it_has(void **state)
{
	struct asked a = begin("GET", "/v1/proposals/a?wait=25", "Authorization", BEARER, NULL);

	(void)state;
	fake.wait = true;
	assert_int_equal(request_finish(a.r, 0), REQUEST_WAIT);
	assert_true(request_again(a.r, 25000));
	assert_int_equal(a.r->answer.status, 200);
	assert_string_equal(buf_str(&a.r->answer.body), "{\"nothing\":true}");
	request_free(a.r);
}

static void stopping_ends_a_long_poll(void **state)
{
	struct asked a = begin("GET", "/v1/proposals/a?wait=25", "Authorization", BEARER, NULL);

	(void)state;
	fake.wait = true;
	assert_int_equal(request_finish(a.r, 0), REQUEST_WAIT);
	context.stopping = true;
	assert_true(request_again(a.r, 1));
	request_free(a.r);
}

static void without_wait_there_is_no_waiting(void **state)
{
	static const char *const targets[] = { "/v1/proposals/a", "/v1/proposals/a?wait=0",
	                                       "/v1/reviews?wait=25" };

	(void)state;
	fake.wait = true;
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		struct asked a = begin("GET", targets[i], "Authorization", BEARER, NULL);

		assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
		request_free(a.r);
	}
}

static void this_wire_and_the_one_before(void **state)
{
	(void)state;
	for (int version = 0; version <= 1; version++) {
		struct asked a = begin("GET", "/healthz", "Countersign-Wire", version ? "1" : "0", NULL);

		assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
		assert_int_equal(a.r->answer.status, 200);
		request_free(a.r);
	}
}

static void health_needs_no_token(void **state)
{
	struct asked a = begin("GET", "/healthz", NULL);

	(void)state;
	assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
	assert_int_equal(fake.verb, QUEUE_HEALTH);
	assert_string_equal(fake.token, "no");
	request_free(a.r);
}

static void the_query_reaches_the_queue(void **state)
{
	struct asked a = begin("GET", "/v1/reviews?queue=a%20b", "Authorization", BEARER, NULL);

	(void)state;
	assert_int_equal(request_finish(a.r, 0), REQUEST_ANSWER);
	assert_string_equal(fake.query, "a b");
	request_free(a.r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(framing_comes_first_and_closes, reset),
		cmocka_unit_test_setup(stopping_refuses_and_closes, reset),
		cmocka_unit_test_setup(what_is_refused_before_the_queue, reset),
		cmocka_unit_test_setup(allowed_methods_are_told, reset),
		cmocka_unit_test_setup(a_refused_body_is_not_waited_for, reset),
		cmocka_unit_test_setup(a_body_reaches_the_queue_as_it_came, reset),
		cmocka_unit_test_setup(bad_bodies, reset),
		cmocka_unit_test_setup(a_chunked_body_has_a_limit, reset),
		cmocka_unit_test_setup(uploads, reset),
		cmocka_unit_test_setup(an_upload_that_ends_early_is_dropped, reset),
		cmocka_unit_test_setup(an_upload_without_room_is_told, reset),
		cmocka_unit_test_setup(an_upload_nobody_needs_is_read_and_thrown_away, reset),
		cmocka_unit_test_setup(a_long_poll_wakes_when_the_queue_moves, reset),
		cmocka_unit_test_setup(a_long_poll_ends_with_what_it_has, reset),
		cmocka_unit_test_setup(stopping_ends_a_long_poll, reset),
		cmocka_unit_test_setup(without_wait_there_is_no_waiting, reset),
		cmocka_unit_test_setup(this_wire_and_the_one_before, reset),
		cmocka_unit_test_setup(health_needs_no_token, reset),
		cmocka_unit_test_setup(the_query_reaches_the_queue, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
