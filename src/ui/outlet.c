/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
	FILE *stream;
	int fd;               /* the terminal */
	int memory;           /* gathers, or -1 */
	bool held;
} outlet = { .fd = -1, .memory = -1 };

FILE *outlet_open(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (own < 0)
		return NULL;
	outlet.stream = fdopen(own, "w");
	if (!outlet.stream) {
		close(own);
		return NULL;
	}
	outlet.fd = fd;
	outlet.memory = memfd_create("painting", MFD_CLOEXEC);
	return outlet.stream;
}

void outlet_close(void)
{
	if (!outlet.stream)
		return;
	outlet_release();
	fclose(outlet.stream);
	outlet.stream = NULL;
	if (outlet.memory >= 0)
		close(outlet.memory);
	outlet.memory = -1;
}

void outlet_hold(void)
{
	if (outlet.held || outlet.memory < 0 || lseek(outlet.memory, 0, SEEK_SET) != 0)
		return;
	outlet.held = dup3(outlet.memory, fileno(outlet.stream), O_CLOEXEC) >= 0;
}

/* False: the terminal is gone. */
static bool write_all(const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(outlet.fd, data, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { .fd = outlet.fd, .events = POLLOUT };

			poll(&p, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			return false;
		} else if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return true;
}

void outlet_release(void)
{
	static char data[16384];
	off_t at = 0, end;

	if (!outlet.held)
		return;
	outlet.held = false;
	dup3(outlet.fd, fileno(outlet.stream), O_CLOEXEC);
	/* Behind this place is what an earlier, longer painting left. */
	end = lseek(outlet.memory, 0, SEEK_CUR);
	while (at < end) {
		size_t want = end - at < (off_t)sizeof data ? (size_t)(end - at) : sizeof data;
		ssize_t n = pread(outlet.memory, data, want, at);

		if (n <= 0 || !write_all(data, (size_t)n))
			return;
		at += n;
	}
}
