/* SPDX-License-Identifier: Apache-2.0
 *
 * The database half of the yardstick of F2: one decision as one commit with
 * synchronous=FULL, in a plain loop over prepared statements. The database is a
 * copy of the desk's store in which some decisions were made; their rows are the
 * pattern: rows of the same tables, columns and sizes are inserted for the
 * reviews that are reserved and not decided. One commit writes
 *   act, outbox, log: one row each
 *   lease, header: the row of the review is marked decided
 *   queue: its kept counts
 *   draft: the row of the review is removed, if there is one
 * and reads nothing, checks nothing and makes no text.
 */
#ifndef BENCH_BARE_COMMIT_H
#define BENCH_BARE_COMMIT_H

#include <stdbool.h>

struct bare_commit;

/* NULL: said why on stderr. */
struct bare_commit *bare_commit_open(const char *database, const char *queue);
/* false: failed, or no review is left. */
bool bare_commit_one(struct bare_commit *b);
/* Writes what each commit took, in microseconds, to the file report as a JSON
 * array; false: could not. */
bool bare_commit_close(struct bare_commit *b, const char *report);

#endif
