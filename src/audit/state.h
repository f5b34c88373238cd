/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the room: what the parts of an audit share. verify.c reads the log,
 * fold.c follows its leaves, contents.c and rows.c hold what is stored against
 * them, feedback.c names what is wrong in feedback rows, locate.c the leaf.
 */
#ifndef AUDIT_STATE_H
#define AUDIT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/audit.h"
#include "audit/device.h"
#include "audit/facts.h"
#include "base/hash.h"
#include "wire/leaf.h"

enum { STATE_NAME = 300, STATE_WRONG_MAX = 100 };

/* A decision whose stored feedback rows are not those of its leaf. */
struct wrong {
	char *decision;
	int64_t leaf;
	struct value *rows;              /* as stored, array */
	struct value *proposal;          /* found when looked for again: document, … */
	struct value *content;           /* … {"value","message","note"}, … */
	struct value *envelope;          /* … as sent */
};

struct audit {
	const struct audit_source *source;
	const struct audit_options *options;
	struct audit_report *report;
	struct facts facts;
	struct devices devices;
	unsigned char (*leaf_hash)[HASH_SIZE];
	size_t leaf_count, leaf_cap;
	int64_t newest_ms;               /* latest time of a leaf so far */
	/* rows of feedback that stand together: */
	char *open_decision;
	struct value *open_rows;
	struct wrong *wrong;
	size_t wrong_count, wrong_cap;
};

/* A finding; index -1 and NULL where it does not apply. */
void report_add(struct audit_report *r, enum audit_area area, int64_t index,
                const char *table, const char *id, const char *column,
                const char *expected, const char *found, const char *msgid);
/* The same, concerning completeness. */
void report_incomplete(struct audit_report *r, enum audit_area area, int64_t index,
                       const char *id, const char *expected, const char *found,
                       const char *msgid);
/* Compares two sets of columns and adds a finding for each that differs;
 * true if any does. */
bool report_columns(struct audit_report *r, int64_t index, const char *table, const char *id,
                    const struct value *expected, const struct value *found);

/* Follows one leaf. */
void fold_leaf(struct audit *a, int64_t index, const struct leaf *leaf);
/* After the last leaf: what devices say they sent and the log does not have. */
void fold_end(struct audit *a);
/* Name of a content's record. */
const char *fold_content_name(const char *kind, bool by_digest, const char *subject,
                              int64_t number, const char *digest, char out[STATE_NAME]);
/* What a record is about, for people: reads its leaf again. */
const char *fold_name(struct audit *a, const struct fact *f, char out[STATE_NAME]);

/* One stored content or row against the log; arg is a struct audit. */
void contents_check(void *arg, const struct value *content);
void contents_end(struct audit *a);
void rows_check(void *arg, const struct value *row);
void rows_end(struct audit *a);

/* Rows of feedback of one decision, in their order; NULL ends the last. */
void feedback_take(struct audit *a, const struct value *row);
/* Reads contents and rows again for what is wrong, and names it. */
int feedback_name(struct audit *a, struct err *err);
/* The rows that follow from a proposal, a decision and its leaf, by
 * data/feedback.md; n and, for samples, probability are left out. The
 * caller's. */
struct value *feedback_expected(const struct wrong *w, const struct leaf *leaf,
                                const struct leaf *intake);

/* The root does not fit: finds the first leaf that differs from what was
 * signed, with proofs from the source. */
int locate_first(struct audit *a, const unsigned char signed_root[HASH_SIZE],
                 struct err *err);

#endif
