/* SPDX-License-Identifier: Apache-2.0
 *
 * A lease on its way into the store. The proposal inside is kept as the bytes
 * that came and is not parsed here: that happens once, when it is opened.
 */
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "sync/lane.h"
#include "wire/json.h"
#include "wire/token.h"

/* One string member of the proposal, read from its span alone. */
static struct value *member(const char *bytes, size_t len, const char *pointer)
{
	struct value *list = NULL, *one = NULL;
	struct buf text = BUF_INIT;
	const char *start;
	size_t n;

	if (!prescan_span(bytes, len, pointer, &start, &n))
		return NULL;
	buf_addc(&text, '[');
	buf_add(&text, start, n);
	buf_addc(&text, ']');
	if (json_parse(buf_str(&text), text.len, NULL, &list, NULL) == 0)
		one = value_copy(value_at(list, 0));
	value_free(list);
	buf_clear(&text);
	return one;
}

/* The lease without its proposal: null stands in its place. */
static int parse_rest(const char *text, size_t len, const char **proposal, size_t *proposal_len,
                      struct buf *rest, struct value **doc, struct err *err)
{
	size_t before;

	if (!prescan_span(text, len, "/proposal", proposal, proposal_len))
		return err_set(err, ERR_INVALID, N_("a lease has no proposal"));
	before = (size_t)(*proposal - text);
	buf_add(rest, text, before);
	buf_adds(rest, "null");
	buf_add(rest, *proposal + *proposal_len, len - before - *proposal_len);
	return json_parse(buf_str(rest), rest->len, &prescan_answer, doc, err);
}

/* Members that newer servers name in the lease, older ones only inside. */
static const char *either(const struct value *doc, const char *key, struct value *inside)
{
	const char *text = value_text(doc, key);

	return text ? text : value_str(inside);
}

static int times(struct sync *s, const struct value *doc, int64_t asked_boot_ms,
                 int64_t *expires_ms, int64_t *ends_boot_ms, struct err *err)
{
	const char *expires = value_text(doc, "expires_at");
	int64_t ttl_s = value_int_or(doc, "ttl_s", -1);

	if (!expires || !clock_parse(expires, expires_ms))
		return err_set(err, ERR_INVALID, N_("a lease does not say when it ends"));
	/* From when it was asked for: the lease is never longer than that. */
	if (ttl_s < 0)
		ttl_s = (*expires_ms - link_server_ms(s, clock_now_ms())) / 1000;
	*ends_boot_ms = asked_boot_ms + (ttl_s > 0 ? ttl_s : 0) * 1000;
	return 0;
}

static int fill(struct sync *s, const struct value *doc, int64_t asked_boot_ms,
                struct store_lease_in *in, struct err *err)
{
	const char *stage = value_text_or(doc, "stage", ""), *view = value_text_or(doc, "view", "");
	const char *due = value_text(doc, "due_at");
	int64_t epoch, counter;

	in->review = value_text(doc, "review");
	in->proposal = value_text(doc, "proposal_id");
	in->revision = value_int_or(doc, "revision", 0);
	in->token = value_text(doc, "token");
	in->digest = value_text(doc, "digest");
	in->definition = value_text(doc, "definition");
	if (!in->review || !id_valid(in->review) || !in->proposal || !id_valid(in->proposal) ||
	    in->revision < 1 || !in->digest || !in->definition)
		return err_set(err, ERR_INVALID, N_("a lease lacks an id, revision or digest"));
	if (!in->token || !token_parse(in->token, &epoch, &counter))
		return err_set(err, ERR_INVALID, N_("a lease has no valid token"));
	if (!stage_find(stage, &in->stage) || !view_kind_find(view, &in->view))
		return err_set(err, ERR_INVALID, N_("a lease has an unknown stage or view"));
	if (due && !clock_parse(due, &in->due_ms))
		return err_set(err, ERR_INVALID, N_("a lease does not say when it ends"));
	return times(s, doc, asked_boot_ms, &in->expires_ms, &in->ends_boot_ms, err);
}

int lease_in_store(struct sync *s, const char *queue, const char *text, size_t len,
                   int64_t asked_boot_ms, char review[ID_SIZE], struct err *err)
{
	struct store_lease_in in = { .queue = NULL };
	struct value *doc = NULL, *external = NULL, *kind = NULL, *safety = NULL, *of = NULL;
	struct buf rest = BUF_INIT;
	int rc = parse_rest(text, len, &in.bytes, &in.bytes_len, &rest, &doc, err);

	review[0] = '\0';
	if (rc == 0)
		rc = fill(s, doc, asked_boot_ms, &in, err);
	if (rc)
		goto out;
	external = member(in.bytes, in.bytes_len, "/external_id");
	kind = member(in.bytes, in.bytes_len, "/kind");
	safety = member(in.bytes, in.bytes_len, "/safety_class");
	in.external_id = either(doc, "external_id", external);
	of = member(in.bytes, in.bytes_len, "/queue");
	/* The answer names leases of every queue, not only of the one asked about. */
	in.queue = either(doc, "queue", of);
	if (!in.queue)
		in.queue = queue;
	if (!in.external_id || !in.queue || !either(doc, "kind", kind) ||
	    !kind_find(either(doc, "kind", kind), &in.kind) || !either(doc, "class", safety) ||
	    !class_find(either(doc, "class", safety), &in.safety_class)) {
		rc = err_set(err, ERR_INVALID, N_("a lease does not say what it is about"));
		goto out;
	}
	in.doc = buf_str(&rest);
	memcpy(review, in.review, ID_SIZE);
	crash_point("sync.lease.before");
	rc = store_lease_put(s->store, &in, err);
	crash_point("sync.lease.after");
out:
	value_free(of);
	value_free(external);
	value_free(kind);
	value_free(safety);
	value_free(doc);
	buf_clear(&rest);
	return rc;
}

int lease_in_renew(struct sync *s, const struct value *lease, int64_t asked_boot_ms,
                   struct err *err)
{
	const char *review = value_text(lease, "review"), *token = value_text(lease, "token");
	int64_t expires_ms, ends_boot_ms;
	int rc;

	if (!review || !id_valid(review) || !token)
		return err_set(err, ERR_INVALID, N_("a lease lacks an id, revision or digest"));
	rc = times(s, lease, asked_boot_ms, &expires_ms, &ends_boot_ms, err);
	if (rc)
		return rc;
	crash_point("sync.renew.before");
	rc = store_lease_renew(s->store, review, token, expires_ms, ends_boot_ms, err);
	crash_point("sync.renew.after");
	/* Held by another process of this person, or dropped here meanwhile. */
	return rc == ERR_NOT_FOUND ? (err_clear(err), 0) : rc;
}
