/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "config.h"
#include "server/httpd.h"
#include "wire/json.h"

const struct cmd cmd_table[] = {
	{ "serve", NULL, NULL, N_("answer producers and desks over HTTP"),
	  cmd_serve_options, cmd_serve },
	{ "queue", "load", "FILE", N_("load or change queue definitions"),
	  cmd_queue_load_options, cmd_queue_load },
	{ "queue", "list", NULL, N_("list the queues and how many reviews wait"),
	  cmd_queue_list_options, cmd_queue_list },
	{ "token", "add", NULL, N_("make a token and print it, once"),
	  cmd_token_add_options, cmd_token_add },
	{ "token", "revoke", NULL, N_("end tokens by name or id"),
	  cmd_token_revoke_options, cmd_token_revoke },
	{ "token", "list", NULL, N_("list the tokens, without their secrets"),
	  cmd_token_list_options, cmd_token_list },
	{ "verify", NULL, NULL, N_("check the audit log of a data directory"),
	  cmd_verify_options, cmd_verify },
	{ NULL, NULL, NULL, NULL, NULL, NULL }
};

/* --- words ------------------------------------------------------------------ */

static void safe(FILE *to, const char *text, unsigned flags)
{
	struct buf out = BUF_INIT;

	text_safe(text, strlen(text), flags, &out, NULL);
	fprintf(to, "%s", buf_str(&out));
	buf_clear(&out);
}

void cmd_print(const char *line)
{
	safe(stdout, line, TEXT_SPACES);
	fputc('\n', stdout);
}

void cmd_print_lines(const char *text)
{
	safe(stdout, text, TEXT_LINES);
}

void cmd_print_json(const struct value *doc)
{
	struct buf out = BUF_INIT;

	json_text(doc, &out);
	cmd_print(buf_str(&out));
	buf_clear(&out);
}

static void complain(const char *text)
{
	fputs("countersignd: ", stderr);
	safe(stderr, text, 0);
	fputc('\n', stderr);
}

enum cmd_exit cmd_exit_of(enum err_code code)
{
	switch (code) {
	case ERR_NONE:
		return CMD_DONE;
	case ERR_INVALID:
	case ERR_EXISTS:
	case ERR_LIMIT:
		return CMD_REFUSED;
	case ERR_IO:
	case ERR_NOT_FOUND:
	case ERR_OFFLINE:
	case ERR_FULL:
	case ERR_NEWER:
	case ERR_UNSUPPORTED:
		return CMD_MISSING;
	case ERR_CONFLICT:
	case ERR_BUSY:
		return CMD_CONFLICT;
	case ERR_DENIED:
	case ERR_CONFIG:
		return CMD_CONFIG;
	case ERR_CORRUPT:
	case ERR_INTERNAL:
		break;
	}
	return CMD_INTERNAL;
}

enum cmd_exit cmd_fail(const struct err *err)
{
	char words[1024];

	complain(err_words(err, words, sizeof words));
	return cmd_exit_of(err->code);
}

enum cmd_exit cmd_usage(const char *msgid)
{
	complain(gettext(msgid));
	return CMD_USAGE;
}

/* --- the queue from the command line ---------------------------------------- */

struct queue *cmd_open(const struct args *args, bool make, enum cmd_exit *exit)
{
	const char *dir = args_value(args, "data");
	struct queue *q = NULL;
	struct err err = ERR_INIT;

	if (!dir) {
		*exit = cmd_usage(N_("--data DIR is needed; see --help"));
		return NULL;
	}
	if (!make && access(dir, F_OK) != 0)
		err_errno(&err, N_("%s: %s"), dir);
	if (err.code || queue_sqlite_open(dir, &q, &err) < 0)
		*exit = cmd_fail(&err);
	return q;
}

/* A problem document as a sentence. */
static void complain_problem(const struct value *problem)
{
	const char *title = value_text_or(problem, "title", "");
	const char *detail = value_text(problem, "detail");
	const char *pointer = value_text(problem, "pointer");
	char *text = mem_printf("%s%s%s%s%s%s", gettext(title), detail ? ": " : "",
	                        detail ? detail : "", pointer ? " (" : "",
	                        pointer ? pointer : "", pointer ? ")" : "");

	complain(text);
	free(text);
}

