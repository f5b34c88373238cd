/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

/* Linked instead of base/clock_source.c. */
int64_t clock_source_ms(int clock_id)
{
	(void)clock_id;
	return 1793626046000;
}

static char said[64 * 1024];
static int saved = -1, kept = -1;

static void listen_to_stderr(void)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	kept = dup(fileno(f));
	fclose(f);
	saved = dup(STDERR_FILENO);
	dup2(kept, STDERR_FILENO);
}

static const char *what_was_said(void)
{
	ssize_t got;

	dup2(saved, STDERR_FILENO);
	close(saved);
	got = pread(kept, said, sizeof said - 1, 0);
	said[got > 0 ? got : 0] = '\0';
	close(kept);
	return said;
}

static void one_line_an_event(void **state)
{
	(void)state;
	listen_to_stderr();
	log_event(LOG_INFO, "decision.accepted", "review", "0193", "by", "reviewer-1", NULL);
	log_event(LOG_WARN, "peer.late", "words", "two words", "empty", "", "none",
	          (const char *)NULL, "quote", "say \"a\\b\"", "pair", "a=b", NULL);
	assert_string_equal(what_was_said(),
	        "2026-11-02T13:27:26.000Z info decision.accepted review=0193 by=reviewer-1\n"
	        "2026-11-02T13:27:26.000Z warn peer.late words=\"two words\" empty=\"\""
	        " quote=\"say \\\"a\\\\b\\\"\" pair=\"a=b\"\n");
}

static void nothing_from_outside_forges_a_line(void **state)
{
	(void)state;
	listen_to_stderr();
	log_event(LOG_ERROR, "x\ny", "k\x1b", "a\n2026 info fake by=me\r\x1b[2J\xe2\x80\xae\xff", NULL);
	assert_string_equal(what_was_said(),
	        "2026-11-02T13:27:26.000Z error x⟦LF⟧y k⟦ESC⟧=\"a⟦LF⟧2026 info fake by=me"
	        "⟦CR⟧⟦ESC⟧[2J⟦RLO⟧⟦xFF⟧\"\n");
}

static void levels_are_kept(void **state)
{
	(void)state;
	listen_to_stderr();
	log_event(LOG_DEBUG, "hidden.one", NULL);
	log_set_level(LOG_DEBUG);
	log_event(LOG_DEBUG, "shown.one", NULL);
	log_set_level(LOG_ERROR);
	log_event(LOG_WARN, "hidden.two", NULL);
	log_event(LOG_ERROR, "shown.two", NULL);
	log_set_level(LOG_INFO);
	assert_string_equal(what_was_said(),
	        "2026-11-02T13:27:26.000Z debug shown.one\n"
	        "2026-11-02T13:27:26.000Z error shown.two\n");
}

static void a_long_value_is_cut(void **state)
{
	char *value = mem_alloc(200001);

	(void)state;
	memset(value, 'x', 200000);
	value[200000] = '\0';
	listen_to_stderr();
	log_event(LOG_INFO, "long.one", "v", value, "after", "it", NULL);
	what_was_said();
	assert_true(strlen(said) < 20000);
	assert_non_null(strstr(said, "x… after=it\n"));
	free(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_an_event),
		cmocka_unit_test(nothing_from_outside_forges_a_line),
		cmocka_unit_test(levels_are_kept),
		cmocka_unit_test(a_long_value_is_cut),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
