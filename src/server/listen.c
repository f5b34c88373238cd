/* SPDX-License-Identifier: Apache-2.0 */
#include "server/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/msg.h"

enum { BACKLOG = 1024 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage storage;
};

static int resolve(const char *text, union address *address, socklen_t *len, struct err *err)
{
	static const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found;
	const char *colon = strrchr(text, ':');
	char host[LISTEN_TEXT_SIZE];
	size_t host_len = colon ? (size_t)(colon - text) : 0;
	bool brackets = host_len > 2 && text[0] == '[' && text[host_len - 1] == ']';

	if (!host_len || host_len >= sizeof host || strspn(colon + 1, "0123456789") == 0)
		return err_set(err, ERR_CONFIG, N_("“%s” is no ADDRESS:PORT to listen on"), text);
	memcpy(host, text + brackets, host_len - 2 * brackets);
	host[host_len - 2 * brackets] = '\0';
	if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
		return err_set(err, ERR_CONFIG, N_("“%s” is no ADDRESS:PORT to listen on"), text);
	memcpy(address, found->ai_addr, found->ai_addrlen);
	*len = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

static void write_address(int fd, char bound[LISTEN_TEXT_SIZE])
{
	union address a = { .any.sa_family = AF_UNSPEC };
	socklen_t len = sizeof a;
	char host[INET6_ADDRSTRLEN] = "";

	getsockname(fd, &a.any, &len);
	if (a.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &a.v6.sin6_addr, host, sizeof host);
		snprintf(bound, LISTEN_TEXT_SIZE, "[%s]:%u", host, (unsigned)ntohs(a.v6.sin6_port));
	} else {
		inet_ntop(AF_INET, &a.v4.sin_addr, host, sizeof host);
		snprintf(bound, LISTEN_TEXT_SIZE, "%s:%u", host, (unsigned)ntohs(a.v4.sin_port));
	}
}

int listen_open(const char *text, char bound[LISTEN_TEXT_SIZE], struct err *err)
{
	union address address;
	socklen_t len;
	int fd, one = 1, code;
	int ret = resolve(text, &address, &len, err);

	if (ret < 0)
		return ret;
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(err, N_("cannot listen on %s: %s"), text);
	/* A restart must not wait for the last connections to fade. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, &address.any, len) == 0 && listen(fd, BACKLOG) == 0) {
		write_address(fd, bound);
		return fd;
	}
	code = errno;
	close(fd);
	errno = code;
	if (code == EADDRINUSE)
		return err_set(err, ERR_BUSY, N_("%s is in use by another program"), text);
	return err_errno(err, N_("cannot listen on %s: %s"), text);
}
