/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "model/merkle.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/json.h"
#include "wire/leaf.h"

static const char no_digest[] =
	"sha256:0000000000000000000000000000000000000000000000000000000000000000";
static const char device[] = "0193fa00-0000-7000-8000-000000000001";

static struct value *parse(const char *text)
{
	struct value *v = NULL;

	if (json_parse(text, strlen(text), &prescan_answer, &v, NULL) != 0) {
		fprintf(stderr, "no JSON: %s\n", text);
		abort();
	}
	return v;
}

static void add_text(struct fake_log *f, size_t at, const char *text, size_t len)
{
	if (f->count == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 64;
		f->leaves = mem_resize(f->leaves, f->cap, sizeof *f->leaves);
		f->hashes = mem_resize(f->hashes, f->cap, sizeof *f->hashes);
	}
	memmove(f->leaves + at + 1, f->leaves + at, (f->count - at) * sizeof *f->leaves);
	memmove(f->hashes + at + 1, f->hashes + at, (f->count - at) * sizeof *f->hashes);
	f->leaves[at] = mem_strndup(text, len);
	merkle_leaf_hash(text, len, f->hashes[at]);
	f->count++;
}

static size_t append(struct fake_log *f, struct leaf *leaf)
{
	struct buf text = BUF_INIT;
	char at[CLOCK_TEXT_SIZE];
	struct err err = ERR_INIT;
	char words[300];

	leaf->at = clock_text(f->at_ms += 100, at);
	if (leaf_write(leaf, &text, &err) != 0) {
		fprintf(stderr, "leaf: %s\n", err_words(&err, words, sizeof words));
		abort();
	}
	add_text(f, f->count, buf_str(&text), text.len);
	buf_clear(&text);
	return f->count - 1;
}

static void add_content(struct fake_log *f, const char *kind, const char *subject, int64_t number,
                        const char *digest, const char *salt, const char *document)
{
	struct value *v = value_push(f->contents, value_new_object());

	value_set_string(v, "kind", kind);
	value_set_string(v, "subject", subject);
	value_set(v, "revision", number ? value_new_int(number) : value_new_null());
	value_set_string(v, "digest", digest);
	value_set_string(v, "salt", salt);
	value_set_string(v, "document", document);
	value_set_bool(v, "erased", false);
}

/* --- one proposal and its decision --------------------------------------------- */

struct made {
	size_t n;
	char proposal[ID_SIZE], review[ID_SIZE], decision[ID_SIZE], external_id[32];
	char salt[SALT_TEXT_SIZE], digest[HASH_TEXT_SIZE];
	char content_salt[SALT_TEXT_SIZE], content_digest[HASH_TEXT_SIZE];
	char envelope_digest[HASH_TEXT_SIZE], result_salt[SALT_TEXT_SIZE];
	char result_digest[HASH_TEXT_SIZE], feedback[HASH_TEXT_SIZE];
	char *document, *content, *result, *envelope;
	struct value *rows;
	size_t intake, leaf;
};

static const char *const outcomes[] = { "approve", "correct", "reject" };
static const char *const states[] = { "approved", "corrected", "rejected" };

static void take_in(struct fake_log *f, struct made *m)
{
	struct leaf leaf = { .type = LEAF_PROPOSAL, .actor = "producer-1", .role = "producer",
		.authority = "producer", .queue = "receipts", .subject = m->proposal, .revision = 1,
		.proposed = m->digest, .definition = no_digest, .policy = no_digest,
		.state = "waiting", .route = "review" };
	struct value *doc;
	char data[300];

	m->document = mem_printf("{\"external_id\":\"%s\",\"queue\":\"receipts\","
		"\"kind\":\"extraction\",\"model\":{\"name\":\"reader\",\"version\":\"1\"},"
		"\"proposed\":{\"fields\":{\"a\":{\"value\":\"x%zu\",\"confidence\":0.5},"
		"\"b\":{\"value\":\"y\"}}}}", m->external_id, m->n);
	hash_new_salt(m->salt);
	doc = parse(m->document);
	digest_content(m->salt, doc, m->digest);
	value_free(doc);
	snprintf(data, sizeof data, "{\"external_id\":\"%s\",\"kind\":\"extraction\","
	         "\"class\":\"bounded\",\"producer\":\"producer-1\",\"people\":1,\"rule\":\"unsure\","
	         "\"asked\":[],\"probability\":null}", m->external_id);
	doc = parse(data);
	leaf.data = doc;
	m->intake = append(f, &leaf);
	value_free(doc);
	add_content(f, "proposal", m->proposal, 1, m->digest, m->salt, m->document);
}

