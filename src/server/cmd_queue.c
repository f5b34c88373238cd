/* SPDX-License-Identifier: Apache-2.0
 *
 * countersignd queue load, queue list.
 */
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "server/cmd.h"
#include "wire/json.h"

const struct args_option cmd_queue_load_options[] = {
	{ "data", 'd', "DIR", N_("data directory; made when it is missing") },
	{ "overlay", 0, "FILE", N_("more members for queues of the same name: thresholds, guides, …") },
	{ "json", 0, NULL, N_("print the answer as JSON") },
	{ "help", 'h', NULL, N_("show this help") },
	{ NULL, 0, NULL, NULL }
};

const struct args_option cmd_queue_list_options[] = {
	{ "data", 'd', "DIR", N_("data directory") },
	{ "json", 0, NULL, N_("print the answer as JSON") },
	{ "help", 'h', NULL, N_("show this help") },
	{ NULL, 0, NULL, NULL }
};

static struct value *read_json(const char *path, struct err *err)
{
	struct buf bytes = BUF_INIT;
	struct value *doc = NULL;
	struct err cause = ERR_INIT;

	if (file_read(path, prescan_answer.max_bytes, &bytes, err) == 0
	    && json_parse(buf_str(&bytes), bytes.len, &prescan_answer, &doc, &cause) < 0) {
		char words[512];

		err_set(err, cause.code, N_("%s: %s"), path, err_words(&cause, words, sizeof words));
	}
	buf_clear(&bytes);
	return doc;
}

static void print_loaded(const struct value *answer)
{
	const struct value *queues = value_find(answer, "queues");

	for (size_t i = 0; i < value_count(queues); i++) {
		const struct value *q = value_at(queues, i);
		const char *loaded = value_text_or(q, "loaded", "");
		const char *word = _("unchanged");
		char *line;

		if (loaded[0] == 'n')
			word = _("new");
		else if (loaded[0] == 'c')
			word = _("changed");
		line = mem_printf("%s: %s", value_text_or(q, "queue", ""), word);
		cmd_print(line);
		free(line);
	}
}

enum cmd_exit cmd_queue_load(const struct args *args)
{
	const char *overlay_path = args_value(args, "overlay");
	struct err err = ERR_INIT;
	struct value *answer = NULL, *overlay = NULL;
	struct value *body = read_json(args->words[0], &err);
	enum cmd_exit exit = CMD_DONE;
	struct queue *q = NULL;

	if (body && !value_is(body, VALUE_OBJECT))
		err_set(&err, ERR_INVALID, N_("%s holds no object with a list “queues”"), args->words[0]);
	if (body && overlay_path)
		overlay = read_json(overlay_path, &err);
	if (err.code) {
		exit = cmd_fail(&err);
		goto out;
	}
	value_set(body, "overlay", overlay);
	overlay = NULL;
	q = cmd_open(args, true, &exit);
	if (q)
		answer = cmd_call(q, QUEUE_LOAD, body, &exit);
	if (answer && args_has(args, "json"))
		cmd_print_json(answer);
	else if (answer)
		print_loaded(answer);
out:
	value_free(answer);
	value_free(overlay);
	value_free(body);
	queue_close(q);
	return exit;
}

enum cmd_exit cmd_queue_list(const struct args *args)
{
	enum cmd_exit exit = CMD_DONE;
	struct queue *q = cmd_open(args, false, &exit);
	struct value *answer = q ? cmd_call(q, QUEUE_QUEUES, NULL, &exit) : NULL;
	const struct value *queues = value_find(answer, "queues");

	if (answer && args_has(args, "json"))
		cmd_print_json(queues);
	else
		for (size_t i = 0; i < value_count(queues); i++) {
			const struct value *queue = value_at(queues, i);
			char *line = mem_printf("%-24s %-15s %8lld  %s",
			                        value_text_or(queue, "queue", ""),
			                        value_text_or(queue, "kind", ""),
			                        (long long)value_int_or(queue, "waiting", 0),
			                        value_text_or(queue, "title", ""));

			cmd_print(line);
			free(line);
		}
	value_free(answer);
	queue_close(q);
	return exit;
}
