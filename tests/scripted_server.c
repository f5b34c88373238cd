/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST_MAX = 4 << 20 };

/* Reads one request: head and, by Content-Length, body. */
static size_t read_request(int fd, char *text)
{
	size_t len = 0, need = 0;
	char *end;

	while (!need || len < need) {
		ssize_t got = read(fd, text + len, REQUEST_MAX - len);

		if (got <= 0)
			return 0;
		len += (size_t)got;
		text[len] = '\0';
		if (!need && (end = strstr(text, "\r\n\r\n"))) {
			char *body = strcasestr(text, "\r\nContent-Length:");

			need = (size_t)(end + 4 - text);
			if (body && body < end)
				need += strtoul(body + 17, NULL, 10);
		}
	}
	return len;
}

static void send_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);

		if (put <= 0)
			return;
		bytes += put;
		len -= (size_t)put;
	}
}

static const struct scripted_answer *find(const struct scripted_answer *table, const char *request)
{
	const char *path = strchr(request, ' ');
	size_t len;

	if (!path++)
		return NULL;
	len = strcspn(path, " ");
	for (; table->path; table++)
		if (strlen(table->path) == len && strncmp(table->path, path, len) == 0)
			return table;
	return NULL;
}

static void serve(int fd, const struct scripted_answer *table)
{
	static const char missing[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
	char *text = malloc(REQUEST_MAX + 1), pad[4096];
	size_t len;

	memset(pad, 'x', sizeof pad);
	while (text && (len = read_request(fd, text))) {
		const struct scripted_answer *a = find(table, text);
		char head[160];

		if (!a) {
			send_all(fd, missing, sizeof missing - 1);
			continue;
		}
		if (a->bytes) {
			send_all(fd, a->bytes, strlen(a->bytes));
		} else {
			snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
			         "Content-Length: %zu\r\n\r\n", len);
			send_all(fd, head, strlen(head));
			send_all(fd, text, len);
		}
		for (size_t left = a->pad; left; left -= left < sizeof pad ? left : sizeof pad)
			send_all(fd, pad, left < sizeof pad ? left : sizeof pad);
		if (a->after == SCRIPTED_HANG)
			while (read(fd, text, REQUEST_MAX) > 0)
				;
		if (a->after != SCRIPTED_KEEP)
			break;
	}
	free(text);
	close(fd);
}

void scripted_server_start(struct scripted_server *s, const struct scripted_answer *table)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&in, sizeof in) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)&in, &len))
		abort();
	s->port = ntohs(in.sin_port);
	snprintf(s->address, sizeof s->address, "http://127.0.0.1:%d", s->port);
	s->pid = fork();
	if (s->pid < 0)
		abort();
	if (s->pid) {
		close(fd);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int c = accept(fd, NULL, NULL);

		if (c < 0)
			_exit(1);
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(fd);
			serve(c, table);
			_exit(0);
		}
		close(c);
	}
}

void scripted_server_stop(struct scripted_server *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}
