/* SPDX-License-Identifier: Apache-2.0
 *
 * The feedback store of the server (data/feedback.md) as JSON lines or CSV
 * (RFC 4180; a cell that a spreadsheet would take for a formula gets an
 * apostrophe in front).
 */
#ifndef APP_FEEDBACK_H
#define APP_FEEDBACK_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "net/transport.h"

struct feedback_export {
	const char *queue;   /* or NULL: all that this person may see */
	const char *after;   /* cursor of an earlier page, or NULL */
	bool csv;
	FILE *to;
	long long rows;      /* counted */
};

int feedback_export(struct transport *t, struct feedback_export *e, struct err *err);

#endif
