/* SPDX-License-Identifier: Apache-2.0 */
#include "app/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR_CELLS = 30, PATIENCE_MS = 500, FRAME_MS = 100 };

void progress_begin(struct progress *p, const char *what, long long total)
{
	p->what = what;
	p->total = total > 0 ? total : 1;
	p->terminal = isatty(STDERR_FILENO);
	p->shown = false;
	p->step = 0;
	p->begun_ms = p->drawn_ms = clock_boot_ms();
}

static void draw_bar(struct progress *p, long long done)
{
	int cells = (int)(done * BAR_CELLS / p->total);

	fprintf(stderr, "\r%s [", p->what);
	for (int i = 0; i < BAR_CELLS; i++)
		fputc(i < cells ? '#' : '.', stderr);
	fprintf(stderr, "] %lld %% ", done * 100 / p->total);
	fflush(stderr);
	p->shown = true;
}

void progress_at(struct progress *p, long long done)
{
	int64_t now = clock_boot_ms();

	if (done > p->total)
		done = p->total;
	if (!p->terminal) {
		int step = (int)(done * 10 / p->total);

		if (step > p->step && now - p->begun_ms > PATIENCE_MS)
			fprintf(stderr, "%s: %d %%\n", p->what, step * 10);
		if (step > p->step)
			p->step = step;
	} else if (now - p->begun_ms > PATIENCE_MS && now - p->drawn_ms > FRAME_MS) {
		p->drawn_ms = now;
		draw_bar(p, done);
	}
}

void progress_note(struct progress *p, const char *text)
{
	progress_hide(p);
	fprintf(stderr, "%s: %s\n", p->what, text);
}

void progress_hide(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

void progress_end(struct progress *p)
{
	progress_hide(p);
}
