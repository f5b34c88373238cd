/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/guard.h"

struct line { const char *name, *value; };

/* The verdict on a request with these headers; name NULL ends them. */
static enum guard_cause head_of(const char *target, const char *version,
                                const struct line *lines)
{
	struct guard_head head;

	guard_head_init(&head, target, version);
	for (; lines->name; lines++)
		guard_head_add(&head, lines->name, strlen(lines->name), lines->value,
		               strlen(lines->value));
	return guard_head_end(&head);
}

static void targets(void **state)
{
	static const struct { const char *target; enum guard_cause cause; } rows[] = {
		{ "/v1/proposals", GUARD_NONE },
		{ "/v1/proposals:batch", GUARD_NONE },
		{ "/v1/proposals%3Abatch", GUARD_NONE },
		{ "/v1/reviews?queue=a%20b&after=1:2&x=%2F..%2f", GUARD_NONE },
		{ "/v1/reviews?after=/../x", GUARD_NONE },
		{ "/", GUARD_NONE },
		{ "/v1/.well-known", GUARD_NONE },
		{ "", GUARD_TARGET },
		{ "*", GUARD_TARGET },
		{ "http://127.0.0.1/v1/queues", GUARD_TARGET },
		{ "/v1/a b", GUARD_TARGET },
		{ "/v1/a\tb", GUARD_TARGET },
		{ "/v1/a\x80", GUARD_TARGET },
		{ "/v1/a#b", GUARD_TARGET },
		{ "/v1\\queues", GUARD_TARGET },
		{ "/v1/\x7f", GUARD_TARGET },
		{ "/v1/queues%00", GUARD_ESCAPE },
		{ "/v1/queues?a=%00", GUARD_ESCAPE },
		{ "/v1%2fqueues", GUARD_ESCAPE },
		{ "/v1%2Fqueues", GUARD_ESCAPE },
		{ "/v1%5cqueues", GUARD_ESCAPE },
		{ "/v1/%2e%2e/queues", GUARD_ESCAPE },
		{ "/v1/%252e", GUARD_ESCAPE },
		{ "/v1/%0a", GUARD_ESCAPE },
		{ "/v1/%zz", GUARD_ESCAPE },
		{ "/v1/%4", GUARD_ESCAPE },
		{ "/v1/?a=%", GUARD_ESCAPE },
		{ "/v1/../healthz", GUARD_ESCAPE },
		{ "/v1/..", GUARD_ESCAPE },
		{ "/v1/./queues", GUARD_ESCAPE },
		{ "/.", GUARD_ESCAPE },
		{ "//v1/queues", GUARD_ESCAPE },
		{ "/v1//queues", GUARD_ESCAPE },
		{ "/v1/..?x", GUARD_ESCAPE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (guard_target(rows[i].target) != rows[i].cause)
			fail_msg("%s: %s", rows[i].target, guard_rule(guard_target(rows[i].target))->name);
}

static void a_target_has_a_length(void **state)
{
	char target[8002];

	(void)state;
	memset(target, 'a', sizeof target);
	target[0] = '/';
	target[8000] = '\0';
	assert_int_equal(guard_target(target), GUARD_NONE);
	target[8000] = 'a';
	target[8001] = '\0';
	assert_int_equal(guard_target(target), GUARD_TARGET);
}

static void framing(void **state)
{
	static const struct { enum guard_cause cause; struct line lines[5]; } rows[] = {
		{ GUARD_NONE, { { "Host", "a" } } },
		{ GUARD_NONE, { { "host", "a" }, { "CONTENT-LENGTH", "0" } } },
		{ GUARD_NONE, { { "Host", "a" }, { "Content-Length", "999999999999999" } } },
		{ GUARD_NONE, { { "Host", "a" }, { "Transfer-Encoding", "Chunked" } } },
		{ GUARD_NONE, { { "Host", "a" }, { "Content-Encoding", "identity" } } },
		{ GUARD_NONE, { { "Host", "a" }, { "X", "" }, { "X", "tab\there" } } },
		{ GUARD_HOST, { { "Accept", "a" } } },
		{ GUARD_HOST, { { "Host", "a" }, { "host", "a" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "0" }, { "content-length", "30" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "5" }, { "Content-Length", "5" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "+2" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "-1" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "1 0" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "5, 5" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "0x5" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "" } } },
		{ GUARD_LENGTH, { { "Host", "a" }, { "Content-Length", "1000000000000000" } } },
		{ GUARD_LENGTH_AND_ENCODING, { { "Host", "a" }, { "Content-Length", "5" },
			{ "Transfer-Encoding", "chunked" } } },
		{ GUARD_LENGTH_AND_ENCODING, { { "Host", "a" }, { "Transfer-Encoding", "chunked" },
			{ "Content-Length", "0" } } },
		{ GUARD_ENCODING, { { "Host", "a" }, { "Transfer-Encoding", "xchunked" } } },
		{ GUARD_ENCODING, { { "Host", "a" }, { "Transfer-Encoding", "gzip, chunked" } } },
		{ GUARD_ENCODING, { { "Host", "a" }, { "Transfer-Encoding", "identity" } } },
		{ GUARD_ENCODING, { { "Host", "a" }, { "Transfer-Encoding", "chunked" },
			{ "Transfer-Encoding", "chunked" } } },
		{ GUARD_CONTENT_ENCODING, { { "Host", "a" }, { "Content-Encoding", "gzip" } } },
		{ GUARD_CREDENTIALS, { { "Host", "a" }, { "Authorization", "Bearer a" },
			{ "Authorization", "Bearer b" } } },
		{ GUARD_CREDENTIALS, { { "Host", "a" }, { "Countersign-Wire", "1" },
			{ "Countersign-Wire", "2" } } },
		{ GUARD_EXPECT, { { "Host", "a" }, { "Expect", "the-unexpected" } } },
		{ GUARD_HEADER_NAME, { { "Host", "a" }, { "Content-Length ", "5" } } },
		{ GUARD_HEADER_NAME, { { "Host", "a" }, { "X Y", "5" } } },
		{ GUARD_HEADER_NAME, { { "Host", "a" }, { "", "5" } } },
		{ GUARD_HEADER_NAME, { { "Host", "a" }, { "X\xc3\xa4", "5" } } },
		{ GUARD_HEADER_VALUE, { { "Host", "a" }, { "X", "a\rb" } } },
		{ GUARD_HEADER_VALUE, { { "Host", "a" }, { "X", "\x1b]0;x" } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum guard_cause got = head_of("/", "HTTP/1.1", rows[i].lines);

		if (got != rows[i].cause)
			fail_msg("row %zu: %s", i, guard_rule(got)->name);
	}
}

/* Cuts a head up in place, as the library does: at every line end, and at the
 * first NUL of a line. */
static enum guard_cause head_in_place(const char *bytes, size_t len)
{
	static char at[256];
	struct guard_head head;
	char *target = strchr(memcpy(at, bytes, len), ' ') + 1, *version, *p, *end;

	at[len] = '\0';
	end = memchr(at, '\n', len);
	version = memrchr(at, ' ', (size_t)(end - at));
	*version++ = '\0';
	if (end[-1] == '\r')
		end[-1] = '\0';
	*end = '\0';
	guard_head_init(&head, target, version);
	guard_head_lines(&head, target, strlen(target), version);
	for (p = end + 1; *p != '\r' && *p != '\n'; p = end + 1) {
		char *colon = strchr(p, ':'), *value = colon + 1 + strspn(colon + 1, " ");

		end = memchr(p, '\n', (size_t)(at + len - p));
		*colon = '\0';
		if (end[-1] == '\r')
			end[-1] = '\0';
		*end = '\0';
		guard_head_add(&head, p, strlen(p), value, strlen(value));
	}
	return guard_head_end(&head);
}

#define IN_PLACE(text) head_in_place(text, sizeof text - 1)

static void lines_stand_one_behind_the_other(void **state)
{
	(void)state;
	assert_int_equal(IN_PLACE("GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY:  b\r\n\r\n"), GUARD_NONE);
	assert_int_equal(IN_PLACE("GET /\0x HTTP/1.1\r\nHost: a\r\n\r\n"), GUARD_LINE);
	assert_int_equal(IN_PLACE("GET / HTTP/1.1\nHost: a\r\n\r\n"), GUARD_LINE);
	assert_int_equal(IN_PLACE("GET / HTTP/1.1\r\nX: a\nHost: a\r\n\r\n"), GUARD_LINE);
	assert_int_equal(IN_PLACE("GET / HTTP/1.1\r\nX: a\0b\r\nHost: a\r\n\r\n"), GUARD_LINE);
	assert_int_equal(IN_PLACE("GET / HTTP/1.1\r\nX: a\0\0b\r\nHost: a\r\n\r\n"), GUARD_LINE);
}

static void a_folded_line_stands_elsewhere(void **state)
{
	static char at[512] = "HTTP/1.1\0\0Host\0a";
	struct guard_head head;

	(void)state;
	/* before, and behind, wherever the library joined the pieces */
	for (int behind = 0; behind <= 1; behind++) {
		guard_head_init(&head, "/", "HTTP/1.1");
		head.line = at + 10;
		guard_head_add(&head, at + 10, 4, behind ? at + 300 : at, 3);
		assert_int_equal(guard_head_end(&head), GUARD_LINE);
	}
	guard_head_init(&head, "/", "HTTP/1.1");
	head.line = at + 10;
	guard_head_add(&head, at + 10, 4, at + 15, 1);
	assert_int_equal(guard_head_end(&head), GUARD_NONE);
}

static void a_nul_in_a_header_is_seen(void **state)
{
	struct guard_head head;

	(void)state;
	guard_head_init(&head, "/", "HTTP/1.1");
	guard_head_add(&head, "Host", 4, "a\0b", 3);
	assert_int_equal(guard_head_end(&head), GUARD_HEADER_VALUE);
	guard_head_init(&head, "/", "HTTP/1.1");
	guard_head_add(&head, "Ho\0st", 5, "a", 1);
	assert_int_equal(guard_head_end(&head), GUARD_HEADER_NAME);
}

static void versions(void **state)
{
	static const struct line host[] = { { "Host", "a" }, { NULL, NULL } };

	(void)state;
	assert_int_equal(head_of("/", "HTTP/1.0", host), GUARD_NONE);
	assert_int_equal(head_of("/", "HTTP/1.2", host), GUARD_VERSION);
	assert_int_equal(head_of("/", "HTTP/0.9", host), GUARD_VERSION);
	assert_int_equal(head_of("/", "", host), GUARD_VERSION);
	assert_int_equal(head_of("//", "", host), GUARD_ESCAPE);
}

static void what_the_head_tells(void **state)
{
	struct guard_head head;

	(void)state;
	guard_head_init(&head, "/", "HTTP/1.1");
	guard_head_add(&head, "Host", 4, "a", 1);
	guard_head_add(&head, "Content-Length", 14, "0042", 4);
	guard_head_add(&head, "authorization", 13, "Bearer x", 8);
	guard_head_add(&head, "Expect", 6, "100-Continue", 12);
	assert_int_equal(guard_head_end(&head), GUARD_NONE);
	assert_int_equal(head.length, 42);
	assert_string_equal(head.authorization, "Bearer x");
	assert_true(head.expects);
	assert_false(head.chunked);
}

static void every_cause_has_words(void **state)
{
	(void)state;
	for (int c = GUARD_NONE + 1; c < GUARD_CAUSES; c++) {
		const struct guard_rule *rule = guard_rule((enum guard_cause)c);

		assert_true(rule->name && rule->name[0]);
		assert_true(rule->detail && rule->detail[0]);
		assert_int_equal(rule->problem,
		                 c == GUARD_TOO_LARGE ? PROBLEM_TOO_LARGE : PROBLEM_MALFORMED);
	}
}

static void refusals_are_logged_once_a_second(void **state)
{
	struct guard_count count = { .refused = { 0 } };

	(void)state;
	assert_true(guard_count_add(&count, GUARD_HOST, 0));
	assert_false(guard_count_add(&count, GUARD_HOST, 999999));
	assert_true(guard_count_add(&count, GUARD_LENGTH, 999999));
	assert_true(guard_count_add(&count, GUARD_HOST, 1000001));
	assert_int_equal(count.refused[GUARD_HOST], 3);
	assert_int_equal(count.refused[GUARD_LENGTH], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets),
		cmocka_unit_test(a_target_has_a_length),
		cmocka_unit_test(framing),
		cmocka_unit_test(lines_stand_one_behind_the_other),
		cmocka_unit_test(a_folded_line_stands_elsewhere),
		cmocka_unit_test(a_nul_in_a_header_is_seen),
		cmocka_unit_test(versions),
		cmocka_unit_test(what_the_head_tells),
		cmocka_unit_test(every_cause_has_words),
		cmocka_unit_test(refusals_are_logged_once_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
