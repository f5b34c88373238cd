/* SPDX-License-Identifier: Apache-2.0
 *
 * A planted delay, for the bench's test of itself: linked with --wrap in front of
 * the same archives as countersign, these stand around two functions of the
 * shipped program.
 *
 *   COUNTERSIGN_BENCH_DELAY=paint:US    each painting of a changed screen
 *   COUNTERSIGN_BENCH_DELAY=commit:US   each recording of a decision
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/command.h"
#include "ui/terminal.h"

void __real_terminal_draw(struct rows *rows);
void __wrap_terminal_draw(struct rows *rows);
int __real_store_decide(struct store *s, const struct store_decide *d, struct err *err);
int __wrap_store_decide(struct store *s, const struct store_decide *d, struct err *err);

static void delay(const char *what)
{
	const char *planted = getenv("COUNTERSIGN_BENCH_DELAY");
	size_t len = strlen(what);
	long us = planted && strncmp(planted, what, len) == 0 ? atol(planted + len) : 0;
	struct timespec ts = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

	if (us > 0)
		nanosleep(&ts, NULL);
}

void __wrap_terminal_draw(struct rows *rows)
{
	delay("paint:");
	__real_terminal_draw(rows);
}

int __wrap_store_decide(struct store *s, const struct store_decide *d, struct err *err)
{
	delay("commit:");
	return __real_store_decide(s, d, err);
}
