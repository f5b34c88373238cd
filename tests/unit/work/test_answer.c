/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "unit/work/fixture.h"

static int set_up(void **state)
{
	(void)state;
	desk_begin(true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_end();
	return 0;
}

static struct review *item(const char *queue, const char *proposal, const char *lease)
{
	static int n = 100;

	desk_item(queue, ++n, proposal, lease);
	return desk_open(n);
}

static struct decision *answer(enum outcome outcome, const char *value)
{
	struct decision *d = decision_new();

	d->outcome = outcome;
	d->value = value ? desk_tree(value) : NULL;
	return d;
}

/* "name:state" of every field, in order. */
static const char *states(const struct review *r, struct decision *d)
{
	static struct buf text = BUF_INIT;

	answer_complete(r, d);
	buf_reset(&text);
	for (size_t i = 0; i < d->field_count; i++)
		buf_addf(&text, "%s%s:%s", i ? " " : "", d->fields[i].name,
		         field_state_name(d->fields[i].state));
	return buf_str(&text);
}

#define UNCHANGED "'company':'Acme','date':'23/03/2018','address':null"

static void test_states_of_an_extraction(void **state)
{
	struct review *asked = item("receipts", NULL, "{'asked':['total','date']}");
	struct review *all = item("receipts", NULL, NULL);
	struct decision *d = answer(OUTCOME_APPROVE, NULL);

	(void)state;
	assert_string_equal(states(asked, d), "company:not_asked date:confirmed address:not_asked "
	                    "total:confirmed");
	decision_free(d);
	d = answer(OUTCOME_APPROVE, NULL);
	decision_set_field(d, "company", FIELD_CONFIRMED, NULL);
	assert_string_equal(states(asked, d), "company:confirmed date:confirmed address:not_asked "
	                    "total:confirmed");
	decision_free(d);
	d = answer(OUTCOME_APPROVE, NULL);
	assert_string_equal(states(all, d), "company:confirmed date:confirmed address:confirmed "
	                    "total:confirmed");
	decision_free(d);
	d = answer(OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}");
	assert_string_equal(states(asked, d), "company:not_asked date:confirmed address:not_asked "
	                    "total:corrected");
	decision_free(d);
	/* A departure is a correction whatever was ticked before. */
	d = answer(OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}");
	decision_set_field(d, "total", FIELD_CONFIRMED, NULL);
	decision_set_field(d, "company", FIELD_CORRECTED, "misread");
	assert_string_equal(states(asked, d), "total:corrected company:not_asked date:confirmed "
	                    "address:not_asked");
	decision_free(d);
	/* A field the proposal had not: null is no departure. */
	d = answer(OUTCOME_CORRECT, "{" UNCHANGED ",'total':'101.75','count':3}");
	assert_string_equal(states(asked, d), "company:not_asked date:confirmed address:not_asked "
	                    "total:confirmed count:corrected");
	decision_free(d);
	d = answer(OUTCOME_CORRECT, "{" UNCHANGED ",'total':'101.75','count':null}");
	assert_string_equal(states(asked, d), "company:not_asked date:confirmed address:not_asked "
	                    "total:confirmed count:not_asked");
	decision_free(d);
	d = answer(OUTCOME_REJECT, NULL);
	assert_string_equal(states(asked, d), "");
	decision_free(d);
	review_free(asked);
	review_free(all);
}

static void test_cannot_tell_leaves_as_null(void **state)
{
	struct review *r = item("receipts", "{'proposed':{'fields':{'company':{'value':'Acme'},"
	                        "'date':{'value':'23/03/2018'},'address':{'value':'Road 3'},"
	                        "'total':{'value':'101.75'}}}}", NULL);
	struct decision *d = answer(OUTCOME_CORRECT, "{'company':'Acme','date':'23/03/2018',"
	                            "'address':'Road 3','total':'101.75'}");

	(void)state;
	decision_set_field(d, "address", FIELD_CANNOT_TELL, "unreadable");
	assert_string_equal(states(r, d), "address:cannot_tell company:confirmed date:confirmed "
	                    "total:confirmed");
	assert_true(value_is(value_find(d->value, "address"), VALUE_NULL));
	assert_string_equal(decision_find_field(d, "address")->reason, "unreadable");
	decision_free(d);
	review_free(r);
}

static void test_states_of_the_other_kinds(void **state)
{
	struct review *c = item("intents", NULL, NULL), *a = item("agent", NULL, NULL);
	struct decision *d = answer(OUTCOME_APPROVE, NULL);

	(void)state;
	assert_string_equal(states(c, d), "label:confirmed");
	decision_free(d);
	d = answer(OUTCOME_CORRECT, "{'label':'new_card'}");
	assert_string_equal(states(c, d), "label:corrected");
	decision_free(d);
	d = answer(OUTCOME_CORRECT, "{'label':'lost_card'}");
	assert_string_equal(states(c, d), "label:confirmed");
	decision_free(d);
	d = answer(OUTCOME_CORRECT, "{'arguments':{'reservation_id':'M05KNL','refund':false}}");
	assert_string_equal(states(a, d), "reservation_id:confirmed refund:corrected");
	decision_free(d);
	/* Leaving an argument out is a departure. */
	d = answer(OUTCOME_CORRECT, "{'arguments':{'reservation_id':'M05KNL'}}");
	assert_string_equal(states(a, d), "reservation_id:confirmed refund:corrected");
	decision_free(d);
	review_free(c);
	review_free(a);
}

static enum err_code check(const struct review *r, struct decision *d,
                           const struct work_seen *seen, const char *where)
{
	struct fit *fit;
	struct err err = ERR_INIT;
	int rc;

	ok(fit_new(r->definition, &fit, &fixture_err));
	answer_complete(r, d);
	rc = answer_check(r, fit, d, seen ? seen : &desk_seen, &err);
	fit_free(fit);
	assert_int_equal(err.code, rc);
	if (rc) {
		assert_non_null(err.msgid);
		if (where)
			assert_string_equal(err.where, where);
	}
	return rc ? err.code : ERR_NONE;
}

/* Checks an answer made of these parts and frees it. */
static enum err_code judge(const struct review *r, enum outcome outcome, const char *value,
                           const char *reason, const char *message)
{
	struct decision *d = answer(outcome, value);
	enum err_code code;

	if (reason)
		decision_add_reason(d, reason);
	d->message = mem_strdup(message);
	code = check(r, d, NULL, NULL);
	decision_free(d);
	return code;
}

static void test_reasons_and_messages(void **state)
{
	struct review *r = item("receipts", NULL, NULL);

	(void)state;
	assert_int_equal(judge(r, OUTCOME_APPROVE, NULL, NULL, NULL), ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_REJECT, NULL, NULL, NULL), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_REJECT, NULL, "unreadable", NULL), ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_REJECT, NULL, "torn", NULL), ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_REJECT, NULL, "unsure", NULL), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_ESCALATE, NULL, "unsure", NULL), ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_ESCALATE, NULL, NULL, NULL), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_RETURN, NULL, NULL, NULL), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_RETURN, NULL, NULL, " \n"), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_RETURN, NULL, NULL, "which page?"), ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_APPROVE, NULL, "misread", NULL), ERR_INVALID);
	review_free(r);
}

