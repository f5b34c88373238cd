/* SPDX-License-Identifier: Apache-2.0
 *
 * The log against an independent reading: every leaf hashed again, the tree
 * rebuilt, checkpoints and proofs checked, feedback and results tied to leaves.
 */
#include "fixture.h"

#include "model/merkle.h"
#include "wire/checkpoint.h"
#include "wire/digest.h"
#include "wire/leaf.h"

/* Some life: auto-accepted, approved, corrected, escalated, withdrawn. */
static void live(struct fixture *f)
{
	char *id, event[ID_SIZE];

	free(fixture_receipt(f, "auto", "0.99"));
	free(fixture_receipt(f, "a", "0.41"));
	free(fixture_receipt(f, "b", "0.41"));
	free(fixture_action(f, "x", "high_impact"));
	fixture_answer(f, &f->ann, "receipts", "a", OUTCOME_APPROVE, NULL);
	fixture_answer(f, &f->ann, "receipts", "b", OUTCOME_CORRECT,
	               "{'company':'ACME LTD','date':'2026-01-02','total':'8.49'}");
	fixture_answer(f, &f->ann, "agent", "x", OUTCOME_APPROVE, NULL);
	fixture_answer(f, &f->ben, "agent", "x", OUTCOME_APPROVE, NULL);
	id = fixture_message(f, "m");
	id_new(event);
	fixture_callf(f, QUEUE_WITHDRAW, &f->producer, id, NULL, "{'id':'%s'}", event);
	free(id);
}

static void vkey_of(struct fixture *f, char out[CHECKPOINT_VKEY_SIZE])
{
	fixture_call(f, QUEUE_QUEUES, &f->ann, NULL, NULL, NULL);
	snprintf(out, CHECKPOINT_VKEY_SIZE, "%s", fixture_text(f, "/log/vkey"));
}

static void newest(struct fixture *f, struct checkpoint *out)
{
	char vkey[CHECKPOINT_VKEY_SIZE];
	struct err err = ERR_INIT;

	vkey_of(f, vkey);
	fixture_call(f, QUEUE_LOG_CHECKPOINT, &f->ann, NULL, NULL, NULL);
	assert_int_equal(f->status, 200);
	assert_int_equal(checkpoint_open(f->text, strlen(f->text), vkey, out, &err), 0);
}

static void test_root_is_the_tree_over_the_leaves(void **state)
{
	struct fixture *f = *state;
	struct merkle_range range = { .size = 0 };
	unsigned char hash[HASH_SIZE], root[HASH_SIZE];
	struct checkpoint c;

	live(f);
	fixture_reopen(f);
	newest(f, &c);
	fixture_call(f, QUEUE_LOG_ENTRIES, &f->lead, NULL, "{'start':'0'}", NULL);
	assert_int_equal(fixture_count(f, "/entries"), c.size);
	for (size_t i = 0; i < c.size; i++) {
		const struct value *e = value_at(value_find(f->last, "entries"), i);
		const char *text = value_text(e, "leaf");
		struct err err = ERR_INIT;
		struct value *doc;
		struct leaf leaf;

		assert_int_equal(value_int_or(e, "index", -1), i);
		assert_int_equal(leaf_read(text, strlen(text), &doc, &leaf, &err), 0);
		assert_int_equal(leaf.type == LEAF_OPEN, i == 0);
		value_free(doc);
		merkle_leaf_hash(text, strlen(text), hash);
		assert_int_equal(merkle_range_add(&range, hash, NULL, NULL, NULL), 0);
	}
	merkle_range_root(&range, root);
	assert_memory_equal(root, c.root, HASH_SIZE);
}

