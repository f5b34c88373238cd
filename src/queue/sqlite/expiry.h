/* SPDX-License-Identifier: Apache-2.0
 *
 * What time does to a proposal.
 */
#ifndef QUEUE_SQLITE_EXPIRY_H
#define QUEUE_SQLITE_EXPIRY_H

#include "queue/sqlite/db.h"
#include "queue/sqlite/rows.h"

/* Is an open proposal past its time? */
bool expiry_due(const struct db *db, const struct row_proposal *p);
/* Closes or suspends it where it is due; p is changed with the database. */
int expiry_apply(struct db *db, struct row_proposal *p, struct err *err);

#endif