static void test_what_the_queue_requires(void **state)
{
	struct review *r = item("receipts", NULL, NULL);
	struct value *require = desk_tree("{'reason':['correct'],'message':true,'note':['reject'],"
	                                  "'diff':['correct']}");
	struct work_seen seen = desk_seen;
	struct decision *d;

	(void)state;
	r->definition->require = require;
	assert_int_equal(judge(r, OUTCOME_APPROVE, NULL, NULL, NULL), ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}", NULL, "m"),
	                 ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}", "misread", NULL),
	                 ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}", "misread", "m"),
	                 ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_REJECT, NULL, "torn", "m"), ERR_INVALID);
	d = answer(OUTCOME_REJECT, NULL);
	decision_add_reason(d, "torn");
	d->message = mem_strdup("m");
	d->note = mem_strdup("n");
	assert_int_equal(check(r, d, NULL, NULL), ERR_NONE);
	decision_free(d);
	seen.diff_shown = false;
	d = answer(OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}");
	decision_add_reason(d, "misread");
	d->message = mem_strdup("m");
	assert_int_equal(check(r, d, &seen, NULL), ERR_DENIED);
	decision_free(d);
	review_free(r);
	value_free(require);
}

static void test_values_fit_the_form(void **state)
{
	struct review *r = item("receipts", NULL, NULL);
	struct decision *d;

	(void)state;
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}", NULL, NULL),
	                 ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_CORRECT, NULL, NULL, NULL), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_APPROVE, "{}", NULL, NULL), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_REJECT, "{}", "torn", NULL), ERR_INVALID);
	d = answer(OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8,49'}");
	assert_int_equal(check(r, d, NULL, "/total"), ERR_INVALID);
	decision_free(d);
	d = answer(OUTCOME_CORRECT, "{'company':'Acme','date':null,'address':null,'total':'8.49'}");
	assert_int_equal(check(r, d, NULL, "/date"), ERR_INVALID);
	decision_free(d);
	/* Nothing departs: no forced corrections, and none for nothing. */
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{" UNCHANGED ",'total':'101.75'}", NULL, NULL),
	                 ERR_INVALID);
	review_free(r);
	r = item("intents", NULL, NULL);
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{'label':'new_card'}", NULL, NULL), ERR_NONE);
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{'label':'nonsense'}", NULL, NULL), ERR_INVALID);
	assert_int_equal(judge(r, OUTCOME_CORRECT, "{'label':'lost_card'}", NULL, NULL), ERR_INVALID);
	review_free(r);
}

