/* SPDX-License-Identifier: Apache-2.0
 *
 * Command lines from a table: one row an option feeds parsing, --help and the
 * manual. Options may stand anywhere; "--" ends them. "--name value" and
 * "--name=value" are the same; -n value too where the row has a letter.
 */
#ifndef BASE_ARGS_H
#define BASE_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct args_option {
	const char *name;    /* long name without dashes; NULL ends the table */
	char letter;         /* or 0 */
	const char *value;   /* what the value is, for --help; NULL: a switch */
	const char *help;    /* message id, one line */
};

struct args {
	const char **words;  /* owned list of borrowed words that are no options */
	size_t word_count;
	struct args_given {
		const struct args_option *option;
		const char *value;   /* borrowed from argv; NULL for a switch */
	} *given;            /* owned */
	size_t given_count;
};

/* Parses argv[0..argc). ERR_INVALID names the option that is unknown or lacks
 * its value. Call args_clear() in any case. */
int args_parse(int argc, char **argv, const struct args_option *table,
               struct args *out, struct err *err);
void args_clear(struct args *args);

bool args_has(const struct args *args, const char *name);
/* Value given last, or NULL. */
const char *args_value(const struct args *args, const char *name);
/* Value number n of a repeated option, or NULL. */
const char *args_value_at(const struct args *args, const char *name, size_t n);
/* A whole number in [least, most]; def where it is not given. ERR_INVALID. */
int args_number(const struct args *args, const char *name, long long least,
                long long most, long long def, long long *out, struct err *err);

/* Appends one line an option, translated. */
void args_help(const struct args_option *table, struct buf *out);

#endif
