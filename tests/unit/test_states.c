/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/states.h"

/* One line of the story a case tells: what is there, what happens, what must
 * follow. The expected words are written by hand from the design. */
struct story {
	const char *state, *stage, *event;
	unsigned facts;
	const char *next, *next_stage;
	enum states_act act;
};

enum {
	HIGH = 1, TWO = 2, SAME = 4, PEER = 8, REVIEWER = 16, SUPERVISOR = 32, CHANGED = 64,
	UNSURE = 128, SUSPEND = 256, CORRECTED = 512, FACT_SETS = 1024
};

static const struct story stories[] = {
	/* intake */
	{ NULL, NULL, "route_auto_accept", 0, "auto_accepted", "", STATES_RESULT },
	{ NULL, NULL, "route_review", 0, "waiting", "first", STATES_REVIEW },
	{ NULL, NULL, "route_two_person", TWO, "waiting", "first", STATES_REVIEW },
	{ NULL, NULL, "route_two_person", HIGH, "waiting", "first", STATES_REVIEW },
	{ NULL, NULL, "route_escalate", HIGH, "escalated", "escalation", STATES_REVIEW },
	{ NULL, NULL, "route_refuse", 0, "rejected", "", STATES_RESULT },

	/* a lease is seen in the list for the first check only */
	{ "waiting", "first", "lease", 0, "reserved", "", STATES_NONE },
	{ "reserved", "first", "lease_end", 0, "waiting", "", STATES_NONE },
	{ "second_wanted", "second", "lease", HIGH, "second_wanted", "", STATES_NONE },
	{ "escalated", "escalation", "lease", 0, "escalated", "", STATES_NONE },
	{ "suspended", "escalation", "lease_end", 0, "suspended", "", STATES_NONE },

	/* one person decides; also when the lease has just ended */
	{ "reserved", "first", "approve", 0, "approved", "", STATES_RESULT },
	{ "waiting", "first", "approve", 0, "approved", "", STATES_RESULT },
	{ "reserved", "first", "correct", 0, "corrected", "", STATES_RESULT },
	{ "reserved", "first", "reject", 0, "rejected", "", STATES_RESULT },
	{ "reserved", "first", "return", 0, "returned", "", STATES_RESULT },
	{ "reserved", "first", "escalate", 0, "escalated", "escalation", STATES_REVIEW },

	/* two are wanted: by class or by policy, whatever the first answer is */
	{ "reserved", "first", "approve", HIGH, "second_wanted", "second", STATES_REVIEW },
	{ "reserved", "first", "approve", TWO, "second_wanted", "second", STATES_REVIEW },
	{ "reserved", "first", "correct", HIGH, "second_wanted", "second", STATES_REVIEW },
	{ "reserved", "first", "reject", HIGH, "second_wanted", "second", STATES_REVIEW },
	{ "waiting", "first", "return", TWO, "second_wanted", "second", STATES_REVIEW },
	{ "reserved", "first", "escalate", HIGH, "escalated", "escalation", STATES_REVIEW },
	{ "second_wanted", "second", "approve", HIGH | SAME, "approved", "", STATES_RESULT },
	{ "second_wanted", "second", "correct", HIGH | SAME, "corrected", "", STATES_RESULT },
	{ "second_wanted", "second", "reject", TWO | SAME, "rejected", "", STATES_RESULT },
	{ "second_wanted", "second", "return", TWO | SAME, "returned", "", STATES_RESULT },
	{ "second_wanted", "second", "approve", HIGH, "escalated", "escalation", STATES_REVIEW },
	{ "second_wanted", "second", "correct", TWO, "escalated", "escalation", STATES_REVIEW },
	{ "second_wanted", "second", "reject", HIGH, "escalated", "escalation", STATES_REVIEW },
	{ "second_wanted", "second", "escalate", SAME, "escalated", "escalation",
	  STATES_REVIEW },

	/* escalation */
	{ "escalated", "escalation", "approve", 0, "approved", "", STATES_RESULT },
	{ "escalated", "escalation", "approve", TWO, "approved", "", STATES_RESULT },
	{ "escalated", "escalation", "correct", 0, "corrected", "", STATES_RESULT },
	{ "escalated", "escalation", "approve", HIGH | PEER, "approved", "", STATES_RESULT },
	{ "escalated", "escalation", "correct", HIGH | PEER, "corrected", "", STATES_RESULT },
	{ "escalated", "escalation", "approve", HIGH, "second_wanted", "second",
	  STATES_REVIEW },
	{ "escalated", "escalation", "correct", HIGH, "second_wanted", "second",
	  STATES_REVIEW },
	{ "escalated", "escalation", "reject", HIGH, "rejected", "", STATES_RESULT },
	{ "escalated", "escalation", "return", HIGH, "returned", "", STATES_RESULT },
	{ "escalated", "escalation", "return", HIGH | REVIEWER, "waiting", "first",
	  STATES_REVIEW_NAMED },
	{ "escalated", "escalation", "escalate", 0, "escalated", "escalation", STATES_REVIEW },

	/* suspended */
	{ "suspended", "escalation", "approve", SUPERVISOR, "approved", "", STATES_RESULT },
	{ "suspended", "escalation", "correct", SUPERVISOR, "corrected", "", STATES_RESULT },
	{ "suspended", "escalation", "approve", SUPERVISOR | HIGH | PEER, "approved", "",
	  STATES_RESULT },
	{ "suspended", "escalation", "correct", SUPERVISOR | HIGH | PEER, "corrected", "",
	  STATES_RESULT },
	{ "suspended", "escalation", "approve", SUPERVISOR | HIGH, "second_wanted", "second",
	  STATES_REVIEW },
	{ "suspended", "escalation", "reject", SUPERVISOR, "rejected", "", STATES_RESULT },
	{ "suspended", "escalation", "return", SUPERVISOR, "returned", "", STATES_RESULT },
	{ "suspended", "escalation", "return", SUPERVISOR | REVIEWER, "waiting", "first",
	  STATES_REVIEW_NAMED },
	{ "suspended", "escalation", "escalate", SUPERVISOR, "suspended", "escalation",
	  STATES_REVIEW },

	/* sample and contest */
	{ "auto_accepted", "sample", "approve", 0, "auto_accepted", "", STATES_CONFIRMED },
	{ "auto_accepted", "sample", "correct", 0, "auto_accepted", "", STATES_CONFIRMED },
	{ "auto_accepted", "sample", "correct", CHANGED, "auto_accepted", "",
	  STATES_OVERTURNED },
	{ "auto_accepted", "sample", "reject", CHANGED, "auto_accepted", "",
	  STATES_OVERTURNED },
	{ "auto_accepted", "sample", "escalate", UNSURE, "auto_accepted", "",
	  STATES_UNCOUNTED },
	{ "auto_accepted", "sample", "escalate", 0, "auto_accepted", "contest",
	  STATES_REVIEW },
	{ "corrected", "contest", "approve", CHANGED, "corrected", "", STATES_OVERTURNED },
	{ "rejected", "contest", "reject", 0, "rejected", "", STATES_CONFIRMED },
	{ "approved", "contest", "escalate", UNSURE, "approved", "contest", STATES_REVIEW },
	{ "auto_accepted", NULL, "draw", 0, "auto_accepted", "sample", STATES_REVIEW },
	{ "returned", NULL, "reopen", 0, "returned", "contest", STATES_REVIEW },

	/* amendments */
	{ "approved", "first", "amend", 0, "waiting", "", STATES_REJUDGE },
	{ "second_wanted", "first", "amend", HIGH, "waiting", "", STATES_REJUDGE },
	{ "escalated", "second", "amend", HIGH, "second_wanted", "", STATES_REJUDGE },
	{ "rejected", "escalation", "amend", 0, "escalated", "", STATES_REJUDGE },
	{ "auto_accepted", "sample", "amend", 0, "auto_accepted", "", STATES_REJUDGE },

	/* time: expired is nobody's denial, and high_impact never just closes */
	{ "waiting", NULL, "expire", 0, "expired", "", STATES_RESULT },
	{ "reserved", NULL, "expire", TWO, "expired", "", STATES_RESULT },
	{ "second_wanted", NULL, "expire", SUSPEND, "suspended", "escalation",
	  STATES_REVIEW },
	{ "escalated", NULL, "expire", HIGH, "suspended", "escalation", STATES_REVIEW },
	{ "held", NULL, "expire", HIGH | SUSPEND, "suspended", "escalation", STATES_REVIEW },

	/* the producer */
	{ "reserved", NULL, "withdraw", HIGH, "withdrawn", "", STATES_RESULT },
	{ "second_wanted", NULL, "revise", HIGH, "-", "", STATES_ROUTE },
	{ "suspended", NULL, "revise", 0, "suspended", "escalation", STATES_REVIEW },
	{ "returned", NULL, "revise", 0, "waiting", "first", STATES_REVIEW_NAMED },

	/* kept back, released, handed over */
	{ "approved", NULL, "hold", 0, "held", "", STATES_KEEP },
	{ "held", NULL, "resume", 0, "approved", "", STATES_RESULT },
	{ "held", NULL, "resume", CORRECTED, "corrected", "", STATES_RESULT },
	{ "corrected", NULL, "consume", 0, "corrected", "", STATES_RELEASE },
};

