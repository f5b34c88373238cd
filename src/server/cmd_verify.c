/* SPDX-License-Identifier: Apache-2.0
 *
 * countersignd verify: the audit of a data directory by its owner.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "server/cmd.h"
#include "wire/json.h"

enum { NOTE_MAX = 64 << 10 };

const struct args_option cmd_verify_options[] = {
	{ "data", 'd', "DIR", N_("data directory") },
	{ "content", 0, NULL, N_("recompute every digest from what is stored, and compare every row") },
	{ "key", 0, "VKEY", N_("verifier key of the log, as written down earlier; default: its own") },
	{ "checkpoint", 0, "FILE", N_("a checkpoint kept from earlier; may be repeated") },
	{ "json", 0, NULL, N_("print the report as JSON") },
	{ "help", 'h', NULL, N_("show this help") },
	{ NULL, 0, NULL, NULL }
};

/* --- the log of a data directory, as an audit_source ------------------------ */

static int ask(struct queue *q, enum queue_verb verb, struct value *query, struct buf *body,
               struct err *err)
{
	struct queue_call call = { .local = true, .query = query };
	struct queue_answer answer = QUEUE_ANSWER_INIT;
	struct err_numbuf status;
	int ret = 0;

	queue_run(q, verb, &call, &answer);
	if (answer.status >= 400)
		ret = err_set(err, ERR_IO, N_("the log cannot be read: problem %s: %s"),
		              err_num(&status, answer.status), buf_str(&answer.body));
	else
		buf_add(body, answer.body.data, answer.body.len);
	queue_answer_clear(&answer);
	value_free(query);
	return ret;
}

static void set_number(struct value *query, const char *name, int64_t n)
{
	struct err_numbuf text;

	value_set_string(query, name, err_num(&text, n));
}

static int source_checkpoint(void *ctx, struct buf *body, struct err *err)
{
	return ask(ctx, QUEUE_LOG_CHECKPOINT, value_new_object(), body, err);
}

static int source_entries(void *ctx, int64_t start, int64_t end, struct buf *body,
                          struct err *err)
{
	struct value *query = value_new_object();

	set_number(query, "start", start);
	set_number(query, "end", end);
	return ask(ctx, QUEUE_LOG_ENTRIES, query, body, err);
}

static int source_proof(void *ctx, int64_t from, int64_t to, struct buf *body, struct err *err)
{
	struct value *query = value_new_object();

	set_number(query, "from", from);
	set_number(query, "to", to);
	return ask(ctx, QUEUE_LOG_PROOF, query, body, err);
}

static int source_page(void *ctx, enum queue_verb verb, const char *after, struct buf *body,
                       struct err *err)
{
	struct value *query = value_new_object();

	if (after)
		value_set_string(query, "after", after);
	return ask(ctx, verb, query, body, err);
}

static int source_contents(void *ctx, const char *after, struct buf *body, struct err *err)
{
	return source_page(ctx, QUEUE_LOG_CONTENTS, after, body, err);
}

static int source_rows(void *ctx, const char *after, struct buf *body, struct err *err)
{
	return source_page(ctx, QUEUE_LOG_ROWS, after, body, err);
}

/* --- checkpoints kept from earlier ------------------------------------------ */

struct notes {
	char **texts;
	size_t count, cap;
};

static int notes_read(struct notes *notes, const struct args *args, struct err *err)
{
	const char *path;

	for (size_t n = 0; (path = args_value_at(args, "checkpoint", n)); n++) {
		struct buf text = BUF_INIT;
		int ret = file_read(path, NOTE_MAX, &text, err);

		if (ret < 0)
			return ret;
		MEM_GROW(notes->texts, notes->count, notes->cap);
		notes->texts[notes->count++] = buf_take(&text);
	}
	return 0;
}

static void notes_clear(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->texts[i]);
	free(notes->texts);
}

/* --- the command ------------------------------------------------------------ */

static void print_report(const struct args *args, const struct audit_report *report)
{
	struct buf out = BUF_INIT;

	if (args_has(args, "json")) {
		struct value *doc = audit_report_value(report);

		json_text_pretty(doc, &out);
		buf_addc(&out, '\n');
		value_free(doc);
	} else {
		audit_report_text(report, &out);
	}
	cmd_print_lines(buf_str(&out));
	buf_clear(&out);
}

/* The key that the directory itself signs with; NULL where it cannot be read. */
static char *own_key(struct queue *q)
{
	enum cmd_exit exit;
	struct value *answer = cmd_call(q, QUEUE_QUEUES, NULL, &exit);
	char *vkey = mem_strdup(value_text(value_find(answer, "log"), "vkey"));

	value_free(answer);
	return vkey;
}

static enum cmd_exit verify(struct queue *q, const struct args *args, const struct notes *notes)
{
	char *own = args_has(args, "key") ? NULL : own_key(q);
	struct audit_source source = {
		.ctx = q,
		.checkpoint = source_checkpoint,
		.entries = source_entries,
		.proof = source_proof,
		.contents = source_contents,
		.rows = source_rows,
	};
	struct audit_options options = {
		.content = args_has(args, "content"),
		.vkey = own ? own : args_value(args, "key"),
		.old_notes = (const char *const *)notes->texts,
		.old_note_count = notes->count,
	};
	struct audit_report report;
	struct err err = ERR_INIT;
	enum cmd_exit exit;

	if (audit_verify(&source, &options, &report, &err) < 0) {
		exit = cmd_fail(&err);
	} else {
		print_report(args, &report);
		exit = report.intact && report.complete ? CMD_DONE : CMD_REFUSED;
	}
	audit_report_clear(&report);
	free(own);
	return exit;
}

enum cmd_exit cmd_verify(const struct args *args)
{
	struct notes notes = { .texts = NULL };
	struct err err = ERR_INIT;
	enum cmd_exit exit = CMD_DONE;
	struct queue *q = NULL;

	if (notes_read(&notes, args, &err) < 0)
		exit = cmd_fail(&err);
	else
		q = cmd_open(args, false, &exit);
	if (q)
		exit = verify(q, args, &notes);
	queue_close(q);
	notes_clear(&notes);
	return exit;
}
