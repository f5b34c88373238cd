/* SPDX-License-Identifier: Apache-2.0
 *
 * What this desk holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "store/sql.h"

const char *store_lease_state_name(enum store_lease_state state)
{
	static const char *const names[] = {
		"ready", "opened", "aside", "decided", "disposed", "recalled", "over"
	};

	return names[state];
}

/* --- reading -------------------------------------------------------------------- */

/* The order is the server's; a lease whose header is not here comes behind. */
#define LEASE_COLUMNS \
	"SELECT l.review, l.proposal, l.external_id, l.queue, l.kind, l.class, l.stage, l.view, " \
	"l.revision, l.token, l.digest, l.definition, l.expires_ms, l.ends_boot_ms, l.due_ms, " \
	"l.state, l.opened_ms, l.touched_boot_ms, l.text, l.own, l.own_content, " \
	"EXISTS (SELECT 1 FROM draft d WHERE d.review = l.review), l.showings"
#define LEASE_FROM " FROM lease l "
#define LEASE_ORDER " ORDER BY l.n"

static void read_lease(sqlite3_stmt *st, struct block *b, struct store_lease *l)
{
	sql_fixed(st, 0, l->review, sizeof l->review);
	sql_fixed(st, 1, l->proposal, sizeof l->proposal);
	l->external_id = sql_copy(st, 2, b);
	l->queue = sql_copy(st, 3, b);
	l->kind = (enum kind)sql_int(st, 4);
	l->safety_class = (enum safety_class)sql_int(st, 5);
	l->stage = (enum stage)sql_int(st, 6);
	l->view = (enum view_kind)sql_int(st, 7);
	l->revision = sql_int(st, 8);
	l->token = sql_copy(st, 9, b);
	sql_fixed(st, 10, l->digest, sizeof l->digest);
	sql_fixed(st, 11, l->definition, sizeof l->definition);
	l->expires_ms = sql_int(st, 12);
	l->ends_boot_ms = sql_int(st, 13);
	l->due_ms = sql_int(st, 14);
	l->state = (enum store_lease_state)sql_int(st, 15);
	l->opened_ms = sql_int(st, 16);
	l->touched_boot_ms = sql_int(st, 17);
	l->text = sql_copy(st, 18, b);
	l->own = sql_copy(st, 19, b);
	l->own_content = sql_copy(st, 20, b);
	l->draft = sql_int(st, 21);
	l->showings = (int)sql_int(st, 22);
}

struct sorted {
	struct store_lease lease;
	int64_t ord;
	size_t n;                /* of arrival */
	int64_t due;             /* before the order, where queues mix */
};

static int by_order(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	if (x->ord != y->ord)
		return x->ord < y->ord ? -1 : 1;
	return x->n < y->n ? -1 : x->n > y->n;
}

/* A lease whose header is not here comes behind. */
static int find_order(struct store *s, const char *review, int64_t *ord, struct err *err)
{
	return sql_number(s, INT64_MAX, ord, err, "SELECT ord FROM header "
	                  "INDEXED BY header_review WHERE review = ?1", "r", review);
}

/* Runs st (LEASE_COLUMNS, optionally the document as column 23) and sorts. */
static int collect(struct store *s, sqlite3_stmt *st, bool doc, bool by_due,
                   struct store_leases **out, struct err *err)
{
	struct block *b = block_new(sizeof(struct store_leases), 4096);
	struct store_leases *list = block_head(b);
	struct sorted *items = NULL;
	size_t count = 0, cap = 0;
	int rc;

	while ((rc = sql_step(s, st, err)) > 0) {
		MEM_GROW(items, count, cap);
		memset(&items[count], 0, sizeof items[count]);
		items[count].n = count;
		read_lease(st, b, &items[count].lease);
		if (by_due)
			items[count].due = items[count].lease.due_ms ? items[count].lease.due_ms
			                                             : INT64_MAX;
		if (doc)
			items[count].lease.doc = sql_copy(st, 23, b);
		count++;
	}
	for (size_t i = 0; !rc && !doc && i < count; i++)
		rc = find_order(s, items[i].lease.review, &items[i].ord, err);
	if (!rc && count) {
		qsort(items, count, sizeof *items, by_order);
		list->items = block_alloc(b, count * sizeof *list->items);
		for (size_t i = 0; i < count; i++)
			list->items[i] = items[i].lease;
		list->count = count;
	}
	free(items);
	if (rc) {
		block_free(list);
		list = NULL;
	}
	*out = list;
	return rc;
}

