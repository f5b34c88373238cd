/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "wire/jcs.h"
#include "wire/json.h"

/* SHA-256(salt || JCS(content)). */
bool digest_content(const char *salt, const struct value *content,
                    char out[HASH_TEXT_SIZE])
{
	unsigned char raw[SALT_SIZE], hash[HASH_SIZE];
	struct buf text = BUF_INIT;

	out[0] = '\0';
	if (!salt || !hash_unhex(salt, raw, sizeof raw))
		return false;
	jcs_write(content, &text);
	hash_sha256_two(raw, sizeof raw, buf_str(&text), text.len, hash);
	buf_clear(&text);
	hash_text(hash, out);
	return true;
}

int digest_content_bytes(const char *salt, const char *bytes, size_t len,
                         char out[HASH_TEXT_SIZE], struct err *err)
{
	struct value *doc = NULL;
	int code = json_parse(bytes, len, NULL, &doc, err);

	out[0] = '\0';
	if (code)
		return code;
	if (!digest_content(salt, doc, out))
		code = err_set(err, ERR_INVALID, N_("a salt is not 32 hexadecimal digits"));
	value_free(doc);
	return code;
}

struct value *digest_answer(const struct value *value, const char *message,
                            const char *note)
{
	struct value *v = value_new_object();

	value_set(v, "value", value ? value_copy(value) : value_new_null());
	value_set_string(v, "message", message);
	value_set_string(v, "note", note);
	return v;
}

bool digest_own(const char *salt, const struct value *value, char out[HASH_TEXT_SIZE])
{
	struct value *v = value_new_object();
	bool ok;

	value_set(v, "value", value ? value_copy(value) : value_new_null());
	ok = digest_content(salt, v, out);
	value_free(v);
	return ok;
}

const char *digest_shown(const char *definition, const char *proposal,
                         enum view_kind view, char out[HASH_TEXT_SIZE])
{
	struct value *v = value_new_object();

	value_set_string(v, "definition", definition);
	value_set_string(v, "proposal", proposal);
	value_set_string(v, "view", view_kind_name(view));
	jcs_digest(v, out);
	value_free(v);
	return out;
}

const char *digest_definition(const struct value *doc, char out[HASH_TEXT_SIZE])
{
	static const char *const members[] = {
		"queue", "title", "kind", "schema", "labels", "actions", "reasons",
	};
	struct value *v = value_new_object();

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		value_set(v, members[i], value_copy(value_find(doc, members[i])));
	jcs_digest(v, out);
	value_free(v);
	return out;
}

/* The envelope without the named members, as a copy. */
static struct value *without(const struct value *envelope, const char *const *members)
{
	struct value *v = value_copy(envelope);

	for (; *members; members++)
		value_remove(v, *members);
	return v;
}

static const char *const not_signed[] = { "content", "signature", NULL };
static const char *const not_identity[] = {
	"content", "signature", "device", "seq", NULL,
};

const char *digest_envelope(const struct value *envelope, char out[HASH_TEXT_SIZE])
{
	struct value *v = without(envelope, not_signed);

	jcs_digest(v, out);
	value_free(v);
	return out;
}

const char *digest_identity(const struct value *envelope, char out[HASH_TEXT_SIZE])
{
	struct value *v = without(envelope, not_identity);

	jcs_digest(v, out);
	value_free(v);
	return out;
}

void digest_signed_bytes(const struct value *envelope, struct buf *out)
{
	struct value *v = without(envelope, not_signed);

	jcs_write(v, out);
	value_free(v);
}

char *digest_sign(const struct value *envelope,
                  const unsigned char secret_key[SIGN_SECRET_SIZE])
{
	unsigned char sig[SIGN_SIZE];
	struct buf text = BUF_INIT;

	digest_signed_bytes(envelope, &text);
	hash_sign(secret_key, buf_str(&text), text.len, sig);
	buf_clear(&text);
	return hash_base64(sig, sizeof sig);
}

bool digest_signature_valid(const struct value *envelope,
                            const unsigned char public_key[SIGN_PUBLIC_SIZE])
{
	const char *base64 = value_text(envelope, "signature");
	unsigned char sig[SIGN_SIZE];
	struct buf text = BUF_INIT;
	bool valid;

	if (!base64 || hash_unbase64(base64, strlen(base64), sig, sizeof sig) != SIGN_SIZE)
		return false;
	digest_signed_bytes(envelope, &text);
	valid = hash_sign_verify(public_key, buf_str(&text), text.len, sig);
	buf_clear(&text);
	return valid;
}
