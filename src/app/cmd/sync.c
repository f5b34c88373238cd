/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign sync: send what waits, fetch what changed, check the log.
 */
#include <stdio.h>

#include "app/command.h"
#include "app/session.h"
#include "base/msg.h"

static int run(struct command_call *call, struct err *err)
{
	struct session s;
	const struct sync_status *status;
	int rc = session_open(&call->config, SESSION_WRITE, &s, err);

	if (rc == 0 && args_has(&call->args, "alarm-seen"))
		rc = sync_alarm_clear(s.sync, err);
	if (rc == 0) {
		rc = sync_run_once(s.sync, err);
		status = sync_status(s.sync);
		if (call->json) {
			struct value *v = value_new_object();

			value_set_string(v, "link", sync_link_name(status->link));
			value_set_int(v, "sent", status->sent);
			value_set_int(v, "received", status->received);
			value_set_bool(v, "caught_up", status->caught_up);
			value_set_bool(v, "restored", status->restored);
			command_print_json(v);
			value_free(v);
		} else {
			printf(_("%s: %lld sent, %lld answered\n"), sync_link_name(status->link),
			       (long long)status->sent, (long long)status->received);
			if (status->restored)
				puts(_("The server came back from a backup; own decisions were offered again."));
		}
	}
	session_close(&s);
	return rc;
}

static const struct args_option options[] = {
	{ "alarm-seen", 0, NULL, N_("what the alarm is about was looked into: go on (the evidence stays)") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_sync = {
	.name = "sync", .words = "",
	.summary = N_("send what waits, fetch what changed, check the log"),
	.options = options, .least = 0, .most = 0, .run = run
};
