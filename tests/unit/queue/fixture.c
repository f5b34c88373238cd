/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <dirent.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "wire/decision.h"

int64_t fixture_now_ms;

/* Replaces base/clock_source.o: the wall clock stands. */
int64_t clock_source_ms(int clock_id)
{
	(void)clock_id;
	return fixture_now_ms;
}

static const char queues[] =
	"{'queues':["
	"{'queue':'receipts','title':'Receipts','kind':'extraction','lease_s':900,"
	" 'thresholds':{'company':'0.80','date':'0.50','address':'0.20','total':'0.90'},'class':'assistive',"
	" 'guide':{'version':'1','text':'Copy as printed.'},"
	" 'schema':{'type':'object','required':['company','date','total'],"
	"  'additionalProperties':false,'properties':{'company':{'type':'string','minLength':2},"
	"  'date':{'type':'string','minLength':6},'address':{'type':['string','null']},"
	"  'total':{'type':'string','pattern':'^[0-9]+[.][0-9][0-9]$'}}}},"
	"{'queue':'intents','title':'Intents','kind':'classification',"
	" 'labels':['card lost','card late','refund']},"
	"{'queue':'blind','title':'Blind','kind':'classification','people':{'blind':['first']},"
	" 'thresholds':{'*':'0.9'},"
	" 'labels':['card lost','card late','refund']},"
	"{'queue':'agent','title':'Agent','kind':'approval','actions':{'cancel':{'sentence':"
	" 'Cancel {id}','schema':{'type':'object','required':['id'],'properties':{"
	" 'id':{'type':'string'},'fee':{'type':'integer','minimum':0}}}}}}"
	"]}";

char *fixture_quotes(const char *text)
{
	char *copy = mem_strdup(text);

	for (char *p = copy; p && *p; p++)
		if (*p == '\'')
			*p = '"';
	return copy;
}

static struct value *parse(const char *text)
{
	struct value *v = NULL;
	struct err err = ERR_INIT;
	char words[300];

	if (text && json_parse(text, strlen(text), &prescan_answer, &v, &err))
		fail_msg("%s: %s", err_words(&err, words, sizeof words), text);
	return v;
}

const struct value *fixture_call(struct fixture *f, enum queue_verb verb,
                                 const struct person *who, const char *id,
                                 const char *query, const char *body)
{
	struct queue_answer answer = QUEUE_ANSWER_INIT;
	char *query_text = fixture_quotes(query), *body_text = fixture_quotes(body);
	struct value *query_value = parse(query_text), *body_value = parse(body_text);
	struct queue_call call = { .local = who == NULL, .token_hash = who ? who->hash : NULL,
		.id = id, .query = query_value, .body = body_value, .bytes = body_text,
		.len = body_text ? strlen(body_text) : 0 };
	int rc = queue_run(f->queue, verb, &call, &answer);

	value_free(f->last);
	free(f->text);
	f->status = answer.status;
	f->waits = answer.wait;
	f->text = mem_strdup(buf_str(&answer.body));
	f->last = answer.type && strstr(answer.type, "json") ? parse(f->text) : NULL;
	if (rc == 0)
		assert_true(answer.status >= 200);
	queue_answer_clear(&answer);
	value_free(query_value);
	value_free(body_value);
	free(query_text);
	free(body_text);
	return f->last;
}

const struct value *fixture_callf(struct fixture *f, enum queue_verb verb,
                                  const struct person *who, const char *id,
                                  const char *query, const char *format, ...)
{
	const struct value *v;
	va_list ap;
	char *body;

	va_start(ap, format);
	if (vasprintf(&body, format, ap) < 0)
		abort();
	va_end(ap);
	v = fixture_call(f, verb, who, id, query, body);
	free(body);
	return v;
}

static const struct value *at(const struct fixture *f, const char *pointer)
{
	const struct value *v = value_find_pointer(f->last, pointer);

	if (!v)
		fail_msg("nothing at %s in %s", pointer, f->text);
	return v;
}

const char *fixture_text(const struct fixture *f, const char *pointer)
{
	const struct value *v = at(f, pointer);

	if (!value_str(v))
		fail_msg("no text at %s in %s", pointer, f->text);
	return value_str(v);
}

int64_t fixture_int(const struct fixture *f, const char *pointer)
{
	const struct value *v = at(f, pointer);

	if (!value_is(v, VALUE_INT))
		fail_msg("no integer at %s in %s", pointer, f->text);
	return v->i;
}

size_t fixture_count(const struct fixture *f, const char *pointer)
{
	return value_count(at(f, pointer));
}

