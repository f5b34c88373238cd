/* SPDX-License-Identifier: Apache-2.0
 *
 * Blind reviews: the digest of the own answer goes to the server, and only
 * then comes the rest. What is to be revealed is read from the store, so that
 * a commitment survives the desk. Definitions that leases name are fetched
 * here too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/msg.h"
#include "sync/lane.h"
#include "wire/digest.h"
#include "wire/json.h"

/* A blind lease whose own answer is committed here; the caller's, or NULL. */
static struct store_leases *find_blind(struct sync *s)
{
	struct store_leases *all = NULL, *one = NULL;

	if (store_leases(s->store, NULL, &all, NULL) != 0)
		return NULL;
	for (size_t i = 0; i < all->count && !one; i++) {
		const struct store_lease *l = &all->items[i];

		if (l->view == VIEW_BLIND && l->own && l->state == STORE_LEASE_OPENED &&
		    strcmp(l->review, s->reveal_failed) != 0)
			store_lease_find(s->store, l->review, &one, NULL);
	}
	store_leases_free(all);
	return one;
}

static bool reveal_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                           struct buf *path, struct buf *body)
{
	uint64_t now = store_generation(s->store, STORE_TOPIC_LEASES);
	struct store_leases *blind;
	struct value *doc, *content = NULL;
	const struct store_lease *l;

	(void)boot_ms;
	if (!s->identified || s->identity_stale || (s->reveal_none && s->reveal_seen == now))
		return false;
	s->reveal_seen = now;
	blind = find_blind(s);
	s->reveal_none = !blind;
	if (!blind)
		return false;
	l = &blind->items[0];
	memcpy(s->revealing, l->review, ID_SIZE);
	doc = value_new_object();
	value_set_string(doc, "token", l->token);
	value_set_string(doc, "own", l->own);
	if (l->own_content &&
	    json_parse(l->own_content, strlen(l->own_content), NULL, &content, NULL) == 0)
		value_set(doc, "content", content);
	json_text(doc, body);
	value_free(doc);
	request->method = TRANSPORT_POST;
	buf_addf(path, "/v1/leases/%s:reveal", l->review);
	store_leases_free(blind);
	return true;
}

static void reveal_answered(struct sync *s, struct lane_answer *a)
{
	struct prescan scratch = PRESCAN_INIT;
	struct buf *body = &a->response->body;
	struct err err = ERR_INIT;
	char review[ID_SIZE];

	if (a->outcome == LANE_AGAIN || s->status.link == SYNC_LINK_REFUSED)
		return;
	s->reveal_none = false;
	if (a->outcome == LANE_PROBLEM) {
		memcpy(s->reveal_failed, s->revealing, ID_SIZE);
		err_clear(&s->reveal_err);
		err_set(&s->reveal_err, ERR_CONFLICT, N_("%s"), a->words);
		link_changed(s);
		return;
	}
	if (prescan_check(&scratch, buf_str(body), body->len, &prescan_answer, NULL, &err) == 0)
		lease_in_store(s, NULL, buf_str(body), body->len, a->started_boot_ms, review, &err);
	if (err.code == ERR_NONE && strcmp(review, s->revealing) != 0)
		err_set(&err, ERR_INVALID, N_("it is another lease than the one asked for"));
	if (err.code == ERR_INVALID || err.code == ERR_LIMIT)
		link_nonsense(s, &err);
	else if (err.code)
		link_store_failed(s, &err);
	prescan_clear(&scratch);
	link_changed(s);
}

const struct lane_ops reveal_ops = {
	.name = "reveal",
	.before = "sync.reveal.before",
	.after = "sync.reveal.after",
	.raw = true,
	.prepare = reveal_prepare,
	.answered = reveal_answered,
};

/* --- definitions ------------------------------------------------------------------- */

static bool has_document(struct sync *s, const char *digest)
{
	struct store_bytes *bytes = NULL;
	bool has = store_document_find(s->store, digest, &bytes, NULL) == 0 && bytes;

	store_bytes_free(bytes);
	return has;
}

static bool document_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                             struct buf *path, struct buf *body)
{
	uint64_t now = store_generation(s->store, STORE_TOPIC_LEASES);
	struct store_leases *all = NULL;

	(void)boot_ms;
	(void)request;
	(void)body;
	if (!s->identified || s->identity_stale || (s->document_none && s->document_seen == now))
		return false;
	s->document_seen = now;
	s->document[0] = '\0';
	if (store_leases(s->store, NULL, &all, NULL) != 0)
		return false;
	for (size_t i = 0; i < all->count && !s->document[0]; i++) {
		const char *digest = all->items[i].definition;

		if (strncmp(digest, "sha256:", 7) == 0 && strcmp(digest, s->document_bad) != 0 &&
		    !has_document(s, digest))
			memcpy(s->document, digest, HASH_TEXT_SIZE);
	}
	store_leases_free(all);
	s->document_none = !s->document[0];
	if (s->document[0])
		buf_addf(path, "/v1/definitions/%s", s->document + 7);
	return s->document[0] != '\0';
}

/* The answer is the document, or an object that holds it. */
static void document_answered(struct sync *s, struct lane_answer *a)
{
	const struct buf *body = &a->response->body;
	const struct value *doc;
	const char *bytes;
	char digest[HASH_TEXT_SIZE];
	struct err err = ERR_INIT;
	size_t len;

	if (a->outcome == LANE_AGAIN || s->status.link == SYNC_LINK_REFUSED)
		return;
	s->document_none = false;
	memcpy(s->document_bad, s->document, HASH_TEXT_SIZE);
	if (a->outcome == LANE_PROBLEM)
		return;
	doc = value_find(a->doc, "definition");
	if (!prescan_span(buf_str(body), body->len, doc ? "/definition" : "", &bytes, &len))
		return;
	if (strcmp(digest_definition(doc ? doc : a->doc, digest), s->document) != 0) {
		err_set(&err, ERR_INVALID, N_("the definition of %s does not have its digest"),
		        value_text_or(doc ? doc : a->doc, "queue", "?"));
		link_nonsense(s, &err);
		return;
	}
	crash_point("sync.document.before");
	if (store_document_put(s->store, s->document, bytes, len, &err) != 0)
		link_store_failed(s, &err);
	crash_point("sync.document.after");
	s->document_bad[0] = '\0';
}

const struct lane_ops document_ops = {
	.name = "definition",
	.before = "sync.definition.before",
	.after = "sync.definition.after",
	.prepare = document_prepare,
	.answered = document_answered,
};
