/* SPDX-License-Identifier: Apache-2.0
 *
 * The digests of the wire (data/formats.md, "Digests"). All are SHA-256, as
 * text "sha256:" + 64 hex; a salt is 32 lower-case hex digits.
 */
#ifndef WIRE_DIGEST_H
#define WIRE_DIGEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "model/decision.h"
#include "model/value.h"

/* Content digest: SHA-256(16 bytes of salt || JCS(content)). The content of a
 * proposal revision is its document; of a decision or result what
 * digest_answer() makes. False where salt is no salt; out is then empty. */
bool digest_content(const char *salt, const struct value *content,
                    char out[HASH_TEXT_SIZE]);
/* The same over a document still in bytes. ERR_INVALID, ERR_LIMIT. */
int digest_content_bytes(const char *salt, const char *bytes, size_t len,
                         char out[HASH_TEXT_SIZE], struct err *err);
/* {"value":…,"message":…,"note":…}, null where absent; the caller's. */
struct value *digest_answer(const struct value *value, const char *message,
                            const char *note);
/* Own answer in a blind review: SHA-256(salt || JCS({"value":…})). */
bool digest_own(const char *salt, const struct value *value, char out[HASH_TEXT_SIZE]);

/* What was on screen: SHA-256 over JCS
 * {"definition":…,"proposal":<salted digest>,"view":"full|peer|blind"}. */
const char *digest_shown(const char *definition, const char *proposal,
                         enum view_kind view, char out[HASH_TEXT_SIZE]);

/* Of a queue definition: over JCS of those of queue, title, kind, schema,
 * labels, actions, reasons that the document has, as given. Guide and policy
 * are jcs_digest() of the value. */
const char *digest_definition(const struct value *doc, char out[HASH_TEXT_SIZE]);

/* Envelope of a decision (a value as decision_envelope() makes it, or as it
 * came): without content and signature. */
const char *digest_envelope(const struct value *envelope, char out[HASH_TEXT_SIZE]);
/* What makes two offers of an id the same: also without device and seq. */
const char *digest_identity(const struct value *envelope, char out[HASH_TEXT_SIZE]);
/* Appends the bytes a device signs: JCS of the envelope without content and
 * signature. */
void digest_signed_bytes(const struct value *envelope, struct buf *out);
/* base64 of the Ed25519 signature over them; char * is the caller's. */
char *digest_sign(const struct value *envelope,
                  const unsigned char secret_key[SIGN_SECRET_SIZE]);
/* Verifies the member "signature" of the envelope. */
bool digest_signature_valid(const struct value *envelope,
                            const unsigned char public_key[SIGN_PUBLIC_SIZE]);

#endif
