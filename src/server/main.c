/* SPDX-License-Identifier: Apache-2.0
 *
 * countersignd, the queue server.
 */
#include <signal.h>
#include <stdio.h>

#include "base/id.h"
#include "base/msg.h"
#include "server/cmd.h"
#include "wire/json.h"

int main(int argc, char **argv)
{
	enum cmd_exit status;

	msg_init();
	signal(SIGPIPE, SIG_IGN);
	if (id_init() < 0)
		return CMD_INTERNAL;
	json_init();
	status = cmd_main(argc, argv);
	/* A full disk under stdout is a failure: a token may be lost. */
	if (fflush(stdout) != 0 && status == CMD_DONE)
		status = CMD_MISSING;
	return (int)status;
}
