/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static const char receipt[] = "{'external_id':'r-1','queue':'receipts','kind':'extraction',"
	"'model':{'name':'parser','version':'2'},'safety_class':'assistive','sources':[],"
	"'proposed':{'fields':{'company':{'value':'ACME','confidence':0.95},"
	"'date':{'value':'2026-01-02','confidence':0.9},'total':{'value':'%s','confidence':0.95}}}}";

static void test_same_document_again_is_a_duplicate(void **state)
{
	struct fixture *f = *state;
	char *id, *salt, *first;

	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, receipt, "9.00");
	assert_int_equal(f->status, 201);
	id = mem_strdup(fixture_text(f, "/id"));
	salt = mem_strdup(fixture_text(f, "/salt"));
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, receipt, "9.00");
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/id"), id);
	assert_string_equal(fixture_text(f, "/salt"), salt);
	assert_true(value_bool_or(f->last, "duplicate", false));
	/* The same members in another order are the same document. */
	first = mem_strdup("{'queue':'receipts','external_id':'r-1','kind':'extraction',"
		"'model':{'version':'2','name':'parser'},'safety_class':'assistive','sources':[],"
		"'proposed':{'fields':{'company':{'value':'ACME','confidence':0.950},"
		"'date':{'value':'2026-01-02','confidence':0.9},"
		"'total':{'value':'9.00','confidence':0.95}}}}");
	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, first);
	assert_int_equal(f->status, 200);
	assert_string_equal(fixture_text(f, "/id"), id);
	free(first);
	free(salt);
	free(id);
}

static void test_another_document_under_the_same_id_is_refused(void **state)
{
	struct fixture *f = *state;

	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, receipt, "9.00");
	assert_int_equal(f->status, 201);
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, receipt, "8.00");
	assert_int_equal(f->status, 422);
	assert_string_equal(fixture_text(f, "/type"), "urn:countersign:problem:id_reused");
	/* … but it is free for another producer. */
	fixture_callf(f, QUEUE_SUBMIT, &f->other_producer, NULL, NULL, receipt, "8.00");
	assert_int_equal(f->status, 201);
}

static void test_who_may_submit(void **state)
{
	struct fixture *f = *state;
	struct person limited;

	fixture_callf(f, QUEUE_SUBMIT, &f->ann, NULL, NULL, receipt, "9.00");
	assert_int_equal(f->status, 403);
	fixture_person(f, &limited, "scanner", "producer", "intents");
	fixture_callf(f, QUEUE_SUBMIT, &limited, NULL, NULL, receipt, "9.00");
	assert_int_equal(f->status, 403);
	memset(limited.hash, 7, sizeof limited.hash);
	fixture_callf(f, QUEUE_SUBMIT, &limited, NULL, NULL, receipt, "9.00");
	assert_int_equal(f->status, 401);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM proposal"), 0);
}

static void test_bad_documents_name_the_place(void **state)
{
	struct fixture *f = *state;

	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL,
	             "{'external_id':'x','queue':'nowhere','kind':'extraction','model':{'name':'a',"
	             "'version':'1'},'safety_class':'assistive','sources':[],"
	             "'proposed':{'fields':{}}}");
	assert_int_equal(f->status, 422);
	assert_string_equal(fixture_text(f, "/pointer"), "/queue");
	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL,
	             "{'external_id':'x','queue':'intents','kind':'extraction','model':{'name':'a',"
	             "'version':'1'},'safety_class':'assistive','sources':[],"
	             "'proposed':{'fields':{}}}");
	assert_int_equal(f->status, 422);
	assert_string_equal(fixture_text(f, "/pointer"), "/kind");
	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, "{'external_id':'x'}");
	assert_int_equal(f->status, 422);
}

static void test_batch_takes_the_good_ones(void **state)
{
	struct fixture *f = *state;
	char good[600], other[600];

	snprintf(good, sizeof good, receipt, "9.00");
	snprintf(other, sizeof other, receipt, "7.00");
	fixture_callf(f, QUEUE_SUBMIT_BATCH, &f->producer, NULL, NULL,
	              "{'proposals':[%s,{'queue':'receipts'},{'proposal':%s},%s]}", good, good,
	              other);
	assert_int_equal(f->status, 200);
	assert_int_equal(fixture_count(f, "/results"), 4);
	assert_int_equal(fixture_int(f, "/results/0/status"), 201);
	assert_int_equal(fixture_int(f, "/results/1/status"), 422);
	assert_true(strncmp(fixture_text(f, "/results/1/problem/pointer"), "/proposals/1", 12) == 0);
	assert_int_equal(fixture_int(f, "/results/2/status"), 200);
	assert_int_equal(fixture_int(f, "/results/3/status"), 422);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM proposal"), 1);
}

