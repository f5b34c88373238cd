/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/work/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "wire/digest.h"
#include "wire/json.h"

struct store *desk_store;
struct work *desk_work;
int64_t desk_wall_ms, desk_boot_ms;
static bool desk_hold;
const struct work_seen desk_seen = { .hidden_revealed = true, .arguments_shown = true,
	.diff_shown = true };

/* Replaces the one of the archive. */
int64_t clock_source_ms(int clock_id)
{
	return clock_id == CLOCK_REALTIME ? desk_wall_ms : desk_boot_ms;
}

static const struct {
	const char *queue, *definition, *proposal;
} kinds[] = {
	{ "receipts",
	  "{'queue':'receipts','title':'Receipts','kind':'extraction','schema':{'type':'object',"
	  "'required':['company','date','total'],'additionalProperties':false,'properties':{"
	  "'company':{'type':'string','title':'Company','minLength':2},"
	  "'date':{'type':'string','title':'Date','minLength':6},"
	  "'address':{'type':['string','null'],'title':'Address'},"
	  "'count':{'type':'integer','title':'Count'},"
	  "'total':{'type':'string','title':'Total','pattern':'^[0-9.]+$'}}},"
	  "'reasons':{'reject':[{'name':'torn','title':'torn'}]},"
	  "'routes':[{'name':'tax','roles':['supervisor']}],"
	  "'guide':{'version':'1','text':'As printed.'}}",
	  "{'kind':'extraction','safety_class':'bounded','proposed':{'fields':{"
	  "'company':{'value':'Acme','confidence':0.99},'date':{'value':'23/03/2018'},"
	  "'address':{'value':null},'total':{'value':'101.75','confidence':0.4}}}}" },
	{ "intents",
	  "{'queue':'intents','title':'Intents','kind':'classification',"
	  "'labels':['lost_card','new_card',{'name':'pin_blocked','title':'PIN blocked'}]}",
	  "{'kind':'classification','safety_class':'assistive','proposed':{'label':'lost_card',"
	  "'confidence':0.5,'alternatives':[{'label':'new_card','confidence':0.3}]}}" },
	{ "agent",
	  "{'queue':'agent','title':'Agent','kind':'approval','waits':true,'actions':{"
	  "'cancel_reservation':{'sentence':'Cancel {reservation_id}','schema':{'type':'object',"
	  "'required':['reservation_id'],'properties':{'reservation_id':{'type':'string',"
	  "'minLength':3},'refund':{'type':'boolean'}},'additionalProperties':false}}}}",
	  "{'kind':'approval','safety_class':'bounded','proposed':{'action':'cancel_reservation',"
	  "'arguments':{'reservation_id':'M05KNL','refund':true},'reversibility':'partial'}}" },
	{ "transfers",
	  "{'queue':'transfers','title':'Transfers','kind':'approval','actions':{"
	  "'pay':{'moves_money':true}}}",
	  "{'kind':'approval','safety_class':'high_impact','proposed':{'action':'pay',"
	  "'arguments':{'to':'ACC-9','amount':'2544.00'},'reversibility':'none',"
	  "'effects':[{'kind':'payment','amount':'2544.00','currency':'EUR','to':'ACC-9'}]}}" }
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct value *desk_tree(const char *text)
{
	char *json = mem_strdup(text);
	struct value *v = NULL;

	for (char *p = json; *p; p++)
		if (*p == '\'')
			*p = '"';
	ok(json_parse(json, strlen(json), NULL, &v, &fixture_err));
	free(json);
	return v;
}

const char *desk_text(const struct value *v)
{
	static struct buf text = BUF_INIT;

	buf_reset(&text);
	if (v)
		json_text(v, &text);
	return buf_str(&text);
}

static size_t kind_of(const char *queue)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].queue, queue) == 0)
			return i;
	fail_msg("no queue %s", queue);
	return 0;
}

const char *desk_definition(const char *queue)
{
	static char digests[KINDS][HASH_TEXT_SIZE];
	size_t i = kind_of(queue);

	if (!digests[i][0]) {
		struct value *v = desk_tree(kinds[i].definition);

		digest_definition(v, digests[i]);
		value_free(v);
	}
	return digests[i];
}

static void put_definitions(void)
{
	struct store_queue_in queues[KINDS];

	for (size_t i = 0; i < KINDS; i++) {
		struct value *v = desk_tree(kinds[i].definition);
		const char *text = desk_text(v);

		ok(store_document_put(desk_store, desk_definition(kinds[i].queue), text, strlen(text),
		                      &fixture_err));
		queues[i] = (struct store_queue_in){
			.name = kinds[i].queue, .title = kinds[i].queue, .kind = i > 2 ? 2 : (enum kind)i,
			.definition = desk_definition(kinds[i].queue), .roles = "reviewer",
			.producer_waits = value_bool_or(v, "waits", false), .lease_s = 900
		};
		value_free(v);
	}
	ok(store_queues_put(desk_store, queues, KINDS, &fixture_err));
}

