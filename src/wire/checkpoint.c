/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "wire/read/decimal.h"

/* C2SP tlog-checkpoint and tlog-proof. */

static const char origin_prefix[] = "countersign/";
static const char proof_head[] = "c2sp.org/tlog-proof@v1\n";
static const int64_t size_max = ((int64_t)1 << 53) - 1;
enum { ORIGIN_HEX = 16, EXTRA_MAX = 4096 };

const char *checkpoint_origin(const unsigned char public_key[SIGN_PUBLIC_SIZE],
                              int64_t epoch, char out[CHECKPOINT_NAME_SIZE])
{
	unsigned char hash[HASH_SIZE];
	char hex[2 * HASH_SIZE + 1];

	hash_sha256(public_key, SIGN_PUBLIC_SIZE, hash);
	hash_hex(hash, sizeof hash, hex);
	snprintf(out, CHECKPOINT_NAME_SIZE, "%s%.*s/%lld", origin_prefix, ORIGIN_HEX, hex,
	         (long long)epoch);
	return out;
}

int64_t checkpoint_epoch(const char *origin)
{
	size_t prefix = sizeof origin_prefix - 1;
	int64_t epoch;

	if (strncmp(origin, origin_prefix, prefix) != 0
	    || strspn(origin + prefix, "0123456789abcdef") != ORIGIN_HEX
	    || origin[prefix + ORIGIN_HEX] != '/')
		return -1;
	origin += prefix + ORIGIN_HEX + 1;
	if (!decimal_take(&origin, INT32_MAX, &epoch) || *origin || epoch < 1)
		return -1;
	return epoch;
}

/* One line of text that ends in '\n'; moves *p behind it. */
static bool take_line(const char **p, const char *end, const char **line, size_t *len)
{
	const char *nl = *p < end ? memchr(*p, '\n', (size_t)(end - *p)) : NULL;

	if (!nl)
		return false;
	*line = *p;
	*len = (size_t)(nl - *p);
	*p = nl + 1;
	return true;
}

static bool read_number(const char *line, size_t len, int64_t max, int64_t *out)
{
	char text[24];
	const char *p = text;

	if (!len || len >= sizeof text)
		return false;
	memcpy(text, line, len);
	text[len] = '\0';
	return decimal_take(&p, max, out) && !*p;
}

static bool read_hash(const char *line, size_t len, unsigned char out[HASH_SIZE])
{
	return hash_unbase64(line, len, out, HASH_SIZE) == HASH_SIZE;
}

static int no_checkpoint(struct err *err)
{
	return err_set(err, ERR_INVALID, N_("this is not a checkpoint"));
}

int checkpoint_read(const char *note, size_t len, struct checkpoint *out, struct err *err)
{
	const char *p = note, *end = note + len, *line;
	size_t n;
	int64_t size;

	if (!take_line(&p, end, &line, &n) || !n || n >= CHECKPOINT_NAME_SIZE
	    || memchr(line, '\0', n))
		return no_checkpoint(err);
	memcpy(out->origin, line, n);
	out->origin[n] = '\0';
	if (!take_line(&p, end, &line, &n) || !read_number(line, n, size_max, &size))
		return no_checkpoint(err);
	out->size = (uint64_t)size;
	if (!take_line(&p, end, &line, &n) || !read_hash(line, n, out->root))
		return no_checkpoint(err);
	return 0;
}

void checkpoint_sign(const struct checkpoint *c,
                     const unsigned char secret_key[SIGN_SECRET_SIZE], struct buf *out)
{
	struct buf text = BUF_INIT;
	char *root = hash_base64(c->root, HASH_SIZE);

	buf_addf(&text, "%s\n%llu\n%s\n", c->origin, (unsigned long long)c->size, root);
	checkpoint_note_sign(buf_str(&text), text.len, c->origin, secret_key, out);
	free(root);
	buf_clear(&text);
}

int checkpoint_open(const char *note, size_t len, const char *vkey,
                    struct checkpoint *out, struct err *err)
{
	unsigned char public_key[SIGN_PUBLIC_SIZE];
	char name[CHECKPOINT_NAME_SIZE];
	size_t text_len;
	int code = checkpoint_note_verify(note, len, vkey, &text_len, err);

	if (!code)
		code = checkpoint_read(note, text_len, out, err);
	if (!code)
		code = checkpoint_vkey_parse(vkey, name, public_key, err);
	if (!code && strcmp(name, out->origin) != 0)
		code = err_set(err, ERR_DENIED, N_("the checkpoint is of another log"));
	return code;
}

/* --- receipts ---------------------------------------------------------------- */

static void add_base64_line(const char *word, const void *data, size_t len, struct buf *out)
{
	char *text = hash_base64(data, len);

	buf_addf(out, "%s%s\n", word, text);
	free(text);
}

void checkpoint_proof_write(uint64_t index, unsigned char (*hashes)[HASH_SIZE],
                            size_t count, const void *extra, size_t extra_len,
                            const char *note, struct buf *out)
{
	buf_adds(out, proof_head);
	if (extra)
		add_base64_line("extra ", extra, extra_len, out);
	buf_addf(out, "index %llu\n", (unsigned long long)index);
	for (size_t i = 0; i < count; i++)
		add_base64_line("", hashes[i], HASH_SIZE, out);
	buf_addc(out, '\n');
	buf_adds(out, note);
}

static bool read_extra(const char *text, size_t len, struct buf *out)
{
	unsigned char raw[EXTRA_MAX];
	long n = hash_unbase64(text, len, raw, sizeof raw);

	if (n >= 0)
		buf_add(out, raw, (size_t)n);
	return n >= 0;
}

static bool read_proof(const char *text, size_t len, struct checkpoint_proof *out)
{
	const char *p = text, *end = text + len, *line;
	size_t n;
	int64_t index;

	if (!take_line(&p, end, &line, &n) || n + 1 != sizeof proof_head - 1
	    || memcmp(line, proof_head, n) != 0 || !take_line(&p, end, &line, &n))
		return false;
	if (n > 6 && memcmp(line, "extra ", 6) == 0) {
		if (!read_extra(line + 6, n - 6, &out->extra) || !take_line(&p, end, &line, &n))
			return false;
	}
	if (n < 7 || memcmp(line, "index ", 6) != 0
	    || !read_number(line + 6, n - 6, size_max, &index))
		return false;
	out->index = (uint64_t)index;
	for (;;) {
		if (!take_line(&p, end, &line, &n))
			return false;
		if (!n)
			break;
		if (out->count == CHECKPOINT_PROOF_MAX
		    || !read_hash(line, n, out->hashes[out->count]))
			return false;
		out->count++;
	}
	out->note = p;
	out->note_len = (size_t)(end - p);
	return out->note_len > 0;
}

int checkpoint_proof_read(const char *text, size_t len, struct checkpoint_proof *out,
                          struct err *err)
{
	*out = (struct checkpoint_proof){ .extra = BUF_INIT };
	if (read_proof(text, len, out))
		return 0;
	checkpoint_proof_clear(out);
	return err_set(err, ERR_INVALID, N_("this is not a receipt"));
}

void checkpoint_proof_clear(struct checkpoint_proof *p)
{
	buf_clear(&p->extra);
	*p = (struct checkpoint_proof){ .extra = BUF_INIT };
}
