/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/problem.h"

#include <stdio.h>
#include <string.h>

#include "base/msg.h"

static const char type_prefix[] = "urn:countersign:problem:";

static const struct {
	const char *name;
	int status;
} problems[] = {
#define PROBLEM_ROW(symbol, name, status) [PROBLEM_##symbol] = { name, status },
	PROBLEM_TABLE(PROBLEM_ROW)
#undef PROBLEM_ROW
};

static const char *const titles[] = {
	[PROBLEM_MALFORMED] = N_("The request is malformed"),
	[PROBLEM_UNAUTHORIZED] = N_("The token is missing, unknown or revoked"),
	[PROBLEM_FORBIDDEN] = N_("The role does not allow this"),
	[PROBLEM_NOT_FOUND] = N_("There is no such thing"),
	[PROBLEM_NOT_ALLOWED] = N_("This address does not take this method"),
	[PROBLEM_DECIDED] = N_("It is decided already"),
	[PROBLEM_ALREADY_CONSUMED] = N_("The answer was released already"),
	[PROBLEM_EXPIRED] = N_("It has expired"),
	[PROBLEM_HELD] = N_("The answer is held back"),
	[PROBLEM_CONFLICT] = N_("It has changed meanwhile"),
	[PROBLEM_NOT_LEASED] = N_("The review is not reserved under this token"),
	[PROBLEM_MUST_REFETCH] = N_("The cursor is unknown; fetch everything again"),
	[PROBLEM_TOO_LARGE] = N_("The request is too large"),
	[PROBLEM_INVALID] = N_("The request is well-formed but not allowed"),
	[PROBLEM_ID_REUSED] = N_("The id was used for something else"),
	[PROBLEM_WIRE_TOO_OLD] = N_("This version of the wire is not spoken here"),
	[PROBLEM_TOO_MANY] = N_("Too many requests"),
	[PROBLEM_INTERNAL] = N_("The server has failed"),
	[PROBLEM_BUSY] = N_("The server is busy"),
	[PROBLEM_STORAGE_FULL] = N_("The server has no space left"),
};

const char *problem_name(enum problem p)
{
	return problems[p].name;
}

int problem_status(enum problem p)
{
	return problems[p].status;
}

const char *problem_title(enum problem p)
{
	return titles[p];
}

bool problem_find(const char *name, enum problem *out)
{
	if (!name)
		return false;
	if (strncmp(name, type_prefix, sizeof type_prefix - 1) == 0)
		name += sizeof type_prefix - 1;
	for (int i = 0; i < PROBLEM_COUNT; i++)
		if (strcmp(problems[i].name, name) == 0) {
			*out = (enum problem)i;
			return true;
		}
	return false;
}

struct value *problem_document(enum problem p, const char *detail, const char *pointer,
                               int retry_after_s)
{
	struct value *v = value_new_object();
	char type[64];

	snprintf(type, sizeof type, "%s%s", type_prefix, problems[p].name);
	value_set_string(v, "type", type);
	value_set_string(v, "title", titles[p]);
	value_set_int(v, "status", problems[p].status);
	if (detail)
		value_set_string(v, "detail", detail);
	if (pointer)
		value_set_string(v, "pointer", pointer);
	if (retry_after_s >= 0)
		value_set_int(v, "retry_after_s", retry_after_s);
	return v;
}

/* The JSON pointer inside err->where, or NULL. */
static const char *pointer_of(const struct err *err)
{
	const char *p;

	if (err->where[0] == '/')
		return err->where;
	if (strncmp(err->where, "line ", 5) != 0)
		return NULL;
	p = strstr(err->where, ", /");
	return p ? p + 2 : NULL;
}

struct value *problem_from_err(enum problem p, const struct err *err)
{
	char words[ERR_ARGS * ERR_ARG_SIZE];

	if (!err || err->code == ERR_NONE)
		return problem_document(p, NULL, NULL, -1);
	return problem_document(p, err_words(err, words, sizeof words), pointer_of(err), -1);
}

/* The problem a bare HTTP status most likely means. */
static enum problem by_status(int status)
{
	for (int i = 0; i < PROBLEM_COUNT; i++)
		if (problems[i].status == status)
			return status == 409 ? PROBLEM_CONFLICT : (enum problem)i;
	return status >= 500 ? PROBLEM_INTERNAL : PROBLEM_MALFORMED;
}

void problem_read(const struct value *doc, int http_status, struct problem_read *out)
{
	if (!problem_find(value_text(doc, "type"), &out->problem))
		out->problem = by_status(http_status);
	out->status = (int)value_int_or(doc, "status", http_status);
	out->detail = value_text(doc, "detail");
	out->pointer = value_text(doc, "pointer");
	out->retry_after_s = value_int_or(doc, "retry_after_s", -1);
}
