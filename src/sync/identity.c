/* SPDX-License-Identifier: Apache-2.0
 *
 * Who the server is, and which queues are mine: GET /queues. The log's key is
 * trusted when it is seen first, and pinned.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "model/definition.h"
#include "model/role.h"
#include "sync/lane.h"
#include "wire/definition.h"
#include "wire/digest.h"
#include "wire/json.h"

enum { KEPT_DAYS = 90 };

static void fact_into(struct sync *s, const char *key, char *out, size_t size)
{
	char *text = NULL;

	out[0] = '\0';
	if (store_fact(s->store, key, &text, NULL) == 0 && text && strlen(text) < size)
		memcpy(out, text, strlen(text) + 1);
	free(text);
}

void identity_load(struct sync *s)
{
	fact_into(s, "origin", s->origin, sizeof s->origin);
	fact_into(s, "vkey", s->vkey, sizeof s->vkey);
	s->epoch = s->origin[0] ? checkpoint_epoch(s->origin) : -1;
}

/* --- the log's identity ------------------------------------------------------- */

static int remember(struct sync *s, const char *origin, const char *vkey, int64_t epoch,
                    struct err *err)
{
	struct err_numbuf text;
	int rc;

	rc = store_fact_set(s->store, "origin", origin, err);
	if (rc == 0)
		rc = store_fact_set(s->store, "vkey", vkey, err);
	if (rc == 0)
		rc = store_fact_set(s->store, "epoch", err_num(&text, epoch), err);
	return rc;
}

/* The server came back from a backup and says so. Everything it may have lost
 * is offered again; what the desk mirrored of it is read anew. */
static int restored(struct sync *s, const char *origin, const char *vkey, int64_t epoch,
                    struct err *err)
{
	int64_t since_ms = clock_now_ms() - (int64_t)KEPT_DAYS * 24 * 3600 * 1000;
	struct err_numbuf number;
	size_t offered = 0;
	int rc = store_begin(s->store, err);

	if (rc)
		return rc;
	rc = store_reoffer(s->store, since_ms, &offered, err);
	if (rc == 0)
		rc = remember(s, origin, vkey, epoch, err);
	if (rc == 0)
		rc = store_log_add(s->store, &(struct store_event){ .at_ms = clock_now_ms(),
			.event = "server.restored", .subject = origin, .text = err_num(&number,
			(long long)offered) }, err);
	crash_point("sync.restore.before");
	rc = store_end(s->store, rc == 0, err);
	crash_point("sync.restore.after");
	if (rc)
		return rc;
	s->status.restored = true;
	s->status.restored_epoch = epoch;
	s->push_empty = false;
	mirror_restart(s);
	link_changed(s);
	return 0;
}

static void pin(struct sync *s, const char *origin, const char *vkey, int64_t epoch)
{
	memcpy(s->origin, origin, strlen(origin) + 1);
	memcpy(s->vkey, vkey, strlen(vkey) + 1);
	s->epoch = epoch;
	anchor_load(s);
}

static bool same_key(const char *a, const char *b)
{
	unsigned char key_a[SIGN_PUBLIC_SIZE], key_b[SIGN_PUBLIC_SIZE];
	char name[CHECKPOINT_NAME_SIZE];

	return checkpoint_vkey_parse(a, name, key_a, NULL) == 0 &&
	       checkpoint_vkey_parse(b, name, key_b, NULL) == 0 &&
	       hash_equal(key_a, key_b, sizeof key_a);
}

/* ERR_CORRUPT: alarm is up. ERR_DENIED: another server. */
static int check_log(struct sync *s, const struct value *log, struct err *err)
{
	const char *origin = value_text_or(log, "origin", ""), *vkey = value_text_or(log, "vkey", "");
	unsigned char key[SIGN_PUBLIC_SIZE];
	char name[CHECKPOINT_NAME_SIZE];
	int64_t epoch = checkpoint_epoch(origin);
	int rc;

	if (epoch < 1 || strlen(origin) >= sizeof s->origin || strlen(vkey) >= sizeof s->vkey ||
	    checkpoint_vkey_parse(vkey, name, key, NULL) != 0 || strcmp(name, origin) != 0)
		return err_set(err, ERR_INVALID, N_("the log's origin and key do not fit"));
	if (s->origin[0] && strcmp(origin, s->origin) == 0 && strcmp(vkey, s->vkey) == 0)
		return 0;
	if (!s->origin[0]) {
		crash_point("sync.pin.before");
		rc = remember(s, origin, vkey, epoch, err);
		crash_point("sync.pin.after");
	} else if (!same_key(vkey, s->vkey)) {
		return err_set(err, ERR_DENIED, N_("this desk belongs to the server with the log %s; "
		               "at this address answers another one: %s"), s->origin, origin);
	} else if (epoch <= s->epoch) {
		link_alarm(s, "epoch", s->anchor_note, origin);
		return ERR_CORRUPT;
	} else {
		rc = restored(s, origin, vkey, epoch, err);
	}
	if (rc == 0)
		pin(s, origin, vkey, epoch);
	return rc;
}

/* --- queues ------------------------------------------------------------------- */