void desk_begin(bool hold)
{
	desk_wall_ms = 1800000000000;
	desk_boot_ms = 1000000;
	fixture_begin();
	desk_hold = hold;
	desk_store = fixture_open();
	desk_work = work_new(desk_store, hold);
	put_definitions();
}

void desk_end(void)
{
	work_free(desk_work);
	store_close(desk_store);
	fixture_end();
}

void desk_restart(void)
{
	work_free(desk_work);
	store_close(desk_store);
	desk_store = fixture_open();
	desk_work = work_new(desk_store, desk_hold);
}

void desk_later(int64_t ms)
{
	desk_wall_ms += ms;
	desk_boot_ms += ms;
}

static void put_over(struct value *to, const char *text)
{
	struct value *from;

	if (!text)
		return;
	from = desk_tree(text);
	for (size_t i = 0; i < value_count(from); i++)
		value_set(to, value_key(from, i), value_copy(value_at(from, i)));
	value_free(from);
}

static struct value *proposal_of(const char *queue, int n, const char *over)
{
	struct value *v = desk_tree("{'model':{'name':'reader','version':'0.1'},'sources':[{'id':'p1',"
	                            "'media_type':'text/plain','text':'Total 101.75'}]}");
	char external[32];

	snprintf(external, sizeof external, "ext-%d", n);
	value_set_string(v, "external_id", external);
	value_set_string(v, "queue", queue);
	put_over(v, kinds[kind_of(queue)].proposal);
	put_over(v, over);
	return v;
}

static struct value *lease_of(const char *queue, int n, const struct value *proposal,
                              const char *over)
{
	struct value *v = desk_tree("{'stage':'first','view':'full','revision':1,'asked':[],"
		"'salt':'00112233445566778899aabbccddeeff','reasons':[],'allowed':["
		"{'outcome':'approve'},{'outcome':'correct'},{'outcome':'reject'},"
		"{'outcome':'return'},{'outcome':'escalate'}]}");
	char digest[HASH_TEXT_SIZE], shown[HASH_TEXT_SIZE], at[CLOCK_TEXT_SIZE];
	enum view_kind view = VIEW_FULL;

	value_set_string(v, "review", fixture_review(n));
	value_set_string(v, "proposal_id", fixture_review(n + 10000));
	value_set_string(v, "token", fixture_token(n));
	value_set_string(v, "definition", desk_definition(queue));
	value_set_string(v, "policy", fixture_digest(7));
	value_set_string(v, "expires_at", clock_text(desk_wall_ms + 900000, at));
	put_over(v, over);
	view_kind_find(value_text(v, "view"), &view);
	digest_content("00112233445566778899aabbccddeeff", proposal, digest);
	if (!value_find(v, "digest"))
		value_set_string(v, "digest", digest);
	digest_shown(desk_definition(queue), value_text(v, "digest"), view, shown);
	if (!value_find(v, "shown"))
		value_set_string(v, "shown", shown);
	return v;
}

void desk_item(const char *queue, int n, const char *proposal, const char *lease)
{
	struct value *p = proposal_of(queue, n, proposal), *l = lease_of(queue, n, p, lease);
	struct buf bytes = BUF_INIT, doc = BUF_INIT;
	struct store_lease_in in = {
		.review = value_text(l, "review"), .proposal = value_text(l, "proposal_id"),
		.external_id = value_text(p, "external_id"), .queue = queue,
		.kind = kind_of(queue) > 2 ? KIND_APPROVAL : (enum kind)kind_of(queue),
		.revision = value_int_or(l, "revision", 0), .token = value_text(l, "token"),
		.digest = value_text(l, "digest"), .definition = desk_definition(queue),
		.expires_ms = desk_wall_ms + 900000, .ends_boot_ms = desk_boot_ms + 900000
	};

	assert_true(class_find(value_text(p, "safety_class"), &in.safety_class));
	assert_true(stage_find(value_text(l, "stage"), &in.stage));
	assert_true(view_kind_find(value_text(l, "view"), &in.view));
	json_text(p, &bytes);
	json_text(l, &doc);
	in.doc = buf_str(&doc);
	in.bytes = buf_str(&bytes);
	in.bytes_len = bytes.len;
	ok(store_lease_put(desk_store, &in, &fixture_err));
	buf_clear(&bytes);
	buf_clear(&doc);
	value_free(p);
	value_free(l);
}

struct review *desk_open(int n)
{
	struct review *r = NULL;

	ok(work_open(desk_work, fixture_review(n), &r, &fixture_err));
	return r;
}
