/* SPDX-License-Identifier: Apache-2.0
 *
 * The link to the server: what an answer means for it, when to try again, and
 * how far the clocks are apart.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/msg.h"
#include "sync/lane.h"
#include "sync/retry.h"
#include "wire/json.h"
#include "wire/problem.h"

enum { SKEW_WARN_MS = 60000, SKEW_NOTE_MS = 2000 };

const char *sync_link_name(enum sync_link link)
{
	static const char *const names[] = {
		[SYNC_LINK_UNTRIED] = "untried", [SYNC_LINK_ONLINE] = "online",
		[SYNC_LINK_OFFLINE] = "offline", [SYNC_LINK_REFUSED] = "refused",
		[SYNC_LINK_ALARM] = "alarm"
	};

	return names[link];
}

void link_changed(struct sync *s)
{
	s->generation++;
}

static void set_link(struct sync *s, enum sync_link link, const struct err *why)
{
	if (s->status.link != link)
		s->status.since_ms = clock_now_ms();
	s->status.link = link;
	err_clear(&s->status.why);
	if (why)
		s->status.why = *why;
	s->status.retry_boot_ms = link == SYNC_LINK_OFFLINE ? s->gate_boot_ms : 0;
	link_changed(s);
}

/* Answers that were under way when the first of them failed do not count as
 * further failures. */
static void wait_and_retry(struct sync *s, const struct err *why, int64_t server_ms)
{
	uint32_t random;
	int64_t until;

	id_random(&random, sizeof random);
	if (s->boot_ms >= s->gate_boot_ms)
		s->failures++;
	until = s->boot_ms + retry_delay_ms(s->failures ? s->failures : 1, server_ms, random);
	if (until > s->gate_boot_ms) {
		s->gate_boot_ms = until;
		s->gate_asked = server_ms > 0;
	}
	/* A poll that hangs on a dead connection must not stand in the way. */
	if (s->lanes[LANE_CHANGES].handle)
		s->transport->ops->cancel(s->transport, s->lanes[LANE_CHANGES].handle);
	s->lanes[LANE_CHANGES].handle = 0;
	set_link(s, SYNC_LINK_OFFLINE, why);
}

static void online(struct sync *s)
{
	s->failures = 0;
	s->gate_boot_ms = 0;
	s->gate_asked = false;
	s->status.last_ok_ms = clock_now_ms();
	if (s->status.link != SYNC_LINK_ONLINE)
		set_link(s, SYNC_LINK_ONLINE, NULL);
}

void link_nonsense(struct sync *s, const struct err *err)
{
	struct err why = ERR_INIT;
	char words[ERR_ARG_SIZE];

	err_set(&why, ERR_INVALID, N_("the server gave an answer that makes no sense: %s"),
	        err_words(err, words, sizeof words));
	wait_and_retry(s, &why, -1);
}

void link_store_failed(struct sync *s, const struct err *err)
{
	wait_and_retry(s, err, -1);
}

void link_refuse(struct sync *s, const struct err *err)
{
	set_link(s, SYNC_LINK_REFUSED, err);
}

void link_lane_refused(struct sync *s, enum lane_id lane, const struct lane_answer *a,
                       int64_t wait_ms)
{
	s->lanes[lane].not_before_boot_ms = s->boot_ms + wait_ms;
	err_clear(&s->problem);
	err_set(&s->problem, a->status == 403 ? ERR_DENIED : ERR_CONFLICT, N_("%s"), a->words);
}

/* --- alarm ----------------------------------------------------------------- */

static const struct {
	const char *reason, *msgid;
} alarms[] = {
	{ "signature", N_("ALARM: a checkpoint of the log is signed wrongly") },
	{ "fork", N_("ALARM: the server has shown two different logs of the same size") },
	{ "proof", N_("ALARM: the server's log does not continue the one seen before") },
	{ "shrunk", N_("ALARM: the server's log is shorter than the one seen before") },
	{ "epoch", N_("ALARM: the server went back to a time before its last restore") },
};

static void set_alarm(struct sync *s, const char *reason)
{
	struct err why = ERR_INIT;

	for (size_t i = 0; i < sizeof alarms / sizeof *alarms; i++)
		if (strcmp(alarms[i].reason, reason) == 0)
			err_set(&why, ERR_CORRUPT, N_("%s"), gettext(alarms[i].msgid));
	err_set(&why, ERR_CORRUPT, N_("ALARM: the server's log contradicts the one seen before"));
	set_link(s, SYNC_LINK_ALARM, &why);
}

void link_alarm(struct sync *s, const char *reason, const char *note_old, const char *note_new)
{
	struct value *doc = value_new_object();
	struct buf text = BUF_INIT;
	char at[CLOCK_TEXT_SIZE];
	struct err err = ERR_INIT;

	value_set_string(doc, "reason", reason);
	value_set_string(doc, "at", clock_text(clock_now_ms(), at));
	value_set_string(doc, "kept", note_old);
	value_set_string(doc, "shown", note_new);
	json_text(doc, &text);
	/* Where it cannot be kept, this run stops all the same. */
	if (store_begin(s->store, &err) == 0) {
		store_fact_set(s->store, "alarm", buf_str(&text), &err);
		store_log_add(s->store, &(struct store_event){ .at_ms = clock_now_ms(),
			.event = "sync.alarm", .subject = reason, .text = note_new }, &err);
		crash_point("sync.alarm.before");
		store_end(s->store, true, &err);
		crash_point("sync.alarm.after");
	}
	buf_clear(&text);
	value_free(doc);
	set_alarm(s, reason);
}

