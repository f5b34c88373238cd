/* SPDX-License-Identifier: Apache-2.0 */
#include "app/submit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/progress.h"
#include "app/server_call.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "wire/json.h"

enum {
	BATCH_ITEMS = 100,
	BATCH_BYTES = 4 << 20,       /* half of what the server takes */
	FILE_BYTES = 1 << 30,
	TRIES = 6
};

struct submit {
	const char *path;
	struct transport *transport;
	FILE *results;               /* --results, or NULL */
	struct buf batch;            /* "{"proposals":[…" so far */
	size_t lines[BATCH_ITEMS];   /* line numbers of the batch */
	char *ids[BATCH_ITEMS];      /* external ids, owned */
	size_t count;
	struct submit_counts counts;
	struct progress progress;
};

static void tell_refused(struct submit *s, size_t line, const char *external_id,
                         const char *place, const char *text)
{
	char safe_place[320], safe_text[1024];

	s->counts.refused++;
	progress_hide(&s->progress);
	text_safe_line(place ? place : "", safe_place, sizeof safe_place);
	text_safe_line(text ? text : "", safe_text, sizeof safe_text);
	/* An explanation may name its place already. */
	if (strstr(safe_text, safe_place))
		safe_place[0] = '\0';
	fprintf(stderr, _("%s: line %zu refused: %s%s%s\n"), s->path, line, safe_text,
	        *safe_place ? ": " : "", safe_place);
	if (s->results) {
		struct value *row = value_new_object();
		struct buf out = BUF_INIT;

		value_set_int(row, "line", (int64_t)line);
		value_set_string(row, "external_id", external_id);
		value_set_string(row, "result", "refused");
		value_set_string(row, "pointer", place);
		value_set_string(row, "detail", text);
		json_text(row, &out);
		fprintf(s->results, "%s\n", buf_str(&out));
		buf_clear(&out);
		value_free(row);
	}
}

static void tell_taken(struct submit *s, size_t line, const char *external_id,
                       const struct value *answer, bool duplicate)
{
	struct value *row;
	struct buf out = BUF_INIT;

	if (duplicate)
		s->counts.duplicate++;
	else
		s->counts.created++;
	if (!s->results)
		return;
	row = value_new_object();
	value_set_int(row, "line", (int64_t)line);
	value_set_string(row, "external_id", external_id);
	value_set_string(row, "result", duplicate ? "duplicate" : "created");
	value_set_string(row, "id", value_text(answer, "id"));
	value_set_string(row, "state", value_text(answer, "state"));
	json_text(row, &out);
	fprintf(s->results, "%s\n", buf_str(&out));
	buf_clear(&out);
	value_free(row);
}

/* "/proposals/3/queue" of the batch is "/queue" of the line. */
static const char *place_in_line(const char *pointer)
{
	size_t prefix = strlen("/proposals/");

	if (!pointer || strncmp(pointer, "/proposals/", prefix) != 0)
		return pointer;
	pointer += prefix + strspn(pointer + prefix, "0123456789");
	return pointer;
}

static void tell_results(struct submit *s, const struct value *answer)
{
	const struct value *results = value_find(answer, "results");

	for (size_t i = 0; i < s->count; i++) {
		const struct value *r = value_at(results, i);
		const struct value *body = value_find(r, "answer");
		const struct value *problem = value_find(r, "problem");

		if (body)
			tell_taken(s, s->lines[i], s->ids[i], body, value_bool_or(body, "duplicate", false));
		else
			tell_refused(s, s->lines[i], s->ids[i], place_in_line(value_text(problem, "pointer")),
			             value_text_or(problem, "detail", value_text_or(problem, "title", "")));
	}
}

/* Calls again after a pause while the server may come back. */
static int call_patiently(struct submit *s, const char *body, size_t len,
                          struct value **answer, struct err *err)
{
	int rc = 0;

	for (int n = 0; n < TRIES; n++) {
		err_clear(err);
		rc = server_call_text(s->transport, TRANSPORT_POST, "/v1/proposals:batch", body,
		                      len, answer, NULL, err);
		if (rc != ERR_OFFLINE)
			break;
		if (n + 1 < TRIES) {
			progress_note(&s->progress, _("the server is away, trying again"));
			usleep(200000u << n);
		}
	}
	return rc;
}

static int send_batch(struct submit *s, struct err *err)
{
	struct value *answer = NULL;
	int rc;

	if (!s->count)
		return 0;
	buf_adds(&s->batch, "]}");
	rc = call_patiently(s, buf_str(&s->batch), s->batch.len, &answer, err);
	if (rc == 0)
		tell_results(s, answer);
	value_free(answer);
	for (size_t i = 0; i < s->count; i++)
		free(s->ids[i]);
	s->count = 0;
	buf_reset(&s->batch);
	return rc;
}