static struct value *feedback_row(const struct made *m, size_t n, const char *field,
                                  const char *state, const char *reason, const char *proposed,
                                  const char *value)
{
	size_t kind = m->n % 3;
	char *text = mem_printf("{\"n\":%zu,\"queue\":\"receipts\",\"proposal\":\"%s\","
		"\"external_id\":\"%s\",\"revision\":1,\"kind\":\"extraction\",\"decision\":\"%s\","
		"\"stage\":\"first\",\"outcome\":\"%s\",\"verdict\":\"accepted\",\"field\":null,"
		"\"state\":\"%s\",\"reason\":null,\"proposed\":null,\"value\":null,\"confidence\":null,"
		"\"evidence\":null,\"model\":\"reader\",\"model_version\":\"1\",\"policy\":\"%s\","
		"\"guide\":null,\"route\":\"review\",\"probability\":\"1\",\"checked_against\":[\"p1\"],"
		"\"decided_at\":\"2026-11-02T13:27:32.000Z\"}", n, m->proposal, m->external_id,
		m->decision, outcomes[kind], state, no_digest);
	struct value *row = parse(text);

	free(text);
	value_set_string(row, "field", field);
	value_set_string(row, "reason", reason);
	value_set_string(row, "proposed", proposed);
	value_set_string(row, "value", value);
	if (field && strcmp(field, "a") == 0)
		value_set(row, "confidence", value_new_real(0.5));
	return row;
}

static void make_rows(struct made *m, size_t *next_row)
{
	char x[32];

	snprintf(x, sizeof x, "x%zu", m->n);
	m->rows = value_new_array();
	if (m->n % 3 == 2) {
		value_push(m->rows, feedback_row(m, ++*next_row, NULL, "rejected", "unreadable", NULL, NULL));
		return;
	}
	value_push(m->rows, feedback_row(m, ++*next_row, "a",
	           m->n % 3 ? "corrected" : "confirmed", NULL, x, m->n % 3 ? "z" : x));
	value_push(m->rows, feedback_row(m, ++*next_row, "b", "confirmed", NULL, "y", "y"));
}

static void make_digests(struct made *m)
{
	unsigned char salt[SALT_SIZE], hash[HASH_SIZE];
	struct value *v;
	struct buf text = BUF_INIT;

	hash_new_salt(m->content_salt);
	m->content = mem_strdup(m->n % 3 == 1
		? "{\"value\":{\"a\":\"z\",\"b\":\"y\"},\"message\":null,\"note\":null}"
		: "{\"value\":null,\"message\":null,\"note\":null}");
	v = parse(m->content);
	digest_content(m->content_salt, v, m->content_digest);
	value_free(v);
	m->envelope = mem_printf("{\"id\":\"%s\",\"review\":\"%s\",\"outcome\":\"%s\","
		"\"checked_against\":[\"p1\"],\"device\":\"%s\",\"seq\":%zu,\"signature\":null}",
		m->decision, m->review, outcomes[m->n % 3], device, m->n + 1);
	v = parse(m->envelope);
	digest_envelope(v, m->envelope_digest);
	value_free(v);
	hash_new_salt(m->result_salt);
	m->result = mem_printf("{\"value\":{\"a\":\"%zu\"},\"message\":null,\"note\":null}", m->n);
	v = parse(m->result);
	digest_content(m->result_salt, v, m->result_digest);
	value_free(v);
	jcs_write(m->rows, &text);
	hash_unhex(m->content_salt, salt, sizeof salt);
	hash_sha256_two(salt, sizeof salt, buf_str(&text), text.len, hash);
	hash_text(hash, m->feedback);
	buf_clear(&text);
}

