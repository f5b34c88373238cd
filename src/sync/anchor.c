/* SPDX-License-Identifier: Apache-2.0
 *
 * The anchor: the newest checkpoint of the log that was proved to continue all
 * earlier ones seen here. A newer one counts only with the server's proof that
 * the anchor is a prefix of it; a smaller one (answers overtake each other)
 * only with the proof that it is a prefix of the anchor.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "model/merkle.h"
#include "sync/lane.h"

static void forget_next(struct sync *s)
{
	free(s->next_note);
	s->next_note = NULL;
}

void anchor_load(struct sync *s)
{
	int64_t size = 0;
	char *note = NULL;

	free(s->anchor_note);
	s->anchor_note = NULL;
	forget_next(s);
	if (!s->origin[0] || store_checkpoint(s->store, s->origin, &size, &note, NULL) != 0 || !note)
		return;
	/* What is in the store passed here once; it is checked all the same. */
	if (checkpoint_open(note, strlen(note), s->vkey, &s->anchor, NULL) == 0)
		s->anchor_note = note;
	else
		free(note);
}

/* Keeps c as the anchor: leaves below its size are in the log for good. */
static void accept(struct sync *s, const struct checkpoint *c, const char *note)
{
	struct err err = ERR_INIT;
	int rc = store_begin(s->store, &err);

	if (rc == 0) {
		rc = store_checkpoint_set(s->store, c->origin, (int64_t)c->size, note, &err);
		if (rc == 0)
			rc = store_in_log(s->store, (int64_t)c->size, &err);
		crash_point("sync.checkpoint.before");
		rc = store_end(s->store, rc == 0, &err);
		crash_point("sync.checkpoint.after");
	}
	if (rc) {
		link_store_failed(s, &err);
		return;
	}
	s->anchor = *c;
	free(s->anchor_note);
	s->anchor_note = mem_strdup(note);
	link_changed(s);
}

static bool same_root(const struct checkpoint *a, const struct checkpoint *b)
{
	return memcmp(a->root, b->root, HASH_SIZE) == 0;
}

void anchor_offer(struct sync *s, const char *note)
{
	struct checkpoint c;
	struct err err = ERR_INIT;

	if (!note || !s->origin[0] || s->status.link == SYNC_LINK_ALARM)
		return;
	if (checkpoint_read(note, strlen(note), &c, &err) != 0) {
		link_nonsense(s, &err);
		return;
	}
	if (strcmp(c.origin, s->origin) != 0) {
		s->identity_stale = true;
		return;
	}
	if (checkpoint_open(note, strlen(note), s->vkey, &c, NULL) != 0) {
		link_alarm(s, "signature", s->anchor_note, note);
		return;
	}
	if (!s->anchor_note) {
		accept(s, &c, note);
	} else if (c.size == s->anchor.size) {
		if (!same_root(&c, &s->anchor))
			link_alarm(s, "fork", s->anchor_note, note);
	} else if (!s->next_note || c.size > s->next.size || c.size < s->anchor.size) {
		s->next_overtaken = s->lanes[LANE_PROOF].handle != 0;
		forget_next(s);
		s->next = c;
		s->next_note = mem_strdup(note);
	}
}

static bool anchor_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                           struct buf *path, struct buf *body)
{
	uint64_t from, to;

	(void)boot_ms;
	(void)request;
	(void)body;
	if (!s->next_note || !s->anchor_note)
		return false;
	from = s->anchor.size < s->next.size ? s->anchor.size : s->next.size;
	to = s->anchor.size < s->next.size ? s->next.size : s->anchor.size;
	buf_addf(path, "/v1/log/proof?from=%llu&to=%llu", (unsigned long long)from,
	         (unsigned long long)to);
	return true;
}

static bool read_hashes(const struct value *list, unsigned char (*hashes)[HASH_SIZE],
                        size_t *count)
{
	*count = value_count(list);
	if (!value_is(list, VALUE_ARRAY) || *count > CHECKPOINT_PROOF_MAX)
		return false;
	for (size_t i = 0; i < *count; i++) {
		const char *text = value_str(value_at(list, i));

		if (!text || hash_unbase64(text, strlen(text), hashes[i], HASH_SIZE) != HASH_SIZE)
			return false;
	}
	return true;
}

static bool proved(struct sync *s, const struct value *doc)
{
	unsigned char hashes[CHECKPOINT_PROOF_MAX][HASH_SIZE];
	const struct checkpoint *small = &s->anchor, *large = &s->next;
	size_t count;

	if (s->next.size < s->anchor.size) {
		small = &s->next;
		large = &s->anchor;
	}
	return read_hashes(value_find(doc, "consistency"), hashes, &count) &&
	       merkle_verify_consistency(small->size, large->size, small->root, large->root,
	                                 hashes, count);
}

static void anchor_answered(struct sync *s, struct lane_answer *a)
{
	bool overtaken = s->next_overtaken, smaller;
	struct err err = ERR_INIT;

	s->next_overtaken = false;
	/* The proof was asked for another pair than the one that waits now. */
	if (overtaken || a->outcome == LANE_AGAIN || !s->next_note)
		return;
	if (s->status.link == SYNC_LINK_REFUSED)
		return;
	if (a->status == 403) {
		err_set(&err, ERR_DENIED, N_("the server does not prove its log to this person: %s"),
		        a->words);
		link_refuse(s, &err);
		return;
	}
	smaller = s->next.size < s->anchor.size;
	if (a->outcome != LANE_OK || !proved(s, a->doc)) {
		link_alarm(s, smaller ? "shrunk" : "proof", s->anchor_note, s->next_note);
		return;
	}
	if (!smaller) {
		char *note = s->next_note;

		s->next_note = NULL;
		accept(s, &s->next, note);
		free(note);
	}
	forget_next(s);
}

const struct lane_ops anchor_ops = {
	.name = "proof",
	.before = "sync.proof.before",
	.after = "sync.proof.after",
	.prepare = anchor_prepare,
	.answered = anchor_answered,
};
