/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/clock.h"
#include "wire/lease.h"
#include "wire/token.h"

static void receipts(struct fixture *f, int count)
{
	for (int i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "r-%d", i);
		fixture_now_ms += 10;
		free(fixture_receipt(f, name, "0.41"));
	}
}

static void test_a_lease_opens_at_the_desk(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_receipt(f, "r-1", "0.41");
	struct err err = ERR_INIT;
	struct value *lease, *definitions;
	struct review *review;
	const char *start;
	size_t len;

	fixture_call(f, QUEUE_QUEUES, &f->ann, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/queues"), 4);
	assert_string_equal(fixture_text(f, "/queues/3/queue"), "receipts");
	assert_int_equal(fixture_int(f, "/queues/3/waiting"), 1);
	definitions = value_copy(value_find_pointer(f->last, "/queues/3/definition"));
	assert_int_equal(fixture_lease(f, &f->ann, "receipts", 3), 1);
	assert_true(prescan_span(f->text, strlen(f->text), "/leases/0/proposal", &start, &len));
	lease = value_copy(value_find_pointer(f->last, "/leases/0"));
	/* The wire's own reader checks every digest. */
	assert_int_equal(wire_review_read(lease, start, len, definitions, &review, &err), 0);
	assert_string_equal(review->proposal_id, id);
	assert_int_equal(review->view, VIEW_FULL);
	assert_true(review_asks(review, "total"));
	assert_false(review_asks(review, "date"));
	review_free(review);
	free(id);
}

static void test_want_means_make_it_so(void **state)
{
	struct fixture *f = *state;
	char *first;

	receipts(f, 5);
	assert_int_equal(fixture_lease(f, &f->ann, "receipts", 3), 3);
	first = mem_strdup(fixture_text(f, "/leases/0/review"));
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "r-0");
	/* Asking again changes nothing, and what the desk has comes without content. */
	fixture_callf(f, QUEUE_LEASES, &f->ann, NULL, NULL, "{'device':'%s','queue':'receipts',"
	              "'want':3,'have':[{'review':'%s','revision':1}]}", f->ann.device, first);
	assert_int_equal(fixture_count(f, "/leases"), 3);
	assert_null(value_find_pointer(f->last, "/leases/0/proposal"));
	assert_string_equal(fixture_text(f, "/leases/0/review"), first);
	assert_non_null(value_find_pointer(f->last, "/leases/1/proposal"));
	/* Another person gets the others. */
	assert_int_equal(fixture_lease(f, &f->ben, "receipts", 5), 2);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "r-3");
	assert_int_equal(fixture_lease(f, &f->cyd, "receipts", 5), 0);
	free(first);
}

static void test_a_lease_ends_by_time_and_is_renewed(void **state)
{
	struct fixture *f = *state;
	char *review;
	int64_t token;

	receipts(f, 1);
	fixture_lease(f, &f->ann, "receipts", 1);
	review = mem_strdup(fixture_text(f, "/leases/0/review"));
	token = token_number(fixture_text(f, "/leases/0/token"));
	fixture_now_ms += 899 * 1000;
	assert_int_equal(fixture_lease(f, &f->ben, "receipts", 1), 0);
	fixture_callf(f, QUEUE_LEASES, &f->ann, NULL, NULL,
	              "{'device':'%s','want':0,'renew':['%s']}", f->ann.device, review);
	assert_int_equal(fixture_int(f, "/leases/0/ttl_s"), 900);
	fixture_now_ms += 899 * 1000;
	assert_int_equal(fixture_lease(f, &f->ben, "receipts", 1), 0);
	fixture_now_ms += 2000;
	assert_int_equal(fixture_lease(f, &f->ben, "receipts", 1), 1);
	assert_true(token_number(fixture_text(f, "/leases/0/token")) > token);
	/* Too late to renew: somebody else has it. */
	fixture_callf(f, QUEUE_LEASES, &f->ann, NULL, NULL,
	              "{'device':'%s','want':0,'renew':['%s']}", f->ann.device, review);
	assert_int_equal(fixture_count(f, "/leases"), 0);
	free(review);
}

