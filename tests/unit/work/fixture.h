/* SPDX-License-Identifier: Apache-2.0
 *
 * A desk: a store in a directory of its own with real leases in it, whose
 * digests fit, and the use cases over it.
 */
#ifndef UNIT_WORK_FIXTURE_H
#define UNIT_WORK_FIXTURE_H

#include "unit/store/fixture.h"
#include "work/answer.h"
#include "work/draft.h"
#include "work/hold.h"
#include "work/open.h"
#include "work/work.h"

extern struct store *desk_store;
extern struct work *desk_work;

/* Opens both; hold as in work_new(). The clocks stand still until moved. */
void desk_begin(bool hold);
void desk_end(void);
/* Closes and opens again, as a restart of the program does. */
void desk_restart(void);
/* Both clocks. */
extern int64_t desk_wall_ms, desk_boot_ms;
void desk_later(int64_t ms);

/* Definitions by their queue: "receipts" (company, date, total required,
 * address may be null), "intents" (labels lost_card, new_card, pin_blocked),
 * "agent" (cancel_reservation {reservation_id, refund}), "transfers" (high
 * impact, action pay). All are known to the store after desk_begin(). */
const char *desk_definition(const char *queue);
/* Reserves review n: the queue's usual proposal with the members of `proposal`
 * (JSON object) put over it, and those of `lease` over the lease. NULL: none.
 * ' may stand for ". */
void desk_item(const char *queue, int n, const char *proposal, const char *lease);
/* Opens it; fails the test where that fails. */
struct review *desk_open(int n);
/* A JSON text as a tree; ' may stand for ". */
struct value *desk_tree(const char *text);
/* The value as JSON text; static. */
const char *desk_text(const struct value *v);
/* What a person saw: everything. */
extern const struct work_seen desk_seen;

#endif
