/* SPDX-License-Identifier: Apache-2.0
 *
 * keys COLUMNS ROWS PAUSE_MS WARM KEYS:COUNT… -- PROGRAM [ARGUMENT…]
 *      [-- YARDSTICK [ARGUMENT…]]
 *
 * Runs a program in a pseudo-terminal, types WARM one key at a time, each when
 * the one before was answered, and then the keys of each KEYS:COUNT in turn,
 * COUNT steps in all. A step is measured from the key to the last byte of the
 * answer; PAUSE_MS is waited before it. The yardstick, where one is given,
 * runs beside the program in a terminal of its own: after each step it gets the
 * program's screen on file descriptor 3, is typed the same key, and must end up
 * with the same cells. So both meet the same moments of the machine.
 *
 * A screen on descriptor 3: "ROWS\n", then ROWS lines of runs; a run is 0x1f, two
 * hex digits of attributes (1 bold, 2 reverse, 4 underlined), two of the
 * foreground's index plus 1 (00: the terminal's own), text. The terminal library
 * knows no dim text: the yardstick paints that plain.
 *
 * Prints one line of JSON for each KEYS:COUNT: of both programs the microseconds
 * of each step, and the bytes; unequal: steps after which the cells differed;
 * busy_us: processor time of the program for a step and what follows it.
 * Status 1: a program did not answer or ended; 2: usage.
 */
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

enum {
	QUIET_MS = 12,         /* no byte for so long: the answer was complete */
	START_QUIET_MS = 300,  /* the same while a program starts */
	SILENT_MS = 3000,      /* no byte at all for so long: no answer */
	STEPS = 4096, ANSWER = 1 << 20, FRAME_FD = 3
};

struct side {
	pid_t pid;
	int fd;                /* its terminal */
	int frames;            /* write end of its descriptor 3, or -1 */
	VTerm *vt;
	VTermScreen *screen;
	int64_t us[STEPS];
	long bytes;            /* of this phase */
	int silent;            /* steps without an answer */
};

static int columns, rows, pause_ms;
static struct side desk, bare;

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* --- programs -------------------------------------------------------------------- */

static bool start(struct side *s, char **argv, bool frames)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	int ends[2] = { -1, -1 };

	if (frames && pipe2(ends, O_CLOEXEC) != 0)
		return false;
	s->pid = forkpty(&s->fd, NULL, NULL, &size);
	if (s->pid == 0) {
		if (frames && dup2(ends[0], FRAME_FD) != FRAME_FD)
			_exit(126);
		if (frames && ends[0] == FRAME_FD)
			fcntl(FRAME_FD, F_SETFD, 0);
		setenv("TERM", "xterm-256color", 1);
		execv(argv[0], argv);
		_exit(127);
	}
	if (frames)
		close(ends[0]);
	fcntl(s->fd, F_SETFD, FD_CLOEXEC);
	s->frames = ends[1];
	s->vt = vterm_new(rows, columns);
	vterm_set_utf8(s->vt, 1);
	s->screen = vterm_obtain_screen(s->vt);
	vterm_screen_enable_altscreen(s->screen, 1);
	vterm_screen_reset(s->screen, 1);
	return s->pid > 0;
}

/* Reads what a program writes until it was quiet for quiet_ms; the terminal
 * takes it afterwards, so that no byte waits for it. Returns the time of the
 * last byte, 0: none came within first_ms. */
