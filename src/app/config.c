/* SPDX-License-Identifier: Apache-2.0 */
#include "app/config.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"

static void replace(char **slot, const char *value)
{
	free(*slot);
	*slot = mem_strdup(value);
}

static int entry(void *user, const char *section, const char *name, const char *value)
{
	struct config *c = user;

	if (strcmp(section, "desk") != 0)
		return 0;
	if (strcmp(name, "server") == 0)
		replace(&c->server, value);
	else if (strcmp(name, "token_file") == 0)
		replace(&c->token_file, value);
	else if (strcmp(name, "store") == 0)
		replace(&c->store, value);
	else
		return 0;
	return 1;
}

/* $variable/rest, or $HOME/fallback/rest. */
static char *user_path(const char *variable, const char *fallback, const char *rest)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base && base[0] == '/')
		return file_join(base, rest);
	return mem_printf("%s/%s/%s", home ? home : "", fallback, rest);
}

static void from_environment(struct config *c)
{
	const struct { const char *name; char **slot; } rows[] = {
		{ "COUNTERSIGN_SERVER", &c->server },
		{ "COUNTERSIGN_TOKEN_FILE", &c->token_file },
		{ "COUNTERSIGN_STORE", &c->store },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *value = getenv(rows[i].name);

		if (value && *value)
			replace(rows[i].slot, value);
	}
}

static void from_options(const struct args *args, struct config *c)
{
	if (args_value(args, "server"))
		replace(&c->server, args_value(args, "server"));
	if (args_value(args, "token-file"))
		replace(&c->token_file, args_value(args, "token-file"));
	if (args_value(args, "store"))
		replace(&c->store, args_value(args, "store"));
}

int config_load(const struct args *args, struct config *out, struct err *err)
{
	struct err_numbuf line_text;
	size_t len;
	int line;

	memset(out, 0, sizeof *out);
	out->file = user_path("XDG_CONFIG_HOME", ".config", "countersign/config");
	out->store = user_path("XDG_DATA_HOME", ".local/share", "countersign");
	line = access(out->file, F_OK) == 0 ? ini_parse(out->file, entry, out) : 0;
	if (line > 0)
		return err_set(err, ERR_CONFIG,
		               N_("%s, line %s: expected server, token_file or store under [desk]"),
		               out->file, err_num(&line_text, line));
	if (line < 0)
		return err_set(err, ERR_CONFIG, N_("cannot read %s"), out->file);
	from_environment(out);
	from_options(args, out);
	len = out->server ? strlen(out->server) : 0;
	while (len && out->server[len - 1] == '/')
		out->server[--len] = '\0';
	return 0;
}

void config_clear(struct config *config)
{
	free(config->server);
	free(config->token_file);
	free(config->store);
	free(config->file);
	memset(config, 0, sizeof *config);
}
