/* SPDX-License-Identifier: Apache-2.0
 *
 * fill_store DIR N: a store with N mirrored headers of one queue, for the bench.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "store/command.h"
#include "store/store.h"

enum { SLICE = 1000 };

static void make_header(struct review_header *h, long long n, int64_t now_ms)
{
	unsigned char random[10] = { 0 };
	char *text = h->external_id;

	for (int i = 0; i < 8; i++)
		random[9 - i] = (unsigned char)(n >> (8 * i));
	id_make(now_ms + n, random, h->review);
	random[0] = 1;
	id_make(now_ms + n, random, h->proposal);
	snprintf(text, 32, "bench-%08lld", n);
	h->kind = KIND_EXTRACTION;
	h->safety_class = (enum safety_class)(n % 3);
	h->stage = STAGE_FIRST;
	h->confidence_pm = (int)(n * 37 % 1000);
	h->received_ms = now_ms + n;
	h->due_ms = now_ms + 3600000 + n % 977 * 1000;
	h->order = now_ms + n;
}

int main(int argc, char **argv)
{
	static const struct store_queue_in queue = {
		.name = "bench", .title = "Bench", .kind = KIND_EXTRACTION, .definition = "",
		.policy = "", .roles = "reviewer", .lease_s = 900 };
	static struct review_header headers[SLICE];
	static char ids[SLICE][32];
	long long total = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
	int64_t now_ms = clock_now_ms();
	struct err err = ERR_INIT;
	struct store *s = NULL;
	char words[512];
	int rc;

	if (argc != 3 || total < 1 || id_init() != 0)
		return 2;
	rc = store_open(argv[1], &s, &err);
	if (rc == 0)
		rc = store_queues_put(s, &queue, 1, &err);
	for (long long n = 0; rc == 0 && n < total;) {
		size_t count = 0, taken = 0;

		for (; count < SLICE && n + (long long)count < total; count++) {
			headers[count].external_id = ids[count];
			headers[count].queue = (char *)"bench";
			headers[count].state = (char *)"waiting";
			make_header(&headers[count], n + (long long)count, now_ms);
		}
		rc = store_headers_put(s, headers, count, NULL, NULL, &taken, &err);
		n += (long long)taken;
	}
	if (rc == 0)
		store_idle(s);
	store_close(s);
	if (rc != 0)
		fprintf(stderr, "fill_store: %s\n", err_words(&err, words, sizeof words));
	return rc != 0;
}
