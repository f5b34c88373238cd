/* SPDX-License-Identifier: Apache-2.0 */
#include "work/open.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "wire/decision.h"
#include "wire/definition.h"
#include "wire/digest.h"
#include "wire/json.h"
#include "wire/lease.h"
#include "work/state.h"

/* --- definitions ------------------------------------------------------------------ */

static void forget(struct work_definition *d)
{
	fit_free(d->fit);
	definition_free(d->read);
	value_free(d->doc);
	memset(d, 0, sizeof *d);
}

static struct work_definition *remembered(struct work *w, const char *digest)
{
	uint64_t now = store_generation(w->store, STORE_TOPIC_QUEUES);

	for (size_t i = 0; i < WORK_DEFINITIONS; i++) {
		struct work_definition *d = &w->definitions[i];

		if (strcmp(d->digest, digest) != 0)
			continue;
		if (d->generation == now)
			return d;
		/* The guide may be newer under the same digest. */
		forget(d);
	}
	return NULL;
}

static int recall(struct work *w, const char *digest, struct work_definition **out,
                  struct err *err)
{
	struct store_bytes *bytes = NULL;
	struct value *doc = NULL;
	struct work_definition *d = remembered(w, digest);
	int rc;

	*out = d;
	if (d)
		return 0;
	rc = store_document_find(w->store, digest, &bytes, err);
	if (!rc && !bytes)
		rc = err_set(err, ERR_NOT_FOUND, N_("the definition of this queue has not arrived yet"));
	if (!rc)
		rc = json_parse(bytes->data, bytes->len, NULL, &doc, err);
	store_bytes_free(bytes);
	if (rc)
		return rc;
	d = &w->definitions[w->next_definition];
	w->next_definition = (w->next_definition + 1) % WORK_DEFINITIONS;
	forget(d);
	memcpy(d->digest, digest, strnlen(digest, sizeof d->digest - 1) + 1);
	d->generation = store_generation(w->store, STORE_TOPIC_QUEUES);
	d->doc = doc;
	*out = d;
	return 0;
}

int work_definition_get(struct work *w, const char *digest, const struct value **out,
                        struct err *err)
{
	struct work_definition *d;
	int rc = recall(w, digest, &d, err);

	*out = rc ? NULL : d->doc;
	return rc;
}

int work_fit(struct work *w, const struct review *r, const struct fit **out,
             struct err *err)
{
	struct work_definition *d;
	int rc = recall(w, r->definition_digest, &d, err);

	*out = NULL;
	if (rc)
		return rc;
	if (!d->read)
		rc = wire_definition_read(value_copy(d->doc), &d->read, err);
	if (!rc && !d->fit)
		rc = fit_new(d->read, &d->fit, err);
	*out = d->fit;
	return rc;
}

struct work *work_new(struct store *store, bool hold)
{
	struct work *w = mem_zalloc(sizeof *w);

	w->store = store;
	w->hold = hold;
	w->hold_ends_ms = INT64_MAX;
	return w;
}

static void forget_ahead(struct work *w)
{
	for (size_t i = 0; i < WORK_AHEAD; i++) {
		review_free(w->ahead[i]);
		w->ahead[i] = NULL;
	}
}

void work_free(struct work *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < WORK_DEFINITIONS; i++)
		forget(&w->definitions[i]);
	forget_ahead(w);
	free(w->line_queue);
	free(w);
}

/* --- reading a lease ----------------------------------------------------------------- */

/* The lease must be about what the row says: both came with one answer. */
static int check_row(const struct review *r, const struct store_lease *l, struct err *err)
{
	if (strcmp(r->id, l->review) == 0 && strcmp(r->token, l->token) == 0
	    && r->revision == l->revision && strcmp(r->digest, l->digest) == 0)
		return 0;
	return err_set(err, ERR_CORRUPT, N_("what is stored of this item contradicts itself"));
}

/* What was read ahead, if it still is what the row says. */
static struct review *take_ahead(struct work *w, const struct store_lease *l)
{
	bool current = w->ahead_queues == store_generation(w->store, STORE_TOPIC_QUEUES);

	for (size_t i = 0; i < WORK_AHEAD; i++) {
		struct review *r = w->ahead[i];

		if (!r || strcmp(r->id, l->review) != 0)
			continue;
		w->ahead[i] = NULL;
		if (current && r->view == l->view && check_row(r, l, NULL) == 0)
			return r;
		review_free(r);
	}
	return NULL;
}

