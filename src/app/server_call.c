/* SPDX-License-Identifier: Apache-2.0 */
#include "app/server_call.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/msg.h"
#include "net/http.h"
#include "wire/json.h"
#include "wire/problem.h"

int server_open(const struct config *config, struct transport **out, struct err *err)
{
	char token[HTTP_TOKEN_SIZE];
	struct http_options options = { .server = config->server, .token = token };
	int rc;

	if (!config->server)
		return err_set(err, ERR_CONFIG,
		               N_("no queue server is named: give --server URL, set COUNTERSIGN_SERVER, or write “server = URL” under [desk] in %s"),
		               config->file);
	if (!config->token_file)
		return err_set(err, ERR_CONFIG,
		               N_("no token file is named: give --token-file FILE, set COUNTERSIGN_TOKEN_FILE, or write “token_file = FILE” under [desk] in %s"),
		               config->file);
	rc = http_token_read(config->token_file, token, err);
	if (rc == 0)
		rc = http_open(&options, out, err);
	hash_wipe(token, sizeof token);
	return rc;
}

static enum err_code code_of(int status)
{
	switch (status) {
	case 401:
	case 403:
		return ERR_DENIED;
	case 404:
		return ERR_NOT_FOUND;
	case 409:
		return ERR_CONFLICT;
	case 413:
		return ERR_LIMIT;
	case 507:
		return ERR_FULL;
	case 408:
	case 425:
	case 429:
	case 500:
	case 502:
	case 503:
	case 504:
		return ERR_OFFLINE;
	default:
		return ERR_INVALID;
	}
}

static int refused(const struct transport_response *r, struct err *err)
{
	struct value *doc = NULL;
	struct problem_read problem;
	struct err_numbuf number;
	int rc;

	if (json_parse(buf_str(&r->body), r->body.len, &prescan_answer, &doc, NULL) != 0
	    || !value_is(doc, VALUE_OBJECT)) {
		value_free(doc);
		return err_set(err, ERR_OFFLINE,
		               N_("the server answered %s without an explanation; is this a Countersign server?"),
		               err_num(&number, r->status));
	}
	problem_read(doc, r->status, &problem);
	rc = err_set(err, code_of(r->status), N_("the server refused: %s"),
	             problem.detail ? problem.detail : gettext(problem_title(problem.problem)));
	if (problem.pointer)
		err_where(err, "%s", problem.pointer);
	value_free(doc);
	return rc;
}

int server_call_text(struct transport *t, enum transport_method method, const char *path,
                     const char *body, size_t len, struct value **out, int *status,
                     struct err *err)
{
	struct transport_request request = {
		.method = method, .path = path, .body = body, .body_len = len, .body_kept = true
	};
	struct transport_response response;
	int rc = transport_call(t, &request, &response, err);

	if (out)
		*out = NULL;
	if (status)
		*status = response.status;
	if (rc == 0 && response.status >= 300)
		rc = refused(&response, err);
	else if (rc == 0 && out
	         && json_parse(buf_str(&response.body), response.body.len, &prescan_answer,
	                       out, NULL) != 0)
		rc = err_set(err, ERR_OFFLINE, N_("the server's answer to %s is not JSON; is this a Countersign server?"), path);
	transport_response_clear(&response);
	return rc;
}

int server_call(struct transport *t, enum transport_method method, const char *path,
                const struct value *body, struct value **out, int *status,
                struct err *err)
{
	struct buf text = BUF_INIT;
	int rc;

	if (body)
		json_text(body, &text);
	rc = server_call_text(t, method, path, body ? buf_str(&text) : NULL, text.len, out,
	                      status, err);
	buf_clear(&text);
	return rc;
}
