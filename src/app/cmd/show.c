/* SPDX-License-Identifier: Apache-2.0
 *
 * countersign show NAME: one reserved item in plain text, everything that it
 * carries. Works beside an open desk and without a network.
 */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/session.h"
#include "base/msg.h"
#include "base/text.h"
#include "wire/json.h"
#include "work/open.h"

static void print_safe(const char *s, size_t len)
{
	struct buf safe = BUF_INIT;

	text_safe(s, len, TEXT_LINES | text_locale_flags(), &safe, NULL);
	fputs(buf_str(&safe), stdout);
	buf_clear(&safe);
}

static void print_text(const char *s)
{
	print_safe(s ? s : "", s ? strlen(s) : 0);
}

static void print_value(const struct value *v)
{
	struct buf text = BUF_INIT;

	if (value_is(v, VALUE_STRING)) {
		print_safe(v->s, v->len);
		return;
	}
	if (!v || v->type == VALUE_NULL) {
		fputs(_("- nothing found -"), stdout);
		return;
	}
	json_text_pretty(v, &text);
	print_safe(buf_str(&text), text.len);
	buf_clear(&text);
}

static void print_fields(const struct review *r)
{
	const struct proposal *p = r->proposal;

	for (size_t i = 0; i < p->field_count; i++) {
		const struct field *f = &p->fields[i];

		printf("  ");
		print_text(f->name);
		printf(": ");
		print_value(f->value);
		if (f->confidence) {
			printf("  ");
			print_value(f->confidence);
		}
		if (review_asks(r, f->name))
			fputs(_("  ASKED"), stdout);
		putchar('\n');
	}
	if (p->label) {
		printf("  a  ");
		print_text(p->label);
		putchar('\n');
	}
	for (size_t i = 0; i < p->alternative_count; i++) {
		printf("  %zu  ", i + 1);
		print_text(p->alternatives[i].label);
		putchar('\n');
	}
}

static void print_action(const struct proposal *p)
{
	if (p->kind != KIND_APPROVAL)
		return;
	fputs(_("action: "), stdout);
	print_text(p->action);
	putchar('\n');
	if (p->summary) {
		print_text(p->summary);
		putchar('\n');
	}
	for (size_t i = 0; i < p->change_count; i++) {
		printf("  ");
		print_text(p->changes[i].title);
		printf(": ");
		print_value(p->changes[i].before);
		printf(" -> ");
		print_value(p->changes[i].after);
		putchar('\n');
	}
	for (size_t i = 0; i < p->effect_count; i++) {
		const struct effect *e = &p->effects[i];

		printf("  ");
		print_text(e->kind);
		printf(" ");
		print_text(e->amount);
		printf(" ");
		print_text(e->currency);
		printf(" -> ");
		print_text(e->to);
		putchar('\n');
	}
}

static void print_why(const struct review *r)
{
	const struct proposal *p = r->proposal;
	static const char *const words[] = { N_("passed"), N_("failed"), N_("not run") };

	for (size_t i = 0; i < value_count(r->reasons); i++) {
		const char *title = value_text(value_at(r->reasons, i), "title");
		const char *result = value_text_or(value_at(r->reasons, i), "result", "");

		if (!title || strcmp(result, "false") == 0)
			continue;
		fputs(_("asked because: "), stdout);
		print_text(title);
		putchar('\n');
	}
	for (size_t i = 0; i < p->check_count; i++) {
		printf(_("check %s: "), gettext(words[p->checks[i].result]));
		print_text(p->checks[i].name);
		if (p->checks[i].text) {
			printf(" - ");
			print_text(p->checks[i].text);
		}
		putchar('\n');
	}
}

static void print_review(const struct review *r)
{
	const struct proposal *p = r->proposal;
	struct buf kinds = BUF_INIT;
	unsigned found = session_found(r);

	print_text(p->external_id);
	printf(" · %s · %s · ", kind_name(p->kind), stage_name(r->stage));
	print_text(p->model_name);
	printf(" ");
	print_text(p->model_version);
	printf(" · %s\n", class_name(p->safety_class));
	if (text_found_blocks(found)) {
		text_found_names(found, ", ", &kinds);
		printf(_("HIDDEN TEXT (%s): look at the tokens in brackets; deciding needs --revealed\n"),
		       buf_str(&kinds));
	}
	print_action(p);
	print_fields(r);
	print_why(r);
	for (size_t i = 0; i < p->source_count; i++) {
		if (!p->sources[i].text)
			continue;
		printf("---- ");
		print_text(p->sources[i].title ? p->sources[i].title : p->sources[i].id);
		putchar('\n');
		print_safe(p->sources[i].text, p->sources[i].text_len);
		putchar('\n');
	}
	buf_clear(&kinds);
}

static int run(struct command_call *call, struct err *err)
{
	struct session s;
	struct review *r = NULL;
	char review[ID_SIZE];
	int rc = session_open(&call->config, SESSION_READ, &s, err);

	if (rc == 0)
		rc = store_resolve(s.store, args_value(&call->args, "queue"), call->args.words[0],
		                   review, err);
	if (rc == 0)
		rc = work_peek(s.work, review, &r, err);
	if (rc == 0 && call->json) {
		struct value *v = value_copy(r->doc);

		value_set(v, "proposal", value_copy(r->proposal->doc));
		value_remove(v, "token");
		command_print_json(v);
		value_free(v);
	} else if (rc == 0) {
		print_review(r);
	}
	review_free(r);
	session_close(&s);
	return rc;
}

static const struct args_option options[] = {
	{ "queue", 'q', N_("QUEUE"), N_("the queue of the item, where external ids repeat") },
	CONFIG_OPTIONS,
	{ NULL, 0, NULL, NULL }
};

const struct command cmd_show = {
	.name = "show", .words = N_("NAME"),
	.summary = N_("print one reserved item with everything it carries"),
	.options = options, .least = 1, .most = 1, .run = run
};
