/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/mem.h"

static unsigned char *unhex(const char *hex, size_t *len)
{
	unsigned char *out = mem_alloc(strlen(hex) / 2 + 1);

	*len = strlen(hex) / 2;
	assert_true(hash_unhex(hex, out, *len));
	return out;
}

/* FIPS 180-4 examples. */
static void sha256_vectors(void **state)
{
	static const struct {
		const char *text, *hash;
	} cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" }
	};
	unsigned char hash[HASH_SIZE];
	char hex[65], *million = mem_alloc(1000000);
	struct hash_stream *s = hash_stream_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = strlen(cases[i].text), half = len / 2;

		hash_sha256(cases[i].text, len, hash);
		assert_string_equal(hash_hex(hash, HASH_SIZE, hex), cases[i].hash);
		hash_sha256_two(cases[i].text, half, cases[i].text + half, len - half, hash);
		assert_string_equal(hash_hex(hash, HASH_SIZE, hex), cases[i].hash);
	}
	memset(million, 'a', 1000000);
	for (int i = 0; i < 1000; i++)
		hash_stream_add(s, million + i * 1000, 1000);
	hash_stream_end(s, hash);
	assert_string_equal(hash_hex(hash, HASH_SIZE, hex),
	                    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

/* RFC 4231 4.2 to 4.8, without the truncated one. */
static void hmac_vectors(void **state)
{
	static const struct {
		const char *key, *data, *mac;
	} cases[] = {
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
		  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		  "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
		  "dddddddddddddddddddddddddddddddd",
		  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
		{ "0102030405060708090a0b0c0d0e0f10111213141516171819",
		  "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
		  "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		  "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" }
	};
	unsigned char mac[HASH_SIZE], long_key[131];
	char hex[65];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t key_len, data_len;
		unsigned char *key = unhex(cases[i].key, &key_len);
		unsigned char *data = unhex(cases[i].data, &data_len);

		hash_hmac(key, key_len, data, data_len, mac);
		assert_string_equal(hash_hex(mac, HASH_SIZE, hex), cases[i].mac);
		free(key);
		free(data);
	}
	memset(long_key, 0xaa, sizeof long_key);
	hash_hmac(long_key, sizeof long_key,
	          "Test Using Larger Than Block-Size Key - Hash Key First", 54, mac);
	assert_string_equal(hash_hex(mac, HASH_SIZE, hex),
	                    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 8032 7.1, tests 1 to 3 and SHA(abc). */
static void ed25519_vectors(void **state)
{
	static const struct {
		const char *seed, *public_key, *message, *signature;
	} cases[] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
		{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
		  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
		{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
		  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		  "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
		{ "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
		  "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		  "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
		  "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned char public_key[SIGN_PUBLIC_SIZE], secret_key[SIGN_SECRET_SIZE];
		unsigned char sig[SIGN_SIZE];
		size_t seed_len, message_len;
		unsigned char *seed = unhex(cases[i].seed, &seed_len);
		unsigned char *message = unhex(cases[i].message, &message_len);
		char hex[2 * SIGN_SIZE + 1];

		hash_sign_from_seed(seed, public_key, secret_key);
		assert_string_equal(hash_hex(public_key, SIGN_PUBLIC_SIZE, hex),
		                    cases[i].public_key);
		hash_sign(secret_key, message, message_len, sig);
		assert_string_equal(hash_hex(sig, SIGN_SIZE, hex), cases[i].signature);
		assert_true(hash_sign_verify(public_key, message, message_len, sig));
		for (int bit = 0; bit < 8 * SIGN_SIZE; bit += 37) {
			sig[bit / 8] ^= (unsigned char)(1 << bit % 8);
			assert_false(hash_sign_verify(public_key, message, message_len, sig));
			sig[bit / 8] ^= (unsigned char)(1 << bit % 8);
		}
		assert_false(hash_sign_verify(public_key, "other", 5, sig));
		free(seed);
		free(message);
	}
}

static void keys_are_new_each_time(void **state)
{
	unsigned char public_key[2][SIGN_PUBLIC_SIZE], secret_key[2][SIGN_SECRET_SIZE];
	unsigned char sig[SIGN_SIZE];
	char salt[2][SALT_TEXT_SIZE];

	(void)state;
	for (int i = 0; i < 2; i++) {
		hash_sign_keypair(public_key[i], secret_key[i]);
		assert_int_equal(strlen(hash_new_salt(salt[i])), 32);
	}
	assert_memory_not_equal(public_key[0], public_key[1], SIGN_PUBLIC_SIZE);
	assert_string_not_equal(salt[0], salt[1]);
	hash_sign(secret_key[0], "x", 1, sig);
	assert_true(hash_sign_verify(public_key[0], "x", 1, sig));
	assert_false(hash_sign_verify(public_key[1], "x", 1, sig));
}

static void texts_are_exact(void **state)
{
	unsigned char hash[HASH_SIZE], back[HASH_SIZE];
	char text[HASH_TEXT_SIZE];

	(void)state;
	hash_sha256("x", 1, hash);
	hash_text(hash, text);
	assert_int_equal(strlen(text), HASH_TEXT_SIZE - 1);
	assert_true(hash_parse(text, back));
	assert_true(hash_equal(hash, back, HASH_SIZE));
	text[10] = 'A';
	assert_false(hash_parse(text, back));
	hash_text(hash, text);
	text[HASH_TEXT_SIZE - 2] = '\0';
	assert_false(hash_parse(text, back));
	assert_false(hash_parse("sha512:00", back));
	back[0] ^= 1;
	assert_false(hash_equal(hash, back, HASH_SIZE));
	hash_wipe(back, HASH_SIZE);
	for (int i = 0; i < HASH_SIZE; i++)
		assert_int_equal(back[i], 0);
}

/* RFC 4648 10, and what is not canonical. */
static void base64_vectors(void **state)
{
	static const struct {
		const char *text, *code;
	} cases[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }
	};
	static const char *const bad[] = {
		"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm9v====", "Zm-v", "Zm9vZg==Zg=="
	};
	char out[16];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = strlen(cases[i].text);
		char *code = hash_base64(cases[i].text, len);

		assert_string_equal(code, cases[i].code);
		assert_int_equal(hash_unbase64(code, strlen(code), out, sizeof out), (long)len);
		assert_memory_equal(out, cases[i].text, len);
		free(code);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(hash_unbase64(bad[i], strlen(bad[i]), out, sizeof out), -1);
	assert_int_equal(hash_unbase64("Zm9vYmFy", 8, out, 5), -1);
}

static int start(void **state)
{
	(void)state;
	return id_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_vectors),
		cmocka_unit_test(hmac_vectors),
		cmocka_unit_test(ed25519_vectors),
		cmocka_unit_test(keys_are_new_each_time),
		cmocka_unit_test(texts_are_exact),
		cmocka_unit_test(base64_vectors),
	};

	return cmocka_run_group_tests_name("hash", tests, start, NULL);
}
