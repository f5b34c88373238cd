/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies and proposals torn apart and put together again at random, from a
 * fixed seed: nothing crashes, every refusal has a reason, and whatever the
 * rules have become, the promises hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/floor.h"
#include "policy/policy.h"
#include "schema/schema.h"
#include "tree.h"

enum { ROUNDS = 3000, NODES = 2000, CHANGES = 3 };

static uint64_t seed;

/* xorshift64 (G. Marsaglia 2003). */
static size_t random_below(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed % n);
}

static size_t collect(struct value *v, struct value **nodes, size_t count)
{
	if (count < NODES)
		nodes[count++] = v;
	for (size_t i = 0; i < value_count(v) && count < NODES; i++)
		count = collect(value_at(v, i), nodes, count);
	return count;
}

/* Replaces members and elements by copies of other parts of the document. */
static void shuffle(struct value *doc)
{
	struct value *nodes[NODES];

	for (int k = 0; k < CHANGES; k++) {
		size_t count = collect(doc, nodes, 0), i;
		struct value *at = nodes[random_below(count)], *part, **slot;

		if (!value_count(at))
			continue;
		part = value_copy(nodes[random_below(count)]);
		i = random_below(at->count);
		slot = at->type == VALUE_OBJECT ? &at->members[i].value : &at->items[i];
		value_free(*slot);
		*slot = part;
	}
}

static const char rules[] = "{'version':1,'queue':'q','kind':'extraction','class':'assistive',"
	"'rules':[{'id':'r','when':{'any':[{'path':'/proposed/fields/*/confidence','op':'lt',"
	"'value':'0.9','title':'*','asks':['*'],'except':['x']},{'all':[{'not':{'path':'/a',"
	"'op':'in','value':['a',1],'title':'t'}},{'path':'/a','op':'matches','value':'^b{1,3}$',"
	"'title':'t'}]}]},'then':{'route':'review'}},{'id':'s','when':{'path':'/a','op':'exists',"
	"'title':'t'},'then':{'route':'auto_accept'}}],'default':'auto_accept',"
	"'sampling':{'rate':'0.1'},'limits':{'effects':[{'currency':'EUR','amount':'1'}],"
	"'per_day':3}}";
static const char item[] = "{'kind':'extraction','a':'aa','proposed':{'fields':{'x':{'value':1,"
	"'confidence':0.95},'y':{'confidence':1}},'effects':[{'amount':'1','currency':'EUR'}]}}";

/* 1 where the item was accepted unseen. */
static long check_verdict(const struct policy *p, const struct value *doc)
{
	struct policy_input in = {
		.safety_class = (enum safety_class)random_below(4),
		.schema_ok = random_below(2), .counted = random_below(2),
	};
	struct policy_verdict v;
	long accepted;

	policy_evaluate(p, doc, &in, &v);
	if (v.route == POLICY_AUTO_ACCEPT) {
		assert_true(in.schema_ok);
		assert_int_not_equal(floor_of(in.safety_class)->auto_accept, FLOOR_NEVER);
	} else {
		assert_true(value_count(v.reasons) > 0 || v.rule);
	}
	assert_true(v.people >= floor_of(in.safety_class)->people ||
	            v.route == POLICY_AUTO_ACCEPT || v.route == POLICY_REFUSE);
	accepted = v.route == POLICY_AUTO_ACCEPT;
	policy_verdict_clear(&v);
	return accepted;
}

static void test_policies(void **state)
{
	struct value *base = tree(rules), *proposal = tree(item);
	long compiled = 0, accepted = 0;

	(void)state;
	seed = UINT64_C(88172645463325252);
	for (int i = 0; i < ROUNDS; i++) {
		struct value *doc = value_copy(base), *other = value_copy(proposal);
		struct err err = ERR_INIT;
		struct policy *p;

		shuffle(doc);
		shuffle(other);
		if (policy_compile(doc, &p, &err) == 0) {
			accepted += check_verdict(p, other);
			policy_free(p);
			compiled++;
		} else {
			assert_int_not_equal(err.code, ERR_NONE);
		}
		value_free(doc);
		value_free(other);
	}
	/* every road was taken often */
	assert_true(compiled > ROUNDS / 10 && compiled < ROUNDS);
	assert_true(accepted > compiled / 20 && accepted < compiled / 2);
	value_free(base);
	value_free(proposal);
}

static void test_schemas(void **state)
{
	struct value *base = tree_load(TEST_DATADIR "/policy.schema.json");
	struct value *policy = tree(rules);
	long compiled = 0;

	(void)state;
	assert_non_null(base);
	seed = UINT64_C(1181783497276652981);
	for (int i = 0; i < ROUNDS / 4; i++) {
		struct value *doc = value_copy(base);
		struct err err = ERR_INIT;
		struct schema_faults faults = SCHEMA_FAULTS_INIT;
		struct schema *s;
		bool fits;

		shuffle(doc);
		if (schema_compile(doc, &s, &err) == 0) {
			/* a refusal names at least one fault, a pass names none */
			fits = schema_check(s, policy, &faults);
			assert_int_equal(fits, faults.count == 0);
			schema_faults_clear(&faults);
			schema_free(s);
			compiled++;
		} else {
			assert_int_not_equal(err.code, ERR_NONE);
		}
		value_free(doc);
	}
	assert_true(compiled > ROUNDS / 40);
	value_free(base);
	value_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_schemas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
