/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

enum { TRIES = 1500, TRY_MS = 10, WORDS = 24, PULL_MOST = 50 };

static const char *build_dir(void)
{
	const char *dir = getenv("top_builddir");

	return dir ? dir : ".";
}

/* --- programs -------------------------------------------------------------------- */

static pid_t spawn(const char *const *argv, const char *const *env, int out)
{
	pid_t pid = fork();

	if (pid == 0) {
		int nothing = open("/dev/null", O_RDWR);

		dup2(nothing, 0);
		dup2(out, 1);
		dup2(out, 2);
		execvpe(argv[0], (char *const *)argv, (char *const *)env);
		_exit(127);
	}
	if (pid < 0)
		fail_msg("%s cannot be started: %s", argv[0], strerror(errno));
	return pid;
}

static char *read_all(int fd)
{
	struct buf text = BUF_INIT;
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		buf_add(&text, bytes, (size_t)n);
	close(fd);
	return buf_take(&text);
}

/* Runs a program to its end; returns what it printed. */
static char *run(const char *const *argv, const char *const *env, int wanted)
{
	int out[2], status;
	pid_t pid;
	char *text;

	if (pipe2(out, O_CLOEXEC) != 0)
		fail_msg("no pipe: %s", strerror(errno));
	pid = spawn(argv, env, out[1]);
	close(out[1]);
	text = read_all(out[0]);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != wanted)
		fail_msg("%s %s: status %d, expected %d\n%s", argv[0], argv[1] ? argv[1] : "",
		         WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), wanted,
		         text);
	return text;
}

static void run_server(struct world *w, const char *const *words)
{
	char *program = mem_printf("%s/countersignd", build_dir());
	char *data = mem_printf("%s/data", w->dir);
	const char *argv[WORDS] = { program, words[0], words[1], "--data", data };
	size_t n = 5;

	for (size_t i = 2; words[i]; i++)
		argv[n++] = words[i];
	argv[n] = NULL;
	free(run(argv, world_env(w, "nobody", NULL, NULL), 0));
	free(data);
	free(program);
}

/* --- the world ------------------------------------------------------------------- */

