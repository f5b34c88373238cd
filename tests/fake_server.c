/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "wire/checkpoint.h"
#include "wire/cursor.h"
#include "wire/digest.h"
#include "wire/json.h"
#include "wire/token.h"

static const char definition_text[] =
	"{ \"queue\":\"receipts\", \"title\":\"Receipts\", \"kind\":\"extraction\",\n"
	"  \"schema\":{\"type\":\"object\",\"properties\":{\"total\":{\"type\":\"string\"}}},\n"
	"  \"lease_s\":900 }";

static struct value *parse(const char *text)
{
	struct value *v = NULL;

	if (json_parse(text, strlen(text), &prescan_answer, &v, NULL) != 0)
		abort();
	return v;
}

static void make_review(struct fake_review *r, size_t n)
{
	struct value *doc;

	id_new(r->review);
	id_new(r->proposal);
	snprintf(r->external_id, sizeof r->external_id, "rcpt-%04zu", n);
	r->document = mem_printf("{\"external_id\":\"%s\", \"queue\":\"receipts\","
		"\"kind\":\"extraction\",\"safety_class\":\"bounded\","
		"\"model\":{\"name\":\"reader\",\"version\":\"1\"},\"sources\":[],"
		"\"proposed\":{\"fields\":{\"total\":{\"value\":\"%zu.00\",\"confidence\":0.5}}}}",
		r->external_id, n);
	hash_new_salt(r->salt);
	doc = parse(r->document);
	digest_content(r->salt, doc, r->digest);
	value_free(doc);
	r->open = true;
}

void fake_server_init(struct fake_server *f, size_t reviews)
{
	struct value *doc;

	memset(f, 0, sizeof *f);
	f->reviews = mem_zalloc(FAKE_REVIEWS * sizeof *f->reviews);
	for (f->review_count = 0; f->review_count < reviews; f->review_count++)
		make_review(&f->reviews[f->review_count], f->review_count);
	f->decisions = value_new_object();
	f->changes = value_new_array();
	f->epoch = 1;
	f->next_counter = 1;
	id_random(f->seed, sizeof f->seed);
	f->definition = mem_strdup(definition_text);
	doc = parse(f->definition);
	digest_definition(doc, f->definition_digest);
	value_free(doc);
	f->page_most = 500;
	f->lease_ttl_s = 900;
	f->fault_retry_after_ms = -1;
	fake_server_leaf(f);
}

void fake_server_clear(struct fake_server *f)
{
	for (size_t i = 0; i < f->review_count; i++)
		free(f->reviews[i].document);
	free(f->reviews);
	value_free(f->decisions);
	value_free(f->changes);
	value_free(f->last_lease_call);
	free(f->definition);
}

void fake_server_leaf(struct fake_server *f)
{
	char text[64];

	snprintf(text, sizeof text, "leaf %lld/%zu", (long long)f->epoch, f->leaf_count);
	merkle_leaf_hash(text, strlen(text), f->leaves[f->leaf_count++]);
}

void fake_server_change(struct fake_server *f, struct value *change)
{
	value_set_int(change, "index", (int64_t)value_count(f->changes) + 1);
	value_push(f->changes, change);
}

void fake_server_restore(struct fake_server *f, size_t leaves)
{
	f->epoch++;
	f->leaf_count = leaves;
	value_free(f->decisions);
	f->decisions = value_new_object();
	value_free(f->changes);
	f->changes = value_new_array();
	for (size_t i = 0; i < f->review_count; i++) {
		f->reviews[i].leased = false;
		f->reviews[i].open = true;
	}
	fake_server_leaf(f);
}

/* --- the log ------------------------------------------------------------------ */

static size_t shown_size(const struct fake_server *f)
{
	return f->lie == FAKE_SHRUNK ? f->leaf_count / 2 : f->leaf_count;
}

/* The tree's node as shown: with a lie, its first leaf is another one. */
static int read_node(void *ctx, unsigned level, uint64_t index, unsigned char out[HASH_SIZE],
                     struct err *err)
{
	struct fake_server *f = ctx;
	unsigned char left[HASH_SIZE], right[HASH_SIZE];

	if (level == 0) {
		memcpy(out, f->leaves[index], HASH_SIZE);
		if (index == 0 && (f->lie == FAKE_REWRITTEN || f->lie == FAKE_FORK))
			out[0] ^= 1;
		return 0;
	}
	read_node(f, level - 1, index * 2, left, err);
	read_node(f, level - 1, index * 2 + 1, right, err);
	merkle_node_hash(left, right, out);
	return 0;
}