static void decide(struct fake_log *f, struct made *m)
{
	size_t kind = m->n % 3;
	struct leaf leaf = { .type = LEAF_DECISION, .actor = "reviewer-1", .role = "reviewer",
		.authority = "reviewer", .device = device, .event = m->decision, .queue = "receipts",
		.subject = m->proposal, .revision = 1, .envelope = m->envelope_digest,
		.proposed = m->digest, .shown = no_digest, .decided = m->content_digest,
		.definition = no_digest, .policy = no_digest, .token = "4294967297",
		.outcome = outcomes[kind], .verdict = "accepted", .stage = "first",
		.review = m->review, .state = states[kind], .route = "review" };
	char *text = mem_printf("{\"seq\":%zu,\"amends\":null,"
		"\"decided_at\":\"2026-11-02T13:27:32.000Z\",\"faults\":null,\"result\":{\"number\":1,"
		"\"digest\":\"%s\",\"state\":\"%s\",\"changed\":%s},\"feedback\":{\"rows\":%zu,"
		"\"digest\":\"%s\"}}", m->n + 1, m->result_digest, states[kind],
		kind == 1 ? "true" : "false", value_count(m->rows), m->feedback);
	struct value *data = parse(text), *fields = kind == 1
		? parse("{\"a\":{\"state\":\"corrected\",\"reason\":null},"
		        "\"b\":{\"state\":\"confirmed\",\"reason\":null}}") : value_new_object();
	struct value *reasons = parse(kind == 2 ? "[\"unreadable\"]" : "[]");

	leaf.data = data;
	leaf.fields = fields;
	leaf.reasons = reasons;
	m->leaf = append(f, &leaf);
	value_free(data);
	value_free(fields);
	value_free(reasons);
	free(text);
	add_content(f, "decision", m->decision, 0, m->content_digest, m->content_salt, m->content);
	add_content(f, "result", m->proposal, 1, m->result_digest, m->result_salt, m->result);
}

/* --- rows ------------------------------------------------------------------------ */

static struct value *push_row(struct fake_log *f, char *text)
{
	struct value *v = value_push(f->rows, parse(text));

	free(text);
	return v;
}

static const char *time_of(struct fake_log *f, size_t leaf, char out[CLOCK_TEXT_SIZE])
{
	struct value *v = parse(f->leaves[leaf]);

	memcpy(out, value_text(v, "at"), CLOCK_TEXT_SIZE);
	value_free(v);
	return out;
}

static void rows_of(struct fake_log *f, const struct made *m)
{
	size_t kind = m->n % 3;
	char at[CLOCK_TEXT_SIZE];
	struct value *v;

	push_row(f, mem_printf("{\"table\":\"proposal\",\"id\":\"%s\",\"queue\":\"receipts\","
		"\"external_id\":\"%s\",\"kind\":\"extraction\",\"class\":\"bounded\","
		"\"producer\":\"producer-1\",\"revision\":1,\"state\":\"%s\",\"route\":\"review\","
		"\"result_number\":1,\"released_by\":null}", m->proposal, m->external_id,
		states[kind]));
	push_row(f, mem_printf("{\"table\":\"review\",\"id\":\"%s\",\"proposal\":\"%s\","
		"\"revision\":1,\"stage\":\"first\",\"state\":\"decided\",\"probability\":null,"
		"\"decision\":\"%s\"}", m->review, m->proposal, m->decision));
	time_of(f, m->leaf, at);
	v = push_row(f, mem_printf("{\"table\":\"decision\",\"id\":\"%s\",\"proposal\":\"%s\","
		"\"review\":\"%s\",\"revision\":1,\"principal\":\"reviewer-1\",\"role\":\"reviewer\","
		"\"device\":\"%s\",\"seq\":%zu,\"stage\":\"first\",\"outcome\":\"%s\","
		"\"verdict\":\"accepted\",\"late\":0,\"state\":\"%s\",\"amends\":null,"
		"\"received_at\":\"%s\",\"leaf\":%zu,\"envelope_digest\":\"%s\",\"faults\":[]}",
		m->decision, m->proposal, m->review, device, m->n + 1, outcomes[kind], states[kind],
		at, m->leaf, m->envelope_digest));
	value_set_string(v, "envelope", m->envelope);
	push_row(f, mem_printf("{\"table\":\"result\",\"id\":\"%s/1\",\"proposal\":\"%s\","
		"\"number\":1,\"revision\":1,\"state\":\"%s\",\"changed\":%d,\"decision\":\"%s\","
		"\"digest\":\"%s\",\"decided_at\":\"%s\",\"leaf\":%zu}", m->proposal, m->proposal,
		states[kind], kind == 1, m->decision, m->result_digest, at, m->leaf));
	for (size_t i = 0; i < value_count(m->rows); i++) {
		const struct value *row = value_at(m->rows, i);

		v = push_row(f, mem_printf("{\"table\":\"feedback\",\"id\":%lld}",
		             (long long)value_int_or(row, "n", 0)));
		value_set(v, "row", value_copy(row));
	}
}

