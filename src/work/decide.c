/* SPDX-License-Identifier: Apache-2.0
 *
 * From an answer to a recorded decision.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"
#include "base/utf8.h"
#include "wire/decision.h"
#include "wire/json.h"
#include "work/answer.h"
#include "work/draft.h"
#include "work/open.h"
#include "work/state.h"

static const struct work_seen nothing_seen;

/* --- one line for lists ---------------------------------------------------------------- */

static void add_text(struct buf *b, const struct value *v)
{
	if (!v || v->type == VALUE_NULL)
		buf_adds(b, "—");
	else if (v->type == VALUE_STRING)
		buf_add(b, v->s, v->len);
	else
		json_text(v, b);
}

static void add_changes(struct buf *b, const struct review *r, const struct decision *d)
{
	const struct value *value = r->proposal->kind == KIND_APPROVAL
		? value_find(d->value, "arguments") : d->value;

	for (size_t i = 0; i < d->field_count; i++) {
		const char *name = d->fields[i].name;
		const struct field *f = proposal_find_field(r->proposal, name);

		if (d->fields[i].state != FIELD_CORRECTED)
			continue;
		buf_addf(b, "%s%s: ", b->len ? "; " : "", definition_field_title(r->definition, name));
		add_text(b, f ? f->value : NULL);
		buf_adds(b, " → ");
		add_text(b, value_find(value, name));
	}
}

static const char *label_title(const struct review *r, const char *name)
{
	const struct label *l = name ? definition_find_label(r->definition, name) : NULL;

	return l ? l->title : name;
}

/* Words of the item, not of a language: what the label is, what became what. */
static char *summary(const struct review *r, const struct decision *d)
{
	const char *label = value_text(d->value, "label");
	struct buf b = BUF_INIT;

	if (d->outcome == OUTCOME_APPROVE && r->proposal->label)
		buf_adds(&b, label_title(r, r->proposal->label));
	else if (d->outcome == OUTCOME_CORRECT && label)
		buf_addf(&b, "%s ← %s", label_title(r, label),
		         r->proposal->label ? label_title(r, r->proposal->label) : "—");
	else if (d->outcome == OUTCOME_CORRECT)
		add_changes(&b, r, d);
	else
		for (size_t i = 0; i < d->reason_count; i++)
			buf_addf(&b, "%s%s", i ? ", " : "", d->reasons[i]);
	if (b.len > 250) {
		b.data[250] = '\0';
		utf8_trim(b.data);
	}
	return buf_take(&b);
}

/* --- filling in ------------------------------------------------------------------------- */

static void put_text(char **at, const char *text)
{
	free(*at);
	*at = mem_strdup(text);
}

static void put_digest(char out[HASH_TEXT_SIZE], const char *digest)
{
	utf8_copy(out, HASH_TEXT_SIZE, digest ? digest : "");
}

static int fill_from_store(struct work *w, const struct review *r, struct decision *d,
                           const struct work_seen *seen, struct err *err)
{
	struct store_entries *amended = NULL;
	struct store_leases *l;
	char text[CLOCK_TEXT_SIZE];
	int rc = store_lease_find(w->store, r->id, &l, err);

	if (rc)
		return rc;
	put_text(&d->blind, l ? l->items[0].own : NULL);
	if (!d->opened_at)
		put_text(&d->opened_at, clock_text(l && l->items[0].opened_ms ? l->items[0].opened_ms
		                                                              : clock_now_ms(), text));
	store_leases_free(l);
	put_text(&d->token, r->token);
	if (!seen->amends)
		return 0;
	rc = store_entry_find(w->store, seen->amends, &amended, err);
	if (!rc && !amended)
		rc = err_set(err, ERR_NOT_FOUND, N_("the decision %s is not known here"), seen->amends);
	if (!rc)
		put_text(&d->token, amended->items[0].token);
	store_entries_free(amended);
	return rc;
}

static int fill(struct work *w, const struct review *r, struct decision *d,
                const struct work_seen *seen, struct err *err)
{
	char text[CLOCK_TEXT_SIZE];
	int rc = fill_from_store(w, r, d, seen, err);

	if (rc)
		return rc;
	id_new(d->id);
	put_text(&d->review, r->id);
	d->revision = r->revision;
	put_digest(d->shown, r->shown);
	put_digest(d->policy, r->policy_digest);
	/* The guide that was on the screen, which may be newer than the lease. */
	put_digest(d->guide, r->definition->guide_digest);
	put_text(&d->decided_at, clock_text(clock_now_ms(), text));
	put_text(&d->amends, seen->amends);
	d->renderer = TEXT_RENDERER;
	d->device[0] = '\0';
	d->seq = 0;
	d->salt[0] = '\0';
	decision_seal(d);
	return 0;
}

/* The envelope as text, without what is only known when it is sent. */
static char *envelope_text(const struct decision *d)
{
	struct value *v = decision_envelope(d);
	struct buf text = BUF_INIT;

	value_remove(v, "device");
	value_remove(v, "seq");
	value_remove(v, "signature");
	json_text(v, &text);
	value_free(v);
	return buf_take(&text);
}

static char *content_text(const struct decision *d)
{
	struct value *v = decision_content(d);
	struct buf text = BUF_INIT;

	json_text(v, &text);
	value_free(v);
	return buf_take(&text);
}

static int record(struct work *w, const struct review *r, const struct decision *d,
                  struct err *err)
{
	char *envelope = envelope_text(d), *content = content_text(d);
	char *draft = draft_text(d), *line = summary(r, d);
	struct store_decide row = {
		.id = d->id, .review = r->id, .external_id = r->proposal->external_id,
		.queue = r->definition->queue, .kind = r->proposal->kind, .stage = r->stage,
		.revision = r->revision, .token = d->token, .digest = r->digest, .outcome = d->outcome,
		.amends = d->amends, .envelope = envelope, .content = content, .draft = draft,
		.summary = line[0] ? line : NULL, .decided_ms = clock_now_ms(),
		.decided_boot_ms = clock_boot_ms(), .hold = w->hold
	};
	int rc = store_decide(w->store, &row, err);

	free(envelope);
	free(content);
	free(draft);
	free(line);
	return rc;
}

/* --- deciding ----------------------------------------------------------------------------- */

int work_check(struct work *w, const struct review *shown, struct decision *answer,
               const struct work_seen *seen, struct err *err)
{
	const struct fit *fit;
	int rc = 0;

	if (!seen)
		seen = &nothing_seen;
	if (!seen->amends)
		rc = work_current(w, shown, err);
	if (!rc)
		rc = work_fit(w, shown, &fit, err);
	if (rc)
		return rc;
	answer_complete(shown, answer);
	return answer_check(shown, fit, answer, seen, err);
}

int work_decide(struct work *w, const struct review *shown, struct decision *answer,
                const struct work_seen *seen, struct err *err)
{
	uint64_t leases = store_generation(w->store, STORE_TOPIC_LEASES);
	int rc = work_check(w, shown, answer, seen, err);

	if (!seen)
		seen = &nothing_seen;
	if (!rc)
		rc = fill(w, shown, answer, seen, err);
	if (!rc)
		rc = record(w, shown, answer, err);
	if (!rc)
		work_line_left(w, shown->id, leases);
	return rc;
}