static void set_facts(struct states_input *in, unsigned facts)
{
	in->safety_class = facts & HIGH ? CLASS_HIGH_IMPACT : CLASS_BOUNDED;
	in->people = facts & TWO ? 2 : 1;
	in->same = facts & SAME;
	in->peer = facts & PEER;
	in->to_reviewer = facts & REVIEWER;
	in->supervisor = facts & SUPERVISOR;
	in->changed = facts & CHANGED;
	in->unsure = facts & UNSURE;
	in->suspend = facts & SUSPEND;
	in->corrected = facts & CORRECTED;
}

static int ask(const char *state, const char *stage, const char *event, unsigned facts,
               struct states_effect *out)
{
	struct states_input in = { .state = state, .stage = stage, .event = event };

	set_facts(&in, facts);
	return states_next(&in, out, NULL);
}

static void test_file(void **state)
{
	struct err err = ERR_INIT;
	char words[400];

	(void)state;
	if (states_check(&err) < 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
}

/* Every story comes true, and between them they pass every row of the file. */
static void test_stories(void **state)
{
	bool passed[256] = { false };
	struct states_effect e;
	struct states_row row;
	size_t n = sizeof stories / sizeof *stories;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct story *s = &stories[i];

		if (ask(s->state, s->stage, s->event, s->facts, &e) < 0)
			fail_msg("story %zu: %s %s is not listed", i, s->state, s->event);
		if (strcmp(e.state, s->next) || strcmp(e.stage, s->next_stage) || e.act != s->act)
			fail_msg("story %zu: %s %s %s leads to %s %s (%d)", i, s->state,
			         s->stage ? s->stage : "-", s->event, e.state, e.stage, e.act);
		passed[e.row] = true;
	}
	for (size_t i = 0; states_row(i, &row); i++)
		if (!passed[i])
			fail_msg("row %zu has no story: %s %s %s", i, row.state, row.stage, row.event);
}

