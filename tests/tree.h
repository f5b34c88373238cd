/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON text and files as value trees for tests of the pure rooms, which never
 * see JSON themselves. Not for input from outside: no pre-scan.
 */
#ifndef TESTS_TREE_H
#define TESTS_TREE_H

#include <stddef.h>

#include "model/value.h"

/* The caller's. Ends the test where the text is no JSON. ' may stand for ". */
struct value *tree(const char *text);
/* A JSON file, or NULL where there is none. */
struct value *tree_load(const char *path);
/* Calls fn for every line of a JSON Lines file; returns the number of lines,
 * or -1 where there is no such file. */
long tree_each_line(const char *path, void (*fn)(struct value *line, void *arg), void *arg);
/* Path below the shared data that tests may use, or NULL where it is not
 * there; static buffer. */
const char *tree_shared(const char *path);

#endif
