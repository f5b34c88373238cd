/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ui/outlet.h"

enum { CAPACITY = 1 << 18 };

struct wire {
	int ends[2];
	int stream;           /* what the library writes to */
};

static int open_wire(void **state)
{
	struct wire *w = calloc(1, sizeof *w);
	FILE *stream;

	assert_int_equal(pipe2(w->ends, O_NONBLOCK), 0);
	assert_true(fcntl(w->ends[1], F_SETPIPE_SZ, CAPACITY) >= CAPACITY);
	stream = outlet_open(w->ends[1]);
	assert_non_null(stream);
	w->stream = fileno(stream);
	*state = w;
	return 0;
}

static int close_wire(void **state)
{
	struct wire *w = *state;

	outlet_close();
	close(w->ends[0]);
	close(w->ends[1]);
	free(w);
	return 0;
}

static void say(const struct wire *w, const char *text)
{
	assert_int_equal(write(w->stream, text, strlen(text)), strlen(text));
}

static void expect(const struct wire *w, const char *text)
{
	char got[64] = "";
	ssize_t n = read(w->ends[0], got, sizeof got - 1);

	assert_true(n > 0 || !*text);
	assert_string_equal(got, text);
}

static void test_passes_when_not_held(void **state)
{
	const struct wire *w = *state;

	say(w, "a");
	expect(w, "a");
	outlet_release();
	expect(w, "");
}

static void test_gathers_while_held(void **state)
{
	const struct wire *w = *state;

	outlet_hold();
	say(w, "one ");
	outlet_hold();
	say(w, "two ");
	expect(w, "");
	outlet_release();
	say(w, "three");
	expect(w, "one two three");
}

/* Memory is used again: nothing of a longer painting before comes after. */
static void test_a_shorter_painting_follows(void **state)
{
	const struct wire *w = *state;

	outlet_hold();
	say(w, "a long painting");
	outlet_release();
	expect(w, "a long painting");
	outlet_hold();
	say(w, "short");
	outlet_release();
	expect(w, "short");
	outlet_hold();
	outlet_release();
	expect(w, "");
}

static void test_large_paintings_come_whole(void **state)
{
	const struct wire *w = *state;
	static char sent[CAPACITY - 4096], got[CAPACITY];
	size_t len = 0;
	ssize_t n;

	for (size_t i = 0; i < sizeof sent; i++)
		sent[i] = (char)('a' + i % 23);
	outlet_hold();
	assert_int_equal(write(w->stream, sent, sizeof sent), sizeof sent);
	outlet_release();
	while ((n = read(w->ends[0], got + len, sizeof got - len)) > 0)
		len += (size_t)n;
	assert_int_equal(len, sizeof sent);
	assert_memory_equal(got, sent, sizeof sent);
}

static void test_closing_writes_what_is_held(void **state)
{
	const struct wire *w = *state;

	outlet_hold();
	say(w, "last");
	outlet_close();
	expect(w, "last");
	outlet_close();
	assert_int_equal(write(w->ends[1], "!", 1), 1);
	expect(w, "!");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_passes_when_not_held, open_wire, close_wire),
		cmocka_unit_test_setup_teardown(test_gathers_while_held, open_wire, close_wire),
		cmocka_unit_test_setup_teardown(test_a_shorter_painting_follows, open_wire, close_wire),
		cmocka_unit_test_setup_teardown(test_large_paintings_come_whole, open_wire, close_wire),
		cmocka_unit_test_setup_teardown(test_closing_writes_what_is_held, open_wire, close_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
