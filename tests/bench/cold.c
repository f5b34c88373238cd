/* SPDX-License-Identifier: Apache-2.0
 *
 * cold COLUMNS ROWS TIMES HOME KEYS ITEM -- PROGRAM [ARGUMENT…]
 *      -- YARDSTICK [ARGUMENT…]
 *
 * Starts a program and types KEYS once the word HOME stands on its screen, and
 * measures from the start until the word ITEM stands there. The same in turn
 * with the yardstick, which is handed the program's two screens on descriptor 3
 * and typed one key. Prints one line of JSON as keys.c does; the first round is a
 * rehearsal, in which the yardstick's cells are held against the program's. Status 1: a program did not answer; 2: usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/side.h"

enum { PATIENCE_MS = 10000 };

static struct side desk, bare;
static char *screens[2];
static size_t lengths[2];
static int unequal;

/* The screen is complete: the desk's is handed to the yardstick from now on, and
 * the yardstick's must be that one. */
static void rehearsed(struct side *s, int n)
{
	size_t len;
	char *text;

	side_answer(s, SIDE_START_QUIET_MS, SIDE_START_QUIET_MS);
	text = side_text(s, &len);
	if (s == &bare) {
		unequal += len != lengths[n] || memcmp(text, screens[n], len) != 0;
		free(text);
	} else {
		free(screens[n]);
		screens[n] = text;
		lengths[n] = len;
	}
}

/* Microseconds from the start to the item, -1: it did not come. */
static int64_t run(struct side *s, char **argv, char **words, bool rehearse)
{
	int64_t began = side_now_us(), shown = 0;
	bool yardstick = s == &bare;
	bool well = side_start(s, argv, yardstick)
		&& (!yardstick || (side_give(s, screens[0], lengths[0]) && side_give(s, screens[1], lengths[1])))
		&& side_await(s, words[0], PATIENCE_MS);

	if (well && rehearse)
		rehearsed(s, 0);
	for (const char *key = words[1]; well && *key; key++) {
		if (yardstick && key[1])
			continue;
		well = write(s->fd, key, 1) == 1;
	}
	if (well)
		shown = side_await(s, words[2], PATIENCE_MS);
	if (shown && rehearse)
		rehearsed(s, 1);
	side_stop(s);
	return shown ? shown - began : -1;
}

int main(int argc, char **argv)
{
	int times = argc > 9 ? atoi(argv[3]) : 0, at = 8;
	bool well = times > 0 && times <= SIDE_STEPS && strcmp(argv[7], "--") == 0;

	while (at < argc && strcmp(argv[at], "--") != 0)
		at++;
	if (!well || at + 1 >= argc) {
		fprintf(stderr, "usage: see the head of cold.c\n");
		return 2;
	}
	argv[at] = NULL;
	desk.columns = bare.columns = atoi(argv[1]);
	desk.rows = bare.rows = atoi(argv[2]);
	for (int i = -1; well && i < times; i++) {
		int64_t one = run(&desk, argv + 8, argv + 4, i < 0);
		int64_t other = one < 0 ? -1 : run(&bare, argv + at + 1, argv + 4, i < 0);

		well = other >= 0;
		if (well && i >= 0) {
			desk.us[i] = one;
			bare.us[i] = other;
		} else {
			desk.bytes = bare.bytes = 0;
		}
	}
	printf("{\"count\":%d,\"unequal\":%d", times, unequal);
	side_print("desk", &desk, times);
	side_print("bare", &bare, times);
	printf("}\n");
	if (!well)
		fprintf(stderr, "cold: a program did not answer\n");
	return !well;
}