static size_t proof_of(struct fixture *f, const char *query, const char *name,
                       unsigned char proof[64][HASH_SIZE])
{
	const struct value *list;

	fixture_call(f, QUEUE_LOG_PROOF, &f->ann, NULL, query, NULL);
	assert_int_equal(f->status, 200);
	list = value_find(f->last, name);
	assert_non_null(list);
	for (size_t i = 0; i < value_count(list); i++) {
		const char *text = value_str(value_at(list, i));

		assert_int_equal(hash_unbase64(text, strlen(text), proof[i], HASH_SIZE), HASH_SIZE);
	}
	return value_count(list);
}

static void test_proofs(void **state)
{
	struct fixture *f = *state;
	unsigned char proof[64][HASH_SIZE], hash[HASH_SIZE];
	struct checkpoint old, now;
	char query[80];
	size_t count;

	newest(f, &old);
	live(f);
	newest(f, &now);
	assert_true(now.size > old.size);
	snprintf(query, sizeof query, "{'from':'%d','to':'%d'}", (int)old.size, (int)now.size);
	count = proof_of(f, query, "consistency", proof);
	assert_true(merkle_verify_consistency(old.size, now.size, old.root, now.root, proof, count));
	snprintf(query, sizeof query, "{'index':'3','size':'%d'}", (int)now.size);
	count = proof_of(f, query, "inclusion", proof);
	fixture_call(f, QUEUE_LOG_ENTRIES, &f->lead, NULL, "{'start':'3','end':'4'}", NULL);
	assert_int_equal(fixture_count(f, "/entries"), 1);
	merkle_leaf_hash(fixture_text(f, "/entries/0/leaf"),
	                 strlen(fixture_text(f, "/entries/0/leaf")), hash);
	assert_true(merkle_verify_inclusion(3, now.size, hash, proof, count, now.root));
	fixture_call(f, QUEUE_LOG_PROOF, &f->ann, NULL, "{'from':'1','to':'100000'}", NULL);
	assert_int_equal(f->status, 422);
}

static void test_every_commit_has_its_checkpoint(void **state)
{
	struct fixture *f = *state;

	live(f);
	assert_int_equal(fixture_sql(f, "SELECT max(size) FROM checkpoint"),
	                 fixture_sql(f, "SELECT count(*) FROM log_leaf"));
	assert_int_equal(fixture_sql(f, "SELECT max(n)+1-count(*) FROM log_leaf"), 0);
}

/* The decision leaf of an item, parsed; the caller's. */
static struct value *leaf_of(struct fixture *f, const char *decision)
{
	fixture_call(f, QUEUE_LOG_ENTRIES, &f->lead, NULL, NULL, NULL);
	for (size_t i = 0; i < fixture_count(f, "/entries"); i++) {
		const char *text = value_text(value_at(value_find(f->last, "entries"), i), "leaf");
		struct value *leaf;

		assert_int_equal(json_parse(text, strlen(text), NULL, &leaf, NULL), 0);
		if (value_text(leaf, "event") && strcmp(value_text(leaf, "event"), decision) == 0
		    && strcmp(value_text(leaf, "type"), "decision") == 0)
			return leaf;
		value_free(leaf);
	}
	fail_msg("no leaf of %s", decision);
	return NULL;
}

static const struct value *content(const struct fixture *f, const char *kind,
                                   const char *subject)
{
	const struct value *list = value_find(f->last, "contents");

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);

		if (strcmp(value_text(c, "kind"), kind) == 0
		    && strcmp(value_text(c, "subject"), subject) == 0)
			return c;
	}
	return NULL;
}

