/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/utf8.h"
#include "wire/checkpoint.h"

/* C2SP signed-note. Key id: first four bytes of
 * SHA-256(name || 0x0a || 0x01 || public key), 0x01 standing for Ed25519. */

enum { KEY_ID_SIZE = 4, ALGORITHM_ED25519 = 1 };
static const char signature_mark[] = "\xe2\x80\x94 ";   /* em dash, blank */

static void key_id(const char *name, const unsigned char public_key[SIGN_PUBLIC_SIZE],
                   unsigned char out[KEY_ID_SIZE])
{
	unsigned char tail[2 + SIGN_PUBLIC_SIZE] = { '\n', ALGORITHM_ED25519 };
	unsigned char hash[HASH_SIZE];

	memcpy(tail + 2, public_key, SIGN_PUBLIC_SIZE);
	hash_sha256_two(name, strlen(name), tail, sizeof tail, hash);
	memcpy(out, hash, KEY_ID_SIZE);
}

const char *checkpoint_vkey(const char *name, const unsigned char public_key[SIGN_PUBLIC_SIZE],
                            char out[CHECKPOINT_VKEY_SIZE])
{
	unsigned char id[KEY_ID_SIZE], typed[1 + SIGN_PUBLIC_SIZE] = { ALGORITHM_ED25519 };
	char hex[2 * KEY_ID_SIZE + 1];
	char *base64;

	key_id(name, public_key, id);
	memcpy(typed + 1, public_key, SIGN_PUBLIC_SIZE);
	base64 = hash_base64(typed, sizeof typed);
	snprintf(out, CHECKPOINT_VKEY_SIZE, "%s+%s+%s", name,
	         hash_hex(id, sizeof id, hex), base64);
	free(base64);
	return out;
}

int checkpoint_vkey_parse(const char *vkey, char name[CHECKPOINT_NAME_SIZE],
                          unsigned char public_key[SIGN_PUBLIC_SIZE], struct err *err)
{
	unsigned char typed[1 + SIGN_PUBLIC_SIZE], id[KEY_ID_SIZE], claimed[KEY_ID_SIZE];
	size_t name_len = strcspn(vkey, "+"), id_len;
	const char *hex = vkey + name_len + 1, *base64;
	char hex_text[2 * KEY_ID_SIZE + 1] = "";

	if (!vkey[name_len] || !name_len || name_len >= CHECKPOINT_NAME_SIZE)
		goto refuse;
	id_len = strcspn(hex, "+");
	if (!hex[id_len] || id_len != 2 * KEY_ID_SIZE)
		goto refuse;
	base64 = hex + id_len + 1;
	memcpy(hex_text, hex, id_len);
	if (!hash_unhex(hex_text, claimed, sizeof claimed)
	    || hash_unbase64(base64, strlen(base64), typed, sizeof typed) != sizeof typed
	    || typed[0] != ALGORITHM_ED25519)
		goto refuse;
	memcpy(name, vkey, name_len);
	name[name_len] = '\0';
	memcpy(public_key, typed + 1, SIGN_PUBLIC_SIZE);
	key_id(name, public_key, id);
	if (memcmp(id, claimed, sizeof id) == 0)
		return 0;
refuse:
	return err_set(err, ERR_INVALID, N_("this is not a verifier key of Ed25519"));
}

void checkpoint_note_sign(const char *text, size_t len, const char *name,
                          const unsigned char secret_key[SIGN_SECRET_SIZE],
                          struct buf *out)
{
	unsigned char blob[KEY_ID_SIZE + SIGN_SIZE];
	char *base64;

	/* libsodium's secret key is seed and public key. */
	key_id(name, secret_key + SIGN_SECRET_SIZE - SIGN_PUBLIC_SIZE, blob);
	hash_sign(secret_key, text, len, blob + KEY_ID_SIZE);
	base64 = hash_base64(blob, sizeof blob);
	buf_add(out, text, len);
	buf_addf(out, "\n%s%s %s\n", signature_mark, name, base64);
	free(base64);
}

struct key {
	char name[CHECKPOINT_NAME_SIZE];
	unsigned char public_key[SIGN_PUBLIC_SIZE];
	unsigned char id[KEY_ID_SIZE];
};

/* Is [line, line + n) a well-formed signature line? *ours: of this key; blob
 * then holds its key id and signature. */
static bool read_signature(const char *line, size_t n, const struct key *key, bool *ours,
                           unsigned char blob[KEY_ID_SIZE + SIGN_SIZE])
{
	size_t mark = sizeof signature_mark - 1, name_len = strlen(key->name);
	const char *end = line + n, *blank;

	*ours = false;
	if (n <= mark || memcmp(line, signature_mark, mark) != 0)
		return false;
	line += mark;
	blank = memchr(line, ' ', (size_t)(end - line));
	if (!blank || blank == line || blank + 1 == end)
		return false;
	if ((size_t)(blank - line) != name_len || memcmp(line, key->name, name_len) != 0)
		return true;
	*ours = hash_unbase64(blank + 1, (size_t)(end - blank - 1), blob,
	                      KEY_ID_SIZE + SIGN_SIZE) == KEY_ID_SIZE + SIGN_SIZE
		&& memcmp(blob, key->id, KEY_ID_SIZE) == 0;
	return true;
}

/* Start of the signature lines: behind the last empty line. NULL: no note. */
static const char *signatures_of(const char *note, size_t len)
{
	if (len < 2 || note[len - 1] != '\n' || utf8_check(note, len) != len)
		return NULL;
	for (const char *p = note + len - 1; p > note; p--)
		if (p[0] == '\n' && p[-1] == '\n')
			return p + 1;
	return NULL;
}

int checkpoint_note_verify(const char *note, size_t len, const char *vkey,
                           size_t *text_len, struct err *err)
{
	unsigned char blob[KEY_ID_SIZE + SIGN_SIZE];
	const char *p = signatures_of(note, len), *end = note + len;
	bool ours, verified = false;
	struct key key;

	if (checkpoint_vkey_parse(vkey, key.name, key.public_key, err))
		return ERR_INVALID;
	key_id(key.name, key.public_key, key.id);
	if (!p || p == end)
		return err_set(err, ERR_INVALID, N_("this is not a signed note"));
	*text_len = (size_t)(p - 1 - note);
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		if (!read_signature(p, (size_t)(nl - p), &key, &ours, blob))
			return err_set(err, ERR_INVALID, N_("this is not a signed note"));
		if (ours) {
			if (!hash_sign_verify(key.public_key, note, *text_len,
			                      blob + KEY_ID_SIZE))
				return err_set(err, ERR_DENIED,
				               N_("the signature of the log is wrong"));
			verified = true;
		}
		p = nl + 1;
	}
	if (!verified)
		return err_set(err, ERR_DENIED, N_("the signature of the log is missing"));
	return 0;
}
