/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/msg.h"
#include "base/utf8.h"

static void check_against_log(struct audit *a, const struct content *c, struct fact *f)
{
	const char *kind = content_kind_name(c->kind);
	struct err err = ERR_INIT;

	f->seen = true;
	if (strcmp(f->digest, c->digest) != 0)
		report_add(a->report, AUDIT_AREA_CONTENT, f->leaf, kind, c->subject, "digest", f->digest,
		           c->digest, N_("the stored digest is not the one in the log"));
	if (c->erased) {
		a->report->erased++;
		return;
	}
	a->report->contents++;
	if (content_check(c, &err) != 0)
		report_add(a->report, AUDIT_AREA_CONTENT, f->leaf, kind, c->subject, "document", c->digest,
		           NULL, N_("the stored content does not give its digest"));
}

static void keep_salt(struct audit *a, const struct content *c)
{
	char key[STATE_KEY_SIZE];
	struct fact *f;

	snprintf(key, sizeof key, "decision/%s", c->subject);
	f = fact_find(a, key);
	if (f && c->salt)
		utf8_copy(f->salt, sizeof f->salt, c->salt);
}

void contents_check(struct audit *a, const struct value *content)
{
	char key[STATE_KEY_SIZE];
	struct content c;
	struct fact *f;

	if (content_read(content, &c, NULL) != 0) {
		report_add(a->report, AUDIT_AREA_CONTENT, -1, value_text(content, "kind"),
		           value_text(content, "subject"), NULL, NULL, NULL,
		           N_("a stored content cannot be read"));
		return;
	}
	if (c.kind >= CONTENT_DEFINITION)
		snprintf(key, sizeof key, "content/%s/%s", content_kind_name(c.kind), c.digest);
	else
		snprintf(key, sizeof key, "content/%s/%s/%" PRId64, content_kind_name(c.kind), c.subject,
		         c.revision);
	f = fact_find(a, key);
	if (!f)
		report_add(a->report, AUDIT_AREA_CONTENT, -1, content_kind_name(c.kind), c.subject, NULL,
		           NULL, c.digest, N_("the log does not know this content"));
	else
		check_against_log(a, &c, f);
	if (c.kind == CONTENT_DECISION)
		keep_salt(a, &c);
}

static void missing(struct audit *a, struct fact *f)
{
	if (strncmp(f->key, "content/", 8) == 0 && !f->seen)
		report_add(a->report, AUDIT_AREA_CONTENT, f->leaf, NULL, f->key + 8, NULL, f->digest, NULL,
		           N_("a content that the log names is not stored"));
}

void contents_end(struct audit *a)
{
	fact_each(a, missing);
}