/* *fault: the item itself is wrong, not the circumstances. */
static int parse_lease(struct work *w, const struct store_lease *l, struct review **out,
                      bool *fault, struct err *err)
{
	const struct value *definition;
	struct store_bytes *bytes = NULL;
	struct value *doc = NULL;
	struct review *r = NULL;
	int rc = work_definition_get(w, l->definition, &definition, err);

	*fault = false;
	if (!rc)
		rc = store_proposal_get(w->store, l->review, &bytes, err);
	if (!rc) {
		rc = json_parse(l->doc, strlen(l->doc), NULL, &doc, err);
		if (!rc)
			rc = wire_review_read(doc, bytes->data, bytes->len, value_copy(definition), &r, err);
		if (!rc)
			rc = check_row(r, l, err);
		*fault = rc != 0;
	}
	store_bytes_free(bytes);
	if (rc) {
		review_free(r);
		r = NULL;
	}
	*out = r;
	return rc;
}

static int read_lease(struct work *w, const struct store_lease *l, struct review **out,
                      bool *fault, struct err *err)
{
	struct review *r = take_ahead(w, l);
	int rc = 0;

	*fault = false;
	if (!r)
		rc = parse_lease(w, l, &r, fault, err);
	if (rc)
		return rc;
	/* Renewals change the row, not the document. */
	r->expires_ms = l->expires_ms;
	r->lease_boot_ms = l->ends_boot_ms;
	*out = r;
	return 0;
}

static int check_open(const struct store_lease *l, struct err *err)
{
	switch (l->state) {
	case STORE_LEASE_READY:
	case STORE_LEASE_OPENED:
		break;
	case STORE_LEASE_RECALLED:
		return err_set(err, ERR_CONFLICT, N_("this item was taken back by the server"));
	case STORE_LEASE_ASIDE:
		return err_set(err, ERR_CONFLICT, N_("this item was set aside: %s"),
		               l->text ? l->text : "");
	case STORE_LEASE_DISPOSED:
		return err_set(err, ERR_CONFLICT, N_("you have left this item already"));
	default:
		return err_set(err, ERR_CONFLICT, N_("you have decided this item already"));
	}
	/* What was begun may be finished late; the server judges that. */
	if (l->state == STORE_LEASE_READY && l->ends_boot_ms <= clock_boot_ms())
		return err_set(err, ERR_CONFLICT, N_("the time this item was reserved for you has ended"));
	return 0;
}

static int set_aside(struct work *w, const char *review, const struct err *why)
{
	char words[512];

	return store_lease_aside(w->store, review, err_words(why, words, sizeof words), NULL);
}

static int open_lease(struct work *w, const char *review, bool peek, struct review **out,
                      struct err *err)
{
	struct store_leases *l = NULL;
	struct err why = ERR_INIT;
	bool fault = false;
	int rc = store_lease_find(w->store, review, &l, &why);

	*out = NULL;
	if (!rc && !l)
		rc = err_set(&why, ERR_NOT_FOUND, N_("%s is not reserved for you here"), review);
	if (!rc)
		rc = check_open(&l->items[0], &why);
	if (!rc)
		rc = read_lease(w, &l->items[0], out, &fault, &why);
	if (fault)
		set_aside(w, review, &why);
	if (!rc && !peek)
		rc = store_lease_touch(w->store, review, clock_boot_ms(), &why);
	store_leases_free(l);
	if (rc) {
		review_free(*out);
		*out = NULL;
		if (err && err->code == ERR_NONE)
			*err = why;
	}
	return rc;
}

int work_open(struct work *w, const char *review, struct review **out, struct err *err)
{
	return open_lease(w, review, false, out, err);
}

int work_peek(struct work *w, const char *review, struct review **out, struct err *err)
{
	return open_lease(w, review, true, out, err);
}

static bool line_stands(const struct work *w, const char *queue, const char *after)
{
	return w->ahead_leases == store_generation(w->store, STORE_TOPIC_LEASES)
	       && strcmp(w->line[0], after) == 0
	       && (queue && w->line_queue ? strcmp(queue, w->line_queue) == 0
	           : queue == w->line_queue);
}

void work_line_left(struct work *w, const char *review, uint64_t leases)
{
	if (w->ahead_leases == leases && strcmp(w->line[0], review) == 0)
		w->ahead_leases = store_generation(w->store, STORE_TOPIC_LEASES);
}

/* The item behind line[at], read; false: there is none. */
static bool look_behind(struct work *w, const char *queue, size_t at, struct review **out)
{
	struct store_leases *l = NULL;
	bool fault, found;

	if (store_lease_next(w->store, queue, w->line[at][0] ? w->line[at] : NULL, false,
	                     clock_boot_ms(), &l, NULL) != 0 || !l)
		return false;
	/* The line wraps round. */
	found = strcmp(w->line[0], l->items[0].review) != 0;
	if (found) {
		utf8_copy(w->line[at + 1], ID_SIZE, l->items[0].review);
		*out = take_ahead(w, &l->items[0]);
		if (!*out)
			parse_lease(w, &l->items[0], out, &fault, NULL);
	}
	store_leases_free(l);
	return found;
}

