/* SPDX-License-Identifier: Apache-2.0
 *
 * From thresholds to rules, and what they make of the real queues.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/fit.h"
#include "policy/floor.h"
#include "policy/policy.h"
#include "tree.h"
#include "wire/definition.h"

struct queue_rules {
	struct definition *definition;
	struct fit *fit;
	struct value *doc;
	struct policy *policy;
};

static void rules_of(struct value *definition_doc, struct queue_rules *q)
{
	struct err err = ERR_INIT;
	char words[400];

	if (wire_definition_read(definition_doc, &q->definition, &err) < 0 ||
	    fit_new(q->definition, &q->fit, &err) < 0 ||
	    policy_from_definition(q->definition, &q->doc, &err) < 0 ||
	    policy_compile(q->doc, &q->policy, &err) < 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
}

static void rules_clear(struct queue_rules *q)
{
	policy_free(q->policy);
	value_free(q->doc);
	fit_free(q->fit);
	definition_free(q->definition);
}

static void judge(const struct queue_rules *q, const struct value *proposal,
                  struct policy_verdict *out)
{
	struct schema_faults faults = SCHEMA_FAULTS_INIT;
	bool fits = fit_proposed(q->fit, proposal, &faults);
	struct value *names = fit_broken_fields(&faults);
	const char *broken[64];
	struct policy_input in = { .schema_ok = fits, .broken = broken,
	                           .money = fit_money(q->fit, proposal) };
	enum safety_class c;

	for (size_t i = 0; i < value_count(names) && i < 64; i++)
		broken[in.broken_count++] = value_str(value_at(names, i));
	assert_true(class_find(value_text_or(proposal, "safety_class", "bounded"), &c));
	in.safety_class = floor_stricter(c, q->definition->least_class);
	policy_evaluate(q->policy, proposal, &in, out);
	value_free(names);
	schema_faults_clear(&faults);
}

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

/* One proposal against one definition: route and names asked. */
static void expect(const char *definition, const char *proposal, enum policy_route route,
                   const char *asks)
{
	struct queue_rules q;
	struct policy_verdict v;
	struct value *doc = tree(proposal);

	rules_of(tree(definition), &q);
	judge(&q, doc, &v);
	if (v.route != route || strcmp(asked(&v), asks) != 0)
		fail_msg("%s\n%s: %s asks “%s”", definition, proposal, policy_route_name(v.route),
		         asked(&v));
	policy_verdict_clear(&v);
	value_free(doc);
	rules_clear(&q);
}

#define FORM "'queue':'r','kind':'extraction','schema':{'type':'object','required':['date']," \
	"'properties':{'date':{'type':'string','title':'Date'},'total':{'type':'string'}," \
	"'place':{'type':['string','null']}}}"
#define FIELDS(f) "{'kind':'extraction','safety_class':'assistive','proposed':{'fields':{" f "}}}"
#define DATE(c) "'date':{'value':'1.1.2026','confidence':" c "}"
#define TOTAL(c) "'total':{'value':'9.00','confidence':" c "}"
#define PLACE(c) "'place':{'value':'Ulm','confidence':" c "}"

static void test_extraction(void **state)
{
	static const char each[] = "{" FORM ",'thresholds':{'date':'0.60','total':'0.90',"
	                           "'place':'0'}}";
	static const char star[] = "{" FORM ",'thresholds':{'*':'0.50','total':'0.90'}}";
	static const char some[] = "{" FORM ",'thresholds':{'total':'0.90'}}";
	static const char none[] = "{" FORM "}";

	(void)state;
	/* below is asked, at the limit is not */
	expect(each, FIELDS(DATE("0.6") "," TOTAL("0.9") "," PLACE("0")), POLICY_AUTO_ACCEPT, "");
	expect(each, FIELDS(DATE("0.59") "," TOTAL("0.9") "," PLACE("0")), POLICY_REVIEW, "date");
	expect(each, FIELDS(DATE("0.59") "," TOTAL("0.8999999999999999") "," PLACE("1")),
	       POLICY_REVIEW, "date total");
	/* unknown confidence is neither 0 nor 1: it is asked */
	expect(each, FIELDS(DATE("0.9") "," TOTAL("1") ",'place':{'value':'Ulm'}"), POLICY_REVIEW,
	       "place");
	expect(each, FIELDS(DATE("0.9") "," TOTAL("1")), POLICY_REVIEW, "place");
	/* required and empty is asked, also with all confidence in the world */
	expect(each, FIELDS("'date':{'value':null,'confidence':1}," TOTAL("1") "," PLACE("1")),
	       POLICY_REVIEW, "date");
	/* a field that no rule names has no threshold */
	expect(each, FIELDS(DATE("1") "," TOTAL("1") "," PLACE("1") ",'vat':{'value':'7',"
	       "'confidence':1}"), POLICY_REVIEW, "vat");
	expect(star, FIELDS(DATE("0.5") "," TOTAL("0.9") "," PLACE("0.5")), POLICY_AUTO_ACCEPT, "");
	expect(star, FIELDS(DATE("0.5") "," TOTAL("0.8") "," PLACE("0.5") ",'vat':{'value':'7',"
	       "'confidence':0.4}"), POLICY_REVIEW, "total vat");
	expect(star, FIELDS(DATE("0.5") "," TOTAL("0.9") "," PLACE("0.5") ",'vat':{'value':'7',"
	       "'confidence':0.5}"), POLICY_AUTO_ACCEPT, "");
	expect(some, FIELDS(DATE("1") "," TOTAL("1") "," PLACE("1")), POLICY_REVIEW, "date place");
	/* without thresholds everything is asked */
	expect(none, FIELDS(DATE("1") "," TOTAL("1") "," PLACE("1")), POLICY_REVIEW, "");
	/* what breaks the form is asked beside what is unsure */
	expect(each, FIELDS(DATE("0.1") ",'total':{'value':9,'confidence':1}," PLACE("1")),
	       POLICY_REVIEW, "date total");
	expect(each, "{'kind':'extraction','safety_class':'assistive','proposed':{}}",
	       POLICY_REVIEW, "");
}