static void hand_out(struct fake_log *f, struct made *m)
{
	struct leaf leaf = { .type = LEAF_RELEASE, .actor = "producer-1", .role = "producer",
		.authority = "producer", .event = m->external_id, .queue = "receipts",
		.subject = m->proposal, .revision = 1, .decided = m->result_digest,
		.state = states[m->n % 3] };
	struct value *data = value_new_object();
	char at[CLOCK_TEXT_SIZE];
	size_t index;

	value_set_int(data, "number", 1);
	value_set_string(data, "digest", m->result_digest);
	leaf.data = data;
	index = append(f, &leaf);
	value_free(data);
	push_row(f, mem_printf("{\"table\":\"release\",\"id\":\"%s\",\"proposal\":\"%s\","
		"\"number\":1,\"digest\":\"%s\",\"released_at\":\"%s\",\"leaf\":%zu}",
		m->external_id, m->proposal, m->result_digest, time_of(f, index, at), index));
	for (size_t i = 0; i < value_count(f->rows); i++) {
		struct value *row = value_at(f->rows, i);

		if (strcmp(value_text_or(row, "id", ""), m->proposal) == 0)
			value_set_string(row, "released_by", m->external_id);
	}
}

static void make(struct fake_log *f, size_t n, size_t *next_row)
{
	struct made m = { .n = n };

	id_new(m.proposal);
	id_new(m.review);
	id_new(m.decision);
	snprintf(m.external_id, sizeof m.external_id, "rcpt-%05zu", n);
	take_in(f, &m);
	make_rows(&m, next_row);
	make_digests(&m);
	decide(f, &m);
	rows_of(f, &m);
	if (n % 5 == 0 && n < 100)
		hand_out(f, &m);
	free(m.document);
	free(m.content);
	free(m.result);
	free(m.envelope);
	value_free(m.rows);
}

void fake_log_init(struct fake_log *f, size_t proposals)
{
	struct leaf open = { .type = LEAF_OPEN, .actor = "server" };
	struct value *data = value_new_object();
	size_t row = 0;

	memset(f, 0, sizeof *f);
	id_init();
	f->page = 1000;
	f->at_ms = 1793626046000;
	f->contents = value_new_array();
	f->rows = value_new_array();
	hash_sign_keypair(f->public_key, f->secret_key);
	checkpoint_origin(f->public_key, 1, f->origin);
	checkpoint_vkey(f->origin, f->public_key, f->vkey);
	value_set_string(data, "origin", f->origin);
	value_set_int(data, "epoch", 1);
	open.data = data;
	append(f, &open);
	value_free(data);
	for (size_t i = 0; i < proposals; i++)
		make(f, i, &row);
}

void fake_log_clear(struct fake_log *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->leaves[i]);
	free(f->leaves);
	free(f->hashes);
	value_free(f->contents);
	value_free(f->rows);
}

/* --- as a source --------------------------------------------------------------------- */

static int read_node(void *ctx, unsigned level, uint64_t index, unsigned char out[HASH_SIZE],
                     struct err *err)
{
	const struct fake_log *f = ctx;
	unsigned char left[HASH_SIZE], right[HASH_SIZE];

	if (level == 0) {
		memcpy(out, f->hashes[index], HASH_SIZE);
		return 0;
	}
	read_node(ctx, level - 1, index * 2, left, err);
	read_node(ctx, level - 1, index * 2 + 1, right, err);
	merkle_node_hash(left, right, out);
	return 0;
}

char *fake_log_note(const struct fake_log *f)
{
	struct checkpoint c = { .size = f->count };
	struct merkle_range range = { .size = 0 };
	struct buf note = BUF_INIT;

	for (size_t i = 0; i < f->count; i++)
		merkle_range_add(&range, f->hashes[i], NULL, NULL, NULL);
	merkle_range_root(&range, c.root);
	memcpy(c.origin, f->origin, sizeof c.origin);
	checkpoint_sign(&c, f->secret_key, &note);
	return buf_take(&note);
}

static int get_checkpoint(void *ctx, struct buf *body, struct err *err)
{
	char *note = fake_log_note(ctx);

	(void)err;
	buf_adds(body, note);
	free(note);
	return 0;
}