void fixture_person(struct fixture *f, struct person *p, const char *name, const char *role,
                    const char *queue)
{
	const char *token;

	memset(p, 0, sizeof *p);
	p->name = name;
	id_new(p->device);
	if (queue)
		fixture_callf(f, QUEUE_TOKEN_ADD, NULL, NULL, NULL,
		              "{'name':'%s','role':'%s','queue':'%s'}", name, role, queue);
	else
		fixture_callf(f, QUEUE_TOKEN_ADD, NULL, NULL, NULL, "{'name':'%s','role':'%s'}", name,
		              role);
	assert_int_equal(f->status, 201);
	token = fixture_text(f, "/token");
	hash_sha256(token, strlen(token), p->hash);
}

static void open_queue(struct fixture *f)
{
	struct err err = ERR_INIT;
	char words[300];

	if (queue_sqlite_open(f->data, &f->queue, &err))
		fail_msg("%s", err_words(&err, words, sizeof words));
}

void fixture_reopen(struct fixture *f)
{
	queue_close(f->queue);
	open_queue(f);
}

int fixture_setup(void **state)
{
	struct fixture *f = mem_zalloc(sizeof *f);

	if (id_init())
		return -1;
	json_init();
	fixture_now_ms = 1790000000000;
	snprintf(f->dir, sizeof f->dir, "%s/queue-XXXXXX", P_tmpdir);
	if (!mkdtemp(f->dir))
		return -1;
	f->data = file_join(f->dir, "data");
	open_queue(f);
	fixture_call(f, QUEUE_LOAD, NULL, NULL, NULL, queues);
	if (f->status != 200)
		fail_msg("%s", f->text);
	fixture_person(f, &f->producer, "shop", "producer", NULL);
	fixture_person(f, &f->other_producer, "desk-bot", "producer", NULL);
	fixture_person(f, &f->ann, "reviewer-1", "reviewer", NULL);
	fixture_person(f, &f->ben, "reviewer-2", "reviewer", NULL);
	fixture_person(f, &f->cyd, "reviewer-3", "reviewer", "receipts");
	fixture_person(f, &f->lead, "lead-1", "lead", NULL);
	fixture_person(f, &f->boss, "supervisor-1", "supervisor", NULL);
	fixture_person(f, &f->auditor, "auditor-1", "auditor", NULL);
	*state = f;
	return 0;
}

static void remove_tree(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char *child;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		child = file_join(path, e->d_name);
		if (unlink(child) < 0)
			remove_tree(child);
		free(child);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	queue_close(f->queue);
	remove_tree(f->dir);
	value_free(f->last);
	free(f->text);
	free(f->data);
	free(f);
	return 0;
}

/* ----------------------------------------------------------------- proposals */

char *fixture_submit(struct fixture *f, const char *document)
{
	fixture_call(f, QUEUE_SUBMIT, &f->producer, NULL, NULL, document);
	if (f->status != 201)
		fail_msg("%d %s", f->status, f->text);
	return mem_strdup(fixture_text(f, "/id"));
}

char *fixture_receipt(struct fixture *f, const char *external_id, const char *confidence)
{
	char *id, *text = mem_printf("{'external_id':'%s','queue':'receipts','kind':'extraction',"
		"'model':{'name':'parser','version':'2'},'safety_class':'assistive',"
		"'sources':[{'id':'p1','media_type':'text/plain','text':'ACME LTD 2026-01-02 9.00'}],"
		"'proposed':{'fields':{'company':{'value':'ACME LTD','confidence':0.95,"
		"'evidence':[{'source':'p1','start':0,'end':8}]},"
		"'date':{'value':'2026-01-02','confidence':0.9},'address':{'value':null,"
		"'confidence':0.3},'total':{'value':'9.00','confidence':%s}}}}", external_id,
		confidence);

	id = fixture_submit(f, text);
	free(text);
	return id;
}

char *fixture_message(struct fixture *f, const char *external_id)
{
	char *id, *text = mem_printf("{'external_id':'%s','queue':'intents','kind':'classification',"
		"'model':{'name':'intents','version':'1'},'safety_class':'assistive',"
		"'sources':[{'id':'m','media_type':'text/plain','text':'Where is my card?'}],"
		"'proposed':{'label':'card late','confidence':0.5,'alternatives':"
		"[{'label':'card lost','confidence':0.3}]}}", external_id);

	id = fixture_submit(f, text);
	free(text);
	return id;
}