void work_prepare(struct work *w, const char *queue, const char *after)
{
	uint64_t leases = store_generation(w->store, STORE_TOPIC_LEASES);
	struct review *ahead[WORK_AHEAD] = { NULL };

	if (line_stands(w, queue, after ? after : ""))
		return;
	w->ahead_leases = leases;
	free(w->line_queue);
	w->line_queue = mem_strdup(queue);
	memset(w->line, 0, sizeof w->line);
	utf8_copy(w->line[0], ID_SIZE, after ? after : "");
	for (size_t i = 0; i < WORK_AHEAD && look_behind(w, queue, i, &ahead[i]); i++)
		;
	forget_ahead(w);
	memcpy(w->ahead, ahead, sizeof ahead);
	w->ahead_queues = store_generation(w->store, STORE_TOPIC_QUEUES);
}

const struct review *work_following(const struct work *w, const char *review)
{
	for (size_t i = 0; i < WORK_AHEAD; i++)
		for (size_t j = 0; j < WORK_AHEAD; j++)
			if (strcmp(w->line[i], review) == 0 && w->ahead[j]
			    && strcmp(w->ahead[j]->id, w->line[i + 1]) == 0)
				return w->ahead[j];
	return NULL;
}

/* at: from where; gets the item behind it, empty: there is none. */
static int step(struct work *w, const char *queue, bool backwards, char at[ID_SIZE],
                struct err *err)
{
	struct store_leases *l = NULL;
	int rc;

	if (!backwards && at[0] && w->line[1][0] && line_stands(w, queue, at)) {
		memcpy(at, w->line[1], ID_SIZE);
		return 0;
	}
	rc = store_lease_next(w->store, queue, at[0] ? at : NULL, backwards, clock_boot_ms(), &l,
	                      err);
	utf8_copy(at, ID_SIZE, l ? l->items[0].review : "");
	store_leases_free(l);
	return rc;
}

int work_next(struct work *w, const char *queue, const char *after, bool backwards,
              struct review **out, size_t *aside, struct err *err)
{
	char at[ID_SIZE] = "", first[ID_SIZE] = "";
	size_t set = 0;
	int rc;

	*out = NULL;
	if (after)
		memcpy(at, after, strnlen(after, sizeof at - 1) + 1);
	do {
		struct err why = ERR_INIT;

		rc = step(w, queue, backwards, at, err);
		if (rc || !at[0] || strcmp(first, at) == 0)
			break;
		if (!first[0])
			memcpy(first, at, sizeof first);
		rc = work_peek(w, at, out, &why);
		set += rc == ERR_INVALID || rc == ERR_CORRUPT || rc == ERR_LIMIT;
		if (rc == ERR_FULL || rc == ERR_IO) {
			if (err && err->code == ERR_NONE)
				*err = why;
			break;
		}
	} while (rc);
	if (aside)
		*aside = set;
	if (!rc && !*out)
		rc = err_set(err, ERR_NOT_FOUND, N_("nothing is reserved for you here at the moment"));
	return rc;
}

int work_current(struct work *w, const struct review *shown, struct err *err)
{
	struct store_leases *l;
	int rc = store_lease_find(w->store, shown->id, &l, err);

	if (rc)
		return rc;
	if (!l)
		return err_set(err, ERR_CONFLICT, N_("this item is not reserved for you any more"));
	if (l->items[0].state != STORE_LEASE_READY && l->items[0].state != STORE_LEASE_OPENED)
		rc = check_open(&l->items[0], err);
	else if (strcmp(l->items[0].token, shown->token) != 0
	         || l->items[0].revision != shown->revision
	         || strcmp(l->items[0].digest, shown->digest) != 0
	         || l->items[0].view != shown->view)
		rc = err_set(err, ERR_CONFLICT, N_("this item changed while it was on the screen: "
		             "look at it again"));
	store_leases_free(l);
	return rc;
}

int work_touch(struct work *w, const char *review, struct err *err)
{
	int64_t now = clock_boot_ms();

	if (strcmp(w->touched, review) == 0 && now - w->touched_ms < WORK_TOUCH_MS)
		return 0;
	memcpy(w->touched, review, strnlen(review, sizeof w->touched - 1) + 1);
	w->touched_ms = now;
	return store_lease_touch(w->store, review, now, err);
}

int work_showing(struct work *w, const char *review, struct err *err)
{
	return review ? store_showing_begin(w->store, review, err)
	              : store_showing_end(w->store, err);
}

