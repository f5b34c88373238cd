/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/practice.h"

struct world practice_world;

int practice_open(void **state)
{
	static const char *const queues[] = { "practice-invoices", "practice-messages",
		"practice-actions", NULL };

	(void)state;
	world_offline(&practice_world, TEST_DATADIR "/practice/queues.json",
	              TEST_DATADIR "/practice/proposals.jsonl", queues);
	return 0;
}

int practice_close(void **state)
{
	(void)state;
	world_close(&practice_world);
	return 0;
}

void practice_begin(struct journey *j, const struct harness_spec *spec)
{
	journey_begin(j, &practice_world, "reviewer-1", spec);
	journey_see(j, "", "offline");
}
