/* SPDX-License-Identifier: Apache-2.0 */
#include "server/route.h"

#include <string.h>

const struct route routes[] = {
	/* producer */
	{ "POST", "/v1/proposals", QUEUE_SUBMIT, ROLE_SUBMIT, ROUTE_DOCUMENT, false },
	{ "POST", "/v1/proposals:batch", QUEUE_SUBMIT_BATCH, ROLE_SUBMIT, ROUTE_BATCH, false },
	{ "GET", "/v1/proposals/{id}", QUEUE_GET_PROPOSAL, ROLE_GET_PROPOSAL, ROUTE_NO_BODY, true },
	{ "POST", "/v1/proposals/{id}:withdraw", QUEUE_WITHDRAW, ROLE_WITHDRAW, ROUTE_DOCUMENT, false },
	{ "POST", "/v1/proposals/{id}:consume", QUEUE_CONSUME, ROLE_CONSUME, ROUTE_DOCUMENT, false },
	{ "POST", "/v1/proposals/{id}:revise", QUEUE_REVISE, ROLE_REVISE, ROUTE_DOCUMENT, false },
	{ "GET", "/v1/decisions", QUEUE_RESULTS, ROLE_RESULTS, ROUTE_NO_BODY, true },
	{ "PUT", "/v1/blobs/{sha256}", QUEUE_VERBS, ROLE_PUT_BLOB, ROUTE_BLOB, false },
	{ "GET", "/v1/blobs/{sha256}", QUEUE_GET_BLOB, ROLE_GET_BLOB, ROUTE_NO_BODY, false },
	/* desk */
	{ "GET", "/v1/queues", QUEUE_QUEUES, ROLE_QUEUES, ROUTE_NO_BODY, false },
	{ "GET", "/v1/definitions/{digest}", QUEUE_DEFINITION, ROLE_QUEUES, ROUTE_NO_BODY, false },
	{ "GET", "/v1/reviews", QUEUE_REVIEWS, ROLE_REVIEWS, ROUTE_NO_BODY, false },
	{ "POST", "/v1/leases", QUEUE_LEASES, ROLE_LEASE, ROUTE_DOCUMENT, false },
	{ "POST", "/v1/leases/{review}:reveal", QUEUE_REVEAL, ROLE_LEASE, ROUTE_DOCUMENT, false },
	{ "POST", "/v1/leases:release", QUEUE_RELEASE_LEASE, ROLE_LEASE, ROUTE_DOCUMENT, false },
	{ "POST", "/v1/decisions:batch", QUEUE_DECISIONS, ROLE_DECIDE, ROUTE_BATCH, false },
	{ "GET", "/v1/changes", QUEUE_CHANGES, ROLE_CHANGES, ROUTE_NO_BODY, true },
	/* lead, supervisor, auditor */
	{ "GET", "/v1/feedback", QUEUE_FEEDBACK, ROLE_FEEDBACK, ROUTE_NO_BODY, false },
	{ "GET", "/v1/log/checkpoint", QUEUE_LOG_CHECKPOINT, ROLE_LOG_HEAD, ROUTE_NO_BODY, false },
	{ "GET", "/v1/log/entries", QUEUE_LOG_ENTRIES, ROLE_LOG_ENTRIES, ROUTE_NO_BODY, false },
	{ "GET", "/v1/log/proof", QUEUE_LOG_PROOF, ROLE_LOG_HEAD, ROUTE_NO_BODY, false },
	{ "GET", "/v1/log/contents", QUEUE_LOG_CONTENTS, ROLE_LOG_CONTENTS, ROUTE_NO_BODY, false },
	{ "GET", "/v1/log/rows", QUEUE_LOG_ROWS, ROLE_LOG_CONTENTS, ROUTE_NO_BODY, false },
	/* anyone */
	{ "GET", "/healthz", QUEUE_HEALTH, ROLE_VERBS, ROUTE_NO_BODY, false },
	{ "GET", "/v1/healthz", QUEUE_HEALTH, ROLE_VERBS, ROUTE_NO_BODY, false },
	{ NULL, NULL, QUEUE_VERBS, ROLE_VERBS, ROUTE_NO_BODY, false }
};

/* Length of the part at p that fits the placeholder, 0 where none does. */
static size_t placeholder(const char *name, size_t name_len, const char *p)
{
	size_t len;

	if ((name_len == 6 && memcmp(name, "sha256", 6) == 0)
	    || (name_len == 6 && memcmp(name, "digest", 6) == 0)) {
		len = strspn(p, "0123456789abcdef");
		return len == 64 ? len : 0;
	}
	len = strspn(p, "0123456789abcdefghijklmnopqrstuvwxyz-");
	return len < ROUTE_ID_SIZE ? len : 0;
}

static bool matches(const char *pattern, const char *path, char id[ROUTE_ID_SIZE])
{
	size_t fixed = strcspn(pattern, "{"), name_len, len;
	const char *name = pattern + fixed + 1;

	if (!pattern[fixed])
		return strcmp(pattern, path) == 0;
	if (strncmp(pattern, path, fixed) != 0)
		return false;
	name_len = strcspn(name, "}");
	len = placeholder(name, name_len, path + fixed);
	if (!len || strcmp(name + name_len + 1, path + fixed + len) != 0)
		return false;
	memcpy(id, path + fixed, len);
	id[len] = '\0';
	return true;
}

const struct route *route_find(const char *method, const char *path,
                               char id[ROUTE_ID_SIZE], bool *known, struct buf *allow)
{
	*known = false;
	id[0] = '\0';
	for (const struct route *r = routes; r->method; r++) {
		if (!matches(r->path, path, id))
			continue;
		if (strcmp(r->method, method) == 0)
			return r;
		if (allow) {
			buf_adds(allow, allow->len ? ", " : "");
			buf_adds(allow, r->method);
		}
		*known = true;
	}
	return NULL;
}

const struct prescan_limits *route_body_limits(enum route_body body)
{
	return body == ROUTE_BATCH ? &prescan_batch : &prescan_body;
}

size_t route_body_max(enum route_body body)
{
	switch (body) {
	case ROUTE_DOCUMENT:
	case ROUTE_BATCH:
		return route_body_limits(body)->max_bytes;
	case ROUTE_BLOB:
		return ROUTE_BLOB_MAX;
	case ROUTE_NO_BODY:
	case ROUTE_BODIES:
		break;
	}
	return 0;
}
