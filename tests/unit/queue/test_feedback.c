/* SPDX-License-Identifier: Apache-2.0
 *
 * Feedback rows, written out by hand after data/feedback.md.
 */
#include "fixture.h"

#include "base/clock.h"
#include "wire/jcs.h"

/* Row i of the last feedback answer, without what differs from run to run. */
static char *row(const struct fixture *f, size_t i)
{
	static const char *const passing[] = { "proposal", "decision", "decided_at", "policy", "guide" };
	struct value *v = value_copy(value_at(value_find(f->last, "rows"), i));
	struct buf b = BUF_INIT;

	for (size_t k = 0; k < sizeof passing / sizeof *passing; k++) {
		assert_non_null(value_find(v, passing[k]));
		value_remove(v, passing[k]);
	}
	json_text(v, &b);
	value_free(v);
	return buf_take(&b);
}

static void expect(const struct fixture *f, size_t i, const char *wanted)
{
	char *text = fixture_quotes(wanted), *got = row(f, i);

	assert_string_equal(got, text);
	free(text);
	free(got);
}

#define HEAD(n, item, stage, outcome) "{'n':" n ",'queue':'receipts','external_id':'" item \
	"','revision':1,'kind':'extraction','stage':'" stage "','outcome':'" outcome "'," \
	"'verdict':'accepted',"
#define TAIL ",'model':'parser','model_version':'2','route':'review','probability':'1'," \
	"'checked_against':['p1']}"

static struct decision *decision_on(struct fixture *f, struct person *p, const char *item,
                                    enum outcome outcome)
{
	struct value *lease;
	struct decision *d;

	fixture_lease(f, p, "receipts", 20);
	lease = fixture_find_lease(f, item);
	assert_non_null(lease);
	d = fixture_decision(p, lease, outcome);
	decision_add_checked(d, "p1");
	value_free(lease);
	return d;
}

static void send(struct fixture *f, struct person *p, struct decision *d)
{
	assert_string_equal(fixture_decide(f, p, d), "accepted");
	decision_free(d);
	fixture_call(f, QUEUE_FEEDBACK, &f->lead, NULL, "{'queue':'receipts'}", NULL);
	assert_int_equal(f->status, 200);
}

static void test_approving_confirms_what_was_asked(void **state)
{
	struct fixture *f = *state;

	free(fixture_receipt(f, "a", "0.41"));
	send(f, &f->ann, decision_on(f, &f->ann, "a", OUTCOME_APPROVE));
	assert_int_equal(fixture_count(f, "/rows"), 4);
	expect(f, 0, HEAD("1", "a", "first", "approve") "'field':'address','state':'not_asked',"
	       "'reason':null,'proposed':null,'value':null,'confidence':0.3,'evidence':null" TAIL);
	expect(f, 1, HEAD("2", "a", "first", "approve") "'field':'company','state':'not_asked',"
	       "'reason':null,'proposed':'ACME LTD','value':'ACME LTD','confidence':0.95,"
	       "'evidence':[{'source':'p1','start':0,'end':8}]" TAIL);
	expect(f, 2, HEAD("3", "a", "first", "approve") "'field':'date','state':'not_asked',"
	       "'reason':null,'proposed':'2026-01-02','value':'2026-01-02','confidence':0.9,"
	       "'evidence':null" TAIL);
	expect(f, 3, HEAD("4", "a", "first", "approve") "'field':'total','state':'confirmed',"
	       "'reason':null,'proposed':'9.00','value':'9.00','confidence':0.41,'evidence':null" TAIL);
}

static void test_correcting(void **state)
{
	struct fixture *f = *state;
	struct decision *d;
	char *value = fixture_quotes("{'company':'ACME LTD','date':'2026-01-02','address':null,"
	                             "'total':'8.49'}");

	free(fixture_receipt(f, "a", "0.41"));
	d = decision_on(f, &f->ann, "a", OUTCOME_CORRECT);
	assert_int_equal(json_parse(value, strlen(value), NULL, &d->value, NULL), 0);
	decision_set_field(d, "address", FIELD_CANNOT_TELL, "unreadable");
	decision_set_field(d, "date", FIELD_CONFIRMED, NULL);
	send(f, &f->ann, d);
	assert_int_equal(fixture_count(f, "/rows"), 4);
	expect(f, 0, HEAD("1", "a", "first", "correct") "'field':'address','state':'cannot_tell',"
	       "'reason':'unreadable','proposed':null,'value':null,'confidence':0.3,"
	       "'evidence':null" TAIL);
	expect(f, 1, HEAD("2", "a", "first", "correct") "'field':'company','state':'not_asked',"
	       "'reason':null,'proposed':'ACME LTD','value':'ACME LTD','confidence':0.95,"
	       "'evidence':[{'source':'p1','start':0,'end':8}]" TAIL);
	expect(f, 2, HEAD("3", "a", "first", "correct") "'field':'date','state':'confirmed',"
	       "'reason':null,'proposed':'2026-01-02','value':'2026-01-02','confidence':0.9,"
	       "'evidence':null" TAIL);
	/* Nothing was said of it, and it differs. */
	expect(f, 3, HEAD("4", "a", "first", "correct") "'field':'total','state':'corrected',"
	       "'reason':null,'proposed':'9.00','value':'8.49','confidence':0.41,'evidence':null" TAIL);
	free(value);
}

