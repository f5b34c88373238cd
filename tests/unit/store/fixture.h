/* SPDX-License-Identifier: Apache-2.0
 *
 * A store in a directory of its own, and the things one puts into it.
 */
#ifndef UNIT_STORE_FIXTURE_H
#define UNIT_STORE_FIXTURE_H

#include "store/command.h"

/* Makes a directory; fixture_end() removes it with everything in it. */
const char *fixture_begin(void);
void fixture_end(void);
/* The directory of the store inside it. */
const char *fixture_dir(void);
/* Opens it; fails the test where that fails. */
struct store *fixture_open(void);
/* Runs SQL on the closed or open store with a connection of its own. */
void fixture_sql(const char *sql);
/* The first column of the first row; -1: none. */
int64_t fixture_number(const char *sql);

/* Two queues: "receipts" (extraction) and "agent" (approval, its producer
 * waits). */
void fixture_queues(struct store *s);
/* Review ids in the usual form, different for each n. */
const char *fixture_review(int n);
/* A header of review n in a queue; its order is n, its due time 1000 - n. */
struct review_header fixture_header(const char *queue, int n);
/* Puts a lease on review n (token = 4294967296 + n, revision 1), which ends at
 * ends_boot_ms. */
void fixture_lease(struct store *s, const char *queue, int n, int64_t ends_boot_ms);
const char *fixture_token(int n);
const char *fixture_digest(int n);
/* A decision of review n with id `id`. */
struct store_decide fixture_decide(const char *queue, int n, const char *id, bool hold);
enum store_lease_state fixture_lease_state(struct store *s, int n);
/* State of a decision or disposition; -1: not known. */
int fixture_state(struct store *s, const char *id);

/* Fails the test with the error's words. */
#define ok(call) fixture_ok((call), &fixture_err, #call, __FILE__, __LINE__)
void fixture_ok(int rc, struct err *err, const char *call, const char *file, int line);
extern struct err fixture_err;

#endif
