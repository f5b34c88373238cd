/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "policy/policy.h"
#include "tree.h"

/* A policy of class assistive whose rules are given; nothing holds: accept. */
static struct policy *with_rules(const char *rules)
{
	struct buf text = BUF_INIT;
	struct err err = ERR_INIT;
	struct policy *p = NULL;
	struct value *doc;
	char words[400];

	buf_addf(&text, "{'version':1,'queue':'q','kind':'extraction','class':'assistive',"
	                "'rules':[%s],'default':'auto_accept'}", rules);
	doc = tree(buf_str(&text));
	if (policy_compile(doc, &p, &err) < 0)
		fail_msg("%s: %s", rules, err_words(&err, words, sizeof words));
	value_free(doc);
	buf_clear(&text);
	return p;
}

static struct policy *with_default(const char *route)
{
	struct value *doc = tree("{'version':1,'queue':'q','kind':'extraction',"
	                         "'class':'assistive'}");
	struct policy *p;

	value_set_string(doc, "default", route);
	assert_int_equal(policy_compile(doc, &p, NULL), 0);
	value_free(doc);
	return p;
}

static struct policy *with_tree(const char *condition)
{
	struct buf rule = BUF_INIT;
	struct policy *p;

	buf_addf(&rule, "{'id':'r','when':%s,'then':{'route':'review'}}", condition);
	p = with_rules(buf_str(&rule));
	buf_clear(&rule);
	return p;
}

/* The careful answers replaced by those of a harmless item. */
static struct policy_input fine(enum safety_class c)
{
	return (struct policy_input){ .safety_class = c, .schema_ok = true,
	                              .money = POLICY_NO_MONEY };
}

static void run_with(const struct policy *p, const char *proposal,
                     const struct policy_input *in, struct policy_verdict *out)
{
	struct value *doc = tree(proposal);

	policy_evaluate(p, doc, in, out);
	value_free(doc);
}

static void run(const struct policy *p, const char *proposal, struct policy_verdict *out)
{
	struct policy_input in = fine(CLASS_ASSISTIVE);

	run_with(p, proposal, &in, out);
}

/* The names asked, separated by blanks; "" for everything. */
static const char *asked(const struct policy_verdict *v)
{
	static char text[400];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < value_count(v->asks); i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i ? " " : "",
		                       value_str(value_at(v->asks, i)));
	return text;
}

static const char proposal[] =
	"{'external_id':'x-1','queue':'q','kind':'extraction','proposed':{'fields':{"
	"'total':{'value':'9.00','confidence':0.41},'company':{'value':'Alder Ltd',"
	"'confidence':0.97},'date':{'value':null},'a/b':{'value':1,'confidence':1},"
	"'free':{'value':''}}},'confidence':0.9,'flag':true,'count':3,'amount':'100.00',"
	"'signals':[{'name':'entropy','value':1.5},{'name':'margin','value':0.02}],"
	"'checks':[{'name':'vendor','result':'fail'},{'name':'sum','result':'pass'}]}";

/* --- operators -------------------------------------------------------------- */

