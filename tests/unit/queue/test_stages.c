/* SPDX-License-Identifier: Apache-2.0
 *
 * Two people, escalations, amendments, samples, and handing answers over.
 */
#include "fixture.h"

#include "base/clock.h"
#include "stats/draw.h"

static size_t held(struct fixture *f, struct person *p, const char *queue, const char *external_id)
{
	struct value *lease;
	size_t found;

	fixture_lease(f, p, queue, 20);
	lease = fixture_find_lease(f, external_id);
	found = lease != NULL;
	value_free(lease);
	return found;
}

/* Lease now, decide later. */
static struct decision *hold(struct fixture *f, struct person *p, const char *queue,
                             const char *external_id, enum outcome outcome)
{
	struct value *lease;
	struct decision *d;

	fixture_lease(f, p, queue, 20);
	lease = fixture_find_lease(f, external_id);
	assert_non_null(lease);
	d = fixture_decision(p, lease, outcome);
	value_free(lease);
	return d;
}

static void expect(struct fixture *f, struct person *p, const char *external_id,
                   enum outcome outcome, const char *value, const char *state)
{
	assert_string_equal(fixture_answer(f, p, "agent", external_id, outcome, value), "accepted");
	assert_string_equal(fixture_text(f, "/results/0/state"), state);
}

static void test_two_people_who_agree(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_action(f, "a", "high_impact");

	fixture_lease(f, &f->ann, "agent", 1);
	assert_string_equal(fixture_text(f, "/leases/0/view"), "peer");
	expect(f, &f->ann, "a", OUTCOME_APPROVE, NULL, "second_wanted");
	/* Never the same person, and the other sees nothing of the first. */
	assert_int_equal(held(f, &f->ann, "agent", "a"), 0);
	fixture_lease(f, &f->ben, "agent", 1);
	assert_string_equal(fixture_text(f, "/leases/0/stage"), "second");
	assert_string_equal(fixture_text(f, "/leases/0/view"), "peer");
	assert_int_equal(fixture_count(f, "/leases/0/history"), 0);
	assert_null(strstr(f->text, "reviewer-1"));
	expect(f, &f->ben, "a", OUTCOME_APPROVE, NULL, "approved");
	assert_string_equal(fixture_state(f, id), "approved");
	assert_int_equal(fixture_int(f, "/result/value/arguments/fee"), 5);
	free(id);
}

static void test_two_people_who_differ(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_action(f, "a", "high_impact");

	expect(f, &f->ann, "a", OUTCOME_APPROVE, NULL, "second_wanted");
	expect(f, &f->ben, "a", OUTCOME_CORRECT, "{'arguments':{'id':'R1','fee':0}}", "escalated");
	assert_int_equal(held(f, &f->ann, "agent", "a"), 0);
	assert_int_equal(held(f, &f->lead, "agent", "a"), 0);
	/* The supervisor sees both. */
	fixture_lease(f, &f->boss, "agent", 1);
	assert_int_equal(fixture_count(f, "/leases/0/history"), 2);
	assert_string_equal(fixture_text(f, "/leases/0/history/0/by"), "reviewer-1");
	/* With one of them it is two people. */
	expect(f, &f->boss, "a", OUTCOME_CORRECT, "{'arguments':{'id':'R1','fee':0}}", "corrected");
	assert_string_equal(fixture_state(f, id), "corrected");
	assert_int_equal(fixture_int(f, "/result/value/arguments/fee"), 0);
	assert_non_null(strstr(fixture_text(f, "/result/edited"), "fee"));
	free(id);
}

static void test_a_supervisor_alone_is_not_two(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_action(f, "a", "high_impact");

	expect(f, &f->ann, "a", OUTCOME_ESCALATE, NULL, "escalated");
	expect(f, &f->boss, "a", OUTCOME_APPROVE, NULL, "second_wanted");
	/* Neither who escalated nor who resolved is the second. */
	assert_int_equal(held(f, &f->ann, "agent", "a"), 0);
	assert_int_equal(held(f, &f->boss, "agent", "a"), 0);
	expect(f, &f->ben, "a", OUTCOME_APPROVE, NULL, "approved");
	free(id);
}

