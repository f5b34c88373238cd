/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

_Static_assert(HASH_SIZE == crypto_hash_sha256_BYTES, "hash size");
_Static_assert(SIGN_SIZE == crypto_sign_BYTES, "signature size");
_Static_assert(SIGN_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "secret key size");
_Static_assert(SIGN_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES, "public key size");

struct hash_stream {
	crypto_hash_sha256_state state;
};

void hash_sha256(const void *data, size_t len, unsigned char out[HASH_SIZE])
{
	hash_sha256_two(data, len, NULL, 0, out);
}

void hash_sha256_two(const void *a, size_t a_len, const void *b, size_t b_len,
                     unsigned char out[HASH_SIZE])
{
	crypto_hash_sha256_state st;

	crypto_hash_sha256_init(&st);
	if (a_len)
		crypto_hash_sha256_update(&st, a, a_len);
	if (b_len)
		crypto_hash_sha256_update(&st, b, b_len);
	crypto_hash_sha256_final(&st, out);
}

void hash_hmac(const void *key, size_t key_len, const void *data, size_t len,
               unsigned char out[HASH_SIZE])
{
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(&st, key, key_len);
	crypto_auth_hmacsha256_update(&st, data, len);
	crypto_auth_hmacsha256_final(&st, out);
}

struct hash_stream *hash_stream_new(void)
{
	struct hash_stream *s = mem_alloc(sizeof *s);

	crypto_hash_sha256_init(&s->state);
	return s;
}

void hash_stream_add(struct hash_stream *s, const void *data, size_t len)
{
	crypto_hash_sha256_update(&s->state, data, len);
}

void hash_stream_end(struct hash_stream *s, unsigned char out[HASH_SIZE])
{
	crypto_hash_sha256_final(&s->state, out);
	free(s);
}

const char *hash_text(const unsigned char hash[HASH_SIZE], char out[HASH_TEXT_SIZE])
{
	memcpy(out, "sha256:", 7);
	hash_hex(hash, HASH_SIZE, out + 7);
	return out;
}

bool hash_parse(const char *text, unsigned char out[HASH_SIZE])
{
	return strncmp(text, "sha256:", 7) == 0 && hash_unhex(text + 7, out, HASH_SIZE);
}

const char *hash_hex(const void *data, size_t len, char *out)
{
	return sodium_bin2hex(out, 2 * len + 1, data, len);
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool hash_unhex(const char *text, void *out, size_t len)
{
	unsigned char *p = out;

	if (strlen(text) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int hi = nibble(text[2 * i]), lo = nibble(text[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		p[i] = (unsigned char)(hi << 4 | lo);
	}
	return true;
}

char *hash_base64(const void *data, size_t len)
{
	size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);

	return sodium_bin2base64(mem_alloc(size), size, data, len,
	                         sodium_base64_VARIANT_ORIGINAL);
}

long hash_unbase64(const char *text, size_t len, void *out, size_t cap)
{
	size_t got = 0;
	const char *end = NULL;
	char *again;
	bool same;

	if (sodium_base642bin(out, cap, text, len, NULL, &got, &end,
	                      sodium_base64_VARIANT_ORIGINAL) != 0 || end != text + len)
		return -1;
	again = hash_base64(out, got);
	same = strlen(again) == len && memcmp(again, text, len) == 0;
	free(again);
	return same ? (long)got : -1;
}

const char *hash_new_salt(char out[SALT_TEXT_SIZE])
{
	unsigned char salt[SALT_SIZE];

	randombytes_buf(salt, sizeof salt);
	return hash_hex(salt, sizeof salt, out);
}

void hash_sign_keypair(unsigned char public_key[SIGN_PUBLIC_SIZE],
                       unsigned char secret_key[SIGN_SECRET_SIZE])
{
	crypto_sign_keypair(public_key, secret_key);
}

void hash_sign_from_seed(const unsigned char seed[32],
                         unsigned char public_key[SIGN_PUBLIC_SIZE],
                         unsigned char secret_key[SIGN_SECRET_SIZE])
{
	crypto_sign_seed_keypair(public_key, secret_key, seed);
}

void hash_sign(const unsigned char secret_key[SIGN_SECRET_SIZE], const void *data,
               size_t len, unsigned char out[SIGN_SIZE])
{
	crypto_sign_detached(out, NULL, data, len, secret_key);
}

bool hash_sign_verify(const unsigned char public_key[SIGN_PUBLIC_SIZE],
                      const void *data, size_t len, const unsigned char sig[SIGN_SIZE])
{
	return crypto_sign_verify_detached(sig, data, len, public_key) == 0;
}

bool hash_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void hash_wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}
