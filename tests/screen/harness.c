/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <vterm.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "screen/stream.h"

enum { ENV_MOST = 64, LOOK_MS = 20, READ_SIZE = 16384, PROC_SIZE = 512 };

struct harness {
	pid_t pid;
	int master, slave, process;   /* slave stays open, so nothing is lost at the end */
	struct stream stream;
	VTerm *vt;
	VTermScreen *screen;
	struct termios before;
	bool cut;                     /* the window was too small for HARNESS_BEFORE */
	bool ended;
	siginfo_t end;
	char left_over[200];
};

/* --- starting -------------------------------------------------------------------- */

static void set_window(struct harness *h, unsigned columns, unsigned rows)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	if (ioctl(h->master, TIOCSWINSZ, &size) != 0)
		fail_msg("no window size: %s", strerror(errno));
}

static void open_pty(struct harness *h)
{
	h->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (h->master < 0 || grantpt(h->master) != 0 || unlockpt(h->master) != 0)
		fail_msg("no pseudo-terminal: %s", strerror(errno));
	h->slave = open(ptsname(h->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (h->slave < 0 || tcgetattr(h->slave, &h->before) != 0)
		fail_msg("no pseudo-terminal: %s", strerror(errno));
}

static void run(const struct harness *h, const struct harness_spec *spec, char **env)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	if (ioctl(h->slave, TIOCSCTTY, 0) != 0)
		_exit(126);
	dup2(h->slave, 0);
	dup2(h->slave, 1);
	dup2(h->slave, 2);
	execve(spec->argv[0], (char *const *)spec->argv, env);
	_exit(127);
}

/* A time zone in which it is between ten and eleven in the morning, so that
 * what is due today stays due today whenever the tests run. */
static char *forenoon(void)
{
	int64_t hour = clock_now_ms() / 3600000 % 24;

	return mem_printf("TZ=TST%+d", (int)hour - 10);
}

static void start(struct harness *h, const struct harness_spec *spec)
{
	char *env[ENV_MOST + 1];
	size_t n = 0, own;

	env[n++] = mem_printf("TERM=%s", spec->term ? spec->term : "xterm-256color");
	env[n++] = mem_printf("LC_ALL=%s", spec->locale ? spec->locale : "C.UTF-8");
	env[n++] = forenoon();
	env[n++] = mem_strdup("HOME=/nonexistent");
	env[n++] = mem_strdup("PATH=/usr/bin:/bin");
	own = n;
	for (size_t i = 0; spec->env && spec->env[i]; i++) {
		assert_true(n < ENV_MOST);
		env[n++] = (char *)(uintptr_t)spec->env[i];
	}
	env[n] = NULL;
	h->pid = fork();
	if (h->pid == 0)
		run(h, spec, env);
	h->process = h->pid < 0 ? -1 : pidfd_open(h->pid, 0);
	if (h->process < 0)
		fail_msg("%s cannot be started: %s", spec->argv[0], strerror(errno));
	for (size_t i = 0; i < own; i++)
		free(env[i]);
}

struct harness *harness_start(const struct harness_spec *spec)
{
	struct harness *h = mem_zalloc(sizeof *h);
	unsigned columns = spec->columns ? spec->columns : 80;
	unsigned rows = spec->rows ? spec->rows : 24;
	const char *locale = spec->locale ? spec->locale : "C.UTF-8";

	open_pty(h);
	set_window(h, columns, rows);
	stream_init(&h->stream, !strstr(locale, "UTF-8"), rows);
	h->vt = vterm_new((int)rows, (int)columns);
	vterm_set_utf8(h->vt, true);
	h->screen = vterm_obtain_screen(h->vt);
	vterm_screen_enable_altscreen(h->screen, true);
	vterm_screen_reset(h->screen, true);
	vterm_input_write(h->vt, HARNESS_BEFORE "\r\n", strlen(HARNESS_BEFORE) + 2);
	start(h, spec);
	return h;
}

void harness_free(struct harness *h)
{
	struct harness_end end;

	if (!h)
		return;
	if (!h->ended) {
		kill(h->pid, SIGKILL);
		kill(h->pid, SIGCONT);
		harness_wait_end(h, &end);
	}
	if (h->master >= 0)
		close(h->master);
	if (h->slave >= 0)
		close(h->slave);
	close(h->process);
	vterm_free(h->vt);
	stream_clear(&h->stream);
	free(h);
}

/* --- what goes in ---------------------------------------------------------------- */

static bool take_output(struct harness *h);

void harness_send_n(struct harness *h, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(h->master, bytes, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd fd = { .fd = h->master, .events = POLLIN | POLLOUT };

			poll(&fd, 1, LOOK_MS);
			take_output(h);
			continue;
		}
		if (n < 0)
			fail_msg("keys cannot be sent: %s", strerror(errno));
		bytes += n;
		len -= (size_t)n;
	}
}

