/* SPDX-License-Identifier: Apache-2.0
 *
 * Which leaf was changed? The source still has the inner nodes under the
 * signed root. A prefix of our leaves fits them exactly as long as no leaf of
 * it was changed, so the first one is found by halving.
 */
#include "audit/state.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/msg.h"
#include "model/merkle.h"
#include "wire/checkpoint.h"
#include "wire/json.h"

static void root_of(struct audit *a, uint64_t size, unsigned char out[HASH_SIZE])
{
	struct merkle_range range = { .size = 0 };

	for (uint64_t i = 0; i < size; i++)
		merkle_range_add(&range, a->leaf_hash[i], NULL, NULL, NULL);
	merkle_range_root(&range, out);
}

static int prefix_fits(struct audit *a, uint64_t size, const unsigned char signed_root[HASH_SIZE],
                       bool *fits, struct err *err)
{
	unsigned char proof[CHECKPOINT_PROOF_MAX][HASH_SIZE], root[HASH_SIZE];
	struct buf body = BUF_INIT;
	struct value *doc = NULL;
	const struct value *list;
	size_t count = 0;
	int rc = a->source->proof(a->source->ctx, (int64_t)size, (int64_t)a->leaf_count, &body, err);

	*fits = false;
	if (rc == 0)
		rc = json_parse(buf_str(&body), body.len, &prescan_answer, &doc, err);
	list = value_find(doc, "consistency");
	for (; rc == 0 && count < value_count(list) && count < CHECKPOINT_PROOF_MAX; count++) {
		const struct value *v = value_at(list, count);

		if (!value_is(v, VALUE_STRING)
		    || hash_unbase64(v->s, v->len, proof[count], HASH_SIZE) != HASH_SIZE)
			break;
	}
	if (rc == 0) {
		root_of(a, size, root);
		*fits = merkle_verify_consistency(size, a->leaf_count, root, signed_root, proof, count);
	}
	value_free(doc);
	buf_clear(&body);
	return rc;
}

int locate_first(struct audit *a, const unsigned char signed_root[HASH_SIZE], struct err *err)
{
	uint64_t good = 0, bad = a->leaf_count;
	bool fits;
	int rc = 0;

	if (!a->source->proof)
		return 0;
	/* Prefix `good` fits, prefix `bad` does not (the whole one is known not to). */
	while (rc == 0 && bad - good > 1) {
		uint64_t middle = good + (bad - good) / 2;

		rc = prefix_fits(a, middle, signed_root, &fits, err);
		if (rc == 0 && fits)
			good = middle;
		else
			bad = middle;
	}
	if (rc == 0)
		report_add(a->report, AUDIT_AREA_LEAF, (int64_t)good, "log_leaf", NULL, NULL, NULL, NULL,
		           N_("the first leaf that is not the one that was signed"));
	return rc;
}
