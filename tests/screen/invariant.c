/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/invariant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/action.h"

enum { FOOT_ROWS = 2, LINE_SIZE = 2048 };

/* --- lines ----------------------------------------------------------------------- */

/* Rules of the desk are dim; what a text draws is not, or starts elsewhere. */
static bool is_line(struct harness *h, unsigned row, unsigned column, const char *shape)
{
	struct harness_cell cell = harness_cell(h, row, column);

	return cell.dim && (strcmp(cell.text, shape) == 0
	                    || strcmp(cell.text, strcmp(shape, "─") == 0 ? "-" : "|") == 0);
}

/* Does the rule that begins a row go on to the edge, or to an upright line? */
static bool is_closed(struct harness *h, unsigned row)
{
	unsigned column = harness_columns(h) - 1;

	if (is_line(h, row, column, "─"))
		return true;
	while (column && !is_line(h, row, column, "│"))
		column--;
	return column > 2 && (is_line(h, row, column - 1, "─") || is_line(h, row, column - 2, "─"));
}

static bool joins(struct harness *h, unsigned row, unsigned column)
{
	static const char *const shapes[] = { "│", "─", "┬", "┴", "┼", "├", "┤", "|", "-", "+" };
	struct harness_cell cell = harness_cell(h, row, column);

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (strcmp(cell.text, shapes[i]) == 0)
			return true;
	return false;
}

static const char *broken_lines(struct harness *h, char buf[INVARIANT_SIZE])
{
	unsigned columns = harness_columns(h), rows = harness_rows(h);

	for (unsigned row = 0; row < rows; row++) {
		if (is_line(h, row, 0, "─") && is_line(h, row, 1, "─")
		    && !is_closed(h, row)) {
			snprintf(buf, INVARIANT_SIZE, "the rule in row %u does not reach the edge", row);
			return buf;
		}
		for (unsigned column = 0; column < columns; column++) {
			if (!is_line(h, row, column, "│"))
				continue;
			if (row && row + 1 < rows && (joins(h, row - 1, column)
			                              || joins(h, row + 1, column)))
				continue;
			snprintf(buf, INVARIANT_SIZE, "the line at row %u, column %u stands alone",
			         row, column);
			return buf;
		}
	}
	return NULL;
}

static const char *broken_edge(struct harness *h, char buf[INVARIANT_SIZE])
{
	for (unsigned row = 0; row < harness_rows(h); row++) {
		if (harness_cell(h, row, harness_columns(h) - 1).width != 2)
			continue;
		snprintf(buf, INVARIANT_SIZE, "row %u ends in half a character", row);
		return buf;
	}
	return NULL;
}

/* --- the key line ---------------------------------------------------------------- */

/* Has the action this key, as the key line names it? */
static bool has_key(const struct desk_action *action, const char *key, size_t len)
{
	const char *keys = action->keys;

	if (len == 3 && strncmp(key, "1-9", 3) == 0)
		return strcmp(keys, "1 2 3 4 5 6 7 8 9") == 0;
	while (*keys) {
		size_t n = strcspn(keys, " ");

		if (n == len && strncmp(keys, key, n) == 0)
			return true;
		keys += n + (keys[n] == ' ');
	}
	return false;
}

bool invariant_key_known(const char *entry)
{
	size_t key = strcspn(entry, " ");

	for (int id = 1; id < ACTION_COUNT && entry[key]; id++) {
		const struct desk_action *action = action_get((enum action_id)id);

		if (action->priority && strcmp(action->title, entry + key + 1) == 0
		    && has_key(action, entry, key))
			return true;
	}
	return false;
}

/* Counts the entries of a row: those that are known, and the first that is not. */
static size_t entries(const char *row, char unknown[INVARIANT_SIZE])
{
	char line[LINE_SIZE], *at = line, *next;
	size_t known = 0;

	unknown[0] = '\0';
	snprintf(line, sizeof line, "%s", row + strspn(row, " "));
	while (at && *at) {
		next = strstr(at, "  ");
		if (next) {
			*next = '\0';
			next += 1 + strspn(next + 1, " ");
		}
		if (invariant_key_known(at))
			known++;
		else if (!unknown[0])
			utf8_copy(unknown, INVARIANT_SIZE, at);
		at = next;
	}
	return known;
}

static bool all_dim(struct harness *h, unsigned row)
{
	for (unsigned column = 0; column < harness_columns(h); column++) {
		struct harness_cell cell = harness_cell(h, row, column);

		if (strcmp(cell.text, " ") != 0 && cell.width && !cell.dim)
			return false;
	}
	return true;
}

/* Some terminals have no faint text: there a hint cannot be told by it. */
static bool knows_dim(struct harness *h)
{
	for (unsigned row = 0; row < harness_rows(h); row++)
		for (unsigned column = 0; column < harness_columns(h); column++)
			if (harness_cell(h, row, column).dim)
				return true;
	return false;
}

static const char *broken_foot(struct harness *h, char buf[INVARIANT_SIZE])
{
	unsigned last = harness_rows(h) - 1;
	char unknown[INVARIANT_SIZE];

	for (unsigned row = last; row + FOOT_ROWS > last; row--) {
		char *line = harness_line(h, row);
		size_t known = entries(line, unknown);

		free(line);
		if (known && unknown[0]) {
			snprintf(buf, INVARIANT_SIZE, "“%.300s” in the key line is no action", unknown);
			return buf;
		}
		if (!known && row == last && !all_dim(h, row) && knows_dim(h)) {
			snprintf(buf, INVARIANT_SIZE, "the last row is no key line: %.300s", unknown);
			return buf;
		}
		if (!known)
			break;
	}
	return NULL;
}

const char *invariant_broken(struct harness *h, char buf[INVARIANT_SIZE])
{
	const char *what = harness_fault(h);

	if (!what)
		what = broken_edge(h, buf);
	if (!what && !harness_shows(h, "too small for the desk"))
		what = broken_foot(h, buf);
	if (!what)
		what = broken_lines(h, buf);
	return what;
}
