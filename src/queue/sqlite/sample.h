/* SPDX-License-Identifier: Apache-2.0
 *
 * Samples of what was accepted unseen: drawn with the key of the week.
 */
#ifndef QUEUE_SQLITE_SAMPLE_H
#define QUEUE_SQLITE_SAMPLE_H

#include "queue/sqlite/db.h"

/* Is this proposal drawn at this rate (a decimal)? The first draw of a week
 * makes its key, with a leaf that binds the server to it by its digest. */
int sample_draw(struct db *db, const char *proposal, const char *rate, bool *drawn,
                struct err *err);
/* ISO 8601 week of an instant, UTC: "2026-W45". Returns out. */
enum { SAMPLE_WEEK_SIZE = 12 };
const char *sample_week(int64_t at_ms, char out[SAMPLE_WEEK_SIZE]);

#endif