int store_leases(struct store *s, const char *queue, struct store_leases **out,
                 struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, LEASE_COLUMNS LEASE_FROM "WHERE l.state IN (0, 1, 2, 3, 4, 5) "
	                 "AND (?1 IS NULL OR l.queue = ?1)" LEASE_ORDER, &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", queue);
	return collect(s, st, false, !queue, out, err);
}

void store_leases_free(struct store_leases *l)
{
	block_free(l);
}

int store_lease_find(struct store *s, const char *review, struct store_leases **out,
                     struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, LEASE_COLUMNS ", d.doc FROM lease l JOIN lease_doc d "
	                 "ON d.lease = l.n WHERE l.review = ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "s", review);
	rc = collect(s, st, true, false, out, err);
	if (!rc && !(*out)->count) {
		store_leases_free(*out);
		*out = NULL;
	}
	return rc;
}

int store_lease_count(struct store *s, const char *queue, int64_t boot_ms,
                      size_t *out, struct err *err)
{
	int64_t n;
	int rc = sql_number(s, 0, &n, err, "SELECT count(*) FROM lease WHERE state IN (0, 1) "
	                    "AND ends_boot_ms > ?1 AND (?2 IS NULL OR queue = ?2)", "is", boot_ms,
	                    queue);

	*out = (size_t)n;
	return rc;
}

/* What is needed of a lease to find the next one. */
struct place {
	int64_t due, ord, n;
	char review[ID_SIZE];
};

static int compare_places(const struct place *a, const struct place *b)
{
	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	if (a->ord != b->ord)
		return a->ord < b->ord ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

/* The best of what was seen so far on both sides of `after`. */
struct search {
	struct place at;         /* of after */
	bool has_at;
	struct place best[2];    /* the nearest behind it, and the first of all */
	bool has[2];
};

static void consider(struct search *x, const struct place *p, bool backwards)
{
	int sign = backwards ? -1 : 1;
	bool behind = x->has_at && sign * compare_places(p, &x->at) > 0;

	for (int i = behind ? 0 : 1; i < 2; i++) {
		if (!x->has[i] || sign * compare_places(p, &x->best[i]) < 0)
			x->best[i] = *p;
		x->has[i] = true;
	}
}

static int read_place(struct store *s, sqlite3_stmt *st, bool by_due, struct place *p,
                      struct err *err)
{
	sql_fixed(st, 0, p->review, sizeof p->review);
	p->n = sql_int(st, 1);
	p->due = !by_due ? 0 : sql_int(st, 2) ? sql_int(st, 2) : INT64_MAX;
	return find_order(s, p->review, &p->ord, err);
}

#define PLACE_COLUMNS "SELECT l.review, l.n, l.due_ms FROM lease l "

static int find_after(struct store *s, const char *after, bool by_due, struct search *x,
                      struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, PLACE_COLUMNS "WHERE l.review = ?1", &st, err);

	if (rc)
		return rc;
	sql_bind(st, "s", after);
	rc = sql_step(s, st, err);
	if (rc > 0) {
		rc = read_place(s, st, by_due, &x->at, err);
		x->has_at = true;
		sql_reset(st);
	}
	return rc < 0 ? rc : 0;
}

int store_lease_next(struct store *s, const char *queue, const char *after,
                     bool backwards, int64_t boot_ms, struct store_leases **out,
                     struct err *err)
{
	struct search x = { .has_at = false };
	sqlite3_stmt *st;
	struct place p;
	int rc = after ? find_after(s, after, !queue, &x, err) : 0;

	*out = NULL;
	if (!rc)
		rc = sql_get(s, PLACE_COLUMNS "WHERE l.state IN (0, 1) AND (?1 IS NULL OR l.queue = ?1) "
		             "AND l.ends_boot_ms > ?2 AND l.review IS NOT ?3", &st, err);
	if (rc)
		return rc;
	/* A place that is gone is no place: the first is next, whichever way. */
	if (!x.has_at)
		backwards = false;
	sql_bind(st, "sis", queue, boot_ms, after);
	while ((rc = sql_step(s, st, err)) > 0) {
		rc = read_place(s, st, !queue, &p, err);
		if (rc) {
			sql_reset(st);
			return rc;
		}
		consider(&x, &p, backwards);
	}
	if (!rc && x.has[0])
		rc = store_lease_find(s, x.best[0].review, out, err);
	else if (!rc && x.has[1])
		rc = store_lease_find(s, x.best[1].review, out, err);
	return rc;
}

/* --- writing -------------------------------------------------------------------- */

struct held {
	bool there;
	enum store_lease_state state;
	int64_t revision;
	char token[32];
	char act[ID_SIZE];
};

