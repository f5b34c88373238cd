/* SPDX-License-Identifier: Apache-2.0
 *
 * What is read as a policy and what is refused, and that the published schema
 * of the document says the same as the program.
 */
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
#include "schema/schema.h"
#include "tree.h"

#define HEAD "'version':1,'queue':'q','kind':'extraction','class':'assistive'," \
	"'default':'auto_accept'"
#define LEAF(body) "{" HEAD ",'rules':[{'id':'r','when':{" body "}," \
	"'then':{'route':'review'}}]}"
#define WHEN(body) "{" HEAD ",'rules':[{'id':'r','when':" body ",'then':{'route':'review'}}]}"
#define AT "/rules/0/when"

/* SCHEMA_TOO: the published schema refuses it as well; beyond it are rules that
 * a schema cannot say. */
enum known { SCHEMA_TOO, BEYOND };

static const struct { const char *doc; int code; const char *where; enum known known; }
refused[] = {
	{ "[]", ERR_INVALID, "", SCHEMA_TOO },
	{ "null", ERR_INVALID, "", SCHEMA_TOO },
	{ "{}", ERR_INVALID, "/version", SCHEMA_TOO },
	{ "{" HEAD ",'defaults':'review'}", ERR_INVALID, "/defaults", SCHEMA_TOO },
	{ "{'version':2,'queue':'q'}", ERR_NEWER, "/version", SCHEMA_TOO },
	{ "{'version':'1','queue':'q'}", ERR_INVALID, "/version", SCHEMA_TOO },
	{ "{'version':1,'kind':'extraction','class':'assistive','default':'review'}", ERR_INVALID,
	  "/queue", SCHEMA_TOO },
	{ "{'version':1,'queue':'q','kind':'form','class':'assistive','default':'review'}",
	  ERR_INVALID, "/kind", SCHEMA_TOO },
	{ "{'version':1,'queue':'q','kind':'approval','class':'low','default':'review'}",
	  ERR_INVALID, "/class", SCHEMA_TOO },
	{ "{'version':1,'queue':'q','kind':'approval','class':'bounded'}", ERR_INVALID, "/default",
	  SCHEMA_TOO },
	{ "{'version':1,'queue':'q','kind':'approval','class':'bounded','default':'escalate'}",
	  ERR_INVALID, "/default", SCHEMA_TOO },
	{ "{" HEAD ",'people':3}", ERR_INVALID, "/people", SCHEMA_TOO },
	{ "{" HEAD ",'people':'2'}", ERR_INVALID, "/people", SCHEMA_TOO },
	{ "{" HEAD ",'rules':{}}", ERR_INVALID, "/rules", SCHEMA_TOO },
	{ "{" HEAD ",'rules':[3]}", ERR_INVALID, "/rules/0", SCHEMA_TOO },
	{ "{" HEAD ",'rules':[{'when':{},'then':{}}]}", ERR_INVALID, "/rules/0/id", SCHEMA_TOO },
	{ "{" HEAD ",'rules':[{'id':'r','then':{'route':'review'}}]}", ERR_INVALID, AT, SCHEMA_TOO },
	{ "{" HEAD ",'rules':[{'id':'r','when':{'path':'/a','op':'exists','title':'t'}}]}",
	  ERR_INVALID, "/rules/0/then", SCHEMA_TOO },
	{ "{" HEAD ",'rules':[{'id':'r','when':{'path':'/a','op':'exists','title':'t'},"
	  "'then':{'route':'allow'}}]}", ERR_INVALID, "/rules/0/then/route", SCHEMA_TOO },
	{ "{" HEAD ",'rules':[{'id':'r','when':{'path':'/a','op':'exists','title':'t'},"
	  "'then':{'route':'review','to':'x'}}]}", ERR_INVALID, "/rules/0/then/to", SCHEMA_TOO },
	{ "{" HEAD ",'rules':[{'id':'r','when':{'path':'/a','op':'exists','title':'t'},"
	  "'then':{'route':'review'}},{'id':'r','when':{'path':'/a','op':'exists','title':'t'},"
	  "'then':{'route':'review'}}]}", ERR_INVALID, "/rules/1/id", BEYOND },
	{ WHEN("{}"), ERR_INVALID, AT, SCHEMA_TOO },
	{ WHEN("{'all':[]}"), ERR_INVALID, AT "/all", SCHEMA_TOO },
	{ WHEN("{'none':[]}"), ERR_INVALID, AT, SCHEMA_TOO },
	{ WHEN("{'all':{},'any':[]}"), ERR_INVALID, AT, SCHEMA_TOO },
	{ WHEN("{'not':[]}"), ERR_INVALID, AT "/not", SCHEMA_TOO },
	{ WHEN("{'any':[{'not':{'all':[3]}}]}"), ERR_INVALID, AT "/any/0/not/all/0", SCHEMA_TOO },
	{ LEAF("'path':'a','op':'exists','title':'t'"), ERR_INVALID, AT "/path", SCHEMA_TOO },
	{ LEAF("'path':'/a~2','op':'exists','title':'t'"), ERR_INVALID, AT "/path", SCHEMA_TOO },
	{ LEAF("'path':'/*/a/*','op':'exists','title':'t'"), ERR_INVALID, AT "/path", SCHEMA_TOO },
	{ LEAF("'path':'/*/*/a','op':'exists','title':'t'"), ERR_INVALID, AT "/path", SCHEMA_TOO },
	{ LEAF("'path':3,'op':'exists','title':'t'"), ERR_INVALID, AT "/path", SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'less','value':'1','title':'t'"), ERR_INVALID, AT "/op",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'exists'"), ERR_INVALID, AT "/title", SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'exists','title':''"), ERR_INVALID, AT "/title", SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'exists','titel':'t'"), ERR_INVALID, AT "/titel", SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'exists','title':'t','value':1"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'lt','title':'t'"), ERR_INVALID, AT "/value", SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'lt','title':'t','value':0.9"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'lt','title':'t','value':'0,9'"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'lt','title':'t','value':'1e1000'"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'eq','title':'t','value':null"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'eq','title':'t','value':['a']"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'in','title':'t','value':'a'"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'in','title':'t','value':[]"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'in','title':'t','value':[0.5]"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'matches','title':'t','value':3"), ERR_INVALID, AT "/value",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'matches','title':'t','value':'a*'"), ERR_INVALID, AT "/value",
	  BEYOND },
	{ LEAF("'path':'/a','op':'exists','title':'t','asks':'a'"), ERR_INVALID, AT "/asks",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'exists','title':'t','asks':[1]"), ERR_INVALID, AT "/asks",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a','op':'exists','title':'t','only':['x']"), ERR_INVALID, AT "/only",
	  SCHEMA_TOO },
	{ LEAF("'path':'/a*','op':'exists','title':'t','except':['x']"), ERR_INVALID, AT "/except",
	  SCHEMA_TOO },
	{ "{" HEAD ",'sampling':{}}", ERR_INVALID, "/sampling/rate", SCHEMA_TOO },
	{ "{" HEAD ",'sampling':{'rate':0.05}}", ERR_INVALID, "/sampling/rate", SCHEMA_TOO },
	{ "{" HEAD ",'sampling':{'rate':'2'}}", ERR_INVALID, "/sampling/rate", SCHEMA_TOO },
	{ "{" HEAD ",'limits':{}}", ERR_INVALID, "/limits", SCHEMA_TOO },
	{ "{" HEAD ",'limits':{'per_week':3}}", ERR_INVALID, "/limits/per_week", SCHEMA_TOO },
	{ "{" HEAD ",'limits':{'per_day':-1}}", ERR_INVALID, "/limits/per_day", SCHEMA_TOO },
	{ "{" HEAD ",'limits':{'effects':{}}}", ERR_INVALID, "/limits/effects", SCHEMA_TOO },
	{ "{" HEAD ",'limits':{'effects':[{'amount':'1'}]}}", ERR_INVALID,
	  "/limits/effects/0/currency", SCHEMA_TOO },
	{ "{" HEAD ",'limits':{'effects':[{'currency':'EUR','amount':1.5}]}}", ERR_INVALID,
	  "/limits/effects/0/amount", SCHEMA_TOO },
	/* looser than the class allows */
	{ "{'version':1,'queue':'q','kind':'approval','class':'high_impact',"
	  "'default':'auto_accept'}", ERR_DENIED, "/default", BEYOND },
	{ "{'version':1,'queue':'q','kind':'approval','class':'high_impact','default':'two_person',"
	  "'rules':[{'id':'r','when':{'path':'/a','op':'exists','title':'t'},"
	  "'then':{'route':'auto_accept'}}]}", ERR_DENIED, "/default", BEYOND },
	{ "{'version':1,'queue':'q','kind':'approval','class':'bounded','default':'auto_accept'}",
	  ERR_DENIED, "/default", BEYOND },
	{ "{" HEAD ",'sampling':{'rate':'0.0099'}}", ERR_DENIED, "/sampling/rate", BEYOND },
	{ "{'version':1,'queue':'q','kind':'approval','class':'bounded','default':'review',"
	  "'sampling':{'rate':'0.049'}}", ERR_DENIED, "/sampling/rate", BEYOND },
};

