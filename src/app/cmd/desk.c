/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign (without a command): opens the desk.
 */
#include "app/command.h"
#include "app/desk.h"
#include "app/server_call.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	int rc = desk_open(&call->config, "", err);

	if (rc != ERR_UNSUPPORTED)
		return rc;
	/* No terminal, or a useless one: something is missing; main() says what. */
	return EXIT_OFFLINE;
}

static const struct args_option options[] = {
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_desk = {
	.name = "desk", .words = "",
	.summary = N_("open the desk (also without a command)"),
	.options = options, .least = 0, .most = 0, .run = run
};