static void release(struct fixture *f, struct person *p, const char *disposition)
{
	char *review = mem_strdup(fixture_text(f, "/leases/0/review"));
	char *token = mem_strdup(fixture_text(f, "/leases/0/token"));

	fixture_callf(f, QUEUE_RELEASE_LEASE, p, NULL, NULL,
	              "{'review':'%s','token':'%s','disposition':'%s','reason':null}", review, token,
	              disposition);
	assert_int_equal(f->status, 200);
	assert_true(value_bool_or(f->last, "released", false));
	/* Again: nothing to do, no error. */
	fixture_callf(f, QUEUE_RELEASE_LEASE, p, NULL, NULL,
	              "{'review':'%s','token':'%s','disposition':'%s','reason':null}", review, token,
	              disposition);
	assert_int_equal(f->status, 200);
	assert_false(value_bool_or(f->last, "released", true));
	free(review);
	free(token);
}

static void test_skips_are_remembered(void **state)
{
	struct fixture *f = *state;

	receipts(f, 2);
	fixture_lease(f, &f->ann, "receipts", 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "r-0");
	release(f, &f->ann, "skip");
	fixture_lease(f, &f->ann, "receipts", 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "r-1");
	release(f, &f->ann, "not_for_me");
	assert_int_equal(fixture_lease(f, &f->ann, "receipts", 5), 0);
	/* Others are offered both; a skip comes back after an hour. */
	assert_int_equal(fixture_lease(f, &f->ben, "receipts", 5), 2);
	fixture_now_ms += (int64_t)3601 * 1000;
	assert_int_equal(fixture_lease(f, &f->ann, "receipts", 5), 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "r-0");
}

static void test_named_leases(void **state)
{
	struct fixture *f = *state;
	char *first, *second;

	receipts(f, 3);
	fixture_call(f, QUEUE_REVIEWS, &f->ann, NULL, "{'queue':'receipts'}", NULL);
	first = mem_strdup(fixture_text(f, "/reviews/0/review"));
	second = mem_strdup(fixture_text(f, "/reviews/2/review"));
	fixture_callf(f, QUEUE_LEASES, &f->ann, NULL, NULL, "{'device':'%s','queue':'receipts',"
	              "'reviews':['%s','01890000-0000-7000-8000-000000000000']}", f->ann.device,
	              second);
	assert_int_equal(fixture_count(f, "/leases"), 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "r-2");
	assert_int_equal(fixture_count(f, "/refused"), 1);
	fixture_callf(f, QUEUE_LEASES, &f->ben, NULL, NULL, "{'device':'%s','queue':'receipts',"
	              "'reviews':['%s','%s']}", f->ben.device, second, first);
	assert_int_equal(fixture_count(f, "/leases"), 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "r-0");
	assert_string_equal(fixture_text(f, "/refused/0/review"), second);
	free(first);
	free(second);
}

static void test_roles_and_devices(void **state)
{
	struct fixture *f = *state;

	receipts(f, 1);
	free(fixture_message(f, "m-1"));
	/* A queue that is not theirs. */
	fixture_callf(f, QUEUE_LEASES, &f->cyd, NULL, NULL,
	              "{'device':'%s','queue':'intents','want':1}", f->cyd.device);
	assert_int_equal(f->status, 403);
	fixture_callf(f, QUEUE_LEASES, &f->producer, NULL, NULL,
	              "{'device':'%s','queue':'receipts','want':1}", f->producer.device);
	assert_int_equal(f->status, 403);
	/* A device is one person's for ever. */
	assert_int_equal(fixture_lease(f, &f->ann, "receipts", 1), 1);
	fixture_callf(f, QUEUE_LEASES, &f->ben, NULL, NULL,
	              "{'device':'%s','queue':'receipts','want':1}", f->ann.device);
	assert_int_equal(f->status, 403);
	fixture_callf(f, QUEUE_LEASES, &f->ben, NULL, NULL,
	              "{'device':'laptop','queue':'receipts','want':1}");
	assert_int_equal(f->status, 422);
}

static void test_offline_is_limited(void **state)
{
	struct fixture *f = *state;
	char until[CLOCK_TEXT_SIZE];

	receipts(f, 2);
	free(fixture_action(f, "low", "bounded"));
	free(fixture_action(f, "high", "high_impact"));
	clock_text(fixture_now_ms + (int64_t)48 * 3600 * 1000, until);
	fixture_callf(f, QUEUE_LEASES, &f->ann, NULL, NULL, "{'device':'%s','queue':'agent',"
	              "'want':50,'offline_until':'%s'}", f->ann.device, until);
	assert_int_equal(fixture_count(f, "/leases"), 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "low");
	assert_int_equal(fixture_int(f, "/leases/0/ttl_s"), 12 * 3600);
	assert_int_equal(fixture_lease(f, &f->ben, "agent", 5), 1);
	fixture_callf(f, QUEUE_LEASES, &f->ben, NULL, NULL, "{'device':'%s','renew':['%s'],"
	              "'offline_until':'%s'}", f->ben.device, fixture_text(f, "/leases/0/review"),
	              until);
	assert_int_equal(fixture_int(f, "/leases/0/ttl_s"), 900);
}