static enum err_code tell(const struct review *r, enum outcome outcome, const char *value,
                          const char *field, const char *why, const char *reason)
{
	struct decision *d = answer(outcome, value);
	enum err_code code;

	decision_set_field(d, field, FIELD_CANNOT_TELL, why);
	if (reason)
		decision_add_reason(d, reason);
	if (outcome == OUTCOME_RETURN)
		d->message = mem_strdup("which?");
	code = check(r, d, NULL, NULL);
	decision_free(d);
	return code;
}

static void test_cannot_tell(void **state)
{
	struct review *r = item("receipts", NULL, NULL);

	(void)state;
	/* required: only escalate and return */
	assert_int_equal(tell(r, OUTCOME_APPROVE, NULL, "total", NULL, NULL), ERR_DENIED);
	assert_int_equal(tell(r, OUTCOME_CORRECT, "{" UNCHANGED ",'total':'8.49'}", "total", NULL,
	                      NULL), ERR_DENIED);
	assert_int_equal(tell(r, OUTCOME_REJECT, NULL, "total", NULL, "torn"), ERR_DENIED);
	assert_int_equal(tell(r, OUTCOME_ESCALATE, NULL, "total", NULL, "unsure"), ERR_NONE);
	assert_int_equal(tell(r, OUTCOME_RETURN, NULL, "total", "unreadable", NULL), ERR_NONE);
	assert_int_equal(tell(r, OUTCOME_RETURN, NULL, "total", "torn", NULL), ERR_INVALID);
	/* optional: a correction, also when nothing else departs */
	assert_int_equal(tell(r, OUTCOME_APPROVE, NULL, "address", NULL, NULL), ERR_INVALID);
	assert_int_equal(tell(r, OUTCOME_CORRECT, "{" UNCHANGED ",'total':'101.75'}", "address",
	                      "unreadable", NULL), ERR_NONE);
	review_free(r);
	r = item("intents", NULL, NULL);
	assert_int_equal(tell(r, OUTCOME_CORRECT, "{'label':'new_card'}", "label", NULL, NULL),
	                 ERR_DENIED);
	assert_int_equal(tell(r, OUTCOME_ESCALATE, NULL, "label", NULL, "unsure"), ERR_NONE);
	review_free(r);
	r = item("agent", NULL, NULL);
	assert_int_equal(tell(r, OUTCOME_REJECT, NULL, "reservation_id", NULL, "no_effect"),
	                 ERR_DENIED);
	assert_int_equal(tell(r, OUTCOME_REJECT, NULL, "refund", NULL, "no_effect"), ERR_NONE);
	review_free(r);
}

