/* SPDX-License-Identifier: Apache-2.0 */
#include "app/local_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"

enum { START_MS = 20000, LOOK_MS = 20, OUTPUT_BYTES = 1 << 16 };

int local_server_init(struct local_server *s, const char *dir, struct err *err)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	memset(s, 0, sizeof *s);
	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash) {
		*slash = '\0';
		s->program = file_join(self, "countersignd");
	}
	if (!s->program || access(s->program, X_OK) != 0) {
		free(s->program);
		s->program = mem_strdup("countersignd");
	}
	s->data = file_join(dir, "server");
	s->log = file_join(dir, "server.log");
	return file_make_dirs(dir, err);
}

static void become(struct local_server *s, char **argv, int out, pid_t parent)
{
	int log = open(s->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	dup2(null, STDIN_FILENO);
	dup2(out >= 0 ? out : null, STDOUT_FILENO);
	dup2(log >= 0 ? log : null, STDERR_FILENO);
	/* Its own group: Ctrl-C at the desk is not for it. */
	setpgid(0, 0);
	execvp(argv[0], argv);
	_exit(127);
}

static int spawn(struct local_server *s, char **argv, int out, pid_t *pid, struct err *err)
{
	pid_t parent = getpid();

	*pid = fork();
	if (*pid < 0)
		return err_errno(err, N_("cannot start %s: %s"), argv[0]);
	if (*pid == 0)
		become(s, argv, out, parent);
	return 0;
}

/* Runs a subcommand to its end; output: what it printed. */
static int run(struct local_server *s, char **argv, struct buf *output, struct err *err)
{
	char chunk[4096];
	int fds[2], status = 0;
	ssize_t n;
	pid_t pid;
	int rc;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_errno(err, N_("cannot start %s: %s"), argv[0]);
	rc = spawn(s, argv, fds[1], &pid, err);
	close(fds[1]);
	if (rc == 0) {
		output->limit = OUTPUT_BYTES;
		while ((n = read(fds[0], chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR))
			if (n > 0)
				buf_add(output, chunk, (size_t)n);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (status != 0)
			rc = err_set(err, ERR_NOT_FOUND, N_("%s %s failed; %s says why"), argv[0],
			             argv[1], s->log);
	}
	close(fds[0]);
	return rc;
}

int local_server_load(struct local_server *s, const char *queues, struct err *err)
{
	char *argv[] = { s->program, (char *)"queue", (char *)"load", (char *)"--data", s->data,
		(char *)queues, NULL };
	struct buf out = BUF_INIT;
	int rc = run(s, argv, &out, err);

	buf_clear(&out);
	return rc;
}

int local_server_token(struct local_server *s, const char *name, const char *role,
                       const char *token_file, struct err *err)
{
	char *argv[] = { s->program, (char *)"token", (char *)"add", (char *)"--data", s->data,
		(char *)"--name", (char *)name, (char *)"--role", (char *)role,
		(char *)"--queue", (char *)"*", NULL };
	struct buf out = BUF_INIT;
	int rc = run(s, argv, &out, err);
	const char *token = strstr(buf_str(&out), "cst_");

	if (rc == 0 && !token)
		rc = err_set(err, ERR_INTERNAL, N_("%s gave no token"), s->program);
	if (rc == 0)
		rc = file_write_private(token_file, token, strcspn(token, "\n\" "), err);
	buf_clear(&out);
	return rc;
}

int local_server_start(struct local_server *s, struct err *err)
{
	char *port_file = mem_printf("%s.port", s->data);
	char *argv[] = { s->program, (char *)"serve", (char *)"--data", s->data,
		(char *)"--listen", (char *)"127.0.0.1:0", (char *)"--port-file", port_file, NULL };
	int64_t until = clock_boot_ms() + START_MS;
	struct buf port = BUF_INIT;
	int rc = spawn(s, argv, -1, &s->pid, err);

	while (rc == 0 && (file_read(port_file, 64, &port, NULL) != 0 || !port.len)) {
		if (waitpid(s->pid, NULL, WNOHANG) != 0 || clock_boot_ms() > until) {
			s->pid = 0;
			rc = err_set(err, ERR_OFFLINE, N_("the queue server did not start; %s says why"), s->log);
			break;
		}
		poll(NULL, 0, LOOK_MS);
		buf_reset(&port);
	}
	if (rc == 0)
		s->url = mem_printf("http://%.*s", (int)strcspn(buf_str(&port), "\n"), buf_str(&port));
	buf_clear(&port);
	free(port_file);
	return rc;
}

void local_server_stop(struct local_server *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGTERM);
		while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(s->program);
	free(s->data);
	free(s->log);
	free(s->url);
	memset(s, 0, sizeof *s);
}
