/* SPDX-License-Identifier: Apache-2.0
 *
 * Plays the table of src/sync/README: state, event or fault, words, next state.
 * Every row must have a scene here, and every scene a row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "sync_desk.h"

static struct sync_desk desk;
static char decision[ID_SIZE];

/* --- scenes ------------------------------------------------------------------- */

static void run(void)
{
	sync_desk_run(&desk);
}

static void fault(enum fake_fault what, const char *path)
{
	desk.server.fault = what;
	desk.server.fault_path = path;
	desk.server.fault_times = -1;
	run();
}

static void answers_status(int status)
{
	desk.server.fault_status = status;
	fault(FAKE_STATUS, "/v1/decisions");
}

static void hold_ends(void) { assert_int_equal(store_release(desk.store, INT64_MAX, NULL, NULL), 0); }
static void undo(void) { store_undo(desk.store, decision, clock_now_ms(), NULL); }
static void not_reached(void) { fault(FAKE_UNREACHED, NULL); }
static void reply_lost(void) { fault(FAKE_REPLY_LOST, "/v1/decisions"); }
static void reply_cut(void) { fault(FAKE_REPLY_CUT, "/v1/decisions"); }
static void nonsense(void) { fault(FAKE_NONSENSE, "/v1/decisions"); }
static void too_many(void) { answers_status(429); }
static void busy(void) { answers_status(503); }
static void full(void) { answers_status(507); }
static void unknown_token(void) { answers_status(401); }
static void too_old(void) { answers_status(426); }
static void redirect(void) { answers_status(302); }

static void left_out(void)
{
	desk.server.leave_out = true;
	run();
}

static void proxy(void)
{
	desk.server.fault_status = 400;
	fault(FAKE_STATUS_BARE, "/v1/decisions");
}

static void judged(const char *verdict)
{
	desk.server.verdict = verdict;
	run();
}

static void accepted(void) { judged(NULL); }
static void late_opinion(void) { judged("late_opinion"); }
static void refused_authz(void) { judged("refused_authz"); }
static void invalid(void) { judged("invalid"); }
static void stale(void) { judged("stale"); }
static void too_late(void) { judged("too_late"); }
static void refused_policy(void) { judged("refused_policy"); }
static void id_reused(void) { judged("id_reused"); }

static void accepted_late(void)
{
	desk.server.late = true;
	run();
}

static void forked(void)
{
	desk.server.fork_once = true;
	run();
}

static void batch_refused(void)
{
	char id[ID_SIZE];

	sync_desk_decide(&desk, 0, false, id);
	sync_desk_decide(&desk, 0, false, id);
	desk.server.batch_most = 1;
	run();
}

static void alone_refused(void)
{
	desk.server.refuse_alone = true;
	run();
}

static void covered(void)
{
	desk.server.no_checkpoint = false;
	run();
}

static void lied_to(enum fake_lie lie)
{
	fake_server_leaf(&desk.server);
	desk.server.lie = lie;
	covered();
}

static void wrong_signature(void) { lied_to(FAKE_WRONG_SIGNATURE); }
static void without_proof(void) { lied_to(FAKE_NO_PROOF); }
static void wrong_proof(void) { lied_to(FAKE_REWRITTEN); }

static void restored(void)
{
	fake_server_restore(&desk.server, 1);
	desk.server.verdict = NULL;
	run();
}

static void restored_away(void)
{
	fake_server_restore(&desk.server, 1);
	fault(FAKE_UNREACHED, "/v1/decisions");
}

