/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/role.h"

static int cells_of_row(char *line, char *cell[], int max)
{
	int n = 0;

	for (char *p = strtok(line, ",\n"); p && n < max; p = strtok(NULL, ",\n"))
		cell[n++] = p;
	return n;
}

/* Every cell of the hand-kept matrix, and no verb or stage left out of it. */
static void test_matrix(void **state)
{
	FILE *f = fopen(TEST_SRCDIR "/unit/roles.csv", "r");
	bool seen[ROLE_VERBS][STAGE_CONTEST + 2] = { { false } };
	char line[256], *cell[2 + ROLE_COUNT];
	int rows = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		enum role_verb verb;
		enum stage stage = STAGE_FIRST;
		int at;

		if (line[0] == '#' || strncmp(line, "verb,", 5) == 0)
			continue;
		assert_int_equal(cells_of_row(line, cell, 2 + ROLE_COUNT), 2 + ROLE_COUNT);
		assert_true(role_verb_find(cell[0], &verb));
		if (strcmp(cell[1], "any") == 0)
			at = ROLE_ANY_STAGE;
		else
			at = stage_find(cell[1], &stage) ? (int)stage : -2;
		assert_true(at >= ROLE_ANY_STAGE);
		seen[verb][at + 1] = true;
		for (int r = 0; r < ROLE_COUNT; r++) {
			bool want = strcmp(cell[2 + r], "y") == 0;

			if (role_may((enum role)r, verb, at) != want)
				fail_msg("%s %s: %s", cell[0], cell[1], role_name((enum role)r));
		}
		rows++;
	}
	fclose(f);
	for (int v = 0; v < ROLE_VERBS; v++)
		assert_true(seen[v][0]);
	for (int s = STAGE_FIRST; s <= STAGE_CONTEST; s++)
		assert_true(seen[ROLE_REVIEWS][s + 1] && seen[ROLE_LEASE][s + 1] &&
		            seen[ROLE_DECIDE][s + 1]);
	assert_int_equal(rows, ROLE_VERBS + 3 * 5);
}

static void test_nonsense_may_nothing(void **state)
{
	(void)state;
	assert_false(role_may((enum role)99, ROLE_SUBMIT, ROLE_ANY_STAGE));
	assert_false(role_may(ROLE_SUPERVISOR, (enum role_verb)99, ROLE_ANY_STAGE));
	assert_false(role_may(ROLE_SUPERVISOR, ROLE_LEASE, 99));
	assert_false(role_may(ROLE_SUPERVISOR, ROLE_LEASE, -7));
}

static void test_names(void **state)
{
	enum role r;
	enum role_verb v;

	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_true(role_find(role_name((enum role)i), &r));
		assert_int_equal(r, i);
	}
	for (int i = 0; i < ROLE_VERBS; i++) {
		assert_true(role_verb_find(role_verb_name((enum role_verb)i), &v));
		assert_int_equal(v, i);
	}
	assert_false(role_find("Reviewer", &r));
	assert_false(role_find("", &r));
	assert_false(role_find(NULL, &r));
	assert_false(role_verb_find("approve", &v));
}

static void test_sets(void **state)
{
	unsigned set = role_set_add(role_set_add(0, ROLE_SUPERVISOR), ROLE_PRODUCER);
	char text[ROLE_SET_TEXT_SIZE];
	unsigned all = 0;

	(void)state;
	assert_string_equal(role_set_text(set, text), "producer,supervisor");
	assert_string_equal(role_set_text(0, text), "");
	assert_true(role_set_may(set, ROLE_SUBMIT, ROLE_ANY_STAGE));
	assert_true(role_set_may(set, ROLE_DECIDE, STAGE_ESCALATION));
	assert_false(role_set_may(set, ROLE_LOG_CONTENTS, ROLE_ANY_STAGE));
	assert_int_equal(role_set_acting(set, ROLE_DECIDE, STAGE_FIRST), ROLE_SUPERVISOR);
	set = role_set_add(set, ROLE_REVIEWER);
	assert_int_equal(role_set_acting(set, ROLE_DECIDE, STAGE_FIRST), ROLE_REVIEWER);
	assert_int_equal(role_set_acting(set, ROLE_DECIDE, STAGE_ESCALATION), ROLE_SUPERVISOR);
	assert_int_equal(role_set_acting(set, ROLE_TOKENS, ROLE_ANY_STAGE), ROLE_COUNT);
	for (int r = 0; r < ROLE_COUNT; r++)
		all = role_set_add(all, (enum role)r);
	assert_string_equal(role_set_text(all, text),
	                    "administrator,auditor,lead,producer,reviewer,supervisor");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_nonsense_may_nothing),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
