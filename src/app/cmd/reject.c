/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer.h"
#include "app/command.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	return answer_run(call, OUTCOME_REJECT, err);
}

static const struct args_option options[] = {
	ANSWER_OPTIONS,
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_reject = {
	.name = "reject", .words = N_("NAME --reason REASON"),
	.summary = N_("reject an item: not usable, none fits, must not happen"),
	.options = options, .least = 1, .most = 1, .run = run
};