static void keys(const struct fake_server *f, unsigned char public_key[SIGN_PUBLIC_SIZE],
                 unsigned char secret_key[SIGN_SECRET_SIZE])
{
	hash_sign_from_seed(f->seed, public_key, secret_key);
}

void fake_server_note(struct fake_server *f, struct buf *out)
{
	unsigned char public_key[SIGN_PUBLIC_SIZE], secret_key[SIGN_SECRET_SIZE];
	struct checkpoint c = { .size = shown_size(f) };
	struct merkle_range range;

	keys(f, public_key, secret_key);
	checkpoint_origin(public_key, f->epoch, c.origin);
	merkle_range_load(&range, c.size, read_node, f, NULL);
	merkle_range_root(&range, c.root);
	if (f->lie == FAKE_WRONG_SIGNATURE)
		hash_sign_keypair(public_key, secret_key);
	checkpoint_sign(&c, secret_key, out);
}

static void add_note(struct fake_server *f, struct value *doc)
{
	struct buf note = BUF_INIT;

	if (f->no_checkpoint)
		return;
	fake_server_note(f, &note);
	value_set_string(doc, "checkpoint", buf_str(&note));
	buf_clear(&note);
}

static int64_t query_int(const char *path, const char *name)
{
	const char *p = strstr(path, name);

	return p ? strtoll(p + strlen(name), NULL, 10) : -1;
}

static void problem(struct fake_answer *out, int status, const char *name, const char *detail)
{
	out->status = status;
	out->media_type = "application/problem+json";
	buf_reset(&out->body);
	buf_addf(&out->body, "{\"type\":\"urn:countersign:problem:%s\",\"title\":\"%s\","
	         "\"status\":%d,\"detail\":\"%s\"}", name, name, status, detail);
}

static void answer_proof(struct fake_server *f, const char *path, struct fake_answer *out)
{
	int64_t from = query_int(path, "from="), to = query_int(path, "to=");
	struct value *doc = value_new_object(), *list = value_set(doc, "consistency",
	                                                          value_new_array());
	struct merkle_proof proof;

	f->proofs++;
	if (f->lie == FAKE_NO_PROOF || to > (int64_t)shown_size(f) || from < 0) {
		problem(out, 404, "not_found", "no such proof");
	} else {
		merkle_prove_consistency((uint64_t)from, (uint64_t)to, read_node, f, &proof, NULL);
		for (size_t i = 0; i < proof.count; i++) {
			char *text = hash_base64(proof.hash[i], HASH_SIZE);

			value_push(list, value_new_string(text));
			free(text);
		}
		json_text(doc, &out->body);
	}
	value_free(doc);
}

/* --- queues, headers, changes ----------------------------------------------------- */

static void answer_queues(struct fake_server *f, struct fake_answer *out)
{
	unsigned char public_key[SIGN_PUBLIC_SIZE], secret_key[SIGN_SECRET_SIZE];
	char origin[CHECKPOINT_NAME_SIZE], vkey[CHECKPOINT_VKEY_SIZE], cursor[CURSOR_TEXT_SIZE];

	f->queue_calls++;
	keys(f, public_key, secret_key);
	checkpoint_origin(public_key, f->epoch, origin);
	checkpoint_vkey(origin, public_key, vkey);
	cursor_text(f->epoch, (int64_t)value_count(f->changes), cursor);
	buf_addf(&out->body, "{\"queues\":[{\"queue\":\"receipts\",\"title\":\"Receipts\","
	         "\"kind\":\"extraction\",\"definition\":%s,\"definition_digest\":\"%s\","
	         "\"policy_digest\":\"%s\",\"guide_digest\":null,\"roles\":[\"%s\"],"
	         "\"waiting\":%zu}],\"principal\":{\"name\":\"reviewer-1\"},\"epoch\":%lld,"
	         "\"cursor\":\"%s\",\"log\":{\"origin\":\"%s\",\"vkey\":\"%s\"}}",
	         f->definition, f->definition_digest, f->definition_digest,
	         f->role ? f->role : "reviewer", f->review_count, (long long)f->epoch, cursor,
	         origin, vkey);
}

static struct value *header(const struct fake_review *r, size_t order)
{
	struct value *h = value_new_object();