static void test_one_person_a_case_where_possible(void **state)
{
	struct fixture *f = *state;
	static const char *const cases[] = { "a", "a", "b" };

	for (int i = 0; i < 3; i++) {
		char *text = mem_printf("{'external_id':'c-%d','queue':'intents','kind':"
			"'classification','case':{'id':'%s'},'model':{'name':'x','version':'1'},"
			"'safety_class':'assistive','sources':[],'proposed':{'label':'refund'}}", i,
			cases[i]);

		fixture_now_ms += 5;
		free(fixture_submit(f, text));
		free(text);
	}
	assert_int_equal(fixture_lease(f, &f->ann, "intents", 1), 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "c-0");
	assert_int_equal(fixture_count(f, "/leases/0/siblings"), 1);
	/* c-1 is of the same case: ben gets the other one first, c-1 only when
	 * nothing else is left. */
	assert_int_equal(fixture_lease(f, &f->ben, "intents", 1), 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "c-2");
	assert_int_equal(fixture_lease(f, &f->lead, "intents", 1), 1);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "c-1");
}

static void test_headers_page_by_page(void **state)
{
	struct fixture *f = *state;
	int64_t last = INT64_MIN, seen = 0;
	char query[100] = "{'queue':'receipts','limit':'7'}";

	receipts(f, 30);
	free(fixture_message(f, "m-1"));
	for (;;) {
		fixture_call(f, QUEUE_REVIEWS, &f->ann, NULL, query, NULL);
		for (size_t i = 0; i < fixture_count(f, "/reviews"); i++, seen++) {
			const struct value *h = value_at(value_find(f->last, "reviews"), i);

			assert_true(value_int_or(h, "order", 0) > last);
			assert_false(value_bool_or(h, "held", true));
			last = value_int_or(h, "order", 0);
		}
		if (!value_bool_or(f->last, "more", false))
			break;
		snprintf(query, sizeof query, "{'queue':'receipts','limit':'7','after':'%s'}",
		         fixture_text(f, "/after"));
	}
	assert_int_equal(seen, 30);
	fixture_call(f, QUEUE_REVIEWS, &f->cyd, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/reviews"), 30);
	fixture_call(f, QUEUE_REVIEWS, &f->ann, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/reviews"), 31);
	fixture_call(f, QUEUE_REVIEWS, &f->producer, NULL, NULL, NULL);
	assert_int_equal(f->status, 403);
}

static void test_changes_tell_the_desks(void **state)
{
	struct fixture *f = *state;
	char query[80], *review;

	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/changes"), 0);
	snprintf(query, sizeof query, "{'after':'%s','wait':'5'}", fixture_text(f, "/cursor"));
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, query, NULL);
	assert_true(f->waits);
	receipts(f, 1);
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, query, NULL);
	assert_false(f->waits);
	assert_int_equal(fixture_count(f, "/changes"), 1);
	assert_string_equal(fixture_text(f, "/changes/0/type"), "header");
	assert_string_equal(fixture_text(f, "/changes/0/header/external_id"), "r-0");
	review = mem_strdup(fixture_text(f, "/changes/0/header/review"));
	snprintf(query, sizeof query, "{'after':'%s'}", fixture_text(f, "/cursor"));
	fixture_lease(f, &f->ben, "receipts", 1);
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, query, NULL);
	assert_string_equal(fixture_text(f, "/changes/0/header/state"), "reserved");
	snprintf(query, sizeof query, "{'after':'%s'}", fixture_text(f, "/cursor"));
	fixture_now_ms += 901 * 1000;
	assert_int_equal(queue_tick(f->queue, &(int64_t){ 0 }, NULL), 0);
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, query, NULL);
	assert_string_equal(fixture_text(f, "/changes/0/header/review"), review);
	assert_string_equal(fixture_text(f, "/changes/0/header/state"), "waiting");
	/* Told once. */
	snprintf(query, sizeof query, "{'after':'%s'}", fixture_text(f, "/cursor"));
	assert_int_equal(queue_tick(f->queue, &(int64_t){ 0 }, NULL), 0);
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, query, NULL);
	assert_int_equal(fixture_count(f, "/changes"), 0);
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, "{'after':'7:1'}", NULL);
	assert_int_equal(f->status, 409);
	assert_string_equal(fixture_text(f, "/type"), "urn:countersign:problem:must_refetch");
	free(review);
}

