/* SPDX-License-Identifier: Apache-2.0 */
#include "store/wake.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/msg.h"

#define DAY_MS INT64_C(86400000)

static int self_get(struct store *s, const char *key, char *out, size_t size, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT value FROM self WHERE key = ?1", &st, err);

	out[0] = '\0';
	if (rc)
		return rc;
	sql_bind(st, "s", key);
	rc = sql_step(s, st, err);
	if (rc > 0) {
		sql_fixed(st, 0, out, size);
		sql_reset(st);
	}
	return rc < 0 ? rc : 0;
}

static int self_set(struct store *s, const char *key, const char *value, struct err *err)
{
	return sql_do(s, err, "INSERT INTO self (key, value) VALUES (?1, ?2) "
	              "ON CONFLICT (key) DO UPDATE SET value = excluded.value", "ss", key, value);
}

int wake_device(struct store *s, struct err *err)
{
	return self_get(s, "device", s->device, sizeof s->device, err);
}

static int make_device(struct store *s, struct err *err)
{
	int rc = wake_device(s, err);

	if (rc || s->device[0])
		return rc;
	id_new(s->device);
	rc = self_set(s, "device", s->device, err);
	return rc ? rc : self_set(s, "next_seq", "1", err);
}

/* --- the item that killed the desk ---------------------------------------------- */

static int count_showing(struct store *s, struct err *err)
{
	char review[ID_SIZE];
	int times, rc = store_showing(s, review, &times, err);

	if (rc || !review[0])
		return rc;
	times++;
	rc = sql_do(s, err, "UPDATE lease SET showings = ?2 WHERE review = ?1", "sd", review, times);
	if (!rc && times >= WAKE_SHOWINGS) {
		rc = sql_do(s, err, "UPDATE lease SET state = ?2, changed_ms = ?3, text = ?4 "
		            "WHERE review = ?1 AND state IN (0, 1)", "sdis", review,
		            (int)STORE_LEASE_ASIDE, clock_now_ms(),
		            N_("Countersign ended twice while this item was on the screen"));
		if (!rc)
			rc = sql_log(s, clock_now_ms(), "item.aside", review, NULL, NULL,
			             N_("Countersign ended twice while this item was on the screen"), err);
	}
	if (!rc)
		rc = sql_exec(s, "DELETE FROM showing", err);
	return rc;
}

/* --- clocks ------------------------------------------------------------------------ */

static void boot_id(struct buf *out)
{
	if (file_read("/proc/sys/kernel/random/boot_id", 64, out, NULL) != 0)
		buf_reset(out);
	while (out->len && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
}

/* After a restart of the machine the boot-time clock began anew: what is left
 * of a lease is told by the wall clock and the last known difference to the
 * server's. */
static int check_clocks(struct store *s, struct err *err)
{
	struct buf now = BUF_INIT;
	char then[64];
	char *skew = NULL;
	int64_t offset;
	int rc = self_get(s, "boot", then, sizeof then, err);

	boot_id(&now);
	if (!rc && strcmp(then, buf_str(&now)) != 0) {
		rc = store_fact(s, "skew_ms", &skew, err);
		offset = clock_boot_ms() - clock_now_ms() - (skew ? strtoll(skew, NULL, 10) : 0);
		if (!rc && then[0])
			rc = sql_do(s, err, "UPDATE lease SET ends_boot_ms = expires_ms + ?1, "
			            "touched_boot_ms = 0", "i", offset);
		if (!rc)
			rc = self_set(s, "boot", buf_str(&now), err);
		free(skew);
	}
	buf_clear(&now);
	return rc;
}

int wake(struct store *s, struct err *err)
{
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = make_device(s, err);
	if (!rc)
		rc = count_showing(s, err);
	if (!rc)
		rc = check_clocks(s, err);
	if (!rc)
		rc = store_release(s, INT64_MAX, NULL, err);
	return sql_end(s, rc, "store.open.before", "store.open.after", err);
}

/* --- idle ------------------------------------------------------------------------- */

/* At most so many rows a table and pass: idle time ends with the next key. */
static int prune(struct store *s)
{
	int64_t now = clock_now_ms();
	int rc = sql_begin(s, SQL_LIGHT, NULL);

	if (rc)
		return rc;
	rc = sql_do(s, NULL, "DELETE FROM lease WHERE n IN (SELECT n FROM lease WHERE state = ?1 "
	            "AND changed_ms < ?2 LIMIT 20)", "di", (int)STORE_LEASE_OVER,
	            now - WAKE_ITEM_DAYS * DAY_MS);
	if (!rc)
		rc = sql_exec(s, "DELETE FROM document WHERE rowid IN (SELECT d.rowid FROM document d "
		              "WHERE NOT EXISTS (SELECT 1 FROM lease l WHERE l.document = d.digest "
		              "OR l.definition = d.digest) "
		              "AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.definition = d.digest) "
		              "LIMIT 20)", NULL);
	if (!rc)
		rc = sql_do(s, NULL, "DELETE FROM draft WHERE review IN (SELECT d.review FROM draft d "
		            "WHERE d.saved_ms < ?1 AND NOT EXISTS (SELECT 1 FROM lease l "
		            "WHERE l.review = d.review) LIMIT 20)", "i", now - WAKE_DRAFT_DAYS * DAY_MS);
	if (!rc)
		rc = sql_do(s, NULL, "DELETE FROM act WHERE n IN (SELECT n FROM act WHERE decided_ms < ?1 "
		            "AND state IN (?2, ?3, ?4) ORDER BY n LIMIT 20)", "iddd",
		            now - WAKE_ACT_DAYS * DAY_MS, (int)STORE_IN_LOG, (int)STORE_REFUSED,
		            (int)SQL_STATE_DONE);
	if (!rc)
		rc = sql_do(s, NULL, "DELETE FROM log WHERE n IN (SELECT n FROM log "
		            "WHERE n <= (SELECT max(n) FROM log) - ?1 ORDER BY n LIMIT 100)",
		            "d", (int)WAKE_LOG_ROWS);
	sql_recount(s);
	sql_dirty(s, STORE_TOPIC_OUTBOX);
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_end(s, rc, NULL, NULL, NULL);
}

void store_idle(struct store *s)
{
	int64_t boot = clock_boot_ms();
	int left = 0;

	if (s->reader || s->broken || s->depth)
		return;
	if (!s->pruned_boot_ms)
		s->pruned_boot_ms = boot;
	if (boot - s->pruned_boot_ms >= WAKE_PRUNE_MS) {
		prune(s);
		s->pruned_boot_ms = boot;
	}
	if (s->wal_pages < WAKE_WAL_PAGES
	    || (s->wal_pages < WAKE_WAL_MOST && boot - s->written_boot_ms < WAKE_QUIET_MS))
		return;
	if (sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &left, NULL)
	    == SQLITE_OK)
		s->wal_pages = 0;
}