void world_open(struct world *w, const char *queues)
{
	const char *tmp = getenv("TMPDIR");

	memset(w, 0, sizeof *w);
	w->dir = mem_printf("%s/countersign-screen-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(w->dir))
		fail_msg("no folder: %s", strerror(errno));
	w->url = mem_strdup(WORLD_NOBODY);
	run_server(w, (const char *const[]){ "queue", "load", queues, NULL });
}

static void clear_env(struct world *w)
{
	for (size_t i = 0; i < w->env_count; i++)
		free(w->env_texts[i]);
	w->env_count = 0;
}

void world_close(struct world *w)
{
	const char *argv[] = { "rm", "-rf", w->dir, NULL };

	world_stop(w);
	free(run(argv, world_env(w, "nobody", NULL, NULL), 0));
	clear_env(w);
	free(w->url);
	free(w->dir);
}

void world_person(struct world *w, const char *name, const char *role)
{
	char *file = mem_printf("%s/%s.token", w->dir, name);

	run_server(w, (const char *const[]){ "token", "add", "--name", name, "--role", role,
	                                     "--token-file", file, NULL });
	free(file);
}

static void wait_for_address(struct world *w, const char *path)
{
	int process = pidfd_open(w->server, 0);

	for (int i = 0; i < TRIES; i++) {
		struct pollfd fd = { .fd = process, .events = POLLIN };
		int file = open(path, O_RDONLY | O_CLOEXEC);
		char *text = file < 0 ? NULL : read_all(file);
		size_t len = text ? strcspn(text, "\n") : 0;

		if (len && text[len] == '\n') {
			free(w->url);
			w->url = mem_printf("http://%.*s", (int)len, text);
			free(text);
			close(process);
			return;
		}
		free(text);
		if (poll(&fd, 1, TRY_MS) > 0)
			break;
	}
	fail_msg("countersignd did not listen; see %s/server.log", w->dir);
}

void world_serve(struct world *w)
{
	char *program = mem_printf("%s/countersignd", build_dir());
	char *data = mem_printf("%s/data", w->dir), *port = mem_printf("%s/port", w->dir);
	char *log = mem_printf("%s/server.log", w->dir);
	const char *argv[] = { program, "serve", "--data", data, "--listen", "127.0.0.1:0",
		"--port-file", port, NULL };
	int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	unlink(port);
	w->server = spawn(argv, world_env(w, "nobody", NULL, NULL), out);
	close(out);
	wait_for_address(w, port);
	free(log);
	free(port);
	free(data);
	free(program);
}

void world_stop(struct world *w)
{
	int status;

	if (!w->server)
		return;
	kill(w->server, SIGTERM);
	waitpid(w->server, &status, 0);
	w->server = 0;
	free(w->url);
	w->url = mem_strdup(WORLD_NOBODY);
}

/* --- what people do --------------------------------------------------------------- */

static void add_env(struct world *w, char *text)
{
	assert_true(w->env_count < WORLD_ENV - 1);
	w->env[w->env_count] = w->env_texts[w->env_count] = text;
	w->env[++w->env_count] = NULL;
}

const char *const *world_env(struct world *w, const char *name, const char *store,
                             const char *const *more)
{
	clear_env(w);
	add_env(w, mem_strdup("PATH=/usr/bin:/bin"));
	add_env(w, mem_strdup("LC_ALL=C.UTF-8"));
	add_env(w, mem_printf("COUNTERSIGN_SERVER=%s", w->url));
	add_env(w, mem_printf("COUNTERSIGN_TOKEN_FILE=%s/%s.token", w->dir, name));
	if (store)
		add_env(w, mem_printf("COUNTERSIGN_STORE=%s", store));
	else
		add_env(w, mem_printf("COUNTERSIGN_STORE=%s/%s.store", w->dir, name));
	add_env(w, mem_printf("XDG_CONFIG_HOME=%s/no-config", w->dir));
	add_env(w, mem_printf("TMPDIR=%s", w->dir));
	for (size_t i = 0; more && more[i]; i++)
		add_env(w, mem_strdup(more[i]));
	return w->env;
}

char *world_run(struct world *w, const char *name, const char *store, int wanted,
                const char *const *words)
{
	char *program = mem_printf("%s/countersign", build_dir()), *text;
	const char *argv[WORDS] = { program };
	size_t n = 1;

	for (size_t i = 0; words[i]; i++)
		argv[n++] = words[i];
	argv[n] = NULL;
	text = run(argv, world_env(w, name, store, NULL), wanted);
	free(program);
	return text;
}

/* The first lines of a file as a file of its own. */
static char *first_lines(struct world *w, const char *path, size_t most)
{
	char *part = mem_printf("%s/part.jsonl", w->dir), *line = NULL;
	FILE *in = fopen(path, "r"), *out = fopen(part, "w");
	size_t size = 0;

	if (!in || !out)
		fail_msg("%s cannot be read", path);
	while (most-- && getline(&line, &size, in) > 0)
		fputs(line, out);
	free(line);
	fclose(in);
	fclose(out);
	return part;
}

void world_submit(struct world *w, const char *jsonl, size_t most)
{
	char *part = most ? first_lines(w, jsonl, most) : mem_strdup(jsonl);

	free(world_run(w, "producer-1", NULL, 0, (const char *const[]){ "submit", part, NULL }));
	free(part);
}

void world_pull(struct world *w, const char *name, const char *queue, int number)
{
	char text[16];

	snprintf(text, sizeof text, "%d", number);
	free(world_run(w, name, NULL, 0,
	               (const char *const[]){ "pull", queue, "-n", text, NULL }));
}

void world_offline(struct world *w, const char *queues, const char *jsonl,
                   const char *const *names)
{
	world_open(w, queues);
	world_person(w, "producer-1", "producer");
	world_person(w, "reviewer-1", "reviewer");
	world_serve(w);
	world_submit(w, jsonl, 0);
	for (size_t i = 0; names[i]; i++)
		world_pull(w, "reviewer-1", names[i], PULL_MOST);
	world_stop(w);
}

char *world_copy(struct world *w, const char *name)
{
	char *from = mem_printf("%s/%s.store", w->dir, name);
	char *to = mem_printf("%s/%s.copy-%d", w->dir, name, ++w->copies);
	const char *argv[] = { "cp", "-a", from, to, NULL };

	free(run(argv, world_env(w, name, NULL, NULL), 0));
	free(from);
	return to;
}

struct harness *world_desk(struct world *w, const char *name, const struct harness_spec *spec,
                           char **store)
{
	char *program = mem_printf("%s/tests/hooked/countersign", build_dir());
	const char *argv[] = { program, NULL };
	struct harness_spec own = { .argv = argv };
	struct harness *h;

	*store = world_copy(w, name);
	if (spec)
		own = *spec;
	own.argv = argv;
	own.env = world_env(w, name, *store, spec ? spec->env : NULL);
	h = harness_start(&own);
	free(program);
	return h;
}

void world_script(const char *script, const char *const *words)
{
	const char *python = getenv("PYTHON3");
	char *path = mem_printf("%s/screen/%s", TEST_SRCDIR, script);
	const char *argv[WORDS] = { python ? python : "python3", path };
	size_t n = 2;

	for (size_t i = 0; words[i]; i++)
		argv[n++] = words[i];
	argv[n] = NULL;
	free(run(argv, (const char *const[]){ "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", NULL }, 0));
	free(path);
}

const char *world_real(const char *file)
{
	static char path[4096];
	const char *shared = getenv("COUNTERSIGN_SHARED");

	snprintf(path, sizeof path, "%s/data/%s", shared ? shared : "../shared", file);
	return access(path, R_OK) == 0 ? path : NULL;
}
