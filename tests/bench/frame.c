/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/frame.h"

#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1 << 16, ROWS = 200, FRAME_FD = 3, PAIRS = 64 };

static char frame[ROWS][LINE];
static int rows;

bool frame_take(void)
{
	static FILE *f;
	char line[32];

	if (!f && !(f = fdopen(FRAME_FD, "r")))
		return false;
	rows = fgets(line, sizeof line, f) ? atoi(line) : 0;
	if (rows < 1 || rows > ROWS)
		return false;
	for (int i = 0; i < rows; i++)
		if (!fgets(frame[i], LINE, f))
			return false;
	return true;
}

static short pair_of(unsigned colour)
{
	static unsigned known[PAIRS];
	static short count;

	if (!colour)
		return 0;
	for (short i = 0; i < count; i++)
		if (known[i] == colour)
			return (short)(i + 1);
	if (count == PAIRS)
		return 0;
	known[count++] = colour;
	init_pair(count, (short)(colour - 1), -1);
	return count;
}

static void set_look(unsigned look)
{
	attr_t a = A_NORMAL;

	if (look & 0x100)
		a |= A_BOLD;
	if (look & 0x200)
		a |= A_REVERSE;
	if (look & 0x400)
		a |= A_UNDERLINE;
	attr_set(a, pair_of(look & 0xff), NULL);
}

void frame_paint(void)
{
	erase();
	for (int i = 0; i < rows; i++) {
		const char *p = frame[i];

		move(i, 0);
		while (*p == '\x1f') {
			char hex[5] = "";
			size_t len = strcspn(p + 5, "\x1f\n");

			memcpy(hex, p + 1, 4);
			set_look((unsigned)strtoul(hex, NULL, 16));
			addnstr(p + 5, (int)len);
			p += 5 + len;
		}
	}
	attr_set(A_NORMAL, 0, NULL);
	move(LINES - 1, 0);
	refresh();
}

void frame_open(void)
{
	setlocale(LC_ALL, "");
	initscr();
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	idlok(stdscr, TRUE);
	curs_set(0);
	start_color();
	use_default_colors();
}

void frame_close(void)
{
	endwin();
}

int frame_key(void)
{
	return getch();
}