static void test_open_form(void **state)
{
	static const char open[] = "{'queue':'i','kind':'extraction','schema':{'type':'object'},"
	                           "'thresholds':{'*':'0.8','a/b':'0.9'}}";

	(void)state;
	expect(open, FIELDS("'x':{'value':'1','confidence':0.8},'a/b':{'value':'1',"
	                    "'confidence':0.9}"), POLICY_AUTO_ACCEPT, "");
	expect(open, FIELDS("'x':{'value':'1','confidence':0.7},'a/b':{'value':'1',"
	                    "'confidence':0.8}"), POLICY_REVIEW, "a/b x");
	/* nothing found at all is nothing to be sure of */
	expect(open, FIELDS(""), POLICY_REVIEW, "a/b");
}

#define LABELS "'queue':'c','kind':'classification','labels':['a','b','c','d']"
#define LABEL(l, c) "{'kind':'classification','safety_class':'assistive'," \
	"'proposed':{'label':'" l "','confidence':" c "}}"

static void test_classification(void **state)
{
	static const char star[] = "{" LABELS ",'thresholds':{'*':'0.90'}}";
	static const char own[] = "{" LABELS ",'thresholds':{'*':'0.50','a':'0.9','b':'0.90',"
	                          "'c':'0.2'}}";
	static const char some[] = "{" LABELS ",'thresholds':{'a':'0.9'}}";

	(void)state;
	expect(star, LABEL("a", "0.9"), POLICY_AUTO_ACCEPT, "");
	expect(star, LABEL("a", "0.89"), POLICY_REVIEW, "label");
	expect(star, LABEL("z", "1"), POLICY_REVIEW, "label");
	expect(star, "{'kind':'classification','safety_class':'assistive','proposed':"
	             "{'label':'a'}}", POLICY_REVIEW, "label");
	expect(own, LABEL("a", "0.89"), POLICY_REVIEW, "label");
	expect(own, LABEL("b", "0.9"), POLICY_AUTO_ACCEPT, "");
	expect(own, LABEL("b", "0.5"), POLICY_REVIEW, "label");
	expect(own, LABEL("c", "0.2"), POLICY_AUTO_ACCEPT, "");
	expect(own, LABEL("c", "0.1"), POLICY_REVIEW, "label");
	expect(own, LABEL("d", "0.5"), POLICY_AUTO_ACCEPT, "");
	expect(own, LABEL("d", "0.4"), POLICY_REVIEW, "label");
	expect(some, LABEL("a", "0.9"), POLICY_AUTO_ACCEPT, "");
	expect(some, LABEL("b", "1"), POLICY_REVIEW, "label");
	/* several labels: sure enough for the strictest of them, or a person */
	expect(own, "{'kind':'classification','safety_class':'assistive','proposed':{'labels':"
	            "['c','d'],'confidence':0.8}}", POLICY_REVIEW, "label");
	expect(own, "{'kind':'classification','safety_class':'assistive','proposed':{'labels':"
	            "['c','d'],'confidence':0.95}}", POLICY_AUTO_ACCEPT, "");
}

/* Labels that share a threshold share a condition: a verdict keeps every leaf,
 * and a queue may have hundreds of labels. */