bool link_alarm_load(struct sync *s)
{
	struct value *doc = NULL;
	char *text = NULL;

	if (store_fact(s->store, "alarm", &text, NULL) != 0 || !text)
		return false;
	if (json_parse(text, strlen(text), NULL, &doc, NULL) == 0)
		set_alarm(s, value_text_or(doc, "reason", ""));
	else
		set_alarm(s, "");
	value_free(doc);
	free(text);
	return true;
}

int sync_alarm_clear(struct sync *s, struct err *err)
{
	int rc = store_fact_set(s->store, "alarm", NULL, err);

	if (rc == 0 && s->status.link == SYNC_LINK_ALARM) {
		set_link(s, SYNC_LINK_UNTRIED, NULL);
		s->identified = false;
	}
	return rc;
}

/* --- clocks ----------------------------------------------------------------- */

static void set_skew(struct sync *s, int64_t skew_ms)
{
	int64_t moved = skew_ms - s->status.skew_ms;
	struct err_numbuf text;

	if (s->status.skew_known && moved < SKEW_NOTE_MS && moved > -SKEW_NOTE_MS)
		return;
	s->status.skew_known = true;
	s->status.skew_ms = skew_ms;
	s->status.skew_warn = skew_ms > SKEW_WARN_MS || skew_ms < -SKEW_WARN_MS;
	store_fact_set(s->store, "skew_ms", err_num(&text, skew_ms), NULL);
	link_changed(s);
}

/* The Date header counts whole seconds: half of one is added, and the answer
 * is taken to be made in the middle of the exchange. */
static void measure_date(struct sync *s, const struct transport_response *r)
{
	if (r->date_ms >= 0 && r->took_ms < 5000)
		set_skew(s, r->date_ms + 500 - (clock_now_ms() - r->took_ms / 2));
}

void link_clock(struct sync *s, const char *server_time)
{
	int64_t at_ms;

	if (server_time && clock_parse(server_time, &at_ms))
		set_skew(s, at_ms - clock_now_ms());
}

int64_t link_server_ms(const struct sync *s, int64_t wall_ms)
{
	return wall_ms + (s->status.skew_known ? s->status.skew_ms : 0);
}

/* --- judging an answer ------------------------------------------------------- */

/* The sentence of a problem: what the server says, else its title. */
static void problem_words(const struct value *doc, int status, char *words, size_t size)
{
	struct problem_read p;
	struct err err = ERR_INIT;
	struct err_numbuf number;

	problem_read(doc, status, &p);
	if (p.detail && *p.detail)
		err_set(&err, ERR_DENIED, N_("%s: %s"), gettext(problem_title(p.problem)), p.detail);
	else if (doc)
		err_set(&err, ERR_DENIED, N_("%s"), gettext(problem_title(p.problem)));
	else
		err_set(&err, ERR_DENIED, N_("the server answered with status %s"),
		        err_num(&number, status));
	if (p.pointer)
		err_where(&err, "%s", p.pointer);
	err_words(&err, words, size);
}

static void refuse(struct sync *s, int status, const char *words)
{
	struct err why = ERR_INIT;

	if (status == 401)
		err_set(&why, ERR_DENIED, N_("the server does not accept this token: %s"), words);
	else if (status == 403)
		err_set(&why, ERR_DENIED, N_("the server does not let this person in: %s"), words);
	else if (status == 426)
		err_set(&why, ERR_DENIED, N_("the server needs a newer version of this program: %s"),
		        words);
	else if (status < 400)
		err_set(&why, ERR_DENIED, N_("the server sends this program elsewhere; set its new address"));
	else
		err_set(&why, ERR_DENIED, N_("there is no queue server at this address: %s"), words);
	link_refuse(s, &why);
}

static void parse_body(struct sync *s, const struct transport_response *r,
                       struct lane_answer *out)
{
	struct err err = ERR_INIT;

	if (json_parse(buf_str(&r->body), r->body.len, &prescan_answer, &out->doc, &err) == 0 &&
	    value_is(out->doc, VALUE_OBJECT))
		return;
	value_free(out->doc);
	out->doc = NULL;
	err_set(&err, ERR_INVALID, N_("it is not an object"));
	link_nonsense(s, &err);
	out->outcome = LANE_AGAIN;
}

/* Statuses that end the link until somebody does something about them. */
static bool ends_link(int status)
{
	return status == 401 || status == 426 || (status >= 300 && status < 400);
}

void link_judge(struct sync *s, struct transport_response *r, bool raw,
                struct lane_answer *out)
{
	out->response = r;
	out->status = r->status;
	if (!r->status) {
		out->outcome = LANE_AGAIN;
		wait_and_retry(s, &r->err, -1);
		return;
	}
	measure_date(s, r);
	if (r->status >= 200 && r->status < 300) {
		out->outcome = LANE_OK;
		online(s);
		if (!raw)
			parse_body(s, r, out);
		return;
	}
	if (strcmp(r->media_type, "application/problem+json") == 0)
		json_parse(buf_str(&r->body), r->body.len, NULL, &out->doc, NULL);
	problem_words(out->doc, r->status, out->words, sizeof out->words);
	if (transport_may_retry(r)) {
		struct err why = ERR_INIT;

		out->outcome = LANE_AGAIN;
		err_set(&why, ERR_OFFLINE, N_("the server cannot answer now: %s"), out->words);
		wait_and_retry(s, &why, r->retry_after_ms);
		return;
	}
	out->outcome = LANE_PROBLEM;
	/* Only our server writes problem documents; anything else at this address
	 * must not make us believe that it judged what we sent. */
	if (ends_link(r->status) || !out->doc)
		refuse(s, r->status, out->words);
	else
		online(s);
}
