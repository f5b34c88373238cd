/* SPDX-License-Identifier: Apache-2.0
 *
 * Progress of long work on stderr: a bar on a terminal, one line a step (each
 * tenth) in a pipe. Nothing is shown for what takes less than half a second on
 * a terminal.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;      /* translated, borrowed */
	long long total;
	bool terminal, shown;
	int step;              /* tenths told so far, in a pipe */
	int64_t begun_ms, drawn_ms;
};

void progress_begin(struct progress *p, const char *what, long long total);
void progress_at(struct progress *p, long long done);
/* A remark beside the bar, e.g. that the server is away. */
void progress_note(struct progress *p, const char *text);
/* Takes the bar away before other output; the next progress_at() brings it back. */
void progress_hide(struct progress *p);
void progress_end(struct progress *p);

#endif