static void test_nobody_decides_what_they_sent(void **state)
{
	struct fixture *f = *state;
	struct person both;

	fixture_person(f, &both, "shop", "supervisor", NULL);
	free(fixture_message(f, "m"));
	assert_int_equal(held(f, &both, "intents", "m"), 0);
	assert_int_equal(held(f, &f->boss, "intents", "m"), 1);
}

static void test_returned_to_the_reviewer(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_message(f, "m"), query[80];
	struct decision *d;

	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, NULL, NULL);
	snprintf(query, sizeof query, "{'after':'%s'}", fixture_text(f, "/cursor"));
	assert_string_equal(fixture_answer(f, &f->ann, "intents", "m", OUTCOME_ESCALATE, NULL),
	                    "accepted");
	d = hold(f, &f->boss, "intents", "m", OUTCOME_RETURN);
	d->route = mem_strdup("reviewer");
	d->note = mem_strdup("See the guide, section 2.");
	assert_string_equal(fixture_decide(f, &f->boss, d), "accepted");
	assert_string_equal(fixture_text(f, "/results/0/state"), "waiting");
	decision_free(d);
	/* The one who asked hears of it, and it is kept for them. */
	fixture_call(f, QUEUE_CHANGES, &f->ann, NULL, query, NULL);
	assert_non_null(strstr(f->text, "See the guide"));
	assert_int_equal(held(f, &f->ben, "intents", "m"), 0);
	assert_int_equal(held(f, &f->ann, "intents", "m"), 1);
	assert_string_equal(fixture_answer(f, &f->ann, "intents", "m", OUTCOME_APPROVE, NULL),
	                    "accepted");
	assert_string_equal(fixture_state(f, id), "approved");
	free(id);
}

static void test_returned_to_the_producer(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_message(f, "m"), event[ID_SIZE];

	assert_string_equal(fixture_answer(f, &f->ann, "intents", "m", OUTCOME_RETURN, NULL),
	                    "accepted");
	assert_string_equal(fixture_state(f, id), "returned");
	assert_string_equal(fixture_text(f, "/result/message"), "Please look again.");
	id_new(event);
	fixture_callf(f, QUEUE_REVISE, &f->producer, id, NULL, "{'id':'%s','body':{"
		"'external_id':'m','queue':'intents','kind':'classification','model':{'name':'x',"
		"'version':'2'},'safety_class':'assistive','sources':[],'proposed':{'label':'refund'}}}",
		event);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/state"), "waiting");
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, id, NULL, NULL);
	assert_true(value_is(value_find(f->last, "result"), VALUE_NULL));
	assert_int_equal(held(f, &f->ben, "intents", "m"), 0);
	assert_string_equal(fixture_answer(f, &f->ann, "intents", "m", OUTCOME_APPROVE, NULL),
	                    "accepted");
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, id, NULL, NULL);
	assert_int_equal(fixture_int(f, "/result/number"), 2);
	free(id);
}

/* --------------------------------------------------------------- amendments */

static struct decision *amend(struct person *p, const struct decision *old,
                              enum outcome outcome)
{
	struct value *lease = value_new_object();
	struct decision *d;

	value_set_string(lease, "review", old->review);
	value_set_int(lease, "revision", old->revision);
	value_set_string(lease, "token", old->token);
	value_set_string(lease, "shown", old->shown);
	value_set_string(lease, "policy", old->policy);
	value_set_string(lease, "guide", *old->guide ? old->guide : NULL);
	d = fixture_decision(p, lease, outcome);
	d->amends = mem_strdup(old->id);
	value_free(lease);
	return d;
}

