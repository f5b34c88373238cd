/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/connection.h"
#include "server/listen.h"

/* Both ends of a real TCP connection. */
struct pair { int ours, theirs; };

static struct pair pair_open(void)
{
	char bound[LISTEN_TEXT_SIZE];
	struct sockaddr_in to = { .sin_family = AF_INET };
	int listening = listen_open("127.0.0.1:0", bound, NULL);
	struct pair p;

	assert_true(listening >= 0);
	to.sin_port = htons((uint16_t)strtoul(strchr(bound, ':') + 1, NULL, 10));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p.theirs = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(p.theirs, (struct sockaddr *)&to, sizeof to), 0);
	p.ours = accept(listening, NULL, NULL);
	assert_true(p.ours >= 0);
	close(listening);
	return p;
}

static void pair_close(struct pair *p)
{
	close(p->ours);
	close(p->theirs);
}

/* Has the connection been shut down, as its peer sees it? */
static int is_cut(const struct pair *p)
{
	char c;

	return recv(p->theirs, &c, 1, MSG_DONTWAIT) == 0;
}

static struct connections all_init(void)
{
	return (struct connections){ .header_ms = 10000, .body_ms = 30000, .idle_ms = 60000 };
}

static void slow_headers_are_cut_however_they_drip(void **state)
{
	struct connections all = all_init();
	struct pair p = pair_open();
	struct connection *c = connection_open(&all, p.ours, 1000);

	(void)state;
	for (int64_t at = 1000; at < 11000; at += 1000) {
		assert_int_equal(send(p.theirs, "G", 1, 0), 1);
		connection_reap(&all, at);
		assert_false(is_cut(&p));
	}
	connection_reap(&all, 11000);
	assert_true(is_cut(&p));
	connection_reap(&all, 12000);
	assert_int_equal(all.cut, 1);
	connection_close(&all, c);
	pair_close(&p);
}

static void a_body_has_its_own_time(void **state)
{
	struct connections all = all_init();
	struct pair p = pair_open(), q = pair_open();
	struct connection *c = connection_open(&all, p.ours, 0), *d = connection_open(&all, q.ours, 0);

	(void)state;
	connection_enter(&all, c, CONNECTION_BODY, 5000, 1);
	connection_enter(&all, d, CONNECTION_BODY, 5000, 10);
	connection_reap(&all, 34999);
	assert_false(is_cut(&p));
	connection_reap(&all, 35000);
	assert_true(is_cut(&p));
	assert_false(is_cut(&q));
	connection_reap(&all, 305000);
	assert_true(is_cut(&q));
	connection_close(&all, c);
	connection_close(&all, d);
	pair_close(&p);
	pair_close(&q);
}

static void what_waits_for_us_is_never_cut(void **state)
{
	struct connections all = all_init();
	struct pair p = pair_open();
	struct connection *c = connection_open(&all, p.ours, 0);

	(void)state;
	connection_enter(&all, c, CONNECTION_ANSWER, 0, 1);
	connection_reap(&all, INT64_MAX - 1);
	assert_false(is_cut(&p));
	connection_close(&all, c);
	pair_close(&p);
}

static void a_kept_connection_may_rest_but_not_drip(void **state)
{
	struct connections all = all_init();
	struct pair p = pair_open(), q = pair_open();
	struct connection *c = connection_open(&all, p.ours, 0), *d = connection_open(&all, q.ours, 0);

	(void)state;
	connection_enter(&all, c, CONNECTION_IDLE, 0, 1);
	connection_enter(&all, d, CONNECTION_IDLE, 0, 1);
	connection_reap(&all, 20000);
	/* The next request begins to arrive on the second. */
	assert_int_equal(send(q.theirs, "G", 1, 0), 1);
	connection_reap(&all, 21000);
	connection_reap(&all, 30999);
	assert_false(is_cut(&q));
	connection_reap(&all, 31000);
	assert_true(is_cut(&q));
	assert_false(is_cut(&p));
	connection_reap(&all, 60000);
	assert_true(is_cut(&p));
	connection_close(&all, d);
	connection_close(&all, c);
	assert_int_equal(all.count, 0);
	assert_null(all.first);
	pair_close(&p);
	pair_close(&q);
}

static void a_peer_that_left_is_let_go(void **state)
{
	struct connections all = all_init();
	struct pair p = pair_open();
	struct connection *c = connection_open(&all, p.ours, 0);
	char text[4];

	(void)state;
	assert_int_equal(send(p.theirs, "GET", 3, 0), 3);
	shutdown(p.theirs, SHUT_WR);
	connection_reap(&all, 1);
	assert_false(is_cut(&p));   /* there is still something to read */
	assert_int_equal(recv(p.ours, text, sizeof text, 0), 3);
	connection_enter(&all, c, CONNECTION_ANSWER, 2, 1);
	connection_reap(&all, 3);
	assert_false(is_cut(&p));   /* it waits for our answer */
	connection_enter(&all, c, CONNECTION_IDLE, 4, 1);
	connection_reap(&all, 5);
	assert_true(is_cut(&p));
	connection_close(&all, c);
	pair_close(&p);
}

static void addresses_to_listen_on(void **state)
{
	static const char *const bad[] = {
		"", ":", "127.0.0.1", "127.0.0.1:", ":8470", "localhost:0", "127.0.0.1:x",
		"127.0.0.1:0x", "[::1:0", "::1", "a.b.c.d:1",
	};
	char bound[LISTEN_TEXT_SIZE];
	struct err err = ERR_INIT;
	int fd = listen_open("127.0.0.1:0", bound, &err), again;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(strncmp(bound, "127.0.0.1:", 10), 0);
	assert_true(strtoul(bound + 10, NULL, 10) > 0);
	again = listen_open(bound, bound, &err);
	assert_int_equal(again, ERR_BUSY);
	close(fd);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err = (struct err)ERR_INIT;
		if (listen_open(bad[i], bound, &err) != ERR_CONFIG)
			fail_msg("“%s”", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_headers_are_cut_however_they_drip),
		cmocka_unit_test(a_body_has_its_own_time),
		cmocka_unit_test(what_waits_for_us_is_never_cut),
		cmocka_unit_test(a_kept_connection_may_rest_but_not_drip),
		cmocka_unit_test(a_peer_that_left_is_let_go),
		cmocka_unit_test(addresses_to_listen_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