static void test_operators(void **state)
{
	static const struct { const char *leaf, *result; } cases[] = {
		{ "'path':'/confidence','op':'lt','value':'0.91'", "true" },
		{ "'path':'/confidence','op':'lt','value':'0.9'", "false" },
		{ "'path':'/confidence','op':'lt','value':'0.90000'", "false" },
		{ "'path':'/count','op':'lt','value':4", "true" },
		{ "'path':'/amount','op':'lt','value':'100.01'", "true" },
		{ "'path':'/amount','op':'lt','value':'99.999'", "false" },
		{ "'path':'/none','op':'lt','value':'1'", "missing" },
		{ "'path':'/queue','op':'lt','value':'1'", "missing" },
		{ "'path':'/flag','op':'lt','value':'1'", "missing" },
		{ "'path':'/checks','op':'lt','value':'1'", "missing" },
		{ "'path':'/proposed/fields/date/value','op':'lt','value':'1'", "missing" },
		{ "'path':'/confidence','op':'le','value':'0.9'", "true" },
		{ "'path':'/confidence','op':'le','value':'0.899999999999999999'", "false" },
		{ "'path':'/none','op':'le','value':'1'", "missing" },
		{ "'path':'/confidence','op':'gt','value':'0.9'", "false" },
		{ "'path':'/confidence','op':'gt','value':'0.89'", "true" },
		{ "'path':'/amount','op':'gt','value':'99'", "true" },
		{ "'path':'/none','op':'gt','value':'1'", "missing" },
		{ "'path':'/confidence','op':'ge','value':'0.9'", "true" },
		{ "'path':'/confidence','op':'ge','value':'1e-1'", "true" },
		{ "'path':'/confidence','op':'ge','value':'0.91'", "false" },
		{ "'path':'/none','op':'ge','value':'1'", "missing" },
		{ "'path':'/queue','op':'eq','value':'q'", "true" },
		{ "'path':'/queue','op':'eq','value':'Q'", "false" },
		{ "'path':'/queue','op':'eq','value':7", "missing" },
		{ "'path':'/count','op':'eq','value':3", "true" },
		{ "'path':'/count','op':'eq','value':'3.0'", "true" },
		{ "'path':'/count','op':'eq','value':'x'", "missing" },
		{ "'path':'/confidence','op':'eq','value':'0.9'", "true" },
		{ "'path':'/flag','op':'eq','value':true", "true" },
		{ "'path':'/flag','op':'eq','value':false", "false" },
		{ "'path':'/flag','op':'eq','value':'true'", "missing" },
		{ "'path':'/amount','op':'eq','value':100", "true" },
		{ "'path':'/amount','op':'eq','value':'100'", "false" },
		{ "'path':'/none','op':'eq','value':'q'", "missing" },
		{ "'path':'/proposed/fields/free/value','op':'eq','value':''", "true" },
		{ "'path':'/queue','op':'ne','value':'q'", "false" },
		{ "'path':'/queue','op':'ne','value':'p'", "true" },
		{ "'path':'/none','op':'ne','value':'p'", "missing" },
		{ "'path':'/checks','op':'ne','value':'p'", "missing" },
		{ "'path':'/queue','op':'in','value':['p','q']", "true" },
		{ "'path':'/queue','op':'in','value':['p','r']", "false" },
		{ "'path':'/queue','op':'in','value':['p',7]", "missing" },
		{ "'path':'/queue','op':'in','value':['q',7]", "true" },
		{ "'path':'/none','op':'in','value':['q']", "missing" },
		{ "'path':'/queue','op':'exists'", "true" },
		{ "'path':'/none','op':'exists'", "false" },
		{ "'path':'/proposed/fields/date/value','op':'exists'", "false" },
		{ "'path':'/proposed/fields/a~1b/value','op':'exists'", "true" },
		{ "'path':'/queue','op':'missing'", "false" },
		{ "'path':'/none','op':'missing'", "true" },
		{ "'path':'/proposed/fields/date/value','op':'missing'", "true" },
		{ "'path':'/checks/1','op':'missing'", "false" },
		{ "'path':'/checks/2','op':'missing'", "true" },
		{ "'path':'/external_id','op':'matches','value':'^x-[0-9]$'", "true" },
		{ "'path':'/external_id','op':'matches','value':'^y'", "false" },
		{ "'path':'/count','op':'matches','value':'3'", "missing" },
		{ "'path':'/none','op':'matches','value':'3'", "missing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_verdict v;
		struct buf leaf = BUF_INIT;
		struct policy *p;
		const char *result;

		buf_addf(&leaf, "{%s,'title':'t'}", cases[i].leaf);
		p = with_tree(buf_str(&leaf));
		run(p, proposal, &v);
		result = value_text(value_at(v.reasons, 0), "result");
		if (strcmp(result, cases[i].result) != 0)
			fail_msg("%s: %s", cases[i].leaf, result);
		/* true and missing send the item to a person, false does not */
		assert_int_equal(v.route, strcmp(result, "false") ? POLICY_REVIEW
		                                                  : POLICY_AUTO_ACCEPT);
		policy_verdict_clear(&v);
		policy_free(p);
		buf_clear(&leaf);
	}
}

/* Numbers out of reach of the exact comparison cannot be compared. */
static void test_extreme_numbers(void **state)
{
	struct policy *p = with_tree("{'path':'/n','op':'lt','value':'1','title':'t'}");
	static const struct { const char *doc, *result; } cases[] = {
		{ "{'n':'1e-999'}", "true" }, { "{'n':'1e1000'}", "missing" },
		{ "{'n':'0.99999999999999999999999999999999'}", "true" },
		{ "{'n':'0.999999999999999999999999999999999999999999999999'}", "missing" },
		{ "{'n':' 0.5'}", "missing" }, { "{'n':'+0.5'}", "missing" },
		{ "{'n':'0,5'}", "missing" }, { "{'n':'.5'}", "missing" },
		{ "{'n':'NaN'}", "missing" }, { "{'n':''}", "missing" }, { "{'n':-0.0}", "true" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_verdict v;

		run(p, cases[i].doc, &v);
		if (strcmp(value_text(value_at(v.reasons, 0), "result"), cases[i].result) != 0)
			fail_msg("%s", cases[i].doc);
		policy_verdict_clear(&v);
	}
	policy_free(p);
}

/* --- trees ------------------------------------------------------------------ */

#define T "{'path':'/queue','op':'exists','title':'T','asks':['t']}"
#define F "{'path':'/none','op':'exists','title':'F','asks':['f']}"
#define M "{'path':'/none','op':'lt','value':'1','title':'M','asks':['m']}"

static void test_joins(void **state)
{
	/* holds, and who is asked when it does */
	static const struct { const char *tree; bool holds; const char *asks; } cases[] = {
		{ "{'all':[" T "," T "]}", true, "t" },
		{ "{'all':[" T "," F "]}", false, "" },
		{ "{'all':[" T "," M "]}", true, "t m" },
		{ "{'all':[" M "," F "]}", false, "" },
		{ "{'any':[" F "," F "]}", false, "" },
		{ "{'any':[" F "," T "]}", true, "t" },
		{ "{'any':[" M "," T "]}", true, "m t" },
		{ "{'any':[" M "," F "]}", true, "m" },
		{ "{'not':" T "}", false, "" },
		{ "{'not':" F "}", true, "f" },
		{ "{'not':" M "}", true, "m" },
		{ "{'not':{'any':[" F "," F "]}}", true, "f" },
		{ "{'not':{'any':[" F "," M "]}}", true, "f m" },
		{ "{'not':{'all':[" T "," F "]}}", true, "f" },
		{ "{'not':{'all':[" T "," T "]}}", false, "" },
		{ "{'not':{'not':" T "}}", true, "t" },
		{ "{'any':[{'all':[" T "," F "]}," M "]}", true, "m" },
		{ "{'any':[{'all':[" T "," F "]},{'not':" F "}]}", true, "f" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy *p = with_tree(cases[i].tree);
		struct policy_verdict v;

		run(p, proposal, &v);
		if ((v.route == POLICY_REVIEW) != cases[i].holds ||
		    strcmp(asked(&v), cases[i].asks) != 0)
			fail_msg("%s: route %d asks “%s”", cases[i].tree, v.route, asked(&v));
		policy_verdict_clear(&v);
		policy_free(p);
	}
}

/* Also what did not decide is kept. */
static void test_every_leaf_is_kept(void **state)
{
	struct policy *p = with_rules("{'id':'a','when':{'any':[" T "," F "," M "]},"
	                              "'then':{'route':'review'}},{'id':'b','when':{'all':[" F
	                              "," T "]},'then':{'route':'review'}}");
	struct policy_verdict v;
	const struct value *r;

	(void)state;
	run(p, proposal, &v);
	assert_int_equal(value_count(v.reasons), 5);
	r = value_at(v.reasons, 2);
	assert_string_equal(value_text(r, "title"), "M");
	assert_string_equal(value_text(r, "path"), "/none");
	assert_string_equal(value_text(r, "op"), "lt");
	assert_string_equal(value_text(r, "value"), "1");
	assert_string_equal(value_text(r, "result"), "missing");
	assert_true(value_is(value_find(r, "found"), VALUE_NULL));
	assert_true(value_has_string(value_find(r, "asks"), "m"));
	policy_verdict_clear(&v);
	policy_free(p);
}

static void test_found(void **state)
{
	static const char *const paths[] = { "/confidence", "/count", "/flag", "/queue", "/checks",
	                                     "/proposed", "/long" };
	static const char *const want[] = { "0.9", NULL, NULL, "q", "[…]", "{…}", NULL };
	struct value *doc = tree(proposal);
	struct policy_input in = fine(CLASS_ASSISTIVE);
	struct buf s = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_adds(&s, "한");
	value_set_string(doc, "long", buf_str(&s));
	buf_clear(&s);
	for (int i = 0; i < 7; i++) {
		struct policy_verdict v;
		struct policy *p;
		struct buf leaf = BUF_INIT;
		const struct value *found;

		buf_addf(&leaf, "{'path':'%s','op':'exists','title':'t'}", paths[i]);
		p = with_tree(buf_str(&leaf));
		policy_evaluate(p, doc, &in, &v);
		found = value_find(value_at(v.reasons, 0), "found");
		if (want[i])
			assert_string_equal(value_str(found), want[i]);
		else if (i == 1)
			assert_int_equal(found->i, 3);
		else if (i == 2)
			assert_true(found->b);
		else
			assert_int_equal(found->len, 120);
		policy_verdict_clear(&v);
		policy_free(p);
		buf_clear(&leaf);
	}
	value_free(doc);
}

/* --- the step "*" ------------------------------------------------------------ */

static void test_wildcard(void **state)
{
	static const struct { const char *leaf; bool holds; const char *asks; } cases[] = {
		/* one low, one missing, one missing because null */
		{ "'path':'/proposed/fields/*/confidence','op':'lt','value':'0.9','title':'*'", true,
		  "total date free" },
		{ "'path':'/proposed/fields/*/confidence','op':'lt','value':'0.9','title':'*',"
		  "'except':['total','date','free']", false, "" },
		{ "'path':'/proposed/fields/*/confidence','op':'lt','value':'0.9','title':'*',"
		  "'only':['company','total']", true, "total" },
		{ "'path':'/proposed/fields/*/confidence','op':'lt','value':'0.9','title':'*',"
		  "'except':['total','date','free','company','a/b']", false, "" },
		{ "'path':'/proposed/fields/*/value','op':'missing','title':'*'", true, "date" },
		{ "'path':'/signals/*/value','op':'gt','value':'1','title':'*','only':['entropy']",
		  true, "entropy" },
		{ "'path':'/signals/*/value','op':'gt','value':'1','title':'*','only':['margin']",
		  false, "" },
		/* nothing to look at: everything is asked */
		{ "'path':'/signals/*/value','op':'gt','value':'1','title':'*','only':['other']",
		  true, "" },
		{ "'path':'/steps/*/confidence','op':'lt','value':'1','title':'*'", true, "" },
		{ "'path':'/steps/*','op':'exists','title':'*'", false, "" },
		{ "'path':'/checks/*/result','op':'eq','value':'fail','title':'check * failed'", true,
		  "vendor" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_verdict v;
		struct buf leaf = BUF_INIT;
		struct policy *p;

		buf_addf(&leaf, "{%s,'asks':['*']}", cases[i].leaf);
		p = with_tree(buf_str(&leaf));
		run(p, proposal, &v);
		if ((v.route == POLICY_REVIEW) != cases[i].holds ||
		    strcmp(asked(&v), cases[i].asks) != 0)
			fail_msg("%s: route %d asks “%s”", cases[i].leaf, v.route, asked(&v));
		policy_verdict_clear(&v);
		policy_free(p);
		buf_clear(&leaf);
	}
}

static void test_wildcard_reasons(void **state)
{
	struct policy *p = with_tree("{'path':'/proposed/fields/*/confidence','op':'lt',"
	                             "'value':'0.9','title':'* unsure','asks':['*']}");
	struct policy_verdict v;
	const struct value *r;

	(void)state;
	run(p, proposal, &v);
	assert_int_equal(value_count(v.reasons), 5);
	r = value_at(v.reasons, 0);
	assert_string_equal(value_text(r, "title"), "total unsure");
	assert_string_equal(value_text(r, "path"), "/proposed/fields/total/confidence");
	assert_string_equal(value_text(r, "found"), "0.41");
	assert_string_equal(value_text(r, "result"), "true");
	r = value_at(v.reasons, 3);
	assert_string_equal(value_text(r, "path"), "/proposed/fields/a~1b/confidence");
	assert_string_equal(value_text(r, "result"), "false");
	assert_string_equal(value_str(value_at(value_find(r, "asks"), 0)), "a/b");
	policy_verdict_clear(&v);
	policy_free(p);
}

/* A proposal with thousands of fields asks for everything, not for each. */
static void test_many_fields(void **state)
{
	struct policy *p = with_tree("{'path':'/proposed/fields/*/confidence','op':'lt',"
	                             "'value':'0.9','title':'* unsure','asks':['*']}");
	struct policy_input in = fine(CLASS_ASSISTIVE);
	struct value *doc = tree("{'kind':'extraction','proposed':{'fields':{}}}");
	struct value *fields = value_find_pointer(doc, "/proposed/fields");
	struct policy_verdict v;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char name[16];

		snprintf(name, sizeof name, "f%d", i);
		value_set(fields, name, value_new_object());
	}
	policy_evaluate(p, doc, &in, &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	assert_int_equal(value_count(v.asks), 0);
	assert_int_equal(value_count(v.reasons), 2000);
	policy_verdict_clear(&v);
	value_free(doc);
	policy_free(p);
}

/* --- rules -------------------------------------------------------------------- */

#define RULE(id, tree, route) "{'id':'" id "','when':" tree ",'then':{'route':'" route "'}}"

static void test_strictest_rule_counts(void **state)
{
	static const struct { const char *rules; enum policy_route route; const char *rule; }
	cases[] = {
		{ RULE("a", F, "review"), POLICY_AUTO_ACCEPT, "default" },
		{ RULE("a", T, "review") "," RULE("b", T, "two_person"), POLICY_TWO_PERSON, "b" },
		{ RULE("b", T, "two_person") "," RULE("a", T, "review"), POLICY_TWO_PERSON, "b" },
		{ RULE("a", T, "auto_accept") "," RULE("b", T, "review"), POLICY_REVIEW, "b" },
		{ RULE("a", T, "auto_accept"), POLICY_AUTO_ACCEPT, "a" },
		{ RULE("a", T, "review") "," RULE("b", T, "review"), POLICY_REVIEW, "a" },
		{ RULE("a", T, "escalate") "," RULE("b", T, "two_person"), POLICY_ESCALATE, "a" },
		{ RULE("a", T, "refuse") "," RULE("b", T, "escalate"), POLICY_REFUSE, "a" },
		/* what could not be decided */
		{ RULE("a", M, "review"), POLICY_REVIEW, "a" },
		{ RULE("a", M, "two_person"), POLICY_TWO_PERSON, "a" },
		{ RULE("a", M, "escalate"), POLICY_REVIEW, "a" },
		{ RULE("a", M, "refuse"), POLICY_REVIEW, "a" },
		{ RULE("a", M, "auto_accept"), POLICY_AUTO_ACCEPT, "default" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy *p = with_rules(cases[i].rules);
		struct policy_verdict v;

		run(p, proposal, &v);
		if (v.route != cases[i].route || strcmp(v.rule, cases[i].rule) != 0)
			fail_msg("%s: %s by %s", cases[i].rules, policy_route_name(v.route), v.rule);
		policy_verdict_clear(&v);
		policy_free(p);
	}
}

static void test_missing_never_accepts(void **state)
{
	struct value *doc = tree("{'version':1,'queue':'q','kind':'extraction','class':"
	                         "'assistive','rules':[" RULE("a", M, "auto_accept") "],"
	                         "'default':'review'}");
	struct policy_verdict v;
	struct policy *p;

	(void)state;
	assert_int_equal(policy_compile(doc, &p, NULL), 0);
	run(p, proposal, &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	assert_string_equal(v.rule, "default");
	policy_verdict_clear(&v);
	policy_free(p);
	value_free(doc);
}

static void test_escalation_route(void **state)
{
	struct policy *p = with_rules("{'id':'a','when':" T ",'then':{'route':'escalate',"
	                              "'to':'fraud desk'}}");
	struct policy_verdict v;

	(void)state;
	run(p, proposal, &v);
	assert_int_equal(v.route, POLICY_ESCALATE);
	assert_string_equal(v.route_name, "fraud desk");
	assert_int_equal(v.people, 1);
	policy_verdict_clear(&v);
	policy_free(p);
}

/* A leaf that names nobody asks for everything, beside others that do. */
static void test_asks_nothing_is_all(void **state)
{
	struct policy *p = with_rules(RULE("a", T, "review") "," RULE("b",
		"{'path':'/queue','op':'exists','title':'t'}", "review"));
	struct policy_verdict v;

	(void)state;
	run(p, proposal, &v);
	assert_int_equal(value_count(v.asks), 0);
	policy_verdict_clear(&v);
	policy_free(p);
}

/* --- what holds without a rule ------------------------------------------------- */

static void test_no_policy_means_a_person(void **state)
{
	struct policy_input in = fine(CLASS_INFORMATIONAL);
	struct policy_verdict v;

	(void)state;
	run_with(NULL, proposal, &in, &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	assert_string_equal(v.rule, "no-policy");
	assert_int_equal(v.people, 1);
	assert_int_equal(value_count(v.asks), 0);
	assert_int_equal(value_count(v.reasons), 1);
	policy_verdict_clear(&v);
	in.safety_class = CLASS_HIGH_IMPACT;
	run_with(NULL, proposal, &in, &v);
	assert_int_equal(v.route, POLICY_TWO_PERSON);
	policy_verdict_clear(&v);
}

static void test_careful_input(void **state)
{
	/* all zeroes: nothing is known, so nothing is accepted */
	struct policy_input in = { .safety_class = CLASS_ASSISTIVE };
	struct policy *p = with_rules("");
	struct policy_verdict v;

	(void)state;
	run_with(p, proposal, &in, &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	assert_string_equal(v.rule, "schema");
	policy_verdict_clear(&v);
	policy_free(p);
}

static void test_class_floor(void **state)
{
	static const struct { enum safety_class c; enum policy_route route; int people;
	                      const char *rule, *sampling; } cases[] = {
		{ CLASS_INFORMATIONAL, POLICY_AUTO_ACCEPT, 0, "default", "0.01" },
		{ CLASS_ASSISTIVE, POLICY_AUTO_ACCEPT, 0, "default", "0.01" },
		{ CLASS_BOUNDED, POLICY_REVIEW, 1, "limits", "0.05" },
		{ CLASS_HIGH_IMPACT, POLICY_TWO_PERSON, 2, "class", "1" },
	};
	struct policy *p = with_rules("");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_input in = fine(cases[i].c);
		struct policy_verdict v;

		run_with(p, proposal, &in, &v);
		assert_int_equal(v.route, cases[i].route);
		assert_int_equal(v.people, cases[i].people);
		assert_string_equal(v.rule, cases[i].rule);
		assert_string_equal(v.sampling, cases[i].sampling);
		assert_int_equal(value_count(v.reasons), cases[i].route != POLICY_AUTO_ACCEPT);
		policy_verdict_clear(&v);
	}
	policy_free(p);
}

/* high_impact asks for everything and two people, whatever a rule narrows. */
static void test_high_impact_is_never_narrowed(void **state)
{
	struct policy *p = with_rules(RULE("a", T, "review"));
	struct policy_input in = fine(CLASS_HIGH_IMPACT);
	struct policy_verdict v;

	(void)state;
	run_with(p, proposal, &in, &v);
	assert_int_equal(v.route, POLICY_TWO_PERSON);
	assert_int_equal(value_count(v.asks), 0);
	assert_string_equal(v.rule, "class");
	policy_verdict_clear(&v);
	policy_free(p);
	p = with_rules(RULE("a", T, "escalate"));
	run_with(p, proposal, &in, &v);
	assert_int_equal(v.route, POLICY_ESCALATE);
	assert_int_equal(v.people, 2);
	policy_verdict_clear(&v);
	policy_free(p);
}

static void test_broken_schema(void **state)
{
	static const char *const names[] = { "date", "total" };
	struct policy_input in = fine(CLASS_ASSISTIVE);
	struct policy *p = with_rules(""), *unsure = with_rules(RULE("a", T, "review"));
	struct policy_verdict v;

	(void)state;
	in.schema_ok = false;
	run_with(p, proposal, &in, &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	assert_string_equal(v.rule, "schema");
	assert_int_equal(value_count(v.asks), 0);
	policy_verdict_clear(&v);
	in.broken = names;
	in.broken_count = 2;
	run_with(p, proposal, &in, &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	assert_string_equal(asked(&v), "date total");
	assert_int_equal(value_count(v.reasons), 2);
	policy_verdict_clear(&v);
	run_with(unsure, proposal, &in, &v);
	assert_string_equal(v.rule, "a");
	assert_string_equal(asked(&v), "t date total");
	policy_verdict_clear(&v);
	policy_free(p);
	policy_free(unsure);

	/* where people see everything anyway, the broken field narrows nothing */
	p = with_default("review");
	run_with(p, proposal, &in, &v);
	assert_string_equal(v.rule, "default");
	assert_int_equal(value_count(v.asks), 0);
	policy_verdict_clear(&v);
	policy_free(p);
}

static void test_other_kind(void **state)
{
	struct policy *p = with_rules("");
	struct policy_verdict v;

	(void)state;
	run(p, "{'kind':'classification','proposed':{'label':'a'}}", &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	policy_verdict_clear(&v);
	run(p, "{'proposed':{}}", &v);
	assert_int_equal(v.route, POLICY_REVIEW);
	policy_verdict_clear(&v);
	policy_free(p);
}

static struct policy *approvals(const char *more)
{
	struct buf text = BUF_INIT;
	struct err err = ERR_INIT;
	struct policy *p = NULL;
	struct value *doc;
	char words[300];

	buf_addf(&text, "{'version':1,'queue':'q','kind':'approval','default':'auto_accept',%s}",
	         more);
	doc = tree(buf_str(&text));
	if (policy_compile(doc, &p, &err) < 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
	value_free(doc);
	buf_clear(&text);
	return p;
}

static void test_money_without_effect(void **state)
{
	static const char none[] = "{'kind':'approval','proposed':{'action':'pay'}}";
	static const char some[] = "{'kind':'approval','proposed':{'action':'pay','effects':["
	                           "{'kind':'refund','amount':'5.00','currency':'EUR'}]}}";
	static const struct { enum policy_money money; const char *doc; enum policy_route route; }
	cases[] = {
		{ POLICY_NO_MONEY, none, POLICY_AUTO_ACCEPT },
		{ POLICY_MONEY_MOVED, none, POLICY_REVIEW },
		{ POLICY_MONEY_UNKNOWN, none, POLICY_REVIEW },
		{ POLICY_MONEY_MOVED, some, POLICY_AUTO_ACCEPT },
		{ POLICY_MONEY_UNKNOWN, some, POLICY_AUTO_ACCEPT },
	};
	struct policy *p = approvals("'class':'assistive'");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_input in = fine(CLASS_ASSISTIVE);
		struct policy_verdict v;

		in.money = cases[i].money;
		run_with(p, cases[i].doc, &in, &v);
		assert_int_equal(v.route, cases[i].route);
		if (v.route == POLICY_REVIEW) {
			assert_string_equal(v.rule, "effect");
			assert_string_equal(value_text(value_at(v.reasons, 0), "title"),
			                    "effect unknown");
		}
		policy_verdict_clear(&v);
	}
	policy_free(p);
}

static void test_limits(void **state)
{
#define EFFECT(a, c) "{'kind':'approval','proposed':{'action':'pay','effects':[" \
	"{'kind':'refund','amount':" a ",'currency':'" c "'}]}}"
	static const struct { const char *doc; bool counted; int hour, day; bool accepted; }
	cases[] = {
		{ EFFECT("'100.00'", "EUR"), true, 0, 0, true },
		{ EFFECT("'100.01'", "EUR"), true, 0, 0, false },
		{ EFFECT("'99.999'", "EUR"), true, 19, 99, true },
		{ EFFECT("'1'", "EUR"), true, 20, 20, false },
		{ EFFECT("'1'", "EUR"), true, 1, 100, false },
		{ EFFECT("'1'", "EUR"), false, 0, 0, false },
		{ EFFECT("'1'", "USD"), true, 0, 0, false },
		{ EFFECT("'-1'", "EUR"), true, 0, 0, false },
		{ EFFECT("'1,00'", "EUR"), true, 0, 0, false },
		{ EFFECT("null", "EUR"), true, 0, 0, false },
		{ EFFECT("7.5", "EUR"), true, 0, 0, true },
	};
	struct policy *p = approvals("'class':'bounded','limits':{'effects':[{'currency':'EUR',"
		"'amount':'100.00'}],'per_hour':20,'per_day':100}");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_input in = fine(CLASS_BOUNDED);
		struct policy_verdict v;

		in.counted = cases[i].counted;
		in.accepted_hour = cases[i].hour;
		in.accepted_day = cases[i].day;
		run_with(p, cases[i].doc, &in, &v);
		if ((v.route == POLICY_AUTO_ACCEPT) != cases[i].accepted)
			fail_msg("case %zu: %s", i, policy_route_name(v.route));
		assert_string_equal(v.rule, cases[i].accepted ? "default" : "limits");
		policy_verdict_clear(&v);
	}
	policy_free(p);
}

/* A stricter proposal is sampled at the rate of its own class. */
static void test_sampling_follows_the_class(void **state)
{
	struct value *doc = tree("{'version':1,'queue':'q','kind':'extraction','class':'assistive',"
	                         "'default':'auto_accept','sampling':{'rate':'0.02'}}");
	static const struct { enum safety_class c; const char *rate; } cases[] = {
		{ CLASS_INFORMATIONAL, "0.02" }, { CLASS_ASSISTIVE, "0.02" },
		{ CLASS_BOUNDED, "0.05" }, { CLASS_HIGH_IMPACT, "1" },
	};
	struct policy *p;

	(void)state;
	assert_int_equal(policy_compile(doc, &p, NULL), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_input in = fine(cases[i].c);
		struct policy_verdict v;

		run_with(p, proposal, &in, &v);
		assert_string_equal(v.sampling, cases[i].rate);
		policy_verdict_clear(&v);
	}
	policy_free(p);
	value_free(doc);
}

static void test_two_people_by_policy(void **state)
{
	struct value *doc = tree("{'version':1,'queue':'q','kind':'extraction','class':'assistive',"
	                         "'people':2,'default':'review','sampling':{'rate':'0.2'}}");
	struct policy_verdict v;
	struct policy *p;

	(void)state;
	assert_int_equal(policy_compile(doc, &p, NULL), 0);
	run(p, proposal, &v);
	assert_int_equal(v.route, POLICY_TWO_PERSON);
	assert_int_equal(v.people, 2);
	assert_string_equal(v.sampling, "0.2");
	policy_verdict_clear(&v);
	policy_free(p);
	value_free(doc);
}

/* --- the same everywhere --------------------------------------------------------- */

static struct value *reversed(const struct value *v)
{
	struct value *out;

	if (v->type != VALUE_OBJECT && v->type != VALUE_ARRAY)
		return value_copy(v);
	out = v->type == VALUE_OBJECT ? value_new_object() : value_new_array();
	for (size_t i = 0; i < v->count; i++) {
		size_t k = v->type == VALUE_OBJECT ? v->count - 1 - i : i;

		if (v->type == VALUE_OBJECT)
			value_set(out, v->members[k].key, reversed(v->members[k].value));
		else
			value_push(out, reversed(v->items[k]));
	}
	return out;
}

/* Members in another order give the same route, rule and names asked. */
static void test_order_of_members_does_not_matter(void **state)
{
	struct policy *p = with_rules(RULE("a", "{'any':[{'path':'/proposed/fields/*/confidence',"
		"'op':'lt','value':'0.9','title':'*','asks':['*']},{'path':'/confidence','op':'lt',"
		"'value':'0.2','title':'t'}]}", "review"));
	struct policy_input in = fine(CLASS_ASSISTIVE);
	struct value *doc = tree(proposal), *other = reversed(doc);
	struct policy_verdict a, b;

	(void)state;
	policy_evaluate(p, doc, &in, &a);
	policy_evaluate(p, other, &in, &b);
	assert_int_equal(a.route, b.route);
	assert_string_equal(a.rule, b.rule);
	assert_int_equal(value_count(a.asks), value_count(b.asks));
	for (size_t i = 0; i < value_count(a.asks); i++)
		assert_true(value_has_string(b.asks, value_str(value_at(a.asks, i))));
	policy_verdict_clear(&a);
	policy_verdict_clear(&b);
	value_free(doc);
	value_free(other);
	policy_free(p);
}

static void test_locale_does_not_matter(void **state)
{
	struct policy *p = with_tree("{'path':'/confidence','op':'ge','value':'0.9','title':'t'}");
	struct policy_verdict v;

	(void)state;
	if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
		policy_free(p);
		print_message("# the comma locale is not there\n");
		skip();
	}
	assert_string_equal(localeconv()->decimal_point, ",");
	run(p, proposal, &v);
	setlocale(LC_ALL, "C");
	assert_int_equal(v.route, POLICY_REVIEW);
	assert_string_equal(value_text(value_at(v.reasons, 0), "result"), "true");
	assert_string_equal(value_text(value_at(v.reasons, 0), "found"), "0.9");
	policy_verdict_clear(&v);
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_extreme_numbers),
		cmocka_unit_test(test_joins),
		cmocka_unit_test(test_every_leaf_is_kept),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_wildcard),
		cmocka_unit_test(test_wildcard_reasons),
		cmocka_unit_test(test_many_fields),
		cmocka_unit_test(test_strictest_rule_counts),
		cmocka_unit_test(test_missing_never_accepts),
		cmocka_unit_test(test_escalation_route),
		cmocka_unit_test(test_asks_nothing_is_all),
		cmocka_unit_test(test_no_policy_means_a_person),
		cmocka_unit_test(test_careful_input),
		cmocka_unit_test(test_class_floor),
		cmocka_unit_test(test_high_impact_is_never_narrowed),
		cmocka_unit_test(test_broken_schema),
		cmocka_unit_test(test_other_kind),
		cmocka_unit_test(test_money_without_effect),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_sampling_follows_the_class),
		cmocka_unit_test(test_two_people_by_policy),
		cmocka_unit_test(test_order_of_members_does_not_matter),
		cmocka_unit_test(test_locale_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