static void test_a_change_of_mind(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_action(f, "a", "bounded");
	struct decision *first = hold(f, &f->ann, "agent", "a", OUTCOME_APPROVE), *d;

	assert_string_equal(fixture_decide(f, &f->ann, first), "accepted");
	/* Another person may not. */
	d = amend(&f->ben, first, OUTCOME_REJECT);
	assert_string_equal(fixture_decide(f, &f->ben, d), "too_late");
	decision_free(d);
	fixture_now_ms += (int64_t)3 * 3600 * 1000;
	d = amend(&f->ann, first, OUTCOME_REJECT);
	assert_string_equal(fixture_decide(f, &f->ann, d), "accepted");
	assert_string_equal(fixture_state(f, id), "rejected");
	assert_int_equal(fixture_int(f, "/result/number"), 2);
	/* Nobody had seen number 1: nothing was overturned. Now it was delivered. */
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE"
	                             " '%\"type\":\"overturned\"%'"), 0);
	/* Only the last one can be amended. */
	decision_free(first);
	first = d;
	d = amend(&f->ann, first, OUTCOME_APPROVE);
	assert_string_equal(fixture_decide(f, &f->ann, d), "accepted");
	assert_string_equal(fixture_state(f, id), "approved");
	assert_int_equal(fixture_int(f, "/result/number"), 3);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE"
	                             " '%\"type\":\"overturned\"%'"), 1);
	decision_free(d);
	d = amend(&f->ann, first, OUTCOME_REJECT);
	assert_string_equal(fixture_decide(f, &f->ann, d), "too_late");
	decision_free(d);
	decision_free(first);
	free(id);
}

static void test_no_change_after_a_later_stage(void **state)
{
	struct fixture *f = *state;
	struct decision *first, *d;

	free(fixture_action(f, "a", "high_impact"));
	first = hold(f, &f->ann, "agent", "a", OUTCOME_APPROVE);
	assert_string_equal(fixture_decide(f, &f->ann, first), "accepted");
	/* While nobody was second, the review of the second opens anew. */
	d = amend(&f->ann, first, OUTCOME_REJECT);
	assert_string_equal(fixture_decide(f, &f->ann, d), "accepted");
	assert_string_equal(fixture_text(f, "/results/0/state"), "second_wanted");
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM review WHERE state='open'"), 1);
	decision_free(first);
	first = d;
	expect(f, &f->ben, "a", OUTCOME_REJECT, NULL, "rejected");
	d = amend(&f->ann, first, OUTCOME_APPROVE);
	assert_string_equal(fixture_decide(f, &f->ann, d), "too_late");
	decision_free(d);
	decision_free(first);
}

/* ------------------------------------------------------------------ consuming */

static char *digest_of(struct fixture *f, const char *id)
{
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, id, NULL, NULL);
	return mem_strdup(fixture_text(f, "/result/digest"));
}

static void consume(struct fixture *f, const char *id, const char *release, const char *digest)
{
	fixture_callf(f, QUEUE_CONSUME, &f->producer, id, NULL, "{'id':'%s','digest':'%s'}", release,
	              digest);
}

static void test_an_answer_is_handed_over_once(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_action(f, "a", "bounded"), one[ID_SIZE], two[ID_SIZE], *digest, *other;
	struct decision *first, *d;

	id_new(one);
	id_new(two);
	consume(f, id, one, "sha256:00");
	assert_int_equal(f->status, 422);
	first = hold(f, &f->ann, "agent", "a", OUTCOME_APPROVE);
	assert_string_equal(fixture_decide(f, &f->ann, first), "accepted");
	digest = digest_of(f, id);
	other = mem_strdup(digest);
	other[10] = other[10] == '0' ? '1' : '0';
	consume(f, id, one, other);
	assert_string_equal(fixture_text(f, "/type"), "urn:countersign:problem:conflict");
	consume(f, id, one, digest);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/release"), one);
	assert_int_equal(fixture_int(f, "/result/value/arguments/fee"), 5);
	consume(f, id, one, digest);
	assert_int_equal(f->status, 200);
	assert_true(value_bool_or(f->last, "replayed", false));
	consume(f, id, two, digest);
	assert_string_equal(fixture_text(f, "/type"), "urn:countersign:problem:already_consumed");
	/* From now on no change of mind. */
	d = amend(&f->ann, first, OUTCOME_REJECT);
	assert_string_equal(fixture_decide(f, &f->ann, d), "too_late");
	fixture_callf(f, QUEUE_CONSUME, &f->other_producer, id, NULL,
	              "{'id':'%s','digest':'%s'}", two, digest);
	assert_int_equal(f->status, 404);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM release"), 1);
	decision_free(d);
	decision_free(first);
	free(digest);
	free(other);
	free(id);
}

