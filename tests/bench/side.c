/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/side.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER = 1 << 20 };

int64_t side_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* --- programs -------------------------------------------------------------------- */

bool side_start(struct side *s, char **argv, bool frames)
{
	struct winsize size = { .ws_row = (unsigned short)s->rows,
		.ws_col = (unsigned short)s->columns };
	int ends[2] = { -1, -1 };

	if (frames && pipe2(ends, O_CLOEXEC) != 0)
		return false;
	s->pid = forkpty(&s->fd, NULL, NULL, &size);
	if (s->pid == 0) {
		if (frames && dup2(ends[0], SIDE_FRAME_FD) != SIDE_FRAME_FD)
			_exit(126);
		if (frames && ends[0] == SIDE_FRAME_FD)
			fcntl(SIDE_FRAME_FD, F_SETFD, 0);
		setenv("TERM", "xterm-256color", 1);
		execv(argv[0], argv);
		_exit(127);
	}
	if (frames)
		close(ends[0]);
	fcntl(s->fd, F_SETFD, FD_CLOEXEC);
	s->frames = ends[1];
	s->vt = vterm_new(s->rows, s->columns);
	vterm_set_utf8(s->vt, 1);
	s->screen = vterm_obtain_screen(s->vt);
	vterm_screen_enable_altscreen(s->screen, 1);
	vterm_screen_reset(s->screen, 1);
	return s->pid > 0;
}

/* Reads what a program writes until it was quiet for quiet_ms; the terminal
 * takes it afterwards, so that no byte waits for it. Returns the time of the
 * last byte, 0: none came within first_ms. */
int64_t side_answer(struct side *s, int first_ms, int quiet_ms)
{
	static char data[ANSWER];
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	size_t len = 0;
	int64_t last = 0;

	while (len < sizeof data && poll(&p, 1, last ? quiet_ms : first_ms) > 0) {
		ssize_t n = read(s->fd, data + len, sizeof data - len);

		if (n <= 0)
			break;
		last = side_now_us();
		len += (size_t)n;
	}
	vterm_input_write(s->vt, data, len);
	s->bytes += (long)len;
	return last;
}

/* --- screens --------------------------------------------------------------------- */

static unsigned look(const VTermScreenCell *c)
{
	unsigned bits = (unsigned)c->attrs.bold | (unsigned)c->attrs.reverse << 1
		| (c->attrs.underline ? 4u : 0u);

	if (VTERM_COLOR_IS_INDEXED(&c->fg) && !VTERM_COLOR_IS_DEFAULT_FG(&c->fg))
		return bits << 8 | (unsigned)((c->fg.indexed.idx + 1) & 255);
	return bits << 8;
}

static size_t encode(uint32_t u, char *out)
{
	size_t more = u < 0x80 ? 0 : u < 0x800 ? 1 : u < 0x10000 ? 2 : 3;
	static const unsigned char first[] = { 0, 0xc0, 0xe0, 0xf0 };

	out[0] = (char)(first[more] | u >> 6 * more);
	for (size_t i = 1; i <= more; i++)
		out[i] = (char)(0x80 | (u >> 6 * (more - i) & 63));
	return more + 1;
}

/* One row as runs; out has room for 40 bytes a column. */
static size_t row_text(const struct side *s, int row, char *out)
{
	unsigned before = ~0u;
	size_t len = 0;

	for (int col = 0; col < s->columns;) {
		VTermScreenCell c;

		vterm_screen_get_cell(s->screen, (VTermPos){ .row = row, .col = col }, &c);
		if (look(&c) != before) {
			before = look(&c);
			len += (size_t)sprintf(out + len, "\x1f%04x", before & 0xffff);
		}
		if (!c.chars[0])
			out[len++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i]; i++)
			len += encode(c.chars[i], out + len);
		col += c.width > 0 ? c.width : 1;
	}
	out[len++] = '\n';
	return len;
}

char *side_text(const struct side *s, size_t *len)
{
	char *out = malloc((size_t)s->rows * (size_t)s->columns * 40 + 64);

	if (!out)
		abort();
	*len = (size_t)sprintf(out, "%d\n", s->rows);
	for (int i = 0; i < s->rows; i++)
		*len += row_text(s, i, out + *len);
	return out;
}

static bool shows(const struct side *s, const char *words)
{
	size_t len;
	char *text = side_text(s, &len), *plain = malloc(len + 1);
	size_t n = 0;
	bool there;

	if (!plain)
		abort();
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\x1f')
			i += 4;
		else
			plain[n++] = text[i];
	}
	plain[n] = '\0';
	there = strstr(plain, words) != NULL;
	free(plain);
	free(text);
	return there;
}

int64_t side_await(struct side *s, const char *words, int within_ms)
{
	int64_t until = side_now_us() + within_ms * 1000, last = 0;
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	char data[65536];

	while (!last || !shows(s, words)) {
		int left = (int)((until - side_now_us()) / 1000);
		ssize_t n = left > 0 && poll(&p, 1, left) > 0 ? read(s->fd, data, sizeof data) : 0;

		if (n <= 0)
			return 0;
		last = side_now_us();
		s->bytes += (long)n;
		vterm_input_write(s->vt, data, (size_t)n);
	}
	return last;
}

bool side_give(struct side *s, const char *text, size_t len)
{
	size_t done = 0;
	ssize_t n = 1;

	while (done < len && (n = write(s->frames, text + done, len - done)) > 0)
		done += (size_t)n;
	return n > 0;
}

void side_print(const char *name, const struct side *s, int count)
{
	printf(",\"%s\":{\"bytes\":%ld,\"us\":[", name, s->bytes);
	for (int i = 0; i < count; i++)
		printf("%s%lld", i ? "," : "", (long long)s->us[i]);
	printf("]}");
}

/* The yardstick ends when no screen comes any more. */
void side_stop(struct side *s)
{
	if (s->pid <= 0)
		return;
	if (s->frames >= 0)
		close(s->frames);
	else
		kill(s->pid, SIGTERM);
	side_answer(s, SIDE_SILENT_MS, SIDE_START_QUIET_MS);
	close(s->fd);
	vterm_free(s->vt);
	for (int i = 0; i < SIDE_SILENT_MS / SIDE_QUIET_MS && waitpid(s->pid, NULL, WNOHANG) == 0; i++)
		poll(NULL, 0, SIDE_QUIET_MS);
	if (kill(s->pid, SIGKILL) == 0)
		waitpid(s->pid, NULL, 0);
	s->pid = 0;
}
