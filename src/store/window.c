/* SPDX-License-Identifier: Apache-2.0
 *
 * The mirror of the server's list: reading a page of it by its key, in both
 * directions. A page costs what its rows cost, wherever in the list it is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/utf8.h"
#include "store/sql.h"

#define DUE_NONE INT64_MAX

enum {
	WANT_MOST = 500,
	/* Rows counted to find a position after the list moved: some 0.3 ms. */
	COUNT_MOST = 2000,
	ROW_TEXTS = 96           /* bytes of the texts of a usual row */
};

#define ROW_COLUMNS \
	"SELECT ord, review, due, mine, stage, held, kind, class, confidence, received_ms, " \
	"proposal, external_id, state, case_id, queue FROM header "
#define BY_ORDER ROW_COLUMNS "WHERE queue = ?1 AND (ord, review) "
#define BY_DUE ROW_COLUMNS "INDEXED BY header_due WHERE queue = ?1 AND (due, ord, review) "
#define UP_ORDER " ORDER BY ord, review LIMIT ?5"
#define DOWN_ORDER " ORDER BY ord DESC, review DESC LIMIT ?5"
#define UP_DUE " ORDER BY due, ord, review LIMIT ?5"
#define DOWN_DUE " ORDER BY due DESC, ord DESC, review DESC LIMIT ?5"

/* Statements by order and by where to read from. ?2 ?3 ?4 are first, second
 * and review of the key; the server's order has no second. */
static const char *const statements[2][5] = {
	[STORE_ORDER_SERVER] = {
		[STORE_FROM_START] = ROW_COLUMNS "WHERE queue = ?1" UP_ORDER,
		[STORE_FROM_END] = ROW_COLUMNS "WHERE queue = ?1" DOWN_ORDER,
		[STORE_FROM_AT] = BY_ORDER ">= (?2, ?4)" UP_ORDER,
		[STORE_FROM_AFTER] = BY_ORDER "> (?2, ?4)" UP_ORDER,
		[STORE_FROM_BEFORE] = BY_ORDER "< (?2, ?4)" DOWN_ORDER
	},
	[STORE_ORDER_DUE] = {
		[STORE_FROM_START] = ROW_COLUMNS "INDEXED BY header_due WHERE queue = ?1" UP_DUE,
		[STORE_FROM_END] = ROW_COLUMNS "INDEXED BY header_due WHERE queue = ?1" DOWN_DUE,
		[STORE_FROM_AT] = BY_DUE ">= (?2, ?3, ?4)" UP_DUE,
		[STORE_FROM_AFTER] = BY_DUE "> (?2, ?3, ?4)" UP_DUE,
		[STORE_FROM_BEFORE] = BY_DUE "< (?2, ?3, ?4)" DOWN_DUE
	}
};

static const char *const count_before[2] = {
	"SELECT count(*) FROM (SELECT 1 FROM header WHERE queue = ?1 AND (ord, review) < (?2, ?4) "
	"ORDER BY ord DESC, review DESC LIMIT ?5)",
	"SELECT count(*) FROM (SELECT 1 FROM header INDEXED BY header_due WHERE queue = ?1 "
	"AND (due, ord, review) < (?2, ?3, ?4) ORDER BY due DESC, ord DESC, review DESC LIMIT ?5)"
};

static const char *const count_from[2] = {
	"SELECT count(*) FROM (SELECT 1 FROM header WHERE queue = ?1 AND (ord, review) >= (?2, ?4) "
	"ORDER BY ord, review LIMIT ?5)",
	"SELECT count(*) FROM (SELECT 1 FROM header INDEXED BY header_due WHERE queue = ?1 "
	"AND (due, ord, review) >= (?2, ?3, ?4) ORDER BY due, ord, review LIMIT ?5)"
};

/* Reads one row; the queue's name is borrowed from the caller. */
static void read_row(sqlite3_stmt *st, struct block *b, const char *queue, struct store_row *row)
{
	struct review_header *h = &row->header;

	h->order = sql_int(st, 0);
	sql_id(st, 1, h->review);
	h->due_ms = sql_int(st, 2);
	if (h->due_ms == DUE_NONE)
		h->due_ms = 0;
	row->mine = (enum store_mine)sql_int(st, 3);
	h->stage = (enum stage)sql_int(st, 4);
	h->held = sql_int(st, 5);
	h->kind = (enum kind)sql_int(st, 6);
	h->safety_class = (enum safety_class)sql_int(st, 7);
	h->confidence_pm = (int)sql_int(st, 8);
	h->received_ms = sql_int(st, 9);
	sql_id(st, 10, h->proposal);
	h->external_id = (char *)sql_copy(st, 11, b);
	h->state = (char *)sql_copy(st, 12, b);
	h->case_id = (char *)sql_copy(st, 13, b);
	h->queue = (char *)queue;
}

