/* SPDX-License-Identifier: Apache-2.0 */
#include "app/log_source.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/msg.h"
#include "wire/json.h"
#include "wire/problem.h"

static int get(struct transport *t, const char *path, struct buf *body, struct err *err)
{
	struct transport_request request = { .method = TRANSPORT_GET, .path = path };
	struct transport_response response;
	struct value *doc = NULL;
	struct problem_read problem = { .detail = NULL };
	int rc = transport_call(t, &request, &response, err);

	if (rc == 0 && response.status >= 300) {
		if (json_parse(buf_str(&response.body), response.body.len, &prescan_answer, &doc, NULL) == 0)
			problem_read(doc, response.status, &problem);
		rc = err_set(err, response.status == 401 || response.status == 403 ? ERR_DENIED : ERR_OFFLINE,
		             N_("the server does not give the log out: %s"),
		             problem.detail ? problem.detail : path);
		value_free(doc);
	} else if (rc == 0) {
		buf_add(body, buf_str(&response.body), response.body.len);
	}
	transport_response_clear(&response);
	return rc;
}

static int get_checkpoint(void *ctx, struct buf *body, struct err *err)
{
	return get(ctx, "/v1/log/checkpoint", body, err);
}

static int get_range(void *ctx, const char *fmt_a, int64_t a, const char *fmt_b, int64_t b,
                     struct buf *body, struct err *err)
{
	char *path = mem_printf("/v1/log/%s%lld%s%lld", fmt_a, (long long)a, fmt_b, (long long)b);
	int rc = get(ctx, path, body, err);

	free(path);
	return rc;
}

static int get_entries(void *ctx, int64_t start, int64_t end, struct buf *body, struct err *err)
{
	return get_range(ctx, "entries?start=", start, "&end=", end, body, err);
}

static int get_proof(void *ctx, int64_t from, int64_t to, struct buf *body, struct err *err)
{
	return get_range(ctx, "proof?from=", from, "&to=", to, body, err);
}

static int get_after(void *ctx, const char *what, const char *after, struct buf *body,
                     struct err *err)
{
	struct buf path = BUF_INIT;
	int rc;

	buf_addf(&path, "/v1/log/%s?limit=500", what);
	if (after) {
		buf_adds(&path, "&after=");
		transport_encode(&path, after);
	}
	rc = get(ctx, buf_str(&path), body, err);
	buf_clear(&path);
	return rc;
}

static int get_contents(void *ctx, const char *after, struct buf *body, struct err *err)
{
	return get_after(ctx, "contents", after, body, err);
}

static int get_rows(void *ctx, const char *after, struct buf *body, struct err *err)
{
	return get_after(ctx, "rows", after, body, err);
}

void log_source_init(struct audit_source *source, struct transport *t)
{
	*source = (struct audit_source){ .ctx = t, .checkpoint = get_checkpoint,
		.entries = get_entries, .proof = get_proof, .contents = get_contents,
		.rows = get_rows };
}
