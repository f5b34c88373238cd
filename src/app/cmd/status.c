/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign status: outbox, reservations and the server as last seen. Works
 * beside an open desk and without a network.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/session.h"
#include "base/msg.h"
#include "base/text.h"
#include "wire/json.h"

static const struct { enum store_state state; const char *words; } rows[] = {
	{ STORE_HELD, N_("held for an undo") },
	{ STORE_WAITING, N_("waiting to be sent") },
	{ STORE_RECEIVED, N_("received by the server") },
	{ STORE_IN_LOG, N_("in the log") },
	{ STORE_REFUSED, N_("refused") },
};

static void print_text(const struct store_counts *c, const char *principal,
                       const char *origin, const struct value *alarm)
{
	char safe[512];

	if (principal)
		printf(_("you are %s\n"), text_safe_line(principal, safe, sizeof safe));
	if (origin)
		printf(_("log %s\n"), text_safe_line(origin, safe, sizeof safe));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		printf("%8lld  %s\n", (long long)c->acts[rows[i].state], gettext(rows[i].words));
	printf(_("%8lld  reserved here\n%8lld  drafts\n%8lld  set aside\n%8lld  decided today\n"),
	       (long long)c->leases, (long long)c->drafts, (long long)c->aside,
	       (long long)c->today);
	if (alarm)
		printf(_("ALARM (%s): the server's log contradicts the one seen before; nothing is sent.\n"
		         "Ask the server's owner; then: countersign sync --alarm-seen\n"),
		       text_safe_line(value_text_or(alarm, "reason", ""), safe, sizeof safe));
}

static void print_json(const struct store_counts *c, const char *principal,
                       const char *origin, const struct value *alarm)
{
	struct value *v = value_new_object();

	value_set_string(v, "principal", principal);
	value_set_string(v, "origin", origin);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		value_set_int(v, store_state_name(rows[i].state), c->acts[rows[i].state]);
	value_set_int(v, "leases", c->leases);
	value_set_int(v, "drafts", c->drafts);
	value_set_int(v, "aside", c->aside);
	value_set_int(v, "today", c->today);
	value_set(v, "alarm", alarm ? value_copy(alarm) : value_new_null());
	command_print_json(v);
	value_free(v);
}

static int run(struct command_call *call, struct err *err)
{
	char *principal = NULL, *origin = NULL, *text = NULL;
	struct value *alarm = NULL;
	struct store_counts counts;
	struct session s;
	int rc = session_open(&call->config, SESSION_READ, &s, err);

	if (rc == 0)
		rc = store_counts(s.store, &counts, err);
	if (rc == 0)
		rc = store_fact(s.store, "principal", &principal, err);
	if (rc == 0)
		rc = store_fact(s.store, "origin", &origin, err);
	if (rc == 0)
		rc = store_fact(s.store, "alarm", &text, err);
	if (rc == 0 && text)
		rc = json_parse(text, strlen(text), NULL, &alarm, err);
	if (rc == 0)
		(call->json ? print_json : print_text)(&counts, principal, origin, alarm);
	free(principal);
	free(origin);
	free(text);
	value_free(alarm);
	session_close(&s);
	return rc;
}

static const struct args_option options[] = {
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_status = {
	.name = "status", .words = "",
	.summary = N_("show the outbox, what is reserved here, and the log"),
	.options = options, .least = 0, .most = 0, .run = run
};