static const char *const taken[] = {
	"{" HEAD "}",
	"{" HEAD ",'title':'x','people':2,'rules':[],'sampling':{'rate':'0.01'}}",
	"{" HEAD ",'limits':{'effects':[{'currency':'EUR','amount':'1.50'},"
	"{'currency':'JPY','amount':100}],'per_hour':0,'per_day':10}}",
	"{'version':1,'queue':'q','kind':'approval','class':'bounded','default':'auto_accept',"
	"'limits':{'per_day':10}}",
	LEAF("'path':'/a/b~1c/*/d','op':'in','value':['a',1,true,'0.5'],'title':'t',"
	     "'asks':['*','x'],'only':['y'],'except':['z']"),
	LEAF("'path':'/a*b','op':'matches','value':'^[a-z]{1,3}$','title':'t'"),
	LEAF("'path':'/a','op':'ge','value':'-1.5e-3','title':'t'"),
	LEAF("'path':'/a/*','op':'missing','title':'t','only':[]"),
	WHEN("{'any':[{'all':[{'not':{'path':'/a','op':'exists','title':'t'}}]}]}"),
	"{" HEAD ",'rules':[{'id':'r','title':'x','when':{'path':'/a','op':'eq','value':false,"
	"'title':'t'},'then':{'route':'escalate','to':'fraud desk'}}]}",
};