static int upload_blob(struct submit *s, const char *path, const char *sha256, struct err *err)
{
	struct transport_request request = {
		.method = TRANSPORT_PUT, .upload_path = path, .media_type = "application/octet-stream"
	};
	char *url = mem_printf("/v1/blobs/%s", sha256);
	struct transport_response response;
	struct err_numbuf number;
	int rc;

	request.path = url;
	rc = transport_call(s->transport, &request, &response, err);
	if (rc == 0 && response.status >= 300)
		rc = err_set(err, ERR_INVALID, N_("the server did not take %s (status %s)"), path,
		             err_num(&number, response.status));
	transport_response_clear(&response);
	free(url);
	return rc;
}

/* Uploads the files that the sources of a proposal name beside it. */
static int upload_blobs(struct submit *s, const struct value *doc, struct err *err)
{
	const struct value *sources = value_find(doc, "sources");
	const char *slash = strrchr(s->path, '/');
	char *dir = slash ? mem_strndup(s->path, (size_t)(slash - s->path)) : mem_strdup(".");
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < value_count(sources); i++) {
		const struct value *source = value_at(sources, i);
		const char *file = value_text(source, "file"), *sha = value_text(source, "sha256");
		unsigned char raw[HASH_SIZE];
		char *path;

		if (!file)
			continue;
		if (!sha || !hash_unhex(sha, raw, sizeof raw) || file[0] == '/' || strstr(file, "..")) {
			rc = err_set(err, ERR_INVALID, N_("a source with a file needs its sha256 and a name below the folder of the list"));
			err_where(err, "/sources/%zu", i);
			break;
		}
		path = file_join(dir, file);
		rc = upload_blob(s, path, sha, err);
		err_where(err, "/sources/%zu/file", i);
		free(path);
	}
	free(dir);
	return rc;
}

static int add_line(struct submit *s, const char *line, size_t len, size_t number, struct err *err)
{
	struct err own = ERR_INIT;
	struct value *doc = NULL;
	int rc;

	s->counts.submitted++;
	rc = json_parse(line, len, &prescan_body, &doc, &own);
	if (rc == 0) {
		const struct value *inner = value_find(doc, "proposal");

		rc = upload_blobs(s, inner ? inner : doc, &own);
	}
	if (rc == ERR_OFFLINE) {
		*err = own;
		value_free(doc);
		return rc;
	}
	if (rc != 0) {
		char words[ERR_WHERE_SIZE + 512];
		char place[ERR_WHERE_SIZE];

		memcpy(place, own.where, sizeof place);
		own.where[0] = '\0';
		tell_refused(s, number, value_text(doc, "external_id"), place,
		             err_words(&own, words, sizeof words));
		value_free(doc);
		return 0;
	}
	if (s->count == BATCH_ITEMS || (s->count && s->batch.len + len > BATCH_BYTES))
		rc = send_batch(s, err);
	buf_adds(&s->batch, s->count ? "," : "{\"proposals\":[");
	buf_add(&s->batch, line, len);
	s->lines[s->count] = number;
	s->ids[s->count++] = mem_strdup(value_text(doc, "external_id"));
	value_free(doc);
	return rc;
}

static int submit_all(struct submit *s, const struct buf *text, struct err *err)
{
	size_t at = 0, number = 0;
	int rc = 0;

	progress_begin(&s->progress, _("submitting"), (long long)text->len);
	while (rc == 0 && at < text->len) {
		const char *line = text->data + at;
		const char *end = memchr(line, '\n', text->len - at);
		size_t len = end ? (size_t)(end - line) : text->len - at;

		number++;
		at += len + 1;
		if (strspn(line, " \t\r") < len)
			rc = add_line(s, line, len, number, err);
		progress_at(&s->progress, (long long)at);
	}
	if (rc == 0)
		rc = send_batch(s, err);
	for (size_t i = 0; i < s->count; i++)
		free(s->ids[i]);
	progress_end(&s->progress);
	return rc;
}

int submit_file(struct transport *t, const char *path, const char *results,
                struct submit_counts *counts, struct err *err)
{
	struct submit s = { .path = path, .transport = t };
	struct buf text = BUF_INIT;
	int rc = file_read(path, FILE_BYTES, &text, err);

	if (rc == 0 && results && !(s.results = fopen(results, "w")))
		rc = err_errno(err, N_("cannot write %s: %s"), results);
	if (rc == 0)
		rc = submit_all(&s, &text, err);
	if (s.results && fclose(s.results) != 0 && rc == 0)
		rc = err_errno(err, N_("cannot write %s: %s"), results);
	*counts = s.counts;
	buf_clear(&s.batch);
	buf_clear(&text);
	return rc;
}