static void test_a_blind_desk_learns_nothing(void **state)
{
	struct fixture *f = *state;
	char own[HASH_TEXT_SIZE], *review, *token, *body;

	free(fixture_submit(f, "{'external_id':'b-1','queue':'blind','kind':'classification',"
		"'model':{'name':'x','version':'1'},'safety_class':'assistive','sources':[{'id':'m',"
		"'media_type':'text/plain','text':'Where is it?'}],'proposed':{'label':'card late',"
		"'confidence':0.73125,'alternatives':[{'label':'card lost','confidence':0.2}]},"
		"'signals':[{'name':'entropy','value':0.1}]}"));
	fixture_call(f, QUEUE_REVIEWS, &f->ann, NULL, "{'queue':'blind'}", NULL);
	assert_true(value_is(value_find_pointer(f->last, "/reviews/0/confidence"), VALUE_NULL));
	fixture_lease(f, &f->ann, "blind", 1);
	assert_string_equal(fixture_text(f, "/leases/0/view"), "blind");
	assert_null(strstr(f->text, "card late"));
	assert_null(strstr(f->text, "73125"));
	assert_null(strstr(f->text, "entropy"));
	review = mem_strdup(fixture_text(f, "/leases/0/review"));
	token = mem_strdup(fixture_text(f, "/leases/0/token"));
	memset(own, 'a', sizeof own);
	memcpy(own, "sha256:", 7);
	own[HASH_TEXT_SIZE - 1] = '\0';
	body = mem_printf("{'token':'%s','own':'%s'}", token, own);
	fixture_call(f, QUEUE_REVEAL, &f->ben, review, NULL, body);
	assert_int_equal(f->status, 409);
	fixture_call(f, QUEUE_REVEAL, &f->ann, review, NULL, body);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/view"), "full");
	assert_string_equal(fixture_text(f, "/proposal/proposed/label"), "card late");
	assert_true(fixture_count(f, "/reasons") > 0);
	/* The own answer stands. */
	fixture_call(f, QUEUE_REVEAL, &f->ann, review, NULL, body);
	assert_int_equal(f->status, 200);
	own[10] = 'b';
	fixture_callf(f, QUEUE_REVEAL, &f->ann, review, NULL, "{'token':'%s','own':'%s'}", token,
	              own);
	assert_int_equal(f->status, 409);
	free(body);
	free(review);
	free(token);
}

static void test_a_new_definition_recalls_leases(void **state)
{
	struct fixture *f = *state;
	char query[80];

	free(fixture_message(f, "m-1"));
	fixture_lease(f, &f->ann, "intents", 1);
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, NULL, NULL);
	snprintf(query, sizeof query, "{'after':'%s'}", fixture_text(f, "/cursor"));
	fixture_call(f, QUEUE_LOAD, NULL, NULL, NULL, "{'queues':[{'queue':'intents',"
	             "'title':'Intents','kind':'classification','labels':['card lost','card late',"
	             "'refund','other']}]}");
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/queues/0/loaded"), "changed");
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, query, NULL);
	assert_string_equal(fixture_text(f, "/changes/0/type"), "recalled");
	assert_string_equal(fixture_text(f, "/changes/1/type"), "definition");
	fixture_callf(f, QUEUE_LEASES, &f->ann, NULL, NULL, "{'device':'%s'}", f->ann.device);
	assert_int_equal(fixture_count(f, "/leases"), 0);
	assert_int_equal(fixture_lease(f, &f->ann, "intents", 1), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_lease_opens_at_the_desk),
		TEST(test_want_means_make_it_so),
		TEST(test_a_lease_ends_by_time_and_is_renewed),
		TEST(test_skips_are_remembered),
		TEST(test_named_leases),
		TEST(test_roles_and_devices),
		TEST(test_offline_is_limited),
		TEST(test_one_person_a_case_where_possible),
		TEST(test_headers_page_by_page),
		TEST(test_changes_tell_the_desks),
		TEST(test_a_blind_desk_learns_nothing),
		TEST(test_a_new_definition_recalls_leases),
	};

	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