static void test_an_answer_that_came_too_late_is_not_used(void **state)
{
	struct fixture *f = *state;
	char until[CLOCK_TEXT_SIZE], *id, *digest, *text, release[ID_SIZE];

	clock_text(fixture_now_ms + 600 * 1000, until);
	text = mem_printf("{'external_id':'a','queue':'agent','kind':'approval','expires_at':'%s',"
		"'model':{'name':'agent','version':'1'},'safety_class':'bounded','sources':[],"
		"'proposed':{'action':'cancel','arguments':{'id':'R1'},'reversibility':'none'}}", until);
	id = fixture_submit(f, text);
	assert_string_equal(fixture_answer(f, &f->ann, "agent", "a", OUTCOME_APPROVE, NULL),
	                    "accepted");
	digest = digest_of(f, id);
	fixture_now_ms += 601 * 1000;
	id_new(release);
	consume(f, id, release, digest);
	assert_string_equal(fixture_text(f, "/type"), "urn:countersign:problem:expired");
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM release"), 0);
	free(text);
	free(id);
	free(digest);
}

static void test_time_closes_or_suspends(void **state)
{
	struct fixture *f = *state;
	static const char *const classes[] = { "bounded", "high_impact" };
	char until[CLOCK_TEXT_SIZE], *id[2];
	struct decision *d;
	int64_t next;

	clock_text(fixture_now_ms + 600 * 1000, until);
	for (int i = 0; i < 2; i++) {
		char *text = mem_printf("{'external_id':'x%d','queue':'agent','kind':'approval',"
			"'expires_at':'%s','model':{'name':'agent','version':'1'},'safety_class':'%s',"
			"'sources':[],'proposed':{'action':'cancel','arguments':{'id':'R1'},"
			"'reversibility':'none'}}", i, until, classes[i]);

		id[i] = fixture_submit(f, text);
		free(text);
	}
	d = hold(f, &f->ann, "agent", "x0", OUTCOME_APPROVE);
	/* The lease does not outlive the proposal. */
	fixture_now_ms += 601 * 1000;
	assert_int_equal(queue_tick(f->queue, &next, NULL), 0);
	assert_string_equal(fixture_state(f, id[0]), "expired");
	assert_string_equal(fixture_state(f, id[1]), "suspended");
	assert_string_equal(fixture_decide(f, &f->ann, d), "late_opinion");
	decision_free(d);
	/* Out of suspension leads only a supervisor, and still two people. */
	assert_int_equal(held(f, &f->ben, "agent", "x1"), 0);
	expect(f, &f->boss, "x1", OUTCOME_APPROVE, NULL, "second_wanted");
	free(id[0]);
	free(id[1]);
}

static void test_expiry_is_judged_without_a_tick(void **state)
{
	struct fixture *f = *state;
	char until[CLOCK_TEXT_SIZE], *text, *id;
	struct decision *d;

	clock_text(fixture_now_ms + 60 * 1000, until);
	text = mem_printf("{'external_id':'m','queue':'intents','kind':'classification','model':{"
		"'name':'x','version':'1'},'safety_class':'assistive','sources':[],'expires_at':'%s',"
		"'proposed':{'label':'refund'}}", until);
	id = fixture_submit(f, text);
	d = hold(f, &f->ann, "intents", "m", OUTCOME_APPROVE);
	fixture_now_ms += 61 * 1000;
	assert_string_equal(fixture_decide(f, &f->ann, d), "late_opinion");
	assert_string_equal(fixture_state(f, id), "expired");
	decision_free(d);
	free(text);
	free(id);
}

/* -------------------------------------------------------------------- samples */

static void test_samples_are_drawn_with_their_probability(void **state)
{
	struct fixture *f = *state;
	int drawn = 0;
	char name[32];

	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "s-%d", i);
		free(fixture_receipt(f, name, "0.99"));
		assert_string_equal(fixture_text(f, "/state"), "auto_accepted");
	}
	drawn = (int)fixture_sql(f, "SELECT count(*) FROM review WHERE stage='sample'");
	/* One in a hundred: more than 20 of 300 would be one run in 10^10. */
	assert_in_range(drawn, 0, 20);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM review WHERE stage='sample'"
	                             " AND probability<>'0.01'"), 0);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM sample_key"), 1);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE"
	                             " '%\"type\":\"sampling\"%'"), 1);
	/* Every draw can be made again from the stored key. */
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE"
	                             " '%\"drawn\":true%'"), drawn);
}

