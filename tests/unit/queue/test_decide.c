/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/clock.h"
#include "wire/decision.h"
#include "wire/digest.h"

static const char good[] = "{'company':'ACME LTD','date':'2026-01-02','address':null,"
	"'total':'8.49'}";

/* A lease of the only waiting item of a queue, and a decision on it. */
static struct decision *prepare(struct fixture *f, struct person *p, const char *queue,
                                enum outcome outcome)
{
	struct value *lease;
	struct decision *d;

	assert_true(fixture_lease(f, p, queue, 1) > 0);
	lease = value_copy(value_find_pointer(f->last, "/leases/0"));
	d = fixture_decision(p, lease, outcome);
	value_free(lease);
	return d;
}

static void test_approve_and_correct(void **state)
{
	struct fixture *f = *state;
	char *a = fixture_receipt(f, "a", "0.41"), *b = fixture_receipt(f, "b", "0.41");

	assert_string_equal(fixture_answer(f, &f->ann, "receipts", "a", OUTCOME_APPROVE, NULL),
	                    "accepted");
	assert_string_equal(fixture_text(f, "/results/0/state"), "approved");
	assert_string_equal(fixture_answer(f, &f->ann, "receipts", "b", OUTCOME_CORRECT, good),
	                    "accepted");
	assert_string_equal(fixture_state(f, a), "approved");
	assert_string_equal(fixture_text(f, "/result/value/total"), "9.00");
	assert_false(value_bool_or(value_find(f->last, "result"), "changed", true));
	assert_string_equal(fixture_state(f, b), "corrected");
	assert_string_equal(fixture_text(f, "/result/value/total"), "8.49");
	assert_true(value_bool_or(value_find(f->last, "result"), "changed", false));
	assert_non_null(strstr(fixture_text(f, "/result/edited"), "total"));
	free(a);
	free(b);
}

static void test_the_same_offer_again_gives_the_same_answer(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_receipt(f, "a", "0.41"), *body, *first, *second;
	struct decision *d = prepare(f, &f->ann, "receipts", OUTCOME_APPROVE);
	int64_t leaves;

	body = fixture_decision_body(d);
	fixture_call(f, QUEUE_DECISIONS, &f->ann, NULL, NULL, body);
	assert_string_equal(fixture_text(f, "/results/0/verdict"), "accepted");
	leaves = fixture_sql(f, "SELECT count(*) FROM log_leaf");
	fixture_call(f, QUEUE_DECISIONS, &f->ann, NULL, NULL, body);
	first = mem_strdup(f->text);
	assert_true(value_bool_or(value_find_pointer(f->last, "/results/0"), "replayed", false));
	fixture_reopen(f);
	fixture_call(f, QUEUE_DECISIONS, &f->ann, NULL, NULL, body);
	second = mem_strdup(f->text);
	assert_string_equal(first, second);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf"), leaves);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM result"), 1);
	/* Another envelope under this id changes nothing. */
	d->active_ms++;
	assert_string_equal(fixture_decide(f, &f->ann, d), "id_reused");
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM decision"), 1);
	free(first);
	free(second);
	free(body);
	free(id);
	decision_free(d);
}

static void test_a_refused_id_stays_refused(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_receipt(f, "a", "0.41"), *body;
	struct decision *d = prepare(f, &f->ann, "receipts", OUTCOME_APPROVE);

	fixture_call(f, QUEUE_TOKEN_REVOKE, NULL, NULL, NULL, "{'name':'reviewer-1'}");
	body = fixture_decision_body(d);
	fixture_call(f, QUEUE_DECISIONS, &f->ann, NULL, NULL, body);
	assert_string_equal(fixture_text(f, "/results/0/verdict"), "refused_authz");
	/* Kept for the lead, without effect. */
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM decision_content"), 1);
	assert_string_equal(fixture_state(f, id), "waiting");
	/* The person comes back; the id does not. */
	fixture_person(f, &f->cyd, "reviewer-1", "reviewer", NULL);
	fixture_call(f, QUEUE_DECISIONS, &f->cyd, NULL, NULL, body);
	assert_string_equal(fixture_text(f, "/results/0/verdict"), "refused_authz");
	assert_true(value_bool_or(value_find_pointer(f->last, "/results/0"), "replayed", false));
	/* A revoked token opens nothing else. */
	fixture_call(f, QUEUE_QUEUES, &f->ann, NULL, NULL, NULL);
	assert_int_equal(f->status, 401);
	free(body);
	free(id);
	decision_free(d);
}

