/* SPDX-License-Identifier: Apache-2.0
 *
 * Eight devices take, give back, renew and decide fifty items in random order
 * while the process that holds the database is killed again and again. Nobody
 * may ever hold what somebody else holds. Built a second time without the check
 * of the holder (HOLDER_OFF), the same run must find overlaps.
 *
 * ROUNDS: lease rounds a device (default 150; the long form runs 1000).
 */
#include "fixture.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "queue/holder.h"

enum { DEVICES = 8, ITEMS = 50 };

#ifdef HOLDER_OFF
bool holder_checked(void)
{
	return false;
}

bool holder_token_checked(void)
{
	return true;
}
#endif

/* What outlives a killed process. */
struct shared {
	int64_t now_ms;
	long rounds, kills, overlaps, leases, decided;
	struct { char review[ID_SIZE]; int device; int64_t until_ms; } held[ITEMS * 4];
	int64_t seq[DEVICES];
	unsigned random;
};

static struct shared *shared;
static struct person people[DEVICES];

static unsigned pick(unsigned n)
{
	shared->random = shared->random * 1103515245u + 12345u;
	return (shared->random >> 16) % n;
}

static size_t slot(const char *review)
{
	size_t i = 0;

	while (*shared->held[i].review && strcmp(shared->held[i].review, review) != 0)
		i++;
	assert_true(i < ITEMS * 4);
	memcpy(shared->held[i].review, review, ID_SIZE);
	return i;
}

static void note_leases(struct fixture *f, int device)
{
	const struct value *list = value_find(f->last, "leases");

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *lease = value_at(list, i);
		size_t at = slot(value_text(lease, "review"));
		int64_t until;

		assert_true(clock_parse(value_text(lease, "expires_at"), &until));
		if (shared->held[at].device != device && shared->held[at].until_ms > shared->now_ms)
			shared->overlaps++;
		shared->held[at].device = device;
		shared->held[at].until_ms = until;
		shared->leases++;
	}
}

/* From the moment it asks to end a lease, a device counts as without it. */
static void let_go(const char *review)
{
	shared->held[slot(review)].until_ms = 0;
}

static void give_back(struct fixture *f, int device, const struct value *lease)
{
	let_go(value_text(lease, "review"));
	fixture_callf(f, QUEUE_RELEASE_LEASE, &people[device], NULL, NULL,
	              "{'review':'%s','token':'%s'}", value_text(lease, "review"),
	              value_text(lease, "token"));
}

static void decide(struct fixture *f, int device, const struct value *lease)
{
	struct decision *d;

	/* Keep a stock of open items: two in three stay undecided. */
	if (shared->decided * 3 >= ITEMS * 2)
		return;
	people[device].seq = shared->seq[device]++;
	d = fixture_decision(&people[device], lease, OUTCOME_ESCALATE);
	let_go(value_text(lease, "review"));
	if (strcmp(fixture_decide(f, &people[device], d), "accepted") == 0)
		shared->decided++;
	decision_free(d);
}

static void one_round(struct fixture *f)
{
	int device = (int)pick(DEVICES);
	struct value *lease;

	shared->now_ms += pick(90) * 1000;
	fixture_now_ms = shared->now_ms;
	fixture_callf(f, QUEUE_LEASES, &people[device], NULL, NULL,
	              "{'device':'%s','queue':'receipts','want':%u}", people[device].device,
	              1 + pick(6));
	assert_int_equal(f->status, 200);
	note_leases(f, device);
	lease = value_copy(value_find_pointer(f->last, "/leases/0"));
	if (lease && value_find(lease, "proposal")) {
		unsigned what = pick(8);

		if (what == 0)
			decide(f, device, lease);
		else if (what < 4)
			give_back(f, device, lease);
	}
	value_free(lease);
	if (pick(20) == 0)
		assert_int_equal(queue_tick(f->queue, &(int64_t){ 0 }, NULL), 0);
	shared->rounds++;
}

/* Works until it is killed or all rounds are done. */
static void work(struct fixture *f, long rounds)
{
	fixture_reopen(f);
	while (shared->rounds < rounds)
		one_round(f);
	queue_close(f->queue);
	_exit(0);
}

static void run_and_kill(struct fixture *f, long rounds)
{
	while (shared->rounds < rounds) {
		struct timespec pause = { .tv_nsec = (long)(5 + pick(60)) * 1000000 };
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0)
			work(f, rounds);
		nanosleep(&pause, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFSIGNALED(status))
			shared->kills++;
		else
			assert_int_equal(WEXITSTATUS(status), 0);
	}
}

static void test_nobody_holds_what_another_holds(void **state)
{
	struct fixture *f = *state;
	const char *wanted = getenv("ROUNDS");
	long rounds = (wanted ? strtol(wanted, NULL, 10) : 150) * DEVICES;
	static const char *const names[DEVICES] = { "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8" };

	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	shared->random = 20261102;
	for (int i = 0; i < DEVICES; i++)
		fixture_person(f, &people[i], names[i], "reviewer", NULL);
	for (int i = 0; i < ITEMS; i++) {
		char name[16];

		snprintf(name, sizeof name, "r-%d", i);
		free(fixture_receipt(f, name, "0.41"));
	}
	shared->now_ms = fixture_now_ms;
	queue_close(f->queue);
	f->queue = NULL;
	run_and_kill(f, rounds);
	print_message("# %ld rounds, %ld kills, %ld leases seen, %ld decided, %ld overlaps\n",
	              shared->rounds, shared->kills, shared->leases, shared->decided,
	              shared->overlaps);
	assert_true(shared->kills > 0);
	assert_true(shared->leases > rounds);
#ifdef HOLDER_OFF
	assert_true(shared->overlaps > 0);
#else
	assert_int_equal(shared->overlaps, 0);
#endif
	munmap(shared, sizeof *shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nobody_holds_what_another_holds,
		                                fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("holder", tests, NULL, NULL);
}
