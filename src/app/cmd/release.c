/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign release NAME: leave a reserved item without an answer.
 */
#include <stdio.h>

#include "app/command.h"
#include "app/session.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	const char *reason = args_value(&call->args, "not-for-me");
	enum disposition d = reason ? DISPOSITION_NOT_FOR_ME
		: args_has(&call->args, "defer") ? DISPOSITION_DEFER : DISPOSITION_SKIP;
	struct session s;
	struct review *r = NULL;
	struct err offline = ERR_INIT;
	int rc = session_open(&call->config, SESSION_WRITE, &s, err);

	if (rc == 0)
		rc = session_claim(&s, args_value(&call->args, "queue"), call->args.words[0], &r, err);
	if (rc == 0)
		rc = work_dispose(s.work, r, d, reason, err);
	if (rc == 0 && sync_push(s.sync, &offline) != 0)
		command_report(call->command->name, &offline);
	if (rc == 0 && call->json) {
		struct value *v = value_new_object();

		value_set_string(v, "review", r->id);
		value_set_string(v, "disposition", disposition_name(d));
		command_print_json(v);
		value_free(v);
	}
	review_free(r);
	session_close(&s);
	return rc;
}

static const struct args_option options[] = {
	{ "queue", 'q', N_("QUEUE"), N_("the queue of the item, where external ids repeat") },
	{ "defer", 0, NULL, N_("come back to it later (default: skip)") },
	{ "not-for-me", 0, N_("REASON"), N_("somebody else should decide it") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_release = {
	.name = "release", .words = N_("NAME"),
	.summary = N_("give a reserved item back without an answer"),
	.options = options, .least = 1, .most = 1, .run = run
};