static void test_devices_that_fork(void **state)
{
	struct fixture *f = *state;
	char *a = fixture_receipt(f, "a", "0.41"), *b = fixture_receipt(f, "b", "0.41");
	struct decision *d;

	assert_string_equal(fixture_answer(f, &f->ann, "receipts", "a", OUTCOME_APPROVE, NULL),
	                    "accepted");
	d = prepare(f, &f->ann, "receipts", OUTCOME_APPROVE);
	d->seq = 1;
	assert_string_equal(fixture_decide(f, &f->ann, d), "device_forked");
	/* Nothing is stored; renumbered, the same id is accepted. */
	d->seq = 2;
	assert_string_equal(fixture_decide(f, &f->ann, d), "accepted");
	assert_string_equal(fixture_state(f, b), "approved");
	decision_free(d);
	free(a);
	free(b);
}

/* --- the ordered verdicts: each row breaks one thing, and every later one --- */

static const char *const order[] = { "refused_authz", "invalid", "stale", "late_opinion",
	"refused_policy", "accepted" };

/* Breaks everything from verdict number `from` on, sends, and says the verdict. */
static const char *broken_from(struct fixture *f, size_t from)
{
	struct decision *d;

	fixture_call(f, QUEUE_LOAD, NULL, NULL, NULL, "{'queues':[{'queue':'intents',"
	             "'title':'Intents','kind':'classification','labels':['card lost','card late',"
	             "'refund']}]}");
	free(fixture_message(f, "m-1"));
	d = prepare(f, &f->ann, "intents", OUTCOME_REJECT);
	if (from <= 4) {       /* a note is wanted now */
		fixture_call(f, QUEUE_LOAD, NULL, NULL, NULL, "{'queues':[{'queue':'intents',"
		             "'title':'Intents','kind':'classification','require':{'note':true},"
		             "'labels':['card lost','card late','refund']}]}");
	}
	if (from <= 3) {       /* the lease went to somebody else */
		fixture_now_ms += 901 * 1000;
		fixture_lease(f, &f->ben, "intents", 1);
	}
	if (from <= 2)         /* the person saw something else */
		memset(d->shown + 10, 'e', 20);
	if (from <= 1)         /* not in form */
		decision_set_field(d, "label", FIELD_CANNOT_TELL, NULL), d->outcome = OUTCOME_APPROVE;
	if (from <= 0)         /* no role */
		fixture_call(f, QUEUE_TOKEN_REVOKE, NULL, NULL, NULL, "{'name':'reviewer-1'}");
	fixture_decide(f, &f->ann, d);
	decision_free(d);
	return fixture_text(f, "/results/0/verdict");
}

static void test_verdicts_are_judged_in_order(void **state)
{
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		struct fixture *f;

		assert_int_equal(fixture_setup((void **)&f), 0);
		assert_string_equal(broken_from(f, i), order[i]);
		fixture_teardown((void **)&f);
	}
	(void)state;
}