static struct schema *published(void)
{
	struct value *doc = tree_load(TEST_DATADIR "/policy.schema.json");
	struct err err = ERR_INIT;
	struct schema *s = NULL;
	char words[300];

	assert_non_null(doc);
	if (schema_compile(doc, &s, &err) < 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
	value_free(doc);
	return s;
}

static void test_refused(void **state)
{
	struct schema *schema = published();

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct value *doc = tree(refused[i].doc);
		struct err err = ERR_INIT;
		struct policy *p = (void *)1;
		int rc = policy_compile(doc, &p, &err);

		if (rc != refused[i].code || strcmp(err.where, refused[i].where) != 0)
			fail_msg("%s: %d at “%s”", refused[i].doc, rc, err.where);
		assert_null(p);
		if (schema_check(schema, doc, NULL) != (refused[i].known == BEYOND))
			fail_msg("the schema thinks otherwise of %s", refused[i].doc);
		value_free(doc);
	}
	schema_free(schema);
}

static void test_taken(void **state)
{
	struct schema *schema = published();

	(void)state;
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		struct value *doc = tree(taken[i]);
		struct err err = ERR_INIT;
		struct policy *p;
		char words[300];

		if (policy_compile(doc, &p, &err) < 0)
			fail_msg("%s: %s", taken[i], err_words(&err, words, sizeof words));
		if (!schema_check(schema, doc, NULL))
			fail_msg("the schema thinks otherwise of %s", taken[i]);
		policy_free(p);
		value_free(doc);
	}
	schema_free(schema);
}

/* A document that is nested or long without end is refused, not followed. */
static void test_bounds(void **state)
{
	struct buf text = BUF_INIT;
	struct err err = ERR_INIT;
	struct policy *p;
	struct value *doc;

	(void)state;
	buf_adds(&text, "{" HEAD ",'rules':[{'id':'r','then':{'route':'review'},'when':");
	for (int i = 0; i < 20; i++)
		buf_adds(&text, "{'not':");
	buf_adds(&text, "{'path':'/a','op':'exists','title':'t'}");
	for (int i = 0; i < 20; i++)
		buf_addc(&text, '}');
	buf_adds(&text, "}]}");
	doc = tree(buf_str(&text));
	assert_int_equal(policy_compile(doc, &p, &err), ERR_LIMIT);
	value_free(doc);

	buf_reset(&text);
	buf_adds(&text, "{" HEAD ",'rules':[");
	for (int i = 0; i < 1001; i++)
		buf_addf(&text, "%s{'id':'%d','then':{'route':'review'},'when':"
		         "{'path':'/a','op':'exists','title':'t'}}", i ? "," : "", i);
	buf_adds(&text, "]}");
	doc = tree(buf_str(&text));
	assert_int_equal(policy_compile(doc, &p, NULL), ERR_LIMIT);
	value_free(doc);
	buf_clear(&text);
	assert_int_equal(policy_compile(NULL, &p, NULL), ERR_INVALID);
}

static void test_route_names(void **state)
{
	enum policy_route r;

	(void)state;
	for (int i = POLICY_AUTO_ACCEPT; i <= POLICY_REFUSE; i++) {
		assert_true(policy_route_find(policy_route_name((enum policy_route)i), &r));
		assert_int_equal(r, i);
	}
	assert_false(policy_route_find("allow", &r));
	assert_false(policy_route_find(NULL, &r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_route_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
