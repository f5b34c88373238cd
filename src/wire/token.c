/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/token.h"

#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "wire/read/decimal.h"

static const char bearer_prefix[] = "cst_";
enum { BEARER_BYTES = 32 };

const char *token_text(int64_t epoch, int64_t counter, char out[TOKEN_TEXT_SIZE])
{
	snprintf(out, TOKEN_TEXT_SIZE, "%lld", (long long)(epoch << 32 | counter));
	return out;
}

int64_t token_number(const char *text)
{
	int64_t n;

	if (!text || !decimal_take(&text, INT64_MAX, &n) || *text
	    || n >> 32 == 0 || (n & UINT32_MAX) == 0)
		return -1;
	return n;
}

bool token_parse(const char *text, int64_t *epoch, int64_t *counter)
{
	int64_t n = token_number(text);

	if (n < 0)
		return false;
	*epoch = n >> 32;
	*counter = n & UINT32_MAX;
	return true;
}

int token_compare(const char *a, const char *b)
{
	int64_t x = token_number(a), y = token_number(b);

	return (x > y) - (x < y);
}

const char *token_bearer_make(const unsigned char random[32], char out[TOKEN_BEARER_SIZE])
{
	memcpy(out, bearer_prefix, sizeof bearer_prefix);
	hash_hex(random, BEARER_BYTES, out + sizeof bearer_prefix - 1);
	return out;
}

const char *token_bearer_new(char out[TOKEN_BEARER_SIZE])
{
	unsigned char random[BEARER_BYTES];

	id_random(random, sizeof random);
	token_bearer_make(random, out);
	hash_wipe(random, sizeof random);
	return out;
}

bool token_bearer_valid(const char *text)
{
	unsigned char raw[BEARER_BYTES];
	size_t prefix = sizeof bearer_prefix - 1;
	bool valid = strncmp(text, bearer_prefix, prefix) == 0
		&& hash_unhex(text + prefix, raw, sizeof raw);

	hash_wipe(raw, sizeof raw);
	return valid;
}

const char *token_bearer_digest(const char *text, char out[HASH_TEXT_SIZE])
{
	unsigned char hash[HASH_SIZE];

	hash_sha256(text, strlen(text), hash);
	return hash_text(hash, out);
}
