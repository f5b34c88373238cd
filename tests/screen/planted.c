/* SPDX-License-Identifier: Apache-2.0
 *
 * A program with planted faults, for the tests of the harness itself.
 *
 *   planted echo         shows the keys it gets, in brackets; q ends it well
 *   planted bytes TEXT   writes TEXT (printf escapes) and ends
 *   planted leave WHAT   takes the terminal and ends without giving back WHAT:
 *                        screen, cursor, paste, tty, pen, or nothing
 *   planted styles       shows every attribute the harness can tell apart
 *   planted size         shows the size of its window, anew after SIGWINCH
 *   planted hang         takes the terminal and waits for a signal
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void put(const char *bytes)
{
	if (write(STDOUT_FILENO, bytes, strlen(bytes)) < 0)
		_exit(3);
}

static void take(struct termios *before)
{
	struct termios raw;

	tcgetattr(STDIN_FILENO, before);
	raw = *before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	put("\033[?1049h\033[?25l\033[?2004h\033[H\033[2J");
}

static void give(const struct termios *before, const char *but)
{
	if (strcmp(but, "paste") != 0)
		put("\033[?2004l");
	if (strcmp(but, "cursor") != 0)
		put("\033[?25h");
	put(strcmp(but, "pen") == 0 ? "\033[31m" : "\033[m");
	if (strcmp(but, "screen") != 0)
		put("\033[?1049l");
	if (strcmp(but, "tty") != 0)
		tcsetattr(STDIN_FILENO, TCSANOW, before);
}

static int echo(void)
{
	struct termios before;
	char key, shown[16];

	take(&before);
	put("ready\r\n");
	while (read(STDIN_FILENO, &key, 1) == 1 && key != 'q') {
		snprintf(shown, sizeof shown, key == '\033' ? "[ESC]" : "[%c]", key);
		put(shown);
	}
	give(&before, "");
	return 7;
}

static int leave(const char *what)
{
	struct termios before;

	take(&before);
	give(&before, what);
	return 0;
}

static int bytes(const char *text)
{
	for (; *text; text++) {
		char c = *text;

		if (text[0] == '\\' && text[1] == 'x') {
			c = (char)strtoul((char[]){ text[2], text[3], '\0' }, NULL, 16);
			text += 3;
		}
		if (write(STDOUT_FILENO, &c, 1) != 1)
			return 3;
	}
	return 0;
}

static int styles(void)
{
	put("\033[?1049h\033[H\033[2Jplain \033[1mbold\033[m \033[2mdim\033[m \033[4munder\033[m "
	    "\033[7mreverse\033[m \033[31mred\033[m \033[1;2;38;5;208;44mall\033[m\r\n"
	    "=\033[9b \033[2m한글\033[22m e\xcc\x81 at ##:## 12:34\r\n");
	pause();
	return 0;
}

static void show_size(int number)
{
	struct winsize size;
	char text[64];

	(void)number;
	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	snprintf(text, sizeof text, "\033[H\033[2Jsize %dx%d\r\n", size.ws_col, size.ws_row);
	put(text);
}

int main(int argc, char **argv)
{
	struct termios before;
	const char *mode = argc > 1 ? argv[1] : "";
	const char *what = argc > 2 ? argv[2] : "";

	if (strcmp(mode, "echo") == 0)
		return echo();
	if (strcmp(mode, "bytes") == 0)
		return bytes(what);
	if (strcmp(mode, "leave") == 0)
		return leave(what);
	if (strcmp(mode, "styles") == 0)
		return styles();
	if (strcmp(mode, "size") == 0)
		signal(SIGWINCH, show_size);
	else if (strcmp(mode, "hang") == 0)
		take(&before);
	else
		return 2;
	if (strcmp(mode, "size") == 0)
		show_size(0);
	else
		put("ready\r\n");
	for (;;)
		pause();
}
