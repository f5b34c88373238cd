/* SPDX-License-Identifier: Apache-2.0
 *
 * A day's work, done by clients that ask again when they hear nothing, with
 * the server killed at every crash point in turn. The end is always the same:
 * every effect once, the log whole; one more run changes nothing.
 */
#include "fixture.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crash.h"
#include "model/merkle.h"
#include "wire/checkpoint.h"

/* What the clients made before: ids that survive the server. */
struct job {
	char decision[3][ID_SIZE], release[ID_SIZE], withdrawal[ID_SIZE];
};

/* One decision: taken under its id whatever happened before. */
static void settle(struct fixture *f, struct person *p, const char *queue,
                   const char *external_id, const char *id, int64_t seq)
{
	struct value *lease;
	struct decision *d;

	fixture_lease(f, p, queue, 5);
	lease = fixture_find_lease(f, external_id);
	if (!lease)
		return;      /* decided by an earlier run */
	d = fixture_decision(p, lease, OUTCOME_APPROVE);
	memcpy(d->id, id, ID_SIZE);
	d->seq = seq;
	fixture_decide(f, p, d);
	assert_string_equal(fixture_text(f, "/results/0/verdict"), "accepted");
	decision_free(d);
	value_free(lease);
}

static void submit(struct fixture *f, const char *document, char out[ID_SIZE])
{
	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, document);
	assert_true(f->status == 200 || f->status == 201);
	memcpy(out, fixture_text(f, "/id"), ID_SIZE);
}

static const char action[] = "{'external_id':'act','queue':'agent','kind':'approval','model':{"
	"'name':'agent','version':'1'},'safety_class':'high_impact','sources':[],'proposed':{"
	"'action':'cancel','arguments':{'id':'R1'},'reversibility':'none'}}";

#define MESSAGE(id) "{'external_id':'" id "','queue':'intents','kind':'classification'," \
	"'model':{'name':'x','version':'1'},'safety_class':'assistive','sources':[],'proposed':{" \
	"'label':'refund'}}"

static void work(struct fixture *f, const struct job *job)
{
	char a[ID_SIZE], m[ID_SIZE], w[ID_SIZE];

	fixture_reopen(f);
	submit(f, action, a);
	submit(f, MESSAGE("msg"), m);
	submit(f, MESSAGE("gone"), w);
	fixture_callf(f, QUEUE_WITHDRAW, &f->producer, w, NULL, "{'id':'%s'}", job->withdrawal);
	assert_int_equal(f->status, 200);
	settle(f, &f->ann, "agent", "act", job->decision[0], 1);
	settle(f, &f->ben, "agent", "act", job->decision[1], 1);
	settle(f, &f->ann, "intents", "msg", job->decision[2], 2);
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, a, NULL, NULL);
	fixture_callf(f, QUEUE_CONSUME, &f->producer, a, NULL, "{'id':'%s','digest':'%s'}",
	              job->release, fixture_text(f, "/result/digest"));
	assert_int_equal(f->status, 200);
	assert_int_equal(queue_tick(f->queue, &(int64_t){ 0 }, NULL), 0);
	queue_close(f->queue);
	_exit(0);
}

/* Replaces base/crash.o: counts the passes of the child, dies at one of them. */
static long *passes, *shared;
static long die_at;

void crash_point(const char *name)
{
	(void)name;
	if (passes && ++*passes == die_at)
		kill(getpid(), SIGKILL);
}

/* Runs the job in a process of its own, which dies at that pass (0: never);
 * true where it came to its end. */
static bool run(struct fixture *f, const struct job *job, long at)
{
	int status;
	pid_t child;

	queue_close(f->queue);
	f->queue = NULL;
	child = fork();
	if (child == 0) {
		passes = shared;
		*passes = 0;
		die_at = at;
		work(f, job);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	fixture_reopen(f);
	if (WIFEXITED(status)) {
		assert_int_equal(WEXITSTATUS(status), 0);
		return true;
	}
	return false;
}

static void make_job(struct job *job)
{
	for (int i = 0; i < 3; i++)
		id_new(job->decision[i]);
	id_new(job->release);
	id_new(job->withdrawal);
}

static void check_end(struct fixture *f)
{
	struct merkle_range range = { .size = 0 };
	unsigned char hash[HASH_SIZE], root[HASH_SIZE];
	struct checkpoint c;

	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM proposal"), 3);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM decision WHERE verdict='accepted'"), 3);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM decision"), 3);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM result"), 3);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM release"), 1);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM feedback"), 3);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM review WHERE state='open'"), 0);
	/* Nothing without its leaf, no leaf without its effect. */
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf WHERE leaf LIKE"
	                             " '%\"type\":\"decision\"%' OR leaf LIKE '%\"type\":\"release\"%'"
	                             " OR leaf LIKE '%\"type\":\"withdraw\"%'"), 5);
	assert_int_equal(fixture_sql(f, "SELECT max(size) FROM checkpoint"),
	                 fixture_sql(f, "SELECT count(*) FROM log_leaf"));
	fixture_call(f, QUEUE_LOG_ENTRIES, &f->lead, NULL, NULL, NULL);
	for (size_t i = 0; i < fixture_count(f, "/entries"); i++) {
		const char *leaf = value_text(value_at(value_find(f->last, "entries"), i), "leaf");

		merkle_leaf_hash(leaf, strlen(leaf), hash);
		merkle_range_add(&range, hash, NULL, NULL, NULL);
	}
	fixture_call(f, QUEUE_LOG_CHECKPOINT, &f->lead, NULL, NULL, NULL);
	assert_int_equal(checkpoint_read(f->text, strlen(f->text), &c, NULL), 0);
	merkle_range_root(&range, root);
	assert_memory_equal(c.root, root, HASH_SIZE);
}

static void test_killed_at_every_point(void **state)
{
	struct fixture *f = *state;
	struct job job;
	long count, size;

	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	make_job(&job);
	assert_true(run(f, &job, 0));
	count = *shared;
	check_end(f);
	/* One more run changes nothing. */
	size = (long)fixture_sql(f, "SELECT count(*) FROM log_leaf");
	assert_true(run(f, &job, 0));
	check_end(f);
	assert_int_equal(fixture_sql(f, "SELECT count(*) FROM log_leaf"), size);
	print_message("# %ld crash points\n", count);
	assert_true(count >= 20);
	for (long n = 1; n <= count; n++) {
		struct fixture *fresh;

		assert_int_equal(fixture_setup((void **)&fresh), 0);
		make_job(&job);
		assert_false(run(fresh, &job, n));
		assert_true(run(fresh, &job, 0));
		check_end(fresh);
		fixture_teardown((void **)&fresh);
	}
	munmap(shared, sizeof *shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_killed_at_every_point, fixture_setup,
		                                fixture_teardown),
	};

	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
