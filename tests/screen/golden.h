/* SPDX-License-Identifier: Apache-2.0
 *
 * Golden screens: tests/screen/golden/NAME.txt. A text row begins with '|'; below
 * it, where not everything is plain, stands a row that begins with ':' and has a
 * letter under each cell, explained at the head of the file:
 *
 *     80x24, cursor hidden
 *     a bold · b reverse · c dim
 *     |home                        online
 *     :aaaa                        c
 *
 * What differs from run to run (clocks, ids, ports) is masked by '#' in the
 * screen and in the file, so the file never holds it.
 *
 * With RECORD=1 in the environment the file is written anew. Read the diff as
 * carefully as code.
 */
#ifndef TESTS_SCREEN_GOLDEN_H
#define TESTS_SCREEN_GOLDEN_H

#include "screen/harness.h"

/* Rules of masking that hold for every screen of the desk; extended regular
 * expressions, NULL-ended. Each match becomes as many '#' as it has cells. */
extern const char *const golden_masks[];

/* The screen in the form of a file, masked; the caller's. */
char *golden_render(struct harness *h, const char *const *masks);
/* Waits until the screen equals the file; fails the test with both where it
 * never does. Recording: waits until nothing moves and writes. */
void golden_check(struct harness *h, const char *name, const char *const *masks);

#endif
