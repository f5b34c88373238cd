/* SPDX-License-Identifier: Apache-2.0
 *
 * fill_store DIR QUEUE HEADERS LEASES: grows the store of a desk that has some
 * items of QUEUE reserved. Adds HEADERS mirrored headers behind what it has of
 * the queue, and LEASES items made from those reserved ones in turn: each with
 * its own ids, external id, proposal bytes and digests, so that the desk opens
 * it like any other; reserved for eight hours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/command.h"
#include "store/store.h"
#include "wire/digest.h"
#include "wire/json.h"

enum { SLICE = 1000, NAME = 32, RESERVED_MS = 8 * 3600 * 1000 };

/* --- headers --------------------------------------------------------------------- */

/* h->external_id has room for NAME bytes. */
static void make_header(struct review_header *h, long long n, int64_t now_ms)
{
	unsigned char random[10] = { 0 };

	for (int i = 0; i < 8; i++)
		random[9 - i] = (unsigned char)(n >> (8 * i));
	id_make(now_ms + n, random, h->review);
	random[0] = 1;
	id_make(now_ms + n, random, h->proposal);
	snprintf(h->external_id, NAME, "bench-%08lld", n);
	h->state = (char *)"waiting";
	h->kind = KIND_CLASSIFICATION;
	h->safety_class = (enum safety_class)(n % 3);
	h->stage = STAGE_FIRST;
	h->confidence_pm = (int)(n * 37 % 1000);
	h->received_ms = now_ms + n;
	h->due_ms = now_ms + 3600000 + n % 977 * 1000;
	h->order = (now_ms + n) * 1000;
}

static int add_headers(struct store *s, char *queue, long long total, int64_t now_ms,
                       struct err *err)
{
	static struct review_header headers[SLICE];
	static char ids[SLICE][NAME];
	int rc = 0;

	for (long long n = 0; rc == 0 && n < total;) {
		size_t count = 0, taken = 0;

		for (; count < SLICE && n + (long long)count < total; count++) {
			headers[count].external_id = ids[count];
			headers[count].queue = queue;
			make_header(&headers[count], n + (long long)count, now_ms);
		}
		rc = store_headers_put(s, headers, count, NULL, NULL, &taken, err);
		n += (long long)taken;
	}
	return rc;
}

/* --- leases ---------------------------------------------------------------------- */

/* The pattern's proposal under another external id, and its salted digest. */
static int make_proposal(struct store *s, const struct store_lease *pattern,
                         const char *external_id, const char *salt, struct buf *bytes,
                         char digest[HASH_TEXT_SIZE], struct err *err)
{
	struct store_bytes *own = NULL;
	struct value *doc = NULL;
	int rc = store_proposal_get(s, pattern->review, &own, err);

	if (rc == 0)
		rc = json_parse(own->data, own->len, NULL, &doc, err);
	if (rc == 0) {
		value_set_string(doc, "external_id", external_id);
		json_text(doc, bytes);
		digest_content(salt, doc, digest);
	}
	value_free(doc);
	store_bytes_free(own);
	return rc;
}

static int put_lease(struct store *s, const struct store_lease *pattern, struct value *doc,
                     const struct review_header *h, struct err *err)
{
	char digest[HASH_TEXT_SIZE], shown[HASH_TEXT_SIZE], time[CLOCK_TEXT_SIZE];
	struct buf bytes = BUF_INIT, text = BUF_INIT;
	struct store_lease_in in = {
		.review = h->review, .proposal = h->proposal, .external_id = h->external_id,
		.queue = pattern->queue, .kind = pattern->kind,
		.safety_class = pattern->safety_class, .stage = pattern->stage,
		.view = pattern->view, .revision = pattern->revision, .token = pattern->token,
		.definition = pattern->definition, .expires_ms = clock_now_ms() + RESERVED_MS,
		.ends_boot_ms = clock_boot_ms() + RESERVED_MS, .due_ms = pattern->due_ms
	};
	int rc = make_proposal(s, pattern, h->external_id, value_text_or(doc, "salt", ""), &bytes,
	                       digest, err);

	if (rc == 0) {
		value_set_string(doc, "review", h->review);
		value_set_string(doc, "proposal_id", h->proposal);
		value_set_string(doc, "digest", digest);
		value_set_string(doc, "shown", digest_shown(pattern->definition, digest, pattern->view,
		                                            shown));
		value_set_string(doc, "expires_at", clock_text(in.expires_ms, time));
		json_text(doc, &text);
		in.digest = digest;
		in.doc = buf_str(&text);
		in.bytes = buf_str(&bytes);
		in.bytes_len = bytes.len;
		rc = store_lease_put(s, &in, err);
	}
	buf_clear(&bytes);
	buf_clear(&text);
	return rc;
}

static int add_lease(struct store *s, const char *pattern, char *queue, long long n,
                     int64_t now_ms, struct err *err)
{
	struct store_leases *full = NULL;
	char name[NAME];
	struct review_header h = { .external_id = name, .queue = queue };
	struct value *doc = NULL;
	size_t taken;
	int rc = store_lease_find(s, pattern, &full, err);

	/* Before the headers of add_headers(), behind those of the server. */
	make_header(&h, n, now_ms - 1000000);
	snprintf(name, sizeof name, "item-%09lld", (now_ms + n) % 1000000000);
	if (rc == 0)
		rc = json_parse(full->items[0].doc, strlen(full->items[0].doc), NULL, &doc, err);
	if (rc == 0)
		rc = put_lease(s, &full->items[0], doc, &h, err);
	if (rc == 0)
		rc = store_headers_put(s, &h, 1, NULL, NULL, &taken, err);
	value_free(doc);
	store_leases_free(full);
	return rc;
}

static int add_leases(struct store *s, char *queue, long long total, int64_t now_ms,
                      struct err *err)
{
	struct store_leases *patterns = NULL;
	int rc = store_leases(s, queue, &patterns, err);

	if (rc == 0 && total && !patterns->count)
		rc = err_set(err, ERR_NOT_FOUND, "nothing of %s is reserved", queue);
	for (long long n = 0; rc == 0 && n < total; n++)
		rc = add_lease(s, patterns->items[(size_t)n % patterns->count].review, queue, n,
		               now_ms, err);
	store_leases_free(patterns);
	return rc;
}

int main(int argc, char **argv)
{
	long long headers = argc > 3 ? strtoll(argv[3], NULL, 10) : -1;
	long long leases = argc > 4 ? strtoll(argv[4], NULL, 10) : -1;
	int64_t now_ms = clock_now_ms();
	struct err err = ERR_INIT;
	struct store_queues *known = NULL;
	struct store *s = NULL;
	char words[512];
	int rc;

	if (argc != 5 || headers < 0 || leases < 0 || id_init() != 0)
		return 2;
	rc = store_open(argv[1], &s, &err);
	if (rc == 0)
		rc = store_queue_get(s, argv[2], &known, &err);
	store_queues_free(known);
	if (rc == 0)
		rc = add_leases(s, argv[2], leases, now_ms, &err);
	if (rc == 0)
		rc = add_headers(s, argv[2], headers, now_ms, &err);
	store_close(s);
	if (rc != 0)
		fprintf(stderr, "fill_store: %s\n", err_words(&err, words, sizeof words));
	return rc != 0;
}