	value_set_string(h, "review", r->review);
	value_set_string(h, "proposal", r->proposal);
	value_set_string(h, "external_id", r->external_id);
	value_set_string(h, "queue", "receipts");
	value_set_null(h, "case");
	value_set_string(h, "kind", "extraction");
	value_set_string(h, "class", "bounded");
	value_set_string(h, "stage", "first");
	value_set_string(h, "state", "waiting");
	value_set(h, "confidence", value_new_real(0.5));
	value_set_null(h, "due_at");
	value_set_string(h, "received_at", "2026-11-02T13:27:26.000Z");
	value_set_int(h, "order", (int64_t)order);
	value_set_bool(h, "held", false);
	return h;
}

void fake_server_header(struct fake_server *f, int order)
{
	struct fake_review r = { .open = true };
	struct value *change = value_new_object();

	id_new(r.review);
	id_new(r.proposal);
	snprintf(r.external_id, sizeof r.external_id, "new-%05d", order);
	value_set_string(change, "type", "header");
	value_set(change, "header", header(&r, (size_t)order));
	fake_server_change(f, change);
}

static void answer_reviews(struct fake_server *f, const char *path, struct fake_answer *out)
{
	struct value *doc = value_new_object(), *list = value_set(doc, "reviews",
	                                                          value_new_array());
	int64_t from = query_int(path, "after=");
	size_t i = from < 0 ? 0 : (size_t)from;
	char after[24];

	f->pages++;
	for (; i < f->review_count && value_count(list) < f->page_most; i++)
		if (f->reviews[i].open)
			value_push(list, header(&f->reviews[i], i));
	snprintf(after, sizeof after, "%zu", i);
	value_set_string(doc, "after", after);
	value_set_bool(doc, "more", i < f->review_count);
	json_text(doc, &out->body);
	value_free(doc);
}

static void answer_changes(struct fake_server *f, const char *path, struct fake_answer *out)
{
	struct value *doc, *list;
	const char *colon = strstr(path, "%3A");
	int64_t epoch = query_int(path, "after="), index = colon ? strtoll(colon + 3, NULL, 10) : -1;
	char cursor[CURSOR_TEXT_SIZE];

	f->change_calls++;
	if (epoch != f->epoch || f->must_refetch_once) {
		f->must_refetch_once = false;
		problem(out, 409, "must_refetch", "this cursor is not known");
		return;
	}
	if (index == (int64_t)value_count(f->changes) && query_int(path, "wait=") > 0) {
		/* Looked at again with every step; it counts once it is answered. */
		out->what = FAKE_WAITS;
		f->change_calls--;
		f->requests--;
		return;
	}
	doc = value_new_object();
	list = value_set(doc, "changes", value_new_array());
	for (size_t i = (size_t)index; i < value_count(f->changes); i++)
		value_push(list, value_copy(value_at(f->changes, i)));
	value_set_string(doc, "cursor", cursor_text(f->epoch, (int64_t)value_count(f->changes),
	                                            cursor));
	value_set_bool(doc, "more", false);
	add_note(f, doc);
	json_text(doc, &out->body);
	value_free(doc);
}

/* --- leases ------------------------------------------------------------------------ */

static void add_lease(struct fake_server *f, struct fake_review *r, struct buf *out)
{
	char token[TOKEN_TEXT_SIZE], at[CLOCK_TEXT_SIZE], shown[HASH_TEXT_SIZE];
	bool blind = r->blind && !r->revealed;

	token_text(f->epoch, r->counter, token);
	clock_text(clock_now_ms() + f->clock_ahead_ms + f->lease_ttl_s * 1000, at);
	digest_shown(f->definition_digest, r->digest, blind ? VIEW_BLIND : VIEW_FULL, shown);
	buf_addf(out, "{\"review\":\"%s\",\"revision\":1,\"stage\":\"first\",\"proposal_id\":\"%s\","
	         "\"proposal\":%s,\"salt\":\"%s\",\"digest\":\"%s\",\"shown\":\"%s\","
	         "\"token\":\"%s\",\"expires_at\":\"%s\",\"ttl_s\":%d,"
	         "\"allowed\":[{\"outcome\":\"approve\",\"why_not\":null}],\"reasons\":[],\"asked\":[],"
	         "\"view\":\"%s\",\"definition\":\"%s\",\"policy\":\"%s\",\"guide\":null,"
	         "\"due_at\":null,\"history\":[],\"siblings\":[]}", r->review, r->proposal,
	         r->document, r->salt, r->digest, shown, token, at, f->lease_ttl_s,
	         blind ? "blind" : "full", f->definition_digest, f->definition_digest);
}

