/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands below the subject of a review: facts about it, what one key would
 * record, what was decided last, what comes next.
 */
#ifndef VIEW_REVIEW_FOOT_H
#define VIEW_REVIEW_FOOT_H

#include "view/item.h"

/* What one key would record: "a is off: …", "If you approve: …", "y sends: …". */
void foot_state(struct item *item, struct rows *out);
/* The last decision with its time to undo, and the next item. */
void foot_last(const struct item *item, const struct facts *facts, struct rows *out);
/* The guide's paragraph for a name; most 0: all of it. Nothing without one. */
void foot_guide(const struct item *item, const char *name, size_t most, struct rows *out);
/* The guide's paragraph for a field, label or action; NULL where there is none. */
const char *foot_guide_text(const struct definition *d, const char *name);
/* Signals, one row each: those of the field first. most 0: all. Signals that the
 * queue does not show are left out. Returns how many. */
size_t foot_signals(const struct item *item, const char *field, size_t most,
                    struct rows *out);
/* The same on one row. */
void foot_signals_row(const struct item *item, const char *field, struct rows *out);
/* Checks with text and source, one row each. Returns how many. */
size_t foot_checks(const struct item *item, struct rows *out);
/* All checks on one row, their texts left out. */
void foot_checks_row(const struct item *item, struct rows *out);
/* Siblings of the case, one row each. */
size_t foot_siblings(const struct item *item, struct rows *out);

#endif