void harness_send(struct harness *h, const char *keys)
{
	harness_send_n(h, keys, strlen(keys));
}

bool harness_paste(struct harness *h, const char *text)
{
	bool bracketed = harness_mode(h, 2004);
	char *bytes = mem_printf(bracketed ? "\033[200~%s\033[201~" : "%s", text);

	harness_send(h, bytes);
	free(bytes);
	return bracketed;
}

void harness_resize(struct harness *h, unsigned columns, unsigned rows)
{
	take_output(h);
	h->cut = h->cut || columns < strlen(HARNESS_BEFORE) || rows < 4;
	vterm_set_size(h->vt, (int)rows, (int)columns);
	h->stream.rows = rows;
	/* The kernel sends SIGWINCH to the session's foreground group. */
	set_window(h, columns, rows);
}

void harness_signal(struct harness *h, int number)
{
	if (kill(h->pid, number) != 0)
		fail_msg("signal %d: %s", number, strerror(errno));
}

void harness_hang_up(struct harness *h)
{
	close(h->slave);
	close(h->master);
	h->slave = h->master = -1;
}

/* --- what comes out -------------------------------------------------------------- */

/* Reads what is there; false: nothing was. */
static bool take_output(struct harness *h)
{
	char bytes[READ_SIZE];
	bool came = false;
	ssize_t n;

	if (h->master < 0)
		return false;
	while ((n = read(h->master, bytes, sizeof bytes)) > 0) {
		stream_take(&h->stream, bytes, (size_t)n);
		vterm_input_write(h->vt, h->stream.out.data, h->stream.out.len);
		buf_reset(&h->stream.out);
		came = true;
	}
	return came;
}

