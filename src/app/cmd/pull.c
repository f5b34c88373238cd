/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign pull QUEUE -n N: reserve items and fetch them to this store.
 */
#include <stdio.h>

#include "app/command.h"
#include "app/session.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	const char *queue = call->args.words[0];
	struct session s;
	long long want = 1;
	int held = 0;
	int rc = args_number(&call->args, "number", 1, 50, 1, &want, err);

	if (rc != 0)
		return EXIT_USAGE;
	rc = session_open(&call->config, SESSION_WRITE, &s, err);
	if (rc == 0)
		rc = sync_pull(s.sync, queue, (int)want, &held, err);
	if (rc == 0 && call->json) {
		struct value *v = value_new_object();

		value_set_string(v, "queue", queue);
		value_set_int(v, "held", held);
		command_print_json(v);
		value_free(v);
	} else if (rc == 0) {
		printf(ngettext("%d item reserved here\n", "%d items reserved here\n",
		                (unsigned long)held), held);
	}
	session_close(&s);
	return rc;
}

static const struct args_option options[] = {
	{ "number", 'n', N_("N"), N_("how many to hold (1 to 50, default 1)") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_pull = {
	.name = "pull", .words = N_("QUEUE -n N"),
	.summary = N_("reserve items of a queue and fetch them"),
	.options = options, .least = 1, .most = 1, .run = run
};
