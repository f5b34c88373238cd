/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign list: what the local store knows of a queue, in the order of
 * the desk. Works beside an open desk and without a network.
 */
#include <stdio.h>

#include "app/command.h"
#include "app/session.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/text.h"

static void print_row(const struct store_row *row, bool json)
{
	const struct review_header *h = &row->header;
	const char *mine = row->mine == STORE_MINE_LEASED ? "reserved"
		: row->mine == STORE_MINE_DECIDED ? "decided" : h->held ? "held" : "open";
	char due[CLOCK_TEXT_SIZE] = "", subject[256];

	if (h->due_ms)
		clock_text(h->due_ms, due);
	if (json) {
		struct value *v = value_new_object();

		value_set_string(v, "review", h->review);
		value_set_string(v, "external_id", h->external_id);
		value_set_string(v, "queue", h->queue);
		value_set_string(v, "stage", stage_name(h->stage));
		value_set_string(v, "state", mine);
		value_set_string(v, "class", class_name(h->safety_class));
		if (h->confidence_pm >= 0)
			value_set_real(v, "confidence", h->confidence_pm / 1000.0);
		else
			value_set_null(v, "confidence");
		value_set_string(v, "due_at", *due ? due : NULL);
		command_print_json(v);
		value_free(v);
		return;
	}
	text_safe_line(h->external_id, subject, sizeof subject);
	if (h->confidence_pm >= 0)
		printf("%-36s  %-10s  0.%03d  %-8s  %s\n", subject, stage_name(h->stage),
		       h->confidence_pm < 1000 ? h->confidence_pm : 999, mine, due);
	else
		printf("%-36s  %-10s  %5s  %-8s  %s\n", subject, stage_name(h->stage), "-",
		       mine, due);
}

static int list_queue(struct session *s, const char *queue, long long limit, bool json,
                      struct err *err)
{
	struct store_page page = { .queue = queue, .from = STORE_FROM_START };
	struct store_window *w = NULL;
	int rc = 0;

	while (rc == 0 && limit > 0) {
		page.want = limit < 500 ? (size_t)limit : 500;
		rc = store_window(s->store, &page, &w, err);
		if (rc != 0 || !w->count)
			break;
		for (size_t i = 0; i < w->count; i++)
			print_row(&w->rows[i], json);
		limit -= (long long)w->count;
		page.key = store_window_key(w, w->count - 1);
		page.from = STORE_FROM_AFTER;
		store_window_free(w);
		w = NULL;
	}
	store_window_free(w);
	return rc;
}

static int list_all(struct session *s, const char *queue, long long limit, bool json,
                    struct err *err)
{
	struct store_queues *queues = NULL;
	int rc;

	if (queue)
		return list_queue(s, queue, limit, json, err);
	rc = store_queues(s->store, &queues, err);
	for (size_t i = 0; rc == 0 && i < queues->count; i++) {
		const struct store_queue *q = &queues->items[i];
		char title[256];

		if (!json)
			printf(_("%s (%s): %lld open, %lld reserved here\n"),
			       text_safe_line(q->title, title, sizeof title), q->name,
			       (long long)q->open, (long long)q->leased);
		rc = list_queue(s, q->name, limit, json, err);
	}
	store_queues_free(queues);
	return rc;
}

static int run(struct command_call *call, struct err *err)
{
	struct session s;
	long long limit;
	int rc = args_number(&call->args, "limit", 1, 1000000, 50, &limit, err);

	if (rc != 0)
		return EXIT_USAGE;
	rc = session_open(&call->config, SESSION_READ, &s, err);
	if (rc == 0)
		rc = list_all(&s, args_value(&call->args, "queue"), limit, call->json, err);
	session_close(&s);
	return rc;
}

static const struct args_option options[] = {
	{ "queue", 'q', N_("QUEUE"), N_("this queue only") },
	{ "limit", 'l', N_("N"), N_("at most N items of a queue (default 50)") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_list = {
	.name = "list", .words = "",
	.summary = N_("list what waits, as last seen by this store"),
	.options = options, .least = 0, .most = 0, .run = run
};