static void test_routes(void **state)
{
	struct review *r = item("receipts", NULL, NULL);
	struct review *e = item("receipts", NULL, "{'stage':'escalation'}");
	static const struct {
		enum outcome outcome;
		const char *route;
		bool escalation;
		enum err_code wanted;
	} rows[] = {
		{ OUTCOME_ESCALATE, "tax", false, ERR_NONE },
		{ OUTCOME_ESCALATE, "sales", false, ERR_INVALID },
		{ OUTCOME_RETURN, "reviewer", true, ERR_NONE },
		{ OUTCOME_RETURN, "reviewer", false, ERR_INVALID },
		{ OUTCOME_RETURN, "tax", true, ERR_INVALID },
		{ OUTCOME_REJECT, "tax", false, ERR_INVALID }
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct decision *d = answer(rows[i].outcome, NULL);

		decision_add_reason(d, rows[i].outcome == OUTCOME_ESCALATE ? "unsure"
		                       : rows[i].outcome == OUTCOME_REJECT ? "torn" : "question");
		d->message = mem_strdup("m");
		d->route = mem_strdup(rows[i].route);
		assert_int_equal(check(rows[i].escalation ? e : r, d, NULL, NULL), rows[i].wanted);
		decision_free(d);
	}
	review_free(r);
	review_free(e);
}

static void test_outcomes_that_are_not_open(void **state)
{
	struct review *r = item("receipts", NULL, "{'allowed':[{'outcome':'approve'},"
		"{'outcome':'correct'},{'outcome':'reject','why_not':'not at this stage'},"
		"{'outcome':'return'},{'outcome':'escalate'}]}");
	struct review *broken = item("receipts", "{'proposed':{'fields':{'company':{'value':'Acme'},"
		"'date':{'value':null},'total':{'value':'1.0'}}}}", NULL);
	struct review *blind = item("intents", "{'proposed':{}}", "{'view':'blind'}");
	struct decision *d;

	(void)state;
	assert_int_equal(judge(r, OUTCOME_REJECT, NULL, "torn", NULL), ERR_DENIED);
	/* What breaks the schema is not approvable, whatever the server allows. */
	d = answer(OUTCOME_APPROVE, NULL);
	assert_int_equal(check(broken, d, NULL, "/date"), ERR_DENIED);
	decision_free(d);
	assert_int_equal(judge(broken, OUTCOME_CORRECT, "{'company':'Acme','date':'23/03/2018',"
	                       "'total':'1.0'}", NULL, NULL), ERR_NONE);
	assert_int_equal(judge(blind, OUTCOME_APPROVE, NULL, NULL, NULL), ERR_DENIED);
	assert_int_equal(judge(blind, OUTCOME_CORRECT, "{'label':'new_card'}", NULL, NULL), ERR_DENIED);
	assert_int_equal(judge(blind, OUTCOME_REJECT, NULL, "unreadable", NULL), ERR_NONE);
	review_free(r);
	review_free(broken);
	review_free(blind);
}

static enum err_code seen_code(const struct review *r, enum outcome outcome, const char *value,
                               const char *reason, struct work_seen seen)
{
	struct decision *d = answer(outcome, value);
	enum err_code code;

	if (reason)
		decision_add_reason(d, reason);
	code = check(r, d, &seen, NULL);
	decision_free(d);
	return code;
}

