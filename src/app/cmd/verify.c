/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign verify: the whole log of the server, checked here. Two verdicts:
 * integrity and completeness. With --content every stored content is hashed
 * again and every stored row is compared with the log.
 */
#include <stdio.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/log_source.h"
#include "app/progress.h"
#include "app/session.h"
#include "app/server_call.h"
#include "base/msg.h"
#include "base/text.h"

static void show_progress(void *ctx, enum audit_phase phase, int64_t done, int64_t total)
{
	static const char *const names[] = { N_("reading the log"), N_("checking contents"),
		N_("comparing rows") };
	struct progress *p = ctx;

	if (p->what != gettext(names[phase]) || p->total != total)
		progress_begin(p, gettext(names[phase]), total);
	if (total > 0)
		progress_at(p, done);
}

/* The key and checkpoint that this person's desk has kept, if there is one. */
static void kept(const struct config *config, char **vkey, char **note)
{
	struct store *store = NULL;
	char *origin = NULL;
	int64_t size;

	*vkey = *note = NULL;
	if (store_open_reader(config->store, &store, NULL) != 0)
		return;
	if (store_fact(store, "vkey", vkey, NULL) == 0
	    && store_fact(store, "origin", &origin, NULL) == 0 && origin)
		store_checkpoint(store, origin, &size, note, NULL);
	free(origin);
	store_close(store);
}

static int print_report(const struct audit_report *report, bool json)
{
	struct buf text = BUF_INIT, safe = BUF_INIT;

	if (json) {
		struct value *v = audit_report_value(report);

		command_print_json(v);
		value_free(v);
	} else {
		audit_report_text(report, &text);
		text_safe(buf_str(&text), text.len, TEXT_LINES | text_locale_flags(), &safe, NULL);
		fputs(buf_str(&safe), stdout);
	}
	buf_clear(&text);
	buf_clear(&safe);
	return report->intact && report->complete ? EXIT_DONE : EXIT_REFUSED;
}

static int run(struct command_call *call, struct err *err)
{
	struct transport *t = NULL;
	struct progress progress = { .total = 1 };
	struct audit_source source;
	struct audit_options options = { .content = args_has(&call->args, "content"),
		.progress = show_progress, .progress_ctx = &progress };
	struct audit_report report;
	char *vkey, *note;
	int rc = server_open(&call->config, &t, err);

	if (rc != 0)
		return rc;
	kept(&call->config, &vkey, &note);
	log_source_init(&source, t);
	options.vkey = args_value(&call->args, "key") ? args_value(&call->args, "key") : vkey;
	options.old_notes = (const char *const *)&note;
	options.old_note_count = note ? 1 : 0;
	rc = audit_verify(&source, &options, &report, err);
	progress_end(&progress);
	if (rc == 0)
		rc = print_report(&report, call->json);
	audit_report_clear(&report);
	free(vkey);
	free(note);
	transport_close(t);
	return rc;
}

static const struct args_option options[] = {
	{ "content", 'c', NULL, N_("also recompute every digest and compare every row (auditor)") },
	{ "key", 'k', N_("VKEY"), N_("the log's public key, as you know it from elsewhere") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_verify = {
	.name = "verify", .words = "",
	.summary = N_("check the server's log: integrity and completeness"),
	.options = options, .least = 0, .most = 0, .run = run
};
