/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks a whole audit log without trusting who keeps it. Two verdicts that
 * are never mixed: integrity (nothing was changed, removed from the middle,
 * put in, or rewritten) and completeness (nothing that a device says it sent
 * is missing, and nothing was cut off that an older checkpoint still knows).
 *
 * The log comes from an audit_source: over HTTP, or straight from a data
 * directory. Pages are read and dropped; about a kilobyte for every proposal
 * that was decided stays in memory (audit/facts.h: no texts, no names). What is
 * found wrong is read again to be named.
 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/value.h"

/* Where a log is read from. Each function adds to body exactly the text that
 * the route of the same name answers (GET /v1/log/…); body is empty before.
 * All return 0 or a negative enum err_code. */
struct audit_source {
	void *ctx;
	/* The newest signed checkpoint (a note). */
	int (*checkpoint)(void *ctx, struct buf *body, struct err *err);
	/* {"entries":[{"index","leaf"}…]}: from start, at most to end (exclusive);
	 * may be fewer, at least one. */
	int (*entries)(void *ctx, int64_t start, int64_t end, struct buf *body,
	               struct err *err);
	/* {"consistency":[base64…]}; NULL where the source has none. */
	int (*proof)(void *ctx, int64_t from, int64_t to, struct buf *body,
	             struct err *err);
	/* {"contents":[…],"after","more"}; after NULL: from the beginning. */
	int (*contents)(void *ctx, const char *after, struct buf *body, struct err *err);
	/* {"rows":[…],"after","more"} */
	int (*rows)(void *ctx, const char *after, struct buf *body, struct err *err);
};

/* What is being done, for the progress line. */
enum audit_phase { AUDIT_READING, AUDIT_CONTENTS, AUDIT_ROWS };

struct audit_options {
	bool content;                 /* recompute every digest, compare every row */
	const char *vkey;             /* the log's key as pinned; NULL: not known */
	const char *const *old_notes; /* checkpoints kept from earlier; or NULL */
	size_t old_note_count;
	/* Called now and then; total -1: not known. May be NULL. */
	void (*progress)(void *ctx, enum audit_phase phase, int64_t done, int64_t total);
	void *progress_ctx;
};

enum audit_area {
	AUDIT_AREA_CHECKPOINT,   /* note, signature, consistency with older ones */
	AUDIT_AREA_TREE,         /* root, indexes */
	AUDIT_AREA_LEAF,         /* form of a leaf, sense within its history */
	AUDIT_AREA_DEVICE,       /* numbers of a device not received: completeness */
	AUDIT_AREA_CONTENT,      /* stored content against the digest in the log */
	AUDIT_AREA_ROW           /* stored state against the fold of the log */
};
const char *audit_area_name(enum audit_area area);

/* One thing that is wrong. Every char * owned, NULL: does not apply. */
struct audit_finding {
	enum audit_area area;
	bool completeness;       /* concerns completeness, not integrity */
	int64_t index;           /* of the leaf, or -1 */
	char *table, *id, *column;      /* what in the database */
	char *expected, *found;         /* cut to 200 bytes */
	const char *msgid;       /* N_(): the sentence, no conversions */
};

enum { AUDIT_FINDINGS_MAX = 1000 };   /* kept; all are counted */

struct audit_report {
	bool intact;             /* verdict 1 */
	bool complete;           /* verdict 2 */
	bool signature_checked;  /* false: no key was given */
	bool content_checked;    /* options.content, and every page was read */
	int64_t size;            /* leaves of the checkpoint */
	char root[72];           /* "sha256:…", as recomputed */
	char *origin;
	int64_t epoch;
	int64_t old_checked;     /* older checkpoints found consistent */
	int64_t old_foreign;     /* of another epoch or log: kept as evidence only */
	int64_t devices, missing;/* device numbers not received, in all */
	int64_t proposals, decisions, feedback_rows, rows;
	int64_t contents, erased;/* contents recomputed; contents that were erased */
	struct audit_finding *findings;
	size_t finding_count, finding_cap;
	int64_t finding_total;
};

/* 0 where the check could be carried out, whatever it found; an error where
 * the source could not be read (report then says what was seen so far).
 * report is initialised here and always to be cleared. */
int audit_verify(const struct audit_source *source, const struct audit_options *options,
                 struct audit_report *report, struct err *err);
void audit_report_clear(struct audit_report *report);

/* The report in sentences, one finding a line; values from outside are not yet
 * made safe for a terminal. */
void audit_report_text(const struct audit_report *report, struct buf *out);
/* The same for --json; the caller's. */
struct value *audit_report_value(const struct audit_report *report);

#endif
