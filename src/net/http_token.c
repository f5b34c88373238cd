/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/msg.h"
#include "net/http.h"

int http_token_read(const char *path, char token[HTTP_TOKEN_SIZE], struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = file_read_secret(path, 4096, &text, err);
	unsigned char bytes[32];

	token[0] = '\0';
	if (rc == 0 && (text.len != HTTP_TOKEN_SIZE - 1 || strlen(buf_str(&text)) != text.len ||
	                strncmp(buf_str(&text), "cst_", 4) != 0 ||
	                !hash_unhex(buf_str(&text) + 4, bytes, sizeof bytes)))
		rc = err_set(err, ERR_INVALID,
		             N_("%s does not hold a token (one line: cst_ and 64 hexadecimal digits)"),
		             path);
	if (rc == 0)
		memcpy(token, text.data, HTTP_TOKEN_SIZE);
	hash_wipe(bytes, sizeof bytes);
	if (text.data)
		hash_wipe(text.data, text.cap);
	buf_clear(&text);
	return rc;
}
