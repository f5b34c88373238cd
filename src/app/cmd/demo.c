/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign demo: a server and a desk on the practice queue. Without a
 * terminal it walks through the same job and prints what happened.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/command.h"
#include "app/demo.h"
#include "app/desk.h"
#include "app/feedback.h"
#include "app/log_source.h"
#include "app/server_call.h"
#include "base/mem.h"
#include "base/msg.h"

static int save_feedback(struct demo *d, long long *rows, char **path, struct err *err)
{
	struct feedback_export e = { .queue = NULL };
	struct transport *t = NULL;
	struct config config;
	int rc;

	*path = mem_printf("%s/feedback.jsonl", d->dir);
	demo_config(d, "supervisor-1", &config);
	rc = server_open(&config, &t, err);
	e.to = rc == 0 ? fopen(*path, "w") : NULL;
	if (rc == 0 && !e.to)
		rc = err_errno(err, N_("cannot write %s: %s"), *path);
	if (rc == 0)
		rc = feedback_export(t, &e, err);
	if (e.to && fclose(e.to) != 0 && rc == 0)
		rc = err_errno(err, N_("cannot write %s: %s"), *path);
	*rows = e.rows;
	transport_close(t);
	config_clear(&config);
	return rc;
}

static int verify(struct demo *d, struct audit_report *report, struct err *err)
{
	struct audit_options options = { .content = true };
	struct audit_source source;
	struct transport *t = NULL;
	struct config config;
	int rc;

	demo_config(d, "auditor-1", &config);
	rc = server_open(&config, &t, err);
	if (rc == 0) {
		log_source_init(&source, t);
		rc = audit_verify(&source, &options, report, err);
	}
	transport_close(t);
	config_clear(&config);
	return rc;
}

static void print_json(const struct demo *d, const struct demo_decided *n, long long rows,
                       const struct audit_report *report)
{
	struct value *v = value_new_object();

	value_set_int(v, "submitted", d->submitted.submitted);
	value_set_int(v, "extraction", n->extraction);
	value_set_int(v, "classification", n->classification);
	value_set_int(v, "approval", n->approval);
	value_set_int(v, "refused", n->refused);
	value_set_int(v, "feedback_rows", rows);
	value_set_int(v, "log_entries", report->size);
	value_set_bool(v, "intact", report->intact);
	value_set_bool(v, "complete", report->complete);
	command_print_json(v);
	value_free(v);
}

static void print_summary(const struct demo *d, const struct demo_decided *n, long long rows,
                          const struct audit_report *report)
{
	printf(_("\nsummary\n"
	         "  submitted       %lld proposals\n"
	         "  extraction      %d decisions synced\n"
	         "  classification  %d decisions synced\n"
	         "  approval        %d decisions synced\n"
	         "  refused         %d\n"
	         "  fed back        %lld rows, field by field\n"
	         "  log             %lld entries, %s, %s\n"),
	       d->submitted.submitted, n->extraction, n->classification, n->approval,
	       n->refused, rows, (long long)report->size,
	       report->intact ? _("intact") : _("NOT INTACT"),
	       report->complete ? _("complete") : _("NOT COMPLETE"));
}

/* Without a terminal. */
static int walk(struct demo *d, bool json, struct err *err)
{
	struct audit_report report = { .size = 0 };
	struct demo_decided decided;
	long long rows = 0;
	char *path = NULL;
	int rc;

	if (!json)
		printf(_("practice queue: %lld proposals at %s\n"), d->submitted.created,
		       d->server.url);
	rc = demo_walk(d, json ? stderr : stdout, &decided, err);
	if (rc == 0)
		rc = save_feedback(d, &rows, &path, err);
	if (rc == 0)
		rc = verify(d, &report, err);
	if (rc == 0) {
		(json ? print_json : print_summary)(d, &decided, rows, &report);
		if (decided.refused || !report.intact || !report.complete || !rows)
			rc = EXIT_REFUSED;
		else if (!json)
			puts(_("\nOn a terminal the same command opens the desk on this queue."));
	}
	audit_report_clear(&report);
	free(path);
	return rc;
}

static void print_decided(const struct config *config, long long rows, const char *feedback,
                          const char *dir)
{
	const struct store_filter filter = { .limit = 100 };
	struct store_entries *entries = NULL;
	struct store *store = NULL;

	if (store_open_reader(config->store, &store, NULL) == 0
	    && store_entries(store, &filter, &entries, NULL) == 0) {
		printf(_("You decided:\n"));
		for (size_t i = entries->count; i-- > 0;) {
			const struct store_entry *e = &entries->items[i];

			if (e->act == STORE_ACT_DECISION)
				printf("  %-16s  %-9s  %s\n", e->external_id, outcome_name(e->outcome),
				       store_state_name(e->state));
		}
	}
	store_entries_free(entries);
	store_close(store);
	printf(_("\nWhat the models learn from it (%lld rows) is in\n  %s\n"
	         "The folder can be removed: rm -r %s\n"
	         "To go on with your own queue: README, “Five minutes as …”.\n"),
	       rows, feedback, dir);
}

static int open_desk(struct demo *d, struct err *err)
{
	struct session last = { .store = NULL };
	struct config config;
	long long rows = 0;
	char *path = NULL;
	int rc;

	demo_config(d, "reviewer-1", &config);
	rc = desk_open(&config, _("PRACTICE"), err);
	if (rc == 0) {
		/* What the undo hold kept back until the desk closed goes out now. */
		rc = session_open(&config, SESSION_WRITE, &last, err);
		if (rc == 0)
			rc = sync_push(last.sync, err);
		session_close(&last);
	}
	if (rc == 0)
		rc = save_feedback(d, &rows, &path, err);
	if (rc == 0)
		print_decided(&config, rows, path, d->dir);
	config_clear(&config);
	free(path);
	return rc;
}

static int run(struct command_call *call, struct err *err)
{
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !call->json;
	struct demo demo;
	int rc = demo_begin(&demo, err);

	if (rc == 0)
		rc = terminal ? open_desk(&demo, err) : walk(&demo, call->json, err);
	demo_end(&demo, terminal && rc == 0);
	return rc;
}

static const struct args_option options[] = {
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_demo = {
	.name = "demo", .words = "",
	.summary = N_("try the desk on a practice queue with a server of its own"),
	.options = options, .least = 0, .most = 0, .run = run
};
