/* SPDX-License-Identifier: Apache-2.0
 *
 * Hostile text in every place that takes text (tests/screen/hostile.py): a
 * person walks through all of it, opens every pane to its end, edits it, sends
 * it back. Whatever it holds, only allowed bytes reach the terminal
 * (screen/stream.h), and every screen is whole (screen/invariant.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "screen/journey.h"

enum { ITEMS_MOST = 200 };

static struct world world;
static char folder[] = "/tmp/countersign-hostile-XXXXXX";
static size_t items;

static size_t count_lines(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t lines = 0;
	int c;

	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		lines += c == '\n';
	fclose(f);
	return lines;
}

static int open_world(void **state)
{
	static const char *const names[] = { "hostile-fields", "hostile-labels",
		"hostile-actions", NULL };
	const char *public = world_real("compat/hostile-text");
	char *queues, *proposals;

	(void)state;
	assert_non_null(mkdtemp(folder));
	if (!public)
		print_message("# the public collection is missing: only our own hostile text\n");
	world_script("hostile.py", (const char *const[]){ folder, public, NULL });
	queues = mem_printf("%s/queues.json", folder);
	proposals = mem_printf("%s/proposals.jsonl", folder);
	items = count_lines(proposals);
	world_offline(&world, queues, proposals, names);
	free(queues);
	free(proposals);
	return 0;
}

static int close_world(void **state)
{
	char *command = mem_printf("rm -rf %s", folder);

	(void)state;
	world_close(&world);
	if (system(command) != 0)
		fail_msg("%s", command);
	free(command);
	return 0;
}

/* --- walking through -------------------------------------------------------------- */

/* Every item once, by J from the first; visit does what it likes and comes back
 * to the review. */
static size_t walk(struct journey *j, void (*visit)(struct journey *j, size_t n))
{
	char *seen[ITEMS_MOST];
	size_t count = 0;

	journey_keys(j, "g\r");
	journey_settle(j);
	for (bool again = false; !again && count < ITEMS_MOST;) {
		char *id = journey_external_id(j);

		for (size_t i = 0; i < count && !again; i++)
			again = strcmp(seen[i], id) == 0;
		if (again) {
			free(id);
			break;
		}
		seen[count++] = id;
		visit(j, count);
		journey_expect_item(j, id);
		journey_keys(j, "J");
		journey_settle(j);
	}
	for (size_t i = 0; i < count; i++)
		free(seen[i]);
	return count;
}

static void press(struct journey *j, const char *keys)
{
	journey_keys(j, keys);
	journey_settle(j);
}

static void open_all_panes(struct journey *j, size_t n)
{
	static const unsigned sizes[][2] = { { 80, 24 }, { 120, 40 }, { 60, 16 }, { 200, 50 } };
	static const char *const panes[] = { "i", "p", "h", "R", "v", "H" };

	harness_resize(j->h, sizes[n % 4][0], sizes[n % 4][1]);
	journey_settle(j);
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		press(j, panes[i]);
		if (harness_shows(j->h, "H is off"))
			continue;
		press(j, "\033[6~");
		press(j, "G");
		press(j, "\033[5~");
		press(j, "q");
	}
	press(j, "\t");
	press(j, "\033[6~");
	press(j, "G");
}

static void test_every_item_in_every_pane(void **state)
{
	struct journey j;

	(void)state;
	journey_begin(&j, &world, "reviewer-1", NULL);
	assert_int_equal(walk(&j, open_all_panes), items);
	harness_resize(j.h, 80, 24);
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

static void open_and_go(struct journey *j, size_t n)
{
	(void)n;
	press(j, "R");
	press(j, "q");
}

static void test_the_same_without_utf8(void **state)
{
	struct harness_spec spec = { .locale = "C", .columns = 100, .rows = 30 };
	struct journey j;

	(void)state;
	journey_begin(&j, &world, "reviewer-1", &spec);
	assert_int_equal(walk(&j, open_and_go), items);
	journey_leave(&j);
	journey_clear(&j);
}

/* The editors of every field, and the list of all labels. */
static void edit_everything(struct journey *j, size_t n)
{
	(void)n;
	if (harness_shows(j->h, "Enter write")) {
		press(j, "c");
		for (int field = 0; field < 4; field++) {
			press(j, "\r");
			press(j, "\001\033[C\033[C\005");
			if (harness_shows(j->h, "Enter done"))
				journey_escape(j, "Enter done");
			press(j, "j");
		}
		press(j, "q");
	} else if (harness_shows(j->h, "/ search")) {
		journey_see(j, "/", "type words");
		press(j, "\033[B\033[B");
		journey_escape(j, "type words");
	}
	press(j, "x");
	journey_escape(j, "wrong queue");
}

static void test_editors_and_dialogs_over_it(void **state)
{
	struct journey j;

	(void)state;
	journey_begin(&j, &world, "reviewer-1", NULL);
	assert_int_equal(walk(&j, edit_everything), items);
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

/* What a person pastes is hostile too: into a message, and into a field. */
static void test_hostile_words_are_sent_and_shown(void **state)
{
	static const char words[] = "\xe2\x80\xaegpj.exe \xe2\x80\x8b \xc2\x9b" "31m \x01\x7f "
		"\xf3\xa0\x81\x81 \xee\x80\x80 Z\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81";
	struct journey j;
	char *id;
	struct value *r;

	(void)state;
	journey_begin(&j, &world, "reviewer-1", NULL);
	journey_keys(&j, "g\r");
	journey_settle(&j);
	id = journey_external_id(&j);
	journey_see(&j, "r", "Enter done");
	assert_true(harness_paste(j.h, words));
	journey_see(&j, "", "gpj.exe");
	journey_see(&j, "\r1", "[x]");
	journey_decide(&j, "y");
	journey_see(&j, "!", "Outbox");
	journey_see(&j, "q", "? all");
	journey_leave(&j);
	r = journey_record(&j, id);
	assert_string_equal(journey_text(r, "outcome"), "return");
	assert_non_null(strstr(journey_text(r, "content/message"), "gpj.exe"));
	value_free(r);
	free(id);
	journey_clear(&j);
}

/* --- long texts --------------------------------------------------------------------- */

static void test_long_lines_and_long_texts(void **state)
{
	struct journey j;

	(void)state;
	journey_begin(&j, &world, "reviewer-1", NULL);
	journey_keys(&j, "g\r");
	journey_settle(&j);
	journey_go(&j, "hostile-ext-long");
	journey_see(&j, "v", "wwww");
	journey_see(&j, "G", "END OF TEXT");
	journey_lose(&j, "g", "END OF TEXT");
	journey_see(&j, "", "wwww");
	harness_resize(j.h, 500, 60);
	journey_settle(&j);
	journey_see(&j, "G", "END OF TEXT");
	harness_resize(j.h, 60, 16);
	journey_settle(&j);
	journey_see(&j, "g", "wwww");
	for (int i = 0; i < 20; i++)
		press(&j, " ");
	journey_see(&j, "G", "END OF TEXT");
	harness_resize(j.h, 80, 24);
	journey_settle(&j);
	journey_leave(&j);
	journey_clear(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_item_in_every_pane),
		cmocka_unit_test(test_the_same_without_utf8),
		cmocka_unit_test(test_editors_and_dialogs_over_it),
		cmocka_unit_test(test_hostile_words_are_sent_and_shown),
		cmocka_unit_test(test_long_lines_and_long_texts),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
