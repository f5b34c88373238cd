/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer.h"
#include "app/command.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	return answer_run(call, OUTCOME_CORRECT, err);
}

static const struct args_option options[] = {
	{ "set", 0, N_("FIELD=VALUE"), N_("the right value of a field, label or argument (may repeat)") },
	{ "value", 0, N_("FILE"), N_("the whole corrected value as JSON") },
	{ "cannot-tell", 0, N_("FIELD"), N_("this field cannot be read (may repeat)") },
	ANSWER_OPTIONS,
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_correct = {
	.name = "correct", .words = N_("NAME --set FIELD=VALUE | --value FILE"),
	.summary = N_("correct an item"),
	.options = options, .least = 1, .most = 1, .run = run
};