static void add_short(struct fake_server *f, const struct fake_review *r, struct buf *out)
{
	char token[TOKEN_TEXT_SIZE], at[CLOCK_TEXT_SIZE];

	token_text(f->epoch, r->counter, token);
	clock_text(clock_now_ms() + f->clock_ahead_ms + f->lease_ttl_s * 1000, at);
	buf_addf(out, "{\"review\":\"%s\",\"revision\":1,\"token\":\"%s\",\"expires_at\":\"%s\","
	         "\"ttl_s\":%d}", r->review, token, at, f->lease_ttl_s);
}

static bool in_have(const struct value *call, const char *review)
{
	const struct value *have = value_find(call, "have");

	for (size_t i = 0; i < value_count(have); i++)
		if (strcmp(value_text_or(value_at(have, i), "review", ""), review) == 0)
			return true;
	return false;
}

static void answer_leases(struct fake_server *f, const struct value *call, struct fake_answer *out)
{
	const struct value *named = value_find(call, "reviews");
	int64_t want = value_int_or(call, "want", 0), held = 0;
	bool first = true;

	f->lease_calls++;
	value_free(f->last_lease_call);
	f->last_lease_call = value_copy(call);
	for (size_t i = 0; i < f->review_count; i++)
		held += f->reviews[i].leased && f->reviews[i].open;
	for (size_t i = 0; i < f->review_count; i++) {
		struct fake_review *r = &f->reviews[i];
		bool asked = named ? value_has_string(named, r->review) : held < want;

		if (r->open && !r->leased && !r->recalled && asked) {
			r->leased = true;
			r->counter = f->next_counter++;
			held++;
		}
	}
	buf_adds(&out->body, "{\"leases\":[");
	for (size_t i = 0; i < f->review_count; i++) {
		struct fake_review *r = &f->reviews[i];

		if (!r->leased || !r->open)
			continue;
		buf_adds(&out->body, first ? "" : ",");
		first = false;
		if (in_have(call, r->review))
			add_short(f, r, &out->body);
		else
			add_lease(f, r, &out->body);
	}
	buf_adds(&out->body, "],\"more\":false}");
}

static struct fake_review *find_review(struct fake_server *f, const char *id, size_t len)
{
	for (size_t i = 0; i < f->review_count; i++)
		if (strlen(f->reviews[i].review) == len && memcmp(f->reviews[i].review, id, len) == 0)
			return &f->reviews[i];
	return NULL;
}

static void answer_reveal(struct fake_server *f, const char *path, struct fake_answer *out)
{
	struct fake_review *r = find_review(f, path + 11, 36);

	if (!r || !r->leased) {
		problem(out, 409, "not_leased", "it is not reserved for you");
		return;
	}
	r->revealed = true;
	add_lease(f, r, &out->body);
}

static void answer_release(struct fake_server *f, const struct value *call,
                           struct fake_answer *out)
{
	const char *id = value_text_or(call, "review", "");
	struct fake_review *r = find_review(f, id, strlen(id));

	f->releases++;
	if (r) {
		r->leased = false;
		r->recalled = true;   /* skips are remembered */
	}
	buf_addf(&out->body, "{\"review\":\"%s\",\"released\":true}", id);
}

/* --- decisions ------------------------------------------------------------------------ */

static void effect(struct fake_server *f, const struct value *d)
{
	struct value *change = value_new_object();
	const char *id = value_text_or(d, "review", "");
	struct fake_review *r = find_review(f, id, strlen(id));

	f->effects++;
	fake_server_leaf(f);
	if (r)
		r->open = r->leased = false;
	value_set_string(change, "type", "gone");
	value_set_string(change, "review", id);
	value_set_string(change, "queue", "receipts");
	fake_server_change(f, change);
}

static struct value *judge(struct fake_server *f, const struct value *d)
{
	struct value *result = value_new_object(), *kept = value_new_object();
	const char *id = value_text_or(d, "id", ""), *verdict = f->verdict ? f->verdict : "accepted";
	struct value *known = value_find(f->decisions, id);
	char identity[HASH_TEXT_SIZE];