static void test_feedback_and_result_are_tied_to_the_leaf(void **state)
{
	struct fixture *f = *state;
	char *id = fixture_receipt(f, "a", "0.41"), *decision, digest[HASH_TEXT_SIZE];
	struct value *leaf, *rows, *document;
	const struct value *c;

	fixture_answer(f, &f->ann, "receipts", "a", OUTCOME_APPROVE, NULL);
	decision = mem_strdup(fixture_text(f, "/results/0/id"));
	leaf = leaf_of(f, decision);
	assert_string_equal(value_text(leaf, "state"), "approved");
	assert_string_equal(value_text(leaf, "role"), "reviewer");
	assert_string_equal(value_text(leaf, "authority"), "reviewer");
	fixture_call(f, QUEUE_FEEDBACK, &f->lead, NULL, NULL, NULL);
	rows = value_copy(value_find(f->last, "rows"));
	fixture_call(f, QUEUE_LOG_CONTENTS, &f->auditor, NULL, NULL, NULL);
	c = content(f, "decision", decision);
	assert_non_null(c);
	assert_string_equal(value_text(c, "digest"), value_text(leaf, "decided"));
	assert_true(digest_content(value_text(c, "salt"), rows, digest));
	assert_string_equal(value_text(value_find_pointer(leaf, "/data/feedback"), "digest"), digest);
	assert_int_equal(value_int_or(value_find_pointer(leaf, "/data/feedback"), "rows", 0), 4);
	/* A result's content gives the digest that the leaf and the producer have. */
	c = content(f, "result", id);
	assert_non_null(c);
	assert_int_equal(json_parse(value_text(c, "document"), strlen(value_text(c, "document")),
	                            NULL, &document, NULL), 0);
	assert_true(digest_content(value_text(c, "salt"), document, digest));
	assert_string_equal(value_text(value_find_pointer(leaf, "/data/result"), "digest"), digest);
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, id, NULL, NULL);
	assert_string_equal(fixture_text(f, "/result/digest"), digest);
	value_free(document);
	value_free(rows);
	value_free(leaf);
	free(decision);
	free(id);
}

static void test_rows_page_through_every_table(void **state)
{
	struct fixture *f = *state;
	char query[120] = "{'limit':'3'}";
	int64_t seen = 0, wanted;

	live(f);
	wanted = fixture_sql(f, "SELECT (SELECT count(*) FROM proposal)+(SELECT count(*) FROM review)"
	                     "+(SELECT count(*) FROM decision)+(SELECT count(*) FROM result)"
	                     "+(SELECT count(*) FROM release)+(SELECT count(*) FROM feedback)");
	for (;;) {
		fixture_call(f, QUEUE_LOG_ROWS, &f->auditor, NULL, query, NULL);
		assert_int_equal(f->status, 200);
		seen += (int64_t)fixture_count(f, "/rows");
		if (!value_bool_or(f->last, "more", false))
			break;
		snprintf(query, sizeof query, "{'limit':'3','after':'%s'}", fixture_text(f, "/after"));
	}
	assert_int_equal(seen, wanted);
	fixture_call(f, QUEUE_LOG_ROWS, &f->lead, NULL, NULL, NULL);
	assert_int_equal(f->status, 403);
	fixture_call(f, QUEUE_LOG_ENTRIES, &f->ann, NULL, NULL, NULL);
	assert_int_equal(f->status, 403);
}

static void test_another_key_is_not_this_logs(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	struct queue *q = NULL;
	char *key = mem_printf("%s/log.key", f->data);
	FILE *file;

	queue_close(f->queue);
	f->queue = NULL;
	file = fopen(key, "w");
	assert_non_null(file);
	for (int i = 0; i < 64; i++)
		fputc('7', file);
	fclose(file);
	assert_int_equal(queue_sqlite_open(f->data, &q, &err), ERR_CORRUPT);
	remove(key);
	err_clear(&err);
	assert_int_equal(queue_sqlite_open(f->data, &q, &err), ERR_CORRUPT);
	free(key);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_root_is_the_tree_over_the_leaves),
		TEST(test_proofs),
		TEST(test_every_commit_has_its_checkpoint),
		TEST(test_feedback_and_result_are_tied_to_the_leaf),
		TEST(test_rows_page_through_every_table),
		TEST(test_another_key_is_not_this_logs),
	};

	return cmocka_run_group_tests_name("tlog", tests, NULL, NULL);
}
