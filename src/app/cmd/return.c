/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer.h"
#include "app/command.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	return answer_run(call, OUTCOME_RETURN, err);
}

static const struct args_option options[] = {
	ANSWER_OPTIONS,
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_return = {
	.name = "return", .words = N_("NAME --message TEXT"),
	.summary = N_("send an item back to its producer with a message"),
	.options = options, .least = 1, .most = 1, .run = run
};