/* Waits for output or the end of the process; false: neither came in time. */
static bool look(struct harness *h, int timeout_ms)
{
	struct pollfd fds[] = { { .fd = h->master, .events = POLLIN },
		{ .fd = h->ended ? -1 : h->process, .events = POLLIN } };
	bool came = poll(fds, 2, timeout_ms) > 0;

	if (fds[1].revents && waitid(P_PIDFD, (id_t)h->process, &h->end, WEXITED) == 0)
		h->ended = true;
	take_output(h);
	return came;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t deadline_ms(void)
{
	const char *other = getenv("SCREEN_PATIENCE_MS");

	return now_ms() + (other ? atoi(other) : HARNESS_PATIENCE_MS);
}

static bool wait_until(struct harness *h, harness_predicate *holds, void *arg, int64_t until)
{
	take_output(h);
	while (!holds(h, arg)) {
		if (now_ms() > until || (h->ended && !take_output(h)))
			return holds(h, arg);
		look(h, LOOK_MS);
	}
	return true;
}

bool harness_wait(struct harness *h, harness_predicate *holds, void *arg)
{
	return wait_until(h, holds, arg, deadline_ms());
}

bool harness_wait_ms(struct harness *h, harness_predicate *holds, void *arg, int patience_ms)
{
	return wait_until(h, holds, arg, now_ms() + patience_ms);
}

static bool shows(struct harness *h, void *text)
{
	return harness_shows(h, text);
}

static bool shows_not(struct harness *h, void *text)
{
	return !harness_shows(h, text);
}

bool harness_wait_text(struct harness *h, const char *text)
{
	return harness_wait(h, shows, (void *)(uintptr_t)text);
}

bool harness_wait_gone(struct harness *h, const char *text)
{
	return harness_wait(h, shows_not, (void *)(uintptr_t)text);
}

/* First line of /proc/PID/NAME in text; "" where it cannot be read. */
static void ask_proc(const struct harness *h, const char *name, char text[PROC_SIZE])
{
	char *path = mem_printf("/proc/%d/%s", (int)h->pid, name);
	FILE *f = fopen(path, "re");

	text[0] = '\0';
	if (f && !fgets(text, PROC_SIZE, f))
		text[0] = '\0';
	if (f)
		fclose(f);
	free(path);
}

/* A process that was just woken is not asleep here, though its last system call
 * is still to be seen. */
static bool sleeps(const struct harness *h)
{
	char text[PROC_SIZE], *state;

	ask_proc(h, "stat", text);
	state = strrchr(text, ')');
	return state && strncmp(state, ") S", 3) == 0;
}

/* Does the program wait for input? Where its system calls may not be looked at,
 * it does while it sleeps. */
static bool waits(const struct harness *h)
{
	struct pollfd unread = { .fd = h->slave, .events = POLLIN };
	char text[PROC_SIZE];
	long number;

	/* Asking the slave also moves what is on its way through the line. */
	if (poll(&unread, 1, 0) > 0 || !sleeps(h))
		return false;
	ask_proc(h, "syscall", text);
	number = strtol(text, NULL, 10);
	if (text[0] && (text[0] < '0' || text[0] > '9' || (number != SYS_poll && number != SYS_ppoll
	                                                    && number != SYS_pselect6)))
		return false;
	return sleeps(h);
}

bool harness_idle(struct harness *h)
{
	int64_t until = deadline_ms();

	while (!h->ended && now_ms() < until) {
		if (waits(h) && !take_output(h) && waits(h) && !take_output(h))
			return true;
		look(h, 1);
	}
	return false;
}

bool harness_wait_end(struct harness *h, struct harness_end *end)
{
	int64_t until = deadline_ms();

	while (!h->ended && now_ms() < until)
		look(h, LOOK_MS);
	take_output(h);
	end->exited = h->end.si_code == CLD_EXITED;
	end->status = h->end.si_status;
	return h->ended;
}

bool harness_wait_stopped(struct harness *h)
{
	int64_t until = deadline_ms();
	siginfo_t info;

	do {
		memset(&info, 0, sizeof info);
		if (waitid(P_PIDFD, (id_t)h->process, &info, WSTOPPED | WNOHANG) == 0
		    && info.si_pid == h->pid) {
			take_output(h);
			return true;
		}
		look(h, LOOK_MS);
	} while (!h->ended && now_ms() < until);
	return false;
}

void harness_settle(struct harness *h, int quiet_ms)
{
	while (look(h, quiet_ms) && !h->ended)
		;
}

/* --- the screen ------------------------------------------------------------------ */

unsigned harness_columns(const struct harness *h)
{
	int rows, columns;

	vterm_get_size(h->vt, &rows, &columns);
	return (unsigned)columns;
}

unsigned harness_rows(const struct harness *h)
{
	int rows, columns;

	vterm_get_size(h->vt, &rows, &columns);
	return (unsigned)rows;
}

static int palette(const VTermColor *c)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c))
		return -1;
	return VTERM_COLOR_IS_INDEXED(c) ? c->indexed.idx : 256;
}