static int find(struct store *s, const char *review, struct held *h, struct err *err)
{
	sqlite3_stmt *st;
	int rc = sql_get(s, "SELECT state, revision, token, act FROM lease WHERE review = ?1", &st,
	                 err);

	memset(h, 0, sizeof *h);
	if (rc)
		return rc;
	sql_bind(st, "s", review);
	rc = sql_step(s, st, err);
	if (rc <= 0)
		return rc;
	h->there = true;
	h->state = (enum store_lease_state)sql_int(st, 0);
	h->revision = sql_int(st, 1);
	sql_fixed(st, 2, h->token, sizeof h->token);
	sql_fixed(st, 3, h->act, sizeof h->act);
	sql_reset(st);
	return 0;
}

static int set_state(struct store *s, const char *review, enum store_lease_state state,
                     const char *text, struct err *err)
{
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_do(s, err, "UPDATE lease SET state = ?2, changed_ms = ?3, text = ?4 "
	              "WHERE review = ?1", "sdis", review, (int)state, clock_now_ms(), text);
}

static int insert(struct store *s, const struct store_lease_in *l, const char *document,
                  struct err *err)
{
	int rc = sql_do(s, err, "DELETE FROM lease WHERE review = ?1", "s", l->review);

	if (rc)
		return rc;
	rc = sql_do(s, err, "INSERT INTO lease (review, proposal, external_id, queue, kind, class, "
	            "stage, view, revision, token, digest, definition, document, expires_ms, "
	            "ends_boot_ms, due_ms, state, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
	            "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 0, ?17)",
	            "ssssddddissssiiii", l->review, l->proposal ? l->proposal : "",
	            l->external_id ? l->external_id : "", l->queue, (int)l->kind,
	            (int)l->safety_class, (int)l->stage, (int)l->view, l->revision, l->token,
	            l->digest, l->definition ? l->definition : "", document, l->expires_ms,
	            l->ends_boot_ms, l->due_ms, clock_now_ms());
	if (rc)
		return rc;
	return sql_do(s, err, "INSERT OR REPLACE INTO lease_doc (lease, doc) VALUES (?1, ?2)", "is",
	              sqlite3_last_insert_rowid(s->db), l->doc);
}

static int update(struct store *s, const struct store_lease_in *l, const char *document,
                  struct err *err)
{
	int rc = sql_do(s, err, "UPDATE lease SET view = ?2, digest = ?3, definition = ?4, "
	                "document = ?5, expires_ms = ?6, ends_boot_ms = ?7, due_ms = ?8 "
	                "WHERE review = ?1", "sdsssiii", l->review, (int)l->view, l->digest,
	                l->definition ? l->definition : "", document, l->expires_ms,
	                l->ends_boot_ms, l->due_ms);

	if (rc)
		return rc;
	return sql_do(s, err, "UPDATE lease_doc SET doc = ?2 WHERE lease = "
	              "(SELECT n FROM lease WHERE review = ?1) AND doc <> ?2", "ss", l->review, l->doc);
}

/* The same lease is given again: what was over because the answer was refused,
 * or recalled, is open to the person again; an answered one is not (the list
 * of leases may be older than the verdict). */
static int reopen(struct store *s, const char *review, const struct held *h, struct err *err)
{
	int64_t refused = h->state == STORE_LEASE_RECALLED;
	int rc = 0;

	if (h->state == STORE_LEASE_OVER)
		rc = sql_number(s, 0, &refused, err, "SELECT state = 4 FROM act WHERE id = ?1", "s",
		                h->act);
	if (rc || !refused)
		return rc;
	rc = set_state(s, review, STORE_LEASE_OPENED, NULL, err);
	return rc ? rc : sql_mark(s, review, STORE_MINE_LEASED, err);
}

static int put(struct store *s, const struct store_lease_in *l, struct err *err)
{
	char document[HASH_TEXT_SIZE + 8];
	struct held h;
	int rc;

	/* The reduced document of a blind view has the digest of the full one. */
	snprintf(document, sizeof document, "%s%s", l->view == VIEW_BLIND ? "blind:" : "",
	         l->digest);
	rc = find(s, l->review, &h, err);
	if (!rc)
		rc = sql_document(s, document, l->bytes, l->bytes_len, err);
	if (rc)
		return rc;
	if (h.there && h.revision == l->revision && strcmp(h.token, l->token) == 0) {
		rc = update(s, l, document, err);
		return rc ? rc : reopen(s, l->review, &h, err);
	}
	rc = insert(s, l, document, err);
	return rc ? rc : sql_mark(s, l->review, STORE_MINE_LEASED, err);
}