static struct store_window *window_new(size_t want, struct block **b)
{
	struct store_window *w;

	*b = block_new(sizeof *w, want * (sizeof *w->rows + ROW_TEXTS) + 128);
	w = block_head(*b);
	w->rows = block_alloc(*b, want * sizeof *w->rows);
	return w;
}

static void turn_round(struct store_window *w)
{
	for (size_t i = 0, j = w->count; i + 1 < j; i++) {
		struct store_row row = w->rows[i];

		w->rows[i] = w->rows[--j];
		w->rows[j] = row;
	}
}

static int read_rows(struct store *s, const struct store_page *page, int64_t queue, size_t want,
                     struct store_window *w, struct block *b, struct err *err)
{
	const char *name = block_text(b, page->queue, strlen(page->queue));
	sqlite3_stmt *st;
	int rc = sql_get(s, statements[page->order][page->from], &st, err);

	if (rc)
		return rc;
	sql_bind(st, "iiiri", queue, page->key.first, page->key.second, page->key.review,
	         (int64_t)want);
	while ((rc = sql_step(s, st, err)) > 0)
		read_row(st, b, name, &w->rows[w->count++]);
	if (page->from == STORE_FROM_END || page->from == STORE_FROM_BEFORE)
		turn_round(w);
	return rc;
}

/* Rows before the key, counted from the nearer end as far as that is cheap. */
static int place(struct store *s, const struct store_page *page, int64_t queue,
                 struct store_window *w, int64_t *before, struct err *err)
{
	const struct store_key *k = &page->key;
	int64_t n;
	int rc;

	w->exact = true;
	if (k->position >= 0 && k->generation == w->generation) {
		*before = k->position;
		return 0;
	}
	rc = sql_number(s, 0, before, err, count_before[page->order], "iiird", queue, k->first,
	                k->second, k->review, (int)COUNT_MOST);
	if (rc || *before < COUNT_MOST)
		return rc;
	rc = sql_number(s, 0, &n, err, count_from[page->order], "iiird", queue, k->first, k->second,
	                k->review, (int)COUNT_MOST);
	if (rc)
		return rc;
	w->exact = n < COUNT_MOST;
	if (w->exact)
		*before = w->total - n;
	else if (k->position > *before)
		*before = k->position < w->total ? k->position : w->total - n;
	return 0;
}

/* Is there a row with exactly this key? FROM_AFTER counts it. */
static int key_stands(struct store *s, const struct store_key *k, int64_t queue,
                      enum store_order order, bool *stands, struct err *err)
{
	int64_t there;
	int rc = order == STORE_ORDER_SERVER
		? sql_number(s, 0, &there, err, "SELECT 1 FROM header WHERE queue = ?1 AND ord = ?2 "
		             "AND review = ?3", "iir", queue, k->first, k->review)
		: sql_number(s, 0, &there, err, "SELECT 1 FROM header INDEXED BY header_due "
		             "WHERE queue = ?1 AND due = ?2 AND ord = ?3 AND review = ?4", "iiir", queue,
		             k->first, k->second, k->review);

	*stands = there != 0;
	return rc;
}

static int find_position(struct store *s, const struct store_page *page, int64_t queue,
                         struct store_window *w, struct err *err)
{
	int64_t before = 0;
	bool stands = true;
	int rc;

	w->exact = true;
	if (page->from == STORE_FROM_START)
		return 0;
	if (page->from == STORE_FROM_END) {
		w->position = w->total - (int64_t)w->count;
		return 0;
	}
	rc = place(s, page, queue, w, &before, err);
	if (!rc && page->from == STORE_FROM_AFTER && page->key.generation != w->generation)
		rc = key_stands(s, &page->key, queue, page->order, &stands, err);
	w->position = before;
	if (page->from == STORE_FROM_AFTER && stands)
		w->position++;
	else if (page->from == STORE_FROM_BEFORE)
		w->position -= (int64_t)w->count;
	if (w->position < 0)
		w->position = 0;
	return rc;
}

int store_window(struct store *s, const struct store_page *page,
                 struct store_window **out, struct err *err)
{
	size_t want = page->want < 1 ? 1 : page->want > WANT_MOST ? WANT_MOST : page->want;
	struct store_window *w;
	struct block *b;
	int64_t queue;
	int rc = sql_queue(s, page->queue, &queue, NULL, err);

