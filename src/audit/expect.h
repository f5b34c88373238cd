/* SPDX-License-Identifier: Apache-2.0
 *
 * What a stored row must say, column by column, as it follows from a leaf.
 * While the leaves are read only a hash of these columns is kept; where a row
 * does not give it, the leaf is read again and the columns are compared.
 */
#ifndef AUDIT_EXPECT_H
#define AUDIT_EXPECT_H

#include "audit/facts.h"
#include "model/value.h"
#include "wire/leaf.h"

/* Columns of the row that this leaf makes (the caller's; NULL where it makes
 * none of that kind): FACT_PROPOSAL from a proposal or revision leaf, without
 * state, revision and result; FACT_DECISION; FACT_RESULT; FACT_RELEASE. */
struct value *expect_columns(enum fact_kind kind, int64_t index, const struct leaf *leaf);
/* The same columns as a row has them; the caller's. */
struct value *expect_row(enum fact_kind kind, const struct value *row);
void expect_hash(const struct value *columns, unsigned char out[FACTS_KEY]);

/* {"number","digest","state","changed"} that a leaf says of a new result, or
 * NULL. Borrowed. */
const struct value *expect_result(const struct leaf *leaf);

#endif
