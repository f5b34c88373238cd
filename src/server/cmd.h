/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of countersignd: one table feeds dispatch, --help and the
 * manual; each has a file cmd_*.c.
 */
#ifndef SERVER_CMD_H
#define SERVER_CMD_H

#include "base/args.h"
#include "base/err.h"
#include "model/value.h"
#include "queue/queue.h"

enum cmd_exit {
	CMD_DONE = 0,
	CMD_REFUSED = 1,     /* it was understood and not allowed, or a check failed */
	CMD_USAGE = 2,
	CMD_MISSING = 3,     /* a file, a peer or a newer program is missing */
	CMD_CONFLICT = 4,    /* somebody else has it: directory or address in use */
	CMD_INTERNAL = 70,
	CMD_CONFIG = 78      /* the installation is set up wrongly */
};

struct cmd {
	const char *word, *second;   /* "queue", "load"; second or NULL */
	const char *operand;         /* "FILE", or NULL where there is none */
	const char *help;            /* message id, one line */
	const struct args_option *options;
	/* Returns an exit status. */
	enum cmd_exit (*run)(const struct args *args);
};

extern const struct cmd cmd_table[];   /* ends with word NULL */

enum cmd_exit cmd_serve(const struct args *args);
enum cmd_exit cmd_queue_load(const struct args *args);
enum cmd_exit cmd_queue_list(const struct args *args);
enum cmd_exit cmd_token_add(const struct args *args);
enum cmd_exit cmd_token_revoke(const struct args *args);
enum cmd_exit cmd_token_list(const struct args *args);
enum cmd_exit cmd_verify(const struct args *args);
extern const struct args_option cmd_serve_options[], cmd_queue_load_options[],
	cmd_queue_list_options[], cmd_token_add_options[], cmd_token_revoke_options[],
	cmd_token_list_options[], cmd_verify_options[];

/* Writes the error as a sentence to stderr, made safe; returns its status. */
enum cmd_exit cmd_fail(const struct err *err);
enum cmd_exit cmd_exit_of(enum err_code code);
/* A wrong command line: the sentence, and where help is. */
enum cmd_exit cmd_usage(const char *msgid);
/* One line to stdout, made safe (a tab becomes a space). */
void cmd_print(const char *line);
/* The same for several lines. */
void cmd_print_lines(const char *text);
/* A document as compact JSON on one line. */
void cmd_print_json(const struct value *doc);

/* Opens the data directory of --data; make: it may be a new one. NULL: the
 * sentence is written and *exit is the status. */
struct queue *cmd_open(const struct args *args, bool make, enum cmd_exit *exit);
/* Runs a local verb. NULL: refused or failed, the sentence is written and *exit
 * is the status; else the parsed answer, the caller's. body is borrowed. */
struct value *cmd_call(struct queue *q, enum queue_verb verb, const struct value *body,
                       enum cmd_exit *exit);

/* Runs the program; argv as in main(). */
enum cmd_exit cmd_main(int argc, char **argv);

#endif
