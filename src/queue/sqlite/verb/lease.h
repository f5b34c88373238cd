/* SPDX-License-Identifier: Apache-2.0
 *
 * What taking, answering and revealing leases have in common.
 */
#ifndef QUEUE_SQLITE_VERB_LEASE_H
#define QUEUE_SQLITE_VERB_LEASE_H

#include "base/buf.h"
#include "queue/sqlite/verb/verb.h"

/* What a person looks for: words of ?filter= or "filter", separated by spaces:
 * class=…, case=…, anything else is part of an external id. */
struct lease_filter {
	char *text;                      /* owned; the words below point into it */
	const char *class_name, *case_id, *external_id;
};
void lease_filter_read(const char *text, struct lease_filter *out);
void lease_filter_clear(struct lease_filter *f);

/* Binds a device to its person for ever. 0, DB_ANSWERED (another person's, or
 * no device id), negative. */
int lease_device(struct db *db, struct who *who, const char *device,
                 struct queue_answer *answer, struct err *err);

/* Appends the whole LEASE object. */
int lease_write(struct db *db, const struct row_review *r, struct buf *out, struct err *err);
/* {review,revision,token,expires_at,ttl_s} */
void lease_write_short(struct db *db, const struct row_review *r, struct buf *out);

#endif
