/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/lease.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "wire/definition.h"
#include "wire/digest.h"
#include "wire/json.h"
#include "wire/read/place.h"
#include "wire/proposal.h"
#include "wire/token.h"

static const int64_t int_max = ((int64_t)1 << 53) - 1;

static int read_allowed(struct review *r, const struct place *root, struct err *err)
{
	const struct value *list;
	struct place allowed = { .up = root, .key = "allowed" };

	if (place_array(r->doc, root, "allowed", PLACE_REQUIRED, &list, err))
		return ERR_INVALID;
	r->allowed = mem_zalloc(value_count(list) * sizeof *r->allowed);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *v = value_at(list, i);
		struct place here = { .up = &allowed, .index = i };
		struct review_allowed *a = &r->allowed[i];
		const char *word;

		if (place_is_object(v, &here, err)
		    || place_text(v, &here, "outcome", PLACE_REQUIRED, &word, err)
		    || place_text(v, &here, "why_not", PLACE_OPTIONAL, &a->why_not, err))
			return ERR_INVALID;
		if (!outcome_find(word, &a->outcome))
			return place_fault_in(&here, "outcome", err,
			                      N_("this word is not known here"));
		r->allowed_count++;
	}
	return 0;
}

static int read_words(struct review *r, const struct place *root, struct err *err)
{
	const char *stage, *view;

	if (place_text(r->doc, root, "stage", PLACE_REQUIRED, &stage, err)
	    || place_text(r->doc, root, "view", PLACE_REQUIRED, &view, err)
	    || place_text(r->doc, root, "token", PLACE_REQUIRED, &r->token, err))
		return ERR_INVALID;
	if (!stage_find(stage, &r->stage))
		return place_fault_in(root, "stage", err, N_("this word is not known here"));
	if (!view_kind_find(view, &r->view))
		return place_fault_in(root, "view", err, N_("this word is not known here"));
	if (token_number(r->token) < 0)
		return place_fault_in(root, "token", err, N_("a lease token is expected here"));
	return 0;
}

static int read_digests(struct review *r, const struct place *root, struct err *err)
{
	const char *digest, *shown;

	if (place_digest(r->doc, root, "digest", PLACE_REQUIRED, &digest, err)
	    || place_digest(r->doc, root, "shown", PLACE_REQUIRED, &shown, err)
	    || place_digest(r->doc, root, "definition", PLACE_REQUIRED,
	                    &r->definition_digest, err)
	    || place_digest(r->doc, root, "policy", PLACE_OPTIONAL, &r->policy_digest, err)
	    || place_digest(r->doc, root, "guide", PLACE_OPTIONAL, &r->guide_digest, err))
		return ERR_INVALID;
	memcpy(r->digest, digest, HASH_TEXT_SIZE);
	memcpy(r->shown, shown, HASH_TEXT_SIZE);
	return place_text(r->doc, root, "salt",
	                  r->view == VIEW_BLIND ? PLACE_OPTIONAL : PLACE_REQUIRED,
	                  &r->salt, err);
}

static int read_lease(struct review *r, struct err *err)
{
	struct place root = { .up = NULL };
	const char *expires, *due;

	if (place_is_object(r->doc, &root, err)
	    || place_id(r->doc, &root, "review", PLACE_REQUIRED, &r->id, err)
	    || place_id(r->doc, &root, "proposal_id", PLACE_REQUIRED, &r->proposal_id, err)
	    || place_int(r->doc, &root, "revision", PLACE_REQUIRED, 1, int_max, &r->revision, err)
	    || read_words(r, &root, err) || read_digests(r, &root, err)
	    || place_time(r->doc, &root, "expires_at", PLACE_REQUIRED, &expires, err)
	    || place_time(r->doc, &root, "due_at", PLACE_OPTIONAL, &due, err)
	    || read_allowed(r, &root, err)
	    || place_array(r->doc, &root, "reasons", PLACE_OPTIONAL, &r->reasons, err)
	    || place_texts(r->doc, &root, "asked", &r->asked, err)
	    || place_array(r->doc, &root, "history", PLACE_OPTIONAL, &r->history, err)
	    || place_array(r->doc, &root, "siblings", PLACE_OPTIONAL, &r->siblings, err))
		return ERR_INVALID;
	clock_parse(expires, &r->expires_ms);
	if (due)
		clock_parse(due, &r->due_ms);
	return 0;
}

