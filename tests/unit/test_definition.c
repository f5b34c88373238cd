/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vector.h"
#include "wire/definition.h"
#include "wire/digest.h"
#include "wire/json.h"

static struct definition *read_text(const char *text)
{
	struct definition *d = NULL;
	struct err err = ERR_INIT;
	char words[400];

	if (wire_definition_read(vector_parse(text), &d, &err))
		fail_msg("%s\n%s", err_words(&err, words, sizeof words), text);
	return d;
}

static void test_accepted(void **state)
{
	struct value *v = vector_load("definitions");
	const struct value *list = value_find(v, "accepted");

	(void)state;
	assert_true(value_count(list) > 4);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		struct definition *d = read_text(vector_text(c, "text"));

		assert_string_equal(d->digest, vector_text(c, "digest"));
		assert_string_equal(d->guide_digest, vector_text(c, "guide"));
		definition_free(d);
	}
	value_free(v);
}

static void test_refused(void **state)
{
	struct value *v = vector_load("definitions");
	const struct value *list = value_find(v, "refused");

	(void)state;
	assert_true(value_count(list) > 15);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *c = value_at(list, i);
		struct err err = ERR_INIT;
		struct definition *d = NULL;

		if (wire_definition_read(vector_parse(vector_text(c, "text")), &d, &err) != ERR_INVALID)
			fail_msg("%s: accepted", vector_text(c, "name"));
		if (strcmp(err.where, vector_text(c, "pointer")) != 0)
			fail_msg("%s: at \"%s\"", vector_text(c, "name"), err.where);
	}
	value_free(v);
}

static bool same_digest(const struct value *pair)
{
	struct definition *a = read_text(value_str(value_at(pair, 0)));
	struct definition *b = read_text(value_str(value_at(pair, 1)));
	bool same = strcmp(a->digest, b->digest) == 0;

	definition_free(a);
	definition_free(b);
	return same;
}

/* Guide, thresholds and running figures never make a decision stale. */
static void test_digest(void **state)
{
	struct value *v = vector_load("definitions");

	(void)state;
	assert_true(same_digest(value_find(v, "same")));
	assert_false(same_digest(value_find(v, "different")));
	value_free(v);
}

static void test_extraction(void **state)
{
	struct value *v = vector_load("definitions");
	struct definition *d = read_text(vector_text(value_at(value_find(v, "accepted"), 0), "text"));

	(void)state;
	assert_string_equal(d->queue, "invoices");
	assert_string_equal(definition_field_title(d, "total"), "Total");
	assert_string_equal(definition_field_title(d, "other"), "other");
	assert_int_equal(d->reason_count, 2);
	assert_string_equal(d->reasons[0].title, "not ours");
	assert_string_equal(d->reasons[1].outcome, "reject");
	assert_string_equal(d->reasons[1].name, "old");
	assert_string_equal(d->reasons[1].title, "older than a year");
	assert_memory_equal(d->guide_text, "What good", 9);
	assert_int_equal(d->least_class, CLASS_BOUNDED);
	assert_int_equal(d->lease_s, 600);
	assert_true(d->waits);
	assert_int_equal(d->due_s, 3600);
	assert_string_equal(d->on_expiry, "suspend");
	definition_free(d);
	value_free(v);
}

static void test_others(void **state)
{
	struct value *v = vector_load("definitions");
	const struct value *list = value_find(v, "accepted");
	struct definition *d = read_text(vector_text(value_at(list, 1), "text"));

	(void)state;
	assert_string_equal(d->title, "support");
	assert_int_equal(d->label_count, 2);
	assert_string_equal(definition_find_label(d, "pin_blocked")->title, "PIN blocked");
	assert_string_equal(definition_find_label(d, "card_lost")->title, "card_lost");
	assert_null(definition_find_label(d, "PIN blocked"));
	assert_string_equal(d->guide_text, "Plain words");
	assert_int_equal(d->lease_s, 900);
	definition_free(d);
	d = read_text(vector_text(value_at(list, 2), "text"));
	assert_true(definition_find_action(d, "cancel_reservation")->moves_money);
	assert_null(definition_find_action(d, "refund"));
	definition_free(d);
	value_free(v);
}

static void test_real(void **state)
{
	const char *path = vector_shared("data/real/queues.json");
	struct value *doc, *queues;

	(void)state;
	if (!path) {
		print_message("the real queues are not here\n");
		skip();
	}
	doc = vector_file(path);
	queues = value_find(doc, "queues");
	assert_int_equal(value_count(queues), 5);
	for (size_t i = 0; i < 5; i++) {
		struct definition *d = NULL;

		assert_int_equal(wire_definition_read(value_copy(value_at(queues, i)), &d, NULL), 0);
		assert_true(d->kind != KIND_CLASSIFICATION || d->label_count > 2);
		definition_free(d);
	}
	value_free(doc);
}

/* What a reason is for is one of the known words, and each kind has its list. */
static void test_kind_reasons(void **state)
{
	static const char *const groups[] = {
		"reject", "return", "escalate", "correct", "cannot_tell", "not_for_me",
	};

	(void)state;
	for (int kind = KIND_EXTRACTION; kind <= KIND_APPROVAL; kind++) {
		const struct reason *r = definition_kind_reasons((enum kind)kind);
		unsigned seen = 0;

		for (; r->name; r++) {
			unsigned before = seen;

			assert_true(strlen(r->title) > 0);
			for (unsigned g = 0; g < 6; g++)
				if (strcmp(groups[g], r->outcome) == 0)
					seen |= 1u << g;
			assert_true(seen >= before && seen);
		}
		assert_int_equal(seen, 63);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_extraction),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_kind_reasons),
	};

	json_init();
	return cmocka_run_group_tests_name("definition", tests, NULL, NULL);
}
