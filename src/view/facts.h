/* SPDX-License-Identifier: Apache-2.0
 *
 * What every screen knows besides its own subject: who, where, connected how,
 * and what time it is. Filled by the program, read by the layouts.
 */
#ifndef VIEW_FACTS_H
#define VIEW_FACTS_H

#include <stdbool.h>
#include <stdint.h>

enum facts_link { FACTS_UNTRIED, FACTS_ONLINE, FACTS_OFFLINE, FACTS_REFUSED, FACTS_ALARM };

enum { FACTS_NAME_SIZE = 80, FACTS_TEXT_SIZE = 200 };

struct facts {
	char person[FACTS_NAME_SIZE];      /* principal, or "" where not known yet */
	char server[FACTS_NAME_SIZE];      /* name of the deployment */
	char mark[FACTS_NAME_SIZE];        /* "TEST", "PRACTICE", or "" */
	enum facts_link link;
	char link_words[FACTS_TEXT_SIZE];  /* why offline, refused or alarm; or "" */
	int64_t link_since_ms;             /* wall clock */
	int64_t now_ms;                    /* wall clock */
	int64_t boot_ms;                   /* clock_boot_ms() at the same moment */
	int64_t skew_ms;                   /* server's clock minus ours, 0: unknown */
	bool skew_warn;                    /* more than a minute apart */
	int64_t waiting;                   /* decisions not yet in the log */
	int64_t refused;                   /* decisions the server refused, unseen */
	/* The last decision or disposition while it can be undone. */
	char last[FACTS_TEXT_SIZE];        /* in words, or "" */
	int64_t undo_boot_ms;              /* sent not before this; 0: already gone */
	unsigned flags;                    /* text_locale_flags() of the terminal */
	int64_t queue_open;                /* open in the queue on screen, -1: unknown */
};

#endif