/* The proposal from its bytes; its digest where this view can give it. */
static int open_proposal(struct review *r, const char *bytes, size_t len, struct err *err)
{
	char digest[HASH_TEXT_SIZE];
	struct value *doc = NULL;
	int code = json_parse(bytes, len, NULL, &doc, err);

	if (code)
		return code;
	if (r->view != VIEW_BLIND
	    && (!digest_content(r->salt, doc, digest) || strcmp(digest, r->digest) != 0)) {
		value_free(doc);
		return err_set(err, ERR_CORRUPT,
		               N_("the proposal is not the one that was digested"));
	}
	return r->view == VIEW_BLIND ? wire_proposal_read_view(doc, &r->proposal, err)
	                             : wire_proposal_read(doc, &r->proposal, err);
}

static int check_shown(struct review *r, struct err *err)
{
	char shown[HASH_TEXT_SIZE];

	if (strcmp(r->definition->digest, r->definition_digest) != 0)
		return err_set(err, ERR_CORRUPT, N_("the queue's definition is another one"));
	if (strcmp(r->proposal->queue, r->definition->queue) != 0
	    || r->proposal->kind != r->definition->kind)
		return err_set(err, ERR_CORRUPT, N_("the proposal belongs to another queue"));
	digest_shown(r->definition_digest, r->digest, r->view, shown);
	if (strcmp(shown, r->shown) != 0)
		return err_set(err, ERR_CORRUPT,
		               N_("the server means something else than what is shown"));
	return 0;
}

int wire_review_read(struct value *lease, const char *proposal_bytes, size_t len,
                     struct value *definition_doc, struct review **out,
                     struct err *err)
{
	struct review *r = mem_zalloc(sizeof *r);
	int code;

	r->doc = lease;
	value_remove(lease, "proposal");
	code = wire_definition_read(definition_doc, &r->definition, err);
	if (!code)
		code = read_lease(r, err);
	if (!code)
		code = open_proposal(r, proposal_bytes, len, err);
	if (!code)
		code = check_shown(r, err);
	if (code) {
		review_free(r);
		return code;
	}
	*out = r;
	return 0;
}

/* --- the blind view ------------------------------------------------------------ */

static void copy_members(const struct value *from, struct value *to,
                         const char *const *members)
{
	for (; *members; members++)
		value_set(to, *members, value_copy(value_find(from, *members)));
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Only the names, in byte order: the producer's order may tell something. */
static struct value *blind_fields(const struct value *fields)
{
	size_t count = value_is(fields, VALUE_OBJECT) ? value_count(fields) : 0;
	const char **names = mem_resize(NULL, count, sizeof *names);
	struct value *v = value_new_object();

	for (size_t i = 0; i < count; i++)
		names[i] = value_key(fields, i);
	qsort(names, count, sizeof *names, by_bytes);
	for (size_t i = 0; i < count; i++)
		value_append(v, names[i], value_new_object());
	free(names);
	return v;
}

static struct value *blind_sources(const struct value *sources)
{
	static const char *const members[] = {
		"id", "title", "media_type", "text", "sha256", "size", "width", "height",
		"turns", "deciding", NULL,
	};
	struct value *list = value_new_array();

	for (size_t i = 0; i < value_count(sources); i++)
		copy_members(value_at(sources, i), value_push(list, value_new_object()), members);
	return list;
}

struct value *lease_blind_document(const struct value *proposal_doc)
{
	static const char *const members[] = {
		"external_id", "queue", "kind", "created_at", "case", "replaces", "model",
		"safety_class", "links", "expires_at", "on_expiry", NULL,
	};
	enum kind kind;
	struct value *v, *proposed;

	if (!kind_find(value_text(proposal_doc, "kind"), &kind) || kind == KIND_APPROVAL)
		return NULL;
	v = value_new_object();
	copy_members(proposal_doc, v, members);
	value_set(v, "sources", blind_sources(value_find(proposal_doc, "sources")));
	proposed = value_set(v, "proposed", value_new_object());
	if (kind == KIND_EXTRACTION)
		value_set(proposed, "fields",
		          blind_fields(value_find_pointer(proposal_doc, "/proposed/fields")));
	return v;
}
