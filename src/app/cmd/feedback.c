/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign feedback: what people confirmed and corrected, field by field.
 */
#include "app/command.h"
#include "app/feedback.h"
#include "app/server_call.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	struct feedback_export e = { .queue = args_value(&call->args, "queue"),
		.after = args_value(&call->args, "after"), .csv = args_has(&call->args, "csv"),
		.to = stdout };
	struct transport *t = NULL;
	int rc = server_open(&call->config, &t, err);

	if (rc == 0)
		rc = feedback_export(t, &e, err);
	transport_close(t);
	return rc;
}

static const struct args_option options[] = {
	{ "queue", 'q', N_("QUEUE"), N_("this queue only") },
	{ "csv", 0, NULL, N_("CSV with a header line (default: JSON lines)") },
	{ "after", 0, N_("CURSOR"), N_("rows after this one") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_feedback = {
	.name = "feedback", .words = "",
	.summary = N_("export what was confirmed and corrected, field by field"),
	.options = options, .least = 0, .most = 0, .run = run
};
