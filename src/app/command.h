/* SPDX-License-Identifier: Apache-2.0
 *
 * A subcommand is one file in app/cmd/ and one constant row. The table in
 * main.c feeds dispatch, help and the manual page.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stdbool.h>

#include "app/config.h"
#include "base/args.h"
#include "base/err.h"
#include "model/value.h"

/* Exit codes (design: the desk, "Without a screen"). */
enum {
	EXIT_DONE = 0,        /* done, also: nothing to do */
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	EXIT_OFFLINE = 3,     /* server away, or a prerequisite is missing */
	EXIT_CONFLICT = 4,
	EXIT_INTERNAL = 70,
	EXIT_CONFIG = 78
};

struct command_call {
	const struct command *command;
	struct args args;
	struct config config;
	bool json;
};

struct command {
	const char *name;
	const char *words;      /* message id for the usage line: "FILE.jsonl", …; or "" */
	const char *summary;    /* message id, one line */
	const struct args_option *options;   /* CONFIG_OPTIONS included */
	int least, most;        /* words; most -1: any number */
	/* Returns an exit code, or a negative error code with err set. */
	int (*run)(struct command_call *call, struct err *err);
};

/* The exit code for an error code. */
int command_exit(int code);
/* Writes the error as one safe line "countersign NAME: …" to stderr. */
void command_report(const char *name, const struct err *err);
/* Prints the value as one line of JSON on stdout. */
void command_print_json(const struct value *v);

extern const struct command cmd_submit, cmd_pull, cmd_list, cmd_show, cmd_approve,
	cmd_correct, cmd_reject, cmd_return, cmd_escalate, cmd_release, cmd_sync,
	cmd_status, cmd_feedback, cmd_verify, cmd_doctor, cmd_demo, cmd_desk;

#endif
