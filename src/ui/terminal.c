/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/terminal.h"

#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "ui/outlet.h"
#include "ui/style.h"

enum { KEY_PASTE_BEGIN = 0x3000, KEY_PASTE_END, ESCAPE_DELAY_MS = 25, BURST = 8, BURST_MS = 60 };

static struct {
	SCREEN *screen;
	bool open;            /* curses has the terminal */
	bool pasting;
	bool paste_mode;      /* the terminal brackets what is pasted */
	int64_t burst_until_us;   /* clock_mono_us(): what comes before is pasted */
	struct rows shown;    /* what is on the screen */
	bool redraw;
	struct termios before;
	char restore[512];    /* bytes that give the terminal back */
	size_t restore_len;
} term;

/* --- giving back --------------------------------------------------------------- */

static void add_capability(const char *name)
{
	const char *s = tigetstr(name);
	size_t len = s && s != (char *)-1 ? strlen(s) : 0;

	if (!len || term.restore_len + len > sizeof term.restore)
		return;
	/* Delays ($<5>) are for terminals of another century: left out. */
	for (const char *end = s + len; s < end; s++) {
		if (s[0] == '$' && s[1] == '<') {
			s += strcspn(s, ">");
			continue;
		}
		term.restore[term.restore_len++] = *s;
	}
}

static void prepare_restore(void)
{
	static const char paste_off[] = "\033[?2004l";

	term.restore_len = 0;
	if (term.paste_mode) {
		memcpy(term.restore, paste_off, sizeof paste_off - 1);
		term.restore_len = sizeof paste_off - 1;
	}
	add_capability("sgr0");
	add_capability("op");
	add_capability("rmkx");
	add_capability("cnorm");
	add_capability("rmcup");
	if (term.restore_len + 2 < sizeof term.restore) {
		term.restore[term.restore_len++] = '\r';
		term.restore[term.restore_len++] = '\n';
	}
}

void terminal_emergency(void)
{
	if (!term.open)
		return;
	term.open = false;
	if (write(STDOUT_FILENO, term.restore, term.restore_len) < 0)
		return;
	tcsetattr(STDOUT_FILENO, TCSANOW, &term.before);
}

static void crashed(int sig)
{
	terminal_emergency();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void install_handlers(void)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT };
	struct sigaction action = { .sa_handler = crashed, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &action, NULL);
	mem_on_exhausted(terminal_emergency);
}

/* --- taking ---------------------------------------------------------------------- */

static void paste_mode(bool on)
{
	const char *text = on ? "\033[?2004h" : "\033[?2004l";

	if (!term.paste_mode)
		return;
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		term.paste_mode = false;
}

int terminal_check(struct err *err)
{
	const char *name = getenv("TERM");
	int status = 0;
	bool places;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_UNSUPPORTED, N_("the desk needs a terminal for input and "
		               "output; subcommands work without: countersign --help"));
	if (!name || !*name)
		return err_set(err, ERR_UNSUPPORTED, N_("TERM is not set: the desk does not know "
		               "what this terminal can do"));
	if (setupterm(name, STDOUT_FILENO, &status) != OK || status != 1)
		return err_set(err, ERR_UNSUPPORTED,
		               N_("nothing is known about a terminal called “%s”"), name);
	places = tigetstr("cup") && tigetstr("cup") != (char *)-1;
	del_curterm(cur_term);   /* newterm() reads it for itself */
	if (!places)
		return err_set(err, ERR_UNSUPPORTED, N_("a terminal called “%s” cannot place its "
		               "cursor: the desk needs one that can"), name);
	return 0;
}

int terminal_open(struct err *err)
{
	int rc = terminal_check(err);
	const char *name = getenv("TERM");
	FILE *out;

	if (rc < 0)
		return rc;
	if (tcgetattr(STDOUT_FILENO, &term.before) != 0)
		return err_errno(err, N_("%s: %s"), "tcgetattr");
	out = outlet_open(STDOUT_FILENO);
	term.screen = out ? newterm(NULL, out, stdin) : NULL;
	if (!term.screen)
		return err_set(err, ERR_UNSUPPORTED, N_("the terminal could not be opened"));
	set_term(term.screen);
	set_escdelay(ESCAPE_DELAY_MS);
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	idlok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	style_init();
	term.paste_mode = strncmp(name, "xterm", 5) == 0 || strncmp(name, "tmux", 4) == 0
		|| strncmp(name, "screen", 6) == 0 || strncmp(name, "rxvt", 4) == 0
		|| strcmp(name, "foot") == 0 || strcmp(name, "alacritty") == 0;
	define_key("\033[200~", KEY_PASTE_BEGIN);
	define_key("\033[201~", KEY_PASTE_END);
	prepare_restore();
	term.open = true;
	install_handlers();
	paste_mode(true);
	terminal_redraw();
	return 0;
}

void terminal_close(void)
{
	if (!term.screen)
		return;
	if (term.open) {
		paste_mode(false);
		endwin();
	}
	term.open = false;
	delscreen(term.screen);
	term.screen = NULL;
	outlet_close();
	rows_clear(&term.shown);
}

bool terminal_is_open(void)
{
	return term.open;
}

void terminal_suspend(void)
{
	if (!term.open)
		return;
	paste_mode(false);
	endwin();
	term.open = false;
}

void terminal_resume(void)
{
	if (term.open || !term.screen)
		return;
	tcgetattr(STDOUT_FILENO, &term.before);
	term.open = true;
	terminal_resize();
	paste_mode(true);
	terminal_redraw();
}

void terminal_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col
	    && (size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
	terminal_redraw();
}

