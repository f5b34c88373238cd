/* SPDX-License-Identifier: Apache-2.0
 *
 * crash_point() for test programs: counts, writes down, and dies by SIGKILL at
 * the point that the environment names. See tests/hooks/README.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"

static void note(const char *path, unsigned long count, const char *name)
{
	char line[160];
	int len = snprintf(line, sizeof line, "%lu %s\n", count, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	/* One write, so that a line is whole even when the process dies next. */
	if (fd < 0 || write(fd, line, (size_t)len) != len)
		_exit(112);
	close(fd);
}

/* Does "NAME:N" (the Nth pass of NAME) or "#N" (the Nth pass of any point)
 * name this pass? */
static int named(const char *wanted, const char *name, unsigned long count,
                 unsigned long same)
{
	size_t len = strlen(name);

	if (wanted[0] == '#')
		return strtoul(wanted + 1, NULL, 10) == count;
	return strncmp(wanted, name, len) == 0 && wanted[len] == ':'
	       && strtoul(wanted + len + 1, NULL, 10) == same;
}

/* How often this name has passed, this time included. */
static unsigned long passes(const char *name)
{
	static struct { const char *name; unsigned long count; } seen[128];
	size_t n = 0;

	while (n < 127 && seen[n].name && strcmp(seen[n].name, name) != 0)
		n++;
	seen[n].name = name;
	return ++seen[n].count;
}

void crash_point(const char *name)
{
	static unsigned long count;
	const char *wanted = getenv("COUNTERSIGN_CRASH");
	const char *log = getenv("COUNTERSIGN_CRASH_LOG");
	unsigned long same = passes(name);

	count++;
	if (log)
		note(log, count, name);
	if (wanted && named(wanted, name, count, same)) {
		kill(getpid(), SIGKILL);
		_exit(111);
	}
}
