/* SPDX-License-Identifier: Apache-2.0
 *
 * keys COLUMNS ROWS WARM KEY COUNT PAUSE_MS FRAMES PROGRAM [ARGUMENT…]
 *
 * Runs a program in a pseudo-terminal, types WARM, waits until it is quiet,
 * then types KEY (its characters in turn, one a step) COUNT times and measures
 * each step from the key to the last byte of the answer. PAUSE_MS is waited
 * before each step. FRAMES, unless "-", gets every screen after a step, for
 * bare_list. Prints one line of JSON: microseconds and bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { QUIET_MS = 12, START_QUIET_MS = 700, SILENT_MS = 1500, STEPS = 4096 };

static int fd;
static VTerm *vt;
static VTermScreen *screen;
static int columns, rows;

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Reads until nothing came for quiet ms. Returns the time of the last byte,
 * or 0 where none came within SILENT_MS. */
static int64_t drain(int quiet_ms, long *bytes)
{
	static char data[1 << 16];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t last = 0;

	while (poll(&p, 1, last ? quiet_ms : SILENT_MS) > 0) {
		ssize_t n = read(fd, data, sizeof data);

		if (n <= 0)
			break;
		last = now_us();
		*bytes += n;
		vterm_input_write(vt, data, (size_t)n);
	}
	return last;
}

static unsigned look(const VTermScreenCell *c)
{
	unsigned bits = (unsigned)c->attrs.bold | (unsigned)c->attrs.reverse << 1
		| (c->attrs.underline ? 4u : 0u);

	if (VTERM_COLOR_IS_INDEXED(&c->fg) && !VTERM_COLOR_IS_DEFAULT_FG(&c->fg))
		bits |= 8u | (unsigned)(c->fg.indexed.idx & 7) << 4;
	return bits;
}

/* One row as runs: 0x1f, two hex digits of look, text. */
static void write_row(FILE *f, int row)
{
	unsigned before = ~0u;

	for (int col = 0; col < columns;) {
		VTermScreenCell c;
		char text[32];
		size_t len = 0;

		vterm_screen_get_cell(screen, (VTermPos){ .row = row, .col = col }, &c);
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i] && len + 4 < sizeof text; i++) {
			uint32_t u = c.chars[i];

			if (u < 0x80) {
				text[len++] = (char)u;
			} else if (u < 0x800) {
				text[len++] = (char)(0xc0 | u >> 6);
				text[len++] = (char)(0x80 | (u & 63));
			} else if (u < 0x10000) {
				text[len++] = (char)(0xe0 | u >> 12);
				text[len++] = (char)(0x80 | (u >> 6 & 63));
				text[len++] = (char)(0x80 | (u & 63));
			}
		}
		if (!len)
			text[len++] = ' ';
		if (look(&c) != before) {
			before = look(&c);
			fprintf(f, "\x1f%02x", before & 0xff);
		}
		fwrite(text, 1, len, f);
		col += c.width > 0 ? c.width : 1;
	}
	fputc('\n', f);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print(int64_t *us, int count, long bytes, int silent)
{
	qsort(us, (size_t)count, sizeof *us, by_size);
	printf("{\"count\":%d,\"p50_us\":%lld,\"p90_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld,"
	       "\"bytes\":%ld,\"silent\":%d}\n", count, (long long)us[count / 2],
	       (long long)us[count * 9 / 10], (long long)us[count * 99 / 100],
	       (long long)us[count - 1], count ? bytes / count : 0, silent);
}

int main(int argc, char **argv)
{
	static int64_t us[STEPS];
	const char *keys;
	struct winsize size;
	FILE *frames = NULL;
	long bytes = 0, ignored = 0;
	int count, done = 0, silent = 0, pause_ms;
	pid_t pid;

	if (argc < 9)
		return 2;
	columns = atoi(argv[1]);
	rows = atoi(argv[2]);
	keys = argv[4];
	count = atoi(argv[5]);
	pause_ms = atoi(argv[6]);
	if (strcmp(argv[7], "-") != 0 && !(frames = fopen(argv[7], "w")))
		return 2;
	size = (struct winsize){ .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	pid = forkpty(&fd, NULL, NULL, &size);
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execv(argv[8], argv + 8);
		_exit(127);
	}
	vt = vterm_new(rows, columns);
	vterm_set_utf8(vt, 1);
	screen = vterm_obtain_screen(vt);
	vterm_screen_enable_altscreen(screen, 1);
	vterm_screen_reset(screen, 1);
	drain(START_QUIET_MS, &ignored);
	for (const char *p = argv[3]; *p; p++) {
		if (write(fd, p, 1) != 1)
			return 1;
		drain(START_QUIET_MS, &ignored);
	}
	while (done < count && done < STEPS) {
		char key = keys[(size_t)done % strlen(keys)];
		int64_t start, last;

		if (pause_ms)
			poll(NULL, 0, pause_ms);
		drain(0, &ignored);
		start = now_us();
		if (write(fd, &key, 1) != 1)
			break;
		last = drain(QUIET_MS, &bytes);
		if (!last)
			silent++;
		us[done++] = last ? last - start : 0;
		if (frames) {
			fprintf(frames, "%d\n", rows);
			for (int i = 0; i < rows; i++)
				write_row(frames, i);
		}
	}
	print(us, done, bytes, silent);
	if (frames)
		fclose(frames);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return silent > count / 20;
}
