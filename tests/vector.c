/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "vector.h"
#include "wire/json.h"

/* Vectors are the project's own: limits are out of the way. */
static const struct prescan_limits any = {
	.max_bytes = 64 << 20, .max_nodes = 4000000, .max_depth = PRESCAN_DEPTH_MAX,
};

bool vector_bytes(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	char piece[65536];
	size_t n;

	if (!f)
		return false;
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(out, piece, n);
	fclose(f);
	return true;
}

struct value *vector_file(const char *path)
{
	struct err err = ERR_INIT;
	struct buf text = BUF_INIT;
	struct value *v = NULL;
	char words[300];

	if (!vector_bytes(path, &text))
		return NULL;
	if (json_parse(buf_str(&text), text.len, &any, &v, &err))
		fail_msg("%s: %s", path, err_words(&err, words, sizeof words));
	buf_clear(&text);
	return v;
}

struct value *vector_load(const char *name)
{
	char path[1024];
	struct value *v;

	snprintf(path, sizeof path, "%s/vectors/%s.json", TEST_DATADIR, name);
	v = vector_file(path);
	if (!v)
		fail_msg("%s is missing", path);
	return v;
}

const char *vector_shared(const char *path)
{
	static char full[1024];
	const char *shared = getenv("COUNTERSIGN_SHARED");

	snprintf(full, sizeof full, "%s/%s", shared ? shared : "", path);
	return shared && access(full, R_OK) == 0 ? full : NULL;
}

const char *vector_text(const struct value *v, const char *key)
{
	const char *s = value_text(v, key);

	if (!s)
		fail_msg("the vector has no text \"%s\"", key);
	return s;
}

struct value *vector_parse(const char *text)
{
	struct err err = ERR_INIT;
	struct value *v = NULL;
	char words[300];

	if (json_parse(text, strlen(text), &any, &v, &err))
		fail_msg("%.80s: %s", text, err_words(&err, words, sizeof words));
	return v;
}

void vector_hash(const char *hex, unsigned char out[HASH_SIZE])
{
	if (!hash_unhex(hex, out, HASH_SIZE)
	    && hash_unbase64(hex, strlen(hex), out, HASH_SIZE) != HASH_SIZE)
		fail_msg("\"%s\" is no hash", hex);
}

size_t vector_hex(const char *hex, void *out, size_t size)
{
	size_t len = strlen(hex) / 2;

	assert_true(len <= size);
	assert_true(hash_unhex(hex, out, len));
	return len;
}
