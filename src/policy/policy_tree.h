/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of the room policy: what a policy document is compiled into. Strings
 * and values are borrowed from the document.
 */
#ifndef POLICY_POLICY_TREE_H
#define POLICY_POLICY_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/pattern.h"
#include "policy/policy.h"

enum policy_result { POLICY_FALSE, POLICY_TRUE, POLICY_MISSING };

enum policy_op {
	POLICY_LT, POLICY_LE, POLICY_GT, POLICY_GE, POLICY_EQ, POLICY_NE, POLICY_IN,
	POLICY_EXISTS, POLICY_ABSENT, POLICY_MATCHES
};

enum policy_join { POLICY_LEAF, POLICY_ALL, POLICY_ANY, POLICY_NOT };

struct policy_node {
	enum policy_join join;
	struct policy_node *children;  /* owned; all, any, not */
	size_t count;

	/* a leaf */
	const struct value *doc;
	const char *path, *title;
	char *before, *after;          /* owned: the path around its step "*"; after
	                                  is NULL where it has none */
	enum policy_op op;
	const struct value *value;     /* or NULL: exists, missing */
	const struct value *asks, *only, *except;   /* arrays of strings, or NULL */
	struct pattern *pattern;       /* owned; matches */
};

struct policy_rule {
	const char *id;
	const char *route_name;        /* escalate: to whom, or NULL */
	enum policy_route route;
	struct policy_node tree;
};

struct policy {
	struct value *doc;             /* owned */
	enum kind kind;
	enum safety_class safety_class;
	enum policy_route otherwise;   /* default */
	int people;                    /* least for an item that people see: 1 or 2 */
	const char *rate;              /* sampling, or NULL: the class's floor */
	const struct value *limits;    /* or NULL */
	struct policy_rule *rules;     /* owned */
	size_t count;
};

enum {
	POLICY_RULES_MAX = 1000,
	POLICY_NODES_MAX = 10000,
	POLICY_NEST_MAX = 16,
	POLICY_REASONS_MAX = 2000,     /* of one verdict */
	POLICY_ASKS_MAX = 500,         /* so many names ask for everything */
	POLICY_FOUND_MAX = 120,        /* bytes of a text kept in a reason */
	POLICY_NUMBER_SIZE = 48
};

/* policy_leaf.c: the result of a leaf on a proposal document. Adds one reason
 * for every place looked at, and the names asked to asks where the result
 * counts: missing, or other than negated (POLICY_TRUE != negated). */
enum policy_result policy_leaf(const struct policy_node *leaf, const struct value *doc,
                               bool negated, struct value *reasons, struct value *asks);
/* The text of a decimal: a number, or a string that is one. NULL for anything
 * else. buf may hold it. */
const char *policy_decimal(const struct value *v, char buf[POLICY_NUMBER_SIZE]);
/* Adds a reason that no leaf gave; title is an English message id. */
void policy_reason(struct value *reasons, const char *title, const char *path,
                   const char *op, const char *value);
const char *policy_op_name(enum policy_op op);
bool policy_op_find(const char *name, enum policy_op *out);
/* Adds a name to an array of strings unless it is there, or POLICY_ASKS_MAX. */
void policy_ask(struct value *asks, const char *name);

#endif
