/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer.h"
#include "app/command.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	return answer_run(call, OUTCOME_APPROVE, err);
}

static const struct args_option options[] = {
	ANSWER_OPTIONS,
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_approve = {
	.name = "approve", .words = N_("NAME"),
	.summary = N_("approve an item as proposed"),
	.options = options, .least = 1, .most = 1, .run = run
};
