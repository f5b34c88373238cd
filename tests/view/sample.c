/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view/sample.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "wire/definition.h"
#include "wire/json.h"
#include "wire/proposal.h"

const char sample_receipts[] = "{'queue':'receipts','title':'Receipts','kind':'extraction',"
	"'schema':{'type':'object','required':['company','date','total'],'properties':{"
	"'company':{'type':'string','title':'Company'},"
	"'date':{'type':'string','title':'Date','minLength':6},"
	"'address':{'type':['string','null'],'title':'Address'},"
	"'total':{'type':'string','title':'Total','pattern':'^[0-9]+[.][0-9][0-9]$'},"
	"'pages':{'type':['integer','null'],'title':'Pages'},"
	"'paid':{'type':['boolean','null'],'title':'Paid'},"
	"'lines':{'type':['array','null'],'title':'Lines'}}},"
	"'signals':{'*.words':{'title':'word quality of {field}','good':'high',"
	"'bands':['0.60','0.85']},'page.words':{'show':false}},"
	"'guide':{'version':'1','text':'Copy as printed.','paragraphs':{"
	"'date':'Unreadable year: do not guess.'}},"
	"'reasons':{'cannot_tell':[{'name':'stamped','title':'a stamp is over it'}]}}";

const char sample_receipt[] = "{'external_id':'r-1','queue':'receipts','kind':'extraction',"
	"'model':{'name':'reader','version':'2.1 (test)'},'safety_class':'bounded',"
	"'sources':[{'id':'text','title':'scan 1','media_type':'text/plain',"
	"'text':'NORDWIND LTD\\n1 Harbour Row\\nDate: 23/03/2018\\nTotal 101.75\\nCash 110.00\\n"
	"Change 8.25\\nThank you\\n'}],"
	"'proposed':{'fields':{'company':{'value':'NORDWIND LTD','confidence':0.93,"
	"'evidence':[{'source':'text','start':0,'end':12}]},"
	"'date':{'value':null},'address':{'value':'1 Harbour Row','confidence':0.4},"
	"'total':{'value':'101.75','confidence':0.696,"
	"'evidence':[{'source':'text','start':50,'end':56}]}}},"
	"'signals':[{'name':'total.words','value':0.38},{'name':'page.words','value':7}],"
	"'checks':[{'name':'sum','result':'fail','text':'lines give 100.00','source':'adder'}]}";

const char sample_intents[] = "{'queue':'intents','title':'Customer intents',"
	"'kind':'classification','labels':["
	"{'name':'card_lost','title':'Lost card','text':'The card is gone.'},"
	"{'name':'card_new','title':'New card','text':'A first card is wanted.'},"
	"{'name':'pin','title':'PIN blocked','text':'frozen, blocked, too many tries'},"
	"{'name':'fee','title':'Card fee'},{'name':'limit','title':'Limits'}]}";

const char sample_intent[] = "{'external_id':'m-1','queue':'intents','kind':'classification',"
	"'model':{'name':'sorter','version':'1'},'safety_class':'assistive',"
	"'sources':[{'id':'t','media_type':'text/plain','text':'My card is frozen.'}],"
	"'proposed':{'label':'card_lost','confidence':0.5,'alternatives':["
	"{'label':'card_new','confidence':0.3},{'label':'fee','confidence':0.1}]}}";

const char sample_agent[] = "{'queue':'agent','title':'Travel agent','kind':'approval',"
	"'actions':{'rebook':{'sentence':'Rebook {booking} to {day}','moves_money':true,"
	"'schema':{'type':'object'}}},"
	"'guide':{'text':'Rules','paragraphs':{'rebook':'Only the day may change.'}}}";

const char sample_call[] = "{'external_id':'a-1','queue':'agent','kind':'approval',"
	"'model':{'name':'helper','version':'3'},'safety_class':'bounded',"
	"'case':{'id':'c-7','title':'Trip 7'},"
	"'sources':[{'id':'talk','title':'Conversation','media_type':'text/plain',"
	"'text':'Please move my trip.\\nTo which day?\\nFriday, yes please.\\n',"
	"'turns':[{'role':'user','start':0,'end':20},{'role':'agent','start':21,'end':34},"
	"{'role':'user','start':35,'end':54}],'deciding':2}],"
	"'proposed':{'action':'rebook','arguments':{'booking':'M05','day':'2024-05-24',"
	"'people':[{'name':'A. Example'},{'name':'B. Example'}]},'reversibility':'partial',"
	"'summary':'Moves the trip to Friday',"
	"'changes':[{'title':'day','before':'2024-05-23','after':'2024-05-24'},"
	"{'title':'cabin','before':'economy','after':'economy'},"
	"{'title':'place','after':'EWR','rule':'the place stays'}],"
	"'effects':[{'kind':'refund','amount':'2544.00','currency':'USD','to':'card 1'}],"
	"'arguments_from':{'day':[{'source':'talk','start':35,'end':41}]}},"
	"'checks':[{'name':'same place','result':'fail'},{'name':'customer agreed',"
	"'result':'pass'},{'name':'cheapest','result':'not_run'}]}";