static void test_labels_share_conditions(void **state)
{
	struct queue_rules q;
	struct policy_verdict v;
	struct value *doc = tree(LABEL("d", "0.5"));

	(void)state;
	rules_of(tree("{" LABELS ",'thresholds':{'*':'0.50','a':'0.9','b':'0.90','c':'0.2'}}"), &q);
	judge(&q, doc, &v);
	assert_int_equal(value_count(v.reasons), 6);
	policy_verdict_clear(&v);
	value_free(doc);
	rules_clear(&q);
}

#define ACTIONS "'queue':'p','kind':'approval','actions':{'pay':{'moves_money':true}," \
	"'note':{}}"
#define ACTION(a, more) "{'kind':'approval','safety_class':'assistive','confidence':0.9," \
	"'proposed':{'action':'" a "','arguments':{}" more "}}"

static void test_approval(void **state)
{
	static const char star[] = "{" ACTIONS ",'thresholds':{'*':'0.9','pay':'0.95'}}";
	static const char low[] = "{" ACTIONS ",'thresholds':{'*':'0.9'}}";

	(void)state;
	expect(low, ACTION("note", ""), POLICY_AUTO_ACCEPT, "");
	expect(low, ACTION("pay", ""), POLICY_REVIEW, "");
	expect(low, ACTION("pay", ",'effects':[{'amount':'1'}]"), POLICY_AUTO_ACCEPT, "");
	expect(low, ACTION("fly", ",'effects':[{'amount':'1'}]"), POLICY_REVIEW, "");
	expect(star, ACTION("pay", ",'effects':[{'amount':'1'}]"), POLICY_REVIEW, "");
	expect(star, ACTION("note", ""), POLICY_AUTO_ACCEPT, "");
	expect(low, "{'kind':'approval','safety_class':'assistive','proposed':{'action':'note',"
	            "'arguments':{}}}", POLICY_REVIEW, "");
}

static void test_class_and_limits(void **state)
{
	static const char bounded[] = "{" FORM ",'class':'bounded','thresholds':{'*':'0.5'}}";
	static const char limited[] = "{" FORM ",'class':'bounded','thresholds':{'*':'0.5'},"
	                              "'limits':{'effects':[]}}";
	static const char strict[] = "{" FORM ",'class':'high_impact','thresholds':{'*':'0.5'}}";
	static const char pair[] = "{" FORM ",'people':{'count':2},'thresholds':{'*':'0.5'}}";
	static const char sure[] = FIELDS(DATE("1") "," TOTAL("1") "," PLACE("1"));
	static const char unsure[] = FIELDS(DATE("0.4") "," TOTAL("1") "," PLACE("1"));

	(void)state;
	/* bounded without limits: people see all of it, and are asked what is unsure */
	expect(bounded, sure, POLICY_REVIEW, "");
	expect(bounded, unsure, POLICY_REVIEW, "date");
	expect(limited, sure, POLICY_AUTO_ACCEPT, "");
	expect(limited, unsure, POLICY_REVIEW, "date");
	expect(strict, sure, POLICY_TWO_PERSON, "");
	expect(strict, unsure, POLICY_TWO_PERSON, "");
	expect(pair, sure, POLICY_AUTO_ACCEPT, "");
	expect(pair, unsure, POLICY_TWO_PERSON, "date");
}

static void refused(const char *definition, const char *where)
{
	struct definition *d;
	struct value *doc = (void *)1;
	struct err err = ERR_INIT;

	assert_int_equal(wire_definition_read(tree(definition), &d, &err), 0);
	assert_int_equal(policy_from_definition(d, &doc, &err), ERR_INVALID);
	assert_null(doc);
	assert_string_equal(err.where, where);
	definition_free(d);
}

static void test_refused(void **state)
{
	(void)state;
	refused("{" LABELS ",'thresholds':{'e':'0.9'}}", "/thresholds/e");
	refused("{" ACTIONS ",'thresholds':{'fly':'0.9'}}", "/thresholds/fly");
	refused("{" FORM ",'limits':{'per_week':1}}", "/limits/per_week");
}

/* The document is fixed: what is stored under its digest must not drift. */
static void test_document(void **state)
{
	struct value *want = tree("{'version':1,'queue':'r','kind':'extraction','class':'bounded',"
		"'rules':[{'id':'empty','when':{'any':[{'path':'/proposed/fields/date/value',"
		"'op':'missing','title':'Date is required and empty','asks':['date']}]},"
		"'then':{'route':'review'}},{'id':'unsure','when':{'any':["
		"{'path':'/proposed/fields/date/confidence','op':'lt','title':'Date unsure',"
		"'value':'0.60','asks':['date']},"
		"{'path':'/proposed','op':'exists','title':'total has no threshold',"
		"'asks':['total']},"
		"{'path':'/proposed','op':'exists','title':'place has no threshold',"
		"'asks':['place']},"
		"{'path':'/proposed/fields/*','op':'exists','title':'* has no threshold',"
		"'asks':['*'],'except':['date','total','place']}]},'then':{'route':'review'}}],"
		"'default':'review','sampling':{'rate':'0.05'}}");
	struct queue_rules q;

	(void)state;
	rules_of(tree("{" FORM ",'class':'bounded','thresholds':{'date':'0.60'}}"), &q);
	assert_true(value_equal(q.doc, want));
	value_free(want);
	rules_clear(&q);
}

