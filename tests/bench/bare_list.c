/* SPDX-License-Identifier: Apache-2.0
 *
 * bare_list FRAMES: the yardstick of F1 and F9. A bare ncurses program that
 * answers each key by repainting the next recorded frame: the same cells as the
 * desk, and nothing else. FRAMES holds, a frame: "ROWS\n", then ROWS lines
 * "A text\n", where A is r for reverse, b for bold, n for plain.
 */
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 2048, FRAMES = 4096, ROWS = 200 };

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

static void paint(int frame)
{
	erase();
	for (int i = 0; i < rows[frame]; i++) {
		const char *line = frames[frame][i];
		attr_t attr = line[0] == 'r' ? A_REVERSE : line[0] == 'b' ? A_BOLD : A_NORMAL;

		attrset(attr);
		mvaddstr(i, 0, line + 2);
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
	paint(frame);
	while (getch() != 'q')
		paint(frame = (frame + 1) % count);
	endwin();
	return 0;
}
