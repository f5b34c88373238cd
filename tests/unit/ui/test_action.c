/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of actions against the rules of the desk: hand-kept keys, no key
 * twice where both are valid, nothing recorded on Enter, Space or Ctrl.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/action.h"
#include "ui/key.h"

/* Keys that people know from the design; kept by hand. */
static const struct { const char *key; unsigned where; enum action_id id; } known[] = {
	{ "a", WHERE_REVIEW, ACTION_APPROVE }, { "c", WHERE_REVIEW, ACTION_CORRECT },
	{ "Enter", WHERE_EXTRACTION, ACTION_EDIT }, { "Enter", WHERE_FORM, ACTION_EDIT },
	{ "3", WHERE_CLASSIFICATION, ACTION_LABEL }, { "0", WHERE_CLASSIFICATION, ACTION_NONE_FITS },
	{ "/", WHERE_CLASSIFICATION, ACTION_SEARCH }, { "=", WHERE_FORM, ACTION_RIGHT },
	{ "-", WHERE_EXTRACTION, ACTION_CANNOT_TELL }, { "n", WHERE_FORM, ACTION_CANDIDATE_NEXT },
	{ "9", WHERE_EXTRACTION, ACTION_CANDIDATE }, { "x", WHERE_REVIEW, ACTION_REJECT },
	{ "r", WHERE_REVIEW, ACTION_RETURN }, { "e", WHERE_REVIEW, ACTION_ESCALATE },
	{ "s", WHERE_REVIEW, ACTION_SKIP }, { "z", WHERE_REVIEW, ACTION_DEFER },
	{ "N", WHERE_REVIEW, ACTION_NOT_FOR_ME }, { "u", WHERE_REVIEW, ACTION_UNDO },
	{ "u", WHERE_HOME, ACTION_UNDO }, { "J", WHERE_REVIEW, ACTION_ITEM_NEXT },
	{ "K", WHERE_REVIEW, ACTION_ITEM_PREVIOUS }, { "j", WHERE_LIST, ACTION_DOWN },
	{ "k", WHERE_LIST, ACTION_UP }, { "PageDown", WHERE_PANE, ACTION_PAGE_DOWN },
	{ "Space", WHERE_REVIEW, ACTION_PAGE_DOWN }, { "g", WHERE_LIST, ACTION_FIRST },
	{ "G", WHERE_LIST, ACTION_LAST }, { "i", WHERE_REVIEW, ACTION_WHY },
	{ "v", WHERE_REVIEW, ACTION_EVIDENCE }, { "h", WHERE_REVIEW, ACTION_HISTORY },
	{ "p", WHERE_REVIEW, ACTION_GUIDE }, { "R", WHERE_REVIEW, ACTION_RAW },
	{ "m", WHERE_REVIEW, ACTION_NOTE }, { "b", WHERE_BLIND, ACTION_COMMIT_OWN },
	{ "o", WHERE_LIST, ACTION_ORDER }, { "!", WHERE_HOME, ACTION_OUTBOX },
	{ ":", WHERE_REVIEW, ACTION_COMMAND }, { "?", WHERE_DIALOG, ACTION_HELP },
	{ "q", WHERE_LIST, ACTION_BACK }, { "Esc", WHERE_DIALOG, ACTION_CANCEL },
	{ "y", WHERE_FORM, ACTION_SEND }, { "w", WHERE_FORM, ACTION_COMPARE },
	{ "E", WHERE_FORM, ACTION_EDITOR },
};

static void test_known_keys_do_what_they_are_known_for(void **state)
{
	struct keymap map;
	int digit;

	(void)state;
	keymap_init(&map);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		for (unsigned bit = 1; bit <= WHERE_ALL; bit <<= 1) {
			enum action_id id;

			if (!(known[i].where & bit))
				continue;
			id = keymap_find(&map, key_parse(known[i].key), bit, &digit);
			if (id != known[i].id)
				fail_msg("%s is %s", known[i].key, action_get(id)->name);
		}
}

static void test_no_key_means_two_things_in_one_place(void **state)
{
	struct keymap map;

	(void)state;
	keymap_init(&map);
	for (size_t i = 0; action_at(i); i++)
		for (size_t j = i + 1; action_at(j); j++)
			for (int k = 0; map.keys[action_at(i)->id][k]; k++)
				for (int l = 0; map.keys[action_at(j)->id][l]; l++)
					if ((action_at(i)->where & action_at(j)->where)
					    && map.keys[action_at(i)->id][k]
					       == map.keys[action_at(j)->id][l])
						fail_msg("%s and %s", action_at(i)->name,
						         action_at(j)->name);
}

static void test_nothing_is_recorded_on_harmless_keys(void **state)
{
	static const char *const harmless[] = { "Enter", "Space", "Backspace", "Delete", "Esc",
		"Ctrl-A", "Ctrl-S", "Ctrl-M", "Alt-Enter" };
	struct keymap map;
	struct err err = ERR_INIT;
	int digit;

	(void)state;
	keymap_init(&map);
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
		for (unsigned bit = 1; bit <= WHERE_ALL; bit <<= 1) {
			enum action_id id = keymap_find(&map, key_parse(harmless[i]), bit, &digit);

			assert_false(action_get(id)->flags & (ACTION_DECIDES | ACTION_LEAVES));
		}
		err_clear(&err);
		assert_int_equal(keymap_bind(&map, ACTION_APPROVE, harmless[i], &err),
		                 ERR_INVALID);
	}
}

static void test_every_action_has_words_and_a_way_to_it(void **state)
{
	(void)state;
	for (size_t i = 0; action_at(i); i++) {
		const struct desk_action *a = action_at(i);

		assert_ptr_equal(action_find(a->name), a);
		assert_ptr_equal(action_get(a->id), a);
		assert_true(*a->title && *a->help);
		assert_true(a->help[strlen(a->help) - 1] == '.');
		assert_true(a->where);
		assert_true(*a->keys || (a->flags & ACTION_COMMAND_ONLY));
		assert_null(strpbrk(a->name, " _ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
	}
	assert_null(action_find("no-such"));
}

static void test_deciding_needs_a_role_that_decides(void **state)
{
	(void)state;
	for (size_t i = 0; action_at(i); i++) {
		const struct desk_action *a = action_at(i);

		if (!(a->flags & (ACTION_DECIDES | ACTION_LEAVES)))
			continue;
		assert_false(action_permitted(a->id, 0));
		assert_false(action_permitted(a->id, 1u << ROLE_AUDITOR));
		assert_false(action_permitted(a->id, 1u << ROLE_PRODUCER));
		assert_true(action_permitted(a->id, 1u << ROLE_REVIEWER));
		assert_true(action_permitted(a->id, 1u << ROLE_SUPERVISOR | 1u << ROLE_AUDITOR));
	}
	assert_true(action_permitted(ACTION_WHY, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_keys_do_what_they_are_known_for),
		cmocka_unit_test(test_no_key_means_two_things_in_one_place),
		cmocka_unit_test(test_nothing_is_recorded_on_harmless_keys),
		cmocka_unit_test(test_every_action_has_words_and_a_way_to_it),
		cmocka_unit_test(test_deciding_needs_a_role_that_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
