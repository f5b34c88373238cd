/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk dies at every crash point of a run that pushes, acknowledges,
 * mirrors, leases, reveals and gives back; it starts again and runs to the end.
 * The end state is that of the undisturbed run, every decision has its effect
 * once, and one more run changes nothing.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crash.h"
#include "sync_desk.h"

/* Instead of the one that does nothing: counts in this process, and dies. */
static long passes, die_at;

void crash_point(const char *name)
{
	(void)name;
	if (++passes == die_at)
		kill(getpid(), SIGKILL);
}

/* A process of its own: opens the store, runs, ends. Reports its passes. */
static void child(const char *dir, int fd, int report, long at)
{
	struct sync_options options = { .queue = "receipts", .no_poll = true };
	struct store *store = NULL;
	struct sync *s;
	int rc;

	passes = 0;
	die_at = at;
	if (store_open(dir, &store, NULL) != 0)
		_exit(3);
	s = sync_new(store, fake_transport_remote(fd), &options);
	rc = sync_run_once(s, NULL);
	if (write(report, &passes, sizeof passes) != (ssize_t)sizeof passes)
		rc = -1;
	_exit(rc == 0 ? 0 : 4);
}

/* Runs a desk that dies at its Nth point (0: never); true if it ended well. */
static bool run(struct sync_desk *d, long at, long *counted)
{
	int link[2], report[2], status;
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, link), 0);
	assert_int_equal(pipe(report), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(link[0]);
		close(report[0]);
		child(d->dir, link[1], report[1], at);
	}
	close(link[1]);
	close(report[1]);
	fake_transport_serve(&d->server, link[0]);
	if (counted && read(report[0], counted, sizeof *counted) != (ssize_t)sizeof *counted)
		*counted = 0;
	close(link[0]);
	close(report[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Five reviews decided, one of them about to be refused halfway, one given
 * back, one blind answer committed; the server has changes to tell. */
static void prepare(struct sync_desk *d)
{
	struct sync_options options = { .queue = "receipts", .no_poll = true,
	                                .prefetch_least = 8, .prefetch_most = 8 };
	static const char own[] =
		"sha256:0000000000000000000000000000000000000000000000000000000000000001";
	struct store_dispose skip = { .disposition = DISPOSITION_SKIP };
	struct value *change = value_new_object();
	char id[ID_SIZE], review[ID_SIZE];

	sync_desk_start(d, 20);
	d->server.reviews[7].blind = true;
	d->server.page_most = 7;
	sync_desk_connect(d, &options);
	sync_desk_settle(d);
	sync_desk_disconnect(d);
	for (int i = 0; i < 5; i++)
		sync_desk_decide(d, 0, i == 4, id);
	sync_desk_review(d, 0, review);
	skip.id = id_new(id);
	skip.review = review;
	skip.decided_ms = clock_now_ms();
	skip.decided_boot_ms = d->boot_ms;
	assert_int_equal(store_dispose(d->store, &skip, NULL), 0);
	assert_int_equal(store_lease_touch(d->store, d->server.reviews[7].review, d->boot_ms, NULL), 0);
	assert_int_equal(store_lease_own(d->store, d->server.reviews[7].review, own, NULL, NULL), 0);
	d->server.reviews[19].open = false;
	value_set_string(change, "type", "gone");
	value_set_string(change, "review", d->server.reviews[19].review);
	fake_server_change(&d->server, change);
	for (int i = 0; i < 3; i++)
		fake_server_leaf(&d->server);
	d->server.must_refetch_once = true;
	store_close(d->store);
	d->store = NULL;
}

static char *finish(struct sync_desk *d)
{
	struct buf dump = BUF_INIT;

	assert_int_equal(store_open(d->dir, &d->store, NULL), 0);
	sync_desk_dump(d, &dump);
	store_close(d->store);
	d->store = NULL;
	return buf_take(&dump);
}

static void assert_same(const char *a, const char *b, long at)
{
	if (strcmp(a, b) != 0) {
		print_message("# after point %ld\n# --- expected\n%s", at, a);
		print_message("# --- got\n%s", b);
		fail();
	}
}

static void survives_every_point(void **state)
{
	struct sync_desk d;
	char *expected, *again;
	long points = 0;

	(void)state;
	prepare(&d);
	assert_true(run(&d, 0, &points));
	expected = finish(&d);
	assert_int_equal(d.server.effects, 5);
	assert_true(d.server.reviews[7].revealed);
	assert_non_null(strstr(expected, "in_log accepted"));
	sync_desk_stop(&d);
	assert_in_range(points, 40, 1000);
	for (long at = 1; at <= points; at++) {
		prepare(&d);
		assert_false(run(&d, at, NULL));
		if (!run(&d, 0, NULL))
			fail_msg("no recovery after point %ld", at);
		again = finish(&d);
		assert_same(expected, again, at);
		if (d.server.effects != 5)
			fail_msg("%d effects after point %ld", d.server.effects, at);
		free(again);
		assert_true(run(&d, 0, NULL));
		again = finish(&d);
		assert_same(expected, again, at);
		free(again);
		sync_desk_stop(&d);
	}
	print_message("# %ld crash points\n", points);
	free(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(survives_every_point) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
