/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of verdicts that an independent script writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "queue/verdict.h"
#include "wire/json.h"

static struct value *vectors;

static bool has(const struct value *facts, const char *name)
{
	return value_has_string(facts, name);
}

/* Facts that are met before anything is judged. */
static bool before(const struct value *facts)
{
	return has(facts, "known_same") || has(facts, "known_other") || has(facts, "seq_of_another");
}

static void test_every_case_of_the_table(void **state)
{
	const struct value *cases = value_find(vectors, "cases");
	int judged = 0;

	(void)state;
	for (size_t i = 0; i < value_count(cases); i++) {
		const struct value *c = value_at(cases, i), *facts = value_find(c, "facts");
		struct verdict_facts f = {
			.revoked = has(facts, "revoked"), .permitted = !has(facts, "not_permitted"),
			.form_ok = !has(facts, "form_broken"),
			.shown_current = !has(facts, "shown_not_current"),
			.revision_current = !has(facts, "revision_not_current"),
			.withdrawn = has(facts, "withdrawn"),
			.amends = has(facts, "amends") || has(facts, "amends_not_open"),
			.amend_open = !has(facts, "amends_not_open"), .decided = has(facts, "decided"),
			.expired = has(facts, "expired"),
			.token_current = !has(facts, "token_not_current"),
			.lease_ended = has(facts, "lease_ended"), .admitted = !has(facts, "not_admitted"),
		};
		bool late;

		if (before(facts))
			continue;
		judged++;
		assert_string_equal(verdict_name(verdict_judge(&f, &late)), value_text(c, "verdict"));
		assert_int_equal(late, value_bool_or(c, "late", false));
	}
	assert_true(judged > 60);
}

static void test_only_two_verdicts_are_feedback(void **state)
{
	int count = 0;

	(void)state;
	for (int v = VERDICT_ACCEPTED; v <= VERDICT_DEVICE_FORKED; v++) {
		count += verdict_counts((enum verdict)v);
		assert_int_equal(verdict_sentence((enum verdict)v) == NULL, v == VERDICT_ACCEPTED);
	}
	assert_int_equal(count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_case_of_the_table),
		cmocka_unit_test(test_only_two_verdicts_are_feedback),
	};
	struct buf text = BUF_INIT;
	int failed;

	if (file_read(TEST_DATADIR "/vectors/verdicts.json", 1 << 22, &text, NULL)
	    || json_parse(text.data, text.len, &prescan_answer, &vectors, NULL))
		return 1;
	failed = cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
	value_free(vectors);
	buf_clear(&text);
	return failed;
}
