/* SPDX-License-Identifier: Apache-2.0
 *
 * Sends a file of proposals, one JSON document a line, packed by bytes. A line
 * that is no document is named on stderr with line, byte and pointer, and left
 * out; the rest is sent. Files that a source names ("file", beside its sha256)
 * are uploaded first. Running it again is safe: what is there already is
 * answered as a duplicate.
 */
#ifndef APP_SUBMIT_H
#define APP_SUBMIT_H

#include "base/err.h"
#include "net/transport.h"

struct submit_counts {
	long long submitted, created, duplicate, refused;
};

/* results: file for one JSON line an item, or NULL. counts is right also on
 * error. ERR_OFFLINE: the server stayed away; what was counted is there. */
int submit_file(struct transport *t, const char *path, const char *results,
                struct submit_counts *counts, struct err *err);

#endif
