/* SPDX-License-Identifier: Apache-2.0 */
#include "server/auth.h"

#include <string.h>
#include <strings.h>

enum { TOKEN_LEN = 4 + 64 };

bool auth_bearer(const char *authorization, unsigned char token_hash[HASH_SIZE])
{
	const char *token;

	if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
		return false;
	token = authorization + 7 + strspn(authorization + 7, " ");
	if (strncmp(token, "cst_", 4) != 0 || strlen(token) != TOKEN_LEN
	    || strspn(token + 4, "0123456789abcdef") != TOKEN_LEN - 4)
		return false;
	hash_sha256(token, TOKEN_LEN, token_hash);
	return true;
}