	digest_identity(d, identity);
	if (known && strcmp(value_text_or(known, "identity", ""), identity) == 0) {
		value_free(result);
		value_free(kept);
		result = value_copy(value_find(known, "result"));
		value_set_bool(result, "replayed", true);
		return result;
	}
	value_set_string(result, "id", id);
	if (known || (f->fork_once && strcmp(value_text_or(d, "device", ""), "") != 0)) {
		f->fork_once = false;
		value_free(kept);
		value_set_string(result, "verdict", known ? "id_reused" : "device_forked");
		value_set_string(result, "text", "words of the server");
		return result;
	}
	value_set_string(result, "verdict", verdict);
	value_set_bool(result, "late", f->late);
	value_set_int(result, "leaf", (int64_t)f->leaf_count);
	if (strcmp(verdict, "accepted") != 0)
		value_set_string(result, "text", "words of the server");
	if (strcmp(verdict, "accepted") == 0)
		effect(f, d);
	else
		fake_server_leaf(f);
	value_set_string(kept, "identity", identity);
	value_set(kept, "result", value_copy(result));
	value_set(f->decisions, id, kept);
	return result;
}

static void answer_decisions(struct fake_server *f, const struct value *call,
                             struct fake_answer *out)
{
	const struct value *list = value_find(call, "decisions");
	struct value *doc, *results;

	f->pushes++;
	if (value_count(list) > f->largest_batch)
		f->largest_batch = value_count(list);
	if ((f->batch_most && value_count(list) > f->batch_most) || f->refuse_alone) {
		problem(out, 422, "invalid", "words of the server");
		return;
	}
	doc = value_new_object();
	results = value_set(doc, "results", value_new_array());
	for (size_t i = 0; i < value_count(list); i++) {
		struct value *result = judge(f, value_at(list, i));

		if (f->leave_out)
			value_free(result);
		else
			value_push(results, result);
	}
	f->leave_out = false;
	add_note(f, doc);
	json_text(doc, &out->body);
	value_free(doc);
}

/* --- one request ------------------------------------------------------------------------ */

static void route(struct fake_server *f, const char *path, const struct value *call,
                  struct fake_answer *out)
{
	if (strcmp(path, "/v1/queues") == 0)
		answer_queues(f, out);
	else if (strncmp(path, "/v1/reviews?", 12) == 0)
		answer_reviews(f, path, out);
	else if (strncmp(path, "/v1/changes?", 12) == 0)
		answer_changes(f, path, out);
	else if (strcmp(path, "/v1/leases") == 0)
		answer_leases(f, call, out);
	else if (strcmp(path, "/v1/leases:release") == 0)
		answer_release(f, call, out);
	else if (strncmp(path, "/v1/leases/", 11) == 0)
		answer_reveal(f, path, out);
	else if (strcmp(path, "/v1/decisions:batch") == 0)
		answer_decisions(f, call, out);
	else if (strncmp(path, "/v1/log/proof?", 14) == 0)
		answer_proof(f, path, out);
	else if (strncmp(path, "/v1/definitions/", 16) == 0)
		buf_addf(&out->body, "{\"definition\":%s}", f->definition);
	else
		problem(out, 404, "not_found", "no such route");
}

static bool fault_hits(struct fake_server *f, const char *path)
{
	if (f->fault == FAKE_NONE || !f->fault_times ||
	    (f->fault_path && strncmp(path, f->fault_path, strlen(f->fault_path)) != 0))
		return false;
	if (f->fault_times > 0)
		f->fault_times--;
	return true;
}

void fake_server_answer(struct fake_server *f, const char *method, const char *path,
                        const char *body, size_t len, struct fake_answer *out)
{
	struct value *call = NULL;
	bool hit = fault_hits(f, path);

	(void)method;
	memset(out, 0, sizeof *out);
	out->status = 200;
	out->media_type = "application/json";
	out->retry_after_ms = -1;
	out->date_ms = clock_now_ms() + f->clock_ahead_ms;
	f->requests++;
	if (hit && f->fault == FAKE_UNREACHED) {
		out->what = FAKE_LOST;
		return;
	}
	if (hit && f->fault == FAKE_NONSENSE) {
		buf_adds(&out->body, "<html>hello</html>");
		return;
	}
	if (hit && (f->fault == FAKE_STATUS || f->fault == FAKE_STATUS_BARE)) {
		problem(out, f->fault_status, "malformed", "words of the server");
		out->retry_after_ms = f->fault_retry_after_ms;
		if (f->fault == FAKE_STATUS_BARE)
			out->media_type = "text/html";
		return;
	}
	if (len && json_parse(body, len, &prescan_answer, &call, NULL) != 0)
		problem(out, 400, "malformed", "not JSON");
	else
		route(f, path, call, out);
	value_free(call);
	if (hit && f->fault == FAKE_REPLY_CUT)
		out->body.len /= 2;
	if (hit && f->fault == FAKE_REPLY_LOST) {
		buf_clear(&out->body);
		out->what = FAKE_LOST;
	}
}