static int get_entries(void *ctx, int64_t start, int64_t end, struct buf *body, struct err *err)
{
	struct fake_log *f = ctx;
	size_t last = (size_t)end < f->count ? (size_t)end : f->count;

	(void)err;
	if (last > (size_t)start + f->page)
		last = (size_t)start + f->page;
	buf_adds(body, "{\"entries\":[");
	for (size_t i = (size_t)start; i < last; i++) {
		buf_addf(body, "%s{\"index\":%zu,\"leaf\":", i > (size_t)start ? "," : "", i);
		json_text_string(f->leaves[i], strlen(f->leaves[i]), body);
		buf_addc(body, '}');
	}
	buf_adds(body, "]}");
	return 0;
}

static int get_proof(void *ctx, int64_t from, int64_t to, struct buf *body, struct err *err)
{
	struct merkle_proof *proof = mem_zalloc(sizeof *proof);
	int rc = merkle_prove_consistency((uint64_t)from, (uint64_t)to, read_node, ctx, proof, err);

	buf_adds(body, "{\"consistency\":[");
	for (size_t i = 0; i < proof->count; i++) {
		char *text = hash_base64(proof->hash[i], HASH_SIZE);

		buf_addf(body, "%s\"%s\"", i ? "," : "", text);
		free(text);
	}
	buf_adds(body, "]}");
	free(proof);
	return rc;
}

static int get_list(struct fake_log *f, const struct value *list, const char *member,
                    const char *after, struct buf *body)
{
	size_t from = after ? strtoul(after, NULL, 10) : 0, at = from;

	buf_addf(body, "{\"%s\":[", member);
	for (; at < value_count(list) && at < from + f->page; at++) {
		if (at > from)
			buf_addc(body, ',');
		json_text(value_at(list, at), body);
	}
	buf_addf(body, "],\"after\":\"%zu\",\"more\":%s}", at,
	         at < value_count(list) ? "true" : "false");
	return 0;
}

/* Contents come by kind and rows by table, as from a server. */
static int get_contents(void *ctx, const char *after, struct buf *body, struct err *err)
{
	struct fake_log *f = ctx;

	(void)err;
	return get_list(f, f->contents, "contents", after, body);
}

static int get_rows(void *ctx, const char *after, struct buf *body, struct err *err)
{
	struct fake_log *f = ctx;
	char *mark;

	(void)err;
	get_list(f, f->rows, "rows", after, body);
	/* A byte in the database that is no text any more. */
	if (f->broken_text && (mark = strstr(body->data, "\"outcome\":\"approve\"")))
		mark[12] = (char)0xff;
	return 0;
}

struct audit_source fake_log_source(struct fake_log *f)
{
	return (struct audit_source){ .ctx = f, .checkpoint = get_checkpoint,
		.entries = get_entries, .proof = get_proof, .contents = get_contents,
		.rows = get_rows };
}

/* --- for those who change it --------------------------------------------------------- */

void fake_log_rehash(struct fake_log *f)
{
	for (size_t i = 0; i < f->count; i++)
		merkle_leaf_hash(f->leaves[i], strlen(f->leaves[i]), f->hashes[i]);
}

void fake_log_remove(struct fake_log *f, size_t index)
{
	free(f->leaves[index]);
	memmove(f->leaves + index, f->leaves + index + 1, (f->count - index - 1) * sizeof *f->leaves);
	memmove(f->hashes + index, f->hashes + index + 1, (f->count - index - 1) * sizeof *f->hashes);
	f->count--;
}

void fake_log_insert(struct fake_log *f, size_t index, const char *text)
{
	add_text(f, index, text, strlen(text));
}

size_t fake_log_decision(const struct fake_log *f, size_t nth)
{
	for (size_t i = 0; i < f->count; i++)
		if (strstr(f->leaves[i], "\"type\":\"decision\"") && nth-- == 0)
			return i;
	abort();
}

struct value *fake_log_row(struct fake_log *f, const char *table, size_t nth)
{
	for (size_t i = 0; i < value_count(f->rows); i++)
		if (strcmp(value_text_or(value_at(f->rows, i), "table", ""), table) == 0 && nth-- == 0)
			return value_at(f->rows, i);
	abort();
}

struct value *fake_log_content(struct fake_log *f, const char *kind, size_t nth)
{
	for (size_t i = 0; i < value_count(f->contents); i++)
		if (strcmp(value_text_or(value_at(f->contents, i), "kind", ""), kind) == 0 && nth-- == 0)
			return value_at(f->contents, i);
	abort();
}