struct value *cmd_call(struct queue *q, enum queue_verb verb, const struct value *body,
                       enum cmd_exit *exit)
{
	struct buf bytes = BUF_INIT;
	struct queue_call call = { .local = true, .body = body };
	struct queue_answer answer = QUEUE_ANSWER_INIT;
	struct value *doc = NULL;
	struct err err = ERR_INIT;

	if (body) {
		json_text(body, &bytes);
		call.bytes = buf_str(&bytes);
		call.len = bytes.len;
	}
	queue_run(q, verb, &call, &answer);
	*exit = CMD_DONE;
	if (json_parse(buf_str(&answer.body), answer.body.len, &prescan_answer, &doc, &err) < 0) {
		*exit = cmd_fail(&err);
	} else if (answer.status >= 400) {
		*exit = answer.status >= 500 ? CMD_MISSING : CMD_REFUSED;
		complain_problem(doc);
		value_free(doc);
		doc = NULL;
	}
	queue_answer_clear(&answer);
	buf_clear(&bytes);
	return doc;
}

/* --- dispatch --------------------------------------------------------------- */

static enum cmd_exit help_all(void)
{
	struct buf out = BUF_INIT;

	buf_adds(&out, _("Usage: countersignd COMMAND [OPTION]…\n"
	                 "The queue server: stores proposals, hands them to people, keeps their decisions.\n"
	                 "\nCommands:\n"));
	for (const struct cmd *c = cmd_table; c->word; c++)
		buf_addf(&out, "  %-6s %-8s %s\n", c->word, c->second ? c->second : "",
		         gettext(c->help));
	buf_adds(&out, _("\n“countersignd COMMAND --help” tells the options of one.\n"
	                 "Exit status: 0 done, 1 refused, 2 usage, 3 something is missing, 4 in use,\n"
	                 "70 internal, 78 set up wrongly.\n"));
	cmd_print_lines(buf_str(&out));
	buf_clear(&out);
	return CMD_DONE;
}

static enum cmd_exit help_one(const struct cmd *c)
{
	struct buf out = BUF_INIT;

	/* TRANSLATORS: the words of the command, then what it works on. */
	buf_addf(&out, _("Usage: countersignd %s%s%s [OPTION]…%s%s\n"), c->word,
	         c->second ? " " : "", c->second ? c->second : "",
	         c->operand ? " " : "", c->operand ? c->operand : "");
	buf_addf(&out, "%s\n\n", gettext(c->help));
	args_help(c->options, &out);
	cmd_print_lines(buf_str(&out));
	buf_clear(&out);
	return CMD_DONE;
}

static enum cmd_exit version(void)
{
	printf("countersignd %s\n", PACKAGE_VERSION);
	printf("libmicrohttpd %s\n", httpd_library());
	return CMD_DONE;
}

/* How many of argv the words of c take; 0: it is not this one. */
static int words_match(const struct cmd *c, int argc, char **argv)
{
	if (strcmp(argv[0], c->word) != 0)
		return 0;
	if (!c->second)
		return 1;
	return argc > 1 && strcmp(argv[1], c->second) == 0 ? 2 : 0;
}

static enum cmd_exit run(const struct cmd *c, int argc, char **argv)
{
	struct args args;
	struct err err = ERR_INIT;
	enum cmd_exit exit = CMD_USAGE;

	if (args_parse(argc, argv, c->options, &args, &err) < 0)
		cmd_fail(&err);
	else if (args_has(&args, "help"))
		exit = help_one(c);
	else if (args.word_count > (c->operand ? 1 : 0))
		cmd_usage(N_("there is a word too much; see --help"));
	else if (c->operand && args.word_count == 0)
		cmd_usage(N_("a file is needed; see --help"));
	else
		exit = c->run(&args);
	args_clear(&args);
	return exit;
}

enum cmd_exit cmd_main(int argc, char **argv)
{
	if (argc < 2)
		return cmd_usage(N_("a command is needed; see --help"));
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return help_all();
	if (strcmp(argv[1], "--version") == 0)
		return version();
	for (const struct cmd *c = cmd_table; c->word; c++) {
		int n = words_match(c, argc - 1, argv + 1);

		if (n)
			return run(c, argc - 1 - n, argv + 1 + n);
	}
	return cmd_usage(N_("there is no such command; see --help"));
}
