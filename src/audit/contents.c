/* SPDX-License-Identifier: Apache-2.0
 *
 * Stored contents against their digests in the log.
 */
#include <string.h>

#include "audit/state.h"
#include "base/msg.h"
#include "wire/content.h"

static void check_digest(struct audit *a, const struct content *c, const struct fact *f)
{
	const char *kind = content_kind_name(c->kind);
	char expected[HASH_TEXT_SIZE];

	hash_text(f->digest, expected);
	if (strcmp(expected, c->digest) != 0)
		report_add(a->report, AUDIT_AREA_CONTENT, f->leaf, kind, c->subject, "digest", expected,
		           c->digest, N_("the stored digest is not the one in the log"));
}

/* The digest is recomputed under the one that the log has, not the stored. */
static void check_document(struct audit *a, struct content *c, const struct fact *f)
{
	char expected[HASH_TEXT_SIZE];
	struct err err = ERR_INIT;

	if (c->erased) {
		a->report->erased++;
		return;
	}
	a->report->contents++;
	c->digest = hash_text(f->digest, expected);
	if (content_check(c, &err) != 0)
		report_add(a->report, AUDIT_AREA_CONTENT, f->leaf, content_kind_name(c->kind), c->subject,
		           "document", expected, NULL, N_("the stored content does not give its digest"));
}

static void keep_salt(struct audit *a, const struct content *c)
{
	struct fact *f = facts_find(&a->facts, FACT_DECISION, c->subject);
	struct facts_decision *d = f ? facts_decision_of(&a->facts, f) : NULL;

	if (d && c->salt)
		d->has_salt = hash_unhex(c->salt, d->salt, sizeof d->salt);
}

void contents_check(void *arg, const struct value *content)
{
	struct audit *a = arg;
	char name[STATE_NAME];
	struct content c;
	struct fact *f;

	if (content_read(content, &c, NULL) != 0) {
		report_add(a->report, AUDIT_AREA_CONTENT, -1, value_text(content, "kind"),
		           value_text(content, "subject"), NULL, NULL, NULL,
		           N_("a stored content cannot be read"));
		return;
	}
	f = facts_find(&a->facts, FACT_CONTENT,
	               fold_content_name(content_kind_name(c.kind), c.kind >= CONTENT_DEFINITION,
	                                 c.subject, c.revision, c.digest, name));
	if (!f) {
		report_add(a->report, AUDIT_AREA_CONTENT, -1, content_kind_name(c.kind), c.subject, NULL,
		           NULL, c.digest, N_("the log does not know this content"));
		return;
	}
	f->seen = true;
	if (c.kind == CONTENT_DECISION)
		keep_salt(a, &c);
	check_digest(a, &c, f);
	check_document(a, &c, f);
}

void contents_end(struct audit *a)
{
	for (size_t i = 0; i < a->facts.count; i++) {
		const struct fact *f = &a->facts.items[i];
		char name[STATE_NAME], digest[HASH_TEXT_SIZE];

		if (f->kind == FACT_CONTENT && !f->seen)
			report_add(a->report, AUDIT_AREA_CONTENT, f->leaf,
			           content_kind_name((enum content_kind)f->content), fold_name(a, f, name),
			           NULL, hash_text(f->digest, digest), NULL,
			           N_("a content that the log names is not stored"));
	}
}
