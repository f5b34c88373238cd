/* SPDX-License-Identifier: Apache-2.0
 *
 * countersignd serve: one thread, one loop. It waits on the HTTP library's
 * descriptor and on the signals; nothing else wakes it but time.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/msg.h"
#include "config.h"
#include "server/cmd.h"
#include "server/httpd.h"
#include "server/listen.h"

enum {
	STOP_MS = 8000,            /* time for what is under way when stopping */
	TICK_MOST_MS = 30000, TICK_LEAST_MS = 1000,
	FILES_KEPT = 64            /* descriptors for everything but connections */
};

const struct args_option cmd_serve_options[] = {
	{ "data", 'd', "DIR", N_("data directory; made when it is missing") },
	{ "listen", 'l', "ADDR:PORT", N_("address to listen on (127.0.0.1:8470); port 0: any free one") },
	{ "port-file", 0, "FILE", N_("write the address there once it listens") },
	{ "connections", 0, "N", N_("most connections at a time (4096)") },
	{ "per-address", 0, "N", N_("most connections from one address (2048); 0: no limit") },
	{ "header-deadline", 0, "MS", N_("time for the headers of a request (10000)") },
	{ "body-deadline", 0, "MS", N_("time for the body of a request (30000)") },
	{ "verbose", 'v', NULL, N_("log reads too") },
	{ "help", 'h', NULL, N_("show this help") },
	{ NULL, 0, NULL, NULL }
};

struct serve {
	struct queue *queue;
	struct httpd *httpd;
	int signal_fd;
	int64_t tick_due_ms;       /* wall clock, from the queue */
	int64_t ticked_ms;         /* monotonic */
	uint64_t tick_generation;
};

static int64_t mono_ms(void)
{
	return clock_mono_us() / 1000;
}

/* --- starting --------------------------------------------------------------- */

static int signals_open(struct err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return fd < 0 ? err_errno(err, N_("cannot wait for %s: %s"), "SIGTERM") : fd;
}

/* Raises the soft limit to the hard one; returns how many connections fit. */
static unsigned connections_that_fit(unsigned wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < (rlim_t)wanted + FILES_KEPT)
		return limit.rlim_cur > 2 * FILES_KEPT ? (unsigned)limit.rlim_cur - FILES_KEPT : FILES_KEPT;
	return wanted;
}

static int read_options(const struct args *args, struct httpd_options *o, struct err *err)
{
	long long connections, per_address, header_ms, body_ms;
	int ret = args_number(args, "connections", 1, 1000000, 4096, &connections, err);

	if (ret == 0)
		ret = args_number(args, "per-address", 0, 1000000, 2048, &per_address, err);
	if (ret == 0)
		ret = args_number(args, "header-deadline", 100, 600000, 10000, &header_ms, err);
	if (ret == 0)
		ret = args_number(args, "body-deadline", 100, 600000, 30000, &body_ms, err);
	if (ret < 0)
		return ret;
	o->connections = connections_that_fit((unsigned)connections);
	o->per_address = (unsigned)per_address;
	o->header_ms = header_ms;
	o->body_ms = body_ms;
	o->idle_ms = 60000;
	return 0;
}

static int announce(const struct args *args, const char *address, struct err *err)
{
	const char *path = args_value(args, "port-file");
	char *line;
	int ret = 0;

	if (strncmp(address, "127.", 4) != 0 && strncmp(address, "[::1]", 5) != 0)
		log_event(LOG_WARN, "server.plain", "address", address,
		          "text", "plain HTTP beyond this machine: put a TLS proxy in front", NULL);
	log_event(LOG_INFO, "server.listening", "address", address, NULL);
	if (path) {
		line = mem_printf("%s\n", address);
		ret = file_write_private(path, line, strlen(line), err);
		free(line);
	}
	return ret;
}

static int start(struct serve *s, const struct args *args, struct httpd_options *options,
                 struct err *err)
{
	const char *listen = args_value(args, "listen");
	char address[LISTEN_TEXT_SIZE];
	int ret;

	s->signal_fd = signals_open(err);
	if (s->signal_fd < 0)
		return err->code;
	options->listen_fd = listen_open(listen ? listen : "127.0.0.1:8470", address, err);
	if (options->listen_fd < 0)
		return options->listen_fd;
	log_event(LOG_INFO, "server.starting", "version", PACKAGE_VERSION,
	          "engine", s->queue->ops->name, "http", httpd_library(), NULL);
	ret = httpd_open(options, s->queue, &s->httpd, err);
	return ret < 0 ? ret : announce(args, address, err);
}

/* --- running ---------------------------------------------------------------- */

static void tick(struct serve *s)
{
	int64_t now_ms = mono_ms(), since_ms = now_ms - s->ticked_ms;
	uint64_t generation = queue_generation(s->queue);
	struct err err = ERR_INIT;
	char words[512];

	/* A commit may have brought something that falls due earlier. */
	if (clock_now_ms() < s->tick_due_ms && since_ms < TICK_MOST_MS
	    && (generation == s->tick_generation || since_ms < TICK_LEAST_MS))
		return;
	s->ticked_ms = now_ms;
	if (queue_tick(s->queue, &s->tick_due_ms, &err) < 0) {
		s->tick_due_ms = clock_now_ms() + TICK_LEAST_MS;
		log_event(LOG_ERROR, "server.tick", "error", err_words(&err, words, sizeof words), NULL);
	}
	s->tick_generation = queue_generation(s->queue);
}

static bool signalled(const struct serve *s)
{
	struct signalfd_siginfo info;

	return read(s->signal_fd, &info, sizeof info) == sizeof info;
}

static void wait_and_run(struct serve *s)
{
	struct pollfd fds[] = {
		{ .fd = httpd_fd(s->httpd), .events = POLLIN },
		{ .fd = s->signal_fd, .events = POLLIN },
	};

	poll(fds, 2, httpd_timeout_ms(s->httpd));
	httpd_run(s->httpd);
}

/* Refuses what is new, finishes what is under way, ends all waiting. */
static void stop(struct serve *s)
{
	int64_t until_ms = mono_ms() + STOP_MS;
	struct err_numbuf left;

	log_event(LOG_INFO, "server.stopping", NULL);
	httpd_stop(s->httpd);
	while (httpd_busy(s->httpd) && mono_ms() < until_ms && !signalled(s))
		wait_and_run(s);
	log_event(LOG_INFO, "server.stopped", "unanswered",
	          err_num(&left, httpd_busy(s->httpd)), NULL);
}

enum cmd_exit cmd_serve(const struct args *args)
{
	struct serve s = { .signal_fd = -1 };
	struct httpd_options options;
	struct err err = ERR_INIT;
	enum cmd_exit exit = CMD_DONE;

	if (args_has(args, "verbose"))
		log_set_level(LOG_DEBUG);
	if (read_options(args, &options, &err) < 0) {
		cmd_fail(&err);
		return CMD_USAGE;
	}
	umask(077);
	s.queue = cmd_open(args, true, &exit);
	if (!s.queue)
		return exit;
	if (start(&s, args, &options, &err) < 0) {
		exit = cmd_fail(&err);
	} else {
		while (!signalled(&s)) {
			tick(&s);
			wait_and_run(&s);
		}
		stop(&s);
	}
	httpd_close(s.httpd);
	queue_close(s.queue);
	if (s.signal_fd >= 0)
		close(s.signal_fd);
	return exit;
}