static void test_unlisted_is_an_error(void **state)
{
	struct err err = ERR_INIT;
	struct states_effect e;
	struct states_input in = { .state = "approved", .stage = "first", .event = "approve",
	                           .people = 1 };

	(void)state;
	assert_int_equal(states_next(&in, &e, &err), ERR_CONFLICT);
	assert_int_equal(err.code, ERR_CONFLICT);
	/* results are final for the first checks */
	assert_int_equal(ask("expired", "first", "approve", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("withdrawn", NULL, "consume", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("rejected", NULL, "consume", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("expired", NULL, "consume", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("approved", NULL, "withdraw", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("approved", NULL, "revise", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("expired", NULL, "expire", 0, &e), ERR_CONFLICT);
	/* high_impact: not one person, not nobody */
	assert_int_equal(ask(NULL, NULL, "route_auto_accept", HIGH, &e), ERR_CONFLICT);
	assert_int_equal(ask(NULL, NULL, "route_review", HIGH, &e), ERR_CONFLICT);
	/* a stage that is not open */
	assert_int_equal(ask("waiting", "second", "approve", SAME, &e), ERR_CONFLICT);
	assert_int_equal(ask("second_wanted", "first", "approve", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("waiting", "escalation", "approve", 0, &e), ERR_CONFLICT);
	/* unknown words */
	assert_int_equal(ask("pending", "first", "approve", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("waiting", "third", "approve", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("waiting", "first", "allow", 0, &e), ERR_CONFLICT);
	assert_int_equal(ask("waiting", "first", "", 0, &e), ERR_CONFLICT);
}

typedef void (*visit)(const struct states_input *in, const struct states_effect *e);

/* Splits a cell of the file at its commas; returns the number of words. */
static size_t words_of(char *cell, char *word[], size_t max)
{
	size_t n = 0;

	for (char *p = strtok(cell, ","); p && n < max; p = strtok(NULL, ","))
		word[n++] = p;
	return n;
}

enum { WORDS = 16 };

static size_t every_fact(struct states_input *in, visit fn)
{
	size_t cases = 0;

	for (unsigned facts = 0; facts < FACT_SETS; facts++) {
		struct states_effect e;

		set_facts(in, facts);
		if (states_next(in, &e, NULL) == 0) {
			fn(in, &e);
			cases++;
		}
	}
	return cases;
}

/* Calls fn for every case that some row of the file lists, with every set of
 * facts; returns their number. */
static size_t every_case(visit fn)
{
	char *state[WORDS], *stage[WORDS], *event[WORDS];
	struct states_row row;
	size_t cases = 0;

	for (size_t i = 0; states_row(i, &row); i++) {
		size_t states = words_of(row.state, state, WORDS);
		size_t stages = words_of(row.stage, stage, WORDS);
		size_t events = words_of(row.event, event, WORDS);

		for (size_t n = 0; n < states * stages * events; n++) {
			struct states_input in = {
				.state = state[n % states],
				.stage = stage[n / states % stages],
				.event = event[n / states / stages],
			};

			cases += every_fact(&in, fn);
		}
	}
	return cases;
}

static bool is_decision(const char *event)
{
	enum outcome o;

	return outcome_find(event, &o);
}

static void check_promises(const struct states_input *in, const struct states_effect *e)
{
	bool high = in->safety_class == CLASS_HIGH_IMPACT;
	bool good = strcmp(e->state, "approved") == 0 || strcmp(e->state, "corrected") == 0;

	/* suspended: only a supervisor's escalation leads out */
	if (strcmp(in->state, "suspended") == 0 && strcmp(e->state, "suspended") != 0)
		assert_true(in->supervisor && strcmp(in->stage, "escalation") == 0);
	/* sample and contest never touch what was delivered */
	if (strcmp(in->stage, "sample") == 0 || strcmp(in->stage, "contest") == 0)
		assert_string_equal(e->state, in->state);
	/* a decision alone never lets a high-impact item through */
	if (high && good && e->act == STATES_RESULT && is_decision(in->event))
		assert_true(strcmp(in->stage, "second") == 0 ? in->same : in->peer);
	if (high && strcmp(e->state, in->state) != 0) {
		assert_string_not_equal(e->state, "auto_accepted");
		assert_string_not_equal(e->state, "expired");
	}
	/* running out of time is never consent */
	if (strcmp(in->event, "expire") == 0)
		assert_false(good);
	/* what opens a review names its stage, what does not opens none */
	assert_int_equal(e->stage[0] != '\0',
	                 e->act == STATES_REVIEW || e->act == STATES_REVIEW_NAMED);
	if (e->act == STATES_RESULT)
		assert_true(states_is_result(e->state));
	if (e->act != STATES_ROUTE)
		assert_true(states_known(e->state));
}

static void test_promises_of_every_case(void **state)
{
	(void)state;
	assert_true(every_case(check_promises) > 10000);
}

static void test_words(void **state)
{
	size_t results = 0, n = 0;

	(void)state;
	for (; states_name(n); n++)
		results += states_is_result(states_name(n));
	assert_int_equal(n, 13);
	assert_int_equal(results, 7);
	assert_false(states_is_result("waiting"));
	assert_false(states_is_result("held"));
	assert_false(states_is_result("decided"));
	assert_false(states_known(NULL));
	assert_false(states_known(""));
	for (int o = OUTCOME_APPROVE; o <= OUTCOME_RETURN; o++)
		assert_true(states_is_result(states_of_outcome((enum outcome)o)));
	assert_null(states_of_outcome(OUTCOME_ESCALATE));
	assert_string_equal(states_route_event("two_person"), "route_two_person");
	assert_null(states_route_event("allow"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_unlisted_is_an_error),
		cmocka_unit_test(test_promises_of_every_case),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
