/* SPDX-License-Identifier: Apache-2.0
 *
 * Items of the real queues on a screen: every pane of each, at several sizes,
 * and decisions whose id in the record is the id that was on the screen. No
 * golden screens: what stands in these items is not ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "screen/journey.h"

enum { LINES = 8, ITEMS_MOST = 100, QUEUES = 5 };

static const char *const queues[QUEUES + 1] = { "receipts", "invoices", "support-intents",
	"support-ko", "airline-agent", NULL };
static struct world world;
static bool missing;

static int open_world(void **state)
{
	char path[4096], *images, *link;

	(void)state;
	missing = !world_real("real/queues.json");
	if (missing)
		return 0;
	world_open(&world, world_real("real/queues.json"));
	world_person(&world, "producer-1", "producer");
	world_person(&world, "reviewer-1", "reviewer");
	world_serve(&world);
	/* submit looks for images beside the file of proposals */
	images = mem_strdup(world_real("real/images"));
	link = mem_printf("%s/images", world.dir);
	assert_int_equal(symlink(images, link), 0);
	free(images);
	free(link);
	for (size_t i = 0; queues[i]; i++) {
		snprintf(path, sizeof path, "real/%s.jsonl", queues[i]);
		world_submit(&world, world_real(path), LINES);
		world_pull(&world, "reviewer-1", queues[i], LINES);
	}
	world_stop(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	if (!missing)
		world_close(&world);
	return 0;
}

static void begin(struct journey *j, const struct harness_spec *spec)
{
	if (missing) {
		print_message("# the real queues are not beside the source tree\n");
		skip();
	}
	journey_begin(j, &world, "reviewer-1", spec);
	journey_see(j, "", "offline");
	journey_keys(j, "g\r");
	journey_settle(j);
}

static void press(struct journey *j, const char *keys)
{
	journey_keys(j, keys);
	journey_settle(j);
}

static void look_everywhere(struct journey *j, size_t n)
{
	static const unsigned sizes[][2] = { { 80, 24 }, { 120, 40 }, { 60, 16 }, { 160, 50 } };
	static const char *const panes[] = { "i", "p", "h", "R", "v" };

	harness_resize(j->h, sizes[n % 4][0], sizes[n % 4][1]);
	journey_settle(j);
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		press(j, panes[i]);
		press(j, " ");
		press(j, "G");
		press(j, "q");
	}
	press(j, "\t");
	press(j, "G");
}

static void test_every_pane_of_real_items(void **state)
{
	char *seen[ITEMS_MOST];
	size_t count = 0;
	struct journey j;
	bool again = false;

	(void)state;
	begin(&j, NULL);
	while (!again && count < ITEMS_MOST) {
		char *id = journey_external_id(&j);

		for (size_t i = 0; i < count && !again; i++)
			again = strcmp(seen[i], id) == 0;
		if (again) {
			free(id);
			break;
		}
		look_everywhere(&j, count);
		journey_expect_item(&j, id);
		seen[count++] = id;
		press(&j, "J");
	}
	assert_int_equal(count, QUEUES * LINES);
	for (size_t i = 0; i < count; i++)
		free(seen[i]);
	harness_resize(j.h, 80, 24);
	journey_leave(&j);
	assert_int_equal(journey_records(&j), 0);
	journey_clear(&j);
}

/* Escalates every item and writes its id into the note: the record of an item
 * holds the note that was written while it was on the screen. */
static void test_the_id_on_screen_is_the_id_recorded(void **state)
{
	struct harness_spec spec = { .columns = 120, .rows = 40 };
	char *ids[ITEMS_MOST];
	size_t count = 0;
	struct journey j;

	(void)state;
	begin(&j, &spec);
	while (count < QUEUES * LINES) {
		char *id = journey_external_id(&j);

		journey_see(&j, "e1", "[x] unsure");
		journey_see(&j, "m", "Enter done");
		journey_see(&j, id, id);
		journey_lose(&j, "\r", "Enter done");
		ids[count++] = id;
		journey_decide(&j, "y");
	}
	journey_see(&j, "", "my queues");
	journey_leave(&j);
	assert_int_equal(journey_records(&j), count);
	for (size_t i = 0; i < count; i++) {
		struct value *r = journey_record(&j, ids[i]);

		assert_string_equal(journey_text(r, "outcome"), "escalate");
		assert_string_equal(journey_text(r, "content/note"), ids[i]);
		value_free(r);
		free(ids[i]);
	}
	journey_clear(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pane_of_real_items),
		cmocka_unit_test(test_the_id_on_screen_is_the_id_recorded),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
