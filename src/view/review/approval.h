/* SPDX-License-Identifier: Apache-2.0
 *
 * A review of an action an agent wants to carry out: what changes, effects,
 * checks, the conversation, and the arguments in full. Approving waits until
 * the arguments have been on the screen to their end.
 */
#ifndef VIEW_REVIEW_APPROVAL_H
#define VIEW_REVIEW_APPROVAL_H

#include "base/buf.h"
#include "view/item.h"

void approval_layout(struct item *item, const struct facts *facts, unsigned height,
                     struct rows *out);
/* "Cancel reservation M05KNL": the queue's sentence for the action with its
 * arguments filled in, or the producer's summary, or the action's name. */
void approval_sentence(const struct item *item, struct buf *out);
/* Every argument that will be used, in full, as rows that end in END; changed
 * ones are marked. tight: one after the other, else a row each. */
void approval_arguments(const struct item *item, bool tight, struct rows *out);

#endif
