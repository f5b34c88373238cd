/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups of calls in one transaction, and what is said when the database
 * cannot go on: nothing half done, and it goes on by itself afterwards.
 */
#include "fixture.h"

#include <sqlite3.h>

#include "base/clock.h"
#include "base/file.h"
#include "model/merkle.h"
#include "queue/sqlite/db.h"
#include "wire/checkpoint.h"

static const char message[] = "{'external_id':'g-%d','queue':'intents','kind':'classification',"
	"'model':{'name':'x','version':'1'},'safety_class':'assistive','sources':[{'id':'s',"
	"'media_type':'text/plain','text':'%s'}],'proposed':{'label':'refund'}}";

static void limit_pages(struct fixture *f, int64_t more)
{
	struct db *db = (struct db *)f->queue;
	char sql[64];
	int64_t pages = 0;

	assert_int_equal(db_int(db, NULL, &pages, "PRAGMA page_count", ""), 1);
	snprintf(sql, sizeof sql, "PRAGMA max_page_count=%lld", (long long)(pages + more));
	assert_int_equal(sqlite3_exec(db->sql, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* The stored leaves give the root that is signed. */
static void check_log(struct fixture *f)
{
	struct merkle_range range = { .size = 0 };
	unsigned char hash[HASH_SIZE], root[HASH_SIZE];
	struct checkpoint c;
	struct err err = ERR_INIT;

	fixture_call(f, QUEUE_LOG_ENTRIES, &f->lead, NULL, NULL, NULL);
	for (size_t i = 0; i < fixture_count(f, "/entries"); i++) {
		const char *leaf = value_text(value_at(value_find(f->last, "entries"), i), "leaf");

		merkle_leaf_hash(leaf, strlen(leaf), hash);
		merkle_range_add(&range, hash, NULL, NULL, NULL);
	}
	fixture_call(f, QUEUE_LOG_CHECKPOINT, &f->lead, NULL, NULL, NULL);
	assert_int_equal(checkpoint_read(f->text, strlen(f->text), &c, &err), 0);
	merkle_range_root(&range, root);
	assert_int_equal(c.size, range.size);
	assert_memory_equal(c.root, root, HASH_SIZE);
}

static void test_a_group_is_one_commit(void **state)
{
	struct fixture *f = *state;
	int64_t notes = fixture_sql(f, "SELECT count(*) FROM checkpoint");
	uint64_t generation = queue_generation(f->queue);
	struct err err = ERR_INIT;

	assert_int_equal(queue_group_begin(f->queue, &err), 0);
	for (int i = 0; i < 5; i++) {
		fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, message, i, "x");
		assert_int_equal(f->status, 201);
	}
	/* A problem in between leaves nothing behind and harms nobody. */
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, message, 1, "other");
	assert_int_equal(f->status, 422);
	fixture_callf(f, QUEUE_SUBMIT, &f->ann, NULL, NULL, message, 7, "x");
	assert_int_equal(f->status, 403);
	assert_int_equal(fixture_lease(f, &f->ann, "intents", 2), 2);
	assert_true(queue_generation(f->queue) == generation);
	assert_int_equal(queue_group_end(f->queue, &err), 0);
	assert_true(queue_generation(f->queue) > generation);
	check_log(f);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM checkpoint"), notes + 1);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM proposal"), 5);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM review WHERE expires_ms>0"), 2);
}

static void test_a_problem_takes_its_leaves_back(void **state)
{
	struct fixture *f = *state;
	char *id, until[CLOCK_TEXT_SIZE], *text, release[ID_SIZE];
	struct err err = ERR_INIT;

	clock_text(fixture_now_ms + 1000, until);
	text = mem_printf("{'external_id':'a','queue':'agent','kind':'approval','expires_at':'%s',"
		"'model':{'name':'agent','version':'1'},'safety_class':'bounded','sources':[],"
		"'proposed':{'action':'cancel','arguments':{'id':'R1'},'reversibility':'none'}}", until);
	id = fixture_submit(f, text);
	fixture_now_ms += 2000;
	id_new(release);
	assert_int_equal(queue_group_begin(f->queue, &err), 0);
	/* It expires, with a leaf; then the call is refused, and both are undone. */
	fixture_callf(f, QUEUE_CONSUME, &f->producer, id, NULL, "{'id':'%s','digest':'x'}", release);
	assert_int_equal(f->status, 409);
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, message, 1, "x");
	assert_int_equal(f->status, 201);
	assert_int_equal(queue_group_end(f->queue, &err), 0);
	check_log(f);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM result"), 0);
	check_log(f);
	free(text);
	free(id);
}

static void test_no_space_is_said_and_harms_nothing(void **state)
{
	struct fixture *f = *state;
	char *big = mem_alloc(200001), *body;

	memset(big, 'y', 200000);
	big[200000] = '\0';
	body = mem_printf(message, 1, big);
	limit_pages(f, 3);
	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, body);
	assert_int_equal(f->status, 507);
	assert_string_equal(fixture_text(f, "/type"), "urn:countersign:problem:storage_full");
	/* Reading goes on, and so does the log. */
	fixture_call(f, QUEUE_REVIEWS, &f->ann, NULL, NULL, NULL);
	assert_int_equal(f->status, 200);
	assert_int_equal(fixture_count(f, "/reviews"), 0);
	check_log(f);
	limit_pages(f, 1000);
	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, body);
	assert_int_equal(f->status, 201);
	check_log(f);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM proposal"), 1);
	free(body);
	free(big);
}

static void test_a_group_without_space_is_lost_as_a_whole(void **state)
{
	struct fixture *f = *state;
	char *big = mem_alloc(200001);
	struct err err = ERR_INIT;
	struct queue_answer answer = QUEUE_ANSWER_INIT;
	bool all_stand;

	memset(big, 'y', 200000);
	big[200000] = '\0';
	limit_pages(f, 30);
	assert_int_equal(queue_group_begin(f->queue, &err), 0);
	for (int i = 0; i < 3; i++) {
		fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, message, i,
		              i == 1 ? big : "small");
		if (i == 0)
			assert_int_equal(f->status, 201);
		if (i == 1)
			assert_int_equal(f->status, 507);
	}
	/* Either SQLite kept the transaction, then the small ones stand; or it left
	 * it, then none does and the end of the group says so. */
	all_stand = queue_group_end(f->queue, &err) == 0;
	if (!all_stand) {
		queue_answer_failure(&answer, &err);
		assert_true(answer.status == 503 || answer.status == 507);
		queue_answer_clear(&answer);
	}
	limit_pages(f, 1000);
	check_log(f);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM proposal"), all_stand ? 2 : 0);
	free(big);
}

static void test_a_database_in_use_is_busy(void **state)
{
	struct fixture *f = *state;
	char *path = file_join(f->data, "countersign.db");
	sqlite3 *other;

	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, message, 1, "x");
	assert_int_equal(f->status, 503);
	assert_string_equal(fixture_text(f, "/type"), "urn:countersign:problem:busy");
	sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(other);
	fixture_callf(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, message, 1, "x");
	assert_int_equal(f->status, 201);
	check_log(f);
	free(path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_group_is_one_commit),
		TEST(test_a_problem_takes_its_leaves_back),
		TEST(test_no_space_is_said_and_harms_nothing),
		TEST(test_a_group_without_space_is_lost_as_a_whole),
		TEST(test_a_database_in_use_is_busy),
	};

	return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
