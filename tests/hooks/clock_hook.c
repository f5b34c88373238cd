/* SPDX-License-Identifier: Apache-2.0
 *
 * clock_source_ms() for test programs: the system's clocks moved by what the
 * environment says. See tests/hooks/README.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* Reads "WALL BOOT" or "BOTH" from the file, in milliseconds. */
static void moved(const char *path, long long *wall, long long *boot)
{
	char text[64], *end;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
	*wall = strtoll(text, &end, 10);
	*boot = end[strspn(end, " \n")] ? strtoll(end, NULL, 10) : *wall;
}

int64_t clock_source_ms(int clock_id)
{
	const char *fixed = getenv("COUNTERSIGN_CLOCK_OFFSET_MS");
	const char *path = getenv("COUNTERSIGN_CLOCK_FILE");
	long long wall = fixed ? strtoll(fixed, NULL, 10) : 0, boot = wall;
	struct timespec ts;

	if (path)
		moved(path, &wall, &boot);
	clock_gettime((clockid_t)clock_id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000
	       + (clock_id == CLOCK_REALTIME ? wall : boot);
}
