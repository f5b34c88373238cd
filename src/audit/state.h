/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of an audit share: verify.c reads pages, fold.c follows the
 * leaves, contents.c and rows.c hold what is stored against them.
 */
#ifndef AUDIT_STATE_H
#define AUDIT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/audit.h"
#include "base/hash.h"
#include "base/id.h"
#include "wire/content.h"
#include "wire/leaf.h"

enum { STATE_KEY_SIZE = 128, STATE_WORD_SIZE = 24 };

/* One thing that the log says exists. The key begins with its kind:
 * "proposal/ID", "content/KIND/SUBJECT/NUMBER", "decision/ID",
 * "result/ID/NUMBER", "release/ID", "device/ID". */
struct fact {
	char key[STATE_KEY_SIZE];
	int64_t leaf;                    /* the newest that speaks of it */
	bool seen;                       /* found among what is stored */
	char digest[HASH_TEXT_SIZE];     /* content, result: its digest; decision:
	                                    envelope */
	char state[STATE_WORD_SIZE];     /* proposal; result */
	int64_t revision;                /* proposal */
	int64_t number;                  /* proposal: newest result; release;
	                                    device: how many numbers came */
	int64_t last;                    /* device: the largest number */
	/* decision: */
	char verdict[STATE_WORD_SIZE], outcome[STATE_WORD_SIZE], stage[STATE_WORD_SIZE];
	char actor[STATE_KEY_SIZE], device[ID_SIZE];
	bool late;
	int64_t seq, feedback_rows;
	char feedback[HASH_TEXT_SIZE], faults[HASH_TEXT_SIZE];
	char salt[SALT_TEXT_SIZE];       /* from the contents */
	struct buf rows;                 /* JCS of its feedback rows so far */
	int64_t first_row;
};

struct audit {
	const struct audit_source *source;
	const struct audit_options *options;
	struct audit_report *report;
	void *facts;                     /* tree of struct fact, by key */
	unsigned char (*leaf_hash)[HASH_SIZE];
	size_t leaf_count, leaf_cap;
	struct fact *open_rows;          /* decision whose feedback rows come now */
};

/* NULL where the log does not know the key. */
struct fact *fact_find(struct audit *a, const char *key);
struct fact *fact_get(struct audit *a, const char *key);   /* made if missing */
void fact_each(struct audit *a, void (*visit)(struct audit *a, struct fact *f));
void fact_free_all(struct audit *a);

/* A finding; index -1 and NULL where it does not apply. */
void report_add(struct audit_report *r, enum audit_area area, int64_t index,
                const char *table, const char *id, const char *column,
                const char *expected, const char *found, const char *msgid);
/* The same, concerning completeness. */
void report_incomplete(struct audit_report *r, enum audit_area area, int64_t index,
                       const char *id, const char *expected, const char *found,
                       const char *msgid);

/* Follows one leaf. */
void fold_leaf(struct audit *a, int64_t index, const struct leaf *leaf);
/* After the last leaf: what devices say they sent and the log does not have. */
void fold_end(struct audit *a);

/* One stored content against the log. */
void contents_check(struct audit *a, const struct value *content);
void contents_end(struct audit *a);
/* One stored row against the log. */
void rows_check(struct audit *a, const struct value *row);
void rows_end(struct audit *a);

/* The root does not fit: finds the first leaf that differs from what was
 * signed, with proofs from the source. */
int locate_first(struct audit *a, const unsigned char signed_root[HASH_SIZE],
                 struct err *err);

#endif