static struct scene {
	const char *event;
	void (*play)(void);
	int rows;                /* played */
} scenes[] = {
	{ "sync runs", run, 0 }, { "hold ends", hold_ends, 0 }, { "undo", undo, 0 },
	{ "server not reached", not_reached, 0 }, { "reply lost", reply_lost, 0 },
	{ "reply cut in the middle", reply_cut, 0 }, { "reply is nonsense", nonsense, 0 },
	{ "reply leaves it out", left_out, 0 }, { "429 too many", too_many, 0 },
	{ "503 busy", busy, 0 }, { "507 storage full", full, 0 },
	{ "401 token unknown", unknown_token, 0 }, { "426 wire too old", too_old, 0 },
	{ "302 redirect", redirect, 0 }, { "400 of a proxy", proxy, 0 },
	{ "accepted", accepted, 0 }, { "accepted late", accepted_late, 0 },
	{ "late opinion", late_opinion, 0 }, { "refused authz", refused_authz, 0 },
	{ "invalid", invalid, 0 }, { "stale", stale, 0 }, { "too late", too_late, 0 },
	{ "refused policy", refused_policy, 0 }, { "id reused", id_reused, 0 },
	{ "device forked, then accepted", forked, 0 },
	{ "batch refused, alone accepted", batch_refused, 0 },
	{ "alone refused as malformed", alone_refused, 0 },
	{ "accepted, checkpoint covers it", covered, 0 },
	{ "wrong signature with the answer", wrong_signature, 0 },
	{ "checkpoint covers it", covered, 0 }, { "checkpoint without proof", without_proof, 0 },
	{ "checkpoint with a wrong proof", wrong_proof, 0 }, { "server restored", restored, 0 },
	{ "server restored, then not reached", restored_away, 0 },
	{ "server restored, now accepted", restored, 0 },
};

/* --- rows ---------------------------------------------------------------------- */

struct row {
	char state[40], event[60], words[80], next[40];
};

static bool cell(const char **line, char *out, size_t size)
{
	const char *start = *line + strspn(*line, " "), *end = strchr(start, '|');
	size_t len;

	if (!end)
		return false;
	len = (size_t)(end - start);
	while (len && start[len - 1] == ' ')
		len--;
	assert_true(len < size);
	memcpy(out, start, len);
	out[len] = '\0';
	*line = end + 1;
	return true;
}

static bool read_row(const char *line, struct row *r)
{
	return *line++ == '|' && *line != '-' && cell(&line, r->state, sizeof r->state) &&
	       cell(&line, r->event, sizeof r->event) && cell(&line, r->words, sizeof r->words) &&
	       cell(&line, r->next, sizeof r->next) && strcmp(r->state, "state") != 0;
}

/* Brings one decision into the state. The server shows no checkpoint on the
 * way, and none in the scene unless the scene wants it. */
static void prepare(const char *state)
{
	sync_desk_start(&desk, 10);
	run();
	desk.server.no_checkpoint = true;
	sync_desk_decide(&desk, 0, strcmp(state, "held") == 0, decision);
	if (strcmp(state, "held") == 0 || strcmp(state, "waiting") == 0)
		return;
	if (strcmp(state, "refused") == 0)
		desk.server.verdict = "stale";
	if (strcmp(state, "in_log") == 0)
		desk.server.no_checkpoint = false;
	run();
}

static const char *state_word(enum store_state state)
{
	if ((int)state < 0)
		return "-";
	return state == STORE_IN_LOG ? "in the log" : store_state_name(state);
}

static void play(const struct row *r, struct scene *scene)
{
	const char *text = "", *said;
	char word[80];
	enum store_state before, after;

	prepare(r->state);
	before = sync_desk_state(&desk, decision, NULL);
	scene->play();
	scene->rows++;
	after = sync_desk_state(&desk, decision, &text);
	said = strstr(r->words, ": ");
	snprintf(word, sizeof word, "%.*s", (int)(said ? said - r->words : 79), r->words);
	if (strcmp(store_state_name(before), r->state) != 0 ||
	    strcmp(state_word(after), word) != 0 ||
	    ((int)after >= 0 && strcmp(store_state_name(after), r->next) != 0) ||
	    (said ? !strstr(text, said + 2) : (int)after >= 0 && text[0] != '\0'))
		fail_msg("%s · %s: now %s, \"%s\"", r->state, r->event, state_word(after), text);
	sync_desk_stop(&desk);
}

static struct scene *find(const char *event)
{
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
		if (strcmp(scenes[i].event, event) == 0)
			return &scenes[i];
	fail_msg("no scene for \"%s\"", event);
	return NULL;
}

static void plays_the_table(void **state)
{
	struct buf text = BUF_INIT;
	int rows = 0;

	(void)state;
	assert_int_equal(file_read(TEST_SRCDIR "/../src/sync/README", 1 << 20, &text, NULL), 0);
	for (const char *line = buf_str(&text); line; line = strchr(line, '\n')) {
		struct row r;

		line += *line == '\n';
		if (read_row(line, &r)) {
			play(&r, find(r.event));
			rows++;
		}
	}
	buf_clear(&text);
	assert_in_range(rows, 35, 200);
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
		if (!scenes[i].rows)
			fail_msg("no row for \"%s\"", scenes[i].event);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(plays_the_table) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
