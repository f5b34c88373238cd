/* SPDX-License-Identifier: Apache-2.0
 *
 * countersignd token add, token revoke, token list.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "server/cmd.h"

const struct args_option cmd_token_add_options[] = {
	{ "data", 'd', "DIR", N_("data directory; made when it is missing") },
	{ "name", 'n', "NAME", N_("whose token it is; one person or program has one name") },
	{ "role", 'r', "ROLE",
	  N_("producer, reviewer, lead, supervisor, auditor or administrator; may be repeated") },
	{ "queue", 'q', "QUEUE", N_("for this queue only; may be repeated; * or none: all queues") },
	{ "token-file", 0, "FILE", N_("write the token there (mode 0600) instead of printing it") },
	{ "json", 0, NULL, N_("print the answer as JSON") },
	{ "help", 'h', NULL, N_("show this help") },
	{ NULL, 0, NULL, NULL }
};

const struct args_option cmd_token_revoke_options[] = {
	{ "data", 'd', "DIR", N_("data directory") },
	{ "name", 'n', "NAME", N_("every token of this name") },
	{ "id", 0, "ID", N_("the token of this id; see token list") },
	{ "json", 0, NULL, N_("print the answer as JSON") },
	{ "help", 'h', NULL, N_("show this help") },
	{ NULL, 0, NULL, NULL }
};

const struct args_option cmd_token_list_options[] = {
	{ "data", 'd', "DIR", N_("data directory") },
	{ "json", 0, NULL, N_("print the answer as JSON") },
	{ "help", 'h', NULL, N_("show this help") },
	{ NULL, 0, NULL, NULL }
};

static void wipe(struct value *answer)
{
	struct value *token = value_find(answer, "token");

	if (value_is(token, VALUE_STRING))
		hash_wipe(token->s, token->len);
	value_free(answer);
}

/* The token itself, where the caller asked for it; nothing else names it. */
static enum cmd_exit hand_over(const struct args *args, struct value *answer)
{
	const char *path = args_value(args, "token-file");
	struct err err = ERR_INIT;
	char *line;
	int ret;

	if (!path) {
		if (args_has(args, "json"))
			cmd_print_json(answer);
		else
			cmd_print(value_text_or(answer, "token", ""));
		return CMD_DONE;
	}
	line = mem_printf("%s\n", value_text_or(answer, "token", ""));
	ret = file_write_private(path, line, strlen(line), &err);
	hash_wipe(line, strlen(line));
	free(line);
	value_remove(answer, "token");
	if (ret == 0 && args_has(args, "json"))
		cmd_print_json(answer);
	return ret == 0 ? CMD_DONE : cmd_fail(&err);
}

/* Every value of an option; "*" among the queues is all of them. */
static struct value *every(const struct args *args, const char *option)
{
	struct value *list = value_new_array();
	const char *text;

	for (size_t n = 0; (text = args_value_at(args, option, n)); n++)
		value_push(list, value_new_string(strcmp(text, "*") == 0 ? "" : text));
	return list;
}

enum cmd_exit cmd_token_add(const struct args *args)
{
	const char *name = args_value(args, "name");
	enum cmd_exit exit = CMD_DONE;
	struct value *body, *answer = NULL;
	struct queue *q;

	if (!name || !args_has(args, "role"))
		return cmd_usage(N_("--name and --role are needed; see --help"));
	q = cmd_open(args, true, &exit);
	if (!q)
		return exit;
	body = value_new_object();
	value_set_string(body, "name", name);
	value_set(body, "role", every(args, "role"));
	if (args_has(args, "queue"))
		value_set(body, "queue", every(args, "queue"));
	answer = cmd_call(q, QUEUE_TOKEN_ADD, body, &exit);
	if (answer)
		exit = hand_over(args, answer);
	wipe(answer);
	value_free(body);
	queue_close(q);
	return exit;
}

enum cmd_exit cmd_token_revoke(const struct args *args)
{
	const char *name = args_value(args, "name"), *id = args_value(args, "id");
	enum cmd_exit exit = CMD_DONE;
	struct value *body, *answer = NULL;
	struct queue *q;

	if (!name == !id)
		return cmd_usage(N_("either --name or --id is needed; see --help"));
	q = cmd_open(args, false, &exit);
	if (!q)
		return exit;
	body = value_new_object();
	value_set_string(body, name ? "name" : "id", name ? name : id);
	answer = cmd_call(q, QUEUE_TOKEN_REVOKE, body, &exit);
	if (answer && args_has(args, "json")) {
		cmd_print_json(answer);
	} else if (answer) {
		long count = (long)value_int_or(answer, "revoked", 0);

		printf(ngettext("%ld token revoked\n", "%ld tokens revoked\n", (unsigned long)count), count);
	}
	value_free(answer);
	value_free(body);
	queue_close(q);
	return exit;
}

enum cmd_exit cmd_token_list(const struct args *args)
{
	enum cmd_exit exit = CMD_DONE;
	struct queue *q = cmd_open(args, false, &exit);
	struct value *answer = q ? cmd_call(q, QUEUE_TOKEN_LIST, NULL, &exit) : NULL;
	const struct value *tokens = value_find(answer, "tokens");

	if (answer && args_has(args, "json"))
		cmd_print_json(tokens);
	else
		for (size_t i = 0; i < value_count(tokens); i++) {
			const struct value *t = value_at(tokens, i);
			const char *revoked = value_text(t, "revoked_at");
			char *line = mem_printf("%s  %-20s %-13s %-20s %s%s",
			                        value_text_or(t, "id", ""), value_text_or(t, "name", ""),
			                        value_text_or(t, "role", ""), value_text_or(t, "queue", "*"),
			                        revoked ? _("revoked ") : "", revoked ? revoked : "");

			cmd_print(line);
			free(line);
		}
	value_free(answer);
	queue_close(q);
	return exit;
}