struct harness_cell harness_cell(struct harness *h, unsigned row, unsigned column)
{
	VTermPos at = { .row = (int)row, .col = (int)column };
	struct harness_cell out = { .fg = -1, .bg = -1, .width = 1 };
	VTermScreenCell cell;
	size_t len = 0;

	if (!vterm_screen_get_cell(h->screen, at, &cell))
		fail_msg("no cell %u,%u", row, column);
	if (cell.chars[0] == UINT32_MAX && column) {
		/* libvterm leaves the look of what stood there before. */
		out = harness_cell(h, row, column - 1);
		out.text[0] = '\0';
		out.width = 0;
		return out;
	}
	for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
		len += utf8_encode(cell.chars[i], out.text + len);
	if (!len)
		out.text[len++] = ' ';
	out.text[len] = '\0';
	out.width = cell.width;
	out.bold = cell.attrs.bold;
	out.dim = cell.attrs.font == STREAM_DIM_FONT;
	out.underline = cell.attrs.underline != VTERM_UNDERLINE_OFF;
	out.reverse = cell.attrs.reverse;
	out.fg = palette(&cell.fg);
	out.bg = palette(&cell.bg);
	return out;
}

void harness_cursor(struct harness *h, unsigned *row, unsigned *column, bool *visible)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(h->vt), &at);
	*row = (unsigned)at.row;
	*column = (unsigned)at.col;
	*visible = harness_mode(h, 25);
}

char *harness_line(struct harness *h, unsigned row)
{
	struct buf line = BUF_INIT;
	size_t end = 0;
	char *text;

	for (unsigned column = 0; column < harness_columns(h); column++) {
		struct harness_cell cell = harness_cell(h, row, column);

		buf_adds(&line, cell.text);
		if (cell.width && strcmp(cell.text, " ") != 0)
			end = line.len;
	}
	text = buf_take(&line);
	text[end] = '\0';
	return text;
}

char *harness_text(struct harness *h)
{
	struct buf text = BUF_INIT;

	for (unsigned row = 0; row < harness_rows(h); row++) {
		char *line = harness_line(h, row);

		buf_addf(&text, "%s\n", line);
		free(line);
	}
	return buf_take(&text);
}

bool harness_shows(struct harness *h, const char *text)
{
	bool found = false;

	for (unsigned row = 0; row < harness_rows(h) && !found; row++) {
		char *line = harness_line(h, row);

		found = strstr(line, text);
		free(line);
	}
	return found;
}

/* --- what it leaves -------------------------------------------------------------- */

const char *harness_fault(const struct harness *h)
{
	return h->stream.fault[0] ? h->stream.fault : NULL;
}

bool harness_mode(const struct harness *h, int number)
{
	return stream_mode(&h->stream, number);
}

static const char *changed_settings(const struct harness *h)
{
	struct termios now;

	if (tcgetattr(h->slave, &now) != 0)
		return "the tty cannot be asked";
	if (now.c_lflag != h->before.c_lflag)
		return "tty: local modes (echo, line editing, signals) differ";
	if (now.c_iflag != h->before.c_iflag || now.c_oflag != h->before.c_oflag)
		return "tty: input or output modes differ";
	if (now.c_cflag != h->before.c_cflag)
		return "tty: control modes differ";
	return memcmp(now.c_cc, h->before.c_cc, sizeof now.c_cc) != 0
		? "tty: control characters differ" : NULL;
}

const char *harness_left_over(struct harness *h)
{
	const char *what = stream_left_over(&h->stream, h->left_over, sizeof h->left_over);
	char *first;

	if (!what)
		what = changed_settings(h);
	if (what)
		return what;
	/* A terminal without a second screen was drawn over; nothing can be said. */
	if (!h->stream.alternate || h->cut)
		return NULL;
	first = harness_line(h, 0);
	if (strcmp(first, HARNESS_BEFORE) != 0)
		what = "what stood on the screen before is not back";
	free(first);
	return what;
}
