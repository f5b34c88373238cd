/* SPDX-License-Identifier: Apache-2.0
 *
 * A countersignd of our own on loopback, for the practice queue: started as a
 * child, ended with us.
 */
#ifndef APP_LOCAL_SERVER_H
#define APP_LOCAL_SERVER_H

#include <sys/types.h>

#include "base/err.h"

struct local_server {
	char *program;     /* path of countersignd */
	char *data;        /* its data directory */
	char *log;         /* its stderr */
	char *url;         /* "http://127.0.0.1:PORT" */
	pid_t pid;         /* 0: not running */
};

/* dir: a folder of ours that exists. Finds countersignd beside this program,
 * else in PATH. ERR_NOT_FOUND. */
int local_server_init(struct local_server *s, const char *dir, struct err *err);
/* Loads a queue file, before the start. */
int local_server_load(struct local_server *s, const char *queues, struct err *err);
/* Adds a token for every queue and writes it, 0600, to token_file. */
int local_server_token(struct local_server *s, const char *name, const char *role,
                       const char *token_file, struct err *err);
/* Starts it and waits until it listens (at most 20 s). */
int local_server_start(struct local_server *s, struct err *err);
/* Stops it, waits for its end, and frees what s holds. */
void local_server_stop(struct local_server *s);

#endif
