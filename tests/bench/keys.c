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
 * with the same cells. So both meet the same moments of the machine. How a
 * screen is written: side.h.
 *
 * Prints one line of JSON for each KEYS:COUNT: of both programs the microseconds
 * of each step, and the bytes; unequal: steps after which the cells differed;
 * busy_us: processor time of the program for a step and what follows it.
 * Status 1: a program did not answer or ended; 2: usage.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/side.h"

static int pause_ms;
static struct side desk, bare;

static bool hand_over(void)
{
	size_t len;
	char *text = side_text(&desk, &len);
	bool well = side_give(&bare, text, len);

	free(text);
	return well;
}

static bool same_cells(void)
{
	size_t a, b;
	char *x = side_text(&desk, &a), *y = side_text(&bare, &b);
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
	side_answer(s, 0, 0);
	s->bytes = bytes;
	began = side_now_us();
	if (write(s->fd, &key, 1) != 1)
		return false;
	last = side_answer(s, SIDE_SILENT_MS, SIDE_QUIET_MS);
	s->silent += !last;
	s->us[n] = last ? last - began : SIDE_SILENT_MS * 1000;
	return waitpid(s->pid, NULL, WNOHANG) == 0;
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

	if (count < 1 || count > SIDE_STEPS)
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
	side_print("desk", &desk, count);
	if (bare.pid)
		side_print("bare", &bare, count);
	printf("}\n");
	return fflush(stdout) == 0 && !desk.silent && !bare.silent;
}

static bool warm(const char *keys)
{
	if (!side_answer(&desk, 10000, SIDE_START_QUIET_MS))
		return false;
	for (const char *p = keys; *p; p++)
		if (write(desk.fd, p, 1) != 1 || !side_answer(&desk, SIDE_SILENT_MS, p[1] == *p ? SIDE_QUIET_MS
		                                         : SIDE_START_QUIET_MS))
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
	desk.columns = bare.columns = atoi(argv[1]);
	desk.rows = bare.rows = atoi(argv[2]);
	pause_ms = atoi(argv[3]);
	argv[program] = argv[yardstick < argc ? yardstick : argc] = NULL;
	well = side_start(&desk, argv + program + 1, false) && warm(argv[4]);
	if (well && yardstick + 1 < argc) {
		well = side_start(&bare, argv + yardstick + 1, true) && hand_over()
			&& side_answer(&bare, 10000, SIDE_START_QUIET_MS);
	}
	if (!well)
		fprintf(stderr, "keys: a program did not answer\n");
	for (int i = 5; well && i < program; i++)
		well = run_phase(argv[i]);
	side_stop(&desk);
	side_stop(&bare);
	return !well;
}
