/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading queues, and tokens: what the owner of the directory does.
 */
#include "fixture.h"

#define INTENTS "'queue':'intents','title':'Intents','kind':'classification'," \
	"'labels':['card lost','card late','refund']"

static void load(struct fixture *f, const char *body)
{
	fixture_call(f, QUEUE_LOAD, NULL, NULL, NULL, body);
}

static void test_new_changed_same(void **state)
{
	struct fixture *f = *state;
	int64_t leaves = fixture_sql(f, "SELECT count(*) FROM log_leaf");
	char *definition;

	load(f, "{'queues':[{" INTENTS "}]}");
	assert_string_equal(fixture_text(f, "/queues/0/loaded"), "same");
	definition = mem_strdup(fixture_text(f, "/queues/0/definition_digest"));
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf"), leaves);
	/* A guide changes neither definition nor policy: one leaf. */
	load(f, "{'queues':[{" INTENTS ",'guide':{'version':'1','text':'Ask.'}}]}");
	assert_string_equal(fixture_text(f, "/queues/0/loaded"), "changed");
	assert_string_equal(fixture_text(f, "/queues/0/definition_digest"), definition);
	assert_non_null(value_str(value_find_pointer(f->last, "/queues/0/guide_digest")));
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf"), leaves + 1);
	/* Thresholds change the policy. */
	load(f, "{'queues':[{" INTENTS "}],'overlay':{'queues':[{'queue':'intents',"
	     "'thresholds':{'*':'0.4'},'class':'informational'}]}}");
	assert_string_equal(fixture_text(f, "/queues/0/definition_digest"), definition);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM policy WHERE queue='intents'"), 2);
	free(fixture_submit(f, "{'external_id':'m','queue':'intents','kind':'classification',"
		"'model':{'name':'x','version':'1'},'safety_class':'informational','sources':[],"
		"'proposed':{'label':'refund','confidence':0.5}}"));
	assert_string_equal(fixture_text(f, "/route"), "auto_accept");
	free(definition);
}

static void test_a_bad_definition_changes_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t leaves = fixture_sql(f, "SELECT count(*) FROM log_leaf");

	load(f, "{'queues':[{'queue':'new','title':'New','kind':'classification','labels':['a','b']},"
	     "{" INTENTS ",'thresholds':{'no such label':'0.5'}}]}");
	assert_int_equal(f->status, 422);
	assert_true(strncmp(fixture_text(f, "/pointer"), "/queues/1", 9) == 0);
	load(f, "{'queues':[{'queue':'intents','title':'Intents','kind':'extraction',"
	     "'schema':{'type':'object'}}]}");
	assert_int_equal(f->status, 422);
	load(f, "{'queues':[{'queue':'intents','title':'Intents','kind':'extraction',"
	     "'schema':{'$ref':'https://elsewhere.example/x'}}]}");
	assert_int_equal(f->status, 422);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM queue WHERE name='new'"), 0);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf"), leaves);
	/* Not from outside. */
	fixture_call(f, QUEUE_LOAD, &f->boss, NULL, NULL, "{'queues':[]}");
	assert_int_equal(f->status, 403);
}

static void test_definitions_by_digest(void **state)
{
	struct fixture *f = *state;
	char *digest;

	fixture_call(f, QUEUE_QUEUES, &f->cyd, NULL, NULL, NULL);
	assert_int_equal(fixture_count(f, "/queues"), 1);
	assert_string_equal(fixture_text(f, "/queues/0/queue"), "receipts");
	assert_string_equal(fixture_text(f, "/queues/0/roles/0"), "reviewer");
	assert_string_equal(fixture_text(f, "/principal/name"), "reviewer-3");
	digest = mem_strdup(fixture_text(f, "/queues/0/definition_digest"));
	fixture_call(f, QUEUE_DEFINITION, &f->cyd, digest + 7, NULL, NULL);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/definition/queue"), "receipts");
	fixture_call(f, QUEUE_QUEUES, &f->ann, NULL, NULL, NULL);
	free(digest);
	digest = mem_strdup(fixture_text(f, "/queues/0/definition_digest"));
	/* Of another queue: not there for this person. */
	fixture_call(f, QUEUE_DEFINITION, &f->cyd, digest + 7, NULL, NULL);
	assert_int_equal(f->status, 404);
	free(digest);
}

static void test_tokens(void **state)
{
	struct fixture *f = *state;
	const struct value *tokens;
	bool revoked = false;

	fixture_call(f, QUEUE_TOKEN_ADD, NULL, NULL, NULL, "{'name':'x','role':'king'}");
	assert_int_equal(f->status, 422);
	fixture_call(f, QUEUE_TOKEN_ADD, NULL, NULL, NULL, "{'name':'','role':'lead'}");
	assert_int_equal(f->status, 422);
	fixture_call(f, QUEUE_TOKEN_ADD, &f->boss, NULL, NULL, "{'name':'x','role':'lead'}");
	assert_int_equal(f->status, 403);
	/* The secret is nowhere but in the answer. */
	fixture_call(f, QUEUE_TOKEN_ADD, NULL, NULL, NULL, "{'name':'x','role':'lead'}");
	{
		char *secret = mem_strdup(fixture_text(f, "/token"));

		fixture_call(f, QUEUE_TOKEN_LIST, NULL, NULL, NULL, NULL);
		assert_null(strstr(f->text, secret + 4));
		fixture_call(f, QUEUE_LOG_ENTRIES, NULL, NULL, NULL, NULL);
		assert_null(strstr(f->text, secret + 4));
		free(secret);
	}
	fixture_call(f, QUEUE_TOKEN_REVOKE, NULL, NULL, NULL, "{'name':'x'}");
	assert_int_equal(fixture_int(f, "/revoked"), 1);
	fixture_call(f, QUEUE_TOKEN_REVOKE, NULL, NULL, NULL, "{'name':'x'}");
	assert_int_equal(f->status, 404);
	fixture_call(f, QUEUE_TOKEN_LIST, NULL, NULL, NULL, NULL);
	tokens = value_find(f->last, "tokens");
	for (size_t i = 0; i < value_count(tokens); i++)
		if (strcmp(value_text(value_at(tokens, i), "name"), "x") == 0)
			revoked = value_text(value_at(tokens, i), "revoked_at") != NULL;
	assert_true(revoked);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE"
	                             " '%\"change\":\"revoked\"%'"), 1);
}

static void test_revoking_frees_what_they_held(void **state)
{
	struct fixture *f = *state;

	free(fixture_message(f, "m"));
	assert_int_equal(fixture_lease(f, &f->ann, "intents", 1), 1);
	assert_int_equal(fixture_lease(f, &f->ben, "intents", 1), 0);
	fixture_call(f, QUEUE_TOKEN_REVOKE, NULL, NULL, NULL, "{'name':'reviewer-1'}");
	assert_int_equal(fixture_lease(f, &f->ben, "intents", 1), 1);
}

static void test_health_needs_no_token(void **state)
{
	struct fixture *f = *state;
	struct person nobody = { .name = "nobody" };

	fixture_call(f, QUEUE_HEALTH, &nobody, NULL, NULL, NULL);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/status"), "ok");
	assert_int_equal(fixture_int(f, "/wire"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_new_changed_same),
		TEST(test_a_bad_definition_changes_nothing),
		TEST(test_definitions_by_digest),
		TEST(test_tokens),
		TEST(test_revoking_frees_what_they_held),
		TEST(test_health_needs_no_token),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