static int64_t answer(struct side *s, int first_ms, int quiet_ms)
{
	static char data[ANSWER];
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	size_t len = 0;
	int64_t last = 0;

	while (len < sizeof data && poll(&p, 1, last ? quiet_ms : first_ms) > 0) {
		ssize_t n = read(s->fd, data + len, sizeof data - len);

		if (n <= 0)
			break;
		last = now_us();
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

	for (int col = 0; col < columns;) {
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

static char *screen_text(const struct side *s, size_t *len)
{
	char *out = malloc((size_t)rows * (size_t)columns * 40 + 64);

	if (!out)
		abort();
	*len = (size_t)sprintf(out, "%d\n", rows);
	for (int i = 0; i < rows; i++)
		*len += row_text(s, i, out + *len);
	return out;
}

static bool hand_over(void)
{
	size_t len, done = 0;
	char *text = screen_text(&desk, &len);
	ssize_t n = 1;

	while (done < len && (n = write(bare.frames, text + done, len - done)) > 0)
		done += (size_t)n;
	free(text);
	return n > 0;
}

static bool same_cells(void)
{
	size_t a, b;
	char *x = screen_text(&desk, &a), *y = screen_text(&bare, &b);
	bool same = a == b && memcmp(x, y, a) == 0;

	free(x);
	free(y);
	return same;
}

/* --- steps ------------------------------------------------------------------------ */

static bool step(struct side *s, int n, char key)
{
	int64_t began, last;
	long bytes;

	poll(NULL, 0, pause_ms);
	bytes = s->bytes;
	answer(s, 0, 0);
	s->bytes = bytes;
	began = now_us();
	if (write(s->fd, &key, 1) != 1)
		return false;
	last = answer(s, SILENT_MS, QUIET_MS);
	s->silent += !last;
	s->us[n] = last ? last - began : SILENT_MS * 1000;
	return waitpid(s->pid, NULL, WNOHANG) == 0;
}

static void print_side(const char *name, const struct side *s, int count)
{
	printf(",\"%s\":{\"bytes\":%ld,\"us\":[", name, s->bytes);
	for (int i = 0; i < count; i++)
		printf("%s%lld", i ? "," : "", (long long)s->us[i]);
	printf("]}");
}

/* Memory that only this process has, KiB. */
static long private_kib(pid_t pid)
{
	char path[64], line[128];
	long total = 0, one;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", (long)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "Private_%*[a-zA-Z]: %ld", &one) == 1)
			total += one;
	if (f)
		fclose(f);
	return total;
}

/* Processor time so far, ns. */
static long long busy_ns(pid_t pid)
{
	char path[64];
	long long ns = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/schedstat", (long)pid);
	f = fopen(path, "r");
	if (f && fscanf(f, "%lld", &ns) != 1)
		ns = 0;
	if (f)
		fclose(f);
	return ns;
}

static bool run_phase(const char *spec)
{
	const char *colon = strrchr(spec, ':');
	size_t keys = colon ? (size_t)(colon - spec) : 0;
	int count = keys ? atoi(colon + 1) : 0, unequal = 0;
	long long busy = busy_ns(desk.pid);

	if (count < 1 || count > STEPS)
		return false;
	desk.bytes = bare.bytes = 0;
	desk.silent = bare.silent = 0;
	for (int i = 0; i < count; i++) {
		char key = spec[(size_t)i % keys];

		if (!step(&desk, i, key))
			return false;
		if (!bare.pid)
			continue;
		if (!hand_over() || !step(&bare, i, key))
			return false;
		unequal += !same_cells();
	}
	printf("{\"count\":%d,\"unequal\":%d,\"private_kib\":%ld,\"busy_us\":%lld", count, unequal,
	       private_kib(desk.pid), (busy_ns(desk.pid) - busy) / 1000 / count);
	print_side("desk", &desk, count);
	if (bare.pid)
		print_side("bare", &bare, count);
	printf("}\n");
	return fflush(stdout) == 0 && !desk.silent && !bare.silent;
}

/* The yardstick ends when no screen comes any more. */
static void stop(struct side *s)
{
	if (s->pid <= 0)
		return;
	if (s->frames >= 0)
		close(s->frames);
	else
		kill(s->pid, SIGTERM);
	answer(s, SILENT_MS, START_QUIET_MS);
	close(s->fd);
	for (int i = 0; i < SILENT_MS / QUIET_MS; i++) {
		if (waitpid(s->pid, NULL, WNOHANG) != 0)
			return;
		poll(NULL, 0, QUIET_MS);
	}
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

static bool warm(const char *keys)
{
	if (!answer(&desk, 10000, START_QUIET_MS))
		return false;
	for (const char *p = keys; *p; p++)
		if (write(desk.fd, p, 1) != 1 || !answer(&desk, SILENT_MS, p[1] == *p ? QUIET_MS
		                                         : START_QUIET_MS))
			return false;
	return true;
}

/* The word "--" of argv from `at` on, or argc. */
static int dashes(int argc, char **argv, int at)
{
	while (at < argc && strcmp(argv[at], "--") != 0)
		at++;
	return at;
}

int main(int argc, char **argv)
{
	int program = dashes(argc, argv, 5), yardstick = dashes(argc, argv, program + 1);
	bool well;

	if (argc < 8 || program + 1 >= argc) {
		fprintf(stderr, "usage: see the head of keys.c\n");
		return 2;
	}
	columns = atoi(argv[1]);
	rows = atoi(argv[2]);
	pause_ms = atoi(argv[3]);
	argv[program] = argv[yardstick < argc ? yardstick : argc] = NULL;
	well = start(&desk, argv + program + 1, false) && warm(argv[4]);
	if (well && yardstick + 1 < argc) {
		well = start(&bare, argv + yardstick + 1, true) && hand_over()
			&& answer(&bare, 10000, START_QUIET_MS);
	}
	if (!well)
		fprintf(stderr, "keys: a program did not answer\n");
	for (int i = 5; well && i < program; i++)
		well = run_phase(argv[i]);
	stop(&desk);
	stop(&bare);
	return !well;
}