static void test_form_names_the_place(void **state)
{
	struct fixture *f = *state;
	char *a = fixture_receipt(f, "a", "0.41"), *b = fixture_receipt(f, "b", "0.41");

	assert_string_equal(fixture_answer(f, &f->ann, "receipts", "a", OUTCOME_CORRECT,
	                                   "{'company':'ACME LTD','date':'2026-01-02','total':'x'}"),
	                    "invalid");
	assert_string_equal(fixture_text(f, "/results/0/pointers/0/pointer"), "/content/value/total");
	assert_true(strlen(fixture_text(f, "/results/0/pointers/0/text")) > 3);
	/* The lease stands: the next try is judged anew. */
	assert_string_equal(fixture_answer(f, &f->ann, "receipts", "a", OUTCOME_CORRECT, good),
	                    "accepted");
	assert_string_equal(fixture_state(f, b), "waiting");
	free(a);
	free(b);
}

static void test_cannot_tell(void **state)
{
	struct fixture *f = *state;
	char *a = fixture_receipt(f, "a", "0.41");
	struct decision *d = prepare(f, &f->ann, "receipts", OUTCOME_APPROVE);

	/* A required field allows only escalate and return. */
	decision_set_field(d, "date", FIELD_CANNOT_TELL, "unreadable");
	assert_string_equal(fixture_decide(f, &f->ann, d), "invalid");
	assert_string_equal(fixture_text(f, "/results/0/pointers/0/pointer"), "/fields/date");
	decision_free(d);
	/* An optional one leaves as null and changes nothing. */
	free(fixture_submit(f, "{'external_id':'b','queue':'receipts','kind':'extraction',"
		"'model':{'name':'p','version':'1'},'safety_class':'assistive','sources':[],'proposed':"
		"{'fields':{'company':{'value':'ACME'},'date':{'value':'2026-01-02'},'address':{"
		"'value':'1 High St'},'total':{'value':'9.00'}}}}"));
	fixture_lease(f, &f->ben, "receipts", 1);
	d = prepare(f, &f->ben, "receipts", OUTCOME_APPROVE);
	decision_set_field(d, "address", FIELD_CANNOT_TELL, "unreadable");
	assert_string_equal(fixture_decide(f, &f->ben, d), "accepted");
	decision_free(d);
	fixture_call(f, QUEUE_RESULTS, &f->producer, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/results"), 1);
	assert_string_equal(fixture_text(f, "/results/0/result/state"), "approved");
	assert_false(value_bool_or(value_find_pointer(f->last, "/results/0/result"), "changed", true));
	assert_true(value_is(value_find_pointer(f->last, "/results/0/result/value/address"),
	                     VALUE_NULL));
	free(a);
}

static void test_what_breaks_the_schema_cannot_be_approved(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_submit(f, "{'external_id':'bad','queue':'receipts','kind':'extraction',"
		"'model':{'name':'p','version':'1'},'safety_class':'assistive','sources':[],'proposed':"
		"{'fields':{'company':{'value':'ACME'},'date':{'value':'2026-01-02'},'total':{"
		"'value':'nine'}}}}");

	assert_string_equal(fixture_answer(f, &f->ann, "receipts", "bad", OUTCOME_APPROVE, NULL),
	                    "invalid");
	assert_string_equal(fixture_state(f, id), "waiting");
	free(id);
}

static void test_late_decisions(void **state)
{
	struct fixture *f = *state;
	char *a = fixture_receipt(f, "a", "0.41");
	struct decision *d = prepare(f, &f->ann, "receipts", OUTCOME_APPROVE);

	/* Nobody took it meanwhile: it counts, and says that it was late. */
	fixture_now_ms += (int64_t)5 * 3600 * 1000;
	assert_int_equal(queue_tick(f->queue, &(int64_t){ 0 }, NULL), 0);
	assert_string_equal(fixture_decide(f, &f->ann, d), "accepted");
	assert_true(value_bool_or(value_find_pointer(f->last, "/results/0"), "late", false));
	decision_free(d);
	free(a);
	/* Somebody has it: kept as an opinion, never overrules. */
	a = fixture_receipt(f, "b", "0.41");
	d = prepare(f, &f->ann, "receipts", OUTCOME_REJECT);
	fixture_now_ms += 901 * 1000;
	assert_int_equal(fixture_lease(f, &f->ben, "receipts", 1), 1);
	assert_string_equal(fixture_decide(f, &f->ann, d), "late_opinion");
	assert_string_equal(fixture_state(f, a), "waiting");
	assert_string_equal(fixture_answer(f, &f->ben, "receipts", "b", OUTCOME_APPROVE, NULL),
	                    "accepted");
	assert_string_equal(fixture_state(f, a), "approved");
	/* Both are feedback. */
	assert_true(fixture_sql(f, "SELECT count(*) FROM feedback WHERE row LIKE '%late_opinion%'") > 0);
	decision_free(d);
	free(a);
}

static void test_a_token_is_its_holders(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_message(f, "m-1");
	struct decision *d = prepare(f, &f->ann, "intents", OUTCOME_APPROVE);

	memcpy(d->device, f->ben.device, ID_SIZE);
	assert_string_equal(fixture_decide(f, &f->ben, d), "late_opinion");
	assert_string_equal(fixture_state(f, id), "waiting");
	decision_free(d);
	free(id);
}

static void test_a_revision_makes_decisions_stale(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_message(f, "m-1"), event[ID_SIZE];
	struct decision *d = prepare(f, &f->ann, "intents", OUTCOME_APPROVE);

	id_new(event);
	fixture_callf(f, QUEUE_REVISE, &f->producer, id, NULL, "{'id':'%s','body':{"
		"'external_id':'m-1','queue':'intents','kind':'classification','model':{'name':'x',"
		"'version':'2'},'safety_class':'assistive','sources':[],'proposed':{'label':'refund'}}}",
		event);
	assert_int_equal(f->status, 200);
	assert_int_equal(fixture_int(f, "/revision"), 2);
	assert_string_equal(fixture_decide(f, &f->ann, d), "stale");
	/* Upward only. */
	id_new(event);
	fixture_callf(f, QUEUE_REVISE, &f->producer, id, NULL, "{'id':'%s','body':{"
		"'external_id':'m-1','queue':'intents','kind':'classification','model':{'name':'x',"
		"'version':'2'},'safety_class':'informational','sources':[],"
		"'proposed':{'label':'refund'}}}", event);
	assert_int_equal(f->status, 422);
	assert_string_equal(fixture_text(f, "/pointer"), "/body/safety_class");
	assert_string_equal(fixture_answer(f, &f->ann, "intents", "m-1", OUTCOME_APPROVE, NULL),
	                    "accepted");
	assert_string_equal(fixture_state(f, id), "approved");
	assert_string_equal(fixture_text(f, "/result/value/label"), "refund");
	/* After a result there is no revising. */
	id_new(event);
	fixture_callf(f, QUEUE_REVISE, &f->producer, id, NULL, "{'id':'%s','body':{"
		"'external_id':'m-1','queue':'intents','kind':'classification','model':{'name':'x',"
		"'version':'3'},'safety_class':'assistive','sources':[],'proposed':{'label':'refund'}}}",
		event);
	assert_int_equal(f->status, 409);
	decision_free(d);
	free(id);
}

static void test_withdrawing_makes_decisions_stale(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_message(f, "m-1"), event[ID_SIZE];
	struct decision *d = prepare(f, &f->ann, "intents", OUTCOME_APPROVE);

	id_new(event);
	fixture_callf(f, QUEUE_WITHDRAW, &f->other_producer, id, NULL, "{'id':'%s'}", event);
	assert_int_equal(f->status, 404);
	fixture_callf(f, QUEUE_WITHDRAW, &f->producer, id, NULL, "{'id':'%s','reason':'sent twice'}",
	              event);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/state"), "withdrawn");
	assert_string_equal(fixture_text(f, "/result/message"), "sent twice");
	fixture_callf(f, QUEUE_WITHDRAW, &f->producer, id, NULL, "{'id':'%s','reason':'sent twice'}",
	              event);
	assert_int_equal(f->status, 200);
	assert_true(value_bool_or(f->last, "replayed", false));
	assert_string_equal(fixture_decide(f, &f->ann, d), "stale");
	assert_string_equal(fixture_state(f, id), "withdrawn");
	decision_free(d);
	free(id);
}

static void test_own_answer_of_a_blind_review(void **state)
{
	struct fixture *f = *state;
	struct value *lease, *own = value_new_object();
	char salt[SALT_TEXT_SIZE], digest[HASH_TEXT_SIZE];
	struct decision *d;

	free(fixture_submit(f, "{'external_id':'b-1','queue':'blind','kind':'classification',"
		"'model':{'name':'x','version':'1'},'safety_class':'assistive','sources':[],"
		"'proposed':{'label':'card late'}}"));
	d = prepare(f, &f->ann, "blind", OUTCOME_APPROVE);
	/* Nobody approves what they have not seen. */
	assert_string_equal(fixture_decide(f, &f->ann, d), "refused_policy");
	decision_free(d);
	fixture_lease(f, &f->ann, "blind", 1);
	lease = value_copy(value_find_pointer(f->last, "/leases/0"));
	value_set_string(own, "label", "refund");
	hash_new_salt(salt);
	assert_true(digest_own(salt, own, digest));
	fixture_callf(f, QUEUE_REVEAL, &f->ann, value_text(lease, "review"), NULL,
	              "{'token':'%s','own':'%s','content':{'salt':'%s','value':{'label':'refund'}}}",
	              value_text(lease, "token"), digest, salt);
	assert_int_equal(f->status, 200);
	value_free(lease);
	lease = value_copy(f->last);
	d = fixture_decision(&f->ann, lease, OUTCOME_APPROVE);
	assert_string_equal(fixture_decide(f, &f->ann, d), "invalid");
	assert_string_equal(fixture_text(f, "/results/0/pointers/0/pointer"), "/blind");
	decision_free(d);
	d = fixture_decision(&f->ann, lease, OUTCOME_APPROVE);
	d->blind = mem_strdup(digest);
	assert_string_equal(fixture_decide(f, &f->ann, d), "accepted");
	decision_free(d);
	value_free(lease);
	value_free(own);
}

static void test_malformed_items_do_not_block_their_neighbours(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_message(f, "m-1"), other[ID_SIZE];
	struct decision *d = prepare(f, &f->ann, "intents", OUTCOME_APPROVE);
	char *body = fixture_decision_body(d), *list = strchr(body, '[');

	id_new(other);
	fixture_callf(f, QUEUE_DECISIONS, &f->ann, NULL, NULL,
	              "{'decisions':[{'id':'nonsense'},{'id':'%s','outcome':'perhaps'},%.*s]}", other,
	              (int)(strlen(list) - 3), list + 1);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/results/0/verdict"), "invalid");
	assert_string_equal(fixture_text(f, "/results/1/verdict"), "invalid");
	assert_string_equal(fixture_text(f, "/results/2/verdict"), "accepted");
	/* An item with an id is final, also so. */
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM decision"), 2);
	decision_free(d);
	free(body);
	free(id);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_approve_and_correct),
		TEST(test_the_same_offer_again_gives_the_same_answer),
		TEST(test_a_refused_id_stays_refused),
		TEST(test_devices_that_fork),
		cmocka_unit_test(test_verdicts_are_judged_in_order),
		TEST(test_form_names_the_place),
		TEST(test_cannot_tell),
		TEST(test_what_breaks_the_schema_cannot_be_approved),
		TEST(test_late_decisions),
		TEST(test_a_token_is_its_holders),
		TEST(test_a_revision_makes_decisions_stale),
		TEST(test_withdrawing_makes_decisions_stale),
		TEST(test_own_answer_of_a_blind_review),
		TEST(test_malformed_items_do_not_block_their_neighbours),
	};

	return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
