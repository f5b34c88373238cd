/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign: finds the subcommand, reads its options, runs it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/msg.h"
#include "base/text.h"
#include <config.h>
#include "wire/json.h"

static const struct command *const commands[] = {
	&cmd_desk, &cmd_demo, &cmd_pull, &cmd_list, &cmd_show, &cmd_approve, &cmd_correct,
	&cmd_reject, &cmd_return, &cmd_escalate, &cmd_release, &cmd_sync, &cmd_status,
	&cmd_feedback, &cmd_verify, &cmd_submit, &cmd_doctor,
};

int command_exit(int code)
{
	switch (code) {
	case 0:
		return EXIT_DONE;
	case ERR_OFFLINE:
	case ERR_BUSY:
		return EXIT_OFFLINE;
	case ERR_CONFLICT:
		return EXIT_CONFLICT;
	case ERR_CONFIG:
	case ERR_NEWER:
		return EXIT_CONFIG;
	case ERR_INTERNAL:
		return EXIT_INTERNAL;
	default:
		return code < 0 ? EXIT_REFUSED : code;
	}
}

void command_report(const char *name, const struct err *err)
{
	char words[1024], safe[2048];

	err_words(err, words, sizeof words);
	text_safe_line(words, safe, sizeof safe);
	fprintf(stderr, "countersign%s%s: %s\n", name ? " " : "", name ? name : "", safe);
}

void command_print_json(const struct value *v)
{
	struct buf out = BUF_INIT;

	json_text(v, &out);
	puts(buf_str(&out));
	buf_clear(&out);
}

static void print_overview(FILE *to)
{
	fputs(_("countersign: the terminal where people check what AI proposes\n\n"
	        "usage: countersign [COMMAND] [OPTIONS]\n\n"), to);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(to, "  %-12s %s\n", commands[i]->name, gettext(commands[i]->summary));
	fputs(_("\nWithout a command the desk opens. countersign COMMAND --help tells more.\n"), to);
}

static void print_help(const struct command *c, FILE *to)
{
	struct buf out = BUF_INIT;

	args_help(c->options, &out);
	fprintf(to, _("usage: countersign %s %s [OPTIONS]\n\n%s\n\n"), c->name, *c->words ? gettext(c->words) : "",
	        gettext(c->summary));
	fputs(buf_str(&out), to);
	buf_clear(&out);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int run(const struct command *c, int argc, char **argv)
{
	struct command_call call = { .command = c };
	struct err err = ERR_INIT;
	int rc = args_parse(argc, argv, c->options, &call.args, &err);

	if (rc == 0 && args_has(&call.args, "help")) {
		print_help(c, stdout);
		args_clear(&call.args);
		return EXIT_DONE;
	}
	if (rc == 0 && ((int)call.args.word_count < c->least
	                || (c->most >= 0 && (int)call.args.word_count > c->most)))
		rc = err_set(&err, ERR_INVALID, N_("usage: countersign %s %s"), c->name, *c->words ? gettext(c->words) : "");
	if (rc != 0) {
		command_report(c->name, &err);
		args_clear(&call.args);
		return EXIT_USAGE;
	}
	call.json = args_has(&call.args, "json");
	rc = config_load(&call.args, &call.config, &err);
	if (rc == 0)
		rc = c->run(&call, &err);
	if (err.code != ERR_NONE)
		command_report(c->name, &err);
	config_clear(&call.config);
	args_clear(&call.args);
	return command_exit(rc);
}

int main(int argc, char **argv)
{
	const struct command *c = &cmd_desk;

	msg_init();
	json_init();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (id_init() != 0) {
		fputs(_("countersign: the crypto library cannot start\n"), stderr);
		return EXIT_INTERNAL;
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		printf("countersign %s\n", PACKAGE_VERSION);
		return EXIT_DONE;
	}
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
		print_overview(stdout);
		return EXIT_DONE;
	}
	if (argc < 2 || argv[1][0] == '-')
		return run(c, argc - 1, argv + 1);
	c = find(argv[1]);
	if (!c) {
		fprintf(stderr, _("countersign: there is no command “%s”\n\n"), argv[1]);
		print_overview(stderr);
		return EXIT_USAGE;
	}
	return run(c, argc - 2, argv + 2);
}
