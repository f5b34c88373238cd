/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "server/route.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define UUID "0193a5c0-0000-7000-8000-000000000001"

static void finds(void **state)
{
	static const struct { const char *method, *path; enum queue_verb verb; const char *id; }
	rows[] = {
		{ "POST", "/v1/proposals", QUEUE_SUBMIT, "" },
		{ "POST", "/v1/proposals:batch", QUEUE_SUBMIT_BATCH, "" },
		{ "GET", "/v1/proposals/" UUID, QUEUE_GET_PROPOSAL, UUID },
		{ "POST", "/v1/proposals/" UUID ":consume", QUEUE_CONSUME, UUID },
		{ "PUT", "/v1/blobs/" HEX64, QUEUE_VERBS, HEX64 },
		{ "GET", "/v1/blobs/" HEX64, QUEUE_GET_BLOB, HEX64 },
		{ "GET", "/v1/definitions/" HEX64, QUEUE_DEFINITION, HEX64 },
		{ "POST", "/v1/leases/" UUID ":reveal", QUEUE_REVEAL, UUID },
		{ "POST", "/v1/leases:release", QUEUE_RELEASE_LEASE, "" },
		{ "POST", "/v1/decisions:batch", QUEUE_DECISIONS, "" },
		{ "GET", "/v1/decisions", QUEUE_RESULTS, "" },
		{ "GET", "/healthz", QUEUE_HEALTH, "" },
	};
	char id[ROUTE_ID_SIZE];
	bool known;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct route *r = route_find(rows[i].method, rows[i].path, id, &known, NULL);

		if (!r)
			fail_msg("%s %s", rows[i].method, rows[i].path);
		assert_int_equal(r->verb, rows[i].verb);
		assert_string_equal(id, rows[i].id);
	}
}

static void nothing_there(void **state)
{
	static const char *const paths[] = {
		"/", "/v1", "/v1/", "/v1/proposals/", "/v1/proposals/A", "/v1/proposals/a/b",
		"/v1/proposals/" UUID ":frobnicate", "/v1/proposals/a%00", "/v1/blobs/abc",
		"/v1/blobs/" HEX64 "0", "/v1/queuesx", "/V1/queues", "/v1/proposals:batch/",
		"/v1/proposals/" HEX64 "0", "/v1/definitions/sha256:" HEX64,
	};
	char id[ROUTE_ID_SIZE];
	bool known;

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		if (route_find("GET", paths[i], id, &known, NULL) || known)
			fail_msg("%s", paths[i]);
	}
}

static void another_method_is_told(void **state)
{
	struct buf allow = BUF_INIT;
	char id[ROUTE_ID_SIZE];
	bool known;

	(void)state;
	assert_null(route_find("DELETE", "/v1/blobs/" HEX64, id, &known, &allow));
	assert_true(known);
	assert_string_equal(buf_str(&allow), "PUT, GET");
	buf_reset(&allow);
	assert_null(route_find("get", "/v1/queues", id, &known, &allow));
	assert_true(known);
	assert_string_equal(buf_str(&allow), "GET");
	buf_clear(&allow);
}

/* A verb without a route could not be reached; one reached twice by different
 * methods would be a slip of the table. */
static void every_verb_has_a_route(void **state)
{
	int count[QUEUE_VERBS + 1] = { 0 };

	(void)state;
	for (const struct route *r = routes; r->method; r++)
		count[r->verb]++;
	for (int v = 0; v < QUEUE_VERBS; v++) {
		bool local = v == QUEUE_LOAD || v == QUEUE_TOKEN_ADD || v == QUEUE_TOKEN_REVOKE
		             || v == QUEUE_TOKEN_LIST;

		if (count[v] != (local ? 0 : v == QUEUE_HEALTH ? 2 : 1))
			fail_msg("verb %d has %d routes", v, count[v]);
	}
	assert_int_equal(count[QUEUE_VERBS], 1);
}

/* data/openapi.yaml and the table tell of the same routes: "  /path:" at two
 * blanks, "    method:" at four, as that file says of itself. */
static void the_document_has_the_same_routes(void **state)
{
	FILE *f = fopen(TEST_DATADIR "/openapi.yaml", "r");
	char line[512], path[128] = "";
	size_t documented = 0, listed = 0;
	bool inside = false;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		size_t indent = strspn(line, " ");
		char *word = line + indent;

		word[strcspn(word, "\n")] = '\0';
		if (indent == 0)
			inside = strcmp(word, "paths:") == 0;
		else if (inside && indent == 2)
			snprintf(path, sizeof path, "%.*s", (int)strlen(word) - 1, word);
		if (inside && indent == 4) {
			const struct route *r = routes;

			documented++;
			while (r->method && (strcmp(r->path, path) != 0
			       || strncasecmp(r->method, word, strlen(r->method)) != 0))
				r++;
			if (!r->method)
				fail_msg("%s %s is no route", word, path);
		}
	}
	fclose(f);
	for (const struct route *r = routes; r->method; r++)
		listed++;
	assert_int_equal(documented, listed);
}

static void limits(void **state)
{
	(void)state;
	assert_int_equal(route_body_max(ROUTE_NO_BODY), 0);
	assert_int_equal(route_body_max(ROUTE_BLOB), 64 << 20);
	assert_int_equal(route_body_max(ROUTE_BATCH), 8 << 20);
	assert_true(route_body_max(ROUTE_DOCUMENT) >= 1 << 20);
	assert_true(route_body_max(ROUTE_DOCUMENT) < 2 << 20);
	assert_ptr_equal(route_body_limits(ROUTE_BATCH), &prescan_batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(another_method_is_told),
		cmocka_unit_test(every_verb_has_a_route),
		cmocka_unit_test(the_document_has_the_same_routes),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
