/* SPDX-License-Identifier: Apache-2.0
 *
 * The practice queue in a world: a server that answered once and is gone, and
 * the store of reviewer-1, which holds every item.
 */
#ifndef TESTS_SCREEN_PRACTICE_H
#define TESTS_SCREEN_PRACTICE_H

#include "screen/journey.h"

#define PRACTICE_INVOICES "Practice: invoices"
#define PRACTICE_MESSAGES "Practice: messages"
#define PRACTICE_ACTIONS "Practice: agent actions"

/* For cmocka_run_group_tests(). The world is practice_world. */
extern struct world practice_world;
int practice_open(void **state);
int practice_close(void **state);

/* A desk of reviewer-1, offline, at home. spec as for world_desk(). */
void practice_begin(struct journey *j, const struct harness_spec *spec);

#endif