/* --- the real queues ------------------------------------------------------------ */

struct count {
	struct queue_rules rules;
	struct schema *published;      /* data/policy.schema.json */
	long routes[5], fields_asked, all_asked, unexplained;
};

static void count_line(struct value *line, void *arg)
{
	struct count *c = arg;
	struct policy_verdict v;

	judge(&c->rules, line, &v);
	c->routes[v.route]++;
	c->fields_asked += (long)value_count(v.asks);
	c->all_asked += v.route != POLICY_AUTO_ACCEPT && !value_count(v.asks);
	/* whoever is asked is told why */
	c->unexplained += v.route != POLICY_AUTO_ACCEPT && !value_count(v.reasons);
	policy_verdict_clear(&v);
}

static struct value *merged(const char *queue)
{
	struct value *all = tree_load(tree_shared("data/real/queues.json"));
	struct value *overlay = tree_load(TEST_SRCDIR "/real/policies.json"), *doc = NULL;
	const struct value *list = value_find(all, "queues"), *more = value_find(overlay, "queues");

	for (size_t i = 0; i < value_count(list); i++)
		if (strcmp(value_text(value_at(list, i), "queue"), queue) == 0)
			doc = value_copy(value_at(list, i));
	assert_non_null(doc);
	for (size_t i = 0; i < value_count(more); i++) {
		const struct value *from = value_at(more, i);

		if (strcmp(value_text(from, "queue"), queue) != 0)
			continue;
		for (size_t m = 0; m < value_count(from); m++)
			value_set(doc, value_key(from, m), value_copy(value_at(from, m)));
		value_free(all);
		value_free(overlay);
		return doc;
	}
	fail_msg("tests/real/policies.json has no queue %s", queue);
	return NULL;
}

/* Routes counted by an independent script from the same files: confidence below
 * the threshold or absent, or a required field empty. */
static void test_real_queues(void **state)
{
	static const struct { const char *queue; long accepted, reviewed, two, asked, all; }
	want[] = {
		{ "receipts", 0, 173, 0, 390, 0 },
		{ "invoices", 0, 9, 0, 17, 0 },
		{ "support-intents", 1421, 450, 0, 450, 0 },
		{ "support-ko", 272, 103, 0, 103, 0 },
		{ "airline-agent", 0, 91, 59, 0, 150 },
	};

	(void)state;
	if (!tree_shared("data/real/queues.json")) {
		print_message("# the real queues are not there\n");
		skip();
	}
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		struct count c = { .published = NULL };
		struct value *schema = tree_load(TEST_DATADIR "/policy.schema.json");
		char path[100];

		rules_of(merged(want[i].queue), &c.rules);
		assert_int_equal(schema_compile(schema, &c.published, NULL), 0);
		assert_true(schema_check(c.published, c.rules.doc, NULL));
		snprintf(path, sizeof path, "data/real/%s.jsonl", want[i].queue);
		assert_true(tree_each_line(tree_shared(path), count_line, &c) > 0);
		printf("# %s: %ld accepted, %ld to one person, %ld to two; %ld fields asked, "
		       "%ld asked for everything\n", want[i].queue, c.routes[POLICY_AUTO_ACCEPT],
		       c.routes[POLICY_REVIEW], c.routes[POLICY_TWO_PERSON], c.fields_asked,
		       c.all_asked);
		assert_int_equal(c.routes[POLICY_AUTO_ACCEPT], want[i].accepted);
		assert_int_equal(c.routes[POLICY_REVIEW], want[i].reviewed);
		assert_int_equal(c.routes[POLICY_TWO_PERSON], want[i].two);
		assert_int_equal(c.fields_asked, want[i].asked);
		assert_int_equal(c.all_asked, want[i].all);
		assert_int_equal(c.unexplained, 0);
		schema_free(c.published);
		value_free(schema);
		rules_clear(&c.rules);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extraction),
		cmocka_unit_test(test_open_form),
		cmocka_unit_test(test_classification),
		cmocka_unit_test(test_labels_share_conditions),
		cmocka_unit_test(test_approval),
		cmocka_unit_test(test_class_and_limits),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_real_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