	*out = NULL;
	if (rc)
		return rc;
	if (!queue)
		return err_set(err, ERR_NOT_FOUND, N_("there is no queue %s for you"),
		               page->queue ? page->queue : "");
	w = window_new(want, &b);
	w->order = page->order;
	w->generation = store_generation(s, STORE_TOPIC_HEADERS);
	rc = sql_number(s, 0, &w->total, err, "SELECT opened FROM queue WHERE id = ?1", "i", queue);
	if (!rc)
		rc = read_rows(s, page, queue, want, w, b, err);
	if (!rc)
		rc = find_position(s, page, queue, w, err);
	if (rc) {
		block_free(w);
		return rc;
	}
	*out = w;
	return 0;
}

void store_window_free(struct store_window *w)
{
	block_free(w);
}

static struct store_key key_of(const struct review_header *h, enum store_order order)
{
	struct store_key k = { .first = h->order, .second = 0, .position = -1 };

	if (order == STORE_ORDER_DUE) {
		k.first = h->due_ms ? h->due_ms : DUE_NONE;
		k.second = h->order;
	}
	utf8_copy(k.review, sizeof k.review, h->review);
	return k;
}

struct store_key store_window_key(const struct store_window *w, size_t row)
{
	struct store_key k = key_of(&w->rows[row].header, w->order);

	k.position = w->position + (int64_t)row;
	/* A position that was not exact must not become exact by being handed on. */
	k.generation = w->exact ? w->generation : 0;
	return k;
}

int store_header_find(struct store *s, const char *review, struct store_window **out,
                      struct err *err)
{
	struct store_window *w;
	struct block *b;
	sqlite3_stmt *st;
	char *queue;
	int rc = sql_get(s, "SELECT h.ord, h.review, h.due, h.mine, h.stage, h.held, h.kind, h.class, "
	                 "h.confidence, h.received_ms, h.proposal, h.external_id, h.state, h.case_id, "
	                 "q.name FROM header h INDEXED BY header_review JOIN queue q ON q.id = h.queue "
	                 "WHERE h.review = ?1", &st, err);

	*out = NULL;
	if (rc)
		return rc;
	sql_bind(st, "r", review);
	rc = sql_step(s, st, err);
	if (rc <= 0)
		return rc;
	w = window_new(1, &b);
	queue = (char *)sql_copy(st, 14, b);
	read_row(st, b, queue, &w->rows[0]);
	sql_reset(st);
	w->count = 1;
	w->position = -1;
	*out = w;
	return 0;
}

int store_header_key(struct store *s, const char *review, enum store_order order,
                     struct store_key *out, struct err *err)
{
	struct store_window *w;
	int rc = store_header_find(s, review, &w, err);

	memset(out, 0, sizeof *out);
	if (rc)
		return rc;
	if (!w)
		return err_set(err, ERR_NOT_FOUND, N_("%s is not in the list"), review);
	*out = key_of(&w->rows[0].header, order);
	store_window_free(w);
	return 0;
}

/* --- names people type ----------------------------------------------------------- */

/* Runs st (selects review ids, at most two). */
static int one_of(struct store *s, sqlite3_stmt *st, const char *name, char review[ID_SIZE],
                  struct err *err)
{
	char other[ID_SIZE] = "";
	int rc = sql_step(s, st, err);

	if (rc <= 0)
		return rc;
	sql_id(st, 0, review);
	rc = sql_step(s, st, err);
	if (rc > 0) {
		sql_id(st, 0, other);
		sql_reset(st);
	}
	if (rc >= 0 && other[0])
		return err_set(err, ERR_CONFLICT, N_("%s is the name of several items: give the queue "
		               "or the review"), name);
	return rc < 0 ? rc : 0;
}

int store_resolve(struct store *s, const char *queue, const char *name,
                  char review[ID_SIZE], struct err *err)
{
	static const char *const texts[] = {
		"SELECT DISTINCT review FROM lease WHERE (review = ?1 OR external_id = ?1) AND state <> 6 "
		"AND (?2 IS NULL OR queue = ?2) LIMIT 2",
		"SELECT review FROM header INDEXED BY header_review WHERE review = ?3 LIMIT 2",
		"SELECT review FROM header WHERE external_id = ?1 AND "
		"(?2 IS NULL OR queue = (SELECT id FROM queue WHERE name = ?2)) LIMIT 2",
		"SELECT review FROM (SELECT review, max(n) FROM act WHERE (id = ?1 OR review = ?1 OR "
		"external_id = ?1) AND (?2 IS NULL OR queue = ?2) GROUP BY external_id)"
	};
	sqlite3_stmt *st;
	int rc;

	review[0] = '\0';
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		rc = sql_get(s, texts[i], &st, err);
		if (rc)
			return rc;
		sql_bind(st, i == 1 ? "ssr" : "ss", name, queue, name);
		rc = one_of(s, st, name, review, err);
		if (rc || review[0])
			return rc;
	}
	return err_set(err, ERR_NOT_FOUND, N_("nothing here is called %s"), name);
}
