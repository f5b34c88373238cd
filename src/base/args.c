/* SPDX-License-Identifier: Apache-2.0 */
#include "base/args.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"

static const struct args_option *find(const struct args_option *table, const char *name,
                                      size_t len)
{
	for (; table->name; table++)
		if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
			return table;
	return NULL;
}

static const struct args_option *find_letter(const struct args_option *table, char letter)
{
	for (; table->name; table++)
		if (table->letter == letter)
			return table;
	return NULL;
}

int args_parse(int argc, char **argv, const struct args_option *table,
               struct args *out, struct err *err)
{
	bool only_words = false;

	memset(out, 0, sizeof *out);
	out->words = mem_zalloc((size_t)(argc > 0 ? argc : 1) * sizeof *out->words);
	out->given = mem_zalloc((size_t)(argc > 0 ? argc : 1) * sizeof *out->given);
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i], *value = NULL;
		const struct args_option *o;

		if (only_words || word[0] != '-' || !word[1]) {
			out->words[out->word_count++] = word;
			continue;
		}
		if (strcmp(word, "--") == 0) {
			only_words = true;
			continue;
		}
		if (word[1] == '-') {
			size_t len = strcspn(word + 2, "=");

			o = find(table, word + 2, len);
			value = word[2 + len] ? word + 3 + len : NULL;
		} else {
			o = find_letter(table, word[1]);
			value = word[2] ? word + 2 : NULL;
		}
		if (!o)
			return err_set(err, ERR_INVALID, N_("unknown option %s; see --help"), word);
		if (!o->value && value)
			return err_set(err, ERR_INVALID, N_("option %s takes no value"), word);
		if (o->value && !value) {
			if (i + 1 == argc)
				return err_set(err, ERR_INVALID, N_("option %s needs a value (%s)"),
				               word, o->value);
			value = argv[++i];
		}
		out->given[out->given_count].option = o;
		out->given[out->given_count++].value = value;
	}
	return 0;
}

void args_clear(struct args *args)
{
	free(args->words);
	free(args->given);
	memset(args, 0, sizeof *args);
}

bool args_has(const struct args *args, const char *name)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (strcmp(args->given[i].option->name, name) == 0)
			return true;
	return false;
}

const char *args_value(const struct args *args, const char *name)
{
	for (size_t i = args->given_count; i-- > 0;)
		if (strcmp(args->given[i].option->name, name) == 0)
			return args->given[i].value;
	return NULL;
}

const char *args_value_at(const struct args *args, const char *name, size_t n)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (strcmp(args->given[i].option->name, name) == 0 && n-- == 0)
			return args->given[i].value;
	return NULL;
}

int args_number(const struct args *args, const char *name, long long least,
                long long most, long long def, long long *out, struct err *err)
{
	const char *text = args_value(args, name);
	struct err_numbuf a, b;
	char *end;

	*out = def;
	if (!text)
		return 0;
	errno = 0;
	*out = strtoll(text, &end, 10);
	if (errno || end == text || *end || *out < least || *out > most)
		return err_set(err, ERR_INVALID, N_("--%s takes a whole number from %s to %s, not “%s”"),
		               name, err_num(&a, least), err_num(&b, most), text);
	return 0;
}

void args_help(const struct args_option *table, struct buf *out)
{
	for (; table->name; table++) {
		size_t start = out->len;

		buf_adds(out, "  ");
		if (table->letter)
			buf_addf(out, "-%c, ", table->letter);
		buf_addf(out, "--%s%s%s", table->name, table->value ? " " : "",
		         table->value ? table->value : "");
		do
			buf_addc(out, ' ');
		while (out->len < start + 30);
		buf_adds(out, gettext(table->help));
		buf_addc(out, '\n');
	}
}