int store_lease_put(struct store *s, const struct store_lease_in *lease, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = strlen(lease->digest) < HASH_TEXT_SIZE ? put(s, lease, err)
		: err_set(err, ERR_INVALID, N_("this is no digest: %s"), lease->digest);
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_end(s, rc, "store.lease.before", "store.lease.after", err);
}

int store_lease_renew(struct store *s, const char *review, const char *token,
                      int64_t expires_ms, int64_t ends_boot_ms, struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = sql_do(s, err, "UPDATE lease SET expires_ms = ?3, ends_boot_ms = ?4 "
	            "WHERE review = ?1 AND token = ?2", "ssii", review, token, expires_ms,
	            ends_boot_ms);
	if (!rc && !sql_changes(s))
		rc = err_set(err, ERR_NOT_FOUND, N_("%s is not reserved here"), review);
	/* The hold of its decision ends before the lease does. */
	if (!rc)
		rc = sql_do(s, err, "UPDATE outbox SET lease_ends_boot_ms = ?2 WHERE ready = 0 "
		            "AND lease_ends_boot_ms > 0 AND n IN (SELECT a.n FROM lease l JOIN act a "
		            "ON a.id = l.act WHERE l.review = ?1)", "si", review, ends_boot_ms);
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_end(s, rc, "store.renew.before", "store.renew.after", err);
}

int store_lease_drop(struct store *s, const char *review, struct err *err)
{
	struct held h;
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = find(s, review, &h, err);
	if (!rc && h.there && h.state != STORE_LEASE_DECIDED && h.state != STORE_LEASE_DISPOSED
	    && h.state != STORE_LEASE_OVER) {
		rc = sql_do(s, err, "DELETE FROM lease WHERE review = ?1", "s", review);
		if (!rc)
			rc = sql_mark(s, review, STORE_MINE_NO, err);
		sql_dirty(s, STORE_TOPIC_LEASES);
	}
	return sql_end(s, rc, "store.drop.before", "store.drop.after", err);
}

int store_lease_recall(struct store *s, const char *review, const char *text,
                       struct err *err)
{
	struct held h;
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	if (!text)
		text = N_("it was taken back by the server");
	rc = find(s, review, &h, err);
	if (!rc && h.there && h.state == STORE_LEASE_DECIDED) {
		/* An undo must not give back what is gone. */
		rc = sql_do(s, err, "UPDATE lease SET text = ?2 WHERE review = ?1", "ss", review, text);
	} else if (!rc && h.there && h.state != STORE_LEASE_OVER
	           && h.state != STORE_LEASE_DISPOSED && h.state != STORE_LEASE_RECALLED) {
		rc = set_state(s, review, STORE_LEASE_RECALLED, text, err);
		if (!rc)
			rc = sql_mark(s, review, STORE_MINE_NO, err);
		if (!rc)
			rc = sql_log(s, clock_now_ms(), "lease.recalled", review, NULL, NULL, text, err);
	}
	return sql_end(s, rc, "store.recall.before", "store.recall.after", err);
}

int store_lease_touch(struct store *s, const char *review, int64_t boot_ms,
                      struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = sql_do(s, err, "UPDATE lease SET touched_boot_ms = ?2, "
	            "opened_ms = CASE opened_ms WHEN 0 THEN ?3 ELSE opened_ms END, "
	            "state = CASE state WHEN 0 THEN 1 ELSE state END WHERE review = ?1", "sii", review,
	            boot_ms, clock_now_ms());
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_end(s, rc, "store.touch.before", "store.touch.after", err);
}

int store_lease_aside(struct store *s, const char *review, const char *text,
                      struct err *err)
{
	int rc = sql_begin(s, SQL_LIGHT, err);

	if (rc)
		return rc;
	rc = set_state(s, review, STORE_LEASE_ASIDE, text, err);
	if (!rc)
		rc = sql_log(s, clock_now_ms(), "item.aside", review, NULL, NULL, text, err);
	return sql_end(s, rc, "store.aside.before", "store.aside.after", err);
}

int store_lease_own(struct store *s, const char *review, const char *own,
                    const char *content, struct err *err)
{
	int rc = sql_begin(s, SQL_FULL, err);

	if (rc)
		return rc;
	rc = sql_do(s, err, "UPDATE lease SET own = ?2, own_content = coalesce(?3, own_content) "
	            "WHERE review = ?1 AND (own IS NULL OR own = ?2)", "sss", review, own, content);
	if (!rc && !sql_changes(s))
		rc = err_set(err, ERR_CONFLICT, N_("another own answer stands already, or %s is "
		             "not reserved here"), review);
	sql_dirty(s, STORE_TOPIC_LEASES);
	return sql_end(s, rc, "store.own.before", "store.own.after", err);
}
