/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/auth.h"

#define TOKEN "cst_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_token_becomes_its_hash(void **state)
{
	unsigned char hash[HASH_SIZE], wanted[HASH_SIZE];

	(void)state;
	hash_sha256(TOKEN, strlen(TOKEN), wanted);
	assert_true(auth_bearer("Bearer " TOKEN, hash));
	assert_memory_equal(hash, wanted, HASH_SIZE);
	memset(hash, 0, sizeof hash);
	assert_true(auth_bearer("bearer  " TOKEN, hash));
	assert_memory_equal(hash, wanted, HASH_SIZE);
}

static void everything_else_is_none(void **state)
{
	static const char *const bad[] = {
		"", "Bearer", "Bearer ", "Basic " TOKEN, TOKEN, "Bearer" TOKEN, "Bearer " TOKEN "0",
		"Bearer " TOKEN " ", "Bearer cst_", "Bearer cst_0123",
		"Bearer CST_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"Bearer cst_0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
	};
	unsigned char hash[HASH_SIZE];

	(void)state;
	assert_false(auth_bearer(NULL, hash));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (auth_bearer(bad[i], hash))
			fail_msg("%s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_becomes_its_hash),
		cmocka_unit_test(everything_else_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
