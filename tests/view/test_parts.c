/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts a review screen is made of: causes, bands, candidates, labels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "view/sample.h"
#include "view/plain.h"
#include "view/review/band.h"
#include "view/review/candidates.h"
#include "view/review/cause.h"
#include "view/review/choice.h"
#include "view/review/foot.h"
#include "view/words.h"

/* --- causes ------------------------------------------------------------------- */

static struct review *with_reasons(const char *reasons)
{
	struct review *r = sample_review(sample_receipts, sample_receipt, "['total','date']");

	value_set(r->doc, "reasons", sample_json(reasons));
	r->reasons = value_find(r->doc, "reasons");
	return r;
}

static void test_a_cause_is_a_sentence(void **state)
{
	static const struct { const char *leaf, *field, *sentence; } cases[] = {
		{ "{'title':'Total unsure','path':'/proposed/fields/total/confidence','op':'lt',"
		  "'value':'0.90','found':0.696,'result':'true','asks':['total']}",
		  "unsure 0.70 < 0.90", "asked because: Total unsure (0.70, limit 0.90)" },
		{ "{'title':'Total unsure','path':'/proposed/fields/total/confidence','op':'lt',"
		  "'value':'0.90','found':'0.7','result':'true','asks':['total']}",
		  "unsure 0.70 < 0.90", "asked because: Total unsure (0.70, limit 0.90)" },
		{ "{'title':'Total unsure','path':'/proposed/fields/total/confidence','op':'lt',"
		  "'value':'0.90','found':'0.8996','result':'true','asks':['total']}",
		  "unsure 0.8996 < 0.90", "asked because: Total unsure (0.8996, limit 0.90)" },
		{ "{'title':'Total unsure','path':'/proposed/fields/total/confidence','op':'lt',"
		  "'value':'0.90','found':null,'result':'missing','asks':['total']}",
		  "confidence unknown", "asked because: Total unsure (confidence unknown)" },
		{ "{'title':'Total is required and empty','path':'/proposed/fields/total/value',"
		  "'op':'missing','value':null,'found':null,'result':'true','asks':['total']}",
		  "required, missing", "asked because: Total is required and empty" },
		{ "{'title':'large amount','path':'/proposed/amount','op':'gt','value':'100',"
		  "'found':250,'result':'true','asks':['total']}",
		  "250 > 100", "asked because: large amount (250 > 100)" },
		{ "{'title':'Total unsure','path':'/x/confidence','op':'lt','value':'0.5',"
		  "'found':0.9,'result':'false','asks':['total']}",
		  "", "asked because: every item of this queue goes to a person" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *list = mem_printf("[%s]", cases[i].leaf);
		struct review *r = with_reasons(list);
		struct buf out = BUF_INIT;
		struct rows rows;

		cause_field(r, "total", true, &out);
		assert_string_equal(buf_str(&out), cases[i].field);
		buf_reset(&out);
		cause_field(r, "company", false, &out);
		assert_int_equal(out.len, 0);
		cause_sentence(r, &out);
		assert_string_equal(buf_str(&out), cases[i].sentence);
		rows_init(&rows, 60, 0);
		cause_rows(r, &rows);
		free(sample_rows(&rows, rows.count));
		rows_clear(&rows);
		buf_clear(&out);
		review_free(r);
		free(list);
	}
}

/* --- confidence ------------------------------------------------------------------ */

static void test_confidence_is_never_made_up(void **state)
{
	struct review *r = sample_review(sample_receipts, sample_receipt, NULL);
	struct value *v = value_new_real(0.4999), *sure = value_new_int(1);
	char text[PLAIN_TIME_SIZE];
	struct rows rows;

	(void)state;
	assert_int_equal(band_of(r->definition, NULL), BAND_UNKNOWN);
	assert_int_equal(band_of(r->definition, v), BAND_LOW);
	assert_int_equal(band_of(r->definition, sure), BAND_HIGH);
	v->r = 0.5;
	assert_int_equal(band_of(r->definition, v), BAND_MEDIUM);
	assert_string_equal(plain_share(0.696, text), "0.70");
	assert_string_equal(plain_share(0.9972, text), "0.9972");
	assert_string_equal(plain_share(1, text), "1.00");
	rows_init(&rows, 20, 0);
	rows_new(&rows);
	band_bar(&rows, v, true);
	rows_new(&rows);
	band_bar(&rows, NULL, true);
	rows_new(&rows);
	band_bar(&rows, sure, false);
	{
		char *all = sample_rows(&rows, 3);

		assert_string_equal(all, "▱▱▱··\n\n▇▇▇▇▇\n");
		free(all);
	}
	rows_clear(&rows);
	value_free(v);
	value_free(sure);
	review_free(r);
}

/* --- candidates --------------------------------------------------------------------- */

static char *found(const char *field, const char *value, const char *text)
{
	struct value *definition = sample_json("{'queue':'q','title':'Q','kind':'extraction',"
		"'schema':{'type':'object'}}");
	struct value *proposal = sample_json("{'external_id':'x','queue':'q','kind':'extraction',"
		"'model':{'name':'m','version':'1'},'safety_class':'bounded',"
		"'sources':[{'id':'t','media_type':'text/plain','text':''}],"
		"'proposed':{'fields':{}}}");
	struct value *fields = value_find_pointer(proposal, "/proposed/fields");
	struct value *one = value_new_object();
	struct review *r;
	struct form *f;
	struct candidates c;
	struct buf out = BUF_INIT;

	value_set_string(one, "value", value);
	value_set(fields, field, one);
	value_set_string(value_find_pointer(proposal, "/sources/0"), "text", text);
	r = sample_review_of(definition, proposal, NULL);
	f = form_new(r);
	candidates_find(r->proposal, &f->fields[0], &c);
	for (size_t i = 0; i < c.count; i++) {
		assert_true(c.items[i].start < c.items[i].end);
		buf_addf(&out, "%s|", c.items[i].text);
	}
	candidates_clear(&c);
	form_free(f);
	review_free(r);
	return buf_take(&out);
}

static void test_candidates_look_like_what_is_wanted(void **state)
{
	static const struct { const char *field, *value, *text, *wanted; } cases[] = {
		{ "date", NULL, "Bae No. CS00058953 Date: 23/03/2078\n1113 2 48.00 101.76\nTotal 96.00",
		  "23/03/2078|" },
		{ "date", NULL, "on 3 March 2018, or 2018-03-05; not 13.14.15.16 nor 45/99/2018",
		  "3 March 2018|2018-03-05|" },
		{ "date", NULL, "12 3 2018 pieces of 4 5 18", "" },
		{ "date", "2018-03-05", "2018-03-05 06.03.18", "06.03.18|" },
		{ "total", "7.97", "Total 7.97\nSub 9.36\n-1.39 x\n12 pieces\n1,234.50",
		  "9.36|-1.39|1,234.50|" },
		{ "total", "16.50", "Total RM S2.10\nSub 7. 97\nId 12 34 O0 1l", "52.10|7.97|" },
		{ "total", NULL, "Total ??\nCASH RM50 .00\nChange RM11.00",
		  "39.00|11.00|50.00|" },
		{ "total", "52.08", "Total 52.08\nRounding adj.\n", "52.10|" },
		{ "total", "1.40", "Total 24,00", "24,00|24.00|" },
		{ "invoice_number", NULL, "No. 2022089083 of 12", "2022089083|" },
		{ "company", NULL, "NORDWIND LTD\n\n1 Harbour Row\n", "NORDWIND LTD|1 Harbour Row|" },
		{ "company", "x", "한국 상사\nsecond", "한국 상사|second|" },
		{ "date", NULL, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = found(cases[i].field, cases[i].value, cases[i].text);

		assert_string_equal(text, cases[i].wanted);
		free(text);
	}
}

/* --- labels ----------------------------------------------------------------------------- */

static void test_digits_are_the_alternatives_and_never_the_proposed_label(void **state)
{
	struct facts facts = sample_facts();
	struct item *item = item_new(sample_review(sample_intents, sample_intent, NULL), NULL,
	                             NULL, &facts);
	struct choice list[CHOICE_DIGITS + 1];
	size_t count = choice_list(item, list);

	(void)state;
	assert_int_equal(count, 5);   /* the queue is small: all its labels have a digit */
	assert_string_equal(list[0].label, "card_lost");
	assert_int_equal(list[0].digit, 0);
	assert_string_equal(choice_of_digit(item, 1), "card_new");
	assert_string_equal(choice_of_digit(item, 2), "fee");
	assert_string_equal(choice_of_digit(item, 3), "pin");
	assert_null(choice_of_digit(item, 0));
	assert_null(choice_of_digit(item, 5));
	for (int digit = 1; digit <= CHOICE_DIGITS; digit++)
		if (choice_of_digit(item, digit))
			assert_string_not_equal(choice_of_digit(item, digit), "card_lost");
	item_free(item);
}

static void test_search_finds_titles_before_definitions(void **state)
{
	static const struct { const char *query, *first; size_t count; } cases[] = {
		{ "pin", "pin", 1 }, { "CARD", "fee", 3 }, { "frozen tries", "pin", 1 },
		{ "card gone", "card_lost", 1 }, { "zebra", NULL, 0 }, { "", "card_lost", 5 },
		{ "first wanted", "card_new", 1 },
	};
	struct review *r = sample_review(sample_intents, sample_intent, NULL);
	size_t hits[CHOICE_FOUND_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(choice_search(r->definition, cases[i].query, hits),
		                 cases[i].count);
		if (cases[i].first)
			assert_string_equal(r->definition->labels[hits[0]].name, cases[i].first);
	}
	review_free(r);
}

/* --- signals and values ---------------------------------------------------------------- */

static void test_signals_become_words(void **state)
{
	struct facts facts = sample_facts();
	struct item *item = item_new(sample_review(sample_receipts, sample_receipt, NULL), NULL,
	                             NULL, &facts);
	struct rows rows;
	char *text;

	(void)state;
	rows_init(&rows, 80, 0);
	assert_int_equal(foot_signals(item, "total", 0, &rows), 1);   /* page.words is not shown */
	assert_int_equal(foot_checks(item, &rows), 1);
	text = sample_rows(&rows, 2);
	sample_shows(text, "− word quality of total 38 of 100");
	sample_shows(text, "✗ sum failed · lines give 100.00 (adder)");
	free(text);
	rows_clear(&rows);
	item_free(item);
}

static void test_values_are_said_as_they_are(void **state)
{
	static const struct { const char *json, *text; } cases[] = {
		{ "'a \\u0022b\\u0022'", "a \"b\"" }, { "12", "12" }, { "1.50", "1.5" },
		{ "null", "" }, { "true", "true" }, { "['a',1,{'b':null}]",
		"[\"a\", 1, {\"b\": null}]" }, { "{}", "{}" },
	};
	char text[PLAIN_TIME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *json = mem_printf("[%s]", cases[i].json);
		struct value *v = sample_json(json);
		char *plain = plain_text(value_at(v, 0));

		assert_string_equal(plain, cases[i].text);
		free(plain);
		value_free(v);
		free(json);
	}
	assert_string_equal(plain_span(59000, text), "59 s");
	assert_string_equal(plain_span(-5, text), "0 s");
	assert_string_equal(plain_span(7199000, text), "119 min");
	assert_string_equal(plain_span(172800000, text), "2 days");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cause_is_a_sentence),
		cmocka_unit_test(test_confidence_is_never_made_up),
		cmocka_unit_test(test_candidates_look_like_what_is_wanted),
		cmocka_unit_test(test_digits_are_the_alternatives_and_never_the_proposed_label),
		cmocka_unit_test(test_search_finds_titles_before_definitions),
		cmocka_unit_test(test_signals_become_words),
		cmocka_unit_test(test_values_are_said_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