char *fixture_action(struct fixture *f, const char *external_id, const char *class_name)
{
	char *id, *text = mem_printf("{'external_id':'%s','queue':'agent','kind':'approval',"
		"'model':{'name':'agent','version':'1'},'safety_class':'%s','sources':[],"
		"'proposed':{'action':'cancel','arguments':{'id':'R1','fee':5},"
		"'summary':'Cancel R1','reversibility':'none'}}", external_id, class_name);

	id = fixture_submit(f, text);
	free(text);
	return id;
}

/* -------------------------------------------------------------------- leases */

size_t fixture_lease(struct fixture *f, struct person *p, const char *queue, int want)
{
	fixture_callf(f, QUEUE_LEASES, p, NULL, NULL,
	              "{'device':'%s','queue':'%s','want':%d,'have':[],'renew':[]}", p->device,
	              queue, want);
	if (f->status != 200)
		fail_msg("%d %s", f->status, f->text);
	return fixture_count(f, "/leases");
}

struct value *fixture_find_lease(const struct fixture *f, const char *external_id)
{
	const struct value *list = value_find(f->last, "leases");

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *lease = value_at(list, i);
		const char *id = value_text(value_find(lease, "proposal"), "external_id");

		if (id && strcmp(id, external_id) == 0)
			return value_copy(lease);
	}
	return NULL;
}

struct decision *fixture_decision(struct person *p, const struct value *lease,
                                  enum outcome outcome)
{
	struct decision *d = decision_new();
	char now[CLOCK_TEXT_SIZE];

	id_new(d->id);
	d->review = mem_strdup(value_text(lease, "review"));
	d->revision = value_int_or(lease, "revision", 0);
	d->token = mem_strdup(value_text(lease, "token"));
	d->outcome = outcome;
	memcpy(d->shown, value_text(lease, "shown"), HASH_TEXT_SIZE);
	memcpy(d->policy, value_text(lease, "policy"), HASH_TEXT_SIZE);
	if (value_text(lease, "guide"))
		memcpy(d->guide, value_text(lease, "guide"), HASH_TEXT_SIZE);
	d->opened_at = mem_strdup(clock_text(fixture_now_ms - 5000, now));
	d->decided_at = mem_strdup(clock_text(fixture_now_ms, now));
	d->active_ms = 4000;
	d->renderer = 1;
	memcpy(d->device, p->device, ID_SIZE);
	d->seq = ++p->seq;
	if (outcome == OUTCOME_REJECT || outcome == OUTCOME_ESCALATE)
		decision_add_reason(d, "unsure");
	if (outcome == OUTCOME_RETURN)
		d->message = mem_strdup("Please look again.");
	return d;
}

char *fixture_decision_body(struct decision *d)
{
	struct value *body = value_new_object(), *list, *v;
	struct buf text = BUF_INIT;

	decision_seal(d);
	value_set_string(body, "device", d->device);
	list = value_set(body, "decisions", value_new_array());
	v = value_push(list, decision_envelope(d));
	value_set(v, "content", decision_content(d));
	json_text(body, &text);
	value_free(body);
	return buf_take(&text);
}

const char *fixture_decide(struct fixture *f, const struct person *p, struct decision *d)
{
	char *body = fixture_decision_body(d);

	fixture_call(f, QUEUE_DECISIONS, p, NULL, NULL, body);
	free(body);
	if (f->status != 200)
		fail_msg("%d %s", f->status, f->text);
	return fixture_text(f, "/results/0/verdict");
}

const char *fixture_answer(struct fixture *f, struct person *p, const char *queue,
                           const char *external_id, enum outcome outcome, const char *value)
{
	struct value *lease;
	struct decision *d;
	const char *verdict;
	char *text = fixture_quotes(value);

	fixture_lease(f, p, queue, 20);
	lease = fixture_find_lease(f, external_id);
	if (!lease)
		fail_msg("%s got no lease of %s: %s", p->name, external_id, f->text);
	d = fixture_decision(p, lease, outcome);
	if (text)
		d->value = parse(text);
	verdict = fixture_decide(f, p, d);
	decision_free(d);
	value_free(lease);
	free(text);
	return verdict;
}

const char *fixture_state(struct fixture *f, const char *proposal)
{
	fixture_call(f, QUEUE_GET_PROPOSAL, &f->producer, proposal, NULL, NULL);
	return fixture_text(f, "/state");
}

int64_t fixture_sql_closed(struct fixture *f, const char *sql)
{
	char *path = file_join(f->data, "countersign.db");
	sqlite3_stmt *s = NULL;
	int64_t n = -1;
	sqlite3 *db;

	queue_close(f->queue);
	f->queue = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	free(path);
	return n;
}

int64_t fixture_sql(struct fixture *f, const char *sql)
{
	int64_t n = fixture_sql_closed(f, sql);

	open_queue(f);
	return n;
}
