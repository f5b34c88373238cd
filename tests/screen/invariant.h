/* SPDX-License-Identifier: Apache-2.0
 *
 * What holds for every screen of the desk, whatever is on it, read from the
 * cells:
 *   - rules go from the first to the last column, or to an upright line, and an
 *     upright line has a neighbour above or below;
 *   - no wide character is cut at the edge;
 *   - at the foot stands a key line, and each of its keys is in the table of
 *     actions with that word (src/ui/action.c); or a dimmed hint of an editor;
 *   - nothing was written to the terminal that may not be (screen/stream.h).
 */
#ifndef TESTS_SCREEN_INVARIANT_H
#define TESTS_SCREEN_INVARIANT_H

#include "screen/harness.h"

enum { INVARIANT_SIZE = 400 };

/* What is broken, in words (buf may hold them); NULL: nothing. Lines are told
 * from those that a text draws by being dim. */
const char *invariant_broken(struct harness *h, char buf[INVARIANT_SIZE]);
/* Is "a approve" an entry of the table of actions? */
bool invariant_key_known(const char *entry);

#endif
