/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer.h"
#include "app/command.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	return answer_run(call, OUTCOME_ESCALATE, err);
}

static const struct args_option options[] = {
	{ "route", 0, N_("ROUTE"), N_("a route of the queue") },
	ANSWER_OPTIONS,
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_escalate = {
	.name = "escalate", .words = N_("NAME --reason REASON"),
	.summary = N_("hand an item to a supervisor"),
	.options = options, .least = 1, .most = 1, .run = run
};