struct value *sample_json(const char *text)
{
	char *json = mem_strdup(text);
	struct value *v = NULL;
	struct err err = ERR_INIT;
	char words[300];

	for (char *c = json; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	if (json_parse(json, strlen(json), NULL, &v, &err) < 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
	free(json);
	return v;
}

struct review *sample_review_of(struct value *definition, struct value *proposal,
                                 const char *asks)
{
	struct review *r = mem_zalloc(sizeof *r);
	struct err err = ERR_INIT;
	char words[300];

	r->doc = value_new_object();
	if (wire_definition_read(definition, &r->definition, &err) < 0
	    || wire_proposal_read(proposal, &r->proposal, &err) < 0)
		fail_msg("%s", err_words(&err, words, sizeof words));
	value_set(r->doc, "asked", asks ? sample_json(asks) : value_new_array());
	value_set(r->doc, "reasons", value_new_array());
	r->asked = value_find(r->doc, "asked");
	r->reasons = value_find(r->doc, "reasons");
	r->id = "0193c0de-0000-7000-8000-000000000001";
	r->proposal_id = "0193c0de-0000-7000-8000-000000000002";
	r->token = "4294967297";
	r->revision = 1;
	strcpy(r->digest, "sha256:00");
	r->expires_ms = sample_facts().now_ms + 900000;
	r->lease_boot_ms = sample_facts().boot_ms + 900000;
	return r;
}

struct review *sample_review(const char *definition, const char *proposal, const char *asks)
{
	return sample_review_of(sample_json(definition), sample_json(proposal), asks);
}

struct facts sample_facts(void)
{
	struct facts f = { .person = "reviewer-1", .server = "desk.example", .mark = "TEST",
		.link = FACTS_ONLINE, .boot_ms = 5000000, .queue_open = 12 };

	clock_parse("2026-11-08T12:00:00.000Z", &f.now_ms);
	return f;
}

static void check_row(const struct rows *rows, size_t n, const char *all)
{
	const struct row *row = &rows->rows[n];
	unsigned column = 0;

	if (row->cells > rows->width)
		fail_msg("row %zu is %u cells wide, not %u:\n%s", n, row->cells, rows->width, all);
	for (uint32_t i = 0; i < row->count; i++) {
		const struct span *span = &rows->spans[row->first + i];
		const char *text = rows->text.data + span->at;

		assert_int_equal(span->column, column);
		assert_int_equal(span->cells, text_width(text, span->len));
		assert_true(span->style < STYLE_COUNT);
		column += span->cells;
		for (size_t at = 0; at < span->len;) {
			uint32_t cp;
			size_t used = utf8_decode(text + at, span->len - at, &cp);

			if (!used || text_cp_cells(cp) < 0)
				fail_msg("row %zu holds U+%04X:\n%s", n, used ? cp : 0, all);
			if ((rows->flags & TEXT_ASCII) && cp > 0x7e)
				fail_msg("row %zu is not ASCII:\n%s", n, all);
			at += used;
		}
	}
	assert_int_equal(row->cells, column);
}

char *sample_rows(const struct rows *rows, size_t height)
{
	struct buf all = BUF_INIT;

	for (size_t n = 0; n < rows->count; n++) {
		char *line = rows_text(rows, n);

		buf_addf(&all, "%s\n", line);
		free(line);
	}
	for (size_t n = 0; n < rows->count; n++)
		check_row(rows, n, buf_str(&all));
	if (rows->count != height)
		fail_msg("%zu rows, not %zu:\n%s", rows->count, height, buf_str(&all));
	if (rows->has_cursor)
		assert_true(rows->cursor_row < rows->count && rows->cursor_column < rows->width);
	return buf_take(&all);
}

char *sample_layout(struct item *item, unsigned width, unsigned height)
{
	struct facts facts = sample_facts();
	struct rows rows;
	char *text;

	rows_init(&rows, width, 0);
	item_layout(item, &facts, width, height, &rows);
	text = sample_rows(&rows, height);
	rows_clear(&rows);
	return text;
}

void sample_shows(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("“%s” is not in\n%s", words, text);
}

void sample_hides(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("“%s” is in\n%s", words, text);
}
