/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of the audit: a log with everything that belongs to it, in memory,
 * consistent until a test changes a byte of it. Proposals with two fields (a,
 * b), each decided in turn: approved, corrected, rejected; each fifth answer
 * handed out. The leaves' hashes are kept apart from their texts, as a server
 * keeps its inner nodes.
 */
#ifndef TESTS_FAKE_LOG_H
#define TESTS_FAKE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/audit.h"
#include "base/hash.h"
#include "model/value.h"
#include "wire/checkpoint.h"

struct fake_log {
	char **leaves;
	unsigned char (*hashes)[HASH_SIZE];
	size_t count, cap;
	struct value *contents, *rows;   /* arrays, as the routes give them */
	unsigned char public_key[SIGN_PUBLIC_SIZE], secret_key[SIGN_SECRET_SIZE];
	char origin[CHECKPOINT_NAME_SIZE], vkey[CHECKPOINT_VKEY_SIZE];
	int64_t at_ms;
	size_t page;                     /* elements of a page */
	bool broken_text;                /* pages hold a byte that is no UTF-8 */
};

/* So many proposals, each with its decision. */
void fake_log_init(struct fake_log *f, size_t proposals);
void fake_log_clear(struct fake_log *f);
struct audit_source fake_log_source(struct fake_log *f);
/* Signs what stands there now; the caller's. */
char *fake_log_note(const struct fake_log *f);
/* Computes the kept hashes again from the texts: a server that rewrites. */
void fake_log_rehash(struct fake_log *f);
/* Takes a leaf out, or puts a text in. */
void fake_log_remove(struct fake_log *f, size_t index);
void fake_log_insert(struct fake_log *f, size_t index, const char *text);
/* Index of the leaf of the nth decision, and ids of its row. */
size_t fake_log_decision(const struct fake_log *f, size_t nth);
/* The nth row of a table, and the nth content of a kind; borrowed. */
struct value *fake_log_row(struct fake_log *f, const char *table, size_t nth);
struct value *fake_log_content(struct fake_log *f, const char *kind, size_t nth);

#endif
