/* SPDX-License-Identifier: Apache-2.0
 *
 * What a journey happens in: a folder, a real countersignd on loopback with
 * queues and proposals, people with tokens, and stores that real subcommands
 * filled. A desk then opens on a copy of such a store, with the server running
 * or gone, so that journeys do not see each other.
 *
 * Every function fails the test where it cannot do its work, with what the
 * program said.
 */
#ifndef TESTS_SCREEN_WORLD_H
#define TESTS_SCREEN_WORLD_H

#include <stdbool.h>
#include <sys/types.h>

#include "screen/harness.h"

enum { WORLD_ENV = 24 };
/* Where nobody listens: the server before world_serve() and after world_stop(). */
#define WORLD_NOBODY "http://127.0.0.1:9"

struct world {
	char *dir;          /* removed by world_close() */
	char *url;          /* of the server, or WORLD_NOBODY */
	pid_t server;       /* 0: not running */
	int copies;
	const char *env[WORLD_ENV];   /* last answer of world_env() */
	char *env_texts[WORLD_ENV];
	size_t env_count;
};

void world_open(struct world *w, const char *queues);
/* The usual one: producer-1 submitted the file, reviewer-1 holds what there is
 * of these queues (NULL-ended), and the server is gone. */
void world_offline(struct world *w, const char *queues, const char *jsonl,
                   const char *const *names);
void world_close(struct world *w);
/* A token file DIR/NAME.token, for all queues. Before world_serve(). */
void world_person(struct world *w, const char *name, const char *role);
void world_serve(struct world *w);
void world_stop(struct world *w);
/* A file of proposals, by the producer "producer-1", who must exist. At most
 * most lines of it (0: all). */
void world_submit(struct world *w, const char *jsonl, size_t most);
/* Fills the store DIR/NAME.store of a person. */
void world_pull(struct world *w, const char *name, const char *queue, int number);
/* A subcommand of the client as this person on this store (NULL: their own);
 * its exit status must be the wanted one. Returns what it printed (caller's). */
char *world_run(struct world *w, const char *name, const char *store, int wanted,
                const char *const *words);
/* A copy of the person's store; the caller's. */
char *world_copy(struct world *w, const char *name);
/* Environment for a person on a store, and more (NULL-ended, or NULL). Borrowed
 * until the next call. */
const char *const *world_env(struct world *w, const char *name, const char *store,
                             const char *const *more);
/* Opens the desk of a person on a copy of their store (its path in *store, the
 * caller's). spec gives size, TERM, locale and more environment; its argv is
 * not read. spec NULL: 80 × 24. */
struct harness *world_desk(struct world *w, const char *name, const struct harness_spec *spec,
                           char **store);
/* Runs a python script of tests/screen with these words. */
void world_script(const char *script, const char *const *words);
/* Path of a file of the data beside the source tree; NULL where it is missing.
 * Borrowed until the next call. */
const char *world_real(const char *file);

#endif