/* The document is kept as it came, byte for byte. */
static int keep_document(struct sync *s, const struct transport_response *r, size_t index,
                         const char *digest, struct err *err)
{
	char pointer[64];
	const char *bytes;
	size_t len;

	snprintf(pointer, sizeof pointer, "/queues/%zu/definition", index);
	if (!prescan_span(buf_str(&r->body), r->body.len, pointer, &bytes, &len))
		return err_set(err, ERR_INVALID, N_("a queue has no definition"));
	return store_document_put(s->store, digest, bytes, len, err);
}

static char *roles_text(const struct value *roles)
{
	char text[ROLE_SET_TEXT_SIZE];
	unsigned set = 0;
	enum role role;

	for (size_t i = 0; i < value_count(roles); i++)
		if (value_str(value_at(roles, i)) && role_find(value_str(value_at(roles, i)), &role))
			set = role_set_add(set, role);
	return mem_strdup(role_set_text(set, text));
}

/* Reads one queue; strings of *out are borrowed from q except roles. */
static int read_queue(struct sync *s, const struct transport_response *r, size_t index,
                      const struct value *q, struct store_queue_in *out, struct err *err)
{
	const struct value *doc = value_find(q, "definition");
	struct definition *d = NULL;
	char digest[HASH_TEXT_SIZE];
	int rc;

	out->name = value_text(q, "queue");
	out->definition = value_text(q, "definition_digest");
	out->policy = value_text_or(q, "policy_digest", "");
	out->guide = value_text(q, "guide_digest");
	out->waiting = value_int_or(q, "waiting", 0);
	if (!out->name || !out->definition || !value_is(doc, VALUE_OBJECT))
		return err_set(err, ERR_INVALID, N_("a queue lacks its name, definition or digest"));
	if (strcmp(digest_definition(doc, digest), out->definition) != 0)
		return err_set(err, ERR_INVALID, N_("the definition of %s does not have its digest"),
		               out->name);
	rc = wire_definition_read(value_copy(doc), &d, err);
	if (rc)
		return rc;
	out->title = value_text_or(q, "title", out->name);
	out->kind = d->kind;
	out->producer_waits = d->waits;
	out->lease_s = d->lease_s;
	definition_free(d);
	out->roles = roles_text(value_find(q, "roles"));
	return keep_document(s, r, index, out->definition, err);
}

static int read_queues(struct sync *s, struct lane_answer *a, struct err *err)
{
	const struct value *list = value_find(a->doc, "queues");
	size_t count = value_count(list), read = 0;
	struct store_queue_in *queues;
	int rc = store_begin(s->store, err);

	if (rc)
		return rc;
	queues = mem_zalloc((count + 1) * sizeof *queues);
	while (rc == 0 && read < count) {
		rc = read_queue(s, a->response, read, value_at(list, read), &queues[read], err);
		read++;
	}
	if (rc == 0)
		rc = store_queues_put(s->store, queues, count, err);
	if (rc == 0)
		rc = store_fact_set(s->store, "principal",
			value_text_or(value_find(a->doc, "principal"), "name", ""), err);
	crash_point("sync.queues.before");
	rc = store_end(s->store, rc == 0, err);
	crash_point("sync.queues.after");
	for (size_t i = 0; i < read; i++)
		free((void *)(uintptr_t)queues[i].roles);
	free(queues);
	return rc;
}

static void set_start_cursor(struct sync *s, const struct value *doc)
{
	const char *cursor = value_text(doc, "cursor");
	int64_t epoch, index;

	if (!cursor || !cursor_parse(cursor, &epoch, &index) || epoch != s->epoch)
		cursor_text(s->epoch, 0, s->start_cursor);
	else
		cursor_text(epoch, index, s->start_cursor);
}

/* --- the lane -------------------------------------------------------------------- */

static bool identity_prepare(struct sync *s, int64_t boot_ms, struct transport_request *request,
                             struct buf *path, struct buf *body)
{
	(void)boot_ms;
	(void)request;
	(void)body;
	if ((s->identified && !s->identity_stale) || s->lanes[LANE_CHANGES].pending)
		return false;
	buf_adds(path, "/v1/queues");
	return true;
}

static void identity_answered(struct sync *s, struct lane_answer *a)
{
	struct err err = ERR_INIT;
	int rc;

	if (a->outcome == LANE_PROBLEM && s->status.link != SYNC_LINK_REFUSED) {
		err_set(&err, ERR_DENIED, N_("the server does not let this person in: %s"), a->words);
		link_refuse(s, &err);
	}
	if (a->outcome != LANE_OK)
		return;
	rc = check_log(s, value_find(a->doc, "log"), &err);
	if (rc == 0)
		rc = read_queues(s, a, &err);
	if (s->status.link == SYNC_LINK_ALARM)
		return;
	if (rc == ERR_DENIED)
		link_refuse(s, &err);
	else if (rc == ERR_INVALID)
		link_nonsense(s, &err);
	else if (rc)
		link_store_failed(s, &err);
	if (rc)
		return;
	set_start_cursor(s, a->doc);
	link_clock(s, value_text(a->doc, "server_time"));
	s->identified = true;
	s->identity_stale = false;
	s->mirror_done = false;
	s->leases_dry = false;
}

const struct lane_ops identity_ops = {
	.name = "identity",
	.before = "sync.identity.before",
	.after = "sync.identity.after",
	.prepare = identity_prepare,
	.answered = identity_answered,
};