static void test_what_must_have_been_seen(void **state)
{
	struct review *r = item("receipts", NULL, NULL), *a = item("agent", NULL, NULL);
	struct work_seen seen = desk_seen;
	const char *changed = "{'arguments':{'reservation_id':'M05KNL','refund':false}}";

	(void)state;
	seen.hidden = true;
	seen.hidden_revealed = false;
	assert_int_equal(seen_code(r, OUTCOME_APPROVE, NULL, NULL, seen), ERR_DENIED);
	assert_int_equal(seen_code(a, OUTCOME_CORRECT, changed, NULL, seen), ERR_DENIED);
	assert_int_equal(seen_code(r, OUTCOME_REJECT, NULL, "torn", seen), ERR_NONE);
	seen.hidden_revealed = true;
	assert_int_equal(seen_code(r, OUTCOME_APPROVE, NULL, NULL, seen), ERR_NONE);
	assert_int_equal(seen_code(a, OUTCOME_CORRECT, changed, NULL, seen), ERR_NONE);
	seen.arguments_shown = false;
	assert_int_equal(seen_code(a, OUTCOME_APPROVE, NULL, NULL, seen), ERR_DENIED);
	assert_int_equal(seen_code(a, OUTCOME_REJECT, NULL, "no_effect", seen), ERR_NONE);
	assert_int_equal(seen_code(r, OUTCOME_APPROVE, NULL, NULL, seen), ERR_NONE);
	review_free(r);
	review_free(a);
}

static void test_second_confirmation(void **state)
{
	struct review *t = item("transfers", NULL, NULL);
	struct review *no_amount = item("transfers", "{'proposed':{'action':'pay','arguments':{"
		"'to':'ACC-9'},'reversibility':'none'}}", NULL);
	struct review *amounts = item("transfers", "{'proposed':{'action':'pay','arguments':{"
		"'to':'ACC-9'},'effects':[{'kind':'payment','amount':'1.00'},"
		"{'kind':'fee','amount':'2.00'}]}}", NULL);
	struct review *label = item("intents", "{'safety_class':'high_impact'}", NULL);
	struct review *low = item("intents", NULL, NULL);
	struct decision *d = answer(OUTCOME_APPROVE, NULL);
	struct answer_confirmation c;
	struct work_seen seen = desk_seen;

	(void)state;
	answer_confirmation(t, d, &c);
	assert_int_equal(c.kind, ANSWER_CONFIRM_AMOUNT);
	assert_string_equal(c.text, "2544.00");
	answer_confirmation(no_amount, d, &c);
	assert_int_equal(c.kind, ANSWER_CONFIRM_ID);
	assert_string_equal(c.text, no_amount->proposal->external_id);
	answer_confirmation(amounts, d, &c);
	assert_int_equal(c.kind, ANSWER_CONFIRM_ID);
	answer_confirmation(label, d, &c);
	assert_int_equal(c.kind, ANSWER_CONFIRM_LABEL);
	assert_string_equal(c.text, "lost_card");
	answer_confirmation(low, d, &c);
	assert_int_equal(c.kind, ANSWER_CONFIRM_NONE);
	decision_free(d);
	d = answer(OUTCOME_CORRECT, "{'label':'new_card'}");
	answer_confirmation(label, d, &c);
	assert_string_equal(c.text, "new_card");
	decision_free(d);

	assert_int_equal(seen_code(t, OUTCOME_APPROVE, NULL, NULL, seen), ERR_DENIED);
	seen.confirmation = "2544";
	assert_int_equal(seen_code(t, OUTCOME_APPROVE, NULL, NULL, seen), ERR_DENIED);
	seen.confirmation = "";
	assert_int_equal(seen_code(t, OUTCOME_APPROVE, NULL, NULL, seen), ERR_DENIED);
	seen.confirmation = " 2544.00 ";
	assert_int_equal(seen_code(t, OUTCOME_APPROVE, NULL, NULL, seen), ERR_NONE);
	seen.confirmation = NULL;
	/* Nothing happens by these: no second confirmation. */
	assert_int_equal(seen_code(t, OUTCOME_REJECT, NULL, "must_not_happen", seen), ERR_NONE);
	/* A correction of a high-impact item is looked at side by side. */
	seen.confirmation = "2544.00";
	seen.diff_shown = false;
	assert_int_equal(seen_code(t, OUTCOME_CORRECT, "{'arguments':{'to':'ACC-9','amount':'1.00'}}",
	                           NULL, seen), ERR_DENIED);
	seen.diff_shown = true;
	assert_int_equal(seen_code(t, OUTCOME_CORRECT, "{'arguments':{'to':'ACC-9','amount':'1.00'}}",
	                           NULL, seen), ERR_NONE);
	review_free(t);
	review_free(no_amount);
	review_free(amounts);
	review_free(label);
	review_free(low);
}