static void test_document_is_kept_as_it_came(void **state)
{
	struct fixture *f = *state;
	const char *odd = "{ 'external_id' : 'odd',  'queue':'intents',\n'kind':'classification',"
		"'model':{'name':'a','version':'1'},'safety_class':'assistive','sources':[],"
		"'proposed':{'label':'refund','confidence':0.50},'mine':[1.0,  2e0] }";
	char *sent = fixture_quotes(odd), *id = fixture_submit(f, odd);

	fixture_call(f, QUEUE_LOG_CONTENTS, &f->auditor, NULL, NULL, NULL);
	assert_string_equal(fixture_text(f, "/contents/0/document"), sent);
	assert_string_equal(fixture_text(f, "/contents/0/subject"), id);
	fixture_lease(f, &f->ann, "intents", 1);
	/* Leased as it came, too. */
	assert_non_null(strstr(f->text, sent));
	free(sent);
	free(id);
}

static void test_callback_stands_apart(void **state)
{
	struct fixture *f = *state;
	char good[600];

	snprintf(good, sizeof good, receipt, "9.00");
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL,
	              "{'proposal':%s,'callback':{'url':'https://shop.example/cb','token':'s3cret'}}",
	              good);
	assert_int_equal(f->status, 201);
	fixture_lease(f, &f->ann, "receipts", 1);
	assert_null(strstr(f->text, "s3cret"));
	fixture_call(f, QUEUE_LOG_CONTENTS, &f->auditor, NULL, NULL, NULL);
	assert_null(strstr(f->text, "s3cret"));
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM callback WHERE token='s3cret'"), 1);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE '%s3cret%'"), 0);
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL,
	              "{'proposal':%s,'callback':{'url':'file:///etc/passwd'}}", good);
	assert_int_equal(f->status, 422);
}

static void test_routes(void **state)
{
	struct fixture *f = *state;
	char *sure, *unsure, *broken, *high, *message;

	sure = fixture_receipt(f, "sure", "0.95");
	assert_string_equal(fixture_text(f, "/route"), "auto_accept");
	assert_string_equal(fixture_text(f, "/state"), "auto_accepted");
	unsure = fixture_receipt(f, "unsure", "0.41");
	assert_string_equal(fixture_text(f, "/route"), "review");
	assert_string_equal(fixture_text(f, "/state"), "waiting");
	broken = fixture_submit(f, "{'external_id':'broken','queue':'receipts','kind':'extraction',"
		"'model':{'name':'parser','version':'2'},'safety_class':'assistive','sources':[],"
		"'proposed':{'fields':{'company':{'value':'ACME','confidence':0.99},'date':{"
		"'value':'2026-01-02','confidence':0.99},'total':{'value':'nine','confidence':0.99}}}}");
	assert_string_equal(fixture_text(f, "/route"), "review");
	high = fixture_action(f, "high", "high_impact");
	assert_string_equal(fixture_text(f, "/route"), "two_person");
	message = fixture_message(f, "m");
	assert_string_equal(fixture_text(f, "/route"), "review");

	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, sure, NULL, NULL);
	assert_string_equal(fixture_text(f, "/result/state"), "auto_accepted");
	assert_string_equal(fixture_text(f, "/result/value/total"), "9.00");
	assert_int_equal(fixture_int(f, "/result/number"), 1);
	fixture_lease(f, &f->ann, "receipts", 5);
	assert_int_equal(fixture_count(f, "/leases"), 2);
	assert_string_equal(fixture_text(f, "/leases/0/proposal/external_id"), "unsure");
	/* Only the unsure field is asked about. */
	assert_int_equal(fixture_count(f, "/leases/0/asked"), 1);
	assert_string_equal(fixture_text(f, "/leases/0/asked/0"), "total");
	assert_string_equal(fixture_text(f, "/leases/1/allowed/0/outcome"), "approve");
	assert_true(strlen(fixture_text(f, "/leases/1/allowed/0/why_not")) > 0);
	free(sure);
	free(unsure);
	free(broken);
	free(high);
	free(message);
}

static void test_directory_of_others_is_refused(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	struct queue *q = NULL;

	assert_int_equal(queue_sqlite_open(f->data, &q, &err), ERR_BUSY);
	queue_close(f->queue);
	assert_int_equal(chmod(f->data, 0777), 0);
	err_clear(&err);
	assert_int_equal(queue_sqlite_open(f->data, &q, &err), ERR_DENIED);
	assert_int_equal(chmod(f->data, 0700), 0);
	err_clear(&err);
	assert_int_equal(queue_sqlite_open(f->data, &f->queue, &err), 0);
}

static void test_newer_data_are_left_alone(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	struct queue *q = NULL;

	fixture_sql_closed(f, "PRAGMA user_version=99");
	assert_int_equal(queue_sqlite_open(f->data, &q, &err), ERR_NEWER);
	assert_null(q);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_same_document_again_is_a_duplicate),
		TEST(test_another_document_under_the_same_id_is_refused),
		TEST(test_who_may_submit),
		TEST(test_bad_documents_name_the_place),
		TEST(test_batch_takes_the_good_ones),
		TEST(test_document_is_kept_as_it_came),
		TEST(test_callback_stands_apart),
		TEST(test_routes),
		TEST(test_directory_of_others_is_refused),
		TEST(test_newer_data_are_left_alone),
	};

	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