static void test_a_sample_that_is_wrong_overturns(void **state)
{
	struct fixture *f = *state;
	char *id;

	fixture_call(f, QUEUE_LOAD, NULL, NULL, NULL, "{'queues':[{'queue':'receipts','title':"
		"'Receipts','kind':'extraction','class':'bounded','thresholds':{'*':'0.5'},"
		"'schema':{'type':'object'}}],'overlay':{'queues':[{'queue':'receipts',"
		"'limits':{'per_day':1000}}]}}");
	/* One in twenty is drawn: none of 400 would be one run in 10^8. */
	for (int i = 0; i < 400; i++) {
		char *text = mem_printf("{'external_id':'s-%d','queue':'receipts','kind':"
			"'extraction','model':{'name':'p','version':'1'},'safety_class':'bounded',"
			"'sources':[],'proposed':{'fields':{'total':{'value':'9.00','confidence':0.9}}}}",
			i);

		id = fixture_submit(f, text);
		free(text);
		assert_string_equal(fixture_text(f, "/state"), "auto_accepted");
		fixture_lease(f, &f->lead, "receipts", 1);
		if (fixture_count(f, "/leases") == 1)
			break;
		free(id);
		assert_int_not_equal(i, 399);
	}
	assert_string_equal(fixture_text(f, "/leases/0/stage"), "sample");
	assert_int_equal(held(f, &f->ann, "receipts", fixture_text(f,
	                 "/leases/0/proposal/external_id")), 0);
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, id, NULL, NULL);
	{
		char *name = mem_strdup(fixture_text(f, "/external_id"));

		assert_string_equal(fixture_answer(f, &f->lead, "receipts", name, OUTCOME_CORRECT,
		                                   "{'total':'8.00'}"), "accepted");
		free(name);
	}
	/* What was delivered is not touched; the producer is told. */
	assert_string_equal(fixture_text(f, "/results/0/state"), "auto_accepted");
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, id, NULL, NULL);
	assert_string_equal(fixture_text(f, "/state"), "auto_accepted");
	assert_int_equal(fixture_int(f, "/result/number"), 2);
	assert_string_equal(fixture_text(f, "/result/state"), "corrected");
	assert_string_equal(fixture_text(f, "/result/value/total"), "8.00");
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE"
	                             " '%\"type\":\"overturned\"%'"), 1);
	free(id);
}

static void test_results_feed(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_message(f, "m"), query[80];

	fixture_call(f, QUEUE_RESULTS, &f->producer, NULL, "{'wait':'5'}", NULL);
	assert_true(f->waits);
	assert_string_equal(fixture_answer(f, &f->ann, "intents", "m", OUTCOME_REJECT, NULL),
	                    "accepted");
	fixture_call(f, QUEUE_RESULTS, &f->other_producer, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/results"), 0);
	fixture_call(f, QUEUE_RESULTS, &f->producer, NULL, "{'wait':'5'}", NULL);
	assert_false(f->waits);
	assert_string_equal(fixture_text(f, "/results/0/id"), id);
	assert_string_equal(fixture_text(f, "/results/0/result/state"), "rejected");
	snprintf(query, sizeof query, "{'after':'%s'}", fixture_text(f, "/cursor"));
	fixture_call(f, QUEUE_RESULTS, &f->producer, NULL, query, NULL);
	assert_int_equal(fixture_count(f, "/results"), 0);
	free(id);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_two_people_who_agree),
		TEST(test_two_people_who_differ),
		TEST(test_a_supervisor_alone_is_not_two),
		TEST(test_nobody_decides_what_they_sent),
		TEST(test_returned_to_the_reviewer),
		TEST(test_returned_to_the_producer),
		TEST(test_a_change_of_mind),
		TEST(test_no_change_after_a_later_stage),
		TEST(test_an_answer_is_handed_over_once),
		TEST(test_an_answer_that_came_too_late_is_not_used),
		TEST(test_time_closes_or_suspends),
		TEST(test_expiry_is_judged_without_a_tick),
		TEST(test_samples_are_drawn_with_their_probability),
		TEST(test_a_sample_that_is_wrong_overturns),
		TEST(test_results_feed),
	};

	return cmocka_run_group_tests_name("stages", tests, NULL, NULL);
}