static void test_rejecting_says_why(void **state)
{
	struct fixture *f = *state;
	struct decision *d;

	free(fixture_receipt(f, "a", "0.41"));
	d = decision_on(f, &f->ann, "a", OUTCOME_REJECT);
	decision_set_field(d, "total", FIELD_CANNOT_TELL, "unreadable");
	decision_set_field(d, "company", FIELD_CONFIRMED, NULL);
	decision_set_field(d, "date", FIELD_NOT_ASKED, NULL);
	send(f, &f->ann, d);
	assert_int_equal(fixture_count(f, "/rows"), 3);
	expect(f, 0, HEAD("1", "a", "first", "reject") "'field':null,'state':'rejected',"
	       "'reason':'unsure','proposed':null,'value':null,'confidence':null,'evidence':null" TAIL);
	expect(f, 1, HEAD("2", "a", "first", "reject") "'field':'company','state':'confirmed',"
	       "'reason':null,'proposed':'ACME LTD','value':'ACME LTD','confidence':0.95,"
	       "'evidence':[{'source':'p1','start':0,'end':8}]" TAIL);
	expect(f, 2, HEAD("3", "a", "first", "reject") "'field':'total','state':'cannot_tell',"
	       "'reason':'unreadable','proposed':'9.00','value':null,'confidence':0.41,"
	       "'evidence':null" TAIL);
	free(fixture_receipt(f, "b", "0.41"));
	send(f, &f->ann, decision_on(f, &f->ann, "b", OUTCOME_ESCALATE));
	expect(f, 3, HEAD("4", "b", "first", "escalate") "'field':null,'state':'escalated',"
	       "'reason':'unsure','proposed':null,'value':null,'confidence':null,'evidence':null" TAIL);
}

static void test_labels_and_arguments(void **state)
{
	struct fixture *f = *state;

	free(fixture_message(f, "m"));
	free(fixture_action(f, "x", "bounded"));
	assert_string_equal(fixture_answer(f, &f->ann, "intents", "m", OUTCOME_CORRECT,
	                                   "{'label':'refund'}"), "accepted");
	assert_string_equal(fixture_answer(f, &f->ann, "agent", "x", OUTCOME_APPROVE, NULL),
	                    "accepted");
	fixture_call(f, QUEUE_FEEDBACK, &f->lead, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/rows"), 3);
	assert_string_equal(fixture_text(f, "/rows/0/field"), "label");
	assert_string_equal(fixture_text(f, "/rows/0/state"), "corrected");
	assert_string_equal(fixture_text(f, "/rows/0/proposed"), "card late");
	assert_string_equal(fixture_text(f, "/rows/0/value"), "refund");
	assert_string_equal(fixture_text(f, "/rows/1/field"), "fee");
	assert_int_equal(fixture_int(f, "/rows/1/value"), 5);
	assert_true(value_is(value_find_pointer(f->last, "/rows/1/confidence"), VALUE_NULL));
	assert_string_equal(fixture_text(f, "/rows/2/field"), "id");
}

static void test_pages_and_rights(void **state)
{
	struct fixture *f = *state;
	char query[80];
	size_t seen;

	free(fixture_receipt(f, "a", "0.41"));
	send(f, &f->ann, decision_on(f, &f->ann, "a", OUTCOME_APPROVE));
	fixture_call(f, QUEUE_FEEDBACK, &f->ann, NULL, NULL, NULL);
	assert_int_equal(f->status, 403);
	fixture_call(f, QUEUE_FEEDBACK, &f->lead, NULL, "{'limit':'3'}", NULL);
	seen = fixture_count(f, "/rows");
	assert_int_equal(seen, 3);
	assert_true(value_bool_or(f->last, "more", false));
	snprintf(query, sizeof query, "{'limit':'3','after':'%s'}", fixture_text(f, "/after"));
	fixture_call(f, QUEUE_FEEDBACK, &f->lead, NULL, query, NULL);
	assert_int_equal(fixture_count(f, "/rows"), 1);
	assert_false(value_bool_or(f->last, "more", true));
	assert_int_equal(fixture_int(f, "/rows/0/n"), 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_approving_confirms_what_was_asked),
		TEST(test_correcting),
		TEST(test_rejecting_says_why),
		TEST(test_labels_and_arguments),
		TEST(test_pages_and_rights),
	};

	return cmocka_run_group_tests_name("feedback", tests, NULL, NULL);
}
