/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

static void copies(void **state)
{
	char *text = mem_strndup("abcdef", 3), *line = mem_printf("%s-%d", "n", 7);
	unsigned char *zero = mem_zalloc(32);

	(void)state;
	assert_string_equal(text, "abc");
	assert_string_equal(line, "n-7");
	assert_null(mem_strdup(NULL));
	for (int i = 0; i < 32; i++)
		assert_int_equal(zero[i], 0);
	free(text);
	free(line);
	free(zero);
}

static void grows(void **state)
{
	int *items = NULL;
	size_t count = 0, cap = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		MEM_GROW(items, count, cap);
		items[count++] = i;
	}
	assert_true(cap >= 100);
	assert_int_equal(items[99], 99);
	free(items);
}

static void hook(void)
{
	if (write(STDERR_FILENO, "hook\n", 5) < 0)
		_exit(1);
}

/* What the process says when count items of size bytes cannot be had. */
static int die(size_t count, size_t size, char *said, size_t room)
{
	int ends[2], status;
	ssize_t got = 0, n;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		mem_on_exhausted(hook);
		free(mem_resize(NULL, count, size));
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], said + got, room - 1 - (size_t)got)) > 0)
		got += n;
	said[got] = '\0';
	close(ends[0]);
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void exhaustion_ends_in_words(void **state)
{
	static const char words[] = "hook\ncountersign: out of memory; what was recorded is safe\n";
	char said[256];

	(void)state;
	assert_int_equal(die(SIZE_MAX / 2, 3, said, sizeof said), 70);
	assert_string_equal(said, words);
#ifndef __SANITIZE_ADDRESS__   /* which does not return NULL */
	assert_int_equal(die(PTRDIFF_MAX, 1, said, sizeof said), 70);
	assert_string_equal(said, words);
#endif
	assert_int_equal(die(10, 3, said, sizeof said), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies),
		cmocka_unit_test(grows),
		cmocka_unit_test(exhaustion_ends_in_words),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
