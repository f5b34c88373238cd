/* SPDX-License-Identifier: Apache-2.0 */
#include "app/session.h"

#include <string.h>

#include "app/server_call.h"
#include "base/msg.h"
#include "base/text.h"
#include "work/open.h"

int session_open(const struct config *config, enum session_mode mode,
                 struct session *out, struct err *err)
{
	const struct sync_options options = { .no_prefetch = true, .no_poll = true };
	int rc;

	memset(out, 0, sizeof *out);
	if (mode == SESSION_READ)
		rc = store_open_reader(config->store, &out->store, err);
	else
		rc = server_open(config, &out->transport, err);
	if (rc == 0 && mode == SESSION_WRITE)
		rc = store_open(config->store, &out->store, err);
	if (rc != 0)
		return rc;
	out->work = work_new(out->store, false);
	if (out->transport)
		out->sync = sync_new(out->store, out->transport, &options);
	return 0;
}

void session_close(struct session *s)
{
	sync_free(s->sync);
	work_free(s->work);
	transport_close(s->transport);
	store_close(s->store);
	memset(s, 0, sizeof *s);
}

int session_claim(struct session *s, const char *queue, const char *name,
                  struct review **out, struct err *err)
{
	struct err first = ERR_INIT;
	char review[ID_SIZE];
	int rc = store_resolve(s->store, queue, name, review, &first);

	if (rc == ERR_NOT_FOUND) {
		rc = sync_run_once(s->sync, err);
		if (rc == 0)
			rc = store_resolve(s->store, queue, name, review, err);
	} else if (rc != 0) {
		*err = first;
	}
	if (rc != 0)
		return rc;
	err_clear(&first);
	rc = work_open(s->work, review, out, &first);
	if (rc == ERR_NOT_FOUND) {
		rc = sync_claim_now(s->sync, review, err);
		if (rc == 0)
			rc = work_open(s->work, review, out, err);
	} else if (rc != 0) {
		*err = first;
	}
	return rc;
}

static unsigned found_in(const struct value *v)
{
	unsigned found = 0;

	if (value_is(v, VALUE_STRING))
		return text_found(v->s, v->len);
	for (size_t i = 0; i < value_count(v); i++) {
		const char *key = value_key(v, i);

		found |= found_in(value_at(v, i));
		if (key)
			found |= text_found(key, strlen(key));
	}
	return found;
}

unsigned session_found(const struct review *r)
{
	return found_in(r->proposal->doc);
}
