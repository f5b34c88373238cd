/* SPDX-License-Identifier: Apache-2.0
 *
 * The practice queue as a scene: a temporary folder with a server, its tokens,
 * the practice proposals, and one store a person.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include <stdio.h>

#include "app/config.h"
#include "app/local_server.h"
#include "app/session.h"
#include "app/submit.h"

struct demo {
	char *dir;                 /* the folder; removed by demo_end() unless kept */
	struct local_server server;
	struct submit_counts submitted;
};

/* Makes the folder, starts the server, submits the practice queue. demo_end()
 * in any case. */
int demo_begin(struct demo *d, struct err *err);
/* keep: the folder stays. */
void demo_end(struct demo *d, bool keep);

/* The configuration of a person of the scene (reviewer-1, reviewer-2,
 * supervisor-1, auditor-1, producer-1); config_clear() it. */
void demo_config(const struct demo *d, const char *name, struct config *out);

/* Works the whole practice queue by the right answers, as reviewer-1,
 * reviewer-2 and supervisor-1 with stores of their own, and prints each
 * decision to `to`. decided: by kind. */
struct demo_decided {
	int extraction, classification, approval, refused;
};
int demo_walk(struct demo *d, FILE *to, struct demo_decided *decided, struct err *err);

#endif