/* --- own decisions ------------------------------------------------------------------- */

/* Envelope and content are stored apart and without what was not known yet. */
static int read_decision(const struct store_entry *e, struct decision **out, struct err *err)
{
	struct value *envelope = NULL, *content = NULL;
	int rc = json_parse(e->envelope, strlen(e->envelope), NULL, &envelope, err);

	if (!rc && e->content)
		rc = json_parse(e->content, strlen(e->content), NULL, &content, err);
	if (!rc) {
		value_set_string(envelope, "device", e->device);
		value_set_int(envelope, "seq", e->seq);
		value_set(envelope, "content", content);
		content = NULL;
		rc = decision_read(envelope, out, err);
	}
	value_free(envelope);
	value_free(content);
	return rc;
}

static int check_amendable(const struct store_entry *e, struct err *err)
{
	if (e->act != STORE_ACT_DECISION)
		return err_set(err, ERR_NOT_FOUND, N_("only a decision can be amended"));
	if (e->state == STORE_HELD)
		return err_set(err, ERR_CONFLICT, N_("that decision has not been sent: undo it"));
	if (e->state == STORE_REFUSED)
		return err_set(err, ERR_CONFLICT, N_("that decision was refused: it cannot be amended"));
	return 0;
}

static int read_item_of(struct work *w, const struct store_entry *e, struct review **out,
                        struct err *err)
{
	struct store_leases *l;
	bool fault;
	int rc = store_lease_find(w->store, e->review, &l, err);

	if (rc)
		return rc;
	if (l && l->items[0].revision == e->revision && strcmp(l->items[0].token, e->token) == 0)
		rc = read_lease(w, &l->items[0], out, &fault, err);
	else
		rc = err_set(err, ERR_NOT_FOUND, N_("the item of this decision is not kept here any more"));
	store_leases_free(l);
	return rc;
}

int work_open_decided(struct work *w, const char *decision, struct review **review,
                      struct decision **answer, struct err *err)
{
	struct store_entries *e;
	int rc = store_entry_find(w->store, decision, &e, err);

	*review = NULL;
	*answer = NULL;
	if (rc)
		return rc;
	if (!e)
		return err_set(err, ERR_NOT_FOUND, N_("the decision %s is not known here"), decision);
	rc = check_amendable(&e->items[0], err);
	if (!rc)
		rc = read_item_of(w, &e->items[0], review, err);
	if (!rc)
		rc = read_decision(&e->items[0], answer, err);
	store_entries_free(e);
	if (rc) {
		review_free(*review);
		*review = NULL;
	}
	return rc;
}

/* --- blind ------------------------------------------------------------------------------ */

static int new_own(struct work *w, const struct review *r, const struct value *value,
                   char own[HASH_TEXT_SIZE], struct value **content, struct err *err)
{
	char salt[SALT_TEXT_SIZE];
	struct buf text = BUF_INIT;
	int rc;

	hash_new_salt(salt);
	digest_own(salt, value, own);
	*content = value_new_object();
	value_set_string(*content, "salt", salt);
	value_set(*content, "value", value_copy(value));
	json_text(*content, &text);
	rc = store_lease_own(w->store, r->id, own, buf_str(&text), err);
	buf_clear(&text);
	if (rc) {
		value_free(*content);
		*content = NULL;
	}
	return rc;
}

static int check_own(struct work *w, const struct review *r, const struct value *value,
                     struct err *err)
{
	const struct fit *fit;
	int rc = work_current(w, r, err);

	if (!rc && r->view != VIEW_BLIND)
		rc = err_set(err, ERR_DENIED, N_("this review is not blind: decide it"));
	if (!rc)
		rc = work_fit(w, r, &fit, err);
	if (!rc && !fit_answer(fit, NULL, value, NULL))
		rc = err_set(err, ERR_INVALID, N_("this answer does not fit the queue's form"));
	return rc;
}

int work_commit_own(struct work *w, const struct review *shown, const struct value *value,
                    char own[HASH_TEXT_SIZE], struct value **content, struct err *err)
{
	struct store_leases *l;
	int rc = store_lease_find(w->store, shown->id, &l, err);

	*content = NULL;
	own[0] = '\0';
	if (rc)
		return rc;
	if (l && l->items[0].own && l->items[0].own_content) {
		memcpy(own, l->items[0].own, strnlen(l->items[0].own, HASH_TEXT_SIZE - 1) + 1);
		rc = json_parse(l->items[0].own_content, strlen(l->items[0].own_content), NULL, content,
		                err);
	} else {
		rc = check_own(w, shown, value, err);
		if (!rc)
			rc = new_own(w, shown, value, own, content, err);
	}
	store_leases_free(l);
	return rc;
}
