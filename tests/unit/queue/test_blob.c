/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <dirent.h>
#include <unistd.h>

#include "base/file.h"
#include "queue/blob.h"

static const char page[] = "not really a picture";

static char *name_of(const char *bytes, size_t len)
{
	unsigned char hash[HASH_SIZE];
	char *text = mem_alloc(65);

	hash_sha256(bytes, len, hash);
	hash_hex(hash, sizeof hash, text);
	return text;
}

/* Sends bytes under a name; the status. */
static int put(struct fixture *f, const struct person *who, const char *name, const char *bytes,
               size_t len)
{
	struct queue_call call = { .token_hash = who->hash, .id = name };
	struct queue_answer answer = QUEUE_ANSWER_INIT;
	struct queue_blob *blob = queue_blob_begin(f->queue, &call, &answer);
	int status;

	if (blob) {
		assert_int_equal(queue_blob_add(blob, bytes, len / 2, NULL), 0);
		assert_int_equal(queue_blob_add(blob, bytes + len / 2, len - len / 2, NULL), 0);
		assert_int_equal(queue_blob_commit(f->queue, &call, blob, &answer), 0);
	}
	status = answer.status;
	queue_answer_clear(&answer);
	return status;
}

/* Asks for a blob through a proposal; the status. Compares the bytes. */
static int get(struct fixture *f, const struct person *who, const char *name,
               const char *proposal)
{
	char *query_text = mem_printf("{\"proposal\":\"%s\"}", proposal), got[100];
	struct value *query;
	struct queue_call call = { .token_hash = who->hash, .id = name };
	struct queue_answer answer = QUEUE_ANSWER_INIT;
	int status;

	assert_int_equal(json_parse(query_text, strlen(query_text), NULL, &query, NULL), 0);
	call.query = query;
	assert_int_equal(queue_run(f->queue, QUEUE_GET_BLOB, &call, &answer), 0);
	status = answer.status;
	if (status == 200) {
		assert_int_equal(answer.file_size, sizeof page - 1);
		assert_int_equal(read(answer.file, got, sizeof got), sizeof page - 1);
		assert_memory_equal(got, page, sizeof page - 1);
	}
	queue_answer_clear(&answer);
	value_free(query);
	free(query_text);
	return status;
}

static int leftovers(struct fixture *f)
{
	char *path = file_join(f->data, "blobs");
	DIR *d = opendir(path);
	struct dirent *e;
	int count = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		count += strncmp(e->d_name, "incoming-", 9) == 0;
	closedir(d);
	free(path);
	return count;
}

static char *submit_with(struct fixture *f, const char *external_id, const char *name)
{
	char *id, *text = mem_printf("{'external_id':'%s','queue':'intents','kind':'classification',"
		"'model':{'name':'x','version':'1'},'safety_class':'assistive','sources':[{'id':'p',"
		"'media_type':'image/jpeg','sha256':'%s','size':20}],'proposed':{'label':'refund'}}",
		external_id, name);

	id = fixture_submit(f, text);
	free(text);
	return id;
}

static void test_put_checks_the_hash(void **state)
{
	struct fixture *f = *state;
	char *name = name_of(page, sizeof page - 1), *other = name_of("x", 1);

	assert_int_equal(put(f, &f->ann, name, page, sizeof page - 1), 403);
	assert_int_equal(put(f, &f->producer, "../../etc/passwd", page, sizeof page - 1), 422);
	assert_int_equal(put(f, &f->producer, other, page, sizeof page - 1), 422);
	assert_int_equal(leftovers(f), 0);
	assert_int_equal(put(f, &f->producer, name, page, sizeof page - 1), 201);
	assert_int_equal(put(f, &f->producer, name, page, sizeof page - 1), 200);
	assert_int_equal(leftovers(f), 0);
	assert_int_equal(fixture_sql(f, "SELECT size FROM blob"), sizeof page - 1);
	free(name);
	free(other);
}

static void test_seen_only_through_a_proposal_one_may_see(void **state)
{
	struct fixture *f = *state;
	char *name = name_of(page, sizeof page - 1), *with, *without;

	assert_int_equal(put(f, &f->producer, name, page, sizeof page - 1), 201);
	with = submit_with(f, "with", name);
	without = fixture_message(f, "without");
	assert_int_equal(get(f, &f->producer, name, with), 200);
	assert_int_equal(get(f, &f->other_producer, name, with), 404);
	assert_int_equal(get(f, &f->producer, name, without), 404);
	assert_int_equal(get(f, &f->lead, name, with), 200);
	/* A reviewer sees what they hold, and what they decided. */
	assert_int_equal(get(f, &f->ann, name, with), 404);
	fixture_lease(f, &f->ann, "intents", 1);
	assert_int_equal(get(f, &f->ann, name, with), 200);
	assert_int_equal(get(f, &f->ben, name, with), 404);
	fixture_answer(f, &f->ann, "intents", "with", OUTCOME_APPROVE, NULL);
	assert_int_equal(get(f, &f->ann, name, with), 200);
	assert_int_equal(get(f, &f->cyd, name, with), 404);
	free(name);
	free(with);
	free(without);
}

static void test_a_blob_is_limited(void **state)
{
	struct fixture *f = *state;
	char *name = name_of(page, sizeof page - 1), *block = mem_zalloc(1 << 20);
	struct queue_call call = { .token_hash = f->producer.hash, .id = name };
	struct queue_answer answer = QUEUE_ANSWER_INIT;
	struct queue_blob *blob = queue_blob_begin(f->queue, &call, &answer);
	struct err err = ERR_INIT;

	assert_non_null(blob);
	for (int i = 0; i < 64; i++)
		assert_int_equal(queue_blob_add(blob, block, 1 << 20, &err), 0);
	assert_int_equal(queue_blob_add(blob, block, 1, &err), ERR_LIMIT);
	queue_blob_abort(blob);
	assert_int_equal(leftovers(f), 0);
	queue_answer_clear(&answer);
	free(block);
	free(name);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_put_checks_the_hash),
		TEST(test_seen_only_through_a_proposal_one_may_see),
		TEST(test_a_blob_is_limited),
	};

	return cmocka_run_group_tests_name("blob", tests, NULL, NULL);
}
