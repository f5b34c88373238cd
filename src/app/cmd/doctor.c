/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign doctor: what the desk needs, item by item, and how to mend what
 * is missing. Changes nothing.
 */
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/command.h"
#include "app/server_call.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/msg.h"
#include "base/text.h"
#include "net/http.h"
#include "store/query.h"

enum { LEAST_COLUMNS = 60, LEAST_ROWS = 16, SKEW_WARN_MS = 60000 };

struct doctor {
	struct value *list;    /* of {check, ok, text} */
	bool json;
	int bad;
};

static void tell(struct doctor *d, const char *check, bool ok, const char *text)
{
	char safe[1024];

	text_safe_line(text, safe, sizeof safe);
	if (!ok)
		d->bad++;
	if (d->json) {
		struct value *row = value_push(d->list, value_new_object());

		value_set_string(row, "check", check);
		value_set_bool(row, "ok", ok);
		value_set_string(row, "text", safe);
	} else {
		printf("%s  %-10s %s\n", ok ? "ok " : "BAD", check, safe);
	}
}

static void tell_err(struct doctor *d, const char *check, const struct err *err)
{
	char words[768];

	tell(d, check, false, err_words(err, words, sizeof words));
}

static void check_terminal(struct doctor *d)
{
	const char *term = getenv("TERM");
	struct winsize size;
	char text[160];

	if (!isatty(STDOUT_FILENO)) {
		tell(d, "terminal", true, _("standard output is no terminal; the desk needs one, the other commands do not"));
	} else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		snprintf(text, sizeof text, "%s, %d × %d", term ? term : "-", size.ws_col, size.ws_row);
		tell(d, "terminal", size.ws_col >= LEAST_COLUMNS && size.ws_row >= LEAST_ROWS, text);
	}
	tell(d, "locale", strcmp(nl_langinfo(CODESET), "UTF-8") == 0, nl_langinfo(CODESET));
}

static void check_store(struct doctor *d, const struct config *config)
{
	struct err err = ERR_INIT;
	struct store *store = NULL;
	int rc = store_open_reader(config->store, &store, &err);

	if (rc == ERR_NOT_FOUND)
		tell(d, "store", true, _("none yet; it is made at first use"));
	else if (rc != 0)
		tell_err(d, "store", &err);
	else
		tell(d, "store", true, store_dir(store));
	store_close(store);
}

static void check_clock(struct doctor *d, const struct value *health)
{
	const char *time = value_text(health, "time");
	int64_t at_ms, skew;
	char text[160];

	if (!time || !clock_parse(time, &at_ms))
		return;
	skew = at_ms - clock_now_ms();
	snprintf(text, sizeof text, _("the server's clock differs by %lld s"), (long long)(skew / 1000));
	tell(d, "clock", llabs(skew) <= SKEW_WARN_MS, text);
}

static void check_server(struct doctor *d, const struct config *config)
{
	struct err err = ERR_INIT;
	struct transport *t = NULL;
	struct value *health = NULL, *queues = NULL;
	char text[256];

	if (server_open(config, &t, &err) != 0) {
		tell_err(d, "server", &err);
		return;
	}
	if (server_call(t, TRANSPORT_GET, "/v1/healthz", NULL, &health, NULL, &err) != 0) {
		tell_err(d, "server", &err);
	} else {
		snprintf(text, sizeof text, _("%s, version %s, wire %lld"), config->server,
		         value_text_or(health, "version", "?"), (long long)value_int_or(health, "wire", 0));
		tell(d, "server", true, text);
		check_clock(d, health);
		err_clear(&err);
		if (server_call(t, TRANSPORT_GET, "/v1/queues", NULL, &queues, NULL, &err) != 0) {
			tell_err(d, "token", &err);
		} else {
			snprintf(text, sizeof text, _("you are %s, with %zu queues"),
			         value_text_or(value_find(queues, "principal"), "name", "?"),
			         value_count(value_find(queues, "queues")));
			tell(d, "token", true, text);
		}
	}
	value_free(health);
	value_free(queues);
	transport_close(t);
}

static int run(struct command_call *call, struct err *err)
{
	struct doctor d = { .list = value_new_array(), .json = call->json };

	(void)err;
	check_terminal(&d);
	check_store(&d, &call->config);
	check_server(&d, &call->config);
	if (call->json)
		command_print_json(d.list);
	value_free(d.list);
	return d.bad ? EXIT_OFFLINE : EXIT_DONE;
}

static const struct args_option options[] = {
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_doctor = {
	.name = "doctor", .words = "",
	.summary = N_("check terminal, store, server and token, and say what to mend"),
	.options = options, .least = 0, .most = 0, .run = run
};