static void assert_field(const struct review *r, const char *field, const char *text,
                         const char *json)
{
	struct err err = ERR_INIT;
	struct value *v;
	int rc = answer_field_value(r, field, text, &v, &err);

	if (!json) {
		assert_int_equal(rc, ERR_INVALID);
		assert_null(v);
		return;
	}
	assert_int_equal(rc, 0);
	assert_string_equal(desk_text(v), json);
	value_free(v);
}

static void test_values_from_text(void **state)
{
	struct review *r = item("receipts", NULL, NULL), *i = item("intents", NULL, NULL);
	struct value *v;

	(void)state;
	assert_field(r, "total", "8.49", "\"8.49\"");
	assert_field(r, "address", "", "null");
	assert_field(r, "count", "12", "12");
	assert_field(r, "count", "1.5", NULL);
	assert_field(r, "count", "twelve", NULL);
	assert_field(r, "count", "1 2", NULL);
	assert_field(r, "nowhere", "text", "\"text\"");
	ok(answer_label(i, "pin_blocked", &v, &fixture_err));
	assert_string_equal(desk_text(v), "{\"label\":\"pin_blocked\"}");
	value_free(v);
	assert_int_equal(answer_label(i, "nonsense", &v, NULL), ERR_INVALID);
	assert_int_equal(answer_label(i, "lost_card", &v, NULL), ERR_INVALID);
	v = answer_fields(r);
	assert_string_equal(desk_text(v), "{\"company\":\"Acme\",\"date\":\"23/03/2018\","
	                    "\"address\":null,\"total\":\"101.75\",\"count\":null}");
	value_free(v);
	review_free(r);
	review_free(i);
}

static void test_arguments_from_text(void **state)
{
	static const struct {
		const char *text, *where;
		int wanted;
	} rows[] = {
		{ "{\"reservation_id\":\"X9\"}", "/arguments/reservation_id", ERR_INVALID },
		{ "{\"refund\":true}", NULL, ERR_INVALID },
		{ "{\"reservation_id\":\"ABC\",\"more\":1}", NULL, ERR_INVALID },
		{ "[1]", NULL, ERR_INVALID },
		{ "{\"reservation_id\":\"ABC\",\"reservation_id\":\"DEF\"}", NULL, ERR_INVALID },
		{ "{\"reservation_id\":", NULL, ERR_INVALID },
		{ "{\"reservation_id\":\"ABC\"}", NULL, 0 }
	};
	struct review *r = item("agent", NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err err = ERR_INIT;
		struct value *v;

		assert_int_equal(answer_arguments(r, rows[i].text, strlen(rows[i].text), &v, &err),
		                 rows[i].wanted);
		if (rows[i].wanted)
			assert_true(err.code != ERR_NONE && err.where[0] | err.msgid[0]);
		else
			assert_string_equal(desk_text(v), "{\"arguments\":{\"reservation_id\":\"ABC\"}}");
		value_free(v);
	}
	review_free(r);
}

static void test_reasons(void **state)
{
	struct review *r = item("receipts", NULL, NULL);
	struct answer_reason *list;
	size_t count = answer_reasons(r, "reject", &list);

	(void)state;
	assert_true(count > 2);
	assert_string_equal(list[count - 1].name, "torn");
	assert_true(list[count - 1].own);
	assert_false(list[0].own);
	free(list);
	assert_int_equal(answer_reasons(r, "dance", &list), 0);
	assert_null(list);
	review_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_states_of_an_extraction, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cannot_tell_leaves_as_null, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_states_of_the_other_kinds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reasons_and_messages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_the_queue_requires, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values_fit_the_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cannot_tell, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_routes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_outcomes_that_are_not_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_must_have_been_seen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_second_confirmation, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values_from_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_arguments_from_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reasons, set_up, tear_down)
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
