/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashes, message authentication, signatures and their texts.
 * SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104), Ed25519 (RFC 8032).
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HASH_SIZE = 32,          /* bytes of a SHA-256 */
	HASH_TEXT_SIZE = 72,     /* "sha256:" + 64 hex + NUL */
	SALT_SIZE = 16,          /* bytes of a content salt */
	SALT_TEXT_SIZE = 33,     /* 32 hex + NUL */
	SIGN_PUBLIC_SIZE = 32,
	SIGN_SECRET_SIZE = 64,   /* libsodium's form: seed and public key */
	SIGN_SIZE = 64
};

void hash_sha256(const void *data, size_t len, unsigned char out[HASH_SIZE]);
/* SHA-256 of a followed by b, without a separator. */
void hash_sha256_two(const void *a, size_t a_len, const void *b, size_t b_len,
                     unsigned char out[HASH_SIZE]);
void hash_hmac(const void *key, size_t key_len, const void *data, size_t len,
               unsigned char out[HASH_SIZE]);

/* A hash over pieces. Not to be copied; end it to free it. */
struct hash_stream;
struct hash_stream *hash_stream_new(void);
void hash_stream_add(struct hash_stream *s, const void *data, size_t len);
void hash_stream_end(struct hash_stream *s, unsigned char out[HASH_SIZE]);

/* "sha256:" and lower-case hex; returns out. */
const char *hash_text(const unsigned char hash[HASH_SIZE], char out[HASH_TEXT_SIZE]);
/* False where text is not exactly that form. */
bool hash_parse(const char *text, unsigned char out[HASH_SIZE]);

/* Lower-case hex; out holds 2 * len + 1. Returns out. */
const char *hash_hex(const void *data, size_t len, char *out);
/* False where text is not exactly 2 * len lower-case hex digits. */
bool hash_unhex(const char *text, void *out, size_t len);

/* Standard base64 with padding (RFC 4648 4); char * is the caller's. */
char *hash_base64(const void *data, size_t len);
/* Decodes at most cap bytes; returns the length, or -1 where malformed,
 * not canonical, or longer. */
long hash_unbase64(const char *text, size_t len, void *out, size_t cap);

/* 128 random bits as text: the salt of a content. Returns out. */
const char *hash_new_salt(char out[SALT_TEXT_SIZE]);

void hash_sign_keypair(unsigned char public_key[SIGN_PUBLIC_SIZE],
                       unsigned char secret_key[SIGN_SECRET_SIZE]);
void hash_sign_from_seed(const unsigned char seed[32],
                         unsigned char public_key[SIGN_PUBLIC_SIZE],
                         unsigned char secret_key[SIGN_SECRET_SIZE]);
void hash_sign(const unsigned char secret_key[SIGN_SECRET_SIZE], const void *data,
               size_t len, unsigned char out[SIGN_SIZE]);
bool hash_sign_verify(const unsigned char public_key[SIGN_PUBLIC_SIZE],
                      const void *data, size_t len, const unsigned char sig[SIGN_SIZE]);

/* Comparison in constant time. */
bool hash_equal(const void *a, const void *b, size_t len);
/* Overwrites a secret. */
void hash_wipe(void *data, size_t len);

#endif
