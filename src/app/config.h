/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the server, the token and the store are: an option wins over the
 * environment, the environment over $XDG_CONFIG_HOME/countersign/config, an
 * INI file of the form
 *
 *     [desk]
 *     server = http://127.0.0.1:8470
 *     token_file = /home/reviewer-1/.config/countersign/token
 *     store = /home/reviewer-1/.local/share/countersign
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "base/args.h"
#include "base/err.h"

struct config {
	char *server;       /* URL without a trailing slash, or NULL */
	char *token_file;   /* path, or NULL */
	char *store;        /* path; never NULL after config_load() */
	char *file;         /* path of the configuration file that was looked for */
};

/* The options that every subcommand has, in the form of base/args.h. */
#define CONFIG_OPTIONS \
	{ "server", 's', N_("URL"), N_("queue server (COUNTERSIGN_SERVER)") }, \
	{ "token-file", 't', N_("FILE"), N_("file with the access token (COUNTERSIGN_TOKEN_FILE)") }, \
	{ "store", 'S', N_("DIR"), N_("folder of the local store (COUNTERSIGN_STORE)") }, \
	{ "json", 'j', NULL, N_("print JSON") }, \
	{ "help", 'h', NULL, N_("show this help") }

/* ERR_CONFIG names file and line of a malformed or unknown entry. */
int config_load(const struct args *args, struct config *out, struct err *err);
void config_clear(struct config *config);

#endif
