/* SPDX-License-Identifier: Apache-2.0
 *
 * bare_list FRAMES: the yardstick of F1 and F9. A bare ncurses program that
 * answers each key by repainting the next recorded frame: the same cells as the
 * desk, and nothing else. FRAMES is what keys.c wrote: "ROWS\n", then ROWS lines
 * of runs, each 0x1f, two hex digits of its look, text.
 */
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 8192, FRAMES = 4096, ROWS = 200 };

static char *frames[FRAMES][ROWS];
static int rows[FRAMES];
static int count;

static bool load(const char *path)
{
	static char line[LINE];
	FILE *f = fopen(path, "r");

	while (f && count < FRAMES && fgets(line, sizeof line, f)) {
		int n = atoi(line);

		if (n < 1 || n > ROWS)
			break;
		for (int i = 0; i < n; i++) {
			if (!fgets(line, sizeof line, f))
				return false;
			line[strcspn(line, "\n")] = '\0';
			frames[count][i] = strdup(line);
		}
		rows[count++] = n;
	}
	if (f)
		fclose(f);
	return count > 0;
}

static attr_t attributes(unsigned look)
{
	attr_t a = A_NORMAL;

	if (look & 1)
		a |= A_BOLD;
	if (look & 2)
		a |= A_REVERSE;
	if (look & 4)
		a |= A_UNDERLINE;
	if (look & 8)
		a |= (attr_t)COLOR_PAIR(1 + (look >> 4));
	return a;
}

static void paint(int frame)
{
	erase();
	for (int i = 0; i < rows[frame]; i++) {
		const char *p = frames[frame][i];

		move(i, 0);
		while (*p == '\x1f') {
			char hex[3] = { p[1], p[2], 0 };
			size_t len = strcspn(p + 3, "\x1f");

			attrset(attributes((unsigned)strtoul(hex, NULL, 16)));
			addnstr(p + 3, (int)len);
			p += 3 + len;
		}
	}
	attrset(A_NORMAL);
	refresh();
}

int main(int argc, char **argv)
{
	int frame = 0;

	setlocale(LC_ALL, "");
	if (argc != 2 || !load(argv[1]))
		return 2;
	initscr();
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	idlok(stdscr, TRUE);
	curs_set(0);
	start_color();
	use_default_colors();
	for (short i = 0; i < 8; i++)
		init_pair((short)(i + 1), i, -1);
	paint(frame);
	while (getch() != 'q')
		paint(frame = (frame + 1) % count);
	endwin();
	return 0;
}
