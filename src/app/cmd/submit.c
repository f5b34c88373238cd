/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign submit FILE.jsonl
 */
#include <stdio.h>

#include "app/command.h"
#include "app/server_call.h"
#include "app/submit.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	struct submit_counts n = { 0 };
	struct transport *t = NULL;
	int rc = server_open(&call->config, &t, err);

	if (rc == 0) {
		rc = submit_file(t, call->args.words[0], args_value(&call->args, "results"), &n, err);
		printf("{\"submitted\":%lld,\"created\":%lld,\"duplicate\":%lld,\"refused\":%lld}\n",
		       n.submitted, n.created, n.duplicate, n.refused);
		fflush(stdout);
		if (rc == ERR_OFFLINE)
			fputs(_("Run the same command again to go on: nothing is submitted twice.\n"), stderr);
	}
	transport_close(t);
	return rc == 0 && n.refused ? EXIT_REFUSED : rc;
}

static const struct args_option options[] = {
	{ "results", 'r', N_("FILE"), N_("write one JSON line for each item") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_submit = {
	.name = "submit", .words = N_("FILE.jsonl"),
	.summary = N_("send proposals to the queue, one JSON document a line"),
	.options = options, .least = 1, .most = 1, .run = run
};