unsigned terminal_width(void)
{
	return (unsigned)COLS;
}

unsigned terminal_height(void)
{
	return (unsigned)LINES;
}

/* --- keys --------------------------------------------------------------------- */

static uint32_t special(wint_t code)
{
	static const struct { int curses; uint32_t code; } keys[] = {
		{ KEY_ENTER, KEYS_ENTER }, { KEY_BTAB, KEYS_BACKTAB },
		{ KEY_BACKSPACE, KEYS_BACKSPACE }, { KEY_DC, KEYS_DELETE },
		{ KEY_IC, KEYS_INSERT }, { KEY_UP, KEYS_UP }, { KEY_DOWN, KEYS_DOWN },
		{ KEY_LEFT, KEYS_LEFT }, { KEY_RIGHT, KEYS_RIGHT }, { KEY_HOME, KEYS_HOME },
		{ KEY_END, KEYS_END }, { KEY_PPAGE, KEYS_PAGE_UP }, { KEY_NPAGE, KEYS_PAGE_DOWN },
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if ((wint_t)keys[i].curses == code)
			return keys[i].code;
	if (code >= (wint_t)KEY_F(1) && code <= (wint_t)KEY_F(12))
		return KEYS_F1 + (uint32_t)(code - (wint_t)KEY_F(1));
	return 0;
}

static uint32_t plain(wint_t c)
{
	if (c == '\r' || c == '\n')
		return KEYS_ENTER;
	if (c == '\t')
		return KEYS_TAB;
	if (c == 0x7f || c == 8)
		return KEYS_BACKSPACE;
	if (c < 0x20)
		return c ? KEYS_CTRL + (uint32_t)c : 0;
	return (uint32_t)c;
}

/* What follows an escape at once belongs to it: Alt. */
static uint32_t after_escape(void)
{
	wint_t c;
	int kind = get_wch(&c);

	if (kind == ERR)
		return KEYS_ESC;
	if (kind == KEY_CODE_YES)
		return special(c) | KEYS_ALT;
	return c == 27 ? KEYS_ESC : plain(c) | KEYS_ALT;
}

/* Without bracketed paste, many characters in one read are a paste too, to its
 * end: what comes while it lasts belongs to it. */
static bool burst(void)
{
	int64_t now_us = clock_mono_us();
	int waiting = 0;

	if (term.paste_mode)
		return false;
	if (ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting >= BURST)
		term.burst_until_us = now_us + BURST_MS * 1000;
	return now_us < term.burst_until_us;
}

bool terminal_key(struct key *key)
{
	bool fast = burst();
	wint_t c;

	for (;;) {
		int kind = get_wch(&c);

		if (kind == ERR)
			return false;
		if (kind == KEY_CODE_YES && c == KEY_PASTE_BEGIN) {
			term.pasting = true;
			continue;
		}
		if (kind == KEY_CODE_YES && c == KEY_PASTE_END) {
			term.pasting = false;
			continue;
		}
		key->code = kind == KEY_CODE_YES ? special(c) : c == 27 ? after_escape() : plain(c);
		key->pasted = term.pasting || fast;
		if (key->code)
			return true;
	}
}

uint32_t terminal_flush(void)
{
	struct key key;
	uint32_t first = 0;

	while (terminal_key(&key))
		if (!first)
			first = key.code;
	return first;
}

/* --- drawing ------------------------------------------------------------------- */

static void draw_text(const char *s, size_t len)
{
	wchar_t wide[256];
	int count = 0;

	for (size_t at = 0; at < len;) {
		uint32_t cp = 0xfffd;
		size_t used = utf8_decode(s + at, len - at, &cp);

		at += used ? used : 1;
		if (count == (int)(sizeof wide / sizeof *wide)) {
			addnwstr(wide, count);
			count = 0;
		}
		wide[count++] = (wchar_t)cp;
	}
	addnwstr(wide, count);
}

static void draw_row(const struct rows *rows, size_t n)
{
	const struct row *row = &rows->rows[n];
	attr_t over = row->selected ? style_attributes(STYLE_SELECTED) : A_NORMAL;

	move((int)n, 0);
	for (uint32_t i = 0; i < row->count; i++) {
		const struct span *span = &rows->spans[row->first + i];

		attr_set(style_attributes((enum style)span->style) | over,
		         style_pair((enum style)span->style), NULL);
		draw_text(rows->text.data + span->at, span->len);
	}
	attr_set(over, 0, NULL);
	for (unsigned x = row->cells; row->selected && x < rows->width; x++)
		addch(' ');
	attr_set(A_NORMAL, 0, NULL);
	if (!row->selected && row->cells < rows->width)
		clrtoeol();
}

void terminal_redraw(void)
{
	term.redraw = true;
}

void terminal_draw(struct rows *rows)
{
	struct rows drawn;
	bool all = term.redraw || rows->count != term.shown.count
		|| rows->width != term.shown.width;

	if (!term.open)
		return;
	/* After a break the library sets the modes of the terminal first. */
	if (!term.redraw)
		outlet_hold();
	else
		clearok(stdscr, TRUE);
	if (all)
		erase();
	for (size_t n = 0; n < rows->count && n < (size_t)LINES; n++)
		if (all || !rows_same(rows, n, &term.shown, n))
			draw_row(rows, n);
	curs_set(rows->has_cursor);
	if (rows->has_cursor)
		move((int)rows->cursor_row, (int)rows->cursor_column);
	else
		move(LINES - 1, 0);
	refresh();
	outlet_release();
	term.redraw = false;
	drawn = term.shown;
	term.shown = *rows;
	*rows = drawn;
}

void terminal_beep(void)
{
	beep();
}
