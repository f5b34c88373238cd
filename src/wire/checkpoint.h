/* SPDX-License-Identifier: Apache-2.0
 *
 * Checkpoints of the audit log: C2SP signed-note, tlog-checkpoint and
 * tlog-proof texts, Ed25519.
 *
 *   countersign/0123456789abcdef/1        origin
 *   42                                    size
 *   <base64 of the root>
 *
 *   — countersign/0123456789abcdef/1 <base64 of key id and signature>
 */
#ifndef WIRE_CHECKPOINT_H
#define WIRE_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum {
	CHECKPOINT_NAME_SIZE = 200,       /* origin or key name with NUL */
	CHECKPOINT_VKEY_SIZE = 300,
	CHECKPOINT_PROOF_MAX = 64         /* hashes of a proof */
};

struct checkpoint {
	char origin[CHECKPOINT_NAME_SIZE];
	uint64_t size;                    /* leaves, at most 2^53-1 */
	unsigned char root[HASH_SIZE];
};

/* "countersign/<16 hex of SHA-256(public key)>/<epoch>"; returns out. */
const char *checkpoint_origin(const unsigned char public_key[SIGN_PUBLIC_SIZE],
                              int64_t epoch, char out[CHECKPOINT_NAME_SIZE]);
/* Epoch of such an origin, or -1. */
int64_t checkpoint_epoch(const char *origin);

/* Verifier key "NAME+HEX8+BASE64" of an Ed25519 key; returns out. */
const char *checkpoint_vkey(const char *name, const unsigned char public_key[SIGN_PUBLIC_SIZE],
                            char out[CHECKPOINT_VKEY_SIZE]);
/* Checks the key id; ERR_INVALID. */
int checkpoint_vkey_parse(const char *vkey, char name[CHECKPOINT_NAME_SIZE],
                          unsigned char public_key[SIGN_PUBLIC_SIZE], struct err *err);

/* Appends a signed note: text (which ends in a newline), blank line, one
 * signature line. */
void checkpoint_note_sign(const char *text, size_t len, const char *name,
                          const unsigned char secret_key[SIGN_SECRET_SIZE],
                          struct buf *out);
/* Verifies that a signature line of this key is there and right; other lines
 * are ignored. *text_len is the length of the signed text at its start.
 * ERR_INVALID (no note), ERR_DENIED (no or wrong signature of this key). */
int checkpoint_note_verify(const char *note, size_t len, const char *vkey,
                           size_t *text_len, struct err *err);

/* Appends the signed checkpoint; the key's name is the origin. */
void checkpoint_sign(const struct checkpoint *c,
                     const unsigned char secret_key[SIGN_SECRET_SIZE], struct buf *out);
/* Verifies the note under vkey and reads it; the origin must be the key's
 * name. ERR_INVALID, ERR_DENIED as above. */
int checkpoint_open(const char *note, size_t len, const char *vkey,
                    struct checkpoint *out, struct err *err);
/* Reads the text without looking at signatures. ERR_INVALID. */
int checkpoint_read(const char *note, size_t len, struct checkpoint *out, struct err *err);

/* Receipt: "c2sp.org/tlog-proof@v1" text of the inclusion of leaf index under
 * a signed checkpoint. extra: bytes or NULL. */
void checkpoint_proof_write(uint64_t index, unsigned char (*hashes)[HASH_SIZE],
                            size_t count, const void *extra, size_t extra_len,
                            const char *note, struct buf *out);
struct checkpoint_proof {
	uint64_t index;
	unsigned char hashes[CHECKPOINT_PROOF_MAX][HASH_SIZE];
	size_t count;
	struct buf extra;                 /* empty where there is none */
	const char *note;                 /* borrowed from the text */
	size_t note_len;
};
int checkpoint_proof_read(const char *text, size_t len, struct checkpoint_proof *out,
                          struct err *err);
void checkpoint_proof_clear(struct checkpoint_proof *p);

#endif
