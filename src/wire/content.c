/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/content.h"

#include <string.h>

#include "base/msg.h"
#include "wire/digest.h"
#include "wire/jcs.h"
#include "wire/json.h"
#include "wire/read/place.h"

static const struct {
	const char *name;
	bool salted;
} kinds[] = {
	[CONTENT_PROPOSAL] = { "proposal", true },
	[CONTENT_DECISION] = { "decision", true },
	[CONTENT_RESULT] = { "result", true },
	[CONTENT_OWN] = { "own", true },
	[CONTENT_DEFINITION] = { "definition", false },
	[CONTENT_POLICY] = { "policy", false },
	[CONTENT_GUIDE] = { "guide", false },
};

const char *content_kind_name(enum content_kind kind)
{
	return kinds[kind].name;
}

bool content_kind_find(const char *name, enum content_kind *out)
{
	for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0) {
			*out = (enum content_kind)i;
			return true;
		}
	return false;
}

struct value *content_value(const struct content *c)
{
	struct value *v = value_new_object();

	value_set_string(v, "kind", content_kind_name(c->kind));
	value_set_string(v, "subject", c->subject);
	value_set(v, "revision", c->revision ? value_new_int(c->revision) : value_new_null());
	value_set_string(v, "digest", c->digest);
	value_set_string(v, "salt", c->erased ? NULL : c->salt);
	value_set_string(v, "document", c->erased ? NULL : c->document);
	value_set_bool(v, "erased", c->erased);
	return v;
}

int content_read(const struct value *v, struct content *out, struct err *err)
{
	struct place root = { .up = NULL };
	const char *kind;

	*out = (struct content){ .revision = 0 };
	if (place_is_object(v, &root, err)
	    || place_text(v, &root, "kind", PLACE_REQUIRED, &kind, err)
	    || place_text(v, &root, "subject", PLACE_REQUIRED, &out->subject, err)
	    || place_int(v, &root, "revision", PLACE_OPTIONAL, 1, INT32_MAX, &out->revision, err)
	    || place_digest(v, &root, "digest", PLACE_REQUIRED, &out->digest, err)
	    || place_bool(v, &root, "erased", &out->erased, err)
	    || place_text(v, &root, "salt", PLACE_OPTIONAL, &out->salt, err)
	    || place_text(v, &root, "document", PLACE_OPTIONAL, &out->document, err))
		return ERR_INVALID;
	if (out->revision < 0)
		out->revision = 0;
	if (!content_kind_find(kind, &out->kind))
		return place_fault_in(&root, "kind", err, N_("this word is not known here"));
	if (out->erased && (out->document || out->salt))
		return place_fault_in(&root, "erased", err,
		                      N_("an erased content still has its text or salt"));
	if (!out->erased && !out->document)
		return place_fault_in(&root, "document", err, N_("a required member is missing"));
	if (!out->erased && !out->salt && kinds[out->kind].salted)
		return place_fault_in(&root, "salt", err, N_("a required member is missing"));
	return 0;
}

int content_check(const struct content *c, struct err *err)
{
	char digest[HASH_TEXT_SIZE] = "";
	struct value *doc = NULL;

	if (c->erased)
		return 0;
	if (json_parse(c->document, strlen(c->document), NULL, &doc, err))
		return ERR_CORRUPT;
	if (kinds[c->kind].salted)
		digest_content(c->salt, doc, digest);
	else if (c->kind == CONTENT_DEFINITION)
		digest_definition(doc, digest);
	else
		jcs_digest(doc, digest);
	value_free(doc);
	if (strcmp(digest, c->digest) != 0)
		return err_set(err, ERR_CORRUPT, N_("the stored text gives %s, not %s"),
		               digest, c->digest);
	return 0;
}
